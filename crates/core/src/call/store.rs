//! The token's store, as one call talks to it: look, reserve the fetch, keep what came of it.
//!
//! ```text
//!           step: Load           loaded                 step: Swap              swapped: true
//!   Ready ─────────────▶ Loading ──────▶ Loaded ────────────────────▶ Claiming ───────────────▶ Claimed
//!     ▲                     │              │ a token: Asking           │ false: Ready             │ step: Send
//!     │                     │ store_failed │ somebody fetches: Resting │ store_failed             ▼
//!     │                     ▼              ▼                           ▼                     FetchingToken
//!     │                  Offline ◀─────────────────────────────────────┘                         │ receive, fail
//!     │                    swapped: true          step: Swap                                     ▼
//!     └─ on with the call ◀────────────── Keeping ◀──────────────────────────────────────────  Unkept
//!                          │                 │ false        loaded: ours is newer              ▲ │ step: Load
//!                          │                 └───────────────────────────────────▶ Unkept ─────┘ ▼
//!                          └── loaded: theirs is newer ◀───────────────────────────────────── Reloading
//! ```
//!
//! - A fetch is in the store before it is sent, or it is not sent.
//! - A store that fails stops no call that has a token, and loses at most what came of one fetch.

use super::{Machine, Phase, Step, Task};
use crate::error::{Error, ErrorKind};
use crate::json::Json;
use crate::token::{Event, FetchRequest, Lease, Taken};
use crate::wire::{Millis, Stamp};

/// A fetch that the store knows of: its lease, and the version of the record that holds it.
pub(super) struct Claim {
    lease: Lease,
    version: u64,
    fence: u64,
}

/// What came of a fetch, on its way into the store; and how the call goes on.
pub(super) struct Outcome {
    fence: u64,
    then: Box<Phase>,
}

/// A store that fails is tried again after this time.
const STORE_LATER: i64 = 5_000;
/// A lease that is not used within this time is given up.
const MOST_DELAY: i64 = 30_000;
/// So often a call may find that the store has changed meanwhile. Others get on each time, unless the store is broken.
const MOST_REFUSALS: u8 = 20;

impl Machine {
    pub(crate) fn loaded(&mut self, version: u64, bytes: &[u8], now: Millis) -> Result<(), Error> {
        self.now = self.now.max(now);
        self.phase = match std::mem::replace(&mut self.phase, Phase::Over) {
            Phase::Loading => match self.session.adopt(version, bytes, now) {
                Ok(Taken::Newer | Taken::Known) => Phase::Loaded(version),
                Ok(Taken::Not) => Phase::Ready,
                Err(error) => Phase::Ended(Err(self.task.without_token(error, now))),
            },
            Phase::Reloading(outcome) => match self.session.adopt(version, bytes, now) {
                Ok(Taken::Newer) => self.outranked(outcome, version),
                Ok(Taken::Known) => Phase::Unkept(outcome, Some(version)),
                Ok(Taken::Not) => *outcome.then,
                // What stands there is not to be overwritten.
                Err(_) => *outcome.then,
            },
            other => return self.not_asked(other),
        };
        Ok(())
    }

    pub(crate) fn swapped(&mut self, stored: bool, now: Millis) -> Result<(), Error> {
        self.now = self.now.max(now);
        self.phase = match (std::mem::replace(&mut self.phase, Phase::Over), stored) {
            (Phase::Claiming(fetch, claim), true) => {
                self.session.changing().life.claimed(claim.fence);
                Phase::Claimed(fetch, claim)
            }
            (Phase::Claiming(fetch, claim), false) => {
                self.session.changing().life.apply(Event::NotBegun(fetch.id, claim.lease.since), now);
                self.refused(now).map_or(Phase::Ready, Phase::Offline)
            }
            (Phase::Keeping(outcome, version), true) => match *outcome.then {
                Phase::Ready => Phase::Loaded(version.saturating_add(1)),
                then => then,
            },
            (Phase::Keeping(outcome, _), false) => match self.refused(now) {
                None => Phase::Unkept(outcome, None),
                Some(_) => *outcome.then,
            },
            (other, _) => return self.not_asked(other),
        };
        Ok(())
    }

