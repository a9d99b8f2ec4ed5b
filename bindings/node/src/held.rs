//! What JavaScript holds by numbers: a number that is gone, or is another thing's, is told so. Each thread has its own.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use nnopen_ffi as ffi;

use crate::Result;

#[derive(Clone)]
pub(crate) enum Thing {
    Session(ffi::Session),
    Call(Rc<ffi::Call>),
    Batch(Rc<ffi::Batch>),
}

thread_local! {
    /// The last number given, for none is given twice; and what is held.
    static HELD: RefCell<(i64, BTreeMap<i64, Thing>)> = const { RefCell::new((0, BTreeMap::new())) };
}

pub(crate) fn hold(thing: Thing) -> i64 {
    HELD.with_borrow_mut(|(last, things)| {
        *last += 1;
        things.insert(*last, thing);
        *last
    })
}

pub(crate) fn thing(number: i64) -> Result<Thing> {
    HELD.with_borrow(|(_, things)| things.get(&number).cloned()).ok_or_else(gone)
}

pub(crate) fn session(number: i64) -> Result<ffi::Session> {
    match thing(number)? {
        Thing::Session(session) => Ok(session),
        Thing::Call(_) | Thing::Batch(_) => Err(gone()),
    }
}

pub(crate) fn call(number: i64) -> Result<Rc<ffi::Call>> {
    match thing(number)? {
        Thing::Call(call) => Ok(call),
        Thing::Session(_) | Thing::Batch(_) => Err(gone()),
    }
}

pub(crate) fn batch(number: i64) -> Result<Rc<ffi::Batch>> {
    match thing(number)? {
        Thing::Batch(batch) => Ok(batch),
        Thing::Session(_) | Thing::Call(_) => Err(gone()),
    }
}

pub(crate) fn close(number: i64) {
    let thing = HELD.with_borrow_mut(|(_, things)| things.remove(&number));
    drop(thing);
}

pub(crate) fn gone() -> napi::Error {
    napi::Error::from_reason("the call has ended")
}
