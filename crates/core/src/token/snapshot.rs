//! A token's life as a text that the host keeps: the token, the ledger, a pause. It never holds the appSecret.

use super::{Life, QUOTA_PAUSE, State, Token};
use crate::error::{Error, ErrorKind};
use crate::json::{FromJson, Json};
use crate::wire::{Millis, Secret};

impl Life {
    /// The members `token`, `fetched` and `pause` of a snapshot.
    pub(crate) fn save(&self) -> [(String, Json); 3] {
        let fetched = self.ledger.calls().iter().map(|call| Json::from(call.0)).collect();
        let pause = match &self.state {
            State::Paused { until, error, .. } => save_pause(*until, error),
            _ => Json::Null,
        };
        let token = match (self.state.token(), self.state.is_again()) {
            (None, false) => Json::Null,
            (token, _) => save_token(token),
        };
        [("token".into(), token), ("fetched".into(), Json::List(fetched)), ("pause".into(), pause)]
    }

    /// Takes over what a snapshot holds; the ledgers are joined.
    ///
    /// # Errors
    /// What can't be read, in words; nothing is changed then.
    pub(crate) fn restore(&mut self, snapshot: &Json) -> Result<(), &'static str> {
        let state = match snapshot.get("token") {
            None | Some(Json::Null) => State::Empty,
            Some(json) => read_token(json).ok_or("token")?,
        };
        let state = match snapshot.get("pause") {
            None | Some(Json::Null) => state,
            Some(json) => read_pause(json, state).ok_or("pause")?,
        };
        let fetched = snapshot.get("fetched").cloned().unwrap_or_default();
        let fetched = Vec::<i64>::from_json(fetched).map_err(|_| "fetched")?;
        match self.state {
            State::Fetching(_) => return Err("a token request is under way"),
            State::Permanent(_) => {}
            State::Empty | State::Held(_) | State::Again { .. } | State::Paused { .. } | State::Elsewhere(_) => {
                self.state = state;
            }
        }
        self.ledger.join(fetched.into_iter().map(Millis));
        self.revision += 1;
        Ok(())
    }
}

/// A token as JSON; what is left of a rejected one has no `access`.
pub(super) fn save_token(token: Option<&Token>) -> Json {
    let secret = |secret: Option<&Secret>| Json::from(secret.filter(|secret| !secret.is_empty()).map(Secret::expose));
    object([
        ("access", secret(token.map(|token| &token.access))),
        ("refresh", secret(token.and_then(|token| token.refresh.as_ref()))),
        ("userId", token.and_then(|token| token.user_id.as_deref()).into()),
        ("taxNum", token.and_then(|token| token.tax_num.as_deref()).into()),
        ("expiresAt", token.and_then(|token| token.expires_at).map(|at| at.0).into()),
    ])
}

pub(super) fn read_token(json: &Json) -> Option<State> {
    let text = |name: &str| match json.get(name) {
        None | Some(Json::Null) => Some(None),
        Some(Json::Text(text)) => Some(Some(text.clone())),
        Some(_) => None,
    };
    let expires_at = Option::<i64>::from_json(json.get("expiresAt").cloned().unwrap_or_default()).ok()?.map(Millis);
    let (access, refresh) = (text("access")?, text("refresh")?.map(Secret::from));
    let token = Token {
        access: access.clone().unwrap_or_default().into(),
        refresh,
        user_id: text("userId")?,
        tax_num: text("taxNum")?,
        expires_at,
    };
    Some(match access {
        Some(_) => State::Held(token),
        None => State::Again { from: token.rejected(), repeated: false },
    })
}

pub(super) fn save_pause(until: Millis, error: &Error) -> Json {
    object([
        ("until", until.0.into()),
        ("kind", error.kind().name().into()),
        ("code", error.code().into()),
        ("describe", error.describe().into()),
    ])
}

pub(super) fn read_pause(json: &Json, then: State) -> Option<State> {
    let until = Millis(i64::from_json(json.get("until")?.clone()).ok()?);
    let kind = ErrorKind::from_name(json.get("kind")?.token()?)?;
    let describe = json.get("describe").and_then(Json::token).unwrap_or_default();
    let error = Error::new(kind, describe);
    let error = match json.get("code").and_then(Json::token) {
        Some(code) => error.with_code(code, crate::codes::TOKEN),
        None => error,
    };
    // No pause is longer than this, whatever the clocks say.
    Some(State::Paused { until, length: QUOTA_PAUSE, error: error.with_retry_at(until), then: Box::new(then) })
}

/// A token that a sign-in gave, as JSON between core and typed output; it never leaves the process.
impl FromJson for Token {
    fn from_json(json: Json) -> Result<Self, Json> {
        match read_token(&json) {
            Some(State::Held(token)) => Ok(token),
            _ => Err(json),
        }
    }
}

impl From<&Token> for Json {
    fn from(token: &Token) -> Self {
        save_token(Some(token))
    }
}

pub(super) fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
    Json::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
