//! Who we are and which token we hold: a session starts calls.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::api::platform;
use crate::body;
use crate::call::{Call, Task};
use crate::error::Error;
use crate::json::Json;
use crate::model::{Effect, Endpoint, Method, Settles};
use crate::settle::Settling;
use crate::source::Source;
use crate::token::{Grant, Life, Role, Token};
use crate::wire::{Secret, credential};

/// One application and, for a service provider, one merchant.
///
/// It is cheap to clone; all clones share one token. It does nothing by itself: it starts [`Call`]s, which the host
/// drives. Save [`Session::snapshot`] whenever [`Session::revision`] has changed, before anything is sent: 50 token
/// calls in 30 days are all the platform takes.
#[derive(Clone, Debug)]
pub struct Session(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    config: Config,
    now: Mutex<Changing>,
}

#[derive(Debug)]
pub(crate) struct Changing {
    pub(crate) life: Life,
    pub(crate) last_entropy: Option<[u8; 20]>,
}

/// What a session is made from.
#[derive(Clone, Debug)]
pub struct Config {
    /// Which platform.
    pub environment: Environment,
    /// The application's key.
    pub app_key: String,
    /// The application's secret. It only ever leaves in a token request, and as the key of signatures.
    pub app_secret: Secret,
    /// The tax number that calls are made for: the header `userTax`. A company's own application may leave it empty in
    /// production.
    pub tax_num: String,
    /// Whose application it is.
    pub role: Role,
    /// A token that never ends (永久令牌), if the application has one: no token call is made then.
    pub permanent_token: Option<Secret>,
}

/// Which platform is talked to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Environment {
    /// Real invoices.
    Production,
    /// 沙箱.
    Sandbox,
    /// Somewhere else: a simulator on this machine, a gateway of your own. Plain http is for loopback only.
    Custom {
        /// The whole address of the service, path included.
        service_url: String,
        /// The whole address of the token endpoint.
        token_url: String,
    },
}

impl Session {
    /// A session without a token.
    ///
    /// # Errors
    /// `input`, naming each setting that can't be right.
    ///
    /// ```
    /// use nnopen::{Config, Session};
    ///
    /// let mut config = Config::sandbox("SD00000001", "SD00000000000001", "339901999999142");
    /// assert!(Session::new(config.clone()).is_ok());
    /// config.app_key.clear();
    /// assert_eq!(Session::new(config).unwrap_err().violations()[0].path, "app_key");
    /// ```
    pub fn new(config: Config) -> Result<Self, Error> {
        config.check()?;
        let life = Life::new(config.role, config.permanent_token.clone());
        Ok(Self(Arc::new(Shared { config, now: Mutex::new(Changing { life, last_entropy: None }) })))
    }

    /// One call of a method with typed params. A write sent by this is not followed; see [`Session::settle`].
    ///
    /// # Errors
    /// `input`, with everything that is wrong with the params; nothing is sent.
    pub fn call<E: Endpoint>(&self, params: &E) -> Result<Call<E::Output>, Error> {
        self.start(E::METHOD, params, Task::once)
    }

    /// A question asked again, with growing delays, until no row of its answer is pending.
    ///
    /// # Errors
    /// `input` as for [`Session::call`]; `usage` if the method has no rule for it.
    pub fn poll<E: Endpoint>(&self, params: &E) -> Result<Call<E::Output>, Error> {
        poll_rule(E::METHOD)?;
        self.start(E::METHOD, params, Task::poll)
    }

    /// A write followed to its end: sent, asked about when its answer is missing, sent again only when it surely is not
    /// there, and watched until it is final.
    ///
    /// # Errors
    /// `input` as for [`Session::call`].
    pub fn settle<E: Settles>(&self, params: &E) -> Result<Call<E::Rows>, Error> {
        self.settling(E::METHOD, params, Settling::send)
    }

    /// As [`Session::settle`], for a write that may have been sent earlier (by a process that ended, for one): asks
    /// first.
    ///
    /// # Errors
    /// `input` as for [`Session::call`].
    pub fn settle_again<E: Settles>(&self, params: &E) -> Result<Call<E::Rows>, Error> {
        self.settling(E::METHOD, params, Settling::ask_first)
    }

