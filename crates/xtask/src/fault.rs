//! What is wrong, and where: a file, a row, a sentence.

use std::fmt;

/// One fault, shown as `file: row: what`.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Fault {
    pub(crate) file: String,
    pub(crate) row: String,
    pub(crate) what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.row.as_str() {
            "" => write!(f, "{}: {}", self.file, self.what),
            row => write!(f, "{}: {row}: {}", self.file, self.what),
        }
    }
}

/// The faults found so far; nobody stops at the first.
#[derive(Debug, Default)]
pub(crate) struct Faults(pub(crate) Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, file: &str, row: impl Into<String>, what: impl Into<String>) {
        self.0.push(Fault { file: file.to_owned(), row: row.into(), what: what.into() });
    }
}
