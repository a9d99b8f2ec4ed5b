//! What the platform's codes mean.

use crate::api::codes::{CODES, FAIL_CAUSES};
use crate::model::{Code, FailCause, Outcome};

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

/// The meaning of `code` in the first of `scopes` that has it.
pub(crate) fn find(code: &str, scopes: &[&str], describe: &str) -> Option<&'static Code> {
    let entries = Code::all(code);
    let scope = scopes.iter().find(|scope| entries.iter().any(|entry| entry.scope == **scope))?;
    let here = || entries.iter().filter(|entry| entry.scope == *scope);
    // The platform's own words tell the meanings of one code apart; a code without such words is general.
    here()
        .find(|entry| !entry.text.is_empty() && describe.contains(entry.text))
        .or_else(|| here().find(|entry| entry.text.is_empty()))
        .or_else(|| here().find(|entry| entry.outcome == Outcome::Unknown))
        // With words that are not known, it means what all its meanings have in common, or nothing.
        .or_else(|| here().next().filter(|first| here().all(|entry| entry.outcome == first.outcome)))
}