    /// As [`Session::call`], by the method's name on the wire.
    ///
    /// # Errors
    /// `input` as for [`Session::call`], or if no such method is known (see [`Session::call_raw`]).
    pub fn call_json(&self, method: &str, params: &dyn Source) -> Result<Call<Json>, Error> {
        self.start(known(method)?, params, Task::once)
    }

    /// As [`Session::poll`], by the method's name on the wire.
    ///
    /// # Errors
    /// As for [`Session::poll`].
    pub fn poll_json(&self, method: &str, params: &dyn Source) -> Result<Call<Json>, Error> {
        let method = known(method)?;
        poll_rule(method)?;
        self.start(method, params, Task::poll)
    }

    /// As [`Session::settle`], by the method's name on the wire.
    ///
    /// # Errors
    /// As for [`Session::settle`]; `usage` if the method has no rule for it.
    pub fn settle_json(&self, method: &str, params: &dyn Source) -> Result<Call<Json>, Error> {
        self.settling(known(method)?, params, Settling::send)
    }

    /// As [`Session::settle_again`], by the method's name on the wire.
    ///
    /// # Errors
    /// As for [`Session::settle_json`].
    pub fn settle_again_json(&self, method: &str, params: &dyn Source) -> Result<Call<Json>, Error> {
        self.settling(known(method)?, params, Settling::ask_first)
    }

    /// One call with a body of your own, signed and sent byte for byte. A method that is not known counts as a write.
    ///
    /// # Errors
    /// `input`, if the name is no name.
    pub fn call_raw(&self, method: &str, body: impl Into<String>) -> Result<Call<Json>, Error> {
        credential("method", method)?;
        Ok(Call::new(self.clone(), Task::raw(method, body.into()), Vec::new()))
    }

    /// Gets a token: with key and secret, with a merchant's authorisation, or by refreshing the one that is held. Calls
    /// do it by themselves where they can; a service provider does it once for each merchant.
    ///
    /// # Errors
    /// `input`, if the grant lacks something.
    pub fn sign_in(&self, grant: Grant) -> Result<Call<Token>, Error> {
        if let Grant::AuthorizationCode { code, tax_num, redirect_uri } = &grant {
            let parts = [("code", code.expose()), ("tax_num", tax_num), ("redirect_uri", redirect_uri)];
            parts.into_iter().try_for_each(|(name, text)| credential(name, text))?;
        }
        Ok(Call::new(self.clone(), Task::SignIn(grant), Vec::new()))
    }

    /// The token that is held.
    pub fn token(&self) -> Option<Token> {
        self.changing().life.token().cloned()
    }

    /// The token, the times of all token calls and a pause, as JSON to be kept where only you can read it.
    pub fn snapshot(&self) -> String {
        let config = &self.0.config;
        let mut members = vec![("version".to_owned(), Json::from(1))];
        members.extend(config.identity().map(|(name, value)| (name.to_owned(), Json::from(value))));
        members.extend(self.changing().life.save());
        Json::Object(members).to_string()
    }

    /// Takes over a snapshot of an earlier session of the same application, environment and merchant.
    ///
    /// # Errors
    /// `input`, if it is another session's, or can't be read; nothing is changed then.
    pub fn restore(&self, snapshot: &str) -> Result<(), Error> {
        let refuse = |path: &str| body::fault(path, "snapshot", "令牌快照不可用", "the token snapshot can't be used");
        let json = Json::parse(snapshot).map_err(|_| refuse(""))?;
        if json.get("version").and_then(Json::token) != Some("1") {
            return Err(refuse("version"));
        }
        for (name, ours) in self.0.config.identity() {
            if json.get(name).and_then(Json::token) != Some(ours) {
                return Err(refuse(name));
            }
        }
        self.changing().life.restore(&json, None).map_err(refuse)
    }

    /// A number that grows whenever the snapshot changes.
    pub fn revision(&self) -> u64 {
        self.changing().life.revision()
    }

