//! `api/pushes/*.toml`: a kind of push is a file.

use serde::Deserialize;
use toml::{Table, Value};

use super::Loader;
use crate::ir::{Api, Confirm, Effect, Form, Method, Push, PushExample, PushStatus, Simulated, Style, Words};

pub(crate) const PUSHES: &str = "api/pushes";

impl Loader<'_> {
    pub(super) fn pushes(&mut self, api: &mut Api) {
        for name in self.entries(PUSHES) {
            let file = format!("{PUSHES}/{name}");
            let Some(stem) = name.strip_suffix(".toml") else {
                self.faults.add(&file, "", "is no .toml file");
                continue;
            };
            let table = self.table(&file);
            api.pushes.extend(self.push(&file, stem, table));
        }
    }

    fn push(&mut self, file: &str, stem: &str, table: Table) -> Option<Push> {
        let head = self.row::<PushFile>(file, "", Value::Table(table))?;
        let mut examples = Vec::new();
        for (at, value) in head.example.into_iter().enumerate() {
            let row = format!("example[{}]", at + 1);
            let Some(told) = self.row::<ExampleFile>(file, &row, value) else { continue };
            let push = self.json(file, &format!("{row}.push"), &told.push);
            examples.extend(push.map(|push| PushExample { title: told.title, push }));
        }
        Some(Push {
            model: Method {
                file: file.to_owned(),
                group: "pushes".to_owned(),
                stem: stem.to_owned(),
                name: head.name,
                title: head.title,
                doc: head.doc,
                source: head.source,
                confidence: head.confidence,
                notes: head.notes,
                effect: Effect::Read,
                raw: false,
                success: None,
                one_of: Vec::new(),
                one_of_refused: None,
                params: self.rows(file, "outer", "name", head.outer),
                result: Form::Json,
                shapes: self.shapes(file, head.shapes),
                poll: None,
                settle: None,
                by_hand: None,
                order: None,
                simulated: Simulated::No,
                examples: Vec::new(),
            },
            answer: self.rows(file, "answer", "name", head.answer),
            order_no: head.order_no,
            serial_no: head.serial_no,
            bill_no: head.bill_no,
            status: head.status,
            documented: head.documented,
            confirm: self.rows::<Confirm>(file, "confirm", "from", head.confirm),
            examples,
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PushFile {
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
    #[serde(default)]
    order_no: Vec<String>,
    #[serde(default)]
    serial_no: Vec<String>,
    #[serde(default)]
    bill_no: Vec<String>,
    status: Option<PushStatus>,
    documented: Style,
    #[serde(default)]
    confirm: Vec<Value>,
    outer: Vec<Value>,
    answer: Vec<Value>,
    #[serde(default)]
    shapes: Table,
    #[serde(default)]
    example: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExampleFile {
    #[serde(default)]
    title: Words,
    push: String,
}
