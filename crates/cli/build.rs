//! Takes the request-preview page into the program, where it has been built; without it the program is built all the same.

use std::env;
use std::path::Path;

fn main() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/preview/dist/index.html");
    println!("cargo::rustc-check-cfg=cfg(preview_page)");
    println!("cargo::rerun-if-changed={}", page.display());
    if page.is_file() {
        println!("cargo::rustc-cfg=preview_page");
        println!("cargo::rustc-env=NNOPEN_PREVIEW_PAGE={}", page.display());
    }
}
