//! A body against the model: what is missing, too long or of the wrong form, with the platform's code for it.

use crate::clock::{Beijing, DAY};
use crate::decimal::Decimal;
use crate::options::Account;
use crate::table::{Kind, Method, Need, Row, Table, text_of};
use serde_json::{Map, Value};

/// A refusal by the business side: the code and what is said.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) code: String,
    pub(crate) describe: String,
}

impl Refusal {
    /// The code with the platform's own text; `text` finds it among several, or stands in for it.
    pub(crate) fn new(table: &Table, code: &str, text: &str) -> Refusal {
        Refusal { code: code.to_owned(), describe: table.text(code, text) }
    }

    /// E4000, saying what is wrong.
    pub(crate) fn params(table: &Table, what: &str) -> Refusal {
        let text = table.text("E4000", "接口调用失败");
        Refusal { code: "E4000".to_owned(), describe: format!("{text}：{what}") }
    }
}

/// Checks a body; the first fault in the model's order is the answer. Unknown members pass.
pub(crate) fn check(table: &Table, method: &Method, account: &Account, body: &Value) -> Result<(), Refusal> {
    let Value::Object(object) = body else {
        return Err(Refusal::params(table, "请求体不是 JSON 对象"));
    };
    for group in &method.one_of {
        if !group.iter().any(|path| is_there(object, path)) {
            let Some(code) = &method.one_of_refused else {
                return Err(Refusal::params(table, &format!("{} 不能全为空", group.join("、"))));
            };
            return Err(Refusal::new(table, code, ""));
        }
    }
    Checker { table, method, account }.rows(&method.params, object, "")
}

/// Null, `""`, `[]` and a missing member are all absent.
fn is_there(object: &Map<String, Value>, path: &str) -> bool {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    match (object.get(name), rest) {
        (Some(Value::Object(inner)), Some(rest)) => is_there(inner, rest),
        (Some(value), None) => !is_absent(value),
        _ => false,
    }
}

fn is_absent(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

struct Checker<'a> {
    table: &'a Table,
    method: &'a Method,
    account: &'a Account,
}

/// What can be wrong with one member.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Wrong {
    Missing,
    TooLong,
    Form,
    Unknown,
}

