//! A session and its calls.

use nnopen_ffi as ffi;
use pyo3::prelude::*;
use pyo3::pybacked::{PyBackedBytes, PyBackedStr};
use pyo3::types::PyString;

use crate::batch::Batch;
use crate::steps::{Done, Load, Request, Swap, Wait};
use crate::walk::Walk;
use crate::{Violation, hidden, plain, told};

/// One application and, for a service provider, one merchant.
#[pyclass(frozen, module = "nnopen")]
pub(crate) struct Session(ffi::Session);

#[pymethods]
impl Session {
    #[new]
    #[pyo3(signature = (*, app_key, app_secret, tax_num, environment = "", service_url = None, token_url = None,
        service_provider = false, permanent_token = None, shared = false))]
    #[allow(clippy::too_many_arguments, reason = "these are keywords in Python")]
    fn new(
        py: Python<'_>,
        app_key: &str,
        app_secret: &Bound<'_, PyString>,
        tax_num: &str,
        environment: &str,
        service_url: Option<String>,
        token_url: Option<String>,
        service_provider: bool,
        permanent_token: Option<&Bound<'_, PyString>>,
        shared: bool,
    ) -> PyResult<Self> {
        let config = ffi::Config {
            environment: environment.to_owned(),
            service_url,
            token_url,
            app_key: app_key.to_owned(),
            app_secret: (*hidden(app_secret)?).into(),
            tax_num: tax_num.to_owned(),
            service_provider,
            permanent_token: permanent_token.map(|token| Ok::<_, PyErr>((*hidden(token)?).into())).transpose()?,
            shared,
        };
        told(py, ffi::Session::open(config)).map(Self)
    }

    /// Starts a call of a method by its name: `mode` is call, poll, settle or settle_again; params are a dict or JSON text.
    fn start(
        &self,
        py: Python<'_>,
        mode: PyBackedStr,
        method: PyBackedStr,
        params: &Bound<'_, PyAny>,
    ) -> PyResult<Call> {
        let mode = match &*mode {
            "call" => ffi::Mode::Call,
            "poll" => ffi::Mode::Poll,
            "settle" => ffi::Mode::Settle,
            "settle_again" => ffi::Mode::SettleAgain,
            _ => return Err(pyo3::exceptions::PyValueError::new_err("mode is call, poll, settle or settle_again")),
        };
        let call = match params.cast::<PyString>() {
            Ok(text) => self.0.start_text(mode, &method, &text.to_cow()?),
            Err(_) => Walk::over(params, |source| self.0.start(mode, &method, source))?,
        };
        told(py, call).map(Call)
    }

    /// Starts a call with a body of the caller's own, signed and sent byte for byte.
    fn start_raw(&self, py: Python<'_>, method: &str, body: &str) -> PyResult<Call> {
        told(py, self.0.start_raw(method, body)).map(Call)
    }

    /// Goes on with a call that was kept by `Call.snapshot`: it asks first.
    fn resume(&self, py: Python<'_>, snapshot: &str) -> PyResult<Call> {
        told(py, self.0.resume(snapshot)).map(Call)
    }

    /// Follows many orders at once by a query; `params` are its other params as JSON text.
    #[pyo3(signature = (method, *, by = None, rate = None, slowest = None, give_up = None, params = ""))]
    #[allow(clippy::too_many_arguments, reason = "these are keywords in Python")]
    fn follow(
        &self,
        py: Python<'_>,
        method: &str,
        by: Option<String>,
        rate: Option<u32>,
        slowest: Option<u32>,
        give_up: Option<u32>,
        params: &str,
    ) -> PyResult<Batch> {
        let usual = ffi::BatchRules::default();
        let rules = ffi::BatchRules {
            by: by.unwrap_or(usual.by),
            rate: rate.unwrap_or(usual.rate),
            slowest: slowest.unwrap_or(usual.slowest),
            give_up: give_up.unwrap_or(usual.give_up),
            with: params.to_owned(),
        };
        told(py, self.0.follow(method, rules)).map(Batch)
    }

    /// Starts getting a token: by client_credentials, refresh or authorization_code.
    #[pyo3(signature = (grant = "client_credentials", *, code = None, tax_num = "", redirect_uri = ""))]
    fn sign_in(
        &self,
        py: Python<'_>,
        grant: &str,
        code: Option<&Bound<'_, PyString>>,
        tax_num: &str,
        redirect_uri: &str,
    ) -> PyResult<Call> {
        let grant = match grant {
            "client_credentials" => ffi::Grant::ClientCredentials,
            "refresh" => ffi::Grant::Refresh,
            "authorization_code" => ffi::Grant::AuthorizationCode {
                code: (*code.map_or(Ok("".into()), hidden)?).into(),
                tax_num: tax_num.to_owned(),
                redirect_uri: redirect_uri.to_owned(),
            },
            _ => {
                let known = "grant is client_credentials, refresh or authorization_code";
                return Err(pyo3::exceptions::PyValueError::new_err(known));
            }
        };
        told(py, self.0.sign_in(grant)).map(Call)
    }

    /// Token, ledger and pause as JSON text; it holds tokens.
    fn snapshot(&self, py: Python<'_>) -> PyResult<String> {
        told(py, self.0.snapshot())
    }

    /// Takes over a snapshot.
    fn restore(&self, py: Python<'_>, snapshot: &Bound<'_, PyString>) -> PyResult<()> {
        told(py, self.0.restore(&hidden(snapshot)?))
    }

    /// A number that grows whenever the snapshot changes.
    #[getter]
    fn revision(&self) -> u64 {
        self.0.revision()
    }

    /// Under which name a store keeps the token: the same for the same environment, application and merchant.
    #[getter]
    fn store_key(&self) -> String {
        self.0.store_key()
    }

    /// What looks wrong in the settings, as pairs of Chinese and English.
    #[getter]
    fn warnings(&self) -> Vec<(String, String)> {
        self.0.warnings()
    }

    /// The page on which a merchant authorises this application.
    fn authorize_url(&self, py: Python<'_>, redirect_uri: &str, state: &str) -> PyResult<String> {
        told(py, self.0.authorize_url(redirect_uri, state))
    }

    /// Reads the return from that page: the code, the tax number, whether the state came back.
    fn read_return(
        &self,
        py: Python<'_>,
        url: &Bound<'_, PyString>,
        state: &str,
    ) -> PyResult<(String, Option<String>, bool)> {
        let returned = told(py, self.0.read_return(&hidden(url)?, state))?;
        Ok((returned.code.expose().to_owned(), returned.tax_num, returned.state_matched))
    }

    fn __repr__(&self) -> &'static str {
        "<nnopen.Session>"
    }
}

