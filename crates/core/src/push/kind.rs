//! One kind of push, as its data file tells it.

use crate::api::pushes::PUSHES;
use crate::json::FromJson;
use crate::model::{Codes, Method, Shape, Words};
use crate::text::Text;

/// A struct of [`crate::api::pushes`]: what one kind of push holds.
pub trait Pushed: FromJson {
    /// The kind of push that it reads.
    const KIND: &'static PushKind;
}

/// One kind of push, as its data file tells it.
#[derive(Debug)]
pub struct PushKind {
    /// The platform's word for it (`operater`, so spelt): `callback`.
    pub name: Text,
    /// What the platform calls it.
    pub title: Words<Text>,
    /// When it is sent, in a few sentences.
    pub doc: Words<Text>,
    /// Its members; the content is one of them.
    pub outer: &'static Shape,
    pub(crate) order_no: &'static [Text],
    pub(crate) serial_no: &'static [Text],
    pub(crate) bill_no: &'static [Text],
    pub(crate) status: Option<StatusAt>,
    pub(crate) confirm: &'static [Confirm],
}

impl PushKind {
    /// Finds a kind by the platform's word for it.
    pub fn find(operater: &str) -> Option<&'static PushKind> {
        PUSHES.iter().copied().find(|kind| kind.name == operater)
    }

    /// Every kind that has a data file, ordered by name.
    pub fn all() -> &'static [&'static PushKind] {
        PUSHES
    }
}

impl PartialEq for PushKind {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// Where a push tells how things stand, in which codes, and what silence means.
#[derive(Debug)]
pub(crate) struct StatusAt {
    pub(crate) at: Text,
    pub(crate) absent: Option<Text>,
    pub(crate) codes: &'static Codes,
}

/// A question that confirms a push.
#[derive(Debug)]
pub(crate) struct Confirm {
    pub(crate) method: &'static Method,
    /// The member of its params that names what is asked for, and whether that is a list.
    pub(crate) by: Text,
    pub(crate) list: bool,
    /// Where in the push it stands.
    pub(crate) from: Text,
    pub(crate) also: &'static [Also],
}

/// Another member of the params: from the push, or always the same.
#[derive(Debug)]
pub(crate) struct Also {
    pub(crate) name: Text,
    pub(crate) from: Option<Text>,
    pub(crate) value: Option<Text>,
}
