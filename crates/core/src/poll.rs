//! When a question that is asked again and again has its answer.

use crate::call::Next;
use crate::codes;
use crate::error::{Error, ErrorKind};
use crate::json::Json;
use crate::model::{Method, Retry};
use crate::reply::Refusal;
use crate::text::{Text, has};
use crate::wire::Millis;

/// How to wait for a final answer: a `[poll]` table of a data file. Times are in seconds.
#[derive(Debug)]
pub struct PollRule {
    /// The member of a row that tells how far it is.
    pub status: Text,
    /// The member of a row that tells why it failed.
    pub reason: Text,
    /// The statuses that end well.
    pub done: &'static [Text],
    /// The statuses that end badly.
    pub failed: &'static [Text],
    /// The statuses that need a retry by the platform's own method: the thing exists, something is missing.
    pub needs_retry: &'static [Text],
    /// How long to wait before asking again; the last one repeats.
    pub delays: &'static [u32],
    /// When to stop asking.
    pub give_up: u32,
    /// How long "not there" may mean "not visible yet".
    pub grace: u32,
    /// The codes that mean "not there".
    pub absent: &'static [Text],
    /// The list params that name what is asked for, each with the member of a row that names it again.
    pub asked: &'static [(Text, Text)],
}

/// What a row says about the thing it stands for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// Not final yet; a status that is not known counts as that.
    Pending,
    /// It ended well.
    Done,
    /// It ended badly.
    Failed,
    /// It exists, but something is missing: the platform's own retry method is the way.
    NeedsRetry,
}

impl PollRule {
    /// What one row of the answer says.
    pub fn judge(&self, row: &Json) -> Verdict {
        let status = row.get(&self.status).and_then(Json::token).unwrap_or_default();
        if has(self.done, status) {
            Verdict::Done
        } else if has(self.failed, status) {
            Verdict::Failed
        } else if has(self.needs_retry, status) {
            Verdict::NeedsRetry
        } else {
            Verdict::Pending
        }
    }

    /// How long to wait, in milliseconds, after so many waits.
    pub fn delay(&self, waits: usize) -> i64 {
        let delay = self.delays.get(waits).or(self.delays.last());
        i64::from(delay.copied().unwrap_or(5)) * 1000
    }
}

/// So many failed tries in a row are borne.
pub(crate) const MOST_FAILURES: u8 = 5;

/// A question that is asked until no row of its answer is pending.
#[derive(Debug)]
pub(crate) struct Polling {
    pub(crate) method: &'static Method,
    pub(crate) body: String,
    /// What is asked for: the member of a row that names it, and the names.
    wanted: Option<(&'static str, Vec<String>)>,
    started: Option<Millis>,
    waits: usize,
    failures: u8,
}

impl Polling {
    pub(crate) fn new(method: &'static Method, body: String) -> Self {
        let wanted = Json::parse(&body).ok().and_then(|params| wanted(method, &params));
        Self { method, body, wanted, started: None, waits: 0, failures: 0 }
    }

    /// What was kept of it: since when it is asked (as told then), and after how many waits.
    pub(crate) fn save(&self) -> [(&'static str, Json); 2] {
        let waits = i64::try_from(self.waits).unwrap_or(i64::MAX);
        [("started", self.started.map(|started| started.0).into()), ("waits", waits.into())]
    }

    pub(crate) fn resume(method: &'static Method, body: String, started: Option<i64>, waits: i64) -> Self {
        let waits = usize::try_from(waits).unwrap_or_default();
        Self { started: started.map(Millis), waits, ..Self::new(method, body) }
    }

    /// The question goes out.
    pub(crate) fn sent(&mut self, now: Millis) {
        let started = self.started.get_or_insert(now);
        *started = now.min(*started);
    }

    pub(crate) fn answered(&mut self, result: Json, now: Millis) -> Next {
        self.failures = 0;
        let Some(rule) = self.method.poll else { return Next::Done(result) };
        let rows = rows(&result);
        let pending = rows.iter().any(|row| rule.judge(row) == Verdict::Pending);
        let missing = self.wanted.as_ref().is_some_and(|(member, names)| {
            let named = |row: &Json| row.get(member).and_then(Json::token).map(str::to_owned);
            let unnamed = rows.iter().filter(|row| named(row).is_none()).count();
            let unfound = names.iter().filter(|name| !rows.iter().any(|row| named(row).as_ref() == Some(name))).count();
            unfound > unnamed
        });
        if pending || (missing && self.in_grace(now)) {
            return self.rest(now);
        }
        if missing && rows.is_empty() {
            let code = rule.absent.first().copied().unwrap_or_default();
            return Next::Fail(Error::new(ErrorKind::Platform, "nothing was found").with_code(&code, codes::REPLY));
        }
        Next::Done(result)
    }

    pub(crate) fn refused(&mut self, refusal: Refusal, now: Millis) -> Next {
        let error = refusal.error;
        let Some(rule) = self.method.poll else { return Next::Fail(error) };
        if error.code().is_some_and(|code| has(rule.absent, code)) {
            self.failures = 0;
            return if self.in_grace(now) { self.rest(now) } else { Next::Fail(error) };
        }
        self.failures += 1;
        let passes = matches!(error.kind(), ErrorKind::Transport | ErrorKind::Reply) || error.retry() == Retry::Later;
        if passes && self.failures <= MOST_FAILURES { self.rest(now) } else { Next::Fail(error) }
    }

    /// Waits for the next question, or gives up.
    pub(crate) fn rest(&mut self, now: Millis) -> Next {
        let Some(rule) = self.method.poll else { return Next::Again };
        let until = now.after(rule.delay(self.waits));
        self.waits += 1;
        if until > self.started.unwrap_or(now).after_seconds(rule.give_up) {
            let error = Error::new(ErrorKind::Uncertain, "there is no final answer yet: ask again later");
            return Next::Fail(error.with_retry_at(now.after(rule.delay(usize::MAX))));
        }
        Next::Rest(until)
    }

    /// Whether "not there" may still mean "not visible yet".
    pub(crate) fn in_grace(&self, now: Millis) -> bool {
        let grace = self.method.poll.map_or(0, |rule| rule.grace);
        now < self.started.unwrap_or(now).after_seconds(grace)
    }
}

/// The rows of an answer: a list, or one object in its place.
pub(crate) fn rows(result: &Json) -> &[Json] {
    match result {
        Json::List(rows) => rows,
        Json::Object(_) => std::slice::from_ref(result),
        _ => &[],
    }
}

/// What the params ask for: the first of the rule's lists that names something.
fn wanted(method: &Method, params: &Json) -> Option<(&'static str, Vec<String>)> {
    method.poll?.asked.iter().find_map(|(param, member)| {
        let names: Vec<_> =
            params.get(param)?.items().iter().filter_map(|name| name.token().map(str::to_owned)).collect();
        (!names.is_empty()).then_some((member.as_str(), names))
    })
}
