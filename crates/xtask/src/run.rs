//! Other programs: run quietly, read line by line, or had from Debian.

use std::io::{self, BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::test::succeeds;

/// Whether a program succeeds; what it prints is not shown.
pub(crate) fn quietly(program: &str, args: &[&str]) -> bool {
    succeeds(Command::new(program).args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()))
}

/// Runs a program and hands over each line that it prints; tells whether it succeeded.
pub(crate) fn lines(command: &mut Command, mut see: impl FnMut(&str)) -> io::Result<bool> {
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    for line in child.stdout.take().into_iter().flat_map(|out| BufReader::new(out).lines()) {
        see(&line?);
    }
    Ok(child.wait()?.success())
}

/// Installs Debian's packages, where this is a Debian and we may: what lacks them elsewhere is skipped.
pub(crate) fn install(packages: &[&str]) {
    let apt = |args: &[&str]| quietly("env", &[&["DEBIAN_FRONTEND=noninteractive", "apt-get"], args].concat());
    let install = || apt(&[&["install", "--yes", "--no-install-recommends"], packages].concat());
    if apt(&["--version"]) && !install() && apt(&["update"]) {
        install();
    }
}

/// Whether there is a Redis server, installed if it can be.
pub(crate) fn redis() -> bool {
    let there = || quietly("redis-server", &["--version"]);
    if !there() {
        install(&["redis-server"]);
    }
    there()
}
