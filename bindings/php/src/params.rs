//! Params as PHP holds them, shown as they are: nothing is copied, and no program's code runs meanwhile.

use std::cell::Cell;
use std::ops::ControlFlow;

use ext_php_rs::flags::ClassFlags;
use ext_php_rs::types::{ZendHashTable, ZendObject, Zval};
use ext_php_rs::zend::ce;
use nnopen_c::{Kind, Source};

/// Arrays deeper than this may hold themselves: PHP looks. The core looks twice as deep.
const DEEPEST: usize = 32;

/// What can be seen from here.
pub(crate) struct Sight {
    /// Whether PHP has looked already: what it left as an object stays one.
    plain: bool,
    /// Something was met that only PHP can tell.
    blind: Cell<bool>,
}

impl Sight {
    pub(crate) fn new(plain: bool) -> Self {
        Self { plain, blind: Cell::new(false) }
    }

    pub(crate) fn is_blind(&self) -> bool {
        self.blind.get()
    }
}

/// A value among params.
pub(crate) struct Params<'a> {
    value: &'a Zval,
    sight: &'a Sight,
    depth: usize,
}

impl<'a> Params<'a> {
    pub(crate) fn whole(value: &'a Zval, sight: &'a Sight) -> Self {
        Self { value: value.dereference(), sight, depth: 0 }
    }

    fn within(&self, value: &'a Zval) -> Self {
        Self { value: value.dereference(), sight: self.sight, depth: self.depth + 1 }
    }

    /// What PHP is to look at; once it has, the name of what has no JSON form.
    fn unseen(&self, name: &'static str) -> Kind<'static> {
        if !self.sight.plain {
            self.sight.blind.set(true);
        }
        Kind::Unfit(name.into())
    }

    fn array(&self, array: &ZendHashTable) -> Kind<'static> {
        if self.depth > DEEPEST && !self.sight.plain {
            return self.unseen("array that contains itself");
        }
        match self.depth > 0 || !array.is_empty() {
            true if is_list(array) => Kind::List,
            // Params of nothing are an object too.
            _ => Kind::Object,
        }
    }

    fn object(&self, object: &'a ZendObject) -> Kind<'a> {
        let class = object.get_class_entry();
        // A case of an enum has no property but these, and none that a program computes.
        if class.flags().contains(ClassFlags::Enum)
            && let Some(case) = object.get_properties().ok().and_then(|properties| properties.get("value"))
        {
            return told(case.dereference()).unwrap_or(Kind::Null);
        }
        match self.sight.plain {
            // PHP left it, so nothing is in it.
            true if object.instance_of(ce::stdclass()) => Kind::Object,
            true if class.name() == Some("Nnopen\\Cycle") => self.unseen("array that contains itself"),
            _ => self.unseen("object"),
        }
    }
}

impl Source for Params<'_> {
    fn kind(&self) -> Kind<'_> {
        if let Some(kind) = told(self.value) {
            return kind;
        }
        match (self.value.array(), self.value.object()) {
            (Some(array), _) => self.array(array),
            (_, Some(object)) => self.object(object),
            _ => Kind::Unfit("resource".into()),
        }
    }

    fn items(&self, see: &mut dyn FnMut(&dyn Source) -> ControlFlow<()>) -> ControlFlow<()> {
        let Some(array) = self.value.array() else { return ControlFlow::Continue(()) };
        values(array).try_for_each(|value| see(&self.within(value)))
    }

    fn members(&self, see: &mut dyn FnMut(&str, &dyn Source) -> ControlFlow<()>) -> ControlFlow<()> {
        let Some(array) = self.value.array() else { return ControlFlow::Continue(()) };
        members(array).try_for_each(|(name, value)| {
            match name.zend_str().map(|name| std::str::from_utf8(name.as_bytes())) {
                Some(Ok(name)) => see(name, &self.within(value)),
                Some(Err(_)) => see("\u{fffd}", &Misnamed),
                None => see(&name.long().unwrap_or_default().to_string(), &self.within(value)),
            }
        })
    }
}

/// A value that is neither an array nor an object.
fn told(value: &Zval) -> Option<Kind<'_>> {
    if let Some(text) = value.zend_str() {
        return Some(match std::str::from_utf8(text.as_bytes()) {
            Ok(text) => Kind::Text(text.into()),
            Err(_) => Kind::Unfit("string that is not UTF-8".into()),
        });
    }
    match (value.long(), value.bool()) {
        (Some(number), _) => Some(Kind::Number(number.to_string().into())),
        (_, Some(flag)) => Some(Kind::Bool(flag)),
        _ if value.is_null() => Some(Kind::Null),
        _ if value.is_double() => Some(Kind::Unfit("float".into())),
        _ => None,
    }
}

/// Stands where a member's name is no text.
struct Misnamed;

impl Source for Misnamed {
    fn kind(&self) -> Kind<'_> {
        Kind::Unfit("member whose name is not UTF-8".into())
    }
}

pub(crate) fn values(array: &ZendHashTable) -> impl Iterator<Item = &Zval> {
    members(array).map(|(_, value)| value)
}

fn members(array: &ZendHashTable) -> impl Iterator<Item = (Zval, &Zval)> {
    let mut rest = array.iter();
    std::iter::from_fn(move || rest.next_zval())
}

/// Whether JSON has a list for it.
fn is_list(array: &ZendHashTable) -> bool {
    (0..).zip(members(array)).all(|(at, (key, _))| key.long() == Some(at))
}
