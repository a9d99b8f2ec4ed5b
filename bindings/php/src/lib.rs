//! The PHP extension: a function, `Nnopen\Native\ask`, which is the C library's, and a class of what the core holds,
//! which is asked the same. The classes over it are PHP, the same as over FFI. Nothing throws here, so that no frame of a
//! stack trace holds a secret argument.

mod given;
mod params;
mod told;

use ext_php_rs::flags::ClassFlags;
use ext_php_rs::prelude::*;
use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};
use nnopen_c::{Json, Part, Request};

use params::Sight;

/// Answers a question, given by its parts: texts, and arrays that are params. `false`, if params hold what only PHP can
/// turn into a text (an object, an array within itself): they are to be made plain and given again, `plain` being true.
#[php_function]
#[php(name = "Nnopen\\Native\\ask")]
pub fn ask(parts: &ZendHashTable, plain: bool) -> Zval {
    let sight = Sight::new(plain);
    let question: Vec<Part<'_>> = params::values(parts).map(|part| given::part(part, &sight)).collect();
    answered(&question, &sight)
}

/// A session, a call or a batch, a request, or a result: gone with the last PHP variable that holds it.
#[php_class]
#[php(name = "Nnopen\\Native\\Held", flags = ClassFlags::Final)]
pub struct Held(Thing);

enum Thing {
    Open(nnopen_c::Held),
    Request(Request),
    Result(Json),
}

#[php_impl]
impl Held {
    /// Answers a question about it, as `ask` does; missing arguments are not given.
    pub fn ask(&self, word: &Zval, a: Option<&Zval>, b: Option<&Zval>, c: Option<&Zval>, d: Option<&Zval>) -> Zval {
        let word = word.zend_str().map(ZendStr::as_bytes).unwrap_or_default();
        let held = match &self.0 {
            Thing::Open(held) => held,
            Thing::Request(request) => return told::request(word, request),
            Thing::Result(result) => return told::result(word, result),
        };
        let sight = Sight::new(false);
        let given = [a, b, c, d];
        let count = given.iter().take_while(|argument| argument.is_some()).count();
        let [a, b, c, d] = given.map(|argument| argument.map_or(Part::Number(0), |part| given::part(part, &sight)));
        let question = [Part::Bytes(word), Part::Held(held), a, b, c, d];
        answered(&question[..2 + count], &sight)
    }
}

fn answered(question: &[Part<'_>], sight: &Sight) -> Zval {
    let told = nnopen_c::answer(question);
    if sight.is_blind() { told::flag(false) } else { told::value(told) }
}

#[php_module]
pub fn get_module(module: ModuleBuilder<'_>) -> ModuleBuilder<'_> {
    module.name("nnopen").function(wrap_function!(ask)).class::<Held>()
}
