//! What a call wants done next.

use nnopen_ffi as ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString, PyTuple};

/// A request to be sent as it is: always a POST.
#[pyclass(frozen, get_all, module = "nnopen")]
pub(crate) struct Request {
    url: Py<PyString>,
    headers: Py<PyTuple>,
    body: Py<PyBytes>,
}

impl Request {
    pub(crate) fn of(py: Python<'_>, request: &ffi::Request) -> PyResult<Self> {
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
pub(crate) struct Wait {
    pub(crate) until: i64,
}

#[pymethods]
impl Wait {
    #[classattr]
    #[pyo3(name = "kind")]
    const KIND: &'static str = "wait";
}

/// Read the token's store, then tell what it holds.
#[pyclass(frozen, module = "nnopen")]
pub(crate) struct Load;

#[pymethods]
impl Load {
    #[classattr]
    #[pyo3(name = "kind")]
    const KIND: &'static str = "load";
}

/// Put `data` into the store if it still holds this version, then tell whether it did. It holds tokens.
#[pyclass(frozen, get_all, module = "nnopen")]
pub(crate) struct Swap {
    version: u64,
    data: Py<PyBytes>,
}

impl Swap {
    pub(crate) fn of(py: Python<'_>, version: u64, bytes: &[u8]) -> Self {
        Self { version, data: PyBytes::new(py, bytes).unbind() }
    }
}

#[pymethods]
impl Swap {
    #[classattr]
    #[pyo3(name = "kind")]
    const KIND: &'static str = "swap";
}

/// It is done.
#[pyclass(frozen, module = "nnopen")]
pub(crate) struct Done(ffi::Json);

impl Done {
    pub(crate) fn of(result: ffi::Json) -> Self {
        Self(result)
    }

    pub(crate) fn result(&self) -> &ffi::Json {
        &self.0
    }
}

#[pymethods]
impl Done {
    #[classattr]
    #[pyo3(name = "kind")]
    const KIND: &'static str = "done";

    /// The result as JSON text.
    #[getter]
    fn output(&self) -> String {
        self.0.to_string()
    }
}

/// A batch follows nothing.
#[pyclass(frozen, module = "nnopen")]
pub(crate) struct Idle;

#[pymethods]
impl Idle {
    #[classattr]
    #[pyo3(name = "kind")]
    const KIND: &'static str = "idle";
}
