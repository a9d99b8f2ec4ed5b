//! Python's glue: Python's values in, Python's values out. All that is decided is decided behind `nnopen_ffi`.

#![allow(clippy::result_large_err, clippy::type_complexity, reason = "what crosses a border once")]

mod walk;

use nnopen_ffi as ffi;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyString, PyTuple};

use walk::Walk;

type Violation = (String, &'static str, &'static str, String, String, Option<&'static str>);

/// One application and, for a service provider, one merchant.
#[pyclass(frozen, module = "nnopen")]
struct Session(ffi::Session);

#[pymethods]
impl Session {
    #[new]
    #[pyo3(signature = (*, app_key, app_secret, tax_num, environment = "", service_url = None, token_url = None,
        service_provider = false, permanent_token = None, shared = false))]
    #[allow(clippy::too_many_arguments, reason = "these are keywords in Python")]
    fn new(
        py: Python<'_>,
        app_key: &str,
        app_secret: &str,
        tax_num: &str,
        environment: &str,
        service_url: Option<String>,
        token_url: Option<String>,
        service_provider: bool,
        permanent_token: Option<&str>,
        shared: bool,
    ) -> PyResult<Self> {
        let config = ffi::Config {
            environment: environment.to_owned(),
            service_url,
            token_url,
            app_key: app_key.to_owned(),
            app_secret: app_secret.into(),
            tax_num: tax_num.to_owned(),
            service_provider,
            permanent_token: permanent_token.map(Into::into),
            shared,
        };
        told(py, ffi::Session::open(config)).map(Self)
    }

    /// Starts a call of a method by its name: `mode` is call, poll, settle or settle_again; params are a dict or JSON text.
    fn start(&self, py: Python<'_>, mode: &str, method: &str, params: &Bound<'_, PyAny>) -> PyResult<Call> {
        let mode = match mode {
            "call" => ffi::Mode::Call,
            "poll" => ffi::Mode::Poll,
            "settle" => ffi::Mode::Settle,
            "settle_again" => ffi::Mode::SettleAgain,
            _ => return Err(pyo3::exceptions::PyValueError::new_err("mode is call, poll, settle or settle_again")),
        };
        let call = match params.cast::<PyString>() {
            Ok(text) => self.0.start_text(mode, method, &text.to_cow()?),
            Err(_) => Walk::over(params, |source| self.0.start(mode, method, source))?,
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

    /// Starts getting a token: by client_credentials, refresh or authorization_code.
    #[pyo3(signature = (grant = "client_credentials", *, code = "", tax_num = "", redirect_uri = ""))]
    fn sign_in(&self, py: Python<'_>, grant: &str, code: &str, tax_num: &str, redirect_uri: &str) -> PyResult<Call> {
        let grant = match grant {
            "client_credentials" => ffi::Grant::ClientCredentials,
            "refresh" => ffi::Grant::Refresh,
            "authorization_code" => ffi::Grant::AuthorizationCode {
                code: code.into(),
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
    fn restore(&self, py: Python<'_>, snapshot: &str) -> PyResult<()> {
        told(py, self.0.restore(snapshot))
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
    fn read_return(&self, py: Python<'_>, url: &str, state: &str) -> PyResult<(String, Option<String>, bool)> {
        let returned = told(py, self.0.read_return(url, state))?;
        Ok((returned.code.expose().to_owned(), returned.tax_num, returned.state_matched))
    }

    fn __repr__(&self) -> &'static str {
        "<nnopen.Session>"
    }
}

/// One call in progress.
#[pyclass(frozen, module = "nnopen")]
struct Call(ffi::Call);

#[pymethods]
impl Call {
    /// What to do now: a `Request` to send, a time to wait for, the store to ask, or the result. `entropy` is 20 fresh random bytes.
    fn step<'py>(&self, py: Python<'py>, now: i64, entropy: PyBackedBytes) -> PyResult<Bound<'py, PyAny>> {
        Ok(match told(py, self.0.step(now, &entropy))? {
            ffi::Step::Send(request) => Bound::new(py, Request::of(py, &request)?)?.into_any(),
            ffi::Step::Wait { until } => Bound::new(py, Wait { until })?.into_any(),
            ffi::Step::Load => Bound::new(py, Load)?.into_any(),
            ffi::Step::Swap { version, bytes } => {
                Bound::new(py, Swap { version, data: PyBytes::new(py, &bytes).unbind() })?.into_any()
            }
            ffi::Step::Done { result } => {
                Bound::new(py, Done { output: PyString::new(py, &result).unbind() })?.into_any()
            }
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

/// A request to be sent as it is: always a POST.
#[pyclass(frozen, get_all, module = "nnopen")]
struct Request {
    url: Py<PyString>,
    headers: Py<PyTuple>,
    body: Py<PyBytes>,
}

impl Request {
    fn of(py: Python<'_>, request: &ffi::Request) -> PyResult<Self> {
        Ok(Self {
            url: PyString::new(py, &request.url).unbind(),
            headers: PyTuple::new(py, &request.headers)?.unbind(),
            body: PyBytes::new(py, request.body.as_bytes()).unbind(),
        })
    }
}

#[pymethods]
impl Request {
    #[classattr]
    #[pyo3(name = "kind")]
    const KIND: &'static str = "send";

    /// The address without its query, and the length of the body: no secret.
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let url = self.url.bind(py).to_cow()?;
        let address = url.split('?').next().unwrap_or_default();
        Ok(format!("<nnopen.Request POST {address}, {} bytes>", self.body.as_bytes(py).len()))
    }
}

/// Ask again at this time, in milliseconds since 1970.
#[pyclass(frozen, get_all, module = "nnopen")]
struct Wait {
    until: i64,
}

#[pymethods]
impl Wait {
    #[classattr]
    #[pyo3(name = "kind")]
    const KIND: &'static str = "wait";
}

/// Read the token's store, then tell what it holds.
#[pyclass(frozen, module = "nnopen")]
struct Load;

#[pymethods]
impl Load {
    #[classattr]
    #[pyo3(name = "kind")]
    const KIND: &'static str = "load";
}

/// Put `data` into the store if it still holds this version, then tell whether it did. It holds tokens.
#[pyclass(frozen, get_all, module = "nnopen")]
struct Swap {
    version: u64,
    data: Py<PyBytes>,
}

#[pymethods]
impl Swap {
    #[classattr]
    #[pyo3(name = "kind")]
    const KIND: &'static str = "swap";
}

/// It is done: the result as JSON text.
#[pyclass(frozen, get_all, module = "nnopen")]
struct Done {
    output: Py<PyString>,
}

#[pymethods]
impl Done {
    #[classattr]
    #[pyo3(name = "kind")]
    const KIND: &'static str = "done";
}

fn plain(violation: ffi::Violation) -> Violation {
    let ffi::Violation { path, rule, severity, message, message_en, code } = violation;
    (path, rule, severity, message, message_en, code)
}

/// A failure becomes the exception of its kind.
fn told<T>(py: Python<'_>, result: Result<T, ffi::Failure>) -> PyResult<T> {
    result.map_err(|failure| exception(py, failure).map_or_else(|error| error, PyErr::from_value))
}

fn exception(py: Python<'_>, failure: ffi::Failure) -> PyResult<Bound<'_, PyAny>> {
    static BUILD: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let build = BUILD.get_or_try_init(py, || Ok::<_, PyErr>(py.import("nnopen.errors")?.getattr("build")?.unbind()))?;
    let ffi::Failure { kind, code, describe, hint_zh, hint_en, violations, retry_at, retry, order_free, result } =
        failure;
    let violations: Vec<Violation> = violations.into_iter().map(plain).collect();
    build.bind(py).call1((kind, describe, code, hint_zh, hint_en, violations, retry_at, retry, order_free, result))
}

#[pymodule]
mod _native {
    use super::*;

    #[pymodule_export]
    use super::{Call, Done, Load, Request, Session, Swap, Wait};

    /// All that is wrong with params (a dict or JSON text), and the body if nothing is.
    #[pyfunction]
    fn check(py: Python<'_>, method: &str, params: &Bound<'_, PyAny>) -> PyResult<(Vec<Violation>, Option<String>)> {
        let checked = match params.cast::<PyString>() {
            Ok(text) => ffi::check(method, &text.to_cow()?),
            Err(_) => Walk::over(params, |source| ffi::check_source(method, source))?,
        };
        let (violations, body) = told(py, checked)?;
        Ok((violations.into_iter().map(plain).collect(), body))
    }

    /// Reads an answer: code, describe, the result as JSON text, and why it is no success.
    #[pyfunction]
    fn read(
        py: Python<'_>,
        method: &str,
        status: u16,
        body: PyBackedBytes,
    ) -> PyResult<(Option<String>, Option<String>, String, Option<Py<PyAny>>)> {
        let answer = told(py, ffi::read(method, status, &body))?;
        let failure = answer.failure.map(|failure| exception(py, failure).map(Bound::unbind)).transpose()?;
        Ok((answer.code, answer.describe, answer.result, failure))
    }

    /// Reads what the platform pushed: operater, known, the three numbers, status and its code, content and raw as JSON
    /// text, the method that confirms it and its params as JSON text.
    #[pyfunction]
    fn read_push(py: Python<'_>, content_type: &str, body: PyBackedBytes) -> PyResult<Py<PyTuple>> {
        let push = told(py, ffi::read_push(content_type, &body))?;
        let ffi::PushInfo { operater, known, order_no, serial_no, bill_no, status, status_code, .. } = push;
        let ffi::PushInfo { content, raw, confirm_method, confirm_params, .. } = push;
        let told = (operater, known, order_no, serial_no, bill_no, status, status_code, content, raw);
        let (a, b, c, d, e, f, g, h, i) = told;
        Ok((a, b, c, d, e, f, g, h, i, confirm_method, confirm_params).into_pyobject(py)?.unbind())
    }

    /// The answer to a push that was taken in.
    #[pyfunction]
    fn push_accepted() -> String {
        ffi::push_accepted()
    }

    /// The answer to a push that could not be taken in; `reason` is for people.
    #[pyfunction]
    fn push_refused(reason: &str) -> String {
        ffi::push_refused(reason)
    }

    /// A line's amounts: without tax, the tax, with tax.
    #[pyfunction]
    fn amounts(py: Python<'_>, line: &Bound<'_, PyAny>) -> PyResult<[String; 3]> {
        told(py, Walk::over(line, ffi::order::amounts)?)
    }

    /// The amounts of all lines of an order together.
    #[pyfunction]
    fn totals(py: Python<'_>, order: &Bound<'_, PyAny>) -> PyResult<[String; 3]> {
        told(py, Walk::over(order, ffi::order::totals)?)
    }

    /// The order with the amounts that its lines lack, as JSON text.
    #[pyfunction]
    fn fill(py: Python<'_>, order: &Bound<'_, PyAny>) -> PyResult<String> {
        told(py, Walk::over(order, ffi::order::fill)?)
    }

    /// Orders whose amounts without tax are at most `limit`, as a JSON list.
    #[pyfunction]
    fn split(py: Python<'_>, order: &Bound<'_, PyAny>, limit: &str) -> PyResult<String> {
        told(py, Walk::over(order, |order| ffi::order::split(order, limit))?)
    }

    /// The order that takes back `blue`, as JSON text.
    #[pyfunction]
    fn red(py: Python<'_>, blue: &Bound<'_, PyAny>, order_no: &str, date: &str, reason: &str) -> PyResult<String> {
        told(py, Walk::over(blue, |blue| ffi::order::red(blue, order_no, date, reason))?)
    }

    /// All that is known about a code or status.
    #[pyfunction]
    fn explain(py: Python<'_>, code: &str) -> PyResult<Vec<Py<PyTuple>>> {
        let rows = ffi::explain(code).into_iter().map(|row| {
            let words = (row.meaning_zh, row.meaning_en, row.cause_zh, row.cause_en, row.fix_zh, row.fix_en);
            let (a, b, c, d, e, f) = words;
            (row.code, row.scope, row.text, a, b, c, d, e, f, row.retry, row.order_free)
                .into_pyobject(py)
                .map(Bound::unbind)
        });
        rows.collect()
    }

    /// What is signed, and the signature.
    #[pyfunction]
    #[pyo3(signature = (*, app_secret, path, app_key, senid, nonce, timestamp, body))]
    #[allow(clippy::too_many_arguments, reason = "these are keywords in Python")]
    fn sign(
        py: Python<'_>,
        app_secret: &str,
        path: &str,
        app_key: &str,
        senid: &str,
        nonce: &str,
        timestamp: &str,
        body: &str,
    ) -> PyResult<(String, String)> {
        let signed = told(py, ffi::sign(app_secret, path, app_key, senid, nonce, timestamp, body))?;
        Ok((signed.canonical, signed.signature))
    }

    /// The names of all methods that are known.
    #[pyfunction]
    fn methods() -> Vec<&'static str> {
        ffi::methods()
    }
}
