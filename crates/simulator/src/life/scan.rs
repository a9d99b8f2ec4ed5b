//! Scan-to-invoice (扫码开票) and speed billing (极速开票): a consumer opens an address, says who is to be invoiced, and the
//! order is issued; or hands in a title that the shop invoices later.

use super::{Answer, Ask, Handler, object};
use crate::check::Refusal;
use crate::clock::{Beijing, DAY};
use crate::decimal::Decimal;
use crate::http::{Request, Response};
use crate::invoice::money;
use crate::options::Account;
use crate::orders::Issuing;
use crate::push::{self, News, Target};
use crate::table::text_of;
use crate::{Shared, State};
use serde_json::{Map, Value, json};
use std::cmp::Ordering;
use std::collections::HashMap;

pub(super) const METHODS: &[(&str, Handler)] =
    &[("nuonuo.ElectronInvoice.saveScanTemp", save), ("nuonuo.speedBilling.querySpeedBilling", titles)];

/// How long a title that was handed in is told.
const TOLD: i64 = 3 * DAY;

/// An order that waits for its consumer.
#[derive(Debug)]
pub(crate) struct ScanOrder {
    order_no: String,
    /// The order as it will be issued, but for the buyer.
    order: Map<String, Value>,
    editable: bool,
    account: usize,
    target: Option<Target>,
    applied: bool,
}

fn save(ask: &Ask<'_>, state: &mut State) -> Answer {
    let (seller, order_no) = (ask.text("salerTaxNum"), ask.text("orderNo"));
    ask.own(&seller)?;
    // The code for a number that is taken is known for issuing, and assumed here.
    let stored = state
        .scans
        .iter()
        .any(|scan| scan.order_no == order_no && text_of(&scan.order, "salerTaxNum").as_ref() == Some(&seller));
    if stored || state.orders.by_number(&seller, &order_no).is_some() {
        return Err(ask.no("E9106", "订单编号或流水号不能重复"));
    }
    let (lines, total) = lines(ask)?;
    let told = Decimal::parse(&ask.text("orderTotal"));
    if told.is_none_or(|told| told.order(total) != Ordering::Equal) {
        return Err(Refusal::params(ask.shared.table, &format!("orderTotal 与明细合计 {} 不符", money(total))));
    }
    let mut order = ask.body.clone();
    order.remove("detail");
    order.extend(object([("invoiceType", "1".into()), ("invoiceDetail", lines.into())]));
    let target = Target::of(ask.call.account, ask.body, ask.shared.url());
    let note = target.as_ref().err().copied();
    let mut accounts = ask.shared.options.accounts.iter();
    let scan = ScanOrder {
        order_no,
        order,
        editable: ask.text("buyerInfoEditAble") != "0",
        account: accounts.position(|account| account.app_key == ask.call.account.app_key).unwrap_or(0),
        target: target.ok().flatten(),
        applied: false,
    };
    state.scans.push(scan);
    let address = format!("{}/scan/{}", ask.shared.url(), state.scans.len());
    Ok(push::noted(ask.done(json!({ "ewmUrl": address })), note))
}

/// The lines as an order has them, prices with tax, a discount as a line of its own; and their sum.
fn lines(ask: &Ask<'_>) -> Result<(Vec<Value>, Decimal), Refusal> {
    let rows = ask.body.get("detail").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
    let (mut made, mut sum) = (Vec::new(), Decimal::ZERO);
    for (at, row) in rows.enumerate() {
        let wrong = || Refusal::params(ask.shared.table, &format!("detail[{at}] 金额无法算出"));
        let value = |name: &str| text_of(row, name).and_then(|text| Decimal::parse(&text));
        let rate = value("taxRate").unwrap_or(Decimal::ZERO);
        let computed = || value("num")?.mul(value("price")?)?.round(2);
        let included = value("taxIncludedAmount").or_else(computed).ok_or_else(wrong)?;
        let deduction = value("deduction").unwrap_or(Decimal::ZERO);
        let line = |included: Decimal, deduction: Decimal, role: &str| -> Option<Value> {
            let tax = included.sub(deduction)?.mul(rate)?.div(Decimal::ONE.add(rate)?, 2)?;
            let mut line = row.clone();
            if role == "1" {
                line.retain(|name, _| !matches!(name.as_str(), "num" | "price" | "deduction"));
            }
            line.remove("zke");
            line.extend(object([
                ("withTaxFlag", "1".into()),
                ("taxExcludedAmount", money(included.sub(tax)?).into()),
                ("tax", money(tax).into()),
                ("taxIncludedAmount", money(included).into()),
                ("invoiceLineProperty", role.into()),
            ]));
            Some(Value::Object(line))
        };
        let discount = value("zke").filter(|discount| !discount.is_zero());
        made.push(line(included, deduction, if discount.is_some() { "2" } else { "0" }).ok_or_else(wrong)?);
        sum = sum.add(included).ok_or_else(wrong)?;
        if let Some(off) = discount.and_then(|discount| Decimal::ZERO.sub(discount)) {
            made.push(line(off, Decimal::ZERO, "1").ok_or_else(wrong)?);
            sum = sum.add(off).ok_or_else(wrong)?;
        }
    }
    Ok((made, sum))
}

