//! Why somebody else's signature differs from ours: the usual slips are tried one by one, then two by two.

mod variants;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use self::variants::{Part, bodies, heads, keys};
use super::{Key, StringToSign};
use crate::model::Words;
use crate::secret::wipe_stack;
use crate::wire::Secret;

/// A slip that explains a signature.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Slip {
    /// Its name, for programs: `escaped_slashes`.
    pub name: &'static str,
    /// What was done, and what to do instead.
    pub words: Words,
}

/// What [`diagnose`] finds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Diagnosis {
    /// Whether the signature is the right one.
    pub right: bool,
    /// The slips that together explain it; the last resort, [`Slip::name`] `unknown`, if none does. Empty if it is right.
    pub slips: Vec<Slip>,
}

/// Tells what somebody did otherwise who got `signature` for `text`.
///
/// `gbk` is the body in that encoding, where the caller can make it. Pairs of slips are tried with bodies of up to
/// 64 KiB only.
///
/// ```
/// use nnopen::{Secret, StringToSign, diagnose, sign};
///
/// let ours = StringToSign {
///     path: "/open/v1/services", app_key: "K", senid: "S", nonce: "1", timestamp: "2", body: r#"{"url":"https://a/b"}"#,
/// };
/// let theirs = StringToSign { body: r#"{"url":"https:\/\/a\/b"}"#, ..ours };
/// let secret = Secret::from("SECRET");
/// let found = diagnose(&secret, &ours, &sign(&secret, &theirs), None);
/// assert_eq!(found.slips[0].name, "escaped_slashes");
/// assert!(diagnose(&secret, &ours, &sign(&secret, &ours), None).right);
/// ```
pub fn diagnose(secret: &Secret, text: &StringToSign<'_>, signature: &str, gbk: Option<&[u8]>) -> Diagnosis {
    let found = explained(secret, text, signature, gbk);
    wipe_stack();
    found
}

fn explained(secret: &Secret, text: &StringToSign<'_>, signature: &str, gbk: Option<&[u8]>) -> Diagnosis {
    let (digest, form) = match read(signature) {
        Ok(read) => read,
        Err(slip) => return told(&[slip]),
    };
    let with_form = |slips: &[Slip]| told(&[slips, form.as_slice()].concat());
    let fits = |key: &Secret, head: &str, body: &[u8]| Key::new(key, &[]).mac(&[head], body) == digest;
    let (head, body) = (text.head(), text.body.as_bytes());
    if fits(secret, &head, body) {
        return match form {
            None => Diagnosis { right: true, slips: Vec::new() },
            Some(_) => with_form(&[]),
        };
    }
    // Each part as it should be, which comes with no slip, and then as it may have been.
    let (mut keys, mut heads, mut bodies) = (keys(text, secret.expose()), heads(text), bodies(text.body, gbk));
    keys.insert(0, (None, secret.clone()));
    heads.insert(0, (None, head));
    bodies.insert(0, (None, body.to_vec()));
    let one = [[true, false, false], [false, true, false], [false, false, true]];
    let two = [[true, false, true], [false, true, true], [true, true, false]];
    for [key, head, body] in one.iter().chain(two.iter().filter(|_| text.body.len() <= SHORT)) {
        for key in varied(&keys, *key) {
            for head in varied(&heads, *head) {
                for body in varied(&bodies, *body) {
                    if fits(&key.1, &head.1, &body.1) {
                        return with_form(&[key.0, head.0, body.0].into_iter().flatten().collect::<Vec<_>>());
                    }
                }
            }
        }
    }
    told(&[UNKNOWN])
}

/// The ways in which a part may be wrong, or the right one.
fn varied<T>(ways: &[Part<T>], wrong: bool) -> &[Part<T>] {
    let (right, wrongs) = ways.split_at(1);
    if wrong { wrongs } else { right }
}

/// Pairs of slips are many.
const SHORT: usize = 64 * 1024;

fn told(slips: &[Slip]) -> Diagnosis {
    Diagnosis { right: false, slips: slips.to_vec() }
}

const fn slip(name: &'static str, zh: &'static str, en: &'static str) -> Slip {
    Slip { name, words: Words { zh, en } }
}

