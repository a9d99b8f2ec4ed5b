//! Pushes to a receiver of the tests' own: what stands in them, when they come, how often.
#![allow(clippy::unwrap_used)]

mod client;

use client::receiver::*;
use client::*;
use nnopen_simulator::{Account, Options, Outcome, PushForm, PushStyle, Simulator};
use serde_json::{Value, json};

const MINUTE: i64 = 60_000;

#[test]
fn the_end_of_an_order_is_pushed_once_as_a_form() {
    let (simulator, receiver) = (simulator(), Receiver::start());
    let client = Client::new(&simulator);
    let serial = client.issue(&told("P-1", &receiver))["result"]["invoiceSerialNum"].as_str().unwrap().to_owned();
    client.issue(&order("P-2"));
    simulator.clock().advance(4_000);
    tries(&simulator, 0);
    simulator.clock().advance(1_000);

    let push = tries(&simulator, 1).remove(0);
    let got = receiver.got().remove(0);
    assert_eq!((got.target.as_str(), got.body.as_str()), ("/invoice/scan?key=7", push.body.as_str()));
    assert_eq!(got.content_type, "application/x-www-form-urlencoded;charset=UTF-8");
    let names: Vec<String> = form(&push.body).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["operater", "orderno", "content"]);
    assert_eq!((push.operater, push.order_no.as_str(), &push.serial_no), ("callback", "P-1", &serial));
    assert!(push.acknowledged && push.next_at.is_none());
    assert_eq!(
        (push.tries[0].at, push.tries[0].status, push.tries[0].answer.as_str()),
        (NOW + 5_000, Some(200), ACCEPTED)
    );

    known(&push);
    let content = &members(&push)["content"];
    assert_eq!(content["c_kprq"], (NOW + 4_000).to_string());
    assert_eq!((&content["c_fpqqlsh"], &content["c_orderno"]), (&json!(serial), &json!("P-1")));
    assert_eq!((&content["c_bhsje"], &content["c_hjse"]), (&json!("100.00"), &json!("6.00")));
    assert_eq!(content["c_fphm"], content["allElectronicInvoiceNumber"]);
    assert_eq!(content["c_url"], format!("{}/document/{serial}.pdf", simulator.url()));
    assert!(!content["c_jpg_url"].as_str().unwrap().contains("://"));
    assert!(content.get("c_status").is_none() && content.get("c_hjje").is_none());
    simulator.clock().advance(10 * MINUTE);
    tries(&simulator, 1);
}

