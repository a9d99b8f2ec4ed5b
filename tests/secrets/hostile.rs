//! Answers that give away what they should not, and the search for it. Included by the tests of core, ffi and CLI.

#![allow(dead_code, unreachable_pub, reason = "each test uses its own part")]

use std::sync::LazyLock;

/// With characters that forms, JSON and HTML escape.
pub const SECRET: &str = "S+cr/t=Key<0123456789>";
pub const TOKEN: &str = "T0ken+0f/the=Session&99";

/// A text in the spellings that a platform, a proxy or a page may give it.
pub fn spellings(text: &str) -> Vec<String> {
    let each = |spell: &dyn Fn(u8) -> String| text.bytes().map(spell).collect::<String>();
    let plain = |byte: u8| char::from(byte).to_string();
    let odd = |byte: u8| !byte.is_ascii_alphanumeric();
    let mut all = vec![
        text.to_owned(),
        each(&|byte| if odd(byte) { format!("%{byte:02X}") } else { plain(byte) }),
        each(&|byte| format!("%{byte:02x}")),
        each(&|byte| format!("\\u{byte:04x}")),
        each(&|byte| if odd(byte) { format!("\\u{byte:04X}") } else { plain(byte) }),
        each(&|byte| format!("\\\\u{byte:04x}")),
        each(&|byte| format!("&#{byte};")),
        each(&|byte| format!("&#x{byte:02X};")),
        format!("{} {}", &text[..9], &text[9..]),
        format!("{}\\r\\n\\t{}", &text[..9], &text[9..]),
    ];
    all.extend(["", "a", "ab"].map(|before| base64(format!("{before}{text}:x").as_bytes())));
    all
}

/// Status and body of answers that echo a text.
pub fn answers(echoed: &str) -> Vec<(u16, String)> {
    let mut all = Vec::new();
    for told in spellings(echoed) {
        all.extend([
            (200, format!(r#"{{"code":"E9999","describe":"bad {told}.","result":{{"echo":["{told}",{{"{told}":1}}]}}}}"#)),
            (200, format!(r#"{{"code":"{told}","describe":"bad"}}"#)),
            (200, format!(r#"{{"code":"E0000","result":[{{"orderNo":"A-1","status":"22","failCause":"{told}","{told}":"{told}"}}]}}"#)),
            (401, format!(r#"{{"error":"invalid_client","error_description":"Incorrect clientSecret[{told}]"}}"#)),
            (200, format!(r#"{{"error":"{told}"}}"#)),
            (503, format!(r#"{{"message":"{told}"}}"#)),
            (200, format!("<html><body>{told}</body></html>")),
            (500, format!("<html><body>{told}</body></html>")),
            (302, told.clone()),
            (200, format!(r#"{{"code":"{told}"#)),
            (200, format!(r#"["{told}"]"#)),
        ]);
    }
    all
}

/// Nothing of it stands in the text, in any spelling; `where_from` tells what was said.
pub fn clean(text: &str, where_from: &str) {
    static HIDDEN: LazyLock<Vec<String>> =
        LazyLock::new(|| [SECRET, TOKEN].iter().flat_map(|hidden| spellings(hidden)).collect());
    for told in HIDDEN.iter() {
        assert!(!text.contains(told), "{told} stands in {text}, after {where_from}");
    }
    let without_blanks: String = text.split_whitespace().collect();
    for hidden in [SECRET, TOKEN] {
        assert!(!without_blanks.contains(hidden), "{hidden} stands in {text}, after {where_from}");
    }
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |group: &[u8]| {
        let bits = (0..3).fold(0, |bits, at| bits << 8 | u32::from(*group.get(at).unwrap_or(&0)));
        let letters = (0..4).map(|at| char::from(LETTERS[(bits >> (18 - 6 * at)) as usize & 63]));
        letters.take(group.len() + 1).collect::<String>()
    };
    bytes.chunks(3).map(group).collect()
}
