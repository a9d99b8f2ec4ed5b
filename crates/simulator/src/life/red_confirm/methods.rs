//! What may be asked of confirmations, by the companies through the platform, and at the admin address by anybody.

use super::{Confirmation, Operation, Side, lines};
use crate::check::Refusal;
use crate::clock::Beijing;
use crate::invoice::{self, money};
use crate::life::{Answer, Ask, Handler, History, bare_number, object};
use crate::lines::{Line, totals};
use crate::orders::Status;
use crate::push::{self, Target};
use crate::table::text_of;
use crate::{Shared, State};
use serde_json::{Map, Value, json};

pub(crate) const METHODS: &[(&str, Handler)] = &[
    ("nuonuo.OpeMplatform.saveInvoiceRedConfirm", apply),
    ("nuonuo.OpeMplatform.queryInvoiceRedConfirm", query),
    ("nuonuo.OpeMplatform.refreshInvoiceRedConfirm", refresh),
    ("nuonuo.OpeMplatform.confirm", confirm),
    ("nuonuo.OpeMplatform.confirmInfoCancel", cancel),
];

fn apply(ask: &Ask<'_>, state: &mut State) -> Answer {
    let side = Side::read(&ask.text("applySource"));
    ask.own(&ask.text(if side == Side::Seller { "sellerTaxNo" } else { "buyerTaxNo" }))?;
    let target = Target::given(ask.call.account, ask.text("callbackUrl"), ask.shared.url());
    let note = target.as_ref().err().copied();
    let bill_id = enter(ask.shared, state, side, ask.body).map_err(|what| ask.no("E9999", what))?;
    if let Some(form) = state.confirmations.last_mut() {
        form.target = target.ok().flatten();
    }
    Ok(push::noted(ask.done(bill_id.into()), note))
}

/// Writes an application down; the tax bureau looks at it a little later.
fn enter(shared: &Shared, state: &mut State, side: Side, sent: &Map<String, Value>) -> Result<String, &'static str> {
    let (now, life) = (shared.clock.now(), &shared.options.life);
    let text = |name: &str| text_of(sent, name).unwrap_or_default();
    let count = state.confirmations.len() + 1;
    let date = Beijing::at(now);
    let stamp = format!("{:02}{:02}", date.year.rem_euclid(100), date.month);
    let bill_id = text_of(sent, "billId").unwrap_or_else(|| format!("RC{stamp}{count:010}"));
    if state.confirmations.iter().any(|form| form.bill_id == bill_id) {
        return Err("申请号重复");
    }
    let seller = text("sellerTaxNo");
    let number = text_of(sent, "blueElecInvoiceNumber").unwrap_or_else(|| text("blueInvoiceNumber"));
    let blue = state.orders.by_paper(&seller, &text("blueInvoiceCode"), &number, now, life);
    let blue_lines: &[Line] = blue.map_or(&[], |place| &state.orders.at(place).1.lines);
    let detail = sent.get("detail").and_then(Value::as_array).filter(|detail| !detail.is_empty());
    let made = match detail {
        None => lines::whole(blue_lines).ok_or_else(|| "合计金额不一致".to_owned()),
        Some(detail) => lines::partial(blue_lines, detail),
    };
    let (lines, problem) = match made {
        Ok(lines) => (lines, None),
        Err(problem) => (Vec::new(), Some(problem)),
    };
    state.confirmations.push(Confirmation {
        bill_id: bill_id.clone(),
        bill_no: format!("000000{stamp}{count:010}"),
        bill_uuid: format!("{:032x}", (count as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)),
        by: side,
        seller,
        buyer: text("buyerTaxNo"),
        sent: sent.clone(),
        blue,
        lines,
        problem,
        history: History::new(now, "15"),
        message: String::new(),
        operation: None,
        request_status: "",
        confirmed: None,
        seen: [side == Side::Seller, side == Side::Buyer],
        order_no: text("orderNo"),
        red: None,
        renamed: false,
        target: None,
    });
    Ok(bill_id)
}

