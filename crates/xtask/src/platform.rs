//! The numbers and names of `api/platform.toml` that the core's code uses.

use toml::{Table, Value};

use crate::ir::texts;

/// One constant: its name in Rust, its type, the path of its value, what it is.
pub(crate) type Constant = (&'static str, &'static str, &'static str, &'static str);

pub(crate) const CONSTANTS: &[Constant] = &[
    ("SERVICE_PRODUCTION", "&str", "hosts.service_production", "Where service calls go."),
    ("SERVICE_SANDBOX", "&str", "hosts.service_sandbox", "Where service calls go in the sandbox."),
    ("TOKEN_URL", "&str", "hosts.token", "Where token calls go, the sandbox's too."),
    ("AUTHORIZE_URL", "&str", "hosts.authorize", "The page on which a merchant authorises an application."),
    ("SUCCESS", "&[Text]", "success", "The codes that mean success unless a method names others."),
    ("SANDBOX_KEY_PREFIX", "&str", "sandbox_key_prefix", "What an app key of the sandbox begins with."),
    ("TOKEN_CALLS", "usize", "token.calls", "So many token calls are allowed in one window."),
    ("TOKEN_WINDOW_DAYS", "i64", "token.window_days", "The window's length."),
    ("TOKEN_REJECTED", "&str", "token.rejected", "The service's answer to a token that is not (or no longer) good."),
    ("PUSH_ACCEPTED", "&str", "push.accepted", "The answer that tells the platform that a push arrived."),
    ("PUSH_REFUSED", "&str", "push.refused", "The status in the answer that tells that it did not."),
    ("TOKEN_QUOTA", "&str", "token.quota", "The answer to one token call too many."),
];

/// The paths whose value is missing or of another type.
pub(crate) fn missing(platform: &Table) -> Vec<&'static str> {
    CONSTANTS
        .iter()
        .filter(|constant| value(platform, constant, |_| String::new()).is_none())
        .map(|constant| constant.2)
        .collect()
}

/// A constant's value as Rust; `list` writes texts as a table has them.
pub(crate) fn value(
    platform: &Table,
    (_, kind, path, _): &Constant,
    list: impl Fn(&[String]) -> String,
) -> Option<String> {
    let mut at = platform;
    let (folders, name) = path.rsplit_once('.').unwrap_or(("", path));
    for folder in folders.split('.').filter(|folder| !folder.is_empty()) {
        at = at.get(folder)?.as_table()?;
    }
    let value = at.get(name)?;
    match (*kind, value) {
        ("&str", Value::String(text)) => Some(format!("{text:?}")),
        ("&[Text]", Value::Array(_)) => Some(list(&texts(Some(value)))),
        ("usize" | "i64", Value::Integer(number)) if *number > 0 => Some(number.to_string()),
        _ => None,
    }
}
