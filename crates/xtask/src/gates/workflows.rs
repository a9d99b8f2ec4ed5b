//! The workflows of the hosting page: sound, pinned, and with a build for every platform.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::tracked;
use crate::fault::Faults;
use crate::folders::target;
use crate::package::Failure;
use crate::release::platforms;
use crate::test::succeeds;

const FOLDER: &str = ".github/workflows/";
const PACKAGES: &str = ".github/workflows/packages.yml";
const LINTER: &str = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12";

/// Every action stands at a commit, its version beside it; every platform that npm is told of has a build.
pub(super) fn pinned(root: &Path, faults: &mut Faults) -> Result<(), String> {
    let files: Vec<String> = tracked(root)?.into_iter().filter(|file| file.starts_with(FOLDER)).collect();
    if files.is_empty() {
        return Err(format!("{FOLDER} holds nothing"));
    }
    for file in &files {
        let text = fs::read_to_string(root.join(file)).map_err(|error| format!("{file}: {error}"))?;
        for (at, line) in text.lines().enumerate() {
            if !is_pinned(line) {
                faults.add(file, format!("line {}", at + 1), "an action is told as name@commit # version");
            }
        }
        if !text.contains("\npermissions:") {
            faults.add(file, "permissions", "are not told: all that the hosting page gives");
        }
    }
    let text = fs::read_to_string(root.join(PACKAGES)).map_err(|error| format!("{PACKAGES}: {error}"))?;
    for (name, triple) in platforms(root)? {
        if !text.contains(&format!("platform: {name}, triple: {triple}")) {
            faults.add(PACKAGES, name, "is a platform of the Node package, and is not built");
        }
    }
    Ok(())
}

/// Whether a line uses no action, one of this tree, or one at a commit with its version told.
fn is_pinned(line: &str) -> bool {
    let Some((_, used)) = line.split_once("uses: ") else { return true };
    let commit = used.split_once('@').and_then(|(_, rest)| rest.split_once(" # v"));
    used.starts_with("./")
        || commit.is_some_and(|(commit, version)| {
            commit.len() == 40
                && commit.bytes().all(|byte| byte.is_ascii_hexdigit())
                && version.starts_with(|first: char| first.is_ascii_digit())
        })
}

/// What actionlint says of them.
pub(super) fn sound(root: &Path, faults: &mut Faults) -> Result<(), Failure> {
    let program = linter(root).ok_or_else(|| Failure::Skipped("needs actionlint, or Go to get it".to_owned()))?;
    let told = Command::new(program).arg("-no-color").current_dir(root).output();
    let told = told.map_err(|error| Failure::Failed(format!("actionlint: {error}")))?;
    if !told.status.success() {
        faults.add(FOLDER, "", format!("actionlint says:\n{}", String::from_utf8_lossy(&told.stdout).trim()));
    }
    Ok(())
}

/// The linter, got by Go if it is not there.
fn linter(root: &Path) -> Option<PathBuf> {
    let there =
        |program: &Path| succeeds(Command::new(program).arg("-version").stdout(Stdio::null()).stderr(Stdio::null()));
    let folder = target(root).join("tools/bin");
    let ours = folder.join(if cfg!(windows) { "actionlint.exe" } else { "actionlint" });
    for program in [PathBuf::from("actionlint"), ours.clone()] {
        if there(&program) {
            return Some(program);
        }
    }
    let mut go = Command::new("go");
    go.args(["install", LINTER]).env("GOBIN", &folder).stdout(Stdio::null()).stderr(Stdio::null());
    (succeeds(&mut go) && there(&ours)).then_some(ours)
}

#[cfg(test)]
mod tests {
    use super::is_pinned;

    #[test]
    fn an_action_that_can_move_is_found() {
        let commit = "08c6903cd8c0fde910a37f88322edcfb5dd907a8";
        assert!(is_pinned("      - run: cargo test"));
        assert!(is_pinned("    uses: ./.github/workflows/packages.yml"));
        assert!(is_pinned(&format!("      - uses: actions/checkout@{commit} # v5.0.0")));
        for line in ["actions/checkout@v5", "actions/checkout@v5 # v5.0.0", "actions/checkout"] {
            assert!(!is_pinned(&format!("      - uses: {line}")), "{line}");
        }
        assert!(!is_pinned(&format!("      - uses: actions/checkout@{commit}")));
    }
}