/// The side the caller says it is; E9302 if it is not a party of that kind of any form asked for.
fn side(ask: &Ask<'_>) -> Side {
    Side::read(&ask.text("identity"))
}

/// Whether a form is the caller's business, on this side of it, and known to its copy of the platform.
fn is_open_to(form: &Confirmation, ask: &Ask<'_>, side: Side) -> bool {
    form.party(side) == ask.caller() && form.seen[side as usize]
}

/// By the number that counts: uuid, then application number, then form number.
fn is_named(form: &Confirmation, ask: &Ask<'_>) -> Option<bool> {
    let names = [("billUuid", &form.bill_uuid), ("billId", &form.bill_id), ("billNo", &form.bill_no)];
    let told = names.into_iter().find(|(name, _)| !ask.text(name).is_empty())?;
    Some(ask.text(told.0) == *told.1)
}

/// The form that is asked for. E9531 for one that is not there is known for the information tables, and assumed here.
fn find(ask: &Ask<'_>, state: &State) -> Result<usize, Refusal> {
    let fits = |form: &Confirmation| is_open_to(form, ask, side(ask)) && is_named(form, ask) == Some(true);
    state.confirmations.iter().position(fits).ok_or_else(|| ask.no("E9531", "申请信息不存在"))
}

fn query(ask: &Ask<'_>, state: &mut State) -> Answer {
    let day = |name: &str| Beijing::parse(&ask.text(name)).map(|at| Beijing::day_number(at.ms()));
    let (from, to, status) = (day("billTimeStart"), day("billTimeEnd"), ask.text("billStatus"));
    let fits = |form: &&Confirmation| {
        let day = Beijing::day_number(form.history.began());
        is_open_to(form, ask, side(ask))
            && is_named(form, ask).unwrap_or(true)
            && (status.is_empty() || form.status() == status)
            && from.is_none_or(|from| from <= day)
            && to.is_none_or(|to| day <= to)
    };
    let found: Vec<&Confirmation> = state.confirmations.iter().rev().filter(fits).collect();
    let total = found.len();
    let rows: Vec<Value> = ask.page(found, 10).into_iter().map(|form| row(ask, state, form)).collect();
    Ok(ask.tell(json!({ "total": total, "list": rows })))
}

/// Asks the bureau for what the other side has entered.
fn refresh(ask: &Ask<'_>, state: &mut State) -> Answer {
    let day = |name: &str| Beijing::parse(&ask.text(name)).map(|at| Beijing::day_number(at.ms()));
    let (uuid, side) = (ask.text("billUuid"), side(ask));
    let (from, to) = (day("startTime"), day("endTime"));
    for form in state.confirmations.iter_mut().filter(|form| form.party(side) == ask.caller()) {
        let day = Beijing::day_number(form.history.began());
        let in_time = from.is_some_and(|from| from <= day) && to.is_some_and(|to| day <= to);
        // Nothing is at the bureau while an application is still on its way there, or was refused.
        let at_bureau = !matches!(form.status(), "15" | "16");
        if at_bureau && if uuid.is_empty() { in_time } else { form.bill_uuid == uuid } {
            form.seen[side as usize] = true;
        }
    }
    Ok(ask.done(Value::Null))
}

fn confirm(ask: &Ask<'_>, state: &mut State) -> Answer {
    let target = Target::given(ask.call.account, ask.text("callbackUrl"), ask.shared.url());
    let note = target.as_ref().err().copied();
    let at = find(ask, state)?;
    let agrees = ask.text("confirmAgreement") == "1";
    let form = &mut state.confirmations[at];
    let (now, takes) = (ask.now, ask.life().operation);
    answer(form, side(ask), agrees, ask.text("confirmReason"), now, takes).map_err(|what| ask.no("E9999", what))?;
    form.target = target.ok().flatten().or(form.target.take());
    if !ask.text("orderNo").is_empty() {
        form.order_no = ask.text("orderNo");
    }
    Ok(push::noted(ask.done(Value::Null), note))
}

