//! Too many calls, on request; and the faults, for every method.

use crate::client::*;
use nnopen_simulator::{Account, Fault, Options};
use serde_json::json;

#[test]
fn calls_beyond_the_limit_of_a_second_answer_070202_and_of_a_day_070201() {
    let account = Account { calls_per_second: Some(3), calls_per_day: Some(5), ..Account::default() };
    let simulator = start(Options { accounts: vec![account], ..Options::default() });
    let client = Client::new(&simulator);
    let code = || client.query("NO-1")["code"].as_str().unwrap().to_owned();
    assert_eq!([code(), code(), code()], ["E9500"; 3]);
    assert_eq!(client.refused(QUERY, &json!({ "orderNos": ["NO-1"] })), ("070202".into(), "超出调用频率".into()));
    simulator.clock().advance(999);
    assert_eq!(code(), "070202");
    simulator.clock().advance(1);
    assert_eq!([code(), code(), code()], ["E9500", "E9500", "070201"]);
    simulator.clock().advance(86_400_000);
    let client = Client::new(&simulator);
    assert_eq!(client.query("NO-1")["code"], "E9500");
}

#[test]
fn scripts_may_set_a_limit_and_take_it_back() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    assert_eq!(
        admin(&simulator, "/_simulator/limits", &json!({ "perSecond": 1 })),
        json!({ "perSecond": 1, "perDay": null })
    );
    assert_eq!(client.issue(&order("L-1"))["code"], "E0000");
    assert_eq!(client.issue(&order("L-2"))["code"], "070202");
    assert_eq!(simulator.orders().len(), 1, "what is refused is not carried out");
    admin(&simulator, "/_simulator/limits", &json!({}));
    assert_eq!(client.issue(&order("L-2"))["code"], "E0000");
    assert!(admin(&simulator, "/_simulator/limits", &json!({ "perSecond": "x" }))["error"].is_string());
}

#[test]
fn faults_meet_the_methods_of_every_life() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    let row = client.issued("F-1", "ec");
    let void = "nuonuo.OpeMplatform.invoiceCancellation";
    let names =
        json!({ "invoiceId": row["serialNo"], "invoiceCode": row["invoiceCode"], "invoiceNo": row["invoiceNo"] });
    simulator.faults().push_for(void, Fault::LostBefore);
    assert!(raw(&simulator, &client.prepared(void, &names).bytes()).is_none());
    assert_eq!(client.status("F-1"), "2", "nothing was carried out");
    simulator.faults().push_for(void, Fault::LostAfter);
    assert!(raw(&simulator, &client.prepared(void, &names).bytes()).is_none());
    assert_eq!(client.status("F-1"), "31", "it was carried out, and nobody was told");
    let stock = "nuonuo.OpeMplatform.getInvoiceStock";
    simulator.faults().push_for(stock, Fault::Busy("070202".into()));
    assert_eq!(client.refused(stock, &json!({})).0, "070202");
    simulator.faults().push_for(stock, Fault::Status(503));
    assert_eq!(raw(&simulator, &client.prepared(stock, &json!({})).bytes()).unwrap().status, 503);
    simulator.faults().push_for(stock, Fault::Truncated);
    assert!(
        serde_json::from_slice::<serde_json::Value>(
            &raw(&simulator, &client.prepared(stock, &json!({})).bytes()).unwrap().body
        )
        .is_err()
    );
}
