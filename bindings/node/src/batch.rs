//! Many orders followed at once.

use napi_derive::napi;
use nnopen_ffi as ffi;

use crate::step::Step;
use crate::{Result, told};

/// Many orders followed at once.
#[napi]
pub struct Batch(pub(crate) ffi::Batch);

#[napi]
impl Batch {
    /// Follows an order that was submitted at `since`; `false` if it is followed already.
    #[napi]
    pub fn add(&self, key: String, since: i64, now: i64) -> Result<bool> {
        self.0.add(&key, since, now).map_err(told)
    }

    /// A push came about this order; `false` if it is not followed.
    #[napi]
    pub fn hint(&self, key: String, now: i64) -> Result<bool> {
        self.0.hint(&key, now).map_err(told)
    }

    /// What to do now: as a call's step; an event is a result, and nothing at all means that no order is followed.
    #[napi]
    pub fn step(&self, now: i64, entropy: &[u8]) -> Result<Step> {
        self.0.step(now, entropy).map(Step::of_batch).map_err(told)
    }

    /// The answer to the request sent last.
    #[napi]
    pub fn receive(&self, status: u32, body: &[u8], now: i64) -> Result<()> {
        self.0.receive(u16::try_from(status).unwrap_or(0), body, now).map_err(told)
    }

    /// No answer came.
    #[napi]
    pub fn fail(&self, not_sent: bool, reason: String, now: i64) -> Result<()> {
        self.0.fail(not_sent, &reason, now).map_err(told)
    }

    /// What the token's store holds.
    #[napi]
    pub fn loaded(&self, version: i64, bytes: &[u8], now: i64) -> Result<()> {
        self.0.loaded(u64::try_from(version).unwrap_or(0), bytes, now).map_err(told)
    }

    /// Whether the store took the bytes.
    #[napi]
    pub fn swapped(&self, stored: bool, now: i64) -> Result<()> {
        self.0.swapped(stored, now).map_err(told)
    }

    /// The store did not answer.
    #[napi]
    pub fn store_failed(&self, reason: String, now: i64) -> Result<()> {
        self.0.store_failed(&reason, now).map_err(told)
    }

    /// Figures to show, as JSON text.
    #[napi]
    pub fn progress(&self) -> Result<String> {
        self.0.progress().map(|progress| ffi::text::progress(&progress)).map_err(told)
    }

    /// All orders that have no event yet, as JSON text.
    #[napi]
    pub fn snapshot(&self) -> Result<String> {
        self.0.snapshot().map_err(told)
    }

    /// Follows all orders of a snapshot too; the answer is how many came in.
    #[napi]
    pub fn resume(&self, snapshot: String, now: i64) -> Result<u32> {
        self.0.resume(&snapshot, now).map(|count| u32::try_from(count).unwrap_or(u32::MAX)).map_err(told)
    }
}
