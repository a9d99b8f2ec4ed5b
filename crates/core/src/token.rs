//! The life of an access token. Everything that changes it is in this file.
//!
//! ```text
//!            want                granted
//!   Empty ──────────▶ Fetching ──────────▶ Held ──┐ want, five minutes before its end: Fetching
//!     ▲                 │  │                │ ◀───┘
//!     │ pause is over   │  │ lost           │ rejected by the service
//!     │                 │  ▼                ▼
//!     └───── Paused ◀───┘ Paused ───────▶ Again ── want: Fetching, if the ledger can spare a call
//!            (denied)      pause is over
//!
//!   Permanent: configured, never fetched, never replaced
//!   Elsewhere: another process fetches; see `shared.rs`
//! ```
//!
//! The laws:
//! - One fetch at a time; the other calls wait for it.
//! - The platform takes 50 token calls in 30 days. Every one is in the ledger before it is sent, whatever follows; only
//!   one that surely did not leave is taken out again, and then all is as it was.
//! - A fetch that repairs something leaves one call for each day to come: two systems that void each other's tokens
//!   must not burn the quota.
//! - A token request whose answer is lost is never repeated at once: it may have been carried out.

mod grant;
mod ledger;
mod record;
mod shared;
mod snapshot;
mod state;

use crate::api::platform::{TOKEN_QUOTA, TOKEN_REJECTED};
use crate::codes;
use crate::error::{Error, ErrorKind};
use crate::wire::{Millis, Secret};

pub use grant::{Grant, Role, Token};
pub(crate) use ledger::Ledger;
pub(crate) use record::Record;

pub(crate) use shared::{Lease, Sight, Taken};
use state::{Fetch, State, denied_for, paused};

/// What happened.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// A token request was answered with a token.
    Granted(u32, Token),
    /// A token request was refused.
    Denied(u32, Error),
    /// A token request got no answer that can be read, and why: it may have been carried out.
    Lost(u32, String),
    /// A token request did not leave, and why.
    NotSent(u32, String),
    /// A fetch did not come about, and its entry in the ledger: the store holds something newer, or did not answer.
    NotBegun(u32, Millis),
    /// The service refused a request because of its token.
    Rejected(Secret),
}

/// What a call that needs a token is to do.
#[derive(Debug)]
pub(crate) enum Want {
    Use(Secret),
    /// Look into the store first.
    Load,
    Fetch(FetchRequest),
    Wait(Millis),
    Fail(Error),
}

/// A token request to be sent: its number, and what it is made of.
#[derive(Clone, Debug)]
pub(crate) struct FetchRequest {
    pub(crate) id: u32,
    pub(crate) grant: Grant,
    pub(crate) refresh: Option<(Secret, String)>,
}

const EARLY: i64 = 5 * MINUTE;
const FETCH_TIMEOUT: i64 = 90 * SECOND;
const LOOK_AGAIN: i64 = 250;
const LOST_PAUSE: i64 = 60 * SECOND;
const DENIED_PAUSE: i64 = 10 * MINUTE;
const QUOTA_PAUSE: i64 = 24 * HOUR;
const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// The state and the ledger of one session's token.
#[derive(Debug)]
pub(crate) struct Life {
    role: Role,
    state: State,
    ledger: Ledger,
    fetches: u32,
    revision: u64,
    /// How often the shared token was asked for, as far as this process knows: the higher one knows better.
    fence: u64,
    /// The token that was rejected last.
    rejected: Option<Secret>,
    /// Leases that may stand in the store though nothing was sent under them.
    unused: Vec<String>,
}

impl Life {
    pub(crate) fn new(role: Role, permanent: Option<Secret>, ledger: Ledger) -> Self {
        Self {
            role,
            state: permanent.map_or(State::Empty, State::Permanent),
            ledger,
            fetches: 0,
            revision: 0,
            fence: 0,
            rejected: None,
            unused: Vec::new(),
        }
    }

    /// The token that is held, if one is.
    pub(crate) fn token(&self) -> Option<&Token> {
        self.state.token().filter(|token| !token.access.is_empty())
    }

    pub(crate) fn is_permanent(&self) -> bool {
        matches!(self.state, State::Permanent(_))
    }

    /// A number that grows with every change.
    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether a token that is kept is good for a request, though another one is wanted.
    pub(crate) fn is_usable(&self, now: Millis) -> bool {
        self.state.usable(now).is_some()
    }

