//! What needs no session: checks, readers, order tools, signatures.

use nnopen_ffi as ffi;

use crate::Result;
use crate::plain::{self, Answer, Document, Explanation, PushInfo, Secret, Signed, Violation};

/// What a check tells.
#[derive(uniffi::Record)]
pub struct Checked {
    /// All that is wrong with the params.
    pub violations: Vec<Violation>,
    /// What would be sent, if nothing is.
    pub body: Option<String>,
}

/// What a signature is made of.
#[derive(uniffi::Record)]
#[allow(missing_docs)]
pub struct SignParts {
    pub app_secret: Secret,
    pub path: String,
    pub app_key: String,
    pub senid: String,
    pub nonce: String,
    pub timestamp: String,
    pub body: String,
}

/// All that is wrong with params, given as JSON text.
#[uniffi::export]
pub fn check(method: &str, params: &str) -> Result<Checked> {
    let (violations, body) = ffi::check(method, params)?;
    Ok(Checked { violations: violations.into_iter().map(Violation::from).collect(), body })
}

/// Reads an answer to a method.
#[uniffi::export]
pub fn read(method: &str, status: i32, body: Vec<u8>) -> Result<Answer> {
    Ok(ffi::read(method, plain::status(status), &body)?.into())
}

/// Reads what the platform pushed.
#[uniffi::export]
pub fn read_push(content_type: &str, body: Vec<u8>) -> Result<PushInfo> {
    Ok(ffi::read_push(content_type, &body)?.into())
}

/// The answer to a push that was taken in, or was not for this reason.
#[uniffi::export]
pub fn answer_push(refused: Option<String>) -> String {
    refused.map_or_else(ffi::push_accepted, |reason| ffi::push_refused(&reason))
}

/// The files of an issued invoice, given as JSON text.
#[uniffi::export]
pub fn documents(invoice: &str) -> Result<Vec<Document>> {
    Ok(ffi::documents(&ffi::Params::read(invoice)?)?.into_iter().map(Document::from).collect())
}

/// All that is known about a code or status.
#[uniffi::export]
pub fn explain(code: &str) -> Vec<Explanation> {
    ffi::explain(code).into_iter().map(Explanation::from).collect()
}

/// Signs a body.
#[uniffi::export]
pub fn sign(parts: SignParts) -> Result<Signed> {
    let SignParts { app_secret, path, app_key, senid, nonce, timestamp, body } = parts;
    Ok(ffi::sign(&app_secret.0, &path, &app_key, &senid, &nonce, &timestamp, &body)?.into())
}

/// A line's amounts without tax, its tax, and with tax.
#[uniffi::export]
pub fn amounts(line: &str) -> Result<Vec<String>> {
    Ok(ffi::order::amounts(&ffi::Params::read(line)?)?.into())
}

/// The amounts of all lines of an order together.
#[uniffi::export]
pub fn totals(order: &str) -> Result<Vec<String>> {
    Ok(ffi::order::totals(&ffi::Params::read(order)?)?.into())
}

/// The order with the amounts that its lines lack, as JSON text.
#[uniffi::export]
pub fn fill(order: &str) -> Result<String> {
    Ok(ffi::order::fill(&ffi::Params::read(order)?)?)
}

/// Orders whose amounts without tax are at most `limit`, as a JSON list.
#[uniffi::export]
pub fn split(order: &str, limit: &str) -> Result<String> {
    Ok(ffi::order::split(&ffi::Params::read(order)?, limit)?)
}

/// The order that takes back `blue`, as JSON text.
#[uniffi::export]
pub fn red(blue: &str, order_no: &str, invoice_date: &str, reason: &str) -> Result<String> {
    Ok(ffi::order::red(&ffi::Params::read(blue)?, order_no, invoice_date, reason)?)
}

/// The names of all methods that are known.
#[uniffi::export]
pub fn methods() -> Vec<String> {
    ffi::methods().into_iter().map(str::to_owned).collect()
}
