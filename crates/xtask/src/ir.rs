//! The one model that everything is printed from: what `api/*.toml` says, with names and types made out once.

mod codes;
mod form;
mod push;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub(crate) use codes::{Code, CodeName, Enum, FailCause, Kind, Outcome, Retry};
pub(crate) use form::Form;
pub(crate) use push::{Confirm, Push, PushExample, Status as PushStatus, Style};

use crate::names;
use crate::rules::Rule;

/// The platform as the data files tell it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Api {
    pub(crate) platform: toml::Table,
    pub(crate) enums: Vec<Enum>,
    pub(crate) codes: Vec<Code>,
    pub(crate) fail_causes: Vec<FailCause>,
    /// Ordered by group, then stem.
    pub(crate) methods: Vec<Method>,
    /// Ordered by number, and how many there must be.
    pub(crate) rules: Vec<Rule>,
    pub(crate) rule_count: u16,
    /// Ordered by stem.
    pub(crate) pushes: Vec<Push>,
    /// In the order of their file.
    pub(crate) capabilities: Vec<Capability>,
}

impl Api {
    pub(crate) fn method(&self, name: &str) -> Option<&Method> {
        self.methods.iter().find(|method| method.name == name)
    }

    pub(crate) fn set(&self, name: &str) -> Option<&Enum> {
        self.enums.iter().find(|set| set.name == name)
    }

    pub(crate) fn knows_code(&self, code: &str) -> bool {
        self.codes.iter().any(|row| row.code == code)
    }

    /// The codes that mean success for `method`.
    pub(crate) fn success(&self, method: &Method) -> Vec<String> {
        match &method.success {
            Some(codes) => codes.clone(),
            None => texts(self.platform.get("success")),
        }
    }

    /// The groups of methods in order.
    pub(crate) fn groups(&self) -> Vec<&str> {
        let mut groups: Vec<&str> = self.methods.iter().map(|method| method.group.as_str()).collect();
        groups.dedup();
        groups
    }

    /// What a group is called: `[groups]` of the platform's file, else its own name.
    pub(crate) fn group_title(&self, group: &str) -> Words {
        let told = self.platform.get("groups").and_then(|groups| groups.get(group)).cloned();
        let plain = || Words { zh: group.to_owned(), en: group.replace('_', " ") };
        told.and_then(|told| told.try_into().ok()).unwrap_or_else(plain)
    }
}

/// The texts of a TOML list.
pub(crate) fn texts(value: Option<&toml::Value>) -> Vec<String> {
    let items = value.and_then(toml::Value::as_array).map_or(&[][..], Vec::as_slice);
    items.iter().filter_map(toml::Value::as_str).map(str::to_owned).collect()
}

/// A text in Chinese and in English.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Words {
    #[serde(default)]
    pub(crate) zh: String,
    #[serde(default)]
    pub(crate) en: String,
}

/// Something that the platform can do, and the names of the methods that do it, in both product families.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Capability {
    #[serde(default)]
    pub(crate) zh: String,
    #[serde(default)]
    pub(crate) en: String,
    #[serde(default)]
    pub(crate) newer: Vec<String>,
    #[serde(default)]
    pub(crate) older: Vec<String>,
}

/// One method and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Method {
    /// The data file, from the root.
    pub(crate) file: String,
    pub(crate) group: String,
    pub(crate) stem: String,
    pub(crate) name: String,
    pub(crate) title: Words,
    pub(crate) doc: Words,
    pub(crate) source: String,
    pub(crate) confidence: String,
    pub(crate) notes: Vec<String>,
    pub(crate) effect: Effect,
    /// Known by name only: nothing of it is checked.
    pub(crate) raw: bool,
    pub(crate) success: Option<Vec<String>>,
    pub(crate) one_of: Vec<Vec<String>>,
    pub(crate) one_of_refused: Option<String>,
    pub(crate) params: Vec<Field>,
    pub(crate) result: Form,
    pub(crate) shapes: Vec<Shape>,
    pub(crate) poll: Option<Poll>,
    pub(crate) settle: Option<Settle>,
    pub(crate) by_hand: Option<Words>,
    /// The member of the params that is an order.
    pub(crate) order: Option<String>,
    pub(crate) simulated: Simulated,
    pub(crate) examples: Vec<Example>,
}

impl Method {
    pub(crate) fn shape(&self, name: &str) -> Option<&Shape> {
        self.shapes.iter().find(|shape| shape.name == name)
    }

