//! The guarantees tried for real, by `nnopen-proof`: a run of any size by hand, small ones as a part of the tests.

use std::path::Path;
use std::process::{Command, ExitCode};

use crate::run::redis;
use crate::test::{Tally, cargo, succeeds};

const PACKAGE: &str = "nnopen-proof";
/// Small enough for every test run, big enough to meet every kind of trouble.
const SMALL: &[&str] =
    &["orders", "--orders", "300", "--workers", "4", "--kills", "3", "--rate", "30", "--day", "2500", "--seed", "1"];

/// `cargo xtask proof`: the full run, or one of the size that the arguments tell.
pub(crate) fn run(root: &Path, args: &[&str]) -> ExitCode {
    let args = [&["run", "--quiet", "--package", PACKAGE, "--", "orders"], args].concat();
    if succeeds(&mut cargo(root, &args)) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The part `proof` of the tests.
pub(crate) fn test(root: &Path, tally: &mut Tally) {
    if !succeeds(&mut cargo(root, &["build", "--quiet", "--package", PACKAGE])) {
        return tally.one("proof: it builds", false);
    }
    tally.one("proof: orders", succeeds(&mut proof(root, SMALL)));
    let unproven = proof(root, &[SMALL, &["--without", "ask-first"]].concat()).output();
    let seen = unproven
        .is_ok_and(|output| !output.status.success() && String::from_utf8_lossy(&output.stdout).contains("doubled"));
    tally.one("proof: orders sent again without asking come out doubled", seen);
    if redis() {
        tally.one("proof: a fleet on a file, SQLite, Redis", succeeds(&mut proof(root, &["fleet"])));
    } else {
        let stores = ["fleet", "--store", "file", "--store", "sqlite"];
        tally.one("proof: a fleet on a file, SQLite", succeeds(&mut proof(root, &stores)));
        tally.skip("proof: a fleet on Redis (there is no redis-server)".to_owned());
    }
}

fn proof(root: &Path, args: &[&str]) -> Command {
    cargo(root, &[&["run", "--quiet", "--package", PACKAGE, "--"], args].concat())
}
