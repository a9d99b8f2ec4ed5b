//! What a body or an address is, by its shape.
#![allow(clippy::unwrap_used, unreachable_pub)]

mod common;

use common::plain;
use nnopen::{Method, Type};

const SHAPES: &[(&str, &str, bool)] = &[
    ("v1_gateway_url", "https://sdk.jss.com.cn/openPlatform/services", true),
    ("identity_url", "https://nnfp.jss.com.cn/shop/buyer/allow/cxfKp/cxfServerKpOrderSync.action", true),
    ("service_url", "https://sdk.nuonuo.com/open/v1/services?senid=1&nonce=2&timestamp=3&appkey=4", false),
    ("token_url", "https://open.nuonuo.com/accessToken", false),
    ("string_to_sign", "a=services&l=v1&p=open&k=SD00000001&i=1&n=2&t=3&f={}", false),
    ("v1_request", "param=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8%253D", true),
    ("v1_request", "param=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8%3D", true),
    (
        "v1_plain",
        r#"{"public":{"method":"m","version":"V1","timestamp":"1700000000000"},"private":{"servicedata":[]}}"#,
        true,
    ),
    ("identity_request", "order=AAECAwQFBgcICQoLDA0ODxAREhMUFRYX", true),
    ("identity_plain", r#"{"identity":"0123","order":{"orderno":"1","detail":[{"goodsname":"1"}]}}"#, true),
    ("identity_answer", r#"{"status":"0000","message":"同步成功","fpqqlsh":"16111511111101000001"}"#, true),
    ("identity_answer", r#"{"result":"success","list":[],"error_msg":""}"#, true),
    ("scan_lookup", "operater=queryInfoByOrderId&orderno=1", true),
    ("push", "operater=callback&orderno=1&content=%7B%7D", false),
    ("push", r#"{"operater":"redConfirmCallback","billId":"1","content":{}}"#, false),
    ("token_request", "client_id=SD00000001&client_secret=SD00000000000001&grant_type=client_credentials", false),
    ("token_answer", r#"{"access_token":"0123","expires_in":86400}"#, false),
    ("token_answer", r#"{"error":"070307","error_description":"Incorrect appType"}"#, false),
    ("answer", r#"{"code":"E0000","describe":"ok","result":{}}"#, false),
    ("answer", r#"{"code":"0000","msg":"ok","data":[]}"#, false),
    ("params", r#"{"serialNos":["1"]}"#, false),
    ("hex", "00112233445566778899aabbccddeeff", true),
    ("xml", "<?xml version=\"1.0\"?><REQUEST_COMMON_FPKJ/>", true),
];

#[test]
fn each_shape_is_known_and_nothing_is_told_again() {
    for (name, text, legacy) in SHAPES {
        let ran = plain(&["explain-body", "--json"], text.as_bytes());
        let json = ran.json();
        assert_eq!((ran.code, &json["shape"], &json["legacy"]), (0, &(*name).into(), &(*legacy).into()), "{text}");
        ran.keeps(&["SD00000001", "SD00000000000001", "16111511111101000001"]);
    }
    for text in ["", "{}", "hello", "param=short", "order=not base64!", "<html></html>", r#"{"nobody":"knows"}"#] {
        assert_eq!(plain(&["explain-body", "--json"], text.as_bytes()).code, 2, "{text}");
    }
}

#[test]
fn old_names_lead_to_members_that_are_there() {
    let ran = plain(&["explain-body", "--json"], br#"order=AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"#);
    let renamed = ran.json()["renamed"].clone();
    let order = Method::find(common::ISSUE).unwrap().params.fields.iter().find(|field| field.name == "order").unwrap();
    let Type::Shape(order) = order.kind else { panic!("order is an object") };
    let Some(Type::List(Type::Shape(line))) =
        order.fields.iter().find(|field| field.name == "invoiceDetail").map(|field| field.kind)
    else {
        panic!("invoiceDetail is a list")
    };
    let names: Vec<&str> = order.fields.iter().chain(line.fields).map(|field| field.name.as_str()).collect();
    let renamed = renamed.as_object().unwrap();
    assert!(renamed.len() > 20, "{renamed:?}");
    for (old, new) in renamed {
        assert!(names.contains(&new.as_str().unwrap()), "{old} → {new}");
    }
}

#[test]
fn the_md5_before_a_plain_text_is_checked() {
    // MD5 of "abc", as in RFC 1321.
    let hex = "900150983cd24fb0d6963f7d28e17f72";
    let raw: Vec<u8> = (0..32).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
    for digest in [raw.as_slice(), hex.as_bytes(), hex.to_uppercase().as_bytes()] {
        assert_eq!(plain(&["explain-body", "--plain"], &[digest, b"abc"].concat()).code, 0);
        assert_eq!(plain(&["explain-body", "--plain"], &[digest, b"abc\n"].concat()).code, 2);
    }
    assert_eq!(plain(&["explain-body", "--plain"], b"").code, 2);
}
