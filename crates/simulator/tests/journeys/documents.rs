//! Files of invoices, sending them again, and the printer's batches.

use crate::client::*;
use serde_json::{Value, json};

const PDF: &str = "nuonuo.ElectronInvoice.getPDF";
const DELIVER: &str = "nuonuo.OpeMplatform.deliveryInvoice";
const PRINT: &str = "nuonuo.OpeMplatform.invoicePrintBatch";

#[test]
fn the_address_of_the_pdf_can_be_downloaded_from_the_simulator() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    let row = client.issued("P-1", "p");
    let names = |amount: &str, value: &str| json!({ "invoiceCode": row["invoiceCode"], "invoiceNo": row["invoiceNo"], amount: value });
    let told = client.good(PDF, &names("inTaxAmount", "106.00"));
    assert_eq!((&told["serialNo"], &told["data"]), (&row["serialNo"], &row["pdfUrl"]));
    assert_eq!(client.good(PDF, &names("exTaxAmount", "100"))["serialNo"], row["serialNo"]);
    let path = told["data"].as_str().unwrap().strip_prefix(simulator.url()).unwrap();
    let file = get(&simulator, path);
    assert_eq!((file.status, file.header("content-type").unwrap().as_str()), (200, "application/pdf"));
    assert!(file.body.starts_with(b"%PDF-") && file.body.ends_with(b"%%EOF\n"));

    assert_eq!(client.refused(PDF, &names("inTaxAmount", "106.01")).0, "E9500");
    assert_eq!(client.refused(PDF, &names("other", "")).0, "E0002");
    for (name, value, code) in [
        ("invoiceCode", "", "E9367"),
        ("invoiceCode", "0000000000000", "E9368"),
        ("invoiceNo", "", "E9369"),
        ("invoiceNo", "000000001", "E9370"),
        ("invoiceNo", "99999999", "E9500"),
    ] {
        let mut body = names("inTaxAmount", "106.00");
        body[name] = value.into();
        assert_eq!(client.refused(PDF, &body).0, code, "{name} {value}");
    }
    // Without its seal there is no file yet.
    let mut sealless = order("P-SEAL");
    sealless["invoiceLine"] = "p".into();
    client.issue(&sealless);
    simulator.clock().advance(5_000);
    let row = client.query("P-SEAL")["result"][0].clone();
    let body = json!({ "invoiceCode": row["invoiceCode"], "invoiceNo": row["invoiceNo"], "inTaxAmount": "106.00" });
    assert_eq!(client.refused(PDF, &body).0, "E0001");
}

#[test]
fn sending_again_is_seen_at_the_admin_address_and_in_the_query() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    let row = client.issued("D-1", "pc");
    assert_eq!((&row["emailNotifyStatus"], &row["phoneNotifyStatus"]), (&json!("4"), &json!("4")), "pushMode -1");
    let number = row["allElectronicInvoiceNumber"].clone();
    let to = |name: &str, value: &str| json!({ "taxnum": TAX, "invoiceNum": number, name: value });
    assert_eq!(client.refused(DELIVER, &to("email", "buyer@example.com")).0, "E4000", "the member is mail");
    assert_eq!(client.good(DELIVER, &to("mail", "buyer@example.com")), json!({}));
    assert_eq!(client.good("nuonuo.ElectronInvoice.deliveryInvoice", &to("phone", "13800000000")), json!({}));
    let sent = get(&simulator, "/_simulator/deliveries").json();
    assert_eq!(
        (sent[0]["mail"].as_str(), sent[1]["phone"].as_str(), sent.as_array().unwrap().len()),
        (Some("buyer@example.com"), Some("13800000000"), 2)
    );
    assert_eq!((&sent[0]["serialNo"], &sent[0]["file"]), (&row["serialNo"], &row["pdfUrl"]));
    let row = client.query("D-1")["result"][0].clone();
    assert_eq!((&row["emailNotifyStatus"], &row["phoneNotifyStatus"]), (&json!("1"), &json!("1")));
    let mut unknown = to("mail", "buyer@example.com");
    unknown["invoiceNum"] = "26000999999999999999".into();
    assert_eq!(client.refused(DELIVER, &unknown), ("E9999".into(), "发票不存在不能重新交付".into()));
    unknown["taxnum"] = "339901999999199".into();
    assert_eq!(client.refused(DELIVER, &unknown).0, "E9302");
}

#[test]
fn a_batch_holds_printed_invoices_with_the_right_total() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    let (paper, electronic) = (client.issued("B-1", "c"), client.issued("B-2", "p"));
    let one = |row: &Value, money: &str| json!({ "outInvoicePrintRequests": [{ "taxNum": TAX, "invoiceCode": row["invoiceCode"], "invoiceNum": row["invoiceNo"], "money": money }] });
    let answer = client.call(PRINT, &one(&paper, "106.00"));
    assert_eq!((&answer["code"], &answer["msg"]), (&json!("0000"), &json!("成功")));
    let batches = get(&simulator, "/_simulator/print_batches").json();
    assert_eq!(
        (&batches[0]["batchId"], &batches[0]["serialNos"]),
        (&answer["data"]["batchId"], &json!([paper["serialNo"]]))
    );
    assert_eq!(client.refused(PRINT, &one(&paper, "106.01")).0, "E9999");
    assert_eq!(client.refused(PRINT, &one(&electronic, "106.00")).0, "E9999");
    assert_eq!(
        client.refused(PRINT, &one(&json!({ "invoiceCode": "000000000000", "invoiceNo": "00000001" }), "1")).0,
        "E9500"
    );
    assert_eq!(get(&simulator, "/_simulator/print_batches").json().as_array().unwrap().len(), 1);
}
