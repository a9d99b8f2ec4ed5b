//! A JSON text laid flat: where its values stand, so that looking at them copies nothing.

use std::borrow::Cow;

use super::Json;

/// One JSON text that this crate wrote itself, and where each of its values stands.
pub(crate) struct Flat<'a> {
    text: &'a str,
    /// The members of an object, and the items of a list, stand together; the value of the whole text is the last.
    nodes: Vec<Node>,
    /// The texts that are written with escapes.
    unescaped: Vec<String>,
}

/// A value of a [`Flat`].
#[derive(Clone, Copy)]
pub(crate) struct Value<'a> {
    flat: &'a Flat<'a>,
    at: usize,
}

/// Where a value stands in the text, its name before it. As small as it can be: there is one for each value.
#[derive(Clone, Copy)]
struct Node {
    start: u32,
    end: u32,
    /// The first of its members or items; of an escaped text, its number.
    first: u32,
    name_len: u16,
    kind: Kind,
    /// Whether it is the last of its siblings.
    last: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
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

impl<'a> Flat<'a> {
    /// Reads `text`; nothing, if it is not as [`write_json`](super::write_json) writes it.
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        u32::try_from(text.len()).ok()?;
        let nodes = Vec::with_capacity(text.len() / 20 + 1);
        let mut reader = Reader {
            bytes: text.as_bytes(),
            at: 0,
            open: Vec::new(),
            flat: Flat { text, nodes, unescaped: Vec::new() },
        };
        let whole = reader.value(0)?;
        reader.flat.nodes.push(Node { last: true, ..whole });
        (reader.at == text.len()).then_some(reader.flat)
    }

    /// The value of the whole text.
    pub(crate) fn whole(&'a self) -> Value<'a> {
        Value { flat: self, at: self.nodes.len().saturating_sub(1) }
    }
}

impl Node {
    fn name(self, text: &str) -> &str {
        // Between them stand a quote and a colon, and the quote of a text.
        let between = if matches!(self.kind, Kind::Text | Kind::Escaped) { 3 } else { 2 };
        let end = (self.start as usize).saturating_sub(between);
        text.get(end.saturating_sub(usize::from(self.name_len))..end).filter(|_| self.name_len > 0).unwrap_or_default()
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
        self.parts().filter(|(member, _)| *member == name).last().map(|(_, value)| value)
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
            Kind::Number | Kind::Text => self.flat.text.get(node.start as usize..node.end as usize),
            Kind::Escaped => self.flat.unescaped.get(node.first as usize).map(String::as_str),
            Kind::Word | Kind::List | Kind::Object | Kind::EmptyList | Kind::EmptyObject => None,
        }
    }

    /// All of it as it is written.
    pub(crate) fn written(self) -> &'a str {
        let node = self.node();
        self.flat.text.get(node.start as usize..node.end as usize).unwrap_or_default()
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
    flat: &'a Flat<'a>,
    next: Option<usize>,
}

impl<'a> Iterator for Parts<'a> {
    type Item = (&'a str, Value<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let at = self.next?;
        let node = self.flat.nodes[at];
        self.next = (!node.last).then_some(at + 1);
        Some((node.name(self.flat.text), Value { flat: self.flat, at }))
    }
}

/// A name as it is meant; hardly one is written with escapes.
pub(crate) fn unescaped(name: &str) -> Cow<'_, str> {
    match name.contains('\\').then(|| Json::parse(&format!("\"{name}\""))) {
        Some(Ok(Json::Text(name))) => name.into(),
        _ => name.into(),
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The parts of all lists and objects that are open.
    open: Vec<Node>,
    flat: Flat<'a>,
}

