//! A walker over values, so that params need not become a tree first: generated structs, [`Json`], a host's own objects.

use crate::decimal::Decimal;
use crate::json::Json;

/// A value that can be walked: what params are given as.
///
/// A host language implements it over its own objects. [`Source::kind`] says what the value is; lists and objects show
/// their parts one by one.
pub trait Source {
    /// What this value is.
    fn kind(&self) -> Kind<'_>;

    /// Shows the items of a list in order.
    fn items(&self, see: &mut dyn FnMut(&dyn Source)) {
        let _ = see;
    }

    /// Shows the members of an object in order, repeated names included.
    fn members(&self, see: &mut dyn FnMut(&str, &dyn Source)) {
        let _ = see;
    }
}

impl dyn Source + '_ {
    /// The same as [`Json`]; what has no exact JSON form becomes null, and so does what is nested too deep.
    pub fn to_json(&self) -> Json {
        copied(self, 0)
    }
}

fn copied(source: &dyn Source, depth: usize) -> Json {
    match source.kind() {
        _ if depth > DEEPEST => Json::Null,
        Kind::Null | Kind::Unfit(_) => Json::Null,
        Kind::Bool(value) => Json::Bool(value),
        Kind::Number(token) => Json::Number(token.into_owned()),
        Kind::Text(text) => Json::Text(text.into_owned()),
        Kind::List => {
            let mut items = Vec::new();
            source.items(&mut |item| items.push(copied(item, depth + 1)));
            Json::List(items)
        }
        Kind::Object => {
            let mut members = Vec::new();
            source.members(&mut |name, value| members.push((name.to_owned(), copied(value, depth + 1))));
            Json::Object(members)
        }
    }
}

/// Objects of the host may be nested this deep; a cycle among them ends here.
pub(crate) const DEEPEST: usize = 64;

/// What a [`Source`] is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind<'a> {
    /// Nothing: counts as absent, with a warning.
    Null,
    /// True or false.
    Bool(bool),
    /// A number by its own text, never through a float.
    Number(std::borrow::Cow<'a, str>),
    /// A text.
    Text(std::borrow::Cow<'a, str>),
    /// A list: see [`Source::items`].
    List,
    /// An object: see [`Source::members`].
    Object,
    /// Something that has no exact JSON form, by its name in the host language: `float`, `bytes`.
    Unfit(&'static str),
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

    fn items(&self, see: &mut dyn FnMut(&dyn Source)) {
        if let Json::List(items) = self {
            items.iter().for_each(|item| see(item));
        }
    }

    fn members(&self, see: &mut dyn FnMut(&str, &dyn Source)) {
        if let Json::Object(members) = self {
            members.iter().for_each(|(name, value)| see(name, value));
        }
    }
}

impl Source for String {
    fn kind(&self) -> Kind<'_> {
        Kind::Text(self.as_str().into())
    }
}

impl Source for i64 {
    fn kind(&self) -> Kind<'_> {
        Kind::Number(self.to_string().into())
    }
}

/// An exact decimal is shown as a text: its zeros count.
impl Source for Decimal {
    fn kind(&self) -> Kind<'_> {
        Kind::Text(self.to_string().into())
    }
}

impl<T: Source> Source for Vec<T> {
    fn kind(&self) -> Kind<'_> {
        Kind::List
    }

    fn items(&self, see: &mut dyn FnMut(&dyn Source)) {
        self.iter().for_each(|item| see(item));
    }
}

/// A field of a generated struct: left out if it is `None` or an empty list.
pub(crate) trait Member {
    fn show(&self, name: &str, see: &mut dyn FnMut(&str, &dyn Source));
}

impl<T: Source> Member for Option<T> {
    fn show(&self, name: &str, see: &mut dyn FnMut(&str, &dyn Source)) {
        if let Some(value) = self {
            see(name, value);
        }
    }
}

impl<T: Source> Member for Vec<T> {
    fn show(&self, name: &str, see: &mut dyn FnMut(&str, &dyn Source)) {
        if !self.is_empty() {
            see(name, self);
        }
    }
}