    /// All that must not be shown.
    pub(crate) fn secrets(&self) -> Vec<Secret> {
        let token = self.state.token();
        let mut secrets: Vec<Secret> = token
            .into_iter()
            .flat_map(|token| [Some(&token.access), token.refresh.as_ref()])
            .chain([self.rejected.as_ref()])
            .flatten()
            .cloned()
            .collect();
        match &self.state {
            State::Permanent(access) => secrets.push(access.clone()),
            State::Fetching(Fetch { grant: Grant::AuthorizationCode { code, .. }, .. }) => secrets.push(code.clone()),
            _ => {}
        }
        secrets
    }

    /// What a call that needs a token is to do now.
    ///
    /// A token that is good to its end serves while no other one can be had.
    pub(crate) fn want(&mut self, store: Sight, now: Millis) -> Want {
        self.settle_time(now);
        let fetched = match (self.state.past_the_dead(now), store) {
            (State::Permanent(access), _) => return Want::Use(access.clone()),
            (State::Held(token), _) if !token.ends_within(EARLY, now) => return Want::Use(token.access.clone()),
            (State::Fetching(fetch), _) => return Want::Wait(fetch.look_again(now)),
            (_, Sight::Unseen) => return Want::Load,
            (_, Sight::Blind(error)) => Err(error),
            (State::Elsewhere(other), Sight::Clear) => return Want::Wait(other.look_again(now)),
            (State::Held(_) | State::Empty, Sight::Clear) => self.renew(false, Ledger::allows, now),
            (State::Again { repeated, .. }, Sight::Clear) => self.renew(*repeated, Ledger::can_spare, now),
            (State::Paused { error, .. }, Sight::Clear) => Err(error.clone()),
        };
        match (fetched, self.state.usable(now)) {
            (Ok(fetch), _) => Want::Fetch(fetch),
            (Err(_), Some(access)) => Want::Use(access.clone()),
            (Err(error), None) => Want::Fail(error),
        }
    }

    /// What a call that signs in with `grant` is to do now. A person's new authorisation does not wait for a pause, unless
    /// the quota is used up.
    pub(crate) fn want_by(&mut self, grant: &Grant, store: Sight, now: Millis) -> Want {
        self.settle_time(now);
        let fetched = match (self.state.past_the_dead(now), grant, store) {
            (State::Permanent(access), ..) => return Want::Use(access.clone()),
            (State::Fetching(fetch), ..) => return Want::Wait(fetch.look_again(now)),
            (_, _, Sight::Unseen) => return Want::Load,
            (_, _, Sight::Blind(error)) => Err(error),
            (State::Elsewhere(other), _, Sight::Clear) => return Want::Wait(other.look_again(now)),
            (State::Paused { error, .. }, _, Sight::Clear) if error.code() == Some(TOKEN_QUOTA) => Err(error.clone()),
            (_, Grant::AuthorizationCode { .. }, Sight::Clear) => {
                self.ledger.allows(now).map(|()| self.fetch(grant.clone(), false, now))
            }
            (State::Held(_), Grant::Refresh, Sight::Clear) => self.renew(false, Ledger::allows, now),
            (_, Grant::ClientCredentials | Grant::Refresh, Sight::Clear) => return self.want(Sight::Clear, now),
        };
        fetched.map_or_else(Want::Fail, Want::Fetch)
    }

