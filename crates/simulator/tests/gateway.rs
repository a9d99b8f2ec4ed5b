//! The gateway's checks, one by one, and the signature.
#![allow(clippy::unwrap_used)]

mod client;

use client::*;
use nnopen_simulator::{Account, Options};
use serde_json::json;

/// The code and text that a bent call gets.
fn answer(bend: impl Fn(&mut Call), options: Options) -> (String, String) {
    let simulator = start(options);
    let mut call = Call::new(&sign_in(&simulator), QUERY, &json!({ "orderNos": ["none"] }));
    bend(&mut call);
    let answer = call.send(&simulator);
    let text = |name: &str| answer[name].as_str().unwrap().to_owned();
    (text("code"), text("describe"))
}

#[test]
fn a_good_call_passes_all_checks() {
    assert_eq!(answer(|_| {}, Options::default()), ("E9500".into(), "发票不存在".into()));
    assert_eq!(answer(|_| {}, Options { strict: true, ..Options::default() }).0, "E9500");
}

type Bend = fn(&mut Call);

#[test]
fn each_bent_part_has_its_code() {
    let cases: [(&str, Bend, &str, &str); 18] = [
        ("senid empty", |c| c.senid.clear(), "0201", "必填项输入参数空：senid"),
        ("nonce empty", |c| c.nonce.clear(), "0201", "必填项输入参数空：nonce"),
        ("timestamp empty", |c| c.timestamp.clear(), "0201", "必填项输入参数空：timestamp"),
        ("appkey empty", |c| c.app_key.clear(), "0201", "必填项输入参数空：appkey"),
        ("token empty", |c| c.token.clear(), "0201", "必填项输入参数空：accessToken"),
        ("method empty", |c| c.method.clear(), "0201", "必填项输入参数空：method"),
        ("userTax empty", |c| c.tax.clear(), "0201", "必填项输入参数空：userTax"),
        ("nonce of letters", |c| c.nonce = "12a".into(), "0201", "输入参数格式有误"),
        ("nonce too long", |c| c.nonce = "12345678901".into(), "0201", "输入参数格式有误"),
        ("milliseconds", |c| c.timestamp = NOW.to_string(), "0201", "输入参数格式有误"),
        ("signed timestamp", |c| c.timestamp.insert(0, '+'), "0201", "输入参数"),
        ("clock behind", |c| c.timestamp = (NOW / 1000 - 601).to_string(), "070601", "验签失败"),
        ("clock ahead", |c| c.timestamp = (NOW / 1000 + 601).to_string(), "070601", "验签失败"),
        ("unknown key", |c| c.app_key = "SD99999999".into(), "070101", "获取app密钥失败"),
        ("unknown token", |c| c.token = "0".repeat(32), "070301", "accessToken不匹配"),
        ("unknown method", |c| c.method = "nuonuo.OpeMplatform.querySomething".into(), "070501", "请求的API不存在"),
        ("other merchant", |c| c.tax = "339902999999789113".into(), "070401", "调用用户身份不匹配"),
        ("wrong secret", |c| c.secret = "SD00000000000002".into(), "070601", "签名不匹配"),
    ];
    for (name, bend, code, text) in cases {
        let got = answer(bend, Options::default());
        assert!(got.0 == code && got.1.contains(text), "{name}: {got:?}");
    }
}

#[test]
fn the_time_window_is_ten_minutes_either_way() {
    for offset in [-600, 600] {
        let got = answer(|call| call.timestamp = (NOW / 1000 + offset).to_string(), Options::default());
        assert_eq!(got.0, "E9500");
    }
}

#[test]
fn older_clients_pass_unless_strict() {
    let bends: [(Bend, &str); 4] = [
        (|c| c.senid = "20260105100000123".into(), "senid"),
        (|c| c.nonce = "2124".into(), "nonce"),
        (|c| c.nonce = "0".into(), "nonce"),
        (|c| c.nonce = "01234567".into(), "nonce"),
    ];
    for (bend, name) in bends {
        assert_eq!(answer(bend, Options::default()).0, "E9500");
        let (code, text) = answer(bend, Options { strict: true, ..Options::default() });
        assert!(code == "0201" && text.contains(name), "{text}");
    }
}

#[test]
fn header_case_counts_in_strict_mode_only() {
    for (strict, code) in [(false, "E9500"), (true, "0201")] {
        let simulator = start(Options { strict, ..Options::default() });
        let call = Call::new(&sign_in(&simulator), QUERY, &json!({ "orderNos": ["none"] }));
        for at in 0..5 {
            let mut headers = call.headers();
            headers[at].0 = headers[at].0.to_ascii_lowercase();
            let changed = headers[at].0 != call.headers()[at].0;
            let answer = raw(&simulator, &call.bytes_with(&headers)).unwrap().json();
            assert_eq!(answer["code"], if changed { code } else { "E9500" }, "{answer}");
            if strict && changed {
                assert!(answer["describe"].as_str().unwrap().contains(&call.headers()[at].0));
            }
        }
    }
}

