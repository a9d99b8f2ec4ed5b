//! What became of a write: ask before sending again.

use crate::model::{Codes, Method};

/// How to find out what became of a write: a `[settle]` table of a data file.
#[derive(Debug)]
pub struct SettleRule {
    /// The method that is asked; it has a poll rule.
    pub ask: &'static Method,
    /// Its list param that takes the key.
    pub by: &'static str,
    /// The path of the key in the body that was written.
    pub key: &'static str,
    /// The member of a row that holds the key.
    pub row_key: &'static str,
    /// The codes that mean "was there already".
    pub present: &'static [&'static str],
    /// What must agree for a found row to be ours.
    pub same: &'static [Same],
}

/// One thing that must agree between what was written and what was found.
#[derive(Debug)]
pub struct Same {
    /// The path in the body.
    pub ours: &'static str,
    /// The member of the row.
    pub theirs: &'static str,
    /// A set whose codes are the labels of the row and whose names are the values of the body.
    pub by: Option<&'static Codes>,
    /// Whether the values are added up over all lines and all rows before they are compared.
    pub sum: bool,
}
