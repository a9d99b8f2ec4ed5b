//! Where processes keep the token that they share. A store knows nothing of tokens: it keeps bytes and a version, and
//! replaces them only if the version is still the one that was read.
//!
//! ```
//! use nnopen_store::{MemoryStore, Store};
//!
//! let store = MemoryStore::default();
//! assert_eq!(store.load().unwrap(), (0, Vec::new()));
//! assert!(store.swap(0, b"one").unwrap());
//! assert!(!store.swap(0, b"two").unwrap(), "somebody was quicker");
//! assert_eq!(store.load().unwrap(), (1, b"one".to_vec()));
//! ```
//!
//! `share/redis.lua` and `share/schema.sql` hold the same two functions for Redis and SQL databases.

mod file;
mod folder;
pub mod private;

use std::io;
use std::sync::{Mutex, PoisonError};

pub use file::FileStore;
pub use folder::{default_folder, folder_by};

/// The script for Redis: `EVAL` it, see the comment at its top.
pub const REDIS: &str = include_str!("../share/redis.lua");
/// The table and the statements for SQL databases.
pub const SQL: &str = include_str!("../share/schema.sql");

/// What the processes that share a token see alike.
pub trait Store {
    /// The version and the bytes that were swapped in last; 0 and none, if nothing was yet.
    ///
    /// # Errors
    /// If it can't be read.
    fn load(&self) -> io::Result<(u64, Vec<u8>)>;

    /// Replaces the bytes, making the version `version + 1`, if it is still `version`; tells whether it was.
    ///
    /// # Errors
    /// If it can't be written. It may have been written all the same.
    fn swap(&self, version: u64, bytes: &[u8]) -> io::Result<bool>;
}

/// A store for the sessions of one process.
#[derive(Default)]
pub struct MemoryStore(Mutex<(u64, Vec<u8>)>);

impl Store for MemoryStore {
    fn load(&self) -> io::Result<(u64, Vec<u8>)> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    fn swap(&self, version: u64, bytes: &[u8]) -> io::Result<bool> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = held.0 == version;
        if fits {
            *held = (version + 1, bytes.to_owned());
        }
        Ok(fits)
    }
}

/// What it holds are tokens: they are not shown.
impl std::fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MemoryStore").finish_non_exhaustive()
    }
}
