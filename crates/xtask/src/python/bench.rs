//! The benchmark of Python: the wheel as it is published, in an environment of its own, beside another SDK.

use std::path::Path;
use std::process::ExitCode;

use super::venv::{Python, Venv, pythons, target};
use crate::test::succeeds;

/// What it is measured against; it needs Python 3.10.
const OTHER: &str = "nuonuo-sdk==0.2.0";

/// Builds, installs and runs `bindings/python/bench`.
pub(crate) fn run(root: &Path) -> ExitCode {
    let pythons = pythons();
    let Some(python) = Python::usual(&pythons) else {
        eprintln!("the benchmark needs Python 3.9 or later with pip");
        return ExitCode::FAILURE;
    };
    let venv = Venv::of(root, "python-bench");
    let folder = target(root).join("python-bench-wheel");
    let _ = std::fs::remove_dir_all(&folder);
    let mut maturin = venv.python();
    maturin.args(["-m", "maturin", "build", "--quiet", "--profile", super::package::PROFILE, "--out"]).arg(&folder);
    maturin.env("CARGO_TARGET_DIR", target(root));
    let ready =
        venv.make(&python.path) && venv.pip(&["install", "--quiet", "maturin>=1.9,<2"]) && succeeds(&mut maturin);
    let wheel = std::fs::read_dir(&folder).ok().and_then(|mut files| files.next()?.ok()).map(|file| file.path());
    let Some(wheel) = wheel.filter(|_| ready) else { return ExitCode::FAILURE };
    let wheel = wheel.to_string_lossy();
    if !venv.pip(&["install", "--quiet", "--no-deps", "--force-reinstall", &wheel]) {
        return ExitCode::FAILURE;
    }
    // Without it, the lines that need it are left out.
    let _ = python.version >= 10 && venv.pip(&["install", "--quiet", OTHER]);
    if succeeds(venv.python().arg("bench/bench.py")) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
