//! Conversations made from the data files' examples, and whether all conversations together cover every pair.

mod push;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use base64::Engine;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value, json};
use sha1::Sha1;

use crate::example;
use crate::fault::Faults;
use crate::ir::{Api, Effect, Example, Field, Form, Kind, Method, Outcome, Wire};
use crate::output::Files;
use crate::pretty::pretty;

pub(crate) use push::{FOLDER as PUSHES, body as push_body};

pub(crate) const FOLDER: &str = "tests/vectors/calls";
const STORES: &str = "tests/vectors/stores";
const PAIRS: &str = "tests/vectors/pairs.toml";

const NOW: u64 = 1_700_000_000_000;
const APP_KEY: &str = "SD00000001";
const APP_SECRET: &str = "SD00000000000001";
const TOKEN: &str = "11111111111111111111111111111111";
const TAX_NUM: &str = "339901999999142";

/// A vector for each example; one without a reply ends with what is sent.
pub(crate) fn print(api: &Api, files: &mut Files) {
    for method in &api.methods {
        for (at, told) in method.examples.iter().enumerate() {
            let path = format!("{FOLDER}/{}-{}-{}.json", method.group, method.stem, at + 1);
            let vector = vector(api, method, told, at + 1);
            files.insert(path, format!("{}\n", pretty(&vector, 0)));
        }
    }
    push::print(api, files);
}

fn vector(api: &Api, method: &Method, told: &Example, number: usize) -> Value {
    let body = body(method, &told.params);
    let mut script = vec![json!({ "now": NOW, "step": { "send": request(api, method, &body) } })];
    if let Some(reply) = &told.reply {
        script.push(json!({ "now": NOW + 500, "receive": { "status": told.status, "body": reply } }));
        script.push(json!({ "now": NOW + 500, "step": outcome(api, method, reply) }));
    }
    json!({
        "title": format!("{}: {}", method.title.en, told.title.en),
        "source": format!("{}, example {number}", method.file),
        "session": {
            "environment": "sandbox", "app_key": APP_KEY, "app_secret": APP_SECRET, "tax_num": TAX_NUM,
            "role": "self_use", "permanent_token": TOKEN,
        },
        "calls": [{ "call": method.name, "params": told.params }],
        "script": script,
    })
}

/// The request as it must leave: the first line of a script has the entropy 01 01 01 …
fn request(api: &Api, method: &Method, body: &str) -> Value {
    let senid = "01".repeat(16);
    let nonce = 10_000_000 + u32::from_be_bytes([1; 4]) % 90_000_000;
    let timestamp = NOW / 1000;
    let signed = format!("a=services&l=v1&p=open&k={APP_KEY}&i={senid}&n={nonce}&t={timestamp}&f={body}");
    let sandbox = api.platform.get("hosts").and_then(|hosts| hosts.get("service_sandbox")?.as_str());
    let url = sandbox.unwrap_or_default();
    json!({
        "url": format!("{url}?senid={senid}&nonce={nonce}&timestamp={timestamp}&appkey={APP_KEY}"),
        "headers": [
            ["Content-Type", "application/json"],
            ["X-Nuonuo-Sign", sign(APP_SECRET, &signed)],
            ["accessToken", TOKEN],
            ["userTax", TAX_NUM],
            ["method", method.name],
        ],
        "body": body,
    })
}

fn sign(secret: &str, text: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret.as_bytes()) else { unreachable!("HMAC takes any key") };
    mac.update(text.as_bytes());
    base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes())
}

/// What an answer means for the call.
fn outcome(api: &Api, method: &Method, reply: &Value) -> Value {
    let code = example::code(reply).unwrap_or_default();
    if api.success(method).contains(&code) {
        return json!({ "done": example::result(reply) });
    }
    let describe = ["describe", "message", "msg"].iter().find_map(|name| reply.get(name)?.as_str()).unwrap_or("");
    let about = meaning(api, &code, describe);
    let unknown = about.is_none_or(|about| about.outcome == Outcome::Unknown);
    let kind = match about.map(|about| about.kind) {
        _ if unknown && method.effect == Effect::Write => "uncertain",
        Some(Kind::Auth) => "auth",
        _ => "platform",
    };
    json!({ "error": { "kind": kind, "code": code } })
}

