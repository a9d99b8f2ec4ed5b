//! The lines of a red invoice, from those of the blue one: below zero, discounts taken off.

use crate::decimal::Decimal;
use crate::life::object;
use crate::lines::{Line, LineRole};
use crate::table::text_of;
use serde_json::{Map, Value};
use std::cmp::Ordering;

/// All lines of a blue invoice.
pub(super) fn whole(blue: &[Line]) -> Option<Vec<Line>> {
    net(blue).into_iter().map(|(at, line)| red(at, line, line.num, net_of(blue, at)?)).collect()
}

/// The lines that were asked for, or why not. `blueDetailIndex` counts from 1 over all lines of the blue invoice; one that
/// is a discount cannot be named.
pub(super) fn partial(blue: &[Line], detail: &[Value]) -> Result<Vec<Line>, String> {
    let net = net(blue);
    let mut made = Vec::with_capacity(detail.len());
    for row in detail.iter().filter_map(Value::as_object) {
        let value = |name: &str| text_of(row, name).and_then(|text| Decimal::parse(&text));
        let index = text_of(row, "blueDetailIndex").and_then(|text| text.parse::<usize>().ok()).unwrap_or(0);
        let found = net.iter().find(|(at, _)| at + 1 == index);
        let (at, line) = found.ok_or("待录入红字确认单的明细行号不匹配")?;
        let (all, _) = net_of(blue, *at).ok_or("合计金额不一致")?;
        let (num, price, rate) = (value("num"), value("taxExcludedPrice"), line.rate.unwrap_or(Decimal::ZERO));
        let computed = || num?.mul(price?)?.round(2);
        let excluded = value("taxExcludedAmount").or_else(computed).ok_or("合计金额不一致")?;
        let tax = value("taxAmount").or_else(|| excluded.mul(rate)?.round(2)).ok_or("合计金额不一致")?;
        if !excluded.is_negative() || excluded.abs().order(all) == Ordering::Greater {
            return Err("合计金额不一致".to_owned());
        }
        let amounts = (Decimal::ZERO.sub(excluded), Decimal::ZERO.sub(tax));
        let (Some(excluded), Some(tax)) = amounts else { return Err("合计金额不一致".to_owned()) };
        made.push(red(*at, line, num.map(Decimal::abs), (excluded, tax)).ok_or("合计金额不一致")?);
    }
    Ok(made)
}

/// The lines that are not discounts, each with its place.
fn net(blue: &[Line]) -> Vec<(usize, &Line)> {
    blue.iter().enumerate().filter(|(_, line)| line.role != LineRole::Discount).collect()
}

/// Amount without tax and tax of a line less its discount.
fn net_of(blue: &[Line], at: usize) -> Option<(Decimal, Decimal)> {
    let line = blue.get(at)?;
    match blue.get(at + 1).filter(|next| next.role == LineRole::Discount) {
        Some(discount) => Some((line.excluded.add(discount.excluded)?, line.tax.add(discount.tax)?)),
        None => Some((line.excluded, line.tax)),
    }
}

fn red(at: usize, line: &Line, num: Option<Decimal>, (excluded, tax): (Decimal, Decimal)) -> Option<Line> {
    let below = |value: Decimal| Decimal::ZERO.sub(value);
    let (excluded, tax) = (below(excluded)?, below(tax)?);
    let num = match num {
        Some(num) => Some(below(num)?),
        None => None,
    };
    let price = num.filter(|num| !num.is_zero()).and_then(|num| excluded.div(num, 8));
    let mut sent: Map<String, Value> = object([
        ("withTaxFlag", "0".into()),
        ("invoiceLineProperty", "0".into()),
        ("blueDetailIndex", (at + 1).to_string().into()),
    ]);
    for name in ["goodsName", "goodsCode", "specType", "unit", "taxRate", "zeroRateFlag", "favouredPolicyFlag"] {
        sent.extend(line.sent.get(name).map(|value| (name.to_owned(), value.clone())));
    }
    let included = excluded.add(tax)?;
    Some(Line { sent, num, price, rate: line.rate, excluded, tax, included, role: LineRole::Normal })
}
