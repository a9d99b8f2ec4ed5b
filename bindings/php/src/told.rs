//! What the core tells, as PHP's values: null, a text, a list of texts, a thing to be held, which is also the step `send`;
//! the other steps and a failure are lists that begin with a word.

use ext_php_rs::boxed::ZBox;
use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ArrayKey, ZendClassObject, ZendHashTable, ZendStr, Zval};
use nnopen_c::{Json, Request, Told};

use crate::{Held, Thing};

pub(crate) fn value(told: Told) -> Zval {
    match told {
        Told::Nothing => Zval::null(),
        Told::Text(told) => text(told),
        Told::Texts(texts) => list(texts.into_iter().map(text)),
        Told::Held(held) => object(Thing::Open(held)),
        Told::Send(request) => object(Thing::Request(request)),
        Told::Done(result) => list([text("done"), object(Thing::Result(result))].into_iter()),
        Told::Step(word, told) => list(std::iter::once(text(word)).chain(told.into_iter().map(text))),
        Told::Failure(why) => list([text("failure"), text(why)].into_iter()),
    }
}

pub(crate) fn flag(yes: bool) -> Zval {
    let mut value = Zval::new();
    value.set_bool(yes);
    value
}

/// What a request is asked for; null if it is nothing that it knows.
pub(crate) fn request(word: &[u8], request: &Request) -> Zval {
    match word {
        b"url" => text(&request.url),
        b"lines" => {
            let mut line = String::with_capacity(80);
            list(request.headers.iter().map(|(name, value)| {
                line.clear();
                line.extend([name, ": ", value]);
                text(&line)
            }))
        }
        b"headers" => {
            let mut array = ZendHashTable::with_capacity(room(request.headers.len()));
            request.headers.iter().for_each(|(name, value)| put(&mut array, ArrayKey::Str(name), text(value)));
            whole(array)
        }
        b"body" => text(&request.body),
        b"preview" => text(request.preview()),
        _ => Zval::null(),
    }
}

/// What a result is asked for: its JSON text, or a value in which every number is a text.
pub(crate) fn result(word: &[u8], result: &Json) -> Zval {
    match word {
        b"json" => text(result.to_string()),
        b"value" => json(result, &mut Vec::new()),
        _ => Zval::null(),
    }
}

/// `names` are those of the object before: the rows of a list have the same.
fn json(json: &Json, names: &mut Vec<ZBox<ZendStr>>) -> Zval {
    match json {
        Json::Null => Zval::null(),
        Json::Bool(yes) => flag(*yes),
        Json::Number(told) | Json::Text(told) => text(told),
        Json::List(items) => {
            let mut names = Vec::new();
            list(items.iter().map(|item| self::json(item, &mut names)))
        }
        Json::Object(members) => {
            let mut array = ZendHashTable::with_capacity(room(members.len()));
            for (at, (name, value)) in members.iter().enumerate() {
                let value = self::json(value, &mut Vec::new());
                let key = match ArrayKey::from(name.as_str()) {
                    ArrayKey::Str(name) => ArrayKey::ZendString(known(name, at, names)),
                    // PHP has numbers for names such as "5".
                    number => number,
                };
                put(&mut array, key, value);
            }
            whole(array)
        }
    }
}

/// A name at this place: PHP's text of the object before, if it is the same there.
fn known<'a>(name: &str, at: usize, names: &'a mut Vec<ZBox<ZendStr>>) -> &'a ZendStr {
    if names.get(at).is_none_or(|before| before.as_bytes() != name.as_bytes()) {
        names.truncate(at);
        names.push(ZendStr::new(name, false));
    }
    &names[at.min(names.len() - 1)]
}

fn text(told: impl AsRef<[u8]>) -> Zval {
    let mut value = Zval::new();
    value.set_zend_string(ZendStr::new(told, false));
    value
}

fn list(items: impl Iterator<Item = Zval>) -> Zval {
    let mut array = ZendHashTable::with_capacity(room(items.size_hint().0));
    for item in items {
        // Fails for no value that is one already.
        let _ = array.push(item);
    }
    whole(array)
}

fn put(array: &mut ZendHashTable, key: ArrayKey<'_>, value: Zval) {
    // As above.
    let _ = array.insert(key, value);
}

fn whole(array: ZBox<ZendHashTable>) -> Zval {
    let mut value = Zval::new();
    value.set_hashtable(array);
    value
}

fn room(length: usize) -> u32 {
    length.try_into().unwrap_or_default()
}

/// The thing, as an object of PHP.
fn object(thing: Thing) -> Zval {
    ZendClassObject::new(Held(thing)).into_zval(false).unwrap_or_default()
}
