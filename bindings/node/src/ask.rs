//! The questions, by their words. What a question asks for is told by the face in `nnopen-ffi`; nothing is decided here.

use napi::bindgen_prelude::{Array, FromNapiValue, ToNapiValue, Uint8ArraySlice};
use napi::{Env, Unknown};
use nnopen_ffi as ffi;
use nnopen_ffi::text as as_text;

use crate::held::{Thing, batch, close, gone, hold, session, thing};
use crate::told::{batch_step_told, text};
use crate::{Result, told};

/// What a question comes with.
pub(crate) struct Given<'env>(pub(crate) Array<'env>);

pub(crate) fn answer<'env>(env: &'env Env, word: &str, given: &Given<'env>) -> Result<Unknown<'env>> {
    match word {
        "open" => hold(Thing::Session(open(given)?)).into_unknown(env),
        "follow" => hold(Thing::Batch(follow(given)?.into())).into_unknown(env),
        "resume" => {
            let call = session(given.number(0)?)?.resume(&given.text(1)?).map_err(told)?;
            hold(Thing::Call(call.into())).into_unknown(env)
        }
        "sign_in" => hold(Thing::Call(sign_in(given)?.into())).into_unknown(env),
        "close" => {
            close(given.number(0)?);
            ().into_unknown(env)
        }
        "revision" => i64::try_from(session(given.number(0)?)?.revision()).unwrap_or(i64::MAX).into_unknown(env),
        "restore" => done(env, session(given.number(0)?)?.restore(&given.text(1)?)),
        "receive" | "fail" | "loaded" | "swapped" | "store_failed" => done(env, tell(word, given)?),
        "add" => batch(given.number(0)?)?
            .add(&given.text(1)?, given.number(2)?, given.number(3)?)
            .map_err(told)?
            .into_unknown(env),
        "hint" => batch(given.number(0)?)?.hint(&given.text(1)?, given.number(2)?).map_err(told)?.into_unknown(env),
        "resume_batch" => {
            let count = batch(given.number(0)?)?.resume(&given.text(1)?, given.number(2)?).map_err(told)?;
            u32::try_from(count).unwrap_or(u32::MAX).into_unknown(env)
        }
        "step_batch" => {
            let entropy: Uint8ArraySlice<'_> = given.at(2)?;
            let step = batch(given.number(0)?)?.step(given.number(1)?, &entropy).map_err(told)?;
            batch_step_told(env, step)
        }
        "sign" | "amounts" | "totals" | "split" | "methods" => texts(word, given)?.into_unknown(env),
        _ => text(env, &one_text(word, given)?),
    }
}

fn open(given: &Given<'_>) -> Result<ffi::Session> {
    let config = ffi::Config {
        environment: given.text(0)?,
        service_url: given.at(1)?,
        token_url: given.at(2)?,
        app_key: given.text(3)?,
        app_secret: given.text(4)?.into(),
        tax_num: given.text(5)?,
        service_provider: given.at(6)?,
        permanent_token: given.at::<Option<String>>(7)?.map(Into::into),
        shared: given.at(8)?,
    };
    ffi::Session::open(config).map_err(told)
}

fn follow(given: &Given<'_>) -> Result<ffi::Batch> {
    let rules = ffi::BatchRules {
        by: given.text(2)?,
        rate: given.at(3)?,
        slowest: given.at(4)?,
        give_up: given.at(5)?,
        with: given.text(6)?,
    };
    session(given.number(0)?)?.follow(&given.text(1)?, rules).map_err(told)
}

fn sign_in(given: &Given<'_>) -> Result<ffi::Call> {
    let grant = ffi::Grant::named(&given.text(1)?, given.text(2)?.into(), given.text(3)?, given.text(4)?);
    session(given.number(0)?)?.sign_in(grant.map_err(told)?).map_err(told)
}

