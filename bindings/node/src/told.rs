//! What is told to JavaScript, as values of its own.
//!
//! A step is told by what it is: a text is the result, a number the time to wait until; a list that begins with a text is
//! a request's head, with its body to be sent; one that begins with a number is the store's version: alone to read it (-1),
//! with bytes to replace what it holds; nothing at all means that a batch follows nothing.

use napi::bindgen_prelude::{BufferSlice, ToNapiValue};
use napi::{Env, JsValue, Unknown};
use nnopen_ffi as ffi;
use nnopen_ffi::text::utf16;

use crate::Result;

pub(crate) fn step_told(env: &Env, step: ffi::Step<Vec<u16>>) -> Result<Unknown<'_>> {
    match step {
        // The request is overwritten when it is dropped.
        ffi::Step::Send(request) => list(env, text(env, &ffi::text::head(&request))?, Some(request.body.as_bytes())),
        ffi::Step::Wait { until } => until.into_unknown(env),
        ffi::Step::Load => list(env, (-1).into_unknown(env)?, None),
        ffi::Step::Swap { version, bytes } => {
            list(env, i64::try_from(version).unwrap_or(i64::MAX).into_unknown(env)?, Some(&bytes))
        }
        ffi::Step::Done { result } => Ok(env.create_string_utf16(result)?.to_unknown()),
    }
}

/// An event is a result.
pub(crate) fn batch_step_told(env: &Env, step: ffi::BatchStep) -> Result<Unknown<'_>> {
    let step = match step {
        ffi::BatchStep::Send(request) => ffi::Step::Send(request),
        ffi::BatchStep::Wait { until } => ffi::Step::Wait { until },
        ffi::BatchStep::Load => ffi::Step::Load,
        ffi::BatchStep::Swap { version, bytes } => ffi::Step::Swap { version, bytes },
        ffi::BatchStep::Event(event) => ffi::Step::Done { result: utf16(&ffi::text::event(&event)) },
        ffi::BatchStep::Idle => return ().into_unknown(env),
    };
    step_told(env, step)
}

/// A list of something and, perhaps, bytes: a copy that is JavaScript's own.
fn list<'env>(env: &'env Env, first: Unknown<'env>, bytes: Option<&[u8]>) -> Result<Unknown<'env>> {
    let mut list = env.create_array(1 + u32::from(bytes.is_some()))?;
    list.set(0, first)?;
    if let Some(bytes) = bytes {
        list.set(1, &BufferSlice::copy_from(env, bytes)?)?;
    }
    Ok(list.to_unknown())
}

/// A text. JavaScript is slow to make one of UTF-8 that is not plain ASCII.
pub(crate) fn text<'env>(env: &'env Env, text: &str) -> Result<Unknown<'env>> {
    let told = match text.is_ascii() {
        true => env.create_string_latin1(text)?,
        false => env.create_string_utf16(utf16(text))?,
    };
    Ok(told.to_unknown())
}
