//! Files for their owner alone, replaced in one step.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// So long somebody else may be at a file: whoever replaces or reads one needs milliseconds.
pub(crate) const MOST_WAIT: Duration = Duration::from_secs(5);
pub(crate) const LOOK_AGAIN: Duration = Duration::from_millis(5);

/// Makes a folder for its owner alone, with those above it, if it is not there.
///
/// # Errors
/// If it can't be made.
pub fn folder(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// Opens a file to lock it. It is made for its owner alone if it is not there; what it holds stays.
///
/// # Errors
/// If it can't be opened or made.
pub fn lock_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Writes a file for its owner alone, part after part, and in one step: whoever reads it sees the old bytes or the new
/// ones, even after a crash.
///
/// # Errors
/// If it can't be written. It may have been written all the same.
pub fn replace(path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    // `tempfile` makes it for its owner alone.
    let mut file = tempfile::Builder::new().prefix(".new-").tempfile_in(dir)?;
    for part in parts {
        file.write_all(part)?;
    }
    file.as_file().sync_all()?;
    let mut file = Some(file);
    retried(|| match file.take().map(|file| file.persist(path)) {
        Some(Err(error)) => {
            file = Some(error.file);
            Err(error.error)
        }
        Some(Ok(_)) | None => Ok(()),
    })?;
    sync(dir)
}

/// Takes a file away, for good; one that is not there is no error.
///
/// # Errors
/// If it can't be taken away.
pub fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => path.parent().map_or(Ok(()), sync),
    }
}

/// On Windows a file that somebody is just reading can't be replaced, and one that is just being replaced can't be read.
pub(crate) fn retried<T>(mut work: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    let since = Instant::now();
    loop {
        match work() {
            Err(error)
                if cfg!(windows) && error.kind() == io::ErrorKind::PermissionDenied && since.elapsed() < MOST_WAIT =>
            {
                sleep(LOOK_AGAIN);
            }
            other => return other,
        }
    }
}

/// A new name is only safe from a power cut once its folder is on disk.
#[cfg(unix)]
fn sync(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

#[cfg(not(unix))]
fn sync(_: &Path) -> io::Result<()> {
    Ok(())
}
