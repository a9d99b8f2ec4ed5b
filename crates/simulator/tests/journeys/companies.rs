//! What a company has: stock, credit, a device on line; and what happens when it has not.

use crate::client::*;
use nnopen_simulator::{Account, Options, Simulator};
use serde_json::{Value, json};

const STOCK: &str = "nuonuo.OpeMplatform.getInvoiceStock";
const CREDIT: &str = "nuonuo.OpeMplatform.getCreditLine";
const ONLINE: &str = "nuonuo.ElectronInvoice.GetClientStatus";
const REPORT: &str = "nuonuo.ElectronInvoice.getReportTax";

fn steer(simulator: &Simulator, change: &Value) -> Value {
    let mut change = change.clone();
    change["taxNum"] = TAX.into();
    admin(simulator, "/_simulator/companies", &change)
}

/// Issues and gives status and cause five seconds later.
fn ends(client: &Client<'_>, order_no: &str, line: &str) -> (String, String) {
    let mut order = order(order_no);
    order["invoiceLine"] = line.into();
    assert_eq!(client.issue(&order)["code"], "E0000");
    client.simulator.clock().advance(5_000);
    let row = client.query(order_no)["result"][0].clone();
    (row["status"].as_str().unwrap().to_owned(), row["failCause"].as_str().unwrap().to_owned())
}

fn stock_of(client: &Client<'_>, line: &str) -> Value {
    let rows = client.good(STOCK, &json!({}));
    rows.as_array().unwrap().iter().find(|row| row["invoiceLine"] == line).unwrap().clone()
}

#[test]
fn numbered_invoices_count_down_and_when_none_is_left_orders_fail() {
    let simulator = start(Options { accounts: vec![Account { stock: 2, ..Account::default() }], ..Options::default() });
    let client = Client::new(&simulator);
    let before = stock_of(&client, "c");
    assert_eq!(
        (&before["remainNum"], &before["invoiceNumStart"], &before["invoiceNumEnd"]),
        (&json!(2), &json!("00000001"), &json!("00000002"))
    );
    let first = client.issued("S-1", "c");
    assert_eq!((&first["invoiceCode"], &first["invoiceNo"]), (&before["typeCode"], &before["invoiceNumStart"]));
    assert_eq!(stock_of(&client, "c")["invoiceNumStart"], "00000002");
    // An order that is to fail takes no number; other kinds have numbers of their own.
    assert_eq!(ends(&client, "S-2-FAIL", "c").0, "22");
    assert_eq!(ends(&client, "S-3", "p").0, "2");
    assert_eq!(client.issued("S-4", "c")["invoiceNo"], "00000002");
    let empty = stock_of(&client, "c");
    assert_eq!((&empty["remainNum"], &empty["invoiceNumStart"]), (&json!(0), &json!("")));
    let (status, cause) = ends(&client, "S-5", "c");
    assert_eq!(status, "22");
    assert!(cause.contains("请联系主管税务机关申领"), "{cause}");
    // Digital electronic ones have no stock at all.
    assert_eq!(ends(&client, "S-6", "pc").0, "2");

    // New stock, then the retry issues under the same number.
    assert_eq!(client.call(RETRY, &json!({ "orderno": "S-5" }))["code"], "E0000");
    simulator.clock().advance(5_000);
    assert_eq!(client.status("S-5"), "22", "nothing has changed");
    assert_eq!(steer(&simulator, &json!({ "stock": { "c": 1 } }))["stock"]["c"], 1);
    assert_eq!(client.call(RETRY, &json!({ "orderno": "S-5" }))["code"], "E0000");
    simulator.clock().advance(5_000);
    assert_eq!(client.query("S-5")["result"][0]["invoiceNo"], "00000003");
    assert_eq!(stock_of(&client, "c")["remainNum"], 0);
}

#[test]
fn stock_is_told_by_extension_and_device() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    let count = |body: Value| client.good(STOCK, &body).as_array().unwrap().len();
    assert_eq!(count(json!({})), 9);
    assert_eq!(count(json!({ "extensionNums": ["1"] })), 9);
    assert_eq!(
        count(json!({ "extensionNums": ["7"], "machineCode": "661500000000" })),
        0,
        "the extension counts first"
    );
    assert_eq!(count(json!({ "machineCode": "661500000000" })), 9);
    assert_eq!(count(json!({ "machineCode": "661500000001" })), 0);
    let pair = |extension: &str| json!({ "extMachineCodePairs": [{ "extensionNum": extension, "machineCode": "661500000000" }] });
    assert_eq!((count(pair("1")), count(pair("2"))), (9, 0));
    let many: Vec<String> = (0..101).map(|n| n.to_string()).collect();
    let refused = client.refused(STOCK, &json!({ "extensionNums": many }));
    assert_eq!(refused, ("E9999".into(), "分机号数量超过100".into()));
    let older = client.good("nuonuo.ElectronInvoice.getInvoiceStock", &json!({}));
    assert_eq!(older.as_array().unwrap().len(), 9);
}

