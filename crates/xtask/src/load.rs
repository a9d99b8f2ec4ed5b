//! Reads `api/*.toml` into the model, row by row, so that every fault is told with its file and row.

mod files;
mod push;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::{Table, Value};

use crate::fault::Faults;
use crate::ir::{Api, Capability, CodeName, Effect, Enum, Example, Field, Form, Method, Shape, Simulated, Words};
use crate::{names, rules};

pub(crate) use files::Files;

pub(crate) const PLATFORM: &str = "api/platform.toml";
pub(crate) const ENUMS: &str = "api/enums.toml";
pub(crate) const CODES: &str = "api/codes.toml";
pub(crate) const CAPABILITIES: &str = "api/capabilities.toml";
const METHODS: &str = "api/methods";

/// All that the data files say. What cannot be read is left out and told.
pub(crate) fn load(files: &dyn Files, faults: &mut Faults) -> Api {
    let mut loader = Loader { files, faults };
    let mut api = Api { platform: loader.table(PLATFORM), ..Api::default() };
    loader.enums(&mut api);
    loader.codes(&mut api);
    loader.methods(&mut api);
    loader.rules(&mut api);
    loader.pushes(&mut api);
    loader.capabilities(&mut api);
    api
}

struct Loader<'a> {
    files: &'a dyn Files,
    faults: &'a mut Faults,
}

impl Loader<'_> {
    fn enums(&mut self, api: &mut Api) {
        for (name, value) in self.table(ENUMS) {
            let Some(head) = self.row::<EnumFile>(ENUMS, &name, value) else { continue };
            let codes = self.rows::<CodeName>(ENUMS, &name, "code", head.codes);
            api.enums.push(Enum { name, zh: head.zh, en: head.en, closed: head.closed, codes });
        }
    }

    fn codes(&mut self, api: &mut Api) {
        let table = self.table(CODES);
        let Some(file) = self.row::<CodesFile>(CODES, "", Value::Table(table)) else { return };
        api.codes = self.rows(CODES, "code", "code", file.code);
        api.fail_causes = self.rows(CODES, "fail_cause", "match", file.fail_cause);
    }

    fn capabilities(&mut self, api: &mut Api) {
        let table = self.table(CAPABILITIES);
        let Some(file) = self.row::<CapabilitiesFile>(CAPABILITIES, "", Value::Table(table)) else { return };
        api.capabilities = self.rows::<Capability>(CAPABILITIES, "capability", "zh", file.capability);
    }

    fn rules(&mut self, api: &mut Api) {
        let table = self.table(rules::FILE);
        let Some(file) = self.row::<RulesFile>(rules::FILE, "", Value::Table(table)) else { return };
        api.rule_count = file.count;
        for (at, row) in file.rules.into_iter().enumerate() {
            let number = row.get("number").and_then(Value::as_integer);
            let name = number.map_or_else(|| format!("rules[{}]", at + 1), |number| format!("R{number}"));
            api.rules.extend(self.row::<rules::Rule>(rules::FILE, &name, row));
        }
        api.rules.sort_by_key(|rule| rule.number);
    }

    fn methods(&mut self, api: &mut Api) {
        for group in self.entries(METHODS) {
            let folder = format!("{METHODS}/{group}");
            if !self.files.is_folder(&folder) {
                self.faults.add(&folder, "", "a method's file stands in the folder of its group");
                continue;
            }
            for name in self.entries(&folder) {
                let file = format!("{folder}/{name}");
                let Some(stem) = name.strip_suffix(".toml") else {
                    self.faults.add(&file, "", "is no .toml file");
                    continue;
                };
                let table = self.table(&file);
                if let Some(method) = self.method(&file, &group, stem, table) {
                    api.methods.push(method);
                }
            }
        }
    }

    fn method(&mut self, file: &str, group: &str, stem: &str, table: Table) -> Option<Method> {
        let head = self.row::<MethodFile>(file, "", Value::Table(table))?;
        let (settle, by_hand) = match head.settle {
            None => (None, None),
            Some(Value::String(none)) if none == "none" => {
                if head.settle_doc.is_none() {
                    self.faults.add(file, "settle", "\"none\" wants settle_doc: what a person does");
                }
                (None, head.settle_doc)
            }
            Some(rule) => {
                if head.settle_doc.is_some() {
                    self.faults.add(file, "settle_doc", "goes with settle = \"none\" only");
                }
                (self.row(file, "settle", rule), None)
            }
        };
        let shapes = self.shapes(file, head.shapes);
        let mut examples = Vec::new();
        for (at, value) in head.example.into_iter().enumerate() {
            examples.extend(self.example(file, &format!("example[{}]", at + 1), value));
        }
        let replies = examples.iter().any(|example: &Example| example.reply.is_some());
        let told = if replies && !head.raw { Simulated::Example } else { Simulated::No };
        Some(Method {
            file: file.to_owned(),
            group: group.to_owned(),
            stem: stem.to_owned(),
            name: head.name,
            title: head.title,
            doc: head.doc,
            source: head.source,
            confidence: head.confidence,
            notes: head.notes,
            effect: head.effect,
            raw: head.raw,
            success: head.success,
            one_of: head.one_of,
            one_of_refused: head.one_of_refused,
            params: self.rows(file, "params", "name", head.params),
            result: self.row(file, "result", Value::String(head.result)).unwrap_or(Form::Json),
            shapes,
            poll: head.poll.and_then(|rule| self.row(file, "poll", rule)),
            settle,
            by_hand,
            order: head.order,
            simulated: head.simulated.unwrap_or(told),
            examples,
        })
    }

    fn shapes(&mut self, file: &str, told: Table) -> Vec<Shape> {
        let mut shapes = Vec::new();
        for (name, value) in told {
            let at = format!("shapes.{name}");
            let Value::Array(rows) = value else {
                self.faults.add(file, at, "is no list of rows");
                continue;
            };
            shapes.push(Shape { fields: self.rows::<Field>(file, &at, "name", rows), name });
        }
        shapes
    }

    fn example(&mut self, file: &str, row: &str, value: Value) -> Option<Example> {
        let told = self.row::<ExampleFile>(file, row, value)?;
        let params = self.json(file, &format!("{row}.params"), &told.params);
        let reply = match &told.reply {
            Some(text) => Some(self.json(file, &format!("{row}.reply"), text)?),
            None if told.status.is_some() => {
                self.faults.add(file, format!("{row}.status"), "goes with a reply only");
                None
            }
            None => None,
        };
        Some(Example { title: told.title, params: params?, status: told.status.unwrap_or(200), reply })
    }

    fn json(&mut self, file: &str, row: &str, text: &str) -> Option<serde_json::Value> {
        let read = serde_json::from_str(text);
        read.map_err(|error| self.faults.add(file, row, format!("is no JSON: {error}"))).ok()
    }

    /// Reads rows one by one, each called by its member `key` or by its place.
    fn rows<T: DeserializeOwned>(&mut self, file: &str, list: &str, key: &str, rows: Vec<Value>) -> Vec<T> {
        let mut read = Vec::new();
        for (at, row) in rows.into_iter().enumerate() {
            let name = match row.get(key).and_then(Value::as_str) {
                Some(name) => format!("{list}.{name}"),
                None => format!("{list}[{}]", at + 1),
            };
            read.extend(self.row(file, &name, row));
        }
        read
    }

    fn row<T: DeserializeOwned>(&mut self, file: &str, row: &str, value: Value) -> Option<T> {
        match value.try_into() {
            Ok(value) => Some(value),
            Err(error) => {
                self.faults.add(file, row, toml_message(&error));
                None
            }
        }
    }

    /// A file as a table; an empty one if it cannot be read.
    fn table(&mut self, file: &str) -> Table {
        let text = match self.files.text(file) {
            Ok(text) => text,
            Err(error) => {
                self.faults.add(file, "", format!("cannot be read: {error}"));
                return Table::new();
            }
        };
        for (at, line) in text.lines().enumerate() {
            for citation in ["idx:", "index-id", "index file id"].into_iter().filter(|text| line.contains(text)) {
                self.faults.add(file, format!("line {}", at + 1), format!("`{citation}` is no citation for a reader"));
            }
        }
        text.parse().unwrap_or_else(|error: toml::de::Error| {
            let line = error.span().map_or(0, |span| text[..span.start].matches('\n').count() + 1);
            self.faults.add(file, format!("line {line}"), error.message());
            Table::new()
        })
    }

    /// The names in a folder, in order.
    fn entries(&mut self, folder: &str) -> Vec<String> {
        let mut names = match self.files.names(folder) {
            Ok(names) => names,
            Err(error) => {
                self.faults.add(folder, "", format!("cannot be read: {error}"));
                return Vec::new();
            }
        };
        names.retain(|name| !name.starts_with('.'));
        names.sort();
        for name in &names {
            if !names::is_snake(name.trim_end_matches(".toml")) {
                self.faults.add(&format!("{folder}/{name}"), "", "is not snake_case, or a word of Rust's own");
            }
        }
        names
    }
}

