//! The PHP extension: glue over `nnopen-ffi`, for the classes of the package to build on.
//!
//! Nothing throws here: what can go wrong comes back as `["failure" => json]`, and the package throws it from PHP code,
//! where no frame of a stack trace holds a secret argument. `php/Native` holds the same classes over the C library.

mod params;
mod told;

use ext_php_rs::binary_slice::BinarySlice;
use ext_php_rs::prelude::*;
use ext_php_rs::types::{ZendClassObject, ZendHashTable, Zval};
use nnopen_ffi::{BatchStep, Mode, Step, order, text};

use params::Params;
use told::{Array, config, grant, name, needed, ok, rules, sent, swap, told, utf8};

type Bytes<'a> = BinarySlice<'a, u8>;

/// A session of the core.
#[php_class]
#[php(name = "Nnopen\\Native\\Session")]
pub struct Session(nnopen_ffi::Session);

/// A call of the core, in progress.
#[php_class]
#[php(name = "Nnopen\\Native\\Call")]
pub struct Call(nnopen_ffi::Call);

/// Orders of the core that are followed.
#[php_class]
#[php(name = "Nnopen\\Native\\Batch")]
pub struct Batch(nnopen_ffi::Batch);

/// What needs no session.
#[php_class]
#[php(name = "Nnopen\\Native\\Core")]
pub struct Core;

#[php_impl]
impl Session {
    pub fn open(config: &ZendHashTable) -> Array {
        told(self::config(config).and_then(nnopen_ffi::Session::open).map(|it| ZendClassObject::new(Session(it))))
    }

    pub fn start(&self, mode: Bytes<'_>, method: Bytes<'_>, params: &Zval) -> Array {
        call(Mode::named(name(*mode)).and_then(|mode| self.0.start(mode, name(*method), &Params::top(params))))
    }

    pub fn start_text(&self, mode: Bytes<'_>, method: Bytes<'_>, params: Bytes<'_>) -> Array {
        let params = utf8(*params, "params");
        call(params.and_then(|params| self.0.start_text(Mode::named(name(*mode))?, name(*method), params)))
    }

    pub fn start_raw(&self, method: Bytes<'_>, body: Bytes<'_>) -> Array {
        call(utf8(*body, "body").and_then(|body| self.0.start_raw(name(*method), body)))
    }

    pub fn resume(&self, snapshot: Bytes<'_>) -> Array {
        call(utf8(*snapshot, "snapshot").and_then(|snapshot| self.0.resume(snapshot)))
    }

    pub fn sign_in(&self, grant: &ZendHashTable) -> Array {
        call(self::grant(grant).and_then(|grant| self.0.sign_in(grant)))
    }

    pub fn follow(&self, method: Bytes<'_>, rules: &ZendHashTable) -> Array {
        let batch = self::rules(rules).and_then(|rules| self.0.follow(name(*method), rules));
        told(batch.map(|it| ZendClassObject::new(Batch(it))))
    }

    pub fn snapshot(&self) -> Array {
        told(self.0.snapshot())
    }

    pub fn restore(&self, snapshot: Bytes<'_>) -> Array {
        told(utf8(*snapshot, "snapshot").and_then(|snapshot| self.0.restore(snapshot)))
    }

    pub fn revision(&self) -> u64 {
        self.0.revision()
    }

    pub fn store_key(&self) -> String {
        self.0.store_key()
    }

    pub fn warnings(&self) -> String {
        text::warnings(&self.0.warnings())
    }

    pub fn authorize_url(&self, page: Bytes<'_>, state: Bytes<'_>) -> Array {
        told(self.0.authorize_url(name(*page), name(*state)))
    }

    pub fn read_return(&self, url: Bytes<'_>, state: Bytes<'_>) -> Array {
        told(self.0.read_return(name(*url), name(*state)).map(|returned| text::returned(&returned)))
    }
}

#[php_impl]
impl Call {
    pub fn step(&self, now: i64, entropy: Bytes<'_>) -> Array {
        match self.0.step(now, *entropy) {
            Ok(Step::Send(request)) => sent(request),
            Ok(Step::Wait { until }) => array!["wait" => until],
            Ok(Step::Load) => array!["load" => true],
            Ok(Step::Swap { version, bytes }) => swap(version, bytes),
            Ok(Step::Done { result }) => array!["done" => result],
            Err(failure) => array!["failure" => text::failure(&failure)],
        }
    }

    pub fn receive(&self, status: u16, body: Bytes<'_>, now: i64) -> Array {
        told(self.0.receive(status, *body, now))
    }

    pub fn fail(&self, unsent: bool, reason: Bytes<'_>, now: i64) -> Array {
        told(self.0.fail(unsent, &String::from_utf8_lossy(*reason), now))
    }

    pub fn loaded(&self, version: u64, bytes: Bytes<'_>, now: i64) -> Array {
        told(self.0.loaded(version, *bytes, now))
    }

    pub fn swapped(&self, stored: bool, now: i64) -> Array {
        told(self.0.swapped(stored, now))
    }

    pub fn store_failed(&self, reason: Bytes<'_>, now: i64) -> Array {
        told(self.0.store_failed(&String::from_utf8_lossy(*reason), now))
    }

    pub fn snapshot(&self) -> Array {
        told(self.0.snapshot())
    }

    pub fn warnings(&self) -> String {
        text::violations(&self.0.warnings())
    }
}

#[php_impl]
impl Batch {
    pub fn add(&self, key: Bytes<'_>, since: i64, now: i64) -> Array {
        told(utf8(*key, "key").and_then(|key| self.0.add(key, since, now)))
    }

