//! A store in a file, for the processes of one machine.
//!
//! `<name>.token` holds a line with the version, then the bytes. It is for its owner alone, and is replaced in one step,
//! on disk before its name is. Who swaps holds the lock on `<name>.lock`, which ends with its process. Reading takes no
//! lock.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Instant;

use fs4::fs_std::FileExt;

use crate::private::{LOOK_AGAIN, MOST_WAIT, retried};
use crate::{Store, private};

/// A store in a file, for the processes of one machine. Not for network drives: their locks can't be trusted.
#[derive(Clone, Debug)]
pub struct FileStore {
    path: PathBuf,
    lock: PathBuf,
}

impl FileStore {
    /// The store called `name` in the folder `dir`, which is made if it is not there, for its owner alone. Take
    /// `Session::store_key` for the name.
    ///
    /// # Errors
    /// If the folder can't be made.
    pub fn open(dir: &Path, name: &str) -> io::Result<Self> {
        private::folder(dir).map_err(|error| at(dir, &error))?;
        Ok(Self { path: dir.join(format!("{name}.token")), lock: dir.join(format!("{name}.lock")) })
    }

    /// The file that holds the token.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn locked(&self) -> io::Result<File> {
        let file = private::lock_file(&self.lock).map_err(|error| at(&self.lock, &error))?;
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
            let line = format!("{next}\n");
            private::replace(&self.path, &[line.as_bytes(), bytes]).map_err(|error| at(&self.path, &error))?;
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
