//! Sending an invoice once more, and registering printed ones for the printer.

use super::{Answer, Ask, Handler};
use crate::State;
use crate::decimal::Decimal;
use crate::invoice;
use crate::lines::totals;
use crate::orders::Status;
use crate::table::text_of;
use serde_json::{Value, json};
use std::cmp::Ordering;

pub(super) const METHODS: &[(&str, Handler)] = &[
    ("nuonuo.OpeMplatform.deliveryInvoice", deliver),
    ("nuonuo.ElectronInvoice.deliveryInvoice", deliver),
    ("nuonuo.OpeMplatform.invoicePrintBatch", print),
    ("nuonuo.ElectronInvoice.invoicePrintBatch", print),
];

/// What went out, for the admin addresses.
#[derive(Debug, Default)]
pub(crate) struct Deliveries {
    pub(crate) sent: Vec<Value>,
    pub(crate) batches: Vec<Value>,
}

fn deliver(ask: &Ask<'_>, state: &mut State) -> Answer {
    ask.own(&ask.text("taxnum"))?;
    let (code, number) = (ask.text("invoiceCode"), ask.text("invoiceNum"));
    let unknown = || ask.no("E9999", "发票不存在不能重新交付");
    let place = state.orders.by_paper(ask.caller(), &code, &number, ask.now, ask.life()).ok_or_else(unknown)?;
    let (order, part) = state.orders.at(place);
    if !part.status(ask.now, ask.life()).is_some_and(Status::has_files) {
        return Err(unknown());
    }
    let (phone, mail) = (ask.text("phone"), ask.text("mail"));
    let some = |text: &str| if text.is_empty() { Value::Null } else { text.into() };
    let file = format!("{}/document/{}.pdf", ask.shared.url(), part.serial);
    let sent = json!({
        "at": ask.now, "orderNo": order.order_no, "serialNo": part.serial, "invoiceNum": number, "phone": some(&phone),
        "mail": some(&mail), "file": file,
    });
    let part = state.orders.part_mut(place);
    part.delivered = (part.delivered.0 || !phone.is_empty(), part.delivered.1 || !mail.is_empty());
    state.deliveries.sent.push(sent);
    Ok(ask.done(json!({})))
}

/// Only printed invoices that exist, with the right total. The refusals of this method are not known: E9500 for one that
/// is not there and E9999 for the rest are assumed.
fn print(ask: &Ask<'_>, state: &mut State) -> Answer {
    let rows = ask.body.get("outInvoicePrintRequests").and_then(Value::as_array).into_iter().flatten();
    let mut serials = Vec::new();
    for row in rows.filter_map(Value::as_object) {
        let text = |name: &str| text_of(row, name).unwrap_or_default();
        ask.own(&text("taxNum"))?;
        let (code, number) = (text("invoiceCode"), text("invoiceNum"));
        let found = state.orders.by_paper(ask.caller(), &code, &number, ask.now, ask.life());
        let (order, part) = state.orders.at(found.ok_or_else(|| ask.no("E9500", "发票不存在"))?);
        if !invoice::is_paper(&invoice::line_of(order)) {
            return Err(ask.no("E9999", "只有纸质发票可以批量打印"));
        }
        let total = totals(&part.lines)[2];
        if Decimal::parse(&text("money")).is_none_or(|told| told.order(total) != Ordering::Equal) {
            return Err(ask.no("E9999", "价税合计与发票不符"));
        }
        serials.push(Value::from(part.serial.as_str()));
    }
    let batch = format!("PB{:012}", state.deliveries.batches.len() + 1);
    state.deliveries.batches.push(json!({ "batchId": batch, "at": ask.now, "serialNos": serials }));
    Ok(ask.done(json!({ "batchId": batch })))
}
