//! The package `swift`: a folder that SwiftPM takes as it is, with the archive of this machine; a program that uses it is
//! built and run beside it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::test::{PACKAGE, prepare};
use super::toolchain::Toolchain;
use crate::package::{Artefact, Failure};
use crate::uniffi::{self, Built};

/// The archive before it is linked: what stays in a program is a tenth of it.
const BUDGET: u64 = 12_000_000;
const EXAMPLE: &str = "bindings/swift/Example";
const ORDER: &str = "SWIFT-1";

pub(crate) fn build(root: &Path, dist: &Path) -> Result<Vec<Artefact>, Failure> {
    let swift = Toolchain::find().map_err(Failure::Skipped)?;
    let built = Built::new(root, true).map_err(Failure::Failed)?;
    let package = dist.join("swift");
    let _ = fs::remove_dir_all(&package);
    copy(&root.join(PACKAGE), &package).map_err(|error| Failure::Failed(error.to_string()))?;
    prepare(root, &built, &package).map_err(Failure::Failed)?;
    try_out(root, &swift, &package)?;
    let archive = package.join("lib").join(built.archive.file_name().unwrap_or_default());
    Ok(vec![Artefact { path: archive, budget: Some(BUDGET) }])
}

/// What is handed on: the manifest, the sources, the README; not the tests.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    for name in ["Package.swift", "README.md", "README.en.md", "Sources", "scripts"] {
        tree(&from.join(name), &to.join(name))?;
    }
    Ok(())
}

fn tree(from: &Path, to: &Path) -> std::io::Result<()> {
    if !from.is_dir() {
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder)?;
        }
        return fs::copy(from, to).map(|_| ());
    }
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        tree(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

/// The example issues an invoice with it, against the simulator.
fn try_out(root: &Path, swift: &Toolchain, package: &Path) -> Result<(), Failure> {
    let failed = |why: &str| Failure::Failed(why.to_owned());
    let target = uniffi::target(root).ok_or_else(|| failed("cargo tells no target folder"))?;
    let program = uniffi::program(root, "nnopen").ok_or_else(|| failed("cargo tells no target folder"))?;
    let (simulator, url) = simulate(&program).map_err(|error| failed(&error.to_string()))?;
    let scratch = target.join("swift-example").to_string_lossy().into_owned();
    let args = ["run", "--scratch-path", &scratch, "Issue"];
    let mut run = swift.command(&args, &root.join(EXAMPLE), &[root, &target]);
    run.env("NNOPEN_SWIFT", package).env("NNOPEN_URL", format!("{url}/open/v1/services"));
    let output = run.stderr(Stdio::inherit()).output();
    simulator.stop();
    let output = output.map_err(|error| failed(&error.to_string()))?;
    let told = String::from_utf8_lossy(&output.stdout);
    print!("{told}");
    match output.status.success() && told.lines().any(|line| line.starts_with("2 2598")) {
        true => Ok(()),
        false => Err(failed(&format!("a program that takes it does not issue {ORDER}"))),
    }
}

struct Simulator(Child);

impl Simulator {
    fn stop(mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the simulator; its first line is its address.
fn simulate(program: &PathBuf) -> std::io::Result<(Simulator, String)> {
    let mut child = Command::new(program).arg("simulate").stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let mut line = String::new();
    if let Some(out) = child.stdout.take() {
        BufReader::new(out).read_line(&mut line)?;
    }
    Ok((Simulator(child), line.trim().to_owned()))
}
