//! Plain values for plain borders.

use std::fmt;

use nnopen::{Environment, Json, Method, Reply, Request, Role, Secret};

use crate::Failure;

/// What a session is made from.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// `production`, `sandbox`, or empty if the addresses are given.
    pub environment: String,
    /// The whole address of the service, if it is another one.
    pub service_url: Option<String>,
    /// The whole address of the token endpoint, if it is another one.
    pub token_url: Option<String>,
    /// The application's key.
    pub app_key: String,
    /// The application's secret.
    pub app_secret: Secret,
    /// The tax number that calls are made for.
    pub tax_num: String,
    /// Whether it is a service provider's application (第三方).
    pub service_provider: bool,
    /// A token that never ends.
    pub permanent_token: Option<Secret>,
    /// Whether the token is shared with other processes through a store.
    pub shared: bool,
}

impl Config {
    pub(crate) fn into_core(self) -> Result<nnopen::Config, Failure> {
        let environment = match (self.environment.as_str(), self.service_url, self.token_url) {
            ("production", None, None) => Environment::Production,
            ("sandbox", None, None) => Environment::Sandbox,
            (_, Some(service_url), Some(token_url)) => Environment::Custom { service_url, token_url },
            _ => return Err(Failure::usage("give production, sandbox, or both service_url and token_url")),
        };
        let role = if self.service_provider { Role::ServiceProvider } else { Role::SelfUse };
        let Self { app_key, app_secret, tax_num, permanent_token, shared, .. } = self;
        Ok(nnopen::Config { environment, app_key, app_secret, tax_num, role, permanent_token, shared })
    }
}

/// How a token is asked for.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Grant {
    /// With key and secret.
    ClientCredentials,
    /// With a merchant's authorisation.
    AuthorizationCode { code: Secret, tax_num: String, redirect_uri: String },
    /// With the refresh token that is held.
    Refresh,
}

impl Grant {
    /// The grant called `client_credentials`, `authorization_code` (which takes the other three) or `refresh`.
    pub fn named(name: &str, code: Secret, tax_num: String, redirect_uri: String) -> Result<Self, Failure> {
        match name {
            "client_credentials" => Ok(Self::ClientCredentials),
            "authorization_code" => Ok(Self::AuthorizationCode { code, tax_num, redirect_uri }),
            "refresh" => Ok(Self::Refresh),
            _ => Err(Failure::usage("a grant is client_credentials, authorization_code or refresh")),
        }
    }

    pub(crate) fn into_core(self) -> nnopen::Grant {
        match self {
            Self::ClientCredentials => nnopen::Grant::ClientCredentials,
            Self::Refresh => nnopen::Grant::Refresh,
            Self::AuthorizationCode { code, tax_num, redirect_uri } => {
                nnopen::Grant::AuthorizationCode { code, tax_num, redirect_uri }
            }
        }
    }
}

/// What the host is to do next; a result is JSON text, or what the host makes of the value itself. `Debug` hides what is to
/// be stored, and a request's secrets.
#[derive(Clone)]
#[allow(missing_docs)]
pub enum Step<R = String> {
    /// POST it, the body byte for byte.
    Send(Request),
    /// Ask again at this time, in milliseconds since 1970.
    Wait { until: i64 },
    /// Read the token's store, then tell what it holds.
    Load,
    /// Put the bytes into the store if it still holds this version, then tell whether it did.
    Swap { version: u64, bytes: Vec<u8> },
    /// Done.
    Done { result: R },
}

impl<R: fmt::Debug> fmt::Debug for Step<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Send(request) => f.debug_tuple("Send").field(request).finish(),
            Self::Wait { until } => f.debug_struct("Wait").field("until", until).finish(),
            Self::Load => f.write_str("Load"),
            Self::Swap { version, .. } => f.debug_struct("Swap").field("version", version).finish_non_exhaustive(),
            Self::Done { result } => f.debug_struct("Done").field("result", result).finish(),
        }
    }
}

impl<R> Step<R> {
    pub(crate) fn of<T>(step: nnopen::Step<T>, told: impl FnOnce(T) -> R) -> Self {
        match step {
            nnopen::Step::Send(request) => Self::Send(request),
            nnopen::Step::Wait(until) => Self::Wait { until: until.0 },
            nnopen::Step::Load => Self::Load,
            nnopen::Step::Swap { version, bytes } => Self::Swap { version, bytes },
            nnopen::Step::Done(result) => Self::Done { result: told(result) },
        }
    }
}

/// What a sign-in gave, without the token itself: that stays in the session and its snapshot.
#[allow(clippy::needless_pass_by_value)]
pub(crate) fn token_told(token: nnopen::Token) -> Json {
    let members = [
        ("taxNum", Json::from(token.tax_num.as_deref())),
        ("userId", token.user_id.as_deref().into()),
        ("expiresAt", token.expires_at.map(|at| at.0).into()),
    ];
    Json::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// One thing wrong with params.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Violation {
    pub path: String,
    pub rule: &'static str,
    /// `error` or `warning`.
    pub severity: &'static str,
    /// The code that the platform would answer, if that is known.
    pub code: Option<&'static str>,
    pub message: String,
    pub message_en: String,
}

impl From<&nnopen::Violation> for Violation {
    fn from(violation: &nnopen::Violation) -> Self {
        Self {
            path: violation.path.clone(),
            rule: violation.rule,
            severity: violation.severity.name(),
            code: violation.code,
            message: violation.message.clone(),
            message_en: violation.message_en.clone(),
        }
    }
}

