//! Amounts and rates of single lines.

use super::Found;
use crate::decimal::Decimal;
use crate::order::amounts::{self, Basis, Levy};
use crate::order::names::{EXCLUDED, INCLUDED, LINES, NUM, PRICE, TAX, TAX_RATE, WITH_TAX};
use crate::order::view::{Off, Order, Part};

/// Without tax + tax = with tax.
pub(crate) fn r2(order: &Order<'_>, found: &mut Found) {
    for line in &order.lines {
        let Some([excluded, tax, included]) = all_three(line) else { continue };
        if excluded.checked_add(tax) != Some(included) {
            found.add(
                line.at(INCLUDED),
                format!("不含税金额 {excluded} + 税额 {tax} ≠ 含税金额 {included}"),
                format!("{excluded} without tax + {tax} tax is not {included}"),
            );
        }
    }
}

/// The tax is at most 0.06 off.
pub(crate) fn r3(order: &Order<'_>, found: &mut Found) {
    for Off { line, excluded, rate, tax, distance } in off(order).iter().filter(|off| off.distance >= SIX_CENTS) {
        let at = order.lines[*line].at(TAX);
        let zh = format!("{excluded} × {rate} 与税额 {tax} 相差 {distance}，超过 0.06");
        let en = format!("{excluded} × {rate} and the tax {tax} differ by {distance}, more than 0.06");
        if *distance > SIX_CENTS {
            found.add(at, zh, en);
        } else {
            found.warn(at, zh.replace("超过", "恰为"), en.replace("more than", "just"));
        }
    }
}

/// Better the tax is not even a cent off: the bureau allows no more on discount lines, some devices on no line.
pub(crate) fn r4(order: &Order<'_>, found: &mut Found) {
    for Off { line, excluded, rate, tax, distance } in off(order).iter().filter(|off| off.distance < SIX_CENTS) {
        found.add(
            order.lines[*line].at(TAX),
            format!("{excluded} × {rate} 与税额 {tax} 相差 {distance}，部分渠道只容许 0.01"),
            format!("{excluded} × {rate} and the tax {tax} differ by {distance}; some channels allow 0.01 only"),
        );
    }
}

/// Price times quantity is the amount.
pub(crate) fn r5(order: &Order<'_>, found: &mut Found) {
    for line in &order.lines {
        let name = match line.text(WITH_TAX) {
            "1" => INCLUDED,
            "0" => EXCLUDED,
            _ => continue,
        };
        let numbers = line.number(PRICE).zip(line.number(NUM)).zip(line.number(name));
        let Some(((price, num), amount)) = numbers else { continue };
        let Some(product) = price.checked_mul(num) else { continue };
        let Some(distance) = product.checked_sub(amount).map(Decimal::abs).filter(|distance| *distance > ONE_CENT)
        else {
            continue;
        };
        let zh = format!("单价 {price} × 数量 {num} = {product}，与金额 {amount} 相差 {distance}");
        let en = format!("price {price} × quantity {num} = {product}; the amount {amount} differs by {distance}");
        found.add(line.at(name), zh, en);
    }
}

/// The tax of all lines together is hardly off.
pub(crate) fn r7(order: &Order<'_>, found: &mut Found) {
    // So few can't be so far off together, as each is at most 0.06 off by itself.
    if order.lines.len() <= 21 {
        return;
    }
    let mut sum = Decimal::default();
    for line in &order.lines {
        let Some(numbers) = taxed(line) else { continue };
        // A line that is too far off by itself is told by R3, or taxed in another way.
        let off = rounded_off(numbers).filter(|off| off.abs() <= SIX_CENTS);
        let Some(next) = off.and_then(|off| sum.checked_add(off)) else { return };
        sum = next;
    }
    if sum.abs() > Decimal::new(127, 2) {
        found.add(
            order.at(LINES),
            format!("各行税额误差累计 {sum}，超过 1.27：请拆分订单或逐行重算税额"),
            format!(
                "the tax of all lines together is {sum} off, more than 1.27: split the order, or work the tax out anew"
            ),
        );
    }
}

/// An amount left out is worked out by the platform, perhaps with another cent.
pub(crate) fn r12(order: &Order<'_>, found: &mut Found) {
    let lacking: Vec<_> = order
        .lines
        .iter()
        .filter(|line| line.has(PRICE) && line.has(NUM))
        .filter(|line| [EXCLUDED, TAX, INCLUDED].iter().any(|name| !line.has(*name)))
        .collect();
    if let Some(first) = lacking.first() {
        let count = lacking.len();
        found.add(
            first.path(),
            format!("{count} 行没有传全三个金额，缺的由平台计算，可能差一分：建议先补全"),
            format!("{count} lines lack one of the three amounts: the platform works it out, perhaps a cent off; fill them in"),
        );
    }
}

/// Amounts have at most twelve digits before the point.
pub(crate) fn r17(order: &Order<'_>, found: &mut Found) {
    for line in &order.lines {
        for name in [TAX, EXCLUDED, INCLUDED] {
            if let Some(amount) = line.number(name).filter(|amount| amount.abs() >= LIMIT) {
                found.add(
                    line.at(name),
                    format!("金额 {amount} 的整数部分超过 12 位"),
                    format!("{amount} has more than 12 digits before the point"),
                );
            }
        }
    }
}

