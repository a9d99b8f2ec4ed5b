//! `cargo xtask`: see the crate of the same name.

#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    xtask::main()
}
