//! The one model that everything is printed from: what `api/*.toml` says, with names and types made out once.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::names;

/// The platform as the data files tell it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Api {
    pub(crate) platform: toml::Table,
    pub(crate) enums: Vec<Enum>,
    pub(crate) codes: Vec<Code>,
    pub(crate) fail_causes: Vec<FailCause>,
    /// Ordered by group, then stem.
    pub(crate) methods: Vec<Method>,
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

/// A set of codes.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Enum {
    #[serde(skip)]
    pub(crate) name: String,
    pub(crate) zh: String,
    pub(crate) en: String,
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) closed: bool,
    pub(crate) codes: Vec<CodeName>,
}

/// One code of a set.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeName {
    pub(crate) code: String,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) zh: String,
    #[serde(default)]
    pub(crate) en: String,
}

/// A reply code or a status.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Code {
    pub(crate) code: String,
    pub(crate) scope: String,
    #[serde(default)]
    pub(crate) text: String,
    #[serde(default)]
    pub(crate) zh: String,
    #[serde(default)]
    pub(crate) en: String,
    #[serde(default)]
    pub(crate) cause: Words,
    #[serde(default)]
    pub(crate) fix: Words,
    pub(crate) kind: Kind,
    pub(crate) outcome: Outcome,
    #[serde(default)]
    pub(crate) frees_order: bool,
    pub(crate) retry: Retry,
    #[serde(default, rename = "final")]
    pub(crate) last: bool,
    #[serde(default)]
    pub(crate) source: String,
    #[serde(default)]
    pub(crate) confidence: String,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Ok,
    Auth,
    Platform,
    Pending,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    Refused,
    Accepted,
    Unknown,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Retry {
    No,
    Later,
    SignIn,
    Ask,
}

/// A reason of the tax bureau, by a part of its text.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FailCause {
    #[serde(rename = "match")]
    pub(crate) text: String,
    #[serde(default)]
    pub(crate) zh: String,
    #[serde(default)]
    pub(crate) en: String,
    #[serde(default)]
    pub(crate) fix: Words,
    #[serde(default)]
    pub(crate) source: String,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) default: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refused: Option<String>,
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

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct When {
    pub(crate) field: String,
    pub(crate) is: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Wire {
    #[default]
    Text,
    Number,
}

/// What a value is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Form {
    Text,
    Code(String),
    Decimal,
    Integer,
    Date,
    Time,
    Json,
    List(Box<Form>),
    Shape(String),
}

impl Form {
    /// The form of one item, however deep the lists.
    pub(crate) fn leaf(&self) -> &Form {
        match self {
            Form::List(item) => item.leaf(),
            other => other,
        }
    }
}

impl FromStr for Form {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let inside = |name: &str| text.strip_prefix(name)?.strip_prefix('<')?.strip_suffix('>');
        Ok(match text {
            "text" => Form::Text,
            "decimal" => Form::Decimal,
            "integer" => Form::Integer,
            "date" => Form::Date,
            "time" => Form::Time,
            "json" => Form::Json,
            _ => match (inside("list"), inside("code")) {
                (Some(item), _) => Form::List(Box::new(item.parse()?)),
                (_, Some(set)) if names::is_identifier(set) => Form::Code(set.to_owned()),
                _ if names::is_pascal(text) => Form::Shape(text.to_owned()),
                _ => {
                    return Err(format!(
                        "`{text}` is no type: text, code<set>, decimal, integer, date, time, json, list<type> or the name of a shape"
                    ));
                }
            },
        })
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Form::Text => f.write_str("text"),
            Form::Code(set) => write!(f, "code<{set}>"),
            Form::Decimal => f.write_str("decimal"),
            Form::Integer => f.write_str("integer"),
            Form::Date => f.write_str("date"),
            Form::Time => f.write_str("time"),
            Form::Json => f.write_str("json"),
            Form::List(item) => write!(f, "list<{item}>"),
            Form::Shape(name) => f.write_str(name),
        }
    }
}

impl<'de> Deserialize<'de> for Form {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Serialize for Form {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
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

/// A request and its answer, both as JSON.
#[derive(Clone, Debug)]
pub(crate) struct Example {
    pub(crate) title: Words,
    pub(crate) params: serde_json::Value,
    pub(crate) status: u16,
    pub(crate) reply: serde_json::Value,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
