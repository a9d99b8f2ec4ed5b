//! The rules of an invoice: none without the check that holds it, none without what shows it.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::fault::Faults;
use crate::ir::{Api, Words};

pub(crate) const FILE: &str = "api/rules.toml";
const CHECKS: &str = "crates/core/src/order/rules";
const VECTORS: &str = "tests/vectors/orders";
/// Where the rows of a rule stand that names no method.
const ISSUE: &str = "nuonuo.OpeMplatform.requestBillingNew";

/// One rule: what it says, and what holds it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    pub(crate) number: u16,
    pub(crate) zh: String,
    pub(crate) en: String,
    pub(crate) held_by: HeldBy,
    /// The file of the function that checks an order.
    pub(crate) at: Option<String>,
    pub(crate) method: Option<String>,
    #[serde(default)]
    pub(crate) rows: Vec<String>,
    #[serde(rename = "where")]
    pub(crate) place: Option<String>,
    pub(crate) test: Option<String>,
    pub(crate) why: Option<Words>,
    pub(crate) severity: Option<Severity>,
    pub(crate) code: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum HeldBy {
    Order,
    Row,
    Code,
    Unknowable,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Severity {
    Error,
    Warning,
}

impl Rule {
    /// The method whose rows hold it.
    pub(crate) fn method(&self) -> &str {
        self.method.as_deref().unwrap_or(ISSUE)
    }
}

/// Tells what is wrong with the rules as data.
pub(crate) fn lint(api: &Api, faults: &mut Faults) {
    for number in 1..=api.rule_count {
        match api.rules.iter().filter(|rule| rule.number == number).count() {
            1 => {}
            0 => faults.add(FILE, format!("R{number}"), "is missing"),
            _ => faults.add(FILE, format!("R{number}"), "stands there twice"),
        }
    }
    for rule in &api.rules {
        let mut add = |what: String| faults.add(FILE, format!("R{}", rule.number), what);
        if rule.number == 0 || rule.number > api.rule_count {
            add(format!("is not among the {} rules", api.rule_count));
        }
        for (name, text) in [("zh", &rule.zh), ("en", &rule.en)] {
            if text.trim().is_empty() {
                add(format!("has no {name}"));
            }
        }
        if let Some(code) = rule.code.as_ref().filter(|code| !api.knows_code(code)) {
            add(format!("code \"{code}\" is not in api/codes.toml"));
        }
        let has = [
            (rule.at.is_some(), HeldBy::Order, "at"),
            (!rule.rows.is_empty(), HeldBy::Row, "rows"),
            (rule.place.is_some() && rule.test.is_some(), HeldBy::Code, "where and test"),
            (rule.why.as_ref().is_some_and(|why| !why.zh.is_empty() && !why.en.is_empty()), HeldBy::Unknowable, "why"),
        ];
        for (there, held_by, name) in has {
            if there != (rule.held_by == held_by) {
                add(format!("{} {name}", if there { "is not held by what has" } else { "has no" }));
            }
        }
        let severe = matches!(rule.held_by, HeldBy::Order | HeldBy::Row);
        if severe && rule.severity.is_none() {
            add("has no severity".to_owned());
        }
        let method = api.method(rule.method());
        if rule.held_by == HeldBy::Row && method.is_none() {
            add(format!("`{}` has no file", rule.method()));
        }
        for row in rule.rows.iter().filter(|row| method.is_some_and(|method| method.at(row).is_none())) {
            add(format!("`{row}` is no member of the params of `{}`", rule.method()));
        }
    }
}

/// Tells what no check holds and no vector shows.
pub(crate) fn coverage(root: &Path, api: &Api, faults: &mut Faults) {
    let folder = fs::read_dir(root.join(VECTORS)).into_iter().flatten().flatten();
    let vectors: Vec<String> = folder.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    for rule in &api.rules {
        let name = format!("R{}", rule.number);
        let mut add = |what: String| faults.add(FILE, name.clone(), what);
        if let Some(at) = &rule.at {
            let file = format!("{CHECKS}/{at}.rs");
            if !holds(root, &file, &format!("fn r{}(", rule.number)) {
                add(format!("{file} has no function r{}", rule.number));
            }
        }
        let shown = vectors.iter().any(|file| file.starts_with(&format!("{name}-")));
        if matches!(rule.held_by, HeldBy::Order | HeldBy::Row) && !shown {
            add(format!("no vector {VECTORS}/{name}-*.json breaks it"));
        }
        if let Some(place) = rule.place.as_ref().filter(|place| !root.join(place).is_file()) {
            add(format!("{place} is no file"));
        }
        if let Some(test) = &rule.test {
            let there = match test.split_once("::") {
                Some((file, name)) => holds(root, file, &format!("fn {name}(")),
                None => root.join(test).is_file(),
            };
            if !there {
                add(format!("{test} is no test"));
            }
        }
    }
}

fn holds(root: &Path, file: &str, part: &str) -> bool {
    fs::read_to_string(root.join(file)).is_ok_and(|text| text.contains(part))
}
