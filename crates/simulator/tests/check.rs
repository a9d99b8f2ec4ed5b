//! Bodies against the model: each fault with the platform's code, and what passes.
#![allow(clippy::unwrap_used)]

mod client;

use client::*;
use nnopen_simulator::{Account, Options};
use serde_json::{Value, json};

fn code_of(bend: impl Fn(&mut Value)) -> (String, String) {
    let simulator = simulator();
    let client = Client::new(&simulator);
    let mut body = order("C-1");
    bend(&mut body);
    let answer = client.issue(&body);
    (answer["code"].as_str().unwrap().into(), answer["describe"].as_str().unwrap().into())
}

type Bend = fn(&mut Value);

#[test]
fn each_fault_of_an_order_has_its_code() {
    let cases: [(&str, Bend, &str, &str); 34] = [
        ("nothing wrong", |_| {}, "E0000", ""),
        ("numbers as numbers", |o| o["invoiceDetail"][0]["taxRate"] = json!(0.06), "E0000", ""),
        ("unknown member", |o| o["somethingNew"] = json!({ "a": 1 }), "E0000", ""),
        ("unknown open code", |o| o["showCheckerType"] = "7".into(), "E0000", ""),
        ("no buyer", |o| o["buyerName"] = Value::Null, "E4000", "order.buyerName"),
        ("empty buyer", |o| o["buyerName"] = "".into(), "E4000", "order.buyerName"),
        ("buyer is an object", |o| o["buyerName"] = json!({}), "E4000", "order.buyerName"),
        ("long buyer", |o| o["buyerName"] = "长".repeat(101).into(), "E4000", "order.buyerName"),
        ("buyer of 100", |o| o["buyerName"] = "长".repeat(100).into(), "E0000", ""),
        ("bad date", |o| o["invoiceDate"] = "2026-02-30 00:00:00".into(), "E4000", "order.invoiceDate"),
        ("type 3", |o| o["invoiceType"] = "3".into(), "E9101", "开票类型错误"),
        ("no type", |o| o["invoiceType"] = "".into(), "E9101", ""),
        ("other seller", |o| o["salerTaxNum"] = "339902999999789113".into(), "E9302", "身份认证"),
        ("no lines", |o| o["invoiceDetail"] = json!([]), "E9122", "商品详情为空"),
        ("lines as an object", |o| o["invoiceDetail"] = o["invoiceDetail"][0].clone(), "E4000", "order.invoiceDetail"),
        ("short goods code", |o| o["invoiceDetail"][0]["goodsCode"] = "304020".into(), "E9138", ""),
        ("long goods code", |o| o["invoiceDetail"][0]["goodsCode"] = "1".repeat(20).into(), "E9138", ""),
        (
            "no goods name",
            |o| o["invoiceDetail"][0]["goodsName"] = "".into(),
            "E4000",
            "order.invoiceDetail[0].goodsName",
        ),
        ("proxy flag 2", |o| o["proxyInvoiceFlag"] = "2".into(), "E9107", ""),
        ("long mail", |o| o["email"] = "a".repeat(51).into(), "E9104", ""),
        ("amount of 21", |o| o["invoiceDetail"][0]["taxIncludedAmount"] = "1".repeat(21).into(), "E9124", ""),
        ("amount of letters", |o| o["invoiceDetail"][0]["taxIncludedAmount"] = "1,06".into(), "E9125", ""),
        ("ex of 21", |o| o["invoiceDetail"][0]["taxExcludedAmount"] = "1".repeat(21).into(), "E9126", ""),
        ("ex of letters", |o| o["invoiceDetail"][0]["taxExcludedAmount"] = "1e2".into(), "E9127", ""),
        ("tax of 21", |o| o["invoiceDetail"][0]["tax"] = "1".repeat(21).into(), "E9128", ""),
        ("tax of letters", |o| o["invoiceDetail"][0]["tax"] = "￥6".into(), "E9129", ""),
        ("sum off by a cent", |o| o["invoiceDetail"][0]["tax"] = "6.01".into(), "E9130", "不等于含税金额"),
        (
            "tax off by 0.07",
            |o| o["invoiceDetail"] = json!([line("电脑", "100.00", "6.07", "106.07", "0")]),
            "E9131",
            "明细行名称:电脑,第1行",
        ),
        (
            "tax off by 0.06",
            |o| o["invoiceDetail"] = json!([line("电脑", "100.00", "6.06", "106.06", "0")]),
            "E0000",
            "",
        ),
        ("no price, no tax", |o| o["invoiceDetail"][0]["tax"] = "".into(), "E9123", ""),
        ("price without num", |o| o["invoiceDetail"][0]["price"] = "106".into(), "E4000", "num"),
        ("freight without rows", |o| o["specificFactor"] = "4".into(), "E9796", ""),
        (
            "special without buyer",
            |o| {
                o["invoiceLine"] = "bs".into();
                o["buyerTaxNum"] = "".into();
            },
            "E4000",
            "order.buyerTaxNum",
        ),
        ("seller phone from the console", |o| o["salerTel"] = "".into(), "E0000", ""),
    ];
    for (name, bend, code, text) in cases {
        let got = code_of(bend);
        assert!(got.0 == code && got.1.contains(text), "{name}: {got:?}");
    }
}

