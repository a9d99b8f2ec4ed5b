//! What the platform's codes mean.

use crate::api::codes::{CODES, FAIL_CAUSES};
use crate::model::{Code, FailCause, Outcome, Words};

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
        let start = CODES.partition_point(|entry| *entry.code < *code);
        let count = CODES[start..].partition_point(|entry| entry.code == code);
        &CODES[start..start + count]
    }

    /// Every code in whose platform words or meaning `text` occurs, and every code whose words occur in `text`.
    ///
    /// ```
    /// let found: Vec<_> = nnopen::Code::search("流水号不能重复").map(|code| code.code).collect();
    /// assert_eq!(found, ["E9106"]);
    /// ```
    pub fn search(text: &str) -> impl Iterator<Item = &'static Code> {
        let text = text.trim().to_lowercase();
        CODES.iter().filter(move |code| {
            let words = [code.text, code.meaning.zh, code.meaning.en].map(|text| text.to_lowercase());
            let told = words[0].chars().count() > 2 && text.contains(&words[0]);
            text.chars().count() > 1 && (told || words.iter().any(|words| words.contains(&text)))
        })
    }

    /// What can be said of a code that is not known, by its looks; nothing if it does not look like a code.
    ///
    /// ```
    /// assert_eq!(nnopen::Code::family("E9777").unwrap().en, "an unknown code of the business system");
    /// assert!(nnopen::Code::family("hello").is_none());
    /// ```
    pub fn family(code: &str) -> Option<Words> {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let (letters, number) = code.split_at(code.len() - code.bytes().rev().take_while(u8::is_ascii_digit).count());
        let capitals = letters.len() <= 3 && letters.bytes().all(|byte| byte.is_ascii_uppercase());
        Some(match letters {
            _ if !digits(number) || !capitals || number.len() > 6 => return None,
            "" if number.starts_with('0') && number.len() > 1 => {
                Words { zh: "未收录的网关码", en: "an unknown code of the gateway" }
            }
            "" if number.len() <= 2 => Words { zh: "未收录的状态", en: "an unknown status" },
            "TZD" => {
                Words { zh: "未收录的红字信息表审核码", en: "an unknown code of a red table's examination" }
            }
            _ => Words { zh: "未收录的业务码", en: "an unknown code of the business system" },
        })
    }
}

impl FailCause {
    /// The tax bureau's known reason within the text of a failed invoice (`failCause`).
    pub fn find(text: &str) -> Option<&'static FailCause> {
        FAIL_CAUSES.iter().find(|cause| text.contains(&*cause.text))
    }

    /// Every known reason that `text` tells, or is a part of.
    pub fn search(text: &str) -> impl Iterator<Item = &'static FailCause> {
        let text = text.trim().to_owned();
        FAIL_CAUSES.iter().filter(move |cause| {
            let told = text.contains(&*cause.text) || cause.text.contains(&text) || cause.meaning.zh.contains(&text);
            text.chars().count() > 1 && told
        })
    }
}

/// The meaning of `code` in the first of `scopes` that has it.
pub(crate) fn find(code: &str, scopes: &[&str], describe: &str) -> Option<&'static Code> {
    let entries = Code::all(code);
    let scope = scopes.iter().find(|scope| entries.iter().any(|entry| entry.scope == **scope))?;
    let here = || entries.iter().filter(|entry| entry.scope == *scope);
    // The platform's own words tell the meanings of one code apart; a code without such words is general.
    here()
        .find(|entry| !entry.text.is_empty() && describe.contains(&*entry.text))
        .or_else(|| here().find(|entry| entry.text.is_empty()))
        .or_else(|| here().find(|entry| entry.outcome == Outcome::Unknown))
        // With words that are not known, it means what all its meanings have in common, or nothing.
        .or_else(|| here().next().filter(|first| here().all(|entry| entry.outcome == first.outcome)))
}
