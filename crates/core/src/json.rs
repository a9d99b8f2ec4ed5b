//! Values that keep every number's text, the members' order and repeated names.
//!
//! A tree of floats turns `20190801120207971529` into `2.019e19` and `0.00` into `0.0`; here a number is its token.

mod flat;
mod read;

use std::fmt;

use crate::model::Words;

pub(crate) use flat::{Flat, Node, Placed, Value, unescaped};
use read::Reader;
pub(crate) use read::{LONE_SURROGATE, is_number};

/// A JSON value. Numbers are kept as they were written, members in their order.
///
/// ```
/// use nnopen::Json;
///
/// let json = Json::parse(r#"{"serial": 20190801120207971529, "tax": 0.00}"#).unwrap();
/// assert_eq!(json.get("serial").unwrap().token(), Some("20190801120207971529"));
/// assert_eq!(json.to_string(), r#"{"serial":20190801120207971529,"tax":0.00}"#);
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[allow(missing_docs)]
pub enum Json {
    #[default]
    Null,
    Bool(bool),
    /// The number's own text.
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// Why a text is no JSON, and where.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct JsonError {
    /// What was met or missed.
    pub what: Words,
    /// The byte at which reading stopped.
    pub at: usize,
    /// The member in which it stopped: `order.invoiceDetail[3].goodsName`.
    pub path: String,
}

impl Json {
    /// Reads one JSON text, strictly by RFC 8259; white space may surround it, nothing else.
    ///
    /// # Errors
    /// What is wrong and where. Lone surrogates (`"\ud800"`) have no UTF-8 form and are refused.
    pub fn parse(text: &str) -> Result<Self, JsonError> {
        let mut reader = Reader::new(text);
        let value = reader.value(0)?;
        reader.end()?;
        Ok(value)
    }

    /// The member called `name`; the last one if the name is repeated.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.members().iter().rev().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The members of an object; none for anything else.
    pub fn members(&self) -> &[(String, Json)] {
        match self {
            Json::Object(members) => members,
            _ => &[],
        }
    }

    /// The items of a list; none for anything else.
    pub fn items(&self) -> &[Json] {
        match self {
            Json::List(items) => items,
            _ => &[],
        }
    }

    /// The text of a string or of a number: the platform sends one for the other.
    pub fn token(&self) -> Option<&str> {
        match self {
            Json::Number(text) | Json::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether there is nothing: null.
    pub fn is_null(&self) -> bool {
        *self == Json::Null
    }

    /// The same value with every string passed through `change`.
    pub(crate) fn with_texts(self, change: &dyn Fn(&str) -> String) -> Self {
        match self {
            Json::Text(text) => Json::Text(change(&text)),
            Json::Number(token) => match change(&token) {
                same if same == token => Json::Number(token),
                changed => Json::Text(changed),
            },
            Json::List(items) => Json::List(items.into_iter().map(|item| item.with_texts(change)).collect()),
            Json::Object(members) => Json::Object(
                members.into_iter().map(|(name, value)| (change(&name), value.with_texts(change))).collect(),
            ),
            other @ (Json::Null | Json::Bool(_)) => other,
        }
    }

    /// Whether [`Json::into_members`] has members to give.
    pub(crate) fn has_members(&self) -> bool {
        matches!(self, Json::Object(_) | Json::Null)
            || matches!(self, Json::List(items) if matches!(items.as_slice(), [Json::Object(_)]))
    }

    /// The members of an object, or of a list that holds just one: the platform sends one for the other. Nothing has none.
    pub(crate) fn into_members(self) -> Result<Vec<(String, Json)>, Json> {
        match self {
            Json::Object(members) => Ok(members),
            Json::Null => Ok(Vec::new()),
            Json::List(mut items) if matches!(items.as_slice(), [Json::Object(_)]) => {
                items.pop().map_or(Err(Json::Null), Json::into_members)
            }
            other => Err(other),
        }
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Json::Text(text.to_owned())
    }
}

impl From<i64> for Json {
    fn from(number: i64) -> Self {
        Json::Number(number.to_string())
    }
}

impl<T: Into<Json>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Self {
        value.map_or(Json::Null, Into::into)
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        write_json(self, &mut out);
        f.write_str(&out)
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.what.en, self.at)
    }
}

impl std::error::Error for JsonError {}

/// What can be read from a JSON value. A value that does not fit is handed back, so that nothing is lost.
pub trait FromJson: Sized {
    /// Reads `json`.
    ///
    /// # Errors
    /// The value itself, if it does not fit.
    fn from_json(json: Json) -> Result<Self, Json>;

    /// Whether [`FromJson::from_json`] takes `json`.
    fn fits(json: &Json) -> bool {
        Self::from_json(json.clone()).is_ok()
    }
}

impl FromJson for Json {
    fn from_json(json: Json) -> Result<Self, Json> {
        Ok(json)
    }

    fn fits(_: &Json) -> bool {
        true
    }
}

/// Strings, numbers by their text, booleans as `true`, nothing as the empty text.
impl FromJson for String {
    fn from_json(json: Json) -> Result<Self, Json> {
        match json {
            Json::Null => Ok(String::new()),
            Json::Text(text) | Json::Number(text) => Ok(text),
            Json::Bool(value) => Ok(value.to_string()),
            other => Err(other),
        }
    }

