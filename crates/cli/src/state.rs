//! The state folder: files for their owner alone, replaced in one step, and a lock.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use fs4::fs_std::FileExt;
use sha2::{Digest, Sha256};

use crate::trouble::Trouble;

/// While it lives, no other program holds the lock.
pub(crate) struct Lock(#[allow(dead_code)] File);

/// Waits for the lock on the file `path`, which it makes. The lock ends with the value, or with the process.
pub(crate) fn lock(path: &Path) -> Result<Lock, Trouble> {
    let locked = || {
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        owner_only(&mut options);
        let file = options.open(path)?;
        FileExt::lock_exclusive(&file)?;
        Ok(Lock(file))
    };
    locked().map_err(|error| Trouble::file(path, &error))
}

/// Writes a file for its owner alone, in one step: whoever reads it sees the old text or the new one, even after a crash.
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".new-").tempfile_in(dir)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    sync_dir(dir)
}

/// Takes a file away, for good.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => path.parent().map_or(Ok(()), sync_dir),
    }
}

/// SHA-256 over parts, each ended by a zero byte, as lower-case hex.
pub(crate) fn hash(parts: &[&str]) -> String {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update(part.as_bytes());
        sha.update([0]);
    }
    sha.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Makes a folder for its owner alone.
pub(crate) fn private_dir(dir: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

#[cfg(unix)]
fn owner_only(options: &mut OpenOptions) {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
}

#[cfg(not(unix))]
fn owner_only(_: &mut OpenOptions) {}

/// A rename is only safe from a power cut once its folder is on disk.
#[cfg(unix)]
fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

#[cfg(not(unix))]
fn sync_dir(_: &Path) -> io::Result<()> {
    Ok(())
}