#[test]
fn it_is_tried_four_times_a_minute_apart_until_0000_is_answered() {
    let (simulator, receiver) = (simulator(), Receiver::start());
    let client = Client::new(&simulator);
    let refused = http(r#"{"status":"9999","message":"no"}"#);
    receiver.answers(&[
        None,
        Some(&refused),
        Some("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"),
        Some("gibberish\r\n\r\n"),
    ]);
    client.issue(&told("P-1", &receiver));
    simulator.clock().advance(5_000);
    let push = tries(&simulator, 1).remove(0);
    assert_eq!((push.next_at, push.tries[0].status), (Some(NOW + 5_000 + MINUTE), None));
    assert!(push.tries[0].error.is_some());
    simulator.clock().advance(MINUTE - 1);
    tries(&simulator, 1);
    simulator.clock().advance(1);
    tries(&simulator, 2);
    simulator.clock().advance(MINUTE);
    tries(&simulator, 3);
    simulator.clock().advance(MINUTE);
    let push = tries(&simulator, 4).remove(0);
    assert_eq!((push.next_at, push.acknowledged), (None, false));
    assert_eq!(push.tries[1].answer, r#"{"status":"9999","message":"no"}"#);
    let at: Vec<i64> = push.tries.iter().map(|tried| tried.at - NOW).collect();
    assert_eq!(at, [5_000, 65_000, 125_000, 185_000]);
    simulator.clock().advance(60 * MINUTE);
    tries(&simulator, 4);
    // The same bytes each time.
    assert!(receiver.got().iter().all(|got| got.body == push.body));
}

#[test]
fn an_answer_in_chunks_ends_the_tries_and_the_time_between_them_can_be_shorter() {
    let (simulator, receiver) = (simulator(), Receiver::start());
    simulator.push_style(PushStyle { retry_after: Some(1_000), ..PushStyle::default() });
    let chunked =
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{ACCEPTED}\r\n0\r\n\r\n", ACCEPTED.len());
    receiver.answers(&[None, Some(&chunked)]);
    Client::new(&simulator).issue(&told("P-1", &receiver));
    simulator.clock().advance(5_000);
    tries(&simulator, 1);
    simulator.clock().advance(1_000);
    assert!(tries(&simulator, 2)[0].acknowledged);
    simulator.clock().advance(MINUTE);
    tries(&simulator, 2);
}

#[test]
fn failures_are_pushed_only_if_the_company_wants_them() {
    let receiver = Receiver::start();
    let quiet = simulator();
    let client = Client::new(&quiet);
    for number in ["P-FAIL", "P-SEAL", "P-STUCK"] {
        client.issue(&told(number, &receiver));
    }
    quiet.clock().advance(5_000);
    tries(&quiet, 0);

    let accounts = vec![Account { push_failures: true, ..Account::default() }];
    let loud = start(Options { accounts, ..Options::default() });
    let client = Client::new(&loud);
    for number in ["P-FAIL", "P-SEAL", "P-GOOD", "P-STUCK"] {
        client.issue(&told(number, &receiver));
    }
    loud.clock().advance(5_000);
    let pushes = tries(&loud, 3);
    let content =
        |number: &str| members(pushes.iter().find(|push| push.order_no == number).unwrap())["content"].clone();
    for (number, status) in [("P-FAIL", "2"), ("P-SEAL", "3")] {
        let content = content(number);
        let names: Vec<&str> = content.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["c_fpqqlsh", "c_status", "c_saletaxnum", "c_errorMessage"]);
        assert_eq!((&content["c_status"], &content["c_saletaxnum"]), (&json!(status), &json!(TAX)));
        assert!(!content["c_errorMessage"].as_str().unwrap().is_empty());
    }
    assert_eq!(content("P-GOOD")["c_status"], "1");
    pushes.iter().for_each(known);

    // What is tried again ends again, and that is told again.
    client.call(RETRY, &json!({ "orderno": "P-SEAL" }));
    loud.clock().advance(5_000);
    let again = tries(&loud, 4).remove(3);
    assert_eq!((again.order_no.as_str(), &members(&again)["content"]["c_status"]), ("P-SEAL", &json!("1")));
}

#[test]
fn voiding_is_pushed_only_if_the_company_wants_it() {
    let receiver = Receiver::start();
    let quiet = simulator();
    Client::new(&quiet).issue(&told("P-VOID", &receiver));
    quiet.clock().advance(5_000);
    assert_eq!(tries(&quiet, 1)[0].operater, "callback");

    let accounts = vec![Account { push_voids: true, ..Account::default() }];
    let loud = start(Options { accounts, ..Options::default() });
    let client = Client::new(&loud);
    client.issue(&told("P-VOID", &receiver));
    loud.clock().advance(5_000);
    let pushes = tries(&loud, 2);
    assert_eq!((pushes[0].operater, pushes[1].operater), ("callback", "invoiceInvalid"));
    known(&pushes[1]);
    let void = members(&pushes[1]);
    assert_eq!(void["fpqqlsh"], pushes[1].serial_no.as_str());
    assert_eq!(void["content"]["invalidStatus"], "3");
    assert_eq!(void["content"]["invalidTime"], ((NOW + 5_000) / 1000).to_string());
}

#[test]
fn a_red_invoice_names_the_blue_one() {
    let (simulator, receiver) = (simulator(), Receiver::start());
    let client = Client::new(&simulator);
    let mut blue = order("B-1");
    blue["invoiceLine"] = "p".into();
    client.issue(&blue);
    simulator.clock().advance(5_000);
    let row = client.query("B-1")["result"][0].clone();
    let mut red = told("R-1", &receiver);
    red["invoiceLine"] = "p".into();
    red["invoiceType"] = "2".into();
    red["redReason"] = "1".into();
    red["invoiceCode"] = row["invoiceCode"].clone();
    red["invoiceNum"] = row["invoiceNo"].clone();
    red["invoiceDetail"] = json!([line("技术服务费", "-100.00", "-6.00", "-106.00", "0")]);
    assert_eq!(client.issue(&red)["code"], "E0000");
    simulator.clock().advance(5_000);
    let push = tries(&simulator, 1).remove(0);
    known(&push);
    let content = &members(&push)["content"];
    assert_eq!((&content["c_yfpdm"], &content["c_yfphm"]), (&row["invoiceCode"], &row["invoiceNo"]));
    assert_eq!((&content["c_bhsje"], &content["redReason"]), (&json!("-100.00"), &json!("1")));
}

#[test]
fn a_company_may_have_an_address_of_its_own_and_the_optional_members() {
    let receiver = Receiver::start();
    let account = Account { callback_url: Some(receiver.url()), push_details: true, ..Account::default() };
    let simulator = start(Options { accounts: vec![account], ..Options::default() });
    Client::new(&simulator).issue(&order("P-1"));
    simulator.clock().advance(5_000);
    let push = tries(&simulator, 1).remove(0);
    known(&push);
    let content = &members(&push)["content"];
    assert_eq!((&content["c_hjje"], &content["c_invoice_line"]), (&json!("106.00"), &json!("pc")));
    assert_eq!((&content["specificFactor"], &content["buyername"]), (&json!(0), &json!("示例购方有限公司")));
    let item = &content["invoiceItems"][0];
    assert_eq!((&item["itemSumAmount"], &item["itemName"]), (&json!("106.00"), &json!("技术服务费")));

    let foreign = Account { callback_url: Some("http://example.com/".to_owned()), ..Account::default() };
    assert!(Simulator::start(Options { accounts: vec![foreign], ..Options::default() }).is_err());
}

#[test]
fn foreign_addresses_are_not_pushed_to_and_the_record_says_so() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    for (at, url) in ["http://example.com/", "https://127.0.0.1/", "http://127.0.0.1@example.com/", simulator.url()]
        .iter()
        .enumerate()
    {
        let mut order = order(&format!("P-{at}"));
        order["callBackUrl"] = (*url).into();
        assert_eq!(client.issue(&order)["code"], "E0000");
        let note = simulator.requests().pop().unwrap().note.unwrap();
        assert!(note.contains("will not push"), "{url}: {note}");
    }
    simulator.clock().advance(5_000);
    tries(&simulator, 0);
    assert_eq!(simulator.invoice_count("P-0"), 1);
}