    pub fn hint(&self, key: Bytes<'_>, now: i64) -> Array {
        told(self.0.hint(name(*key), now))
    }

    pub fn step(&self, now: i64, entropy: Bytes<'_>) -> Array {
        match self.0.step(now, *entropy) {
            Ok(BatchStep::Send(request)) => sent(request),
            Ok(BatchStep::Wait { until }) => array!["wait" => until],
            Ok(BatchStep::Load) => array!["load" => true],
            Ok(BatchStep::Swap { version, bytes }) => swap(version, bytes),
            Ok(BatchStep::Event(event)) => array!["event" => text::event(&event)],
            Ok(BatchStep::Idle) => array!["idle" => true],
            Err(failure) => array!["failure" => text::failure(&failure)],
        }
    }

    pub fn receive(&self, status: u16, body: Bytes<'_>, now: i64) -> Array {
        told(self.0.receive(status, *body, now))
    }

    pub fn fail(&self, unsent: bool, reason: Bytes<'_>, now: i64) -> Array {
        told(self.0.fail(unsent, &String::from_utf8_lossy(*reason), now))
    }

    pub fn loaded(&self, version: u64, bytes: Bytes<'_>, now: i64) -> Array {
        told(self.0.loaded(version, *bytes, now))
    }

    pub fn swapped(&self, stored: bool, now: i64) -> Array {
        told(self.0.swapped(stored, now))
    }

    pub fn store_failed(&self, reason: Bytes<'_>, now: i64) -> Array {
        told(self.0.store_failed(&String::from_utf8_lossy(*reason), now))
    }

    pub fn progress(&self) -> Array {
        told(self.0.progress().map(|progress| text::progress(&progress)))
    }

    pub fn snapshot(&self) -> Array {
        told(self.0.snapshot())
    }

    pub fn resume(&self, snapshot: Bytes<'_>, now: i64) -> Array {
        told(utf8(*snapshot, "snapshot").and_then(|snapshot| self.0.resume(snapshot, now)))
    }
}

#[php_impl]
impl Core {
    pub fn check(method: Bytes<'_>, params: &Zval) -> Array {
        let checked = nnopen_ffi::check_source(name(*method), &Params::top(params));
        told(checked.map(|checked| text::checked(&checked)))
    }

    pub fn check_text(method: Bytes<'_>, params: Bytes<'_>) -> Array {
        let checked = utf8(*params, "params").and_then(|params| nnopen_ffi::check(name(*method), params));
        told(checked.map(|checked| text::checked(&checked)))
    }

    pub fn read(method: Bytes<'_>, status: u16, body: Bytes<'_>) -> Array {
        told(nnopen_ffi::read(name(*method), status, *body).map(|answer| text::answer_text(&answer)))
    }

    pub fn read_push(kind: Bytes<'_>, body: Bytes<'_>) -> Array {
        told(nnopen_ffi::read_push(name(*kind), *body).map(|push| text::push_text(&push)))
    }

    pub fn accept_push() -> String {
        nnopen_ffi::push_accepted()
    }

    pub fn refuse_push(reason: Bytes<'_>) -> String {
        nnopen_ffi::push_refused(&String::from_utf8_lossy(*reason))
    }

    pub fn documents(invoice: &Zval) -> Array {
        told(nnopen_ffi::documents(&Params::top(invoice)).map(|documents| text::documents(&documents)))
    }

    pub fn explain(code: Bytes<'_>) -> String {
        text::explanations(&nnopen_ffi::explain(name(*code)))
    }

    /// The parts: secret, path, app_key, senid, nonce, timestamp, body.
    pub fn sign(parts: &ZendHashTable) -> Array {
        let part = |name: &str| needed(parts, name);
        told((|| {
            let (secret, path, key) = (part("secret")?, part("path")?, part("app_key")?);
            let (senid, nonce, timestamp, body) = (part("senid")?, part("nonce")?, part("timestamp")?, part("body")?);
            let signed = nnopen_ffi::sign(&secret, &path, &key, &senid, &nonce, &timestamp, &body)?;
            Ok(vec![signed.canonical, signed.signature])
        })())
    }

    pub fn amounts(line: &Zval) -> Array {
        told(order::amounts(&Params::top(line)).map(Vec::from))
    }

    pub fn totals(order: &Zval) -> Array {
        told(order::totals(&Params::top(order)).map(Vec::from))
    }

    pub fn fill(order: &Zval) -> Array {
        told(order::fill(&Params::top(order)))
    }

    pub fn split(order: &Zval, limit: Bytes<'_>) -> Array {
        told(order::split(&Params::top(order), name(*limit)))
    }

    pub fn red(blue: &Zval, number: Bytes<'_>, date: Bytes<'_>, reason: Bytes<'_>) -> Array {
        told(order::red(&Params::top(blue), name(*number), name(*date), name(*reason)))
    }

    pub fn methods() -> Vec<String> {
        nnopen_ffi::methods().into_iter().map(str::to_owned).collect()
    }
}

#[php_module]
pub fn get_module(module: ModuleBuilder<'_>) -> ModuleBuilder<'_> {
    module.name("nnopen").class::<Session>().class::<Call>().class::<Batch>().class::<Core>()
}

fn call(outcome: Result<nnopen_ffi::Call, nnopen_ffi::Failure>) -> Array {
    match outcome {
        Ok(call) => ok(ZendClassObject::new(Call(call))),
        Err(failure) => array!["failure" => text::failure(&failure)],
    }
}
