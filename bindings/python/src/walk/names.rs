//! The names of members: the lines of an order have the same ones, in the same order.

use std::collections::BTreeMap;
use std::rc::Rc;

use pyo3::prelude::*;
use pyo3::types::PyString;

/// An order has some hundred names; a dict of a million is not held twice.
const MOST: usize = 1_000;

/// The names that were met in one walk. Their objects are held so long, so that an address stands for one name.
#[derive(Default)]
pub(super) struct Names<'py> {
    met: Vec<(Bound<'py, PyAny>, Rc<str>)>,
    by_address: BTreeMap<usize, usize>,
    /// The one that came after the last one before.
    next: usize,
}

impl<'py> Names<'py> {
    /// A name's text; nothing, if it is none.
    pub(super) fn text(&mut self, name: &Bound<'py, PyAny>) -> Option<Rc<str>> {
        let address = name.as_ptr() as usize;
        let at = match self.met.get(self.next) {
            Some((met, _)) if met.is(name) => self.next,
            _ => match self.by_address.get(&address) {
                Some(at) => *at,
                None => return self.read(name, address),
            },
        };
        self.next = at + 1;
        Some(self.met[at].1.clone())
    }

    fn read(&mut self, name: &Bound<'py, PyAny>, address: usize) -> Option<Rc<str>> {
        let text: Rc<str> = name.cast::<PyString>().ok()?.to_cow().ok()?.into();
        if self.met.len() < MOST {
            self.by_address.insert(address, self.met.len());
            self.met.push((name.clone(), text.clone()));
            self.next = self.met.len();
        }
        Some(text)
    }
}
