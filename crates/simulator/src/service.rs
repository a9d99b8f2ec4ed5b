//! What the methods do once the gateway has let a call pass.

use crate::Shared;
use crate::check::{self, Refusal};
use crate::gateway::{self, Call};
use crate::http::Response;
use crate::invoice;
use crate::orders::{Order, Part};
use crate::push;
use crate::table::{Method, text_of};
use serde_json::{Map, Value, json};

/// Methods with orders behind them; both product families are served by the same engine.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Engine {
    Issue,
    Query,
    Retry,
}

fn engine(name: &str) -> Option<Engine> {
    let short = name.strip_prefix("nuonuo.OpeMplatform.").or_else(|| name.strip_prefix("nuonuo.ElectronInvoice."))?;
    match short {
        "requestBillingNew" => Some(Engine::Issue),
        "queryInvoiceResult" => Some(Engine::Query),
        "reInvoice" => Some(Engine::Retry),
        _ => None,
    }
}

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

fn run(shared: &Shared, call: &Call<'_>, method: &Method) -> Result<Response, Refusal> {
    let engine = engine(&method.name);
    if engine.is_none() && method.reply.is_none() {
        let text = shared.table.text("070501", "请求的API不存在");
        let describe = format!("{text}：模拟器不模拟该接口 {}", method.name);
        return Err(Refusal { code: "070501".to_owned(), describe });
    }
    let body = gateway::parse(call.body).unwrap_or(Value::Null);
    check::check(shared.table, method, call.account, &body)?;
    let empty = Map::new();
    let object = body.as_object().unwrap_or(&empty);
    match engine {
        Some(Engine::Issue) => issue(shared, call, object),
        Some(Engine::Query) => query(shared, call, object),
        Some(Engine::Retry) => retry(shared, call, object),
        None => Ok(example(method)),
    }
}

fn success(describe: &str, result: &Value) -> Response {
    Response::json(&json!({ "code": "E0000", "describe": describe, "result": result }))
}

/// The seller the caller acts for.
fn seller<'a>(call: &'a Call<'_>) -> &'a str {
    if call.user_tax.is_empty() { &call.party.tax_num } else { call.user_tax }
}

fn issue(shared: &Shared, call: &Call<'_>, body: &Map<String, Value>) -> Result<Response, Refusal> {
    let order = body.get("order").and_then(Value::as_object);
    let order = order.ok_or_else(|| Refusal::params(shared.table, "order 不能为空"))?;
    let tax_num = text_of(order, "salerTaxNum").unwrap_or_default();
    let known = |account: &&crate::Account| account.registered && account.tax_nums.contains(&tax_num);
    if !call.user_tax.is_empty() && tax_num != call.user_tax {
        return Err(Refusal::new(shared.table, "E9302", "身份认证与当前企业税号不相符"));
    }
    if !shared.options.accounts.iter().any(|account| known(&account)) {
        return Err(Refusal::new(shared.table, "E9301", "企业信息备案错误,请联系诺诺网"));
    }
    if tax_num != call.party.tax_num {
        return Err(Refusal::new(shared.table, "E9302", "身份认证与当前企业税号不相符"));
    }
    let target = push::Target::of(call.account, order, shared.url());
    let state = &mut *shared.state();
    let serial = state.orders.issue(shared.table, call.account, order, &shared.clock, &shared.options.life)?;
    let note = target.as_ref().err().copied();
    if let Ok(Some(target)) = target {
        state.outbox.watch(&tax_num, text_of(order, "orderNo").unwrap_or_default(), target);
    }
    let serial = if call.account.review { Value::Null } else { Value::from(serial) };
    let response = success("开票提交成功", &json!({ "invoiceSerialNum": serial }));
    Ok(push::noted(Response { committed: true, ..response }, note))
}

fn query(shared: &Shared, call: &Call<'_>, body: &Map<String, Value>) -> Result<Response, Refusal> {
    let (now, life) = (shared.clock.now(), &shared.options.life);
    let items = text_of(body, "isOfferInvoiceDetail").as_deref() == Some("1");
    let state = shared.state();
    let orders = &state.orders;
    let serials = names(body, "serialNos");
    let found: Vec<(&Order, &Part)> = if serials.is_empty() {
        let asked = names(body, "orderNos");
        let found = asked.iter().filter_map(|number| orders.by_number(seller(call), number));
        found.flat_map(|order| order.parts.iter().map(move |part| (order, part))).collect()
    } else {
        let found = serials.iter().filter_map(|serial| orders.by_serial(serial));
        found.filter(|(order, _)| order.seller == seller(call)).collect()
    };
    let url = shared.url();
    let rows: Vec<Value> = found
        .into_iter()
        .filter_map(|(order, part)| {
            let status = part.status(now, life)?;
            Some(invoice::row(order, part, status, now, life, url, items))
        })
        .collect();
    if rows.is_empty() {
        return Err(Refusal::new(shared.table, "E9500", "发票不存在"));
    }
    Ok(success("获取成功", &Value::Array(rows)))
}

/// The texts of a list, each once, in the order asked.
fn names(body: &Map<String, Value>, list: &str) -> Vec<String> {
    let mut names = Vec::new();
    for value in body.get(list).and_then(Value::as_array).into_iter().flatten() {
        let name = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => continue,
        };
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn retry(shared: &Shared, call: &Call<'_>, body: &Map<String, Value>) -> Result<Response, Refusal> {
    let orders = &mut shared.state().orders;
    orders.retry(shared.table, seller(call), body, shared.clock.now(), &shared.options.life)?;
    Ok(Response { committed: true, ..success("调用成功", &Value::from("")) })
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
    fn the_engine_serves_the_methods_that_the_data_calls_stateful_and_no_other() {
        let table: Value = serde_json::from_str(include_str!("table.json")).unwrap();
        for method in table["methods"].as_array().unwrap() {
            let name = method["name"].as_str().unwrap();
            assert_eq!(method["simulated"] == "state", engine(name).is_some(), "{name}");
            let answers = Table::built_in().unwrap().method(name).unwrap().reply.is_some();
            assert!(method["simulated"] == "state" || answers == (method["simulated"] == "example"), "{name}");
        }
    }
}
