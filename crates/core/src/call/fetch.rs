//! A token's request, and what its answer means.

use super::phase::Phase;
use super::store::Claim;
use super::{Failure, Machine, Step, Task};
use crate::error::{Error, ErrorKind};
use crate::json::Json;
use crate::reply::read_json;
use crate::secret::Passing;
use crate::token::{self, Event, FetchRequest, Grant, Token};
use crate::wire::{Millis, Request, Secret, credential, form};

impl Machine {
    pub(super) fn fetch(&mut self, fetch: &FetchRequest, claim: Option<Claim>) -> Step<Json> {
        let request = self.token_request(fetch);
        self.phase = Phase::FetchingToken(fetch.id, claim);
        Step::Send(request)
    }

    fn token_request(&self, fetch: &FetchRequest) -> Request {
        let config = self.session.config();
        let (key, secret) = (("client_id", config.app_key.as_str()), ("client_secret", config.app_secret.expose()));
        let body = match (&fetch.grant, &fetch.refresh) {
            (Grant::AuthorizationCode { code, tax_num, redirect_uri }, _) => form(&[
                key,
                secret,
                ("code", code.expose()),
                ("taxNum", tax_num),
                ("redirect_uri", redirect_uri),
                ("grant_type", "authorization_code"),
            ]),
            (Grant::Refresh, Some((refresh, user_id))) => form(&[
                ("client_id", user_id),
                secret,
                ("refresh_token", refresh.expose()),
                ("grant_type", "refresh_token"),
            ]),
            (Grant::ClientCredentials | Grant::Refresh, _) => {
                form(&[key, secret, ("grant_type", "client_credentials")])
            }
        };
        let content_type = "application/x-www-form-urlencoded;charset=UTF-8".to_owned();
        Request { url: config.environment.token_url().to_owned(), headers: vec![("Content-Type", content_type)], body }
    }

    pub(super) fn token_answer(&mut self, id: u32, status: u16, body: &[u8], now: Millis) -> Phase {
        let answer = match read_json(body) {
            Ok(json) => Passing(json),
            Err(why) => return self.token_lost(id, Failure::MaybeSent, &format!("HTTP {status}: {why}"), now),
        };
        let json = &answer.0;
        let Some(token) = granted(json, now) else {
            let describe =
                ["error_description", "describe", "message", "error"].iter().find_map(|name| json.get(name)?.token());
            let describe = describe.map_or_else(
                || format!("HTTP {status}: the token answer holds no token"),
                |text| self.session.clean(text),
            );
            let code = ["error", "code"].iter().find_map(|name| json.get(name)?.token());
            if status >= 500 && code.is_none() {
                return self.token_lost(id, Failure::MaybeSent, &describe, now);
            }
            return self.without_token(
                Event::Denied(id, token::denied(code.map(|code| self.session.clean(code)).as_deref(), describe)),
                now,
            );
        };
        self.session.changing().life.apply(Event::Granted(id, token.clone()), now);
        match self.task {
            Task::SignIn(_) => Phase::Ended(Ok(Json::from(&self.session.token().unwrap_or(token)))),
            Task::Once { .. } | Task::Poll(_) | Task::Settle(_) => Phase::Ready,
        }
    }

    pub(super) fn token_lost(&mut self, id: u32, failure: Failure, reason: &str, now: Millis) -> Phase {
        let reason = self.session.clean(reason);
        let event = match failure {
            Failure::NotSent => Event::NotSent(id, reason),
            Failure::MaybeSent => Event::Lost(id, reason),
        };
        self.without_token(event, now)
    }

    /// A fetch came to nothing. The call goes on if the word comes too late, or the old token is still good; an
    /// authorisation code is never sent again.
    fn without_token(&mut self, event: Event, now: Millis) -> Phase {
        let mut changing = self.session.changing();
        let error = changing.life.apply(event, now);
        match (error, &self.task) {
            (Some(error), Task::SignIn(_)) => Phase::Ended(Err(error)),
            (Some(error), task) if !changing.life.is_usable(now) => Phase::Ended(Err(task.without_token(error, now))),
            (None, Task::SignIn(Grant::AuthorizationCode { .. })) => {
                Phase::Ended(Err(Error::new(ErrorKind::Auth, "the authorisation came to nothing: a new one is needed")))
            }
            (Some(_) | None, _) => Phase::Ready,
        }
    }
}

/// The token that an answer grants.
fn granted(json: &Json, now: Millis) -> Option<Token> {
    const TEN_YEARS: i64 = 10 * 365 * 24 * 3600;
    let text = |name: &str| json.get(name).and_then(Json::token).filter(|text| !text.is_empty()).map(str::to_owned);
    let access = text("access_token").filter(|access| credential("access_token", access).is_ok())?;
    let seconds = json.get("expires_in").and_then(Json::token).and_then(|token| token.trim().parse().ok());
    let seconds = seconds.filter(|seconds| (1..=TEN_YEARS).contains(seconds));
    // `oauthUser` is JSON within a text, or an object.
    let user = json.get("oauthUser").cloned().unwrap_or_default();
    let user = user.token().and_then(|text| Json::parse(text).ok()).unwrap_or(user);
    let tax_num = ["userName", "taxnum", "taxNum"].iter().find_map(|name| user.get(name)?.token()).map(str::to_owned);
    Some(Token {
        access: access.into(),
        refresh: text("refresh_token").map(Secret::from),
        user_id: text("userId"),
        tax_num: tax_num.or_else(|| text("userName")),
        expires_at: seconds.map(|seconds: i64| now.after(seconds * 1000)),
    })
}
