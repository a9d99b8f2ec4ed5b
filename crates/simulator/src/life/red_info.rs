//! Red-letter information tables (红字信息表): applied for, submitted, then approved or not; a special invoice of the older
//! kinds is reversed with an approved one. The method that revokes is known by name only: the admin address does it.

use super::{Answer, Ask, FormEnd, Handler, History, bare_number, form_end, object};
use crate::clock::Beijing;
use crate::decimal::Decimal;
use crate::invoice;
use crate::lines::totals;
use crate::options::Life;
use crate::push::{self, News, Target};
use crate::table::text_of;
use crate::{Shared, State};
use serde_json::{Map, Value, json};
use std::cmp::Ordering;

pub(super) const METHODS: &[(&str, Handler)] = &[
    ("nuonuo.ElectronInvoice.InvoiceRedApply", apply),
    ("nuonuo.OpeMplatform.InvoiceRedApply", apply),
    ("nuonuo.ElectronInvoice.InvoiceRedQueryNew", query),
    ("nuonuo.ElectronInvoice.InvoiceRedQuery", query_old),
    ("nuonuo.ElectronInvoice.downloadInvoiceRedApply", download),
];

const APPROVED: &str = "[TZD0000]审核通过";
const TOO_MUCH: &str = "[TZD0100]超出蓝票剩余可冲红金额";

#[derive(Debug, Default)]
pub(crate) struct RedInfos {
    list: Vec<RedInfo>,
}

#[derive(Debug)]
struct RedInfo {
    seller: String,
    buyer: String,
    bill_no: String,
    info_no: String,
    sent: Map<String, Value>,
    /// `redInfoStatus`: 0 applying, 3 submitted, 1 approved, 2 rejected, 4 failed, 6 withdrawing, 8 withdrawn.
    history: History,
    message: String,
    target: Option<Target>,
    downloaded: Option<i64>,
}

impl RedInfos {
    /// Whether a special invoice may be reversed with this table.
    pub(crate) fn allows(&self, info_no: &str, seller: &str, code: &str, number: &str) -> bool {
        self.list.iter().any(|info| {
            info.info_no == info_no && info.seller == seller && info.status() == "1" && info.is_of(code, number)
        })
    }

    /// What the living tables of a blue invoice take back, without tax.
    fn taken(&self, seller: &str, code: &str, number: &str) -> Decimal {
        let alive = |info: &&RedInfo| info.seller == seller && info.is_of(code, number) && info.status() == "1";
        let sum = self.list.iter().filter(alive).try_fold(Decimal::ZERO, |sum, info| sum.add(info.amount()));
        sum.unwrap_or(Decimal::ZERO)
    }
}