fn cancel(ask: &Ask<'_>, state: &mut State) -> Answer {
    let target = Target::given(ask.call.account, ask.text("callbackUrl"), ask.shared.url());
    let note = target.as_ref().err().copied();
    let at = find(ask, state)?;
    let form = &mut state.confirmations[at];
    withdraw(form, side(ask), ask.now, ask.life().operation).map_err(|what| ask.no("E9999", what))?;
    form.target = target.ok().flatten().or(form.target.take());
    Ok(push::noted(ask.done(Value::Null), note))
}

/// One side answers the other. Only 确认单已超时 is known as a text; the others are assumed.
fn answer(
    form: &mut Confirmation,
    side: Side,
    agrees: bool,
    reason: String,
    now: i64,
    takes: i64,
) -> Result<(), &'static str> {
    let to = match (form.status(), side, agrees) {
        ("07", ..) => return Err("确认单已超时"),
        _ if form.operation.is_some() => return Err("确认单正在处理中"),
        ("02", Side::Buyer, true) | ("03", Side::Seller, true) => "04",
        ("02", Side::Buyer, false) => "05",
        ("03", Side::Seller, false) => "06",
        ("02" | "03", ..) => return Err("应由另一方确认"),
        _ => return Err("确认单当前状态不能确认"),
    };
    form.operation = Some(Operation { due: now.saturating_add(takes), confirms: true, to });
    form.request_status = "03";
    form.confirmed = Some((now, agrees, reason));
    Ok(())
}

/// The side that applied takes it back; the texts are assumed.
fn withdraw(form: &mut Confirmation, side: Side, now: i64, takes: i64) -> Result<(), &'static str> {
    let to = match form.status() {
        _ if side != form.by => return Err("只有发起方可以撤销"),
        _ if form.operation.is_some() => return Err("确认单正在处理中"),
        _ if form.red.is_some() => return Err("已开具红票，不能撤销"),
        "01" | "02" | "03" => "08",
        "04" => "09",
        _ => return Err("确认单当前状态不能撤销"),
    };
    form.operation = Some(Operation { due: now.saturating_add(takes), confirms: false, to });
    form.request_status = "01";
    Ok(())
}

fn row(ask: &Ask<'_>, state: &State, form: &Confirmation) -> Value {
    let (now, life) = (ask.now, ask.life());
    let red = form.red.map(|red| state.orders.at(red));
    let red = red.filter(|(_, part)| part.status(now, life).is_some_and(Status::exists));
    let blue = form.blue.map(|blue| state.orders.at(blue));
    let blue_time = blue.and_then(|(_, part)| part.issue_time(now, life)).map(Beijing::text);
    let [excluded, tax, included] = totals(&form.lines).map(money);
    let null = || Value::Null;
    let sent = |name: &str| text_of(&form.sent, name).map_or_else(null, Value::from);
    let began = form.history.began();
    let digital = blue.map(|(order, part)| invoice::digital_number(order, part)).filter(|number| !number.is_empty());
    let mut row = object([
        ("billNo", form.bill_no.as_str().into()),
        ("billUuid", form.bill_uuid.as_str().into()),
        ("billId", form.bill_id.as_str().into()),
        ("billStatus", form.status().into()),
        ("billMessage", form.message.as_str().into()),
        ("invoiceSerialNum", red.map_or_else(null, |(_, part)| part.serial.as_str().into())),
        ("orderNo", red.map_or_else(null, |(order, _)| order.order_no.as_str().into())),
        ("requestStatus", if form.request_status.is_empty() { null() } else { form.request_status.into() }),
        ("openStatus", i32::from(red.is_some()).into()),
        ("applySource", (form.by as i32).into()),
        ("blueInvoiceNumber", digital.clone().map_or_else(|| sent("blueInvoiceNumber"), Value::from)),
        ("blueElecInvoiceNumber", digital.map_or_else(null, Value::from)),
        ("redInvoiceNumber", red.map_or_else(null, |(order, part)| invoice::digital_number(order, part).into())),
        ("blueInvoiceTime", blue_time.map_or_else(null, Value::from)),
        ("billTime", Beijing::text(began).into()),
        ("confirmTime", form.confirmed.as_ref().map_or_else(null, |(at, ..)| Beijing::text(*at).into())),
        (
            "confirmAgreement",
            form.confirmed.as_ref().map_or_else(null, |(_, yes, _)| i32::from(*yes).to_string().into()),
        ),
        ("confirmReason", form.confirmed.as_ref().map_or_else(null, |(.., why)| why.as_str().into())),
        ("taxExcludedAmount", excluded.into()),
        ("taxAmount", tax.into()),
        ("taxIncludeAmount", included.into()),
        ("createTime", Beijing::text(began).into()),
        ("updateTime", Beijing::text(form.history.last().1).into()),
        ("detail", form.lines.iter().enumerate().map(|(at, line)| detail(at, line)).collect()),
    ]);
    let names =
        ["blueInvoiceLine", "blueInvoiceCode", "sellerTaxNo", "sellerName", "buyerTaxNo", "buyerName", "redReason"];
    for name in names.into_iter().chain(["departmentId", "clerkId", "extensionNumber"]) {
        row.insert(name.to_owned(), sent(name));
    }
    Value::Object(row)
}

