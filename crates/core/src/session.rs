//! Who we are and which token we hold: a session starts calls.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sha1::{Digest, Sha1};

use crate::api::platform;
use crate::body;
use crate::call::{Call, Task};
use crate::config::{Config, Warning, path_of};
use crate::error::Error;
use crate::json::Json;
use crate::model::{Effect, Endpoint, Method, Settles};
use crate::settle::Settling;
use crate::sign::{self, Key};
use crate::source::Source;
use crate::text::text;
use crate::token::{Grant, Lease, Ledger, Life, Record, Taken, Token};
use crate::wire::{Millis, credential};

/// One application and, for a service provider, one merchant.
///
/// It is cheap to clone; all clones share one token. It does nothing by itself: it starts [`Call`]s, which the host
/// drives. Save [`Session::snapshot`] whenever [`Session::revision`] has changed, before anything is sent: 50 token
/// calls in 30 days are all the platform takes. Where several processes use one application, set
/// [`Config::shared`] instead: the calls then keep the token in a store.
#[derive(Clone, Debug)]
pub struct Session(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    config: Config,
    key: Key,
    now: Mutex<Changing>,
}

#[derive(Debug)]
pub(crate) struct Changing {
    pub(crate) life: Life,
    pub(crate) last_entropy: Option<[u8; 20]>,
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
        let life = Life::new(config.role, config.permanent_token.clone(), Ledger::new(config.shared));
        let start = sign::start(path_of(config.environment.service_url()), &config.app_key);
        let key = Key::new(&config.app_secret, &start);
        Ok(Self(Arc::new(Shared { config, key, now: Mutex::new(Changing { life, last_entropy: None }) })))
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
        Ok(Call::new(self.clone(), Task::raw(method, body.into())?, Vec::new()))
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
        self.identified(self.changing().life.save()).to_string()
    }

    /// Takes over a snapshot of an earlier session of the same application, environment and merchant.
    ///
    /// # Errors
    /// `input`, if it is another session's, or can't be read; nothing is changed then.
    pub fn restore(&self, snapshot: &str) -> Result<(), Error> {
        let refuse = |path: &str| body::fault(path, "snapshot", "令牌快照不可用", "the token snapshot can't be used");
        let json = Json::parse(snapshot).map_err(|_| refuse(""))?;
        self.is_ours(&json).map_err(refuse)?;
        self.changing().life.restore(&json).map_err(refuse)
    }

    /// Under which name a store keeps the token that this session shares: 40 hex digits, another one for each
    /// environment, application and merchant; the same in every language. It is the SHA-1 of the three, a line each.
    ///
    /// ```
    /// use nnopen::{Config, Session};
    ///
    /// let session = Session::new(Config::sandbox("SD00000001", "SD00000000000001", "339901999999142")).unwrap();
    /// assert_eq!(session.store_key(), "de296f9c05d70594deb286509dcb4ff9f882ce7d");
    /// ```
    pub fn store_key(&self) -> String {
        let whose = self.0.config.identity().map(|(_, part)| part).join("\n");
        let digest = Sha1::digest(whose);
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
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

    /// The record for the store, while `lease` is held or nobody fetches.
    pub(crate) fn record(&self, lease: Option<&Lease>, now: Millis) -> Vec<u8> {
        self.identified(self.changing().life.record(lease, now)).to_string().into_bytes()
    }

    /// Takes in what the store holds.
    ///
    /// # Errors
    /// `input`, if it is another session's, or can't be read: nothing is changed then, and the store is left as it is.
    pub(crate) fn adopt(&self, version: u64, bytes: &[u8], now: Millis) -> Result<Taken, Error> {
        let refuse = |member: &str| {
            let path = ["store", member].join(".");
            let path = path.trim_end_matches('.');
            body::fault(path, "store", "令牌存储的内容不可用", "what the token's store holds can't be used")
        };
        let record = match (version, bytes) {
            (0, []) => Record::empty(),
            (_, bytes) => {
                let text = std::str::from_utf8(bytes).map_err(|_| refuse(""))?;
                let json = Json::parse(text).map_err(|_| refuse(""))?;
                self.is_ours(&json).and_then(|()| Record::read(&json)).map_err(refuse)?
            }
        };
        Ok(self.changing().life.adopt(record, now))
    }

    /// The members, with those before them that tell whose they are.
    fn identified(&self, members: impl IntoIterator<Item = (String, Json)>) -> Json {
        let identity = self.0.config.identity().map(|(name, value)| (name.to_owned(), Json::from(value)));
        Json::Object([("version".to_owned(), Json::from(1))].into_iter().chain(identity).chain(members).collect())
    }

    /// Whether a snapshot or a record is this session's; the member that is another's.
    fn is_ours(&self, json: &Json) -> Result<(), &'static str> {
        if json.get("version").and_then(Json::token) != Some("1") {
            return Err("version");
        }
        let other = |(name, ours): &(&'static str, &str)| json.get(name).and_then(Json::token) != Some(*ours);
        self.0.config.identity().into_iter().find(other).map_or(Ok(()), |(name, _)| Err(name))
    }

    pub(crate) fn config(&self) -> &Config {
        &self.0.config
    }

    /// What its requests are signed with.
    pub(crate) fn key(&self) -> &Key {
        &self.0.key
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
        let body = method.checked(params, &self.0.config.tax_num)?;
        Ok(Call::new(self.clone(), task(method, body.text), body.warnings))
    }

    fn settling<T>(
        &self,
        method: &'static Method,
        params: &dyn Source,
        begin: fn(&'static Method, String) -> Result<Settling, Error>,
    ) -> Result<Call<T>, Error> {
        let body = method.checked(params, &self.0.config.tax_num)?;
        Ok(Call::new(self.clone(), Task::Settle(begin(method, body.text)?), body.warnings))
    }
}

pub(crate) fn known(name: &str) -> Result<&'static Method, Error> {
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

/// The method that a raw call of an unknown name is judged by: it may change something.
pub(crate) static UNKNOWN: Method = Method {
    name: text(""),
    #[cfg(feature = "docs")]
    title: crate::model::Words { zh: text(""), en: text("") },
    #[cfg(feature = "docs")]
    doc: crate::model::Words { zh: text(""), en: text("") },
    effect: Effect::Write,
    success: platform::SUCCESS,
    params: &crate::model::Shape { name: text(""), fields: &[], asked: &[] },
    one_of: &[],
    #[cfg(feature = "docs")]
    result: crate::model::Type::Json,
    poll: None,
    settle: None,
    #[cfg(feature = "docs")]
    by_hand: None,
    order: None,
    raw: true,
};
