//! The PHP extension: glue over `nnopen-ffi`, for the classes of the package to build on.
//!
//! Nothing throws here: what can go wrong comes back as `["failure" => […]]`, and the package throws it from PHP code,
//! where no frame of a stack trace holds a secret argument.

mod params;

use ext_php_rs::binary::Binary;
use ext_php_rs::binary_slice::BinarySlice;
use ext_php_rs::boxed::ZBox;
use ext_php_rs::convert::IntoZval;
use ext_php_rs::prelude::*;
use ext_php_rs::types::{ZendClassObject, ZendHashTable, Zval};
use nnopen_ffi::{Config, Failure, Grant, Mode, Step, Violation};

use params::Params;

type Array = ZBox<ZendHashTable>;
type Bytes<'a> = BinarySlice<'a, u8>;

/// `array!["name" => value, …]`
macro_rules! array {
    ($($name:literal => $value:expr),* $(,)?) => {{
        let mut array = ZendHashTable::new();
        $(put(&mut array, $name, $value);)*
        array
    }};
}

/// A session of the core.
#[php_class]
#[php(name = "Nnopen\\Native\\Session")]
pub struct Session(nnopen_ffi::Session);

/// A call of the core, in progress.
#[php_class]
#[php(name = "Nnopen\\Native\\Call")]
pub struct Call(nnopen_ffi::Call);

#[php_impl]
impl Session {
    /// Opens a session: `ok` is the session.
    pub fn open(config: &ZendHashTable) -> Array {
        told(
            config_of(config).and_then(nnopen_ffi::Session::open).map(|session| ZendClassObject::new(Session(session))),
        )
    }

    /// Starts a call: `ok` is the call. Mode is `call`, `poll`, `settle` or `settle_again`.
    pub fn start(&self, mode: Bytes<'_>, method: Bytes<'_>, params: &Zval) -> Array {
        told(mode_of(text(*mode)).and_then(|mode| self.0.start(mode, text(*method), &Params::top(params))).map(call))
    }

    /// Starts a call with params as JSON text.
    pub fn start_text(&self, mode: Bytes<'_>, method: Bytes<'_>, params: Bytes<'_>) -> Array {
        let params = utf8(*params, "params");
        told(params.and_then(|params| self.0.start_text(mode_of(text(*mode))?, text(*method), params)).map(call))
    }

    /// Starts a call with a body of the caller's own.
    pub fn start_raw(&self, method: Bytes<'_>, body: Bytes<'_>) -> Array {
        told(utf8(*body, "body").and_then(|body| self.0.start_raw(text(*method), body)).map(call))
    }

    /// Starts getting a token: with key and secret, `["refresh" => true]`, or `code`, `tax_num`, `redirect_uri`.
    pub fn sign_in(&self, grant: &ZendHashTable) -> Array {
        told(grant_of(grant).and_then(|grant| self.0.sign_in(grant)).map(call))
    }

    /// The snapshot; it holds tokens.
    pub fn snapshot(&self) -> Array {
        told(self.0.snapshot())
    }

    /// Takes over a snapshot.
    pub fn restore(&self, snapshot: Bytes<'_>) -> Array {
        told(utf8(*snapshot, "snapshot").and_then(|snapshot| self.0.restore(snapshot)))
    }

    /// Grows whenever the snapshot changes.
    pub fn revision(&self) -> u64 {
        self.0.revision()
    }

    /// Under which name a store keeps the token.
    pub fn store_key(&self) -> String {
        self.0.store_key()
    }

    /// Pairs of Chinese and English.
    pub fn warnings(&self) -> Vec<Vec<String>> {
        self.0.warnings().into_iter().map(|(zh, en)| vec![zh, en]).collect()
    }

    /// The page on which a merchant authorises.
    pub fn authorize_url(&self, redirect_uri: Bytes<'_>, state: Bytes<'_>) -> Array {
        told(self.0.authorize_url(text(*redirect_uri), text(*state)))
    }

    /// Reads the return from that page.
    pub fn read_return(&self, url: Bytes<'_>, state: Bytes<'_>) -> Array {
        told(self.0.read_return(text(*url), text(*state)).map(|returned| {
            array! {
                "code" => returned.code.expose(), "tax_num" => returned.tax_num,
                "state_matched" => returned.state_matched,
            }
        }))
    }
}

#[php_impl]
impl Call {
    /// What to do now: `["send" => […]]`, `["wait" => ms]`, `["done" => json]` or `["failure" => […]]`.
    pub fn step(&self, now: i64, entropy: Bytes<'_>) -> Array {
        match self.0.step(now, *entropy) {
            Ok(Step::Send(request)) => {
                let preview = request.preview();
                let (url, headers, body) = request.into_parts();
                array!["send" => array!["url" => url, "headers" => headers, "body" => body, "preview" => preview]]
            }
            Ok(Step::Wait { until }) => array!["wait" => until],
            Ok(Step::Load) => array!["load" => true],
            Ok(Step::Swap { version, bytes }) => {
                array!["swap" => array!["version" => version, "bytes" => Binary::new(bytes)]]
            }
            Ok(Step::Done { result }) => array!["done" => result],
            Err(failure) => array!["failure" => failed(failure)],
        }
    }

