//! The one face that bindings see: a handful of functions over strings, integers and bytes.
//!
//! Nothing is decided here. A panic becomes a [`Failure`], so that none crosses into a host language. Params cross as
//! text, or through a host's own walker over its objects ([`Source`]); results cross as JSON text.

#![forbid(unsafe_code)]
#![allow(clippy::result_large_err, reason = "a failure crosses a border once; its size does not matter")]

mod batch;
mod failure;
pub mod order;
mod plain;
pub mod text;

use std::sync::{Mutex, MutexGuard, PoisonError};

use nnopen::{Method, Millis, Push, Stamp};

pub use batch::{Batch, BatchEvent, BatchRules, BatchStep};
pub use failure::{Failure, guard};
pub use nnopen::{Json, Kind, Progress, Request, Secret, Source};
pub use plain::{Answer, Config, Document, Explanation, Grant, PushInfo, Returned, Signed, Slip, Step, Violation};

/// One application and, for a service provider, one merchant. Clones share one token.
#[derive(Clone, Debug)]
pub struct Session(nnopen::Session);

/// One call in progress; safe to share between threads, one step at a time.
#[derive(Debug)]
pub struct Call(Mutex<Running>);

#[derive(Debug)]
enum Running {
    Method(nnopen::Call<Json>),
    SignIn(nnopen::Call<nnopen::Token>),
}

/// How a call is started.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mode {
    /// Once.
    Call,
    /// Asked again until no row is pending.
    Poll,
    /// A write followed to its end.
    Settle,
    /// The same, asking first: it may have been sent before.
    SettleAgain,
}

impl Mode {
    /// The mode called `call`, `poll`, `settle` or `settle_again`.
    pub fn named(name: &str) -> Result<Self, Failure> {
        match name {
            "call" => Ok(Self::Call),
            "poll" => Ok(Self::Poll),
            "settle" => Ok(Self::Settle),
            "settle_again" => Ok(Self::SettleAgain),
            _ => Err(Failure::usage(format!("a call is started by call, poll, settle or settle_again, not by {name}"))),
        }
    }
}

impl Session {
    /// A session without a token.
    pub fn open(config: Config) -> Result<Self, Failure> {
        guard(|| Ok(Self(nnopen::Session::new(config.into_core()?)?)))
    }

    /// Starts a call of a method by its name on the wire.
    pub fn start(&self, mode: Mode, method: &str, params: &dyn Source) -> Result<Call, Failure> {
        guard(|| {
            let call = match mode {
                Mode::Call => self.0.call_json(method, params),
                Mode::Poll => self.0.poll_json(method, params),
                Mode::Settle => self.0.settle_json(method, params),
                Mode::SettleAgain => self.0.settle_again_json(method, params),
            };
            Ok(Call(Mutex::new(Running::Method(call?))))
        })
    }

    /// As [`Session::start`], the params given as JSON text.
    pub fn start_text(&self, mode: Mode, method: &str, params: &str) -> Result<Call, Failure> {
        self.start(mode, method, &guard(|| Ok(Json::parse_params(params)?))?)
    }

    /// As [`Session::start_text`], of a host whose numbers are floats: see [`text::Floats`].
    pub fn start_floats(&self, mode: Mode, method: &str, params: &str) -> Result<Call, Failure> {
        self.start(mode, method, &text::Floats(&guard(|| Ok(Json::parse_params(params)?))?))
    }

    /// Starts a call with a body of the caller's own, signed and sent byte for byte.
    pub fn start_raw(&self, method: &str, body: &str) -> Result<Call, Failure> {
        guard(|| Ok(Call(Mutex::new(Running::Method(self.0.call_raw(method, body)?)))))
    }

    /// Goes on with a call that was kept by [`Call::snapshot`].
    pub fn resume(&self, snapshot: &str) -> Result<Call, Failure> {
        guard(|| Ok(Call(Mutex::new(Running::Method(self.0.resume_json(snapshot)?)))))
    }

    /// Follows many orders at once; it asks and never writes.
    pub fn follow(&self, method: &str, rules: BatchRules) -> Result<Batch, Failure> {
        guard(|| Ok(Batch(Mutex::new(self.0.follow(method, rules.into_core()?)?))))
    }

    /// Starts getting a token.
    pub fn sign_in(&self, grant: Grant) -> Result<Call, Failure> {
        guard(|| Ok(Call(Mutex::new(Running::SignIn(self.0.sign_in(grant.into_core())?)))))
    }

