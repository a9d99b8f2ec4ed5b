//! nnopen for Node.js: the face that bindings see, with JavaScript's macros on it. Nothing is decided here.
//!
//! Each function that JavaScript sees costs room, and each object that it must watch costs time. So sessions, calls and
//! batches are numbers (`held.rs`), most questions go through one door (`ask.rs`), and what every call needs has its own
//! functions, here. `native/addon.cjs` makes of it what `ts/face.ts` describes.
//!
//! What went wrong crosses as an `Error` whose message is the failure as JSON text; `ts/errors.ts` makes it one of the
//! package's own errors.

#![allow(clippy::result_large_err, reason = "a failure crosses a border once; its size does not matter")]

mod ask;
mod held;
mod store;
mod told;

use napi::bindgen_prelude::{Array, Utf16String};
use napi::{Env, Unknown};
use napi_derive::napi;
use nnopen_ffi as ffi;
use nnopen_ffi::text::{exact_utf16, from_utf16, utf16};

use crate::held::{Thing, call, close, hold, session};
use crate::told::step_told;

type Result<T> = napi::Result<T>;

fn told(failure: ffi::Failure) -> napi::Error {
    napi::Error::from_reason(ffi::text::failure(&failure))
}

/// Answers a question: `ask.rs` lists them.
#[napi]
pub fn ask<'env>(env: &'env Env, word: String, given: Array<'env>) -> Result<Unknown<'env>> {
    ask::answer(env, &word, &ask::Given(given))
}

/// Starts a call, and gives its number; `floats` if the params' numbers are JavaScript's.
#[napi]
pub fn start(number: i64, mode: String, method: String, params: Utf16String, floats: bool) -> Result<i64> {
    let session = session(number)?;
    let mode = ffi::Mode::named(&mode).map_err(told)?;
    // Quicker than to have JavaScript make UTF-8 of it.
    let params = from_utf16(&params);
    let call = match floats {
        true => session.start_floats(mode, &method, &params),
        false => session.start_text(mode, &method, &params),
    };
    call.map(|call| hold(Thing::Call(call.into()))).map_err(told)
}

/// Starts a call with a body of the caller's own, and gives its number.
#[napi]
pub fn start_raw(number: i64, method: String, body: String) -> Result<i64> {
    let call = session(number)?.start_raw(&method, &body).map_err(told)?;
    Ok(hold(Thing::Call(call.into())))
}

/// What a call does now: see `told.rs`. With `exact` the result's numbers are texts.
#[napi]
pub fn step<'env>(env: &'env Env, number: i64, now: i64, entropy: &[u8], exact: bool) -> Result<Unknown<'env>> {
    let written = |result: ffi::Json| match exact {
        true => exact_utf16(&result),
        false => utf16(&result.to_string()),
    };
    step_told(env, call(number)?.step_into(now, entropy, written).map_err(told)?)
}

/// The answer to the request that a call sent last, and what the call does then. With its result the call is over and
/// its number gone.
#[napi]
pub fn answer<'env>(
    env: &'env Env,
    number: i64,
    status: u32,
    body: &[u8],
    now: i64,
    entropy: &[u8],
) -> Result<Unknown<'env>> {
    let call = call(number)?;
    call.receive(u16::try_from(status).unwrap_or(0), body, now).map_err(told)?;
    let step = call.step_into(now, entropy, |result| exact_utf16(&result)).map_err(told)?;
    if matches!(step, ffi::Step::Done { .. }) {
        close(number);
    }
    step_told(env, step)
}
