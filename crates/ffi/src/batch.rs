//! Many orders followed at once, over plain values.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use nnopen::{Json, Millis, Progress, Request};

use crate::{Failure, failure, guard, stamp};

/// Orders (or serials) that are followed; safe to share between threads, one step at a time.
#[derive(Debug)]
pub struct Batch(pub(crate) Mutex<nnopen::Batch>);

/// How a batch asks; see the core for what each rule means.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct BatchRules {
    /// `orderNos` or `serialNos`.
    pub by: String,
    /// Requests a second.
    pub rate: u32,
    /// Seconds.
    pub slowest: u32,
    /// Seconds.
    pub give_up: u32,
    /// More params of each query as JSON text; empty for none.
    pub with: String,
}

impl Default for BatchRules {
    fn default() -> Self {
        let nnopen::BatchRules { by, rate, slowest, give_up, .. } = nnopen::BatchRules::default();
        Self { by, rate, slowest, give_up, with: String::new() }
    }
}

impl BatchRules {
    pub(crate) fn into_core(self) -> Result<nnopen::BatchRules, Failure> {
        let Self { by, rate, slowest, give_up, with } = self;
        let with = if with.is_empty() { Json::Null } else { Json::parse_params(&with)? };
        Ok(nnopen::BatchRules { by, rate, slowest, give_up, with })
    }
}

/// What the host is to do next. `Debug` hides what is to be stored, and a request's secrets.
#[derive(Clone)]
#[allow(missing_docs)]
pub enum BatchStep {
    /// POST it, the body byte for byte.
    Send(Request),
    /// Step again at this time, or earlier after `add` and `hint`.
    Wait { until: i64 },
    /// Read the token's store, then tell what it holds.
    Load,
    /// Put the bytes into the store if it still holds this version, then tell whether it did.
    Swap { version: u64, bytes: Vec<u8> },
    /// Take it in, then step again.
    Event(BatchEvent),
    /// Nothing is followed.
    Idle,
}

impl fmt::Debug for BatchStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Send(request) => f.debug_tuple("Send").field(request).finish(),
            Self::Wait { until } => f.debug_struct("Wait").field("until", until).finish(),
            Self::Load => f.write_str("Load"),
            Self::Swap { version, .. } => f.debug_struct("Swap").field("version", version).finish_non_exhaustive(),
            Self::Event(event) => f.debug_tuple("Event").field(event).finish(),
            Self::Idle => f.write_str("Idle"),
        }
    }
}

/// What has become of an order, or what troubles the batch.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchEvent {
    /// `done`, `failed`, `needs_retry`, `absent`, `gave_up`: the order's end; `trouble`: no end, they are asked again.
    pub kind: &'static str,
    /// The order; with `trouble`, all that were asked about.
    pub keys: Vec<String>,
    /// The order's rows as JSON text, a list.
    pub rows: Option<String>,
    /// With `trouble`: why.
    pub failure: Option<Box<Failure>>,
}

impl From<nnopen::BatchEvent> for BatchEvent {
    fn from(event: nnopen::BatchEvent) -> Self {
        let end = |kind, key, rows: Option<Json>| Self {
            kind,
            keys: vec![key],
            rows: rows.map(|rows| rows.to_string()),
            failure: None,
        };
        match event {
            nnopen::BatchEvent::Done { key, rows } => end("done", key, Some(rows)),
            nnopen::BatchEvent::Failed { key, rows } => end("failed", key, Some(rows)),
            nnopen::BatchEvent::NeedsRetry { key, rows } => end("needs_retry", key, Some(rows)),
            nnopen::BatchEvent::Absent { key } => end("absent", key, None),
            nnopen::BatchEvent::GaveUp { key, rows } => end("gave_up", key, Some(rows)),
            nnopen::BatchEvent::Trouble { keys, error } => {
                Self { kind: "trouble", keys, rows: None, failure: Some(Box::new(error.into())) }
            }
        }
    }
}

impl Batch {
    /// Follows an order that was submitted at `since`; `false` if it is followed already.
    pub fn add(&self, key: &str, since: i64, now: i64) -> Result<bool, Failure> {
        guard(|| Ok(self.lock().add(key, Millis(since), Millis(now))?))
    }

    /// A push came about this order; `false` if it is not followed.
    pub fn hint(&self, key: &str, now: i64) -> Result<bool, Failure> {
        guard(|| Ok(self.lock().hint(key, Millis(now))?))
    }

