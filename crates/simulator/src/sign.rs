//! The signature of a service call, computed here from the platform's description, not with the core's code.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// What one request signs.
pub(crate) struct Signed<'a> {
    pub(crate) path: &'a str,
    pub(crate) app_key: &'a str,
    pub(crate) senid: &'a str,
    pub(crate) nonce: &'a str,
    pub(crate) timestamp: &'a str,
    pub(crate) body: &'a [u8],
}

impl Signed<'_> {
    /// The bytes under the signature: `a=…&l=…&p=…&k=…&i=…&n=…&t=…&f=` and the body as it came.
    pub(crate) fn canonical(&self) -> Vec<u8> {
        let mut pieces = self.path.split('/').skip(1);
        let (p, l, a) = (pieces.next(), pieces.next(), pieces.next());
        let [p, l, a] = [p, l, a].map(Option::unwrap_or_default);
        let (k, i, n, t) = (self.app_key, self.senid, self.nonce, self.timestamp);
        let mut bytes = format!("a={a}&l={l}&p={p}&k={k}&i={i}&n={n}&t={t}&f=").into_bytes();
        bytes.extend_from_slice(self.body);
        bytes
    }

    /// Base64 of the HMAC-SHA1 of [`canonical`](Signed::canonical).
    pub(crate) fn signature(&self, secret: &str) -> String {
        STANDARD.encode(self.mac(secret).finalize().into_bytes())
    }

    /// Whether `signature` is that of this request.
    pub(crate) fn fits(&self, secret: &str, signature: &str) -> bool {
        STANDARD.decode(signature).is_ok_and(|bytes| self.mac(secret).verify_slice(&bytes).is_ok())
            && self.signature(secret) == signature
    }

    fn mac(&self, secret: &str) -> Hmac<Sha1> {
        // HMAC takes a key of any length; the fallback is never reached.
        let mut mac = <Hmac<Sha1> as KeyInit>::new_from_slice(secret.as_bytes())
            .unwrap_or_else(|_| <Hmac<Sha1> as KeyInit>::new(&Default::default()));
        mac.update(&self.canonical());
        mac
    }
}
