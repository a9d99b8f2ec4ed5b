//! Why a command did not do what was asked: one type for all of them, told in words or as JSON.

use std::ops::{Deref, DerefMut};

use nnopen::{Error, ErrorKind, Json, Millis, Outcome, Violation};

use crate::show::{clock, object};
use crate::words::{Lang, lang, note, say};

/// What went wrong, whose turn it is, and what to do next.
#[derive(Debug)]
pub(crate) struct Trouble(Box<Facts>);

/// What is known about it.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) kind: ErrorKind,
    pub(crate) code: Option<String>,
    pub(crate) describe: String,
    pub(crate) hint_zh: String,
    pub(crate) hint_en: String,
    pub(crate) violations: Vec<Violation>,
    pub(crate) retry_at: Option<Millis>,
    /// Whether the order number may be used again.
    pub(crate) order_free: bool,
    /// Whether the platform refused the request itself: nothing came of it.
    pub(crate) refused: bool,
    /// What the platform sent along.
    pub(crate) result: Json,
}

impl Trouble {
    /// Something that the caller of the program is to mend: `what` happened, and what to do about it.
    pub(crate) fn input(what: impl Into<String>, hint_zh: &str, hint_en: &str) -> Self {
        Self(Box::new(Facts {
            kind: ErrorKind::Input,
            code: None,
            describe: what.into(),
            hint_zh: hint_zh.to_owned(),
            hint_en: hint_en.to_owned(),
            violations: Vec::new(),
            retry_at: None,
            order_free: true,
            refused: false,
            result: Json::Null,
        }))
    }

    /// A command line that can't be understood.
    pub(crate) fn usage(what: impl Into<String>) -> Self {
        let hint = ("用 nnopen --help 查看用法", "nnopen --help tells how it is used");
        Self::input(what, hint.0, hint.1).of(ErrorKind::Usage)
    }

    /// The same, of another kind.
    pub(crate) fn of(mut self, kind: ErrorKind) -> Self {
        self.kind = kind;
        self
    }

    /// A file that can't be read or written.
    pub(crate) fn file(path: &std::path::Path, error: &std::io::Error) -> Self {
        Self::input(
            format!("{}: {error}", path.display()),
            "检查文件是否存在、权限是否正确",
            "See whether the file is there and may be used",
        )
    }

    /// The status to exit with.
    pub(crate) fn exit(&self) -> u8 {
        exit_of(self.kind)
    }

    /// Tells it to a person.
    pub(crate) fn tell(&self) {
        let kind = kind_name(self.kind);
        let code = self.code.as_deref().map_or_else(String::new, |code| format!(" {code}"));
        note(&format!("✗ {kind}{code}{}{}", say("：", ": "), self.describe));
        tell_violations(&self.violations);
        note(&format!("  → {}", say(&self.hint_zh, &self.hint_en)));
        if let Some(at) = self.retry_at {
            note(&format!("  → {}{}", say("最早可在此时重试：", "Try again at "), clock(at)));
        }
    }

    /// `{"ok":false,"kind","code","describe","hint_zh","hint_en","violations","retryAt","result"}`.
    pub(crate) fn json(&self) -> Json {
        object([
            ("ok", Json::Bool(false)),
            ("kind", self.kind.name().into()),
            ("code", self.code.as_deref().into()),
            ("describe", Some(self.describe.as_str()).filter(|text| !text.is_empty()).into()),
            ("hint_zh", self.hint_zh.as_str().into()),
            ("hint_en", self.hint_en.as_str().into()),
            ("violations", violations_json(&self.violations)),
            ("retryAt", self.retry_at.map(|at| at.0).into()),
            ("result", self.result.clone()),
        ])
    }
}

impl Deref for Trouble {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.0
    }
}

impl DerefMut for Trouble {
    fn deref_mut(&mut self) -> &mut Facts {
        &mut self.0
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        let hint = error.hint();
        Self(Box::new(Facts {
            kind: error.kind(),
            code: error.code().map(str::to_owned),
            describe: summary(error.violations()).unwrap_or_else(|| error.describe().to_owned()),
            hint_zh: hint.zh.to_owned(),
            hint_en: hint.en.to_owned(),
            violations: error.violations().to_vec(),
            retry_at: error.retry_at(),
            order_free: error.order_free(),
            refused: error
                .about()
                .is_some_and(|code| code.outcome == Outcome::Refused && !code.scope.ends_with(".status")),
            result: error.result().cloned().unwrap_or_default(),
        }))
    }
}

/// The first error among violations, and how many more there are.
pub(crate) fn summary(violations: &[Violation]) -> Option<String> {
    let mut errors = violations.iter().filter(|violation| violation.is_error());
    let first = errors.next()?;
    let message = say(&first.message, &first.message_en);
    let line = if first.path.is_empty() { message.to_owned() } else { format!("{}: {message}", first.path) };
    Some(match (errors.count(), lang()) {
        (0, _) => line,
        (more, Lang::Zh) => format!("{line}（另有 {more} 处错误）"),
        (more, Lang::En) => format!("{line} (and {more} more)"),
    })
}

/// Tells violations to a person, one a line.
pub(crate) fn tell_violations(violations: &[Violation]) {
    for violation in violations {
        note(&format!("  {}", violation_line(violation)));
    }
}

/// Violations for a script: `[{"path","rule","severity","code","message"}…]`.
pub(crate) fn violations_json(violations: &[Violation]) -> Json {
    let one = |violation: &Violation| {
        object([
            ("path", violation.path.as_str().into()),
            ("rule", violation.rule.into()),
            ("severity", violation.severity.name().into()),
            ("code", violation.code.into()),
            ("message", say(&violation.message, &violation.message_en).into()),
        ])
    };
    Json::List(violations.iter().map(one).collect())
}

/// A violation as a line: mark, path, message, rule.
pub(crate) fn violation_line(violation: &Violation) -> String {
    let mark = if violation.is_error() { "✗" } else { "⚠" };
    let path = if violation.path.is_empty() { "(JSON)" } else { &violation.path };
    let code = violation.code.map_or_else(String::new, |code| format!(" {code}"));
    format!("{mark} {path}  {}  [{}{code}]", say(&violation.message, &violation.message_en), violation.rule)
}

/// The exit status of a kind of error.
pub(crate) fn exit_of(kind: ErrorKind) -> u8 {
    match kind {
        ErrorKind::Input => 2,
        ErrorKind::Usage => 3,
        ErrorKind::Auth => 4,
        ErrorKind::Platform => 5,
        ErrorKind::Reply => 6,
        ErrorKind::Transport => 7,
        ErrorKind::Uncertain => 8,
    }
}

fn kind_name(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Input => say("输入有误", "Input"),
        ErrorKind::Usage => say("用法有误", "Usage"),
        ErrorKind::Auth => say("授权失败", "Authorisation"),
        ErrorKind::Platform => say("平台拒绝", "Refused by the platform"),
        ErrorKind::Reply => say("应答无法识别", "Unreadable answer"),
        ErrorKind::Transport => say("请求未送达", "Not delivered"),
        ErrorKind::Uncertain => say("结果不明", "Uncertain"),
    }
}
