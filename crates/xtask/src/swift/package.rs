//! The package `swift`: a folder that SwiftPM takes as it is, with the archive of this machine; a program that uses it is
//! built and run beside it.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use super::test::{PACKAGE, prepare};
use super::toolchain::Toolchain;
use crate::folders::{copy, program, target};
use crate::package::{Artefact, Failure, budget};
use crate::simulator::Simulator;
use crate::uniffi::Built;

/// The manifest, the sources, the README; not the tests.
const HANDED_ON: [&str; 5] = ["Package.swift", "README.md", "README.en.md", "Sources", "scripts"];
const EXAMPLE: &str = "bindings/swift/Example";
const ORDER: &str = "SWIFT-1";

pub(crate) fn build(root: &Path, dist: &Path) -> Result<Vec<Artefact>, Failure> {
    let swift = Toolchain::find().map_err(Failure::Skipped)?;
    let built = Built::new(root, true).map_err(Failure::Failed)?;
    let package = dist.join("swift");
    let _ = fs::remove_dir_all(&package);
    for name in HANDED_ON {
        let copied = copy(&root.join(PACKAGE).join(name), &package.join(name));
        copied.map_err(|error| Failure::Failed(format!("{name}: {error}")))?;
    }
    prepare(root, &built, &package).map_err(Failure::Failed)?;
    try_out(root, &swift, &package)?;
    let archive = package.join("lib").join(built.archive.file_name().unwrap_or_default());
    Ok(vec![Artefact { path: archive, budget: Some(budget::SWIFT_ARCHIVE) }])
}

/// The example issues an invoice with it, against the simulator.
fn try_out(root: &Path, swift: &Toolchain, package: &Path) -> Result<(), Failure> {
    let failed = |why: &str| Failure::Failed(why.to_owned());
    let target = target(root);
    let simulator = Simulator::start(&program(root, "nnopen")).map_err(|error| failed(&error.to_string()))?;
    let scratch = target.join("swift-example").to_string_lossy().into_owned();
    let args = ["run", "--scratch-path", &scratch, "Issue"];
    let mut run = swift.command(&args, &root.join(EXAMPLE), &[root, &target]);
    run.env("NNOPEN_SWIFT", package).env("NNOPEN_URL", format!("{}/open/v1/services", simulator.url));
    let output = run.stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| failed(&error.to_string()))?;
    let told = String::from_utf8_lossy(&output.stdout);
    print!("{told}");
    match output.status.success() && told.lines().any(|line| line.starts_with("2 2598")) {
        true => Ok(()),
        false => Err(failed(&format!("a program that takes it does not issue {ORDER}"))),
    }
}
