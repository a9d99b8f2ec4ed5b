//! Where one value stands, in 16 bytes.

use std::ops::Range;

use crate::text::Text;

/// Where a value stands in the text, its name before it. As small as it can be: there is one for each value. Two words
/// and not four halves: so it stays in registers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    /// Where it ends, and in the lower half where it begins.
    span: u64,
    /// [`Node::rest`], and in the lower half [`Node::first`].
    link: u64,
}

const KIND_BITS: u32 = 3;
const LAST: u32 = 1 << KIND_BITS;
/// A text or number that is a field of the model.
const FIELD: u32 = LAST << 1;
const NAME_SHIFT: u32 = KIND_BITS + 2;

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
    fn of(bits: u32) -> Self {
        match bits & (LAST - 1) {
            0 => Self::Word,
            1 => Self::Number,
            2 => Self::Text,
            3 => Self::Escaped,
            4 => Self::List,
            5 => Self::Object,
            6 => Self::EmptyList,
            _ => Self::EmptyObject,
        }
    }

    pub(super) fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Escaped)
    }
}

impl Node {
    pub(super) fn new(kind: Kind, range: Range<usize>, first: usize) -> Self {
        // What is longer is refused before anybody looks at it.
        Self { span: pair(range.start as u32, range.end as u32), link: pair(first as u32, kind as u32) }
    }

    pub(super) fn with_first(self, first: usize) -> Self {
        Self { link: pair(first as u32, self.rest()), ..self }
    }

    /// The last of its siblings.
    pub(super) fn last(self) -> Self {
        Self { link: self.link | u64::from(LAST) << 32, ..self }
    }

    /// A member, whose name is written with so many bytes.
    pub(crate) fn named(self, length: usize) -> Self {
        Self { link: self.link | (length as u64) << (32 + NAME_SHIFT), ..self }
    }

    /// A member that is a field of the model.
    pub(crate) fn field(self, name: Text) -> Self {
        if matches!(self.kind(), Kind::Text | Kind::Number) {
            return Self { link: pair(name.id(), self.rest() | FIELD | self.first() << NAME_SHIFT), ..self };
        }
        self.named(name.len())
    }

    /// So many bytes further on.
    pub(super) fn shifted(self, by: u32) -> Self {
        Self { span: pair((self.span as u32).wrapping_add(by), ((self.span >> 32) as u32).wrapping_add(by)), ..self }
    }

    pub(super) fn start(self) -> usize {
        self.span as u32 as usize
    }

    fn end(self) -> usize {
        (self.span >> 32) as usize
    }

    /// Of a list or an object, its first part; of an escaped text, its number; of any other text or number, where it is
    /// kept as a [`Decimal`](crate::Decimal), counted from 1. If that is a [`FIELD`]: the [`Text::id`] of its name.
    pub(super) fn first(self) -> u32 {
        self.link as u32
    }

    /// The length of its name, of a [`FIELD`] what else would be first; in the lower bits whether it is one, whether it
    /// is the [`LAST`] of its siblings, and its [`Kind`].
    fn rest(self) -> u32 {
        (self.link >> 32) as u32
    }

    fn is_field(self) -> bool {
        self.rest() & FIELD != 0
    }

    /// Where a text or number is kept as a [`Decimal`](crate::Decimal), if it is.
    pub(super) fn number(self) -> Option<usize> {
        let kept = match self.is_field() {
            true => self.rest() >> NAME_SHIFT,
            false if matches!(self.kind(), Kind::Text | Kind::Number) => self.first(),
            false => return None,
        };
        (kept as usize).checked_sub(1)
    }

    pub(super) fn kind(self) -> Kind {
        Kind::of(self.rest())
    }

    pub(super) fn is_last(self) -> bool {
        self.rest() & LAST != 0
    }

    pub(super) fn name_length(self) -> usize {
        if self.is_field() { Text::length_of(self.first()) } else { (self.rest() >> NAME_SHIFT) as usize }
    }

    /// How long it is written, without quotes.
    pub(crate) fn length(self) -> usize {
        self.end() - self.start()
    }

    /// What a text, a number or a word is written as.
    pub(crate) fn written(self, text: &str) -> Option<&str> {
        text.get(self.start()..self.end())
    }

    pub(super) fn name(self, text: &str) -> &str {
        text.get(self.name_range()).filter(|name| !name.is_empty()).unwrap_or_default()
    }

    /// Whether it is called by a name of the tables.
    #[inline]
    pub(super) fn is_called(self, name: Text, text: &str) -> bool {
        match self.is_field() {
            true => self.first() == name.id(),
            false => self.name_length() == Text::length_of(name.id()) && self.is_named(&name, text),
        }
    }

    pub(super) fn is_named(self, name: &str, text: &str) -> bool {
        self.name_length() == name.len() && text.as_bytes().get(self.name_range()) == Some(name.as_bytes())
    }

    fn name_range(self) -> Range<usize> {
        // Between them stand a quote and a colon, and the quote of a text.
        let end = self.start().saturating_sub(if self.kind().is_text() { 3 } else { 2 });
        end.saturating_sub(self.name_length())..end
    }

    /// Where a member stands, from the quote before its name on.
    pub(super) fn member(self) -> Range<usize> {
        self.name_range().start.saturating_sub(1)..self.end() + usize::from(self.kind().is_text())
    }
}

fn pair(low: u32, high: u32) -> u64 {
    u64::from(low) | u64::from(high) << 32
}
