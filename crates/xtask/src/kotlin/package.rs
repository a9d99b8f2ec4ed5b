//! The package `kotlin`: the jars with the native library of this machine, their sources and KDoc, as a Maven repository in
//! `dist/maven`; a fresh project in Java takes them from there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::test::{FOLDER, MAVEN, NEEDS, prepare, there};
use crate::folders::{program, target};
use crate::package::{Artefact, Failure, budget, check};
use crate::test::succeeds;

const FRESH: &str = "bindings/kotlin/tests/fresh";

pub(crate) fn build(root: &Path, dist: &Path) -> Result<Vec<Artefact>, Failure> {
    if !there() {
        return Err(Failure::Skipped(NEEDS.to_owned()));
    }
    prepare(root, true).map_err(Failure::Failed)?;
    let maven = dist.join("maven");
    let _ = fs::remove_dir_all(&maven);
    let mut build = Command::new(MAVEN);
    build.args(["--batch-mode", "--no-transfer-progress", "--quiet", "-Pkdoc", "-Dmaven.test.skip=true", "deploy"]);
    build.arg("-Dmaven.install.skip=true").arg(format!("-DaltDeploymentRepository=dist::file://{}", maven.display()));
    check(succeeds(build.current_dir(root.join(FOLDER))), "the jars are not built")?;
    try_out(root, &maven)?;
    let mut jars = Vec::new();
    walk(&maven, &mut jars);
    jars.sort();
    let is_main = |path: &Path| path.ends_with(format!("nnopen-{}.jar", env!("CARGO_PKG_VERSION")));
    Ok(jars.into_iter().map(|path| Artefact { budget: is_main(&path).then_some(budget::JAR), path }).collect())
}

/// A project of its own, with a local repository of its own, issues an invoice.
fn try_out(root: &Path, maven: &Path) -> Result<(), Failure> {
    let target = target(root);
    let (local, built) = (target.join("kotlin-clean"), target.join("kotlin-fresh"));
    let _ = fs::remove_dir_all(local.join("io/github/nnopen"));
    let _ = fs::remove_dir_all(&built);
    let classpath = target.join("kotlin-fresh.classpath");
    let mut compile = Command::new(MAVEN);
    compile.args(["--batch-mode", "--no-transfer-progress", "--quiet", "compile", "dependency:build-classpath"]);
    compile.arg(format!("-Dmaven.repo.local={}", local.display()));
    compile.arg(format!("-Dnnopen.repository=file://{}", maven.display()));
    compile.arg(format!("-Dfresh.target={}", built.display()));
    compile.arg(format!("-Dmdep.outputFile={}", classpath.display()));
    check(succeeds(compile.current_dir(root.join(FRESH))), "a fresh project does not compile with it")?;
    let told = fs::read_to_string(&classpath).map_err(|error| Failure::Failed(error.to_string()))?;
    let colon = if cfg!(windows) { ";" } else { ":" };
    let mut java = Command::new("java");
    java.arg("-cp").arg(format!("{}{colon}{}", built.join("classes").display(), told.trim())).arg("Main");
    let program = program(root, "nnopen");
    check(succeeds(java.env("NNOPEN_BIN", program)), "it does not work in a fresh project")
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => walk(&path, found),
            false if path.extension().is_some_and(|end| end == "jar") => found.push(path),
            false => {}
        }
    }
}
