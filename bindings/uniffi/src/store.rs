//! The token's store in a file: the same format, the same lock as every other program of this machine.

use std::path::{Path, PathBuf};

use nnopen_store::{FileStore, Store};

/// The store could not be read or written.
#[derive(Debug, uniffi::Error)]
pub enum StoreError {
    /// Why.
    Told {
        /// In the system's words.
        reason: String,
    },
}

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self::Told { reason } = self;
        f.write_str(reason)
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        Self::Told { reason: error.to_string() }
    }
}

/// A folder that holds tokens, for its owner alone.
#[derive(uniffi::Object)]
pub struct TokenFolder(PathBuf);

/// What a store holds; 0 and nothing, if nothing was put there yet.
#[derive(uniffi::Record)]
#[allow(missing_docs)]
pub struct Kept {
    pub version: i64,
    pub bytes: Vec<u8>,
}

#[uniffi::export]
impl TokenFolder {
    /// The folder is made when something is put there.
    #[uniffi::constructor]
    pub fn at(folder: &str) -> Self {
        Self(Path::new(folder).to_owned())
    }

    /// What is kept under a name.
    pub fn load(&self, name: &str) -> Result<Kept, StoreError> {
        let (version, bytes) = FileStore::open(&self.0, name)?.load()?;
        Ok(Kept { version: crate::plain::signed(version), bytes })
    }

    /// Replaces it if the version is still this one.
    pub fn swap(&self, name: &str, version: i64, bytes: Vec<u8>) -> Result<bool, StoreError> {
        Ok(FileStore::open(&self.0, name)?.swap(crate::plain::unsigned(version), &bytes)?)
    }
}
