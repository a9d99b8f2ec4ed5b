//! What a call or a batch wants done.

use napi::bindgen_prelude::Buffer;
use napi_derive::napi;
use nnopen_ffi as ffi;

/// What to do next: `head` and `body` to be sent, a time to wait until, the result; or, of the token's store: `version`
/// alone to read it, with `body` to replace what it holds.
#[napi(object, object_from_js = false)]
#[derive(Default)]
pub struct Step {
    /// The address, then the headers: a line each.
    pub head: Option<String>,
    /// The body's own bytes.
    pub body: Option<Buffer>,
    /// Milliseconds since 1970.
    pub until: Option<i64>,
    /// JSON text.
    pub result: Option<String>,
    /// The store's version that is to be replaced; -1 if the store is to be read.
    pub version: Option<i64>,
}

impl Step {
    /// An event is a result; nothing at all means that nothing is followed.
    pub(crate) fn of_batch(step: ffi::BatchStep) -> Self {
        let step = match step {
            ffi::BatchStep::Send(request) => ffi::Step::Send(request),
            ffi::BatchStep::Wait { until } => ffi::Step::Wait { until },
            ffi::BatchStep::Load => ffi::Step::Load,
            ffi::BatchStep::Swap { version, bytes } => ffi::Step::Swap { version, bytes },
            ffi::BatchStep::Event(event) => ffi::Step::Done { result: ffi::text::event(&event) },
            ffi::BatchStep::Idle => return Self::default(),
        };
        Self::of(step, false)
    }

    pub(crate) fn of(step: ffi::Step, exact: bool) -> Self {
        let nothing = Self::default();
        match step {
            ffi::Step::Send(request) => {
                let head = ffi::text::head(&request);
                Self { head: Some(head), body: Some(request.into_parts().2.into_bytes().into()), ..nothing }
            }
            ffi::Step::Wait { until } => Self { until: Some(until), ..nothing },
            ffi::Step::Load => Self { version: Some(-1), ..nothing },
            ffi::Step::Swap { version, bytes } => {
                Self { version: i64::try_from(version).ok(), body: Some(bytes.into()), ..nothing }
            }
            ffi::Step::Done { result } => {
                Self { result: Some(if exact { ffi::text::exact(&result) } else { result }), ..nothing }
            }
        }
    }
}
