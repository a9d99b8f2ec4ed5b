//! The platform's methods, fields and codes, read from the generated `table.json`.

use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Everything the simulator knows from the data files.
#[derive(Debug)]
pub(crate) struct Table {
    methods: BTreeMap<String, Method>,
    /// Code, scope, the platform's own text.
    codes: Vec<(String, String, String)>,
    enums: BTreeMap<String, Vec<String>>,
    pub(crate) push: PushRules,
    /// The limit of one invoice where a company has none of its own.
    pub(crate) invoice_limit: String,
}

/// How the platform sends pushes.
#[derive(Debug)]
pub(crate) struct PushRules {
    /// The status of the answer that ends the tries.
    accepted: String,
    /// How often a push is repeated, and after how many milliseconds.
    pub(crate) retries: usize,
    pub(crate) retry_after: i64,
    /// The kinds that are documented as forms; the others are JSON.
    forms: Vec<String>,
}

impl PushRules {
    /// Whether a kind of push is documented as a form.
    pub(crate) fn as_form(&self, operater: &str) -> bool {
        self.forms.iter().any(|name| name == operater)
    }

    fn read(root: &Value) -> Result<PushRules, String> {
        let rules = root.get("platform").and_then(|platform| platform.get("push")).ok_or("no rules of pushes")?;
        let number = |name: &str| rules.get(name).and_then(Value::as_i64).ok_or(format!("push.{name} is no number"));
        let accepted =
            serde_json::from_str(&word(rules, "accepted")).map_err(|error| format!("push.accepted: {error}"))?;
        Ok(PushRules {
            accepted: word(&accepted, "status"),
            retries: usize::try_from(number("retries")?).map_err(|error| error.to_string())?,
            retry_after: number("retry_after")?.saturating_mul(1000),
            forms: list(root, "pushes")
                .iter()
                .filter(|kind| word(kind, "documented") == "form")
                .map(|kind| word(kind, "name"))
                .collect(),
        })
    }

    /// Whether a receiver's answer says that it has taken a push in.
    pub(crate) fn accepts(&self, answer: &str) -> bool {
        serde_json::from_str::<Value>(answer).is_ok_and(|answer| word(&answer, "status") == self.accepted)
    }
}

/// One method as the simulator needs it.
#[derive(Debug)]
pub(crate) struct Method {
    pub(crate) name: String,
    pub(crate) write: bool,
    pub(crate) params: Vec<Row>,
    pub(crate) shapes: BTreeMap<String, Vec<Row>>,
    pub(crate) one_of: Vec<Vec<String>>,
    pub(crate) one_of_refused: Option<String>,
    /// HTTP status and body of its first example; `None` is a method that is not simulated.
    pub(crate) reply: Option<(u16, String)>,
}

/// One member of a body.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) need: Need,
    /// The sibling that decides over [`Need::If`], and its deciding values (`""` = absent, `"*"` = any).
    pub(crate) when: Option<(String, Vec<String>)>,
    pub(crate) console: bool,
    pub(crate) max: Option<usize>,
    pub(crate) refused: Option<String>,
    /// The sibling at which a stretch of time begins that ends here, and the most days between them.
    pub(crate) span: Option<(String, i64)>,
    /// The largest number.
    pub(crate) most: Option<u64>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Need {
    Yes,
    No,
    If,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    Text,
    Code(String),
    Decimal,
    Integer,
    Date,
    Time,
    Json,
    List(Box<Kind>),
    Shape(String),
}

impl Table {
    /// The table built into this crate, or what is wrong with it.
    pub(crate) fn built_in() -> Result<&'static Table, &'static str> {
        static TABLE: OnceLock<Result<Table, String>> = OnceLock::new();
        let read = || Table::read(include_str!("table.json"));
        TABLE.get_or_init(read).as_ref().map_err(String::as_str)
    }

    pub(crate) fn method(&self, name: &str) -> Option<&Method> {
        self.methods.get(name)
    }

    /// The platform's text for `code`. `hint` tells which one is meant where it has several, and completes a text of
    /// which the table has a piece only; without one, it is the table's first.
    pub(crate) fn text(&self, code: &str, hint: &str) -> String {
        let scopes = ["gateway", "token", "business", "fail_envelope", "legacy"];
        let known = |row: &&(String, String, String)| row.0 == code && scopes.contains(&row.1.as_str());
        let texts = self.codes.iter().filter(known).map(|row| row.2.as_str()).filter(|text| !text.is_empty());
        let texts: Vec<&str> = texts.collect();
        let text = match (texts.iter().find(|text| text.contains(hint)), texts.as_slice()) {
            (Some(text), _) => text,
            (None, [only]) if !hint.contains(only) => only,
            _ => hint,
        };
        text.to_owned()
    }

