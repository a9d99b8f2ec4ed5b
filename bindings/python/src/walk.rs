//! Python's own objects as params: walked where they are, without a detour through text.

mod names;

use std::cell::RefCell;
use std::ops::ControlFlow;

use nnopen_ffi::{Failure, Kind, Source};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple, PyType};

use names::Names;

/// What values have no exact form are called.
const UNFIT: &[&str] =
    &["float", "bytes", "set", "naive datetime", "datetime out of range", "Decimal out of range", "int out of range"];

/// The most digits that a Decimal may have, as in `_values`.
const LONGEST_DECIMAL: usize = 60;

/// One walk over params; an exception that Python raises during it ends it.
pub(crate) struct Walk<'py> {
    raised: RefCell<Option<PyErr>>,
    names: Names<'py>,
}

impl<'py> Walk<'py> {
    /// Shows `params` to `look`. What Python itself raised meanwhile comes first.
    pub(crate) fn over<T>(
        params: &Bound<'py, PyAny>,
        look: impl FnOnce(&dyn Source) -> Result<T, Failure>,
    ) -> PyResult<Result<T, Failure>> {
        let walk = Self { raised: RefCell::new(None), names: Names::new() };
        let looked = look(&Value::of(params.clone(), &walk));
        walk.raised.into_inner().map_or(Ok(looked), Err)
    }

    fn member(
        &self,
        name: &Bound<'py, PyAny>,
        value: Bound<'py, PyAny>,
        see: &mut dyn FnMut(&str, &dyn Source) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        match self.names.text(name) {
            Some(name) => see(name.text(), &Value::of(value, self)),
            None => {
                let name = name.repr().map_or_else(|_| "?".to_owned(), |name| name.to_string_lossy().into_owned());
                see(&name, &Value { form: Form::Unfit("value of a key that is no str"), walk: self })
            }
        }
    }

    fn end(&self, error: PyErr) -> ControlFlow<()> {
        self.raised.borrow_mut().get_or_insert(error);
        ControlFlow::Break(())
    }
}

/// One value and what it is.
struct Value<'a, 'py> {
    form: Form<'py>,
    walk: &'a Walk<'py>,
}

enum Form<'py> {
    Null,
    Bool(bool),
    Number(String),
    Text(PyBackedStr),
    List(Bound<'py, PyAny>),
    Object(Bound<'py, PyAny>),
    Unfit(&'static str),
}

impl<'a, 'py> Value<'a, 'py> {
    fn of(object: Bound<'py, PyAny>, walk: &'a Walk<'py>) -> Self {
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
    fn text(text: Bound<'py, PyString>) -> Self {
        PyBackedStr::try_from(text).map_or(Self::Unfit("str with half a surrogate pair"), Self::Text)
    }

    /// A Decimal as it is written without an exponent. Others, and those that would be very long, are left to `_values`.
    fn decimal(object: &Bound<'py, PyAny>) -> PyResult<Option<PyBackedStr>> {
        static DECIMAL: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        if !object.get_type().is(DECIMAL.import(object.py(), "decimal", "Decimal")?) {
            return Ok(None);
        }
        let text = PyBackedStr::try_from(object.str()?)?;
        let plain = |byte: u8| byte.is_ascii_digit() || byte == b'.' || byte == b'-';
        Ok((text.len() <= LONGEST_DECIMAL && text.bytes().all(plain)).then_some(text))
    }

    /// What an object is. Python's own module `_values` tells of those that are none of the plain types.
    fn of(object: Bound<'py, PyAny>, ask: bool) -> PyResult<Self> {
        // Most are plain texts.
        let object = match object.cast_into_exact::<PyString>() {
            Ok(text) => return Ok(Self::text(text)),
            Err(other) => other.into_inner(),
        };
        Ok(if object.is_instance_of::<PyString>() {
            Self::text(object.cast_into()?)
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
        } else if let Some(text) = Self::decimal(&object)? {
            Self::Text(text)
        } else if ask {
            static PLAIN: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
            let plain = PLAIN.import(object.py(), "nnopen._values", "plain")?;
            let (name, plain): (PyBackedStr, Bound<'py, PyAny>) = plain.call1((object,))?.extract()?;
            match &*name {
                "" => Self::of(plain, false)?,
                name => Self::Unfit(UNFIT.iter().find(|unfit| **unfit == name).copied().unwrap_or("object")),
            }
        } else {
            Self::Unfit("object")
        })
    }
}

type Pairs<'py> = Vec<(Bound<'py, PyAny>, Bound<'py, PyAny>)>;

/// The members of a dict or of another mapping, all of them before the first is looked at: nothing goes wrong if Python's own
/// code, or another thread, changes it meanwhile.
fn pairs<'py>(object: &Bound<'py, PyAny>) -> PyResult<Pairs<'py>> {
    if let Ok(dict) = object.cast_exact::<PyDict>() {
        let pairs = RefCell::new(Vec::with_capacity(dict.len()));
        dict.locked_for_each(|name, value| {
            pairs.borrow_mut().push((name, value));
            Ok(())
        })?;
        return Ok(pairs.into_inner());
    }
    // A subclass, an `OrderedDict` say, may show other members than it has, and in another order.
    let items = object.call_method0(intern!(object.py(), "items"))?;
    items.try_iter()?.map(|pair| pair?.extract()).collect()
}

impl<'py> Source for Value<'_, 'py> {
    fn kind(&self) -> Kind<'_> {
        match &self.form {
            Form::Null => Kind::Null,
            Form::Bool(value) => Kind::Bool(*value),
            Form::Number(number) => Kind::Number(number.as_str().into()),
            Form::Text(text) => Kind::Text((**text).into()),
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
        match pairs(object) {
            Ok(pairs) => pairs.into_iter().try_for_each(|(name, value)| self.flow(self.walk.member(&name, value, see))),
            Err(error) => self.walk.end(error),
        }
    }
}
