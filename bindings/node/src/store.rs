//! The token's file, which all languages of a machine share. Locks and disks take their time, so that is a task beside
//! JavaScript's thread.

use std::io;
use std::path::PathBuf;

use napi::bindgen_prelude::{AsyncTask, Buffer};
use napi::{Env, Task};
use napi_derive::napi;
use nnopen_store::{FileStore, Store};

use crate::Result;

/// What a file holds.
#[napi(object, object_from_js = false)]
pub(crate) struct Kept {
    /// Grows by one with each swap; 0 if nothing is held yet, -1 if nothing was swapped.
    pub version: i64,
    /// The record's own bytes; none after a swap.
    pub bytes: Buffer,
}

/// Reads a file, or replaces what it holds.
pub(crate) struct Errand {
    folder: PathBuf,
    key: String,
    /// The version that is replaced, and by what.
    swap: Option<(i64, Vec<u8>)>,
}

/// Reads the file of a key; or, with a version and bytes, replaces what it holds if it still has this version.
#[napi(ts_return_type = "Promise<Kept>")]
pub(crate) fn file(folder: String, key: String, version: Option<i64>, bytes: Option<&[u8]>) -> AsyncTask<Errand> {
    let swap = version.zip(bytes.map(<[u8]>::to_vec));
    AsyncTask::new(Errand { folder: folder.into(), key, swap })
}

impl Errand {
    fn run(&self) -> io::Result<(i64, Vec<u8>)> {
        let key = self.key.as_bytes();
        if key.is_empty() || !key.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "a key is letters, digits, - and _"));
        }
        let store = FileStore::open(&self.folder, &self.key)?;
        let Some((version, bytes)) = &self.swap else {
            let (version, bytes) = store.load()?;
            return Ok((i64::try_from(version).unwrap_or(i64::MAX), bytes));
        };
        let stored = store.swap(u64::try_from(*version).map_err(io::Error::other)?, bytes)?;
        Ok((if stored { version.saturating_add(1) } else { -1 }, Vec::new()))
    }
}

impl Task for Errand {
    type Output = (i64, Vec<u8>);
    type JsValue = Kept;

    fn compute(&mut self) -> Result<Self::Output> {
        self.run().map_err(|error| napi::Error::from_reason(error.to_string()))
    }

    fn resolve(&mut self, _: Env, (version, bytes): Self::Output) -> Result<Kept> {
        Ok(Kept { version, bytes: bytes.into() })
    }
}
