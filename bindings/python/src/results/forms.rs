//! The forms of values: how a result is made up, as `_model.py` tells it.

use std::collections::BTreeMap;

use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::types::{PyDict, PyString};

/// What a value is.
pub(super) enum Form {
    Json,
    Text,
    Decimal,
    Integer,
    Date,
    Time,
    List(Box<Form>),
    /// By its number.
    Shape(usize),
}

/// The members that a shape knows: their names as objects of Python, and their forms.
type Shape = BTreeMap<String, (Py<PyString>, Form)>;

/// The shape of any object: it knows no member.
pub(super) const ANYTHING: usize = 0;

/// A form and the shapes that it leads to.
pub(super) struct Forms {
    pub(super) whole: Form,
    pub(super) shapes: Vec<Shape>,
}

impl Forms {
    pub(super) fn of(form: &str, shapes: &Bound<'_, PyDict>) -> PyResult<Self> {
        let mut making = Making { told: shapes, made: vec![Shape::new()], numbers: BTreeMap::new() };
        let whole = making.form(form)?;
        Ok(Self { whole, shapes: making.made })
    }

    /// A member's name as an object of Python, and its form.
    pub(super) fn member<'a, 'py>(
        &'a self,
        py: Python<'py>,
        shape: usize,
        name: &str,
    ) -> (Bound<'py, PyString>, &'a Form) {
        match self.shapes[shape].get(name) {
            Some((key, form)) => (key.bind(py).clone(), form),
            None => (PyString::new(py, name), &Form::Json),
        }
    }
}

struct Making<'a, 'py> {
    told: &'a Bound<'py, PyDict>,
    made: Vec<Shape>,
    numbers: BTreeMap<String, usize>,
}

impl Making<'_, '_> {
    fn form(&mut self, name: &str) -> PyResult<Form> {
        Ok(match name {
            "json" => Form::Json,
            "text" => Form::Text,
            "decimal" => Form::Decimal,
            "integer" => Form::Integer,
            "date" => Form::Date,
            "time" => Form::Time,
            _ => match name.strip_prefix("list:") {
                Some(item) => Form::List(Box::new(self.form(item)?)),
                None => Form::Shape(self.shape(name)?),
            },
        })
    }

    fn shape(&mut self, name: &str) -> PyResult<usize> {
        if let Some(number) = self.numbers.get(name) {
            return Ok(*number);
        }
        // Before its members: a shape may hold itself.
        let number = self.made.len();
        self.numbers.insert(name.to_owned(), number);
        self.made.push(Shape::new());
        if let Some(members) = self.told.get_item(name)? {
            let members: PyBackedStr = members.extract()?;
            for (name, form) in members.lines().filter_map(|line| line.trim().split_once(": ")) {
                let member = (PyString::intern(self.told.py(), name).unbind(), self.form(form)?);
                self.made[number].insert(name.to_owned(), member);
            }
        }
        Ok(number)
    }
}
