//! The four kinds of push besides the invoice's own: what stands in them, and that each is tried again, sent twice and out
//! of order on request.

use crate::client::receiver::*;
use crate::client::*;
use crate::{BUYER, market, red_infos, scans};
use nnopen_simulator::{PushForm, PushStyle, SentPush, Simulator};
use serde_json::{Value, json};

const MINUTE: i64 = 60_000;
const JSON: &str = "application/json;charset=UTF-8";
const FORM: &str = "application/x-www-form-urlencoded;charset=UTF-8";

fn style(simulator: &Simulator, style: PushStyle) {
    simulator.push_style(style);
}

/// Lets something happen that is pushed to `receiver`; one push each.
type Cause = fn(&Client<'_>, &Receiver);

fn void(client: &Client<'_>, receiver: &Receiver) {
    let simulator = client.simulator;
    let mut order = told("V-1", receiver);
    order["invoiceLine"] = "es".into();
    client.issue(&order);
    simulator.clock().advance(5_000);
    tries_of(simulator, "callback", 1);
    simulator.clear_pushes();
    let row = client.query("V-1")["result"][0].clone();
    let names =
        json!({ "invoiceId": row["serialNo"], "invoiceCode": row["invoiceCode"], "invoiceNo": row["invoiceNo"] });
    client.good("nuonuo.OpeMplatform.invoiceCancellation", &names);
    simulator.clock().advance(2_000);
}

fn red_info(client: &Client<'_>, receiver: &Receiver) {
    let blue = client.issued("B-1", "s");
    let mut table = red_infos::table(&blue, "T-1");
    table["callbackUrl"] = receiver.url().into();
    client.good("nuonuo.ElectronInvoice.InvoiceRedApply", &table);
    client.simulator.clock().advance(4_000);
}

fn red_confirmation(client: &Client<'_>, receiver: &Receiver) {
    let blue = client.issued("B-1", "ec");
    client.good("nuonuo.OpeMplatform.saveInvoiceRedConfirm", &json!({
        "billId": "RC-1-WAIT", "blueInvoiceLine": "ec", "applySource": "0", "sellerTaxNo": TAX, "buyerTaxNo": BUYER[2],
        "blueElecInvoiceNumber": blue["allElectronicInvoiceNumber"], "buyerName": "示例购方有限公司", "redReason": "1",
        "callbackUrl": receiver.url(),
    }));
    client.simulator.clock().advance(2_000);
}

fn scan_application(client: &Client<'_>, receiver: &Receiver) {
    let mut order = scans::scan_order("S-1");
    order["callBackUrl"] = receiver.url().into();
    let address = client.good("nuonuo.ElectronInvoice.saveScanTemp", &order);
    scans::consume(client.simulator, &address, Some("buyerName=x"));
}

const KINDS: [(&str, &str, Cause); 4] = [
    ("invoiceInvalid", FORM, void),
    ("invoiceRedCallback", JSON, red_info),
    ("redConfirmCallback", JSON, red_confirmation),
    ("invoiceApply", JSON, scan_application),
];

/// The pushes of a kind, once the first has been tried so often.
fn tries_of(simulator: &Simulator, operater: &str, count: usize) -> Vec<SentPush> {
    for _ in 0..2_000 {
        let found: Vec<SentPush> = simulator.pushes().into_iter().filter(|push| push.operater == operater).collect();
        if found.iter().any(|push| push.tries.len() >= count) {
            return found;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    panic!("no {operater}: {:#?}", simulator.pushes());
}

#[test]
fn each_kind_is_tried_again_until_it_is_acknowledged() {
    for (operater, content_type, cause) in KINDS {
        let (simulator, receiver) = (market(), Receiver::start());
        style(&simulator, PushStyle { voids: true, ..PushStyle::default() });
        // The first try of the void's invoice is taken; then nothing is, twice.
        if operater == "invoiceInvalid" {
            receiver.answers(&[Some(&http(ACCEPTED))]);
        }
        receiver.answers(&[None, Some(&http(r#"{"status":"9999","message":"稍后"}"#))]);
        cause(&Client::new(&simulator), &receiver);
        let push = tries_of(&simulator, operater, 1).remove(0);
        assert_eq!((push.operater, push.content_type, push.acknowledged), (operater, content_type, false));
        known(&push);
        simulator.clock().advance(MINUTE);
        assert!(!tries_of(&simulator, operater, 2)[0].acknowledged, "{operater}: 9999 is no acknowledgement");
        simulator.clock().advance(MINUTE);
        let push = tries_of(&simulator, operater, 3).remove(0);
        assert!(push.acknowledged && push.next_at.is_none(), "{operater}");
        let bodies: Vec<String> =
            receiver.got().into_iter().map(|got| got.body).filter(|body| body == &push.body).collect();
        assert_eq!(bodies.len(), 3, "{operater}: byte for byte the same");
    }
}

#[test]
fn each_kind_comes_twice_and_out_of_order_on_request_and_in_another_form() {
    for (operater, _, cause) in KINDS {
        let (simulator, receiver) = (market(), Receiver::start());
        let forms = [(PushForm::Form, FORM), (PushForm::JsonText, JSON)];
        let (form, content_type) = forms[usize::from(operater == "invoiceInvalid")];
        style(&simulator, PushStyle { voids: true, copies: 2, disorder: true, form, ..PushStyle::default() });
        cause(&Client::new(&simulator), &receiver);
        let pushes = tries_of(&simulator, operater, 1);
        assert_eq!((pushes.len(), &pushes[0].body), (2, &pushes[1].body), "{operater}");
        assert_eq!(pushes[0].content_type, content_type);
        known(&pushes[0]);
        let first = members(&pushes[0]).keys().next_back().unwrap().clone();
        assert_eq!(first, "operater", "{operater}: the members come last first");
    }
}

#[test]
fn a_void_tells_its_reason_and_one_that_came_to_nothing_why() {
    let (simulator, receiver) = (market(), Receiver::start());
    let client = Client::new(&simulator);
    style(&simulator, PushStyle { voids: true, ..PushStyle::default() });
    let mut rows = Vec::new();
    for order_no in ["V-1", "V-2-KEEP"] {
        let mut order = told(order_no, &receiver);
        order["invoiceLine"] = "ec".into();
        client.issue(&order);
        simulator.clock().advance(5_000);
        rows.push(client.query(order_no)["result"][0].clone());
    }
    tries(&simulator, 2);
    simulator.clear_pushes();
    for row in &rows {
        let names = json!({
            "invoiceId": row["serialNo"], "invoiceCode": row["invoiceCode"], "invoiceNo": row["invoiceNo"],
            "invalidReason": "4", "specificReason": "打印错位",
        });
        client.good("nuonuo.OpeMplatform.invoiceCancellation", &names);
    }
    simulator.clock().advance(2_000);
    let pushes = tries(&simulator, 2);
    let content = |at: usize| members(&pushes[at])["content"].clone();
    let (done, kept) = (content(0), content(1));
    assert_eq!((&done["invalidStatus"], &done["specificReason"]), (&json!("3"), &json!("打印错位")));
    assert_eq!(done["allElectronicInvoiceNumber"], rows[0]["allElectronicInvoiceNumber"]);
    assert_eq!(done["invalidTime"], json!((simulator.clock().now() / 1000).to_string()), "seconds");
    assert_eq!(
        (&kept["invalidStatus"], kept["invalidErrorMessage"].as_str().unwrap().is_empty()),
        (&json!("2"), false)
    );
    assert_eq!(client.status("V-2-KEEP"), "2");
    // A second attempt is told again.
    let names = json!({ "invoiceId": rows[1]["serialNo"], "invoiceCode": rows[1]["invoiceCode"], "invoiceNo": rows[1]["invoiceNo"] });
    client.good("nuonuo.OpeMplatform.invoiceCancellation", &names);
    simulator.clock().advance(2_000);
    tries(&simulator, 3);
}

#[test]
fn a_table_tells_its_amounts_and_a_rejected_one_its_reason() {
    let (simulator, receiver) = (market(), Receiver::start());
    let client = Client::new(&simulator);
    let blue = client.issued("B-1", "s");
    for bill in ["T-1", "T-2-FAIL"] {
        let mut table = red_infos::table(&blue, bill);
        table["callbackUrl"] = receiver.url().into();
        client.good("nuonuo.OpeMplatform.InvoiceRedApply", &table);
    }
    simulator.clock().advance(4_000);
    let pushes = tries(&simulator, 2);
    let good = members(&pushes[0]);
    assert_eq!((&good["billNo"], &good["content"]["billStatus"]), (&json!("T-1"), &json!("1")));
    assert_eq!(
        (&good["content"]["taxExcludedAmount"], good["content"]["details"][0]["taxAmount"].to_string()),
        (&json!("-100.00"), "-6.00".into())
    );
    let found =
        client.good("nuonuo.ElectronInvoice.InvoiceRedQueryNew", &json!({ "billNo": "T-1", "sellerTaxNo": TAX }));
    assert_eq!(good["content"]["billInfoNo"], found["list"][0]["billInfoNo"], "the query confirms it");
    let bad = members(&pushes[1]);
    assert_eq!((&bad["billNo"], &bad["content"]["billStatus"]), (&json!("T-2-FAIL"), &json!("2")));
    assert_eq!((pushes[1].bill_no.as_str(), pushes[1].order_no.as_str()), ("T-2-FAIL", ""));
}

#[test]
fn a_confirmation_is_told_at_each_turn_and_then_its_red_invoice() {
    let (simulator, receiver) = (market(), Receiver::start());
    let client = Client::new(&simulator);
    let blue = client.issued("B-1", "pc");
    client.good("nuonuo.OpeMplatform.saveInvoiceRedConfirm", &json!({
        "billId": "RC-1-WAIT", "blueInvoiceLine": "pc", "applySource": "0", "sellerTaxNo": TAX, "buyerTaxNo": BUYER[2],
        "blueElecInvoiceNumber": blue["allElectronicInvoiceNumber"], "buyerName": "示例购方有限公司", "redReason": "1",
        "callbackUrl": receiver.url(), "orderNo": "R-1",
    }));
    simulator.clock().advance(2_000);
    admin(&simulator, "/_simulator/confirmations", &json!({ "billId": "RC-1-WAIT", "act": "agree" }));
    simulator.clock().advance(20_000);
    let pushes = tries(&simulator, 3);
    let told: Vec<Value> = pushes[..2].iter().map(|push| members(push)["content"]["billStatus"].clone()).collect();
    assert_eq!(told, ["02", "04"]);
    let red = members(&pushes[2]);
    assert_eq!((&red["operater"], &red["orderno"]), (&json!("callback"), &json!("R-1")));
    assert_eq!(red["content"]["c_hjse"], "-6.00");
    assert_eq!(red["content"]["oldEleInvoiceNumber"], blue["allElectronicInvoiceNumber"]);
}

#[test]
fn an_application_by_scan_is_told_before_its_invoice_and_a_refused_one_too() {
    let (simulator, receiver) = (market(), Receiver::start());
    let client = Client::new(&simulator);
    scan_application(&client, &receiver);
    tries(&simulator, 1);
    simulator.clock().advance(5_000);
    let pushes = tries(&simulator, 2);
    let apply = members(&pushes[0]);
    let row = client.query("S-1")["result"][0].clone();
    assert_eq!(
        (&apply["isSuccess"], &apply["taxNo"], &apply["invoiceId"]),
        (&json!(true), &json!(TAX), &row["serialNo"])
    );
    assert_eq!((pushes[1].operater, &members(&pushes[1])["content"]["c_fpqqlsh"]), ("callback", &row["serialNo"]));

    let mut second = scans::scan_order("S-2");
    second["callBackUrl"] = receiver.url().into();
    let address = client.good("nuonuo.ElectronInvoice.saveScanTemp", &second);
    scans::consume(&simulator, &address, Some("buyerTaxNum=1"));
    let refused = members(&tries(&simulator, 3)[2]);
    assert_eq!(
        (&refused["orderno"], &refused["isSuccess"], refused.get("invoiceId")),
        (&json!("S-2"), &json!(false), None)
    );
}
