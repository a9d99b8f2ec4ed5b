//! nnopen as WebAssembly: the face that bindings see, with JavaScript's macros on it. Nothing is decided here.
//!
//! The same functions as in `bindings/node/src/lib.rs`, so that the package's driver runs over both.

use js_sys::{Array, JsString, Uint8Array};
use nnopen_ffi as ffi;
use wasm_bindgen::prelude::*;

type Result<T> = std::result::Result<T, JsError>;

fn told(failure: ffi::Failure) -> JsError {
    JsError::new(&ffi::text::failure(&failure))
}

/// One application and, for a service provider, one merchant.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Session(ffi::Session);

/// One call in progress.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Call(Option<ffi::Call>);

/// What to do next, as a list: head and body to be sent, a time to wait until, the result, the store's version.
fn listed(step: ffi::Step, exact: bool) -> Array {
    let nothing = JsValue::UNDEFINED;
    match step {
        ffi::Step::Send(request) => {
            let body = Uint8Array::from(request.body.as_bytes());
            Array::of2(&JsString::from(ffi::text::head(&request)), &body)
        }
        ffi::Step::Wait { until } => Array::of3(&nothing, &nothing, &millis(until)),
        ffi::Step::Load => Array::of5(&nothing, &nothing, &nothing, &nothing, &millis(-1)),
        ffi::Step::Swap { version, bytes } => {
            let body = Uint8Array::from(bytes.as_slice());
            Array::of5(&nothing, &body, &nothing, &nothing, &millis(i64::try_from(version).unwrap_or(i64::MAX)))
        }
        ffi::Step::Done { result } => {
            let result = if exact { ffi::text::exact(&result) } else { result };
            Array::of4(&nothing, &nothing, &nothing, &JsString::from(result))
        }
    }
}

#[allow(clippy::cast_precision_loss)]
fn millis(time: i64) -> JsValue {
    JsValue::from_f64(time as f64)
}

#[allow(clippy::cast_possible_truncation)]
fn time(now: f64) -> i64 {
    now as i64
}

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

#[wasm_bindgen]
impl Call {
    fn of(call: ffi::Call) -> Self {
        Self(Some(call))
    }

    fn running(&self) -> Result<&ffi::Call> {
        self.0.as_ref().ok_or_else(|| JsError::new("the call has ended"))
    }

    /// What to do now; `exact` if the result's numbers are to be texts.
    pub fn step(&self, now: f64, entropy: &[u8], exact: bool) -> Result<Array> {
        self.running()?.step(time(now), entropy).map(|step| listed(step, exact)).map_err(told)
    }

    /// The answer to the request sent last.
    pub fn receive(&self, status: u32, body: &[u8], now: f64) -> Result<()> {
        self.running()?.receive(u16::try_from(status).unwrap_or(0), body, time(now)).map_err(told)
    }

    /// No answer came.
    pub fn fail(&self, not_sent: bool, reason: String, now: f64) -> Result<()> {
        self.running()?.fail(not_sent, &reason, time(now)).map_err(told)
    }

    /// What the token's store holds.
    pub fn loaded(&self, version: f64, bytes: &[u8], now: f64) -> Result<()> {
        self.running()?.loaded(u64::try_from(time(version)).unwrap_or(0), bytes, time(now)).map_err(told)
    }

    /// Whether the store took the bytes.
    pub fn swapped(&self, stored: bool, now: f64) -> Result<()> {
        self.running()?.swapped(stored, time(now)).map_err(told)
    }

    /// The store did not answer.
    #[wasm_bindgen(js_name = storeFailed)]
    pub fn store_failed(&self, reason: String, now: f64) -> Result<()> {
        self.running()?.store_failed(&reason, time(now)).map_err(told)
    }

    /// What someone should look at in the params, as JSON text.
    pub fn warnings(&self) -> Result<String> {
        Ok(ffi::text::violations(&self.running()?.warnings()))
    }

    /// Throws the call away.
    pub fn end(&mut self) {
        self.0 = None;
    }
}

/// All that is wrong with params, as JSON text.
#[wasm_bindgen]
pub fn check(method: String, params: String, floats: bool) -> Result<String> {
    let checked = if floats { ffi::check_floats(&method, &params) } else { ffi::check(&method, &params) };
    checked.map(|checked| ffi::text::checked(&checked)).map_err(told)
}

/// Reads an answer to a method, as JSON text.
#[wasm_bindgen]
pub fn read(method: String, status: u32, body: &[u8]) -> Result<String> {
    let answer = ffi::read(&method, u16::try_from(status).unwrap_or(0), body);
    answer.map(|answer| ffi::text::answer(&answer)).map_err(told)
}

/// Reads what the platform pushed, as JSON text.
#[wasm_bindgen(js_name = readPush)]
pub fn read_push(content_type: String, body: &[u8]) -> Result<String> {
    ffi::read_push(&content_type, body).map(|push| ffi::text::push(&push)).map_err(told)
}

/// The answer to a push that was taken in.
#[wasm_bindgen(js_name = pushAccepted)]
pub fn push_accepted() -> String {
    ffi::push_accepted()
}

/// The answer to a push that could not be taken in.
#[wasm_bindgen(js_name = pushRefused)]
pub fn push_refused(reason: String) -> String {
    ffi::push_refused(&reason)
}

/// All that is known about a code or status, as JSON text.
#[wasm_bindgen]
pub fn explain(code: String) -> String {
    ffi::text::explanations(&ffi::explain(&code))
}

/// Signs a body: the text that is signed, a line break, the signature.
#[wasm_bindgen]
pub fn sign(
    secret: String,
    path: String,
    app_key: String,
    senid: String,
    nonce: String,
    timestamp: String,
    body: String,
) -> Result<Vec<String>> {
    let signed = ffi::sign(&secret, &path, &app_key, &senid, &nonce, &timestamp, &body).map_err(told)?;
    Ok(vec![signed.canonical, signed.signature])
}

/// The three amounts of a line: without tax, the tax, with tax.
#[wasm_bindgen]
pub fn amounts(line: String) -> Result<Vec<String>> {
    ffi::amounts(&line).map(Vec::from).map_err(told)
}

/// The names of all methods that are known.
#[wasm_bindgen]
pub fn methods() -> Vec<String> {
    ffi::methods().into_iter().map(str::to_owned).collect()
}
