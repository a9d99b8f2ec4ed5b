//! Where one value stands, in 16 bytes.

use std::ops::Range;

use crate::text::Text;

/// Where a value stands in the text, its name before it. As small as it can be: there is one for each value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub(super) start: u32,
    pub(super) end: u32,
    /// Of a list or an object, its first part; of an escaped text, its number; of any other text or number, where it is
    /// kept as a [`Decimal`](crate::Decimal), counted from 1. If that is a [`FIELD`]: the [`Text::id`] of its name.
    pub(super) first: u32,
    /// The length of its name, of a [`FIELD`] what else would be `first`; in the lower bits whether it is one, whether it
    /// is the [`LAST`] of its siblings, and its [`Kind`].
    pub(super) rest: u32,
}

const KIND_BITS: u32 = 3;
pub(super) const LAST: u32 = 1 << KIND_BITS;
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

    pub(super) fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Escaped)
    }
}

impl Node {
    pub(super) fn new(kind: Kind, range: Range<usize>) -> Self {
        // What is longer is refused before anybody looks at it.
        Self { start: range.start as u32, end: range.end as u32, first: 0, rest: kind as u32 }
    }

    /// A member, whose name is written with so many bytes.
    pub(crate) fn named(self, length: usize) -> Self {
        Self { rest: self.rest | (length as u32) << NAME_SHIFT, ..self }
    }

    /// A member that is a field of the model.
    pub(crate) fn field(self, name: Text) -> Self {
        if matches!(self.kind(), Kind::Text | Kind::Number) {
            return Self { first: name.id(), rest: self.rest | FIELD | self.first << NAME_SHIFT, ..self };
        }
        self.named(name.len())
    }

    fn is_field(self) -> bool {
        self.rest & FIELD != 0
    }

    /// Where a text or number is kept as a [`Decimal`](crate::Decimal), if it is.
    pub(super) fn number(self) -> Option<usize> {
        let kept = if self.is_field() { self.rest >> NAME_SHIFT } else { self.first };
        (kept as usize).checked_sub(1).filter(|_| matches!(self.kind(), Kind::Text | Kind::Number))
    }

    pub(super) fn kind(self) -> Kind {
        Kind::ALL[(self.rest & (LAST - 1)) as usize]
    }

    pub(super) fn is_last(self) -> bool {
        self.rest & LAST != 0
    }

    pub(super) fn name_length(self) -> usize {
        if self.is_field() { Text::length_of(self.first) } else { (self.rest >> NAME_SHIFT) as usize }
    }

    /// How long it is written, without quotes.
    pub(crate) fn length(self) -> usize {
        (self.end - self.start) as usize
    }

    /// What a text, a number or a word is written as.
    pub(crate) fn written(self, text: &str) -> Option<&str> {
        text.get(self.start as usize..self.end as usize)
    }

    pub(super) fn name(self, text: &str) -> &str {
        text.get(self.name_range()).filter(|name| !name.is_empty()).unwrap_or_default()
    }

    /// Whether it is called by a name of the tables.
    pub(super) fn is_called(self, name: Text, text: &str) -> bool {
        if self.is_field() { self.first == name.id() } else { self.is_named(&name, text) }
    }

    pub(super) fn is_named(self, name: &str, text: &str) -> bool {
        self.name_length() == name.len() && text.as_bytes().get(self.name_range()) == Some(name.as_bytes())
    }

    fn name_range(self) -> Range<usize> {
        // Between them stand a quote and a colon, and the quote of a text.
        let end = (self.start as usize).saturating_sub(if self.kind().is_text() { 3 } else { 2 });
        end.saturating_sub(self.name_length())..end
    }

    /// Where a member stands, from the quote before its name on.
    pub(super) fn member(self) -> Range<usize> {
        self.name_range().start.saturating_sub(1)..self.end as usize + usize::from(self.kind().is_text())
    }
}
