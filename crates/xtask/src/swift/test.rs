//! The part `swift` of the tests: the archive of the core, what UniFFI writes for it, then `swift test`.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::toolchain::Toolchain;
use crate::folders::{program, target};
use crate::run::lines;
use crate::test::{Tally, cargo, succeeds};
use crate::uniffi::{self, Built};

pub(super) const PACKAGE: &str = "bindings/swift";

pub(crate) fn run(root: &Path, tally: &mut Tally) {
    let swift = match Toolchain::find() {
        Ok(swift) => swift,
        Err(why) => {
            println!("{why}");
            return tally.skip("swift (needs Swift 6, or Debian's packages and root)".to_owned());
        }
    };
    tally.one("swift: cargo clippy", succeeds(&mut cargo(root, uniffi::CLIPPY)));
    let package = root.join(PACKAGE);
    let prepared = Built::new(root, false).and_then(|built| prepare(root, &built, &package));
    if let Err(fault) = prepared {
        return tally.one(&format!("swift: {fault}"), false);
    }
    // The guides' Swift is compiled with the tests.
    let mut guides = Command::new("python3");
    guides.args(["tests/guides/run.py", "--swift", "bindings/swift/Tests/NNOpenTests/Guides.swift"]).current_dir(root);
    tally.one("swift: the blocks of the guides", succeeds(&mut guides));
    let target = target(root);
    let scratch = target.join("swift").to_string_lossy().into_owned();
    let mut test = swift.command(&["test", "--scratch-path", &scratch], &package, &[root, &target]);
    count(test.env("NNOPEN_BIN", program(root, "nnopen")), tally);
}

/// Puts the archive and what UniFFI writes where the package takes them from.
pub(super) fn prepare(root: &Path, built: &Built, package: &Path) -> Result<(), String> {
    let written = target(root).join("swift-core");
    built.write(root, "swift", &written)?;
    let headers = package.join("Sources/NNOpenCoreFFI/include/NNOpenCoreFFI");
    let files = [
        (built.archive.clone(), package.join("lib")),
        (written.join("NNOpenCore.swift"), package.join("Sources/NNOpenCore")),
        (written.join("NNOpenCoreFFI.h"), headers),
    ];
    for (file, folder) in files {
        let name = file.file_name().unwrap_or_default();
        let placed = fs::create_dir_all(&folder).and_then(|()| fs::copy(&file, folder.join(name)));
        placed.map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(())
}

/// Runs `swift test`; each test and each vector counts.
fn count(test: &mut Command, tally: &mut Tally) {
    let (before, mut ran) = (tally.failures(), 0);
    let succeeded = lines(test, |line| {
        if !line.contains("] Compiling ") {
            println!("{line}");
        }
        ran += read(line, tally);
    });
    if (!succeeded.unwrap_or(false) && tally.failures() == before) || ran == 0 {
        tally.one("swift: swift test", false);
    }
}

/// A line such as `Test Case 'A.testB' passed (0.1 seconds)` or `vectors sign: 59 played`.
fn read(line: &str, tally: &mut Tally) -> usize {
    if let Some(count) = line.strip_prefix("vectors ").and_then(|told| told.strip_suffix(" played")) {
        let played = count.split(": ").nth(1).and_then(|count| count.parse().ok()).unwrap_or(0);
        tally.pass(played);
        return played;
    }
    let Some((name, outcome)) = line.strip_prefix("Test Case '").and_then(|told| told.split_once("' ")) else {
        return 0;
    };
    match outcome.split(' ').next() {
        Some("passed") => tally.pass(1),
        Some("failed") => tally.one(&format!("swift: {name}"), false),
        Some("skipped") => tally.skip(format!("swift: {name}")),
        _ => return 0,
    }
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_swift_test_prints_is_counted_and_named() {
        let mut tally = Tally::default();
        let lines = [
            "Test Suite 'All tests' started at 2026-11-22 10:39:14.526",
            "Test Case 'ConformanceTests.testSign' started at 2026-11-22 10:39:19.212",
            "vectors sign: 59 played",
            "Test Case 'ConformanceTests.testSign' passed (0.542 seconds)",
            "A.swift:51: error: JourneyTests.testPush : failed - no push came",
            "Test Case 'JourneyTests.testPush' failed (1.0 seconds)",
            "Test Case '-[NNOpenTests.StoreTests testLock]' skipped (0.0 seconds)",
            "\t Executed 3 tests, with 1 failures (0 unexpected) in 1.5 (1.5) seconds",
        ];
        let ran: usize = lines.iter().map(|line| read(line, &mut tally)).sum();
        assert_eq!((ran, tally.passed, tally.failures(), tally.skipped.len()), (62, 60, 1, 1));
        assert!(tally.report().contains("failed: swift: JourneyTests.testPush"));
    }
}
