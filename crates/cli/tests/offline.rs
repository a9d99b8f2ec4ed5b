//! The commands that need no network: their contract with scripts.
#![allow(clippy::unwrap_used, unreachable_pub)]

mod common;

use common::{APP_KEY, ISSUE, QUERY, SECRET, TAX_NUM, finish, nnopen, plain};
use serde_json::{Value, json};

fn sign(args: &[&str], body: &[u8], token: Option<&str>) -> common::Ran {
    let mut command = nnopen(&[&["sign", "--json"], args].concat());
    command.env("NNOPEN_APP_KEY", APP_KEY).env("NNOPEN_APP_SECRET", SECRET).env("NNOPEN_TAX_NUM", TAX_NUM);
    if let Some(token) = token {
        command.env("NNOPEN_TOKEN", token);
    }
    finish(command, body)
}

const STAMP: [&str; 8] = [
    "--method",
    ISSUE,
    "--senid",
    "0123456789abcdef0123456789abcdef",
    "--nonce",
    "12345678",
    "--timestamp",
    "1700000000",
];

#[test]
fn a_body_is_signed_byte_for_byte() {
    let body = "{ \"名\" : 1.0,\r\n\"x\":\"\\u00e9\\/\" }\n";
    let ran = sign(&STAMP, body.as_bytes(), Some("0123456789abcdef"));
    assert_eq!(ran.code, 0, "{ran:?}");
    let json = ran.json();
    let query = "senid=0123456789abcdef0123456789abcdef&nonce=12345678&timestamp=1700000000&appkey=SD00000001";
    assert_eq!(json["url"], format!("https://sandbox.nuonuocs.cn/open/v1/services?{query}"));
    assert_eq!(json["body"], body);
    let head = "a=services&l=v1&p=open&k=SD00000001&i=0123456789abcdef0123456789abcdef&n=12345678&t=1700000000&f=";
    assert_eq!(json["canonical"], format!("{head}{body}"));
    let headers = json["headers"].as_array().unwrap();
    let names: Vec<&str> = headers.iter().map(|header| header[0].as_str().unwrap()).collect();
    assert_eq!(names, ["Content-Type", "X-Nuonuo-Sign", "accessToken", "userTax", "method"]);
    assert_eq!(headers[1][1], json["signature"]);
    assert_eq!(json["signature"].as_str().unwrap().len(), 28);
    let members: Vec<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(members, ["url", "headers", "body", "canonical", "signature"]);
    ran.keeps(&[SECRET]);
}

#[test]
fn an_empty_body_and_a_fresh_stamp_are_fine() {
    let ran = sign(&["--method", QUERY], b"", Some("0123456789abcdef"));
    assert_eq!((ran.code, &ran.json()["body"]), (0, &json!("")));
    let other = sign(&["--method", QUERY], b"", Some("0123456789abcdef"));
    assert_ne!(ran.json()["url"], other.json()["url"]);
}

#[test]
fn what_can_not_be_signed_is_refused() {
    for (ran, why) in [
        (sign(&STAMP, b"\xff", Some("0123456789abcdef")), "no UTF-8"),
        (sign(&STAMP, b"{}", None), "no token"),
        (sign(&STAMP, b"{}", Some("a\nb")), "a broken token"),
        (sign(&["--method", "a\nb"], b"{}", Some("0123456789abcdef")), "a broken name"),
        (sign(&["--method", QUERY, "--nonce", "1\n2"], b"{}", Some("0123456789abcdef")), "a broken nonce"),
    ] {
        assert_eq!((ran.code, &ran.json()["kind"]), (2, &json!("input")), "{why}: {ran:?}");
        ran.keeps(&[SECRET, "0123456789abcdef"]);
    }
    assert_eq!(plain(&["sign", "--json"], b"").code, 3);
}