#[test]
fn duplicates_and_disorder_come_on_request() {
    let (simulator, receiver) = (simulator(), Receiver::start());
    simulator.push_style(PushStyle { copies: 2, disorder: true, ..PushStyle::default() });
    Client::new(&simulator).issue(&told("P-SPLIT2", &receiver));
    simulator.clock().advance(5_000);
    let pushes = tries(&simulator, 4);
    assert!(pushes.iter().all(|push| push.acknowledged));
    let sent: Vec<String> = receiver.got().into_iter().map(|got| got.body).collect();
    let mut expected: Vec<String> = pushes.iter().map(|push| push.body.clone()).collect();
    expected.reverse();
    assert_eq!(sent, expected);
    assert_eq!((&sent[0], &sent[2]), (&sent[1], &sent[3]));
    assert_ne!(sent[0], sent[2]);
    let names: Vec<String> = form(&sent[0]).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["content", "orderno", "operater"]);
}

#[test]
fn a_push_may_be_json() {
    let (simulator, receiver) = (simulator(), Receiver::start());
    let client = Client::new(&simulator);
    for (number, form, is_text) in [("P-1", PushForm::Json, false), ("P-2", PushForm::JsonText, true)] {
        simulator.push_style(PushStyle { form, ..PushStyle::default() });
        client.issue(&told(number, &receiver));
        simulator.clock().advance(5_000);
        let push = tries(&simulator, if is_text { 2 } else { 1 }).pop().unwrap();
        assert_eq!(push.content_type, "application/json;charset=UTF-8");
        let body: Value = serde_json::from_str(&push.body).unwrap();
        assert_eq!((body["content"].is_string(), body["orderno"].as_str()), (is_text, Some(number)));
        known(&push);
    }
}

