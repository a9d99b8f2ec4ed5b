//! The three amounts of a line (不含税金额、税额、含税金额), to the cent.
//!
//! From an amount without tax: tax = amount × rate. From an amount with tax: tax = amount ÷ (1 + rate) × rate, rounded
//! once; the third amount is a sum or a difference, never a second rounding. A half goes away from zero, so that a red
//! invoice mirrors its blue one. Difference taxation takes the deduction (扣除额) off first; 5 % reduced to 1.5 % has
//! formulas of its own.

use std::fmt;

use super::names::{
    DEDUCTION, DIFFERENCE, EXCLUDED, INCLUDED, LINES, NUM, Name, PRICE, TAX, TAX_RATE, VOUCHERS, WITH_TAX,
};
use super::view::{Order, Part};
use crate::decimal::Decimal;
use crate::error::{Error, Severity, Violation};
use crate::json::{Flat, Json, Value};
use crate::source::Source;

/// The three amounts of a line, or their sums over lines, in yuan with two decimal places.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Amounts {
    /// Without tax (不含税金额, `taxExcludedAmount`).
    pub tax_excluded: Decimal,
    /// The tax (税额, `tax`).
    pub tax: Decimal,
    /// With tax (含税金额, `taxIncludedAmount`).
    pub tax_included: Decimal,
}

impl Amounts {
    /// The sums; `None` if they do not fit.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Some(Self {
            tax_excluded: self.tax_excluded.checked_add(other.tax_excluded)?,
            tax: self.tax.checked_add(other.tax)?,
            tax_included: self.tax_included.checked_add(other.tax_included)?,
        })
    }

    pub(crate) fn named(self) -> [(&'static str, Decimal); 3] {
        [(TAX.wire(), self.tax), (EXCLUDED.wire(), self.tax_excluded), (INCLUDED.wire(), self.tax_included)]
    }
}

/// `83.85 + 5.03 = 88.88`
impl fmt::Display for Amounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} + {} = {}", self.tax_excluded, self.tax, self.tax_included)
    }
}

/// The amounts of one line: those that are given as they are, the missing ones worked out.
///
/// Two amounts give the third. One amount, or price (`price`) times quantity (`num`) read by `withTaxFlag`, gives the
/// others through `taxRate`. `deduction` and the policy 按5%简易征收减按1.5%计征 (`favouredPolicyFlag` 10) are heeded.
///
/// ```
/// use nnopen::{Json, order};
///
/// let line = Json::parse(r#"{"withTaxFlag": "1", "price": "50.50", "num": "2", "taxRate": "0.13"}"#).unwrap();
/// assert_eq!(order::amounts(&line).unwrap().to_string(), "89.38 + 11.62 = 101.00");
/// ```
///
/// # Errors
/// `input`, with the member that is missing or does not fit: no amount and no price, no rate or one that is no fraction
/// (`13` for `0.13`), more than two decimal places in an amount, three amounts that do not add up.
pub fn amounts(line: &dyn Source) -> Result<Amounts, Error> {
    let flat = crate::body::flat(line, "")?;
    let line = Part::new("", flat.whole());
    worked_out(&line, Basis::default()).map_err(|fault| Error::input(vec![fault]))
}

/// The order with the amounts that its lines lack, as texts. All other members stay as they are and where they are.
///
/// The platform works out what is missing too, but may differ by a cent: sent amounts are taken as they are.
///
/// # Errors
/// `input`, with every line whose amounts can't be worked out: see [`amounts`]; or where no lines stand.
pub fn fill(order: &dyn Source) -> Result<Json, Error> {
    let flat = crate::body::flat(order, "order")?;
    let amounts = all(&with_lines(&flat)?)?;
    let mut json = flat.whole().to_json();
    if let Json::Object(members) = &mut json {
        let lines = match members.iter_mut().rev().find(|(name, _)| name == LINES.wire()) {
            Some((_, Json::List(lines))) => lines.as_mut_slice(),
            Some((_, one)) => std::slice::from_mut(one),
            None => &mut [],
        };
        lines.iter_mut().zip(amounts).for_each(|(line, amounts)| complete(line, amounts));
    }
    Ok(json)
}

