//! What a batch wants of its host, and what it tells.

use std::fmt;

use crate::error::Error;
use crate::json::Json;
use crate::wire::{Millis, Request};
#[cfg(doc)]
use crate::{Batch, Session, Step};

/// What the host is to do next.
///
/// `Debug` hides what is to be stored, and a request's secrets.
#[derive(Clone)]
pub enum BatchStep {
    /// Send it once, then tell the answer by [`Batch::receive`], or that there is none by [`Batch::fail`].
    Send(Request),
    /// Step again at this time, or earlier after [`Batch::add`] and [`Batch::hint`].
    Wait(Millis),
    /// Read the token's store, then tell what it holds by [`Batch::loaded`]. As for [`Step::Load`].
    Load,
    /// Put `bytes` into the store if it still holds `version`, then tell by [`Batch::swapped`]. As for [`Step::Swap`].
    Swap {
        /// The version that is replaced; the next one is `version + 1`.
        version: u64,
        /// The new record. It holds tokens.
        bytes: Vec<u8>,
    },
    /// Take it in, then step again.
    Event(BatchEvent),
    /// Nothing is followed: step again after [`Batch::add`].
    Idle,
}

/// What has become of an order; `rows` is the list of its rows in the answer (split orders have several).
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum BatchEvent {
    /// It ended well.
    Done { key: String, rows: Json },
    /// It ended badly, or some part of it did.
    Failed { key: String, rows: Json },
    /// It exists, but something is missing: the platform's own retry method is the way.
    NeedsRetry { key: String, rows: Json },
    /// It is not there though its grace is over, and was never seen: [`Session::settle_again`] finds out and acts.
    Absent { key: String },
    /// It is too old and still not final; the rows are those of the last answer.
    GaveUp { key: String, rows: Json },
    /// Not an end: no token can be had, or queries are refused or stay without an answer. The orders that were asked about
    /// (there may be none) stay and are asked again; told once until something else happens.
    Trouble { keys: Vec<String>, error: Error },
}

impl fmt::Debug for BatchStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Send(request) => f.debug_tuple("Send").field(request).finish(),
            Self::Wait(until) => f.debug_tuple("Wait").field(until).finish(),
            Self::Load => f.write_str("Load"),
            Self::Swap { version, .. } => f.debug_struct("Swap").field("version", version).finish_non_exhaustive(),
            Self::Event(event) => f.debug_tuple("Event").field(event).finish(),
            Self::Idle => f.write_str("Idle"),
        }
    }
}
