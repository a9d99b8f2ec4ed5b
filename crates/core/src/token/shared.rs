//! A token that several processes share through a store: who fetches, and what counts.
//!
//! ```text
//!            the record holds somebody's lease       the record holds no lease
//!   any ──────────────────────────────▶ Elsewhere ─────────────────────────────▶ as the record says
//!                                           │ the lease is dead
//!                                           └─ want: as if its holder's answer were lost; Fetching
//! ```
//!
//! The laws:
//! - Who fetches has swapped a record into the store before: with the ledger's entry, a lease, a higher fence.
//! - Of two records, or of a record and what this process knows, the higher fence is right. Clocks don't decide it.
//! - A lease ends by this process's own watching: nobody is waited for longer than [`LEASE`].

use super::{LOOK_AGAIN, Life, MINUTE, Record, SECOND, State};
use crate::error::Error;
use crate::wire::Millis;

/// What a call knows of the store.
#[derive(Debug)]
pub(crate) enum Sight {
    /// Not looked into since the call had something to do with it.
    Unseen,
    /// It has been taken in; or there is none.
    Clear,
    /// It failed.
    Blind(Error),
}

/// Somebody's right to fetch.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Lease {
    /// Random hex, new for each lease.
    pub(crate) holder: String,
    /// Its entry in the ledger.
    pub(crate) since: Millis,
    pub(crate) until: Millis,
}

/// What a record meant to this process.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Taken {
    /// It is newer than all that was known.
    Newer,
    /// What is known is at least as new.
    Known,
    /// A fetch of this process is under way: its end comes first, and the record was not taken in.
    Not,
}

/// Another process's fetch, as far as this one has seen it.
#[derive(Clone, Debug)]
pub(super) struct Other {
    lease: Lease,
    /// When this process saw it first, by its own clock.
    pub(super) seen: Millis,
    /// What is left if its holder never comes back.
    pub(super) then: Box<State>,
}

/// How long a lease holds, as long as a token request may take.
pub(crate) const LEASE: i64 = super::FETCH_TIMEOUT;
/// How long a lease is watched that is over by our clock: ours may be ahead of its holder's.
const OVERDUE: i64 = 10 * SECOND;
/// No two clocks differ by more: each may be five minutes off.
const SKEW: i64 = 10 * MINUTE;
const LOOK_LATER: i64 = 2 * SECOND;
/// So many leases are remembered that may stand in the store unused.
const MOST_UNUSED: usize = 16;

impl Other {
    /// When a call that waits for it looks again: soon at first, later every two seconds.
    pub(super) fn look_again(&self, now: Millis) -> Millis {
        let pause = now.since(self.seen).clamp(LOOK_AGAIN, LOOK_LATER);
        now.after(pause).min(self.dies(now)).max(now.after(1))
    }

    fn dies(&self, now: Millis) -> Millis {
        let patience = match now.since(self.lease.until) {
            SKEW.. => 0,
            0.. => OVERDUE,
            _ => LEASE,
        };
        self.seen.after(patience)
    }
}

impl State {
    /// The state, or what a holder left who does not come back.
    pub(super) fn past_the_dead(&self, now: Millis) -> &State {
        match self {
            State::Elsewhere(other) if now >= other.dies(now) => &other.then,
            state => state,
        }
    }
}

impl Life {
    /// The lease of the fetch that has begun. It is to be swapped into the store before anything is sent.
    pub(crate) fn lease(&self, holder: String, now: Millis) -> Lease {
        let since = match &self.state {
            State::Fetching(fetch) => fetch.entered,
            _ => now,
        };
        Lease { holder, since, until: now.after(LEASE) }
    }

    /// Remembers a lease that may stand in the store, though nothing was or will be sent under it.
    pub(crate) fn unused(&mut self, lease: &Lease) {
        if self.unused.len() == MOST_UNUSED {
            self.unused.remove(0);
        }
        self.unused.push(lease.holder.clone());
    }

    /// The store holds our lease: those that came before can't get into it any more.
    pub(crate) fn claimed(&mut self, fence: u64) {
        self.fence = self.fence.max(fence);
        self.unused.clear();
    }

    /// Whether the fetch is under way, and began within the last `millis`.
    pub(crate) fn is_fresh(&mut self, id: u32, millis: i64, now: Millis) -> bool {
        self.settle_time(now);
        matches!(&self.state, State::Fetching(fetch) if fetch.id == id && now.since(fetch.since) <= millis)
    }

    /// How often the shared token was asked for.
    pub(crate) fn fence(&self) -> u64 {
        self.fence
    }

    /// Takes in what the store holds.
    pub(crate) fn adopt(&mut self, mut record: Record, now: Millis) -> Taken {
        let newer = record.fence > self.fence;
        let unused = record.lease.as_ref().is_some_and(|lease| self.unused.contains(&lease.holder));
        if let (true, Some(lease)) = (unused, &record.lease) {
            record.fetched.retain(|call| *call != lease.since);
        }
        self.ledger.join(record.fetched);
        let state = match (&self.state, record.lease) {
            (State::Fetching(_) | State::Permanent(_), _) => return Taken::Not,
            // Nothing was sent under this lease: what we know is all there is.
            (_, Some(_)) if unused => {
                self.fence = self.fence.max(record.fence);
                return Taken::Known;
            }
            (_, Some(lease)) if newer => State::Elsewhere(Other { lease, seen: now, then: Box::new(record.state) }),
            (_, None) if newer => record.state,
            // The fetch that was waited for has come to its end.
            (State::Elsewhere(_), None) if record.fence == self.fence => record.state,
            // Still waiting, or we know at least as much: a rejection, the outcome of our own fetch.
            (
                State::Empty | State::Held(_) | State::Again { .. } | State::Paused { .. } | State::Elsewhere(_),
                Some(_) | None,
            ) => return Taken::Known,
        };
        self.state = state;
        if self.token().is_some_and(|token| Some(&token.access) == self.rejected.as_ref()) {
            self.state.reject();
        }
        self.fence = record.fence;
        // An answer to a fetch from before is no longer the newest.
        self.fetches = self.fetches.wrapping_add(1);
        self.revision += 1;
        if newer { Taken::Newer } else { Taken::Known }
    }
}
