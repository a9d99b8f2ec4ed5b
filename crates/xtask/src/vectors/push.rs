//! Pushes made from the data files' examples: each as a form, as JSON, and as JSON whose content is a text.

use serde_json::{Map, Value, json};

use crate::ir::{Api, Form, Push, PushExample, Style};
use crate::output::Files;
use crate::pretty::pretty;

pub(crate) const FOLDER: &str = "tests/vectors/pushes";

const STYLES: [(Style, &str, &str); 3] = [
    (Style::Form, "form", "application/x-www-form-urlencoded; charset=UTF-8"),
    (Style::Json, "json", "application/json"),
    (Style::JsonText, "text", "application/json;charset=UTF-8"),
];

pub(super) fn print(api: &Api, files: &mut Files) {
    for push in &api.pushes {
        for (at, told) in push.examples.iter().enumerate() {
            for (style, name, content_type) in STYLES {
                // Without a content there is nothing that could be a text.
                if style == Style::JsonText && told.push.get("content").is_none() {
                    continue;
                }
                let stem = push.model.stem.replace('_', "-");
                let vector = vector(api, push, told, style, content_type);
                files.insert(format!("{FOLDER}/{stem}-{}-{name}.json", at + 1), format!("{}\n", pretty(&vector, 0)));
            }
        }
    }
}

fn vector(api: &Api, push: &Push, told: &PushExample, style: Style, content_type: &str) -> Value {
    let find = |paths: &[String]| paths.iter().find_map(|path| text(at(&told.push, path)?));
    let (code, status) = status(api, push, &told.push);
    json!({
        "title": format!("{}: {}", push.model.title.en, told.title.en),
        "source": push.model.file,
        "content_type": content_type,
        "body": body(&told.push, style),
        "expect": {
            "ok": true,
            "operater": push.model.name,
            "known": true,
            "orderNo": find(&push.order_no),
            "serialNo": find(&push.serial_no),
            "billNo": find(&push.bill_no),
            "status": status,
            "statusCode": code,
            "content": told.push.get("content"),
            "raw": raw(&told.push, style),
            "confirm": confirm(api, push, &told.push),
        },
    })
}

/// The body of a push.
pub(crate) fn body(push: &Value, style: Style) -> String {
    let raw = raw(push, style);
    match style {
        Style::Json | Style::JsonText => raw.to_string(),
        Style::Form => {
            let pairs = raw.as_object().into_iter().flatten();
            let pairs = pairs.map(|(name, value)| format!("{}={}", encode(name), encode(value.as_str().unwrap_or(""))));
            pairs.collect::<Vec<_>>().join("&")
        }
    }
}

/// The members as they arrive.
fn raw(push: &Value, style: Style) -> Value {
    let members = push.as_object().into_iter().flatten().map(|(name, value)| {
        let value = match (style, value) {
            (Style::Form, Value::String(_)) | (Style::Json, _) => value.clone(),
            (Style::Form, value) => Value::String(value.to_string()),
            (Style::JsonText, value) if name == "content" => Value::String(value.to_string()),
            (Style::JsonText, value) => value.clone(),
        };
        (name.clone(), value)
    });
    Value::Object(members.collect())
}

/// The code that tells how things stand, and its name.
fn status(api: &Api, push: &Push, told: &Value) -> (Option<String>, Option<String>) {
    let Some(status) = &push.status else { return (None, None) };
    let code = at(told, &status.at).and_then(text).or_else(|| status.absent.clone());
    let set = push.status_set().and_then(|set| api.set(set));
    let name = set.zip(code.as_ref()).and_then(|(set, code)| set.codes.iter().find(|row| row.code == *code));
    (code.clone(), name.map(|row| row.name.clone()))
}

fn confirm(api: &Api, push: &Push, told: &Value) -> Option<Value> {
    push.confirm.iter().find_map(|confirm| {
        let number = Value::String(text(at(told, &confirm.from)?)?);
        let list = matches!(api.method(&confirm.method)?.at(&confirm.by)?.form, Form::List(_));
        let mut params = Map::new();
        params.insert(confirm.by.clone(), if list { json!([number]) } else { number });
        for also in &confirm.also {
            let value = also.value.clone().or_else(|| text(at(told, also.from.as_ref()?)?));
            params.extend(value.map(|value| (also.name.clone(), Value::String(value))));
        }
        Some(json!({ "method": confirm.method, "params": params }))
    })
}

fn at<'a>(push: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(push, |value, name| value.get(name))
}

/// A value's text; nothing for an empty one.
fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        _ => return None,
    };
    Some(text).filter(|text| !text.is_empty())
}

/// A form's value: letters, digits and `-._*` stay, a blank is `+`, every other byte is `%XX`.
fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b' ' => out.push('+'),
            b'-' | b'.' | b'_' | b'*' => out.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
        out
    })
}
