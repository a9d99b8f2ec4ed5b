//! The package `node`: the tarball that every platform shares, with its WebAssembly, and the native build for this one.
//! Both are installed into small projects that have nothing else, and used there.

use std::path::{Path, PathBuf};

use super::test::{NEEDS, NODE, command, npm_ci, there};
use crate::package::{Artefact, Failure, budget, check};
use crate::test::succeeds;

pub(crate) fn build(root: &Path, dist: &Path) -> Result<Vec<Artefact>, Failure> {
    if !there() {
        return Err(Failure::Skipped(NEEDS.to_owned()));
    }
    let folder = root.join(NODE);
    check(succeeds(&mut npm_ci(&folder)), "npm ci")?;
    check(succeeds(&mut command("node", &["scripts/build.mjs"], &folder)), "it is not built")?;
    let told = command("node", &["scripts/pack.mjs", &dist.to_string_lossy()], &folder).output();
    let told = told.map_err(|error| Failure::Failed(error.to_string()))?;
    check(told.status.success(), "it is not packed")?;
    let told = String::from_utf8_lossy(&told.stdout).trim().to_owned();
    let mut tests = command("node", &["--test", "tests/package.test.mjs"], &folder);
    check(succeeds(tests.env("NNOPEN_TARBALLS", &told)), "it does not work where nothing else is installed")?;
    let tarballs = told.lines().map(|path| Artefact { path: PathBuf::from(path), budget: None });
    let native = natives(&folder).map(|path| Artefact { path, budget: Some(budget::NODE_ADDON) });
    let wasm = Artefact { path: folder.join("wasm/nnopen_bg.wasm"), budget: Some(budget::WASM) };
    Ok(tarballs.chain(native).chain([wasm]).collect())
}

fn natives(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let files = std::fs::read_dir(folder.join("native")).into_iter().flatten().flatten().map(|file| file.path());
    files.filter(|path| path.extension().is_some_and(|end| end == "node"))
}
