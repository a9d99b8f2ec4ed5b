//! Reversing digital invoices: the confirmation with both sides, and the red invoice.

use crate::client::*;
use crate::{BUYER, market};
use nnopen_simulator::FormEnd;
use serde_json::{Value, json};

const APPLY: &str = "nuonuo.OpeMplatform.saveInvoiceRedConfirm";
const LOOK: &str = "nuonuo.OpeMplatform.queryInvoiceRedConfirm";
const REFRESH: &str = "nuonuo.OpeMplatform.refreshInvoiceRedConfirm";
const CONFIRM: &str = "nuonuo.OpeMplatform.confirm";
const CANCEL: &str = "nuonuo.OpeMplatform.confirmInfoCancel";
const FAST: &str = "nuonuo.OpeMplatform.fastInvoiceRed";
const HOUR: i64 = 3_600_000;

fn form(blue: &Value, line: &str, bill_id: &str) -> Value {
    json!({
        "billId": bill_id, "blueInvoiceLine": line, "applySource": "0",
        "blueElecInvoiceNumber": blue["allElectronicInvoiceNumber"], "sellerTaxNo": TAX, "sellerName": "示例销方有限公司",
        "buyerTaxNo": BUYER[2], "buyerName": "示例购方有限公司", "redReason": "1",
    })
}

/// The one confirmation of that number, from one side.
fn look(client: &Client<'_>, identity: &str, bill_id: &str) -> Value {
    let found = client.good(LOOK, &json!({ "identity": identity, "billId": bill_id }));
    assert_eq!(found["total"], 1, "{bill_id}: {found}");
    found["list"][0].clone()
}

fn status(client: &Client<'_>, bill_id: &str) -> String {
    look(client, "0", bill_id)["billStatus"].as_str().unwrap().to_owned()
}

#[test]
fn without_consent_the_red_invoice_of_an_electronic_one_comes_by_itself() {
    let simulator = market();
    let seller = Client::new(&simulator);
    let blue = seller.issued("B-1", "pc");
    let mut sent = form(&blue, "pc", "RC-1");
    sent["orderNo"] = "R-1".into();
    assert_eq!(seller.good(APPLY, &sent), "RC-1");
    assert_eq!(seller.refused(APPLY, &sent), ("E9999".into(), "申请号重复".into()));
    assert_eq!(status(&seller, "RC-1"), "15");
    simulator.clock().advance(2_000);
    let row = look(&seller, "0", "RC-1");
    assert_eq!(
        (&row["billStatus"], &row["openStatus"], &row["invoiceSerialNum"]),
        (&json!("01"), &json!(0), &Value::Null)
    );
    assert_eq!((&row["taxExcludedAmount"], &row["taxAmount"]), (&json!("-100.00"), &json!("-6.00")));

    // Two seconds until the bureau issues, then the five of every order.
    simulator.clock().advance(7_000);
    let row = look(&seller, "0", "RC-1");
    assert_eq!((&row["openStatus"], &row["orderNo"]), (&json!(1), &json!("R-1")));
    let red = seller.query("R-1")["result"][0].clone();
    assert_eq!(
        (&red["status"], &red["orderAmount"], &red["serialNo"]),
        (&json!("2"), &json!("-106.00"), &row["invoiceSerialNum"])
    );
    assert_eq!(red["oldEleInvoiceNumber"], blue["allElectronicInvoiceNumber"]);
    assert_eq!(row["redInvoiceNumber"], red["allElectronicInvoiceNumber"]);
    assert_eq!((&red["payerName"], &red["invoiceType"]), (&json!("示例购方有限公司"), &json!("2")));

    // Handed over under another order number, once.
    let names = json!({ "orderNo": "R-2", "taxNum": TAX, "billNo": row["billNo"], "billUuid": row["billUuid"] });
    assert_eq!(seller.good(FAST, &names)["invoiceSerialNum"], red["serialNo"]);
    assert_eq!((seller.status("R-2"), seller.status("R-1")), ("2".into(), "E9500".into()));
    let mut third = names.clone();
    third["orderNo"] = "R-3".into();
    assert_eq!(seller.refused(FAST, &third).0, "E9106");
    assert_eq!(seller.good(FAST, &names)["invoiceSerialNum"], red["serialNo"], "the same number again is no change");

    // It cannot be reversed again, nor this form be withdrawn.
    seller.good(APPLY, &form(&blue, "pc", "RC-2"));
    simulator.clock().advance(2_000);
    let row = look(&seller, "0", "RC-2");
    assert_eq!((&row["billStatus"], &row["billMessage"]), (&json!("16"), &json!("该发票已全额冲红")));
    assert_eq!(seller.refused(CANCEL, &json!({ "billId": "RC-1", "identity": "0" })).0, "E9999");
}

