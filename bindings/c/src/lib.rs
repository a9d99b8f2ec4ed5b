//! nnopen as a C library, for hosts that load one by themselves (PHP's FFI), and for the PHP extension.
//!
//! Two functions. A question is a word and its arguments, an answer a word and what it tells; both are texts and bytes,
//! each behind its length (eight bytes, the most significant first). `ask.rs` lists the words. Sessions, calls and
//! batches are numbers, so that a host can't name one that is gone: it is told so.
//!
//! A host in the same program ([`answer`]) gives the parts as they are, params by a walker over its own values, and holds
//! the things themselves.

#![allow(clippy::result_large_err, reason = "a failure crosses a border once; its size does not matter")]

mod ask;
mod held;
#[cfg(feature = "library")]
mod library;
mod told;

use std::panic::{AssertUnwindSafe, catch_unwind};

pub use held::Held;
#[cfg(feature = "library")]
pub use library::{nnopen_ask, nnopen_free};
pub use nnopen_ffi::{Json, Kind, Request, Source};
pub use told::Told;

/// A part of a question.
pub enum Part<'a> {
    /// A text or bytes.
    Bytes(&'a [u8]),
    /// A whole number.
    Number(i64),
    /// Params, shown by a walker.
    Params(Box<dyn Source + 'a>),
    /// A session, call or batch.
    Held(&'a Held),
}

/// Answers a question: a failure of no words, if the answer could not be made.
pub fn answer(question: &[Part<'_>]) -> Told {
    catch_unwind(AssertUnwindSafe(|| ask::answer(question))).unwrap_or_else(|_| Told::Failure(String::new()))
}
