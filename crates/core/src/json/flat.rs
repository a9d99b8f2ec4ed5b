//! A JSON text laid flat: it is told where its values stand while they are written, so that looking at them afterwards
//! copies nothing and reads nothing twice.

use std::borrow::Cow;
use std::ops::Range;

use super::{Json, write_text};
use crate::decimal::Decimal;
use crate::text::Text;

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
    /// The first of its members or items; of an escaped text, its number; of any other value that is a field of the model,
    /// which one: the [`Text::id`] of its name.
    first: u32,
    /// The length of its name, and in the lower bits whether it is the last of its siblings ([`LAST`]) and its [`Kind`].
    rest: u32,
}

const KIND_BITS: u32 = 3;
const LAST: u32 = 1 << KIND_BITS;
const NAME_SHIFT: u32 = KIND_BITS + 1;

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

impl Kind {
    const ALL: [Self; 1 << KIND_BITS] = [
        Self::Word,
        Self::Number,
        Self::Text,
        Self::Escaped,
        Self::List,
        Self::Object,
        Self::EmptyList,
        Self::EmptyObject,
    ];

    fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Escaped)
    }
}

/// Writing it: a value is told by its node, which goes into that of its parent.
impl Flat {
    /// With room for a question, or for an order of some lines.
    pub(crate) fn new(order: bool) -> Self {
        // Up to a kilobyte is had in no time.
        let times = if order { 4 } else { 1 };
        Self {
            text: String::with_capacity(times * 1000),
            nodes: Vec::with_capacity(times * 60),
            open: Vec::with_capacity(60),
            unescaped: Vec::new(),
        }
    }

    /// Makes room for so many bytes and what stands between values. What is long grows by an eighth, not to twice its
    /// length: the text and its nodes grow side by side.
    fn room(&mut self, bytes: usize) {
        let wanted = bytes + 8;
        if self.text.capacity() - self.text.len() < wanted {
            let more = if self.text.len() < LONG { self.text.len() } else { self.text.len() / 8 };
            self.text.reserve_exact(more.max(wanted));
        }
    }

    /// Gives back what a text has too much, unless that is little.
    pub(crate) fn fit(&mut self) {
        if self.text.len() < LONG {
            self.text.shrink_to_fit();
        }
    }

    pub(crate) fn null(&mut self) -> Node {
        self.word("null")
    }

    pub(crate) fn word(&mut self, word: &str) -> Node {
        self.bare(Kind::Word, word)
    }

    /// A number by its text.
    pub(crate) fn number(&mut self, token: &str) -> Node {
        self.bare(Kind::Number, token)
    }

    fn bare(&mut self, kind: Kind, token: &str) -> Node {
        let start = self.text.len();
        self.room(token.len());
        self.text.push_str(token);
        Node::new(kind, start..self.text.len())
    }

    /// An exact number, bare or as a text.
    pub(crate) fn decimal(&mut self, number: Decimal, bare: bool) -> Node {
        self.room(Decimal::LONGEST);
        if !bare {
            self.text.push('"');
        }
        let start = self.text.len();
        number.write(&mut self.text);
        let node = Node::new(if bare { Kind::Number } else { Kind::Text }, start..self.text.len());
        if !bare {
            self.text.push('"');
        }
        node
    }

    pub(crate) fn string(&mut self, text: &str) -> Node {
        self.room(text.len() + 2);
        let start = self.text.len() + 1;
        write_text(text, &mut self.text);
        let range = start..self.text.len() - 1;
        if range.len() == text.len() {
            return Node::new(Kind::Text, range);
        }
        self.unescaped.push(text.to_owned());
        Node { first: (self.unescaped.len() - 1) as u32, ..Node::new(Kind::Escaped, range) }
    }

    /// The name of a member, which holds nothing to escape, before its value; `follows` says whether others stand before.
    pub(crate) fn name(&mut self, name: &str, follows: bool) {
        self.room(name.len() + 4);
        self.text.push_str(if follows { ",\"" } else { "\"" });
        self.text.push_str(name);
        self.text.push_str("\":");
    }

