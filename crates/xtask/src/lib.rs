//! The project's own commands: what follows from `api/`, and all tests.

#![forbid(unsafe_code)]

mod bench;
mod book;
mod docs;
mod example;
mod fault;
mod fleet;
mod folders;
mod fuzz;
mod gates;
mod guides;
mod instructions;
mod ir;
mod kotlin;
mod lint;
mod load;
mod model;
mod mutants;
mod names;
mod node;
mod output;
mod package;
mod php;
mod platform;
mod pretty;
mod proof;
mod python;
mod release;
mod rules;
mod run;
mod rust;
mod simulator;
mod swift;
mod table;
mod templates;
mod test;
mod text;
mod uniffi;
mod vectors;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use fault::Faults;
use ir::Api;
use load::Files;

const USAGE: &str = "\
cargo xtask gen          writes all that follows from api/: Rust tables, reference pages, the simulator's table, vectors
cargo xtask check        tells stale files, faults in the data, and what no vector covers
cargo xtask test [PART]  runs all tests, or one part of them: fmt, clippy, gates, check, vectors, rust, instructions, proof, fuzz,
                         python, node, web, preview, php, kotlin, swift, docs; by name: fleet, package
cargo xtask package [NAME]  builds what is published into dist/, tries it out, tells its size: python, node, php, kotlin, swift
cargo xtask bench [NAME…]  tells what nnopen costs beside programs that do the same work; all of them also write
                         docs/benchmarks.md: rust, batch, python, node, wasm, php, jvm, simulator
cargo xtask instructions  counts the instructions of a few pieces of work anew, after a change that is meant (needs valgrind)
cargo xtask proof [ARGS] tries the delivery guarantees: 10,000 orders, 8 workers killed again and again (--help tells the rest)
cargo xtask book         puts the book together, in Chinese and English (needs mdBook)
cargo xtask release --dry-run  tells what a release would publish where, and what stands in its way
cargo xtask ci           runs all tests; a part left out must stand in .ci/skips.txt
cargo xtask fuzz [--runs N | --seconds N] [TARGET…]  throws made-up bytes at every door; 100,000,000 runs unless told
cargo xtask mutants [NAME…]  takes out one safeguard at a time: each time a test must fail";

/// Runs the command that the arguments name.
pub fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let root = root();
    match args.as_slice() {
        ["gen"] => gen_all(&root),
        ["check"] => check(&root),
        ["test"] => test::run(&root, None, false),
        ["test", part] => test::run(&root, Some(part), false),
        ["package"] => package::run(&root, None),
        ["package", name] => package::run(&root, Some(name)),
        ["bench", "--page"] => bench::rewrite(&root),
        ["bench", names @ ..] => bench::run(&root, names),
        ["instructions"] => instructions::keep(&root),
        ["proof", args @ ..] => proof::run(&root, args),
        ["book"] => book::run(&root),
        ["release", args @ ..] => release::run(&root, args),
        ["ci"] => test::run(&root, None, true),
        ["fuzz", options @ ..] => fuzz::run(&root, options),
        ["mutants", names @ ..] => mutants::run(&root, names),
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(3)
        }
    }
}

fn gen_all(root: &Path) -> ExitCode {
    let mut faults = Faults::default();
    let api = read(&root, &mut faults);
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
    let (api, mut faults) = faults(root);
    mutants::lint(root, &mut faults);
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
    let api = read(&root, &mut faults);
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

/// How many faults the data files have whose texts are told here, by their paths.
pub fn faults_of(files: &BTreeMap<String, String>) -> usize {
    let mut faults = Faults::default();
    read(files, &mut faults);
    faults.0.len()
}

fn read(files: &dyn Files, faults: &mut Faults) -> Api {
    let api = load::load(files, faults);
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
