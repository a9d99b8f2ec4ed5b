//! Voiding a printed invoice: 31 for a while, then 3, or 2 again where it came to nothing.

use super::{Answer, Ask, Handler};
use crate::State;
use crate::clock::Beijing;
use crate::invoice;
use crate::orders::{Status, Void};
use serde_json::json;

pub(super) const METHODS: &[(&str, Handler)] =
    &[("nuonuo.OpeMplatform.invoiceCancellation", void), ("nuonuo.electronInvoice.invoiceCancellation", void)];

/// The method's own refusals are not published: its page has the placeholder EXXXX. Assumed are E9500 and E9102 for
/// invoices that are not there, and else E9999 with the texts that an earlier product has for 9144, 9145, 9148 and 9151.
fn void(ask: &Ask<'_>, state: &mut State) -> Answer {
    let (now, life) = (ask.now, ask.life());
    let no = |text: &str| Err(ask.no("E9999", text));
    let serial = ask.text("invoiceId");
    let orders = &mut state.orders;
    let found = orders.place(&serial).filter(|place| orders.at(*place).0.seller == ask.caller());
    let place = found.ok_or_else(|| ask.no("E9500", "发票不存在"))?;
    let (order, part) = orders.at(place);
    let (line, order_no) = (invoice::line_of(order), order.order_no.clone());
    match part.status(now, life) {
        None => return Err(ask.no("E9500", "发票不存在")),
        Some(Status::Issuing | Status::Sealing | Status::Failed | Status::SealFailed) => {
            return no("发票未开具完成，不能作废");
        }
        Some(Status::Voiding) => return no("该发票已提交作废"),
        Some(Status::Voided) => return no("该发票不能重复作废"),
        Some(Status::Done) => {}
    }
    if !invoice::is_paper(&line) {
        return no("电子发票不能作废，请冲红");
    }
    if part.paper != Some((ask.text("invoiceCode"), ask.text("invoiceNo"))) {
        return Err(ask.no("E9102", "发票号码或发票代码不正确"));
    }
    let month = |ms: i64| (Beijing::at(ms).year, Beijing::at(ms).month);
    let issued = part.issue_time(now, life).unwrap_or(now);
    if !invoice::is_digital(&line) && month(issued) != month(now) {
        return no("非当月纸票不能作废");
    }
    if orders.is_reversed(place, now, life) {
        return no("该发票存在未作废的红票");
    }
    let reason = match ask.text("invalidReason") {
        none if none.is_empty() && invoice::is_digital(&line) => "2".to_owned(),
        told => told,
    };
    let fails = order_no.ends_with("-KEEP").then(|| "模拟器：订单号以 -KEEP 结尾，按要求作废失败".to_owned());
    orders.part_mut(place).void = Some(Void { at: now, reason, specific: ask.text("specificReason"), fails });
    state.outbox.again(&order_no);
    Ok(ask.done(json!({ "invoiceId": serial })))
}
