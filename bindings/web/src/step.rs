//! What a call or a batch wants done, and times, as JavaScript has them.

use js_sys::{Array, JsString, Uint8Array};
use nnopen_ffi as ffi;
use wasm_bindgen::prelude::*;

/// What to do next, told by what it is: a text is the result, a number the time to wait until; a list that begins with a
/// text is a request's head, with its body to be sent; one that begins with a number is the store's version: alone to read
/// it (-1), with bytes to replace what it holds.
pub(crate) fn step_told(step: ffi::Step, exact: bool) -> JsValue {
    match step {
        ffi::Step::Send(request) => {
            let body = Uint8Array::from(request.body.as_bytes());
            Array::of2(&JsString::from(ffi::text::head(&request)), &body).into()
        }
        ffi::Step::Wait { until } => millis(until),
        ffi::Step::Load => Array::of1(&millis(-1)).into(),
        ffi::Step::Swap { version, bytes } => {
            let body = Uint8Array::from(bytes.as_slice());
            Array::of2(&millis(i64::try_from(version).unwrap_or(i64::MAX)), &body).into()
        }
        ffi::Step::Done { result } => {
            let result = if exact { ffi::text::exact(&result) } else { result };
            JsString::from(result).into()
        }
    }
}

/// As [`step_told`]; an event is a result, nothing at all means that nothing is followed.
pub(crate) fn batch_step_told(step: ffi::BatchStep) -> JsValue {
    let step = match step {
        ffi::BatchStep::Send(request) => ffi::Step::Send(request),
        ffi::BatchStep::Wait { until } => ffi::Step::Wait { until },
        ffi::BatchStep::Load => ffi::Step::Load,
        ffi::BatchStep::Swap { version, bytes } => ffi::Step::Swap { version, bytes },
        ffi::BatchStep::Event(event) => ffi::Step::Done { result: ffi::text::event(&event) },
        ffi::BatchStep::Idle => return JsValue::UNDEFINED,
    };
    step_told(step, false)
}

#[allow(clippy::cast_precision_loss)]
fn millis(time: i64) -> JsValue {
    JsValue::from_f64(time as f64)
}

#[allow(clippy::cast_possible_truncation)]
pub(crate) fn time(now: f64) -> i64 {
    now as i64
}