/// `GET` shows the order, `POST` asks for the invoice: a form with `buyerName`, `buyerTaxNum`, `email`, `phone`.
pub(crate) fn answer(shared: &Shared, request: &Request, number: &str) -> Response {
    let mut guard = shared.state();
    let state = &mut *guard;
    super::advance(shared, state);
    let at = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let Some(at) = at.filter(|at| *at < state.scans.len()) else {
        return Response::html(404, crate::document::notice("没有这个二维码", "扫码订单不存在"));
    };
    let scan = &state.scans[at];
    if request.method != "POST" {
        let order = &scan.order;
        let fields = [("buyerName", "购方名称"), ("buyerTaxNum", "购方税号"), ("email", "邮箱"), ("phone", "手机")];
        let prefilled: Vec<_> = fields.map(|(name, zh)| (name, zh, text_of(order, name).unwrap_or_default())).into();
        return Response::html(200, crate::document::form("申请开票（模拟）", &scan.order_no, &prefilled));
    }
    let sent: HashMap<String, String> = form_urlencoded::parse(&request.body).into_owned().collect();
    let taken = apply(shared, state, at, &sent);
    let (taken, text) = match taken {
        Ok(()) => (true, "申请已受理".to_owned()),
        Err(refusal) => (false, format!("{} {}", refusal.code, refusal.describe)),
    };
    let title = if taken { "申请已受理" } else { "申请未受理" };
    Response { committed: taken, ..Response::html(200, crate::document::notice(title, &text)) }
}

/// The consumer's application: the order is issued, or not; either way it is told.
fn apply(shared: &Shared, state: &mut State, at: usize, sent: &HashMap<String, String>) -> Result<(), Refusal> {
    let State { orders, companies, red_infos, outbox, scans, .. } = state;
    let scan = &mut scans[at];
    let account: &Account = &shared.options.accounts[scan.account];
    let mut order = scan.order.clone();
    let rename =
        [("buyerName", "buyerName"), ("buyerTaxNum", "buyerTaxNum"), ("email", "email"), ("phone", "buyerPhone")];
    for (theirs, ours) in rename {
        let told = sent.get(theirs).filter(|text| !text.is_empty());
        let open = scan.editable || text_of(&order, ours).is_none();
        order.extend(told.filter(|_| open).map(|text| (ours.to_owned(), Value::from(text.as_str()))));
    }
    for (theirs, ours) in [("notifyEmail", "email"), ("notifyPhone", "buyerPhone")] {
        let told = order.remove(theirs).filter(|_| !order.contains_key(ours));
        order.extend(told.map(|value| (ours.to_owned(), value)));
    }
    let seller = text_of(&order, "salerTaxNum").unwrap_or_default();
    let (table, now, life) = (shared.table, shared.clock.now(), &shared.options.life);
    let result = if scan.applied {
        Err(Refusal::new(table, "E9106", "订单编号或流水号不能重复"))
    } else if text_of(&order, "buyerName").is_none() {
        Err(Refusal::params(table, "buyerName 不能为空"))
    } else {
        orders.issue(&mut Issuing { table, account, tables: red_infos, companies, now, life }, &order)
    };
    scan.applied |= result.is_ok();
    let Some(target) = scan.target.clone() else { return result.map(drop) };
    // No serial number where there are several, or none yet.
    let single = orders.by_number(&seller, &scan.order_no).is_some_and(|order| order.parts.len() == 1);
    let serial = result.as_ref().ok().filter(|_| single && !account.review).cloned();
    let mut members = vec![
        ("operater", "invoiceApply".into()),
        ("orderno", scan.order_no.as_str().into()),
        ("taxNo", seller.as_str().into()),
        ("isSuccess", result.is_ok().into()),
    ];
    members.extend(serial.clone().map(|serial| ("invoiceId", serial.into())));
    let (order_no, serial_no) = (scan.order_no.clone(), serial.unwrap_or_default());
    let news = News { operater: "invoiceApply", order_no, serial_no, members, ..News::default() };
    outbox.tell(shared, &target, news);
    if result.is_ok() {
        outbox.watch(&seller, scan.order_no.clone(), target);
    }
    result.map(drop)
}

/// A title that a consumer handed in.
#[derive(Debug)]
pub(crate) struct Title {
    seller: String,
    at: i64,
    row: Map<String, Value>,
}

/// Those of the last 72 hours, newest first.
fn titles(ask: &Ask<'_>, state: &mut State) -> Answer {
    let fits = |title: &&Title| title.seller == ask.caller() && ask.now.saturating_sub(title.at) <= TOLD;
    let rows = state.titles.iter().rev().filter(fits).map(|title| Value::Object(title.row.clone()));
    Ok(ask.tell(rows.collect()))
}

/// `{"taxNum": "…", "c_kpname": "…", …}`: somebody hands a title in. The members are those of the method's answer.
pub(crate) fn hand_in(shared: &Shared, state: &mut State, value: &Value) -> Result<Value, String> {
    let sent = value.as_object().ok_or("an object is needed")?;
    let text = |name: &str| text_of(sent, name).filter(|text| !text.is_empty()).ok_or(format!("{name} is missing"));
    let (seller, at) = (text("taxNum")?, shared.clock.now());
    text("c_kpname")?;
    let method = shared.table.method("nuonuo.speedBilling.querySpeedBilling");
    let known = method.map(|method| method.answer_shape("SpeedRequest")).unwrap_or_default();
    let mut row = Map::new();
    for name in &known {
        row.insert(name.clone(), text_of(sent, name).unwrap_or_default().into());
    }
    if let Some(unknown) = sent.keys().find(|name| *name != "taxNum" && !known.contains(name)) {
        return Err(format!("unknown {unknown:?}"));
    }
    row.insert("adddate".to_owned(), Beijing::text(at).into());
    if text_of(sent, "source").is_none() {
        row.insert("source".to_owned(), "5".into());
    }
    state.titles.push(Title { seller, at, row: row.clone() });
    Ok(Value::Object(row))
}
