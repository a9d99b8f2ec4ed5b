//! All methods of the table: both product families of the engine, and the rest by their examples.
#![allow(clippy::unwrap_used)]

mod client;

use client::*;
use serde_json::{Value, json};

const OLDER: &str = "nuonuo.ElectronInvoice.";

fn methods() -> Vec<Value> {
    let table: Value = serde_json::from_str(include_str!("../src/table.json")).unwrap();
    table["methods"].as_array().unwrap().clone()
}

#[test]
fn methods_without_orders_answer_with_their_first_example() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    let (mut answered, mut refused) = (0, 0);
    for method in methods() {
        let name = method["name"].as_str().unwrap();
        if method["simulated"] == "state" {
            continue;
        }
        let examples = method["examples"].as_array().unwrap();
        let example = examples.iter().find(|example| example["reply"].is_object()).or(examples.first());
        let example = example.unwrap_or(&Value::Null);
        let call = client.prepared(name, &example["params"]);
        let answer = raw(&simulator, &call.bytes()).unwrap();
        if method["raw"] == true || example["reply"].is_null() {
            assert_eq!(answer.json()["code"], "070501", "{name}");
            assert!(answer.json()["describe"].as_str().unwrap().contains("模拟器不模拟该接口"), "{name}");
            refused += 1;
        } else {
            assert_eq!(answer.json(), example["reply"], "{name}");
            answered += 1;
        }
    }
    println!("{answered} answered from examples, {refused} not simulated");
}

#[test]
fn the_older_product_is_served_by_the_same_engine() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    let answer = client.call(&format!("{OLDER}requestBillingNew"), &json!({ "order": order("O-SEAL") }));
    assert_eq!(answer["code"], "E0000", "{answer}");
    simulator.clock().advance(5_000);
    let query =
        || client.call(&format!("{OLDER}queryInvoiceResult"), &json!({ "orderNos": ["O-SEAL"] }))["result"][0].clone();
    assert_eq!(query()["status"], "24");
    let retried = client.call(&format!("{OLDER}reInvoice"), &json!({ "orderno": "O-SEAL" }));
    assert_eq!(retried["code"], "E0000", "{retried}");
    simulator.clock().advance(5_000);
    assert_eq!(query()["status"], "2");
}