const UNKNOWN: Slip = slip(
    "unknown",
    "常见原因都不符合：多半是 appSecret 不同（沙箱与正式环境混用），或签名时的请求体、senid、nonce、timestamp 与这里填的不同",
    "none of the usual slips fits: most likely another appSecret (sandbox and production mixed up), or another body, senid, nonce or timestamp than those given here",
);

/// The 20 bytes of a signature, and what is wrong with how it is written.
fn read(signature: &str) -> Result<([u8; 20], Option<Slip>), Slip> {
    const HEX: Slip = slip("hex", "签名应为 Base64，不是十六进制", "the signature is base64, not hex");
    const URL: Slip = slip("url_encoded_signature", "签名不要再做 URL 编码", "do not percent-encode the signature");
    const SAFE: Slip = slip(
        "url_safe_base64",
        "用标准 Base64（含 + 和 /，末尾有 =），不用 URL 安全的变体",
        "use standard base64 (with + and /, ended by =), not the URL-safe one",
    );
    const SPACE: Slip = slip(
        "plus_became_space",
        "签名里的 + 变成了空格：被当作表单解码了一次",
        "the + in the signature became a space: it was decoded as a form",
    );
    const EDGES: Slip = slip("signature_edges", "签名前后有空白或换行", "there is white space around the signature");
    let trimmed = signature.trim();
    let edges = (trimmed.len() != signature.len()).then_some(EDGES);
    let standard = |text: &str| STANDARD.decode(text).or_else(|_| STANDARD_NO_PAD.decode(text)).ok();
    let decoded = trimmed.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
    let decoded = decoded.replace("%2b", "+").replace("%2f", "/").replace("%3d", "=");
    let hex = !trimmed.is_empty() && trimmed.bytes().all(|byte| byte.is_ascii_hexdigit());
    let tries = [
        (from_hex(trimmed).filter(|bytes| hex && [16, 20, 32].contains(&bytes.len())), Some(HEX)),
        (STANDARD.decode(trimmed).ok(), edges),
        (Some(decoded.as_str()).filter(|decoded| *decoded != trimmed).and_then(standard), Some(URL)),
        (
            Some(trimmed).filter(|text| text.contains(' ')).and_then(|text| standard(&text.replace(' ', "+"))),
            Some(SPACE),
        ),
        (
            STANDARD_NO_PAD.decode(trimmed).or_else(|_| URL_SAFE_NO_PAD.decode(trimmed.trim_end_matches('='))).ok(),
            Some(SAFE),
        ),
    ];
    let Some((bytes, form)) =
        tries.into_iter().find_map(|(bytes, form)| Some((bytes.filter(|bytes| !bytes.is_empty())?, form)))
    else {
        return Err(slip(
            "no_signature",
            "这不是 Base64：没有认出签名",
            "this is no base64: no signature was made out",
        ));
    };
    match bytes.len() {
        32 => {
            Err(slip("sha256", "算法应为 HMAC-SHA1，这里用了 SHA-256", "the algorithm is HMAC-SHA1, this is SHA-256"))
        }
        16 => Err(slip("md5", "算法应为 HMAC-SHA1，这里用了 MD5", "the algorithm is HMAC-SHA1, this is MD5")),
        // The hex digits of the digest, in base64 in their turn.
        40 => match std::str::from_utf8(&bytes).ok().and_then(from_hex).and_then(|bytes| bytes.try_into().ok()) {
            Some(bytes) => Ok((
                bytes,
                Some(slip(
                    "base64_of_hex",
                    "应对 20 字节的摘要做 Base64，不是对它的十六进制文本",
                    "base64 is made of the 20 bytes of the digest, not of its hex text",
                )),
            )),
            None => Err(wrong_length()),
        },
        _ => bytes.try_into().map(|bytes| (bytes, form)).map_err(|_| wrong_length()),
    }
}

fn wrong_length() -> Slip {
    slip(
        "wrong_length",
        "签名应为 20 字节（28 个 Base64 字符）：没有复制完整",
        "a signature is 20 bytes (28 characters of base64): it was not copied whole",
    )
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let pairs = text.as_bytes().chunks(2).map(|pair| match pair {
        [high, low] => u8::try_from(digit(*high)? * 16 + digit(*low)?).ok(),
        _ => None,
    });
    pairs.collect()
}

#[cfg(test)]
mod tests;
