//! The plain values as JSON text, for hosts that read JSON quicker than they build objects across a border.
//!
//! Members are named as JavaScript names them. Numbers that came from the platform become texts ([`exact`]), so that a
//! reader that knows floats alone loses none of their digits.

mod utf16;

use nnopen::{Json, Progress, Request, Source};

use crate::params::plain;
use crate::{Answer, BatchEvent, Document, Explanation, Failure, Params, PushInfo, Returned, Slip, Violation, guard};

pub use utf16::{exact_utf16, from_utf16, utf16};

/// Reads an object given as JSON text, such as an order, and shows it to `work`; `floats` as for [`Params::floats`].
pub fn seen<T>(text: &str, floats: bool, work: impl FnOnce(&dyn Source) -> Result<T, Failure>) -> Result<T, Failure> {
    work(&guard(|| Params::with(text, floats))?)
}

/// JSON text with each number as a text of the same digits.
pub fn exact(json: &str) -> String {
    let bytes = json.as_bytes();
    let mut out = String::with_capacity(json.len() + json.len() / 16 + 16);
    let (mut at, mut told) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at += string_length(&bytes[at..]),
            b'0'..=b'9' | b'-' => {
                let numeric = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
                let length = bytes[at..].iter().position(|byte| !numeric(byte)).unwrap_or(bytes.len() - at);
                out.extend([&json[told..at], "\"", &json[at..at + length], "\""]);
                at += length;
                told = at;
            }
            _ => at += 1,
        }
    }
    out.push_str(&json[told..]);
    out
}

