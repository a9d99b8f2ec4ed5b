//! A JSON text laid flat: it is told where its values stand while they are written, so that looking at them afterwards
//! copies nothing and reads nothing twice.

use std::borrow::Cow;
use std::ops::Range;

use super::{Json, write_text};

/// One JSON text, and where each of its values stands.
#[derive(Debug)]
pub(crate) struct Flat {
    pub(crate) text: String,
    /// The members of an object, and the items of a list, stand together; the value of the whole text is the last.
    nodes: Vec<Node>,
    /// The members and items of all that is open.
    open: Vec<Node>,
    /// The texts that are written with escapes.
    unescaped: Vec<String>,
}

/// Where a value stands in the text, its name before it. As small as it can be: there is one for each value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    start: u32,
    end: u32,
    /// The first of its members or items; of an escaped text, its number.
    first: u32,
    name_len: u32,
    kind: Kind,
    /// Whether it is the last of its siblings.
    last: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// Null, true or false.
    Word,
    Number,
    Text,
    Escaped,
    List,
    Object,
    /// A list or object without anything in it.
    EmptyList,
    EmptyObject,
}

/// Writing it: a value is told by its node, which goes into that of its parent.
impl Flat {
    /// With room for an order of some lines.
    pub(crate) fn new() -> Self {
        Self {
            text: String::with_capacity(2048),
            nodes: Vec::with_capacity(64),
            open: Vec::with_capacity(32),
            unescaped: Vec::new(),
        }
    }

    pub(crate) fn null(&mut self) -> Node {
        self.word("null")
    }

    pub(crate) fn word(&mut self, word: &str) -> Node {
        self.bare(Kind::Word, |text| text.push_str(word))
    }

    /// A number by what writes it.
    pub(crate) fn number(&mut self, write: impl FnOnce(&mut String)) -> Node {
        self.bare(Kind::Number, write)
    }

    fn bare(&mut self, kind: Kind, write: impl FnOnce(&mut String)) -> Node {
        let start = self.text.len();
        write(&mut self.text);
        Node::new(kind, start..self.text.len())
    }

    /// A text that holds nothing to escape, by what writes it.
    pub(crate) fn plain(&mut self, write: impl FnOnce(&mut String)) -> Node {
        self.text.push('"');
        let node = self.bare(Kind::Text, write);
        self.text.push('"');
        node
    }

    pub(crate) fn string(&mut self, text: &str) -> Node {
        let start = self.text.len() + 1;
        write_text(text, &mut self.text);
        let range = start..self.text.len() - 1;
        if range.len() == text.len() {
            return Node::new(Kind::Text, range);
        }
        self.unescaped.push(text.to_owned());
        Node { first: (self.unescaped.len() - 1) as u32, ..Node::new(Kind::Escaped, range) }
    }

    /// Where a list or an object begins: in the text, and among what is open.
    pub(crate) fn begin(&mut self, bracket: char) -> (usize, usize) {
        self.text.push(bracket);
        (self.text.len() - 1, self.open.len())
    }

    /// The node is the next item or member of what is open.
    pub(crate) fn keep(&mut self, node: Node) {
        self.open.push(node);
    }

    pub(crate) fn end(&mut self, (start, base): (usize, usize), bracket: char) -> Node {
        self.text.push(bracket);
        let (full, empty) =
            if bracket == '}' { (Kind::Object, Kind::EmptyObject) } else { (Kind::List, Kind::EmptyList) };
        let kind = if self.open.len() > base { full } else { empty };
        if let Some(last) = self.open[base..].last_mut() {
            last.last = true;
        }
        let first = self.nodes.len() as u32;
        self.nodes.extend(self.open.drain(base..));
        Node { first, ..Node::new(kind, start..self.text.len()) }
    }

    /// How many values stand within what has been written.
    pub(crate) fn count(&self) -> usize {
        self.nodes.len()
    }

    /// What is written at `from` will stand at `to`: the values within it, by their numbers.
    pub(crate) fn shift(&mut self, within: Range<usize>, from: usize, to: usize) {
        self.nodes[within].iter_mut().for_each(|node| *node = node.shifted(from, to));
    }

    /// The value of the whole text is written.
    pub(crate) fn finish(&mut self, whole: Node) {
        self.nodes.push(Node { last: true, ..whole });
    }
}

impl Node {
    fn new(kind: Kind, range: Range<usize>) -> Self {
        // What is longer is refused before anybody looks at it.
        Self { start: range.start as u32, end: range.end as u32, first: 0, name_len: 0, kind, last: false }
    }

    /// A member, whose name is written with so many bytes.
    pub(crate) fn named(self, length: usize) -> Self {
        Self { name_len: length as u32, ..self }
    }