    /// The answer to the request sent last.
    pub fn receive(&self, status: u16, body: Bytes<'_>, now: i64) -> Array {
        told(self.0.receive(status, *body, now))
    }

    /// No answer to the request sent last.
    pub fn fail(&self, not_sent: bool, reason: Bytes<'_>, now: i64) -> Array {
        told(self.0.fail(not_sent, &String::from_utf8_lossy(*reason), now))
    }

    /// What the store holds.
    pub fn loaded(&self, version: u64, bytes: Bytes<'_>, now: i64) -> Array {
        told(self.0.loaded(version, *bytes, now))
    }

    /// Whether the store took the bytes.
    pub fn swapped(&self, stored: bool, now: i64) -> Array {
        told(self.0.swapped(stored, now))
    }

    /// The store could not be read or written.
    pub fn store_failed(&self, reason: Bytes<'_>, now: i64) -> Array {
        told(self.0.store_failed(&String::from_utf8_lossy(*reason), now))
    }

    /// What someone should look at in the params.
    pub fn warnings(&self) -> Vec<Array> {
        self.0.warnings().iter().map(violation).collect()
    }
}

/// All that is wrong with params, and the body if nothing is.
#[php_function]
#[php(name = "Nnopen\\Native\\check")]
pub fn check(method: Bytes<'_>, params: &Zval) -> Array {
    told(nnopen_ffi::check_source(text(*method), &Params::top(params)).map(checked))
}

/// The same, of params as JSON text.
#[php_function]
#[php(name = "Nnopen\\Native\\check_text")]
pub fn check_text(method: Bytes<'_>, params: Bytes<'_>) -> Array {
    told(utf8(*params, "params").and_then(|params| nnopen_ffi::check(text(*method), params)).map(checked))
}

/// Reads an answer.
#[php_function]
#[php(name = "Nnopen\\Native\\read")]
pub fn read(method: Bytes<'_>, status: u16, body: Bytes<'_>) -> Array {
    told(nnopen_ffi::read(text(*method), status, *body).map(|answer| {
        array! {
            "code" => answer.code, "describe" => answer.describe, "result" => answer.result,
            "failure" => answer.failure.map(failed),
        }
    }))
}

/// Reads what the platform pushed.
#[php_function]
#[php(name = "Nnopen\\Native\\read_push")]
pub fn read_push(content_type: Bytes<'_>, body: Bytes<'_>) -> Array {
    told(nnopen_ffi::read_push(text(*content_type), *body).map(|push| {
        array! {
            "operater" => push.operater, "known" => push.known, "order_no" => push.order_no,
            "serial_no" => push.serial_no, "bill_no" => push.bill_no, "status" => push.status,
            "status_code" => push.status_code, "content" => push.content, "raw" => push.raw,
            "confirm_method" => push.confirm_method, "confirm_params" => push.confirm_params,
        }
    }))
}

/// The answer to a push that was taken in, or was not for this reason.
#[php_function]
#[php(name = "Nnopen\\Native\\answer_push")]
pub fn answer_push(refused: Option<Bytes<'_>>) -> String {
    let reason = refused.map(|reason| String::from_utf8_lossy(*reason).into_owned());
    reason.map_or_else(nnopen_ffi::push_accepted, |reason| nnopen_ffi::push_refused(&reason))
}

/// What is known about a code.
#[php_function]
#[php(name = "Nnopen\\Native\\explain")]
pub fn explain(code: Bytes<'_>) -> Vec<Array> {
    let explained = |about: nnopen_ffi::Explanation| {
        array! {
            "code" => about.code, "scope" => about.scope, "text" => about.text,
            "meaning_zh" => about.meaning_zh, "meaning_en" => about.meaning_en,
            "cause_zh" => about.cause_zh, "cause_en" => about.cause_en, "fix_zh" => about.fix_zh,
            "fix_en" => about.fix_en, "retry" => about.retry, "order_free" => about.order_free,
        }
    };
    nnopen_ffi::explain(text(*code)).into_iter().map(explained).collect()
}

/// Signs a body; the parts are secret, path, app_key, senid, nonce, timestamp, body.
#[php_function]
#[php(name = "Nnopen\\Native\\sign")]
pub fn sign(parts: &ZendHashTable) -> Array {
    let part = |name: &str| needed(parts, name);
    told((|| {
        let (secret, path, key) = (part("secret")?, part("path")?, part("app_key")?);
        let (senid, nonce, timestamp, body) = (part("senid")?, part("nonce")?, part("timestamp")?, part("body")?);
        let signed = nnopen_ffi::sign(&secret, &path, &key, &senid, &nonce, &timestamp, &body)?;
        Ok(array!["canonical" => signed.canonical, "signature" => signed.signature])
    })())
}