#[test]
fn the_buyer_agrees_and_the_seller_makes_the_red_invoice_of_a_printed_one() {
    let simulator = market();
    let (seller, buyer) = (Client::new(&simulator), Client::of(&simulator, BUYER));
    let blue = seller.issued("B-1", "ec");
    seller.good(APPLY, &form(&blue, "ec", "RC-WAIT"));
    simulator.clock().advance(2_000);
    let row = look(&seller, "0", "RC-WAIT");
    assert_eq!(row["billStatus"], "02");
    let names = json!({ "orderNo": "R-1", "taxNum": TAX, "billNo": row["billNo"], "billUuid": row["billUuid"] });
    assert_eq!(seller.refused(FAST, &names).0, "E9999", "not agreed yet");

    // The buyer's copy does not know of it before it was downloaded.
    let agree =
        json!({ "billUuid": row["billUuid"], "identity": "1", "confirmAgreement": "1", "confirmReason": "同意" });
    assert_eq!(buyer.refused(CONFIRM, &agree).0, "E9531");
    assert_eq!(buyer.good(LOOK, &json!({ "identity": "1", "billId": "RC-WAIT" }))["total"], 0);
    buyer.good(REFRESH, &json!({ "identity": "1", "startTime": "2026-01-05", "endTime": "2026-01-05" }));
    assert_eq!(look(&buyer, "1", "RC-WAIT")["billStatus"], "02");

    // Only the other side, and only as itself.
    let mut wrong = agree.clone();
    wrong["identity"] = "0".into();
    assert_eq!(seller.refused(CONFIRM, &wrong).0, "E9999");
    assert_eq!(seller.refused(CONFIRM, &agree).0, "E9531", "the seller is not the buyer");
    buyer.good(CONFIRM, &agree);
    assert_eq!(look(&seller, "0", "RC-WAIT")["requestStatus"], "03");
    assert_eq!(buyer.refused(CONFIRM, &agree), ("E9999".into(), "确认单正在处理中".into()));
    simulator.clock().advance(1_000);
    let row = look(&buyer, "1", "RC-WAIT");
    assert_eq!(
        (&row["billStatus"], &row["requestStatus"], &row["confirmReason"]),
        (&json!("04"), &Value::Null, &json!("同意"))
    );

    simulator.clock().advance(60_000);
    assert_eq!(look(&seller, "0", "RC-WAIT")["openStatus"], 0, "printed ones are not reversed by themselves");
    let mut bent = names.clone();
    bent["invoiceLine"] = "bs".into();
    assert_eq!(seller.refused(FAST, &bent).0, "E4000");
    bent = names.clone();
    bent["orderNo"] = "B-1".into();
    assert_eq!(seller.refused(FAST, &bent).0, "E9106");
    bent = names.clone();
    bent["billNo"] = "00000026010000009999".into();
    assert_eq!(seller.refused(FAST, &bent).0, "E9531");
    let serial = seller.good(FAST, &names)["invoiceSerialNum"].clone();
    simulator.clock().advance(5_000);
    let red = seller.query("R-1")["result"][0].clone();
    assert_eq!(
        (&red["serialNo"], &red["orderAmount"], &red["invoiceKind"]),
        (&serial, &json!("-106.00"), &json!("全电纸质发票(普通发票)"))
    );
    bent = names;
    bent["orderNo"] = "R-2".into();
    assert_eq!(seller.refused(FAST, &bent).0, "E9103");
    assert_eq!(simulator.invoice_count("R-1"), 1);
}