    /// What to do now. `entropy` is 20 bytes from a cryptographic random source.
    pub fn step(&self, now: i64, entropy: &[u8]) -> Result<BatchStep, Failure> {
        guard(|| {
            Ok(match self.lock().step(&stamp(now, entropy)?)? {
                nnopen::BatchStep::Send(request) => BatchStep::Send(request),
                nnopen::BatchStep::Wait(until) => BatchStep::Wait { until: until.0 },
                nnopen::BatchStep::Load => BatchStep::Load,
                nnopen::BatchStep::Swap { version, bytes } => BatchStep::Swap { version, bytes },
                nnopen::BatchStep::Event(event) => BatchStep::Event(event.into()),
                nnopen::BatchStep::Idle => BatchStep::Idle,
            })
        })
    }

    /// The answer to the request sent last.
    pub fn receive(&self, status: u16, body: &[u8], now: i64) -> Result<(), Failure> {
        guard(|| Ok(self.lock().receive(status, body, Millis(now))?))
    }

    /// The request sent last got no answer; `not_sent` only if it surely did not leave.
    pub fn fail(&self, not_sent: bool, reason: &str, now: i64) -> Result<(), Failure> {
        guard(|| Ok(self.lock().fail(failure(not_sent), reason, Millis(now))?))
    }

    /// What the token's store holds; 0 and nothing, if nothing was put into it yet.
    pub fn loaded(&self, version: u64, bytes: &[u8], now: i64) -> Result<(), Failure> {
        guard(|| Ok(self.lock().loaded(version, bytes, Millis(now))?))
    }

    /// Whether the store held the version that was to be replaced, and holds the new bytes now.
    pub fn swapped(&self, stored: bool, now: i64) -> Result<(), Failure> {
        guard(|| Ok(self.lock().swapped(stored, Millis(now))?))
    }

    /// The store could not be read or written, or did not answer.
    pub fn store_failed(&self, reason: &str, now: i64) -> Result<(), Failure> {
        guard(|| Ok(self.lock().store_failed(reason, Millis(now))?))
    }

    /// Figures to show.
    pub fn progress(&self) -> Result<Progress, Failure> {
        guard(|| Ok(self.lock().progress()))
    }

    /// All orders that have no event yet, as JSON text: keys and times, neither secret nor token.
    pub fn snapshot(&self) -> Result<String, Failure> {
        guard(|| Ok(self.lock().snapshot()))
    }

    /// Follows all orders of a snapshot too; the answer is how many came in.
    pub fn resume(&self, snapshot: &str, now: i64) -> Result<u64, Failure> {
        guard(|| Ok(self.lock().resume(snapshot, Millis(now))? as u64))
    }

    fn lock(&self) -> MutexGuard<'_, nnopen::Batch> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_followed_over_plain_values() {
        let config = crate::Config {
            environment: "sandbox".into(),
            app_key: "SD00000001".into(),
            app_secret: "SD00000000000001".into(),
            tax_num: "339901999999142".into(),
            permanent_token: Some("PERMANENT-1".into()),
            ..crate::Config::default()
        };
        let session = crate::Session::open(config).unwrap();
        let batch = session.follow("nuonuo.OpeMplatform.queryInvoiceResult", BatchRules::default()).unwrap();
        let now = 1_700_000_000_000;
        assert!(batch.add("A-1", now - 60_000, now).unwrap() && !batch.add("A-1", now, now).unwrap());
        assert_eq!(batch.resume(&batch.snapshot().unwrap(), now).unwrap(), 0);
        let Ok(BatchStep::Send(request)) = batch.step(now, &[1; 20]) else { panic!("it is due") };
        assert_eq!(request.body, r#"{"orderNos":["A-1"]}"#);
        batch.receive(200, br#"{"code":"E0000","result":[{"orderNo":"A-1","status":"22"}]}"#, now).unwrap();
        let Ok(BatchStep::Event(event)) = batch.step(now, &[2; 20]) else { panic!("it is final") };
        assert_eq!((event.kind, event.keys.as_slice()), ("failed", &["A-1".to_owned()][..]));
        assert_eq!(event.rows.as_deref(), Some(r#"[{"orderNo":"A-1","status":"22"}]"#));
        assert!(matches!(batch.step(now, &[3; 20]), Ok(BatchStep::Idle)));
        assert_eq!(batch.progress().unwrap().failed, 1);
    }
}
