//! `nnopen check`: all that is wrong with params, and the body as it would be sent.

use nnopen::{Json, Method, Violation};

use crate::Done;
use crate::files::{not_utf8, read_bytes};
use crate::show::object;
use crate::trouble::{Trouble, violation_line, violations_json};
use crate::words::{Lang, lang, say};

/// Checks the standard input; exits with 0 if there is no error, else with 2.
pub(crate) fn run(method: &str, json: bool) -> u8 {
    let done = checked(method).unwrap_or_else(|trouble| Done {
        exit: trouble.exit(),
        lines: vec![format!("✗ {}", trouble.describe), format!("  → {}", say(&trouble.hint_zh, &trouble.hint_en))],
        json: report(Json::List(vec![fault("usage", &trouble.describe)]), None),
    });
    crate::finish(Ok(done), json)
}

fn checked(name: &str) -> Result<Done, Trouble> {
    let bytes = read_bytes("-")?;
    let Some(method) = Method::find(name) else {
        let message = format!("{}{name}", say("没有登记这个接口：", "no such method is known: "));
        return Ok(refused(&message, fault("method", &message)));
    };
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let message = not_utf8(&error);
            return Ok(refused(&message, fault("utf8", &message)));
        }
    };
    let params = match Json::parse_params(&text) {
        Ok(params) => params,
        Err(error) => return Ok(told(error.violations(), None)),
    };
    let (found, body) = method.draft(&params);
    Ok(told(&found, body.as_deref()))
}

/// The report of a check.
fn told(violations: &[Violation], body: Option<&str>) -> Done {
    let errors = violations.iter().filter(|violation| violation.is_error()).count();
    let mut lines: Vec<String> = violations.iter().map(violation_line).collect();
    let warnings = violations.len() - errors;
    lines.push(match (errors, lang()) {
        (0, Lang::Zh) => format!("✓ 可以发送（警告 {warnings} 处）"),
        (0, Lang::En) => format!("✓ fit to be sent (warnings: {warnings})"),
        (_, Lang::Zh) => format!("✗ 错误 {errors} 处，警告 {warnings} 处"),
        (_, Lang::En) => format!("✗ errors: {errors}, warnings: {warnings}"),
    });
    if let Some(body) = body {
        lines.push(body.to_owned());
    }
    Done { json: report(violations_json(violations), body), lines, exit: if errors == 0 { 0 } else { 2 } }
}

fn refused(message: &str, violation: Json) -> Done {
    Done { json: report(Json::List(vec![violation]), None), lines: vec![format!("✗ {message}")], exit: 2 }
}

/// `{"ok","violations":[…],"body"}`.
fn report(violations: Json, body: Option<&str>) -> Json {
    let ok = violations.items().iter().all(|violation| violation.get("severity") != Some(&Json::from("error")));
    object([("ok", Json::Bool(ok)), ("violations", violations), ("body", body.into())])
}

fn fault(rule: &str, message: &str) -> Json {
    object([("path", "".into()), ("rule", rule.into()), ("severity", "error".into()), ("message", message.into())])
}
