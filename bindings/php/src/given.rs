//! What PHP gives, as a part of a question.

use ext_php_rs::types::{ZendClassObject, Zval};
use nnopen_c::Part;

use crate::params::{Params, Sight};
use crate::{Held, Thing};

pub(crate) fn part<'a>(given: &'a Zval, sight: &'a Sight) -> Part<'a> {
    if let Some(text) = given.zend_str() {
        return Part::Bytes(text.as_bytes());
    }
    if let Some(number) = given.long() {
        return Part::Number(number);
    }
    if let Some(yes) = given.bool() {
        return Part::Bytes(if yes { b"1" } else { b"" });
    }
    match given.object().and_then(ZendClassObject::<Held>::from_zend_obj).map(|held| &held.0) {
        Some(Thing::Open(held)) => Part::Held(held),
        _ => Part::Params(Box::new(Params::whole(given, sight))),
    }
}
