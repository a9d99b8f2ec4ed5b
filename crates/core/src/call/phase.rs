//! Where a call stands.

use std::fmt;

use super::store::{Claim, Outcome};
use crate::error::Error;
use crate::json::Json;
use crate::token::FetchRequest;
use crate::wire::{Millis, Secret};

pub(super) enum Phase {
    Ready,
    Resting {
        since: Millis,
        until: Millis,
    },
    Loading,
    /// The record of this version has been taken in.
    Loaded(u64),
    /// The store failed: a token that is held has to do.
    Offline(Error),
    Claiming(FetchRequest, Claim),
    Claimed(FetchRequest, Claim),
    FetchingToken(u32, Option<Claim>),
    /// Something came of a fetch: it is to be kept in the record of this version, or in the one that is to be loaded.
    Unkept(Outcome, Option<u64>),
    Reloading(Outcome),
    Keeping(Outcome, u64),
    Asking(Secret),
    Ended(Result<Json, Error>),
    Over,
}

/// By name alone: what a sign-in ends with is a token.
impl fmt::Debug for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ready => "Ready",
            Self::Resting { .. } => "Resting",
            Self::Loading => "Loading",
            Self::Loaded(_) => "Loaded",
            Self::Offline(_) => "Offline",
            Self::Claiming(..) => "Claiming",
            Self::Claimed(..) => "Claimed",
            Self::FetchingToken(..) => "FetchingToken",
            Self::Unkept(..) => "Unkept",
            Self::Reloading(_) => "Reloading",
            Self::Keeping(..) => "Keeping",
            Self::Asking(_) => "Asking",
            Self::Ended(_) => "Ended",
            Self::Over => "Over",
        })
    }
}
