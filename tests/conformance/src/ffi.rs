//! The bindings' face as the player sees it.

use nnopen::Json;
use nnopen_ffi::{Call, Config, Failure, Grant, Mode, Step};

use crate::play::{Failed, Session, Stepped};

/// A session behind the bindings' face.
#[derive(Debug)]
pub struct Ffi(pub(crate) nnopen_ffi::Session);

impl Session for Ffi {
    type Call = Call;

    fn open(session: &Json) -> Result<Self, Failed> {
        let text = |name: &str| session.get(name).and_then(Json::token);
        let owned = |name: &str| text(name).map(str::to_owned);
        Ok(Self(nnopen_ffi::Session::open(Config {
            environment: owned("environment").unwrap_or_default(),
            service_url: owned("service_url"),
            token_url: owned("token_url"),
            app_key: owned("app_key").unwrap_or_default(),
            app_secret: text("app_secret").unwrap_or_default().into(),
            tax_num: owned("tax_num").unwrap_or_default(),
            service_provider: text("role") == Some("service_provider"),
            permanent_token: text("permanent_token").map(Into::into),
            shared: session.get("shared") == Some(&Json::Bool(true)),
        })?))
    }

    fn start(&self, call: &Json) -> Result<Call, Failed> {
        let params = match call.get("params") {
            Some(Json::Text(text)) => text.clone(),
            params => params.unwrap_or(&Json::Null).to_string(),
        };
        let (word, method) = call
            .members()
            .first()
            .map_or(("", ""), |(word, method)| (word.as_str(), method.token().unwrap_or_default()));
        Ok(match word {
            "call" => self.0.start_text(Mode::Call, method, &params)?,
            "poll" => self.0.start_text(Mode::Poll, method, &params)?,
            "settle" => self.0.start_text(Mode::Settle, method, &params)?,
            "resume" => self.0.start_text(Mode::SettleAgain, method, &params)?,
            "raw" => self.0.start_raw(method, call.get("body").and_then(Json::token).unwrap_or_default())?,
            _ => self.0.sign_in(grant(call.get("sign_in").unwrap_or(&Json::Null)))?,
        })
    }

    fn step(call: &mut Call, now: i64, entropy: [u8; 20]) -> Result<Stepped, Failed> {
        Ok(match call.step(now, &entropy)? {
            Step::Send(request) => {
                let (url, headers, body) = request.into_parts();
                Stepped::Send { url, headers, body }
            }
            Step::Wait { until } => Stepped::Wait(until),
            Step::Load => Stepped::Load,
            Step::Swap { version, bytes } => Stepped::Swap { version, bytes },
            Step::Done { result } => Stepped::Done(result),
        })
    }

    fn receive(call: &mut Call, status: u16, body: &[u8], now: i64) -> Result<(), Failed> {
        Ok(call.receive(status, body, now)?)
    }

    fn fail(call: &mut Call, not_sent: bool, now: i64) -> Result<(), Failed> {
        Ok(call.fail(not_sent, "no answer", now)?)
    }

    fn loaded(call: &mut Call, version: u64, bytes: &[u8], now: i64) -> Result<(), Failed> {
        Ok(call.loaded(version, bytes, now)?)
    }

    fn swapped(call: &mut Call, stored: bool, now: i64) -> Result<(), Failed> {
        Ok(call.swapped(stored, now)?)
    }

    fn store_failed(call: &mut Call, now: i64) -> Result<(), Failed> {
        Ok(call.store_failed("the store is away", now)?)
    }

    fn snapshot(&self) -> String {
        self.0.snapshot().unwrap_or_default()
    }

    fn restore(&self, snapshot: &str) -> Result<(), Failed> {
        Ok(self.0.restore(snapshot)?)
    }
}

impl From<Failure> for Failed {
    fn from(failure: Failure) -> Self {
        let errors = failure.violations.iter().filter(|violation| violation.severity == "error");
        Self {
            paths: errors.map(|violation| violation.path.clone()).collect(),
            texts: format!("{failure} {failure:?}"),
            kind: failure.kind,
            code: failure.code,
            retry_at: failure.retry_at,
        }
    }
}

fn grant(sign_in: &Json) -> Grant {
    match (sign_in.token(), sign_in.get("authorization_code")) {
        (Some("refresh"), _) => Grant::Refresh,
        (_, Some(given)) => {
            let text = |name: &str| given.get(name).and_then(Json::token).unwrap_or_default();
            Grant::AuthorizationCode {
                code: text("code").into(),
                tax_num: text("tax_num").to_owned(),
                redirect_uri: text("redirect_uri").to_owned(),
            }
        }
        _ => Grant::ClientCredentials,
    }
}