fn toml_message(error: &toml::de::Error) -> String {
    error.message().trim().replace('\n', " ")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EnumFile {
    #[serde(default)]
    zh: String,
    #[serde(default)]
    en: String,
    #[serde(default)]
    closed: bool,
    codes: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodesFile {
    #[serde(default)]
    code: Vec<Value>,
    #[serde(default)]
    fail_cause: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CapabilitiesFile {
    #[serde(default)]
    capability: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RulesFile {
    count: u16,
    rules: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MethodFile {
    name: String,
    #[serde(default)]
    title: Words,
    #[serde(default)]
    doc: Words,
    #[serde(default)]
    source: String,
    #[serde(default)]
    confidence: String,
    #[serde(default)]
    notes: Vec<String>,
    effect: Effect,
    #[serde(default)]
    raw: bool,
    success: Option<Vec<String>>,
    #[serde(default)]
    one_of: Vec<Vec<String>>,
    one_of_refused: Option<String>,
    #[serde(default)]
    params: Vec<Value>,
    #[serde(default = "json")]
    result: String,
    #[serde(default)]
    shapes: Table,
    poll: Option<Value>,
    settle: Option<Value>,
    settle_doc: Option<Words>,
    order: Option<String>,
    simulated: Option<Simulated>,
    #[serde(default)]
    example: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExampleFile {
    #[serde(default)]
    title: Words,
    params: String,
    /// 200 unless told.
    status: Option<u16>,
    reply: Option<String>,
}

fn json() -> String {
    "json".to_owned()
}
