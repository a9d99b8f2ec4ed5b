//! Sessions: they start calls.

use nnopen_ffi as ffi;
use wasm_bindgen::prelude::*;

use crate::batch::Batch;
use crate::call::Call;
use crate::{Result, told};

/// One application and, for a service provider, one merchant.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Session(ffi::Session);

#[wasm_bindgen]
impl Session {
    /// A session without a token.
    #[wasm_bindgen(constructor)]
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
    pub fn start(&self, mode: String, method: String, params: String, floats: bool) -> Result<Call> {
        let mode = ffi::Mode::named(&mode).map_err(told)?;
        let call = match floats {
            true => self.0.start_floats(mode, &method, &params),
            false => self.0.start_text(mode, &method, &params),
        };
        call.map(Call::of).map_err(told)
    }

    /// Starts a call with a body of the caller's own.
    #[wasm_bindgen(js_name = startRaw)]
    pub fn start_raw(&self, method: String, body: String) -> Result<Call> {
        self.0.start_raw(&method, &body).map(Call::of).map_err(told)
    }

    /// Follows many orders at once.
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
    pub fn resume(&self, snapshot: String) -> Result<Call> {
        self.0.resume(&snapshot).map(Call::of).map_err(told)
    }

    /// Starts getting a token.
    #[wasm_bindgen(js_name = signIn)]
    pub fn sign_in(&self, grant: String, code: String, tax_num: String, redirect_uri: String) -> Result<Call> {
        let grant = ffi::Grant::named(&grant, code.into(), tax_num, redirect_uri).map_err(told)?;
        self.0.sign_in(grant).map(Call::of).map_err(told)
    }

    /// Token, ledger and pause as JSON text; it holds tokens.
    pub fn snapshot(&self) -> Result<String> {
        self.0.snapshot().map_err(told)
    }

    /// Takes over a snapshot.
    pub fn restore(&self, snapshot: String) -> Result<()> {
        self.0.restore(&snapshot).map_err(told)
    }

    /// A number that grows whenever the snapshot changes.
    #[allow(clippy::cast_precision_loss)]
    pub fn revision(&self) -> f64 {
        self.0.revision() as f64
    }

    /// Under which name a store keeps the token.
    #[wasm_bindgen(js_name = storeKey)]
    pub fn store_key(&self) -> String {
        self.0.store_key()
    }

    /// What looks wrong in the settings, as JSON text.
    pub fn warnings(&self) -> String {
        ffi::text::warnings(&self.0.warnings())
    }

    /// The page on which a merchant authorises this application.
    #[wasm_bindgen(js_name = authorizeUrl)]
    pub fn authorize_url(&self, redirect_uri: String, state: String) -> Result<String> {
        self.0.authorize_url(&redirect_uri, &state).map_err(told)
    }

    /// Reads the return from that page, as JSON text.
    #[wasm_bindgen(js_name = readReturn)]
    pub fn read_return(&self, url: String, state: String) -> Result<String> {
        self.0.read_return(&url, &state).map(|returned| ffi::text::returned(&returned)).map_err(told)
    }
}
