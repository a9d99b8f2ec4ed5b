//! Codes: the sets that fields are made of, what the platform answers, and the tax bureau's reasons.

use serde::{Deserialize, Serialize};

use super::{Words, is_default};

/// A set of codes.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Enum {
    #[serde(skip)]
    pub(crate) name: String,
    pub(crate) zh: String,
    pub(crate) en: String,
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) closed: bool,
    pub(crate) codes: Vec<CodeName>,
}

/// One code of a set.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeName {
    pub(crate) code: String,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) zh: String,
    #[serde(default)]
    pub(crate) en: String,
}

/// A reply code or a status.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Code {
    pub(crate) code: String,
    pub(crate) scope: String,
    #[serde(default)]
    pub(crate) text: String,
    #[serde(default)]
    pub(crate) zh: String,
    #[serde(default)]
    pub(crate) en: String,
    #[serde(default)]
    pub(crate) cause: Words,
    #[serde(default)]
    pub(crate) fix: Words,
    pub(crate) kind: Kind,
    pub(crate) outcome: Outcome,
    #[serde(default)]
    pub(crate) frees_order: bool,
    pub(crate) retry: Retry,
    #[serde(default, rename = "final")]
    pub(crate) last: bool,
    #[serde(default)]
    pub(crate) source: String,
    #[serde(default)]
    pub(crate) confidence: String,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Ok,
    Auth,
    Platform,
    Pending,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    Refused,
    Accepted,
    Unknown,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Retry {
    No,
    Later,
    SignIn,
    Ask,
}

/// A reason of the tax bureau, by a part of its text.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FailCause {
    #[serde(rename = "match")]
    pub(crate) text: String,
    #[serde(default)]
    pub(crate) zh: String,
    #[serde(default)]
    pub(crate) en: String,
    #[serde(default)]
    pub(crate) fix: Words,
    #[serde(default)]
    pub(crate) source: String,
}
