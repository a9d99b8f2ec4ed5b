//! The lines of an order: amounts that must agree, and pairs of a discounted line and its discount.

use crate::check::Refusal;
use crate::decimal::Decimal;
use crate::table::{Table, text_of};
use serde_json::{Map, Value};
use std::cmp::Ordering;

/// One line with all its amounts, in yuan.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// The line as it was sent.
    pub(crate) sent: Map<String, Value>,
    pub(crate) num: Option<Decimal>,
    pub(crate) price: Option<Decimal>,
    pub(crate) rate: Option<Decimal>,
    pub(crate) excluded: Decimal,
    pub(crate) tax: Decimal,
    pub(crate) included: Decimal,
    pub(crate) role: LineRole,
}

/// `invoiceLineProperty`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum LineRole {
    Normal,
    Discount,
    Discounted,
}

impl Line {
    pub(crate) fn text(&self, name: &str) -> String {
        text_of(&self.sent, name).unwrap_or_default()
    }

    pub(crate) fn with_tax(&self) -> bool {
        self.text("withTaxFlag") == "1"
    }
}

/// Reads and checks the lines of an order that has passed the model.
pub(crate) fn read(table: &Table, order: &Map<String, Value>) -> Result<Vec<Line>, Refusal> {
    let objects: Vec<&Map<String, Value>> = match order.get("invoiceDetail") {
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_object).collect(),
        Some(Value::Object(line)) => vec![line],
        _ => Vec::new(),
    };
    if objects.is_empty() {
        return Err(Refusal::new(table, "E9122", "商品详情为空"));
    }
    let mut lines = Vec::with_capacity(objects.len());
    for (at, object) in objects.into_iter().enumerate() {
        lines.push(line(table, at, object)?);
    }
    let red = text_of(order, "invoiceType").as_deref() == Some("2");
    signs(table, &lines, red)?;
    if !red {
        pairs(table, &lines)?;
    }
    Ok(lines)
}

fn line(table: &Table, at: usize, sent: &Map<String, Value>) -> Result<Line, Refusal> {
    let value = |name: &str| text_of(sent, name).and_then(|text| Decimal::parse(&text));
    let path = |what: &str| Refusal::params(table, &format!("order.invoiceDetail[{at}]{what}"));
    let (num, price, rate) = (value("num"), value("price"), value("taxRate"));
    let sums = (value("taxExcludedAmount"), value("tax"), value("taxIncludedAmount"));
    let (excluded, tax, included) = match sums {
        (Some(excluded), Some(tax), Some(included)) => {
            if excluded.add(tax) != Some(included) {
                return Err(Refusal::new(table, "E9130", "（不含税金额+税额）不等于含税金额"));
            }
            (excluded, tax, included)
        }
        _ if price.is_none() => {
            return Err(Refusal::new(table, "E9123", "项目单价为空时，含税金额、不含税金额、税额都不能为空"));
        }
        _ => computed(sent, num, price, rate).ok_or_else(|| path(" 金额无法由单价和数量算出"))?,
    };
    if num.is_some() != price.is_some() {
        return Err(path(" 单价和数量须同时有值或同时为空"));
    }
    let line = Line {
        role: match text_of(sent, "invoiceLineProperty").as_deref() {
            None | Some("0") => LineRole::Normal,
            Some("1") => LineRole::Discount,
            Some("2") => LineRole::Discounted,
            Some(_) => return Err(path(".invoiceLineProperty 格式不正确")),
        },
        sent: sent.clone(),
        num,
        price,
        rate,
        excluded,
        tax,
        included,
    };
    if tax_is_off(&line) {
        let text = table.text("E9131", "金额*税率-税额大于0.06,明细行名称:xxx,第x行");
        let stem = text.split("明细行名称").next().unwrap_or_default();
        let describe = format!("{stem}明细行名称:{},第{}行", line.text("goodsName"), at + 1);
        return Err(Refusal { code: "E9131".to_owned(), describe });
    }
    Ok(line)
}