    pub(crate) fn shifted(self, from: usize, to: usize) -> Self {
        let by = (to as u32).wrapping_sub(from as u32);
        Self { start: self.start.wrapping_add(by), end: self.end.wrapping_add(by), ..self }
    }

    /// What a text, a number or a word is written as.
    pub(crate) fn written(self, text: &str) -> Option<&str> {
        text.get(self.start as usize..self.end as usize)
    }

    fn is_as_long(self, text: &str) -> bool {
        (self.end - self.start) as usize == text.len()
    }

    fn name(self, text: &str) -> &str {
        // Between them stand a quote and a colon, and the quote of a text.
        let between = if matches!(self.kind, Kind::Text | Kind::Escaped) { 3 } else { 2 };
        let end = (self.start as usize).saturating_sub(between);
        let start = end.saturating_sub(self.name_len as usize);
        text.get(start..end).filter(|_| self.name_len > 0).unwrap_or_default()
    }
}

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
        let first = matches!(node.kind, Kind::List | Kind::Object).then_some(node.first as usize);
        Parts { flat: self.flat, next: first }
    }

    /// The member called `name`; the last one if the name is repeated.
    pub(crate) fn get(self, name: &str) -> Option<Value<'a>> {
        if self.node().kind != Kind::Object {
            return None;
        }
        let length = name.len() as u32;
        let mut found = None;
        for (at, node) in (0..).zip(self.flat.nodes.get(self.node().first as usize..)?) {
            if node.name_len == length && node.name(&self.flat.text) == name {
                found = self.nth(at);
            }
            if node.last {
                break;
            }
        }
        found
    }

    /// The member or item of this number, counted from 0.
    pub(crate) fn nth(self, number: usize) -> Option<Value<'a>> {
        let at = self.node().first as usize + number;
        (at < self.flat.nodes.len()).then_some(Value { flat: self.flat, at })
    }

    /// The text of a string or of a number.
    pub(crate) fn token(self) -> Option<&'a str> {
        let node = self.node();
        match node.kind {
            Kind::Number | Kind::Text => node.written(&self.flat.text),
            Kind::Escaped => self.flat.unescaped.get(node.first as usize).map(String::as_str),
            Kind::Word | Kind::List | Kind::Object | Kind::EmptyList | Kind::EmptyObject => None,
        }
    }

    /// Whether one of these texts, which need no escapes, stands anywhere in the whole.
    pub(crate) fn has_text(self, texts: &[&str]) -> bool {
        let is_one = |node: &Node| {
            texts.iter().any(|text| node.is_as_long(text) && node.written(&self.flat.text) == Some(*text))
        };
        self.flat.nodes.iter().any(|node| node.kind == Kind::Text && is_one(node))
    }

    pub(crate) fn is_empty_list(self) -> bool {
        self.node().kind == Kind::EmptyList
    }

    /// Whether it is a string, and not a number.
    pub(crate) fn is_text(self) -> bool {
        matches!(self.node().kind, Kind::Text | Kind::Escaped)
    }

    pub(crate) fn is_true(self) -> bool {
        let node = self.node();
        node.kind == Kind::Word && self.flat.text.as_bytes().get(node.start as usize) == Some(&b't')
    }

    pub(crate) fn is_object(self) -> bool {
        matches!(self.node().kind, Kind::Object | Kind::EmptyObject)
    }

    /// The same as a tree.
    pub(crate) fn to_json(self) -> Json {
        let node = self.node();
        match node.kind {
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
        self.next = (!node.last).then_some(at + 1);
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_last_of_repeated_names_is_found() {
        let json = Json::parse(r#"{"a":1,"b":{"c":"x\ny"},"a":[true,{}]}"#).unwrap();
        let flat = crate::body::flat(&json, "").unwrap();
        let whole = flat.whole();
        assert!(whole.get("a").unwrap().parts().next().unwrap().1.is_true());
        assert_eq!(whole.get("b").unwrap().get("c").unwrap().token(), Some("x\ny"));
        assert!(whole.get("c").is_none() && whole.get("a").unwrap().get("").is_none());
    }

    fn any_json() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::Bool),
            any::<i64>().prop_map(Json::from),
            any::<String>().prop_map(Json::Text),
        ];
        leaf.prop_recursive(5, 60, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Json::List),
                prop::collection::vec((any::<String>(), inner), 0..6).prop_map(Json::Object),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_value_is_seen_as_it_is(json in any_json()) {
            let flat = crate::body::flat(&json, "").unwrap();
            prop_assert_eq!(&flat.text, &json.to_string());
            prop_assert_eq!(flat.whole().to_json(), json);
        }
    }
}
