//! All tests in one command: runs every part whatever the others say, streams what they print, counts at the end.

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use crate::package::Failure;
use crate::run::lines;

type Part = (&'static str, fn(&Path, &mut Tally));

/// The parts in the order in which they run, the quick ones first.
const PARTS: &[Part] = &[
    ("fmt", fmt),
    ("clippy", clippy),
    ("gates", crate::gates::run),
    ("check", check),
    ("vectors", vectors),
    ("rust", rust),
    ("instructions", crate::instructions::test),
    ("proof", crate::proof::test),
    ("fuzz", crate::fuzz::short),
    ("python", crate::python::test::run),
    ("node", crate::node::test::run),
    ("web", crate::node::test::run_web),
    ("preview", crate::node::test::run_preview),
    ("php", crate::php::test::run),
    ("kotlin", crate::kotlin::test::run),
    ("swift", crate::swift::test::run),
    ("docs", crate::guides::run),
];

/// Parts that run only when they are named.
const NAMED: &[Part] = &[("fleet", crate::fleet::run), ("package", crate::package::test)];

/// What may be skipped in CI, one name a line.
const SKIPS: &str = ".ci/skips.txt";

/// Runs all parts, or one. With `strict`, a skip that is not on the written list is a failure.
pub(crate) fn run(root: &Path, part: Option<&str>, strict: bool) -> ExitCode {
    let chosen: Vec<&Part> = match part {
        None => PARTS.iter().collect(),
        Some(part) => PARTS.iter().chain(NAMED).filter(|(name, _)| part == *name).collect(),
    };
    if chosen.is_empty() {
        eprintln!(
            "no such part; the parts are {}",
            PARTS.iter().chain(NAMED).map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
        );
        return ExitCode::from(3);
    }
    let mut tally = Tally::default();
    for (name, run) in chosen {
        println!("\n== {name}");
        run(root, &mut tally);
    }
    if strict {
        let listed = fs::read_to_string(root.join(SKIPS)).unwrap_or_default();
        tally.allow_only(&listed);
    }
    println!("\n{}", tally.report());
    if tally.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn fmt(root: &Path, tally: &mut Tally) {
    cargo_part(root, tally, "cargo fmt", &["fmt", "--version"], &["fmt", "--all", "--check"]);
}

fn clippy(root: &Path, tally: &mut Tally) {
    let args = ["clippy", "--all-targets", "--", "-D", "warnings"];
    cargo_part(root, tally, "cargo clippy", &["clippy", "--version"], &args);
}

fn check(root: &Path, tally: &mut Tally) {
    tally.one("cargo xtask check", crate::check(root) == ExitCode::SUCCESS);
}

/// Signatures and bodies of the vectors, made anew by a program that shares nothing with the core.
fn vectors(root: &Path, tally: &mut Tally) {
    for name in ["tests/vectors/make.py", "tests/vectors/amounts.py"] {
        script(root, name, tally);
    }
}

fn script(root: &Path, name: &str, tally: &mut Tally) {
    if !root.join(name).is_file() {
        return tally.one(name, false);
    }
    let new_enough = ["-c", "import sys; sys.exit(sys.version_info < (3, 11))"];
    if !succeeds(Command::new("python3").args(new_enough).stderr(Stdio::null())) {
        return tally.skipped.push(format!("{name} (needs Python 3.11)"));
    }
    tally.one(name, succeeds(Command::new("python3").args([name, "--check"]).current_dir(root)));
}

/// `cargo test`: each of its tests counts.
fn rust(root: &Path, tally: &mut Tally) {
    let mut cargo = cargo(root, &["test", "--no-fail-fast"]);
    let before = tally.failed.len();
    let succeeded = lines(&mut cargo, |line| {
        println!("{line}");
        tally.read(line);
    });
    if !succeeded.unwrap_or(false) && tally.failed.len() == before {
        tally.failed.push("cargo test".to_owned());
    }
}

fn cargo_part(root: &Path, tally: &mut Tally, name: &str, probe: &[&str], args: &[&str]) {
    if succeeds(cargo(root, probe).stdout(Stdio::null()).stderr(Stdio::null())) {
        tally.one(name, succeeds(&mut cargo(root, args)));
    } else {
        tally.skipped.push(name.to_owned());
    }
}

pub(crate) fn cargo(root: &Path, args: &[&str]) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(args).current_dir(root);
    cargo
}

pub(crate) fn succeeds(command: &mut Command) -> bool {
    command.status().is_ok_and(|status| status.success())
}

/// What was counted.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) passed: usize,
    failed: Vec<String>,
    pub(crate) skipped: Vec<String>,
}

