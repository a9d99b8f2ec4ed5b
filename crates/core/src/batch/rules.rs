//! How a batch asks, and whether a method can be asked so.

#[cfg(doc)]
use crate::Batch;
use crate::body;
use crate::error::Error;
use crate::json::Json;
use crate::model::{Effect, Method};
use crate::poll::PollRule;

/// How a [`Batch`] asks.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchRules {
    /// The list param that takes the keys: `orderNos` (the default) or `serialNos`.
    pub by: String,
    /// Requests a second, 5 by default; at most 1000.
    pub rate: u32,
    /// The longest time between two questions about an order, in seconds; two hours by default.
    pub slowest: u32,
    /// The age, in seconds, at which an order that is still not final is given up; a week by default.
    pub give_up: u32,
    /// More params of each query, as an object: `{"isOfferInvoiceDetail": "1"}`. Null by default.
    pub with: Json,
}

impl Default for BatchRules {
    fn default() -> Self {
        const HOUR: u32 = 3600;
        Self { by: "orderNos".to_owned(), rate: 5, slowest: 2 * HOUR, give_up: 7 * 24 * HOUR, with: Json::Null }
    }
}

/// The rule of the method, the list param with the member of a row that holds the key, and the most keys of a query.
type Question = (&'static PollRule, (&'static str, &'static str), usize);

impl BatchRules {
    /// # Errors
    /// `input`, naming the rule that can't be right; `usage` if this method can't be followed.
    pub(super) fn check(&self, method: &'static Method) -> Result<Question, Error> {
        let (Some(rule), false) = (method.poll, method.effect == Effect::Write) else {
            return Err(Error::usage("this method has no rule for asking again, or it writes"));
        };
        let refuse = |name, zh, en| Err(body::fault(name, "rule", zh, en));
        let asked = rule.asked.iter().map(|(param, member)| (param.as_str(), member.as_str()));
        let Some(by) = asked.clone().find(|(param, _)| *param == self.by) else {
            return refuse("by", "此接口没有这个列表参数", "the method has no such list of keys");
        };
        if !(1..=1000).contains(&self.rate) {
            return refuse("rate", "每秒请求数应为 1 到 1000", "must be 1 to 1000 requests a second");
        }
        if !matches!(self.with, Json::Null | Json::Object(_))
            || rule.asked.iter().any(|(param, _)| self.with.get(param).is_some())
        {
            return refuse("with", "应为对象，且不含单号列表", "must be an object without the lists of keys");
        }
        let field = method.params.fields.iter().find(|field| field.name == by.0);
        let most = field.and_then(|field| field.max).map_or(1, |max| max.max(1) as usize);
        Ok((rule, by, most))
    }
}
