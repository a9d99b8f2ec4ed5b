//! The life of an access token. Everything that changes it is in this file.
//!
//! ```text
//!            want                granted
//!   Empty ──────────▶ Fetching ──────────▶ Held ──┐ want, five minutes before its end: Fetching
//!     ▲                 │  │                │ ◀───┘
//!     │ pause is over   │  │ lost, not sent │ rejected by the service
//!     │                 │  ▼                ▼
//!     └───── Paused ◀───┘ Paused ───────▶ Again ── want: Fetching, if the ledger can spare a call
//!            (denied)      pause is over
//!
//!   Permanent: configured, never fetched, never replaced
//! ```
//!
//! The laws:
//! - One fetch at a time; the other calls wait for it.
//! - The platform takes 50 token calls in 30 days. Every one is in the ledger before it is sent, whatever follows.
//! - A fetch that repairs something leaves one call for each day to come: two systems that void each other's tokens
//!   must not burn the quota.
//! - A token request whose answer is lost is never repeated at once: it may have been carried out.

mod ledger;
mod snapshot;

use crate::api::platform::{TOKEN_QUOTA, TOKEN_REJECTED};
use crate::codes;
use crate::error::{Error, ErrorKind};
use crate::wire::{Millis, Secret};

pub(crate) use ledger::Ledger;

/// An access token and what came with it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Token {
    /// The token.
    pub access: Secret,
    /// What a service provider's token is refreshed with.
    pub refresh: Option<Secret>,
    /// Who authorised: the `client_id` of a refresh.
    pub user_id: Option<String>,
    /// The merchant's tax number, as the platform tells it.
    pub tax_num: Option<String>,
    /// When it ends; `None` if that is not known.
    pub expires_at: Option<Millis>,
}

/// How a token is asked for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Grant {
    /// A company's own application (自用型): with key and secret alone.
    ClientCredentials,
    /// A service provider (第三方), the first time: with the code that the merchant's authorisation gave.
    AuthorizationCode {
        /// The code, good for one use.
        code: Secret,
        /// The merchant's tax number.
        tax_num: String,
        /// The address to which the code was sent, as configured.
        redirect_uri: String,
    },
    /// A service provider, later: with the refresh token that is held.
    Refresh,
}

/// Where the session stands with its token.
#[derive(Clone, Debug)]
enum State {
    Empty,
    Fetching(Fetch),
    Held(Token),
    /// The token was rejected or a fetch came to nothing. Of a service provider, what it can be refreshed with, and
    /// whether that was tried before.
    Again {
        from: Option<Token>,
        repeated: bool,
    },
    Paused {
        until: Millis,
        length: i64,
        error: Error,
        then: Box<State>,
    },
    Permanent(Secret),
}

/// A token request under way.
#[derive(Clone, Debug)]
struct Fetch {
    id: u32,
    since: Millis,
    grant: Grant,
    /// The token that is refreshed.
    from: Option<Token>,
    /// Whether it repeats a refresh that got no answer.
    repeated: bool,
}

/// What happened.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// A token request was answered with a token.
    Granted(u32, Token),
    /// A token request was refused.
    Denied(u32, Error),
    /// A token request got no answer that can be read: it may have been carried out.
    Lost(u32),
    /// A token request did not leave.
    NotSent(u32),
    /// The service refused a request because of its token.
    Rejected(Secret),
}

/// What a call that needs a token is to do.
#[derive(Debug)]
pub(crate) enum Want {
    Use(Secret),
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

/// Whether the application is a company's own or a service provider's.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Role {
    /// 自用型: calls for its own company and fetches tokens by itself.
    #[default]
    SelfUse,
    /// 第三方: calls for a merchant who authorised it.
    ServiceProvider,
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
}

impl Life {
    pub(crate) fn new(role: Role, permanent: Option<Secret>) -> Self {
        Self {
            role,
            state: permanent.map_or(State::Empty, State::Permanent),
            ledger: Ledger::default(),
            fetches: 0,
            revision: 0,
        }
    }

    /// The token that is held, if one is.
    pub(crate) fn token(&self) -> Option<&Token> {
        match &self.state {
            State::Held(token) => Some(token),
            _ => None,
        }
    }

    pub(crate) fn is_permanent(&self) -> bool {
        matches!(self.state, State::Permanent(_))
    }

