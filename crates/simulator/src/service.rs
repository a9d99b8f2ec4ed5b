//! What the methods do once the gateway has let a call pass.

use crate::Shared;
use crate::check::{self, Refusal};
use crate::gateway::{self, Call};
use crate::http::Response;
use crate::life::{self, Ask};
use crate::table::Method;
use serde_json::{Map, Value};

/// Checks the body and does what the method does.
pub(crate) fn answer(shared: &Shared, call: &Call<'_>) -> Response {
    let Some(method) = shared.table.method(call.method) else {
        return gateway::refuse(&Refusal::new(shared.table, "070501", "请求的API不存在"));
    };
    match run(shared, call, method) {
        Ok(response) => response,
        Err(refusal) => gateway::refuse(&refusal),
    }
}

fn run(shared: &Shared, call: &Call<'_>, method: &Method) -> life::Answer {
    let handler = life::handler(&method.name);
    if handler.is_none() && method.reply.is_none() {
        let text = shared.table.text("070501", "请求的API不存在");
        let describe = format!("{text}：模拟器不模拟该接口 {}", method.name);
        return Err(Refusal { code: "070501".to_owned(), describe });
    }
    let body = gateway::parse(call.body).unwrap_or(Value::Null);
    check::check(shared.table, method, call.account, &body)?;
    let Some(handler) = handler else { return Ok(example(method)) };
    let empty = Map::new();
    let body = body.as_object().unwrap_or(&empty);
    let mut state = shared.state();
    life::advance(shared, &mut state);
    handler(&Ask { shared, call, method, body, now: shared.clock.now() }, &mut state)
}

/// The reply of the method's first example.
fn example(method: &Method) -> Response {
    let (status, reply) = method.reply.clone().unwrap_or_default();
    Response {
        committed: method.write,
        note: Some("answered from the method's first example".to_owned()),
        ..Response::new(status, "application/json;charset=UTF-8", reply)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::table::Table;

    #[test]
    fn the_data_calls_stateful_what_has_a_life_and_no_other() {
        let table: Value = serde_json::from_str(include_str!("table.json")).unwrap();
        for method in table["methods"].as_array().unwrap() {
            let name = method["name"].as_str().unwrap();
            assert_eq!(method["simulated"] == "state", life::handler(name).is_some(), "{name}");
            let reply = Table::built_in().unwrap().method(name).unwrap().reply.clone();
            assert!(method["simulated"] == "state" || reply.is_some() == (method["simulated"] == "example"), "{name}");
            // Success is told in the words of the first example, so that one must be a success.
            if method["simulated"] == "state" {
                let reply: Value = serde_json::from_str(&reply.unwrap().1).unwrap();
                let code = reply["code"].as_str().map_or_else(|| reply["code"].to_string(), str::to_owned);
                assert!(method["success"].as_array().unwrap().contains(&code.clone().into()), "{name}: {code}");
            }
        }
    }
}
