//! Red-letter confirmations (红字确认单): one side applies, the other agrees within 72 hours or is not asked, and the red
//! invoice of an electronic one comes by itself.

mod lines;
mod methods;

pub(super) use methods::METHODS;
pub(crate) use methods::{act, all};

use super::{FormEnd, History, form_end};
use crate::decimal::Decimal;
use crate::invoice;
use crate::lines::{Line, totals};
use crate::orders::{Place, Status};
use crate::push::{News, Target};
use crate::table::text_of;
use crate::{Shared, State};
use serde_json::{Map, Value, json};

/// How long the other side has.
const PATIENCE: i64 = 72 * 3_600_000;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Side {
    Seller,
    Buyer,
}

impl Side {
    fn read(identity: &str) -> Side {
        if identity == "1" { Side::Buyer } else { Side::Seller }
    }
}

#[derive(Debug)]
pub(crate) struct Confirmation {
    bill_id: String,
    pub(super) bill_no: String,
    pub(super) bill_uuid: String,
    by: Side,
    pub(super) seller: String,
    buyer: String,
    /// As it was applied for.
    sent: Map<String, Value>,
    pub(super) blue: Option<Place>,
    lines: Vec<Line>,
    /// What is wrong with the lines that were sent.
    problem: Option<String>,
    /// `redBillStatus`.
    history: History,
    message: String,
    operation: Option<Operation>,
    /// `redRequestStatus` of the last operation; empty if it went well.
    request_status: &'static str,
    confirmed: Option<(i64, bool, String)>,
    /// Which side's copy of the platform knows of it.
    seen: [bool; 2],
    pub(super) order_no: String,
    pub(super) red: Option<Place>,
    /// The number of the red order was replaced already.
    pub(super) renamed: bool,
    pub(super) target: Option<Target>,
}

/// Something that was asked for and takes a moment.
#[derive(Debug)]
struct Operation {
    due: i64,
    confirms: bool,
    to: &'static str,
}

impl Confirmation {
    pub(super) fn status(&self) -> &'static str {
        self.history.now()
    }

    /// Both sides agree, or none is asked.
    pub(super) fn is_agreed(&self) -> bool {
        matches!(self.status(), "01" | "04")
    }

    fn line(&self) -> String {
        text_of(&self.sent, "blueInvoiceLine").unwrap_or_default()
    }

    /// Its red invoice comes by itself.
    pub(super) fn is_electronic(&self) -> bool {
        matches!(self.line().as_str(), "bs" | "pc")
    }

    fn party(&self, side: Side) -> &str {
        if side == Side::Seller { &self.seller } else { &self.buyer }
    }

    fn move_to(&mut self, at: i64, status: &'static str, message: &str) {
        self.history.push(at, status);
        message.clone_into(&mut self.message);
    }
}

/// Takes every step that is due.
pub(super) fn advance(shared: &Shared, state: &mut State) {
    for at in 0..state.confirmations.len() {
        while let Some((due, step)) = next(shared, state, at) {
            match step {
                Step::Move(status, message) => {
                    state.confirmations[at].move_to(due, status, &message);
                    tell(shared, state, at);
                }
                Step::Operation => operate(shared, state, at, due),
                Step::Issue => {
                    let (order_no, line) = (state.confirmations[at].order_no.clone(), state.confirmations[at].line());
                    issue(shared, state, at, &order_no, &line, due);
                }
            }
        }
    }
}

enum Step {
    Move(&'static str, String),
    Operation,
    Issue,
}

/// The earliest step, if it is due.
fn next(shared: &Shared, state: &State, at: usize) -> Option<(i64, Step)> {
    let (now, life) = (shared.clock.now(), &shared.options.life);
    let form = &state.confirmations[at];
    let (status, since) = form.history.last();
    let timed = match status {
        "15" => Some(since.saturating_add(life.form)),
        "02" | "03" => Some(since.saturating_add(PATIENCE)),
        "01" | "04" if form.is_electronic() && form.red.is_none() => Some(since.saturating_add(life.form)),
        _ => None,
    };
    let operation = form.operation.as_ref().map(|operation| operation.due);
    let due = [timed, operation].into_iter().flatten().min().filter(|due| *due <= now)?;
    if operation == Some(due) {
        return Some((due, Step::Operation));
    }
    let step = match status {
        "15" => match refusal(shared, state, at) {
            Some(cause) => Step::Move("16", cause),
            None => Step::Move(opening(form, &form_end(&state.form_plans, &form.bill_id)), String::new()),
        },
        "02" | "03" => Step::Move("07", "超72小时未确认".to_owned()),
        _ => Step::Issue,
    };
    Some((due, step))
}

/// The buyer's application always waits for the seller; the seller's only where it is asked for: the simulator does not
/// know whether the buyer has used the invoice.
fn opening(form: &Confirmation, end: &FormEnd) -> &'static str {
    match (form.by, end) {
        (Side::Buyer, _) => "03",
        (Side::Seller, FormEnd::Wait) => "02",
        (Side::Seller, _) => "01",
    }
}

