//! A JSON text laid flat: it is told where its values stand while they are written, so that looking at them afterwards
//! copies nothing and reads nothing twice.

mod node;
mod value;

use super::{has_special, write_text};
use crate::decimal::Decimal;
use crate::text::Text;
use node::Kind;

pub(crate) use node::Node;
pub(crate) use value::{Placed, Value, unescaped};

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
    /// The texts and numbers that were read as decimals, where somebody will ask for them.
    numbers: Vec<Short>,
    keeps_numbers: bool,
}

/// Writing it: a value is told by its node, which goes into that of its parent.
impl Flat {
    /// With room for a question, or for an order of some lines, whose rules will ask for its numbers.
    pub(crate) fn new(order: bool) -> Self {
        // Up to a kilobyte is had in no time.
        let times = if order { 4 } else { 1 };
        Self {
            text: String::with_capacity(times * 1000),
            nodes: Vec::with_capacity(times * 60),
            open: Vec::with_capacity(60),
            unescaped: Vec::new(),
            numbers: Vec::with_capacity(if order { 80 } else { 0 }),
            keeps_numbers: order,
        }
    }

    /// Makes room for so many bytes and what stands between values. What is long grows by a sixteenth, not to twice its
    /// length: the text and its nodes grow side by side.
    fn room(&mut self, bytes: usize) {
        let wanted = bytes + 8;
        if self.text.capacity() - self.text.len() < wanted {
            let more = if self.text.len() < LONG { self.text.len() } else { self.text.len() / 16 };
            self.text.reserve_exact(more.max(wanted));
        }
    }

    /// Gives back what a text has too much, unless that is little.
    pub(crate) fn fit(&mut self) {
        if self.text.capacity() > 2 * self.text.len() {
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
        Node::new(kind, start..self.text.len(), 0)
    }

    /// An exact number, bare or as a text.
    pub(crate) fn decimal(&mut self, number: Decimal, bare: bool) -> Node {
        self.room(Decimal::LONGEST);
        if !bare {
            self.text.push('"');
        }
        let start = self.text.len();
        number.write(&mut self.text);
        let node = Node::new(if bare { Kind::Number } else { Kind::Text }, start..self.text.len(), 0);
        if !bare {
            self.text.push('"');
        }
        self.read(node, number)
    }

    /// The value of `node`, a text or number without escapes, was read as this number.
    pub(crate) fn read(&mut self, node: Node, number: Decimal) -> Node {
        let Some(short) = Short::new(number).filter(|_| self.keeps_numbers) else { return node };
        grow(&mut self.numbers, 1);
        self.numbers.push(short);
        node.with_first(self.numbers.len())
    }

    pub(crate) fn string(&mut self, text: &str) -> Node {
        self.room(text.len() + 2);
        let start = self.text.len() + 1;
        if has_special(text.as_bytes()) {
            write_text(text, &mut self.text);
            self.unescaped.push(text.to_owned());
            return Node::new(Kind::Escaped, start..self.text.len() - 1, self.unescaped.len() - 1);
        }
        self.text.push('"');
        self.text.push_str(text);
        self.text.push('"');
        Node::new(Kind::Text, start..start + text.len(), 0)
    }

    /// The name of a member, which holds nothing to escape, before its value; `follows` says whether others stand before.
    pub(crate) fn name(&mut self, name: &str, follows: bool) {
        self.room(name.len() + 4);
        self.text.push_str(if follows { ",\"" } else { "\"" });
        self.text.push_str(name);
        self.text.push_str("\":");
    }

    /// The same, of a name that is told as `,"name":`.
    pub(crate) fn quoted_name(&mut self, name: &'static str, follows: bool) {
        self.room(name.len());
        self.text.push_str(if follows { name } else { &name[1..] });
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
            *last = last.last();
        }
        let first = self.nodes.len();
        grow(&mut self.nodes, self.open.len() - base);
        self.nodes.extend_from_slice(&self.open[base..]);
        self.open.truncate(base);
        Node::new(kind, start..self.text.len(), first)
    }

    /// The last member called `name` of the object that begins at `begun` and is still open.
    pub(crate) fn open_member(&self, begun: (usize, usize), name: Text) -> Option<Node> {
        self.open[begun.1..].iter().rev().find(|node| node.is_called(name, &self.text)).copied()
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
            for at in node.first() as usize.. {
                let part = self.nodes[at];
                self.nodes[at] = self.shifted(part, by);
                if part.is_last() {
                    break;
                }
            }
        }
        node.shifted(by)
    }

    /// The value of the whole text is written.
    pub(crate) fn finish(&mut self, whole: Node) {
        self.nodes.push(whole.last());
    }
}

/// Makes room for so many more, as [`Flat::room`] does.
fn grow<T>(list: &mut Vec<T>, wanted: usize) {
    let length = list.len();
    if list.capacity() - length < wanted {
        let more = if length * size_of::<T>() < LONG { length } else { length / 16 };
        list.reserve_exact(more.max(wanted));
    }
}

/// A [`Decimal`] in a quarter of its room, as all are but the longest: its digits, and in the lower bits its scale.
#[derive(Clone, Copy, Debug)]
struct Short(i64);

const SCALE_BITS: u32 = 5;

impl Short {
    fn new(number: Decimal) -> Option<Self> {
        let (digits, scale) = (i64::try_from(number.digits()).ok()?, i64::from(number.scale()));
        let shifted = digits.checked_mul(1 << SCALE_BITS)?;
        (scale < 1 << SCALE_BITS).then_some(Self(shifted | scale))
    }
}

impl From<Short> for Decimal {
    fn from(Short(number): Short) -> Self {
        Self::new((number >> SCALE_BITS).into(), (number & ((1 << SCALE_BITS) - 1)) as u8)
    }
}

/// From so many bytes on, what is written grows by a sixteenth.
const LONG: usize = 1 << 16;

#[cfg(test)]
mod tests {
    use super::Short;
    use crate::decimal::Decimal;
    use crate::json::Json;
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

    #[test]
    fn what_is_too_long_to_be_kept_is_not() {
        let most = i128::from(i64::MAX >> 5);
        assert!(Short::new(Decimal::new(most, 31)).is_some() && Short::new(Decimal::new(-most - 1, 0)).is_some());
        assert!(Short::new(Decimal::new(most + 1, 0)).is_none() && Short::new(Decimal::new(1, 32)).is_none());
    }

    proptest! {
        #[test]
        fn a_number_that_is_kept_is_the_same(digits in -(1i64 << 58)..1 << 58, scale in 0u8..32) {
            let number = Decimal::new(digits.into(), scale);
            let kept = Decimal::from(Short::new(number).unwrap());
            prop_assert_eq!((kept.digits(), kept.scale()), (number.digits(), number.scale()));
        }

        #[test]
        fn any_value_is_seen_as_it_is(json in any_json()) {
            let flat = crate::body::flat(&json, "").unwrap();
            prop_assert_eq!(&flat.text, &json.to_string());
            prop_assert_eq!(flat.whole().to_json(), json);
        }
    }
}
