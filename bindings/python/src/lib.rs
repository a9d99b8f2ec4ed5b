//! Python's glue: Python's values in, Python's values out. All that is decided is decided behind `nnopen_ffi`.

#![allow(clippy::result_large_err, clippy::type_complexity, reason = "what crosses a border once")]

mod batch;
mod results;
mod session;
mod steps;
mod walk;

use std::borrow::Cow;

use nnopen_ffi as ffi;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyString, PyTuple};

use walk::Walk;

type Violation = (String, &'static str, &'static str, String, String, Option<&'static str>);

fn plain(violation: ffi::Violation) -> Violation {
    let ffi::Violation { path, rule, severity, message, message_en, code } = violation;
    (path, rule, severity, message, message_en, code)
}

/// A text that is secret. Python's own word of one that is no UTF-8 would hold it.
fn hidden<'a>(text: &'a Bound<'_, PyString>) -> PyResult<Cow<'a, str>> {
    text.to_cow().map_err(|_| PyValueError::new_err("a secret text has half a surrogate pair"))
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
    use crate::batch::{Batch, Event};
    #[pymodule_export]
    use crate::results::Reader;
    #[pymodule_export]
    use crate::session::{Call, Session};
    #[pymodule_export]
    use crate::steps::{Done, Idle, Load, Request, Swap, Wait};

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

    /// The files of an issued invoice, the legal original first: kind, address, member, whether it is the original.
    #[pyfunction]
    fn documents(py: Python<'_>, invoice: &Bound<'_, PyAny>) -> PyResult<Vec<(String, String, String, bool)>> {
        let found = told(py, Walk::over(invoice, |invoice| ffi::documents(invoice))?)?;
        Ok(found.into_iter().map(|one| (one.kind, one.url, one.field, one.original)).collect())
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
        app_secret: &Bound<'_, PyString>,
        path: &str,
        app_key: &str,
        senid: &str,
        nonce: &str,
        timestamp: &str,
        body: &str,
    ) -> PyResult<(String, String)> {
        let signed = told(py, ffi::sign(&hidden(app_secret)?, path, app_key, senid, nonce, timestamp, body))?;
        Ok((signed.canonical, signed.signature))
    }

    /// The names of all methods that are known.
    #[pyfunction]
    fn methods() -> Vec<&'static str> {
        ffi::methods()
    }
}
