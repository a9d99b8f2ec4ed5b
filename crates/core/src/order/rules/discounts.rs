//! Discount pairs (被折扣行、折扣行), and how many lines there are.

use super::Found;
use crate::decimal::Decimal;
use crate::order::names::{
    EXCLUDED, GOODS_CODE, GOODS_NAME, INCLUDED, LIST_FLAG, NUM, Name, PRICE, PROPERTY, TAX, TAX_RATE,
};
use crate::order::view::{Order, Part};

/// A discounted line is followed by its discount line.
pub(crate) fn r23(order: &Order<'_>, found: &mut Found) {
    if order.is_red() {
        return;
    }
    for pair in order.lines.windows(2).filter(|pair| pair[0].property() == "2" && pair[1].property() != "1") {
        let property = pair[1].property();
        found.add(
            pair[0].at(PROPERTY),
            format!("被折扣行（2）之后必须紧跟一条折扣行（1），现在是 {property}"),
            format!("a discounted line (2) is followed at once by its discount line (1), not by {property}"),
        );
    }
}

/// A discount line has the name, the rate and the goods code of its line.
pub(crate) fn r24(order: &Order<'_>, found: &mut Found) {
    for [line, discount] in pairs(order) {
        let (name, theirs) = (discount.text(GOODS_NAME), line.text(GOODS_NAME));
        if name != theirs {
            found.add(
                discount.at(GOODS_NAME),
                format!("折扣行名称“{name}”与被折扣行“{theirs}”不同"),
                format!("the discount line is called {name}, its line {theirs}"),
            );
        }
        if let Some((rate, theirs)) = discount.number(TAX_RATE).zip(line.number(TAX_RATE))
            && rate != theirs
        {
            found.coded(
                Some("E9112"),
                discount.at(TAX_RATE),
                format!("折扣行税率 {rate} 与被折扣行 {theirs} 不同"),
                format!("the discount line has the rate {rate}, its line {theirs}"),
            );
        }
        let (code, theirs) = (discount.text(GOODS_CODE), line.text(GOODS_CODE));
        if discount.has(GOODS_CODE) && line.has(GOODS_CODE) && code != theirs {
            found.warn(
                discount.at(GOODS_CODE),
                format!("折扣行编码 {code} 与被折扣行 {theirs} 不同"),
                format!("the discount line has the goods code {code}, its line {theirs}"),
            );
        }
    }
}

/// A discount is not larger than its line.
pub(crate) fn r25(order: &Order<'_>, found: &mut Found) {
    for [line, discount] in pairs(order) {
        let larger = [INCLUDED, EXCLUDED, TAX].into_iter().find_map(|name| {
            let (amount, whole) = (discount.number(name)?, line.number(name)?);
            (amount.abs() > whole.abs()).then_some((name, amount, whole))
        });
        if let Some((name, amount, whole)) = larger {
            found.add(
                discount.at(name),
                format!("折扣 {amount} 大于被折扣行的 {whole}"),
                format!("the discount {amount} is larger than its line, {whole}"),
            );
        }
    }
}

/// A discount line stands right after its line: never first, never two in a row; a discounted line is never the last.
pub(crate) fn r26(order: &Order<'_>, found: &mut Found) {
    if order.is_red() {
        return;
    }
    for (at, line) in order.lines.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| order.lines.get(before)).map(Part::property);
        if line.property() == "1" && before != Some("2") {
            found.add(
                line.at(PROPERTY),
                "折扣行（1）之前没有被折扣行（2）",
                "a discount line (1) stands right after its discounted line (2)",
            );
        }
        if line.property() == "2" && at + 1 == order.lines.len() {
            found.add(
                line.at(PROPERTY),
                "最后一行是被折扣行（2），缺少折扣行（1）",
                "the last line is a discounted one (2) without its discount line (1)",
            );
        }
    }
}

