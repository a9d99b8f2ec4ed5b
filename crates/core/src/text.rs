//! The texts of the tables: each stands once in one long text, and the rows hold where.
//!
//! A `&'static str` takes 16 bytes of a table and, in a shared library, 24 more that tell the loader to write its address.
//! A [`Text`] takes four bytes; of the 7,000 in a binding, that is a fifth of its size.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::num::NonZeroU32;
use std::ops::Deref;

use crate::api::texts::{ALWAYS, JOINED, TEXTS};
use crate::json::Json;

/// A text of the tables. It reads as a `str`; [`Text::as_str`] gives one that outlives the row.
///
/// ```
/// let method = nnopen::Method::find("nuonuo.OpeMplatform.queryInvoiceResult").unwrap();
/// assert_eq!(method.params.fields[0].name, "serialNos");
/// assert!(method.name.ends_with("Result"));
/// let name: &'static str = method.name.as_str();
/// assert_eq!(name, "nuonuo.OpeMplatform.queryInvoiceResult");
/// ```
#[derive(Clone, Copy)]
pub struct Text(
    /// Where it begins among the joined texts, counted from 1, and in the lower bits its length.
    NonZeroU32,
);

const LENGTH_BITS: u32 = 10;

impl Text {
    /// The text itself.
    pub fn as_str(self) -> &'static str {
        let start = (self.0.get() >> LENGTH_BITS) as usize - 1;
        &JOINED[start..start + self.length()]
    }

    /// What tells it from all others; never 0.
    pub(crate) fn id(self) -> u32 {
        self.0.get()
    }

    /// In bytes.
    fn length(self) -> usize {
        Self::length_of(self.id())
    }

    /// The length of the text that has this [`Text::id`].
    pub(crate) fn length_of(id: u32) -> usize {
        (id & ((1 << LENGTH_BITS) - 1)) as usize
    }
}

/// Whether `wanted` is in a list of a row.
pub(crate) fn has(texts: &[Text], wanted: &str) -> bool {
    texts.iter().any(|text| text == wanted)
}

/// A text of a row. It is looked up while the tables are compiled: what is not in `api/texts.rs` does not compile.
pub(crate) const fn text(text: &str) -> Text {
    let place = match find(text, 0, ALWAYS) {
        Some(place) => place,
        None => match find(text, ALWAYS, TEXTS.len()) {
            Some(place) => place,
            None => panic!("a text that is not in api/texts.rs: run `cargo xtask gen`"),
        },
    };
    let (start, length) = (STARTS[place] + 1, text.len() as u32);
    assert!(start < 1 << (u32::BITS - LENGTH_BITS) && length < 1 << LENGTH_BITS, "too much for a `Text`");
    match NonZeroU32::new(start << LENGTH_BITS | length) {
        Some(packed) => Text(packed),
        None => unreachable!(),
    }
}

/// The place of a text among those from `low` to `high`, which are in order.
const fn find(text: &str, mut low: usize, mut high: usize) -> Option<usize> {
    while low < high {
        let middle = (low + high) / 2;
        match compare(TEXTS[middle].as_bytes(), text.as_bytes()) {
            Ordering::Less => low = middle + 1,
            Ordering::Equal => return Some(middle),
            Ordering::Greater => high = middle,
        }
    }
    None
}

/// As `cmp` does, which is not for constants yet.
const fn compare(one: &[u8], other: &[u8]) -> Ordering {
    let mut at = 0;
    while at < one.len() && at < other.len() {
        if one[at] != other[at] {
            return if one[at] < other[at] { Ordering::Less } else { Ordering::Greater };
        }
        at += 1;
    }
    match (at < one.len(), at < other.len()) {
        (false, false) => Ordering::Equal,
        (false, true) => Ordering::Less,
        (true, _) => Ordering::Greater,
    }
}

/// Where each of [`TEXTS`] begins in [`JOINED`].
static STARTS: [u32; TEXTS.len()] = {
    let mut starts = [0; TEXTS.len()];
    let mut at = 1;
    while at < starts.len() {
        starts[at] = starts[at - 1] + TEXTS[at - 1].len() as u32;
        at += 1;
    }
    starts
};

/// Joins the texts of the tables: those that are always there, and those that the feature `docs` adds; each lot is in
/// order. `TEXTS` serves the compiler alone.
macro_rules! texts {
    (always: $($always:literal,)* docs: $($docs:literal,)*) => {
        pub(crate) const ALWAYS: usize = [$($always),*].len();
        pub(crate) const TEXTS: &[&str] = &[$($always,)* $(#[cfg(feature = "docs")] $docs,)*];
        #[cfg(feature = "docs")]
        pub(crate) static JOINED: &str = concat!($($always,)* $($docs),*);
        #[cfg(not(feature = "docs"))]
        pub(crate) static JOINED: &str = concat!($($always),*);
    };
}

pub(crate) use texts;

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl Default for Text {
    /// The empty one.
    fn default() -> Self {
        const { text("") }
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.as_str(), f)
    }
}

impl Eq for Text {}

impl PartialEq for Text {
    /// Each text stands once, so that its place tells it.
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        let start = (self.0.get() >> LENGTH_BITS) as usize - 1;
        self.length() == other.len() && JOINED.as_bytes()[start..start + other.len()] == *other.as_bytes()
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl PartialEq<Text> for str {
    fn eq(&self, other: &Text) -> bool {
        self == other.as_str()
    }
}

impl PartialEq<Text> for &str {
    fn eq(&self, other: &Text) -> bool {
        *self == other.as_str()
    }
}

impl PartialEq<String> for Text {
    fn eq(&self, other: &String) -> bool {
        self.as_str() == other
    }
}

impl From<Text> for Json {
    fn from(text: Text) -> Self {
        text.as_str().into()
    }
}

impl From<Text> for &'static str {
    fn from(text: Text) -> Self {
        text.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_is_found_where_it_stands() {
        for told in TEXTS {
            assert_eq!(text(told), *told);
        }
        let length: usize = TEXTS.iter().map(|text| text.len()).sum();
        assert_eq!(length, JOINED.len());
    }

    #[test]
    fn texts_stand_in_order_and_once() {
        let (always, docs) = TEXTS.split_at(ALWAYS);
        assert!([always, docs].iter().all(|lot| lot.is_sorted_by(|one, other| one < other)));
        assert!(docs.iter().all(|text| always.binary_search(text).is_err()));
    }

    #[test]
    #[should_panic(expected = "cargo xtask gen")]
    fn what_is_not_there_is_no_text() {
        text("no table says this");
    }
}