    /// Whether `value` is a code of the set; an unknown set has every value.
    pub(crate) fn has_code(&self, set: &str, value: &str) -> bool {
        self.enums.get(set).is_none_or(|codes| codes.iter().any(|code| code == value))
    }

    fn read(text: &str) -> Result<Table, String> {
        let root: Value = serde_json::from_str(text).map_err(|error| format!("table.json: {error}"))?;
        let mut methods = BTreeMap::new();
        for value in list(&root, "methods") {
            let method = Method::read(value).map_err(|error| format!("table.json: {error}"))?;
            methods.insert(method.name.clone(), method);
        }
        let row = |value| (word(value, "code"), word(value, "scope"), word(value, "text"));
        let codes = list(&root, "codes").iter().map(row).collect();
        let mut enums = BTreeMap::new();
        for (name, set) in root.get("enums").and_then(Value::as_object).into_iter().flatten() {
            enums.insert(name.clone(), list(set, "codes").iter().map(|code| word(code, "code")).collect());
        }
        let push = PushRules::read(&root).map_err(|error| format!("table.json: {error}"))?;
        let limits = root.get("platform").and_then(|platform| platform.get("limits"));
        let invoice_limit = limits.map(|limits| word(limits, "simulated_invoice")).unwrap_or_default();
        Ok(Table { methods, codes, enums, push, invoice_limit })
    }
}

impl Method {
    fn read(value: &Value) -> Result<Method, String> {
        let name = word(value, "name");
        let mut shapes = BTreeMap::new();
        for (shape, rows) in value.get("shapes").and_then(Value::as_object).into_iter().flatten() {
            shapes.insert(shape.clone(), Row::all(rows).map_err(|error| format!("{name}: {shape}: {error}"))?);
        }
        let params =
            value.get("params").map_or(Ok(Vec::new()), Row::all).map_err(|error| format!("{name}: {error}"))?;
        let raw = value.get("raw").and_then(Value::as_bool).unwrap_or(false);
        let example = list(value, "examples").iter().find(|example| example.get("reply").is_some());
        let reply = example.filter(|_| !raw).map(|example| {
            let status = example.get("status").and_then(Value::as_u64).and_then(|n| u16::try_from(n).ok());
            let reply = match example.get("reply") {
                Some(Value::String(text)) => text.clone(),
                other => other.map(Value::to_string).unwrap_or_default(),
            };
            (status.unwrap_or(200), reply)
        });
        Ok(Method {
            write: word(value, "effect") == "write",
            params,
            shapes,
            one_of: list(value, "oneOf").iter().map(texts).collect(),
            one_of_refused: optional(value, "oneOfRefused"),
            reply,
            name,
        })
    }

    /// The members of an object of the answer.
    pub(crate) fn answer_shape(&self, name: &str) -> Vec<String> {
        self.shape(name).iter().map(|row| row.name.clone()).collect()
    }

    /// The rows of a nested object; none if the data file forgot it.
    pub(crate) fn shape(&self, name: &str) -> &[Row] {
        self.shapes.get(name).map_or(&[], Vec::as_slice)
    }
}

impl Row {
    fn all(rows: &Value) -> Result<Vec<Row>, String> {
        rows.as_array().map(Vec::as_slice).unwrap_or_default().iter().map(Row::read).collect()
    }

    fn read(value: &Value) -> Result<Row, String> {
        let name = word(value, "name");
        let form = word(value, "type");
        let kind = Kind::read(&form).ok_or_else(|| format!("{name}: unknown type {form:?}"))?;
        let when = value.get("when").filter(|when| when.is_object());
        Ok(Row {
            kind,
            need: match word(value, "need").as_str() {
                "yes" => Need::Yes,
                "if" => Need::If,
                _ => Need::No,
            },
            when: when.map(|when| (word(when, "field"), when.get("is").map(texts).unwrap_or_default())),
            console: value.get("console").and_then(Value::as_bool).unwrap_or(false),
            max: value.get("max").and_then(Value::as_u64).and_then(|max| usize::try_from(max).ok()),
            refused: optional(value, "refused"),
            span: value
                .get("span")
                .filter(|span| span.is_object())
                .map(|span| (word(span, "from"), span.get("days").and_then(Value::as_i64).unwrap_or(i64::MAX))),
            most: value.get("most").and_then(Value::as_u64),
            name,
        })
    }
}

