//! The part `python`: builds the wheel, installs it into an environment of its own, and tests it there.

use std::path::Path;
use std::process::{Command, Stdio};

use super::venv::{Python, Venv, pythons, simulator};
use crate::folders::target;
use crate::run::redis;
use crate::test::{Tally, cargo, succeeds};

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
    // The stores are tested with a server of their own.
    redis();
    if !succeeds(&mut cargo(root, &["build", "--package", "nnopen-cli"])) || !prepared(&venv, main) {
        return tally.one("the environment of bindings/python", false);
    }
    if let Some(wheel) = test_on(root, &venv, main, &venv, &[], tally) {
        println!("\n-- the wheel and the sdist where nothing else is");
        let tried = super::package::try_both(root, &venv, main, wheel.as_ref());
        tally.done("python: the wheel and the sdist where nothing else is", tried);
    }
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
        tally.one("bindings/python compiles for Python 3.14t", compiles_free(root));
        tally.skip("python without the global lock (needs python3.14t or later)".to_owned());
    }
}

/// Whether the binding compiles for an interpreter without the global lock that is not there: PyO3 is told of it in a file.
fn compiles_free(root: &Path) -> bool {
    const TOLD: &str = "implementation=CPython\nversion=3.14\nshared=true\nabi3=false\npointer_width=64\n\
        build_flags=Py_GIL_DISABLED\nsuppress_build_script_link_lines=true\n";
    // A folder of its own: PyO3 would be compiled anew for the other interpreters.
    let folder = target(root).join("python-free");
    let file = folder.join("interpreter.txt");
    let told = std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(&file, TOLD));
    let mut check = cargo(root, &["check", "--quiet", "--package", "nnopen-python"]);
    told.is_ok() && succeeds(check.env("PYO3_CONFIG_FILE", &file).env("CARGO_TARGET_DIR", &folder))
}

pub(crate) const NEEDS: &str = "needs Python 3.9 or later with pip";

/// An interpreter that has the wheel, and what the guides' programs need.
pub(crate) fn built(root: &Path) -> Result<String, String> {
    let pythons = pythons();
    let main = Python::usual(&pythons).ok_or(NEEDS)?;
    let venv = Venv::of(root, "python-venv");
    let more = ["install", "--quiet", "--requirement", "../../tests/guides/requirements.txt"];
    if !prepared(&venv, main) || !venv.pip(&more) || installed(root, &venv, main, &venv).is_none() {
        return Err("the wheel is not installed".to_owned());
    }
    Ok(venv.program("python").to_string_lossy().into_owned())
}

/// The program of the fleet, over the wheel as it is now; none without Python.
pub(crate) fn member(root: &Path) -> Result<Option<Command>, String> {
    let pythons = pythons();
    let Some(main) = Python::usual(&pythons) else { return Ok(None) };
    let venv = Venv::of(root, "python-venv");
    if !prepared(&venv, main) || installed(root, &venv, main, &venv).is_none() {
        return Err("the wheel is not installed".to_owned());
    }
    let mut python = venv.python();
    python.arg("tests/member.py");
    Ok(Some(python))
}

/// Makes an environment with all that the tests need.
fn prepared(venv: &Venv, python: &Python) -> bool {
    venv.make(&python.path) && venv.pip(&["install", "--quiet", "--requirement", "tests/requirements.txt"])
}

/// Builds the wheel that fits an interpreter with the tools of `tools`, installs it and runs the tests; gives its path.
fn test_on(
    root: &Path,
    venv: &Venv,
    python: &Python,
    tools: &Venv,
    files: &[&str],
    tally: &mut Tally,
) -> Option<String> {
    let wheel = installed(root, venv, python, tools);
    tally.one(&format!("the wheel on Python {}", python.name()), wheel.is_some());
    if wheel.is_some() {
        pytest(root, venv, files, tally);
    }
    wheel
}

/// Puts the wheel as it is now into an environment; gives its path.
fn installed(root: &Path, venv: &Venv, python: &Python, tools: &Venv) -> Option<String> {
    wheel(root, tools, python)
        .filter(|wheel| venv.pip(&["install", "--quiet", "--no-deps", "--force-reinstall", wheel]))
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
