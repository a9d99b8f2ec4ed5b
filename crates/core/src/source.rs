//! A walker over values, so that params need not become a tree first: generated structs, [`Json`], a host's own objects.

use std::borrow::Cow;
use std::ops::ControlFlow;

use crate::body::Fields;
use crate::decimal::Decimal;
use crate::error::Error;
use crate::json::Json;

/// A value that can be walked: what params are given as.
///
/// A host language implements it over its own objects. [`Source::kind`] says what the value is; lists and objects show
/// their parts one by one, and stop when they are told to: a walk ends where values are nested more than 64 deep, where
/// there are more than a million of them, and where they are longer than 16 MiB. Objects that lead to themselves and lists
/// without an end do no harm then.
pub trait Source {
    /// What this value is.
    fn kind(&self) -> Kind<'_>;

    /// Shows the items of a list in order, until `see` breaks.
    fn items(&self, see: &mut dyn FnMut(&dyn Source) -> ControlFlow<()>) -> ControlFlow<()> {
        let _ = see;
        ControlFlow::Continue(())
    }

    /// Shows the members of an object in order, repeated names included, until `see` breaks.
    fn members(&self, see: &mut dyn FnMut(&str, &dyn Source) -> ControlFlow<()>) -> ControlFlow<()> {
        let _ = see;
        ControlFlow::Continue(())
    }

    /// Writes all members, if they are those of the object that is being written, rank for rank: what generated structs
    /// can do. Else nothing, and `false`.
    #[doc(hidden)]
    fn fields(&self, fields: &mut Fields<'_>) -> bool {
        let _ = fields;
        false
    }
}

impl dyn Source + '_ {
    /// The same as [`Json`].
    ///
    /// # Errors
    /// `input`, naming what has no exact JSON form (a float), and what is nested too deep, too many or too long.
    pub fn to_json(&self) -> Result<Json, Error> {
        Ok(crate::body::flat(self, "")?.whole().to_json())
    }
}

/// What a [`Source`] is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind<'a> {
    /// Nothing: counts as absent, with a warning.
    Null,
    /// True or false.
    Bool(bool),
    /// A number by its own text, never through a float.
    Number(Cow<'a, str>),
    /// A whole number of a host that knows no exact decimals (JavaScript): taken as [`Kind::Number`], but not as money.
    Whole(Cow<'a, str>),
    /// An exact number of the core's own: the same as a text, which keeps its zeros.
    Decimal(Decimal),
    /// A text.
    Text(Cow<'a, str>),
    /// A list: see [`Source::items`].
    List,
    /// An object: see [`Source::members`].
    Object,
    /// Something that has no exact JSON form, by its name in the host language: `float`, `bytes`, `int out of range`.
    Unfit(Cow<'static, str>),
}

impl Source for Json {
    fn kind(&self) -> Kind<'_> {
        match self {
            Json::Null => Kind::Null,
            Json::Bool(value) => Kind::Bool(*value),
            Json::Number(token) => Kind::Number(token.as_str().into()),
            Json::Text(text) => Kind::Text(text.as_str().into()),
            Json::List(_) => Kind::List,
            Json::Object(_) => Kind::Object,
        }
    }

    fn items(&self, see: &mut dyn FnMut(&dyn Source) -> ControlFlow<()>) -> ControlFlow<()> {
        Json::items(self).iter().try_for_each(|item| see(item))
    }

    fn members(&self, see: &mut dyn FnMut(&str, &dyn Source) -> ControlFlow<()>) -> ControlFlow<()> {
        Json::members(self).iter().try_for_each(|(name, value)| see(name, value))
    }
}

impl Source for String {
    fn kind(&self) -> Kind<'_> {
        Kind::Text(self.as_str().into())
    }
}

impl Source for &str {
    fn kind(&self) -> Kind<'_> {
        Kind::Text((*self).into())
    }
}

impl Source for i64 {
    fn kind(&self) -> Kind<'_> {
        Kind::Number(self.to_string().into())
    }
}

impl Source for Decimal {
    fn kind(&self) -> Kind<'_> {
        Kind::Decimal(*self)
    }
}

impl<T: Source> Source for Vec<T> {
    fn kind(&self) -> Kind<'_> {
        Kind::List
    }

    fn items(&self, see: &mut dyn FnMut(&dyn Source) -> ControlFlow<()>) -> ControlFlow<()> {
        self.iter().try_for_each(|item| see(item))
    }
}

/// A field of a generated struct: left out if it is `None` or an empty list.
pub(crate) trait Member {
    /// Shows it by its name.
    fn show(&self, name: &str, see: &mut dyn FnMut(&str, &dyn Source) -> ControlFlow<()>) -> ControlFlow<()>;

    /// Writes it by its rank; `name` is written as `,"name":`.
    fn write(&self, rank: usize, name: &'static str, fields: &mut Fields<'_>) -> ControlFlow<()>;
}

impl<T: Leaf> Member for Option<T> {
    fn show(&self, name: &str, see: &mut dyn FnMut(&str, &dyn Source) -> ControlFlow<()>) -> ControlFlow<()> {
        self.as_ref().map_or(ControlFlow::Continue(()), |value| see(name, value))
    }

    fn write(&self, rank: usize, name: &'static str, fields: &mut Fields<'_>) -> ControlFlow<()> {
        self.as_ref().map_or(ControlFlow::Continue(()), |value| value.write(rank, name, fields))
    }
}

impl<T: Source> Member for Vec<T> {
    fn show(&self, name: &str, see: &mut dyn FnMut(&str, &dyn Source) -> ControlFlow<()>) -> ControlFlow<()> {
        if self.is_empty() { ControlFlow::Continue(()) } else { see(name, self) }
    }

    fn write(&self, rank: usize, name: &'static str, fields: &mut Fields<'_>) -> ControlFlow<()> {
        if self.is_empty() { ControlFlow::Continue(()) } else { fields.value(rank, name, self) }
    }
}

/// What a field of a generated struct holds.
pub(crate) trait Leaf: Source + Sized {
    fn write(&self, rank: usize, name: &'static str, fields: &mut Fields<'_>) -> ControlFlow<()> {
        fields.value(rank, name, self)
    }
}

impl Leaf for Json {}
impl Leaf for i64 {}

impl Leaf for String {
    fn write(&self, rank: usize, name: &'static str, fields: &mut Fields<'_>) -> ControlFlow<()> {
        fields.text(rank, name, self)
    }
}

impl Leaf for Decimal {
    fn write(&self, rank: usize, name: &'static str, fields: &mut Fields<'_>) -> ControlFlow<()> {
        fields.decimal(rank, name, *self)
    }
}
