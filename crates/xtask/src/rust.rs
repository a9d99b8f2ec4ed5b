//! The core's tables and structs.

mod method;
mod push;
mod texts;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use minijinja::{Value, context};

use crate::ir::{Api, Kind, Method, Outcome, Retry};
use crate::names;
use crate::output::{Files, MARK};
use crate::platform;
use crate::rules::Severity;
use crate::templates::Templates;
use crate::text::{self, literal};
use texts::Texts;

pub(crate) const FOLDER: &str = "crates/core/src/api";

/// Prints `crates/core/src/api`.
pub(crate) fn print(root: &Path, api: &Api, files: &mut Files) -> Result<(), String> {
    let templates = Templates::new()?;
    let (mut raw, texts) = (Files::new(), Texts::new());
    for group in api.groups() {
        let methods: Vec<&Method> = api.methods.iter().filter(|method| method.group == group).collect();
        let stems: Vec<String> = methods.iter().map(|method| method.stem.clone()).collect();
        let folder = format!("api/methods/{group}");
        let title = text::both(&api.group_title(group));
        let context = context! { mark => MARK, folder, title, methods => stems };
        raw.insert(format!("{group}/mod.rs"), templates.print("rust/group.rs", context)?);
        for method in methods {
            let path = format!("{group}/{}.rs", method.stem);
            raw.insert(path, templates.print("rust/method.rs", method::context(api, method, &texts))?);
        }
    }
    for push in &api.pushes {
        let path = format!("pushes/{}.rs", push.model.stem);
        raw.insert(path, templates.print("rust/push.rs", push::context(api, push, &texts))?);
    }
    raw.insert("pushes/mod.rs".to_owned(), templates.print("rust/pushes.rs", pushes_context(api))?);
    raw.insert("enums.rs".to_owned(), templates.print("rust/enums.rs", enums_context(api, &texts))?);
    let capabilities = templates.print("rust/capabilities.rs", capabilities_context(api, &texts))?;
    raw.insert("capabilities.rs".to_owned(), capabilities);
    raw.insert("codes.rs".to_owned(), templates.print("rust/codes.rs", codes_context(api, &texts))?);
    raw.insert("platform.rs".to_owned(), templates.print("rust/platform.rs", platform_context(api, &texts))?);
    raw.insert("rules.rs".to_owned(), templates.print("rust/rules.rs", rules_context(api, &texts))?);
    raw.insert("texts.rs".to_owned(), templates.print("rust/texts.rs", texts.context())?);
    raw.insert("mod.rs".to_owned(), templates.print("rust/mod.rs", mod_context(api))?);
    files.extend(formatted(root, &raw)?.into_iter().map(|(path, text)| (format!("{FOLDER}/{path}"), text)));
    Ok(())
}

/// Runs rustfmt once over all files.
fn formatted(root: &Path, raw: &Files) -> Result<Files, String> {
    let folder =
        std::env::temp_dir().join(format!("nnopen-gen-{}-{:?}", std::process::id(), std::thread::current().id()));
    let all = (|| {
        for (path, text) in raw {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap_or(&folder))?;
            fs::write(path, text)?;
        }
        let mut rustfmt = Command::new("rustfmt");
        rustfmt.args(["--edition", "2024", "--config-path"]).arg(root.join("rustfmt.toml")).arg(folder.join("mod.rs"));
        let ended = rustfmt.output()?;
        if !ended.status.success() {
            let error = String::from_utf8_lossy(&ended.stderr).into_owned();
            return Err(std::io::Error::other(error));
        }
        raw.keys().map(|path| Ok((path.clone(), fs::read_to_string(folder.join(path))?))).collect()
    })();
    let _ = fs::remove_dir_all(&folder);
    all.map_err(|error| format!("rustfmt (rustup component add rustfmt): {error}"))
}

fn enums_context(api: &Api, texts: &Texts) -> Value {
    let row = texts.always();
    let sets = api.enums.iter().map(|set| {
        let mut taken = BTreeSet::new();
        let constants = set.codes.iter().filter(|code| names::is_identifier(&code.name));
        let constants = constants.filter(|code| taken.insert(names::upper(&code.name))).map(|code| {
            let title = format!("{} · {}", text::markdown(&code.zh), text::markdown(&code.en));
            context! { constant => names::upper(&code.name), code => literal(&code.code), title }
        });
        let constants: Vec<Value> = constants.collect();
        context! {
            name => row.text(&set.name),
            static => names::upper(&set.name),
            module => names::word(names::snake(&set.name)),
            title => format!("{} · {}", text::markdown(&set.zh), text::markdown(&set.en)),
            words => row.both(&set.zh, &set.en),
            closed => set.closed.to_string(),
            codes => set.codes.iter().map(|code| context! {
                code => row.text(&code.code), name => row.text(&code.name), words => row.both(&code.zh, &code.en),
            }).collect::<Vec<_>>(),
            constants,
        }
    });
    context! { mark => MARK, sets => sets.collect::<Vec<_>>() }
}

