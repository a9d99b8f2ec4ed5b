//! The login at the tax bureau and the identity check.

use crate::client::*;
use nnopen_simulator::Simulator;
use serde_json::{Value, json};

const STATE: &str = "nuonuo.OpeMplatform.getCertificationStatus";
const CODE: &str = "nuonuo.OpeMplatform.getQrCode";
const VERIFY: &str = "nuonuo.OpeMplatform.verifyComplete";

fn steer(simulator: &Simulator, change: &Value) {
    let mut change = change.clone();
    change["taxNum"] = TAX.into();
    assert!(admin(simulator, "/_simulator/companies", &change)["error"].is_null());
}

fn ask(client: &Client<'_>, method: &str, kind: &str) -> Value {
    client.good(method, &json!({ "queryType": kind }))
}

/// Opens the address that a code holds, as a phone would.
fn scan(simulator: &Simulator, code: &Value) -> u16 {
    let address = code["qrCode"].as_str().unwrap();
    get(simulator, address.strip_prefix(simulator.url()).unwrap()).status
}

#[test]
fn a_login_by_qr_code_is_fetched_scanned_submitted_and_then_good() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    assert_eq!(ask(&client, STATE, "2")["certificationStatus"], "1");
    steer(&simulator, &json!({ "loggedIn": false }));
    assert_eq!(ask(&client, STATE, "2")["certificationStatus"], "0");
    assert_eq!(ask(&client, CODE, "3")["status"], "2", "there is none yet");
    assert_eq!(ask(&client, CODE, "2")["status"], "0");
    assert_eq!(ask(&client, CODE, "3")["status"], "0");
    assert_eq!(client.refused(CODE, &json!({ "queryType": "2" })).0, "E9999", "once in 60 seconds");
    simulator.clock().advance(1_000);
    let code = ask(&client, CODE, "3");
    assert_eq!(
        (&code["status"], &code["qrCodeType"], &code["endTime"]),
        (&json!("1"), &json!("2"), &json!("2026-01-05 10:05:00"))
    );

    // Submitted before it was scanned: nothing.
    ask(&client, VERIFY, "0");
    assert_eq!(ask(&client, VERIFY, "1")["status"], "0");
    simulator.clock().advance(1_000);
    assert_eq!(ask(&client, VERIFY, "1")["status"], "2");
    assert_eq!(scan(&simulator, &code), 200);
    ask(&client, VERIFY, "0");
    simulator.clock().advance(1_000);
    assert_eq!(ask(&client, VERIFY, "1")["status"], "1");
    let state = ask(&client, STATE, "2");
    assert_eq!((&state["certificationStatus"], &state["loginType"]), (&json!("1"), &json!("1")));
    client.issued("Q-1", "pc");

    // Five minutes, then it can neither be scanned nor told.
    simulator.clock().advance(300_000);
    assert_eq!(ask(&client, CODE, "3")["status"], "2");
    assert_eq!(scan(&simulator, &code), 404);
}

#[test]
fn a_login_by_sms_needs_the_code_that_was_sent() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    steer(&simulator, &json!({ "loggedIn": false }));
    assert_eq!(client.refused(VERIFY, &json!({ "queryType": "2" })).0, "E4000", "no code");
    ask(&client, CODE, "4");
    simulator.clock().advance(1_000);
    assert_eq!(ask(&client, CODE, "5")["status"], "1");
    let sms = get(&simulator, "/_simulator/companies").json()[0]["smsCode"].as_u64().unwrap();
    client.good(VERIFY, &json!({ "queryType": "2", "verifyCode": sms + 1 }));
    simulator.clock().advance(1_000);
    assert_eq!(ask(&client, VERIFY, "3")["status"], "2");
    client.good(VERIFY, &json!({ "queryType": "2", "verifyCode": sms }));
    simulator.clock().advance(1_000);
    let result = ask(&client, VERIFY, "3");
    assert_eq!((&result["status"], &result["loginType"]), (&json!("1"), &json!("2")));
    assert_eq!(ask(&client, STATE, "2")["loginType"], "2");
}

#[test]
fn the_identity_check_is_scanned_and_refreshed_at_most_20_times_a_day() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    assert_eq!(ask(&client, STATE, "1")["certificationStatus"], "1");
    steer(&simulator, &json!({ "certified": false }));
    assert_eq!(ask(&client, STATE, "1")["certificationStatus"], "2");
    ask(&client, CODE, "0");
    simulator.clock().advance(1_000);
    let code = ask(&client, CODE, "1");
    assert_eq!(code["qrCodeType"], "4");
    // Scanning alone tells the platform nothing: the state must be refreshed.
    assert_eq!(scan(&simulator, &code), 200);
    assert_eq!(ask(&client, STATE, "1")["certificationStatus"], "2");
    assert_eq!(ask(&client, STATE, "0")["certificationStatus"], "3");
    simulator.clock().advance(1_000);
    assert_eq!(ask(&client, STATE, "1")["certificationStatus"], "1");
    client.issued("C-1", "pc");
    for _ in 1..20 {
        simulator.clock().advance(30_000);
        ask(&client, STATE, "0");
    }
    simulator.clock().advance(30_000);
    assert!(client.refused(STATE, &json!({ "queryType": "0" })).1.contains("20次"));
    simulator.clock().advance(86_400_000);
    ask(&Client::new(&simulator), STATE, "0");
}
