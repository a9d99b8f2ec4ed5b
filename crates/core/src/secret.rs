//! A text that is not to be seen: hidden where things are shown, taken out of what comes from outside, overwritten when
//! it is dropped.

use std::fmt;
use std::hint::black_box;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use crate::json::Json;

/// A text that is not to be seen: an appSecret or a token. `Debug` shows `***`.
///
/// When it is dropped its memory is overwritten first. The text that it was made from is the caller's.
#[derive(Clone, Default, Eq, PartialEq)]
pub struct Secret(String);

impl Secret {
    /// The text itself: for the request and the token snapshot only.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Replaces every occurrence in `text` by `***`: as it is, with characters escaped as in addresses (`%2B`), in JSON
    /// (`\u002b`) or in HTML (`&#43;`), with blanks or line breaks in between, and in base64.
    ///
    /// Texts of fewer than four characters are left: they would eat the text and are no secrets.
    pub(crate) fn clean(&self, text: &str) -> String {
        if self.0.chars().count() < 4 {
            return text.to_owned();
        }
        let mut clean = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let (part, after) = match after_secret(rest, &self.0) {
                Some(after) => ("***", after),
                None => rest.split_at(first.len_utf8()),
            };
            clean.push_str(part);
            rest = after;
        }
        for encoded in in_base64(self.0.as_bytes()) {
            if clean.contains(&encoded) {
                clean = clean.replace(&encoded, "***");
            }
        }
        clean
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// An answer with a token in it: its texts are overwritten when it is dropped.
pub(crate) struct Passing(pub(crate) Json);

impl Drop for Passing {
    fn drop(&mut self) {
        wipe_json(&mut self.0);
    }
}

fn wipe_json(json: &mut Json) {
    match json {
        Json::Text(text) | Json::Number(text) => wipe(text),
        Json::List(items) => items.iter_mut().for_each(wipe_json),
        Json::Object(members) => members.iter_mut().for_each(|(_, value)| wipe_json(value)),
        Json::Null | Json::Bool(_) => {}
    }
}

/// Overwrites a text's memory, room for more included, and empties it.
#[inline(never)]
pub(crate) fn wipe(text: &mut String) {
    let mut bytes = std::mem::take(text).into_bytes();
    bytes.clear();
    bytes.resize(bytes.capacity(), 0);
    // The zeros count as seen: else they need not be written.
    black_box(&mut bytes);
}

/// Overwrites what a function that has just returned left on the stack.
#[inline(never)]
pub(crate) fn wipe_stack() {
    black_box(&mut [0u8; 4 * 1024]);
}

/// What follows the secret, if `text` begins with it in some spelling.
fn after_secret<'a>(text: &'a str, secret: &str) -> Option<&'a str> {
    let mut rest = text;
    for (at, wanted) in secret.chars().enumerate() {
        if at > 0 && !wanted.is_whitespace() && wanted != '\\' {
            rest = after_blanks(rest);
        }
        // Escaped first: the secret's own `%`, `&` or backslash may begin an escape.
        rest = match after_escape(rest, wanted) {
            Some(after) => after,
            None => rest.strip_prefix(wanted)?,
        };
    }
    Some(rest)
}

/// What follows blanks and line breaks, escaped ones too.
fn after_blanks(text: &str) -> &str {
    let mut rest = text;
    loop {
        let blank = |c: char| c.is_whitespace() || c.is_control() || c == '\u{200b}';
        let after = rest.trim_start_matches(blank);
        let after = ["\\r", "\\n", "\\t"].iter().find_map(|escaped| after.strip_prefix(escaped)).unwrap_or(after);
        if after.len() == rest.len() {
            return rest;
        }
        rest = after;
    }
}

/// What follows `wanted`, if `text` begins with it escaped.
fn after_escape(text: &str, wanted: char) -> Option<&str> {
    let code = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().filter(|code| *code == u32::from(wanted));
    if let Some(entity) = text.strip_prefix("&#") {
        let (digits, after) = entity.split_at_checked(entity.bytes().take(8).position(|byte| byte == b';')?)?;
        match digits.strip_prefix(['x', 'X']) {
            Some(hex) => code(hex, 16)?,
            None => code(digits, 10)?,
        };
        return after.strip_prefix(';');
    }
    let (digits, after) = match text.strip_prefix('%') {
        Some(rest) => rest.split_at_checked(2)?,
        None => {
            text.trim_start_matches('\\').strip_prefix('u').filter(|_| text.starts_with('\\'))?.split_at_checked(4)?
        }
    };
    code(digits, 16).map(|_| after)
}

/// What of the secret surely stands in a longer text's base64, wherever it begins there.
fn in_base64(secret: &[u8]) -> Vec<String> {
    let whole = |before: usize| {
        let bytes: Vec<u8> = std::iter::repeat_n(0, before).chain(secret.iter().copied()).collect();
        [STANDARD_NO_PAD.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes)].map(|encoded| {
            let sure = (before * 8).div_ceil(6)..bytes.len() * 8 / 6;
            encoded.get(sure).unwrap_or_default().to_owned()
        })
    };
    (0..3).flat_map(whole).filter(|encoded| encoded.len() >= 4).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_never_shown() {
        let secret = Secret::from("SD00000000000001");
        assert_eq!(format!("{secret:?} {:#?}", Some(&secret)), "*** Some(\n    ***,\n)");
        assert_eq!(secret.clean("Incorrect clientSecret[SD00000000000001]"), "Incorrect clientSecret[***]");
    }

    #[test]
    fn a_secret_is_found_in_every_spelling() {
        let secret = Secret::from("S+cr/t=密1&2");
        for text in [
            "S+cr/t=密1&2",
            "%53%2Bcr%2ft%3D密1%262",
            r"\u0053\u002bcr\/t=密1\u00262".replace(r"\/", "/").as_str(),
            r"\\u0053+cr/t=密1&2",
            "S&#43;cr&#x2F;t=密1&#38;&#50;",
            "S+cr\n /t=\u{200b}密1&2",
            r"S+cr\r\n/t=\t密1&2",
        ] {
            assert_eq!(secret.clean(&format!("a {text} b")), "a *** b", "{text}");
        }
        assert_eq!(secret.clean("S+cr/t=密1&"), "S+cr/t=密1&");
    }

    #[test]
    fn a_secret_is_found_in_base64_wherever_it_begins() {
        let secret = Secret::from("SD00000000000001");
        for before in ["", "a", "ab", "abc"] {
            let encoded = STANDARD_NO_PAD.encode(format!("{before}SD00000000000001:x"));
            let clean = secret.clean(&encoded);
            assert!(clean.contains("***") && clean.len() < 16, "{encoded} became {clean}");
        }
    }

    #[test]
    fn what_is_wiped_is_empty() {
        let mut text = String::from("SD00000000000001");
        wipe(&mut text);
        assert!(text.is_empty());
    }
}