    /// Token, ledger and pause as JSON text; it holds tokens.
    pub fn snapshot(&self) -> Result<String, Failure> {
        guard(|| Ok(self.0.snapshot()))
    }

    /// Takes over a snapshot.
    pub fn restore(&self, snapshot: &str) -> Result<(), Failure> {
        guard(|| Ok(self.0.restore(snapshot)?))
    }

    /// A number that grows whenever the snapshot changes.
    pub fn revision(&self) -> u64 {
        self.0.revision()
    }

    /// Under which name a store keeps the token: the same for the same environment, application and merchant.
    pub fn store_key(&self) -> String {
        self.0.store_key()
    }

    /// What looks wrong in the settings, as pairs of Chinese and English.
    pub fn warnings(&self) -> Vec<(String, String)> {
        self.0.warnings().iter().map(|warning| (warning.zh.to_owned(), warning.en.to_owned())).collect()
    }

    /// The page on which a merchant authorises this application.
    pub fn authorize_url(&self, redirect_uri: &str, state: &str) -> Result<String, Failure> {
        guard(|| Ok(self.0.authorize_url(redirect_uri, state)?))
    }

    /// Reads the return from that page.
    pub fn read_return(&self, url: &str, state: &str) -> Result<Returned, Failure> {
        guard(|| Ok(Returned::from(self.0.read_return(url, state)?)))
    }
}

/// The same verb for whichever call is running.
macro_rules! either {
    ($self:ident, $call:ident => $work:expr) => {
        match &mut *$self.lock() {
            Running::Method($call) => $work,
            Running::SignIn($call) => $work,
        }
    };
}

impl Call {
    /// What to do now. `entropy` is 20 bytes from a cryptographic random source.
    pub fn step(&self, now: i64, entropy: &[u8]) -> Result<Step, Failure> {
        self.step_into(now, entropy, |result| result.to_string())
    }

    /// As [`Call::step`], of a host that makes its own values of a result: `told` takes it as it is.
    pub fn step_into<R>(&self, now: i64, entropy: &[u8], told: impl FnOnce(Json) -> R) -> Result<Step<R>, Failure> {
        guard(|| {
            let stamp = stamp(now, entropy)?;
            let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Ok(match &mut *running {
                Running::Method(call) => Step::of(call.step(&stamp)?, told),
                Running::SignIn(call) => Step::of(call.step(&stamp)?, |token| told(plain::token_told(token))),
            })
        })
    }

    /// The answer to the request sent last.
    pub fn receive(&self, status: u16, body: &[u8], now: i64) -> Result<(), Failure> {
        guard(|| Ok(either!(self, call => call.receive(status, body, Millis(now)))?))
    }

    /// The request sent last got no answer; `not_sent` only if it surely did not leave.
    pub fn fail(&self, not_sent: bool, reason: &str, now: i64) -> Result<(), Failure> {
        guard(|| Ok(either!(self, call => call.fail(failure(not_sent), reason, Millis(now)))?))
    }

    /// This call as JSON text, for [`Session::resume`]: it holds the body, neither secret nor token.
    pub fn snapshot(&self) -> Result<String, Failure> {
        guard(|| Ok(either!(self, call => call.snapshot())))
    }

    /// What the token's store holds; 0 and nothing, if nothing was put into it yet.
    pub fn loaded(&self, version: u64, bytes: &[u8], now: i64) -> Result<(), Failure> {
        guard(|| Ok(either!(self, call => call.loaded(version, bytes, Millis(now)))?))
    }

    /// Whether the store held the version that was to be replaced, and holds the new bytes now.
    pub fn swapped(&self, stored: bool, now: i64) -> Result<(), Failure> {
        guard(|| Ok(either!(self, call => call.swapped(stored, Millis(now)))?))
    }

    /// The store could not be read or written, or did not answer.
    pub fn store_failed(&self, reason: &str, now: i64) -> Result<(), Failure> {
        guard(|| Ok(either!(self, call => call.store_failed(reason, Millis(now)))?))
    }

