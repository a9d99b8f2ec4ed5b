//! The part `python`: builds the wheel, installs it into an environment of its own, and tests it there.

use std::path::Path;
use std::process::{Command, Stdio};

use super::venv::{Python, Venv, pythons, simulator, target};
use crate::test::{Tally, cargo, succeeds};

const TESTS: &str = "tests/requirements.txt";

/// What the tests of older, newer and free-threaded interpreters need: nothing but pytest.
const PLAIN: &[&str] = &[
    "tests/test_conformance.py",
    "tests/test_values.py",
    "tests/test_errors.py",
    "tests/test_processes.py",
    "tests/test_package.py",
    "tests/test_batch.py",
];

/// Runs all tests of the binding.
pub(crate) fn run(root: &Path, tally: &mut Tally) {
    let pythons = pythons();
    let Some(main) = Python::usual(&pythons) else {
        return tally.skip(format!("python ({NEEDS})"));
    };
    let clippy = ["clippy", "--package", "nnopen-python", "--all-targets", "--", "-D", "warnings"];
    tally.one("cargo clippy of bindings/python", succeeds(&mut cargo(root, &clippy)));
    let venv = Venv::of(root, "python-venv");
    redis();
    let prepared = succeeds(&mut cargo(root, &["build", "--package", "nnopen-cli"]))
        && venv.make(&main.path)
        && venv.pip(&["install", "--quiet", "--requirement", TESTS]);
    if !prepared {
        return tally.one("the environment of bindings/python", false);
    }
    test_on(root, &venv, main, &venv, &[], tally);
    // The same wheel on the oldest and the newest interpreter that is there; one of its own without the global lock.
    let with_lock = || pythons.iter().filter(|python| !python.is_free && python.version != main.version);
    let others =
        with_lock().take(1).chain(with_lock().next_back()).chain(pythons.iter().filter(|python| python.is_free));
    let mut seen = vec![main.name()];
    for python in others {
        let name = python.name();
        if seen.contains(&name) {
            continue;
        }
        println!("\n-- Python {name}");
        let other = Venv::of(root, &format!("python-venv-{name}"));
        if other.make(&python.path) && other.pip(&["install", "--quiet", "pytest"]) {
            test_on(root, &other, python, &venv, PLAIN, tally);
        } else {
            tally.one(&format!("an environment of Python {name}"), false);
        }
        seen.push(name);
    }
    if pythons.iter().all(|python| !python.is_free) {
        tally.skip("python without the global lock (needs python3.14t or later)".to_owned());
    }
}

const NEEDS: &str = "needs Python 3.9 or later with pip";

/// An interpreter that has the wheel, and what the guides' programs need.
pub(crate) fn interpreter(root: &Path) -> Result<String, String> {
    let pythons = pythons();
    let main = Python::usual(&pythons).ok_or(NEEDS)?;
    let venv = Venv::of(root, "python-venv");
    let requirements = [TESTS, "../../tests/guides/requirements.txt"];
    let made = venv.make(&main.path)
        && requirements.iter().all(|file| venv.pip(&["install", "--quiet", "--requirement", file]))
        && wheel(root, &venv, main)
            .is_some_and(|wheel| venv.pip(&["install", "--quiet", "--no-deps", "--force-reinstall", &wheel]));
    if made {
        Ok(venv.program("python").to_string_lossy().into_owned())
    } else {
        Err("the wheel is not built".to_owned())
    }
}

/// The stores are tested with a server of their own.
fn redis() {
    let there =
        |program: &str| succeeds(Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()));
    if !there("redis-server") && there("apt-get") {
        let apt = |args: &[&str]| succeeds(Command::new("apt-get").args(args).stdout(Stdio::null()));
        let _ = apt(&["update", "-qq"]) && apt(&["install", "-y", "-qq", "--no-install-recommends", "redis-server"]);
    }
}

/// Builds the wheel that fits an interpreter with the tools of `tools`, installs it and runs the tests.
fn test_on(root: &Path, venv: &Venv, python: &Python, tools: &Venv, files: &[&str], tally: &mut Tally) {
    let installed = wheel(root, tools, python)
        .is_some_and(|wheel| venv.pip(&["install", "--quiet", "--no-deps", "--force-reinstall", &wheel]));
    tally.one(&format!("the wheel on Python {}", python.name()), installed);
    if installed {
        pytest(root, venv, files, tally);
    }
}

/// Builds the wheel; gives its path. The one for interpreters with the lock is one and the same.
fn wheel(root: &Path, tools: &Venv, python: &Python) -> Option<String> {
    let folder = target(root).join(if python.is_free { "python-wheel-free" } else { "python-wheel" });
    let _ = std::fs::remove_dir_all(&folder);
    let mut maturin = tools.python();
    maturin.args(["-m", "maturin", "build", "--quiet", "--out"]).arg(&folder).env("CARGO_TARGET_DIR", target(root));
    if python.is_free {
        maturin.arg("--interpreter").arg(&python.path);
    }
    let built = succeeds(&mut maturin);
    let wheel = std::fs::read_dir(&folder).ok()?.flatten().next()?.path();
    built.then(|| wheel.to_string_lossy().into_owned())
}

/// Runs pytest; what it counts is counted.
fn pytest(root: &Path, venv: &Venv, files: &[&str], tally: &mut Tally) {
    let mut python = venv.python();
    python.args(["-m", "pytest", "-q", "-rfEs", "--color=no", "--tb=short", "-p", "no:cacheprovider"]);
    python.args(files).env("NNOPEN_BIN", simulator(root));
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
