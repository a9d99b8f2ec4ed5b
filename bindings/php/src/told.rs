//! What crosses the border besides params: arrays of PHP out, settings in.

use ext_php_rs::binary::Binary;
use ext_php_rs::boxed::ZBox;
use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ZendHashTable, Zval};
use nnopen_ffi::{BatchRules, Config, Failure, Grant, Request, text};

pub(crate) type Array = ZBox<ZendHashTable>;

/// `array!["name" => value, …]`
#[macro_export]
macro_rules! array {
    ($($name:literal => $value:expr),* $(,)?) => {{
        let mut array = ext_php_rs::types::ZendHashTable::new();
        $($crate::told::put(&mut array, $name, $value);)*
        array
    }};
}

pub(crate) fn put(array: &mut ZendHashTable, name: &str, value: impl IntoZval) {
    array.insert(name, value).expect("a text or a number goes into any array");
}

pub(crate) fn ok(value: impl IntoZval) -> Array {
    array!["ok" => value]
}

pub(crate) fn told(outcome: Result<impl IntoZval, Failure>) -> Array {
    match outcome {
        Ok(value) => ok(value),
        Err(failure) => array!["failure" => text::failure(&failure)],
    }
}

pub(crate) fn sent(request: Request) -> Array {
    let preview = request.preview();
    let (url, headers, body) = request.into_parts();
    array!["send" => array!["url" => url, "headers" => headers, "body" => body, "preview" => preview]]
}

pub(crate) fn swap(version: u64, bytes: Vec<u8>) -> Array {
    array!["swap" => array!["version" => version, "bytes" => Binary::new(bytes)]]
}

/// A name; one that is no UTF-8 is no name of anything.
pub(crate) fn name(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or("\u{fffd}")
}

pub(crate) fn utf8<'a>(bytes: &'a [u8], what: &str) -> Result<&'a str, Failure> {
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

pub(crate) fn needed(array: &ZendHashTable, name: &str) -> Result<String, Failure> {
    optional(array, name).map(Option::unwrap_or_default)
}

fn yes(array: &ZendHashTable, name: &str) -> bool {
    array.get(name).and_then(Zval::bool).unwrap_or(false)
}

pub(crate) fn config(array: &ZendHashTable) -> Result<Config, Failure> {
    Ok(Config {
        environment: needed(array, "environment")?,
        service_url: optional(array, "service_url")?,
        token_url: optional(array, "token_url")?,
        app_key: needed(array, "app_key")?,
        app_secret: needed(array, "app_secret")?.into(),
        tax_num: needed(array, "tax_num")?,
        service_provider: yes(array, "service_provider"),
        shared: yes(array, "shared"),
        permanent_token: optional(array, "permanent_token")?.map(Into::into),
    })
}

pub(crate) fn grant(array: &ZendHashTable) -> Result<Grant, Failure> {
    let part = |name: &str| needed(array, name);
    Grant::named(&part("grant")?, part("code")?.into(), part("tax_num")?, part("redirect_uri")?)
}

pub(crate) fn rules(array: &ZendHashTable) -> Result<BatchRules, Failure> {
    let count = |name: &str| {
        let number = array.get(name).and_then(Zval::long).and_then(|number| u32::try_from(number).ok());
        number.ok_or_else(|| usage(format!("{name} must be a whole number from 0 to 4294967295")))
    };
    Ok(BatchRules {
        by: needed(array, "by")?,
        rate: count("rate")?,
        slowest: count("slowest")?,
        give_up: count("give_up")?,
        with: needed(array, "with")?,
    })
}