/// Why the bureau does not take an application, in the words that are known for it.
fn refusal(shared: &Shared, state: &State, at: usize) -> Option<String> {
    let (now, life) = (shared.clock.now(), &shared.options.life);
    let form = &state.confirmations[at];
    let says = |text: &str| Some(text.to_owned());
    if let FormEnd::Refuse(cause) = form_end(&state.form_plans, &form.bill_id) {
        return Some(cause);
    }
    let Some(blue) = form.blue else { return says("查无此票") };
    let (order, part) = state.orders.at(blue);
    if order.is_red() || invoice::line_of(order) != form.line() || part.status(now, life) != Some(Status::Done) {
        return says("查无此票");
    }
    if matches!(form.line().as_str(), "p" | "c") {
        return says("您选择的是增值税发票管理系统开具的普通发票，请通过税控设备冲红");
    }
    let others =
        || state.confirmations.iter().filter(|other| other.blue == Some(blue) && other.bill_id != form.bill_id);
    if others().any(|other| matches!(other.status(), "01" | "02" | "03" | "04") && other.red.is_none()) {
        return says("该蓝字发票处于已开具状态的红字确认单中，不能重复申请");
    }
    let reversed = others().filter(|other| {
        let status = other.red.and_then(|red| state.orders.at(red).1.status(now, life));
        other.red.is_some() && !matches!(status, Some(Status::Failed | Status::Voided))
    });
    let left = reversed.map(|other| totals(&other.lines)[0]).try_fold(totals(&part.lines)[0], Decimal::add);
    if left.is_none_or(Decimal::is_zero) {
        return says("该发票已全额冲红");
    }
    if let Some(problem) = &form.problem {
        return Some(problem.clone());
    }
    let after = left.and_then(|left| left.add(totals(&form.lines)[0]));
    if after.is_none_or(Decimal::is_negative) { says("合计金额不一致") } else { None }
}

/// An operation has taken its moment; it fails where the form has gone on in the meantime.
fn operate(shared: &Shared, state: &mut State, at: usize, due: i64) {
    let form = &mut state.confirmations[at];
    let Some(operation) = form.operation.take() else { return };
    let open = if operation.confirms {
        matches!(form.status(), "02" | "03")
    } else {
        matches!(form.status(), "01" | "02" | "03" | "04") && form.red.is_none()
    };
    form.request_status = match (open, operation.confirms) {
        (true, _) => "",
        (false, true) => "04",
        (false, false) => "02",
    };
    if open {
        form.move_to(due, operation.to, "");
        tell(shared, state, at);
    }
}

/// Makes the red invoice of a confirmation; gives its serial number.
pub(super) fn issue(shared: &Shared, state: &mut State, at: usize, order_no: &str, line: &str, now: i64) -> String {
    let State { orders, companies, outbox, confirmations, .. } = state;
    let form = &mut confirmations[at];
    let Some(blue) = form.blue else { return String::new() };
    let (order, part) = orders.at(blue);
    let mut sent = order.sent.clone();
    for name in ["orderNo", "invoiceDetail", "callBackUrl", "invoiceCode", "invoiceNum", "invoiceDate"] {
        sent.remove(name);
    }
    // The statutory remark is the platform's own; its words for digital invoices are the tax bureau's.
    let (number, paper) = (invoice::digital_number(order, part), part.paper.clone().unwrap_or_default());
    let remark = format!("被红冲蓝字数电发票号码：{number} 红字确认单编号：{}", form.bill_no);
    if number.is_empty() {
        sent.extend(super::object([("invoiceCode", paper.0.into()), ("invoiceNum", paper.1.into())]));
    }
    let reason = text_of(&form.sent, "redReason").unwrap_or_default();
    sent.extend(super::object([
        ("invoiceType", "2".into()),
        ("invoiceLine", line.into()),
        ("remark", remark.into()),
        ("redReason", reason.into()),
        ("blueElecInvoiceNumber", number.into()),
    ]));
    for (theirs, ours) in [("buyerPhone", "phone"), ("email", "email")] {
        sent.extend(text_of(&form.sent, ours).map(|value| (theirs.to_owned(), value.into())));
    }
    let mut order_no = if order_no.is_empty() { form.bill_no.clone() } else { order_no.to_owned() };
    if orders.by_number(&form.seller, &order_no).is_some() {
        order_no = format!("{}-{}", form.bill_no, at + 1);
    }
    sent.insert("orderNo".to_owned(), order_no.as_str().into());
    let (seller, lines, outcome) = (form.seller.clone(), vec![form.lines.clone()], orders.outcome_of(&order_no));
    let life = &shared.options.life;
    let place = orders.add(companies, seller.clone(), order_no.clone(), sent, lines, &outcome, (now, life));
    form.red = Some(place);
    if let Some(target) = form.target.clone() {
        outbox.watch(&seller, order_no, target);
    }
    orders.at(place).1.serial.clone()
}

/// Pushes where it stands. What really stands in the content is not known: these are the members of the one sample.
fn tell(shared: &Shared, state: &mut State, at: usize) {
    let form = &state.confirmations[at];
    let Some(target) = form.target.clone() else { return };
    let content = json!({
        "billInfoNo": form.bill_no, "billStatus": form.status(), "billMessage": form.message,
    });
    let members =
        vec![("operater", "redConfirmCallback".into()), ("billId", form.bill_id.as_str().into()), ("content", content)];
    let bill_no = form.bill_id.clone();
    state.outbox.tell(shared, &target, News { operater: "redConfirmCallback", bill_no, members, ..News::default() });
}
