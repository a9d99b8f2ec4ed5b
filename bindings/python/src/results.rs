//! What came, as Python's own values: by the forms that the model knows, straight from what the core has read.
//!
//! What can't be read as its form stays as it came, members that the model does not know too. An empty text where a number,
//! date or time is meant is None. No number passes through a float.

mod forms;
mod scalars;

use nnopen_ffi::Json;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::types::{PyBool, PyDict, PyList, PyString};

use crate::steps::Done;
use forms::{ANYTHING, Form, Forms};

/// Reads values of one form.
#[pyclass(frozen, module = "nnopen")]
pub(crate) struct Reader(Forms);

#[pymethods]
impl Reader {
    /// `form` is what `shapes` call one: `decimal`, `list:` and another form, a shape's name. A shape is a line for each
    /// member, `name: form`.
    #[new]
    fn new(form: &str, shapes: &Bound<'_, PyDict>) -> PyResult<Self> {
        Forms::of(form, shapes).map(Self)
    }

    /// The result of a call, or JSON text, as Python's values.
    fn read<'py>(&self, py: Python<'py>, told: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let read = |json| Reading::new(py, &self.0).value(json, &self.0.whole);
        match told.cast::<Done>() {
            Ok(done) => read(done.get().result()),
            Err(_) => {
                let text: PyBackedStr = told.extract()?;
                read(&Json::parse(&text).map_err(|error| PyValueError::new_err(error.to_string()))?)
            }
        }
    }
}

/// The names of one object's members, the objects of these in Python, and the members' forms.
type Row<'a, 'py> = Vec<(&'a str, Bound<'py, PyString>, &'a Form)>;

/// One value being read.
struct Reading<'a, 'py> {
    py: Python<'py>,
    forms: &'a Forms,
    /// The last object of each shape: the next one has mostly the same members in the same order.
    rows: Vec<Row<'a, 'py>>,
}

impl<'a, 'py> Reading<'a, 'py> {
    fn new(py: Python<'py>, forms: &'a Forms) -> Self {
        Self { py, forms, rows: forms.shapes.iter().map(|_| Row::new()).collect() }
    }

    fn value(&mut self, json: &'a Json, form: &'a Form) -> PyResult<Bound<'py, PyAny>> {
        let py = self.py;
        Ok(match (json, form) {
            (Json::Null, _) => py.None().into_bound(py),
            (Json::Bool(value), _) => PyBool::new(py, *value).to_owned().into_any(),
            (Json::Text(token), form) => match scalars::read(py, token, form)? {
                Some(value) => value,
                None => PyString::new(py, token).into_any(),
            },
            (Json::Number(token), form) => match scalars::read(py, token, form)? {
                Some(value) => value,
                None => scalars::number(py, token)?,
            },
            (Json::List(items), Form::List(form)) => self.list(items, form)?,
            (Json::List(items), _) => self.list(items, &Form::Json)?,
            (Json::Object(members), Form::Shape(shape)) => self.object(members, *shape)?,
            (Json::Object(members), _) => self.object(members, ANYTHING)?,
        })
    }

    fn list(&mut self, items: &'a [Json], form: &'a Form) -> PyResult<Bound<'py, PyAny>> {
        let items: Vec<_> = items.iter().map(|item| self.value(item, form)).collect::<PyResult<_>>()?;
        Ok(PyList::new(self.py, items)?.into_any())
    }

    fn object(&mut self, members: &'a [(String, Json)], shape: usize) -> PyResult<Bound<'py, PyAny>> {
        let dict = PyDict::new(self.py);
        let mut row = std::mem::take(&mut self.rows[shape]);
        for (at, (name, json)) in members.iter().enumerate() {
            if row.get(at).is_none_or(|(known, ..)| known != name) {
                row.truncate(at);
                let (key, form) = self.forms.member(self.py, shape, name);
                row.push((name, key, form));
            }
            let (_, key, form) = &row[at];
            dict.set_item(key, self.value(json, form)?)?;
        }
        self.rows[shape] = row;
        Ok(dict.into_any())
    }
}