/// The sums over all lines (价税合计), discounts taken off; missing amounts are worked out as by [`fill`].
///
/// # Errors
/// As for [`fill`].
pub fn totals(order: &dyn Source) -> Result<Amounts, Error> {
    let flat = crate::body::flat(order, "order")?;
    let zero = Decimal::new(0, 2);
    let none = Amounts { tax_excluded: zero, tax: zero, tax_included: zero };
    all(&with_lines(&flat)?)?.into_iter().try_fold(none, Amounts::checked_add).ok_or_else(too_long)
}

/// The order. The params around one have no lines, as any other object: they come to no amount, not to 0.00.
fn with_lines(flat: &Flat) -> Result<Order<'_>, Error> {
    let order = Order::of(flat);
    let none = || flat.whole().get(LINES.wire()).is_some_and(Value::is_empty_list);
    if order.lines.is_empty() && !none() {
        let (zh, en) = ("没有明细行：这里要的是订单本身", "there are no lines: the order itself is wanted");
        return Err(crate::body::fault(&format!("order.{}", LINES.wire()), "required", zh, en));
    }
    Ok(order)
}

/// The amounts of every line.
pub(crate) fn all(order: &Order<'_>) -> Result<Vec<Amounts>, Error> {
    let mut faults = Vec::new();
    let mut amounts = Vec::with_capacity(order.lines.len());
    let basis = Basis::of(order);
    for line in &order.lines {
        match worked_out(line, basis) {
            Ok(worked_out) => amounts.push(worked_out),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(amounts) } else { Err(Error::input(faults)) }
}

/// What the tax of an order's lines is taken from, beside their own members.
#[derive(Clone, Copy, Default)]
pub(crate) struct Basis {
    /// What vouchers take off before tax, from each line but discounts, in place of its own deduction.
    vouchers: Option<Decimal>,
    /// A line without a rate has none, rather than lacking one.
    untaxed: bool,
}

impl Basis {
    /// Digital invoices deduct by vouchers (差额凭证), for their one line; used-car invoices have no rate.
    pub(crate) fn of(order: &Order<'_>) -> Self {
        let by_vouchers = order.text(DIFFERENCE) == "02" && order.goods().count() == 1;
        let vouchers = by_vouchers.then(|| {
            let rows = order.head.rows(VOUCHERS);
            let deducted = rows.iter().filter_map(|row| row.number("differenceTaxtotal"));
            deducted.into_iter().try_fold(Decimal::default(), Decimal::checked_add).unwrap_or_default()
        });
        Self { vouchers, untaxed: order.kind() == "u" }
    }

    fn deduction(self, line: &Part<'_>) -> Decimal {
        let vouchers = self.vouchers.filter(|_| line.property() != "1");
        vouchers.or_else(|| line.number(DEDUCTION)).unwrap_or_default()
    }
}

fn worked_out(line: &Part<'_>, basis: Basis) -> Result<Amounts, Violation> {
    let [excluded, tax, included] = [EXCLUDED, TAX, INCLUDED].map(|name| given(line, name));
    let (excluded, tax, included) = (excluded?, tax?, included?);
    let levy = || Levy::of(line, basis);
    let long = || fault(line.at(INCLUDED), "decimal", "数字过长", "the numbers are too long");
    let sum = |tax_excluded: Decimal, tax: Decimal| {
        Some(Amounts { tax_excluded, tax, tax_included: tax_excluded.checked_add(tax)? })
    };
    let rest = |tax_included: Decimal, tax: Decimal| {
        Some(Amounts { tax_excluded: tax_included.checked_sub(tax)?, tax, tax_included })
    };
    let amounts = match (excluded, tax, included) {
        (Some(excluded), Some(tax), Some(included)) => {
            let amounts = Amounts { tax_excluded: excluded, tax, tax_included: included };
            if excluded.checked_add(tax) != Some(included) {
                let zh = format!("三个金额对不上：{excluded} + {tax} ≠ {included}");
                let en = format!("the amounts do not add up: {excluded} + {tax} is not {included}");
                return Err(fault(line.at(INCLUDED), "R2", &zh, &en));
            }
            Some(amounts)
        }
        (Some(excluded), Some(tax), None) => sum(excluded, tax),
        (Some(excluded), None, Some(included)) => Some(Amounts {
            tax_excluded: excluded,
            tax: included.checked_sub(excluded).ok_or_else(long)?,
            tax_included: included,
        }),
        (None, Some(tax), Some(included)) => rest(included, tax),
        (Some(excluded), None, None) => sum(excluded, levy()?.on_excluded(line, excluded)?),
        (None, None, Some(included)) => rest(included, levy()?.in_included(line, included)?),
        (None, tax, None) => {
            let base = base(line)?;
            match (line.text(WITH_TAX), tax) {
                ("1", Some(tax)) => rest(base, tax),
                ("1", None) => rest(base, levy()?.in_included(line, base)?),
                ("0", Some(tax)) => sum(base, tax),
                ("0", None) => sum(base, levy()?.on_excluded(line, base)?),
                _ => {
                    let (zh, en) = ("应为 0 或 1，否则单价含义不明", "must be 0 or 1 to tell what the price is");
                    return Err(fault(line.at(WITH_TAX), "R1", zh, en));
                }
            }
        }
    };
    amounts.ok_or_else(long)
}

/// An amount that is given, with two decimal places.
fn given(line: &Part<'_>, name: Name) -> Result<Option<Decimal>, Violation> {
    let Some(number) = line.number(name) else {
        return if line.has(name) { Err(not_a_number(line, name)) } else { Ok(None) };
    };
    let cents = exactly(number, 2).ok_or_else(|| {
        let text = line.text(name);
        let (zh, en) =
            (format!("金额 {text} 应为 2 位小数"), format!("the amount {text} has more than 2 decimal places"));
        fault(line.at(name), "R15", &zh, &en)
    });
    cents.map(Some)
}

/// The same number with `scale` decimal places, if it needs no more.
pub(crate) fn exactly(number: Decimal, scale: u8) -> Option<Decimal> {
    let rescaled = number.rescale(scale)?;
    (number.scale() <= scale || rescaled == number).then_some(rescaled)
}

/// Price times quantity, to the cent.
fn base(line: &Part<'_>) -> Result<Decimal, Violation> {
    let factor = |name: Name| match line.text(name) {
        "" => {
            let (zh, en) =
                ("没有金额，也没有单价和数量，无法计算", "there is neither an amount nor price and quantity");
            Err(fault(line.at(name), "R14", zh, en))
        }
        _ => line.number(name).ok_or_else(|| not_a_number(line, name)),
    };
    let (price, num) = (factor(PRICE)?, factor(NUM)?);
    let product = price.checked_mul(num).and_then(|product| product.rescale(2));
    product.ok_or_else(|| fault(line.at(PRICE), "R16", "单价和数量的位数过多", "price and quantity are too long"))
}

/// How a line is taxed.
pub(crate) struct Levy {
    rate: Decimal,
    reduced: bool,
    deduction: Decimal,
}

impl Levy {
    pub(crate) fn of(line: &Part<'_>, basis: Basis) -> Result<Self, Violation> {
        let text = line.text(TAX_RATE);
        let rate = match text {
            "" if basis.untaxed => Decimal::default(),
            "" => return Err(fault(line.at(TAX_RATE), "R19", "没有税率，无法计算", "there is no rate to work with")),
            _ => line.number(TAX_RATE).ok_or_else(|| not_a_number(line, TAX_RATE))?,
        };
        if !rate.is_fraction() {
            let (zh, en) = (
                format!("税率应为 0.13 这样的小数，而不是 {text}"),
                format!("a rate is a fraction such as 0.13, not {text}"),
            );
            return Err(fault(line.at(TAX_RATE), "R19", &zh, &en));
        }
        Ok(Self { rate, reduced: line.is_reduced_levy(), deduction: basis.deduction(line).abs() })
    }

    /// The tax on an amount without tax.
    fn on_excluded(&self, line: &Part<'_>, amount: Decimal) -> Result<Decimal, Violation> {
        let amount = self.taxed(line, amount)?;
        let (rate, base) = if self.reduced { (REDUCED_RATE, REDUCED_BASE) } else { (self.rate, ONE) };
        portion(line, amount, rate, Some(base))
    }

    /// The tax in an amount with tax.
    fn in_included(&self, line: &Part<'_>, amount: Decimal) -> Result<Decimal, Violation> {
        let amount = self.taxed(line, amount)?;
        let (rate, base) =
            if self.reduced { (REDUCED_RATE, Some(FULL_BASE)) } else { (self.rate, ONE.checked_add(self.rate)) };
        portion(line, amount, rate, base)
    }

    /// What an amount is taxed on: a deduction is taken off, and never more than there is.
    fn taxed(&self, line: &Part<'_>, amount: Decimal) -> Result<Decimal, Violation> {
        let taxed = self.deducted(amount).filter(|rest| rest.signum() * amount.signum() >= 0 || rest.is_zero());
        taxed.ok_or_else(|| {
            let (zh, en) = (format!("扣除额大于金额 {amount}"), format!("more is deducted than the amount, {amount}"));
            fault(line.at(DEDUCTION), "R10", &zh, &en)
        })
    }

    /// How far a tax is from what it must be by an amount without tax. Whether a deduction is heeded is not
    /// documented, nor how 5 % reduced to 1.5 % is checked: the nearer reading counts.
    pub(crate) fn distance(&self, excluded: Decimal, tax: Decimal) -> Option<Decimal> {
        let off = |exact: Option<Decimal>| Some(exact?.checked_sub(tax)?.abs());
        let plain = |amount: Decimal| off(amount.checked_mul(self.rate));
        let reduced = |amount: Decimal| off(amount.checked_mul(REDUCED_RATE)?.checked_div(REDUCED_BASE, 12));
        let nearer = |amount: Decimal| {
            let reduced = if self.reduced { reduced(amount) } else { None };
            plain(amount).into_iter().chain(reduced).min()
        };
        let deducted = self.deducted(excluded)?;
        let without = if deducted == excluded { None } else { nearer(deducted) };
        nearer(excluded).into_iter().chain(without).min()
    }

    /// A deduction takes its sign from the amount, so that a red line mirrors its blue one.
    fn deducted(&self, amount: Decimal) -> Option<Decimal> {
        if amount.is_negative() { amount.checked_add(self.deduction) } else { amount.checked_sub(self.deduction) }
    }
}

/// A part of an amount, to the cent.
fn portion(line: &Part<'_>, amount: Decimal, rate: Decimal, base: Option<Decimal>) -> Result<Decimal, Violation> {
    let product = amount.checked_mul(rate).zip(base).and_then(|(product, base)| product.checked_div(base, 2));
    product.ok_or_else(|| fault(line.at(TAX_RATE), "decimal", "数字过长", "the numbers are too long"))
}

/// Puts the missing amounts into a line: in place of an empty or null member, else at its end.
fn complete(line: &mut Json, amounts: Amounts) {
    let Json::Object(members) = line else { return };
    for (name, amount) in amounts.named() {
        let text = Json::Text(amount.to_string());
        match members.iter_mut().rev().find(|(member, _)| member == name) {
            Some((_, value)) if value.token().unwrap_or_default().is_empty() => *value = text,
            Some(_) => {}
            None => members.push((name.to_owned(), text)),
        }
    }
}

fn not_a_number(line: &Part<'_>, name: Name) -> Violation {
    let text = line.text(name);
    fault(
        line.at(name),
        "decimal",
        &format!("应当是普通小数，而不是 {text}"),
        &format!("must be a plain decimal number, not {text}"),
    )
}

pub(crate) fn fault(path: String, rule: &'static str, zh: &str, en: &str) -> Violation {
    Violation { path, rule, severity: Severity::Error, code: None, message: zh.to_owned(), message_en: en.to_owned() }
}

pub(crate) fn too_long() -> Error {
    crate::body::fault("order.invoiceDetail", "decimal", "金额合计过大", "the sums are too long")
}

pub(crate) const ONE: Decimal = Decimal::new(1, 0);
const REDUCED_RATE: Decimal = Decimal::new(15, 3);
/// 1.05, of which 1.5 % is levied.
const FULL_BASE: Decimal = Decimal::new(105, 2);
/// 1.05 less 0.015: what the amount without tax is of it.
const REDUCED_BASE: Decimal = Decimal::new(1035, 3);

#[cfg(test)]
mod tests;
