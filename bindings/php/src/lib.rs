//! The PHP extension: one function, `Nnopen\Native\ask`, which is the C library's. The classes over it are PHP, the same
//! as over FFI. Nothing throws here, so that no frame of a stack trace holds a secret argument.

mod params;

use ext_php_rs::binary::Binary;
use ext_php_rs::prelude::*;
use ext_php_rs::types::{ZendHashTable, Zval};
use nnopen_c::Part;

use params::{Params, Sight};

/// Answers a question, given by its parts: texts, and arrays that are params. Nothing, if params hold what only PHP can
/// turn into a text (an object, an array within itself): they are to be made plain and given again, `plain` being true.
#[php_function]
#[php(name = "Nnopen\\Native\\ask")]
pub fn ask(parts: &ZendHashTable, plain: bool) -> Option<Vec<Binary<u8>>> {
    let sight = Sight::new(plain);
    let given: Vec<Given<'_>> = params::values(parts).map(|part| Given::of(part, &sight)).collect();
    let question: Vec<Part<'_>> = given.iter().map(Given::part).collect();
    let answer = nnopen_c::answer(&question);
    (!sight.is_blind()).then(|| answer.into_iter().map(Binary::new).collect())
}

enum Given<'a> {
    Bytes(&'a [u8]),
    Params(Params<'a>),
}

impl<'a> Given<'a> {
    fn of(part: &'a Zval, sight: &'a Sight) -> Self {
        match part.zend_str() {
            Some(text) => Self::Bytes(text.as_bytes()),
            None => Self::Params(Params::whole(part, sight)),
        }
    }

    fn part(&self) -> Part<'_> {
        match self {
            Self::Bytes(bytes) => Part::Bytes(bytes),
            Self::Params(params) => Part::Params(params),
        }
    }
}

#[php_module]
pub fn get_module(module: ModuleBuilder<'_>) -> ModuleBuilder<'_> {
    module.name("nnopen").function(wrap_function!(ask))
}
