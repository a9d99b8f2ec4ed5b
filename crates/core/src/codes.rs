//! What the platform's codes mean.

use crate::api::codes::{CODES, FAIL_CAUSES};
use crate::model::{Code, FailCause};

/// The scopes in which the answer to a call is looked up, the likeliest first.
pub(crate) const REPLY: &[&str] = &["business", "gateway", "token"];
/// The scopes in which the answer to a token request is looked up.
pub(crate) const TOKEN: &[&str] = &["token", "gateway", "business"];
/// The scopes in which an invoice's status is looked up.
pub(crate) const STATUS: &[&str] = &["invoice.status"];

impl Code {
    /// What an answer's `code` means. Where one code has several meanings, `describe` (the platform's words) decides;
    /// pass an empty text if there is none.
    ///
    /// ```
    /// let code = nnopen::Code::find("E9106", "").unwrap();
    /// assert!(!code.frees_order);
    /// ```
    pub fn find(code: &str, describe: &str) -> Option<&'static Code> {
        find(code, REPLY, describe)
    }

    /// All meanings of a code or status, in any scope.
    pub fn all(code: &str) -> &'static [Code] {
        let start = CODES.partition_point(|entry| entry.code < code);
        let count = CODES[start..].partition_point(|entry| entry.code == code);
        &CODES[start..start + count]
    }
}

impl FailCause {
    /// The tax bureau's known reason within the text of a failed invoice (`failCause`).
    pub fn find(text: &str) -> Option<&'static FailCause> {
        FAIL_CAUSES.iter().find(|cause| text.contains(cause.text))
    }
}

/// The meaning of `code` in one of `scopes`: the one whose text `describe` contains, else the general one.
pub(crate) fn find(code: &str, scopes: &[&str], describe: &str) -> Option<&'static Code> {
    let entries = Code::all(code);
    scopes.iter().find_map(|scope| {
        let mut here = entries.iter().filter(|entry| entry.scope == *scope);
        let first = here.clone().next()?;
        Some(
            here.find(|entry| !entry.text.is_empty() && describe.contains(entry.text))
                .unwrap_or_else(|| general(entries, scope, first)),
        )
    })
}

/// Where no text fits, the entry without one; else the most careful one.
fn general(entries: &'static [Code], scope: &str, first: &'static Code) -> &'static Code {
    let here = || entries.iter().filter(|entry| entry.scope == scope);
    here()
        .find(|entry| entry.text.is_empty())
        .or_else(|| here().find(|entry| entry.outcome == crate::model::Outcome::Unknown))
        .unwrap_or(first)
}