impl Kind {
    fn read(form: &str) -> Option<Kind> {
        let inside = |open: &str| form.strip_prefix(open).and_then(|rest| rest.strip_suffix('>'));
        Some(match form {
            "text" => Kind::Text,
            "decimal" => Kind::Decimal,
            "integer" => Kind::Integer,
            "date" => Kind::Date,
            "time" => Kind::Time,
            "json" => Kind::Json,
            _ => {
                if let Some(set) = inside("code<") {
                    Kind::Code(set.to_owned())
                } else if let Some(item) = inside("list<") {
                    Kind::List(Box::new(Kind::read(item)?))
                } else if form.starts_with(char::is_alphabetic) && form.chars().all(char::is_alphanumeric) {
                    Kind::Shape(form.to_owned())
                } else {
                    return None;
                }
            }
        })
    }
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn word(value: &Value, name: &str) -> String {
    optional(value, name).unwrap_or_default()
}

fn optional(value: &Value, name: &str) -> Option<String> {
    value.get(name).and_then(Value::as_str).map(str::to_owned)
}

fn texts(value: &Value) -> Vec<String> {
    let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// A member's text, whether it was sent as a string or as a number; null, `""` and other kinds are absent.
pub(crate) fn text_of(object: &Map<String, Value>, name: &str) -> Option<String> {
    match object.get(name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_table_is_read_whatever_else_it_holds() {
        let table = Table::read(
            r#"{"generated":"x","platform":{"push":{"accepted":"{\"status\":\"0000\"}","retries":3,"retry_after":60,"new":1}},
            "enums":{"yes":{"zh":"","en":"","codes":[{"code":"1","new":2}]}},
            "codes":[{"code":"E1","scope":"business","text":"一片"},{"code":"E1","scope":"business","text":"另一片"},
                     {"code":"E2","scope":"order.status","text":"别的"},{"code":"E3","scope":"token","text":"唯一"}],
            "methods":[{"name":"a","effect":"write","raw":false,"examples":[{"params":{}},{"status":201,"reply":"{}"}],
                        "params":[{"name":"x","type":"list<code<yes>>","need":"if","when":{"field":"y","is":["*"]},"odd":1}]},
                       {"name":"b","raw":true,"examples":[{"reply":{"code":"E0000"}}]},{"name":"c"}]}"#,
        )
        .unwrap();
        assert_eq!((table.push.retries, table.push.retry_after), (3, 60_000));
        for (answer, accepted) in [
            (r#"{"status":"0000","x":1}"#, true),
            (r#"{"status":0}"#, false),
            ("0000", false),
            (r#"{"status":"9999"}"#, false),
        ] {
            assert_eq!(table.push.accepts(answer), accepted, "{answer}");
        }
        let method = table.method("a").unwrap();
        assert_eq!(method.reply, Some((201, "{}".to_owned())));
        assert_eq!(method.params[0].kind, Kind::List(Box::new(Kind::Code("yes".to_owned()))));
        assert_eq!(method.params[0].when, Some(("y".to_owned(), vec!["*".to_owned()])));
        assert!(table.method("b").unwrap().reply.is_none() && table.method("c").unwrap().reply.is_none());
        assert!(table.has_code("yes", "1") && !table.has_code("yes", "2") && table.has_code("unknown", "2"));
        assert_eq!(table.text("E1", "另一"), "另一片");
        assert_eq!(table.text("E1", "第三片"), "第三片");
        assert_eq!(table.text("E1", "这是一片的全文"), "这是一片的全文");
        assert_eq!((table.text("E2", "说明"), table.text("E3", "说明")), ("说明".to_owned(), "唯一".to_owned()));
        assert_eq!(table.text("E1", ""), "一片");
    }

    #[test]
    fn a_broken_table_says_where() {
        assert!(Table::read("{").is_err());
        let unknown = r#"{"methods":[{"name":"a","params":[{"name":"x","type":"list<"}]}]}"#;
        assert_eq!(Table::read(unknown).unwrap_err(), "table.json: a: x: unknown type \"list<\"");
    }

    #[test]
    fn the_built_in_table_has_the_methods_with_orders_behind_them() {
        let table = Table::built_in().unwrap();
        for name in ["requestBillingNew", "queryInvoiceResult", "reInvoice"] {
            assert!(
                table.method(&format!("nuonuo.OpeMplatform.{name}")).is_some_and(|method| !method.params.is_empty())
            );
        }
    }
}
