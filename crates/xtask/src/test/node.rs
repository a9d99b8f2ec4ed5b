//! The Node package: installed, built, and its own tests run; each of them counts.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Tally, cargo, succeeds};

/// Runs the part.
pub(super) fn run(root: &Path, tally: &mut Tally) {
    let new_enough = "process.exit(Number(process.versions.node.split('.')[0]) < 18 ? 1 : 0)";
    let quietly = |program: &str, args: &[&str]| {
        succeeds(Command::new(program).args(args).stdout(Stdio::null()).stderr(Stdio::null()))
    };
    if !quietly("node", &["-e", new_enough]) || !quietly(NPM, &["--version"]) {
        return tally.skipped.push("node (needs Node 18 and npm)".to_owned());
    }
    let package = root.join("bindings/node");
    let clippy = ["clippy", "--package", "nnopen-node", "--package", "nnopen-web", "--", "-D", "warnings"];
    tally.one("node: cargo clippy", succeeds(&mut cargo(root, &clippy)));
    let steps: [(&str, Command); 3] = [
        ("node: cargo build of the simulator", cargo(root, &["build", "--quiet", "--package", "nnopen-cli"])),
        ("node: npm ci", command(NPM, &["ci", "--no-fund", "--no-audit", "--loglevel=error"], &package)),
        ("node: build", command("node", &["scripts/build.mjs"], &package)),
    ];
    for (name, mut step) in steps {
        let done = succeeds(&mut step);
        tally.one(name, done);
        if !done {
            return;
        }
    }
    let Some(program) = simulator(root) else { return tally.one("node: the simulator's program", false) };
    let mut test = command("node", &["--test", "--test-reporter=tap", "tests/"], &package);
    test.env("NNOPEN_BIN", program);
    count(test, tally);
}

const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

fn command(program: &str, args: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(args).current_dir(folder);
    command
}

/// The program that `cargo build` has just made.
fn simulator(root: &Path) -> Option<PathBuf> {
    let told = cargo(root, &["metadata", "--format-version", "1", "--no-deps"]).output().ok()?.stdout;
    let told: serde_json::Value = serde_json::from_slice(&told).ok()?;
    let program = if cfg!(windows) { "nnopen.exe" } else { "nnopen" };
    Some(Path::new(told.get("target_directory")?.as_str()?).join("debug").join(program))
}

/// Takes what node's test runner tells as TAP: what failed by its name, all else by its number.
fn count(mut test: Command, tally: &mut Tally) {
    let before = tally.failed.len();
    let mut told = 0;
    let succeeded = test.stdout(Stdio::piped()).spawn().and_then(|mut child| {
        for line in child.stdout.take().into_iter().flat_map(|out| BufReader::new(out).lines()) {
            let line = line?;
            let words = line.trim_start();
            let number = |name: &str| words.strip_prefix(name).and_then(|count| count.trim().parse::<usize>().ok());
            if let Some(name) = words.strip_prefix("not ok ") {
                tally.failed.push(format!("node: {}", name.split_once(" - ").map_or(name, |(_, name)| name)));
            } else if let Some((name, _)) = words.split_once("# SKIP") {
                tally.skipped.push(format!("node: {}", name.split_once(" - ").map_or(name, |(_, name)| name).trim()));
            } else if let Some(passed) = number("# pass ") {
                tally.passed += passed;
                told += passed;
            }
            if !words.starts_with("ok ") && !words.starts_with("# Subtest: ") {
                println!("{line}");
            }
        }
        Ok(child.wait()?.success())
    });
    if (!succeeded.unwrap_or(false) && tally.failed.len() == before) || told == 0 {
        tally.failed.push("node --test".to_owned());
    }
}
