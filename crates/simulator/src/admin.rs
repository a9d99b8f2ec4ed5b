//! `/_simulator/…`: faults, plans, pushes, the clock and the record, for scripts in any language.

use crate::Shared;
use crate::faults::FaultRule;
use crate::http::{Request, Response};
use crate::orders::Outcome;
use crate::push::PushStyle;
use serde_json::{Value, json};

/// Answers an admin request. Pages of foreign sites are kept out: they would come with their own `Origin`.
pub(crate) fn answer(shared: &Shared, request: &Request) -> Response {
    if request.header("origin").is_some_and(|origin| !is_local(origin)) {
        return failed(403, "foreign origin");
    }
    let path = request.path().trim_start_matches("/_simulator");
    let body = || match serde_json::from_slice::<Value>(&request.body) {
        Ok(value) => Ok(value),
        Err(error) => Err(format!("not JSON: {error}")),
    };
    let result = match (request.method.as_str(), path) {
        ("GET", "/faults") => Ok(faults(shared)),
        ("POST", "/faults") => body().and_then(|value| push(shared, &value)),
        ("DELETE", "/faults") => {
            shared.faults.clear();
            Ok(faults(shared))
        }
        ("GET", "/requests") => Ok(shared.record.all().iter().map(crate::Recorded::json).collect()),
        ("DELETE", "/requests") => {
            shared.record.clear();
            Ok(json!([]))
        }
        ("GET", "/clock") => Ok(json!({ "now": shared.clock.now() })),
        ("POST", "/clock") => body().and_then(|value| clock(shared, &value)),
        ("GET", "/orders") => Ok(shared.order_states().iter().map(crate::OrderState::json).collect()),
        ("POST", "/plan") => body().and_then(|value| plan(shared, &value)),
        ("GET", "/pushes") => Ok(shared.state().outbox.all().iter().map(crate::SentPush::json).collect()),
        ("DELETE", "/pushes") => {
            shared.state().outbox.clear();
            Ok(json!([]))
        }
        ("POST", "/pushes") => body().and_then(|value| style(shared, &value)),
        (_, "/faults" | "/requests" | "/clock" | "/orders" | "/plan" | "/pushes") => {
            return failed(405, "method not allowed");
        }
        _ => return failed(404, "known: faults requests clock orders plan pushes"),
    };
    match result {
        Ok(value) => Response::json(&value),
        Err(what) => failed(400, &what),
    }
}

pub(crate) fn is_local(origin: &str) -> bool {
    let host = origin.split_once("://").map_or(origin, |(_, rest)| rest);
    let host = host.split('/').next().unwrap_or_default();
    let name = if host.starts_with('[') {
        host.split(']').next().map(|v6| v6.trim_start_matches('['))
    } else {
        host.split(':').next()
    };
    matches!(name, Some("127.0.0.1" | "localhost" | "::1"))
}

fn failed(status: u16, what: &str) -> Response {
    Response { status, ..Response::json(&json!({ "error": what })) }
}

fn faults(shared: &Shared) -> Value {
    shared.faults.waiting().iter().map(FaultRule::json).collect()
}

/// One fault or a list of them.
fn push(shared: &Shared, value: &Value) -> Result<Value, String> {
    let one = std::slice::from_ref(value);
    let rules = value.as_array().map_or(one, Vec::as_slice).iter().map(FaultRule::read);
    for rule in rules.collect::<Result<Vec<_>, _>>()? {
        shared.faults.push_rule(rule);
    }
    Ok(faults(shared))
}

/// `{"set": ms}`, `{"set": null}` (real time again) or `{"advance": ms}`.
fn clock(shared: &Shared, value: &Value) -> Result<Value, String> {
    match (value.get("set"), value.get("advance").map(Value::as_i64)) {
        (Some(Value::Null), None) => shared.clock.run(),
        (Some(set), None) => shared.clock.set(set.as_i64().ok_or("set must be milliseconds or null")?),
        (None, Some(Some(ms))) => shared.clock.advance(ms),
        _ => return Err("either set or advance, in milliseconds".to_owned()),
    }
    Ok(json!({ "now": shared.clock.now() }))
}

/// `{"form": "json", "copies": 2, "disorder": true, "retryAfter": 1000, "failures": true, "voids": true, "details": true}`
fn style(shared: &Shared, value: &Value) -> Result<Value, String> {
    let style = PushStyle::read(value)?;
    shared.state().outbox.style = style;
    Ok(style.json())
}

/// `{"orderNo": "…", "outcome": "fail", "cause": "…"}`.
fn plan(shared: &Shared, value: &Value) -> Result<Value, String> {
    let text = |name: &str| value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let order_no = text("orderNo").ok_or("orderNo is missing")?;
    let outcome = match text("outcome").unwrap_or_default() {
        "issue" => Outcome::Issue,
        "fail" => Outcome::Fail(text("cause").unwrap_or("模拟器：按要求开票失败").to_owned()),
        "seal_failed" => Outcome::SealFailed,
        "voided" => Outcome::Voided,
        "voiding" => Outcome::Voiding,
        "stuck" => Outcome::Stuck,
        "slow" => Outcome::Slow,
        "split" => {
            let count = value.get("parts").and_then(Value::as_u64).and_then(|count| usize::try_from(count).ok());
            Outcome::Split(count.filter(|count| *count > 1).ok_or("parts must be 2 or more")?)
        }
        other => return Err(format!("unknown outcome {other:?}")),
    };
    let state = &mut *shared.state();
    state.orders.plan(order_no, outcome);
    state.outbox.again(order_no);
    Ok(json!({ "orderNo": order_no }))
}
