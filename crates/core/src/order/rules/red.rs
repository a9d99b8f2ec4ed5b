//! Red orders of tax-control invoices (税控红票).

use super::Found;
use super::policies::is_digits;
use crate::order::names::{BLUE_CODE, BLUE_NUMBER, EXCLUDED, INCLUDED, NUM, PRICE, RED_TABLE, REMARK, TAX};
use crate::order::view::Order;

/// A red line has a negative quantity, negative amounts and a positive price.
pub(crate) fn r118(order: &Order<'_>, found: &mut Found) {
    if !order.is_red() || order.is_digital() {
        return;
    }
    for line in &order.lines {
        if let Some(num) = line.number(NUM).filter(|num| num.signum() > 0) {
            found.add(
                line.at(NUM),
                format!("红票数量应为负，而不是 {num}"),
                format!("is negative on a red invoice, not {num}"),
            );
            continue;
        }
        for name in [INCLUDED, EXCLUDED, TAX] {
            if let Some(amount) = line.number(name).filter(|amount| amount.signum() > 0) {
                found.coded(
                    None,
                    line.at(name),
                    format!("红票金额应为负，而不是 {amount}"),
                    format!("is negative on a red invoice, not {amount}"),
                );
                break;
            }
        }
        if let Some(price) = line.number(PRICE).filter(|price| price.is_negative()) {
            found.coded(
                None,
                line.at(PRICE),
                format!("红票单价应为正，而不是 {price}"),
                format!("stays positive on a red invoice, not {price}"),
            );
        }
    }
}

/// A red order names its blue invoice: a code of 10 or 12 digits and a number of 8.
pub(crate) fn r119(order: &Order<'_>, found: &mut Found) {
    if !order.is_red() || order.is_digital() {
        return;
    }
    // For special invoices the number of the red information table names it too.
    let by_table = matches!(order.kind(), "s" | "b") && order.head.has(RED_TABLE);
    for (name, counts, zh, en) in [
        (
            BLUE_CODE,
            &[10usize, 12][..],
            "蓝票代码为 10 或 12 位数字（11 位左补 0）",
            "the code of the blue invoice has 10 or 12 digits (11 with a 0 on the left)",
        ),
        (
            BLUE_NUMBER,
            &[8][..],
            "蓝票号码为 8 位数字（不足左补 0）",
            "the number of the blue invoice has 8 digits (zeros on the left)",
        ),
    ] {
        let text = order.text(name);
        if text.is_empty() && by_table {
            found.warn(order.at(name), zh, en);
        } else if !counts.iter().any(|count| is_digits(text, *count)) {
            found.add(order.at(name), format!("{zh}，而不是“{text}”"), format!("{en}, not \"{text}\""));
        }
    }
}

/// A special invoice is reversed with the number of its red information table (红字信息表).
pub(crate) fn r123(order: &Order<'_>, found: &mut Found) {
    if !order.is_red() || order.is_digital() {
        return;
    }
    let number = order.text(RED_TABLE);
    if !matches!(order.kind(), "s" | "b") {
        if !number.is_empty() {
            found.warn(order.at(RED_TABLE), "信息表编号只用于专票", "belongs to special invoices");
        }
        return;
    }
    let count = number.chars().count();
    if number.is_empty() {
        found.add(
            order.at(RED_TABLE),
            "专票冲红必填红字信息表编号",
            "is needed to reverse a special invoice: the number of its red information table",
        );
    } else if !(16..=24).contains(&count) {
        found.warn(
            order.at(RED_TABLE),
            format!("信息表编号通常 16 位，最长 24 位，现有 {count} 位"),
            format!("has {count} characters, mostly 16 and at most 24"),
        );
    }
    if !order.text(REMARK).contains("开具红字增值税专用发票信息表编号") {
        found.warn(
            order.at(REMARK),
            "备注应含“开具红字增值税专用发票信息表编号”及编号",
            "names the table: 开具红字增值税专用发票信息表编号 and its number",
        );
    }
}
