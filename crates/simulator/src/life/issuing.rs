//! Issuing, asking what became of it, and trying again: the life of an order stands in `orders.rs`.

use super::{Answer, Ask, Handler};
use crate::State;
use crate::check::Refusal;
use crate::http::Response;
use crate::invoice;
use crate::orders::{Issuing, Order, Part, Status};
use crate::push;
use crate::table::text_of;
use serde_json::{Map, Value, json};

/// Both product families are served by the same orders.
pub(super) const METHODS: &[(&str, Handler)] = &[
    ("nuonuo.OpeMplatform.requestBillingNew", issue),
    ("nuonuo.ElectronInvoice.requestBillingNew", issue),
    ("nuonuo.electronInvoice.requestBilling", issue),
    ("nuonuo.OpeMplatform.queryInvoiceResult", query),
    ("nuonuo.ElectronInvoice.queryInvoiceResult", query),
    ("nuonuo.electronInvoice.CheckEInvoice", query_v1),
    ("nuonuo.OpeMplatform.reInvoice", retry),
    ("nuonuo.ElectronInvoice.reInvoice", retry),
];

fn issue(ask: &Ask<'_>, state: &mut State) -> Answer {
    let order = ask.body.get("order").and_then(Value::as_object);
    let order = order.ok_or_else(|| Refusal::params(ask.shared.table, "order 不能为空"))?;
    let (serial, note) = accept(ask, state, order)?;
    let serial = if ask.call.account.review { Value::Null } else { Value::from(serial) };
    let response = ask.done(json!({ "invoiceSerialNum": serial }));
    Ok(push::noted(response, note))
}

/// Takes an order in; gives its (first) serial number and why nothing will be pushed, if that is so.
fn accept(
    ask: &Ask<'_>,
    state: &mut State,
    order: &Map<String, Value>,
) -> Result<(String, Option<&'static str>), Refusal> {
    let tax_num = text_of(order, "salerTaxNum").unwrap_or_default();
    let known = |account: &&crate::Account| account.registered && account.tax_nums.contains(&tax_num);
    if !ask.call.user_tax.is_empty() && tax_num != ask.call.user_tax {
        return Err(ask.no("E9302", "身份认证与当前企业税号不相符"));
    }
    if !ask.shared.options.accounts.iter().any(|account| known(&account)) {
        return Err(ask.no("E9301", "企业信息备案错误,请联系诺诺网"));
    }
    ask.own(&tax_num)?;
    let target = push::Target::of(ask.call.account, order, ask.shared.url());
    let State { orders, companies, red_infos, outbox, .. } = state;
    let (table, account, now, life) = (ask.shared.table, ask.call.account, ask.now, ask.life());
    let serial = orders.issue(&mut Issuing { table, account, tables: red_infos, companies, now, life }, order)?;
    let note = target.as_ref().err().copied();
    if let Ok(Some(target)) = target {
        outbox.watch(&tax_num, text_of(order, "orderNo").unwrap_or_default(), target);
    }
    Ok((serial, note))
}

fn query(ask: &Ask<'_>, state: &mut State) -> Answer {
    let (orders, now, life) = (&state.orders, ask.now, ask.life());
    let items = ask.text("isOfferInvoiceDetail") == "1";
    let serials = names(ask.body, "serialNos");
    let found: Vec<(&Order, &Part)> = if serials.is_empty() {
        let asked = names(ask.body, "orderNos");
        let found = asked.iter().filter_map(|number| orders.by_number(ask.caller(), number));
        found.flat_map(|order| order.parts.iter().map(move |part| (order, part))).collect()
    } else {
        let found = serials.iter().filter_map(|serial| orders.by_serial(serial));
        found.filter(|(order, _)| order.seller == ask.caller()).collect()
    };
    let row = |(order, part): (&Order, &Part)| {
        let status = part.status(now, life)?;
        Some(invoice::row(order, part, status, now, life, ask.shared.url(), items))
    };
    let rows: Vec<Value> = found.into_iter().filter_map(row).collect();
    if rows.is_empty() { Err(ask.no("E9500", "发票不存在")) } else { Ok(ask.tell(rows.into())) }
}

/// The first generation has another numbering: not yet, running, issued, failed.
fn query_v1(ask: &Ask<'_>, state: &mut State) -> Answer {
    let (now, life) = (ask.now, ask.life());
    let row = |(order, part): (&Order, &Part)| {
        let (code, text) = match part.status(now, life) {
            None => ("0", "未开票"),
            Some(Status::Issuing | Status::Sealing) => ("1", "开票中"),
            Some(Status::Failed) => ("3", "开票失败"),
            Some(_) => ("2", "开票成功"),
        };
        let files = part.status(now, life).is_some_and(Status::has_files);
        let file = if files { format!("{}/document/{}.pdf", ask.shared.url(), part.serial) } else { String::new() };
        (order.seller == ask.caller()).then(|| json!({ "status": code, "statusMsg": text, "invoiceFileUrl": file }))
    };
    let serials = names(ask.body, "invoiceSerialNum");
    let found = serials.iter().filter_map(|serial| state.orders.by_serial(serial));
    let rows: Vec<Value> = found.filter_map(row).collect();
    // The first generation's own code is not known.
    if rows.is_empty() { Err(ask.no("E9500", "发票不存在")) } else { Ok(ask.tell(rows.into())) }
}

fn retry(ask: &Ask<'_>, state: &mut State) -> Answer {
    let State { orders, companies, .. } = state;
    orders.retry(ask.shared.table, ask.caller(), ask.body, companies, (ask.now, ask.life()))?;
    Ok(Response { committed: true, ..ask.tell("".into()) })
}

/// The texts of a list, each once, in the order asked.
pub(super) fn names(body: &Map<String, Value>, list: &str) -> Vec<String> {
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
