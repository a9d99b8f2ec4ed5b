//! Many orders followed at once.

use nnopen_ffi as ffi;

use crate::Result;
use crate::plain::{self, Failure, Secret};

/// Orders (or serials) that are followed.
#[derive(uniffi::Object)]
pub struct Batch(pub(crate) ffi::Batch);

/// How a batch asks; what is not given is the core's own choice.
#[derive(uniffi::Record)]
pub struct BatchRules {
    /// `orderNos` or `serialNos`.
    pub by: Option<String>,
    /// Requests a second.
    pub rate: Option<i32>,
    /// Seconds.
    pub slowest: Option<i32>,
    /// Seconds.
    pub give_up: Option<i32>,
    /// More params of each query as JSON text.
    pub with: Option<String>,
}

impl From<BatchRules> for ffi::BatchRules {
    fn from(rules: BatchRules) -> Self {
        let ours = Self::default();
        let whole = |given: Option<i32>, ours: u32| given.map_or(ours, |given| u32::try_from(given).unwrap_or(0));
        Self {
            by: rules.by.unwrap_or(ours.by),
            rate: whole(rules.rate, ours.rate),
            slowest: whole(rules.slowest, ours.slowest),
            give_up: whole(rules.give_up, ours.give_up),
            with: rules.with.unwrap_or(ours.with),
        }
    }
}

/// What the host is to do next.
#[derive(uniffi::Enum)]
#[allow(missing_docs)]
pub enum BatchStep {
    /// POST it: the address and the headers, a line each; the body byte for byte.
    Send { head: Secret, body: Vec<u8> },
    /// Step again at this time, or earlier after `add` and `hint`.
    Wait { until: i64 },
    /// Read the token's store.
    Load,
    /// Put the bytes into the store if it still holds this version.
    Swap { version: i64, bytes: Vec<u8> },
    /// Take it in, then step again.
    Event { event: BatchEvent },
    /// Nothing is followed.
    Idle,
}

/// What has become of an order, or what troubles the batch.
#[derive(uniffi::Record)]
pub struct BatchEvent {
    /// `done`, `failed`, `needs_retry`, `absent`, `gave_up` or `trouble`.
    pub kind: String,
    /// The order; with `trouble`, all that were asked about.
    pub keys: Vec<String>,
    /// The order's rows as JSON text.
    pub rows: Option<String>,
    /// With `trouble`: why.
    pub failure: Option<Failure>,
}

/// Figures to show.
#[derive(uniffi::Record)]
#[allow(missing_docs)]
pub struct Progress {
    pub pending: i64,
    pub done: i64,
    pub failed: i64,
    pub needs_retry: i64,
    pub absent: i64,
    pub gave_up: i64,
    pub queries: i64,
    pub asked_per_second: i64,
    pub oldest: Option<i64>,
}

impl From<ffi::BatchStep> for BatchStep {
    fn from(step: ffi::BatchStep) -> Self {
        match step {
            ffi::BatchStep::Send(mut request) => Self::Send {
                head: Secret(ffi::text::head(&request)),
                body: std::mem::take(&mut request.body).into_bytes(),
            },
            ffi::BatchStep::Wait { until } => Self::Wait { until },
            ffi::BatchStep::Load => Self::Load,
            ffi::BatchStep::Swap { version, bytes } => Self::Swap { version: plain::signed(version), bytes },
            ffi::BatchStep::Event(ffi::BatchEvent { kind, keys, rows, failure }) => {
                let failure = failure.map(|failure| Failure::from(*failure));
                Self::Event { event: BatchEvent { kind: kind.to_owned(), keys, rows, failure } }
            }
            ffi::BatchStep::Idle => Self::Idle,
        }
    }
}

#[uniffi::export]
impl Batch {
    /// Follows an order that was submitted at `since`; `false` if it is followed already.
    pub fn add(&self, key: &str, since: i64, now: i64) -> Result<bool> {
        Ok(self.0.add(key, since, now)?)
    }

    /// A push came about this order; `false` if it is not followed.
    pub fn hint(&self, key: &str, now: i64) -> Result<bool> {
        Ok(self.0.hint(key, now)?)
    }

    /// What to do now; `entropy` is 20 bytes from a cryptographic random source.
    pub fn step(&self, now: i64, entropy: Vec<u8>) -> Result<BatchStep> {
        Ok(self.0.step(now, &entropy)?.into())
    }

    /// The answer to the request sent last.
    pub fn receive(&self, status: i32, body: Vec<u8>, now: i64) -> Result<()> {
        Ok(self.0.receive(plain::status(status), &body, now)?)
    }

    /// No answer came; `not_sent` only if it surely did not leave.
    pub fn fail(&self, not_sent: bool, reason: &str, now: i64) -> Result<()> {
        Ok(self.0.fail(not_sent, reason, now)?)
    }

    /// What the token's store holds.
    pub fn loaded(&self, version: i64, bytes: Vec<u8>, now: i64) -> Result<()> {
        Ok(self.0.loaded(plain::unsigned(version), &bytes, now)?)
    }

    /// Whether the store took the bytes.
    pub fn swapped(&self, stored: bool, now: i64) -> Result<()> {
        Ok(self.0.swapped(stored, now)?)
    }

    /// The store could not be read or written.
    pub fn store_failed(&self, reason: &str, now: i64) -> Result<()> {
        Ok(self.0.store_failed(reason, now)?)
    }

    /// Figures to show.
    pub fn progress(&self) -> Result<Progress> {
        let ffi::Progress { pending, done, failed, needs_retry, absent, gave_up, queries, asked_per_second, oldest } =
            self.0.progress()?;
        Ok(Progress {
            pending: plain::signed(pending as u64),
            done: plain::signed(done),
            failed: plain::signed(failed),
            needs_retry: plain::signed(needs_retry),
            absent: plain::signed(absent),
            gave_up: plain::signed(gave_up),
            queries: plain::signed(queries),
            asked_per_second: plain::signed(asked_per_second),
            oldest: oldest.map(|at| at.0),
        })
    }

    /// All orders that have no event yet, as JSON text: keys and times, neither secret nor token.
    pub fn snapshot(&self) -> Result<String> {
        Ok(self.0.snapshot()?)
    }

    /// Follows all orders of a snapshot too; the answer is how many came in.
    pub fn resume(&self, snapshot: &str, now: i64) -> Result<i64> {
        Ok(plain::signed(self.0.resume(snapshot, now)?))
    }
}
