//! One call in progress.

use nnopen_ffi as ffi;
use wasm_bindgen::prelude::*;

use crate::step::{step_told, time};
use crate::{Result, told};

/// One call in progress.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Call(Option<ffi::Call>);

#[wasm_bindgen]
impl Call {
    pub(crate) fn of(call: ffi::Call) -> Self {
        Self(Some(call))
    }

    fn running(&self) -> Result<&ffi::Call> {
        self.0.as_ref().ok_or_else(|| JsError::new("the call has ended"))
    }

    /// What to do now; `exact` if the result's numbers are to be texts.
    pub fn step(&self, now: f64, entropy: &[u8], exact: bool) -> Result<JsValue> {
        self.running()?.step(time(now), entropy).map(|step| step_told(step, exact)).map_err(told)
    }

    /// `receive` and an exact `step` in one; with its result the call has ended.
    pub fn answer(&mut self, status: u32, body: &[u8], now: f64, entropy: &[u8]) -> Result<JsValue> {
        self.receive(status, body, now)?;
        let step = self.running()?.step(time(now), entropy).map_err(told)?;
        if matches!(step, ffi::Step::Done { .. }) {
            self.end();
        }
        Ok(step_told(step, true))
    }

    /// The answer to the request sent last.
    pub fn receive(&self, status: u32, body: &[u8], now: f64) -> Result<()> {
        self.running()?.receive(u16::try_from(status).unwrap_or(0), body, time(now)).map_err(told)
    }

    /// No answer came.
    pub fn fail(&self, not_sent: bool, reason: String, now: f64) -> Result<()> {
        self.running()?.fail(not_sent, &reason, time(now)).map_err(told)
    }

    /// What the token's store holds.
    pub fn loaded(&self, version: f64, bytes: &[u8], now: f64) -> Result<()> {
        self.running()?.loaded(u64::try_from(time(version)).unwrap_or(0), bytes, time(now)).map_err(told)
    }

    /// Whether the store took the bytes.
    pub fn swapped(&self, stored: bool, now: f64) -> Result<()> {
        self.running()?.swapped(stored, time(now)).map_err(told)
    }

    /// The store did not answer.
    #[wasm_bindgen(js_name = storeFailed)]
    pub fn store_failed(&self, reason: String, now: f64) -> Result<()> {
        self.running()?.store_failed(&reason, time(now)).map_err(told)
    }

    /// What someone should look at in the params, as JSON text.
    pub fn warnings(&self) -> Result<String> {
        Ok(ffi::text::violations(&self.running()?.warnings()))
    }

    /// The call as JSON text, for the session's `resume`: it holds the body, neither secret nor token.
    pub fn snapshot(&self) -> Result<String> {
        self.running()?.snapshot().map_err(told)
    }

    /// Throws the call away.
    pub fn end(&mut self) {
        self.0 = None;
    }
}
