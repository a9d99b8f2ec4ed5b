//! How things are shown: aligned columns, times, JSON objects, invoices.

use nnopen::{Json, Millis};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::words::say;

/// An object of these members, in this order.
pub(crate) fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
    Json::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// Puts another text into a member that is there; an empty one changes nothing.
pub(crate) fn set(object: &mut Json, name: &str, value: &str) {
    if let Json::Object(members) = object {
        let found = members.iter_mut().filter(|(member, _)| member == name && !value.is_empty());
        found.for_each(|(_, old)| *old = value.into());
    }
}

/// A text member, empty if it is not there.
pub(crate) fn text<'a>(row: &'a Json, name: &str) -> &'a str {
    row.get(name).and_then(Json::token).unwrap_or_default()
}

/// A time as it is in Beijing.
pub(crate) fn clock(at: Millis) -> String {
    let seconds = at.0.div_euclid(1000).saturating_add(8 * 3600);
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Days since 1970 to a date, in eras of 400 years that begin on 1 March.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march = (5 * day_of_year + 2) / 153;
    let (month, day) = (if march < 10 { march + 3 } else { march - 9 }, day_of_year - (153 * march + 2) / 5 + 1);
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} (UTC+8)")
}

/// How many columns a text takes: Chinese characters take two.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// The text, filled up with blanks to so many columns.
pub(crate) fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// The text, with blanks before it.
pub(crate) fn pad_left(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(text))))
}

/// No more than so many columns of the text, on one line, without control characters.
pub(crate) fn short(text: &str, columns: usize) -> String {
    let mut out = String::new();
    let mut used = 0;
    for letter in text.chars() {
        let letter = if letter.is_control() { ' ' } else { letter };
        used += letter.width().unwrap_or(0);
        if used >= columns {
            out.push('…');
            return out;
        }
        out.push(letter);
    }
    out
}

/// Rows in columns, each as wide as its widest cell.
pub(crate) fn columns(rows: &[Vec<String>]) -> Vec<String> {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count)
        .map(|at| rows.iter().filter_map(|row| row.get(at)).map(|cell| width(cell)).max().unwrap_or(0))
        .collect();
    rows.iter()
        .map(|row| {
            let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| pad(cell, *width)).collect();
            cells.join("  ").trim_end().to_owned()
        })
        .collect()
}

/// Parts one below the other in a frame, under a title.
pub(crate) fn framed(title: &str, parts: &[Vec<String>]) -> Vec<String> {
    let inner = parts.iter().flatten().map(|line| width(line)).chain([width(title)]).max().unwrap_or(0);
    let rule = |left: char, right: char| format!("{left}{}{right}", "─".repeat(inner + 4));
    let line = |text: &str| format!("│  {}  │", pad(text, inner));
    let mut lines = vec![rule('┌', '┐'), line(title)];
    for part in parts {
        lines.push(rule('├', '┤'));
        lines.extend(part.iter().map(|text| line(text)));
    }
    lines.push(rule('└', '┘'));
    lines
}

/// The rows of an answer that are invoices.
pub(crate) fn invoice_rows(result: &Json) -> Vec<&Json> {
    let rows = match result {
        Json::List(rows) => rows.iter().collect(),
        Json::Object(_) => vec![result],
        _ => Vec::new(),
    };
    rows.into_iter()
        .filter(|row| ["serialNo", "status", "orderNo"].iter().any(|name| row.get(name).is_some()))
        .collect()
}

/// `{"serialNo","status","number","failCause"}`.
pub(crate) fn invoice_json(row: &Json) -> Json {
    let filled = |name: &str| Some(text(row, name)).filter(|text| !text.is_empty());
    object([
        ("serialNo", filled("serialNo").into()),
        ("status", filled("status").into()),
        ("number", invoice_number(row).into()),
        ("failCause", filled("failCause").into()),
    ])
}

/// The number of an invoice: twenty digits for a digital one (数电发票), else eight with a code.
pub(crate) fn invoice_number(row: &Json) -> Option<&str> {
    ["allElectronicInvoiceNumber", "invoiceNo"].iter().map(|name| text(row, name)).find(|number| !number.is_empty())
}

/// An invoice as lines for a person: what it is, one member a line.
pub(crate) fn invoice_lines(row: &Json) -> Vec<String> {
    let number_name = if text(row, "allElectronicInvoiceNumber").is_empty() {
        say("发票号码", "Invoice number")
    } else {
        say("数电发票号码", "Invoice number (数电发票号码)")
    };
    let status = match (text(row, "status"), text(row, "statusMsg")) {
        (status, "") => status.to_owned(),
        (status, words) => format!("{words} ({status})"),
    };
    let members = [
        (say("订单号", "Order"), text(row, "orderNo").to_owned()),
        (say("流水号", "Serial number"), text(row, "serialNo").to_owned()),
        (say("状态", "Status"), status),
        (say("购方", "Buyer"), text(row, "payerName").to_owned()),
        (say("开票时间", "Issued"), issued(text(row, "invoiceTime"))),
        (say("不含税金额", "Without tax"), text(row, "exTaxAmount").to_owned()),
        (say("税额", "Tax"), text(row, "taxAmount").to_owned()),
        (say("价税合计", "Total"), text(row, "orderAmount").to_owned()),
        (say("失败原因", "Why it failed"), text(row, "failCause").to_owned()),
        (say("版式文件", "Document"), text(row, "pdfUrl").to_owned()),
        (number_name, invoice_number(row).unwrap_or_default().to_owned()),
    ];
    let rows: Vec<Vec<String>> = members
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| vec![name.to_owned(), short(&value, 100)])
        .collect();
    columns(&rows)
}

/// The platform tells times as text or as milliseconds.
fn issued(time: &str) -> String {
    match time.parse::<i64>() {
        Ok(millis) if time.len() >= 12 => clock(Millis(millis)),
        _ => time.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_character_takes_two_columns() {
        assert_eq!(pad("发票", 6), "发票  ");
        assert_eq!(short("一二三四", 6), "一二…");
        assert_eq!(columns(&[vec!["发".into(), "x".into()], vec!["a".into(), "y".into()]]), ["发  x", "a   y"]);
    }

    #[test]
    fn times_are_those_of_beijing() {
        assert_eq!(clock(Millis(1_700_000_000_000)), "2023-11-15 06:13:20 (UTC+8)");
        assert_eq!(clock(Millis(1_709_222_399_000)), "2024-02-29 23:59:59 (UTC+8)");
    }
}
