//! Red invoices of the older kinds: the blue one must exist, fit, and not be reversed yet.

use crate::check::Refusal;
use crate::invoice;
use crate::life::red_info::RedInfos;
use crate::options::Life;
use crate::orders::{Orders, Outcome};
use crate::table::{Table, text_of};
use serde_json::{Map, Value};

/// Checks a red order. Digital kinds are accepted and then fail, as they are reversed by another flow.
pub(crate) fn check(
    table: &Table,
    orders: &Orders,
    tables: &RedInfos,
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
    let (code, number) = (text("invoiceCode"), text("invoiceNum"));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !matches!(code.len(), 10 | 12) || number.len() != 8 || !digits(&code) || !digits(&number) {
        return Err(wrong());
    }
    let place = orders.by_paper(seller, &code, &number, now, life).ok_or_else(wrong)?;
    let (order, _) = orders.at(place);
    if order.is_red() {
        return Err(wrong());
    }
    if orders.is_reversed(place, now, life) {
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
    // Special invoices are reversed with a table that was approved for the blue one.
    if matches!(line.as_str(), "s" | "b") && !tables.allows(&text("billInfoNo"), seller, &code, &number) {
        return Err(Refusal::params(table, "order.billInfoNo 不是该蓝票审核通过的红字信息表"));
    }
    Ok(None)
}
