//! Trouble on request, by the library and over the admin addresses.
#![allow(clippy::unwrap_used)]

mod client;

use client::*;
use nnopen_simulator::{Fault, FaultRule, Options, Simulator};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

#[test]
fn an_answer_is_lost_before_or_after_the_commit() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    let call = |number: &str| raw(&simulator, &client.prepared(ISSUE, &json!({ "order": order(number) })).bytes());
    simulator.faults().push_for(ISSUE, Fault::LostBefore);
    assert!(call("L-1").is_none());
    assert_eq!(simulator.invoice_count("L-1"), 0);
    let record = simulator.requests().pop().unwrap();
    assert_eq!((record.status, record.committed, record.fault), (None, false, Some("lost_before")));

    simulator.faults().push_for(ISSUE, Fault::LostAfter);
    assert!(call("L-1").is_none());
    assert_eq!(simulator.invoice_count("L-1"), 1);
    let record = simulator.requests().pop().unwrap();
    assert_eq!((record.status, record.committed, record.fault), (None, true, Some("lost_after")));
    assert_eq!(call("L-1").unwrap().json()["code"], "E9106");
}

#[test]
fn a_request_may_be_carried_out_twice_and_the_second_answer_is_told() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    simulator.faults().push_for(ISSUE, Fault::Repeated);
    assert_eq!(client.issue(&order("TWICE"))["code"], "E9106");
    assert_eq!(simulator.invoice_count("TWICE"), 1);
    let rule = serde_json::json!({ "fault": "repeated", "method": RETRY, "times": 2 });
    assert_eq!(admin(&simulator, "/_simulator/faults", &rule)[0]["commit"], true);
}

#[test]
fn a_slow_answer_is_carried_out_at_once_and_told_later() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    simulator.faults().push_for(ISSUE, Fault::Slow(150));
    let begin = Instant::now();
    assert_eq!(client.issue(&order("S-1"))["code"], "E0000");
    assert!(begin.elapsed() >= Duration::from_millis(150));
}

#[test]
fn bare_status_truncated_json_and_html_are_what_they_say() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    let call =
        |number: &str| raw(&simulator, &client.prepared(ISSUE, &json!({ "order": order(number) })).bytes()).unwrap();
    simulator.faults().push_for(ISSUE, Fault::Status(503));
    let answer = call("B-1");
    assert_eq!((answer.status, answer.body.len(), simulator.invoice_count("B-1")), (503, 0, 0));
    simulator.faults().push_rule(FaultRule::new(Fault::Status(502)).only(ISSUE).commit(true));
    assert_eq!((call("B-2").status, simulator.invoice_count("B-2")), (502, 1));
    simulator.faults().push_for(ISSUE, Fault::Truncated);
    let answer = call("B-3");
    assert!(answer.status == 200 && answer.body.starts_with(b"{\"code\"") && !answer.body.ends_with(b"}"));
    assert_eq!(simulator.invoice_count("B-3"), 1);
    simulator.faults().push_for(ISSUE, Fault::Html);
    let answer = call("B-4");
    assert!(answer.header("content-type").unwrap().starts_with("text/html") && answer.text().contains("<html>"));
    assert_eq!(simulator.invoice_count("B-4"), 0);
}

#[test]
fn busy_codes_and_an_ended_token_are_answered_in_the_envelope() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    for code in ["070202", "070203", "040102"] {
        simulator.faults().push(Fault::Busy(code.into()));
        let answer = client.issue(&order("C-1"));
        assert_eq!(answer["code"], code);
        assert!(!answer["describe"].as_str().unwrap().is_empty());
    }
    simulator.faults().push(Fault::ExpiredToken);
    // The token endpoint does not take a gateway code away.
    assert_eq!(simulator.faults().waiting().len(), 1);
    let again = Client::new(&simulator);
    assert_eq!(again.issue(&order("C-1"))["code"], "070301");
    assert_eq!(again.issue(&order("C-1"))["code"], "E0000");
}

#[test]
fn a_fault_waits_for_its_method_and_counts_down() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    simulator.faults().push_rule(FaultRule::new(Fault::Busy("070203".into())).only(QUERY).times(2));
    assert_eq!(client.issue(&order("W-1"))["code"], "E0000");
    assert_eq!(client.query("W-1")["code"], "070203");
    assert_eq!(client.query("W-1")["code"], "070203");
    assert_eq!(client.query("W-1")["code"], "E9500");
    simulator.faults().push_for("accessToken", Fault::LostAfter);
    let fields = "client_id=SD00000001&client_secret=SD00000000000001&grant_type=client_credentials";
    assert!(post(&simulator, "/accessToken", "application/x-www-form-urlencoded", fields).is_none());
    // It was granted all the same, so the old one is void.
    assert_eq!(client.query("W-1")["code"], "070301");
    simulator.faults().push(Fault::LostBefore);
    simulator.faults().clear();
    assert!(simulator.faults().waiting().is_empty());
}