#[test]
fn a_plan_made_afterwards_is_told_too() {
    let receiver = Receiver::start();
    let accounts = vec![Account { push_voids: true, ..Account::default() }];
    let simulator = start(Options { accounts, ..Options::default() });
    Client::new(&simulator).issue(&told("P-1", &receiver));
    simulator.clock().advance(5_000);
    tries(&simulator, 1);
    simulator.plan("P-1", Outcome::Voided);
    assert_eq!(tries(&simulator, 2)[1].operater, "invoiceInvalid");
}

#[test]
fn a_script_may_ask_for_all_pushes_whatever_the_account_says() {
    let (simulator, receiver) = (simulator(), Receiver::start());
    admin(&simulator, "/_simulator/pushes", &json!({ "failures": true, "voids": true, "details": true }));
    let client = Client::new(&simulator);
    for number in ["P-FAIL", "P-VOID"] {
        client.issue(&told(number, &receiver));
    }
    simulator.clock().advance(5_000);
    let pushes = tries(&simulator, 3);
    pushes.iter().for_each(known);
    assert_eq!(members(&pushes[0])["content"]["c_status"], "2");
    assert_eq!(members(&pushes[1])["content"]["c_hjje"], "106.00");
    assert_eq!(pushes[2].operater, "invoiceInvalid");
}

#[test]
fn scripts_see_and_steer_pushes() {
    let (simulator, receiver) = (simulator(), Receiver::start());
    let style = admin(&simulator, "/_simulator/pushes", &json!({ "form": "json", "copies": 2, "retryAfter": 5 }));
    let off = json!({ "form": "json", "copies": 2, "disorder": false, "retryAfter": 5, "failures": false, "voids": false, "details": false });
    assert_eq!(style, off);
    for bad in [json!({ "form": "xml" }), json!({ "copies": 0 }), json!({ "retryAfter": -1 }), json!({ "disorder": 1 })]
    {
        assert!(admin(&simulator, "/_simulator/pushes", &bad)["error"].is_string(), "{bad}");
    }
    receiver.answers(&[None]);
    Client::new(&simulator).issue(&told("P-1", &receiver));
    simulator.clock().advance(5_000);
    tries(&simulator, 2);
    let seen = get(&simulator, "/_simulator/pushes").json();
    let seen = seen.as_array().unwrap();
    assert_eq!((seen.len(), &seen[0]["operater"], &seen[0]["orderNo"]), (2, &json!("callback"), &json!("P-1")));
    assert_eq!((&seen[0]["acknowledged"], &seen[0]["nextAt"]), (&json!(false), &json!(NOW + 5_005)));
    assert_eq!((&seen[1]["acknowledged"], &seen[1]["tries"][0]["status"]), (&json!(true), &json!(200)));
    assert_eq!(raw(&simulator, &request("DELETE", "/_simulator/pushes", &[], b"")).unwrap().json(), json!([]));
    simulator.clock().advance(MINUTE);
    tries(&simulator, 0);
    assert_eq!(raw(&simulator, &request("PUT", "/_simulator/pushes", &[], b"")).unwrap().status, 405);
}