#[test]
fn the_content_type_is_json_in_utf8() {
    let simulator = simulator();
    let call = Call::new(&sign_in(&simulator), QUERY, &json!({ "orderNos": ["none"] }));
    let types = [
        ("application/json", "E9500"),
        ("application/json;charset=utf-8", "E9500"),
        ("application/json; charset=UTF-8", "E9500"),
        ("application/json;charset=gbk", "0201"),
        ("text/plain", "0201"),
        ("application/x-www-form-urlencoded", "0201"),
    ];
    for (content_type, code) in types {
        let mut headers = call.headers();
        headers[0].1 = content_type.to_owned();
        let answer = raw(&simulator, &call.bytes_with(&headers)).unwrap().json();
        assert_eq!(answer["code"], code, "{content_type}");
    }
}

#[test]
fn a_body_that_changed_after_signing_does_not_fit() {
    let simulator = simulator();
    let call = Call::new(&sign_in(&simulator), QUERY, &json!({ "orderNos": ["none"] }));
    let mut later = call.clone();
    later.body.push('\n');
    let answer = raw(&simulator, &later.bytes_with(&call.headers())).unwrap().json();
    assert_eq!((answer["code"].as_str(), answer["describe"].as_str()), (Some("070601"), Some("签名不匹配")));
    let record = simulator.requests().pop().unwrap();
    assert!(record.note.unwrap().starts_with("string to sign: a=services&l=v1&p=open&k=SD00000001&i=0123"));
}

#[test]
fn an_app_may_call_only_what_it_has_applied_for() {
    let account = Account { methods: Some(vec![ISSUE.into()]), ..Account::default() };
    let (code, text) = answer(|_| {}, Options { accounts: vec![account], ..Options::default() });
    assert_eq!((code.as_str(), text.as_str()), ("070302", "APP未申请该资源"));
}

#[test]
fn a_self_use_app_in_production_may_leave_user_tax_empty() {
    let account = Account::self_use("00000001", "0000000000000001", TAX);
    let simulator = start(Options { accounts: vec![account], ..Options::default() });
    let fields =
        [("client_id", "00000001"), ("client_secret", "0000000000000001"), ("grant_type", "client_credentials")];
    let token = token(&simulator, &fields)["access_token"].as_str().unwrap().to_owned();
    let call = Call {
        app_key: "00000001".into(),
        secret: "0000000000000001".into(),
        tax: String::new(),
        ..Call::new(&token, ISSUE, &json!({ "order": order("U-1") }))
    };
    assert_eq!(call.send(&simulator)["code"], "E0000");
    let mut other = order("U-2");
    other["salerTaxNum"] = "339902999999789113".into();
    let call = Call { body: json!({ "order": other }).to_string(), ..call };
    assert_eq!(call.send(&simulator)["code"], "E9301");
}

/// Signatures that were made elsewhere: one by the vendor's Python SDK, the others with OpenSSL.
#[test]
fn signatures_made_elsewhere_fit() {
    let at = "1700000000";
    let chinese = r#"{"name":"中文"}"#;
    let pretty = "{\r\n\t\"identity\": \"0\"\r\n}";
    let cases = [
        ("app", "secret", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "12345678", chinese, "4BzcKzrcoqxPis0W/W3X2ae0uIo="),
        (KEY, "SD0123456789ABCD", "0123456789abcdef0123456789abcdef", "12345678", "{}", "wt7EbaBkk/ERKzv8v2vxuMJWK80="),
        (
            KEY,
            "SD0123456789ABCD",
            "0123456789abcdef0123456789abcdef",
            "12345678",
            pretty,
            "6UidXKwL2X0OzVjbAWrHHGRBfjY=",
        ),
        (
            KEY,
            "SD0123456789ABCD",
            "0123456789abcdef0123456789abcdef",
            "10000",
            r#"{"a":1}"#,
            "0Fo1xbyFmuimXKmGvjERsvdmMUQ=",
        ),
        (KEY, "SD0123456789ABCD", "0123456789abcdef0123456789abcdef", "12345678", "", "PnOxjR/pFYml5j0UeiL1VCRXpt4="),
        (
            KEY,
            "SD0123456789ABCD",
            "0123456789abcdef0123456789abcdef",
            "12345678",
            "plain text, 不是 JSON",
            "lBWI0RnUaZNZe5p5KnyHWVB5/rg=",
        ),
        (
            KEY,
            "密钥-ключ-🔑",
            "0123456789abcdef0123456789abcdef",
            "12345678",
            r#"{"a":1}"#,
            "MB0qySS4uhDD4i+l+/yJIRKk2v4=",
        ),
    ];
    for (key, secret, senid, nonce, body, signature) in cases {
        let account =
            Account { fixed_token: Some("fixed".into()), sandbox: true, ..Account::self_use(key, secret, TAX) };
        let simulator = start(Options { accounts: vec![account], ..Options::default() });
        simulator.clock().set(1_700_000_000_000);
        let mut call = Call::new("fixed", QUERY, &json!({}));
        (call.app_key, call.senid, call.nonce) = (key.into(), senid.into(), nonce.into());
        (call.timestamp, call.body) = (at.into(), body.into());
        let mut headers = call.headers();
        headers[1].1 = signature.to_owned();
        let answer = raw(&simulator, &call.bytes_with(&headers)).unwrap().json();
        assert_ne!(answer["code"], "070601", "{body}: {answer}");
        headers[1].1 = signature.replace('=', "");
        let answer = raw(&simulator, &call.bytes_with(&headers)).unwrap().json();
        assert_eq!(answer["code"], "070601", "{body}");
    }
}