impl RedInfo {
    fn status(&self) -> &'static str {
        self.history.now()
    }

    fn text(&self, name: &str) -> String {
        text_of(&self.sent, name).unwrap_or_default()
    }

    fn is_of(&self, code: &str, number: &str) -> bool {
        self.text("oriInvoiceCode") == code && self.text("oriInvoiceNumber") == number
    }

    /// Its total without tax, below zero.
    fn amount(&self) -> Decimal {
        Decimal::parse(&self.text("taxExcludedAmount")).unwrap_or(Decimal::ZERO)
    }

    fn lines(&self) -> impl Iterator<Item = &Map<String, Value>> {
        self.sent
            .get("invoiceRedApplyDetails")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_object)
    }

    /// The amounts of the lines make those of the head, where all of them are told.
    fn adds_up(&self) -> bool {
        ["taxExcludedAmount", "taxAmount"].into_iter().all(|name| {
            let told = self.lines().map(|line| text_of(line, name).and_then(|text| Decimal::parse(&text)));
            let Some(told) = told.collect::<Option<Vec<_>>>() else { return true };
            let sum = told.into_iter().try_fold(Decimal::ZERO, Decimal::add);
            let head = Decimal::parse(&self.text(name));
            sum.zip(head).is_some_and(|(sum, head)| sum.order(head) == Ordering::Equal)
        })
    }

    /// The table as queries and pushes tell it. The older query writes the type's name in another way; pushes have texts
    /// for the state and numbers for the lines.
    fn row(&self, kind_name: &str, as_push: bool) -> Value {
        let number = |text: String| bare_number(&text).filter(|_| as_push).unwrap_or_else(|| text.into());
        let line = |line: &Map<String, Value>| {
            let text = |name: &str| text_of(line, name).unwrap_or_default();
            let favoured = if text("favouredPolicyFlag") == "true" { "1" } else { "0" };
            json!({
                "goodsName": text("goodsName"), "unit": text("unit"), "specType": text("specType"),
                "num": number(text("num")), "taxExcludedPrice": number(text("taxExcludedPrice")),
                "taxExcludedAmount": number(text("taxExcludedAmount")), "taxAmount": number(text("taxAmount")),
                "taxRate": number(text("taxRate")), "goodsCode": text("goodsCode"), "selfCode": text("selfCode"),
                "favouredPolicyFlag": number(favoured.to_owned()), "favouredPolicyName": text("favouredPolicyName"),
                "zeroRateFlag": text("zeroRateFlag"), "goodsCodeAbb": text("goodsCodeAbb"),
            })
        };
        let mut rates: Vec<String> = self.lines().filter_map(|line| text_of(line, "taxRate")).collect();
        rates.sort();
        rates.dedup();
        let amount = |name: &str| Decimal::parse(&self.text(name)).map(invoice::money).unwrap_or_default();
        let told = |name: &str, absent: &str| text_of(&self.sent, name).unwrap_or_else(|| absent.to_owned());
        let status = if as_push { Value::from(self.status()) } else { bare_number(self.status()).unwrap_or_default() };
        let mut row = object([
            ("billNo", self.bill_no.as_str().into()),
            ("billInfoNo", self.info_no.as_str().into()),
            ("billStatus", status),
            ("billMessage", self.message.as_str().into()),
            (kind_name, told("billType", "0").into()),
            ("taxType", "1".into()),
            ("multTaxRate", u8::from(rates.len() > 1).to_string().into()),
            ("billTime", Beijing::text(self.history.began()).into()),
            ("taxExcludedAmount", amount("taxExcludedAmount").into()),
            ("taxAmount", amount("taxAmount").into()),
            ("applyRemark", told("applyRemark", "0000000100").into()),
            ("codeVersion", "32.0".into()),
            ("businessTaxCode", "0000000000".into()),
            ("pdfUrl", "".into()),
            ("details", self.lines().map(line).collect()),
        ]);
        for name in ["oriInvoiceCode", "oriInvoiceNumber", "sellerTaxNo", "sellerName", "buyerTaxNo", "buyerName"] {
            row.insert(name.to_owned(), self.text(name).into());
        }
        if as_push {
            row.remove("billNo");
        }
        Value::Object(row)
    }
}

fn apply(ask: &Ask<'_>, state: &mut State) -> Answer {
    let (seller, buyer, bill_no) = (ask.text("sellerTaxNo"), ask.text("buyerTaxNo"), ask.text("billNo"));
    // The first digit of applyRemark is 1 where the buyer applies.
    ask.own(if ask.text("applyRemark").starts_with('1') { &buyer } else { &seller })?;
    if state.red_infos.list.iter().any(|info| info.bill_no == bill_no) {
        // Known for the confirmations; assumed here.
        return Err(ask.no("E9999", "申请号重复"));
    }
    let (code, number) = (ask.text("oriInvoiceCode"), ask.text("oriInvoiceNumber"));
    let blue = state.orders.by_paper(&seller, &code, &number, ask.now, ask.life());
    if blue.is_some_and(|place| state.orders.at(place).0.is_red()) {
        return Err(ask.no("E9522", "该发票为红字发票，不能冲红"));
    }
    let by_buyer_after_deduction = ask.text("applyRemark") == "1100000000";
    if blue.is_none() && !by_buyer_after_deduction && ask.text("blueInvoiceTime").is_empty() {
        return Err(crate::check::Refusal::params(ask.shared.table, "blueInvoiceTime 不能为空：蓝票不在库"));
    }
    let target = Target::given(ask.call.account, ask.text("callbackUrl"), ask.shared.url());
    let note = target.as_ref().err().copied();
    let info = RedInfo {
        seller,
        buyer,
        bill_no: bill_no.clone(),
        info_no: String::new(),
        sent: ask.body.clone(),
        history: History::new(ask.now, "0"),
        message: String::new(),
        target: target.ok().flatten(),
        downloaded: None,
    };
    state.red_infos.list.push(info);
    let told = json!({ "billNo": bill_no, "billInfoNo": "", "billStatus": "0", "billMessage": "" });
    Ok(push::noted(ask.done(told), note))
}

