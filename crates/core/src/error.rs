//! What went wrong, and whose turn it is.

use std::fmt;

use crate::codes;
use crate::json::Json;
use crate::model::{Code, Retry, Words};
use crate::wire::Millis;

/// Why a call ended without its result: ask it for its [`kind`](Error::kind) first.
///
/// It never holds a secret or a token: texts of the platform are cleaned before they come in.
#[derive(Clone, PartialEq)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug, PartialEq)]
struct Inner {
    kind: ErrorKind,
    code: Option<String>,
    describe: String,
    about: Option<&'static Code>,
    violations: Vec<Violation>,
    retry_at: Option<Millis>,
    result: Option<Json>,
}

/// An error by what the caller does next. The words are the same in every language.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum ErrorKind {
    /// Fix the params: see [`Error::violations`]. Nothing was sent.
    Input,
    /// Fix the program that drives the call. Nothing was sent.
    Usage,
    /// Sign in again, or wait until [`Error::retry_at`].
    Auth,
    /// The platform refused: read [`Error::code`].
    Platform,
    /// The answer to a read can't be read: report it.
    Reply,
    /// Nothing was done: it may be tried again.
    Transport,
    /// It may have been done: ask first; only a settle may send it again.
    Uncertain,
}

impl ErrorKind {
    /// The word for it: `input`, `usage`, `auth`, `platform`, `reply`, `transport`, `uncertain`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Usage => "usage",
            Self::Auth => "auth",
            Self::Platform => "platform",
            Self::Reply => "reply",
            Self::Transport => "transport",
            Self::Uncertain => "uncertain",
        }
    }

    /// The kind that a word stands for.
    pub fn from_name(name: &str) -> Option<Self> {
        ALL_KINDS.into_iter().find(|kind| kind.name() == name)
    }

    /// What to do about an error of this kind, where its code tells no more: see [`Error::hint`].
    pub fn hint(self) -> Words {
        match self {
            Self::Input => Words {
                zh: "按列出的字段逐一修正参数，什么都没有发出",
                en: "Mend the params as listed; nothing was sent",
            },
            Self::Usage => Words {
                zh: "程序调用方式有误，请修正驱动代码",
                en: "The program drives the call wrongly: mend the driver",
            },
            Self::Auth => Words {
                zh: "重新取得令牌，或等到可重试的时间",
                en: "Get a new token, or wait until the time given",
            },
            Self::Platform => Words { zh: "按平台返回码处理", en: "Act on the platform's code" },
            Self::Reply => Words {
                zh: "平台的应答无法识别，请保留原文并反馈",
                en: "The answer can't be read: keep it and report it",
            },
            Self::Transport => {
                Words { zh: "请求没有生效，可以稍后重试", en: "Nothing was done: try again later" }
            }
            Self::Uncertain => Words {
                zh: "请求可能已经生效：先按订单号查询，不要直接重发",
                en: "It may have been done: ask by order number first, do not simply send it again",
            },
        }
    }
}

const ALL_KINDS: [ErrorKind; 7] = [
    ErrorKind::Input,
    ErrorKind::Usage,
    ErrorKind::Auth,
    ErrorKind::Platform,
    ErrorKind::Reply,
    ErrorKind::Transport,
    ErrorKind::Uncertain,
];

/// One thing wrong with the params.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Violation {
    /// Where: `order.invoiceDetail[3].taxRate`; empty for the whole.
    pub path: String,
    /// Which rule is broken, by its short name: `required`, `length`, `type` …
    pub rule: &'static str,
    /// Whether it keeps the request from being sent.
    pub severity: Severity,
    /// The code that the platform would answer, if that is known; a status such as `22` for what fails later.
    pub code: Option<&'static str>,
    /// What is wrong, in Chinese.
    pub message: String,
    /// What is wrong, in English.
    pub message_en: String,
}

impl Violation {
    /// Whether it keeps the request from being sent.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The same in few words: a value of megabytes, named in a message, loses its middle.
    pub(crate) fn cut(mut self) -> Self {
        for message in [&mut self.message, &mut self.message_en] {
            let count = if message.len() > MESSAGE { message.chars().count() } else { 0 };
            if count > MESSAGE {
                let head = message.chars().take(MESSAGE / 2);
                *message = head.chain(['…']).chain(message.chars().skip(count - MESSAGE / 4)).collect();
            }
        }
        self
    }
}

/// The most characters of a message.
const MESSAGE: usize = 600;

/// How bad a [`Violation`] is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Severity {
    /// Nothing is sent.
    Error,
    /// It is sent; someone should look at it.
    Warning,
}

