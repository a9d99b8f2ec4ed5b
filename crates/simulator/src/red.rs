//! Red invoices of the older kinds: the blue one must exist, fit, and not be reversed yet.

use crate::check::Refusal;
use crate::invoice;
use crate::options::Life;
use crate::orders::{Orders, Outcome};
use crate::table::{Table, text_of};
use serde_json::{Map, Value};

/// Checks a red order. Digital kinds are accepted and then fail, as they are reversed by another flow.
pub(crate) fn check(
    table: &Table,
    orders: &Orders,
    seller: &str,
    sent: &Map<String, Value>,
    now: i64,
    life: &Life,
) -> Result<Option<Outcome>, Refusal> {
    let line = text_of(sent, "invoiceLine").unwrap_or_else(|| "p".to_owned());
    if invoice::is_digital(&line) {
        return Ok(Some(Outcome::Fail("数电票冲红请使用红字确认单或快捷冲红接口".to_owned())));
    }
    let wrong = || Refusal::new(table, "E9102", "发票号码或发票代码不正确");
    let text = |name: &str| text_of(sent, name).unwrap_or_default();
    let numbers = (text("invoiceCode"), text("invoiceNum"));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !matches!(numbers.0.len(), 10 | 12) || numbers.1.len() != 8 || !digits(&numbers.0) || !digits(&numbers.1) {
        return Err(wrong());
    }
    let of_seller = || orders.all().iter().filter(|order| order.seller == seller);
    let is_red = |sent: &Map<String, Value>| text_of(sent, "invoiceType").as_deref() == Some("2");
    let parts = of_seller().filter(|order| !is_red(&order.sent)).flat_map(|o| o.parts.iter().map(move |p| (o, p)));
    let mut blue = parts.filter(|(_, part)| part.status(now, life).is_some_and(super::orders::Status::exists));
    let blue = blue.find(|(order, part)| invoice::paper_numbers(order, part) == numbers);
    let (order, _) = blue.ok_or_else(wrong)?;
    let reverses = |sent: &Map<String, Value>| {
        is_red(sent)
            && (text_of(sent, "invoiceCode"), text_of(sent, "invoiceNum"))
                == (Some(text("invoiceCode")), Some(text("invoiceNum")))
    };
    let alive = |part: &crate::orders::Part| part.status(now, life) != Some(crate::orders::Status::Failed);
    if of_seller().any(|order| reverses(&order.sent) && order.parts.iter().any(alive)) {
        return Err(Refusal::new(table, "E9103", "该发票不能重复冲红"));
    }
    let same = [
        ("buyerName", "E9117", "红票购方名称与蓝票购方名称不符"),
        ("buyerTaxNum", "E9118", "红票购方税号与蓝票购方税号不符"),
        ("buyerAddress", "E9113", "红票购方地址与蓝票购方地址不符"),
        ("buyerTel", "E9115", "红票购方电话与蓝票购方电话不符"),
        ("buyerAccount", "E9120", "红票购方银行账号与蓝票购方银行账号不符"),
    ];
    for (name, code, what) in same {
        if text_of(&order.sent, name) != text_of(sent, name) {
            return Err(Refusal::new(table, code, what));
        }
    }
    Ok(None)
}
