//! What claims to be a push.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nnopen::Push;

fuzz_target!(|body: &[u8]| {
    let _ = Push::read(body);
});
