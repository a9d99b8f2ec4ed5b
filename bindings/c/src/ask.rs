//! The questions, by their words. What a question asks for is told by the face in `nnopen-ffi`; nothing is decided here.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use nnopen_ffi::{
    Batch, BatchRules, BatchStep, Call, Config, Failure, Grant, Json, Mode, Params, Request, Session, Source, Step,
    guard, order, text,
};

use crate::Part;
use crate::params::{BEGIN, Marked};

type Told = Result<Vec<Vec<u8>>, Failure>;

#[allow(clippy::large_enum_variant, reason = "calls are what is held most")]
enum Thing {
    Session(Session),
    Call(Call),
    Batch(Box<Batch>),
}

/// What the host holds, by its number; the first is the last number given.
static HELD: Mutex<(u64, BTreeMap<u64, Arc<Thing>>)> = Mutex::new((0, BTreeMap::new()));

/// Answers a question with `ok` and more, `failure` and why, or with a step.
pub(crate) fn answer(question: &[Part<'_>]) -> Vec<Vec<u8>> {
    let told = guard(|| match question {
        [Part::Bytes(word), arguments @ ..] => told(utf8(word)?, &Arguments(arguments)),
        _ => Err(Failure::usage("no question")),
    });
    told.unwrap_or_else(|failure| vec!["failure".into(), text::failure(&failure).into()])
}

struct Arguments<'a>(&'a [Part<'a>]);

fn told(word: &str, given: &Arguments<'_>) -> Told {
    match word {
        "open" => {
            // Nothing, or "=" and the text: an empty text is not the same as none.
            let optional = |at| given.text(at).map(|text| text.strip_prefix('=').map(str::to_owned));
            let config = Config {
                environment: given.text(0)?.to_owned(),
                service_url: optional(1)?,
                token_url: optional(2)?,
                app_key: given.text(3)?.to_owned(),
                app_secret: given.text(4)?.to_owned().into(),
                tax_num: given.text(5)?.to_owned(),
                service_provider: given.yes(6)?,
                permanent_token: optional(7)?.map(Into::into),
                shared: given.yes(8)?,
            };
            hold(Thing::Session(Session::open(config)?))
        }
        "close" => {
            let thing = lock().1.remove(&given.number(0)?);
            drop(thing);
            ok(&[])
        }
        "start" => {
            let (session, mode) = (given.session(0)?, Mode::named(given.text(1)?)?);
            hold(Thing::Call(given.params(3, |params| session.start(mode, given.text(2)?, params))?))
        }
        "start_text" => {
            let (session, mode) = (given.session(0)?, Mode::named(given.text(1)?)?);
            hold(Thing::Call(session.start_text(mode, given.text(2)?, given.text(3)?)?))
        }
        "start_raw" => hold(Thing::Call(given.session(0)?.start_raw(given.text(1)?, given.text(2)?)?)),
        "resume" => hold(Thing::Call(given.session(0)?.resume(given.text(1)?)?)),
        "sign_in" => {
            let (code, tax_num, url) =
                (given.text(2)?.to_owned(), given.text(3)?.to_owned(), given.text(4)?.to_owned());
            hold(Thing::Call(given.session(0)?.sign_in(Grant::named(given.text(1)?, code.into(), tax_num, url)?)?))
        }
        "follow" => {
            let rules = BatchRules {
                by: given.text(2)?.to_owned(),
                rate: given.number(3)?,
                slowest: given.number(4)?,
                give_up: given.number(5)?,
                with: given.text(6)?.to_owned(),
            };
            hold(Thing::Batch(given.session(0)?.follow(given.text(1)?, rules)?.into()))
        }
        "snapshot" => ok(&[&match &*given.thing(0)? {
            Thing::Session(session) => session.snapshot(),
            Thing::Call(call) => call.snapshot(),
            Thing::Batch(batch) => batch.snapshot(),
        }?]),
        "restore" => done(given.session(0)?.restore(given.text(1)?)),
        "revision" => ok(&[&given.session(0)?.revision().to_string()]),
        "store_key" => ok(&[&given.session(0)?.store_key()]),
        "warnings" => ok(&[&match &*given.thing(0)? {
            Thing::Session(session) => text::warnings(&session.warnings()),
            Thing::Call(call) => text::violations(&call.warnings()),
            Thing::Batch(_) => return Err(gone()),
        }]),
        "authorize_url" => ok(&[&given.session(0)?.authorize_url(given.text(1)?, given.text(2)?)?]),
        "read_return" => ok(&[&text::returned(&given.session(0)?.read_return(given.text(1)?, given.text(2)?)?)]),
        "add" | "hint" | "resume_batch" | "progress" => batch(word, given),
        "step" | "receive" | "fail" | "loaded" | "swapped" | "store_failed" => drive(word, given),
        _ => core(word, given),
    }
}

/// What a call and a batch are driven by.
fn drive(word: &str, given: &Arguments<'_>) -> Told {
    let thing = given.thing(0)?;
    macro_rules! either {
        ($it:ident => $work:expr) => {
            match &*thing {
                Thing::Call($it) => $work,
                Thing::Batch($it) => $work,
                Thing::Session(_) => return Err(gone()),
            }
        };
    }
    match (word, &*thing) {
        ("step", Thing::Call(call)) => Ok(match call.step(given.number(1)?, given.bytes(2)?)? {
            Step::Send(request) => send(request),
            Step::Wait { until } => vec!["wait".into(), until.to_string().into()],
            Step::Load => vec!["load".into()],
            Step::Swap { version, bytes } => vec!["swap".into(), version.to_string().into(), bytes],
            Step::Done { result } => vec!["done".into(), result.into()],
        }),
        ("step", Thing::Batch(batch)) => Ok(match batch.step(given.number(1)?, given.bytes(2)?)? {
            BatchStep::Send(request) => send(request),
            BatchStep::Wait { until } => vec!["wait".into(), until.to_string().into()],
            BatchStep::Load => vec!["load".into()],
            BatchStep::Swap { version, bytes } => vec!["swap".into(), version.to_string().into(), bytes],
            BatchStep::Event(event) => vec!["event".into(), text::event(&event).into()],
            BatchStep::Idle => vec!["idle".into()],
        }),
        ("receive", _) => {
            let (status, body, now) = (given.number(1)?, given.bytes(2)?, given.number(3)?);
            done(either!(it => it.receive(status, body, now)))
        }
        ("fail", _) => {
            let (not_sent, reason, now) = (given.yes(1)?, given.words(2)?, given.number(3)?);
            done(either!(it => it.fail(not_sent, &reason, now)))
        }
        ("loaded", _) => {
            let (version, bytes, now) = (given.number(1)?, given.bytes(2)?, given.number(3)?);
            done(either!(it => it.loaded(version, bytes, now)))
        }
        ("swapped", _) => {
            let (stored, now) = (given.yes(1)?, given.number(2)?);
            done(either!(it => it.swapped(stored, now)))
        }
        _ => {
            let (reason, now) = (given.words(1)?, given.number(2)?);
            done(either!(it => it.store_failed(&reason, now)))
        }
    }
}

fn batch(word: &str, given: &Arguments<'_>) -> Told {
    let thing = given.thing(0)?;
    let Thing::Batch(batch) = &*thing else { return Err(gone()) };
    match word {
        "add" => answered(batch.add(given.text(1)?, given.number(2)?, given.number(3)?)?),
        "hint" => answered(batch.hint(given.text(1)?, given.number(2)?)?),
        "resume_batch" => ok(&[&batch.resume(given.text(1)?, given.number(2)?)?.to_string()]),
        _ => ok(&[&text::progress(&batch.progress()?)]),
    }
}

/// What needs no session.
fn core(word: &str, given: &Arguments<'_>) -> Told {
    match word {
        "check" => ok(&[&text::checked(&given.params(1, |params| nnopen_ffi::check_source(given.text(0)?, params))?)]),
        "check_text" => ok(&[&text::checked(&nnopen_ffi::check(given.text(0)?, given.text(1)?)?)]),
        "read" => ok(&[&text::answer_text(&nnopen_ffi::read(given.text(0)?, given.number(1)?, given.bytes(2)?)?)]),
        "read_push" => ok(&[&text::push_text(&nnopen_ffi::read_push(given.text(0)?, given.bytes(1)?)?)]),
        "push_accepted" => ok(&[&nnopen_ffi::push_accepted()]),
        "push_refused" => ok(&[&nnopen_ffi::push_refused(&given.words(0)?)]),
        "documents" => ok(&[&text::documents(&given.params(0, nnopen_ffi::documents)?)]),
        "explain" => ok(&[&text::explanations(&nnopen_ffi::explain(given.text(0)?))]),
        "sign" => {
            let part = |at| given.text(at);
            let signed = nnopen_ffi::sign(part(0)?, part(1)?, part(2)?, part(3)?, part(4)?, part(5)?, part(6)?)?;
            ok(&[&signed.canonical, &signed.signature])
        }
        "amounts" => ok(&given.params(0, order::amounts)?.each_ref().map(String::as_str)),
        "totals" => ok(&given.params(0, order::totals)?.each_ref().map(String::as_str)),
        "fill" => ok(&[&given.params(0, order::fill)?]),
        "split" => ok(&[&given.params(0, |order| order::split(order, given.text(1)?))?]),
        "red" => ok(&[&given.params(0, |blue| order::red(blue, given.text(1)?, given.text(2)?, given.text(3)?))?]),
        "methods" => ok(&nnopen_ffi::methods()),
        _ => Err(Failure::usage("no such question")),
    }
}

impl Arguments<'_> {
    fn bytes(&self, at: usize) -> Result<&[u8], Failure> {
        match self.0.get(at) {
            Some(Part::Bytes(bytes)) => Ok(bytes),
            Some(Part::Params(_)) => Err(Failure::usage("an argument is no text")),
            None => Err(Failure::usage("an argument is missing")),
        }
    }

    fn text(&self, at: usize) -> Result<&str, Failure> {
        utf8(self.bytes(at)?)
    }

    /// Words for people: what is no UTF-8 in them is shown as such.
    fn words(&self, at: usize) -> Result<String, Failure> {
        Ok(String::from_utf8_lossy(self.bytes(at)?).into_owned())
    }

    fn number<T: std::str::FromStr>(&self, at: usize) -> Result<T, Failure> {
        self.text(at)?.parse().map_err(|_| Failure::usage("an argument is no whole number, or too big"))
    }

    fn yes(&self, at: usize) -> Result<bool, Failure> {
        Ok(self.bytes(at)? == b"1")
    }

    /// Params: a host's own, or JSON text with marks.
    fn params<T>(&self, at: usize, work: impl FnOnce(&dyn Source) -> Result<T, Failure>) -> Result<T, Failure> {
        match self.0.get(at) {
            Some(Part::Params(params)) => work(*params),
            _ => match self.text(at)?.strip_prefix(BEGIN) {
                Some(marked) => work(&Marked(&Json::parse_params(marked)?)),
                None => work(&Params::read(self.text(at)?)?),
            },
        }
    }

    fn thing(&self, at: usize) -> Result<Arc<Thing>, Failure> {
        lock().1.get(&self.number(at)?).cloned().ok_or_else(gone)
    }

    fn session(&self, at: usize) -> Result<Session, Failure> {
        match &*self.thing(at)? {
            Thing::Session(session) => Ok(session.clone()),
            _ => Err(gone()),
        }
    }
}

fn lock() -> std::sync::MutexGuard<'static, (u64, BTreeMap<u64, Arc<Thing>>)> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

fn hold(thing: Thing) -> Told {
    let mut held = lock();
    held.0 += 1;
    let number = held.0;
    held.1.insert(number, Arc::new(thing));
    ok(&[&number.to_string()])
}

/// A request: address and headers, body, how the head is shown, and the body if it is shown otherwise than it is.
fn send(mut request: Request) -> Vec<Vec<u8>> {
    let head = text::head(&request);
    let is_call = request.headers.iter().any(|(name, value)| *name == "Content-Type" && value == "application/json");
    if is_call {
        let body = std::mem::take(&mut request.body);
        return vec!["send".into(), head.into(), body.into(), request.preview().into()];
    }
    let preview = request.preview();
    vec!["send".into(), head.into(), request.into_parts().2.into(), "".into(), preview.into()]
}

fn ok(told: &[&str]) -> Told {
    Ok(std::iter::once("ok").chain(told.iter().copied()).map(|part| part.as_bytes().to_vec()).collect())
}

fn done(outcome: Result<(), Failure>) -> Told {
    outcome.and_then(|()| ok(&[]))
}

fn answered(yes: bool) -> Told {
    ok(&[if yes { "1" } else { "0" }])
}

fn utf8(bytes: &[u8]) -> Result<&str, Failure> {
    std::str::from_utf8(bytes).map_err(|_| Failure::usage("an argument is not UTF-8"))
}

fn gone() -> Failure {
    Failure::usage("no such session, call or batch: it was closed, or is another thing")
}
