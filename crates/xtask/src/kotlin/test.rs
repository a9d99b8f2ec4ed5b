//! The part `kotlin` of the tests: the native library, what UniFFI writes for it, then Maven with JUnit.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::folders::{program, target};
use crate::run::{lines, quietly};
use crate::test::{Tally, cargo, succeeds};
use crate::uniffi::{self, Built};

pub(super) const FOLDER: &str = "bindings/kotlin";
pub(super) const MAVEN: &str = if cfg!(windows) { "mvn.cmd" } else { "mvn" };

pub(crate) fn run(root: &Path, tally: &mut Tally) {
    if !there() {
        install();
    }
    if !there() {
        return tally.skip(format!("kotlin ({NEEDS})"));
    }
    tally.one("kotlin: cargo clippy", succeeds(&mut cargo(root, uniffi::CLIPPY)));
    if let Err(fault) = prepare(root, false) {
        return tally.one(&format!("kotlin: {fault}"), false);
    }
    let mut maven = Command::new(MAVEN);
    maven.args(["--batch-mode", "--no-transfer-progress", "verify"]).current_dir(root.join(FOLDER));
    count(maven.env("NNOPEN_BIN", program(root, "nnopen")), tally);
}

/// Our jars, and the others that programs over them and Kotlin's compiler need: two class paths, for the guides' programs.
pub(crate) fn classes(root: &Path) -> Result<(String, String), String> {
    if !there() {
        install();
    }
    if !there() {
        return Err(NEEDS.to_owned());
    }
    prepare(root, false)?;
    let folder = root.join(FOLDER);
    let listed = target(root).join("guides.classpath");
    let maven = |args: &[&str], folder: &Path| {
        let mut maven = Command::new(MAVEN);
        succeeds(maven.args(["--batch-mode", "--no-transfer-progress", "--quiet"]).args(args).current_dir(folder))
    };
    let list = ["dependency:build-classpath", &format!("-Dmdep.outputFile={}", listed.display())];
    let jars = ["package", "-DskipTests", "--projects", &MODULES.join(",")];
    if !maven(&jars, &folder) || !maven(&list, &root.join("tests/guides")) {
        return Err("the jars are not built".to_owned());
    }
    let others = fs::read_to_string(&listed).map_err(|error| format!("{}: {error}", listed.display()))?;
    let mut ours: Vec<PathBuf> = Vec::new();
    for module in MODULES {
        let jars = fs::read_dir(folder.join(module).join("target")).map_err(|error| format!("{module}: {error}"))?;
        let jars = jars.flatten().map(|entry| entry.path());
        ours.extend(jars.filter(|path| path.extension().is_some_and(|end| end == "jar")));
    }
    let all = ours.into_iter().chain(std::env::split_paths(others.trim()));
    let all = std::env::join_paths(all).map_err(|error| error.to_string())?;
    Ok((all.to_string_lossy().into_owned(), others.trim().to_owned()))
}

const MODULES: [&str; 4] = ["core", "jdk", "okhttp", "coroutines"];

pub(crate) const NEEDS: &str = "needs a JDK from 17 on and Maven";

/// The program of the fleet, over the classes as they are now; none without a JDK and Maven.
pub(crate) fn member(root: &Path) -> Result<Option<Command>, String> {
    if !there() {
        return Ok(None);
    }
    prepare(root, false)?;
    let folder = root.join(FOLDER);
    let mut maven = Command::new(MAVEN);
    maven.args(["--batch-mode", "--no-transfer-progress", "--quiet", "test-compile", "dependency:build-classpath"]);
    maven.args(["--projects", "tests", "--also-make", "-Dmdep.outputFile=target/classpath"]).current_dir(&folder);
    let classes = folder.join("tests/target");
    let path = succeeds(&mut maven).then(|| fs::read_to_string(classes.join("classpath")).ok()).flatten();
    let path = path.ok_or("Maven does not compile it")?;
    let path = format!("{}{}{path}", classes.join("test-classes").display(), if cfg!(windows) { ";" } else { ":" });
    let mut java = Command::new("java");
    java.args(["-cp", &path, "io.github.nnopen.tests.MemberKt"]);
    Ok(Some(java))
}