#[test]
fn the_other_side_may_refuse_or_let_72_hours_pass() {
    let simulator = market();
    let (seller, buyer) = (Client::new(&simulator), Client::of(&simulator, BUYER));
    let blue = seller.issued("B-1", "bs");

    // The buyer applies: the seller is asked, and refuses.
    let mut sent = form(&blue, "bs", "RC-B1");
    sent["applySource"] = "1".into();
    assert_eq!(seller.refused(APPLY, &sent).0, "E9302", "only the buyer applies as the buyer");
    buyer.good(APPLY, &sent);
    simulator.clock().advance(2_000);
    assert_eq!(look(&buyer, "1", "RC-B1")["billStatus"], "03");
    seller.good(REFRESH, &json!({ "identity": "0", "billUuid": look(&buyer, "1", "RC-B1")["billUuid"] }));
    seller.good(CONFIRM, &json!({ "billId": "RC-B1", "identity": "0", "confirmAgreement": "0" }));
    simulator.clock().advance(1_000);
    assert_eq!(status(&seller, "RC-B1"), "06");

    // The seller applies, the buyer refuses.
    seller.good(APPLY, &form(&blue, "bs", "RC-S1-WAIT"));
    simulator.clock().advance(2_000);
    buyer.good(REFRESH, &json!({ "identity": "1", "startTime": "2026-01-05", "endTime": "2026-01-05" }));
    buyer.good(CONFIRM, &json!({ "billId": "RC-S1-WAIT", "identity": "1", "confirmAgreement": "0" }));
    simulator.clock().advance(1_000);
    assert_eq!(status(&seller, "RC-S1-WAIT"), "05");

    // Nobody says anything. The clock runs from the moment at which the bureau has the form.
    seller.good(APPLY, &form(&blue, "bs", "RC-S2-WAIT"));
    simulator.clock().advance(2_000 + 72 * HOUR - 1);
    let (seller, buyer) = (Client::new(&simulator), Client::of(&simulator, BUYER));
    assert_eq!(status(&seller, "RC-S2-WAIT"), "02");
    simulator.clock().advance(1);
    assert_eq!(status(&seller, "RC-S2-WAIT"), "07");
    buyer.good(REFRESH, &json!({ "identity": "1", "startTime": "2026-01-05", "endTime": "2026-01-08" }));
    let late = buyer.refused(CONFIRM, &json!({ "billId": "RC-S2-WAIT", "identity": "1", "confirmAgreement": "1" }));
    assert_eq!(late, ("E9999".into(), "确认单已超时".into()));
    assert_eq!(simulator.orders().len(), 1, "no red invoice of any of them");
}