#[test]
fn credit_falls_with_what_is_issued_and_a_red_invoice_gives_it_back() {
    let account = Account { credit: "250.00".into(), ..Account::default() };
    let simulator = start(Options { accounts: vec![account], ..Options::default() });
    let client = Client::new(&simulator);
    let told = || client.good(CREDIT, &json!({ "queryType": "1" }));
    let refresh = || client.call(CREDIT, &json!({ "queryType": "0" }));
    assert_eq!(told()["availableCreditLine"], "250.00");
    let blue = client.issued("C-1", "ec");
    assert_eq!(told()["availableCreditLine"], "250.00", "nobody has asked the bureau since");
    assert_eq!(refresh()["code"], "E0000");
    assert_eq!(told()["requestStatus"], "0");
    simulator.clock().advance(1_000);
    let now = told();
    assert_eq!(
        (&now["availableCreditLine"], &now["usedCreditLine"], &now["totalCreditLine"]),
        (&json!("150.00"), &json!("100.00"), &json!("250.00"))
    );
    assert_eq!(
        (&now["invoicedBlueCount"], &now["usedCount"], &now["invoicedTax"]),
        (&json!(1), &json!(1), &json!("6.00"))
    );
    assert_eq!(refresh()["code"], "E9999", "once in 30 seconds");

    assert_eq!(ends(&client, "C-2", "pc").0, "2");
    let (status, cause) = ends(&client, "C-3", "pc");
    assert_eq!(status, "22");
    assert!(cause.contains("发票额度已不够使用"), "{cause}");
    assert_eq!(ends(&client, "C-4", "c").0, "2", "the older kinds take no credit");

    // Voiding the printed one gives its 100 back.
    let names =
        json!({ "invoiceId": blue["serialNo"], "invoiceCode": blue["invoiceCode"], "invoiceNo": blue["invoiceNo"] });
    client.good("nuonuo.OpeMplatform.invoiceCancellation", &names);
    simulator.clock().advance(30_000);
    assert_eq!(client.call(RETRY, &json!({ "orderno": "C-3" }))["code"], "E0000");
    simulator.clock().advance(5_000);
    assert_eq!(client.status("C-3"), "2");
    // Reversing an electronic one gives it back too.
    let blue = client.query("C-2")["result"][0].clone();
    client.good(
        "nuonuo.OpeMplatform.saveInvoiceRedConfirm",
        &json!({
            "blueInvoiceLine": "pc", "applySource": "0", "blueElecInvoiceNumber": blue["allElectronicInvoiceNumber"],
            "sellerTaxNo": TAX, "buyerTaxNo": "339901999999199", "buyerName": "示例购方有限公司", "redReason": "2",
        }),
    );
    simulator.clock().advance(10_000);
    assert_eq!(refresh()["code"], "E0000");
    simulator.clock().advance(1_000);
    assert_eq!(told()["usedCreditLine"], "100.00", "C-3 alone is left");

    // Twenty refreshes a day.
    for _ in 2..20 {
        simulator.clock().advance(30_000);
        assert_eq!(refresh()["code"], "E0000");
    }
    simulator.clock().advance(30_000);
    let refused = client.refused(CREDIT, &json!({ "queryType": "0" }));
    assert_eq!(refused.0, "E9999");
    assert!(refused.1.contains("20次"), "{refused:?}");
}

#[test]
fn a_client_that_is_off_line_and_a_clerk_who_is_logged_out_make_orders_fail() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    let online = || client.good(ONLINE, &json!({ "sellerTaxNo": TAX, "extensionNumber": "0" }))["onlineStatus"].clone();
    assert_eq!(online(), "1");
    assert_eq!(client.refused(ONLINE, &json!({ "sellerTaxNo": "339901999999199" })).0, "E9548");
    assert_eq!(client.refused(ONLINE, &json!({ "sellerTaxNo": TAX, "extensionNumber": "77" })).0, "E9236");
    steer(&simulator, &json!({ "online": false }));
    assert_eq!(online(), "0");
    assert!(ends(&client, "D-1", "c").1.contains("客户端不在线"));
    assert_eq!(ends(&client, "D-2", "pc").0, "2", "digital ones need no device");
    steer(&simulator, &json!({ "online": true, "loggedIn": false }));
    assert_eq!(ends(&client, "D-3", "c").0, "2");
    assert!(ends(&client, "D-4", "pc").1.contains("本次操作需登录电子发票服务平台"));
    steer(&simulator, &json!({ "loggedIn": true, "certified": false }));
    assert!(ends(&client, "D-5", "pc").1.contains("实人身份认证"));
    let unknown = admin(&simulator, "/_simulator/companies", &json!({ "taxNum": TAX, "rich": true }));
    assert!(unknown["error"].as_str().unwrap().contains("rich"));
}

#[test]
fn tax_filing_locks_the_device_when_the_month_is_not_reported() {
    let account = Account { invoice_limit: Some("5000.00".into()), ..Account::default() };
    let simulator = start(Options { accounts: vec![account], ..Options::default() });
    let client = Client::new(&simulator);
    let rows = client.good(REPORT, &json!({}));
    assert_eq!(rows.as_array().unwrap().len(), 6);
    assert_eq!(
        (&rows[0]["lockDate"], &rows[0]["reportTaxStatus"], &rows[0]["clearCardStatus"]),
        (&json!("2026-02-15"), &json!(1), &json!(1))
    );
    assert_eq!(rows[0]["singleBillingLimit"].to_string(), "5000.00");
    steer(&simulator, &json!({ "reported": false }));
    let row = client.good(REPORT, &json!({ "extensionNums": ["1"] }))[0].clone();
    assert_eq!((&row["lockDate"], &row["reportTaxStatus"]), (&json!("2026-01-15"), &json!(0)));
    assert_eq!(client.good(REPORT, &json!({ "extensionNums": ["9"] })), json!([]));
}