    /// What looks wrong but is tried all the same: a sandbox key at the production host, for one.
    pub fn warnings(&self) -> Vec<Warning> {
        self.0.config.warnings()
    }

    /// Takes secrets and tokens out of a text that came from outside.
    pub(crate) fn clean(&self, text: &str) -> String {
        let mut text = self.0.config.app_secret.clean(text);
        if let Some(token) = &self.0.config.permanent_token {
            text = token.clean(&text);
        }
        for secret in self.changing().life.secrets() {
            text = secret.clean(&text);
        }
        text
    }

    pub(crate) fn config(&self) -> &Config {
        &self.0.config
    }

    pub(crate) fn changing(&self) -> MutexGuard<'_, Changing> {
        self.0.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn start<T>(
        &self,
        method: &'static Method,
        params: &dyn Source,
        task: fn(&'static Method, String) -> Task,
    ) -> Result<Call<T>, Error> {
        let body = method.checked(params)?;
        Ok(Call::new(self.clone(), task(method, body.text), body.warnings))
    }

    fn settling<T>(
        &self,
        method: &'static Method,
        params: &dyn Source,
        begin: fn(&'static Method, String) -> Result<Settling, Error>,
    ) -> Result<Call<T>, Error> {
        let body = method.checked(params)?;
        Ok(Call::new(self.clone(), Task::Settle(begin(method, body.text)?), body.warnings))
    }
}

fn known(name: &str) -> Result<&'static Method, Error> {
    Method::find(name).ok_or_else(|| {
        body::fault(
            "method",
            "method",
            &format!("没有登记接口 {name}"),
            &format!("no method called {name} is known: call_raw sends it unchecked"),
        )
    })
}

fn poll_rule(method: &Method) -> Result<(), Error> {
    match method.poll {
        Some(_) => Ok(()),
        None => Err(Error::usage("this method has no rule for asking again: use call")),
    }
}

impl Config {
    /// A company's own application in the sandbox.
    pub fn sandbox(app_key: &str, app_secret: &str, tax_num: &str) -> Self {
        Self::of(Environment::Sandbox, app_key, app_secret, tax_num)
    }

    /// A company's own application in production: real invoices.
    pub fn production(app_key: &str, app_secret: &str, tax_num: &str) -> Self {
        Self::of(Environment::Production, app_key, app_secret, tax_num)
    }

    fn of(environment: Environment, app_key: &str, app_secret: &str, tax_num: &str) -> Self {
        Self {
            environment,
            app_key: app_key.to_owned(),
            app_secret: app_secret.into(),
            tax_num: tax_num.to_owned(),
            role: Role::SelfUse,
            permanent_token: None,
        }
    }

    fn check(&self) -> Result<(), Error> {
        let mut checks = vec![credential("app_key", &self.app_key), credential("app_secret", self.app_secret.expose())];
        if !self.tax_num.is_empty() || self.role == Role::ServiceProvider {
            checks.push(credential("tax_num", &self.tax_num));
        }
        if let Some(token) = &self.permanent_token {
            checks.push(credential("permanent_token", token.expose()));
        }
        checks.extend(self.environment.check());
        let violations: Vec<_> =
            checks.into_iter().filter_map(Result::err).flat_map(|error| error.violations().to_vec()).collect();
        if violations.is_empty() { Ok(()) } else { Err(Error::input(violations)) }
    }

