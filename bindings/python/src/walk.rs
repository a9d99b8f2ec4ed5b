//! Python's own objects as params: walked where they are, without a detour through text.

use std::cell::RefCell;
use std::ops::ControlFlow;

use nnopen_ffi::{Failure, Kind, Source};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};

/// What values have no exact form are called.
const UNFIT: &[&str] = &["float", "bytes", "set", "naive datetime", "Decimal out of range", "int out of range"];

/// One walk over params; an exception that Python raises during it ends it.
pub(crate) struct Walk {
    raised: RefCell<Option<PyErr>>,
}

impl Walk {
    /// Shows `params` to `look`. What Python itself raised meanwhile comes first.
    pub(crate) fn over<T>(
        params: &Bound<'_, PyAny>,
        look: impl FnOnce(&dyn Source) -> Result<T, Failure>,
    ) -> PyResult<Result<T, Failure>> {
        let walk = Self { raised: RefCell::new(None) };
        let looked = look(&Value::of(params.clone(), &walk));
        walk.raised.into_inner().map_or(Ok(looked), Err)
    }

    fn end(&self, error: PyErr) -> ControlFlow<()> {
        self.raised.borrow_mut().get_or_insert(error);
        ControlFlow::Break(())
    }
}

/// One value and what it is.
struct Value<'a, 'py> {
    form: Form<'py>,
    walk: &'a Walk,
}

enum Form<'py> {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Bound<'py, PyAny>),
    Object(Bound<'py, PyAny>),
    Unfit(&'static str),
}

impl<'a, 'py> Value<'a, 'py> {
    fn of(object: Bound<'py, PyAny>, walk: &'a Walk) -> Self {
        let form = Form::of(object, true).unwrap_or_else(|error| {
            let _ = walk.end(error);
            Form::Null
        });
        Self { form, walk }
    }

    /// Goes on, unless Python raised something.
    fn flow(&self, seen: ControlFlow<()>) -> ControlFlow<()> {
        if self.walk.raised.borrow().is_some() { ControlFlow::Break(()) } else { seen }
    }
}

impl<'py> Form<'py> {
    /// What an object is. Python's own module `_values` tells of those that are none of the plain types.
    fn of(object: Bound<'py, PyAny>, ask: bool) -> PyResult<Self> {
        Ok(if object.is_instance_of::<PyString>() {
            let text = object.cast_into::<PyString>()?;
            text.to_cow().map_or(Self::Unfit("str with half a surrogate pair"), |text| Self::Text(text.into_owned()))
        } else if object.is_none() {
            Self::Null
        } else if object.is_instance_of::<PyBool>() {
            Self::Bool(object.is_truthy()?)
        } else if object.is_exact_instance_of::<PyInt>() {
            match object.extract::<i64>() {
                Ok(number) => Self::Number(number.to_string()),
                Err(_) => object.str().map_or(Self::Unfit("int out of range"), |text| Self::Number(text.to_string())),
            }
        } else if object.is_instance_of::<PyFloat>() {
            Self::Unfit("float")
        } else if object.is_instance_of::<PyDict>() {
            Self::Object(object)
        } else if object.is_instance_of::<PyList>() || object.is_instance_of::<PyTuple>() {
            Self::List(object)
        } else if ask {
            let (name, plain): (String, Bound<'py, PyAny>) =
                object.py().import("nnopen._values")?.call_method1("plain", (object,))?.extract()?;
            match name.as_str() {
                "" => Self::of(plain, false)?,
                name => Self::Unfit(UNFIT.iter().find(|unfit| **unfit == name).copied().unwrap_or("object")),
            }
        } else {
            Self::Unfit("object")
        })
    }
}

impl Source for Value<'_, '_> {
    fn kind(&self) -> Kind<'_> {
        match &self.form {
            Form::Null => Kind::Null,
            Form::Bool(value) => Kind::Bool(*value),
            Form::Number(number) => Kind::Number(number.as_str().into()),
            Form::Text(text) => Kind::Text(text.as_str().into()),
            Form::List(_) => Kind::List,
            Form::Object(_) => Kind::Object,
            Form::Unfit(name) => Kind::Unfit((*name).into()),
        }
    }

    fn items(&self, see: &mut dyn FnMut(&dyn Source) -> ControlFlow<()>) -> ControlFlow<()> {
        let Form::List(list) = &self.form else { return ControlFlow::Continue(()) };
        let items = match list.try_iter() {
            Ok(items) => items,
            Err(error) => return self.walk.end(error),
        };
        for item in items {
            match item {
                Ok(item) => self.flow(see(&Value::of(item, self.walk)))?,
                Err(error) => return self.walk.end(error),
            }
        }
        ControlFlow::Continue(())
    }

    fn members(&self, see: &mut dyn FnMut(&str, &dyn Source) -> ControlFlow<()>) -> ControlFlow<()> {
        let Form::Object(object) = &self.form else { return ControlFlow::Continue(()) };
        // A list of its own, so that nothing goes wrong if another thread changes the dict.
        let members = object.call_method0("items").and_then(|items| {
            items
                .try_iter()?
                .map(|pair| pair?.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>())
                .collect::<PyResult<Vec<_>>>()
        });
        let members = match members {
            Ok(members) => members,
            Err(error) => return self.walk.end(error),
        };
        for (name, value) in members {
            let seen = match name.cast::<PyString>().ok().and_then(|name| name.to_cow().ok()) {
                Some(name) => see(&name, &Value::of(value, self.walk)),
                None => {
                    let name = name.repr().map_or_else(|_| "?".to_owned(), |name| name.to_string_lossy().into_owned());
                    see(&name, &Value { form: Form::Unfit("value of a key that is no str"), walk: self.walk })
                }
            };
            self.flow(seen)?;
        }
        ControlFlow::Continue(())
    }
}