/// A blue discount line is negative, its line positive.
pub(crate) fn r27(order: &Order<'_>, found: &mut Found) {
    if order.is_red() {
        return;
    }
    for line in &order.lines {
        let wrong = match line.property() {
            "1" => first(line, |number| number.signum() > 0),
            "2" => first(line, |number| number.signum() < 0),
            _ => None,
        };
        let Some((name, number)) = wrong else { continue };
        let discount = line.property() == "1";
        let code = match (name, discount) {
            (NUM, true) => Some("E9111"),
            (NUM, false) => Some("E9114"),
            _ => None,
        };
        let (zh, en) = if discount {
            ("折扣行应为负数", "a discount is negative")
        } else {
            ("被折扣行应为正数", "a discounted line is positive")
        };
        found.coded(code, line.at(name), format!("{zh}，而不是 {number}"), format!("{en}, not {number}"));
    }
}

/// A red invoice has normal lines only.
pub(crate) fn r28(order: &Order<'_>, found: &mut Found) {
    for line in order.lines.iter().filter(|line| order.is_red() && matches!(line.property(), "1" | "2")) {
        let code = if line.property() == "1" { "E9116" } else { "E9119" };
        found.coded(
            Some(code),
            line.at(PROPERTY),
            "红票只有正常行（0）：请把折扣并入被折扣行",
            "a red invoice has normal lines (0) only: take each discount off its line",
        );
    }
}

/// A blue invoice has no negative line of its own.
pub(crate) fn r29(order: &Order<'_>, found: &mut Found) {
    for line in order.lines.iter().filter(|line| !order.is_red() && line.property() == "0") {
        if let Some(price) = line.number(PRICE).filter(|price| price.is_negative()) {
            found.add(
                line.at(PRICE),
                format!("单价应为正，而不是 {price}"),
                format!("a price is positive, not {price}"),
            );
        }
        let Some((name, number)) = first(line, Decimal::is_negative) else { continue };
        let amount =
            [INCLUDED, EXCLUDED, TAX].into_iter().find(|name| line.number(*name).is_some_and(Decimal::is_negative));
        if amount.is_none() && [INCLUDED, EXCLUDED].iter().any(|name| line.has(*name)) {
            found.warn(
                line.at(name),
                format!("金额为正，数量却为负 {number}"),
                format!("is negative, {number}, though the amount is not"),
            );
        } else {
            found.add(
                line.at(amount.unwrap_or(name)),
                format!("蓝票正常行不能为负数 {number}：请作为折扣行分摊到同税率的行"),
                format!("a normal line of a blue invoice is not negative, {number}: spread it over lines of its rate as discounts"),
            );
        }
    }
}

/// A paper invoice shows eight lines; more need a list. Electronic ones have none.
pub(crate) fn r31(order: &Order<'_>, found: &mut Found) {
    let (list, count) = (order.text(LIST_FLAG) == "1", order.lines.len());
    if matches!(order.kind(), "c" | "s") && count > 8 && !list {
        found.add(
            order.at(LIST_FLAG),
            format!("税控纸票有 {count} 行，超过 8 行须开清单（listFlag=1）"),
            format!("a paper invoice of {count} lines, more than 8, needs a goods list (listFlag 1)"),
        );
    }
    if matches!(order.kind(), "p" | "b" | "e" | "bs" | "pc") && list {
        found.add(order.at(LIST_FLAG), "电子发票没有清单，应为 0", "an electronic invoice has no goods list: 0");
    }
}

/// Each discounted line with its discount line.
fn pairs<'a, 'b>(order: &'b Order<'a>) -> impl Iterator<Item = [&'b Part<'a>; 2]> {
    let pairs = order.lines.windows(2).filter(|pair| pair[0].property() == "2" && pair[1].property() == "1");
    pairs.map(|pair| [&pair[0], &pair[1]])
}

/// The first of quantity and amounts of which this is true.
fn first(line: &Part<'_>, is: impl Fn(Decimal) -> bool) -> Option<(Name, Decimal)> {
    [NUM, INCLUDED, EXCLUDED, TAX].into_iter().find_map(|name| Some((name, line.number(name).filter(|n| is(*n))?)))
}
