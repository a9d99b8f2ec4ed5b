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
fn what_the_data_files_ask_of_methods_with_a_life_is_understood() {
    let mut asked = 0;
    for method in methods().iter().filter(|method| method["simulated"] == "state") {
        for example in method["examples"].as_array().unwrap() {
            let simulator = simulator();
            let name = method["name"].as_str().unwrap();
            let answer = Client::new(&simulator).call(name, &example["params"]);
            let code = answer["code"].as_str().map_or_else(|| answer["code"].to_string(), str::to_owned);
            let known = ["E4000", "E9300", "E9302", "070501"];
            assert!(!code.is_empty() && !known.contains(&code.as_str()), "{name}: {answer}");
            asked += 1;
        }
    }
    assert!(asked >= 40, "{asked}");
}

/// The places in a body where a value stands: members, and members of the first item of a list.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    if let Some(object) = value.as_object() {
        for (name, value) in object {
            found.push(format!("{at}/{name}"));
            places(value, &format!("{at}/{name}"), found);
        }
    } else if let Some(first) = value.as_array().and_then(|items| items.first()) {
        places(first, &format!("{at}/0"), found);
    }
}

#[test]
fn no_body_however_bent_is_stumbled_over() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    let odd: Vec<Value> = [
        "null",
        "\"\"",
        "{}",
        "[]",
        "[[]]",
        "true",
        "-1",
        "1e400",
        "0.000000000000000000001",
        "\"９\"",
        "\"2026-01-05\"",
        "\"9999-12-31 23:59:59\"",
        "\"-99999999999999999999999999.99\"",
        "9223372036854775807",
        "\"20260105\"",
    ]
    .map(|text| serde_json::from_str(text).unwrap())
    .into();
    let long = Value::from("长".repeat(300));
    let mut sent = 0;
    for method in methods().iter().filter(|method| method["simulated"] == "state") {
        let (name, base) = (method["name"].as_str().unwrap(), &method["examples"][0]["params"]);
        let mut found = Vec::new();
        places(base, "", &mut found);
        for (at, place) in found.iter().enumerate() {
            // Every place meets three of the oddities; all methods together meet all of them many times.
            for value in odd.iter().cycle().skip(at * 7 % odd.len()).take(3).chain([&long]) {
                let mut body = base.clone();
                *body.pointer_mut(place).unwrap() = value.clone();
                let answer = raw(&simulator, &client.prepared(name, &body).bytes());
                let answer = answer.unwrap_or_else(|| panic!("{name}: no answer to {body}"));
                assert!(!answer.json()["code"].is_null(), "{name}: {body}: {}", answer.text());
                sent += 1;
            }
        }
        simulator.clock().advance(1_000);
    }
    simulator.clock().advance(100_000);
    assert!(sent > 800, "{sent}");
    assert_eq!(get(&simulator, "/_simulator/clock").status, 200);
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
