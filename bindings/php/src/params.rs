//! PHP's own values as the core walks them: arrays need not become text first.

use std::ops::ControlFlow;

use ext_php_rs::types::{ZendHashTable, Zval};
use nnopen_ffi::{Kind, Source};

/// A value of PHP. A float is unfit: it may have lost what was meant.
pub(crate) struct Params<'a> {
    value: &'a Zval,
    /// Params themselves are an object even when the array is empty.
    top: bool,
}

impl<'a> Params<'a> {
    pub(crate) fn top(value: &'a Zval) -> Self {
        Self { value: value.dereference(), top: true }
    }

    fn of(value: &'a Zval) -> Self {
        Self { value: value.dereference(), top: false }
    }
}

impl Source for Params<'_> {
    fn kind(&self) -> Kind<'_> {
        let value = self.value;
        if let Some(bytes) = value.zend_str() {
            return bytes.as_str().map_or(Kind::Unfit("string that is not UTF-8".into()), |text| Kind::Text(text.into()));
        }
        if let Some(array) = value.array() {
            // An empty array is a list, as for json_encode; an empty object is `new stdClass`.
            let list = if array.is_empty() { !self.top } else { is_list(array) };
            return if list { Kind::List } else { Kind::Object };
        }
        match (value.long(), value.bool()) {
            (Some(number), _) => Kind::Number(number.to_string().into()),
            (_, Some(truth)) => Kind::Bool(truth),
            _ if value.is_null() => Kind::Null,
            _ if value.is_double() => Kind::Unfit("float".into()),
            _ if is_a(value, "stdClass") => Kind::Object,
            _ if is_a(value, "Nnopen\\Cycle") => Kind::Unfit("array that contains itself".into()),
            _ if value.is_object() => Kind::Unfit("object".into()),
            _ => Kind::Unfit("resource".into()),
        }
    }

    fn items(&self, see: &mut dyn FnMut(&dyn Source) -> ControlFlow<()>) -> ControlFlow<()> {
        self.value.array().into_iter().flat_map(|array| array.values()).try_for_each(|value| see(&Params::of(value)))
    }

    fn members(&self, see: &mut dyn FnMut(&str, &dyn Source) -> ControlFlow<()>) -> ControlFlow<()> {
        let array = self.value.array().or_else(|| self.value.object().and_then(|object| object.get_properties().ok()));
        let mut members = array.map(|array| array.iter());
        while let Some((name, value)) = members.as_mut().and_then(|members| members.next_zval()) {
            match (name.long(), name.str()) {
                (Some(number), _) => see(&number.to_string(), &Params::of(value)),
                (_, Some(name)) => see(name, &Params::of(value)),
                _ => see("\u{fffd}", &NoName),
            }?;
        }
        ControlFlow::Continue(())
    }
}

/// The value of a member whose name is not UTF-8.
struct NoName;

impl Source for NoName {
    fn kind(&self) -> Kind<'_> {
        Kind::Unfit("member whose name is not UTF-8".into())
    }
}

/// Whether the keys are 0, 1, 2 …
fn is_list(array: &ZendHashTable) -> bool {
    let mut members = array.iter();
    let keys = std::iter::from_fn(|| members.next_zval());
    (0..).zip(keys).all(|(at, (key, _))| key.long() == Some(at))
}

fn is_a(value: &Zval, class: &str) -> bool {
    value.object().is_some_and(|object| object.get_class_name().is_ok_and(|name| name == class))
}
