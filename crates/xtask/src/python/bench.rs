//! The benchmark of Python: the wheel as it is published, in an environment of its own, beside another SDK.

use std::path::Path;
use std::process::Command;

use super::venv::{Python, Venv, pythons};
use crate::bench::programs::{Missing, done};
use crate::folders::target;

/// What it is measured against; it needs Python 3.10.
const OTHER: &str = "nuonuo-sdk==0.2.0";

/// Builds and installs the wheel for `bindings/python/bench`.
pub(crate) fn prepare(root: &Path) -> Result<Vec<Command>, Missing> {
    let pythons = pythons();
    let python =
        Python::usual(&pythons).ok_or_else(|| Missing::Tool("needs Python 3.9 or later with pip".to_owned()))?;
    let venv = Venv::of(root, "python-bench");
    let folder = target(root).join("python-bench-wheel");
    let _ = std::fs::remove_dir_all(&folder);
    if !venv.make(&python.path) || !venv.pip(&["install", "--quiet", "maturin>=1.9,<2"]) {
        return Err(Missing::Tool("maturin is not to be had".to_owned()));
    }
    let mut maturin = venv.python();
    maturin.args(["-m", "maturin", "build", "--quiet", "--profile", super::package::PROFILE, "--out"]).arg(&folder);
    done(maturin.env("CARGO_TARGET_DIR", target(root)), "the wheel is not built")?;
    let wheel = std::fs::read_dir(&folder).ok().and_then(|mut files| files.next()?.ok()).map(|file| file.path());
    let wheel = wheel.unwrap_or_default().to_string_lossy().into_owned();
    if !venv.pip(&["install", "--quiet", "--no-deps", "--force-reinstall", &wheel]) {
        return Err(Missing::Broken("the wheel is not installed".to_owned()));
    }
    // Without it, the lines that need it are left out.
    let _ = python.version >= 10 && venv.pip(&["install", "--quiet", OTHER]);
    let mut program = venv.python();
    program.arg("bench/bench.py");
    Ok(vec![program])
}
