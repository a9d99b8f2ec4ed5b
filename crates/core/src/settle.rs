//! What became of a write: ask before sending again.
//!
//! ```text
//!            accepted
//!   Sending ──────────▶ Following ── no row pending ──▶ done, or failed
//!     │   ▲                 ▲
//!     │   │ absent after    │ found, and it is ours
//!     │   │ the grace       │
//!     └─▶ Looking ──────────┤
//!   lost, unknown, busy,    └─ found, but another order's: E9106, nothing is sent
//!   "was there already"
//! ```
//!
//! The laws:
//! - Nothing is sent twice without asking first, and only when the answer was "not there", after the grace.
//! - What is sent again is byte for byte what was sent, with the same order number.
//! - A call that can't say what became of the write ends `uncertain`.

mod identity;

use crate::body::fault;
use crate::call::{Failure, Next};
use crate::error::{Error, ErrorKind};
use crate::json::Json;
use crate::model::{Codes, Method, Outcome, Retry};
use crate::poll::{MOST_FAILURES, PollRule, Polling, Verdict, rows};
use crate::reply::Refusal;
use crate::text::{Text, has, text};
use crate::wire::Millis;

/// How to find out what became of a write: a `[settle]` table of a data file.
#[derive(Debug)]
pub struct SettleRule {
    /// The method that is asked; it has a poll rule.
    pub ask: &'static Method,
    /// Its list param that takes the key.
    pub by: Text,
    /// The path of the key in the body that was written.
    pub key: Text,
    /// The member of a row that holds the key.
    pub row_key: Text,
    /// The codes that mean "was there already".
    pub present: &'static [Text],
    /// What must agree for a found row to be ours.
    pub same: &'static [Same],
}

/// One thing that must agree between what was written and what was found.
#[derive(Debug)]
pub struct Same {
    /// The path in the body.
    pub ours: Text,
    /// The member of the row.
    pub theirs: Text,
    /// A set whose codes are the labels of the row and whose names are the values of the body.
    pub by: Option<&'static Codes>,
    /// Whether the values are added up over all lines and all rows before they are compared.
    pub sum: bool,
}

/// How long a fresh order may stay invisible, counted from the loss of its answer.
const GRACE: i64 = 15_000;
/// How long the request of a process that ended may still be under way: as long as a client waits for an answer.
const IN_FLIGHT: i64 = 30_000;
/// The pauses before each question after a lost answer; the last one repeats.
const LOOKS: [i64; 4] = [2_000, 3_000, 5_000, 5_000];
/// The pauses before the question after a busy platform has refused; none is shorter than the grace.
const BUSY: [i64; 4] = [15_000, 30_000, 60_000, 60_000];
const MOST_SENDS: u8 = 3;
const LATER: i64 = 60_000;

/// A write on its way to its end.
#[derive(Debug)]
pub(crate) struct Settling {
    method: &'static Method,
    rule: &'static SettleRule,
    body: String,
    params: Json,
    key: String,
    ask_body: String,
    stage: Stage,
    sends: u8,
    /// How often in a row the platform was too busy to take it. Those sends don't count: nothing came of them.
    busy: usize,
    /// When the last send was lost, as far as is known: the grace begins.
    looked_for: Option<Millis>,
    /// Whether it was found by looking for it: then it must still be ours when it is final.
    found: bool,
    /// Whether a send may have been carried out without our knowing.
    unsure: bool,
    /// Whether the platform has said that it is there: then it is not sent again, even if it can't be found later.
    accepted: bool,
}

#[derive(Debug)]
enum Stage {
    Sending,
    /// Asking what became of it, after so many pauses. `known`: the platform said that it is there.
    Looking {
        pauses: usize,
        failures: u8,
        known: Option<Error>,
    },
    Following(Polling),
}

impl Settling {
    /// Sends at once: nobody has sent it before.
    pub(crate) fn send(method: &'static Method, body: String) -> Result<Self, Error> {
        Self::new(method, body, Stage::Sending, false)
    }