/// Those of the search that the caller may see, newest first.
fn found<'a>(ask: &Ask<'_>, state: &'a State) -> Result<Vec<&'a RedInfo>, crate::check::Refusal> {
    let (seller, caller) = (ask.text("sellerTaxNo"), ask.caller());
    let (bill_no, info_no, buyer) = (ask.text("billNo"), ask.text("billInfoNo"), ask.text("buyerTaxNo"));
    let day = |name: &str| Beijing::read(&ask.text(name)).map(|at| Beijing::day_number(at.ms()));
    let (from, to) = (day("billTimeBegin"), day("billTimeEnd"));
    let fits = |info: &&RedInfo| {
        let day = Beijing::day_number(info.history.began());
        info.seller == seller
            && (info.seller == caller || info.buyer == caller)
            && (buyer.is_empty() || info.buyer == buyer)
            && (bill_no.is_empty() || info.bill_no == bill_no)
            && (info_no.is_empty() || info.info_no == info_no)
            && from.is_none_or(|from| from <= day)
            && to.is_none_or(|to| day <= to)
    };
    let rows: Vec<&RedInfo> = state.red_infos.list.iter().rev().filter(fits).collect();
    if rows.is_empty() && !(bill_no.is_empty() && info_no.is_empty()) {
        return Err(ask.no("E9531", "申请信息不存在"));
    }
    Ok(rows)
}

fn query(ask: &Ask<'_>, state: &mut State) -> Answer {
    let rows = found(ask, state)?;
    let total = rows.len();
    let page: Vec<Value> = ask.page(rows, 10).into_iter().map(|info| info.row("billType", false)).collect();
    Ok(ask.tell(json!({ "total": total, "list": page })))
}

/// The older form has no pages; its refusals come without the letter.
fn query_old(ask: &Ask<'_>, state: &mut State) -> Answer {
    let rows = found(ask, state).map_err(|_| ask.no("9531", "申请信息不存在"))?;
    Ok(ask.tell(rows.into_iter().map(|info| info.row("BillType", false)).collect()))
}

fn download(ask: &Ask<'_>, state: &mut State) -> Answer {
    let info_no = ask.text("billInfoNo");
    let day = |text: String| Beijing::read(&text).map(|at| Beijing::day_number(at.ms()));
    let (from, to) = (day(ask.text("billTimeBegin")), day(ask.text("billTimeEnd")));
    let mut any = false;
    for info in state.red_infos.list.iter_mut().filter(|info| info.seller == ask.caller() && info.status() == "1") {
        let day = Beijing::day_number(info.history.began());
        let in_time = from.is_some_and(|from| from <= day) && to.is_some_and(|to| day <= to);
        if if info_no.is_empty() { in_time } else { info.info_no == info_no } {
            info.downloaded = Some(ask.now);
            any = true;
        }
    }
    if !any && !info_no.is_empty() {
        return Err(ask.no("E9531", "申请信息不存在"));
    }
    Ok(ask.done(Value::Null))
}