fn detail(at: usize, line: &Line) -> Value {
    let plain = |value: Option<crate::decimal::Decimal>| {
        let text = value.and_then(|value| value.text(8)).unwrap_or_default();
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
    };
    let mut row = object([
        ("blueDetailIndex", bare_number(&line.text("blueDetailIndex")).unwrap_or_default()),
        ("detailIndex", (at + 1).into()),
        ("num", plain(line.num).into()),
        ("taxExcludedPrice", plain(line.price).into()),
        ("price", plain(line.price).into()),
        ("taxExcludedAmount", money(line.excluded).into()),
        ("taxAmount", money(line.tax).into()),
        ("taxIncludedAmount", money(line.included).into()),
        ("withTaxFlag", 0.into()),
    ]);
    for name in ["goodsName", "unit", "specType", "taxRate", "goodsCode", "favouredPolicyFlag", "zeroRateFlag"] {
        row.insert(name.to_owned(), line.text(name).into());
    }
    Value::Object(row)
}

/// `{"billId": "…", "act": "agree"}` (or `refuse`, `withdraw`) by the side whose turn it is, or
/// `{"act": "enter", "form": {…}}`: an application that is entered at the tax bureau, with the members of the method.
pub(crate) fn act(shared: &Shared, state: &mut State, value: &Value) -> Result<Value, String> {
    let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("act") == "enter" {
        let form = value.get("form").and_then(Value::as_object).ok_or("form must be an object")?;
        let side = Side::read(&text_of(form, "applySource").ok_or("form.applySource is missing")?);
        let bill_id = enter(shared, state, side, form)?;
        return Ok(json!({ "billId": bill_id }));
    }
    let (now, takes) = (shared.clock.now(), shared.options.life.operation);
    let form = state.confirmations.iter_mut().find(|form| form.bill_id == text("billId"));
    let form = form.ok_or("no confirmation of that billId")?;
    let other = if form.status() == "02" { Side::Buyer } else { Side::Seller };
    match text("act") {
        "agree" => answer(form, other, true, text("reason").to_owned(), now, takes)?,
        "refuse" => answer(form, other, false, text("reason").to_owned(), now, takes)?,
        "withdraw" => withdraw(form, form.by, now, takes)?,
        other => return Err(format!("unknown act {other:?}; known: agree refuse withdraw enter")),
    }
    Ok(json!({ "billId": text("billId") }))
}

/// All confirmations, for the admin address.
pub(crate) fn all(state: &State) -> Value {
    let told = |form: &Confirmation| {
        json!({
            "billId": form.bill_id, "billNo": form.bill_no, "billUuid": form.bill_uuid, "seller": form.seller,
            "buyer": form.buyer, "billStatus": form.status(), "billMessage": form.message,
            "history": form.history.json(), "knownTo": { "seller": form.seen[0], "buyer": form.seen[1] },
            "redOrderNo": form.red.map(|red| state.orders.at(red).0.order_no.clone()),
        })
    };
    state.confirmations.iter().map(told).collect()
}
