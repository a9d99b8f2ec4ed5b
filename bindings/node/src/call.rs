//! One call in progress.

use napi_derive::napi;
use nnopen_ffi as ffi;

use crate::step::Step;
use crate::{Result, told};

/// One call in progress.
#[napi]
pub struct Call(Option<ffi::Call>);

#[napi]
impl Call {
    pub(crate) fn of(call: ffi::Call) -> Self {
        Self(Some(call))
    }

    fn running(&self) -> Result<&ffi::Call> {
        self.0.as_ref().ok_or_else(|| napi::Error::from_reason("the call has ended"))
    }

    /// What to do now; `exact` if the result's numbers are to be texts.
    #[napi]
    pub fn step(&self, now: i64, entropy: &[u8], exact: bool) -> Result<Step> {
        self.running()?.step(now, entropy).map(|step| Step::of(step, exact)).map_err(told)
    }

    /// The answer to the request sent last.
    #[napi]
    pub fn receive(&self, status: u32, body: &[u8], now: i64) -> Result<()> {
        self.running()?.receive(u16::try_from(status).unwrap_or(0), body, now).map_err(told)
    }

    /// No answer came.
    #[napi]
    pub fn fail(&self, not_sent: bool, reason: String, now: i64) -> Result<()> {
        self.running()?.fail(not_sent, &reason, now).map_err(told)
    }

    /// What the token's store holds.
    #[napi]
    pub fn loaded(&self, version: i64, bytes: &[u8], now: i64) -> Result<()> {
        self.running()?.loaded(u64::try_from(version).unwrap_or(0), bytes, now).map_err(told)
    }

    /// Whether the store took the bytes.
    #[napi]
    pub fn swapped(&self, stored: bool, now: i64) -> Result<()> {
        self.running()?.swapped(stored, now).map_err(told)
    }

    /// The store did not answer.
    #[napi]
    pub fn store_failed(&self, reason: String, now: i64) -> Result<()> {
        self.running()?.store_failed(&reason, now).map_err(told)
    }

    /// What someone should look at in the params, as JSON text.
    #[napi]
    pub fn warnings(&self) -> Result<String> {
        Ok(ffi::text::violations(&self.running()?.warnings()))
    }

    /// The call as JSON text, for the session's `resume`: it holds the body, neither secret nor token.
    #[napi]
    pub fn snapshot(&self) -> Result<String> {
        self.running()?.snapshot().map_err(told)
    }

    /// Throws the call away.
    #[napi]
    pub fn end(&mut self) {
        self.0 = None;
    }
}