/// Neither a line nor the whole is zero.
pub(crate) fn r18(order: &Order<'_>, found: &mut Found) {
    let mut given = Some(Decimal::default());
    for line in &order.lines {
        let included = line.number(INCLUDED);
        let (name, amount) = if line.has(INCLUDED) { (INCLUDED, included) } else { (EXCLUDED, line.number(EXCLUDED)) };
        if amount.is_some_and(Decimal::is_zero) {
            found.warn(line.at(name), "行金额为 0", "the amount of the line is 0");
        }
        given = given.zip(included).and_then(|(sum, included)| sum.checked_add(included));
    }
    // Amounts that are all given and do not add up to nothing need not be worked out.
    if given.is_some_and(|sum| !sum.is_zero()) {
        return;
    }
    let Ok(all) = amounts::all(order) else { return };
    let total = all.iter().try_fold(Decimal::default(), |sum, line| sum.checked_add(line.tax_included));
    if !order.lines.is_empty() && total.is_some_and(Decimal::is_zero) {
        found.add(order.at(LINES), "价税合计为 0，不能开票", "the lines add up to 0: no invoice is issued for nothing");
    }
}

/// The rate is a fraction; it may be missing for used cars and on red invoices only.
pub(crate) fn r19(order: &Order<'_>, found: &mut Found) {
    let optional = order.kind() == "u" || order.is_red() && !order.is_digital();
    for line in &order.lines {
        match line.number(TAX_RATE) {
            None if !optional && !line.has(TAX_RATE) => {
                found.add(line.at(TAX_RATE), "必填：税率，如 0.13", "is required: the rate, such as 0.13");
            }
            Some(rate) if !rate.is_fraction() => {
                let text = line.text(TAX_RATE);
                found.add(
                    line.at(TAX_RATE),
                    format!("税率应写成 0.13 这样的小数，而不是 {text}"),
                    format!("a rate is a fraction such as 0.13, not {text}"),
                );
            }
            _ => {}
        }
    }
}

/// The rate is one of those in use.
pub(crate) fn r20(order: &Order<'_>, found: &mut Found) {
    for line in &order.lines {
        let Some(rate) = line.number(TAX_RATE).filter(|rate| rate.is_fraction()) else { continue };
        if RATES.contains(&rate) {
            continue;
        }
        let (zh, en) = match OLD_RATES.contains(&rate) {
            true if order.is_red() => continue,
            true => ("只用于旧税率期间及其红票", "belongs to earlier years and their red invoices"),
            false => ("不是现行税率", "is no rate in use"),
        };
        found.add(line.at(TAX_RATE), format!("税率 {rate} {zh}"), format!("the rate {rate} {en}"));
    }
}

fn all_three(line: &Part<'_>) -> Option<[Decimal; 3]> {
    Some([line.number(EXCLUDED)?, line.number(TAX)?, line.number(INCLUDED)?])
}

/// Amount without tax, rate and tax.
fn taxed(line: &Part<'_>) -> Option<[Decimal; 3]> {
    Some([line.number(EXCLUDED)?, line.number(TAX_RATE)?, line.number(TAX)?])
}

/// By how much amount × rate is more than the tax.
fn rounded_off([excluded, rate, tax]: [Decimal; 3]) -> Option<Decimal> {
    excluded.checked_mul(rate)?.checked_sub(tax)
}

/// The lines whose tax is more than a cent off. A rate of zero is left to R98.
fn off<'a, 'b>(order: &'b Order<'a>) -> &'b [Off<'a>] {
    order.off(|| {
        let basis = Basis::of(order);
        let off = |(at, line): (usize, &Part<'a>)| {
            let numbers @ [excluded, rate, tax] = taxed(line)?;
            // Amount × rate is one of the readings of which the nearest counts: where it is near, that is too.
            if rate.is_zero() || rounded_off(numbers).is_some_and(|off| off.abs() <= ONE_CENT) {
                return None;
            }
            let distance = Levy::of(line, basis).ok()?.distance(excluded, tax)?;
            let rate = line.text(TAX_RATE);
            (distance > ONE_CENT).then_some(Off { line: at, excluded, rate, tax, distance })
        };
        order.lines.iter().enumerate().filter_map(off).collect()
    })
}

/// In cents, as amounts are: that compares fastest.
const LIMIT: Decimal = Decimal::new(100_000_000_000_000, 2);
const ONE_CENT: Decimal = Decimal::new(1, 2);
const SIX_CENTS: Decimal = Decimal::new(6, 2);

const RATES: [Decimal; 9] = [
    percent(13),
    percent(9),
    percent(6),
    percent(5),
    percent(4),
    percent(3),
    Decimal::new(15, 3),
    percent(1),
    percent(0),
];
const OLD_RATES: [Decimal; 4] = [percent(17), percent(16), percent(11), percent(10)];

/// As rates are mostly written: that compares fastest.
const fn percent(number: i128) -> Decimal {
    Decimal::new(number, 2)
}