/// All three amounts from price and quantity, as the platform does when one of them is missing.
fn computed(
    sent: &Map<String, Value>,
    num: Option<Decimal>,
    price: Option<Decimal>,
    rate: Option<Decimal>,
) -> Option<(Decimal, Decimal, Decimal)> {
    let rate = rate.unwrap_or(Decimal::ZERO);
    let deduction = text_of(sent, "deduction").and_then(|text| Decimal::parse(&text)).unwrap_or(Decimal::ZERO);
    let amount = price?.mul(num?)?.round(2)?;
    if text_of(sent, "withTaxFlag").as_deref() == Some("1") {
        let tax = amount.sub(deduction)?.mul(rate)?.div(Decimal::ONE.add(rate)?, 2)?;
        Some((amount.sub(tax)?, tax, amount))
    } else {
        let tax = amount.sub(deduction)?.mul(rate)?.round(2)?;
        Some((amount, tax, amount.add(tax)?))
    }
}

/// |amount × rate − tax| > 0.06. Difference taxation and the reduced 1.5 % are computed otherwise and pass.
fn tax_is_off(line: &Line) -> bool {
    let Some(rate) = line.rate else { return false };
    let deduction = Decimal::parse(&line.text("deduction")).unwrap_or(Decimal::ZERO);
    let reduced = Decimal::parse("0.015") == Some(rate);
    if reduced || !deduction.is_zero() {
        return false;
    }
    let off = line.excluded.mul(rate).and_then(|tax| tax.sub(line.tax));
    let limit = Decimal::parse("0.06").unwrap_or(Decimal::ZERO);
    off.is_none_or(|off| off.abs().order(limit) == Ordering::Greater)
}

fn signs(table: &Table, lines: &[Line], red: bool) -> Result<(), Refusal> {
    for line in lines {
        let Some(num) = line.num.filter(|num| !num.is_zero()) else { continue };
        let (code, text) = match (red, line.role, num.is_negative()) {
            (false, LineRole::Discount, false) => ("E9111", "蓝票折扣行商品数量应为负"),
            (false, LineRole::Discounted, true) => ("E9114", "蓝票被折扣行商品数量应为正"),
            (true, LineRole::Discount, true) => ("E9116", "红票折扣行商品数量应为正"),
            (true, LineRole::Discounted, false) => ("E9119", "红票被折扣行商品数量应为负"),
            _ => continue,
        };
        return Err(Refusal::new(table, code, text));
    }
    Ok(())
}

/// A discounted line is followed at once by exactly one discount of the same name and rate, not larger than itself.
fn pairs(table: &Table, lines: &[Line]) -> Result<(), Refusal> {
    let torn = || Refusal::new(table, "E9110", "折扣行必须紧挨被折扣行之后");
    let mut open: Option<&Line> = None;
    for line in lines {
        match (open.take(), line.role) {
            (None, LineRole::Normal) => {}
            (None, LineRole::Discounted) => open = Some(line),
            (Some(full), LineRole::Discount) => {
                if full.text("goodsName") != line.text("goodsName") {
                    return Err(Refusal::new(table, "E9105", "折扣行的商品名称必须和被折扣行相同"));
                }
                if full.rate != line.rate {
                    return Err(Refusal::new(table, "E9112", "折扣行商品税率必须和被折扣行商品税率相同"));
                }
                if !line.included.is_negative() && !line.included.is_zero() {
                    return Err(Refusal::params(table, "折扣行金额应为负"));
                }
                if line.included.abs().order(full.included.abs()) == Ordering::Greater {
                    return Err(Refusal::new(table, "E9108", "折扣行金额不能大于被折扣行的金额"));
                }
            }
            _ => return Err(torn()),
        }
    }
    if open.is_some() { Err(torn()) } else { Ok(()) }
}

/// Amount without tax, tax, amount with tax.
pub(crate) fn totals(lines: &[Line]) -> [Decimal; 3] {
    let sum = |pick: fn(&Line) -> Decimal| {
        lines.iter().try_fold(Decimal::ZERO, |sum, line| sum.add(pick(line))).unwrap_or(Decimal::ZERO)
    };
    [sum(|line| line.excluded), sum(|line| line.tax), sum(|line| line.included)]
}
