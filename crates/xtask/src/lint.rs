//! Faults in the data: names that lead nowhere, texts that are missing, rows that contradict themselves.

mod push;

use std::collections::BTreeSet;

use crate::example;
use crate::fault::Faults;
use crate::ir::{Api, Effect, Field, Form, Kind, Method, Need, Outcome, Wire, Words, texts};
use crate::load::{CAPABILITIES, CODES, ENUMS, PLATFORM};
use crate::names;
use crate::platform;

/// Tells every fault of the data.
pub(crate) fn lint(api: &Api, faults: &mut Faults) {
    for what in platform::missing(&api.platform) {
        faults.add(PLATFORM, what, "is missing, or of another type");
    }
    for code in texts(api.platform.get("success")).iter().filter(|code| !api.knows_code(code)) {
        faults.add(PLATFORM, "success", format!("code \"{code}\" is not in {CODES}"));
    }
    enums(api, faults);
    codes(api, faults);
    let mut seen = BTreeSet::new();
    for method in &api.methods {
        if !seen.insert(&method.name) {
            faults.add(&method.file, "name", format!("`{}` has another file already", method.name));
        }
        if method.group == "pushes" {
            faults.add(&method.file, "", "`pushes` is no group of methods: the kinds of push have this name");
        }
        Lint { api, method, faults }.method();
    }
    push::lint(api, faults);
    capabilities(api, faults);
}

fn capabilities(api: &Api, faults: &mut Faults) {
    let mut seen = BTreeSet::new();
    for capability in &api.capabilities {
        let row = format!("capability.{}", capability.zh);
        both(faults, CAPABILITIES, &row, &capability.zh, &capability.en);
        if !seen.insert(&capability.zh) {
            faults.add(CAPABILITIES, &row, "stands there twice");
        }
        let names: Vec<&String> = capability.newer.iter().chain(&capability.older).collect();
        if names.is_empty() {
            faults.add(CAPABILITIES, &row, "has no method");
        }
        let mut methods = BTreeSet::new();
        for name in names {
            if api.method(name).is_none() {
                faults.add(CAPABILITIES, &row, format!("`{name}` has no file"));
            }
            if !methods.insert(name) {
                faults.add(CAPABILITIES, &row, format!("names `{name}` twice"));
            }
        }
    }
}

fn enums(api: &Api, faults: &mut Faults) {
    let mut modules = BTreeSet::new();
    for set in &api.enums {
        if !names::is_identifier(&set.name) || !modules.insert(names::snake(&set.name)) {
            faults.add(ENUMS, &set.name, "is no identifier, or like another one in Rust");
        }
        both(faults, ENUMS, &set.name, &set.zh, &set.en);
        if set.codes.is_empty() {
            faults.add(ENUMS, &set.name, "has no codes");
        }
        let mut seen = BTreeSet::new();
        for code in &set.codes {
            let row = format!("{}.{}", set.name, code.code);
            both(faults, ENUMS, &row, &code.zh, &code.en);
            if code.name.is_empty() {
                faults.add(ENUMS, &row, "has no name");
            }
            if !seen.insert(&code.code) {
                faults.add(ENUMS, row, "stands there twice");
            }
        }
    }
}

fn codes(api: &Api, faults: &mut Faults) {
    let mut seen = BTreeSet::new();
    for code in &api.codes {
        let row = format!("code.{} ({})", code.code, code.scope);
        both(faults, CODES, &row, &code.zh, &code.en);
        both(faults, CODES, &format!("{row}.cause"), &code.cause.zh, &code.cause.en);
        both(faults, CODES, &format!("{row}.fix"), &code.fix.zh, &code.fix.en);
        if !seen.insert((&code.scope, &code.code, &code.text)) {
            faults.add(CODES, &row, format!("stands there twice with the text \"{}\"", code.text));
        }
        if code.kind == Kind::Ok && code.outcome == Outcome::Refused {
            faults.add(CODES, &row, "is a success that refused");
        }
        if code.frees_order && code.outcome != Outcome::Refused {
            faults.add(CODES, &row, "frees an order number without having refused the order");
        }
    }
    let mut seen = BTreeSet::new();
    for cause in &api.fail_causes {
        let row = format!("fail_cause.{}", cause.text);
        both(faults, CODES, &row, &cause.zh, &cause.en);
        both(faults, CODES, &format!("{row}.fix"), &cause.fix.zh, &cause.fix.en);
        if cause.text.is_empty() || !seen.insert(&cause.text) {
            faults.add(CODES, row, "is empty, or stands there twice");
        }
    }
}