/// Puts the library where the jar takes it from, and the Kotlin that stands on it beside it.
pub(super) fn prepare(root: &Path, published: bool) -> Result<(), String> {
    let built = Built::new(root, published)?;
    let core = root.join(FOLDER).join("core/target");
    place(&built.library, &core.join("native").join(platform()))?;
    built.write(root, "kotlin", &core.join("uniffi"))
}

/// Puts a file into a folder, first under another name: a program that has the old one open keeps it.
fn place(file: &Path, folder: &Path) -> Result<(), String> {
    let fresh = folder.join("fresh");
    let placed = fs::create_dir_all(folder)
        .and_then(|()| fs::copy(file, &fresh))
        .and_then(|_| fs::rename(&fresh, folder.join(uniffi::library())));
    placed.map_err(|error| format!("{}: {error}", file.display()))
}

pub(super) fn there() -> bool {
    quietly("javac", &["--release", "17", "--version"]) && quietly(MAVEN, &["--version"])
}

pub(super) fn install() {
    crate::run::install(&["default-jdk-headless", "maven"]);
}

/// The folder in which JNA looks for a library of this machine.
fn platform() -> String {
    let system = match std::env::consts::OS {
        "windows" => "win32",
        "macos" => "darwin",
        other => other,
    };
    let machine = if std::env::consts::ARCH == "x86_64" { "x86-64" } else { std::env::consts::ARCH };
    format!("{system}-{machine}")
}

/// Runs Maven; what Surefire tells of each class of tests counts.
fn count(maven: &mut Command, tally: &mut Tally) {
    let (before, mut ran, mut away) = (tally.failures(), 0, false);
    let succeeded = lines(maven, |line| {
        println!("{line}");
        ran += read(line, tally);
        // One that can be asked and has no such jar is told otherwise.
        away |= line.contains("Could not transfer artifact");
    });
    let succeeded = succeeded.unwrap_or(false);
    if !succeeded && away && ran == 0 {
        return tally.skip("kotlin (needs Maven's repository, or what it holds on this machine)".to_owned());
    }
    if (!succeeded && tally.failures() == before) || ran == 0 {
        tally.one("kotlin: mvn verify", false);
    }
}

/// A line such as `[INFO] Tests run: 12, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 1.2 s -- in x.YTest`.
fn read(line: &str, tally: &mut Tally) -> usize {
    let Some((told, class)) = line.split_once(" -- in ") else { return 0 };
    let number = |what: &str| -> usize {
        let rest = told.split_once(what).map_or("", |(_, rest)| rest);
        rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap_or_default()
    };
    let (ran, skipped) = (number("Tests run: "), number("Skipped: "));
    let failed = number("Failures: ") + number("Errors: ");
    tally.pass(ran.saturating_sub(failed + skipped));
    (0..failed).for_each(|_| tally.one(&format!("kotlin: {class}"), false));
    (0..skipped).for_each(|_| tally.skip(format!("kotlin: {class}")));
    ran
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_surefire_prints_is_counted_and_named() {
        let mut tally = Tally::default();
        let lines = [
            "[INFO] Tests run: 12, Failures: 0, Errors: 0, Skipped: 1, Time elapsed: 1.2 s -- in a.OneTest",
            "[ERROR] Tests run: 4, Failures: 1, Errors: 1, Skipped: 0, Time elapsed: 0.1 s <<< FAILURE! -- in a.TwoTest",
            "[INFO] Tests run: 16, Failures: 1, Errors: 1, Skipped: 1",
        ];
        let ran: usize = lines.iter().map(|line| read(line, &mut tally)).sum();
        assert_eq!((ran, tally.passed, tally.failures(), tally.skipped.len()), (16, 13, 2, 1));
    }
}
