//! What must hold however the core is built: with any of its features, with the oldest dependencies that it admits, and for
//! those who wrote against the last release.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::fault::Faults;
use crate::folders::{copy, target};
use crate::package::Failure;
use crate::test::{cargo, succeeds};

const CORE: &str = "crates/core";
const MANIFEST: &str = "crates/core/Cargo.toml";

/// The core with each choice of its features.
pub(super) fn features(root: &Path, faults: &mut Faults) -> Result<(), String> {
    let manifest = fs::read_to_string(root.join(MANIFEST)).map_err(|error| format!("{MANIFEST}: {error}"))?;
    let manifest: toml::Value = toml::from_str(&manifest).map_err(|error| format!("{MANIFEST}: {error}"))?;
    let table = manifest.get("features").and_then(toml::Value::as_table);
    let names: Vec<&str> =
        table.into_iter().flatten().map(|(name, _)| name.as_str()).filter(|name| *name != "default").collect();
    for chosen in choices(&names) {
        let list = chosen.join(",");
        let args = ["check", "--quiet", "--package", "nnopen", "--lib", "--no-default-features", "--features", &list];
        if !succeeds(
            cargo(root, &args).env("RUSTFLAGS", "-Dwarnings").env("CARGO_TARGET_DIR", target(root).join("gates")),
        ) {
            faults.add(MANIFEST, format!("features [{list}]"), "it is not built, or not without a warning");
        }
    }
    Ok(())
}

/// Every choice of some names, none and all among them.
fn choices<'a>(names: &[&'a str]) -> Vec<Vec<&'a str>> {
    names.iter().fold(vec![Vec::new()], |all, name| {
        let with = all.iter().map(|chosen: &Vec<&str>| [chosen.as_slice(), &[*name]].concat()).collect::<Vec<_>>();
        [all, with].concat()
    })
}

/// The core with the oldest versions that its own manifest admits.
pub(super) fn oldest_dependencies(root: &Path, faults: &mut Faults) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::Failed(error.to_string());
    let folder = target(root).join("gates/oldest");
    let _ = fs::remove_dir_all(&folder);
    copy(&root.join(CORE).join("src"), &folder.join(CORE).join("src")).map_err(failed)?;
    let manifest = fs::read_to_string(root.join(MANIFEST)).map_err(failed)?;
    fs::write(folder.join(MANIFEST), without_tests(&manifest)).map_err(failed)?;
    let workspace = fs::read_to_string(root.join("Cargo.toml")).map_err(failed)?;
    let lines = workspace.lines().filter(|line| !line.starts_with("default-members"));
    let lines = lines.map(|line| if line.starts_with("members") { "members = [\"crates/core\"]" } else { line });
    fs::write(folder.join("Cargo.toml"), lines.collect::<Vec<_>>().join("\n")).map_err(failed)?;
    // Cargo of the stable channel knows the option, under the name of one that is not.
    let lock = ["update", "--quiet", "-Z", "direct-minimal-versions"];
    if !succeeds(cargo(&folder, &lock).env("RUSTC_BOOTSTRAP", "1").stderr(Stdio::null())) {
        return Err(Failure::Skipped("needs the index of crates".to_owned()));
    }
    let fetch = cargo(&folder, &["fetch", "--quiet", "--locked"]).stderr(Stdio::null()).status();
    if !fetch.is_ok_and(|status| status.success()) {
        return Err(Failure::Skipped("needs crates that are not here".to_owned()));
    }
    let mut check = cargo(&folder, &["check", "--quiet", "--locked", "--package", "nnopen", "--lib", "--all-features"]);
    if !succeeds(check.env("CARGO_TARGET_DIR", target(root).join("gates"))) {
        faults.add("Cargo.toml", "workspace.dependencies", "the core needs a newer version than one asks for");
    }
    Ok(())
}

/// A manifest without what only its tests and benchmarks use.
fn without_tests(manifest: &str) -> String {
    let mut kept = true;
    let mut out = String::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            kept = !["[dev-dependencies", "[[bench", "[[test", "[[example"].iter().any(|start| line.starts_with(start));
        }
        if kept {
            out += line;
            out.push('\n');
        }
    }
    out
}

/// Nothing public is taken away since the last release, unless the version tells it.
pub(super) fn compatible(root: &Path, faults: &mut Faults) -> Result<(), Failure> {
    let told =
        Command::new("git").args(["describe", "--tags", "--abbrev=0", "--match", "v*"]).current_dir(root).output();
    let tag = told.ok().filter(|told| told.status.success());
    let Some(tag) = tag.map(|told| String::from_utf8_lossy(&told.stdout).trim().to_owned()) else {
        println!("no release yet that the core could be held against");
        return Ok(());
    };
    let quietly = |args: &[&str]| succeeds(cargo(root, args).stdout(Stdio::null()).stderr(Stdio::null()));
    if !quietly(&["semver-checks", "--version"]) {
        return Err(Failure::Skipped(
            "needs cargo-semver-checks: cargo install cargo-semver-checks --locked".to_owned(),
        ));
    }
    let args = ["semver-checks", "--package", "nnopen", "--baseline-rev", &tag];
    if !succeeds(&mut cargo(root, &args)) {
        faults.add("Cargo.toml", "workspace.package.version", format!("the core's API is not what {tag} promised"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_of_features_is_built_once() {
        assert_eq!(choices(&["a", "b"]), [vec![], vec!["a"], vec!["b"], vec!["a", "b"]]);
        assert_eq!(choices(&[]), [Vec::<&str>::new()]);
    }

    #[test]
    fn what_only_tests_use_is_left_out_of_a_manifest() {
        let manifest =
            "[dependencies]\na = \"1\"\n[dev-dependencies]\nb = \"1\"\n[[bench]]\nname = \"c\"\n[features]\nd = []\n";
        assert_eq!(without_tests(manifest), "[dependencies]\na = \"1\"\n[features]\nd = []\n");
    }
}
