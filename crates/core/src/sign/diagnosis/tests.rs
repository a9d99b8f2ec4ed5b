use super::*;
use crate::sign::sign;

const BODY: &str = r#"{"order":{"buyerName":"示例公司","url":"https://a/b?c=1&d=2","note":null,"amount":"1.00"}}"#;
const OURS: StringToSign<'_> = StringToSign {
    path: "/open/v1/services",
    app_key: "SD00000001",
    senid: "0123456789abcdef0123456789abcdef",
    nonce: "12345678",
    timestamp: "1700000000",
    body: BODY,
};
const SECRET: &str = "SD00000000000001";

fn names(signature: &str, gbk: Option<&[u8]>) -> Vec<&'static str> {
    let found = diagnose(&SECRET.into(), &OURS, signature, gbk);
    assert_eq!(found.right, found.slips.is_empty());
    found.slips.iter().map(|slip| slip.name).collect()
}

fn theirs(secret: &str, text: StringToSign<'_>) -> String {
    sign(&secret.into(), &text)
}

fn of_body(body: &str) -> String {
    theirs(SECRET, StringToSign { body, ..OURS })
}

#[test]
fn the_right_signature_is_right() {
    assert_eq!(names(&theirs(SECRET, OURS), None), [""; 0]);
}

/// What other languages' libraries make of the same order, written by hand.
#[test]
fn a_body_that_was_changed_is_told() {
    let bodies = [
        (
            "escaped_slashes",
            r#"{"order":{"buyerName":"示例公司","url":"https:\/\/a\/b?c=1&d=2","note":null,"amount":"1.00"}}"#,
        ),
        (
            "escaped_unicode",
            r#"{"order":{"buyerName":"\u793a\u4f8b\u516c\u53f8","url":"https://a/b?c=1&d=2","note":null,"amount":"1.00"}}"#,
        ),
        (
            "escaped_slashes_and_unicode",
            r#"{"order":{"buyerName":"\u793a\u4f8b\u516c\u53f8","url":"https:\/\/a\/b?c=1&d=2","note":null,"amount":"1.00"}}"#,
        ),
        (
            "escaped_html",
            r#"{"order":{"buyerName":"示例公司","url":"https://a/b?c\u003d1\u0026d\u003d2","note":null,"amount":"1.00"}}"#,
        ),
        (
            "serialised_again",
            r#"{"order": {"buyerName": "示例公司", "url": "https://a/b?c=1&d=2", "note": null, "amount": "1.00"}}"#,
        ),
        (
            "serialised_again",
            r#"{"order": {"buyerName": "\u793a\u4f8b\u516c\u53f8", "url": "https://a/b?c=1&d=2", "note": null, "amount": "1.00"}}"#,
        ),
        (
            "sorted_members",
            r#"{"order":{"amount":"1.00","buyerName":"示例公司","note":null,"url":"https://a/b?c=1&d=2"}}"#,
        ),
        ("nulls_dropped", r#"{"order":{"buyerName":"示例公司","url":"https://a/b?c=1&d=2","amount":"1.00"}}"#),
        (
            "byte_order_mark",
            "\u{feff}{\"order\":{\"buyerName\":\"示例公司\",\"url\":\"https://a/b?c=1&d=2\",\"note\":null,\"amount\":\"1.00\"}}",
        ),
        ("no_body", ""),
    ];
    for (name, body) in bodies {
        assert_eq!(names(&of_body(body), None), [name], "{body}");
    }
    assert_eq!(names(&of_body(&format!("{BODY}\n")), None), ["newline"]);
}

#[test]
fn a_secret_or_a_part_that_is_another_is_told() {
    let with = |change: fn(&mut StringToSign<'_>)| {
        let mut text = OURS;
        change(&mut text);
        theirs(SECRET, text)
    };
    let told = [
        ("secret_edges", theirs("SD00000000000001\n", OURS)),
        ("key_for_secret", theirs("SD00000001", OURS)),
        ("secret_case", theirs("sd00000000000001", OURS)),
        ("time_unit", with(|text| text.timestamp = "1700000000000")),
        ("swapped", with(|text| (text.senid, text.nonce) = (text.nonce, text.senid))),
        ("path_pieces", with(|text| text.path = "/services/v1/open")),
        ("unknown", theirs("SD00000000000002", OURS)),
    ];
    for (name, signature) in told {
        assert_eq!(names(&signature, None), [name]);
    }
}

#[test]
fn two_slips_at_once_are_told_both() {
    let text = StringToSign { timestamp: "1700000000000", body: "", ..OURS };
    assert_eq!(names(&theirs(SECRET, text), None), ["time_unit", "no_body"]);
}

#[test]
fn another_encoding_is_told() {
    let gbk = BODY.replace("示例公司", "....");
    let mut bytes = gbk.into_bytes();
    let at = bytes.windows(4).position(|window| window == b"....").unwrap();
    bytes.splice(at..at + 4, [0xca, 0xbe, 0xc0, 0xfd, 0xb9, 0xab, 0xcb, 0xbe]);
    let signature = STANDARD.encode(Key::new(&SECRET.into(), &[]).mac(&[&OURS.head()], &bytes));
    assert_eq!(names(&signature, Some(&bytes)), ["gbk"]);
    assert_eq!(names(&signature, None), ["unknown"]);
    let marks = BODY.replace("示例公司", "????");
    assert_eq!(names(&of_body(&marks), None), ["latin1"]);
}

#[test]
fn a_signature_that_is_written_otherwise_is_told() {
    let right = theirs(SECRET, OURS);
    let bytes = STANDARD.decode(&right).unwrap();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let told = [
        ("hex", hex.clone()),
        ("base64_of_hex", STANDARD.encode(&hex)),
        ("url_encoded_signature", right.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")),
        ("signature_edges", format!("{right}\n")),
        ("url_safe_base64", right.trim_end_matches('=').to_owned()),
        ("sha256", STANDARD.encode([7; 32])),
        ("md5", "00112233445566778899aabbccddeeff".to_owned()),
        ("wrong_length", STANDARD.encode([7; 19])),
        ("no_signature", "no signature!".to_owned()),
        ("no_signature", String::new()),
    ];
    for (name, signature) in told {
        assert_eq!(names(&signature, None), [name], "{signature}");
    }
}

#[test]
fn nothing_odd_is_too_much() {
    let texts = ["", "é", "\u{0}", "a=b&f=", "\u{1f600}", &"x".repeat(200_000), "{\"a\":", "[[[[1e999]]]]"];
    for text in texts {
        for signature in texts.into_iter().chain([theirs(SECRET, OURS).as_str()]) {
            let text = StringToSign { path: text, timestamp: text, body: text, ..OURS };
            assert!(!diagnose(&SECRET.into(), &text, signature, Some(b"\xff")).slips.is_empty());
        }
    }
}
