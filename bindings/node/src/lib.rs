//! nnopen for Node.js: the face that bindings see, with JavaScript's macros on it. Nothing is decided here.
//!
//! What went wrong crosses as an `Error` whose message is the failure as JSON text; `lib/failure.ts` makes it one of the
//! package's own errors.

use napi::bindgen_prelude::Buffer;
use napi_derive::napi;
use nnopen_ffi as ffi;

type Result<T> = napi::Result<T>;

fn told(failure: ffi::Failure) -> napi::Error {
    napi::Error::from_reason(ffi::text::failure(&failure))
}

/// One application and, for a service provider, one merchant.
#[napi]
pub struct Session(ffi::Session);

/// One call in progress.
#[napi]
pub struct Call(Option<ffi::Call>);

/// What to do next: `head` and `body` to be sent, a time to wait until, the result; or, of the token's store: `version`
/// alone to read it, with `body` to replace what it holds.
#[napi(object, object_from_js = false)]
pub struct Step {
    /// The address, then the headers: a line each.
    pub head: Option<String>,
    /// The body's own bytes.
    pub body: Option<Buffer>,
    /// Milliseconds since 1970.
    pub until: Option<i64>,
    /// JSON text.
    pub result: Option<String>,
    /// The store's version that is to be replaced; -1 if the store is to be read.
    pub version: Option<i64>,
}

impl Step {
    fn of(step: ffi::Step, exact: bool) -> Self {
        let nothing = Self { head: None, body: None, until: None, result: None, version: None };
        match step {
            ffi::Step::Send(request) => {
                let head = ffi::text::head(&request);
                Self { head: Some(head), body: Some(request.into_parts().2.into_bytes().into()), ..nothing }
            }
            ffi::Step::Wait { until } => Self { until: Some(until), ..nothing },
            ffi::Step::Load => Self { version: Some(-1), ..nothing },
            ffi::Step::Swap { version, bytes } => {
                Self { version: i64::try_from(version).ok(), body: Some(bytes.into()), ..nothing }
            }
            ffi::Step::Done { result } => {
                Self { result: Some(if exact { ffi::text::exact(&result) } else { result }), ..nothing }
            }
        }
    }
}

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

#[napi]
impl Call {
    fn of(call: ffi::Call) -> Self {
        Self(Some(call))
    }

    fn running(&self) -> Result<&ffi::Call> {
        self.0.as_ref().ok_or_else(|| napi::Error::from_reason("the call has ended"))
    }

    /// What to do now; `exact` if the result's numbers are to be texts.
    #[napi]
    pub fn step(&self, now: i64, entropy: &[u8], exact: bool) -> Result<Step> {
        self.running()?.step(now, entropy).map(|step| Step::of(step, exact)).map_err(told)
    }

    /// The answer to the request sent last.
    #[napi]
    pub fn receive(&self, status: u32, body: &[u8], now: i64) -> Result<()> {
        self.running()?.receive(u16::try_from(status).unwrap_or(0), body, now).map_err(told)
    }

    /// No answer came.
    #[napi]
    pub fn fail(&self, not_sent: bool, reason: String, now: i64) -> Result<()> {
        self.running()?.fail(not_sent, &reason, now).map_err(told)
    }

    /// What the token's store holds.
    #[napi]
    pub fn loaded(&self, version: i64, bytes: &[u8], now: i64) -> Result<()> {
        self.running()?.loaded(u64::try_from(version).unwrap_or(0), bytes, now).map_err(told)
    }

    /// Whether the store took the bytes.
    #[napi]
    pub fn swapped(&self, stored: bool, now: i64) -> Result<()> {
        self.running()?.swapped(stored, now).map_err(told)
    }

    /// The store did not answer.
    #[napi]
    pub fn store_failed(&self, reason: String, now: i64) -> Result<()> {
        self.running()?.store_failed(&reason, now).map_err(told)
    }

    /// What someone should look at in the params, as JSON text.
    #[napi]
    pub fn warnings(&self) -> Result<String> {
        Ok(ffi::text::violations(&self.running()?.warnings()))
    }

    /// Throws the call away.
    #[napi]
    pub fn end(&mut self) {
        self.0 = None;
    }
}

/// All that is wrong with params, as JSON text.
#[napi]
pub fn check(method: String, params: String, floats: bool) -> Result<String> {
    let checked = if floats { ffi::check_floats(&method, &params) } else { ffi::check(&method, &params) };
    checked.map(|checked| ffi::text::checked(&checked)).map_err(told)
}

/// Reads an answer to a method, as JSON text.
#[napi]
pub fn read(method: String, status: u32, body: &[u8]) -> Result<String> {
    let answer = ffi::read(&method, u16::try_from(status).unwrap_or(0), body);
    answer.map(|answer| ffi::text::answer(&answer)).map_err(told)
}

/// Reads what the platform pushed, as JSON text.
#[napi]
pub fn read_push(content_type: String, body: &[u8]) -> Result<String> {
    ffi::read_push(&content_type, body).map(|push| ffi::text::push(&push)).map_err(told)
}

/// The answer to a push that was taken in.
#[napi]
pub fn push_accepted() -> String {
    ffi::push_accepted()
}

/// The answer to a push that could not be taken in.
#[napi]
pub fn push_refused(reason: String) -> String {
    ffi::push_refused(&reason)
}

/// All that is known about a code or status, as JSON text.
#[napi]
pub fn explain(code: String) -> String {
    ffi::text::explanations(&ffi::explain(&code))
}

/// Signs a body: the text that is signed, a line break, the signature.
#[napi]
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
#[napi]
pub fn amounts(line: String) -> Result<Vec<String>> {
    ffi::amounts(&line).map(Vec::from).map_err(told)
}

/// The names of all methods that are known.
#[napi]
pub fn methods() -> Vec<&'static str> {
    ffi::methods()
}
