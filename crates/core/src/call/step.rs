//! What a call tells the host to do, and why a request may have no answer.

use std::fmt;

use crate::wire::{Millis, Request};

/// What the host is to do next.
///
/// `Debug` hides what is to be stored, and a request's secrets.
#[derive(Clone)]
pub enum Step<T> {
    /// Send it once, then tell the answer by [`Call::receive`], or that there is none by [`Call::fail`].
    Send(Request),
    /// Ask again at this time.
    Wait(Millis),
    /// Read the token's store, then tell what it holds by [`Call::loaded`]. Only where [`Config::shared`] is set.
    ///
    /// [`Config::shared`]: crate::Config::shared
    Load,
    /// Put `bytes` into the store if it still holds `version`, then tell by [`Call::swapped`] whether it did.
    Swap {
        /// The version that is replaced; the next one is `version + 1`.
        version: u64,
        /// The new record. It holds tokens.
        bytes: Vec<u8>,
    },
    /// It is done.
    Done(T),
}

impl<T: fmt::Debug> fmt::Debug for Step<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Send(request) => f.debug_tuple("Send").field(request).finish(),
            Self::Wait(until) => f.debug_tuple("Wait").field(until).finish(),
            Self::Load => f.write_str("Load"),
            Self::Swap { version, .. } => f.debug_struct("Swap").field("version", version).finish_non_exhaustive(),
            Self::Done(output) => f.debug_tuple("Done").field(output).finish(),
        }
    }
}

/// Why a request has no answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Failure {
    /// It surely did not leave: the connection was refused, the name not found, the TLS handshake failed.
    NotSent,
    /// It may have arrived: everything else, time-outs and broken connections above all.
    MaybeSent,
}
