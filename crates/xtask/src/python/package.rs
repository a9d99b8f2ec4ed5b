//! The package `python`: a wheel for every Python from 3.9 on and every Linux from glibc 2.17 on, the source, and a wheel for
//! free-threaded Python where one is installed. Each is installed and used where nothing else is.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::venv::{BINDING, Python, Venv, pythons};
use crate::folders::target;
use crate::package::{Artefact, Failure, budget, check};
use crate::test::{cargo, succeeds};

/// How it is compiled when it is published: for speed, at a fifth more bytes.
pub(super) const PROFILE: &str = "release";

pub(crate) fn build(root: &Path, dist: &Path) -> Result<Vec<Artefact>, Failure> {
    let pythons = pythons();
    let Some(main) = Python::usual(&pythons) else {
        return Err(Failure::Skipped("needs Python 3.9 or later with pip".to_owned()));
    };
    let tools = Venv::of(root, "python-package");
    let there = tools.make(&main.path) && tools.pip(&["install", "--quiet", "maturin[zig]>=1.9,<2"]);
    check(there, "maturin is not to be had")?;
    check(succeeds(&mut cargo(root, &["build", "--package", "nnopen-cli"])), "the simulator is not built")?;
    clear(dist);
    let maturin = |args: &[&str]| {
        let mut python = tools.python();
        // Their target folder is the one of all builds: the crates are compiled once.
        python.args(["-m", "maturin"]).args(args).arg("--out").arg(dist).env("CARGO_TARGET_DIR", target(root));
        succeeds(&mut python)
    };
    let floor: &[&str] = if cfg!(target_os = "linux") { &["--zig", "--compatibility", "manylinux2014"] } else { &[] };
    let build = [&["build", "--quiet", "--profile", PROFILE], floor].concat();
    check(maturin(&build), "the wheel is not built")?;
    for free in pythons.iter().filter(|python| python.is_free) {
        let interpreter = free.path.to_string_lossy();
        check(
            maturin(&[&build[..], &["--interpreter", &interpreter]].concat()),
            "the free-threaded wheel is not built",
        )?;
    }
    check(maturin(&["sdist"]), "the sdist is not built")?;
    let files = ours(dist);
    for file in &files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let free = pythons.iter().find(|python| python.is_free);
        let python = if is_free(&name) { free } else { Some(main) };
        let python = python.ok_or_else(|| Failure::Failed(format!("no interpreter takes {name}")))?;
        println!("\n-- {name} in an empty environment");
        try_out(root, python, file)?;
    }
    let is_wheel = |path: &PathBuf| path.extension().is_some_and(|end| end == "whl");
    Ok(files.into_iter().map(|path| Artefact { budget: is_wheel(&path).then_some(budget::WHEEL), path }).collect())
}

/// As [`build`], of the wheel that the tests have built, and of the source.
pub(super) fn try_both(root: &Path, tools: &Venv, python: &Python, wheel: &Path) -> Result<(), Failure> {
    try_out(root, python, wheel)?;
    let folder = target(root).join("python-source");
    let _ = fs::remove_dir_all(&folder);
    let mut maturin = tools.python();
    check(succeeds(maturin.args(["-m", "maturin", "sdist", "--out"]).arg(&folder)), "the sdist is not built")?;
    let sdist = ours(&folder).pop();
    try_out(root, python, &sdist.ok_or_else(|| Failure::Failed("there is no sdist".to_owned()))?)
}

/// Installs it where nothing else is, and issues an invoice, both from outside the tree.
fn try_out(root: &Path, python: &Python, file: &Path) -> Result<(), Failure> {
    let folder = std::env::temp_dir().join(format!("nnopen-python-{}", std::process::id()));
    let venv = Venv::of(root, &folder.to_string_lossy());
    let _ = fs::remove_dir_all(&folder);
    let tried = install_and_use(root, &venv, python, file);
    let _ = fs::remove_dir_all(&folder);
    tried
}

fn install_and_use(root: &Path, venv: &Venv, python: &Python, file: &Path) -> Result<(), Failure> {
    check(venv.make(&python.path), "there is no environment to install it into")?;
    let outside = |args: &[&str]| {
        let mut program: Command = venv.python();
        program.args(args).current_dir(&venv.folder);
        program
    };
    let mut pip = outside(&["-m", "pip", "--disable-pip-version-check", "install", "--quiet"]);
    // An sdist is compiled, as quickly as can be: the wheel shows what is published.
    pip.arg(file).env("CARGO_TARGET_DIR", venv.folder.join("target")).env("MATURIN_PEP517_ARGS", "--profile dev");
    check(succeeds(&mut pip), "it is not installed")?;
    let mut program = outside(&["-I"]);
    program.arg(root.join(BINDING).join("tests/installed.py"));
    program.arg(root.join(BINDING).join("examples/quickstart.py")).env("NNOPEN_BIN", super::venv::simulator(root));
    check(succeeds(&mut program), "it does not work where nothing else is installed")
}

/// Whether a wheel is for interpreters without the global lock, by its tags: `cp314-cp314t`.
fn is_free(name: &str) -> bool {
    name.split('-').any(|tag| tag.starts_with("cp") && tag.ends_with('t'))
}

fn ours(dist: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(dist)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            name.starts_with("nnopen-") && (name.ends_with(".whl") || name.ends_with(".tar.gz"))
        })
        .collect();
    files.sort();
    files
}

fn clear(dist: &Path) {
    for path in ours(dist) {
        let _ = fs::remove_file(path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wheel_tells_by_its_tags_who_takes_it() {
        assert!(is_free("nnopen-0.1.0-cp314-cp314t-manylinux2014_x86_64.whl"));
        assert!(!is_free("nnopen-0.1.0-cp39-abi3-manylinux2014_x86_64.whl"));
        assert!(!is_free("nnopen-0.1.0.tar.gz"));
    }
}
