//! `nnopen query` and `nnopen call`: one question, or one call of any method.

use nnopen::{Json, Method};

use crate::drive::Driver;
use crate::files::{read_params, read_text};
use crate::settings::Settings;
use crate::show::{invoice_json, invoice_lines, invoice_rows, object};
use crate::trouble::{Trouble, tell_violations};
use crate::{Done, finish};

/// The method that tells what became of invoices.
const QUERY: &str = "nuonuo.OpeMplatform.queryInvoiceResult";

/// Asks for invoices by their numbers.
pub(crate) fn query(numbers: &[String], serial: bool, wait: bool, json: bool) -> u8 {
    finish(try_query(numbers, serial, wait), json)
}

fn try_query(numbers: &[String], serial: bool, wait: bool) -> Result<Done, Trouble> {
    let result = invoices(&Driver::new(&Settings::load()?)?, numbers, serial, wait)?;
    let rows = invoice_rows(&result);
    let mut lines = Vec::new();
    for row in &rows {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(invoice_lines(row));
    }
    let invoices = Json::List(rows.into_iter().map(invoice_json).collect());
    let mut json = success(result.clone());
    if let Json::Object(members) = &mut json {
        let before = members.len() - 1;
        members.insert(before, ("invoices".to_owned(), invoices));
    }
    Ok(Done::new(json, lines))
}

/// What the platform has of these invoices.
pub(crate) fn invoices(driver: &Driver, numbers: &[String], serial: bool, wait: bool) -> Result<Json, Trouble> {
    let by = if serial { "serialNos" } else { "orderNos" };
    let params = object([(by, Json::List(numbers.iter().map(|number| number.as_str().into()).collect()))]);
    let mut call = match wait {
        true => driver.session.poll_json(QUERY, &params)?,
        false => driver.session.call_json(QUERY, &params)?,
    };
    driver.run(&mut call)
}

/// Calls a method once.
pub(crate) fn call(method: &str, file: &str, raw: bool, json: bool) -> u8 {
    finish(try_call(method, file, raw), json)
}

fn try_call(method: &str, file: &str, raw: bool) -> Result<Done, Trouble> {
    let (body, params) = if raw { (read_text(file)?, Json::Null) } else { (String::new(), read_params(file)?) };
    if let (false, Some(known)) = (raw, Method::find(method)) {
        // What is wrong with the params is told before anything else is needed.
        known.body(&params)?;
    }
    let driver = Driver::new(&Settings::load()?)?;
    let mut call = match raw {
        true => driver.session.call_raw(method, body)?,
        false => driver.session.call_json(method, &params)?,
    };
    tell_violations(call.warnings());
    let result = driver.run(&mut call)?;
    Ok(Done::new(success(result.clone()), vec![result.to_string()]))
}

/// `{"ok":true,"kind":null,…,"result"}`: the shape that errors have too.
pub(crate) fn success(result: Json) -> Json {
    object([
        ("ok", Json::Bool(true)),
        ("kind", Json::Null),
        ("code", Json::Null),
        ("describe", Json::Null),
        ("hint_zh", Json::Null),
        ("hint_en", Json::Null),
        ("violations", Json::List(Vec::new())),
        ("retryAt", Json::Null),
        ("result", result),
    ])
}
