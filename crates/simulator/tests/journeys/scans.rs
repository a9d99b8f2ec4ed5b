//! Scan-to-invoice and speed billing.

use crate::client::*;
use serde_json::{Value, json};

const SAVE: &str = "nuonuo.ElectronInvoice.saveScanTemp";
const TITLES: &str = "nuonuo.speedBilling.querySpeedBilling";

pub(crate) fn scan_order(order_no: &str) -> Value {
    json!({
        "orderNo": order_no, "orderTotal": "203.00", "salerTaxNum": TAX, "clerk": "张三",
        "invoiceDate": "2026-01-05 10:00:00", "invoiceLine": "pc",
        "detail": [
            { "goodsName": "激光打印机", "goodsCode": "1090511030000000000", "num": "1", "price": "113.00", "taxRate": "0.13" },
            { "goodsName": "墨盒", "goodsCode": "1090511030000000000", "taxRate": "0.13", "taxIncludedAmount": "100.00", "zke": "10.00" },
        ],
    })
}

/// Opens or submits the consumer's page.
pub(crate) fn consume(simulator: &nnopen_simulator::Simulator, address: &Value, form: Option<&str>) -> Answer {
    let path = address["ewmUrl"].as_str().unwrap().strip_prefix(simulator.url()).unwrap();
    match form {
        None => get(simulator, path),
        Some(form) => post(simulator, path, "application/x-www-form-urlencoded", form).unwrap(),
    }
}

#[test]
fn a_consumer_scans_says_who_is_invoiced_and_the_order_is_issued() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    let mut wrong = scan_order("S-1");
    wrong["orderTotal"] = "203.01".into();
    let refused = client.refused(SAVE, &wrong);
    assert!(refused.0 == "E4000" && refused.1.contains("203.00"), "{refused:?}");
    let address = client.good(SAVE, &scan_order("S-1"));
    assert_eq!(client.refused(SAVE, &scan_order("S-1")).0, "E9106");
    assert_eq!(client.status("S-1"), "E9500", "nobody has asked yet");
    let page = consume(&simulator, &address, None);
    assert!(page.status == 200 && page.text().contains("buyerTaxNum"));
    assert!(consume(&simulator, &address, Some("buyerTaxNum=1")).text().contains("申请未受理"), "no name");
    let buyer = "buyerName=%E7%A4%BA%E4%BE%8B%E8%B4%AD%E6%96%B9&buyerTaxNum=339901999999199&email=a%40example.com";
    assert!(consume(&simulator, &address, Some(buyer)).text().contains("申请已受理"));
    simulator.clock().advance(5_000);
    let ask = json!({ "orderNos": ["S-1"], "isOfferInvoiceDetail": "1" });
    let row = client.good(QUERY, &ask)[0].clone();
    assert_eq!(
        (&row["status"], &row["payerName"], &row["notifyEmail"]),
        (&json!("2"), &json!("示例购方"), &json!("a@example.com"))
    );
    // 203.00 at 13 %: 13.00 + 11.50 − 1.15 of tax.
    assert_eq!(
        (&row["orderAmount"], &row["taxAmount"], &row["exTaxAmount"]),
        (&json!("203.00"), &json!("23.35"), &json!("179.65"))
    );
    let roles: Vec<&Value> =
        row["invoiceItems"].as_array().unwrap().iter().map(|item| &item["invoiceLineProperty"]).collect();
    assert_eq!(roles, ["0", "2", "1"]);
    // Twice is once.
    assert!(consume(&simulator, &address, Some(buyer)).text().contains("E9106"));
    assert_eq!(simulator.invoice_count("S-1"), 1);
    assert_eq!(get(&simulator, "/scan/99").status, 404);
}

#[test]
fn what_may_not_be_edited_stays() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    let mut order = scan_order("S-2");
    (order["buyerName"], order["buyerInfoEditAble"]) = ("固定购方".into(), "0".into());
    let address = client.good(SAVE, &order);
    consume(&simulator, &address, Some("buyerName=other&buyerTaxNum=339901999999199"));
    simulator.clock().advance(5_000);
    let row = client.query("S-2")["result"][0].clone();
    assert_eq!((&row["payerName"], &row["payerTaxNo"]), (&json!("固定购方"), &json!("339901999999199")));
}

#[test]
fn titles_that_were_handed_in_are_told_for_72_hours() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    assert_eq!(client.good(TITLES, &json!({})), json!([]));
    let title = json!({ "taxNum": TAX, "c_kpname": "示例购方有限公司", "c_kpcode": "339901999999199" });
    admin(&simulator, "/_simulator/titles", &title);
    assert!(admin(&simulator, "/_simulator/titles", &json!({ "taxNum": TAX }))["error"].is_string());
    let rows = client.good(TITLES, &json!({ "extensionNum": "0" }));
    assert_eq!((&rows[0]["c_kpname"], &rows[0]["adddate"]), (&title["c_kpname"], &json!("2026-01-05 10:00:00")));
    simulator.clock().advance(72 * 3_600_000);
    let client = Client::new(&simulator);
    assert_eq!(client.good(TITLES, &json!({})).as_array().unwrap().len(), 1);
    simulator.clock().advance(1);
    assert_eq!(client.good(TITLES, &json!({})), json!([]));
}
