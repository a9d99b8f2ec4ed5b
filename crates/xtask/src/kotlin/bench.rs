//! The benchmark of the JVM: the jar's classes with the library as it is published.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::test::{FOLDER, MAVEN, NEEDS, install, prepare as native, there};
use crate::bench::programs::{Missing, done};
use crate::folders::target;

pub(crate) fn prepare(root: &Path) -> Result<Vec<Command>, Missing> {
    if !there() {
        install();
    }
    if !there() {
        return Err(Missing::Tool(NEEDS.to_owned()));
    }
    native(root, true).map_err(Missing::Broken)?;
    let target = target(root);
    let listed = target.join("kotlin-bench.classpath");
    let mut maven = Command::new(MAVEN);
    maven.args(["--batch-mode", "--no-transfer-progress", "--quiet", "--projects", "core", "compile"]);
    maven.arg("dependency:build-classpath").arg(format!("-Dmdep.outputFile={}", listed.display()));
    done(maven.current_dir(root.join(FOLDER)).stdout(Stdio::null()), "the classes are not built")?;
    let others = fs::read_to_string(&listed).map_err(|error| Missing::Broken(error.to_string()))?;
    let classes = root.join(FOLDER).join("core/target/classes");
    let classpath = format!("{}{}{}", classes.display(), if cfg!(windows) { ";" } else { ":" }, others.trim());
    let mut java = Command::new("java");
    java.args(["-cp", &classpath, "bench/Bench.java"]).current_dir(root.join(FOLDER));
    Ok(vec![java])
}
