//! Sessions: they start calls.

use napi_derive::napi;
use nnopen_ffi as ffi;

use crate::batch::Batch;
use crate::call::Call;
use crate::{Result, told};

/// One application and, for a service provider, one merchant.
#[napi]
pub struct Session(ffi::Session);

#[napi]
impl Session {
    /// A session without a token.
    #[napi(constructor)]
    #[allow(clippy::too_many_arguments)]
    pub fn new(
        environment: String,
        service_url: Option<String>,
        token_url: Option<String>,
        app_key: String,
        app_secret: String,
        tax_num: String,
        service_provider: bool,
        permanent_token: Option<String>,
        shared: bool,
    ) -> Result<Self> {
        let config = ffi::Config {
            environment,
            service_url,
            token_url,
            app_key,
            app_secret: app_secret.into(),
            tax_num,
            service_provider,
            permanent_token: permanent_token.map(Into::into),
            shared,
        };
        ffi::Session::open(config).map(Self).map_err(told)
    }

    /// Starts a call; `floats` if the params' numbers are JavaScript's.
    #[napi]
    pub fn start(&self, mode: String, method: String, params: String, floats: bool) -> Result<Call> {
        let mode = ffi::Mode::named(&mode).map_err(told)?;
        let call = match floats {
            true => self.0.start_floats(mode, &method, &params),
            false => self.0.start_text(mode, &method, &params),
        };
        call.map(Call::of).map_err(told)
    }

    /// Starts a call with a body of the caller's own.
    #[napi]
    pub fn start_raw(&self, method: String, body: String) -> Result<Call> {
        self.0.start_raw(&method, &body).map(Call::of).map_err(told)
    }

    /// Follows many orders at once.
    #[napi]
    pub fn follow(
        &self,
        method: String,
        by: String,
        rate: u32,
        slowest: u32,
        give_up: u32,
        with: String,
    ) -> Result<Batch> {
        self.0.follow(&method, ffi::BatchRules { by, rate, slowest, give_up, with }).map(Batch).map_err(told)
    }

    /// Goes on with a call that was kept by its snapshot.
    #[napi]
    pub fn resume(&self, snapshot: String) -> Result<Call> {
        self.0.resume(&snapshot).map(Call::of).map_err(told)
    }

    /// Starts getting a token.
    #[napi]
    pub fn sign_in(&self, grant: String, code: String, tax_num: String, redirect_uri: String) -> Result<Call> {
        let grant = ffi::Grant::named(&grant, code.into(), tax_num, redirect_uri).map_err(told)?;
        self.0.sign_in(grant).map(Call::of).map_err(told)
    }

    /// Token, ledger and pause as JSON text; it holds tokens.
    #[napi]
    pub fn snapshot(&self) -> Result<String> {
        self.0.snapshot().map_err(told)
    }

    /// Takes over a snapshot.
    #[napi]
    pub fn restore(&self, snapshot: String) -> Result<()> {
        self.0.restore(&snapshot).map_err(told)
    }

    /// A number that grows whenever the snapshot changes.
    #[napi]
    pub fn revision(&self) -> i64 {
        i64::try_from(self.0.revision()).unwrap_or(i64::MAX)
    }

    /// Under which name a store keeps the token.
    #[napi]
    pub fn store_key(&self) -> String {
        self.0.store_key()
    }

    /// What looks wrong in the settings, as JSON text.
    #[napi]
    pub fn warnings(&self) -> String {
        ffi::text::warnings(&self.0.warnings())
    }

    /// The page on which a merchant authorises this application.
    #[napi]
    pub fn authorize_url(&self, redirect_uri: String, state: String) -> Result<String> {
        self.0.authorize_url(&redirect_uri, &state).map_err(told)
    }

    /// Reads the return from that page, as JSON text.
    #[napi]
    pub fn read_return(&self, url: String, state: String) -> Result<String> {
        self.0.read_return(&url, &state).map(|returned| ffi::text::returned(&returned)).map_err(told)
    }
}
