//! What the states of a token hold, and what is left of one when a fetch comes to nothing.

use super::shared::Other;
use super::{DENIED_PAUSE, FETCH_TIMEOUT, Grant, LOOK_AGAIN, LOST_PAUSE, QUOTA_PAUSE, Token};
use crate::api::platform::TOKEN_QUOTA;
use crate::error::{Error, ErrorKind};
use crate::wire::{Millis, Secret};

/// Where the session stands with its token.
#[derive(Clone, Debug)]
pub(super) enum State {
    Empty,
    Fetching(Fetch),
    Held(Token),
    /// The token was rejected or a fetch came to nothing: what is left of it, and whether its refresh was tried before.
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
    /// Another process that shares the token is fetching, as the store says.
    Elsewhere(Other),
}

/// A token request under way.
#[derive(Clone, Debug)]
pub(super) struct Fetch {
    pub(super) id: u32,
    pub(super) since: Millis,
    /// Its entry in the ledger.
    pub(super) entered: Millis,
    pub(super) grant: Grant,
    /// The state that it began in: the token that is renewed, if one is.
    pub(super) before: Box<State>,
    /// Whether it repeats a refresh that got no answer.
    pub(super) repeated: bool,
}

impl State {
    /// The token that is held, or kept while another one is to be had.
    pub(super) fn token(&self) -> Option<&Token> {
        match self {
            Self::Held(token) => Some(token),
            Self::Again { from, .. } => from.as_ref(),
            Self::Paused { then, .. } | Self::Elsewhere(Other { then, .. }) => then.token(),
            Self::Fetching(fetch) => fetch.before.token(),
            Self::Empty | Self::Permanent(_) => None,
        }
    }

    /// Whether another token is wanted because of trouble.
    pub(super) fn is_again(&self) -> bool {
        match self {
            Self::Again { .. } => true,
            Self::Paused { then, .. } | Self::Elsewhere(Other { then, .. }) => then.is_again(),
            Self::Empty | Self::Fetching(_) | Self::Held(_) | Self::Permanent(_) => false,
        }
    }

    pub(super) fn usable(&self, now: Millis) -> Option<&Secret> {
        self.token().filter(|token| token.is_usable(now)).map(|token| &token.access)
    }

    /// Drops the token that is held or kept: it was rejected.
    pub(super) fn reject(&mut self) {
        match self {
            Self::Paused { then, .. } | Self::Elsewhere(Other { then, .. }) => then.reject(),
            Self::Fetching(fetch) => fetch.before.reject(),
            Self::Held(token) | Self::Again { from: Some(token), .. } => {
                *self = Self::Again { from: token.clone().rejected(), repeated: false };
            }
            Self::Empty | Self::Again { from: None, .. } | Self::Permanent(_) => {}
        }
    }
}

impl Fetch {
    /// When a call that waits for it asks again.
    pub(super) fn look_again(&self, now: Millis) -> Millis {
        now.after(LOOK_AGAIN).min(self.since.after(FETCH_TIMEOUT))
    }

    /// No answer: a code may be used up, all else can be tried again.
    pub(super) fn lost(&mut self, reason: &str, now: Millis) -> (State, Option<Error>) {
        let describe = format!("the token request got no answer and may have been carried out: {reason}");
        let error = Error::new(ErrorKind::Auth, describe);
        match self.grant {
            Grant::AuthorizationCode { .. } => (self.left(now), Some(error)),
            Grant::ClientCredentials | Grant::Refresh => paused(error, LOST_PAUSE, self.left(now), now),
        }
    }

    /// What is left if no answer ever comes: a refresh is tried once more, key and secret can be tried again.
    pub(super) fn left(&self, now: Millis) -> State {
        let from = || self.before.token().cloned();
        match self.grant {
            Grant::ClientCredentials => State::Again { from: from(), repeated: false },
            Grant::Refresh if !self.repeated => State::Again { from: from(), repeated: true },
            Grant::Refresh => self.without_refresh(now),
            Grant::AuthorizationCode { .. } => (*self.before).clone(),
        }
    }

    /// What is left when a token can't be renewed: it serves to its end, but what it was refreshed with is spent.
    pub(super) fn without_refresh(&self, now: Millis) -> State {
        let token = self.before.token().filter(|token| token.is_usable(now)).cloned();
        let refresh = |token: &Token| token.refresh.clone().filter(|_| self.grant != Grant::Refresh);
        token.map_or(State::Empty, |token| State::Held(Token { refresh: refresh(&token), ..token }))
    }
}

pub(super) fn denied_for(error: Error, then: State, now: Millis) -> (State, Option<Error>) {
    let length = if error.code() == Some(TOKEN_QUOTA) { QUOTA_PAUSE } else { DENIED_PAUSE };
    paused(error, length, then, now)
}

/// A pause in which no token is asked for, and the error that tells of it.
pub(super) fn paused(error: Error, length: i64, then: State, now: Millis) -> (State, Option<Error>) {
    let until = now.after(length);
    let error = error.with_retry_at(until);
    (State::Paused { until, length, error: error.clone(), then: Box::new(then) }, Some(error))
}
