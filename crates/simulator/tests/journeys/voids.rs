//! Voiding printed invoices.

use crate::client::*;
use serde_json::{Value, json};

const VOID: &str = "nuonuo.OpeMplatform.invoiceCancellation";
const DAY: i64 = 86_400_000;

fn asked(row: &Value) -> Value {
    json!({ "invoiceId": row["serialNo"], "invoiceCode": row["invoiceCode"], "invoiceNo": row["invoiceNo"] })
}

#[test]
fn a_printed_invoice_is_voiding_then_void_and_its_reason_is_told() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    let row = client.issued("V-1", "ec");
    let mut body = asked(&row);
    body["invalidReason"] = "4".into();
    assert_eq!(client.call(VOID, &body)["code"], "E4000", "a reason of 4 needs its details");
    body["specificReason"] = "打印错位".into();
    assert_eq!(client.good(VOID, &body), json!({ "invoiceId": row["serialNo"] }));
    assert_eq!(client.status("V-1"), "31");
    assert_eq!(client.refused(VOID, &body), ("E9999".into(), "该发票已提交作废".into()));
    simulator.clock().advance(2_000);
    let row = client.query("V-1")["result"][0].clone();
    assert_eq!((&row["status"], &row["statusMsg"]), (&json!("3"), &json!("发票已作废")));
    assert_eq!((&row["invalidReason"], &row["specificReason"]), (&json!("4"), &json!("打印错位")));
    assert_eq!(client.refused(VOID, &body).1, "该发票不能重复作废");
}

#[test]
fn what_cannot_be_voided_is_refused_and_left_as_it_was() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    for (line, text) in [("pc", "电子发票不能作废，请冲红"), ("p", "电子发票不能作废，请冲红")]
    {
        let row = client.issued(&format!("V-{line}"), line);
        let mut body = asked(&row);
        if line == "pc" {
            (body["invoiceCode"], body["invoiceNo"]) = ("000026000000".into(), "00000001".into());
        }
        assert_eq!(client.refused(VOID, &body), ("E9999".into(), text.into()));
    }
    let row = client.issued("V-2", "c");
    let mut body = asked(&row);
    body["invoiceId"] = "26010510000099999999".into();
    assert_eq!(client.refused(VOID, &body).0, "E9500");
    body = asked(&row);
    body["invoiceNo"] = "99999999".into();
    assert_eq!(client.refused(VOID, &body).0, "E9102");

    // A living red invoice stands in the way until it is void itself.
    let mut red = order("V-2-RED");
    for (name, value) in [("invoiceLine", "c"), ("invoiceType", "2"), ("redReason", "1")] {
        red[name] = value.into();
    }
    (red["invoiceCode"], red["invoiceNum"]) = (row["invoiceCode"].clone(), row["invoiceNo"].clone());
    red["invoiceDetail"] = json!([line("技术服务费", "-100.00", "-6.00", "-106.00", "0")]);
    assert_eq!(client.issue(&red)["code"], "E0000");
    simulator.clock().advance(5_000);
    assert_eq!(client.refused(VOID, &asked(&row)), ("E9999".into(), "该发票存在未作废的红票".into()));
    let red_row = client.query("V-2-RED")["result"][0].clone();
    client.good(VOID, &asked(&red_row));
    simulator.clock().advance(2_000);
    client.good(VOID, &asked(&row));

    // Tax control: only in its own month. Digital paper: later too.
    let (control, digital) = (client.issued("V-3", "s"), client.issued("V-4", "es"));
    simulator.clock().advance(30 * DAY);
    let client = Client::new(&simulator);
    assert_eq!(client.refused(VOID, &asked(&control)), ("E9999".into(), "非当月纸票不能作废".into()));
    client.good(VOID, &asked(&digital));
    assert_eq!((client.status("V-3"), client.status("V-4")), ("2".into(), "31".into()));
}

#[test]
fn voiding_may_come_to_nothing_and_another_company_cannot_void() {
    let simulator = crate::market();
    let client = Client::new(&simulator);
    let row = client.issued("V-KEEP", "c");
    let other = Client::of(&simulator, crate::BUYER);
    assert_eq!(other.refused(VOID, &asked(&row)).0, "E9500");
    client.good("nuonuo.electronInvoice.invoiceCancellation", &asked(&row));
    assert_eq!(client.status("V-KEEP"), "31");
    simulator.clock().advance(2_000);
    assert_eq!(client.status("V-KEEP"), "2");
}
