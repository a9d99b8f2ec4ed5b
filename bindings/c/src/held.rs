//! What a host holds of the core: a session, a call or a batch. A host in the same program holds the thing itself, every
//! other one a number.

use std::sync::Arc;

use nnopen_ffi::{Batch, Call, Session};

/// A session, a call or a batch; the core forgets it with the last clone.
#[derive(Clone)]
pub struct Held(Arc<Thing>);

#[allow(clippy::large_enum_variant, reason = "calls are what is held most")]
pub(crate) enum Thing {
    Session(Session),
    Call(Call),
    Batch(Box<Batch>),
}

impl Held {
    pub(crate) fn new(thing: Thing) -> Self {
        Self(Arc::new(thing))
    }

    pub(crate) fn thing(&self) -> &Thing {
        &self.0
    }
}

#[cfg(feature = "library")]
pub(crate) mod numbers {
    use std::collections::BTreeMap;
    use std::sync::{Mutex, MutexGuard, PoisonError};

    use super::Held;

    /// What is held by a number; the first is the last number given.
    static NUMBERED: Mutex<(u64, BTreeMap<u64, Held>)> = Mutex::new((0, BTreeMap::new()));

    pub(crate) fn give(held: Held) -> u64 {
        let mut all = lock();
        all.0 += 1;
        let number = all.0;
        all.1.insert(number, held);
        number
    }

    pub(crate) fn find(number: u64) -> Option<Held> {
        lock().1.get(&number).cloned()
    }

    pub(crate) fn close(number: u64) {
        let held = lock().1.remove(&number);
        // Not while others wait.
        drop(held);
    }

    fn lock() -> MutexGuard<'static, (u64, BTreeMap<u64, Held>)> {
        NUMBERED.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Without the library nothing has a number.
#[cfg(not(feature = "library"))]
pub(crate) mod numbers {
    use super::Held;

    pub(crate) fn find(_: u64) -> Option<Held> {
        None
    }

    pub(crate) fn close(_: u64) {}
}
