//! Red-letter information tables.

use crate::client::*;
use serde_json::{Value, json};

const APPLY: &str = "nuonuo.ElectronInvoice.InvoiceRedApply";
const LOOK: &str = "nuonuo.ElectronInvoice.InvoiceRedQueryNew";
const LOOK_OLD: &str = "nuonuo.ElectronInvoice.InvoiceRedQuery";
const DOWNLOAD: &str = "nuonuo.ElectronInvoice.downloadInvoiceRedApply";

pub(crate) fn table(blue: &Value, bill_no: &str) -> Value {
    json!({
        "billNo": bill_no, "buyerName": "示例购方有限公司", "buyerTaxNo": "339901999999199", "applyRemark": "0000000100",
        "invoiceLine": "s", "oriInvoiceCode": blue["invoiceCode"], "oriInvoiceNumber": blue["invoiceNo"],
        "sellerName": "示例销方有限公司", "sellerTaxNo": TAX, "taxAmount": -6.0, "taxExcludedAmount": -100.0,
        "productOilFlag": "0",
        "invoiceRedApplyDetails": [{
            "goodsCode": "3040203000000000000", "goodsName": "技术服务费", "taxAmount": "-6.00",
            "taxExcludedAmount": "-100.00", "taxRate": "0.06", "withTaxFlag": "false", "favouredPolicyFlag": "false",
        }],
    })
}

fn look(client: &Client<'_>, bill_no: &str) -> Value {
    let found = client.good(LOOK, &json!({ "billNo": bill_no, "sellerTaxNo": TAX }));
    assert_eq!(found["total"], 1);
    found["list"][0].clone()
}

fn red(blue: &Value, order_no: &str, info_no: &Value) -> Value {
    let mut red = order(order_no);
    (red["invoiceLine"], red["invoiceType"]) = ("s".into(), "2".into());
    (red["invoiceCode"], red["invoiceNum"]) = (blue["invoiceCode"].clone(), blue["invoiceNo"].clone());
    red["billInfoNo"] = info_no.clone();
    red["invoiceDetail"] = json!([line("技术服务费", "-100.00", "-6.00", "-106.00", "0")]);
    red
}

#[test]
fn applied_for_submitted_approved_downloaded_and_used() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    let blue = client.issued("B-1", "s");
    assert_eq!(client.issue(&red(&blue, "R-0", &json!("5000002601000001")))["code"], "E4000", "no table yet");
    let told = client.good(APPLY, &table(&blue, "T-1"));
    assert_eq!((&told["billNo"], &told["billStatus"]), (&json!("T-1"), &json!("0")));
    assert_eq!(client.refused(APPLY, &table(&blue, "T-1")), ("E9999".into(), "申请号重复".into()));
    simulator.clock().advance(2_000);
    assert_eq!(look(&client, "T-1")["billStatus"], 3);
    simulator.clock().advance(2_000);
    let row = look(&client, "T-1");
    assert_eq!((&row["billStatus"], &row["billMessage"]), (&json!(1), &json!("[TZD0000]审核通过")));
    assert_eq!(
        (&row["taxExcludedAmount"], &row["taxAmount"], &row["multTaxRate"]),
        (&json!("-100.00"), &json!("-6.00"), &json!("0"))
    );
    let info_no = row["billInfoNo"].as_str().unwrap();
    assert_eq!(info_no.len(), 16);
    let old = client.good(LOOK_OLD, &json!({ "billInfoNo": info_no, "sellerTaxNo": TAX }));
    assert_eq!((&old[0]["billNo"], &old[0]["BillType"]), (&json!("T-1"), &json!("0")));

    client.good(DOWNLOAD, &json!({ "invoiceLine": "s", "billInfoNo": info_no }));
    assert_eq!(client.refused(DOWNLOAD, &json!({ "invoiceLine": "s", "billInfoNo": "1" })).0, "E9531");
    assert_eq!(client.issue(&red(&blue, "R-1", &row["billInfoNo"]))["code"], "E0000");
    simulator.clock().advance(5_000);
    let red_row = client.query("R-1")["result"][0].clone();
    assert_eq!((&red_row["status"], &red_row["oldInvoiceNo"]), (&json!("2"), &blue["invoiceNo"]));
    assert_eq!(client.issue(&red(&blue, "R-2", &row["billInfoNo"]))["code"], "E9103");
    let of_red = client.refused(APPLY, &table(&red_row, "T-2"));
    assert_eq!(of_red, ("E9522".into(), "该发票为红字发票，不能冲红".into()));
}