    /// Where a list or an object begins: in the text, and among what is open.
    pub(crate) fn begin(&mut self, bracket: char) -> (usize, usize) {
        self.room(1);
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
            last.rest |= LAST;
        }
        let (first, wanted) = (self.nodes.len(), self.open.len() - base);
        if self.nodes.capacity() - first < wanted {
            let more = if first * size_of::<Node>() < LONG { first } else { first / 8 };
            self.nodes.reserve_exact(more.max(wanted));
        }
        self.nodes.extend_from_slice(&self.open[base..]);
        self.open.truncate(base);
        Node { first: first as u32, ..Node::new(kind, start..self.text.len()) }
    }

    /// The last member called `name` of the object that begins at `begun` and is still open.
    pub(crate) fn open_member(&self, begun: (usize, usize), name: &str) -> Option<Node> {
        self.open[begun.1..].iter().rev().find(|node| node.is_named(name, &self.text)).copied()
    }

    /// Puts the members of the object that begins at `begun` and is still open into the order of their ranks, of those
    /// with the same rank the first one first.
    pub(crate) fn sort(&mut self, begun: (usize, usize), rank: impl Fn(&str) -> usize) {
        let (start, base) = (begun.0 + 1, begun.1);
        let mut members: Vec<(usize, Node)> =
            self.open[base..].iter().map(|node| (rank(node.name(&self.text)), *node)).collect();
        members.sort_by_key(|(rank, _)| *rank);
        let mut object = String::with_capacity(self.text.len() - start);
        for (at, (_, node)) in members.into_iter().enumerate() {
            if at > 0 {
                object.push(',');
            }
            let member = node.member();
            let by = ((start + object.len()) as u32).wrapping_sub(member.start as u32);
            object.push_str(&self.text[member]);
            self.open[base + at] = self.shifted(node, by);
        }
        self.text.truncate(start);
        self.text.push_str(&object);
    }

    /// The node, and those within it, so many bytes further on.
    fn shifted(&mut self, node: Node, by: u32) -> Node {
        if matches!(node.kind(), Kind::List | Kind::Object) {
            for at in node.first as usize.. {
                let part = self.nodes[at];
                self.nodes[at] = self.shifted(part, by);
                if part.is_last() {
                    break;
                }
            }
        }
        Node { start: node.start.wrapping_add(by), end: node.end.wrapping_add(by), ..node }
    }

    /// The value of the whole text is written.
    pub(crate) fn finish(&mut self, whole: Node) {
        self.nodes.push(Node { rest: whole.rest | LAST, ..whole });
    }
}

/// From so many bytes on, what is written grows by an eighth.
const LONG: usize = 1 << 16;

impl Node {
    fn new(kind: Kind, range: Range<usize>) -> Self {
        // What is longer is refused before anybody looks at it.
        Self { start: range.start as u32, end: range.end as u32, first: 0, rest: kind as u32 }
    }

    /// A member, whose name is written with so many bytes.
    pub(crate) fn named(self, length: usize) -> Self {
        Self { rest: self.rest | (length as u32) << NAME_SHIFT, ..self }
    }

    /// A member that is a field of the model.
    pub(crate) fn field(self, name: Text) -> Self {
        let first = if matches!(self.kind(), Kind::Text | Kind::Number) { name.id() } else { self.first };
        Self { first, ..self.named(name.len()) }
    }

    fn kind(self) -> Kind {
        Kind::ALL[(self.rest & (LAST - 1)) as usize]
    }

    fn is_last(self) -> bool {
        self.rest & LAST != 0
    }

    fn name_length(self) -> usize {
        (self.rest >> NAME_SHIFT) as usize
    }

    /// How long it is written, without quotes.
    pub(crate) fn length(self) -> usize {
        (self.end - self.start) as usize
    }

    /// What a text, a number or a word is written as.
    pub(crate) fn written(self, text: &str) -> Option<&str> {
        text.get(self.start as usize..self.end as usize)
    }

    fn name(self, text: &str) -> &str {
        text.get(self.name_range()).filter(|name| !name.is_empty()).unwrap_or_default()
    }

    fn is_named(self, name: &str, text: &str) -> bool {
        self.name_length() == name.len() && text.as_bytes().get(self.name_range()) == Some(name.as_bytes())
    }

    fn name_range(self) -> Range<usize> {
        // Between them stand a quote and a colon, and the quote of a text.
        let end = (self.start as usize).saturating_sub(if self.kind().is_text() { 3 } else { 2 });
        end.saturating_sub(self.name_length())..end
    }

    /// Where a member stands, from the quote before its name on.
    fn member(self) -> Range<usize> {
        self.name_range().start.saturating_sub(1)..self.end as usize + usize::from(self.kind().is_text())
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
            let is = |name: &Text| match node.kind() {
                Kind::Text | Kind::Number if node.first != 0 => name.id() == node.first,
                _ => node.is_named(name, &self.flat.text),
            };
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