/// How long the string is with which the text begins, its quotes included.
fn string_length(text: &[u8]) -> usize {
    let mut at = 1;
    while let Some(rest) = text.get(at..) {
        at += plain(rest);
        match text.get(at) {
            Some(b'"') => return at + 1,
            Some(b'\\') => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}

/// The items of a list given as JSON text, each as its own.
pub fn items(list: &str) -> Vec<String> {
    Json::parse(list).unwrap_or_default().items().iter().map(ToString::to_string).collect()
}

/// A request's address and headers, a line each (`name: value`); neither can hold a line break.
pub fn head(request: &Request) -> String {
    let length: usize = request.headers.iter().map(|(name, value)| name.len() + value.len() + 3).sum();
    let mut head = String::with_capacity(request.url.len() + length);
    head.push_str(&request.url);
    for (name, value) in &request.headers {
        head.extend(["\n", name, ": ", value]);
    }
    head
}

/// All of a failure.
pub fn failure(failure: &Failure) -> String {
    let members = [
        ("kind", text(&failure.kind)),
        ("code", failure.code.as_deref().into()),
        ("describe", text(&failure.describe)),
        ("hintZh", text(&failure.hint_zh)),
        ("hintEn", text(&failure.hint_en)),
        ("violations", violation_list(&failure.violations)),
        ("retryAt", failure.retry_at.into()),
        ("retry", text(&failure.retry)),
        ("orderFree", Json::Bool(failure.order_free)),
    ];
    let result = failure.result.as_deref().map_or("null".to_owned(), exact);
    with(&object(members), "result", &result)
}

/// A list of what is wrong with params.
pub fn violations(violations: &[Violation]) -> String {
    violation_list(violations).to_string()
}

/// What [`check`](crate::check) tells: `violations`, `body`.
pub fn checked((violations, body): &(Vec<Violation>, Option<String>)) -> String {
    object([("violations", violation_list(violations)), ("body", body.as_deref().into())]).to_string()
}

/// An answer as it was read.
pub fn answer(answer: &Answer) -> String {
    let members = [("code", answer.code.as_deref().into()), ("describe", answer.describe.as_deref().into())];
    let with_result = with(&object(members), "result", &exact(&answer.result));
    let failure = answer.failure.as_ref().map_or("null".to_owned(), failure);
    format!("{},\"failure\":{failure}}}", &with_result[..with_result.len() - 1])
}

/// An answer as it was read, for hosts that keep the result's own text: `result` is a text that holds JSON.
pub fn answer_text(answer: &Answer) -> String {
    let members = [
        ("code", answer.code.as_deref().into()),
        ("describe", answer.describe.as_deref().into()),
        ("result", text(&answer.result)),
    ];
    let failure = answer.failure.as_ref().map_or("null".to_owned(), failure);
    with(&object(members), "failure", &failure)
}

/// All that is known about a code.
pub fn explanations(explanations: &[Explanation]) -> String {
    let one = |told: &Explanation| {
        object([
            ("code", text(told.code)),
            ("scope", text(told.scope)),
            ("text", text(told.text)),
            ("meaningZh", text(told.meaning_zh)),
            ("meaningEn", text(told.meaning_en)),
            ("causeZh", text(told.cause_zh)),
            ("causeEn", text(told.cause_en)),
            ("fixZh", text(told.fix_zh)),
            ("fixEn", text(told.fix_en)),
            ("retry", text(told.retry)),
            ("orderFree", Json::Bool(told.order_free)),
        ])
    };
    Json::List(explanations.iter().map(one).collect()).to_string()
}

/// A push as it was read.
pub fn push(push: &PushInfo) -> String {
    let mut told = object(pushed(push)).to_string();
    told.pop();
    let confirm = match (push.confirm_method, &push.confirm_params) {
        (Some(method), Some(params)) => format!("{{\"method\":{},\"params\":{params}}}", text(method)),
        _ => "null".to_owned(),
    };
    format!("{told},\"content\":{},\"raw\":{},\"confirm\":{confirm}}}", exact(&push.content), exact(&push.raw))
}

/// A push as it was read, for hosts that keep its own text: `content`, `raw` and `confirmParams` are texts that hold JSON.
pub fn push_text(push: &PushInfo) -> String {
    let own = [
        ("content", text(&push.content)),
        ("raw", text(&push.raw)),
        ("confirmMethod", push.confirm_method.into()),
        ("confirmParams", push.confirm_params.as_deref().into()),
    ];
    members(pushed(push).into_iter().chain(own).collect()).to_string()
}

/// What a batch tells about an order, or about its trouble.
pub fn event(event: &BatchEvent) -> String {
    let keys = Json::List(event.keys.iter().map(|key| text(key)).collect());
    let told = object([("kind", text(event.kind)), ("keys", keys)]);
    let told = with(&told, "rows", &event.rows.as_deref().map_or("null".to_owned(), exact));
    let failure = event.failure.as_deref().map_or("null".to_owned(), failure);
    format!("{},\"failure\":{failure}}}", &told[..told.len() - 1])
}

/// A batch's figures.
pub fn progress(progress: &Progress) -> String {
    let count = |number: u64| Json::from(i64::try_from(number).unwrap_or(i64::MAX));
    object([
        ("pending", count(progress.pending as u64)),
        ("done", count(progress.done)),
        ("failed", count(progress.failed)),
        ("needsRetry", count(progress.needs_retry)),
        ("absent", count(progress.absent)),
        ("gaveUp", count(progress.gave_up)),
        ("queries", count(progress.queries)),
        ("askedPerSecond", count(progress.asked_per_second)),
        ("oldest", progress.oldest.map(|at| at.0).into()),
    ])
    .to_string()
}

/// The files of an invoice.
pub fn documents(documents: &[Document]) -> String {
    let one = |document: &Document| {
        object([
            ("kind", text(&document.kind)),
            ("url", text(&document.url)),
            ("field", text(&document.field)),
            ("original", Json::Bool(document.original)),
        ])
    };
    Json::List(documents.iter().map(one).collect()).to_string()
}

fn pushed(push: &PushInfo) -> [(&'static str, Json); 7] {
    [
        ("operater", text(&push.operater)),
        ("known", Json::Bool(push.known)),
        ("orderNo", push.order_no.as_deref().into()),
        ("serialNo", push.serial_no.as_deref().into()),
        ("billNo", push.bill_no.as_deref().into()),
        ("status", push.status.into()),
        ("statusCode", push.status_code.as_deref().into()),
    ]
}

/// Slips that explain a signature.
pub fn slips(slips: &[Slip]) -> String {
    let one = |slip: &Slip| object([("name", text(slip.name)), ("zh", text(slip.zh)), ("en", text(slip.en))]);
    Json::List(slips.iter().map(one).collect()).to_string()
}

/// What the authorize page sent back; it holds the code.
pub fn returned(returned: &Returned) -> String {
    let members = [
        ("code", text(returned.code.expose())),
        ("taxNum", returned.tax_num.as_deref().into()),
        ("stateMatched", Json::Bool(returned.state_matched)),
    ];
    object(members).to_string()
}

/// What looks wrong in the settings.
pub fn warnings(warnings: &[(String, String)]) -> String {
    Json::List(warnings.iter().map(|(zh, en)| object([("zh", text(zh)), ("en", text(en))])).collect()).to_string()
}

fn violation_list(violations: &[Violation]) -> Json {
    let one = |violation: &Violation| {
        object([
            ("path", text(&violation.path)),
            ("rule", text(violation.rule)),
            ("severity", text(violation.severity)),
            ("code", violation.code.into()),
            ("message", text(&violation.message)),
            ("messageEn", text(&violation.message_en)),
        ])
    };
    Json::List(violations.iter().map(one).collect())
}

/// An object with one more member, given as JSON text.
fn with(json: &Json, name: &str, value: &str) -> String {
    let object = json.to_string();
    format!("{},\"{name}\":{value}}}", &object[..object.len() - 1])
}

fn object<const N: usize>(members: [(&'static str, Json); N]) -> Json {
    self::members(members.into())
}

/// Of any length, so that it is compiled once.
fn members(members: Vec<(&'static str, Json)>) -> Json {
    Json::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn text(text: &str) -> Json {
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_texts_and_nothing_else_changes() {
        let told = [
            (
                r#"{"a":1,"b":[0.00,-1e+5],"c":"3\"4\\","5":true}"#,
                r#"{"a":"1","b":["0.00","-1e+5"],"c":"3\"4\\","5":true}"#,
            ),
            ("20190801120207971529", "\"20190801120207971529\""),
            (r#""e1""#, r#""e1""#),
            ("[false,null]", "[false,null]"),
            (r#"{"\\":"\"1","a":-0.5}"#, r#"{"\\":"\"1","a":"-0.5"}"#),
        ];
        for (json, exactly) in told {
            assert_eq!(exact(json), exactly);
            assert_eq!(String::from_utf16(&exact_utf16(&Json::parse(json).unwrap())).unwrap(), exactly);
        }
    }

    #[test]
    fn what_is_no_json_does_no_harm() {
        for cut in ["\"", "\"a", "\"a\\", "\"a\\\"", "[1,\"\u{1}2"] {
            assert!(exact(cut).len() >= cut.len());
        }
    }

    #[test]
    fn a_float_is_no_money_and_a_whole_one_neither() {
        let order = r#"{"order":{"orderNo":1,"invoiceDetail":[{"price":100,"num":0.1,"tax":"6.00"}]}}"#;
        let (violations, _) = crate::check_floats("nuonuo.OpeMplatform.requestBillingNew", order).unwrap();
        let wrong: Vec<_> =
            violations.iter().filter(|wrong| wrong.rule == "type").map(|wrong| wrong.path.as_str()).collect();
        assert_eq!(wrong, ["order.invoiceDetail[0].price", "order.invoiceDetail[0].num"]);
        assert!(
            crate::check("nuonuo.OpeMplatform.requestBillingNew", order)
                .unwrap()
                .0
                .iter()
                .all(|wrong| wrong.rule != "type")
        );
    }
}
