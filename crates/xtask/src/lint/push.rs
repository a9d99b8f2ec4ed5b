//! Faults in the kinds of push.

use std::collections::BTreeSet;

use super::{Lint, both};
use crate::example;
use crate::fault::Faults;
use crate::ir::{Api, Confirm, Field, Form, Need, Push};

pub(super) fn lint(api: &Api, faults: &mut Faults) {
    let mut seen = BTreeSet::new();
    for push in &api.pushes {
        if !seen.insert(&push.model.name) {
            faults.add(&push.model.file, "name", format!("`{}` has another file already", push.model.name));
        }
        Lint { api, method: &push.model, faults }.push(push);
    }
}

impl Lint<'_> {
    fn push(&mut self, push: &Push) {
        self.head();
        self.fields("outer", &push.model.params);
        self.fields("answer", &push.answer);
        self.shapes();
        if push.at("operater").is_none_or(|field| field.need != Need::Yes) {
            self.add("outer", "has no `operater` that is needed");
        }
        if push.answer.is_empty() {
            self.add("answer", "is missing");
        }
        for (row, paths) in [("order_no", &push.order_no), ("serial_no", &push.serial_no), ("bill_no", &push.bill_no)] {
            for path in paths {
                self.path(push, row, path);
            }
        }
        self.status(push);
        for confirm in &push.confirm {
            self.confirm(push, confirm);
        }
        for (at, told) in push.examples.iter().enumerate() {
            let row = format!("example[{}]", at + 1);
            both(self.faults, &self.method.file, &format!("{row}.title"), &told.title.zh, &told.title.en);
            for (path, what) in example::push_faults(self.api, push, told) {
                self.add(format!("{row}.{path}"), what);
            }
        }
    }

    fn path(&mut self, push: &Push, row: &str, path: &str) {
        if push.at(path).is_none() {
            self.add(row, format!("`{path}` is no member of the push"));
        }
    }

    fn status(&mut self, push: &Push) {
        let Some(status) = &push.status else { return };
        let Some(set) = push.status_set() else {
            return self.add("status", format!("`{}` is no member of the push that holds a code", status.at));
        };
        let known = |code: &String| self.api.set(set).is_none_or(|set| set.codes.iter().any(|row| row.code == *code));
        if let Some(code) = status.absent.as_ref().filter(|code| !known(code)) {
            self.add("status", format!("\"{code}\" is not in `{set}`"));
        }
    }

    fn confirm(&mut self, push: &Push, confirm: &Confirm) {
        let row = format!("confirm.{}", confirm.from);
        self.path(push, &row, &confirm.from);
        let Some(method) = self.api.method(&confirm.method) else {
            return self.add(row, format!("`{}` has no file", confirm.method));
        };
        let list = |field: &Field| matches!(&field.form, Form::List(item) if **item == Form::Text);
        match method.at(&confirm.by) {
            Some(field) if list(field) || field.form == Form::Text => {}
            _ => self.add(&row, format!("`{}` is no text in the params of `{}`", confirm.by, confirm.method)),
        }
        for also in &confirm.also {
            if method.at(&also.name).is_none() {
                self.add(&row, format!("`{}` is not in the params of `{}`", also.name, confirm.method));
            }
            match (&also.from, &also.value) {
                (Some(path), None) => self.path(push, &row, path),
                (None, Some(_)) => {}
                _ => self.add(&row, format!("`{}` wants either `from` or `value`", also.name)),
            }
        }
    }
}