    /// Asks first: it may have been sent before.
    pub(crate) fn ask_first(method: &'static Method, body: String) -> Result<Self, Error> {
        Self::new(method, body, Stage::Looking { pauses: 0, failures: 0, known: None }, true)
    }

    /// What is kept of it: method, body, how often it was sent, whether it was accepted. Its stage is not: what is resumed
    /// asks first.
    pub(crate) fn save(&self) -> (&str, &str, Json, bool) {
        (&self.method.name, &self.body, i64::from(self.sends).into(), self.accepted)
    }

    /// Asks first, with so many sends behind it. What was accepted is not sent again.
    pub(crate) fn resume(method: &'static Method, body: String, sends: i64, accepted: bool) -> Result<Self, Error> {
        let sends = u8::try_from(sends).unwrap_or(MOST_SENDS);
        let mut settling = Self { sends, accepted, ..Self::ask_first(method, body)? };
        if accepted {
            let code = settling.poll_rule().absent.first().copied().unwrap_or_default();
            let error = Error::new(ErrorKind::Uncertain, "it was accepted, and is not to be found now");
            let known = Some(error.with_code(&code, crate::codes::REPLY));
            settling.stage = Stage::Looking { pauses: 0, failures: 0, known };
        }
        Ok(settling)
    }

    fn new(method: &'static Method, body: String, stage: Stage, unsure: bool) -> Result<Self, Error> {
        let Some(rule) = method.settle else {
            return Err(Error::usage("this method has no rule for finding out what became of it: use call"));
        };
        let params = Json::parse(&body).unwrap_or_default();
        let key = identity::values(&params, &rule.key).first().and_then(|value| value.map(str::to_owned));
        let Some(key) = key else {
            return Err(fault(
                &rule.key,
                "required",
                "必填：没有它就无法查询结果",
                "is required: without it nobody can ask what became of it",
            ));
        };
        let ask = Json::Object(vec![(rule.by.to_string(), Json::List(vec![key.as_str().into()]))]);
        let ask_body = rule.ask.body(&ask)?;
        Ok(Self {
            method,
            rule,
            body,
            params,
            key,
            ask_body,
            stage,
            sends: 0,
            busy: 0,
            looked_for: None,
            found: false,
            unsure,
            accepted: false,
        })
    }