#[test]
fn scripts_do_the_same_over_the_admin_addresses() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    let rules = json!([{ "fault": "busy", "code": "040102", "method": ISSUE }, { "fault": "status", "status": 500 }]);
    assert_eq!(admin(&simulator, "/_simulator/faults", &rules).as_array().unwrap().len(), 2);
    assert_eq!(client.issue(&order("X-1"))["code"], "040102");
    assert_eq!(get(&simulator, "/_simulator/faults").json()[0]["fault"], "status");
    raw(&simulator, &request("DELETE", "/_simulator/faults", &[], b"")).unwrap();

    assert_eq!(admin(&simulator, "/_simulator/clock", &json!({ "advance": 500 })), json!({ "now": NOW + 500 }));
    assert_eq!(admin(&simulator, "/_simulator/clock", &json!({ "set": NOW })), json!({ "now": NOW }));
    admin(&simulator, "/_simulator/plan", &json!({ "orderNo": "X-1", "outcome": "fail", "cause": "没有额度" }));
    assert_eq!(client.issue(&order("X-1"))["code"], "E0000");
    admin(&simulator, "/_simulator/clock", &json!({ "advance": 5_000 }));
    let orders = get(&simulator, "/_simulator/orders").json();
    assert_eq!((orders[0]["orderNo"].as_str(), orders[0]["invoices"][0]["status"].as_str()), (Some("X-1"), Some("22")));
    assert_eq!(client.query("X-1")["result"][0]["failCause"], "没有额度");
    let requests = get(&simulator, "/_simulator/requests").json();
    assert_eq!(requests.as_array().unwrap().last().unwrap()["status"], 200);
    for (path, body) in [
        ("/_simulator/faults", json!({ "fault": "flood" })),
        ("/_simulator/clock", json!({})),
        ("/_simulator/plan", json!({ "orderNo": "" })),
        ("/_simulator/nothing", Value::Null),
    ] {
        assert!(admin(&simulator, path, &body).get("error").is_some(), "{path}");
    }
}

#[test]
fn pages_of_other_sites_are_kept_out() {
    let simulator = simulator();
    let headers = [("Origin", "https://evil.example"), ("Content-Type", "text/plain")];
    let answer = raw(&simulator, &request("POST", "/_simulator/clock", &headers, b"{\"set\":1}")).unwrap();
    assert_eq!(answer.status, 403);
    let rebound = b"GET /_simulator/requests HTTP/1.1\r\nHost: evil.example\r\n\r\n";
    assert_eq!(raw(&simulator, rebound).unwrap().status, 403);
    assert_eq!(simulator.clock().now(), NOW);
}

#[test]
fn a_late_request_is_carried_out_when_its_time_comes() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    simulator.faults().push_for(ISSUE, Fault::Late(200));
    std::thread::scope(|scope| {
        scope.spawn(|| assert_eq!(client.issue(&order("L-2"))["code"], "E0000"));
        std::thread::sleep(Duration::from_millis(60));
        assert_eq!(simulator.invoice_count("L-2"), 0);
    });
    assert_eq!(simulator.invoice_count("L-2"), 1);
}

#[test]
fn the_weather_befalls_what_no_queued_fault_meets() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    simulator.faults().weather(|target| (target == ISSUE).then(|| FaultRule::new(Fault::Busy("E9999".to_owned()))));
    simulator.faults().push_for(ISSUE, Fault::Busy("070202".to_owned()));
    let codes: Vec<_> = (0..3).map(|_| client.issue(&order("W-1"))["code"].clone()).collect();
    assert_eq!(codes, ["070202", "E9999", "E9999"]);
    assert_eq!(client.query("W-1")["code"], "E9500");
}

#[test]
fn a_repeated_order_number_makes_another_invoice_where_repeats_are_accepted() {
    let simulator =
        Simulator::start(Options { accept_repeats: true, start_at: Some(NOW), ..Options::default() }).unwrap();
    let client = Client::new(&simulator);
    for _ in 0..2 {
        assert_eq!(client.issue(&order("R-1"))["code"], "E0000");
    }
    assert_eq!((simulator.invoice_count("R-1"), simulator.orders().len()), (2, 2));
}

#[test]
fn voided_tokens_are_refused_until_another_is_fetched() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    simulator.void_tokens();
    assert_eq!(client.issue(&order("V-1"))["code"], "070301");
    assert_eq!(Client::new(&simulator).issue(&order("V-1"))["code"], "E0000");
}
