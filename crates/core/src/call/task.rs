//! What a call is for: one question, a question asked again, a write followed to its end, a token.

use std::borrow::Cow;

use super::Failure;
use crate::error::{Error, ErrorKind};
use crate::json::Json;
use crate::model::{Effect, Method, Outcome};
use crate::poll::Polling;
use crate::reply::Refusal;
use crate::session::UNKNOWN;
use crate::settle::Settling;
use crate::token::Grant;
use crate::wire::{Millis, credential};

/// What is wanted.
#[derive(Debug)]
pub(crate) enum Task {
    SignIn(Grant),
    Once { method: &'static Method, name: Cow<'static, str>, body: String },
    Poll(Polling),
    Settle(Settling),
}

/// How a task goes on after an answer, or without one.
#[derive(Debug)]
pub(crate) enum Next {
    Again,
    Rest(Millis),
    Done(Json),
    Fail(Error),
}

impl Task {
    pub(crate) fn once(method: &'static Method, body: String) -> Self {
        Self::Once { method, name: method.name.as_str().into(), body }
    }

    /// Any method by its name, as it is spelt.
    ///
    /// # Errors
    /// `input`, if the name can't be that of a method.
    pub(crate) fn raw(name: &str, body: String) -> Result<Self, Error> {
        Ok(match Method::find(name) {
            Some(method) if method.name == *name => Self::once(method, body),
            method => {
                credential("method", name)?;
                Self::Once { method: method.unwrap_or(&UNKNOWN), name: name.to_owned().into(), body }
            }
        })
    }

    pub(crate) fn poll(method: &'static Method, body: String) -> Self {
        Self::Poll(Polling::new(method, body))
    }

    /// The method whose answer is awaited.
    pub(super) fn method(&self) -> &'static Method {
        match self {
            Self::SignIn(_) => &UNKNOWN,
            Self::Once { method, .. } => method,
            Self::Poll(polling) => polling.method,
            Self::Settle(settling) => settling.method(),
        }
    }

    /// Whether something was written, even where the answer awaited last is to a question about it.
    pub(super) fn writes(&self) -> bool {
        matches!(self, Self::Settle(_)) || self.method().effect == Effect::Write
    }

    /// The method's name on the wire, and the body to send.
    pub(super) fn request(&self) -> (&str, &str) {
        match self {
            Self::SignIn(_) => ("", ""),
            Self::Once { name, body, .. } => (name, body),
            Self::Poll(polling) => (&polling.method.name, &polling.body),
            Self::Settle(settling) => settling.request(),
        }
    }

    pub(super) fn sent(&mut self, now: Millis) {
        match self {
            Self::SignIn(_) | Self::Once { .. } => {}
            Self::Poll(polling) => polling.sent(now),
            Self::Settle(settling) => settling.sent(now),
        }
    }

    pub(super) fn answered(&mut self, result: Json, now: Millis) -> Next {
        match self {
            Self::SignIn(_) | Self::Once { .. } => Next::Done(result),
            Self::Poll(polling) => polling.answered(result, now),
            Self::Settle(settling) => settling.answered(result, now),
        }
    }

    pub(super) fn refused(&mut self, refusal: Refusal, now: Millis) -> Next {
        match self {
            Self::SignIn(_) | Self::Once { .. } => Next::Fail(refusal.error),
            Self::Poll(polling) => polling.refused(refusal, now),
            Self::Settle(settling) => settling.refused(refusal, now),
        }
    }

    pub(super) fn unanswered(&mut self, failure: Failure, reason: &str, now: Millis) -> Next {
        let effect = self.method().effect;
        let error = unanswered(effect, failure, reason);
        match self {
            Self::SignIn(_) | Self::Once { .. } => Next::Fail(error),
            Self::Poll(polling) => polling.refused(Refusal { error, outcome: Outcome::Unknown }, now),
            Self::Settle(settling) => settling.unanswered(failure, error, now),
        }
    }

    /// What the lack of a token means: a write that may have been done does not become undone by it.
    pub(super) fn without_token(&self, error: Error, now: Millis) -> Error {
        match self {
            Self::Settle(settling) => settling.without_token(error, now),
            Self::SignIn(_) | Self::Once { .. } | Self::Poll(_) => error,
        }
    }
}

/// What no answer means.
fn unanswered(effect: Effect, failure: Failure, reason: &str) -> Error {
    match (effect, failure) {
        (Effect::Write, Failure::MaybeSent) => Error::new(
            ErrorKind::Uncertain,
            format!("{reason}; it may have been carried out: ask before sending it again"),
        ),
        _ => Error::new(ErrorKind::Transport, reason),
    }
}
