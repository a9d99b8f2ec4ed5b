//! Where the data files are read from: a folder, or texts in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{fs, io};

/// Files by their paths below the repository's root.
pub(crate) trait Files {
    fn text(&self, file: &str) -> io::Result<String>;
    fn is_folder(&self, path: &str) -> bool;
    /// The names in a folder, in any order.
    fn names(&self, folder: &str) -> io::Result<Vec<String>>;
}

impl Files for &Path {
    fn text(&self, file: &str) -> io::Result<String> {
        fs::read_to_string(self.join(file))
    }

    fn is_folder(&self, path: &str) -> bool {
        self.join(path).is_dir()
    }

    fn names(&self, folder: &str) -> io::Result<Vec<String>> {
        fs::read_dir(self.join(folder))?.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect()
    }
}

impl Files for BTreeMap<String, String> {
    fn text(&self, file: &str) -> io::Result<String> {
        self.get(file).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn is_folder(&self, path: &str) -> bool {
        self.keys().any(|file| file.strip_prefix(path).is_some_and(|rest| rest.starts_with('/')))
    }

    fn names(&self, folder: &str) -> io::Result<Vec<String>> {
        let below = self.keys().filter_map(|file| file.strip_prefix(folder)?.strip_prefix('/'));
        let names: BTreeSet<&str> = below.filter_map(|rest| rest.split('/').next()).collect();
        Ok(names.into_iter().map(str::to_owned).collect())
    }
}
