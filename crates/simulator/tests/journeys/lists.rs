//! What was issued, by period and by count; and no more than 50 at once.

use crate::client::*;
use serde_json::{Value, json};

const LIST: &str = "nuonuo.OpeMplatform.queryInvoiceList";
const OLDER: &str = "nuonuo.ElectronInvoice.queryInvoiceList";
const COUNT: &str = "nuonuo.electronInvoice.queryInvoiceQuantity";

fn window(from: &str, to: &str) -> Value {
    json!({ "taxnum": TAX, "startTime": from, "endTime": to })
}

#[test]
fn the_list_tells_what_was_issued_by_either_time_page_by_page() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    let row = client.issued("L-1", "pc"); // added at 10:00:00, issued at 10:00:04
    client.issued("L-2", "p"); // added at 10:00:05, issued at 10:00:09
    client.issue(&order("L-3-FAIL")); // added at 10:00:10
    simulator.clock().advance(5_000);
    let all = client.good(LIST, &window("2026-01-05 10:00:00", "2026-01-15 10:00:00"));
    assert_eq!(all["totalCount"], 3, "exactly ten days are allowed");
    let numbers: Vec<&Value> = all["invoices"].as_array().unwrap().iter().map(|row| &row["orderNo"]).collect();
    assert_eq!(numbers, ["L-1", "L-2", "L-3-FAIL"]);
    let first = &all["invoices"][0];
    for name in ["serialNo", "status", "invoiceNo", "pdfUrl", "payerName"] {
        assert_eq!(first[name], row[name], "{name}");
    }
    assert_eq!((first["exTaxAmount"].to_string(), first["taxAmount"].to_string()), ("100.00".into(), "6.00".into()));
    assert_eq!(
        (&first["invoiceKind"], &first["addTime"], &first["invoiceTime"]),
        (&json!("pc"), &json!("2026-01-05 10:00:00"), &json!("2026-01-05 10:00:04"))
    );
    assert_eq!((&all["invoices"][2]["status"], &all["invoices"][2]["invoiceTime"]), (&json!("22"), &json!("")));

    // The end does not belong to the window; failed ones were never issued.
    assert_eq!(client.good(LIST, &window("2026-01-05 10:00:00", "2026-01-05 10:00:05"))["totalCount"], 1);
    let mut by_issue = window("2026-01-05 10:00:04", "2026-01-05 10:00:09");
    by_issue["requestType"] = "1".into();
    assert_eq!(client.good(LIST, &by_issue)["totalCount"], 1);
    by_issue["endTime"] = "2026-01-06 00:00:00".into();
    assert_eq!(client.good(LIST, &by_issue)["totalCount"], 2);
    let mut page = window("2026-01-05 00:00:00", "2026-01-06 00:00:00");
    (page["pageNo"], page["pageSize"]) = ("2".into(), "2".into());
    let page = client.good(OLDER, &page);
    assert_eq!((&page["totalCount"], page["invoices"].as_array().unwrap().len()), (&json!(3), 1));
    assert_eq!(client.call(OLDER, &window("2026-01-05 00:00:00", "2026-01-06 00:00:00"))["code"], "0000");

    let period = |from: &str, to: &str| json!({ "taxnum": TAX, "invoiceTimeStart": from, "invoiceTimeEnd": to });
    let count = client.good(COUNT, &period("2026-01-01 00:00:00", "2026-02-01 00:00:00"));
    assert_eq!(count, json!({ "taxnum": TAX, "invoiceSuccessCount": 2 }));
    assert_eq!(client.good(COUNT, &period("2026-01-06 00:00:00", "2026-02-01 00:00:00"))["invoiceSuccessCount"], 0);
    for (from, to) in [
        ("2026-02-01 00:00:00", "2026-01-01 00:00:00"),
        ("2022-12-01 00:00:00", "2026-01-01 00:00:00"),
        ("2026-01-01", "x"),
    ] {
        assert_eq!(client.refused(COUNT, &period(from, to)).0, "E1000", "{from} {to}");
    }
}

#[test]
fn each_fault_of_a_search_has_its_code() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    let (from, to) = ("2026-01-05 00:00:00", "2026-01-06 00:00:00");
    for (bend, code) in [
        (json!({ "taxnum": "" }), "1001"),
        (json!({ "startTime": "2026/01/05" }), "1002"),
        (json!({ "endTime": "2026-02-30 00:00:00" }), "1002"),
        (json!({ "startTime": "" }), "1003"),
        (json!({ "endTime": null }), "1004"),
        (json!({ "endTime": "2026-01-15 00:00:01" }), "1005"),
        (json!({ "endTime": "2026-01-04 23:59:59" }), "1005"),
        (json!({ "requestType": "2" }), "1006"),
        (json!({ "pageSize": "1001" }), "1007"),
        (json!({ "taxnum": "339901999999199" }), "E9302"),
    ] {
        let mut body = window(from, to);
        for (name, value) in bend.as_object().unwrap() {
            body[name] = value.clone();
        }
        assert_eq!(client.refused(LIST, &body).0, code, "{bend}");
    }
    let many = |count: usize| -> Vec<String> { (0..count).map(|n| format!("N-{n}")).collect() };
    for list in ["serialNos", "orderNos"] {
        assert_eq!(client.refused(QUERY, &json!({ list: many(50) })).0, "E9500");
        assert_eq!(client.refused(QUERY, &json!({ list: many(51) })).0, "E4000");
    }
}

#[test]
fn the_first_generation_has_its_own_numbering() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    let mut v1 = order("V1-1");
    for (name, value) in [
        ("buyerPhone", "13800000000"),
        ("buyerTel", "0571-00000001"),
        ("buyerAddress", "示例路 2 号"),
        ("buyerAccount", "示例银行 0000"),
        ("invoiceLine", "p"),
    ] {
        v1[name] = value.into();
    }
    let issued = client.good("nuonuo.electronInvoice.requestBilling", &json!({ "order": v1 }));
    let mut fail = v1.clone();
    fail["orderNo"] = "V1-FAIL".into();
    let failed = client.good("nuonuo.electronInvoice.requestBilling", &json!({ "order": fail }));
    let serials = json!({ "invoiceSerialNum": [issued["invoiceSerialNum"], failed["invoiceSerialNum"]] });
    let check = || client.good("nuonuo.electronInvoice.CheckEInvoice", &serials);
    let states = |rows: Value| [rows[0]["status"].clone(), rows[1]["status"].clone()];
    assert_eq!(states(check()), [json!("0"), json!("0")]);
    simulator.clock().advance(2_000);
    assert_eq!(states(check()), [json!("1"), json!("1")]);
    simulator.clock().advance(3_000);
    let rows = check();
    assert_eq!(states(rows.clone()), [json!("2"), json!("3")], "3 is failed here, not void");
    assert!(rows[0]["invoiceFileUrl"].as_str().unwrap().ends_with(".pdf"));
    let unknown = json!({ "invoiceSerialNum": ["26010510000099999999"] });
    assert_eq!(client.refused("nuonuo.electronInvoice.CheckEInvoice", &unknown).0, "E9500");
}
