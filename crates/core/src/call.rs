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
    machine: Machine,
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
        Ok(match self.machine.step(stamp)? {
            Step::Send(request) => Step::Send(request),
            Step::Wait(until) => Step::Wait(until),
            Step::Load => Step::Load,
            Step::Swap { version, bytes } => Step::Swap { version, bytes },
            Step::Done(result) => Step::Done(T::from_json(result).map_err(|json| self.machine.misshapen(json))?),
        })
    }
}

impl<T> Call<T> {
    pub(crate) fn new(session: Session, task: Task, warnings: Vec<Violation>) -> Self {
        Self { machine: Machine::new(session, task, warnings), output: PhantomData }
    }

    /// What someone should look at in the params; they are sent all the same.
    pub fn warnings(&self) -> &[Violation] {
        &self.machine.warnings
    }

    /// The answer to the request sent last: its HTTP status and the bytes of its body.
    ///
    /// # Errors
    /// `usage`, if no request is waiting for an answer.
    pub fn receive(&mut self, status: u16, body: &[u8], now: Millis) -> Result<(), Error> {
        self.machine.receive(status, body, now)
    }

    /// The request sent last got no answer; `reason` is for people.
    ///
    /// # Errors
    /// `usage`, if no request is waiting for an answer.
    pub fn fail(&mut self, failure: Failure, reason: &str, now: Millis) -> Result<(), Error> {
        self.machine.fail(failure, reason, now)
    }

    /// What the store holds: the version and the bytes that were swapped in last; 0 and nothing, if nothing was yet.
    ///
    /// # Errors
    /// `usage`, if the store was not to be read. A record that can't be used ends the call, not this.
    pub fn loaded(&mut self, version: u64, bytes: &[u8], now: Millis) -> Result<(), Error> {
        self.machine.loaded(version, bytes, now)
    }

    /// Whether the store held the version that was to be replaced, and holds the new bytes now.
    ///
    /// # Errors
    /// `usage`, if nothing was to be put into the store.
    pub fn swapped(&mut self, stored: bool, now: Millis) -> Result<(), Error> {
        self.machine.swapped(stored, now)
    }

    /// The store could not be read or written, or did not answer; `reason` is for people. The call goes on with a token
    /// that is held, or ends `transport`.
    ///
    /// # Errors
    /// `usage`, if the store was not to be read or written.
    pub fn store_failed(&mut self, reason: &str, now: Millis) -> Result<(), Error> {
        self.machine.store_failed(reason, now)
    }

    /// This call as JSON, for [`Session::resume`] in this or in another process.
    ///
    /// It holds the body (names, tax numbers, phones of a buyer: keep it where you keep your orders), never the
    /// appSecret or a token; a sign-in is therefore not kept. Take it once the call has begun: it stays good whatever
    /// happens afterwards, since what is resumed asks first.
    pub fn snapshot(&self) -> String {
        self.machine.snapshot()
    }
}

/// A call without the type of its result: compiled once, however many types there are.
#[derive(Debug)]
pub(crate) struct Machine {
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
}

impl Machine {
    pub(crate) fn step(&mut self, stamp: &Stamp) -> Result<Step<Json>, Error> {
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

    fn end(&mut self) -> Result<Step<Json>, Error> {
        match std::mem::replace(&mut self.phase, Phase::Over) {
            Phase::Ended(Ok(result)) => Ok(Step::Done(result)),
            Phase::Ended(Err(error)) => Err(error),
            _ => Err(Error::usage("this call is over")),
        }
    }

    /// A write was accepted all the same: that must not look like a failure that may be sent again.
    fn misshapen(&self, result: Json) -> Error {
        let kind = if self.task.writes() { ErrorKind::Uncertain } else { ErrorKind::Reply };
        Error::new(kind, "accepted, but the result has another shape than documented").with_result(result)
    }

    fn begin(&mut self, stamp: &Stamp) -> Result<Step<Json>, Error> {
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

    pub(crate) fn new(session: Session, task: Task, warnings: Vec<Violation>) -> Self {
        Self { session, task, phase: Phase::Ready, replaced: false, refusals: 0, warnings, now: Millis(i64::MIN) }
    }

    pub(crate) fn receive(&mut self, status: u16, body: &[u8], now: Millis) -> Result<(), Error> {
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

    pub(crate) fn fail(&mut self, failure: Failure, reason: &str, now: Millis) -> Result<(), Error> {
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

impl Drop for Machine {
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