    /// Takes in what happened; the answer is why a fetch came to nothing. A late word about a fetch or a token that is no
    /// longer ours changes nothing.
    pub(crate) fn apply(&mut self, event: Event, now: Millis) -> Option<Error> {
        if let Event::Rejected(access) = &event {
            self.rejected = Some(access.clone());
        }
        let (next, error) = match (&mut self.state, event) {
            (State::Fetching(fetch), Event::Granted(id, token)) if fetch.id == id => {
                let old = fetch.before.token().filter(|_| fetch.grant == Grant::Refresh);
                (State::Held(old.map_or(token.clone(), |old| token.with_the_rest_of(old))), None)
            }
            (State::Fetching(fetch), Event::Denied(id, error)) if fetch.id == id => {
                denied_for(error, fetch.without_refresh(now), now)
            }
            (State::Fetching(fetch), Event::Lost(id, reason)) if fetch.id == id => fetch.lost(&reason, now),
            (State::Fetching(fetch), Event::NotSent(id, reason)) if fetch.id == id => {
                // It surely did not leave: it is no token call, and all is as before.
                self.ledger.take_back(fetch.entered);
                let error = Error::new(ErrorKind::Transport, format!("the token request could not be sent: {reason}"));
                let before = std::mem::replace(&mut *fetch.before, State::Empty);
                match before.usable(now) {
                    Some(_) => paused(error, LOST_PAUSE, before, now),
                    None => (before, Some(error)),
                }
            }
            (State::Fetching(fetch), Event::NotBegun(id, entered)) if fetch.id == id => {
                self.ledger.take_back(entered);
                (std::mem::replace(&mut *fetch.before, State::Empty), None)
            }
            (_, Event::NotBegun(_, entered)) => {
                self.ledger.take_back(entered);
                self.revision += 1;
                return None;
            }
            // A late answer counts unless another token has been asked for since: what it gives is the newest there is.
            (State::Empty | State::Again { .. } | State::Paused { .. }, Event::Granted(id, token))
                if id == self.fetches =>
            {
                (State::Held(token), None)
            }
            (State::Empty | State::Again { .. } | State::Paused { .. }, Event::Denied(id, error))
                if id == self.fetches =>
            {
                denied_for(error, State::Empty, now)
            }
            (state, Event::Rejected(access)) if state.token().is_some_and(|token| token.access == access) => {
                state.reject();
                self.revision += 1;
                return None;
            }
            (
                State::Empty
                | State::Fetching(_)
                | State::Held(_)
                | State::Again { .. }
                | State::Paused { .. }
                | State::Permanent(_)
                | State::Elsewhere(_),
                Event::Granted(..) | Event::Denied(..) | Event::Lost(..) | Event::NotSent(..) | Event::Rejected(_),
            ) => return None,
        };
        self.state = next;
        self.revision += 1;
        error
    }

    /// Ends a pause or a fetch whose time is over. Neither lasts longer because the clock was set back.
    fn settle_time(&mut self, now: Millis) {
        match &mut self.state {
            State::Fetching(fetch) => {
                fetch.since = fetch.since.min(now);
                if now.since(fetch.since) >= FETCH_TIMEOUT {
                    let id = fetch.id;
                    self.apply(Event::Lost(id, "it took too long".to_owned()), now);
                }
            }
            State::Paused { until, length, error, then } => {
                if until.since(now) > *length {
                    *until = now.after(*length);
                    *error = error.clone().with_retry_at(*until);
                }
                if now >= *until {
                    self.state = std::mem::replace(then, State::Empty);
                }
            }
            State::Elsewhere(other) => other.seen = other.seen.min(now),
            State::Empty | State::Held(_) | State::Again { .. } | State::Permanent(_) => {}
        }
    }

    /// Begins to get the next token without a person's help, if the ledger lets it.
    fn renew(
        &mut self,
        repeated: bool,
        may: fn(&Ledger, Millis) -> Result<(), Error>,
        now: Millis,
    ) -> Result<FetchRequest, Error> {
        let grant = match self.role {
            Role::SelfUse => Grant::ClientCredentials,
            Role::ServiceProvider if self.state.token().is_some_and(Token::can_refresh) => Grant::Refresh,
            Role::ServiceProvider => {
                return Err(Error::new(
                    ErrorKind::Auth,
                    "there is no token for this merchant: a new authorisation is needed",
                ));
            }
        };
        may(&self.ledger, now).map(|()| self.fetch(grant, repeated, now))
    }

    fn fetch(&mut self, grant: Grant, repeated: bool, now: Millis) -> FetchRequest {
        let entered = self.ledger.add(now);
        self.revision += 1;
        self.fetches = self.fetches.wrapping_add(1);
        let id = self.fetches;
        let refresh = self.state.token().and_then(|token| token.refresh.clone().zip(token.user_id.clone()));
        let before = Box::new(std::mem::replace(&mut self.state, State::Empty));
        self.state = State::Fetching(Fetch { id, since: now, entered, grant: grant.clone(), before, repeated });
        FetchRequest { id, grant, refresh }
    }
}

/// Whether `code` says that the token was refused.
pub(crate) fn is_rejection(code: Option<&str>) -> bool {
    code == Some(TOKEN_REJECTED)
}

/// The error of a token request that was answered without a token.
pub(crate) fn denied(code: Option<&str>, describe: String) -> Error {
    let error = Error::new(ErrorKind::Auth, describe);
    match code {
        Some(code) => error.with_code(code, codes::TOKEN),
        None => error,
    }
}
