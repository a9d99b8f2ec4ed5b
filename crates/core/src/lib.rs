//! The core of **nnopen**: the Nuonuo Open Platform (诺诺开放平台) without network, clock or randomness.
//!
//! It builds signed requests and reads answers. One thing that is wanted is a [`Call`], driven by one loop; the host
//! brings the HTTP client, the time and the random bytes:
//!
//! ```
//! use nnopen::{Config, Failure, Json, Millis, Session, Stamp, Step};
//!
//! fn drive(
//!     session: &Session,
//!     post: impl Fn(&nnopen::Request) -> Result<(u16, Vec<u8>), Failure>,
//! ) -> Result<Json, nnopen::Error> {
//!     let params = Json::parse(r#"{"orderNos": ["A-1"]}"#).expect("it is JSON");
//!     let mut call = session.poll_json("nuonuo.OpeMplatform.queryInvoiceResult", &params)?;
//!     loop {
//!         match call.step(&Stamp::new(now(), random_bytes()))? {
//!             Step::Send(request) => match post(&request) {
//!                 Ok((status, body)) => call.receive(status, &body, now())?,
//!                 Err(failure) => call.fail(failure, "no answer", now())?,
//!             },
//!             Step::Wait(until) => sleep_until(until),
//!             Step::Load | Step::Swap { .. } => unreachable!("only where the token is shared: Config::shared"),
//!             Step::Done(result) => return Ok(result),
//!         }
//!     }
//! }
//! # fn now() -> Millis { Millis(1_700_000_000_000) }
//! # fn random_bytes() -> [u8; 20] { use std::sync::atomic::*; static N: AtomicU8 = AtomicU8::new(0); [N.fetch_add(1, Ordering::Relaxed); 20] }
//! # fn sleep_until(_: Millis) {}
//! # let session = Session::new(Config::sandbox("SD00000001", "SD00000000000001", "339901999999142")).unwrap();
//! # let result = drive(&session, |request| Ok((200, if request.url.ends_with("/accessToken") {
//! #     br#"{"access_token": "0123456789abcdef", "expires_in": "86400"}"#.to_vec()
//! # } else {
//! #     br#"{"code": "E0000", "result": [{"orderNo": "A-1", "status": "2"}]}"#.to_vec()
//! # }))).unwrap();
//! # assert_eq!(result.to_string(), r#"[{"orderNo":"A-1","status":"2"}]"#);
//! ```
//!
//! Getting a token, issuing an invoice and waiting for its result are this loop with three exits.
//!
//! # The map
//!
//! | read | to learn |
//! |---|---|
//! | [`Session`], [`Config`] | who we are, which token we hold; starts calls |
//! | [`Call`], [`Step`], [`Failure`] | one call in progress; kept by [`Call::snapshot`], resumed by [`Session::resume`] |
//! | [`Batch`], [`BatchRules`], [`BatchStep`], [`BatchEvent`] | many orders followed at once, at a rate |
//! | [`Token`], [`Grant`], [`Role`] | what is held, how it is asked for |
//! | [`Method`], [`Field`], [`Type`], [`Endpoint`] | the platform as data: see [`api`] for the typed structs |
//! | [`Capability`] | what the platform can do, and by which methods |
//! | [`Json`], [`Source`], [`Decimal`] | values that lose nothing |
//! | [`order`] | the invoice itself: amounts, rules, splitting, red orders |
//! | [`PollRule`], [`SettleRule`] | when a question is answered; what became of a write |
//! | [`Error`], [`ErrorKind`], [`Violation`], [`Code`] | what went wrong, and whose turn it is |
//! | [`Push`], [`PushKind`], [`PushStatus`] | what the platform sends us: a hint, never proof |
//! | [`StringToSign`], [`sign`], [`Request`], [`Stamp`] | what goes over the wire |
//! | [`diagnose`], [`Diagnosis`], [`Slip`] | why somebody else's signature differs |

#![forbid(unsafe_code)]

pub mod api;
mod authorize;
mod batch;
mod body;
mod call;
mod codes;
mod config;
mod decimal;
mod document;
mod error;
mod json;
mod model;
pub mod order;
mod poll;
mod preview;
mod push;
mod record;
mod reply;
mod secret;
mod session;
mod settle;
mod sign;
mod snapshot;
mod source;
mod text;
mod token;
mod wire;

pub use authorize::{Authorization, Returned};
pub use batch::{Batch, BatchEvent, BatchRules, BatchStep, Progress};
#[doc(hidden)]
pub use body::Fields;
pub use call::{Call, Failure, Step};
pub use config::{Config, Environment, Warning};
pub use decimal::{Decimal, NotDecimal};
pub use document::{Document, DocumentKind};
pub use error::{Error, ErrorKind, Severity, Violation};
pub use json::{FromJson, Json, JsonError};
#[cfg(feature = "docs")]
pub use model::Capability;
pub use model::{
    Code, CodeName, Codes, Effect, Endpoint, FailCause, Field, Method, Need, Outcome, Retry, Settles, Shape, Span,
    Type, When, Wire, Words,
};
pub use poll::{PollRule, Verdict};
pub use push::{Push, PushKind, PushStatus, Pushed};
pub use reply::Reply;
pub use session::Session;
pub use settle::{Same, SettleRule};
pub use sign::{Diagnosis, Slip, StringToSign, diagnose, sign};
pub use source::{Kind, Source};
pub use text::Text;
pub use token::{Grant, Role, Token};
pub use wire::{Millis, Request, Secret, Stamp};
