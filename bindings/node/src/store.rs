//! The token's file, which all languages of a machine share. Locks and disks take their time, so each is a task beside
//! JavaScript's thread.

use std::io;
use std::path::PathBuf;

use napi::bindgen_prelude::{AsyncTask, Buffer};
use napi::{Env, Task};
use napi_derive::napi;
use nnopen_store::{FileStore, Store};

use crate::Result;

/// What a store holds; version 0 if that is nothing yet.
#[napi(object, object_from_js = false)]
pub(crate) struct Kept {
    /// Grows by one with each swap.
    pub version: i64,
    /// The record's own bytes.
    pub bytes: Buffer,
}

/// Reads a file.
pub(crate) struct Load {
    folder: PathBuf,
    key: String,
}

/// Replaces what a file holds.
pub(crate) struct Swap {
    folder: PathBuf,
    key: String,
    version: i64,
    bytes: Vec<u8>,
}

/// Reads the file of a key.
#[napi(ts_return_type = "Promise<Kept>")]
pub(crate) fn file_load(folder: String, key: String) -> AsyncTask<Load> {
    AsyncTask::new(Load { folder: folder.into(), key })
}

/// Replaces what the file of a key holds, if it still has this version; tells whether it did.
#[napi(ts_return_type = "Promise<boolean>")]
pub(crate) fn file_swap(folder: String, key: String, version: i64, bytes: &[u8]) -> AsyncTask<Swap> {
    AsyncTask::new(Swap { folder: folder.into(), key, version, bytes: bytes.to_vec() })
}

impl Task for Load {
    type Output = (u64, Vec<u8>);
    type JsValue = Kept;

    fn compute(&mut self) -> Result<Self::Output> {
        open(&self.folder, &self.key).and_then(|store| store.load()).map_err(told)
    }

    fn resolve(&mut self, _: Env, (version, bytes): Self::Output) -> Result<Kept> {
        Ok(Kept { version: i64::try_from(version).unwrap_or(i64::MAX), bytes: bytes.into() })
    }
}

impl Task for Swap {
    type Output = bool;
    type JsValue = bool;

    fn compute(&mut self) -> Result<bool> {
        let version = u64::try_from(self.version).map_err(io::Error::other).map_err(told)?;
        open(&self.folder, &self.key).and_then(|store| store.swap(version, &self.bytes)).map_err(told)
    }

    fn resolve(&mut self, _: Env, stored: bool) -> Result<bool> {
        Ok(stored)
    }
}

fn open(folder: &std::path::Path, key: &str) -> io::Result<FileStore> {
    if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_') {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "a key is letters, digits, - and _"));
    }
    FileStore::open(folder, key)
}

fn told(error: io::Error) -> napi::Error {
    napi::Error::from_reason(error.to_string())
}
