//! What is published: each package is built from the tree into `dist/`, tried out where nothing else is installed, and its
//! size is held against a budget.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::test::Tally;

/// The most bytes that a published file may have: more fails `cargo xtask package`. (The WebAssembly's size as it is sent,
/// at most 250 KiB with brotli, is a test of the web package.)
pub(crate) mod budget {
    pub(crate) const WHEEL: u64 = 1_000_000;
    pub(crate) const NODE_ADDON: u64 = 1_430_000;
    pub(crate) const WASM: u64 = 700_000;
    pub(crate) const PHP_EXTENSION: u64 = 1_200_000;
    pub(crate) const C_LIBRARY: u64 = 1_200_000;
    /// With the native library of one machine in it.
    pub(crate) const JAR: u64 = 2_500_000;
    /// Before it is linked: what stays in a program is a tenth of it.
    pub(crate) const SWIFT_ARCHIVE: u64 = 12_000_000;
}

/// A file that is published, and its budget.
pub(crate) struct Artefact {
    pub(crate) path: PathBuf,
    pub(crate) budget: Option<u64>,
}

/// Builds a package into the folder given, tries it out, and tells its files.
///
/// # Errors
/// Why it can't be built here, or does not work.
type Build = fn(root: &Path, dist: &Path) -> Result<Vec<Artefact>, Failure>;

/// Why there is no package.
pub(crate) enum Failure {
    /// A tool is missing: named.
    Skipped(String),
    Failed(String),
}

/// Nothing if it is done; else why there is no package.
pub(crate) fn check(done: bool, why: &str) -> Result<(), Failure> {
    if done { Ok(()) } else { Err(Failure::Failed(why.to_owned())) }
}

const PACKAGES: &[(&str, Build)] = &[
    ("python", crate::python::package::build),
    ("node", crate::node::package::build),
    ("php", crate::php::package::build),
    ("kotlin", crate::kotlin::package::build),
    ("swift", crate::swift::package::build),
];

/// Builds all packages, or one.
pub(crate) fn run(root: &Path, name: Option<&str>) -> ExitCode {
    if let Some(name) = name.filter(|name| PACKAGES.iter().all(|(known, _)| known != name)) {
        let known: Vec<&str> = PACKAGES.iter().map(|(name, _)| *name).collect();
        eprintln!("no package {name}; the packages are {}", known.join(", "));
        return ExitCode::from(3);
    }
    let mut tally = Tally::default();
    build(root, name, &mut tally);
    println!("\n{}", tally.report());
    if tally.failures() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The part `package` of the tests.
pub(crate) fn test(root: &Path, tally: &mut Tally) {
    build(root, None, tally);
}

fn build(root: &Path, only: Option<&str>, tally: &mut Tally) {
    let dist = root.join("dist");
    let mut rows = Vec::new();
    for (name, build) in PACKAGES.iter().filter(|(name, _)| only.is_none_or(|only| only == *name)) {
        match fs::create_dir_all(&dist)
            .map_err(|error| Failure::Failed(error.to_string()))
            .and_then(|()| build(root, &dist))
        {
            Ok(artefacts) => {
                tally.one(&format!("package {name}"), !artefacts.is_empty());
                rows.extend(artefacts.iter().map(|artefact| row(name, artefact, tally)));
            }
            Err(failure) => tally.done(&format!("package {name}"), Err(failure)),
        }
    }
    println!("\n{}", rows.join("\n"));
}

/// A line of the table: package, size, budget, file.
fn row(name: &str, artefact: &Artefact, tally: &mut Tally) -> String {
    let file = artefact.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let size = fs::metadata(&artefact.path).map(|told| told.len()).unwrap_or(0);
    let kept = artefact.budget.is_none_or(|most| size <= most);
    if artefact.budget.is_some() {
        tally.one(&format!("{file} is bigger than its budget"), kept && size > 0);
    }
    let budget = artefact.budget.map(|most| format!("of {:>5} KB", most.div_ceil(1000))).unwrap_or_default();
    format!("{name:<8} {:>5} KB {budget:<11} {file}", size.div_ceil(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_over_its_budget_fails() {
        let path = std::env::temp_dir().join(format!("nnopen-budget-{}", std::process::id()));
        fs::write(&path, [0; 1500]).unwrap();
        let mut tally = Tally::default();
        let told = row("python", &Artefact { path: path.clone(), budget: Some(2000) }, &mut tally);
        assert!(told.starts_with("python       2 KB of     2 KB nnopen-budget-"), "{told}");
        row("python", &Artefact { path: path.clone(), budget: Some(1000) }, &mut tally);
        fs::remove_file(path).unwrap();
        assert_eq!((tally.passed, tally.failures()), (1, 1));
    }
}
