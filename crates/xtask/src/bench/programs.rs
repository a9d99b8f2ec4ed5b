//! The programs that measure, one or more for each language; each prints a line of JSON for each thing measured.

use std::path::Path;
use std::process::Command;

use crate::test::{cargo, succeeds};
use crate::{kotlin, node, php, python};

/// Why a program can't run.
pub(crate) enum Missing {
    /// What is not here.
    Tool(String),
    /// What should have worked.
    Broken(String),
}

/// Builds what is needed, and gives the programs.
type Prepare = fn(&Path) -> Result<Vec<Command>, Missing>;

pub(super) const PROGRAMS: &[(&str, Prepare)] = &[
    ("rust", |root| Ok(benches(root, &["ratios", "memory"]))),
    ("batch", |root| Ok(benches(root, &["batch"]))),
    ("python", python::bench::prepare),
    ("node", |root| node::bench::prepare(root, false)),
    ("wasm", |root| node::bench::prepare(root, true)),
    ("php", php::bench::prepare),
    ("jvm", kotlin::bench::prepare),
    ("simulator", |root| Ok(benches(root, &["simulator"]))),
];

fn benches(root: &Path, names: &[&str]) -> Vec<Command> {
    names.iter().map(|name| cargo(root, &["bench", "--quiet", "--package", "bench", "--bench", name])).collect()
}

/// Carries out what must work before a benchmark can run.
pub(crate) fn done(command: &mut Command, otherwise: &str) -> Result<(), Missing> {
    if succeeds(command) { Ok(()) } else { Err(Missing::Broken(otherwise.to_owned())) }
}
