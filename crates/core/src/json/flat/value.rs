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

    /// The members of an object or the items of a list, with their names.
    pub(crate) fn parts(self) -> Parts<'a> {
        let node = self.node();
        let first = matches!(node.kind(), Kind::List | Kind::Object).then_some(node.first as usize);
        Parts { flat: self.flat, next: first }
    }

    /// The member called `name`; the last one if the name is repeated.
    pub(crate) fn get(self, name: &str) -> Option<Value<'a>> {
        let object = self.node();
        if object.kind() != Kind::Object {
            return None;
        }
        let mut found = None;
        for (at, node) in (object.first as usize..).zip(self.flat.nodes.get(object.first as usize..)?) {
            if node.is_named(name, &self.flat.text) {
                found = Some(Value { flat: self.flat, at });
            }
            if node.is_last() {
                break;
            }
        }
        found
    }

    /// Where members of an object stand that are called by one of `names`: for each name, one more than the number of its
    /// member, the last one if it is repeated; 0 if there is none, and 255 if it is too far behind. Most come in the order
    /// of `names`.
    pub(crate) fn places<const N: usize>(self, names: &[Text; N]) -> [u8; N] {
        let (mut places, mut next) = ([0; N], 0);
        let object = self.node();
        if object.kind() != Kind::Object {
            return places;
        }
        for (at, node) in self.flat.nodes[object.first as usize..].iter().enumerate() {
            let is = |name: &Text| node.is_called(*name, &self.flat.text);
            let place = if names.get(next).is_some_and(is) { Some(next) } else { names.iter().position(is) };
            if let Some(place) = place {
                places[place] = u8::try_from(at + 1).unwrap_or(u8::MAX);
                next = place + 1;
            }
            if node.is_last() {
                break;
            }
        }
        places
    }

    /// The member or item of this number, counted from 0.
    pub(crate) fn nth(self, number: usize) -> Option<Value<'a>> {
        let at = self.node().first as usize + number;
        (at < self.flat.nodes.len()).then_some(Value { flat: self.flat, at })
    }

    /// The text of a string or of a number.
    pub(crate) fn token(self) -> Option<&'a str> {
        let node = self.node();
        match node.kind() {
            Kind::Number | Kind::Text => node.written(&self.flat.text),
            Kind::Escaped => self.flat.unescaped.get(node.first as usize).map(String::as_str),
            Kind::Word | Kind::List | Kind::Object | Kind::EmptyList | Kind::EmptyObject => None,
        }
    }

    /// What it says as a number, if it is one.
    pub(crate) fn number(self) -> Option<Decimal> {
        match self.node().number() {
            Some(at) => self.flat.numbers.get(at).copied().map(Decimal::from),
            None => self.token().filter(|text| !text.is_empty())?.parse().ok(),
        }
    }

    /// Whether one of these texts, which need no escapes, stands anywhere in the whole.
    pub(crate) fn has_text(self, texts: &[&str]) -> bool {
        let is_one = |node: &Node| {
            texts.iter().any(|text| node.length() == text.len() && node.written(&self.flat.text) == Some(*text))
        };
        self.flat.nodes.iter().any(|node| node.kind() == Kind::Text && is_one(node))
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
        node.kind() == Kind::Word && self.flat.text.as_bytes().get(node.start as usize) == Some(&b't')
    }

    pub(crate) fn is_object(self) -> bool {
        matches!(self.node().kind(), Kind::Object | Kind::EmptyObject)
    }

    /// The same as a tree.
    pub(crate) fn to_json(self) -> Json {
        let node = self.node();
        match node.kind() {
            Kind::Word => match self.flat.text.as_bytes().get(node.start as usize) {
                Some(b't') => Json::Bool(true),
                Some(b'f') => Json::Bool(false),
                _ => Json::Null,
            },
            Kind::Number => Json::Number(self.token().unwrap_or_default().to_owned()),
            Kind::Text | Kind::Escaped => Json::Text(self.token().unwrap_or_default().to_owned()),
            Kind::List | Kind::EmptyList => Json::List(self.parts().map(|(_, item)| item.to_json()).collect()),
            Kind::Object | Kind::EmptyObject => Json::Object(
                self.parts().map(|(name, value)| (unescaped(name).into_owned(), value.to_json())).collect(),
            ),
        }
    }
}

/// The members of an object or the items of a list.
pub(crate) struct Parts<'a> {
    flat: &'a Flat,
    next: Option<usize>,
}

impl<'a> Iterator for Parts<'a> {
    type Item = (&'a str, Value<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let at = self.next?;
        let node = self.flat.nodes[at];
        self.next = (!node.is_last()).then_some(at + 1);
        Some((node.name(&self.flat.text), Value { flat: self.flat, at }))
    }
}

/// A name as it is meant; hardly one is written with escapes.
pub(crate) fn unescaped(name: &str) -> Cow<'_, str> {
    match name.contains('\\').then(|| Json::parse(&format!("\"{name}\""))) {
        Some(Ok(Json::Text(name))) => name.into(),
        _ => name.into(),
    }
}