    /// Whose tokens these are: what a snapshot must agree with.
    fn identity(&self) -> [(&'static str, &str); 3] {
        [("environment", self.environment.name()), ("appKey", &self.app_key), ("taxNum", &self.tax_num)]
    }

    fn warnings(&self) -> Vec<Warning> {
        let sandbox_key = self.app_key.starts_with(platform::SANDBOX_KEY_PREFIX);
        let mut warnings = Vec::new();
        match self.environment {
            Environment::Production if sandbox_key => warnings.push(Warning {
                zh: "appKey 以 SD 开头，是沙箱密钥，却用在正式环境",
                en: "the app key begins with SD: a sandbox key at the production host",
            }),
            Environment::Sandbox if !sandbox_key => warnings.push(Warning {
                zh: "appKey 不以 SD 开头，是正式密钥，却用在沙箱环境",
                en: "the app key does not begin with SD: a production key at the sandbox host",
            }),
            _ => {}
        }
        if self.tax_num.is_empty() && self.environment == Environment::Sandbox {
            warnings
                .push(Warning {
                    zh: "沙箱要求填写税号（userTax）", en: "the sandbox needs a tax number (userTax)"
                });
        }
        warnings
    }
}

/// Something that looks wrong, in Chinese and in English.
pub type Warning = crate::model::Words;

impl Environment {
    /// The whole address of the service.
    pub fn service_url(&self) -> &str {
        match self {
            Self::Production => platform::SERVICE_PRODUCTION,
            Self::Sandbox => platform::SERVICE_SANDBOX,
            Self::Custom { service_url, .. } => service_url,
        }
    }

    /// The whole address of the token endpoint; production and sandbox share it.
    pub fn token_url(&self) -> &str {
        match self {
            Self::Production | Self::Sandbox => platform::TOKEN_URL,
            Self::Custom { token_url, .. } => token_url,
        }
    }

    /// The address of the authorize page: beside the token endpoint.
    pub fn authorize_url(&self) -> String {
        match self {
            Self::Production | Self::Sandbox => platform::AUTHORIZE_URL.to_owned(),
            Self::Custom { token_url, .. } => {
                let folder = token_url.rfind('/').map_or("", |at| &token_url[..at]);
                format!("{folder}/authorize")
            }
        }
    }

    /// What a snapshot calls it.
    fn name(&self) -> &str {
        match self {
            Self::Production => "production",
            Self::Sandbox => "sandbox",
            Self::Custom { service_url, .. } => service_url,
        }
    }

    fn check(&self) -> Vec<Result<(), Error>> {
        match self {
            Self::Production | Self::Sandbox => Vec::new(),
            Self::Custom { service_url, token_url } => {
                vec![check_url("service_url", service_url, 3), check_url("token_url", token_url, 1)]
            }
        }
    }
}

/// The path of an address: what follows the host.
pub(crate) fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').map_or("", |at| &rest[at..])
}

/// An address is https, or http on this machine; without user, query or fragment; with a path of so many pieces.
fn check_url(name: &str, url: &str, pieces: usize) -> Result<(), Error> {
    credential(name, url)?;
    let refuse = |zh, en| Err(body::fault(name, "url", zh, en));
    let Some((scheme, rest)) = url.split_once("://") else {
        return refuse("应以 https:// 开头", "must begin with https://");
    };
    let host = rest.split('/').next().unwrap_or_default();
    if rest.contains(['?', '#']) || host.contains('@') || host.is_empty() {
        return refuse("不能带用户名、? 或 #", "must have a host and neither user, ? nor #");
    }
    let name_only = host.strip_prefix('[').map_or_else(|| host.split(':').next(), |v6| v6.split(']').next());
    let loopback = matches!(name_only, Some("127.0.0.1" | "localhost" | "::1"));
    if scheme != "https" && !(scheme == "http" && loopback) {
        return refuse("必须是 https（http 只能用于本机）", "must be https; http is for loopback only");
    }
    if path_of(url).split('/').skip(1).filter(|piece| !piece.is_empty()).count() < pieces {
        return refuse(
            "地址应包含完整路径，例如 /open/v1/services",
            "must hold its whole path, such as /open/v1/services",
        );
    }
    Ok(())
}

/// The method that a raw call of an unknown name is judged by: it may change something.
pub(crate) static UNKNOWN: Method = Method {
    name: "",
    title: crate::model::Words { zh: "", en: "" },
    doc: crate::model::Words { zh: "", en: "" },
    effect: Effect::Write,
    success: platform::SUCCESS,
    params: &crate::model::Shape { name: "", fields: &[] },
    one_of: &[],
    result: crate::model::Type::Json,
    poll: None,
    settle: None,
    by_hand: None,
    raw: true,
};
