//! 快捷冲红: makes the red invoice of a printed digital one whose confirmation is agreed; of an electronic one, which the
//! bureau makes by itself, it hands over the result.

use super::{Answer, Ask, Handler, red_confirm};
use crate::State;
use crate::invoice;
use crate::orders::Status;
use crate::push::{self, Target};
use crate::table::text_of;
use serde_json::json;

pub(super) const METHODS: &[(&str, Handler)] = &[("nuonuo.OpeMplatform.fastInvoiceRed", fast_red)];

/// E9106 for an order number that is taken is documented; E9531 for a form that is not there, E9102 for another blue
/// invoice, E9103 for a second red one and the texts under E9999 are assumed, except 红票开具中.
fn fast_red(ask: &Ask<'_>, state: &mut State) -> Answer {
    ask.own(&ask.text("taxNum"))?;
    let (uuid, bill_no, order_no) = (ask.text("billUuid"), ask.text("billNo"), ask.text("orderNo"));
    let found = state
        .confirmations
        .iter()
        .position(|form| form.seller == ask.caller() && form.bill_uuid == uuid && form.bill_no == bill_no);
    let at = found.ok_or_else(|| ask.no("E9531", "申请信息不存在"))?;
    let form = &state.confirmations[at];
    if !form.is_agreed() {
        return Err(ask.no("E9999", "红字确认单须为无需确认或购销双方已确认"));
    }
    let blue = form.blue.ok_or_else(|| ask.no("E9102", "发票号码或发票代码不正确"))?;
    let (order, part) = state.orders.at(blue);
    let number = match ask.text("elecInvoiceNumber") {
        none if none.is_empty() => ask.text("invoiceNumber"),
        number => number,
    };
    let named = match (invoice::digital_number(order, part), &part.paper) {
        (none, Some((_, number))) if none.is_empty() => number.clone(),
        (digital, _) => digital,
    };
    let serial = ask.text("invoiceId");
    if !(number.is_empty() || number == named) || !(serial.is_empty() || serial == part.serial) {
        return Err(ask.no("E9102", "发票号码或发票代码不正确"));
    }
    let blue_line = invoice::line_of(order);
    // There is no red invoice of the older kinds in this flow: special ones become digital, which is assumed.
    let usual = if matches!(blue_line.as_str(), "s" | "b") { "bs" } else { blue_line.as_str() };
    let line = text_of(ask.body, "invoiceLine").unwrap_or_else(|| usual.to_owned());
    let taken = state.orders.by_number(ask.caller(), &order_no).is_some();
    let twice = || ask.no("E9106", "订单编号或流水号不能重复");
    if form.is_electronic() {
        return hand_over(ask, state, at, &order_no, taken);
    }
    if taken {
        return Err(twice());
    }
    let dead =
        |place| matches!(state.orders.at(place).1.status(ask.now, ask.life()), Some(Status::Failed | Status::Voided));
    if form.red.is_some_and(|red| !dead(red)) {
        return Err(ask.no("E9103", "该发票不能重复冲红"));
    }
    let fits = matches!((blue_line.as_str(), line.as_str()), ("es" | "s" | "b", "bs" | "es") | ("ec", "pc" | "ec"));
    if !fits {
        return Err(crate::check::Refusal::params(ask.shared.table, "invoiceLine 与蓝票票种不符"));
    }
    let target = Target::of(ask.call.account, ask.body, ask.shared.url());
    let note = target.as_ref().err().copied();
    state.confirmations[at].target = target.ok().flatten();
    let serial = red_confirm::issue(ask.shared, state, at, &order_no, &line, ask.now);
    Ok(push::noted(ask.done(json!({ "invoiceSerialNum": serial })), note))
}

/// The red invoice that came by itself takes the caller's order number, once.
fn hand_over(ask: &Ask<'_>, state: &mut State, at: usize, order_no: &str, taken: bool) -> Answer {
    let form = &mut state.confirmations[at];
    let place = form.red.ok_or_else(|| ask.no("E9999", "红票开具中"))?;
    let (red, part) = state.orders.at(place);
    let serial = part.serial.clone();
    if red.order_no != order_no {
        if taken || form.renamed {
            return Err(ask.no("E9106", "订单编号或流水号不能重复"));
        }
        form.renamed = true;
        state.outbox.renamed(&red.seller, &red.order_no, order_no);
        state.orders.rename(place.0, order_no);
    }
    Ok(ask.done(json!({ "invoiceSerialNum": serial })))
}
