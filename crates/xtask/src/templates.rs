//! The templates: they print, they do not decide.

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior, Value};

const TEMPLATES: &[(&str, &str)] = &[
    ("rust/method.rs", include_str!("../templates/rust/method.rs.j2")),
    ("rust/push.rs", include_str!("../templates/rust/push.rs.j2")),
    ("rust/pushes.rs", include_str!("../templates/rust/pushes.rs.j2")),
    ("rust/enums.rs", include_str!("../templates/rust/enums.rs.j2")),
    ("rust/capabilities.rs", include_str!("../templates/rust/capabilities.rs.j2")),
    ("rust/codes.rs", include_str!("../templates/rust/codes.rs.j2")),
    ("rust/platform.rs", include_str!("../templates/rust/platform.rs.j2")),
    ("rust/rules.rs", include_str!("../templates/rust/rules.rs.j2")),
    ("rust/texts.rs", include_str!("../templates/rust/texts.rs.j2")),
    ("rust/mod.rs", include_str!("../templates/rust/mod.rs.j2")),
    ("rust/group.rs", include_str!("../templates/rust/group.rs.j2")),
    ("python/group.py", include_str!("../templates/python/group.py.j2")),
    ("python/pushes.py", include_str!("../templates/python/group.py.j2")),
    ("python/kinds.py", include_str!("../templates/python/kinds.py.j2")),
    ("python/codes.py", include_str!("../templates/python/codes.py.j2")),
    ("python/model.py", include_str!("../templates/python/model.py.j2")),
    ("python/calls.pyi", include_str!("../templates/python/calls.pyi.j2")),
    ("node/group.ts", include_str!("../templates/node/group.ts.j2")),
    ("node/enums.ts", include_str!("../templates/node/enums.ts.j2")),
    ("node/pushes.ts", include_str!("../templates/node/pushes.ts.j2")),
    ("node/index.ts", include_str!("../templates/node/index.ts.j2")),
    ("php/method.php", include_str!("../templates/php/method.php.j2")),
    ("php/enum.php", include_str!("../templates/php/enum.php.j2")),
    ("kotlin/codes.kt", include_str!("../templates/kotlin/codes.kt.j2")),
    ("kotlin/method.kt", include_str!("../templates/kotlin/method.kt.j2")),
    ("kotlin/push.kt", include_str!("../templates/kotlin/push.kt.j2")),
    ("kotlin/shape.kt", include_str!("../templates/kotlin/shape.kt.j2")),
    ("swift/names.swift", include_str!("../templates/swift/names.swift.j2")),
    ("swift/codes.swift", include_str!("../templates/swift/codes.swift.j2")),
    ("swift/method.swift", include_str!("../templates/swift/method.swift.j2")),
    ("swift/push.swift", include_str!("../templates/swift/push.swift.j2")),
    ("swift/shape.swift", include_str!("../templates/swift/shape.swift.j2")),
    ("markdown/index.md", include_str!("../templates/markdown/index.md.j2")),
    ("markdown/code.md", include_str!("../templates/markdown/code.md.j2")),
    ("markdown/codes.md", include_str!("../templates/markdown/codes.md.j2")),
    ("markdown/enums.md", include_str!("../templates/markdown/enums.md.j2")),
    ("markdown/rules.md", include_str!("../templates/markdown/rules.md.j2")),
    ("markdown/method.md", include_str!("../templates/markdown/method.md.j2")),
    ("markdown/push.md", include_str!("../templates/markdown/push.md.j2")),
    ("markdown/shape.md", include_str!("../templates/markdown/shape.md.j2")),
];

pub(crate) struct Templates(Environment<'static>);

impl Templates {
    pub(crate) fn new() -> Result<Self, String> {
        let mut environment = Environment::new();
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let mut syntax = SyntaxConfig::builder();
        syntax.trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true);
        environment.set_syntax(syntax.build().map_err(|error| error.to_string())?);
        for (name, text) in TEMPLATES {
            environment.add_template(name, text).map_err(|error| error.to_string())?;
        }
        Ok(Self(environment))
    }

    pub(crate) fn print(&self, name: &str, context: Value) -> Result<String, String> {
        let template = self.0.get_template(name).map_err(|error| error.to_string())?;
        template.render(context).map_err(|error| format!("{name}: {error:#}"))
    }
}