    /// The name of the params struct.
    pub(crate) fn rust_name(&self) -> String {
        names::pascal(&self.stem)
    }

    /// The members of an object, or of the objects of a list.
    pub(crate) fn members(&self, form: &Form) -> Option<&[Field]> {
        match form {
            Form::List(item) => self.members(item),
            Form::Shape(name) => self.shape(name).map(|shape| shape.fields.as_slice()),
            _ => None,
        }
    }

    /// The field at a path such as `order.invoiceDetail[].tax`; lists are looked through.
    pub(crate) fn at(&self, path: &str) -> Option<&Field> {
        let mut fields = self.params.as_slice();
        let mut found = None;
        for name in path.split('.') {
            let field = fields.iter().find(|field| field.name == name.trim_end_matches("[]"))?;
            fields = self.members(&field.form).unwrap_or(&[]);
            found = Some(field);
        }
        found
    }
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Effect {
    Read,
    Limited,
    Write,
}

/// What the simulator does for a method. A data file tells `state` only; the rest follows from its examples.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Simulated {
    /// Its answer depends on what came before.
    State,
    /// It answers with the reply of the first example that has one.
    #[serde(skip_deserializing)]
    Example,
    #[serde(skip_deserializing)]
    No,
}

#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub(crate) name: String,
    pub(crate) fields: Vec<Field>,
}

/// One member of an object: a row.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Field {
    pub(crate) name: String,
    #[serde(rename = "type")]
    pub(crate) form: Form,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) need: Need,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) when: Option<When>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) console: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) warn: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) scale: Option<u8>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) wire: Wire,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) literal: bool,
    /// The most that a whole number may be; beyond is a warning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) most: Option<u32>,
    /// The least that a whole number may be; below is a warning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) least: Option<u32>,
    /// It is digits only, and so many.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) digits: Vec<u32>,
    /// Where a number lies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) range: Option<Range>,
    /// The list of rows whose member of this name, or of another, adds up to this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sum: Option<Sum>,
    /// The end of a span of days, and how many there may be; beyond is a warning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) span: Option<Span>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) default: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refused: Option<String>,
    /// Where the code depends on what is wrong: the core's short name of the fault, and the code.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) answers: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) personal: bool,
    #[serde(default)]
    pub(crate) zh: String,
    #[serde(default)]
    pub(crate) en: String,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Need {
    Yes,
    #[default]
    No,
    If,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Range {
    Negative,
    Positive,
    Fraction,
}

impl Range {
    pub(crate) fn words(self) -> [&'static str; 2] {
        match self {
            Self::Negative => ["负数", "zero or below"],
            Self::Positive => ["正数", "zero or above"],
            Self::Fraction => ["0 至 1 的小数", "a fraction below one"],
        }
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sum {
    pub(crate) of: String,
    pub(crate) member: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct When {
    pub(crate) field: String,
    pub(crate) is: Vec<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Span {
    pub(crate) from: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) days: Option<u32>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Wire {
    #[default]
    Text,
    Number,
}

/// When a question asked again and again has its answer.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Poll {
    pub(crate) status: String,
    #[serde(default)]
    pub(crate) reason: String,
    pub(crate) done: Vec<String>,
    #[serde(default)]
    pub(crate) failed: Vec<String>,
    #[serde(default)]
    pub(crate) needs_retry: Vec<String>,
    pub(crate) delays: Vec<u32>,
    pub(crate) give_up: u32,
    #[serde(default)]
    pub(crate) grace: u32,
    #[serde(default)]
    pub(crate) absent: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<String>,
    #[serde(default)]
    pub(crate) asked: Vec<String>,
    #[serde(default)]
    pub(crate) row: Vec<String>,
}

/// What became of a write.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settle {
    pub(crate) ask: String,
    pub(crate) by: String,
    pub(crate) key: String,
    pub(crate) row_key: String,
    #[serde(default)]
    pub(crate) present: Vec<String>,
    #[serde(default)]
    pub(crate) same: Vec<Same>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Same {
    pub(crate) ours: String,
    pub(crate) theirs: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) by: Option<String>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) sum: bool,
}

/// A request and its answer, both as JSON; the answer only where it is known.
#[derive(Clone, Debug)]
pub(crate) struct Example {
    pub(crate) title: Words,
    pub(crate) params: serde_json::Value,
    pub(crate) status: u16,
    pub(crate) reply: Option<serde_json::Value>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