/// Takes every step that is due, and tells what has ended.
pub(super) fn advance(shared: &Shared, state: &mut State) {
    for at in 0..state.red_infos.list.len() {
        while let Some((due, next, message)) = step(shared, state, at) {
            let info = &mut state.red_infos.list[at];
            info.history.push(due, next);
            info.message = message;
            if next == "1" {
                let date = Beijing::at(due);
                let (year, month) = (date.year.rem_euclid(100), date.month);
                info.info_no = format!("500000{year:02}{month:02}{:06}", (at + 1) % 1_000_000);
            }
            if let Some(target) = info.target.clone().filter(|_| next != "3") {
                let members = vec![
                    ("operater", "invoiceRedCallback".into()),
                    ("billNo", info.bill_no.as_str().into()),
                    ("content", info.row("billType", true)),
                ];
                let bill_no = info.bill_no.clone();
                let news = News { operater: "invoiceRedCallback", bill_no, members, ..News::default() };
                state.outbox.tell(shared, &target, news);
            }
        }
    }
}

/// The next step of a table if it is due: when, to which state, with what message.
fn step(shared: &Shared, state: &State, at: usize) -> Option<(i64, &'static str, String)> {
    let (now, life) = (shared.clock.now(), &shared.options.life);
    let info = &state.red_infos.list[at];
    let (status, since) = info.history.last();
    let wait = match status {
        "0" | "3" => life.form,
        "6" => life.operation,
        _ => return None,
    };
    let due = since.saturating_add(wait);
    if due > now {
        return None;
    }
    let (next, message) = match status {
        // What the platform says of a sum that does not fit is not known.
        "0" if !info.adds_up() => ("4", "合计金额不一致".to_owned()),
        "0" => ("3", String::new()),
        "3" => match form_end(&state.form_plans, &info.bill_no) {
            FormEnd::Wait => return None,
            FormEnd::Refuse(cause) => ("2", cause),
            FormEnd::Approve if exceeds(state, info, now, life) => ("2", TOO_MUCH.to_owned()),
            FormEnd::Approve => ("1", APPROVED.to_owned()),
        },
        _ => ("8", "已撤销".to_owned()),
    };
    Some((due, next, message))
}

/// Whether a table takes back more than is left of the blue invoice, if that one is known here.
fn exceeds(state: &State, info: &RedInfo, now: i64, life: &Life) -> bool {
    let (code, number) = (info.text("oriInvoiceCode"), info.text("oriInvoiceNumber"));
    let Some(blue) = state.orders.by_paper(&info.seller, &code, &number, now, life) else { return false };
    let all = totals(&state.orders.at(blue).1.lines)[0];
    let taken = state.red_infos.taken(&info.seller, &code, &number).add(info.amount());
    taken.and_then(|taken| all.add(taken)).is_none_or(Decimal::is_negative)
}

/// `{"billNo": "…"}`: an approved or submitted table is withdrawn.
pub(crate) fn revoke(shared: &Shared, state: &mut State, value: &Value) -> Result<Value, String> {
    let bill_no = value.get("billNo").and_then(Value::as_str).unwrap_or_default();
    let info = state.red_infos.list.iter_mut().find(|info| info.bill_no == bill_no).ok_or("no table of that billNo")?;
    if !matches!(info.status(), "1" | "3") {
        return Err(format!("its state is {}; only 1 and 3 can be withdrawn", info.status()));
    }
    info.history.push(shared.clock.now(), "6");
    Ok(json!({ "billNo": bill_no, "billStatus": "6" }))
}

/// All tables, for the admin address.
pub(crate) fn all(state: &State) -> Value {
    let told = |info: &RedInfo| {
        json!({
            "billNo": info.bill_no, "billInfoNo": info.info_no, "seller": info.seller, "buyer": info.buyer,
            "billStatus": info.status(), "billMessage": info.message, "history": info.history.json(),
            "downloadedAt": info.downloaded,
        })
    };
    state.red_infos.list.iter().map(told).collect()
}
