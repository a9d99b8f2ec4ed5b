//! What is published where, in the order in which it must be: nothing before what it stands on.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::test::cargo;

/// One thing that is published.
pub(super) struct Row {
    pub(super) registry: &'static str,
    pub(super) name: String,
    pub(super) form: Form,
}

/// What a registry is given.
pub(super) enum Form {
    /// A crate, packed by cargo from this folder.
    Crate(String),
    /// Files of `dist/`, as `cargo xtask package NAME` makes them; each holds the licences.
    Files { package: &'static str, name: String },
    /// A pom alone.
    Pom,
    /// The tag itself.
    Tag,
}

/// What follows the crates, `{version}` filled in, `*` standing for anything: registry, name, the package of
/// `cargo xtask package`, its file. A registry more is a row more.
const ROWS: &[(&str, &str, &str, &str)] = &[
    ("PyPI", "nnopen, the wheels", "python", "nnopen-{version}-*.whl"),
    ("PyPI", "nnopen, the sources", "python", "nnopen-{version}.tar.gz"),
    ("npm", PLATFORMS, "node", "nnopen-{platform}-{version}.tgz"),
    ("npm", "nnopen", "node", "nnopen-{version}.tgz"),
    ("Maven Central", "nnopen-parent", "kotlin", POM),
    ("Maven Central", "nnopen", "kotlin", JAR),
    ("Maven Central", "nnopen-jdk", "kotlin", JAR),
    ("Maven Central", "nnopen-okhttp", "kotlin", JAR),
    ("Maven Central", "nnopen-coroutines", "kotlin", JAR),
    ("Packagist", "nnopen/nnopen", "php", TAG),
    ("SwiftPM", "bindings/swift", "swift", TAG),
    ("release page", "nnopen-php", "php", "nnopen-php.tar.gz"),
];
const JAR: &str = "maven/io/github/nnopen/{name}/{version}/{name}-{version}.jar";
const POM: &str = "a pom alone";
const TAG: &str = "the tag";
/// A row for each platform of the Node package.
const PLATFORMS: &str = "@nnopen/{platform}";
const PLATFORMS_FILE: &str = "bindings/node/scripts/platforms.mjs";

pub(super) fn rows(root: &Path, version: &str) -> Result<Vec<Row>, String> {
    let mut rows: Vec<Row> = crates(root)?
        .into_iter()
        .map(|(name, folder)| Row { registry: "crates.io", name, form: Form::Crate(folder) })
        .collect();
    let platforms = platforms(root)?;
    for (registry, name, package, file) in ROWS {
        let each =
            if *name == PLATFORMS { platforms.iter().map(|(name, _)| name.as_str()).collect() } else { vec![""] };
        for platform in each {
            let fill =
                |text: &str| text.replace("{version}", version).replace("{platform}", platform).replace("{name}", name);
            let form = match *file {
                TAG => Form::Tag,
                POM => Form::Pom,
                file => Form::Files { package, name: fill(file) },
            };
            rows.push(Row { registry, name: fill(name), form });
        }
    }
    Ok(rows)
}

/// The platforms that have a native build for Node: npm's name for each, and Rust's.
pub(crate) fn platforms(root: &Path) -> Result<Vec<(String, String)>, String> {
    let text = fs::read_to_string(root.join(PLATFORMS_FILE)).map_err(|error| format!("{PLATFORMS_FILE}: {error}"))?;
    let row = |line: &str| {
        let (name, rest) = line.trim().strip_prefix('\'')?.split_once("': { triple: '")?;
        Some((name.to_owned(), rest.split_once('\'')?.0.to_owned()))
    };
    let found: Vec<_> = text.lines().filter_map(row).collect();
    if found.is_empty() { Err(format!("{PLATFORMS_FILE} tells no platform")) } else { Ok(found) }
}

/// The crates that are published, by name and folder: each after those it needs.
fn crates(root: &Path) -> Result<Vec<(String, String)>, String> {
    let output = cargo(root, &["metadata", "--format-version", "1", "--no-deps"]).output();
    let output = output.map_err(|error| format!("cargo metadata: {error}"))?;
    let told: Value = serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata: {error}"))?;
    let all = told["packages"].as_array().ok_or("cargo metadata told no packages")?;
    let mut left: Vec<&Value> = all.iter().filter(|package| package["publish"].is_null()).collect();
    let ours: BTreeSet<&str> = left.iter().filter_map(|package| package["name"].as_str()).collect();
    let mut ordered: Vec<(String, String)> = Vec::new();
    while !left.is_empty() {
        let placed: BTreeSet<String> = ordered.iter().map(|(name, _)| name.clone()).collect();
        let stands = |package: &&Value| {
            let needs = package["dependencies"].as_array().into_iter().flatten();
            // Those of tests have no version, so cargo leaves them out.
            let needs = needs.filter(|need| need["kind"] != "dev").filter_map(|need| need["name"].as_str());
            needs.into_iter().all(|need| !ours.contains(need) || placed.contains(need))
        };
        let (ready, rest): (Vec<&Value>, Vec<&Value>) = left.iter().partition(|package| stands(package));
        if ready.is_empty() {
            return Err("crates that are published need each other in a circle".to_owned());
        }
        for package in ready {
            let name = package["name"].as_str().unwrap_or_default().to_owned();
            let manifest = Path::new(package["manifest_path"].as_str().unwrap_or_default());
            let folder = manifest.parent().and_then(|folder| folder.strip_prefix(root).ok());
            let folder = folder.ok_or_else(|| format!("{name} stands outside the tree"))?;
            ordered.push((name, folder.to_string_lossy().replace('\\', "/")));
        }
        left = rest;
    }
    Ok(ordered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_published_before_what_it_stands_on() {
        let rows = rows(&crate::root(), "1.2.0").unwrap();
        let at = |registry: &str, name: &str| {
            let found = rows.iter().position(|row| row.registry == registry && row.name == name);
            found.unwrap_or_else(|| panic!("{name} is not published on {registry}"))
        };
        assert!(at("crates.io", "nnopen") < at("crates.io", "nnopen-store"));
        assert!(at("crates.io", "nnopen-simulator") < at("crates.io", "nnopen-cli"));
        assert!(at("npm", "@nnopen/linux-x64-musl") < at("npm", "nnopen"));
        assert!(at("Maven Central", "nnopen") < at("Maven Central", "nnopen-jdk"));
        assert!(rows.iter().all(|row| row.name != "xtask" && row.name != "nnopen-proof"));
    }
}
