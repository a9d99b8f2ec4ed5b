//! The library under Kotlin and Swift: built, and what UniFFI writes for it.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::folders::{program, target};
use crate::test::{cargo, succeeds};

pub(crate) const CLIPPY: &[&str] =
    &["clippy", "--package", "nnopen-uniffi", "--package", "nnopen-bindgen", "--", "-D", "warnings"];

/// What `cargo build` has made.
pub(crate) struct Built {
    /// The shared library that is shipped.
    pub(crate) library: PathBuf,
    /// The same as an archive.
    pub(crate) archive: PathBuf,
    /// What UniFFI reads: it is stripped from the library that is published.
    described: PathBuf,
    bindgen: PathBuf,
}

impl Built {
    /// Builds the library, small if it is to be published, and the programs that go with it.
    pub(crate) fn new(root: &Path, published: bool) -> Result<Self, String> {
        let build = |args: &[&str]| match succeeds(cargo(root, &["build", "--quiet"]).args(args)) {
            true => Ok(()),
            false => Err(format!("cargo build {} failed", args.join(" "))),
        };
        build(&["--package", "nnopen-cli", "--package", "nnopen-bindgen"])?;
        build(&["--package", "nnopen-uniffi"])?;
        if published {
            build(&["--package", "nnopen-uniffi", "--profile", "addon"])?;
        }
        let target = target(root);
        let shipped = target.join(if published { "addon" } else { "debug" });
        let archive = if cfg!(windows) { "nnopen_uniffi.lib" } else { "libnnopen_uniffi.a" };
        Ok(Self {
            library: shipped.join(library()),
            archive: shipped.join(archive),
            described: target.join("debug").join(library()),
            bindgen: program(root, "nnopen-bindgen"),
        })
    }

    /// Lets UniFFI write what stands on the library.
    pub(crate) fn write(&self, root: &Path, language: &str, folder: &Path) -> Result<(), String> {
        let mut bindgen = Command::new(&self.bindgen);
        bindgen.arg("generate").arg(&self.described).args(["--language", language, "--no-format"]);
        bindgen.args(["--config", "bindings/uniffi/uniffi.toml", "--out-dir"]).arg(folder);
        match succeeds(bindgen.current_dir(root)) {
            true => Ok(()),
            false => Err("nnopen-bindgen failed".to_owned()),
        }
    }
}

pub(crate) fn library() -> &'static str {
    match std::env::consts::OS {
        "windows" => "nnopen_uniffi.dll",
        "macos" => "libnnopen_uniffi.dylib",
        _ => "libnnopen_uniffi.so",
    }
}
