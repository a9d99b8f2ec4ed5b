//! nnopen as WebAssembly: the face that bindings see, with JavaScript's macros on it. Nothing is decided here.
//!
//! The same functions as in `bindings/node/src/lib.rs`, so that the package's driver runs over both.

#![allow(clippy::result_large_err, reason = "a failure crosses a border once; its size does not matter")]

mod batch;
mod call;
mod session;
mod step;

use nnopen_ffi as ffi;
use wasm_bindgen::prelude::*;

type Result<T> = std::result::Result<T, JsError>;

fn told(failure: ffi::Failure) -> JsError {
    JsError::new(&ffi::text::failure(&failure))
}

/// All that is wrong with params, as JSON text.
#[wasm_bindgen]
pub fn check(method: String, params: String, floats: bool) -> Result<String> {
    let checked = if floats { ffi::check_floats(&method, &params) } else { ffi::check(&method, &params) };
    checked.map(|checked| ffi::text::checked(&checked)).map_err(told)
}

/// Reads an answer to a method, as JSON text.
#[wasm_bindgen]
pub fn read(method: String, status: u32, body: &[u8]) -> Result<String> {
    let answer = ffi::read(&method, u16::try_from(status).unwrap_or(0), body);
    answer.map(|answer| ffi::text::answer(&answer)).map_err(told)
}

/// Reads what the platform pushed, as JSON text.
#[wasm_bindgen(js_name = readPush)]
pub fn read_push(content_type: String, body: &[u8]) -> Result<String> {
    ffi::read_push(&content_type, body).map(|push| ffi::text::push(&push)).map_err(told)
}

/// The files of an issued invoice, as JSON text.
#[wasm_bindgen]
pub fn documents(invoice: String) -> Result<String> {
    ffi::text::seen(&invoice, false, ffi::documents).map(|found| ffi::text::documents(&found)).map_err(told)
}

/// The answer to a push that was taken in.
#[wasm_bindgen(js_name = pushAccepted)]
pub fn push_accepted() -> String {
    ffi::push_accepted()
}

/// The answer to a push that could not be taken in.
#[wasm_bindgen(js_name = pushRefused)]
pub fn push_refused(reason: String) -> String {
    ffi::push_refused(&reason)
}

/// All that is known about a code or status, as JSON text.
#[wasm_bindgen]
pub fn explain(code: String) -> String {
    ffi::text::explanations(&ffi::explain(&code))
}

/// Signs a body: the text that is signed, and the signature.
#[wasm_bindgen]
pub fn sign(
    secret: String,
    path: String,
    app_key: String,
    senid: String,
    nonce: String,
    timestamp: String,
    body: String,
) -> Result<Vec<String>> {
    let signed = ffi::sign(&secret, &path, &app_key, &senid, &nonce, &timestamp, &body).map_err(told)?;
    Ok(vec![signed.canonical, signed.signature])
}

/// Why somebody got another signature: slips as JSON text, none if it is the right one.
#[wasm_bindgen]
#[allow(clippy::too_many_arguments)]
pub fn diagnose(
    secret: String,
    path: String,
    app_key: String,
    senid: String,
    nonce: String,
    timestamp: String,
    body: String,
    signature: String,
    gbk: Option<Vec<u8>>,
) -> Result<String> {
    let found = ffi::diagnose(&secret, &path, &app_key, &senid, &nonce, &timestamp, &body, &signature, gbk.as_deref());
    found.map(|slips| ffi::text::slips(&slips)).map_err(told)
}

/// The three amounts of a line: without tax, the tax, with tax.
#[wasm_bindgen]
pub fn amounts(line: String, floats: bool) -> Result<Vec<String>> {
    ffi::text::seen(&line, floats, ffi::order::amounts).map(Vec::from).map_err(told)
}

/// The amounts of all lines of an order together.
#[wasm_bindgen]
pub fn totals(order: String, floats: bool) -> Result<Vec<String>> {
    ffi::text::seen(&order, floats, ffi::order::totals).map(Vec::from).map_err(told)
}

/// The order with the amounts that its lines lack, as JSON text.
#[wasm_bindgen]
pub fn fill(order: String, floats: bool) -> Result<String> {
    ffi::text::seen(&order, floats, ffi::order::fill).map_err(told)
}

/// Orders whose amounts without tax are at most `limit`, each as JSON text.
#[wasm_bindgen]
pub fn split(order: String, limit: String, floats: bool) -> Result<Vec<String>> {
    let parts = ffi::text::seen(&order, floats, |order| ffi::order::split(order, &limit));
    parts.map(|parts| ffi::text::items(&parts)).map_err(told)
}

/// The order that takes back `blue`, as JSON text.
#[wasm_bindgen]
pub fn red(blue: String, order_no: String, invoice_date: String, reason: String, floats: bool) -> Result<String> {
    ffi::text::seen(&blue, floats, |blue| ffi::order::red(blue, &order_no, &invoice_date, &reason)).map_err(told)
}

/// The names of all methods that are known.
#[wasm_bindgen]
pub fn methods() -> Vec<String> {
    ffi::methods().into_iter().map(str::to_owned).collect()
}
