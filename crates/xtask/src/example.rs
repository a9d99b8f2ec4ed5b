//! Whether an example keeps to its own model: a small checker that knows nothing of the core's.

use serde_json::{Map, Value};

use crate::ir::{Api, Example, Field, Form, Method, Need, Push, PushExample};

/// What is wrong with an example: the path within it, and a sentence.
pub(crate) fn faults(api: &Api, method: &Method, example: &Example) -> Vec<(String, String)> {
    let mut check = Check { api, method, reply: false, path: "params".to_owned(), found: Vec::new() };
    if method.raw {
        return check.found;
    }
    match &example.params {
        Value::Object(members) => {
            check.object(&method.params, members);
            for group in &method.one_of {
                if !group.iter().any(|path| holds(at(&example.params, path))) {
                    check.add(format!("has none of {}", group.join(", ")));
                }
            }
        }
        _ => check.add("is no object"),
    }
    check.reply = true;
    check.path = "reply".to_owned();
    let Some(reply) = &example.reply else { return check.found };
    match code(reply) {
        None => check.add("has no code"),
        Some(code) if api.success(method).contains(&code) => {
            let result = result(reply);
            if !result.is_null() {
                check.inside(".result", |check| check.value(&method.result, None, &result));
            }
        }
        Some(code) if !api.knows_code(&code) => {
            check.add(format!("has the code \"{code}\", which is not in api/codes.toml"));
        }
        Some(_) => {}
    }
    check.found
}

/// What is wrong with an example of a push.
pub(crate) fn push_faults(api: &Api, push: &Push, example: &PushExample) -> Vec<(String, String)> {
    let mut check = Check { api, method: &push.model, reply: true, path: "push".to_owned(), found: Vec::new() };
    match &example.push {
        Value::Object(members) => {
            check.object(&push.model.params, members);
            if members.get("operater") != Some(&Value::String(push.model.name.clone())) {
                check.inside(".operater", |check| check.add(format!("is not \"{}\"", push.model.name)));
            }
        }
        _ => check.add("is no object"),
    }
    check.found
}

/// The code of an answer, as text.
pub(crate) fn code(reply: &Value) -> Option<String> {
    token(reply.get("code")?)
}

/// What an answer holds: its result, its data, or the page beside the code.
pub(crate) fn result(reply: &Value) -> Value {
    let wrapped = ["result", "data"].iter().find_map(|name| reply.get(name).filter(|value| !value.is_null()));
    match (wrapped, reply) {
        (Some(result), _) => result.clone(),
        (None, Value::Object(members)) if members.contains_key("list") => {
            let envelope = ["code", "describe", "message", "msg", "result", "data"];
            let page = members.iter().filter(|(name, _)| !envelope.contains(&name.as_str()));
            Value::Object(page.map(|(name, value)| (name.clone(), value.clone())).collect())
        }
        _ => Value::Null,
    }
}

/// The text of a string or of a number.
pub(crate) fn token(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

struct Check<'a> {
    api: &'a Api,
    method: &'a Method,
    /// An answer may leave texts empty.
    reply: bool,
    path: String,
    found: Vec<(String, String)>,
}

impl Check<'_> {
    fn add(&mut self, what: impl Into<String>) {
        self.found.push((self.path.clone(), what.into()));
    }

    fn inside(&mut self, step: &str, check: impl FnOnce(&mut Self)) {
        let before = self.path.len();
        self.path.push_str(step);
        check(self);
        self.path.truncate(before);
    }

    fn object(&mut self, fields: &[Field], members: &Map<String, Value>) {
        for (name, value) in members {
            self.inside(&format!(".{name}"), |check| match fields.iter().find(|field| &field.name == name) {
                None => check.add("is not in the model"),
                Some(_) if value.is_null() => {}
                Some(field) => check.value(&field.form, Some(field), value),
            });
        }
        for field in fields.iter().filter(|field| !field.console && needed(field, members)) {
            let value = members.get(&field.name);
            let there = if self.reply { value.is_some_and(|value| !value.is_null()) } else { holds(value) };
            if !there {
                self.inside(&format!(".{}", field.name), |check| check.add("is needed and not there"));
            }
        }
    }

    fn value(&mut self, form: &Form, field: Option<&Field>, value: &Value) {
        let size = match (form, value) {
            (Form::Json, _) => return,
            (Form::List(item), Value::Array(items)) => {
                for (at, value) in items.iter().enumerate() {
                    self.inside(&format!("[{at}]"), |check| check.value(item, None, value));
                }
                items.len()
            }
            (Form::Shape(name), Value::Object(members)) => {
                let method = self.method;
                if let Some(shape) = method.shape(name) {
                    self.object(&shape.fields, members);
                }
                return;
            }
            (Form::List(_) | Form::Shape(_), _) => return self.add(format!("is no {form}")),
            // The platform writes some flags as booleans.
            (Form::Text | Form::Code(_), Value::Bool(flag)) if self.reply => {
                return self.scalar(form, if *flag { "true" } else { "false" });
            }
            _ => match token(value) {
                None => return self.add(format!("is no {form}")),
                Some(text) if text.is_empty() => return,
                Some(text) => {
                    self.scalar(form, &text);
                    text.chars().count()
                }
            },
        };
        if let Some(max) = field.and_then(|field| field.max).filter(|max| size > *max as usize) {
            self.add(format!("has {size}, at most {max} are allowed"));
        }
    }

    fn scalar(&mut self, form: &Form, text: &str) {
        let fits = match form {
            Form::Code(set) => self.api.set(set).is_none_or(|set| set.codes.iter().any(|code| code.code == text)),
            Form::Decimal => {
                text.split_once('.').map_or(is_integer(text), |(whole, part)| is_integer(whole) && digits(part))
            }
            Form::Integer => is_integer(text),
            Form::Date => like(text, "0000-00-00"),
            Form::Time => like(text, "0000-00-00 00:00:00") || like(text, "0000000000000") || like(text, "0000000000"),
            _ => true,
        };
        if !fits {
            self.add(format!("\"{text}\" is no {form}"));
        }
    }
}

/// Whether a member is needed beside its siblings.
fn needed(field: &Field, siblings: &Map<String, Value>) -> bool {
    match (field.need, &field.when) {
        (Need::Yes, _) => true,
        (Need::If, Some(when)) => {
            let sibling = siblings.get(&when.field).and_then(token).unwrap_or_default();
            when.is.iter().any(|value| *value == sibling || value == "*" && !sibling.is_empty())
        }
        _ => false,
    }
}

/// Whether there is something: neither null nor empty.
fn holds(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Array(items)) => !items.is_empty(),
        Some(_) => true,
    }
}

fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(value, |value, name| value.get(name))
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_integer(text: &str) -> bool {
    digits(text.strip_prefix('-').unwrap_or(text))
}

/// Whether `text` is formed like `pattern`, in which `0` stands for a digit.
fn like(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(a, b)| if b == b'0' { a.is_ascii_digit() } else { a == b })
}