impl Severity {
    /// The word for it: `error` or `warning`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

impl Error {
    /// What the caller does next.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The platform's code as text; for an issue that failed, the invoice's status.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The platform's own words, or ours where it said nothing. It may hold what a user typed, never a secret.
    pub fn describe(&self) -> &str {
        &self.0.describe
    }

    /// What to do about it, in Chinese and in English.
    pub fn hint(&self) -> Words {
        self.0.about.map_or_else(|| self.0.kind.hint(), |code| code.fix.into())
    }

    /// All that is wrong with the params, warnings included.
    pub fn violations(&self) -> &[Violation] {
        &self.0.violations
    }

    /// When trying again can help, if that is known.
    pub fn retry_at(&self) -> Option<Millis> {
        self.0.retry_at
    }

    /// Whether trying again can help.
    pub fn retry(&self) -> Retry {
        match (self.0.kind, self.0.about) {
            (ErrorKind::Uncertain, _) => Retry::Ask,
            (_, Some(code)) => code.retry,
            (ErrorKind::Transport, None) => Retry::Later,
            (ErrorKind::Auth, None) => Retry::SignIn,
            (_, None) => Retry::No,
        }
    }

    /// Whether the order number may be used again, for a corrected order.
    pub fn order_free(&self) -> bool {
        match self.0.kind {
            ErrorKind::Input | ErrorKind::Usage | ErrorKind::Auth | ErrorKind::Transport => true,
            ErrorKind::Platform => self.0.about.is_some_and(|code| code.frees_order),
            ErrorKind::Reply | ErrorKind::Uncertain => false,
        }
    }

    /// Whether the platform refused what the order says, so that the same order is refused whenever it is sent.
    pub(crate) fn refuses_content(&self) -> bool {
        self.0.kind == ErrorKind::Platform && self.order_free()
    }

    /// What the platform sent along: the rows of an issue that failed.
    pub fn result(&self) -> Option<&Json> {
        self.0.result.as_ref()
    }

    /// What is known about the code.
    pub fn about(&self) -> Option<&'static Code> {
        self.0.about
    }

    pub(crate) fn new(kind: ErrorKind, describe: impl Into<String>) -> Self {
        let describe = describe.into();
        Self(Box::new(Inner {
            kind,
            code: None,
            describe,
            about: None,
            violations: Vec::new(),
            retry_at: None,
            result: None,
        }))
    }

    pub(crate) fn usage(describe: &str) -> Self {
        Self::new(ErrorKind::Usage, describe)
    }

    pub(crate) fn input(violations: Vec<Violation>) -> Self {
        let violations: Vec<_> = violations.into_iter().map(Violation::cut).collect();
        let first = violations.iter().find(|violation| violation.is_error());
        let count = violations.iter().filter(|violation| violation.is_error()).count();
        let more = if count > 1 { format!(" (and {} more)", count - 1) } else { String::new() };
        let describe = first.map_or_else(String::new, |first| format!("{} {}{more}", first.path, first.message_en));
        let mut error = Self::new(ErrorKind::Input, describe);
        error.0.violations = violations;
        error
    }

    /// With a code, and with all that is known about it in the place where it came up.
    pub(crate) fn with_code(mut self, code: &str, scopes: &[&str]) -> Self {
        self.0.about = codes::find(code, scopes, &self.0.describe);
        self.0.code = Some(code.to_owned());
        self
    }

    /// The same, with every text of the platform passed through `clean`.
    pub(crate) fn cleaned(mut self, clean: &dyn Fn(&str) -> String) -> Self {
        self.0.describe = clean(&self.0.describe);
        self.0.code = self.0.code.map(|code| clean(&code));
        self.0.result = self.0.result.map(|result| result.with_texts(clean));
        self
    }

    /// The same, for a write that may have been carried out.
    pub(crate) fn unsure_of(mut error: Self) -> Self {
        error.0.kind = ErrorKind::Uncertain;
        error
    }

    /// With the status of something that failed.
    pub(crate) fn with_status(mut self, status: &str) -> Self {
        self.0.about = codes::find(status, codes::STATUS, &self.0.describe);
        self.0.code = Some(status.to_owned());
        self
    }

    pub(crate) fn with_retry_at(mut self, at: Millis) -> Self {
        self.0.retry_at = Some(at);
        self
    }

    pub(crate) fn with_result(mut self, result: Json) -> Self {
        self.0.result = Some(result);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind().name())?;
        if let Some(code) = self.code() {
            write!(f, " {code}")?;
        }
        write!(f, ": {}", self.describe())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, code, describe, violations, retry_at, .. } = &*self.0;
        f.debug_struct("Error")
            .field("kind", kind)
            .field("code", code)
            .field("describe", describe)
            .field("violations", violations)
            .field("retry_at", retry_at)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {}
