//! One call in progress: what to send, when to wait, what came of it.
//!
//! ```text
//!         step, no token       receive, a token
//!   Ready ────────────▶ FetchingToken ────────▶ Ready
//!     │                        └── denied, lost ────────────────┐
//!     │ step, a token is held                                   ▼
//!     └───────────────▶ Asking ── receive, final; fail ───────▶ Ended ── step ──▶ Over
//!                         │ │                                     the result, or why not
//!                         │ └── receive, token rejected ──▶ Ready, once
//!                         └──── receive, not final yet ───▶ Resting ── step, in time ──▶ as Ready
//! ```
//!
//! No answer to a read: `transport`, nothing was done. No answer to a write: `uncertain`, it may have been done.
//! Where the token is shared, `store.rs` tells what comes between Ready and FetchingToken, and after it. `ask.rs` writes
//! the call's own request and reads its answer, `fetch.rs` those of a token.

mod ask;
mod fetch;
mod phase;
mod snapshot;
mod step;
mod store;
mod task;

use std::marker::PhantomData;

use crate::error::{Error, ErrorKind, Violation};
use crate::json::{FromJson, Json};
use crate::model::Effect;
use crate::session::Session;
use crate::token::{Event, Sight, Token, Want};
use crate::wire::{Millis, Stamp};
use phase::Phase;
pub use step::{Failure, Step};
pub(crate) use task::{Next, Task};

/// No call is made before 2001 or after 5138: seconds or microseconds were told instead.
const EARLIEST: Millis = Millis(1_000_000_000_000);
const LATEST: Millis = Millis(100_000_000_000_000);

/// One thing that is wanted, in progress: driven by [`Call::step`], [`Call::receive`] and [`Call::fail`]; where the token
/// is shared, also by [`Call::loaded`], [`Call::swapped`] and [`Call::store_failed`].
///
/// Dropping it while an answer is awaited counts as [`Failure::MaybeSent`].
#[derive(Debug)]
pub struct Call<T> {
    session: Session,
    task: Task,
    phase: Phase,
    /// Whether the token of the request under way replaces a rejected one.
    replaced: bool,
    /// How often the store held something newer.
    refusals: u8,
    warnings: Vec<Violation>,
    /// The latest time that was told.
    now: Millis,
    output: PhantomData<fn() -> T>,
}

impl<T: FromJson> Call<T> {
    /// What to do now. Ask again after each `receive`, `fail`, `loaded`, `swapped`, `store_failed` or wait, until it is done
    /// or an error comes.
    ///
    /// # Errors
    /// How the call ended, by its kind; `usage` (and nothing is lost) if an answer is still awaited, the call is over, or
    /// the stamp's entropy was used before.
    pub fn step(&mut self, stamp: &Stamp) -> Result<Step<T>, Error> {
        in_millis(stamp.now)?;
        self.now = self.now.max(stamp.now);
        if let Phase::Resting { since, until } = &mut self.phase
            && stamp.now < *since
        {
            // The clock was set back: the rest does not get longer.
            (*since, *until) = (stamp.now, stamp.now.after(until.since(*since)));
        }
        match &self.phase {
            Phase::Resting { until, .. } if stamp.now < *until => Ok(Step::Wait(*until)),
            Phase::Ready | Phase::Resting { .. } | Phase::Loaded(_) | Phase::Offline(_) => self.begin(stamp),
            Phase::Claimed(..) => self.fetch_claimed(stamp),
            Phase::Unkept(..) => self.keep(stamp),
            Phase::FetchingToken(..) | Phase::Asking(_) => Err(Error::usage("the request sent last has no answer yet")),
            Phase::Loading | Phase::Claiming(..) | Phase::Reloading(_) | Phase::Keeping(..) => {
                Err(Error::usage("the store has not answered yet"))
            }
            Phase::Ended(_) => self.end(),
            Phase::Over => Err(Error::usage("this call is over")),
        }
    }

    fn end(&mut self) -> Result<Step<T>, Error> {
        match std::mem::replace(&mut self.phase, Phase::Over) {
            Phase::Ended(Ok(result)) => match T::from_json(result) {
                Ok(output) => Ok(Step::Done(output)),
                // A write was accepted all the same: that must not look like a failure that may be sent again.
                Err(json) => {
                    let kind = if self.task.method().effect == Effect::Write {
                        ErrorKind::Uncertain
                    } else {
                        ErrorKind::Reply
                    };
                    Err(Error::new(kind, "accepted, but the result has another shape than documented")
                        .with_result(json))
                }
            },
            Phase::Ended(Err(error)) => Err(error),
            _ => Err(Error::usage("this call is over")),
        }
    }

