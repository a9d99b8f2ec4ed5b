//! Reads JSON text, strictly by RFC 8259.

use std::borrow::Cow;

use super::{Json, JsonError};
use crate::model::Words;

pub(crate) const LONE_SURROGATE: Words =
    Words { zh: "半个代理对没有 UTF-8 形式", en: "a lone surrogate has no UTF-8 form" };

/// Lists and objects may be nested this deep.
const DEEPEST: usize = 128;

/// Whether `token` is a number as JSON writes it.
pub(crate) fn is_number(token: &str) -> bool {
    let mut reader = Reader::new(token);
    reader.number().is_ok() && reader.at == token.len()
}

/// A recursive descent over the text.
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// The members and the items of all objects and lists that are open: each is as long as it must be in the end.
    members: Vec<(String, Json)>,
    items: Vec<Json>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, members: Vec::new(), items: Vec::new() }
    }

    pub(super) fn value(&mut self, depth: usize) -> Result<Json, JsonError> {
        if depth > DEEPEST {
            return Err(self.error(TOO_DEEP));
        }
        self.space();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => Ok(Json::Text(self.string()?.into_owned())),
            Some(b'-' | b'0'..=b'9') => Ok(Json::Number(self.number()?.to_owned())),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'n') => self.word("null", Json::Null),
            Some(_) => Err(self.error(NO_VALUE)),
            None => Err(self.error(TOO_SHORT)),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json, JsonError> {
        self.at += 1;
        self.space();
        if self.eat(b'}') {
            return Ok(Json::Object(Vec::new()));
        }
        let base = self.members.len();
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(self.error(NO_NAME));
            }
            let name = self.string()?.into_owned();
            self.space();
            self.expect(b':', NO_COLON)?;
            match self.value(depth + 1) {
                Ok(value) => self.members.push((name, value)),
                Err(error) => return Err(error.within(&name)),
            }
            self.space();
            if !self.eat(b',') {
                self.expect(b'}', NO_BRACE)?;
                return Ok(Json::Object(self.members.drain(base..).collect()));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Json, JsonError> {
        self.at += 1;
        self.space();
        if self.eat(b']') {
            return Ok(Json::List(Vec::new()));
        }
        let base = self.items.len();
        loop {
            let at = self.items.len() - base;
            let item = self.value(depth + 1).map_err(|error| error.within(&format!("[{at}]")))?;
            self.items.push(item);
            self.space();
            if !self.eat(b',') {
                self.expect(b']', NO_BRACKET)?;
                return Ok(Json::List(self.items.drain(base..).collect()));
            }
        }
    }

    fn string(&mut self) -> Result<Cow<'a, str>, JsonError> {
        self.at += 1;
        let start = self.at;
        let mut owned: Option<String> = None;
        let mut plain = start;
        loop {
            match self.peek() {
                None => return Err(self.error(NOT_CLOSED)),
                Some(b'"') => {
                    let rest = &self.text[plain..self.at];
                    self.at += 1;
                    return Ok(match owned {
                        None => Cow::Borrowed(rest),
                        Some(text) => Cow::Owned(text + rest),
                    });
                }
                Some(b'\\') => {
                    let text = owned.get_or_insert_default();
                    text.push_str(&self.text[plain..self.at]);
                    self.at += 1;
                    let escaped = self.escape()?;
                    owned.get_or_insert_default().push(escaped);
                    plain = self.at;
                }
                Some(0..=0x1f) => return Err(self.error(NOT_ESCAPED)),
                Some(_) => {
                    let ends = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
                    let rest = &self.text.as_bytes()[self.at..];
                    self.at += rest.iter().position(ends).unwrap_or(rest.len());
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        let byte = self.peek().ok_or_else(|| self.error(NOT_CLOSED))?;
        self.at += 1;
        Ok(match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'u' => {
                let high = self.hex4()?;
                let code = match high {
                    0xd800..=0xdbff if self.text[self.at..].starts_with("\\u") => {
                        self.at += 2;
                        let low = self.hex4()?;
                        if !(0xdc00..=0xdfff).contains(&low) {
                            return Err(self.error(LONE_SURROGATE));
                        }
                        0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)
                    }
                    code => code,
                };
                char::from_u32(code).ok_or_else(|| self.error(LONE_SURROGATE))?
            }
            _ => return Err(self.error(NO_ESCAPE)),
        })
    }

    fn hex4(&mut self) -> Result<u32, JsonError> {
        let digits = self.text.as_bytes().get(self.at..self.at + 4);
        let digits = digits.filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let code = digits
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|hex| u32::from_str_radix(hex, 16).ok());
        let code = code.ok_or_else(|| self.error(NO_HEX))?;
        self.at += 4;
        Ok(code)
    }

    fn number(&mut self) -> Result<&'a str, JsonError> {
        let start = self.at;
        self.eat(b'-');
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            if !self.eat(b'+') {
                self.eat(b'-');
            }
            self.digits()?;
        }
        Ok(&self.text[start..self.at])
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { Err(self.error(NO_DIGIT)) } else { Ok(()) }
    }

    fn word(&mut self, word: &str, value: Json) -> Result<Json, JsonError> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.error(NO_VALUE));
        }
        self.at += word.len();
        Ok(value)
    }

    pub(super) fn end(&mut self) -> Result<(), JsonError> {
        self.space();
        if self.at == self.text.len() { Ok(()) } else { Err(self.error(TOO_LONG)) }
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let met = self.peek() == Some(byte);
        self.at += usize::from(met);
        met
    }

    fn expect(&mut self, byte: u8, what: Words) -> Result<(), JsonError> {
        if self.eat(byte) { Ok(()) } else { Err(self.error(what)) }
    }

    fn error(&self, what: Words) -> JsonError {
        JsonError { what, at: self.at, path: String::new() }
    }
}

impl JsonError {
    /// The same error, seen from one level up.
    fn within(mut self, name: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{name}{dot}{}", self.path);
        self
    }
}

const TOO_DEEP: Words = Words { zh: "嵌套过深", en: "nested too deep" };
const NO_VALUE: Words = Words { zh: "这里应当是一个值", en: "a value is expected here" };
const TOO_SHORT: Words = Words { zh: "内容不完整", en: "the text ends too early" };
const NO_NAME: Words = Words { zh: "这里应当是字段名", en: "a member's name is expected here" };
const NO_COLON: Words = Words { zh: "这里应当是冒号", en: "a colon is expected here" };
const NO_BRACE: Words = Words { zh: "这里应当是逗号或 }", en: "a comma or } is expected here" };
const NO_BRACKET: Words = Words { zh: "这里应当是逗号或 ]", en: "a comma or ] is expected here" };
const NOT_CLOSED: Words = Words { zh: "字符串没有结束", en: "a string is not closed" };
const NOT_ESCAPED: Words = Words { zh: "控制字符必须转义", en: "a control character must be escaped" };
const NO_ESCAPE: Words = Words { zh: "没有这种转义写法", en: "there is no such escape" };
const NO_HEX: Words = Words { zh: "这里应当是四位十六进制数字", en: "four hex digits are expected here" };
const NO_DIGIT: Words = Words { zh: "这里应当是数字", en: "a digit is expected here" };
const TOO_LONG: Words = Words { zh: "值的后面还有内容", en: "something follows the value" };