    fn fits(json: &Json) -> bool {
        !matches!(json, Json::List(_) | Json::Object(_))
    }
}

impl FromJson for i64 {
    fn from_json(json: Json) -> Result<Self, Json> {
        json.token().and_then(|token| token.parse().ok()).ok_or(json)
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: Json) -> Result<Self, Json> {
        if json.is_null() { Ok(None) } else { T::from_json(json).map(Some) }
    }
}

/// A list, nothing at all, or one object in place of a list of one.
impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: Json) -> Result<Self, Json> {
        match json {
            Json::Null => Ok(Vec::new()),
            Json::Object(_) => Ok(vec![T::from_json(json)?]),
            Json::List(items) if items.iter().all(T::fits) => {
                let mut list = Vec::with_capacity(items.len());
                for item in items {
                    list.push(T::from_json(item)?);
                }
                Ok(list)
            }
            other => Err(other),
        }
    }
}

/// Writes a value in its shortest form.
pub(crate) fn write_json(json: &Json, out: &mut String) {
    match json {
        Json::Null => out.push_str("null"),
        Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Json::Number(token) => out.push_str(token),
        Json::Text(text) => write_text(text, out),
        Json::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_json(item, out);
            }
            out.push(']');
        }
        Json::Object(members) => {
            out.push('{');
            for (index, (name, value)) in members.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_text(name, out);
                out.push(':');
                write_json(value, out);
            }
            out.push('}');
        }
    }
}

/// Whether a byte is among them that must be escaped: control characters, quotes and backslashes. Eight are looked at at
/// once, each in a lane of its own.
fn has_special(bytes: &[u8]) -> bool {
    let is_special = |byte: &u8| *byte < 0x20 || *byte == b'"' || *byte == b'\\';
    let Some(last) = bytes.last_chunk::<8>() else { return bytes.iter().any(is_special) };
    // A lane's highest bit tells that the byte is below the limit; one that is above 0x7f never is.
    let lanes = |byte: u8| u64::from_ne_bytes([byte; 8]);
    let below = |word: u64, limit: u8| word.wrapping_sub(lanes(limit)) & !word & lanes(0x80);
    let is_one = |word: u64, byte: u8| below(word ^ lanes(byte), 1);
    let any = |chunk: &[u8; 8]| {
        let word = u64::from_ne_bytes(*chunk);
        below(word, 0x20) | is_one(word, b'"') | is_one(word, b'\\') != 0
    };
    bytes.as_chunks().0.iter().any(any) || any(last)
}

/// Writes a string: only what must be escaped is escaped, Chinese stays Chinese.
pub(crate) fn write_text(text: &str, out: &mut String) {
    out.push('"');
    if !has_special(text.as_bytes()) {
        out.push_str(text);
        return out.push('"');
    }
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0x08 => "\\b",
            0x0c => "\\f",
            0x00..=0x1f => "",
            _ => continue,
        };
        out.push_str(&text[plain..at]);
        plain = at + 1;
        if escape.is_empty() {
            out.push_str(&format!("\\u{byte:04x}"));
        } else {
            out.push_str(escape);
        }
    }
    out.push_str(&text[plain..]);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_json_is_refused() {
        let cases = [
            "",
            " ",
            "{",
            "[",
            "\"",
            "{]",
            "[1,]",
            "{\"a\":1,}",
            "{\"a\"}",
            "{a:1}",
            "01",
            "-",
            "1.",
            ".5",
            "+1",
            "1e",
            "tru",
            "nul",
            "1 2",
            "{} x",
            "\"\\ud800\"",
            "\"\\ud800\\u0041\"",
            "\"\\udc00\"",
            "\"\\u12g4\"",
            "\"\\x\"",
            "\"\n\"",
            "\u{feff}{}",
            "NaN",
            "'a'",
            "[1 2]",
        ];
        for text in cases {
            assert!(Json::parse(text).is_err(), "{text:?}");
            assert!(serde_json::from_str::<serde_json::Value>(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn nesting_ends_before_the_stack_does() {
        assert!(Json::parse(&("[".repeat(100) + &"]".repeat(100))).is_ok());
        assert!(Json::parse(&"[".repeat(100_000)).is_err());
        assert!(Json::parse(&"{\"a\":".repeat(100_000)).is_err());
    }

    #[test]
    fn repeated_names_are_kept_and_the_last_one_is_found() {
        let json = Json::parse(r#"{"a":1,"a":2}"#).unwrap();
        assert_eq!(json.get("a").unwrap().token(), Some("2"));
        assert_eq!(json.to_string(), r#"{"a":1,"a":2}"#);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_like_by_serde_json(text in "\\PC{0,40}|[\\[\\]{}\",:0-9a-z\\\\. eE+-]{0,40}") {
            let theirs = serde_json::from_str::<serde_json::Value>(&text);
            prop_assert_eq!(Json::parse(&text).is_ok(), theirs.is_ok(), "{}", text);
        }

        #[test]
        fn strings_come_back_as_they_were(text in any::<String>()) {
            let written = Json::Text(text.clone()).to_string();
            prop_assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text.clone());
            prop_assert_eq!(Json::parse(&written).unwrap(), Json::Text(text));
        }
    }
}
