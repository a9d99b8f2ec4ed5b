//! An answer.

use nnopen_ffi::{Json, Request};

use crate::held::Held;

/// What a question is answered with.
#[allow(clippy::large_enum_variant, reason = "an answer crosses a border once; its size does not matter")]
pub enum Told {
    /// It was done.
    Nothing,
    /// A text.
    Text(String),
    /// Several texts.
    Texts(Vec<String>),
    /// A new session, call or batch.
    Held(Held),
    /// The step `send`.
    Send(Request),
    /// The step `done`.
    Done(Json),
    /// Another step: its word and what it tells.
    Step(&'static str, Vec<Vec<u8>>),
    /// Why not, as JSON text.
    Failure(String),
}
