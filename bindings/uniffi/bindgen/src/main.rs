//! Writes the Kotlin and Swift that stand on the library `nnopen-uniffi`.

fn main() {
    uniffi::uniffi_bindgen_main();
}
