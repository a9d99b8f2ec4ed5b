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
//! Where the token is shared, `store.rs` tells what comes between Ready and FetchingToken, and after it.

mod snapshot;
mod store;
mod task;

use std::fmt;
use std::marker::PhantomData;

use crate::config::path_of;
use crate::error::{Error, ErrorKind, Violation};
use crate::json::{FromJson, Json};
use crate::model::Effect;
use crate::reply::read_json;
use crate::secret::Passing;
use crate::session::Session;
use crate::sign::{StringToSign, sign};
use crate::token::{self, Event, FetchRequest, Grant, Sight, Token, Want};
use crate::wire::{Millis, Request, Secret, Stamp, credential, form, form_encode};
use store::{Claim, Outcome};
pub(crate) use task::{Next, Task};

/// What the host is to do next.
///
/// `Debug` hides what is to be stored, and a request's secrets.
#[derive(Clone)]
pub enum Step<T> {
    /// Send it once, then tell the answer by [`Call::receive`], or that there is none by [`Call::fail`].
    Send(Request),
    /// Ask again at this time.
    Wait(Millis),
    /// Read the token's store, then tell what it holds by [`Call::loaded`]. Only where [`Config::shared`] is set.
    ///
    /// [`Config::shared`]: crate::Config::shared
    Load,
    /// Put `bytes` into the store if it still holds `version`, then tell by [`Call::swapped`] whether it did.
    Swap {
        /// The version that is replaced; the next one is `version + 1`.
        version: u64,
        /// The new record. It holds tokens.
        bytes: Vec<u8>,
    },
    /// It is done.
    Done(T),
}

impl<T: fmt::Debug> fmt::Debug for Step<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Send(request) => f.debug_tuple("Send").field(request).finish(),
            Self::Wait(until) => f.debug_tuple("Wait").field(until).finish(),
            Self::Load => f.write_str("Load"),
            Self::Swap { version, .. } => f.debug_struct("Swap").field("version", version).finish_non_exhaustive(),
            Self::Done(output) => f.debug_tuple("Done").field(output).finish(),
        }
    }
}

/// Why a request has no answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Failure {
    /// It surely did not leave: the connection was refused, the name not found, the TLS handshake failed.
    NotSent,
    /// It may have arrived: everything else, time-outs and broken connections above all.
    MaybeSent,
}

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

enum Phase {
    Ready,
    Resting {
        since: Millis,
        until: Millis,
    },
    Loading,
    /// The record of this version has been taken in.
    Loaded(u64),
    /// The store failed: a token that is held has to do.
    Offline(Error),
    Claiming(FetchRequest, Claim),
    Claimed(FetchRequest, Claim),
    FetchingToken(u32, Option<Claim>),
    /// Something came of a fetch: it is to be kept in the record of this version, or in the one that is to be loaded.
    Unkept(Outcome, Option<u64>),
    Reloading(Outcome),
    Keeping(Outcome, u64),
    Asking(Secret),
    Ended(Result<Json, Error>),
    Over,
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

    fn answer(&mut self, access: &Secret, status: u16, body: &[u8], now: Millis) -> Phase {
        let next = match self.task.method().judge(status, body) {
            Ok(result) => {
                self.replaced = false;
                self.task.answered(result, now)
            }
            Err(refusal) if token::is_rejection(refusal.error.code()) => {
                let mut changing = self.session.changing();
                changing.life.apply(Event::Rejected(access.clone()), now);
                if self.replaced || changing.life.is_permanent() {
                    Next::Fail(self.task.without_token(refusal.error, now))
                } else {
                    self.replaced = true;
                    Next::Again
                }
            }
            Err(refusal) => self.task.refused(refusal, now),
        };
        self.go(next, access, now)
    }

    /// Goes on; an error is cleaned of secrets and of the token that was sent.
    fn go(&self, next: Next, access: &Secret, now: Millis) -> Phase {
        match next {
            Next::Again => Phase::Ready,
            Next::Rest(until) => Phase::Resting { since: now, until },
            Next::Done(result) => Phase::Ended(Ok(result)),
            Next::Fail(error) => Phase::Ended(Err(error.cleaned(&|text| access.clean(&self.session.clean(text))))),
        }
    }

    fn token_answer(&mut self, id: u32, status: u16, body: &[u8], now: Millis) -> Phase {
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

    fn token_lost(&mut self, id: u32, failure: Failure, reason: &str, now: Millis) -> Phase {
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

    fn request(&self, access: &Secret, stamp: &Stamp) -> Request {
        let config = self.session.config();
        let (senid, nonce, timestamp) = (stamp.senid(), stamp.nonce(), stamp.timestamp());
        let url = config.environment.service_url();
        let (name, body) = self.task.request();
        let text = StringToSign {
            path: path_of(url),
            app_key: &config.app_key,
            senid: &senid,
            nonce: &nonce,
            timestamp: &timestamp,
            body,
        };
        let mut url = format!("{url}?senid={senid}&nonce={nonce}&timestamp={timestamp}&appkey=");
        form_encode(&config.app_key, &mut url);
        Request {
            url,
            headers: vec![
                ("Content-Type", "application/json".to_owned()),
                ("X-Nuonuo-Sign", sign(&config.app_secret, &text)),
                ("accessToken", access.expose().to_owned()),
                ("userTax", config.tax_num.clone()),
                ("method", name.to_owned()),
            ],
            body: body.to_owned(),
        }
    }

    fn fetch(&mut self, fetch: &FetchRequest, claim: Option<Claim>) -> Step<T> {
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
}

/// By name alone: what a sign-in ends with is a token.
impl fmt::Debug for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ready => "Ready",
            Self::Resting { .. } => "Resting",
            Self::Loading => "Loading",
            Self::Loaded(_) => "Loaded",
            Self::Offline(_) => "Offline",
            Self::Claiming(..) => "Claiming",
            Self::Claimed(..) => "Claimed",
            Self::FetchingToken(..) => "FetchingToken",
            Self::Unkept(..) => "Unkept",
            Self::Reloading(_) => "Reloading",
            Self::Keeping(..) => "Keeping",
            Self::Asking(_) => "Asking",
            Self::Ended(_) => "Ended",
            Self::Over => "Over",
        })
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