fn capabilities_context(api: &Api, texts: &Texts) -> Value {
    let row = texts.always();
    let methods = |names: &[String]| {
        let methods = names.iter().filter_map(|name| api.method(name));
        let paths = methods.map(|method| format!("&crate::api::{}::{}::METHOD", method.group, method.stem));
        paths.collect::<Vec<_>>().join(", ")
    };
    let capabilities = api.capabilities.iter().map(|capability| {
        let title = row.both(&capability.zh, &capability.en);
        context! { title, newer => methods(&capability.newer), older => methods(&capability.older) }
    });
    let capabilities: Vec<Value> = capabilities.collect();
    let uses = if capabilities.is_empty() { "Capability" } else { "Capability, Words" };
    context! { mark => MARK, capabilities, uses }
}

fn codes_context(api: &Api, texts: &Texts) -> Value {
    let row = texts.always();
    let mut codes: Vec<_> = api.codes.iter().collect();
    codes.sort_by_key(|code| (&code.code, &code.scope, &code.text));
    let codes: Vec<Value> = codes
        .into_iter()
        .map(|code| {
            context! {
                code => row.text(&code.code),
                scope => row.text(&code.scope),
                text => row.text(&code.text),
                meaning => row.both(&code.zh, &code.en),
                cause => row.words(&code.cause),
                fix => row.words(&code.fix),
                kind => match code.kind {
                    Kind::Ok | Kind::Pending => "None",
                    Kind::Auth => "Some(ErrorKind::Auth)",
                    Kind::Platform => "Some(ErrorKind::Platform)",
                },
                outcome => match code.outcome {
                    Outcome::Refused => "Refused",
                    Outcome::Accepted => "Accepted",
                    Outcome::Unknown => "Unknown",
                },
                frees_order => code.frees_order.to_string(),
                retry => match code.retry {
                    Retry::No => "No",
                    Retry::Later => "Later",
                    Retry::SignIn => "SignIn",
                    Retry::Ask => "Ask",
                },
                last => code.last.to_string(),
            }
        })
        .collect();
    let causes: Vec<Value> = api
        .fail_causes
        .iter()
        .map(|cause| {
            context! {
                text => row.text(&cause.text), meaning => row.both(&cause.zh, &cause.en), fix => row.words(&cause.fix),
            }
        })
        .collect();
    let uses = match (codes.is_empty(), causes.is_empty()) {
        (true, true) => "Code, FailCause",
        (true, false) => "Code, FailCause, Words",
        (false, _) => "Code, FailCause, Outcome, Retry, Words",
    };
    context! { mark => MARK, codes, causes, uses }
}

fn rules_context(api: &Api, texts: &Texts) -> Value {
    let row = texts.always();
    let held: Vec<_> = api.rules.iter().filter_map(|rule| Some((rule, rule.at.as_ref()?))).collect();
    let modules: BTreeSet<&str> = held.iter().map(|(_, at)| at.as_str()).collect();
    let rules = held.iter().map(|(rule, at)| {
        context! {
            number => rule.number,
            name => row.text(&format!("R{}", rule.number)),
            severity => if rule.severity == Some(Severity::Error) { "Error" } else { "Warning" },
            code => row.option(rule.code.as_ref()),
            doc => row.both(&rule.zh, &rule.en),
            at => at.as_str(),
        }
    });
    let modules = modules.into_iter().collect::<Vec<_>>().join(", ");
    context! { mark => MARK, rules => rules.collect::<Vec<_>>(), modules }
}

fn platform_context(api: &Api, texts: &Texts) -> Value {
    let row = texts.always();
    let constants = platform::CONSTANTS.iter().map(|constant| {
        context! {
            name => constant.0,
            type => constant.1,
            value => platform::value(&api.platform, constant, |texts| row.list(texts)),
            doc => constant.3,
        }
    });
    context! { mark => MARK, constants => constants.collect::<Vec<_>>() }
}

fn pushes_context(api: &Api) -> Value {
    let stems: Vec<String> = api.pushes.iter().map(|push| push.model.stem.clone()).collect();
    let mut sorted: Vec<_> = api.pushes.iter().map(|push| (push.model.name.clone(), push.model.stem.clone())).collect();
    sorted.sort();
    context! { mark => MARK, stems, sorted => sorted.into_iter().map(|(_, stem)| stem).collect::<Vec<_>>() }
}

fn mod_context(api: &Api) -> Value {
    let mut methods: Vec<&Method> = api.methods.iter().collect();
    methods.sort_by_key(|method| &method.name);
    let methods: Vec<String> = methods.iter().map(|method| format!("{}::{}", method.group, method.stem)).collect();
    context! { mark => MARK, groups => api.groups().into_iter().map(str::to_owned).collect::<Vec<_>>(), methods }
}