impl Tally {
    pub(crate) fn one(&mut self, name: &str, passed: bool) {
        if passed {
            self.passed += 1;
        } else {
            self.failed.push(name.to_owned());
        }
    }

    /// As [`Tally::one`], of what can tell why it failed.
    pub(crate) fn done(&mut self, name: &str, done: Result<(), Failure>) {
        match done {
            Ok(()) => self.one(name, true),
            Err(Failure::Failed(why)) => self.one(&format!("{name}: {why}"), false),
            Err(Failure::Skipped(why)) => self.skip(format!("{name} ({why})")),
        }
    }

    pub(crate) fn pass(&mut self, count: usize) {
        self.passed += count;
    }

    pub(crate) fn skip(&mut self, name: String) {
        self.skipped.push(name);
    }

    pub(crate) fn failures(&self) -> usize {
        self.failed.len()
    }

    /// Takes what a line of `cargo test` tells: a test that did not pass by its name, the others by their number.
    fn read(&mut self, line: &str) {
        if let Some(counts) = line.strip_prefix("test result: ") {
            let passed = counts.split([' ', '.', ';']).zip(counts.split([' ', '.', ';']).skip(1));
            let passed =
                passed.filter(|(_, what)| *what == "passed").find_map(|(count, _)| count.parse::<usize>().ok());
            self.passed += passed.unwrap_or_default();
            return;
        }
        let Some((name, outcome)) = line.strip_prefix("test ").and_then(|line| line.rsplit_once(" ... ")) else {
            return;
        };
        if outcome.starts_with("FAILED") {
            self.failed.push(name.to_owned());
        } else if outcome.starts_with("ignored") {
            self.skipped.push(name.to_owned());
        }
    }

    /// Skips that are not on the list become failures.
    fn allow_only(&mut self, listed: &str) {
        let listed: Vec<&str> = listed.lines().map(str::trim).collect();
        let (allowed, others) =
            std::mem::take(&mut self.skipped).into_iter().partition(|name| listed.contains(&name.as_str()));
        self.skipped = allowed;
        let others: Vec<String> = others;
        self.failed.extend(others.into_iter().map(|name| format!("{name}: skipped, and not in {SKIPS}")));
    }

    pub(crate) fn report(&self) -> String {
        let mut lines: Vec<String> = self.failed.iter().map(|name| format!("failed: {name}")).collect();
        lines.extend(self.skipped.iter().map(|name| format!("skipped: {name}")));
        lines.push(format!("{} passed, {} failed, {} skipped", self.passed, self.failed.len(), self.skipped.len()));
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cargo_prints_is_counted_and_named() {
        let mut tally = Tally::default();
        let lines = [
            "running 4 tests",
            "test a::good ... ok",
            "test a::late ... ignored, needs a clock",
            "test a::bad ... FAILED",
            "test result: FAILED. 2 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
        ];
        lines.iter().for_each(|line| tally.read(line));
        assert_eq!(tally.report(), "failed: a::bad\nskipped: a::late\n2 passed, 1 failed, 1 skipped");
    }

    #[test]
    fn a_skip_that_is_not_on_the_list_fails() {
        let mut tally = Tally { passed: 3, failed: Vec::new(), skipped: vec!["swift".to_owned(), "node".to_owned()] };
        tally.allow_only("# toolchains that cannot be had\nswift\n");
        assert_eq!(tally.skipped, ["swift"]);
        assert_eq!(tally.failed, ["node: skipped, and not in .ci/skips.txt"]);
    }
}