/// The row of an answer's code: the likeliest scope first, in it the row whose text fits, else the general one.
fn meaning<'a>(api: &'a Api, code: &str, describe: &str) -> Option<&'a crate::ir::Code> {
    ["business", "gateway", "token", "fail_envelope", "legacy"].iter().find_map(|scope| {
        let rows = || api.codes.iter().filter(|row| row.code == code && row.scope == *scope);
        rows()
            .find(|row| !row.text.is_empty() && describe.contains(&row.text))
            .or_else(|| rows().find(|row| row.text.is_empty()))
            .or_else(|| rows().find(|row| row.outcome == Outcome::Unknown))
            .or_else(|| rows().min_by_key(|row| &row.text))
    })
}

/// The body that must be sent: the model's order, each value as it travels.
pub(crate) fn body(method: &Method, params: &Value) -> String {
    match params {
        Value::Object(members) if !method.raw => Value::Object(ordered(method, &method.params, members)).to_string(),
        other => other.to_string(),
    }
}

fn ordered(method: &Method, fields: &[Field], members: &Map<String, Value>) -> Map<String, Value> {
    let known = fields.iter().filter_map(|field| Some((field, members.get(&field.name)?)));
    let known = known.filter(|(_, value)| !value.is_null());
    let known = known.map(|(field, value)| (field.name.clone(), written(method, &field.form, field.wire, value)));
    let strange = members.iter().filter(|(name, _)| !fields.iter().any(|field| field.name == **name));
    known.chain(strange.map(|(name, value)| (name.clone(), value.clone()))).collect()
}

fn written(method: &Method, form: &Form, wire: Wire, value: &Value) -> Value {
    match (form, value) {
        (Form::Json, _) => value.clone(),
        (Form::List(item), Value::Array(items)) => {
            items.iter().map(|value| written(method, item, Wire::Text, value)).collect()
        }
        (Form::Shape(name), Value::Object(members)) => match method.shape(name) {
            Some(shape) => Value::Object(ordered(method, &shape.fields, members)),
            None => value.clone(),
        },
        (_, Value::Number(number)) if wire == Wire::Text => Value::String(number.to_string()),
        (_, Value::String(text)) if wire == Wire::Number && !text.is_empty() => {
            serde_json::from_str(text).unwrap_or_else(|_| value.clone())
        }
        _ => value.clone(),
    }
}

/// Whether some conversation plays each pair of the list, and none a pair that is not there.
pub(crate) fn coverage(root: &Path, faults: &mut Faults) {
    let Some(pairs) = pairs(root, faults) else { return };
    let mut covered = BTreeSet::new();
    let mut files = Vec::new();
    for folder in [FOLDER, STORES] {
        match fs::read_dir(root.join(folder)) {
            Ok(entries) => {
                let names = entries.flatten().map(|entry| entry.file_name());
                files.extend(names.map(|name| format!("{folder}/{}", name.to_string_lossy())));
            }
            Err(_) if folder == STORES => {}
            Err(_) => return faults.add(folder, "", "cannot be read"),
        }
    }
    files.sort();
    for file in files.into_iter().filter(|name| name.ends_with(".json")) {
        let text = fs::read_to_string(root.join(&file)).unwrap_or_default();
        let vector: Value = match serde_json::from_str(&text) {
            Ok(vector) => vector,
            Err(error) => {
                faults.add(&file, "", format!("is no JSON: {error}"));
                continue;
            }
        };
        for pair in vector.get("covers").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            if !pairs.contains(pair) {
                faults.add(&file, "covers", format!("`{pair}` is not in {PAIRS}"));
            }
            covered.insert(pair.to_owned());
        }
    }
    for pair in pairs.difference(&covered) {
        faults.add(PAIRS, pair, "no vector covers it");
    }
}

fn pairs(root: &Path, faults: &mut Faults) -> Option<BTreeSet<String>> {
    let text = match fs::read_to_string(root.join(PAIRS)) {
        Ok(text) => text,
        Err(error) => {
            faults.add(PAIRS, "", format!("cannot be read: {error}"));
            return None;
        }
    };
    let table: toml::Table = match text.parse() {
        Ok(table) => table,
        Err(error) => {
            faults.add(PAIRS, "", error.to_string());
            return None;
        }
    };
    let list = crate::ir::texts(table.get("pairs"));
    let pairs: BTreeSet<String> = list.iter().cloned().collect();
    if pairs.is_empty() || pairs.len() != list.len() {
        faults.add(PAIRS, "pairs", "is empty, or names a pair twice");
    }
    Some(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_base64_of_hmac_sha1() {
        // RFC 2202, test case 2
        assert_eq!(sign("Jefe", "what do ya want for nothing?"), "7/zfauXrL6LSdBbV8YTfnCWafHk=");
    }
}