    /// A number that grows with every change.
    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }

    /// Why no call can have a token for now.
    pub(crate) fn pause(&self) -> Option<Error> {
        match &self.state {
            State::Paused { error, .. } => Some(error.clone()),
            _ => None,
        }
    }

    /// All that must not be shown.
    pub(crate) fn secrets(&self) -> Vec<Secret> {
        fn of(token: Option<&Token>) -> Vec<Secret> {
            token.map_or_else(Vec::new, |token| {
                [Some(token.access.clone()), token.refresh.clone()].into_iter().flatten().collect()
            })
        }
        fn within(state: &State) -> Vec<Secret> {
            match state {
                State::Empty => Vec::new(),
                State::Held(token) => of(Some(token)),
                State::Again { from, .. } => of(from.as_ref()),
                State::Paused { then, .. } => within(then),
                State::Permanent(access) => vec![access.clone()],
                State::Fetching(fetch) => {
                    let mut secrets = of(fetch.from.as_ref());
                    if let Grant::AuthorizationCode { code, .. } = &fetch.grant {
                        secrets.push(code.clone());
                    }
                    secrets
                }
            }
        }
        within(&self.state)
    }

    /// What a call that needs a token is to do now.
    pub(crate) fn want(&mut self, now: Millis) -> Want {
        self.settle_time(now);
        match &self.state {
            State::Permanent(access) => Want::Use(access.clone()),
            State::Held(token) if !ends_soon(token, now) => Want::Use(token.access.clone()),
            State::Held(token) => {
                let token = token.clone();
                match self.renewal(Some(&token)) {
                    Ok(grant) => match self.ledger.allows(now) {
                        Ok(()) => self.fetch(grant, Some(token), false, now),
                        Err(_) if !has_ended(&token, now) => Want::Use(token.access),
                        Err(error) => Want::Fail(error),
                    },
                    Err(_) if !has_ended(&token, now) => Want::Use(token.access),
                    Err(error) => Want::Fail(error),
                }
            }
            State::Empty => match self.renewal(None) {
                Ok(grant) => self.fetch_if(Ledger::allows, grant, None, false, now),
                Err(error) => Want::Fail(error),
            },
            State::Again { from, repeated } => {
                let (from, repeated) = (from.clone(), *repeated);
                match self.renewal(from.as_ref()) {
                    Ok(grant) => self.fetch_if(Ledger::can_spare, grant, from, repeated, now),
                    Err(error) => Want::Fail(error),
                }
            }
            State::Fetching(fetch) => Want::Wait(now.after(LOOK_AGAIN).min(fetch.since.after(FETCH_TIMEOUT))),
            State::Paused { error, .. } => Want::Fail(error.clone()),
        }
    }

    /// What a call that signs in with `grant` is to do now. A person's new authorisation code does not wait for a pause.
    pub(crate) fn want_by(&mut self, grant: &Grant, now: Millis) -> Want {
        self.settle_time(now);
        match (&self.state, grant) {
            (State::Permanent(access), _) => Want::Use(access.clone()),
            (State::Fetching(fetch), _) => Want::Wait(now.after(LOOK_AGAIN).min(fetch.since.after(FETCH_TIMEOUT))),
            (State::Paused { error, .. }, Grant::AuthorizationCode { .. }) if error.code() != Some(TOKEN_QUOTA) => {
                self.fetch_if(Ledger::allows, grant.clone(), None, false, now)
            }
            (State::Paused { error, .. }, _) => Want::Fail(error.clone()),
            (_, Grant::AuthorizationCode { .. }) => self.fetch_if(Ledger::allows, grant.clone(), None, false, now),
            (State::Held(token), Grant::Refresh) => {
                let token = token.clone();
                match self.renewal(Some(&token)) {
                    Ok(grant) => self.fetch_if(Ledger::allows, grant, Some(token), false, now),
                    Err(error) => Want::Fail(error),
                }
            }
            (State::Held(_) | State::Empty | State::Again { .. }, _) => self.want(now),
        }
    }

    /// Takes in what happened. A late word about a fetch or a token that is no longer ours changes nothing.
    pub(crate) fn apply(&mut self, event: Event, now: Millis) {
        let next = match (&self.state, event) {
            (State::Permanent(_), _) => return,
            (State::Fetching(fetch), Event::Granted(id, token)) if fetch.id == id => {
                State::Held(token.with_the_rest_of(fetch.from.as_ref()))
            }
            (State::Fetching(fetch), Event::Denied(id, error)) if fetch.id == id => denial(error, now),
            (State::Fetching(fetch), Event::Lost(id)) if fetch.id == id => {
                let error =
                    Error::new(ErrorKind::Auth, "the token request got no answer; it may have been carried out");
                paused(error, LOST_PAUSE, fetch.after_loss(), now)
            }
            (State::Fetching(fetch), Event::NotSent(id)) if fetch.id == id => {
                let error = Error::new(ErrorKind::Transport, "the token request could not be sent");
                paused(error, LOST_PAUSE, State::Again { from: fetch.from.clone(), repeated: fetch.repeated }, now)
            }
            (State::Held(token), Event::Rejected(access)) if token.access == access => {
                State::Again { from: token.refresh.is_some().then(|| token.clone()), repeated: false }
            }
            // A late answer counts unless another token has been asked for since: what it gives is the newest there is.
            (State::Empty | State::Again { .. } | State::Paused { .. }, Event::Granted(id, token))
                if id == self.fetches =>
            {
                State::Held(token)
            }
            (State::Empty | State::Again { .. } | State::Paused { .. }, Event::Denied(id, error))
                if id == self.fetches =>
            {
                denial(error, now)
            }
            (State::Empty | State::Held(_) | State::Again { .. } | State::Paused { .. } | State::Fetching(_), _) => {
                return;
            }
        };
        self.state = next;
        self.revision += 1;
    }

    /// Ends a pause or a fetch whose time is over. Neither lasts longer because the clock was set back.
    fn settle_time(&mut self, now: Millis) {
        match &mut self.state {
            State::Fetching(fetch) => {
                fetch.since = fetch.since.min(now);
                if now.since(fetch.since) >= FETCH_TIMEOUT {
                    let id = fetch.id;
                    self.apply(Event::Lost(id), now);
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
            State::Empty | State::Held(_) | State::Again { .. } | State::Permanent(_) => {}
        }
    }

    /// How the next token is got without a person's help.
    fn renewal(&self, from: Option<&Token>) -> Result<Grant, Error> {
        match self.role {
            Role::SelfUse => Ok(Grant::ClientCredentials),
            Role::ServiceProvider if from.is_some_and(Token::can_refresh) => Ok(Grant::Refresh),
            Role::ServiceProvider => {
                Err(Error::new(ErrorKind::Auth, "there is no token for this merchant: a new authorisation is needed"))
            }
        }
    }

    fn fetch_if(
        &mut self,
        may: fn(&Ledger, Millis) -> Result<(), Error>,
        grant: Grant,
        from: Option<Token>,
        repeated: bool,
        now: Millis,
    ) -> Want {
        match may(&self.ledger, now) {
            Ok(()) => self.fetch(grant, from, repeated, now),
            Err(error) => Want::Fail(error),
        }
    }

    fn fetch(&mut self, grant: Grant, from: Option<Token>, repeated: bool, now: Millis) -> Want {
        self.ledger.add(now);
        self.revision += 1;
        self.fetches = self.fetches.wrapping_add(1);
        let id = self.fetches;
        let refresh = from.as_ref().and_then(|token| token.refresh.clone().zip(token.user_id.clone()));
        self.state = State::Fetching(Fetch { id, since: now, grant: grant.clone(), from, repeated });
        Want::Fetch(FetchRequest { id, grant, refresh })
    }
}

impl Token {
    /// Whether it can be refreshed without the merchant.
    pub fn can_refresh(&self) -> bool {
        self.refresh.is_some() && self.user_id.is_some()
    }

    /// A refresh answers without `userId`: the old one stays.
    fn with_the_rest_of(self, old: Option<&Token>) -> Self {
        let Some(old) = old else { return self };
        Self {
            refresh: self.refresh.or_else(|| old.refresh.clone()),
            user_id: self.user_id.or_else(|| old.user_id.clone()),
            tax_num: self.tax_num.or_else(|| old.tax_num.clone()),
            ..self
        }
    }
}

impl Fetch {
    /// A refresh is tried once more; a code may be used up; key and secret can always be tried again.
    fn after_loss(&self) -> State {
        match self.grant {
            Grant::ClientCredentials => State::Again { from: None, repeated: false },
            Grant::Refresh if !self.repeated => State::Again { from: self.from.clone(), repeated: true },
            Grant::Refresh | Grant::AuthorizationCode { .. } => State::Empty,
        }
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

fn paused(error: Error, length: i64, then: State, now: Millis) -> State {
    let until = now.after(length);
    State::Paused { until, length, error: error.with_retry_at(until), then: Box::new(then) }
}

fn denial(error: Error, now: Millis) -> State {
    let length = if error.code() == Some(TOKEN_QUOTA) { QUOTA_PAUSE } else { DENIED_PAUSE };
    paused(error, length, State::Empty, now)
}

fn ends_soon(token: &Token, now: Millis) -> bool {
    token.expires_at.is_some_and(|end| now >= end.after(-EARLY))
}

fn has_ended(token: &Token, now: Millis) -> bool {
    token.expires_at.is_some_and(|end| now >= end)
}
