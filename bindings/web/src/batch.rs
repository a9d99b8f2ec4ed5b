//! Many orders followed at once.

use nnopen_ffi as ffi;
use wasm_bindgen::prelude::*;

use crate::step::{batch_step_told, time};
use crate::{Result, told};

/// Many orders followed at once.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Batch(pub(crate) ffi::Batch);

#[wasm_bindgen]
impl Batch {
    /// Follows an order that was submitted at `since`; `false` if it is followed already.
    pub fn add(&self, key: String, since: f64, now: f64) -> Result<bool> {
        self.0.add(&key, time(since), time(now)).map_err(told)
    }

    /// A push came about this order; `false` if it is not followed.
    pub fn hint(&self, key: String, now: f64) -> Result<bool> {
        self.0.hint(&key, time(now)).map_err(told)
    }

    /// What to do now: as a call's step; an event is a result, and nothing at all means that no order is followed.
    pub fn step(&self, now: f64, entropy: &[u8]) -> Result<JsValue> {
        self.0.step(time(now), entropy).map(batch_step_told).map_err(told)
    }

    /// The answer to the request sent last.
    pub fn receive(&self, status: u32, body: &[u8], now: f64) -> Result<()> {
        self.0.receive(u16::try_from(status).unwrap_or(0), body, time(now)).map_err(told)
    }

    /// No answer came.
    pub fn fail(&self, not_sent: bool, reason: String, now: f64) -> Result<()> {
        self.0.fail(not_sent, &reason, time(now)).map_err(told)
    }

    /// What the token's store holds.
    pub fn loaded(&self, version: f64, bytes: &[u8], now: f64) -> Result<()> {
        self.0.loaded(u64::try_from(time(version)).unwrap_or(0), bytes, time(now)).map_err(told)
    }

    /// Whether the store took the bytes.
    pub fn swapped(&self, stored: bool, now: f64) -> Result<()> {
        self.0.swapped(stored, time(now)).map_err(told)
    }

    /// The store did not answer.
    #[wasm_bindgen(js_name = storeFailed)]
    pub fn store_failed(&self, reason: String, now: f64) -> Result<()> {
        self.0.store_failed(&reason, time(now)).map_err(told)
    }

    /// Figures to show, as JSON text.
    pub fn progress(&self) -> Result<String> {
        self.0.progress().map(|progress| ffi::text::progress(&progress)).map_err(told)
    }

    /// All orders that have no event yet, as JSON text.
    pub fn snapshot(&self) -> Result<String> {
        self.0.snapshot().map_err(told)
    }

    /// Follows all orders of a snapshot too; the answer is how many came in.
    pub fn resume(&self, snapshot: String, now: f64) -> Result<u32> {
        self.0.resume(&snapshot, time(now)).map(|count| u32::try_from(count).unwrap_or(u32::MAX)).map_err(told)
    }
}
