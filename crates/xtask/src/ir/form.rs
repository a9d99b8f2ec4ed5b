//! Type forms: what a row's `type` says, parsed once.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::names;

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
