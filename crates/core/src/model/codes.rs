//! The rows of codes: sets of them, what a reply's code or a status means, the causes of a failure.

use super::Words;
use crate::error::ErrorKind;
use crate::text::Text;

/// A set of codes, such as the kinds of invoice.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct Codes {
    pub name: Text,
    pub title: Words<Text>,
    /// Whether the platform refuses any other code; most sets are open and grow.
    pub closed: bool,
    pub codes: &'static [CodeName],
}

impl Codes {
    /// The entry of `code`, if the set knows it.
    pub fn get(&self, code: &str) -> Option<&'static CodeName> {
        self.codes.iter().find(|entry| entry.code == code)
    }
}

/// One code of a set, its short name and its meaning.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct CodeName {
    pub code: Text,
    pub name: Text,
    #[cfg(feature = "docs")]
    pub title: Words<Text>,
}

/// A reply code or a status of the platform: what it means, and what to do about it.
#[derive(Debug)]
pub struct Code {
    /// The code as text; leading zeros count.
    pub code: Text,
    /// Where it occurs: `gateway`, `token`, `business`, or the object and member of a status (`invoice.status`).
    pub scope: Text,
    /// The platform's own words, to tell apart the meanings of one code; empty if none are known.
    pub text: Text,
    /// What it means.
    pub meaning: Words<Text>,
    /// Why it comes.
    pub cause: Words<Text>,
    /// What to do.
    pub fix: Words<Text>,
    /// The kind of error it becomes; `None` for success and for states that pass.
    pub kind: Option<ErrorKind>,
    /// What became of a write that was answered so.
    pub outcome: Outcome,
    /// Whether the order number may be used again for a corrected order.
    pub frees_order: bool,
    /// Whether trying again can help.
    pub retry: Retry,
    /// For a status: whether it is the last one.
    pub last: bool,
}

/// Two are the same if they are the same row.
impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        (self.code, self.scope, self.text) == (other.code, other.scope, other.text)
    }
}

/// What became of a write.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// Nothing was done.
    Refused,
    /// It was taken, now or earlier.
    Accepted,
    /// It may have been done: ask before sending again.
    Unknown,
}

impl Outcome {
    /// The word for it: `refused`, `accepted` or `unknown`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Accepted => "accepted",
            Self::Unknown => "unknown",
        }
    }
}

/// Whether trying again can help.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Retry {
    /// No: something has to be changed first.
    No,
    /// Yes, after a while.
    Later,
    /// Yes, with a new token.
    SignIn,
    /// Ask first what became of the earlier try.
    Ask,
}

impl Retry {
    /// The word for it: `no`, `later`, `sign_in` or `ask`.
    pub fn name(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Later => "later",
            Self::SignIn => "sign_in",
            Self::Ask => "ask",
        }
    }
}

/// A reason of the tax bureau, found as a part of a failed invoice's text.
#[derive(Debug)]
pub struct FailCause {
    /// The part that is looked for.
    pub text: Text,
    /// What it means.
    pub meaning: Words<Text>,
    /// What to do.
    pub fix: Words<Text>,
}
