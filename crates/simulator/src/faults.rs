//! Trouble on request: what the next calls shall meet instead of a plain answer.

use serde_json::Value;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What goes wrong.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Fault {
    /// The connection is closed; nothing was carried out.
    LostBefore,
    /// The request is carried out, then the connection is closed without an answer.
    LostAfter,
    /// The request is carried out, its answer comes so many milliseconds of real time later.
    Slow(u64),
    /// The request is carried out twice, as if something on the way had repeated it; the second answer is told.
    Repeated,
    /// The request is held back so many milliseconds of real time, carried out only then, and answered.
    Late(u64),
    /// A bare HTTP status with an empty body; nothing was carried out.
    Status(u16),
    /// The request is carried out, its answer breaks off in the middle of the JSON.
    Truncated,
    /// A web page instead of JSON, status 200, as a proxy would send it; nothing was carried out.
    Html,
    /// 070301, as if the token had ended. The token itself stays valid.
    ExpiredToken,
    /// This code (070202, 070203, 040102, E9106, E9999, …); nothing was carried out.
    Busy(String),
}

/// A fault in the queue.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FaultRule {
    /// What goes wrong.
    pub fault: Fault,
    /// Only for this method, or for `accessToken` (the token endpoint); `None` is the next call of any kind.
    pub method: Option<String>,
    /// How many calls it still meets.
    pub times: u32,
    /// Whether the request is carried out all the same; `None` is what the fault's own description says.
    pub commit: Option<bool>,
}

impl FaultRule {
    /// One call of any kind.
    pub fn new(fault: Fault) -> FaultRule {
        FaultRule { fault, method: None, times: 1, commit: None }
    }

    /// Only for calls of this method, or of `accessToken`.
    #[must_use]
    pub fn only(mut self, method: &str) -> FaultRule {
        self.method = Some(method.to_owned());
        self
    }

    /// For so many calls in a row.
    #[must_use]
    pub fn times(mut self, times: u32) -> FaultRule {
        self.times = times;
        self
    }

    /// Carry the request out (or not), whatever the fault usually does.
    #[must_use]
    pub fn commit(mut self, commit: bool) -> FaultRule {
        self.commit = Some(commit);
        self
    }

    pub(crate) fn commits(&self) -> bool {
        let usual = matches!(
            self.fault,
            Fault::LostAfter | Fault::Slow(_) | Fault::Late(_) | Fault::Repeated | Fault::Truncated
        );
        self.commit.unwrap_or(usual)
    }

    /// The token endpoint knows no gateway codes.
    fn meets(&self, target: &str) -> bool {
        let service_only = matches!(self.fault, Fault::ExpiredToken | Fault::Busy(_));
        self.method.as_deref().map_or(!(service_only && target == TOKEN), |method| method == target)
    }

    pub(crate) fn name(&self) -> &'static str {
        match self.fault {
            Fault::LostBefore => "lost_before",
            Fault::LostAfter => "lost_after",
            Fault::Slow(_) => "slow",
            Fault::Repeated => "repeated",
            Fault::Late(_) => "late",
            Fault::Status(_) => "status",
            Fault::Truncated => "truncated",
            Fault::Html => "html",
            Fault::ExpiredToken => "expired_token",
            Fault::Busy(_) => "busy",
        }
    }

    /// Reads `{"fault":"slow","ms":500,"method":"…","times":2,"commit":true}`.
    pub(crate) fn read(value: &Value) -> Result<FaultRule, String> {
        let number = |name: &str| value.get(name).and_then(Value::as_u64);
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let fault = match text("fault").unwrap_or_default() {
            "lost_before" => Fault::LostBefore,
            "lost_after" => Fault::LostAfter,
            "slow" => Fault::Slow(number("ms").unwrap_or(1000)),
            "repeated" => Fault::Repeated,
            "late" => Fault::Late(number("ms").unwrap_or(1000)),
            "status" => match number("status").unwrap_or(503) {
                status @ 300..=599 => Fault::Status(u16::try_from(status).unwrap_or(503)),
                _ => return Err("status must be 300 to 599".to_owned()),
            },
            "truncated" => Fault::Truncated,
            "html" => Fault::Html,
            "expired_token" => Fault::ExpiredToken,
            "busy" => Fault::Busy(text("code").unwrap_or("070203").to_owned()),
            other => {
                let known = "lost_before lost_after slow late repeated status truncated html expired_token busy";
                return Err(format!("unknown fault {other:?}; known: {known}"));
            }
        };
        let times = number("times").map_or(Some(1), |times| u32::try_from(times).ok());
        Ok(FaultRule {
            fault,
            method: text("method").map(str::to_owned),
            times: times.filter(|times| *times > 0).ok_or("times must be 1 or more")?,
            commit: value.get("commit").and_then(Value::as_bool),
        })
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::json!({ "fault": self.name(), "method": self.method, "times": self.times, "commit": self.commits() })
    }
}

pub(crate) const TOKEN: &str = "accessToken";

/// Decides what a call of a method (or of `accessToken`) meets.
type Weather = Box<dyn FnMut(&str) -> Option<FaultRule> + Send>;

/// The queue of faults: each call meets the first one that fits it; without one, what the weather brings.
#[derive(Default)]
pub struct Faults {
    queue: Mutex<VecDeque<FaultRule>>,
    weather: Mutex<Option<Weather>>,
}

impl Faults {
    /// The next call of any kind meets this.
    pub fn push(&self, fault: Fault) {
        self.push_rule(FaultRule::new(fault));
    }

    /// The next call of this method (or of `accessToken`) meets this.
    pub fn push_for(&self, method: &str, fault: Fault) {
        self.push_rule(FaultRule::new(fault).only(method));
    }

    /// Queues a rule.
    pub fn push_rule(&self, rule: FaultRule) {
        self.lock().push_back(rule);
    }

    /// From now on `weather` decides what befalls each call that meets no fault of the queue: it is told the method, or
    /// `accessToken`. Of the rule it gives, `method` and `times` don't matter.
    pub fn weather(&self, weather: impl FnMut(&str) -> Option<FaultRule> + Send + 'static) {
        *self.weather.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(weather));
    }

    /// Forgets all faults not yet met.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// The faults not yet met.
    pub fn waiting(&self) -> Vec<FaultRule> {
        self.lock().iter().cloned().collect()
    }

    pub(crate) fn take(&self, target: &str) -> Option<FaultRule> {
        self.queued(target).or_else(|| {
            let mut weather = self.weather.lock().unwrap_or_else(PoisonError::into_inner);
            weather.as_mut().and_then(|weather| weather(target))
        })
    }

    fn queued(&self, target: &str) -> Option<FaultRule> {
        let mut queue = self.lock();
        let at = queue.iter().position(|rule| rule.meets(target))?;
        let rule = queue.get_mut(at)?;
        rule.times = rule.times.saturating_sub(1);
        let taken = rule.clone();
        if taken.times == 0 {
            queue.remove(at);
        }
        Some(taken)
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<FaultRule>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Faults").field("queue", &self.lock()).finish_non_exhaustive()
    }
}