impl Reader<'_> {
    fn value(&mut self, depth: usize) -> Option<Node> {
        let start = self.at;
        let (kind, first) = match *self.bytes.get(start)? {
            b'"' => {
                let (from, to, escaped) = self.string()?;
                let mut node = node(if escaped { Kind::Escaped } else { Kind::Text }, from, to);
                if escaped {
                    let Ok(Json::Text(text)) = Json::parse(self.flat.text.get(start..self.at)?) else { return None };
                    node.first = self.flat.unescaped.len() as u32;
                    self.flat.unescaped.push(text);
                }
                return Some(node);
            }
            open @ (b'{' | b'[') if depth <= super::read::DEEPEST => self.parts(open == b'{', depth)?,
            b'-' | b'0'..=b'9' => {
                self.skip(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'));
                (Kind::Number, 0)
            }
            b'n' | b't' | b'f' => {
                self.skip(|byte| byte.is_ascii_lowercase());
                (Kind::Word, 0)
            }
            _ => return None,
        };
        Some(Node { first, ..node(kind, start, self.at) })
    }

    /// The members or items up to the bracket that closes them.
    fn parts(&mut self, named: bool, depth: usize) -> Option<(Kind, u32)> {
        let (close, full, empty) =
            if named { (b'}', Kind::Object, Kind::EmptyObject) } else { (b']', Kind::List, Kind::EmptyList) };
        self.at += 1;
        if self.bytes.get(self.at) == Some(&close) {
            self.at += 1;
            return Some((empty, 0));
        }
        let base = self.open.len();
        loop {
            let name_len = if named { self.name()? } else { 0 };
            let value = self.value(depth + 1)?;
            self.open.push(Node { name_len, ..value });
            let met = *self.bytes.get(self.at)?;
            self.at += 1;
            match met {
                b',' => {}
                _ if met == close => break,
                _ => return None,
            }
        }
        if let Some(last) = self.open.last_mut() {
            last.last = true;
        }
        let first = self.flat.nodes.len() as u32;
        self.flat.nodes.extend(self.open.drain(base..));
        Some((full, first))
    }

    /// The length of a name, behind which its value stands.
    fn name(&mut self) -> Option<u16> {
        if self.bytes.get(self.at) != Some(&b'"') {
            return None;
        }
        let (from, to, _) = self.string()?;
        if self.bytes.get(self.at) != Some(&b':') {
            return None;
        }
        self.at += 1;
        u16::try_from(to - from).ok()
    }

    /// From where to where a string goes between its quotes, and whether there is an escape in it.
    fn string(&mut self) -> Option<(usize, usize, bool)> {
        let from = self.at + 1;
        let mut at = from;
        let mut escaped = false;
        loop {
            at += self.bytes.get(at..)?.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
            if self.bytes.get(at) == Some(&b'"') {
                break;
            }
            escaped = true;
            at += 2;
        }
        self.at = at + 1;
        Some((from, at, escaped))
    }

    fn skip(&mut self, like: impl Fn(u8) -> bool) {
        while self.bytes.get(self.at).is_some_and(|byte| like(*byte)) {
            self.at += 1;
        }
    }
}

fn node(kind: Kind, start: usize, end: usize) -> Node {
    Node { start: start as u32, end: end as u32, first: 0, name_len: 0, kind, last: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_not_ours_is_not_read() {
        for text in ["", "{", "[1", "{\"a\"}", "{\"a\":1,}", "[1 2]", "{a:1}", "\"a", "{\"a\":1}}", "x", "[,]"] {
            assert!(Flat::read(text).is_none(), "{text:?}");
        }
        let deep = "[".repeat(300) + &"]".repeat(300);
        assert!(Flat::read(&deep).is_none());
    }

    #[test]
    fn the_last_of_repeated_names_is_found() {
        let flat = Flat::read(r#"{"a":1,"b":{"c":"x\ny"},"a":[true,{}]}"#).unwrap();
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
            let text = json.to_string();
            prop_assert_eq!(Flat::read(&text).unwrap().whole().to_json(), json);
        }

        #[test]
        fn no_text_does_harm(text in "[\\[\\]{}\",:0-9a-z\\\\. eE+-]{0,40}|\\PC{0,20}") {
            if let Some(flat) = Flat::read(&text) {
                let _ = flat.whole().to_json();
            }
        }
    }
}
