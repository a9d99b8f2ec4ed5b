//! The texts of the tables: met while the tables are printed, then printed themselves, joined.

use std::cell::RefCell;
use std::collections::BTreeSet;

use minijinja::{Value, context};

use crate::ir::Words;
use crate::output::MARK;
use crate::text::literal;

/// The texts met so far.
pub(super) struct Texts {
    always: RefCell<BTreeSet<String>>,
    docs: RefCell<BTreeSet<String>>,
}

impl Texts {
    /// The empty one, which rows begin with.
    pub(super) fn new() -> Self {
        Self { always: RefCell::new(BTreeSet::from([String::new()])), docs: RefCell::default() }
    }

    /// For rows that every build has.
    pub(super) fn always(&self) -> Writer<'_> {
        Writer(&self.always)
    }

    /// For rows that are there with the feature `docs` only.
    pub(super) fn docs(&self) -> Writer<'_> {
        Writer(&self.docs)
    }

    pub(super) fn context(&self) -> Value {
        let (always, docs) = (self.always.borrow(), self.docs.borrow());
        let literals = |texts: &mut dyn Iterator<Item = &String>| texts.map(|text| literal(text)).collect::<Vec<_>>();
        context! { mark => MARK, always => literals(&mut always.iter()), docs => literals(&mut docs.difference(&always)) }
    }
}

/// Writes texts as the rows of a table have them.
#[derive(Clone, Copy)]
pub(super) struct Writer<'a>(&'a RefCell<BTreeSet<String>>);

impl Writer<'_> {
    /// `text("a")`
    pub(super) fn text(self, text: &str) -> String {
        self.0.borrow_mut().insert(text.to_owned());
        format!("text({})", literal(text))
    }

    /// `Some(text("a"))`
    pub(super) fn option(self, text: Option<&String>) -> String {
        text.map_or("None".to_owned(), |text| format!("Some({})", self.text(text)))
    }

    /// `&[text("a"), text("b")]`
    pub(super) fn list(self, texts: &[String]) -> String {
        format!("&[{}]", texts.iter().map(|text| self.text(text)).collect::<Vec<_>>().join(", "))
    }

    /// `(text("a"), text("b"))`
    pub(super) fn pair(self, one: &str, other: &str) -> String {
        format!("({}, {})", self.text(one), self.text(other))
    }

    /// `Words { zh: text("…"), en: text("…") }`
    pub(super) fn words(self, words: &Words) -> String {
        self.both(&words.zh, &words.en)
    }

    /// The same of two texts that stand alone.
    pub(super) fn both(self, zh: &str, en: &str) -> String {
        format!("Words {{ zh: {}, en: {} }}", self.text(zh), self.text(en))
    }
}
