//! Many orders followed at once.

use nnopen_ffi as ffi;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyString, PyTuple};

use crate::steps::{Idle, Load, Request, Swap, Wait};
use crate::{exception, told};

type Figures = (usize, u64, u64, u64, u64, u64, u64, u64, Option<i64>);

/// Orders (or serials) that are followed.
#[pyclass(frozen, module = "nnopen")]
pub(crate) struct Batch(pub(crate) ffi::Batch);

/// What has become of an order, or what troubles the batch.
#[pyclass(frozen, get_all, module = "nnopen")]
pub(crate) struct Event {
    what: Py<PyString>,
    keys: Py<PyTuple>,
    rows: Option<Py<PyString>>,
    error: Option<Py<PyAny>>,
}

impl Event {
    fn of(py: Python<'_>, event: ffi::BatchEvent) -> PyResult<Self> {
        let ffi::BatchEvent { kind, keys, rows, failure } = event;
        Ok(Self {
            what: PyString::new(py, kind).unbind(),
            keys: PyTuple::new(py, keys)?.unbind(),
            rows: rows.map(|rows| PyString::new(py, &rows).unbind()),
            error: failure.map(|failure| exception(py, *failure).map(Bound::unbind)).transpose()?,
        })
    }
}

#[pymethods]
impl Event {
    #[classattr]
    #[pyo3(name = "kind")]
    const KIND: &'static str = "event";
}

#[pymethods]
impl Batch {
    /// Follows an order that was submitted at `since`; False if it is followed already.
    fn add(&self, py: Python<'_>, key: &str, since: i64, now: i64) -> PyResult<bool> {
        told(py, self.0.add(key, since, now))
    }

    /// A push came about this order; False if it is not followed.
    fn hint(&self, py: Python<'_>, key: &str, now: i64) -> PyResult<bool> {
        told(py, self.0.hint(key, now))
    }

    /// What to do now: as `Call.step`, or an `Event` to take in, or `Idle` if nothing is followed.
    fn step<'py>(&self, py: Python<'py>, now: i64, entropy: PyBackedBytes) -> PyResult<Bound<'py, PyAny>> {
        Ok(match told(py, self.0.step(now, &entropy))? {
            ffi::BatchStep::Send(request) => Bound::new(py, Request::of(py, &request)?)?.into_any(),
            ffi::BatchStep::Wait { until } => Bound::new(py, Wait { until })?.into_any(),
            ffi::BatchStep::Load => Bound::new(py, Load)?.into_any(),
            ffi::BatchStep::Swap { version, bytes } => Bound::new(py, Swap::of(py, version, &bytes))?.into_any(),
            ffi::BatchStep::Event(event) => Bound::new(py, Event::of(py, event)?)?.into_any(),
            ffi::BatchStep::Idle => Bound::new(py, Idle)?.into_any(),
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

    /// Figures: pending, done, failed, needs_retry, absent, gave_up, queries, asked per second, since when the oldest waits.
    fn progress(&self, py: Python<'_>) -> PyResult<Figures> {
        let ffi::Progress { pending, done, failed, needs_retry, absent, gave_up, queries, asked_per_second, oldest } =
            told(py, self.0.progress())?;
        let oldest = oldest.map(|at| at.0);
        Ok((pending, done, failed, needs_retry, absent, gave_up, queries, asked_per_second, oldest))
    }

    /// All orders that have no event yet, as JSON text: keys and times, neither secret nor token.
    fn snapshot(&self, py: Python<'_>) -> PyResult<String> {
        told(py, self.0.snapshot())
    }

    /// Follows all orders of a snapshot too; the answer is how many came in.
    fn resume(&self, py: Python<'_>, snapshot: &str, now: i64) -> PyResult<u64> {
        told(py, self.0.resume(snapshot, now))
    }

    fn __repr__(&self) -> &'static str {
        "<nnopen.Batch>"
    }
}
