//! How many calls an application may make: by the second and by the Beijing day, where its account says so.

use crate::clock::Beijing;
use crate::options::Account;
use serde_json::{Value, json};
use std::collections::{HashMap, VecDeque};

/// The calls of each application.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    by_app: HashMap<String, (VecDeque<i64>, (i64, u32))>,
    /// What scripts ask for, for all applications.
    per_second: Option<u32>,
    per_day: Option<u32>,
}

impl Calls {
    /// Counts a call that has passed every other check; gives the code for one too many. Calls that are refused do not
    /// count: that is assumed, as is that the limit holds for an application and not for each of its methods.
    pub(crate) fn count(&mut self, account: &Account, now: i64) -> Result<(), &'static str> {
        let (recent, today) = self.by_app.entry(account.app_key.clone()).or_default();
        while recent.front().is_some_and(|at| now.saturating_sub(*at) >= 1_000) {
            recent.pop_front();
        }
        let day = Beijing::day_number(now);
        if today.0 != day {
            *today = (day, 0);
        }
        let per_second = self.per_second.or(account.calls_per_second);
        if self.per_day.or(account.calls_per_day).is_some_and(|most| today.1 >= most) {
            return Err("070201");
        }
        if per_second.is_some_and(|most| recent.len() >= most as usize) {
            return Err("070202");
        }
        today.1 = today.1.saturating_add(1);
        if per_second.is_some() {
            recent.push_back(now);
        }
        Ok(())
    }

    /// `{"perSecond": 10, "perDay": 1000}`; null, or leaving it out, is as the account says.
    pub(crate) fn steer(&mut self, value: &Value) -> Result<Value, String> {
        let read = |name: &str| match value.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(number) => {
                let number = number.as_u64().and_then(|number| u32::try_from(number).ok());
                number.map(Some).ok_or(format!("{name} must be a count or null"))
            }
        };
        (self.per_second, self.per_day) = (read("perSecond")?, read("perDay")?);
        Ok(self.limits())
    }

    pub(crate) fn limits(&self) -> Value {
        json!({ "perSecond": self.per_second, "perDay": self.per_day })
    }
}
