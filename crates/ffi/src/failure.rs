//! Why something did not work, in plain values; and the guard that no panic gets past.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::plain::Violation;

/// Why a call ended without its result.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Failure {
    /// What the caller does next: `input`, `usage`, `auth`, `platform`, `reply`, `transport` or `uncertain`.
    pub kind: String,
    /// The platform's code, or a failed invoice's status.
    pub code: Option<String>,
    /// What happened.
    pub describe: String,
    /// What to do, in Chinese.
    pub hint_zh: String,
    /// What to do, in English.
    pub hint_en: String,
    /// All that is wrong with the params.
    pub violations: Vec<Violation>,
    /// When trying again can help: milliseconds since 1970.
    pub retry_at: Option<i64>,
    /// Whether trying again can help: `no`, `later`, `sign_in` or `ask`.
    pub retry: String,
    /// Whether the order number may be used again for a corrected order.
    pub order_free: bool,
    /// What the platform sent along, as JSON text.
    pub result: Option<String>,
}

impl Failure {
    /// The driver is at fault: a failure of kind `usage`.
    pub fn usage(describe: impl Into<String>) -> Self {
        let (kind, describe) = (nnopen::ErrorKind::Usage, describe.into());
        let nnopen::Words { zh, en } = kind.hint();
        Self {
            kind: kind.name().to_owned(),
            describe,
            hint_zh: zh.to_owned(),
            hint_en: en.to_owned(),
            retry: "no".to_owned(),
            ..Self::default()
        }
    }
}

impl From<nnopen::Error> for Failure {
    fn from(error: nnopen::Error) -> Self {
        Self {
            kind: error.kind().name().to_owned(),
            code: error.code().map(str::to_owned),
            describe: error.describe().to_owned(),
            hint_zh: error.hint().zh.to_owned(),
            hint_en: error.hint().en.to_owned(),
            violations: error.violations().iter().map(Violation::from).collect(),
            retry_at: error.retry_at().map(|at| at.0),
            retry: error.retry().name().to_owned(),
            order_free: error.order_free(),
            result: error.result().map(ToString::to_string),
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}{}: {}",
            self.kind,
            self.code.as_ref().map(|code| format!(" {code}")).unwrap_or_default(),
            self.describe
        )
    }
}

impl std::error::Error for Failure {}

/// Runs `work`; a panic in it becomes a failure of kind `usage` that says so, without the panic's own words.
pub fn guard<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(fault(panic)))
}

#[cold]
fn fault(panic: Box<dyn Any + Send>) -> Failure {
    drop(panic);
    Failure::usage("nnopen met a fault of its own: please report it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_failure_without_its_words() {
        let failure = guard::<()>(|| panic!("SD00000000000001")).unwrap_err();
        assert_eq!(failure.kind, "usage");
        assert!(!failure.hint_zh.is_empty() && !failure.hint_en.is_empty());
        assert!(!failure.to_string().contains("SD00000000000001"));
    }
}
