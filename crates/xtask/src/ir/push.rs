//! What the platform sends us: one kind of push and where it stands.

use serde::{Deserialize, Serialize};

use super::{Field, Form, Method, Words};

/// One kind of push.
#[derive(Clone, Debug)]
pub(crate) struct Push {
    /// What it has in common with a method: name, words, members (as params), shapes.
    pub(crate) model: Method,
    /// What a receiver answers.
    pub(crate) answer: Vec<Field>,
    /// Where the order number stands, the surest place first; a path leads through `content`.
    pub(crate) order_no: Vec<String>,
    pub(crate) serial_no: Vec<String>,
    pub(crate) bill_no: Vec<String>,
    pub(crate) status: Option<Status>,
    /// How the platform's document says that it comes.
    pub(crate) documented: Style,
    pub(crate) confirm: Vec<Confirm>,
    pub(crate) examples: Vec<PushExample>,
}

impl Push {
    /// The member at a path such as `content.c_status`.
    pub(crate) fn at(&self, path: &str) -> Option<&Field> {
        self.model.at(path)
    }

    /// The set of the status and its path.
    pub(crate) fn status_set(&self) -> Option<&str> {
        match &self.at(&self.status.as_ref()?.at)?.form {
            Form::Code(set) => Some(set),
            _ => None,
        }
    }
}

/// Where a push tells how things stand.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Status {
    pub(crate) at: String,
    /// What it means if it does not come along.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) absent: Option<String>,
}

/// The form in which a push comes.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Style {
    /// A form; the content is JSON text.
    Form,
    /// JSON; the content is an object.
    Json,
    /// JSON; the content is JSON text.
    JsonText,
}

/// A question that confirms a push.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Confirm {
    pub(crate) method: String,
    /// The member of the params that names what is asked for.
    pub(crate) by: String,
    /// Where in the push it stands.
    pub(crate) from: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) also: Vec<Also>,
}

/// Another member of the params: from the push, or always the same.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Also {
    pub(crate) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<String>,
}

/// The members of a push as JSON, the content as an object.
#[derive(Clone, Debug)]
pub(crate) struct PushExample {
    pub(crate) title: Words,
    pub(crate) push: serde_json::Value,
}
