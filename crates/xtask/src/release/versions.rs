//! One version everywhere: every place that writes it down is a row here.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::fault::Faults;
use crate::gates::tracked;

/// How a file tells a version.
enum Told {
    /// By the value that this pointer leads to in TOML or JSON.
    At(&'static str),
    /// Between this text and the next `<`.
    After(&'static str),
}

use Told::{After, At};

/// Every file that tells the version, beside the manifests and the lock files of Cargo, which are all looked at.
/// Composer and Swift packages tell none: theirs is the tag.
const PLACES: &[(&str, Told)] = &[
    ("bindings/node/package.json", At("/version")),
    ("bindings/node/package-lock.json", At("/version")),
    ("bindings/node/package-lock.json", At("/packages//version")),
    ("bindings/kotlin/pom.xml", After("<artifactId>nnopen-parent</artifactId>\n  <version>")),
    ("bindings/kotlin/core/pom.xml", After(PARENT)),
    ("bindings/kotlin/coroutines/pom.xml", After(PARENT)),
    ("bindings/kotlin/jdk/pom.xml", After(PARENT)),
    ("bindings/kotlin/okhttp/pom.xml", After(PARENT)),
    ("bindings/kotlin/tests/pom.xml", After(PARENT)),
    ("bindings/kotlin/tests/fresh/pom.xml", After("<artifactId>nnopen-jdk</artifactId>\n      <version>")),
    ("docs/java.md", After("<artifactId>nnopen-jdk</artifactId>\n  <version>")),
    ("docs/java.en.md", After("<artifactId>nnopen-jdk</artifactId>\n  <version>")),
];
const PARENT: &str = "<artifactId>nnopen-parent</artifactId>\n    <version>";

/// Files that must tell no version, for their registry takes it from the tag.
const BY_TAG: &[(&str, &str)] = &[("bindings/php/composer.json", "/version")];
/// The wheel's version is its crate's.
const PYPROJECT: &str = "bindings/python/pyproject.toml";
/// A crate that is never published and has no version of ours.
const FUZZ: &str = "fuzz/Cargo.toml";

/// The version that all others follow: the workspace's.
pub(super) fn ours(root: &Path) -> Result<String, String> {
    let manifest = read(root, "Cargo.toml")?;
    text(&manifest, "/workspace/package/version").ok_or_else(|| "Cargo.toml tells no version".to_owned())
}

pub(super) fn in_step(root: &Path, version: &str, faults: &mut Faults) -> Result<(), String> {
    let cargo: Vec<String> = tracked(root)?
        .into_iter()
        .filter(|file| file.ends_with("Cargo.toml") || file.ends_with("Cargo.lock"))
        .collect();
    if cargo.is_empty() {
        return Err("git knows no Cargo.toml".to_owned());
    }
    let places = PLACES.iter().map(|(file, told)| (*file, told));
    for (file, told) in places {
        held(file, place(root, file, told), version, faults);
    }
    for file in &cargo {
        match read(root, file) {
            Err(why) => faults.add(file, "", why),
            Ok(lock) if file.ends_with(".lock") => locked(file, &lock, version, faults),
            Ok(manifest) => manifested(file, &manifest, version, faults),
        }
    }
    for (file, pointer) in BY_TAG {
        if read(root, file)?.pointer(pointer).is_some() {
            faults.add(file, *pointer, "tells a version: its registry takes the tag's");
        }
    }
    let python = read(root, PYPROJECT)?;
    let dynamic = python.pointer("/project/dynamic").and_then(Value::as_array);
    if !dynamic.is_some_and(|names| names.iter().any(|name| name == "version")) {
        held(PYPROJECT, text(&python, "/project/version").ok_or_else(|| MISSING.to_owned()), version, faults);
    }
    Ok(())
}

const MISSING: &str = "tells no version";

fn held(file: &str, told: Result<String, String>, version: &str, faults: &mut Faults) {
    match told {
        Ok(told) if told == version => {}
        Ok(told) => faults.add(file, "", format!("tells version {told}, Cargo.toml {version}")),
        Err(why) => faults.add(file, "", why),
    }
}

fn place(root: &Path, file: &str, told: &Told) -> Result<String, String> {
    match told {
        At(pointer) => text(&read(root, file)?, pointer).ok_or_else(|| format!("{MISSING} at {pointer}")),
        After(before) => {
            let whole = fs::read_to_string(root.join(file)).map_err(|error| error.to_string())?;
            let whole = whole.replace("\r\n", "\n");
            let told = whole.split_once(before).and_then(|(_, rest)| Some(rest.split_once('<')?.0.trim().to_owned()));
            told.ok_or_else(|| format!("{MISSING} after {before:?}"))
        }
    }
}

/// A manifest's own version, and those it asks of its neighbours.
fn manifested(file: &str, manifest: &Value, version: &str, faults: &mut Faults) {
    let inherits = manifest.pointer("/package/version/workspace") == Some(&Value::Bool(true));
    if manifest.pointer("/package").is_some() && !inherits && file != FUZZ {
        held(file, text(manifest, "/package/version").ok_or_else(|| MISSING.to_owned()), version, faults);
    }
    for table in ["/dependencies", "/dev-dependencies", "/build-dependencies", "/workspace/dependencies"] {
        for (name, told) in manifest.pointer(table).and_then(Value::as_object).into_iter().flatten() {
            let asked = told.get("path").and(told.get("version")).and_then(Value::as_str);
            if let Some(asked) = asked.filter(|asked| *asked != version) {
                faults.add(file, name, format!("is asked for as {asked}, Cargo.toml tells {version}"));
            }
        }
    }
}

/// The crates of this tree in a lock file: those that come from nowhere else.
fn locked(file: &str, lock: &Value, version: &str, faults: &mut Faults) {
    for package in lock["package"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default();
        let (ours, told) = (package.get("source").is_none() && name != "nnopen-fuzz", package["version"].as_str());
        if ours && told != Some(version) {
            faults.add(
                file,
                name,
                format!("stands there as {}, Cargo.toml tells {version}", told.unwrap_or("nothing")),
            );
        }
    }
}

/// A TOML or JSON file.
pub(super) fn read(root: &Path, file: &str) -> Result<Value, String> {
    let text = fs::read_to_string(root.join(file)).map_err(|error| format!("{file}: {error}"))?;
    let read = match file.ends_with(".json") {
        true => serde_json::from_str(&text).map_err(|error| error.to_string()),
        false => toml::from_str(&text).map_err(|error| error.to_string()),
    };
    read.map_err(|why| format!("{file}: {why}"))
}

pub(super) fn text(value: &Value, pointer: &str) -> Option<String> {
    value.pointer(pointer)?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::ready::tests::{Scratch, git};

    /// A copy of every file that tells the version, known to a git of its own.
    fn copy() -> Scratch {
        let (root, scratch) = (crate::root(), Scratch::new());
        let files = tracked(&root).unwrap();
        let listed =
            PLACES.iter().map(|(file, _)| *file).chain(BY_TAG.iter().map(|(file, _)| *file)).chain([PYPROJECT]);
        let cargo = files.iter().map(String::as_str).filter(|file| file.contains("Cargo."));
        for file in listed.chain(cargo) {
            let to = scratch.0.join(file);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(root.join(file), to).unwrap();
        }
        git(&scratch.0, &["init", "--quiet"]);
        git(&scratch.0, &["add", "."]);
        scratch
    }

    fn found(root: &Path) -> Vec<String> {
        let mut faults = Faults::default();
        in_step(root, &ours(root).unwrap(), &mut faults).unwrap();
        faults.0.iter().map(ToString::to_string).collect()
    }

    fn alter(root: &Path, file: &str, from: &str, to: &str) {
        let text = fs::read_to_string(root.join(file)).unwrap();
        assert!(text.contains(from), "{file} holds no {from}");
        fs::write(root.join(file), text.replacen(from, to, 1)).unwrap();
    }

    #[test]
    fn a_file_that_was_left_behind_is_named() {
        let scratch = copy();
        let (root, version) = (&scratch.0, ours(&scratch.0).unwrap());
        assert!(found(root).is_empty(), "{:?}", found(root));
        let quoted = format!("\"{version}\"");
        alter(root, "bindings/node/package.json", &quoted, "\"9.9.9\"");
        alter(root, "bindings/kotlin/jdk/pom.xml", &version, "9.9.8");
        alter(root, "bindings/php/Cargo.toml", &quoted, "\"9.9.7\"");
        alter(root, "bindings/php/composer.json", "{", "{ \"version\": \"9.9.6\",");
        alter(root, "bindings/python/pyproject.toml", "dynamic = [\"version\"]", "version = \"9.9.5\"");
        alter(root, "crates/ffi/Cargo.toml", "version.workspace = true", "version = \"9.9.4\"");
        alter(root, "docs/java.en.md", "<artifactId>nnopen-jdk</artifactId>", "");
        let found = found(root).join("\n");
        let places = [
            "package.json",
            "jdk/pom.xml",
            "php/Cargo.toml",
            "composer.json",
            "pyproject.toml",
            "ffi/Cargo.toml",
            "java.en.md",
        ];
        for file in places {
            assert!(found.contains(file), "{file} is not told in:\n{found}");
        }
        assert_eq!(found.lines().count(), places.len(), "{found}");
    }

    #[test]
    fn a_version_raised_in_one_place_is_missed_in_all_others() {
        let scratch = copy();
        let root = &scratch.0;
        let line = format!("version = \"{}\"\nedition", ours(root).unwrap());
        alter(root, "Cargo.toml", &line, "version = \"9.9.9\"\nedition");
        let found = found(root).join("\n");
        for file in [
            "Cargo.toml: nnopen-ffi",
            "Cargo.lock: nnopen-cli",
            "fuzz/Cargo.lock: nnopen-ffi",
            "package-lock.json",
            "docs/java.md",
        ] {
            assert!(found.contains(file), "{file} is not told in:\n{found}");
        }
    }
}