#[test]
fn pairs_of_discounted_line_and_discount_must_fit() {
    let cases = [
        (vec![("甲", "100.00", "2"), ("甲", "-10.00", "1")], "E0000"),
        (vec![("甲", "100.00", "2"), ("甲", "-100.00", "1"), ("乙", "1.00", "0")], "E0000"),
        (vec![("甲", "100.00", "2"), ("乙", "-10.00", "1")], "E9105"),
        (vec![("甲", "100.00", "2"), ("甲", "-101.00", "1")], "E9108"),
        (vec![("甲", "100.00", "2"), ("乙", "1.00", "0"), ("甲", "-10.00", "1")], "E9110"),
        (vec![("甲", "-10.00", "1"), ("甲", "100.00", "2")], "E9110"),
        (vec![("甲", "100.00", "2")], "E9110"),
        (vec![("甲", "100.00", "2"), ("甲", "-1.00", "1"), ("甲", "-1.00", "1")], "E9110"),
    ];
    for (lines, code) in cases {
        let lines: Vec<Value> = lines.iter().map(|(name, amount, role)| exempt(name, amount, role)).collect();
        let got = code_of(|order| order["invoiceDetail"] = json!(lines));
        assert_eq!(got.0, code, "{got:?} {lines:?}");
    }
    let mut discount = exempt("甲", "-10.00", "1");
    discount["taxRate"] = "0.00".into();
    let same = code_of(|order| order["invoiceDetail"] = json!([exempt("甲", "100.00", "2"), discount]));
    assert_eq!(same.0, "E0000", "0 and 0.00 are one rate");
    discount["taxRate"] = "0.001".into();
    let other = code_of(|order| order["invoiceDetail"] = json!([exempt("甲", "100.00", "2"), discount]));
    assert_eq!(other.0, "E9112");
    for (role, num, code) in [("2", "-1", "E9114"), ("1", "1", "E9111")] {
        let mut pair = [exempt("甲", "100.00", "2"), exempt("甲", "-10.00", "1")];
        let at = usize::from(role == "1");
        (pair[at]["num"], pair[at]["price"]) = (num.into(), "100".into());
        assert_eq!(code_of(|order| order["invoiceDetail"] = json!(pair)).0, code);
    }
}

fn exempt(name: &str, amount: &str, role: &str) -> Value {
    let mut line = line(name, amount, "0.00", amount, role);
    line["taxRate"] = "0".into();
    line
}

#[test]
fn missing_amounts_are_computed_from_price_and_quantity() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    let mut with_tax = order("M-1");
    with_tax["invoiceDetail"] = json!([{
        "goodsName": "甲", "withTaxFlag": "1", "price": "66.66666667", "num": "3", "taxRate": "0.13",
    }]);
    assert_eq!(client.issue(&with_tax)["code"], "E0000");
    let mut without = with_tax.clone();
    without["orderNo"] = "M-2".into();
    without["invoiceDetail"][0]["withTaxFlag"] = "0".into();
    assert_eq!(client.issue(&without)["code"], "E0000");
    simulator.clock().advance(5_000);
    let sums = |number: &str| {
        let row = client.query(number)["result"][0].clone();
        ["exTaxAmount", "taxAmount", "orderAmount"].map(|name| row[name].as_str().unwrap().to_owned())
    };
    assert_eq!(sums("M-1"), ["176.99", "23.01", "200.00"]);
    assert_eq!(sums("M-2"), ["200.00", "26.00", "226.00"]);
}

#[test]
fn the_phone_is_demanded_only_by_companies_that_do() {
    for (phone_required, code) in [(false, "E0000"), (true, "E9309")] {
        let account = Account { phone_required, ..Account::default() };
        let simulator = start(Options { accounts: vec![account], ..Options::default() });
        let client = Client::new(&simulator);
        let mut body = order("P-1");
        body["pushMode"] = "1".into();
        assert_eq!(client.issue(&body)["code"], code);
        body["buyerPhone"] = "13800000000".into();
        body["orderNo"] = "P-2".into();
        assert_eq!(client.issue(&body)["code"], "E0000");
    }
}

#[test]
fn an_unregistered_company_cannot_issue() {
    let account = Account { registered: false, ..Account::default() };
    let simulator = start(Options { accounts: vec![account], ..Options::default() });
    assert_eq!(Client::new(&simulator).issue(&order("U-1"))["code"], "E9301");
}

#[test]
fn bodies_that_are_not_an_order_are_refused_not_stumbled_over() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    let deep = "[".repeat(10_000);
    for body in
        ["", "null", "[]", "{}", "{", "\"order\"", r#"{"order":null}"#, r#"{"order":[]}"#, "1e999", "\u{feff}{}", &deep]
    {
        let call = Call { body: body.to_owned(), ..client.prepared(ISSUE, &Value::Null) };
        assert_eq!(call.send(&simulator)["code"], "E4000", "{body:.20}");
    }
    let huge = json!({ "order": { "invoiceDetail": [{ "price": "9".repeat(30), "num": "9".repeat(30) }] } });
    assert_eq!(client.call(ISSUE, &huge)["code"], "E4000");
    let mut body = order("H-1");
    body["invoiceDetail"] = json!([{
        "goodsName": "甲", "withTaxFlag": "1", "price": "9".repeat(30), "num": "9".repeat(30), "taxRate": "0.13",
    }]);
    assert_eq!(client.issue(&body)["code"], "E4000");
}