#[test]
fn the_side_that_applied_withdraws() {
    let simulator = market();
    let (seller, buyer) = (Client::new(&simulator), Client::of(&simulator, BUYER));
    let blue = seller.issued("B-1", "es");
    seller.good(APPLY, &form(&blue, "es", "RC-1-WAIT"));
    simulator.clock().advance(2_000);
    buyer.good(REFRESH, &json!({ "identity": "1", "startTime": "2026-01-05", "endTime": "2026-01-05" }));
    let by_buyer = buyer.refused(CANCEL, &json!({ "billId": "RC-1-WAIT", "identity": "1" }));
    assert_eq!(by_buyer, ("E9999".into(), "只有发起方可以撤销".into()));
    seller.good(CANCEL, &json!({ "billId": "RC-1-WAIT", "identity": "0" }));
    assert_eq!(look(&seller, "0", "RC-1-WAIT")["requestStatus"], "01");
    simulator.clock().advance(1_000);
    assert_eq!(status(&seller, "RC-1-WAIT"), "08");

    // Agreed already: 09. The other side is played at the admin address.
    seller.good(APPLY, &form(&blue, "es", "RC-2-WAIT"));
    simulator.clock().advance(2_000);
    admin(&simulator, "/_simulator/confirmations", &json!({ "billId": "RC-2-WAIT", "act": "agree" }));
    simulator.clock().advance(1_000);
    assert_eq!(status(&seller, "RC-2-WAIT"), "04");
    seller.good(CANCEL, &json!({ "billId": "RC-2-WAIT", "identity": "0" }));
    simulator.clock().advance(1_000);
    assert_eq!(status(&seller, "RC-2-WAIT"), "09");
    let again = seller.refused(CANCEL, &json!({ "billId": "RC-2-WAIT", "identity": "0" }));
    assert_eq!(again, ("E9999".into(), "确认单当前状态不能撤销".into()));
}