    /// What someone should look at in the params.
    pub fn warnings(&self) -> Vec<Violation> {
        match &*self.lock() {
            Running::Method(call) => call.warnings().iter().map(Violation::from).collect(),
            Running::SignIn(_) => Vec::new(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Running> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn stamp(now: i64, entropy: &[u8]) -> Result<Stamp, Failure> {
    let entropy = entropy.try_into().map_err(|_| Failure::usage("entropy must be 20 bytes"))?;
    Ok(Stamp::new(Millis(now), entropy))
}

fn failure(not_sent: bool) -> nnopen::Failure {
    if not_sent { nnopen::Failure::NotSent } else { nnopen::Failure::MaybeSent }
}

/// All that is wrong with params given as JSON text, and the body if nothing is.
pub fn check(method: &str, params: &str) -> Result<(Vec<Violation>, Option<String>), Failure> {
    check_with(method, params, |params| check_source(method, params))
}

/// As [`check`], of a host whose numbers are floats: see [`text::Floats`].
pub fn check_floats(method: &str, params: &str) -> Result<(Vec<Violation>, Option<String>), Failure> {
    check_with(method, params, |params| check_source(method, &text::Floats(params)))
}

/// As [`check`], the params shown by a walker over the host's own objects.
pub fn check_source(method: &str, params: &dyn Source) -> Result<(Vec<Violation>, Option<String>), Failure> {
    guard(|| {
        let method = known(method)?;
        let (found, body) = method.draft(params);
        Ok((found.iter().map(Violation::from).collect(), body))
    })
}

fn known(method: &str) -> Result<&'static Method, Failure> {
    Method::find(method).ok_or_else(|| Failure::usage(format!("no method called {method} is known")))
}

/// Reads an answer to a method; one that is not known counts as a write.
pub fn read(method: &str, status: u16, body: &[u8]) -> Result<Answer, Failure> {
    guard(|| Ok(Answer::of(method, status, body)))
}

/// Reads what the platform pushed. Nothing in it is signed: ask the question it names before acting on it.
pub fn read_push(content_type: &str, body: &[u8]) -> Result<PushInfo, Failure> {
    guard(|| Ok(PushInfo::from(&Push::read(content_type, body)?)))
}

/// The answer to a push that was taken in.
pub fn push_accepted() -> String {
    Push::accepted()
}

/// The answer to a push that could not be taken in; `reason` is for people.
pub fn push_refused(reason: &str) -> String {
    Push::refused(reason)
}

/// The files of an issued invoice, given as a row of an answer or the content of a push: the legal original first.
pub fn documents(invoice: &dyn Source) -> Result<Vec<Document>, Failure> {
    guard(|| Ok(nnopen::Document::all(invoice).into_iter().map(Document::from).collect()))
}

/// All that is known about a code or status.
pub fn explain(code: &str) -> Vec<Explanation> {
    nnopen::Code::all(code).iter().map(Explanation::from).collect()
}

/// Signs a body: what is signed, and the signature.
pub fn sign(
    secret: &str,
    path: &str,
    app_key: &str,
    senid: &str,
    nonce: &str,
    timestamp: &str,
    body: &str,
) -> Result<Signed, Failure> {
    guard(|| {
        let text = nnopen::StringToSign { path, app_key, senid, nonce, timestamp, body };
        Ok(Signed { canonical: text.to_string(), signature: nnopen::sign(&secret.into(), &text) })
    })
}

/// Params, or a row of an answer, given as JSON text: for the functions that want them shown by a walker.
pub fn params(text: &str) -> Result<impl Source + use<>, Failure> {
    guard(|| Ok(Json::parse_params(text)?))
}

/// Params as text, passed on to `look`; of what is no JSON, the fault.
fn check_with(
    method: &str,
    params: &str,
    look: impl FnOnce(&Json) -> Result<(Vec<Violation>, Option<String>), Failure>,
) -> Result<(Vec<Violation>, Option<String>), Failure> {
    guard(|| {
        known(method)?;
        match Json::parse_params(params) {
            Ok(params) => look(&params),
            Err(error) => Ok((error.violations().iter().map(Violation::from).collect(), None)),
        }
    })
}

/// Why somebody got another signature for a text: the slips that explain it, none if it is the right one. `gbk` is the
/// body in that encoding, where the host can make it.
#[allow(clippy::too_many_arguments)]
pub fn diagnose(
    secret: &str,
    path: &str,
    app_key: &str,
    senid: &str,
    nonce: &str,
    timestamp: &str,
    body: &str,
    signature: &str,
    gbk: Option<&[u8]>,
) -> Result<Vec<Slip>, Failure> {
    guard(|| {
        let text = nnopen::StringToSign { path, app_key, senid, nonce, timestamp, body };
        let found = nnopen::diagnose(&secret.into(), &text, signature, gbk);
        Ok(found.slips.iter().map(Slip::from).collect())
    })
}

/// The names of all methods that are known.
pub fn methods() -> Vec<&'static str> {
    Method::all().iter().map(|method| method.name.as_str()).collect()
}