/// An answer as it was read.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Answer {
    pub code: Option<String>,
    /// The platform's own words; a failure has its own too.
    pub describe: Option<String>,
    /// The result as JSON text; `null` if there is none.
    pub result: String,
    /// Why it is no success.
    pub failure: Option<Failure>,
}

impl Answer {
    pub(crate) fn of(method: &str, status: u16, body: &[u8]) -> Self {
        let read = Method::read_as(method, status, body);
        let envelope = Reply::read(status, body).ok();
        let failure = read.as_ref().err().cloned().map(Failure::from);
        let describe = envelope.as_ref().map(|reply| reply.describe.clone()).filter(|text| !text.is_empty());
        Self {
            code: envelope.as_ref().map(|reply| reply.code.clone()),
            describe,
            result: read.ok().or(envelope.map(|reply| reply.result)).unwrap_or_default().to_string(),
            failure,
        }
    }
}

/// What the platform pushed.
#[derive(Clone, Debug, PartialEq)]
pub struct PushInfo {
    /// The platform's word for its kind (so spelt): `callback`.
    pub operater: String,
    /// Whether the kind is known.
    pub known: bool,
    /// Our order number.
    pub order_no: Option<String>,
    /// The platform's serial number of the invoice.
    pub serial_no: Option<String>,
    /// The application number of a red-letter form.
    pub bill_no: Option<String>,
    /// How things stand, in the words of its kind (`issued`, `failed`, `seal_failed`; `voided` …), if the code is known.
    pub status: Option<&'static str>,
    /// The code itself; not that of the query.
    pub status_code: Option<String>,
    /// The content as JSON text; `null` if there is none.
    pub content: String,
    /// Everything as it came, as JSON text.
    pub raw: String,
    /// The method that confirms it.
    pub confirm_method: Option<&'static str>,
    /// That method's params as JSON text.
    pub confirm_params: Option<String>,
}

impl From<&nnopen::Push> for PushInfo {
    fn from(push: &nnopen::Push) -> Self {
        let (confirm_method, confirm_params) = push.confirm().unzip();
        Self {
            operater: push.operater().to_owned(),
            known: push.kind().is_some(),
            order_no: push.order_no().map(str::to_owned),
            serial_no: push.serial_no().map(str::to_owned),
            bill_no: push.bill_no().map(str::to_owned),
            status: push.status_meaning().map(|meaning| meaning.name.as_str()),
            status_code: push.status_code().map(str::to_owned),
            content: push.content().to_string(),
            raw: push.raw().to_string(),
            confirm_method,
            confirm_params: confirm_params.map(|params| params.to_string()),
        }
    }
}

/// What the authorize page sent back.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Returned {
    pub code: Secret,
    pub tax_num: Option<String>,
    /// Whether the state came back; if not, take it only if you know that this browser began.
    pub state_matched: bool,
}

impl From<nnopen::Returned> for Returned {
    fn from(returned: nnopen::Returned) -> Self {
        let (authorization, state_matched) = match returned {
            nnopen::Returned::Granted(authorization) => (authorization, true),
            nnopen::Returned::WithoutState(authorization) => (authorization, false),
        };
        Self { code: authorization.code, tax_num: authorization.tax_num, state_matched }
    }
}

/// What was signed, and the signature.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Signed {
    pub canonical: String,
    pub signature: String,
}

/// A slip that explains why a signature differs.
#[derive(Clone, Copy, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Slip {
    pub name: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
}

impl From<&nnopen::Slip> for Slip {
    fn from(slip: &nnopen::Slip) -> Self {
        Self { name: slip.name, zh: slip.words.zh, en: slip.words.en }
    }
}

/// What a code means.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Explanation {
    pub code: &'static str,
    pub scope: &'static str,
    pub text: &'static str,
    pub meaning_zh: &'static str,
    pub meaning_en: &'static str,
    pub cause_zh: &'static str,
    pub cause_en: &'static str,
    pub fix_zh: &'static str,
    pub fix_en: &'static str,
    pub retry: &'static str,
    pub order_free: bool,
}

impl From<&nnopen::Code> for Explanation {
    fn from(code: &nnopen::Code) -> Self {
        Self {
            code: code.code.as_str(),
            scope: code.scope.as_str(),
            text: code.text.as_str(),
            meaning_zh: code.meaning.zh.as_str(),
            meaning_en: code.meaning.en.as_str(),
            cause_zh: code.cause.zh.as_str(),
            cause_en: code.cause.en.as_str(),
            fix_zh: code.fix.zh.as_str(),
            fix_en: code.fix.en.as_str(),
            retry: code.retry.name(),
            order_free: code.frees_order,
        }
    }
}

/// A file of an invoice.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Document {
    /// `ofd`, `pdf`, `xml`, `paper_pdf`, `page` or `image`.
    pub kind: String,
    /// Its address, with a scheme.
    pub url: String,
    /// The member it was found in.
    pub field: String,
    /// Whether it is the legal original.
    pub original: bool,
}

impl From<nnopen::Document> for Document {
    fn from(document: nnopen::Document) -> Self {
        let nnopen::Document { kind, url, field, original } = document;
        Self { kind: kind.name().to_owned(), url, field: field.to_owned(), original }
    }
}