#[test]
fn what_the_other_side_enters_at_the_bureau_is_seen_after_a_download() {
    let simulator = market();
    let seller = Client::new(&simulator);
    let blue = seller.issued("B-1", "pc");
    let mut sent = form(&blue, "pc", "RC-1");
    sent["applySource"] = "1".into();
    let entered = admin(&simulator, "/_simulator/confirmations", &json!({ "act": "enter", "form": sent }));
    assert_eq!(entered, json!({ "billId": "RC-1" }));
    simulator.clock().advance(2_000);
    let all = json!({ "identity": "0", "billTimeStart": "2026-01-05", "billTimeEnd": "2026-01-05" });
    assert_eq!(seller.good(LOOK, &all)["total"], 0);
    seller.good(REFRESH, &json!({ "identity": "0", "startTime": "2026-01-06", "endTime": "2026-01-06" }));
    assert_eq!(seller.good(LOOK, &all)["total"], 0, "another day");
    seller.good(REFRESH, &json!({ "identity": "0", "startTime": "2026-01-05", "endTime": "2026-01-05" }));
    assert_eq!(seller.good(LOOK, &all)["list"][0]["billStatus"], "03");
    // The seller's own order number goes to the red invoice.
    let agree = json!({ "billId": "RC-1", "identity": "0", "confirmAgreement": "1", "orderNo": "R-1" });
    seller.good(CONFIRM, &agree);
    simulator.clock().advance(10_000);
    assert_eq!(seller.status("R-1"), "2");
    let known = get(&simulator, "/_simulator/confirmations").json();
    let states: Vec<&str> =
        known[0]["history"].as_array().unwrap().iter().map(|step| step["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["15", "03", "04"]);
    assert_eq!(known[0]["redOrderNo"], "R-1");
}

#[test]
fn an_operation_fails_where_the_form_goes_on_before_it_ends() {
    let simulator = market();
    let (seller, buyer) = (Client::new(&simulator), Client::of(&simulator, BUYER));
    // Withdrawn half a second before the bureau issues the red invoice.
    let blue = seller.issued("B-1", "pc");
    seller.good(APPLY, &form(&blue, "pc", "RC-1"));
    simulator.clock().advance(2_000 + 1_500);
    seller.good(CANCEL, &json!({ "billId": "RC-1", "identity": "0" }));
    simulator.clock().advance(6_000);
    let row = look(&seller, "0", "RC-1");
    assert_eq!(
        (&row["billStatus"], &row["requestStatus"], &row["openStatus"]),
        (&json!("01"), &json!("02"), &json!(1))
    );

    // Agreed to half a second before the 72 hours are over.
    let blue = seller.issued("B-2", "pc");
    seller.good(APPLY, &form(&blue, "pc", "RC-2-WAIT"));
    simulator.clock().advance(2_000);
    buyer.good(REFRESH, &json!({ "identity": "1", "startTime": "2026-01-05", "endTime": "2026-01-05" }));
    simulator.clock().advance(72 * HOUR - 500);
    let (seller, buyer) = (Client::new(&simulator), Client::of(&simulator, BUYER));
    buyer.good(CONFIRM, &json!({ "billId": "RC-2-WAIT", "identity": "1", "confirmAgreement": "1" }));
    simulator.clock().advance(60_000);
    let row = look(&seller, "0", "RC-2-WAIT");
    assert_eq!(
        (&row["billStatus"], &row["requestStatus"], &row["openStatus"]),
        (&json!("07"), &json!("04"), &json!(0))
    );
}

#[test]
fn a_special_invoice_of_the_older_kind_is_reversed_as_a_digital_one() {
    let simulator = market();
    let seller = Client::new(&simulator);
    let blue = seller.issued("B-1", "s");
    let mut sent = form(&blue, "s", "RC-1");
    sent.as_object_mut().unwrap().remove("blueElecInvoiceNumber");
    (sent["blueInvoiceCode"], sent["blueInvoiceNumber"]) = (blue["invoiceCode"].clone(), blue["invoiceNo"].clone());
    seller.good(APPLY, &sent);
    simulator.clock().advance(60_000);
    let row = look(&seller, "0", "RC-1");
    assert_eq!((&row["billStatus"], &row["openStatus"]), (&json!("01"), &json!(0)));
    let names = json!({
        "orderNo": "R-1", "taxNum": TAX, "billNo": row["billNo"], "billUuid": row["billUuid"],
        "invoiceCode": blue["invoiceCode"], "invoiceNumber": blue["invoiceNo"],
    });
    seller.good(FAST, &names);
    simulator.clock().advance(5_000);
    let red = seller.query("R-1")["result"][0].clone();
    assert_eq!((&red["invoiceKind"], &red["oldInvoiceNo"]), (&json!("电子发票(增值税专用发票)"), &blue["invoiceNo"]));
    let void =
        json!({ "invoiceId": blue["serialNo"], "invoiceCode": blue["invoiceCode"], "invoiceNo": blue["invoiceNo"] });
    assert_eq!(seller.refused("nuonuo.OpeMplatform.invoiceCancellation", &void).1, "该发票存在未作废的红票");
}

/// What the tax bureau says to an application, with the state 16.
fn refused(seller: &Client<'_>, sent: &Value) -> String {
    seller.good(APPLY, sent);
    seller.simulator.clock().advance(2_000);
    let row = look(seller, "0", sent["billId"].as_str().unwrap());
    assert_eq!(row["billStatus"], "16", "{row}");
    row["billMessage"].as_str().unwrap().to_owned()
}

#[test]
fn what_the_bureau_does_not_take_ends_as_16_with_its_words() {
    let simulator = market();
    let seller = Client::new(&simulator);
    let blue = seller.issued("B-1", "ec");
    let mut sent = form(&blue, "ec", "X-1");
    sent["blueElecInvoiceNumber"] = "26000999999999999999".into();
    assert_eq!(refused(&seller, &sent), "查无此票");
    assert_eq!(refused(&seller, &form(&blue, "pc", "X-2")), "查无此票", "another kind");
    assert_eq!(refused(&seller, &form(&blue, "ec", "X-3-FAIL")), "模拟器：申请号以 -FAIL 结尾，按要求审核失败");
    simulator.plan_form("X-4", FormEnd::Refuse("税局忙".into()));
    assert_eq!(refused(&seller, &form(&blue, "ec", "X-4")), "税局忙");
    let control = seller.issued("B-2", "p");
    let mut sent = form(&blue, "p", "X-5");
    sent.as_object_mut().unwrap().remove("blueElecInvoiceNumber");
    (sent["blueInvoiceCode"], sent["blueInvoiceNumber"]) =
        (control["invoiceCode"].clone(), control["invoiceNo"].clone());
    assert!(refused(&seller, &sent).contains("增值税发票管理系统开具的普通发票"));

    let line = |index: &str, excluded: &str, tax: &str| {
        json!({
            "blueDetailIndex": index, "goodsName": "技术服务费", "taxExcludedAmount": excluded, "taxAmount": tax,
            "taxRate": "0.06", "goodsCode": "3040203000000000000",
        })
    };
    for (bill, detail, says) in [
        ("X-6", line("2", "-40.00", "-2.40"), "待录入红字确认单的明细行号不匹配"),
        ("X-7", line("1", "-100.01", "-6.00"), "合计金额不一致"),
        ("X-8", line("1", "40.00", "2.40"), "合计金额不一致"),
    ] {
        let mut sent = form(&blue, "ec", bill);
        sent["detail"] = json!([detail]);
        assert_eq!(refused(&seller, &sent), says, "{bill}");
    }

    // 40 of 100 are taken; 60 are left, but only once the first form is through.
    let mut part = form(&blue, "ec", "P-1");
    part["detail"] = json!([line("1", "-40.00", "-2.40")]);
    seller.good(APPLY, &part);
    simulator.clock().advance(2_000);
    assert_eq!(status(&seller, "P-1"), "01");
    assert!(refused(&seller, &form(&blue, "ec", "P-2")).contains("已开具状态"));
    let row = look(&seller, "0", "P-1");
    let names = json!({ "orderNo": "R-1", "taxNum": TAX, "billNo": row["billNo"], "billUuid": row["billUuid"] });
    seller.good(FAST, &names);
    simulator.clock().advance(5_000);
    assert_eq!(seller.query("R-1")["result"][0]["orderAmount"], "-42.40");
    let mut part = form(&blue, "ec", "P-3");
    part["detail"] = json!([line("1", "-60.01", "-3.60")]);
    assert_eq!(refused(&seller, &part), "合计金额不一致");
    part = form(&blue, "ec", "P-4");
    part["detail"] = json!([line("1", "-60.00", "-3.60")]);
    seller.good(APPLY, &part);
    simulator.clock().advance(2_000);
    assert_eq!(status(&seller, "P-4"), "01");
}

#[test]
fn searches_need_a_number_or_at_most_90_days_and_come_in_pages_of_at_most_50() {
    let simulator = market();
    let seller = Client::new(&simulator);
    let blue = seller.issued("B-1", "ec");
    for number in 1..=12 {
        seller.good(APPLY, &form(&blue, "ec", &format!("L-{number:02}-FAIL")));
    }
    let window = |from: &str, to: &str| json!({ "identity": "0", "billTimeStart": from, "billTimeEnd": to });
    assert_eq!(seller.refused(LOOK, &json!({ "identity": "0" })).0, "E4000");
    assert_eq!(seller.refused(LOOK, &window("2026-01-01", "2026-04-02")).0, "E4000", "91 days");
    assert_eq!(seller.refused(LOOK, &window("2026-01-06", "2026-01-05")).0, "E4000");
    let mut ask = window("2026-01-01", "2026-04-01");
    let page = seller.good(LOOK, &ask);
    assert_eq!((&page["total"], page["list"].as_array().unwrap().len()), (&json!(12), 10));
    assert_eq!(page["list"][0]["billId"], "L-12-FAIL", "the newest first");
    (ask["pageNo"], ask["pageSize"]) = ("3".into(), "5".into());
    assert_eq!(seller.good(LOOK, &ask)["list"].as_array().unwrap().len(), 2);
    ask["pageSize"] = "51".into();
    assert_eq!(seller.refused(LOOK, &ask).0, "E4000");
    assert_eq!(seller.good(LOOK, &window("2026-01-06", "2026-01-07"))["total"], 0);
}
