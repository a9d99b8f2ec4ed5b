//! The part `python`: builds the wheel, installs it into an environment of its own, and tests it there.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::test::{Tally, cargo, succeeds};

const BINDING: &str = "bindings/python";

/// What the tests of older and newer interpreters need: nothing but pytest.
const PLAIN: &[&str] = &["tests/test_conformance.py", "tests/test_behaviour.py"];

/// Runs all tests of the binding.
pub(crate) fn run(root: &Path, tally: &mut Tally) {
    let pythons = pythons();
    let Some(main) = pythons.iter().find(|python| python.is_on_path).or(pythons.first()) else {
        return tally.skip("python (needs Python 3.9 or later with pip)".to_owned());
    };
    let clippy = ["clippy", "--package", "nnopen-python", "--all-targets", "--", "-D", "warnings"];
    tally.one("cargo clippy of bindings/python", succeeds(&mut cargo(root, &clippy)));
    let target = target(root);
    let venv = Venv { folder: target.join("python-venv"), binding: root.join(BINDING), target: target.clone() };
    let prepared = succeeds(&mut cargo(root, &["build", "--package", "nnopen-cli"]))
        && venv.make(&main.path)
        && venv.pip(&["install", "--quiet", "--requirement", "tests/requirements.txt"]);
    let wheel = if prepared { venv.wheel() } else { None };
    let Some(wheel) = wheel else { return tally.one("the wheel of bindings/python", false) };
    let install = |venv: &Venv| venv.pip(&["install", "--quiet", "--no-deps", "--force-reinstall", &wheel]);
    tally.one("the wheel of bindings/python", install(&venv));
    venv.pytest(&[], tally);
    // The same wheel on the oldest and the newest interpreter that is there.
    let others: Vec<&Python> = [pythons.first(), pythons.last()].into_iter().flatten().collect();
    for other in others.into_iter().filter(|other| other.version != main.version) {
        println!("\n-- Python 3.{}", other.version);
        let name = format!("python-venv-3.{}", other.version);
        let venv = Venv { folder: target.join(name), binding: root.join(BINDING), target: target.clone() };
        if venv.make(&other.path) && venv.pip(&["install", "--quiet", "pytest"]) && install(&venv) {
            venv.pytest(PLAIN, tally);
        } else {
            tally.one(&format!("the wheel on Python 3.{}", other.version), false);
        }
    }
}

/// An interpreter that has pip, and its minor version.
struct Python {
    path: PathBuf,
    version: u32,
    is_on_path: bool,
}

/// Those on the path, and those that pyenv keeps; one of each version, the oldest first.
fn pythons() -> Vec<Python> {
    let home = std::env::var_os("PYENV_ROOT")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".pyenv")));
    let kept = home.into_iter().flat_map(|home| std::fs::read_dir(home.join("versions")).into_iter().flatten());
    let kept = kept.flatten().map(|entry| (entry.path().join("bin/python3"), false));
    let named = (9..20).map(|minor| (PathBuf::from(format!("python3.{minor}")), false));
    let all = [(PathBuf::from("python3"), true)].into_iter().chain(named).chain(kept);
    let mut found: Vec<Python> = Vec::new();
    for (path, is_on_path) in all {
        let ask = "import sys, pip, venv; print(sys.version_info.minor if sys.version_info[0] == 3 else 0)";
        let Ok(said) = Command::new(&path).args(["-c", ask]).stderr(Stdio::null()).output() else { continue };
        let version = String::from_utf8_lossy(&said.stdout).trim().parse().unwrap_or(0);
        if version >= 9 && found.iter().all(|other| other.version != version) {
            found.push(Python { path, version, is_on_path });
        }
    }
    found.sort_by_key(|python| python.version);
    found
}

/// An environment of our own, under the build's folder.
struct Venv {
    folder: PathBuf,
    binding: PathBuf,
    target: PathBuf,
}

