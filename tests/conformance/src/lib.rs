//! Plays `tests/vectors`: each file is a conversation, and every step must be as the file says.

mod batch;
mod core;
mod ffi;
mod play;
mod readers;

use std::path::{Path, PathBuf};

use nnopen::Json;

pub use crate::batch::{Follows, play_batch};
pub use crate::core::Core;
pub use crate::ffi::Ffi;
pub use crate::play::{Failed, Session, Stepped, play};
pub use crate::readers::{play_amounts, play_check, play_document, play_order, play_push, play_reply, play_sign};

/// The folder of the vectors.
pub fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors")
}

/// Every vector of a folder, by its file's name. A folder without any is a fault of its own.
pub fn load(folder: &str) -> Vec<(String, Json)> {
    load_from(&vectors().join(folder))
}

/// Every vector of the folder at `path`.
pub fn load_from(path: &Path) -> Vec<(String, Json)> {
    let entries = std::fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    assert!(!files.is_empty(), "{} holds no vectors", path.display());
    files.into_iter().map(|path| read(&path)).collect()
}

fn read(path: &Path) -> (String, Json) {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"));
    let json = Json::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    (name, json)
}

/// Plays every vector of a folder; prints what failed and a count.
pub fn play_all(folder: &str, player: impl Fn(&Json) -> Result<(), String>) {
    let mut failed = Vec::new();
    let vectors = load(folder);
    for (name, vector) in &vectors {
        if let Err(why) = player(vector) {
            failed.push(format!("{folder}/{name}: {why}"));
        }
    }
    println!("{} passed, {} failed", vectors.len() - failed.len(), failed.len());
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
