//! Whether the tree may be published as it stands: the changelog, git, and what the registries ask to be told.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::versions::read;
use crate::fault::Faults;

const CHANGELOG: &str = "CHANGELOG.md";
const POM: &str = "bindings/kotlin/pom.xml";

/// What a registry wants a manifest to tell: the file, where, and who wants it.
const ASKED: &[(&str, &str, &str)] = &[
    ("Cargo.toml", "/workspace/package/repository", "crates.io shows where the sources are"),
    ("bindings/node/package.json", "/repository/url", "npm takes provenance only with it"),
    ("bindings/python/pyproject.toml", "/project/urls/Repository", "PyPI shows where the sources are"),
    ("bindings/php/composer.json", "/support/source", "Packagist shows where the sources are"),
];
/// The same for the parent of all poms, which is XML.
const ASKED_OF_POMS: &[&str] = &["<url>", "<scm>", "<developers>", "<licenses>", "<description>"];

pub(super) fn check(root: &Path, version: &str, faults: &mut Faults) -> Result<(), String> {
    let changes = fs::read_to_string(root.join(CHANGELOG)).map_err(|error| format!("{CHANGELOG}: {error}"))?;
    changelog(&changes, version, faults);
    told(root, faults)?;
    git_state(root, version, faults)
}

/// The version has its entry with a date, on top, and nothing waits above it.
fn changelog(text: &str, version: &str, faults: &mut Faults) {
    let mut sections = text.split("\n## ").skip(1).map(|section| section.split_once('\n').unwrap_or((section, "")));
    let mut first = sections.next();
    if let Some((_, waiting)) = first.filter(|(title, _)| title.trim() == "Unreleased") {
        if !waiting.trim().is_empty() {
            faults.add(CHANGELOG, "Unreleased", format!("is not empty: its lines belong under {version}"));
        }
        first = sections.next();
    }
    let wanted = format!("\"## {version} - YYYY-MM-DD\"");
    match first.map(|(title, body)| (title.trim().split_once(" - "), body)) {
        Some((Some((told, date)), body)) if told == version => {
            if !is_date(date) {
                faults.add(CHANGELOG, told, format!("{date:?} is no date: the heading is {wanted}"));
            }
            if body.trim().is_empty() {
                faults.add(CHANGELOG, told, "tells no change");
            }
        }
        _ => faults.add(CHANGELOG, "", format!("has no entry {wanted} on top")),
    }
}

fn is_date(text: &str) -> bool {
    let parts: Vec<Option<u32>> = text.split('-').map(|part| part.parse().ok()).collect();
    let shaped = text.len() == 10 && text.bytes().enumerate().all(|(at, byte)| (byte == b'-') == (at == 4 || at == 7));
    shaped && matches!(parts[..], [Some(2020..), Some(1..=12), Some(1..=31)])
}

fn told(root: &Path, faults: &mut Faults) -> Result<(), String> {
    for (file, pointer, why) in ASKED {
        if read(root, file)?.pointer(pointer).and_then(|told| told.as_str()).is_none_or(str::is_empty) {
            faults.add(file, *pointer, format!("is not told: {why}"));
        }
    }
    let pom = fs::read_to_string(root.join(POM)).map_err(|error| format!("{POM}: {error}"))?;
    // What stands in the profiles and plugins is not the project's.
    let head = pom.split("<build>").next().unwrap_or_default();
    for element in ASKED_OF_POMS.iter().filter(|element| !head.contains(**element)) {
        faults.add(POM, *element, "is not told: Maven Central takes no pom without it");
    }
    Ok(())
}

/// Nothing uncommitted; the tag is free, or stands at this very commit.
fn git_state(root: &Path, version: &str, faults: &mut Faults) -> Result<(), String> {
    for file in ask_git(root, &["status", "--porcelain"])?.lines() {
        faults.add(file.get(3..).unwrap_or(file), "", "is not committed");
    }
    let tag = format!("v{version}");
    if ask_git(root, &["tag", "--list", &tag])?.is_empty() {
        return Ok(());
    }
    let at = |name: &str| ask_git(root, &["rev-parse", &format!("{name}^{{commit}}")]);
    if at(&tag)? != at("HEAD")? {
        faults.add("git", &tag, "is the tag of another commit: raise the version");
    }
    Ok(())
}

fn ask_git(root: &Path, args: &[&str]) -> Result<String, String> {
    let output = Command::new("git").args(args).current_dir(root).output().map_err(|error| format!("git: {error}"))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(format!("git {}: {}", args[0], String::from_utf8_lossy(&output.stderr).trim())),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::path::PathBuf;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    /// A folder that is removed when it is dropped.
    pub(in crate::release) struct Scratch(pub(in crate::release) PathBuf);

    impl Scratch {
        pub(in crate::release) fn new() -> Self {
            static NEXT: AtomicU32 = AtomicU32::new(0);
            let name = format!("nnopen-release-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
            let folder = std::env::temp_dir().join(name);
            fs::create_dir_all(&folder).unwrap();
            Self(folder)
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    pub(in crate::release) fn git(root: &Path, args: &[&str]) {
        let who = ["-c", "user.name=nobody", "-c", "user.email=nobody@invalid", "-c", "commit.gpgsign=false"];
        assert!(Command::new("git").args(who).args(args).current_dir(root).status().unwrap().success());
    }

    fn changes(text: &str) -> String {
        let mut faults = Faults::default();
        changelog(text, "1.2.0", &mut faults);
        faults.0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn the_changelog_has_the_version_with_its_date_on_top() {
        let good =
            "# Changelog\n\n## Unreleased\n\n## 1.2.0 - 2026-10-01\n\n- New.\n\n## 1.1.0 - 2026-09-01\n\n- Old.\n";
        assert_eq!(changes(good), "");
        assert_eq!(changes(&good.replace("## Unreleased\n\n", "")), "");
        assert!(changes(&good.replace("Unreleased\n", "Unreleased\n\n- Waits.\n")).contains("is not empty"));
        assert!(changes(&good.replace("2026-10-01", "2026-13-01")).contains("is no date"));
        assert!(changes(&good.replace("2026-10-01", "soon")).contains("is no date"));
        assert!(changes(&good.replace("- New.\n", "")).contains("tells no change"));
        assert!(changes(&good.replace("1.2.0", "1.3.0")).contains("has no entry \"## 1.2.0 - YYYY-MM-DD\""));
        assert!(changes("# Changelog\n").contains("has no entry"));
    }

    #[test]
    fn what_is_not_committed_and_a_tag_that_is_taken_are_told() {
        let scratch = Scratch::new();
        let root = &scratch.0;
        let state = || {
            let mut faults = Faults::default();
            git_state(root, "1.2.0", &mut faults).unwrap();
            faults.0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
        };
        let commit = |name: &str| {
            fs::write(root.join(name), name).unwrap();
            git(root, &["add", "."]);
            git(root, &["commit", "--quiet", "-m", name]);
        };
        git(root, &["init", "--quiet"]);
        commit("one");
        assert_eq!(state(), "");
        fs::write(root.join("two"), "").unwrap();
        assert_eq!(state(), "two: is not committed");
        commit("two");
        git(root, &["tag", "-a", "-m", "it", "v1.2.0"]);
        assert_eq!(state(), "", "the workflow runs on the tag itself");
        commit("three");
        assert_eq!(state(), "git: v1.2.0: is the tag of another commit: raise the version");
    }
}