impl Venv {
    fn make(&self, python: &Path) -> bool {
        self.program("python").is_file() || succeeds(Command::new(python).args(["-m", "venv"]).arg(&self.folder))
    }

    fn program(&self, name: &str) -> PathBuf {
        if cfg!(windows) {
            self.folder.join("Scripts").join(format!("{name}.exe"))
        } else {
            self.folder.join("bin").join(name)
        }
    }

    fn python(&self) -> Command {
        let mut python = Command::new(self.program("python"));
        python.current_dir(&self.binding).env("VIRTUAL_ENV", &self.folder).env_remove("PYTHONPATH");
        python
    }

    fn pip(&self, args: &[&str]) -> bool {
        succeeds(self.python().args(["-m", "pip", "--disable-pip-version-check"]).args(args))
    }

    /// Builds the wheel; gives its path.
    fn wheel(&self) -> Option<String> {
        let folder = self.target.join("python-wheel");
        let _ = std::fs::remove_dir_all(&folder);
        let built = succeeds(
            self.python()
                .args(["-m", "maturin", "build", "--quiet", "--out"])
                .arg(&folder)
                .env("CARGO_TARGET_DIR", &self.target),
        );
        let wheel = std::fs::read_dir(&folder).ok()?.flatten().next()?.path();
        built.then(|| wheel.to_string_lossy().into_owned())
    }

    /// Runs pytest; what it counts is counted.
    fn pytest(&self, files: &[&str], tally: &mut Tally) {
        let binary = if cfg!(windows) { "debug/nnopen.exe" } else { "debug/nnopen" };
        let mut python = self.python();
        python.args(["-m", "pytest", "-q", "-rfEs", "--color=no", "--tb=short", "-p", "no:cacheprovider"]);
        python.args(files).env("NNOPEN_BIN", self.target.join(binary));
        let said = python.stderr(Stdio::inherit()).output();
        let text = said.as_ref().map(|said| String::from_utf8_lossy(&said.stdout).into_owned()).unwrap_or_default();
        println!("{text}");
        let failed = tally.failures();
        let passed = text.lines().fold(0, |passed, line| passed + tell(line, tally));
        tally.pass(passed);
        if !said.is_ok_and(|said| said.status.success()) && tally.failures() == failed || passed == 0 {
            tally.one("pytest of bindings/python", false);
        }
    }
}

/// Takes what a line of pytest tells; gives how many tests passed.
fn tell(line: &str, tally: &mut Tally) -> usize {
    if let Some(name) = line.strip_prefix("FAILED ").or_else(|| line.strip_prefix("ERROR ")) {
        tally.one(name.split(" - ").next().unwrap_or(name), false);
    } else if let Some(skip) = line.strip_prefix("SKIPPED ") {
        tally.skip(format!("python: {}", skip.split_once("] ").map_or(skip, |(_, skip)| skip)));
    }
    let words: Vec<&str> = line.split([' ', ',', '=']).filter(|word| !word.is_empty()).collect();
    let is_sum = words.contains(&"in");
    words.windows(2).filter(|pair| is_sum && pair[1] == "passed").find_map(|pair| pair[0].parse().ok()).unwrap_or(0)
}

/// Where cargo builds.
fn target(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_pytest_prints_is_counted_and_named() {
        let mut tally = Tally::default();
        let lines = [
            "FAILED tests/test_a.py::test_b - AssertionError: 1 passed",
            "SKIPPED [1] tests/test_a.py:12: needs Linux",
            "1 failed, 12 passed, 1 skipped in 3.21s",
        ];
        let passed: usize = lines.iter().map(|line| tell(line, &mut tally)).sum();
        tally.pass(passed);
        let report = "failed: tests/test_a.py::test_b\nskipped: python: tests/test_a.py:12: needs Linux\n12 passed, 1 failed, 1 skipped";
        assert_eq!(tally.report(), report);
    }
}
