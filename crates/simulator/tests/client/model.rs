//! Whether an answer is what the platform's data says of the method.

use serde_json::Value;
use std::sync::OnceLock;

pub fn table() -> &'static Value {
    static TABLE: OnceLock<Value> = OnceLock::new();
    TABLE.get_or_init(|| serde_json::from_str(include_str!("../../src/table.json")).unwrap())
}

/// Every member is known, has its wire form, and codes are of their sets.
pub fn fits(method: &str, result: &Value) {
    let methods = table()["methods"].as_array().unwrap();
    let method = methods.iter().find(|known| known["name"] == method).unwrap();
    let row = serde_json::json!({ "type": method["result"] });
    check(method, &row, method["result"].as_str().unwrap(), result, method["name"].as_str().unwrap());
}

fn check(method: &Value, row: &Value, kind: &str, value: &Value, path: &str) {
    let inside = |start: &str| kind.strip_prefix(start).and_then(|rest| rest.strip_suffix('>'));
    if value.is_null() || kind == "json" {
        return;
    }
    if let Some(item) = inside("list<") {
        for value in value.as_array().unwrap_or_else(|| panic!("{path} is no list: {value}")) {
            check(method, row, item, value, path);
        }
    } else if let Some(rows) = method["shapes"].get(kind).and_then(Value::as_array) {
        for (name, value) in value.as_object().unwrap_or_else(|| panic!("{path} is no object: {value}")) {
            let row = rows.iter().find(|row| row["name"] == name.as_str());
            let row = row.unwrap_or_else(|| panic!("{path}.{name} is not in the data"));
            check(method, row, row["type"].as_str().unwrap(), value, &format!("{path}.{name}"));
        }
    } else {
        let number = row["wire"] == "number" || (kind == "time" && value.is_number());
        assert_eq!(value.is_number(), number, "{path}: {value}");
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        if let Some(set) = inside("code<").filter(|_| !text.is_empty()) {
            let codes = table()["enums"][set]["codes"].as_array().unwrap();
            assert!(codes.iter().any(|code| code["code"] == text.as_str()), "{path}: {text} is not in {set}");
        }
    }
}
