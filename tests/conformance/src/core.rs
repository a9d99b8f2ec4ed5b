//! The core as the player sees it.

use nnopen::{Call, Config, Environment, Error, Failure, Grant, Json, Millis, Role, Stamp, Step, Token};

use crate::play::{Failed, Session, Stepped};

/// A session of the core.
#[derive(Debug)]
pub struct Core(pub(crate) nnopen::Session);

/// A call of the core: most give JSON, signing in gives a token.
#[derive(Debug)]
#[allow(missing_docs)]
pub enum CoreCall {
    Method(Call<Json>),
    SignIn(Call<Token>),
}

impl Session for Core {
    type Call = CoreCall;

    fn open(session: &Json) -> Result<Self, Failed> {
        let text = |name: &str| session.get(name).and_then(Json::token).unwrap_or_default();
        let environment = match (text("environment"), session.get("service_url")) {
            ("production", None) => Environment::Production,
            (_, None) => Environment::Sandbox,
            (_, Some(_)) => Environment::Custom {
                service_url: text("service_url").to_owned(),
                token_url: text("token_url").to_owned(),
            },
        };
        let config = Config {
            environment,
            app_key: text("app_key").to_owned(),
            app_secret: text("app_secret").into(),
            tax_num: text("tax_num").to_owned(),
            role: if text("role") == "service_provider" { Role::ServiceProvider } else { Role::SelfUse },
            permanent_token: session.get("permanent_token").and_then(Json::token).map(Into::into),
            shared: session.get("shared") == Some(&Json::Bool(true)),
        };
        Ok(Self(nnopen::Session::new(config)?))
    }

    fn start(&self, call: &Json) -> Result<CoreCall, Failed> {
        let text = |name: &str| call.get(name).and_then(Json::token).unwrap_or_default();
        // Params that no JSON value can be (a repeated member, half a surrogate pair) are told as text.
        let parsed = match call.get("params") {
            Some(Json::Text(text)) => Json::parse_params(text)?,
            params => params.cloned().unwrap_or_default(),
        };
        let params = &parsed;
        let (word, method) = call
            .members()
            .first()
            .map_or(("", ""), |(word, method)| (word.as_str(), method.token().unwrap_or_default()));
        Ok(CoreCall::Method(match word {
            "call" => self.0.call_json(method, params)?,
            "poll" => self.0.poll_json(method, params)?,
            "settle" => self.0.settle_json(method, params)?,
            "resume" => self.0.settle_again_json(method, params)?,
            "raw" => self.0.call_raw(method, text("body"))?,
            _ => return Ok(CoreCall::SignIn(self.0.sign_in(grant(call))?)),
        }))
    }

    fn step(call: &mut CoreCall, now: i64, entropy: [u8; 20]) -> Result<Stepped, Failed> {
        let stamp = Stamp::new(Millis(now), entropy);
        Ok(match call {
            CoreCall::Method(call) => stepped(call.step(&stamp)?, |result| result.to_string()),
            CoreCall::SignIn(call) => stepped(call.step(&stamp)?, |token| {
                let expires_at = token.expires_at.map_or("null".to_owned(), |at| at.0.to_string());
                format!(
                    "{{\"taxNum\":{},\"userId\":{},\"expiresAt\":{expires_at}}}",
                    quoted(token.tax_num.as_deref()),
                    quoted(token.user_id.as_deref())
                )
            }),
        })
    }

    fn receive(call: &mut CoreCall, status: u16, body: &[u8], now: i64) -> Result<(), Failed> {
        match call {
            CoreCall::Method(call) => call.receive(status, body, Millis(now))?,
            CoreCall::SignIn(call) => call.receive(status, body, Millis(now))?,
        }
        Ok(())
    }

    fn fail(call: &mut CoreCall, not_sent: bool, now: i64) -> Result<(), Failed> {
        let failure = if not_sent { Failure::NotSent } else { Failure::MaybeSent };
        match call {
            CoreCall::Method(call) => call.fail(failure, "no answer", Millis(now))?,
            CoreCall::SignIn(call) => call.fail(failure, "no answer", Millis(now))?,
        }
        Ok(())
    }

    fn loaded(call: &mut CoreCall, version: u64, bytes: &[u8], now: i64) -> Result<(), Failed> {
        match call {
            CoreCall::Method(call) => call.loaded(version, bytes, Millis(now))?,
            CoreCall::SignIn(call) => call.loaded(version, bytes, Millis(now))?,
        }
        Ok(())
    }

    fn swapped(call: &mut CoreCall, stored: bool, now: i64) -> Result<(), Failed> {
        match call {
            CoreCall::Method(call) => call.swapped(stored, Millis(now))?,
            CoreCall::SignIn(call) => call.swapped(stored, Millis(now))?,
        }
        Ok(())
    }

    fn store_failed(call: &mut CoreCall, now: i64) -> Result<(), Failed> {
        match call {
            CoreCall::Method(call) => call.store_failed("the store is away", Millis(now))?,
            CoreCall::SignIn(call) => call.store_failed("the store is away", Millis(now))?,
        }
        Ok(())
    }

    fn snapshot(&self) -> String {
        self.0.snapshot()
    }

    fn restore(&self, snapshot: &str) -> Result<(), Failed> {
        Ok(self.0.restore(snapshot)?)
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self {
            kind: error.kind().name().to_owned(),
            code: error.code().map(str::to_owned),
            retry_at: error.retry_at().map(|at| at.0),
            paths: error
                .violations()
                .iter()
                .filter(|violation| violation.is_error())
                .map(|violation| violation.path.clone())
                .collect(),
            texts: format!("{error} {error:?} {:?}", error.result()),
        }
    }
}

fn stepped<T>(step: Step<T>, text: impl FnOnce(T) -> String) -> Stepped {
    match step {
        Step::Send(request) => {
            let (url, headers, body) = request.into_parts();
            Stepped::Send { url, headers, body }
        }
        Step::Wait(until) => Stepped::Wait(until.0),
        Step::Load => Stepped::Load,
        Step::Swap { version, bytes } => Stepped::Swap { version, bytes },
        Step::Done(result) => Stepped::Done(text(result)),
    }
}

fn grant(call: &Json) -> Grant {
    let sign_in = call.get("sign_in").unwrap_or(&Json::Null);
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

fn quoted(text: Option<&str>) -> String {
    Json::from(text).to_string()
}
