//! The folder in which all programs of a user keep their tokens, so that they share them without being told to. The rule
//! stands in `docs/token-store.md`; `tests/vectors/default-folder.json` holds every language to it.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

/// The folder of this user on this system; none if it has no home.
///
/// ```
/// if let Some(folder) = nnopen_store::default_folder() {
///     println!("tokens are kept in {}", folder.display());
/// }
/// ```
#[must_use]
pub fn default_folder() -> Option<PathBuf> {
    folder_by(env::consts::OS, |name| match name {
        // Without HOME (a service, a container) it is the home that the system knows.
        "HOME" => env::home_dir().map(OsString::from),
        name => env::var_os(name),
    })
}

/// The folder by what a system is called (`linux`, `macos`, `windows`) and its environment variables.
#[must_use]
pub fn folder_by(system: &str, variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let set = |name| variable(name).filter(|value| !value.is_empty());
    let absolute = |name| set(name).filter(|value| value.as_encoded_bytes().starts_with(b"/"));
    let below = |mut folder: OsString, rest| {
        folder.push(rest);
        PathBuf::from(folder)
    };
    if let Some(named) = set("NNOPEN_STATE_DIR") {
        return Some(named.into());
    }
    if system == "windows" {
        return Some(below(set("LOCALAPPDATA")?, r"\nnopen"));
    }
    if let Some(state) = absolute("XDG_STATE_HOME") {
        return Some(below(state, "/nnopen"));
    }
    let usual = if system == "macos" { "/Library/Application Support/nnopen" } else { "/.local/state/nnopen" };
    Some(below(absolute("HOME")?, usual))
}