#[test]
fn too_much_or_a_wish_is_rejected_and_a_wrong_sum_fails() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    let blue = client.issued("B-1", "s");
    let mut more = table(&blue, "T-1");
    more["taxExcludedAmount"] = json!(-100.01);
    more["invoiceRedApplyDetails"][0]["taxExcludedAmount"] = "-100.01".into();
    client.good(APPLY, &more);
    let mut sum = table(&blue, "T-2");
    sum["taxExcludedAmount"] = json!(-99.0);
    client.good(APPLY, &sum);
    client.good(APPLY, &table(&blue, "T-3-FAIL"));
    client.good(APPLY, &table(&blue, "T-4"));
    simulator.clock().advance(4_000);
    let row = look(&client, "T-1");
    assert_eq!(row["billStatus"], 2);
    assert!(row["billMessage"].as_str().unwrap().starts_with("[TZD0100]"), "{row}");
    let states = ["T-2", "T-3-FAIL", "T-4"].map(|bill| look(&client, bill)["billStatus"].clone());
    assert_eq!(states, [json!(4), json!(2), json!(1)]);
    // All of it is taken now, until that table is withdrawn.
    client.good(APPLY, &table(&blue, "T-5"));
    simulator.clock().advance(4_000);
    assert_eq!(look(&client, "T-5")["billStatus"], 2);
    admin(&simulator, "/_simulator/red_infos", &json!({ "billNo": "T-4" }));
    assert_eq!(look(&client, "T-4")["billStatus"], 6);
    simulator.clock().advance(1_000);
    assert_eq!(look(&client, "T-4")["billStatus"], 8);
    client.good(APPLY, &table(&blue, "T-6"));
    simulator.clock().advance(4_000);
    assert_eq!(look(&client, "T-6")["billStatus"], 1);
    let cancel = client.refused("nuonuo.ElectronInvoice.cancelInvoiceRedApply", &json!({ "billNo": "T-6" }));
    assert!(cancel.0 == "070501" && cancel.1.contains("模拟器不模拟该接口"), "{cancel:?}");
}

#[test]
fn searches_need_a_number_or_at_most_60_days() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    let blue = client.issued("B-1", "s");
    client.good(APPLY, &table(&blue, "T-1"));
    let window = |from: &str, to: &str| json!({ "sellerTaxNo": TAX, "billTimeBegin": from, "billTimeEnd": to });
    assert_eq!(client.good(LOOK, &window("20260105", "20260306"))["total"], 1, "60 days");
    assert_eq!(client.refused(LOOK, &window("20260105", "20260307")).0, "E9300");
    assert_eq!(client.refused(LOOK_OLD, &window("20260105", "20260307")).0, "9300");
    assert_eq!(client.refused(LOOK, &json!({ "sellerTaxNo": TAX })).0, "E9300");
    assert_eq!(client.good(LOOK, &window("20260106", "20260107"))["total"], 0);
    assert_eq!(client.refused(LOOK, &json!({ "sellerTaxNo": TAX, "billNo": "T-9" })).0, "E9531");
    assert_eq!(client.refused(LOOK_OLD, &json!({ "sellerTaxNo": TAX, "billNo": "T-9" })).0, "9531");
    let mut many = window("20260105", "20260105");
    many["pageSize"] = 51.into();
    assert_ne!(client.call(LOOK, &many)["code"], "E0000");
    assert_eq!(client.refused(DOWNLOAD, &json!({ "invoiceLine": "s" })).0, "E9545");
    assert_eq!(client.refused(DOWNLOAD, &json!({ "invoiceLine": "c", "billInfoNo": "1" })).0, "E9520");
}