/// The names of all methods.
#[php_function]
#[php(name = "Nnopen\\Native\\methods")]
pub fn methods() -> Vec<&'static str> {
    nnopen_ffi::methods()
}

#[php_module]
pub fn get_module(module: ModuleBuilder<'_>) -> ModuleBuilder<'_> {
    let module = module.name("nnopen").class::<Session>().class::<Call>();
    let module = module.function(wrap_function!(check)).function(wrap_function!(check_text));
    let module = module.function(wrap_function!(read)).function(wrap_function!(read_push));
    let module = module.function(wrap_function!(answer_push));
    module.function(wrap_function!(explain)).function(wrap_function!(sign)).function(wrap_function!(methods))
}

fn call(call: nnopen_ffi::Call) -> ZBox<ZendClassObject<Call>> {
    ZendClassObject::new(Call(call))
}

fn told(outcome: Result<impl IntoZval, Failure>) -> Array {
    match outcome {
        Ok(value) => array!["ok" => value],
        Err(failure) => array!["failure" => failed(failure)],
    }
}

fn checked((violations, body): (Vec<Violation>, Option<String>)) -> Array {
    array!["violations" => violations.iter().map(violation).collect::<Vec<_>>(), "body" => body]
}

fn put(array: &mut ZendHashTable, name: &str, value: impl IntoZval) {
    array.insert(name, value).expect("a text or a number goes into any array");
}

fn failed(failure: Failure) -> Array {
    array! {
        "kind" => failure.kind, "code" => failure.code, "describe" => failure.describe,
        "hint_zh" => failure.hint_zh, "hint_en" => failure.hint_en,
        "violations" => failure.violations.iter().map(violation).collect::<Vec<_>>(),
        "retry_at" => failure.retry_at, "retry" => failure.retry, "order_free" => failure.order_free,
        "result" => failure.result,
    }
}

fn violation(violation: &Violation) -> Array {
    array! {
        "path" => violation.path.as_str(), "rule" => violation.rule, "severity" => violation.severity,
        "code" => violation.code,
        "message" => violation.message.as_str(), "message_en" => violation.message_en.as_str(),
    }
}

/// A name; one that is no UTF-8 is no name of anything.
fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or("\u{fffd}")
}

fn utf8<'a>(bytes: &'a [u8], what: &str) -> Result<&'a str, Failure> {
    std::str::from_utf8(bytes).map_err(|_| usage(format!("{what} is not UTF-8")))
}

fn usage(describe: String) -> Failure {
    Failure { kind: "usage".to_owned(), describe, retry: "no".to_owned(), ..Failure::default() }
}

fn optional(array: &ZendHashTable, name: &str) -> Result<Option<String>, Failure> {
    let value = array.get(name).map(Zval::dereference).filter(|value| !value.is_null());
    let text = value.map(|value| value.str().ok_or_else(|| usage(format!("{name} must be a text in UTF-8"))));
    Ok(text.transpose()?.map(str::to_owned))
}

fn needed(array: &ZendHashTable, name: &str) -> Result<String, Failure> {
    optional(array, name).map(Option::unwrap_or_default)
}

fn config_of(array: &ZendHashTable) -> Result<Config, Failure> {
    Ok(Config {
        environment: needed(array, "environment")?,
        service_url: optional(array, "service_url")?,
        token_url: optional(array, "token_url")?,
        app_key: needed(array, "app_key")?,
        app_secret: needed(array, "app_secret")?.into(),
        tax_num: needed(array, "tax_num")?,
        service_provider: array.get("service_provider").and_then(Zval::bool).unwrap_or(false),
        shared: array.get("shared").and_then(Zval::bool).unwrap_or(false),
        permanent_token: optional(array, "permanent_token")?.map(Into::into),
    })
}

fn grant_of(array: &ZendHashTable) -> Result<Grant, Failure> {
    Ok(match optional(array, "code")? {
        Some(code) => {
            let (tax_num, redirect_uri) = (needed(array, "tax_num")?, needed(array, "redirect_uri")?);
            Grant::AuthorizationCode { code: code.into(), tax_num, redirect_uri }
        }
        None if array.get("refresh").is_some() => Grant::Refresh,
        None => Grant::ClientCredentials,
    })
}

fn mode_of(name: &str) -> Result<Mode, Failure> {
    Ok(match name {
        "call" => Mode::Call,
        "poll" => Mode::Poll,
        "settle" => Mode::Settle,
        "settle_again" => Mode::SettleAgain,
        _ => return Err(usage("mode must be call, poll, settle or settle_again".to_owned())),
    })
}