impl Checker<'_> {
    fn rows(&self, rows: &[Row], object: &Map<String, Value>, path: &str) -> Result<(), Refusal> {
        for row in rows {
            let path = if path.is_empty() { row.name.clone() } else { format!("{path}.{}", row.name) };
            match object.get(&row.name).filter(|value| !is_absent(value)) {
                Some(value) => {
                    self.value(row, &row.kind, value, &path)?;
                    self.limits(row, object, &path)?;
                }
                None if self.is_needed(row, object) => return Err(self.refuse(row, Wrong::Missing, &path, "不能为空")),
                None => {}
            }
        }
        Ok(())
    }

    /// Stretches of time and largest numbers. The lists of invoices have a code for a stretch that is too long; for the
    /// others the code of a malformed search is assumed.
    fn limits(&self, row: &Row, object: &Map<String, Value>, path: &str) -> Result<(), Refusal> {
        let number = text_of(object, &row.name).and_then(|text| text.parse::<u64>().ok());
        if let (Some(most), Some(number)) = (row.most, number)
            && number > most
        {
            return Err(self.refuse(row, Wrong::TooLong, path, &format!("不能大于 {most}")));
        }
        let Some((from, days)) = &row.span else { return Ok(()) };
        let time = |name: &str| text_of(object, name).and_then(|text| Beijing::read(&text)).map(Beijing::ms);
        let (Some(start), Some(end)) = (time(from), time(&row.name)) else { return Ok(()) };
        if (0..=days.saturating_mul(DAY)).contains(&end.saturating_sub(start)) {
            return Ok(());
        }
        let code = if row.refused.is_some() { Some("1005") } else { self.method.one_of_refused.as_deref() };
        Err(match code {
            Some(code) => Refusal::new(self.table, code, ""),
            None => Refusal::params(self.table, &format!("{path} 与 {from} 相差不能超过 {days} 天")),
        })
    }

    fn is_needed(&self, row: &Row, object: &Map<String, Value>) -> bool {
        let needed = match (row.need, &row.when) {
            (Need::Yes, _) => true,
            (Need::If, Some((field, is))) => {
                let value = text_of(object, field).unwrap_or_default();
                let any = is.iter().any(|value| value == "*") && is_there(object, field);
                any || is.contains(&value)
            }
            _ => false,
        };
        if needed && code(row, Wrong::Missing) == "E9309" {
            return self.account.phone_required;
        }
        needed && !row.console
    }

    fn value(&self, row: &Row, kind: &Kind, value: &Value, path: &str) -> Result<(), Refusal> {
        match (kind, value) {
            (Kind::Json, _) => Ok(()),
            (Kind::List(item), Value::Array(items)) => {
                if row.max.is_some_and(|max| items.len() > max) {
                    return Err(self.refuse(row, Wrong::TooLong, path, "数量超限"));
                }
                let mut places = items.iter().enumerate();
                places.try_for_each(|(at, value)| self.item(row, item, value, &format!("{path}[{at}]")))
            }
            // The older products take one line as an object.
            (Kind::List(item), Value::Object(_)) if self.method.name.starts_with("nuonuo.electronInvoice.") => {
                self.item(row, item, value, path)
            }
            (Kind::Shape(name), Value::Object(object)) => self.rows(self.method.shape(name), object, path),
            (Kind::List(_) | Kind::Shape(_), _) => Err(self.refuse(row, Wrong::Form, path, "类型不对")),
            (_, Value::String(text)) => self.text(row, kind, text, path),
            (_, Value::Number(number)) => self.text(row, kind, &number.to_string(), path),
            _ => Err(self.refuse(row, Wrong::Form, path, "类型不对")),
        }
    }

    fn item(&self, row: &Row, kind: &Kind, value: &Value, path: &str) -> Result<(), Refusal> {
        match (kind, value) {
            (Kind::Shape(name), Value::Object(object)) => self.rows(self.method.shape(name), object, path),
            (Kind::Json, _) => Ok(()),
            (Kind::Shape(_) | Kind::List(_), _) => Err(self.refuse(row, Wrong::Form, path, "类型不对")),
            (_, Value::String(text)) if !text.is_empty() => self.form(row, kind, text, path),
            (_, Value::Number(number)) => self.form(row, kind, &number.to_string(), path),
            _ => Err(self.refuse(row, Wrong::Form, path, "类型不对")),
        }
    }

    fn text(&self, row: &Row, kind: &Kind, text: &str, path: &str) -> Result<(), Refusal> {
        if code(row, Wrong::Form) != "E9138" {
            self.form(row, kind, text, path)?;
        } else if text.len() != 19 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Refusal::new(self.table, "E9138", "商品编码获取出现异常"));
        }
        // The platform refuses amounts by codes of their own above 20 characters only.
        let amount = row.refused.is_some() && amount_codes(&row.name).is_some();
        let max = if amount { row.max.map(|max| max.max(20)) } else { row.max };
        if max.is_some_and(|max| text.chars().count() > max) {
            return Err(self.refuse(row, Wrong::TooLong, path, "超出长度"));
        }
        Ok(())
    }

    fn form(&self, row: &Row, kind: &Kind, text: &str, path: &str) -> Result<(), Refusal> {
        let good = match kind {
            Kind::Decimal => Decimal::parse(text).is_some(),
            Kind::Integer => text.strip_prefix('-').unwrap_or(text).parse::<u64>().is_ok(),
            Kind::Date => text.len() == 10 && Beijing::parse(text).is_some(),
            Kind::Time => {
                let ms = text.len() == 13 && text.bytes().all(|b| b.is_ascii_digit());
                ms || (text.len() == 19 && Beijing::parse(text).is_some())
            }
            // Sets are open, except where the platform has a code for a value outside.
            Kind::Code(set) => code(row, Wrong::Unknown) == "E4000" || self.table.has_code(set, text),
            _ => true,
        };
        if !good {
            let wrong = if matches!(kind, Kind::Code(_)) { Wrong::Unknown } else { Wrong::Form };
            return Err(self.refuse(row, wrong, path, "格式不正确"));
        }
        Ok(())
    }

    fn refuse(&self, row: &Row, wrong: Wrong, path: &str, what: &str) -> Refusal {
        match code(row, wrong) {
            "E4000" => Refusal::params(self.table, &format!("{path} {what}")),
            code => Refusal::new(self.table, code, hint(&row.name)),
        }
    }
}

/// Which of the texts is meant where a code has several.
fn hint(name: &str) -> &'static str {
    if name == "extensionNums" { "分机号数量超过100" } else { "" }
}

/// Too long and not a number, for the three amounts of a line.
fn amount_codes(name: &str) -> Option<(&'static str, &'static str)> {
    match name {
        "taxIncludedAmount" => Some(("E9124", "E9125")),
        "taxExcludedAmount" => Some(("E9126", "E9127")),
        "tax" => Some(("E9128", "E9129")),
        _ => None,
    }
}

/// The platform's code for a fault: a row has one code of its own, a few faults have others.
fn code(row: &Row, wrong: Wrong) -> &str {
    let Some(own) = row.refused.as_deref() else { return "E4000" };
    if let Some((long, form)) = amount_codes(&row.name) {
        return match wrong {
            Wrong::TooLong => long,
            Wrong::Missing => "E9123",
            Wrong::Form | Wrong::Unknown => form,
        };
    }
    match (row.name.as_str(), wrong) {
        ("startTime" | "endTime", Wrong::Form) => "1002",
        ("invoiceCode", Wrong::TooLong) if own == "E9367" => "E9368",
        ("invoiceNo", Wrong::TooLong) if own == "E9369" => "E9370",
        ("invoiceDetail", Wrong::Missing) => "E9122",
        ("invoiceGoodsTransports", Wrong::Missing) => "E9796",
        ("invoiceGoodsTransports", Wrong::TooLong) => "E9797",
        ("email", Wrong::TooLong) => "E9104",
        ("buyerPhone", Wrong::Missing) => "E9309",
        ("buyerPhone" | "email" | "invoiceDetail" | "invoiceGoodsTransports", _) => "E4000",
        _ => own,
    }
}
