//! A store in a file, for the processes of one machine.
//!
//! `<name>.token` holds a line with the version, then the bytes. It is for its owner alone, and is replaced in one step,
//! on disk before its name is. Who swaps holds the lock on `<name>.lock`, which ends with its process. Reading takes no
//! lock.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use fs4::fs_std::FileExt;

use crate::Store;

/// A store in a file, for the processes of one machine. Not for network drives: their locks can't be trusted.
#[derive(Clone, Debug)]
pub struct FileStore {
    path: PathBuf,
    lock: PathBuf,
}

/// So long somebody else may hold the lock: a swap takes milliseconds.
const MOST_WAIT: Duration = Duration::from_secs(5);
const LOOK_AGAIN: Duration = Duration::from_millis(5);

impl FileStore {
    /// The store called `name` in the folder `dir`, which is made if it is not there, for its owner alone. Take
    /// `Session::store_key` for the name.
    ///
    /// # Errors
    /// If the folder can't be made.
    pub fn open(dir: &Path, name: &str) -> io::Result<Self> {
        private_dir(dir).map_err(|error| at(dir, &error))?;
        Ok(Self { path: dir.join(format!("{name}.token")), lock: dir.join(format!("{name}.lock")) })
    }

    /// The file that holds the token.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn locked(&self) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.create(true).truncate(false).write(true);
        owner_only(&mut options);
        let file = options.open(&self.lock).map_err(|error| at(&self.lock, &error))?;
        let since = Instant::now();
        loop {
            if FileExt::try_lock_exclusive(&file)? {
                return Ok(file);
            }
            if since.elapsed() >= MOST_WAIT {
                return Err(io::Error::new(io::ErrorKind::TimedOut, "the token's file is locked for too long"));
            }
            sleep(LOOK_AGAIN);
        }
    }

    /// A new file beside the old one, on disk, then in its place.
    fn replace(&self, version: u64, bytes: &[u8]) -> io::Result<()> {
        let dir = self.path.parent().unwrap_or(Path::new("."));
        // `tempfile` makes it for its owner alone.
        let mut file = tempfile::Builder::new().prefix(".token-").tempfile_in(dir).map_err(|error| at(dir, &error))?;
        file.write_all(format!("{version}\n").as_bytes())?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        let mut file = Some(file);
        retried(|| match file.take().map(|file| file.persist(&self.path)) {
            Some(Err(error)) => {
                file = Some(error.file);
                Err(error.error)
            }
            Some(Ok(_)) | None => Ok(()),
        })?;
        sync_dir(dir)
    }
}

impl Store for FileStore {
    fn load(&self) -> io::Result<(u64, Vec<u8>)> {
        let whole = match retried(|| fs::read(&self.path)) {
            Ok(whole) => whole,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((0, Vec::new())),
            Err(error) => return Err(at(&self.path, &error)),
        };
        read(whole).ok_or_else(|| {
            let what = format!("{} is no token file: it is left alone", self.path.display());
            io::Error::new(io::ErrorKind::InvalidData, what)
        })
    }

    fn swap(&self, version: u64, bytes: &[u8]) -> io::Result<bool> {
        let lock = self.locked()?;
        let fits = self.load()?.0 == version;
        if fits {
            let next = version.checked_add(1).ok_or_else(|| io::Error::other("there are no more versions"))?;
            self.replace(next, bytes)?;
        }
        drop(lock);
        Ok(fits)
    }
}

fn read(mut whole: Vec<u8>) -> Option<(u64, Vec<u8>)> {
    let end = whole.iter().position(|byte| *byte == b'\n')?;
    let version = std::str::from_utf8(&whole[..end]).ok()?.parse().ok().filter(|version| *version > 0)?;
    whole.drain(..=end);
    Some((version, whole))
}

/// The same trouble, with where it is.
fn at(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// On Windows a file that somebody is just reading can't be replaced, and one that is just being replaced can't be read.
fn retried<T>(mut work: impl FnMut() -> io::Result<T>) -> io::Result<T> {
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

#[cfg(unix)]
fn private_dir(dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

#[cfg(not(unix))]
fn private_dir(dir: &Path) -> io::Result<()> {
    fs::create_dir_all(dir)
}

#[cfg(unix)]
fn owner_only(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600);
}

#[cfg(not(unix))]
fn owner_only(_: &mut OpenOptions) {}

/// The new name is on disk too.
#[cfg(unix)]
fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

#[cfg(not(unix))]
fn sync_dir(_: &Path) -> io::Result<()> {
    Ok(())
}
