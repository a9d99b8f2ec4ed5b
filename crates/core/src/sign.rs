//! The signature: what is signed, and how.

mod diagnosis;

use std::fmt;
use std::hint::black_box;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use crate::secret::wipe_stack;
use crate::wire::Secret;

pub use diagnosis::{Diagnosis, Slip, diagnose};

/// What is signed: path, public parameters and the exact body, in the platform's fixed order.
///
/// ```
/// use nnopen::{Secret, StringToSign, sign};
///
/// let text = StringToSign {
///     path: "/open/v1/services",
///     app_key: "APPKEY",
///     senid: "SENID",
///     nonce: "12345678",
///     timestamp: "1700000000",
///     body: r#"{"a":1}"#,
/// };
/// assert_eq!(text.to_string(), r#"a=services&l=v1&p=open&k=APPKEY&i=SENID&n=12345678&t=1700000000&f={"a":1}"#);
/// assert_eq!(sign(&Secret::from("SECRET"), &text), "7iSZiR+0g+376QEJ38xLM+3vGDs=");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct StringToSign<'a> {
    /// The path of the service URL; its first three pieces are signed, in reverse.
    pub path: &'a str,
    /// The application's key, not encoded.
    pub app_key: &'a str,
    /// The request's id.
    pub senid: &'a str,
    /// The random number.
    pub nonce: &'a str,
    /// The time in seconds.
    pub timestamp: &'a str,
    /// The body, byte for byte as it is sent.
    pub body: &'a str,
}

/// Signs with HMAC-SHA1: 28 characters of base64, the value of the header `X-Nuonuo-Sign`.
pub fn sign(secret: &Secret, text: &StringToSign<'_>) -> String {
    Key::new(secret, &start(text.path, text.app_key)).sign(text)
}

/// A secret made ready for signing, and what the text begins with in all requests; overwritten when it is dropped.
pub(crate) struct Key(Box<Hmac<Sha1>>);

impl Key {
    pub(crate) fn new(secret: &Secret, start: &[&str]) -> Self {
        let key = Self(keyed(secret.expose().as_bytes(), start));
        wipe_stack();
        key
    }

    /// Signs a text that begins as the key was told.
    pub(crate) fn sign(&self, text: &StringToSign<'_>) -> String {
        let signature = STANDARD.encode(self.mac(&text.middle(), text.body.as_bytes()));
        wipe_stack();
        signature
    }

    /// Its frame holds a copy of the key.
    #[inline(never)]
    fn mac(&self, middle: &[&str], body: &[u8]) -> [u8; 20] {
        let mut mac = (*self.0).clone();
        middle.iter().for_each(|piece| mac.update(piece.as_bytes()));
        mac.update(body);
        mac.finalize().into_bytes().into()
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        *self.0 = *keyed(&[], &[]);
        // What is written counts as seen: else it need not be.
        black_box(&mut self.0);
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Its frame holds the key, and the key with the pads of HMAC.
#[inline(never)]
fn keyed(key: &[u8], start: &[&str]) -> Box<Hmac<Sha1>> {
    // A key of any length is fine for HMAC, so it does not fail; an empty key's signature would be refused anyway.
    let mut mac = Box::new(Hmac::new_from_slice(key).unwrap_or_else(|_| Hmac::new(&Default::default())));
    start.iter().for_each(|piece| mac.update(piece.as_bytes()));
    mac
}

/// What the text to sign begins with: path and key, piece by piece.
pub(crate) fn start<'a>(path: &'a str, app_key: &'a str) -> [&'a str; 8] {
    let mut names = path.split('/').skip(1);
    let [p, l, a] = [(); 3].map(|()| names.next().unwrap_or_default());
    ["a=", a, "&l=", l, "&p=", p, "&k=", app_key]
}

impl<'a> StringToSign<'a> {
    /// What stands between its beginning and the body, piece by piece.
    fn middle(&self) -> [&'a str; 7] {
        ["&i=", self.senid, "&n=", self.nonce, "&t=", self.timestamp, "&f="]
    }

    /// All that comes before the body.
    fn head(&self) -> String {
        [start(self.path, self.app_key).as_slice(), &self.middle()].concat().concat()
    }
}

impl fmt::Display for StringToSign<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.head())?;
        f.write_str(self.body)
    }
}
