//! The PHP extension: one function, `Nnopen\Native\question`, which is the C library's. The classes over it are PHP, the
//! same as over FFI. Nothing throws here, so that no frame of a stack trace holds a secret argument.

use ext_php_rs::binary::Binary;
use ext_php_rs::binary_slice::BinarySlice;
use ext_php_rs::prelude::*;

/// Answers a question, as `nnopen_ask` does.
#[php_function]
#[php(name = "Nnopen\\Native\\question")]
pub fn question(asked: BinarySlice<'_, u8>) -> Binary<u8> {
    nnopen_c::answer(*asked).into()
}

#[php_module]
pub fn get_module(module: ModuleBuilder<'_>) -> ModuleBuilder<'_> {
    module.name("nnopen").function(wrap_function!(question))
}
