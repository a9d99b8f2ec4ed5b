//! nnopen for Kotlin, Java and Swift: the face that bindings see, with UniFFI's macros on it. Nothing is decided here.
//!
//! What crosses is made for few crossings: a record instead of many arguments, lists and objects of the platform as JSON
//! text. No number is unsigned, since Java has none; a secret is a type of its own that no host prints.

#![allow(clippy::result_large_err, reason = "a failure crosses a border once; its size does not matter")]
#![allow(clippy::large_enum_variant, reason = "a step crosses as soon as it is made")]

mod batch;
mod plain;
mod store;
mod tools;

use std::sync::Arc;

use nnopen_ffi as ffi;

use batch::{Batch, BatchRules};
use plain::{Config, CoreError, Grant, Returned, Secret, Step, Violation, Words};

uniffi::setup_scaffolding!();

type Result<T> = std::result::Result<T, CoreError>;

/// One application and, for a service provider, one merchant.
#[derive(uniffi::Object)]
pub struct Session(ffi::Session);

/// One call in progress.
#[derive(uniffi::Object)]
pub struct Call(ffi::Call);

#[uniffi::export]
impl Session {
    /// A session without a token.
    #[uniffi::constructor]
    pub fn open(config: Config) -> Result<Arc<Self>> {
        Ok(Arc::new(Self(ffi::Session::open(config.into())?)))
    }

    /// Starts a call: `mode` is `call`, `poll`, `settle` or `settle_again`, `params` JSON text.
    pub fn start(&self, mode: &str, method: &str, params: &str) -> Result<Arc<Call>> {
        Call::begun(self.0.start_text(ffi::Mode::named(mode)?, method, params))
    }

    /// Starts a call with a body of the caller's own.
    pub fn start_raw(&self, method: &str, body: &str) -> Result<Arc<Call>> {
        Call::begun(self.0.start_raw(method, body))
    }

    /// Goes on with a call that was kept.
    pub fn resume(&self, snapshot: &str) -> Result<Arc<Call>> {
        Call::begun(self.0.resume(snapshot))
    }

    /// Starts getting a token.
    pub fn sign_in(&self, grant: Grant) -> Result<Arc<Call>> {
        Call::begun(self.0.sign_in(grant.into()))
    }

    /// Follows many orders at once.
    pub fn follow(&self, method: &str, rules: BatchRules) -> Result<Arc<Batch>> {
        Ok(Arc::new(Batch(self.0.follow(method, rules.into())?)))
    }

    /// Token, ledger and pause as JSON text; it holds tokens.
    pub fn snapshot(&self) -> Result<Secret> {
        Ok(Secret(self.0.snapshot()?))
    }

    /// Takes over a snapshot.
    pub fn restore(&self, snapshot: Secret) -> Result<()> {
        Ok(self.0.restore(&snapshot.0)?)
    }

    /// A number that grows whenever the snapshot changes.
    pub fn revision(&self) -> i64 {
        plain::signed(self.0.revision())
    }

    /// Under which name a store keeps the token.
    pub fn store_key(&self) -> String {
        self.0.store_key()
    }

    /// What looks wrong in the settings.
    pub fn warnings(&self) -> Vec<Words> {
        self.0.warnings().into_iter().map(|(zh, en)| Words { zh, en }).collect()
    }

    /// The page on which a merchant authorises this application.
    pub fn authorize_url(&self, redirect_uri: &str, state: &str) -> Result<String> {
        Ok(self.0.authorize_url(redirect_uri, state)?)
    }

    /// Reads the return from that page.
    pub fn read_return(&self, url: Secret, state: &str) -> Result<Returned> {
        Ok(self.0.read_return(&url.0, state)?.into())
    }
}

#[uniffi::export]
impl Call {
    /// What to do now; `entropy` is 20 bytes from a cryptographic random source.
    pub fn step(&self, now: i64, entropy: Vec<u8>) -> Result<Step> {
        Ok(self.0.step(now, &entropy)?.into())
    }

    /// The answer to the request sent last.
    pub fn receive(&self, status: i32, body: Vec<u8>, now: i64) -> Result<()> {
        Ok(self.0.receive(plain::status(status), &body, now)?)
    }

    /// No answer came; `not_sent` only if it surely did not leave.
    pub fn fail(&self, not_sent: bool, reason: &str, now: i64) -> Result<()> {
        Ok(self.0.fail(not_sent, reason, now)?)
    }

    /// What the token's store holds.
    pub fn loaded(&self, version: i64, bytes: Vec<u8>, now: i64) -> Result<()> {
        Ok(self.0.loaded(plain::unsigned(version), &bytes, now)?)
    }

    /// Whether the store took the bytes.
    pub fn swapped(&self, stored: bool, now: i64) -> Result<()> {
        Ok(self.0.swapped(stored, now)?)
    }

    /// The store could not be read or written.
    pub fn store_failed(&self, reason: &str, now: i64) -> Result<()> {
        Ok(self.0.store_failed(reason, now)?)
    }

    /// This call as JSON text; it holds the body, neither secret nor token.
    pub fn snapshot(&self) -> Result<String> {
        Ok(self.0.snapshot()?)
    }

    /// What someone should look at in the params.
    pub fn warnings(&self) -> Vec<Violation> {
        self.0.warnings().into_iter().map(Violation::from).collect()
    }
}

impl Call {
    fn begun(call: std::result::Result<ffi::Call, ffi::Failure>) -> Result<Arc<Self>> {
        Ok(Arc::new(Self(call?)))
    }
}
