//! The lives that the platform's things lead, a file each, and the methods that look into them.

pub(crate) mod company;
pub(crate) mod delivery;
pub(crate) mod fast_red;
pub(crate) mod invoices;
pub(crate) mod issuing;
pub(crate) mod red_confirm;
pub(crate) mod red_info;
pub(crate) mod scan;
pub(crate) mod session;
pub(crate) mod void;
pub(crate) mod work_order;

use crate::check::Refusal;
use crate::gateway::Call;
use crate::http::Response;
use crate::options::Life;
use crate::table::{Method, text_of};
use crate::{Shared, State};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// What a method answers, or why it refuses.
pub(crate) type Answer = Result<Response, Refusal>;

/// What a method does once its body has passed the model.
pub(crate) type Handler = fn(&Ask<'_>, &mut State) -> Answer;

/// The methods with something behind them.
pub(crate) fn handler(name: &str) -> Option<Handler> {
    let all = [
        issuing::METHODS,
        invoices::METHODS,
        void::METHODS,
        red_confirm::METHODS,
        fast_red::METHODS,
        red_info::METHODS,
        company::METHODS,
        session::METHODS,
        delivery::METHODS,
        scan::METHODS,
        work_order::METHODS,
    ];
    all.into_iter().flatten().find(|(known, _)| *known == name).map(|(_, handler)| *handler)
}

/// Brings everything that goes by the clock to where it must be now.
pub(crate) fn advance(shared: &Shared, state: &mut State) {
    red_info::advance(shared, state);
    red_confirm::advance(shared, state);
}

/// A call with a body that has passed the model.
pub(crate) struct Ask<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) call: &'a Call<'a>,
    pub(crate) method: &'a Method,
    pub(crate) body: &'a Map<String, Value>,
    pub(crate) now: i64,
}

impl<'a> Ask<'a> {
    /// The company the caller acts for.
    pub(crate) fn caller(&self) -> &'a str {
        if self.call.user_tax.is_empty() { &self.call.party.tax_num } else { self.call.user_tax }
    }

    pub(crate) fn life(&self) -> &'a Life {
        &self.shared.options.life
    }

    /// A member of the body; empty if it is absent.
    pub(crate) fn text(&self, name: &str) -> String {
        text_of(self.body, name).unwrap_or_default()
    }

    pub(crate) fn no(&self, code: &str, text: &str) -> Refusal {
        Refusal::new(self.shared.table, code, text)
    }

    /// E9302 unless this is the company the caller acts for.
    pub(crate) fn own(&self, tax_num: &str) -> Result<(), Refusal> {
        let own = tax_num == self.caller();
        if own { Ok(()) } else { Err(self.no("E9302", "身份认证与当前企业税号不相符")) }
    }

    /// A success in the words of the method's first example: its code, its text, its envelope.
    pub(crate) fn tell(&self, result: Value) -> Response {
        let reply = self.method.reply.as_ref().and_then(|(_, reply)| serde_json::from_str(reply).ok());
        let mut reply: Map<String, Value> = reply.unwrap_or_default();
        let name = if reply.contains_key("data") { "data" } else { "result" };
        reply.insert(name.to_owned(), result);
        Response::json(&Value::Object(reply))
    }

    /// As [`tell`](Ask::tell), of something that was changed.
    pub(crate) fn done(&self, result: Value) -> Response {
        Response { committed: true, ..self.tell(result) }
    }

    /// The page that `pageNo` and `pageSize` ask for.
    pub(crate) fn page<T>(&self, rows: Vec<T>, size: usize) -> Vec<T> {
        let number = |name: &str, absent: usize| self.text(name).parse().ok().filter(|n| *n > 0).unwrap_or(absent);
        let (page, size): (usize, usize) = (number("pageNo", 1), number("pageSize", size));
        rows.into_iter().skip((page - 1).saturating_mul(size)).take(size).collect()
    }
}

/// Objects are built a member at a time.
pub(crate) fn object<const N: usize>(members: [(&str, Value); N]) -> Map<String, Value> {
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// How a red form ends: a confirmation (红字确认单) or an information table (红字信息表).
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum FormEnd {
    /// A table is approved; a confirmation of the seller needs no consent, one of the buyer waits for the seller.
    Approve,
    /// A table stays submitted; a confirmation waits for the other side.
    Wait,
    /// The tax bureau refuses, with this reason.
    Refuse(String),
}

impl FormEnd {
    /// What the end of an application number asks for: `-WAIT`, `-FAIL`.
    fn of_number(number: &str) -> FormEnd {
        match number.rsplit('-').next().filter(|end| end.len() < number.len()) {
            Some("WAIT") => FormEnd::Wait,
            Some("FAIL") => FormEnd::Refuse("模拟器：申请号以 -FAIL 结尾，按要求审核失败".to_owned()),
            _ => FormEnd::Approve,
        }
    }
}

fn form_end(plans: &HashMap<String, FormEnd>, number: &str) -> FormEnd {
    plans.get(number).cloned().unwrap_or_else(|| FormEnd::of_number(number))
}

/// The states that something went through, each with its beginning.
#[derive(Clone, Debug)]
pub(crate) struct History(Vec<(i64, &'static str)>);

impl History {
    fn new(at: i64, state: &'static str) -> History {
        History(vec![(at, state)])
    }

    fn push(&mut self, at: i64, state: &'static str) {
        self.0.push((at, state));
    }

    /// The state, and since when.
    fn last(&self) -> (&'static str, i64) {
        self.0.last().map_or(("", 0), |(at, state)| (*state, *at))
    }

    fn now(&self) -> &'static str {
        self.last().0
    }

    fn began(&self) -> i64 {
        self.0.first().map_or(0, |(at, _)| *at)
    }

    fn json(&self) -> Value {
        self.0.iter().map(|(at, state)| serde_json::json!({ "at": at, "state": state })).collect()
    }
}

/// A text as the JSON number that it is.
fn bare_number(text: &str) -> Option<Value> {
    serde_json::from_str::<Value>(text).ok().filter(Value::is_number)
}
