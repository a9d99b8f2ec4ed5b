//! The names of members: the lines of an order have the same ones, in the same order.

use std::cell::{Cell, OnceCell};

use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::types::PyString;

/// An order has some hundred names; more are read again each time.
const MOST: usize = 128;

/// The names that were met in one walk. Their objects are held so long, so that an address stands for one name.
pub(super) struct Names<'py> {
    met: [OnceCell<(Bound<'py, PyAny>, PyBackedStr)>; MOST],
    count: Cell<usize>,
    /// The one that came after the last one before.
    next: Cell<usize>,
}

/// A name's text: one that is kept, or one read for this time.
pub(super) enum Name<'a> {
    Kept(&'a str),
    Read(PyBackedStr),
}

impl Name<'_> {
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Kept(text) => text,
            Self::Read(text) => text,
        }
    }
}

impl<'py> Names<'py> {
    pub(super) fn new() -> Self {
        Self { met: [const { OnceCell::new() }; MOST], count: Cell::new(0), next: Cell::new(0) }
    }

    /// A name's text; nothing, if it is none.
    pub(super) fn text(&self, name: &Bound<'py, PyAny>) -> Option<Name<'_>> {
        let is_at = |at: usize| self.met.get(at)?.get().filter(|(met, _)| met.is(name)).map(|(_, text)| (at, text));
        let found = is_at(self.next.get()).or_else(|| (0..self.count.get()).find_map(is_at));
        match found {
            Some((at, text)) => {
                self.next.set(at + 1);
                Some(Name::Kept(text))
            }
            None => self.read(name),
        }
    }

    fn read(&self, name: &Bound<'py, PyAny>) -> Option<Name<'_>> {
        let text = PyBackedStr::try_from(name.cast::<PyString>().ok()?.clone()).ok()?;
        let Some(room) = self.met.get(self.count.get()) else { return Some(Name::Read(text)) };
        self.count.set(self.count.get() + 1);
        self.next.set(self.count.get());
        Some(Name::Kept(&room.get_or_init(|| (name.clone(), text)).1))
    }
}
