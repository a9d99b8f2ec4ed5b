//! `/_simulator/…`: faults, plans, pushes, companies, the clock and the record, for scripts in any language.

use crate::faults::FaultRule;
use crate::http::{Request, Response};
use crate::life::{self, FormEnd, company, red_confirm, red_info, scan};
use crate::orders::Outcome;
use crate::push::PushStyle;
use crate::{Shared, State};
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
    let Some((_, methods)) = PATHS.iter().find(|(known, _)| *known == path) else {
        let known: Vec<&str> = PATHS.iter().map(|(path, _)| path.trim_start_matches('/')).collect();
        return failed(404, &format!("known: {}", known.join(" ")));
    };
    if !methods.split(' ').any(|method| method == request.method) {
        return failed(405, "method not allowed");
    }
    let result = match (request.method.as_str(), path) {
        ("POST", _) => body().and_then(|value| post(shared, path, &value)),
        ("DELETE", _) => Ok(clear(shared, path)),
        _ => Ok(get(shared, path)),
    };
    match result {
        Ok(value) => Response::json(&value),
        Err(what) => failed(400, &what),
    }
}

/// The admin addresses, and what may be done with each.
pub(crate) const PATHS: [(&str, &str); 13] = [
    ("/faults", "GET POST DELETE"),
    ("/clock", "GET POST"),
    ("/requests", "GET DELETE"),
    ("/pushes", "GET POST DELETE"),
    ("/orders", "GET"),
    ("/plan", "POST"),
    ("/companies", "GET POST"),
    ("/confirmations", "GET POST"),
    ("/red_infos", "GET POST"),
    ("/deliveries", "GET"),
    ("/print_batches", "GET"),
    ("/titles", "POST"),
    ("/limits", "GET POST"),
];

fn get(shared: &Shared, path: &str) -> Value {
    let mut guard = shared.state();
    let state = &mut *guard;
    life::advance(shared, state);
    match path {
        "/faults" => faults(shared),
        "/requests" => shared.record.all().iter().map(crate::Recorded::json).collect(),
        "/clock" => json!({ "now": shared.clock.now() }),
        "/pushes" => state.outbox.all().iter().map(crate::SentPush::json).collect(),
        "/companies" => company::all(shared, state),
        "/confirmations" => red_confirm::all(state),
        "/red_infos" => red_info::all(state),
        "/deliveries" => state.deliveries.sent.clone().into(),
        "/print_batches" => state.deliveries.batches.clone().into(),
        "/limits" => state.calls.limits(),
        _ => {
            drop(guard);
            shared.order_states().iter().map(crate::OrderState::json).collect()
        }
    }
}

fn clear(shared: &Shared, path: &str) -> Value {
    match path {
        "/faults" => shared.faults.clear(),
        "/requests" => shared.record.clear(),
        _ => shared.state().outbox.clear(),
    }
    json!([])
}

fn post(shared: &Shared, path: &str, value: &Value) -> Result<Value, String> {
    match path {
        "/faults" => return push(shared, value),
        "/clock" => return clock(shared, value),
        _ => {}
    }
    let state = &mut *shared.state();
    life::advance(shared, state);
    match path {
        "/pushes" => {
            state.outbox.style = PushStyle::read(value)?;
            Ok(state.outbox.style.json())
        }
        "/plan" => plan(state, value),
        "/companies" => company::steer(shared, state, value),
        "/confirmations" => red_confirm::act(shared, state, value),
        "/red_infos" => red_info::revoke(shared, state, value),
        "/limits" => state.calls.steer(value),
        _ => scan::hand_in(shared, state, value),
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

/// `{"orderNo": "…", "outcome": "fail", "cause": "…"}`, or `{"billNo": "…", "outcome": "wait"}` of a red form.
fn plan(state: &mut State, value: &Value) -> Result<Value, String> {
    let text = |name: &str| value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    if let Some(number) = text("billId").or_else(|| text("billNo")) {
        let end = match text("outcome").unwrap_or_default() {
            "approve" => FormEnd::Approve,
            "wait" => FormEnd::Wait,
            "refuse" => FormEnd::Refuse(text("cause").unwrap_or("模拟器：按要求审核失败").to_owned()),
            other => return Err(format!("unknown outcome {other:?}; known: approve wait refuse")),
        };
        state.form_plans.insert(number.to_owned(), end);
        return Ok(json!({ "billNo": number }));
    }
    let order_no = text("orderNo").ok_or("orderNo, billId or billNo is missing")?;
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
    state.orders.plan(order_no, outcome);
    state.outbox.again(order_no);
    Ok(json!({ "orderNo": order_no }))
}
