//! Looking back at what was issued: by period, by count, by paper number.

use super::{Answer, Ask, Handler};
use crate::State;
use crate::clock::{Beijing, DAY};
use crate::decimal::Decimal;
use crate::invoice::{self, money};
use crate::lines::totals;
use crate::orders::{Order, Part, Status};
use serde_json::{Map, Value, json};
use std::cmp::Ordering;

pub(super) const METHODS: &[(&str, Handler)] = &[
    ("nuonuo.OpeMplatform.queryInvoiceList", list),
    ("nuonuo.ElectronInvoice.queryInvoiceList", list),
    ("nuonuo.electronInvoice.queryInvoiceQuantity", quantity),
    ("nuonuo.ElectronInvoice.getPDF", pdf),
];

/// The most rows of one list.
const MOST: usize = 1000;
/// The rows of a page when nobody says how many; the platform's own number is not known.
const PAGE: usize = 20;

/// The invoices of the caller, oldest first.
fn invoices<'a>(ask: &Ask<'_>, state: &'a State) -> impl Iterator<Item = (&'a Order, &'a Part)> {
    let caller = ask.caller().to_owned();
    let of_caller = state.orders.all().iter().filter(move |order| order.seller == caller);
    of_caller.flat_map(|order| order.parts.iter().map(move |part| (order, part)))
}

/// A time that has passed the model.
fn time(ask: &Ask<'_>, name: &str) -> i64 {
    let text = ask.text(name);
    Beijing::parse(&text).map(Beijing::ms).or_else(|| text.parse().ok()).unwrap_or_default()
}

fn list(ask: &Ask<'_>, state: &mut State) -> Answer {
    ask.own(&ask.text("taxnum"))?;
    let (now, life) = (ask.now, ask.life());
    let (start, end, by_issue) = (time(ask, "startTime"), time(ask, "endTime"), ask.text("requestType") == "1");
    let size = ask.text("pageSize").parse().unwrap_or(PAGE);
    let row = |(order, part): (&Order, &Part)| {
        let status = part.status(now, life)?;
        let issued = part.issue_time(now, life);
        let counts = if by_issue { issued? } else { order.created };
        (start <= counts && counts < end).then(|| listed(ask, order, part, status, issued))
    };
    let rows: Vec<Value> = invoices(ask, state).filter_map(row).collect();
    if rows.len() > MOST || size > MOST {
        return Err(ask.no("1007", "条数超过1000"));
    }
    let total = rows.len();
    Ok(ask.tell(json!({ "totalCount": total, "invoices": ask.page(rows, PAGE) })))
}

fn listed(ask: &Ask<'_>, order: &Order, part: &Part, status: Status, issued: Option<i64>) -> Value {
    let row = invoice::row(order, part, status, ask.now, ask.life(), ask.shared.url(), false);
    let number = |name: &str| row[name].as_str().and_then(|text| serde_json::from_str(text).ok());
    let mut listed = Map::new();
    let mut put = |name: &str, value: Value| listed.insert(name.to_owned(), value);
    for name in ["serialNo", "orderNo", "status", "invoiceCode", "payerName", "checkCode"] {
        put(name, row[name].clone());
    }
    put("sellerTaxNo", order.seller.as_str().into());
    put("invoiceNo", row["invoiceNo"].clone());
    put("exTaxAmount", number("exTaxAmount").unwrap_or(Value::Null));
    put("taxAmount", number("taxAmount").unwrap_or(Value::Null));
    put("invoiceKind", invoice::line_of(order).into());
    put("addTime", Beijing::text(order.created).into());
    put("invoiceTime", issued.map(Beijing::text).unwrap_or_default().into());
    if ask.method.name.starts_with("nuonuo.OpeMplatform.") {
        put("pdfUrl", row["pdfUrl"].clone());
    }
    Value::Object(listed)
}

fn quantity(ask: &Ask<'_>, state: &mut State) -> Answer {
    let tax_num = ask.text("taxnum");
    ask.own(&tax_num)?;
    let (start, end) = (time(ask, "invoiceTimeStart"), time(ask, "invoiceTimeEnd"));
    if start > end || start < ask.now.saturating_sub(3 * 366 * DAY) {
        return Err(ask.no("E1000", "起始时间须早于结束时间，且不早于3年前"));
    }
    let issued = invoices(ask, state).filter_map(|(_, part)| part.issue_time(ask.now, ask.life()));
    let count = issued.filter(|at| start <= *at && *at < end).count();
    Ok(ask.tell(json!({ "taxnum": tax_num, "invoiceSuccessCount": count })))
}

/// By code and number, with an amount that must agree; one that does not is assumed to be answered as not found.
fn pdf(ask: &Ask<'_>, state: &mut State) -> Answer {
    let unknown = || ask.no("E9500", "发票不存在");
    let (code, number) = (ask.text("invoiceCode"), ask.text("invoiceNo"));
    let place = state.orders.by_paper(ask.caller(), &code, &number, ask.now, ask.life()).ok_or_else(unknown)?;
    let (_, part) = state.orders.at(place);
    let [excluded, _, included] = totals(&part.lines);
    for (name, amount) in [("inTaxAmount", included), ("exTaxAmount", excluded)] {
        let told = ask.text(name);
        if !told.is_empty() && Decimal::parse(&told).is_none_or(|told| told.order(amount) != Ordering::Equal) {
            return Err(ask.no("E9500", &format!("发票不存在：{name} 应为 {}", money(amount))));
        }
    }
    if !part.status(ask.now, ask.life()).is_some_and(Status::has_files) {
        return Err(ask.no("E0001", "pdf地址为空"));
    }
    let address = format!("{}/document/{}.pdf", ask.shared.url(), part.serial);
    Ok(ask.tell(json!({ "serialNo": part.serial, "data": address })))
}
