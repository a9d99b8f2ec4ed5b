//! The package `kotlin`: the jars with the native library of this machine, their sources and KDoc, as a Maven repository in
//! `dist/maven`; a fresh project in Java takes them from there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::test::{FOLDER, MAVEN, prepare, there};
use crate::package::{Artefact, Failure};
use crate::test::succeeds;
use crate::uniffi::{program, target};

/// The jar with the native library of one machine in it.
const BUDGET: u64 = 2_500_000;
const FRESH: &str = "bindings/kotlin/tests/fresh";

pub(crate) fn build(root: &Path, dist: &Path) -> Result<Vec<Artefact>, Failure> {
    if !there() {
        return Err(Failure::Skipped("needs a JDK from 17 on and Maven".to_owned()));
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
    Ok(jars.into_iter().map(|path| Artefact { budget: is_main(&path).then_some(BUDGET), path }).collect())
}

/// A project of its own, with a local repository of its own, issues an invoice.
fn try_out(root: &Path, maven: &Path) -> Result<(), Failure> {
    let target = target(root).ok_or_else(|| Failure::Failed("cargo tells no target folder".to_owned()))?;
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
    let Some(program) = program(root, "nnopen") else {
        return Err(Failure::Failed("cargo tells no target folder".to_owned()));
    };
    check(succeeds(java.env("NNOPEN_BIN", program)), "it does not work in a fresh project")
}

fn check(done: bool, why: &str) -> Result<(), Failure> {
    if done { Ok(()) } else { Err(Failure::Failed(why.to_owned())) }
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