    fn begin(&mut self, stamp: &Stamp) -> Result<Step<T>, Error> {
        let sight = match &self.phase {
            Phase::Offline(error) => Sight::Blind(error.clone()),
            Phase::Loaded(_) => Sight::Clear,
            _ if self.session.config().shared => Sight::Unseen,
            _ => Sight::Clear,
        };
        let want = {
            let mut changing = self.session.changing();
            if changing.last_entropy == Some(stamp.entropy) {
                return Err(Error::usage("the stamp's entropy was used before: every step needs new random bytes"));
            }
            let want = match &self.task {
                Task::SignIn(grant) => changing.life.want_by(grant, sight, stamp.now),
                Task::Once { .. } | Task::Poll(_) | Task::Settle(_) => changing.life.want(sight, stamp.now),
            };
            if matches!(want, Want::Use(_) | Want::Fetch(_)) {
                changing.last_entropy = Some(stamp.entropy);
            }
            want
        };
        match want {
            Want::Use(access) if matches!(self.task, Task::SignIn(_)) => {
                let token = self.session.token().unwrap_or(Token::permanent(access));
                self.phase = Phase::Ended(Ok(Json::from(&token)));
                self.end()
            }
            Want::Use(access) => {
                self.task.sent(stamp.now);
                let request = self.request(&access, stamp);
                self.phase = Phase::Asking(access);
                Ok(Step::Send(request))
            }
            Want::Load => {
                self.phase = Phase::Loading;
                Ok(Step::Load)
            }
            Want::Fetch(fetch) => match self.phase {
                Phase::Loaded(version) => Ok(self.claim(fetch, version, stamp)),
                _ => Ok(self.fetch(&fetch, None)),
            },
            Want::Wait(until) => {
                self.phase = Phase::Resting { since: stamp.now, until };
                Ok(Step::Wait(until))
            }
            Want::Fail(error) => {
                self.phase = Phase::Ended(Err(self.task.without_token(error, stamp.now)));
                self.end()
            }
        }
    }
}

impl<T> Call<T> {
    pub(crate) fn new(session: Session, task: Task, warnings: Vec<Violation>) -> Self {
        Self {
            session,
            task,
            phase: Phase::Ready,
            replaced: false,
            refusals: 0,
            warnings,
            now: Millis(i64::MIN),
            output: PhantomData,
        }
    }

    /// What someone should look at in the params; they are sent all the same.
    pub fn warnings(&self) -> &[Violation] {
        &self.warnings
    }

    /// The answer to the request sent last: its HTTP status and the bytes of its body.
    ///
    /// # Errors
    /// `usage`, if no request is waiting for an answer.
    pub fn receive(&mut self, status: u16, body: &[u8], now: Millis) -> Result<(), Error> {
        self.now = self.now.max(now);
        self.phase = match std::mem::replace(&mut self.phase, Phase::Over) {
            Phase::FetchingToken(id, claim) => {
                let then = self.token_answer(id, status, body, now);
                self.to_keep(claim.as_ref(), then)
            }
            Phase::Asking(access) => self.answer(&access, status, body, now),
            other => {
                self.phase = other;
                return Err(Error::usage("no request is waiting for an answer"));
            }
        };
        Ok(())
    }

    /// The request sent last got no answer; `reason` is for people.
    ///
    /// # Errors
    /// `usage`, if no request is waiting for an answer.
    pub fn fail(&mut self, failure: Failure, reason: &str, now: Millis) -> Result<(), Error> {
        self.now = self.now.max(now);
        self.phase = match std::mem::replace(&mut self.phase, Phase::Over) {
            Phase::FetchingToken(id, claim) => {
                let then = self.token_lost(id, failure, reason, now);
                self.to_keep(claim.as_ref(), then)
            }
            Phase::Asking(access) => {
                let next = self.task.unanswered(failure, reason, now);
                self.go(next, &access, now)
            }
            other => {
                self.phase = other;
                return Err(Error::usage("no request is waiting for an answer"));
            }
        };
        Ok(())
    }

    /// Whether the next step may begin something that ends in a request; what is claimed in the store does not wait.
    pub(crate) fn is_ready(&self) -> bool {
        matches!(self.phase, Phase::Ready | Phase::Resting { .. } | Phase::Loaded(_))
    }

    /// Whether the answer to the call's own request is awaited.
    pub(crate) fn is_asking(&self) -> bool {
        matches!(self.phase, Phase::Asking(_))
    }

    /// How it ended, if it has.
    pub(crate) fn take_end(&mut self) -> Option<Result<Json, Error>> {
        match std::mem::replace(&mut self.phase, Phase::Over) {
            Phase::Ended(end) => Some(end),
            phase => {
                self.phase = phase;
                None
            }
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Over)
    }
}

impl<T> Drop for Call<T> {
    fn drop(&mut self) {
        match &self.phase {
            Phase::FetchingToken(id, _) => {
                self.session.changing().life.apply(Event::Lost(*id, "the call was dropped".to_owned()), self.now);
            }
            Phase::Claiming(fetch, claim) | Phase::Claimed(fetch, claim) => self.unclaim(fetch, claim),
            Phase::Ready
            | Phase::Resting { .. }
            | Phase::Loading
            | Phase::Loaded(_)
            | Phase::Offline(_)
            | Phase::Unkept(..)
            | Phase::Reloading(_)
            | Phase::Keeping(..)
            | Phase::Asking(_)
            | Phase::Ended(_)
            | Phase::Over => {}
        }
    }
}

/// Refuses a time that is told in another unit.
pub(crate) fn in_millis(now: Millis) -> Result<(), Error> {
    match (EARLIEST..LATEST).contains(&now) {
        true => Ok(()),
        false => Err(Error::usage("the time must be told in milliseconds since 1970")),
    }
}
