//! What crosses to the host: a request, a stamp, a time, a secret.

use std::fmt::{self, Write};

use crate::error::Error;
pub use crate::secret::Secret;
use crate::secret::wipe;

/// A time: milliseconds since 1970, UTC.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Millis(pub i64);

impl Millis {
    /// This time and so many milliseconds.
    pub const fn after(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// This time and so many seconds.
    pub const fn after_seconds(self, seconds: u32) -> Self {
        self.after(seconds as i64 * 1000)
    }

    /// The milliseconds from `earlier` to this time.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// The time and the randomness of one step. Everything random in a request comes from it.
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct Stamp {
    /// The time.
    pub now: Millis,
    /// Twenty bytes from a cryptographic random source, new for every step.
    pub entropy: [u8; 20],
}

impl Stamp {
    /// A stamp for one step.
    pub const fn new(now: Millis, entropy: [u8; 20]) -> Self {
        Self { now, entropy }
    }

    /// The request's id: 32 lower-case hex digits.
    pub fn senid(&self) -> String {
        let mut senid = String::with_capacity(32);
        self.write_senid(&mut senid);
        senid
    }

    pub(crate) fn write_senid(&self, out: &mut String) {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        for byte in &self.entropy[..16] {
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }

    /// A number of eight digits that does not begin with zero.
    pub fn nonce(&self) -> String {
        let mut nonce = String::new();
        self.write_nonce(&mut nonce);
        nonce
    }

    pub(crate) fn write_nonce(&self, out: &mut String) {
        let tail = self.entropy[16..].iter().fold(0u32, |sum, byte| sum << 8 | u32::from(*byte));
        // Writing to a string does not fail.
        let _ = write!(out, "{}", 10_000_000 + tail % 90_000_000);
    }

    /// The time in whole seconds.
    pub fn timestamp(&self) -> String {
        let mut timestamp = String::new();
        self.write_timestamp(&mut timestamp);
        timestamp
    }

    pub(crate) fn write_timestamp(&self, out: &mut String) {
        let _ = write!(out, "{}", self.now.0.div_euclid(1000));
    }
}

/// Entropy can give away what was signed with it, so it is not shown.
impl fmt::Debug for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stamp").field("now", &self.now).finish_non_exhaustive()
    }
}

/// A request to be sent: always a POST, without following redirects, the body byte for byte as it is.
///
/// `Debug` hides the headers' and the body's secrets; see [`Request::preview`](crate::Request::preview). A token request's
/// body holds the appSecret: what is dropped is overwritten first, what you copy out of it is yours to look after.
#[derive(Clone, Eq, PartialEq)]
pub struct Request {
    /// Where to.
    pub url: String,
    /// Names in the platform's own spelling, in order. Keep the case if your HTTP client can.
    pub headers: Vec<(&'static str, String)>,
    /// The body, UTF-8.
    pub body: String,
}

impl Request {
    /// The address, the headers and the body, to be looked after by whoever takes them.
    pub fn into_parts(mut self) -> (String, Vec<(&'static str, String)>, String) {
        (std::mem::take(&mut self.url), std::mem::take(&mut self.headers), std::mem::take(&mut self.body))
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        wipe(&mut self.body);
        self.headers.iter_mut().for_each(|(_, value)| wipe(value));
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.preview())
    }
}

/// Refuses what can't be a credential or a header's value: empty, the text `null`, with control characters, with blanks
/// around it.
pub(crate) fn credential(name: &str, text: &str) -> Result<(), Error> {
    let (zh, en) = if text.is_empty() {
        ("不能为空", "is empty")
    } else if text.eq_ignore_ascii_case("null") {
        ("是文本 null", "is the text null")
    } else if text.contains(char::is_control) {
        ("含有控制字符（例如换行）", "holds a control character, such as a line break")
    } else if text.trim() != text {
        ("首尾有空白", "begins or ends with a blank")
    } else {
        return Ok(());
    };
    Err(crate::body::fault(name, "credential", zh, en))
}

/// Percent-encodes as HTML forms do: for token requests and query values.
pub(crate) fn form_encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'*' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
}

/// Joins names and values as a form body or a query.
pub(crate) fn form(pairs: &[(&str, &str)]) -> String {
    // Room for all of it from the start: a text that grows leaves copies of its beginning behind.
    let mut out = String::with_capacity(pairs.iter().map(|(name, value)| 3 * (name.len() + value.len()) + 2).sum());
    for (name, value) in pairs {
        if !out.is_empty() {
            out.push('&');
        }
        form_encode(name, &mut out);
        out.push('=');
        form_encode(value, &mut out);
    }
    out
}

/// Reads a form body or a query: `+` and `%XX` decoded once, what is no UTF-8 replaced.
pub(crate) fn read_form(form: &str) -> Vec<(String, String)> {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    form_pairs(form).map(|(name, value)| (text(form_decode(name)), text(form_decode(value)))).collect()
}

/// The same; `None` if a name or a value is not UTF-8.
pub(crate) fn decode_form(text: &str) -> Option<Vec<(String, String)>> {
    let text_of = |part| String::from_utf8(form_decode(part)).ok();
    form_pairs(text).map(|(name, value)| Some((text_of(name)?, text_of(value)?))).collect()
}

fn form_pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

fn form_decode(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = |at: usize| bytes.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        match (byte, hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high << 4 | low) as u8);
                at += 2;
            }
            (b'+', ..) => out.push(b' '),
            _ => out.push(byte),
        }
        at += 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_can_not_be_a_credential_is_refused() {
        for text in ["", "null", "NULL", " a", "a ", "a\r\nb", "a\0", "\u{7f}", "\u{85}"] {
            assert!(credential("appKey", text).is_err(), "{text:?}");
        }
        assert!(credential("appKey", "SD00000001").is_ok());
    }

    proptest! {
        #[test]
        fn a_nonce_has_eight_digits_and_varies(entropy in any::<[u8; 20]>(), other in any::<[u8; 20]>()) {
            let [stamp, second] = [entropy, other].map(|entropy| Stamp::new(Millis(0), entropy));
            let nonce = stamp.nonce();
            prop_assert!(nonce.len() == 8 && !nonce.starts_with('0') && nonce.bytes().all(|byte| byte.is_ascii_digit()));
            prop_assert_eq!(stamp.senid().len(), 32);
            prop_assert!(entropy[..16] == other[..16] || stamp.senid() != second.senid());
        }

        #[test]
        fn forms_are_those_of_the_web(name in any::<String>(), value in any::<String>()) {
            let ours = form(&[(&name, &value)]);
            let theirs = form_urlencoded::Serializer::new(String::new()).append_pair(&name, &value).finish();
            prop_assert_eq!(&ours, &theirs);
            if !name.is_empty() || !value.is_empty() {
                prop_assert_eq!(read_form(&ours), vec![(name, value)]);
            }
        }

        #[test]
        fn any_query_is_read_as_on_the_web(text in any::<String>()) {
            let theirs: Vec<_> = form_urlencoded::parse(text.as_bytes()).into_owned().collect();
            prop_assert_eq!(read_form(&text), theirs);
        }
    }
}