fn both(faults: &mut Faults, file: &str, row: &str, zh: &str, en: &str) {
    for (name, text) in [("zh", zh), ("en", en)] {
        if text.trim().is_empty() {
            faults.add(file, row, format!("has no {name}"));
        }
    }
}

struct Lint<'a> {
    api: &'a Api,
    method: &'a Method,
    faults: &'a mut Faults,
}

impl Lint<'_> {
    fn add(&mut self, row: impl Into<String>, what: impl Into<String>) {
        self.faults.add(&self.method.file, row, what);
    }

    fn words(&mut self, row: &str, words: &Words) {
        both(self.faults, &self.method.file, row, &words.zh, &words.en);
    }

    /// What a method and a push have in common.
    fn head(&mut self) {
        let method = self.method;
        self.words("title", &method.title);
        self.words("doc", &method.doc);
        for (row, text) in [("name", &method.name), ("source", &method.source)] {
            if text.trim().is_empty() {
                self.add(row, "is missing");
            }
        }
        if !["high", "medium", "low"].contains(&method.confidence.as_str()) {
            self.add("confidence", "is high, medium or low");
        }
    }

    fn method(&mut self) {
        let method = self.method;
        self.head();
        if method.raw && (!method.params.is_empty() || !method.shapes.is_empty() || method.result != Form::Json) {
            self.add("raw", "nothing of it is checked, so it has neither params nor shapes nor a type of result");
        }
        self.fields("params", &method.params);
        self.shapes();
        self.form("result", &method.result);
        for path in method.one_of.iter().flatten() {
            if method.at(path).is_none() {
                self.add("one_of", format!("`{path}` is no member of the params"));
            }
        }
        self.known("success", method.success.iter().flatten());
        self.known("one_of_refused", method.one_of_refused.iter());
        if let Some(order) = &method.order {
            match method.params.iter().find(|field| &field.name == order).map(|field| &field.form) {
                Some(Form::Shape(_)) => {}
                _ => self.add("order", format!("`{order}` is no object in the params")),
            }
        }
        self.poll();
        self.settle();
        for (at, example) in method.examples.iter().enumerate() {
            let row = format!("example[{}]", at + 1);
            self.words(&format!("{row}.title"), &example.title);
            for (path, what) in example::faults(self.api, method, example) {
                self.add(format!("{row}.{path}"), what);
            }
        }
    }

    fn shapes(&mut self) {
        let method = self.method;
        let mut taken = BTreeSet::from(["METHOD", "PARAMS", "POLL", "SETTLE", "KIND", "OUTER"].map(str::to_owned));
        let used: Vec<&Form> = [&method.result]
            .into_iter()
            .chain(method.params.iter().map(|field| &field.form))
            .chain(method.shapes.iter().flat_map(|shape| shape.fields.iter().map(|field| &field.form)))
            .map(Form::leaf)
            .collect();
        for shape in &method.shapes {
            let row = format!("shapes.{}", shape.name);
            if !names::is_pascal(&shape.name) || !taken.insert(names::upper(&shape.name)) {
                self.add(&row, "is not PascalCase, or like another name in Rust");
            }
            if shape.name == method.rust_name() || RUST_TYPES.contains(&shape.name.as_str()) {
                self.add(&row, "is the name of another type");
            }
            if !used.contains(&&Form::Shape(shape.name.clone())) {
                self.add(&row, "is used nowhere");
            }
            if shape.fields.iter().any(|field| field.form == Form::Shape(shape.name.clone())) {
                self.add(&row, "holds itself other than in a list");
            }
            self.fields(&row, &shape.fields);
        }
    }

    fn fields(&mut self, list: &str, fields: &[Field]) {
        let mut seen = BTreeSet::new();
        for field in fields {
            let row = format!("{list}.{}", field.name);
            if !seen.insert(&field.name) {
                self.add(&row, "stands there twice");
            }
            self.field(&row, field, fields);
        }
    }

    fn field(&mut self, row: &str, field: &Field, siblings: &[Field]) {
        both(self.faults, &self.method.file, row, &field.zh, &field.en);
        self.form(row, &field.form);
        self.known(row, field.refused.iter().chain(field.answers.values()));
        let limited = !matches!(field.form, Form::Json | Form::Shape(_));
        let counts = matches!(field.form, Form::Code(_) | Form::Decimal | Form::Integer | Form::Time);
        let checks = [
            (
                field.warn >= field.max && field.max.is_some() && field.warn.is_some(),
                "warns where it is refused already",
            ),
            (field.max == Some(0) || field.warn == Some(0), "has a limit of nothing"),
            ((field.max.is_some() || field.warn.is_some()) && !limited, "has a limit that its type cannot have"),
            (field.scale.is_some() && field.form != Form::Decimal, "has decimal places but is no decimal"),
            (field.wire == Wire::Number && !counts, "travels as a number but is none"),
            (field.literal && field.form != Form::Decimal, "is literal but no decimal"),
            (field.most.is_some() && field.form != Form::Integer, "has a largest number but is no whole number"),
            (field.least.is_some() && field.form != Form::Integer, "has a least number but is no whole number"),
            (!field.digits.is_empty() && field.form != Form::Text, "is digits but no text"),
            (
                (field.range.is_some() || field.sum.is_some()) && field.form != Form::Decimal,
                "has a range or a sum but is no decimal",
            ),
            (field.when.is_some() && field.need != Need::If, "has `when` without need = \"if\""),
            (field.console && field.need == Need::No, "is stood in for by the console but not needed"),
            (field.refused.is_none() && !field.answers.is_empty(), "has `answers` without `refused`"),
        ];
        for (_, what) in checks.into_iter().filter(|(wrong, _)| *wrong) {
            self.add(row, what);
        }
        if let Some(span) = field.span.as_ref().filter(|span| !siblings.iter().any(|other| other.name == span.from)) {
            self.add(row, format!("`span` begins at `{}`, which is no sibling", span.from));
        }
        if let Some(sum) = field.sum.as_ref().filter(|sum| !siblings.iter().any(|other| other.name == sum.of)) {
            self.add(row, format!("`sum` adds up `{}`, which is no sibling", sum.of));
        }
        let Some(when) = &field.when else { return };
        match siblings.iter().find(|sibling| sibling.name == when.field) {
            None => self.add(row, format!("`when` names `{}`, which is no sibling", when.field)),
            Some(_) if when.field == field.name => self.add(row, "`when` names itself"),
            Some(sibling) => {
                let Form::Code(set) = &sibling.form else { return };
                let set = self.api.set(set);
                for value in when.is.iter().filter(|value| !["", "*"].contains(&value.as_str())) {
                    if set.is_some_and(|set| !set.codes.iter().any(|code| &code.code == value)) {
                        self.add(row, format!("`when` waits for \"{value}\", which `{}` does not have", when.field));
                    }
                }
            }
        }
    }

    /// A type's names lead somewhere.
    fn form(&mut self, row: &str, form: &Form) {
        match form.leaf() {
            Form::Code(set) if self.api.set(set).is_none() => self.add(row, format!("`{set}` is not in {ENUMS}")),
            Form::Shape(name) if self.method.shape(name).is_none() => {
                self.add(row, format!("`{name}` is not in [shapes]"));
            }
            _ => {}
        }
    }

    fn known<'b>(&mut self, row: &str, codes: impl Iterator<Item = &'b String>) {
        for code in codes.filter(|code| !self.api.knows_code(code)).collect::<Vec<_>>() {
            self.add(row, format!("code \"{code}\" is not in {CODES}"));
        }
    }

    fn poll(&mut self) {
        let method = self.method;
        let Some(poll) = &method.poll else { return };
        self.known("poll.absent", poll.absent.iter());
        if poll.delays.is_empty() || poll.delays.contains(&0) || poll.give_up == 0 {
            self.add("poll", "wants delays and an end, none of them 0");
        }
        if poll.asked.len() != poll.row.len() {
            self.add("poll.asked", "has as many names as `row`");
        }
        for name in &poll.asked {
            if !matches!(method.at(name), Some(Field { form: Form::List(_), .. })) {
                self.add("poll.asked", format!("`{name}` is no list in the params"));
            }
        }
        let Some(rows) = method.members(&method.result) else {
            return self.add("poll", "the result has no rows");
        };
        let reason = std::iter::once(&poll.reason).filter(|reason| !reason.is_empty());
        for name in poll.row.iter().chain(&poll.key).chain(reason) {
            if !rows.iter().any(|field| &field.name == name) {
                self.add("poll.row", format!("`{name}` is no member of a row of the result"));
            }
        }
        match rows.iter().find(|field| field.name == poll.status).map(|field| &field.form) {
            None => self.add("poll.status", format!("`{}` is no member of a row of the result", poll.status)),
            Some(Form::Code(set)) => {
                let Some(set) = self.api.set(set) else { return };
                for status in poll.done.iter().chain(&poll.failed).chain(&poll.needs_retry) {
                    if !set.codes.iter().any(|code| &code.code == status) {
                        self.add("poll", format!("status \"{status}\" is not in `{}`", set.name));
                    }
                }
            }
            Some(_) => {}
        }
    }

    fn settle(&mut self) {
        let method = self.method;
        let told = method.settle.is_some() || method.by_hand.is_some();
        if method.effect == Effect::Write && !told {
            self.add("settle", "a write says how to find out what became of it, or settle = \"none\" with settle_doc");
        }
        if method.effect != Effect::Write && told {
            self.add("settle", "only a write has anything to settle");
        }
        if let Some(words) = &method.by_hand {
            self.words("settle_doc", words);
        }
        let Some(settle) = &method.settle else { return };
        self.known("settle.present", settle.present.iter());
        for path in std::iter::once(&settle.key).chain(settle.same.iter().map(|same| &same.ours)) {
            if method.at(path).is_none() {
                self.add("settle", format!("`{path}` is no member of the params"));
            }
        }
        for set in settle.same.iter().filter_map(|same| same.by.as_ref()) {
            if self.api.set(set).is_none() {
                self.add("settle.same", format!("`{set}` is not in {ENUMS}"));
            }
        }
        let Some(ask) = self.api.method(&settle.ask) else {
            return self.add("settle.ask", format!("`{}` has no file", settle.ask));
        };
        if ask.poll.is_none() {
            self.add("settle.ask", format!("`{}` has no [poll]", settle.ask));
        }
        if !matches!(ask.at(&settle.by), Some(Field { form: Form::List(_), .. })) {
            self.add("settle.by", format!("`{}` is no list in the params of `{}`", settle.by, settle.ask));
        }
        let rows = ask.members(&ask.result).unwrap_or(&[]);
        for name in std::iter::once(&settle.row_key).chain(settle.same.iter().map(|same| &same.theirs)) {
            if !rows.iter().any(|field| &field.name == name) {
                self.add("settle", format!("`{name}` is no member of a row of `{}`", settle.ask));
            }
        }
    }
}

/// The types that a generated file uses beside its own.
const RUST_TYPES: &[&str] = &[
    "Clone",
    "Debug",
    "Decimal",
    "Default",
    "Effect",
    "Err",
    "Field",
    "Json",
    "Method",
    "Need",
    "None",
    "Ok",
    "Option",
    "PartialEq",
    "PollRule",
    "Result",
    "Same",
    "Self",
    "SettleRule",
    "Shape",
    "Some",
    "String",
    "Type",
    "Vec",
    "When",
    "Wire",
    "Words",
];
