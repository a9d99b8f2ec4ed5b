//! Texts: their length, their content, the goods code.

use std::fmt::Write;

use super::Found;
use crate::json::{Value, unescaped};
use crate::order::names::{BUYER_ACCOUNT, BUYER_NAME, GOODS_CODE, GOODS_NAME, Name, REMARK, SPEC, UNIT};
use crate::order::view::{Order, Part};

/// What languages write for nothing is printed as it stands.
const NOTHING: &[&str] = &["null", "undefined", "None"];

/// The text `null`, or what other languages write for it, is printed as it stands.
pub(crate) fn r72(order: &Order<'_>, found: &mut Found) {
    if order.head.value().has_text(NOTHING) {
        see(order.head.value(), &mut order.head.path(), found);
    }
}

fn see(value: Value<'_>, path: &mut String, found: &mut Found) {
    if let Some(text) = value.token().filter(|text| value.is_text() && NOTHING.contains(text)) {
        let zh = format!("文本 {text} 会印在发票上：请留空或不传");
        found.add(path.clone(), zh, format!("the text {text} may be printed: leave it out"));
    }
    let (before, named) = (path.len(), value.is_object());
    for (at, (name, value)) in value.parts().enumerate() {
        // Writing to a string does not fail.
        let _ = if named { write!(path, ".{}", unescaped(name)) } else { write!(path, "[{at}]") };
        see(value, path, found);
        path.truncate(before);
    }
}

/// A remark on a digital invoice has 200 characters; a blue motor-vehicle invoice has none.
pub(crate) fn r78(order: &Order<'_>, found: &mut Found) {
    let count = order.text(REMARK).chars().count();
    if order.is_digital() && count > 200 {
        found.add(
            order.at(REMARK),
            format!("数电票备注最多 200 个字符，现有 {count}"),
            format!("has {count} characters, a digital invoice allows 200"),
        );
    }
    if order.kind() == "j" && !order.is_red() && count > 0 {
        found.coded(
            None,
            order.at(REMARK),
            "机动车蓝票的备注必须为空",
            "must be empty on a blue motor-vehicle invoice",
        );
    }
}

/// The goods code has nineteen digits.
pub(crate) fn r81(order: &Order<'_>, found: &mut Found) {
    for line in &order.lines {
        let code = line.text(GOODS_CODE);
        if code.is_empty() {
            found.add(
                line.at(GOODS_CODE),
                "没有税收分类编码：平台按名称匹配，可能匹配不到或匹配错误",
                "is missing: the platform looks for one by the name, and may find none or a wrong one",
            );
        } else if code.len() != 19 || code.bytes().any(|byte| !byte.is_ascii_digit()) {
            found.add(
                line.at(GOODS_CODE),
                format!("税收分类编码应为 19 位数字，而不是 {code}"),
                format!("a goods code is 19 digits, not {code}"),
            );
        }
    }
}

/// Tax devices count a Chinese character as two.
pub(crate) fn r83(order: &Order<'_>, found: &mut Found) {
    if order.is_digital() {
        return;
    }
    too_wide(&order.head, &HEAD_LIMITS, found);
    order.lines.iter().for_each(|line| too_wide(line, &LINE_LIMITS, found));
}

fn too_wide(part: &Part<'_>, limits: &[(Name, usize)], found: &mut Found) {
    for (name, limit) in limits {
        let width = width(part.text(*name));
        if width > *limit {
            found.add(
                part.at(*name),
                format!("按汉字算两个字节共 {width}，部分税控设备只容许 {limit}"),
                format!("has {width} bytes with two for a Chinese character; some tax devices allow {limit}"),
            );
        }
    }
}

/// How many bytes a text has where a Chinese character has two.
fn width(text: &str) -> usize {
    text.chars().map(|char| if char.is_ascii() { 1 } else { 2 }).sum()
}

const HEAD_LIMITS: [(Name, usize); 3] = [(BUYER_NAME, 100), (REMARK, 230), (BUYER_ACCOUNT, 100)];
const LINE_LIMITS: [(Name, usize); 3] = [(GOODS_NAME, 92), (UNIT, 20), (SPEC, 40)];
