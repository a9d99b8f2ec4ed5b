//! The project's own commands: what follows from `api/`, and all tests.

#![forbid(unsafe_code)]

mod book;
mod docs;
mod example;
mod fault;
mod gates;
mod ir;
mod kotlin;
mod lint;
mod load;
mod names;
mod node;
mod output;
mod php;
mod platform;
mod pretty;
mod python;
mod rules;
mod rust;
mod table;
mod templates;
mod test;
mod text;
mod vectors;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use fault::Faults;
use ir::Api;

const USAGE: &str = "\
cargo xtask gen          writes all that follows from api/: Rust tables, reference pages, the simulator's table, vectors
cargo xtask check        tells stale files, faults in the data, and what no vector covers
cargo xtask test [PART]  runs all tests, or one part of them: fmt, clippy, gates, check, vectors, rust, python; by name: node, php, kotlin
cargo xtask book         puts the book together, in Chinese and English (needs mdBook)
cargo xtask ci           runs all tests; a part left out must stand in .ci/skips.txt";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let root = root();
    match args.as_slice() {
        ["gen"] => gen_all(&root),
        ["check"] => check(&root),
        ["test"] => test::run(&root, None, std::env::var("CI").is_ok_and(|value| value == "true")),
        ["test", part] => test::run(&root, Some(part), false),
        ["book"] => book::run(&root),
        ["ci"] => test::run(&root, None, true),
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(3)
        }
    }
}

fn gen_all(root: &Path) -> ExitCode {
    let mut faults = Faults::default();
    let api = read(root, &mut faults);
    if !faults.0.is_empty() {
        return tell(&faults);
    }
    let written = output::generate(root, &api).and_then(|files| {
        output::write(root, &files).map(|(new, gone)| (files.len(), new, gone)).map_err(|error| error.to_string())
    });
    match written {
        Ok((all, new, gone)) => {
            println!("{} methods, {all} files: {new} written, {gone} removed", api.methods.len());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn check(root: &Path) -> ExitCode {
    let (api, faults) = faults(root);
    if faults.0.is_empty() {
        println!(
            "{} methods, {} pushes, {} codes, {} sets: no faults",
            api.methods.len(),
            api.pushes.len(),
            api.codes.len(),
            api.enums.len()
        );
    }
    tell(&faults)
}

/// Everything that is wrong, data first; stale files are looked for only if the data is sound.
fn faults(root: &Path) -> (Api, Faults) {
    let mut faults = Faults::default();
    let api = read(root, &mut faults);
    if faults.0.is_empty() {
        match output::generate(root, &api) {
            Ok(files) => output::compare(root, &files, &mut faults),
            Err(error) => faults.add("cargo xtask gen", "", error),
        }
    }
    vectors::coverage(root, &mut faults);
    rules::coverage(root, &api, &mut faults);
    (api, faults)
}

fn read(root: &Path, faults: &mut Faults) -> Api {
    let api = load::load(root, faults);
    lint::lint(&api, faults);
    rules::lint(&api, faults);
    api
}

fn tell(faults: &Faults) -> ExitCode {
    for fault in &faults.0 {
        eprintln!("{fault}");
    }
    match faults.0.len() {
        0 => ExitCode::SUCCESS,
        count => {
            eprintln!("{count} faults");
            ExitCode::FAILURE
        }
    }
}

/// The repository's root: two folders above this crate.
fn root() -> PathBuf {
    let crate_folder =
        std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    crate_folder.ancestors().nth(2).unwrap_or(&crate_folder).to_owned()
}

#[cfg(test)]
mod tests;
