//! What a call or a batch wants done, and times, as JavaScript has them.

use js_sys::{Array, JsString, Uint8Array};
use nnopen_ffi as ffi;
use wasm_bindgen::prelude::*;

/// What to do next, as a list: head and body to be sent, a time to wait until, the result, the store's version.
pub(crate) fn listed(step: ffi::Step, exact: bool) -> Array {
    let nothing = JsValue::UNDEFINED;
    match step {
        ffi::Step::Send(request) => {
            let body = Uint8Array::from(request.body.as_bytes());
            Array::of2(&JsString::from(ffi::text::head(&request)), &body)
        }
        ffi::Step::Wait { until } => Array::of3(&nothing, &nothing, &millis(until)),
        ffi::Step::Load => Array::of5(&nothing, &nothing, &nothing, &nothing, &millis(-1)),
        ffi::Step::Swap { version, bytes } => {
            let body = Uint8Array::from(bytes.as_slice());
            Array::of5(&nothing, &body, &nothing, &nothing, &millis(i64::try_from(version).unwrap_or(i64::MAX)))
        }
        ffi::Step::Done { result } => {
            let result = if exact { ffi::text::exact(&result) } else { result };
            Array::of4(&nothing, &nothing, &nothing, &JsString::from(result))
        }
    }
}

/// As [`listed`]; an event is a result, an empty list means that nothing is followed.
pub(crate) fn listed_batch(step: ffi::BatchStep) -> Array {
    match step {
        ffi::BatchStep::Send(request) => listed(ffi::Step::Send(request), false),
        ffi::BatchStep::Wait { until } => listed(ffi::Step::Wait { until }, false),
        ffi::BatchStep::Load => listed(ffi::Step::Load, false),
        ffi::BatchStep::Swap { version, bytes } => listed(ffi::Step::Swap { version, bytes }, false),
        ffi::BatchStep::Event(event) => listed(ffi::Step::Done { result: ffi::text::event(&event) }, false),
        ffi::BatchStep::Idle => Array::new(),
    }
}

#[allow(clippy::cast_precision_loss)]
fn millis(time: i64) -> JsValue {
    JsValue::from_f64(time as f64)
}

#[allow(clippy::cast_possible_truncation)]
pub(crate) fn time(now: f64) -> i64 {
    now as i64
}