#[test]
fn params_are_checked_all_at_once() {
    let ran = plain(&["check", QUERY, "--json"], br#"{"serialNos": "x", "orderNo": ["A"]}"#);
    let json = ran.json();
    assert_eq!((ran.code, &json["ok"], &json["body"]), (2, &json!(false), &Value::Null));
    let violations = json["violations"].as_array().unwrap();
    assert!(violations.len() >= 2, "{json}");
    for violation in violations {
        let members: Vec<&String> = violation.as_object().unwrap().keys().collect();
        assert_eq!(members, ["path", "rule", "severity", "code", "message"]);
    }
    let ran = plain(&["check", QUERY, "--json"], br#"{"orderNos": [ "A" ]}"#);
    assert_eq!((ran.code, ran.json()), (0, json!({"ok": true, "violations": [], "body": r#"{"orderNos":["A"]}"#})));
    let ran = plain(&["check", QUERY, "--json"], br#"{"orderNos": ["A"], "colour": 1.50}"#);
    let json = ran.json();
    assert_eq!((ran.code, &json["ok"], &json["violations"][0]["severity"]), (0, &json!(true), &json!("warning")));
    assert_eq!(json["body"], r#"{"orderNos":["A"],"colour":1.50}"#);
}

#[test]
fn broken_params_are_one_violation_at_the_top() {
    for stdin in [&b""[..], b"{", b"\xff\xfe", b"nul", b"{} {}"] {
        let ran = plain(&["check", QUERY, "--json"], stdin);
        let json = ran.json();
        assert_eq!((ran.code, &json["ok"], &json["body"]), (2, &json!(false), &Value::Null), "{stdin:?}");
        assert_eq!(json["violations"][0]["path"], "", "{stdin:?}");
    }
    let ran = plain(&["check", "nuonuo.no.such", "--json"], b"{}");
    assert_eq!((ran.code, &ran.json()["violations"][0]["path"]), (2, &json!("")));
}

#[test]
fn messages_come_in_the_chosen_language() {
    let mut command = nnopen(&["check", QUERY, "--json"]);
    command.env("NNOPEN_LANG", "en");
    let message = finish(command, b"{}").json()["violations"][0]["message"].to_string();
    assert!(message.is_ascii(), "{message}");
    let message = plain(&["check", QUERY, "--json"], b"{}").json()["violations"][0]["message"].to_string();
    assert!(!message.is_ascii(), "{message}");
}

#[test]
fn a_refused_order_is_summed_up_in_the_chosen_language() {
    let order = br#"{"order":{"orderNo":"A-1"}}"#;
    let zh = plain(&["issue", "-", "--json"], order);
    let mut command = nnopen(&["issue", "-", "--json"]);
    command.env("NNOPEN_LANG", "en");
    let en = finish(command, order);
    assert_eq!((zh.code, en.code), (2, 2));
    let first = |ran: &common::Ran| ran.json()["describe"].as_str().unwrap().to_owned();
    assert!(first(&zh).starts_with("order.buyerName: 必填") && first(&zh).ends_with(" 处错误）"), "{zh:?}");
    assert!(first(&en).starts_with("order.buyerName: is required") && first(&en).ends_with(" more)"), "{en:?}");
    let told = zh.json();
    let paths: Vec<&str> =
        told["violations"].as_array().unwrap().iter().map(|wrong| wrong["path"].as_str().unwrap()).collect();
    for path in ["order.buyerName", "order.salerTaxNum", "order.invoiceDetail"] {
        assert!(zh.err.contains(path) && en.err.contains(path) && paths.contains(&path), "{path}");
    }
}

#[test]
fn answers_are_read_whatever_they_are() {
    let read = |method: &str, status: &str, body: &[u8]| {
        let ran = plain(&["read", method, "--status", status, "--json"], body);
        let json = ran.json();
        let members: Vec<String> = json.as_object().unwrap().keys().cloned().collect();
        assert_eq!(
            members,
            ["ok", "kind", "code", "describe", "hint_zh", "hint_en", "violations", "retryAt", "result"]
        );
        (ran.code, json)
    };
    let (code, json) =
        read(QUERY, "200", r#"{"code":"E0000","describe":"获取成功","result":[{"status":"2"}]}"#.as_bytes());
    assert_eq!(code, 0);
    assert_eq!(
        json,
        json!({"ok": true, "kind": null, "code": "E0000", "describe": "获取成功", "hint_zh": null, "hint_en": null, "violations": [], "retryAt": null, "result": [{"status": "2"}]})
    );
    let (code, json) = read(QUERY, "200", br#"{"code":200,"message":"ok","data":{"a":1.50}}"#);
    assert_eq!((code, &json["code"], json["result"].to_string()), (0, &json!("200"), r#"{"a":1.50}"#.to_owned()));
    let (code, json) = read(QUERY, "200", br#"{"code":"070301","describe":"x"}"#);
    assert_eq!((code, &json["kind"], &json["code"]), (4, &json!("auth"), &json!("070301")));
    assert!(json["hint_zh"].is_string() && json["hint_en"].is_string());
    let (code, json) = read(ISSUE, "200", br#"{"code":"E9106","describe":"x"}"#);
    assert_eq!((code, &json["kind"]), (5, &json!("platform")));
    for (method, status, body, exit) in [
        (QUERY, "200", &b"<html>"[..], 6),
        (QUERY, "200", b"", 6),
        (QUERY, "200", b"\xff", 6),
        (QUERY, "503", b"", 7),
        (ISSUE, "503", b"", 8),
        (ISSUE, "200", b"{\"code\":", 8),
        (ISSUE, "200", br#"{"code":"E7777777"}"#, 8),
        ("nuonuo.no.such", "200", b"[]", 8),
    ] {
        let (code, json) = read(method, status, body);
        assert_eq!((code, &json["ok"]), (exit, &json!(false)), "{method} {status} {body:?}");
    }
    assert_eq!(read("nuonuo.no.such", "200", br#"{"code":"E0000","result":"x"}"#).0, 0);
}

#[test]
fn codes_and_methods_are_explained() {
    let ran = plain(&["explain", "E9106", "--json"], b"");
    let json = ran.json();
    assert_eq!((ran.code, &json["entries"][0]["freesOrder"]), (0, &json!(false)));
    assert_eq!(plain(&["explain", "no-such-code", "--json"], b"").code, 2);
    // A part of what the platform says, what is a part of it, and a code that nobody knows.
    let codes = |text: &str| {
        let json = plain(&["explain", text, "--json"], b"").json();
        let list: Vec<String> = json["entries"].as_array().unwrap().iter().map(|one| one["code"].to_string()).collect();
        (list, json["failCause"]["text"].clone(), json["family"]["en"].clone())
    };
    assert_eq!(codes("流水号不能重复").0, ["\"E9106\""]);
    assert_eq!(codes("提交失败：账号未加入任何企业，请处理").1, "未加入任何企业");
    assert_eq!(codes("E9777").2, "an unknown code of the business system");
    assert_eq!(codes("079999").2, "an unknown code of the gateway");
    let json = plain(&["methods", "queryInvoiceResult", "--json"], b"").json();
    assert!(json["methods"].as_array().unwrap().iter().any(|method| method["name"] == QUERY), "{json}");
    assert!(plain(&["methods", QUERY], b"").out.contains("orderNos"));
    let json = plain(&["methods", "冲红", "--json"], b"").json();
    let names: Vec<&str> = json["methods"].as_array().unwrap().iter().filter_map(|one| one["name"].as_str()).collect();
    for name in ["nuonuo.OpeMplatform.saveInvoiceRedConfirm", "nuonuo.ElectronInvoice.cancelInvoiceRedApply"] {
        assert!(names.contains(&name), "{names:?}");
    }
    for words in ["作废", "Void", "报税信息", "极速开票", "credit line"] {
        assert_eq!(plain(&["methods", words], b"").code, 0, "{words}");
    }
    assert_eq!(plain(&["methods", "nothing-like-it"], b"").code, 2);
}

#[test]
fn a_command_line_that_is_not_understood_is_usage() {
    for args in [&["bogus"][..], &[], &["query"], &["read", QUERY, "--status", "x"], &["simulate", "--cert-out", "x"]] {
        assert_eq!(plain(args, b"").code, 3, "{args:?}");
    }
    assert_eq!(plain(&["bogus", "--json"], b"").json()["kind"], "usage");
    for args in [&["--help"][..], &["help"], &["help", "issue"], &["sign", "-h"], &["--version"]] {
        let ran = plain(args, b"");
        assert!(ran.code == 0 && !ran.out.is_empty(), "{args:?}");
    }
}

#[test]
fn settings_that_are_missing_or_wrong_are_named() {
    let ran = plain(&["token", "--json"], b"");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("NNOPEN_APP_KEY") && ran.err.contains("NNOPEN_APP_SECRET"), "{ran:?}");
    for (name, value) in [
        ("NNOPEN_ENV", "test"),
        ("NNOPEN_ROLE", "me"),
        ("NNOPEN_URL", "http://example.com/open/v1/services"),
        ("NNOPEN_URL", "https://example.com"),
        ("NNOPEN_TAX_NUM", "a\nb"),
    ] {
        let mut command = nnopen(&["query", "A"]);
        command.env("NNOPEN_APP_KEY", APP_KEY).env("NNOPEN_APP_SECRET", SECRET).env(name, value);
        let ran = finish(command, b"");
        assert!(ran.code == 2 && ran.err.contains(name), "{name}={value}: {ran:?}");
        assert!(!name.ends_with("ENV") || ran.err.contains("test") && ran.err.contains("production"), "{ran:?}");
        ran.keeps(&[SECRET]);
    }
}

#[cfg(unix)]
#[test]
fn a_settings_file_with_a_secret_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;

    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("config");
    let text = format!(
        "# test\nNNOPEN_APP_KEY={APP_KEY}\nNNOPEN_APP_SECRET = \"{SECRET}\"\nNNOPEN_TOKEN=0123456789abcdef\nNNOPEN_TAX_NUM={TAX_NUM}\n"
    );
    std::fs::write(&path, text).unwrap();
    let run = |mode: u32| {
        std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
        let mut command = nnopen(&["sign", "--method", QUERY, "--json"]);
        command.env("NNOPEN_CONFIG", &path);
        finish(command, b"{}")
    };
    assert_eq!(run(0o600).code, 0);
    let open = run(0o644);
    assert!(open.code == 2 && open.json()["hint_zh"].to_string().contains("chmod 600"), "{open:?}");
    open.keeps(&[SECRET]);
    std::fs::write(&path, format!("NNOPEN_APP_SECRT={SECRET}\n")).unwrap();
    let typo = run(0o600);
    assert!(typo.code == 2 && typo.err.contains(":1"), "{typo:?}");
    typo.keeps(&[SECRET]);
}
