//! The rules between the members of an order, each with the number that it has in `api/rules.toml`.
//!
//! A rule sees the whole order and tells what breaks it. What surely fails is an error; what one source only says, or
//! what a later invoice may allow, is a warning.

pub(crate) mod buyer;
pub(crate) mod discounts;
pub(crate) mod head;
pub(crate) mod lines;
pub(crate) mod policies;
pub(crate) mod red;
pub(crate) mod special;
pub(crate) mod texts;
pub(crate) mod vehicles;

use std::fmt;

use super::view::Order;
use crate::error::{Severity, Violation};
#[cfg(feature = "docs")]
use crate::model::Words;
use crate::text::Text;

/// One rule of an invoice.
pub struct Rule {
    /// Its number.
    pub number: u16,
    /// The same as a name: `R23`; see [`Violation::rule`].
    pub name: Text,
    /// How bad it mostly is to break it. Where a narrower reading is broken only, a violation can be milder.
    pub severity: Severity,
    /// The code that the platform mostly answers.
    pub code: Option<Text>,
    /// What it says.
    #[cfg(feature = "docs")]
    pub doc: Words<Text>,
    pub(crate) check: fn(&Order<'_>, &mut Found),
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, severity, code, .. } = self;
        f.debug_struct("Rule").field("name", name).field("severity", severity).field("code", code).finish()
    }
}

/// Everything that breaks a rule, in the order of the rules.
pub(crate) fn check(order: &Order<'_>) -> Vec<Violation> {
    let mut violations = Vec::new();
    for rule in super::rules() {
        let mut found = Found { rule, violations };
        (rule.check)(order, &mut found);
        violations = found.violations;
    }
    violations
}

/// What breaks a rule, and what broke those before it.
pub(crate) struct Found {
    rule: &'static Rule,
    violations: Vec<Violation>,
}

impl Found {
    /// The rule is broken.
    pub(crate) fn add(&mut self, path: String, zh: impl Into<String>, en: impl Into<String>) {
        self.push(path, self.rule.severity, self.rule.code.map(Text::as_str), zh.into(), en.into());
    }

    /// The rule is broken, and the platform has another code for it, or none.
    pub(crate) fn coded(
        &mut self,
        code: Option<&'static str>,
        path: String,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) {
        self.push(path, self.rule.severity, code, zh.into(), en.into());
    }

    /// Only a narrower reading of the rule is broken.
    pub(crate) fn warn(&mut self, path: String, zh: impl Into<String>, en: impl Into<String>) {
        self.push(path, Severity::Warning, None, zh.into(), en.into());
    }

    fn push(
        &mut self,
        path: String,
        severity: Severity,
        code: Option<&'static str>,
        message: String,
        message_en: String,
    ) {
        self.violations.push(Violation { path, rule: self.rule.name.as_str(), severity, code, message, message_en });
    }
}
