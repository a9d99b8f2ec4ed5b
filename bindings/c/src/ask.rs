//! The questions, by their words. What a question asks for is told by the face in `nnopen-ffi`; nothing is decided here.

use std::str::FromStr;

use nnopen_ffi::{
    Batch, BatchRules, BatchStep, Call, Config, Failure, Grant, Mode, Params, Session, Source, Step, guard, order, text,
};

use crate::held::{Held, Thing, numbers};
use crate::{Part, Told};

/// In a box: it passes through many hands.
type Fault = Box<Failure>;
type Answer = Result<Told, Fault>;

/// Answers a question: a word and its arguments.
pub(crate) fn answer(question: &[Part<'_>]) -> Told {
    let told = guard(|| match question {
        [Part::Bytes(word), arguments @ ..] => {
            utf8(word).and_then(|word| told(word, &Arguments(arguments))).map_err(|fault| *fault)
        }
        _ => Err(Failure::usage("no question")),
    });
    told.unwrap_or_else(|failure| Told::Failure(text::failure(&failure)))
}

struct Arguments<'a>(&'a [Part<'a>]);

fn told(word: &str, given: &Arguments<'_>) -> Answer {
    match word {
        "step" | "receive" | "fail" | "loaded" | "swapped" | "store_failed" => drive(word, given),
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
            numbers::close(given.number(0)?);
            Ok(Told::Nothing)
        }
        "start" => {
            let (session, mode) = (given.session(0)?, Mode::named(given.text(1)?)?);
            given.params(3, &|params| hold(Thing::Call(session.start(mode, given.text(2)?, params)?)))
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
        "snapshot" => tell(match given.held(0)?.thing() {
            Thing::Session(session) => session.snapshot(),
            Thing::Call(call) => call.snapshot(),
            Thing::Batch(batch) => batch.snapshot(),
        }?),
        "restore" => done(given.session(0)?.restore(given.text(1)?)),
        "revision" => tell(given.session(0)?.revision().to_string()),
        "store_key" => tell(given.session(0)?.store_key()),
        "warnings" => tell(match given.held(0)?.thing() {
            Thing::Session(session) => text::warnings(&session.warnings()),
            Thing::Call(call) => text::violations(&call.warnings()),
            Thing::Batch(_) => return Err(gone()),
        }),
        "authorize_url" => tell(given.session(0)?.authorize_url(given.text(1)?, given.text(2)?)?),
        "read_return" => tell(text::returned(&given.session(0)?.read_return(given.text(1)?, given.text(2)?)?)),
        "add" | "hint" | "resume_batch" | "progress" => batch(word, given),
        _ => core(word, given),
    }
}

/// What a call and a batch are driven by.
fn drive(word: &str, given: &Arguments<'_>) -> Answer {
    let held = given.held(0)?;
    macro_rules! either {
        ($it:ident => $work:expr) => {
            match held.thing() {
                Thing::Call($it) => $work,
                Thing::Batch($it) => $work,
                Thing::Session(_) => return Err(gone()),
            }
        };
    }
    match word {
        "step" => {
            let (now, entropy) = (given.number(1)?, given.bytes(2)?);
            match held.thing() {
                Thing::Call(call) => call_step(call, now, entropy),
                Thing::Batch(batch) => batch_step(batch, now, entropy),
                Thing::Session(_) => Err(gone()),
            }
        }
        "receive" => {
            let (status, body, now) = (given.number(1)?, given.bytes(2)?, given.number(3)?);
            done(either!(it => it.receive(status, body, now)))
        }
        "fail" => {
            let (not_sent, reason, now) = (given.yes(1)?, given.words(2)?, given.number(3)?);
            done(either!(it => it.fail(not_sent, &reason, now)))
        }
        "loaded" => {
            let (version, bytes, now) = (given.number(1)?, given.bytes(2)?, given.number(3)?);
            done(either!(it => it.loaded(version, bytes, now)))
        }
        "swapped" => {
            let (stored, now) = (given.yes(1)?, given.number(2)?);
            done(either!(it => it.swapped(stored, now)))
        }
        _ => {
            let (reason, now) = (given.words(1)?, given.number(2)?);
            done(either!(it => it.store_failed(&reason, now)))
        }
    }
}

fn call_step(call: &Call, now: i64, entropy: &[u8]) -> Answer {
    Ok(match call.step_into(now, entropy, |result| result)? {
        Step::Send(request) => Told::Send(request),
        Step::Wait { until } => wait(until),
        Step::Load => Told::Step("load", Vec::new()),
        Step::Swap { version, bytes } => swap(version, bytes),
        Step::Done { result } => Told::Done(result),
    })
}

fn batch_step(batch: &Batch, now: i64, entropy: &[u8]) -> Answer {
    Ok(match batch.step(now, entropy)? {
        BatchStep::Send(request) => Told::Send(request),
        BatchStep::Wait { until } => wait(until),
        BatchStep::Load => Told::Step("load", Vec::new()),
        BatchStep::Swap { version, bytes } => swap(version, bytes),
        BatchStep::Event(event) => Told::Step("event", vec![text::event(&event).into()]),
        BatchStep::Idle => Told::Step("idle", Vec::new()),
    })
}

fn wait(until: i64) -> Told {
    Told::Step("wait", vec![until.to_string().into()])
}

fn swap(version: u64, bytes: Vec<u8>) -> Told {
    Told::Step("swap", vec![version.to_string().into(), bytes])
}

fn batch(word: &str, given: &Arguments<'_>) -> Answer {
    let held = given.held(0)?;
    let Thing::Batch(batch) = held.thing() else { return Err(gone()) };
    match word {
        "add" => answered(batch.add(given.text(1)?, given.number(2)?, given.number(3)?)?),
        "hint" => answered(batch.hint(given.text(1)?, given.number(2)?)?),
        "resume_batch" => tell(batch.resume(given.text(1)?, given.number(2)?)?.to_string()),
        _ => tell(text::progress(&batch.progress()?)),
    }
}

/// What needs no session.
fn core(word: &str, given: &Arguments<'_>) -> Answer {
    match word {
        "check" => given.params(1, &|params| tell(text::checked(&nnopen_ffi::check_source(given.text(0)?, params)?))),
        "check_text" => tell(text::checked(&nnopen_ffi::check(given.text(0)?, given.text(1)?)?)),
        "read" => tell(text::answer_text(&nnopen_ffi::read(given.text(0)?, given.number(1)?, given.bytes(2)?)?)),
        "read_push" => tell(text::push_text(&nnopen_ffi::read_push(given.text(0)?, given.bytes(1)?)?)),
        "push_accepted" => tell(nnopen_ffi::push_accepted()),
        "push_refused" => tell(nnopen_ffi::push_refused(&given.words(0)?)),
        "documents" => given.params(0, &|invoice| tell(text::documents(&nnopen_ffi::documents(invoice)?))),
        "explain" => tell(text::explanations(&nnopen_ffi::explain(given.text(0)?))),
        "sign" => {
            let part = |at| given.text(at);
            let signed = nnopen_ffi::sign(part(0)?, part(1)?, part(2)?, part(3)?, part(4)?, part(5)?, part(6)?)?;
            Ok(Told::Texts(vec![signed.canonical, signed.signature]))
        }
        "amounts" => given.params(0, &|line| Ok(Told::Texts(order::amounts(line)?.into()))),
        "totals" => given.params(0, &|order| Ok(Told::Texts(order::totals(order)?.into()))),
        "fill" => given.params(0, &|order| tell(order::fill(order)?)),
        "split" => given.params(0, &|order| tell(order::split(order, given.text(1)?)?)),
        "red" => given.params(0, &|blue| tell(order::red(blue, given.text(1)?, given.text(2)?, given.text(3)?)?)),
        "methods" => Ok(Told::Texts(nnopen_ffi::methods().into_iter().map(str::to_owned).collect())),
        _ => Err(usage("no such question")),
    }
}

impl Arguments<'_> {
    fn bytes(&self, at: usize) -> Result<&[u8], Fault> {
        match self.0.get(at) {
            Some(Part::Bytes(bytes)) => Ok(bytes),
            Some(_) => Err(usage("an argument is no text")),
            None => Err(usage("an argument is missing")),
        }
    }

    fn text(&self, at: usize) -> Result<&str, Fault> {
        utf8(self.bytes(at)?)
    }

    /// Words for people: what is no UTF-8 in them is shown as such.
    fn words(&self, at: usize) -> Result<String, Fault> {
        Ok(String::from_utf8_lossy(self.bytes(at)?).into_owned())
    }

    fn number<T: TryFrom<i64> + FromStr>(&self, at: usize) -> Result<T, Fault> {
        let number = match self.0.get(at) {
            Some(Part::Number(number)) => T::try_from(*number).ok(),
            _ => self.text(at)?.parse().ok(),
        };
        number.ok_or_else(|| usage("an argument is no whole number, or too big"))
    }

    fn yes(&self, at: usize) -> Result<bool, Fault> {
        Ok(self.bytes(at)? == b"1")
    }

    /// Params: a host's own, or JSON text, in which marks count for the library's hosts.
    fn params(&self, at: usize, work: &dyn Fn(&dyn Source) -> Answer) -> Answer {
        if let Some(Part::Params(params)) = self.0.get(at) {
            return work(&**params);
        }
        let text = self.text(at)?;
        #[cfg(feature = "library")]
        if let Some(marked) = text.strip_prefix(crate::library::params::BEGIN) {
            let json = nnopen_ffi::Json::parse_params(marked).map_err(Failure::from)?;
            return work(&crate::library::params::Marked(&json));
        }
        work(&Params::read(text)?)
    }

    /// The thing itself, or what has this number.
    fn held(&self, at: usize) -> Result<Held, Fault> {
        match self.0.get(at) {
            Some(Part::Held(held)) => Ok((*held).clone()),
            _ => numbers::find(self.number(at)?).ok_or_else(gone),
        }
    }

    fn session(&self, at: usize) -> Result<Session, Fault> {
        match self.held(at)?.thing() {
            Thing::Session(session) => Ok(session.clone()),
            _ => Err(gone()),
        }
    }
}

fn hold(thing: Thing) -> Answer {
    Ok(Told::Held(Held::new(thing)))
}

fn tell(text: impl Into<String>) -> Answer {
    Ok(Told::Text(text.into()))
}

fn done(outcome: Result<(), Failure>) -> Answer {
    outcome?;
    Ok(Told::Nothing)
}

fn answered(yes: bool) -> Answer {
    tell(if yes { "1" } else { "0" })
}

fn utf8(bytes: &[u8]) -> Result<&str, Fault> {
    std::str::from_utf8(bytes).map_err(|_| usage("an argument is not UTF-8"))
}

fn usage(describe: &str) -> Fault {
    Failure::usage(describe).into()
}

fn gone() -> Fault {
    usage("no such session, call or batch: it was closed, or is another thing")
}