    /// The method whose answer is awaited.
    pub(crate) fn method(&self) -> &'static Method {
        match self.stage {
            Stage::Sending => self.method,
            Stage::Looking { .. } | Stage::Following(_) => self.rule.ask,
        }
    }

    /// The name and the body of the request to send now.
    pub(crate) fn request(&self) -> (&str, &str) {
        match self.stage {
            Stage::Sending => (&self.method.name, &self.body),
            Stage::Looking { .. } | Stage::Following(_) => (&self.rule.ask.name, &self.ask_body),
        }
    }

    pub(crate) fn sent(&mut self, now: Millis) {
        match &mut self.stage {
            Stage::Sending => {
                self.sends += 1;
                self.looked_for = None;
            }
            // Nobody knows when, or whether, it was sent: a moment ago at the latest.
            Stage::Looking { .. } => {
                let latest = now.after(IN_FLIGHT);
                // A clock that was set back does not make the grace longer.
                self.looked_for = Some(self.looked_for.map_or(latest, |since| since.min(latest)));
            }
            Stage::Following(polling) => polling.sent(now),
        }
    }

    pub(crate) fn answered(&mut self, result: Json, now: Millis) -> Next {
        match &mut self.stage {
            Stage::Sending => {
                (self.unsure, self.accepted) = (true, true);
                let mut polling = Polling::new(self.rule.ask, self.ask_body.clone());
                let next = polling.rest(now);
                self.stage = Stage::Following(polling);
                next
            }
            Stage::Looking { failures, .. } => {
                *failures = 0;
                self.found(&result, now)
            }
            Stage::Following(polling) if polling.in_grace(now) && in_part(self.rule, &self.params, &result) => {
                polling.rest(now)
            }
            Stage::Following(polling) => match polling.answered(result, now) {
                Next::Done(result) => self.ended(result),
                Next::Fail(error) => Next::Fail(uncertain(error, now)),
                next @ (Next::Again | Next::Rest(_)) => next,
            },
        }
    }

    pub(crate) fn refused(&mut self, refusal: Refusal, now: Millis) -> Next {
        let Refusal { error, outcome } = refusal;
        let absent = self.poll_rule().absent;
        match &mut self.stage {
            Stage::Sending if error.code().is_some_and(|code| has(self.rule.present, code)) => {
                self.unsure = true;
                self.looked_for = Some(now);
                self.stage = Stage::Looking { pauses: 0, failures: 0, known: Some(error) };
                Next::Again
            }
            Stage::Sending if outcome == Outcome::Refused && error.retry() == Retry::Later => self.too_busy(error, now),
            Stage::Sending => match outcome {
                // Only a refusal of the content tells that an earlier send was refused as well.
                Outcome::Refused if self.unsure && !error.refuses_content() => Next::Fail(uncertain(error, now)),
                Outcome::Refused => Next::Fail(error),
                Outcome::Accepted | Outcome::Unknown => self.look(now),
            },
            Stage::Looking { .. } if error.code().is_some_and(|code| has(absent, code)) => self.absent(now),
            Stage::Looking { .. } => self.look_failed(error, now),
            Stage::Following(polling) => match polling.refused(Refusal { error, outcome }, now) {
                Next::Fail(error) => Next::Fail(uncertain(error, now)),
                next => next,
            },
        }
    }

    pub(crate) fn unanswered(&mut self, failure: Failure, error: Error, now: Millis) -> Next {
        match (&mut self.stage, failure) {
            (Stage::Sending, Failure::NotSent) if !self.unsure => Next::Fail(error),
            (Stage::Sending, Failure::NotSent) => Next::Fail(uncertain(error, now)),
            (Stage::Sending, Failure::MaybeSent) => self.look(now),
            (Stage::Looking { .. }, _) => self.look_failed(error, now),
            (Stage::Following(_), _) => self.refused(Refusal { error, outcome: Outcome::Unknown }, now),
        }
    }

    /// The platform surely refused it, for now: nothing was made, and after a while it may be taken. All the same it is
    /// asked for before it is sent again.
    fn too_busy(&mut self, error: Error, now: Millis) -> Next {
        let Some(pause) = BUSY.get(self.busy) else {
            return Next::Fail(if self.unsure { uncertain(error, now) } else { error.with_retry_at(now.after(LATER)) });
        };
        self.busy += 1;
        self.sends -= 1;
        self.looked_for = Some(now);
        self.stage = Stage::Looking { pauses: 0, failures: 0, known: None };
        Next::Rest(now.after(*pause))
    }

    /// Without a token nothing more can be asked: what may have been done stays uncertain.
    pub(crate) fn without_token(&self, error: Error, now: Millis) -> Error {
        if self.unsure { uncertain(error, now) } else { error }
    }

    /// What a sent request came to is not known: ask.
    fn look(&mut self, now: Millis) -> Next {
        self.unsure = true;
        self.busy = 0;
        self.looked_for = Some(now);
        self.stage = Stage::Looking { pauses: 0, failures: 0, known: None };
        self.look_again(now)
    }

    fn look_failed(&mut self, error: Error, now: Millis) -> Next {
        let Stage::Looking { failures, .. } = &mut self.stage else { return Next::Fail(error) };
        *failures += 1;
        if *failures >= MOST_FAILURES { Next::Fail(uncertain(error, now)) } else { self.look_again(now) }
    }

    fn look_again(&mut self, now: Millis) -> Next {
        let Stage::Looking { pauses, .. } = &mut self.stage else { return Next::Again };
        let pause = LOOKS[(*pauses).min(LOOKS.len() - 1)];
        *pauses += 1;
        Next::Rest(now.after(pause))
    }

    fn found(&mut self, result: &Json, now: Millis) -> Next {
        let ours = |row: &&Json| match row.get(&self.rule.row_key).and_then(Json::token) {
            Some(key) => key == self.key,
            None => true,
        };
        let rows: Vec<&Json> = rows(result).iter().filter(ours).collect();
        if rows.is_empty() {
            return self.absent(now);
        }
        if !in_part(self.rule, &self.params, result)
            && let Some(error) = self.not_ours(&rows)
        {
            return Next::Fail(error.with_result(result.clone()));
        }
        (self.found, self.unsure, self.accepted) = (true, true, true);
        let mut polling = Polling::new(self.rule.ask, self.ask_body.clone());
        polling.sent(now);
        self.stage = Stage::Following(polling);
        self.answered(result.clone(), now)
    }

    /// Why the rows are another order's.
    fn not_ours(&self, rows: &[&Json]) -> Option<Error> {
        let differences = identity::differences(self.rule.same, &self.params, rows);
        let describe = format!("the order number belongs to another invoice: {}", differences.join("; "));
        let code = self.rule.present.first().copied().unwrap_or_default();
        (!differences.is_empty())
            .then(|| Error::new(ErrorKind::Platform, describe).with_code(&code, crate::codes::REPLY))
    }

    fn absent(&mut self, now: Millis) -> Next {
        if now < self.looked_for.unwrap_or(now).after(GRACE) {
            return self.look_again(now);
        }
        let Stage::Looking { known, .. } = &mut self.stage else { return Next::Again };
        match known.take() {
            Some(error) => Next::Fail(uncertain(error, now)),
            None if self.sends < MOST_SENDS => {
                self.stage = Stage::Sending;
                Next::Again
            }
            None => {
                let error =
                    Error::new(ErrorKind::Uncertain, "sent three times without an answer, and it is not to be found");
                Next::Fail(uncertain(error, now))
            }
        }
    }

    /// No row is pending: did all end well?
    fn ended(&self, result: Json) -> Next {
        let rule = self.poll_rule();
        let all: Vec<&Json> = rows(&result).iter().collect();
        if let Some(error) = self.found.then(|| self.not_ours(&all)).flatten() {
            return Next::Fail(error.with_result(result));
        }
        let bad = rows(&result).iter().find(|row| rule.judge(row) != Verdict::Done);
        let Some(row) = bad else { return Next::Done(result) };
        let text = |member: &str| row.get(member).and_then(Json::token).unwrap_or_default().to_owned();
        let error = Error::new(ErrorKind::Platform, text(&rule.reason)).with_status(&text(&rule.status));
        Next::Fail(error.with_result(result))
    }

    fn poll_rule(&self) -> &'static PollRule {
        // `xtask check` holds every settle rule to a method that can be polled.
        self.rule.ask.poll.unwrap_or(&NEVER)
    }
}

/// Whether the rows are ours, and hold only a part of the total.
fn in_part(rule: &SettleRule, params: &Json, result: &Json) -> bool {
    identity::in_part(rule.same, params, &rows(result).iter().collect::<Vec<_>>())
}

static NEVER: PollRule = PollRule {
    status: text(""),
    reason: text(""),
    done: &[],
    failed: &[],
    needs_retry: &[],
    delays: &[5],
    give_up: 0,
    grace: 0,
    absent: &[],
    asked: &[],
};

/// The same error, as one of a write that may have been done.
fn uncertain(error: Error, now: Millis) -> Error {
    let error = Error::unsure_of(error);
    if error.retry_at().is_some() { error } else { error.with_retry_at(now.after(LATER)) }
}
