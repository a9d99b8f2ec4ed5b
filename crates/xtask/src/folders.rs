//! Folders: where cargo builds and the programs there, a copy of a folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::test::cargo;

/// Where cargo builds.
pub(crate) fn target(root: &Path) -> PathBuf {
    static TOLD: OnceLock<Option<PathBuf>> = OnceLock::new();
    let told = TOLD.get_or_init(|| {
        let told = cargo(root, &["metadata", "--format-version", "1", "--no-deps"]).output().ok()?.stdout;
        let told: serde_json::Value = serde_json::from_slice(&told).ok()?;
        Some(PathBuf::from(told.get("target_directory")?.as_str()?))
    });
    told.clone().unwrap_or_else(|| root.join("target"))
}

/// A program of the debug build.
pub(crate) fn program(root: &Path, name: &str) -> PathBuf {
    target(root).join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// Copies a file, or a folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if !from.is_dir() {
        fs::create_dir_all(to.parent().unwrap_or(to))?;
        return fs::copy(from, to).map(drop);
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}