/// What a call and a batch are told alike.
fn tell(word: &str, given: &Given<'_>) -> Result<std::result::Result<(), ffi::Failure>> {
    let thing = thing(given.number(0)?)?;
    macro_rules! either {
        ($it:ident => $work:expr) => {
            match &thing {
                Thing::Call($it) => $work,
                Thing::Batch($it) => $work,
                Thing::Session(_) => return Err(gone()),
            }
        };
    }
    Ok(match word {
        "receive" => {
            let (status, body, now) = (given.status(1)?, given.at::<Uint8ArraySlice<'_>>(2)?, given.number(3)?);
            either!(it => it.receive(status, &body, now))
        }
        "fail" => {
            let (not_sent, reason, now) = (given.at(1)?, given.text(2)?, given.number(3)?);
            either!(it => it.fail(not_sent, &reason, now))
        }
        "loaded" => {
            let (version, bytes, now) = (given.number(1)?, given.at::<Uint8ArraySlice<'_>>(2)?, given.number(3)?);
            either!(it => it.loaded(u64::try_from(version).unwrap_or(0), &bytes, now))
        }
        "swapped" => {
            let (stored, now) = (given.at(1)?, given.number(2)?);
            either!(it => it.swapped(stored, now))
        }
        _ => {
            let (reason, now) = (given.text(1)?, given.number(2)?);
            either!(it => it.store_failed(&reason, now))
        }
    })
}

/// Questions that are answered by several texts.
fn texts(word: &str, given: &Given<'_>) -> Result<Vec<String>> {
    match word {
        "methods" => Ok(ffi::methods().into_iter().map(str::to_owned).collect()),
        "sign" => {
            let [secret, path, app_key, senid, nonce, timestamp, body] = given.texts()?;
            let signed = ffi::sign(&secret, &path, &app_key, &senid, &nonce, &timestamp, &body);
            signed.map(|signed| vec![signed.canonical, signed.signature])
        }
        "split" => {
            let limit = given.text(1)?;
            let parts = as_text::seen(&given.text(0)?, given.at(2)?, |order| ffi::order::split(order, &limit));
            parts.map(|parts| as_text::items(&parts))
        }
        _ => {
            let amounts = if word == "amounts" { ffi::order::amounts } else { ffi::order::totals };
            as_text::seen(&given.text(0)?, given.at(1)?, amounts).map(Vec::from)
        }
    }
    .map_err(told)
}

/// Questions that are answered by one text: JSON, but for a few.
fn one_text(word: &str, given: &Given<'_>) -> Result<String> {
    match word {
        "snapshot" => match thing(given.number(0)?)? {
            Thing::Session(session) => session.snapshot(),
            Thing::Call(call) => call.snapshot(),
            Thing::Batch(batch) => batch.snapshot(),
        },
        "warnings" => match thing(given.number(0)?)? {
            Thing::Session(session) => Ok(as_text::warnings(&session.warnings())),
            Thing::Call(call) => Ok(as_text::violations(&call.warnings())),
            Thing::Batch(_) => return Err(gone()),
        },
        "progress" => batch(given.number(0)?)?.progress().map(|progress| as_text::progress(&progress)),
        "store_key" => Ok(session(given.number(0)?)?.store_key()),
        "authorize_url" => session(given.number(0)?)?.authorize_url(&given.text(1)?, &given.text(2)?),
        "read_return" => {
            let returned = session(given.number(0)?)?.read_return(&given.text(1)?, &given.text(2)?);
            returned.map(|returned| as_text::returned(&returned))
        }
        "check" => {
            let (method, params) = (given.text(0)?, given.text(1)?);
            let check = if given.at(2)? { ffi::check_floats } else { ffi::check };
            check(&method, &params).map(|checked| as_text::checked(&checked))
        }
        "read" => {
            let (method, status, body) = (given.text(0)?, given.status(1)?, given.at::<Uint8ArraySlice<'_>>(2)?);
            ffi::read(&method, status, &body).map(|answer| as_text::answer(&answer))
        }
        "read_push" => {
            let push = ffi::read_push(&given.text(0)?, &given.at::<Uint8ArraySlice<'_>>(1)?);
            push.map(|push| as_text::push(&push))
        }
        "push_accepted" => Ok(ffi::push_accepted()),
        "push_refused" => Ok(ffi::push_refused(&given.text(0)?)),
        "documents" => as_text::seen(&given.text(0)?, false, ffi::documents).map(|found| as_text::documents(&found)),
        "explain" => Ok(as_text::explanations(&ffi::explain(&given.text(0)?))),
        "diagnose" => {
            let [secret, path, app_key, senid, nonce, timestamp, body, signature] = given.texts()?;
            let gbk: Option<Uint8ArraySlice<'_>> = given.at(8)?;
            let found =
                ffi::diagnose(&secret, &path, &app_key, &senid, &nonce, &timestamp, &body, &signature, gbk.as_deref());
            found.map(|slips| as_text::slips(&slips))
        }
        "fill" => as_text::seen(&given.text(0)?, given.at(1)?, ffi::order::fill),
        "red" => {
            let (order_no, date, reason) = (given.text(1)?, given.text(2)?, given.text(3)?);
            let blue = given.text(0)?;
            as_text::seen(&blue, given.at(4)?, |blue| ffi::order::red(blue, &order_no, &date, &reason))
        }
        _ => return Err(napi::Error::from_reason("no such question")),
    }
    .map_err(told)
}

impl Given<'_> {
    fn at<T: FromNapiValue>(&self, at: u32) -> Result<T> {
        self.0.get(at)?.ok_or_else(|| napi::Error::from_reason("an argument is missing"))
    }

    fn text(&self, at: u32) -> Result<String> {
        self.at(at)
    }

    fn number(&self, at: u32) -> Result<i64> {
        self.at(at)
    }

    fn status(&self, at: u32) -> Result<u16> {
        Ok(u16::try_from(self.at::<u32>(at)?).unwrap_or(0))
    }

    fn texts<const N: usize>(&self) -> Result<[String; N]> {
        let mut texts = [const { String::new() }; N];
        for (at, text) in (0..).zip(&mut texts) {
            *text = self.text(at)?;
        }
        Ok(texts)
    }
}

fn done(env: &Env, outcome: std::result::Result<(), ffi::Failure>) -> Result<Unknown<'_>> {
    outcome.map_err(told)?;
    ().into_unknown(env)
}
