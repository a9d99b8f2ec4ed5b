//! Looking at a text laid flat.

use std::borrow::Cow;

use super::node::Kind;
use super::{Flat, Node};
use crate::decimal::Decimal;
use crate::json::Json;
use crate::text::Text;

/// A value of a [`Flat`].
#[derive(Clone, Copy)]
pub(crate) struct Value<'a> {
    flat: &'a Flat,
    at: usize,
}

impl Flat {
    /// The value of the whole text.
    pub(crate) fn whole(&self) -> Value<'_> {
        Value { flat: self, at: self.nodes.len().saturating_sub(1) }
    }
}

impl<'a> Value<'a> {
    fn node(self) -> Node {
        self.flat.nodes[self.at]
    }

    /// The members of an object or the items of a list.
    pub(crate) fn items(self) -> Items<'a> {
        let node = self.node();
        let first = matches!(node.kind(), Kind::List | Kind::Object).then_some(node.first() as usize);
        Items { flat: self.flat, next: first }
    }

    /// The same with their names.
    pub(crate) fn parts(self) -> impl Iterator<Item = (&'a str, Value<'a>)> {
        self.items().map(|value| (value.node().name(&value.flat.text), value))
    }

    /// The member called `name`; the last one if the name is repeated.
    pub(crate) fn get(self, name: &str) -> Option<Value<'a>> {
        let object = self.node();
        if object.kind() != Kind::Object {
            return None;
        }
        let mut found = None;
        for (at, node) in (object.first() as usize..).zip(self.flat.nodes.get(object.first() as usize..)?) {
            if node.is_named(name, &self.flat.text) {
                found = Some(Value { flat: self.flat, at });
            }
            if node.is_last() {
                break;
            }
        }
        found
    }

    /// The object with places for the members that are called by one of `names`. Most come in their order.
    pub(crate) fn placed<const N: usize>(self, names: &[Text; N]) -> Placed<'a, N> {
        let object = self.node();
        let mut placed = Placed { flat: self.flat, at: self.at as u32, first: object.first(), places: [0; N] };
        if object.kind() != Kind::Object {
            return placed;
        }
        let (mut next, mut number) = (0, 0u8);
        for node in &self.flat.nodes[object.first() as usize..] {
            let is = |name: &Text| node.is_called(*name, &self.flat.text);
            let place = if names.get(next).is_some_and(is) { Some(next) } else { names.iter().position(is) };
            // It stays where it can't go on: at FAR.
            number = number.saturating_add(1);
            if let Some(place) = place {
                placed.places[place] = number;
                next = place + 1;
            }
            if node.is_last() {
                break;
            }
        }
        placed
    }

    /// The text of a string or of a number.
    pub(crate) fn token(self) -> Option<&'a str> {
        let node = self.node();
        match node.kind() {
            Kind::Number | Kind::Text => node.written(&self.flat.text),
            Kind::Escaped => self.flat.unescaped.get(node.first() as usize).map(String::as_str),
            Kind::Word | Kind::List | Kind::Object | Kind::EmptyList | Kind::EmptyObject => None,
        }
    }

    /// Whether it is a string with something in it, or a number.
    pub(crate) fn has_token(self) -> bool {
        let node = self.node();
        matches!(node.kind(), Kind::Number | Kind::Text | Kind::Escaped) && node.length() > 0
    }

    /// What it says as a number, if it is one.
    pub(crate) fn number(self) -> Option<Decimal> {
        match self.node().number() {
            Some(at) => self.flat.numbers.get(at).copied().map(Decimal::from),
            None => self.read_number(),
        }
    }

    #[inline(never)]
    fn read_number(self) -> Option<Decimal> {
        self.token().filter(|text| !text.is_empty())?.parse().ok()
    }

    /// Whether one of these texts, which need no escapes, stands anywhere in the whole.
    pub(crate) fn has_text(self, texts: &[&str]) -> bool {
        // Nearly all of the others have another length.
        let lengths = texts.iter().fold(0u64, |lengths, text| lengths | 1 << text.len());
        let is_so_long = |node: &&Node| lengths >> node.length().min(63) & 1 == 1;
        let is_one = |node: &Node| node.written(&self.flat.text).is_some_and(|written| texts.contains(&written));
        self.flat.nodes.iter().filter(is_so_long).any(|node| node.kind() == Kind::Text && is_one(node))
    }

    pub(crate) fn is_empty_list(self) -> bool {
        self.node().kind() == Kind::EmptyList
    }

    /// Whether it is a string, and not a number.
    pub(crate) fn is_text(self) -> bool {
        self.node().kind().is_text()
    }

    pub(crate) fn is_true(self) -> bool {
        let node = self.node();
        node.kind() == Kind::Word && self.flat.text.as_bytes().get(node.start()) == Some(&b't')
    }

    pub(crate) fn is_object(self) -> bool {
        matches!(self.node().kind(), Kind::Object | Kind::EmptyObject)
    }

    /// The same as a tree.
    pub(crate) fn to_json(self) -> Json {
        let node = self.node();
        match node.kind() {
            Kind::Word => match self.flat.text.as_bytes().get(node.start()) {
                Some(b't') => Json::Bool(true),
                Some(b'f') => Json::Bool(false),
                _ => Json::Null,
            },
            Kind::Number => Json::Number(self.token().unwrap_or_default().to_owned()),
            Kind::Text | Kind::Escaped => Json::Text(self.token().unwrap_or_default().to_owned()),
            Kind::List | Kind::EmptyList => Json::List(self.items().map(Value::to_json).collect()),
            Kind::Object | Kind::EmptyObject => Json::Object(
                self.parts().map(|(name, value)| (unescaped(name).into_owned(), value.to_json())).collect(),
            ),
        }
    }
}

/// A value, and if it is an object, where its members of certain names stand: asking for one of them is no search.
#[derive(Clone, Copy)]
pub(crate) struct Placed<'a, const N: usize> {
    flat: &'a Flat,
    at: u32,
    /// Its first member.
    first: u32,
    /// For each name, one more than the number of its member, the last one if it is repeated; 0 if there is none.
    places: [u8; N],
}

/// A member that is so far behind is looked for by its name.
const FAR: u8 = u8::MAX;

impl<'a, const N: usize> Placed<'a, N> {
    pub(crate) fn value(&self) -> Value<'a> {
        Value { flat: self.flat, at: self.at as usize }
    }

    /// The member called `name`, which is that of this place.
    pub(crate) fn get(&self, place: usize, name: Text) -> Option<Value<'a>> {
        match self.places[place] {
            0 => None,
            FAR => self.search(name),
            number => Some(Value { flat: self.flat, at: self.first as usize + usize::from(number) - 1 }),
        }
    }

    #[cold]
    fn search(&self, name: Text) -> Option<Value<'a>> {
        self.value().get(&name)
    }
}

/// The members of an object or the items of a list.
pub(crate) struct Items<'a> {
    flat: &'a Flat,
    next: Option<usize>,
}

impl<'a> Iterator for Items<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let at = self.next?;
        let node = self.flat.nodes[at];
        self.next = (!node.is_last()).then_some(at + 1);
        Some(Value { flat: self.flat, at })
    }
}

/// A name as it is meant; hardly one is written with escapes.
pub(crate) fn unescaped(name: &str) -> Cow<'_, str> {
    match name.contains('\\').then(|| Json::parse(&format!("\"{name}\""))) {
        Some(Ok(Json::Text(name))) => name.into(),
        _ => name.into(),
    }
}
