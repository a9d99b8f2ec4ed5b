//! What the crates depend on.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use spdx::{Expression, LicenseReq, ParseMode};

use crate::fault::Faults;

/// The core stays small: crates in its normal tree, itself left out.
const MOST_UNDER_THE_CORE: usize = 12;
/// Licences are allowed by this file, which cargo-deny reads too.
const POLICY: &str = "deny.toml";
/// Crates that stand twice in what we ship until their users agree, each with why.
const TWICE: &[(&str, &str)] = &[
    ("getrandom", "ring is behind"),
    ("syn", "divan is behind; benchmarks alone"),
    ("windows-sys", "on Windows alone; its users differ"),
];

/// The workspaces, by the folders they stand in.
const TREES: &[&str] = &["", "bindings/php"];

pub(super) fn few_under_the_core(root: &Path, faults: &mut Faults) -> Result<(), String> {
    let args = ["tree", "--locked", "--package", "nnopen", "--edges", "normal", "--prefix", "none", "--format", "{p}"];
    let text = cargo(root, &args)?;
    let names: BTreeSet<&str> = text.lines().filter_map(|line| line.split(' ').next()).collect();
    let under = names.len().saturating_sub(1);
    println!("the core depends on {under} crates, {MOST_UNDER_THE_CORE} at the most");
    if under == 0 {
        return Err("cargo tree told nothing".to_owned());
    }
    if under > MOST_UNDER_THE_CORE {
        faults.add("crates/core/Cargo.toml", "", format!("{under} crates in its normal tree: {names:?}"));
    }
    Ok(())
}

pub(super) fn licences(root: &Path, faults: &mut Faults) -> Result<(), String> {
    let policy = fs::read_to_string(root.join(POLICY)).map_err(|error| format!("{POLICY}: {error}"))?;
    let policy: toml::Value = toml::from_str(&policy).map_err(|error| format!("{POLICY}: {error}"))?;
    let policy = &policy["licenses"];
    let allowed = texts(policy.get("allow"));
    let exceptions = policy.get("exceptions").and_then(toml::Value::as_array).map_or(&[][..], Vec::as_slice);
    for tree in TREES {
        for package in packages(&root.join(tree), "normal,build")? {
            let name = format!("{} {}", package.name, package.version);
            let own =
                exceptions.iter().find(|row| row.get("crate").and_then(toml::Value::as_str) == Some(&package.name));
            let own = texts(own.and_then(|row| row.get("allow")));
            let fits = |req: &LicenseReq| allowed.iter().chain(&own).any(|licence| *licence == req.license.to_string());
            match Expression::parse_mode(&package.licence, ParseMode::LAX) {
                Ok(expression) if expression.evaluate(fits) => {}
                _ => faults.add(POLICY, name, format!("its licence {:?} is not allowed", package.licence)),
            }
        }
    }
    Ok(())
}

fn texts(list: Option<&toml::Value>) -> Vec<&str> {
    list.and_then(toml::Value::as_array).into_iter().flatten().filter_map(toml::Value::as_str).collect()
}

pub(super) fn one_version(root: &Path, faults: &mut Faults) -> Result<(), String> {
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in packages(root, "normal")? {
        versions.entry(package.name).or_default().insert(package.version);
    }
    for (name, versions) in &versions {
        if versions.len() > 1 && !TWICE.iter().any(|(twice, _)| twice == name) {
            faults.add("Cargo.lock", name, format!("stands in {} versions: {versions:?}", versions.len()));
        }
    }
    for (name, _) in TWICE {
        if versions.get(*name).is_none_or(|versions| versions.len() < 2) {
            faults.add("crates/xtask/src/gates/crates.rs", *name, "no longer stands twice: take it off the list");
        }
    }
    Ok(())
}

#[derive(Eq, Ord, PartialEq, PartialOrd)]
struct Package {
    name: String,
    version: String,
    licence: String,
}

/// What the workspace in a folder is made of on any platform: what only tests use is left out.
fn packages(folder: &Path, edges: &str) -> Result<BTreeSet<Package>, String> {
    let format = "{p}|{l}";
    let args = [
        "tree",
        "--locked",
        "--workspace",
        "--target",
        "all",
        "--edges",
        edges,
        "--prefix",
        "none",
        "--format",
        format,
    ];
    let text = cargo(folder, &args)?;
    let read = |line: &str| {
        let (package, licence) = line.split_once('|')?;
        let mut words = package.split(' ');
        let (name, version) = (words.next()?.to_owned(), words.next()?.to_owned());
        Some(Package { name, version, licence: licence.trim_end_matches(" (*)").to_owned() })
    };
    let packages: BTreeSet<Package> = text.lines().filter_map(read).collect();
    if packages.is_empty() { Err("cargo tree told nothing".to_owned()) } else { Ok(packages) }
}

fn cargo(folder: &Path, args: &[&str]) -> Result<String, String> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let output = command.args(args).current_dir(folder).output().map_err(|error| format!("cargo: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo {}: {}", args[0], String::from_utf8_lossy(&output.stderr).trim()));
    }
    String::from_utf8(output.stdout).map_err(|error| error.to_string())
}