    pub(crate) fn store_failed(&mut self, reason: &str, now: Millis) -> Result<(), Error> {
        self.now = self.now.max(now);
        self.phase = match std::mem::replace(&mut self.phase, Phase::Over) {
            Phase::Loading => Phase::Offline(self.no_store(reason, now)),
            Phase::Claiming(fetch, claim) => {
                self.unclaim(&fetch, &claim);
                Phase::Offline(self.no_store(reason, now))
            }
            Phase::Reloading(outcome) | Phase::Keeping(outcome, _) => *outcome.then,
            other => return self.not_asked(other),
        };
        Ok(())
    }

    /// The fetch goes into the store before it is sent.
    pub(super) fn claim(&mut self, fetch: FetchRequest, version: u64, stamp: &Stamp) -> Step<Json> {
        let (lease, fence) = {
            let life = &self.session.changing().life;
            (life.lease(stamp.senid(), stamp.now), life.fence() + 1)
        };
        let bytes = self.session.record(Some(&lease), stamp.now);
        self.phase = Phase::Claiming(fetch, Claim { lease, version, fence });
        Step::Swap { version, bytes }
    }

    /// A fetch that will not be sent, though its lease may stand in the store.
    pub(super) fn unclaim(&self, fetch: &FetchRequest, claim: &Claim) {
        let mut changing = self.session.changing();
        changing.life.apply(Event::NotBegun(fetch.id, claim.lease.since), self.now);
        changing.life.unused(&claim.lease);
    }

    /// After a fetch that the store knows of, what came of it is to be kept there.
    pub(super) fn to_keep(&self, claim: Option<&Claim>, then: Phase) -> Phase {
        match claim {
            None => then,
            Some(&Claim { version, fence, .. }) => {
                Phase::Unkept(Outcome { fence, then: Box::new(then) }, Some(version.saturating_add(1)))
            }
        }
    }

    /// Somebody else has fetched since: what came of our fetch counts no more. Who does not sign in looks what there is.
    fn outranked(&self, outcome: Outcome, version: u64) -> Phase {
        match (&self.task, *outcome.then) {
            (Task::SignIn(_), then @ Phase::Ended(_)) => then,
            _ => Phase::Loaded(version),
        }
    }

    /// The error of a call that finds the store changed again and again.
    fn refused(&mut self, now: Millis) -> Option<Error> {
        self.refusals += 1;
        (self.refusals >= MOST_REFUSALS).then(|| {
            self.refusals = 0;
            self.no_store("it always holds another version", now)
        })
    }

    fn no_store(&self, reason: &str, now: Millis) -> Error {
        let describe = format!("the store of the shared token failed: {}", self.session.clean(reason));
        Error::new(ErrorKind::Transport, describe).with_retry_at(now.after(STORE_LATER))
    }

    fn not_asked(&mut self, phase: Phase) -> Result<(), Error> {
        self.phase = phase;
        Err(Error::usage("the store was not asked for this"))
    }

    /// The lease is ours: off with the request, unless so much time has passed that others may soon take it for dead.
    pub(super) fn fetch_claimed(&mut self, stamp: &Stamp) -> Result<Step<Json>, Error> {
        match std::mem::replace(&mut self.phase, Phase::Ready) {
            Phase::Claimed(fetch, claim) if self.session.changing().life.is_fresh(fetch.id, MOST_DELAY, stamp.now) => {
                Ok(self.fetch(&fetch, Some(claim)))
            }
            Phase::Claimed(fetch, claim) => {
                self.unclaim(&fetch, &claim);
                self.phase = Phase::Offline(self.no_store("it took too long", stamp.now));
                self.step(stamp)
            }
            _ => self.step(stamp),
        }
    }

    /// What came of a fetch goes into the store, unless another fetch has begun since.
    pub(super) fn keep(&mut self, stamp: &Stamp) -> Result<Step<Json>, Error> {
        match std::mem::replace(&mut self.phase, Phase::Ready) {
            Phase::Unkept(outcome, _) if self.session.changing().life.fence() != outcome.fence => {
                self.phase = *outcome.then;
                self.step(stamp)
            }
            Phase::Unkept(outcome, None) => {
                self.phase = Phase::Reloading(outcome);
                Ok(Step::Load)
            }
            Phase::Unkept(outcome, Some(version)) => {
                let bytes = self.session.record(None, stamp.now);
                self.phase = Phase::Keeping(outcome, version);
                Ok(Step::Swap { version, bytes })
            }
            _ => self.step(stamp),
        }
    }
}