/// One call in progress.
#[pyclass(frozen, module = "nnopen")]
pub(crate) struct Call(ffi::Call);

#[pymethods]
impl Call {
    /// What to do now: a `Request` to send, a time to wait for, the store to ask, or the result. `entropy` is 20 fresh random bytes.
    fn step<'py>(&self, py: Python<'py>, now: i64, entropy: PyBackedBytes) -> PyResult<Bound<'py, PyAny>> {
        Ok(match told(py, self.0.step_into(now, &entropy, Done::of))? {
            ffi::Step::Send(request) => Bound::new(py, Request::of(py, &request)?)?.into_any(),
            ffi::Step::Wait { until } => Bound::new(py, Wait { until })?.into_any(),
            ffi::Step::Load => Bound::new(py, Load)?.into_any(),
            ffi::Step::Swap { version, bytes } => Bound::new(py, Swap::of(py, version, &bytes))?.into_any(),
            ffi::Step::Done { result } => Bound::new(py, result)?.into_any(),
        })
    }

    /// The answer to the request sent last.
    fn receive(&self, py: Python<'_>, status: u16, body: PyBackedBytes, now: i64) -> PyResult<()> {
        told(py, self.0.receive(status, &body, now))
    }

    /// The request sent last got no answer; `not_sent` only if it surely did not leave.
    fn fail(&self, py: Python<'_>, not_sent: bool, reason: &str, now: i64) -> PyResult<()> {
        told(py, self.0.fail(not_sent, reason, now))
    }

    /// This call as JSON text, for `Session.resume`: it holds the body, neither secret nor token.
    fn snapshot(&self, py: Python<'_>) -> PyResult<String> {
        told(py, self.0.snapshot())
    }

    /// What the token's store holds; 0 and nothing, if nothing was put into it yet.
    fn loaded(&self, py: Python<'_>, version: u64, data: PyBackedBytes, now: i64) -> PyResult<()> {
        told(py, self.0.loaded(version, &data, now))
    }

    /// Whether the store held the version that was to be replaced, and holds the new data now.
    fn swapped(&self, py: Python<'_>, stored: bool, now: i64) -> PyResult<()> {
        told(py, self.0.swapped(stored, now))
    }

    /// The store could not be read or written, or did not answer.
    fn store_failed(&self, py: Python<'_>, reason: &str, now: i64) -> PyResult<()> {
        told(py, self.0.store_failed(reason, now))
    }

    /// What someone should look at in the params: path, rule, severity, message, message_en, code.
    #[getter]
    fn warnings(&self) -> Vec<Violation> {
        self.0.warnings().into_iter().map(plain).collect()
    }

    fn __repr__(&self) -> &'static str {
        "<nnopen.Call>"
    }
}
