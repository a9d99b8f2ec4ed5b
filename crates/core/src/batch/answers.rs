//! What an answer, or the lack of one, means for the orders that were asked about.

use std::collections::BTreeMap;

use super::{Batch, BatchEvent, Query, pace};
use crate::error::{Error, ErrorKind};
use crate::json::Json;
use crate::model::Retry;
use crate::poll::{MOST_FAILURES, PollRule, Verdict};
use crate::text::has;
use crate::wire::Millis;

/// An event that waits to be handed out.
#[derive(Debug)]
pub(super) enum Ending {
    Final(u32, Verdict, Vec<Json>),
    Absent(u32),
    GaveUp(u32, Vec<Json>),
    Trouble(Vec<String>, Error),
}

/// Whose fault a failed query is.
enum Fault {
    /// Nobody's, or a lack of time: it passes.
    Passing,
    /// Perhaps one of the keys': fewer are asked at once, until it is found.
    Keys,
    /// The session's: without a token, not entitled.
    Session,
}

impl Batch {
    /// Rows have come: each order gets its own.
    pub(super) fn answered(&mut self, slots: &[u32], result: Json, now: Millis) {
        self.pace.faster();
        (self.failures, self.trouble) = (0, None);
        let (mut named, mut unnamed) = (BTreeMap::<String, Vec<Json>>::new(), Vec::new());
        let rows = match result {
            Json::List(rows) => rows,
            Json::Object(_) => vec![result],
            _ => Vec::new(),
        };
        for row in rows {
            match row.get(self.by.1).and_then(Json::token).map(str::to_owned) {
                Some(key) => named.entry(key).or_default().push(row),
                None => unnamed.push(row),
            }
        }
        let missing = slots.iter().filter(|slot| !named.contains_key(self.orders[**slot].key.as_str())).count();
        // Rows without their keys say nothing when several orders were asked about: they are asked alone.
        let unclear = missing > 0 && !unnamed.is_empty() && slots.len() > 1;
        self.limits.1 = if unclear { 1 } else { (self.limits.1 * 2).min(self.limits.0) };
        for slot in slots {
            let mut rows = named.remove(self.orders[*slot].key.as_str()).unwrap_or_default();
            if rows.is_empty() && slots.len() == 1 {
                rows = std::mem::take(&mut unnamed);
            }
            if rows.is_empty() && unclear { self.again(*slot, now) } else { self.judge(*slot, rows, now) }
        }
    }

    fn judge(&mut self, slot: u32, rows: Vec<Json>, now: Millis) {
        let order = &mut self.orders[slot];
        let status = if rows.is_empty() { order.status } else { mark(self.rule, &rows) };
        if order.status != status {
            (order.status, order.moved, order.waits) = (status, now, 0);
        }
        match verdict(self.rule, &rows) {
            Verdict::Pending if !order.was_seen() && order.asked >= order.since.after_seconds(self.rule.grace) => {
                self.endings.push_back(Ending::Absent(slot));
            }
            Verdict::Pending => self.wait(slot, rows, now),
            verdict => self.endings.push_back(Ending::Final(slot, verdict, rows)),
        }
    }

    /// Still not final: when is it asked again? Often at first and rarely later, by the time it has stood still.
    fn wait(&mut self, slot: u32, rows: Vec<Json>, now: Millis) {
        let order = &mut self.orders[slot];
        if order.asked >= order.since.after_seconds(self.rules.give_up) {
            self.endings.push_back(Ending::GaveUp(slot, rows));
            return;
        }
        let delay = self.rule.delay(usize::from(order.waits)).max(now.since(order.moved) / SLOWING);
        let delay = delay.min(i64::from(self.rules.slowest) * 1000);
        order.waits = order.waits.saturating_add(1);
        let delay = if order.hinted { delay.min(self.rule.delay(0)) } else { delay };
        self.orders.put(slot, now.after(delay.max(SOONEST)));
    }

    /// It was asked about to no avail: it queues up behind what is due already.
    fn again(&mut self, slot: u32, now: Millis) {
        self.orders.put(slot, now.after(SOONEST));
    }

    /// The query came to nothing.
    pub(super) fn failed(&mut self, query: &Query, error: Error, now: Millis) {
        let (slots, alone) = (&query.slots, query.slots.len() == 1);
        if error.code().is_some_and(|code| has(self.rule.absent, code)) {
            return self.answered(slots, Json::Null, now);
        }
        self.failures = self.failures.saturating_add(1);
        self.pace.slower(now);
        let fault = fault(&error);
        let tell = match fault {
            Fault::Passing => self.failures >= MOST_FAILURES,
            Fault::Keys => {
                self.limits.1 = (slots.len() / 2).max(1);
                alone
            }
            Fault::Session => {
                let until = error.retry_at().map_or(now.after(pace::MOST), |at| self.clock.steady(at));
                self.pace.pause(until, now);
                true
            }
        };
        let what = (error.kind(), error.code().map(str::to_owned));
        if tell && self.trouble.as_ref() != Some(&what) {
            self.trouble = Some(what);
            let keys = slots.iter().map(|slot| self.orders[*slot].key.as_str().to_owned()).collect();
            let retry_at = error.retry_at().unwrap_or(self.clock.host(self.pace.next));
            self.endings.push_back(Ending::Trouble(keys, error.with_retry_at(retry_at)));
        }
        for slot in slots {
            match fault {
                Fault::Keys if alone => self.wait(*slot, Vec::new(), now),
                _ if query.sent => self.again(*slot, now),
                _ => self.orders.put(*slot, self.orders[*slot].due()),
            }
        }
    }

    /// Makes the event, and forgets the order that it ends.
    pub(super) fn hand_out(&mut self, ending: Ending) -> BatchEvent {
        let session = &self.session;
        // What did not end well holds the platform's own words.
        let clean = |rows: Vec<Json>| Json::List(rows).with_texts(&|text| session.clean(text));
        let mut end = |slot| self.orders.remove(slot).as_str().to_owned();
        let event = match ending {
            Ending::Final(slot, verdict, rows) => {
                let key = end(slot);
                match verdict {
                    Verdict::Done => BatchEvent::Done { key, rows: Json::List(rows) },
                    Verdict::NeedsRetry => BatchEvent::NeedsRetry { key, rows: clean(rows) },
                    Verdict::Failed | Verdict::Pending => BatchEvent::Failed { key, rows: clean(rows) },
                }
            }
            Ending::Absent(slot) => BatchEvent::Absent { key: end(slot) },
            Ending::GaveUp(slot, rows) => BatchEvent::GaveUp { key: end(slot), rows: clean(rows) },
            Ending::Trouble(keys, error) => BatchEvent::Trouble { keys, error },
        };
        self.tally.count(&event);
        event
    }
}

/// An order that has stood still for ten hours is asked about each hour.
const SLOWING: i64 = 10;
/// What was asked about queues up behind all that is due.
const SOONEST: i64 = 1;

/// What all rows of one order say: it is final when each of them is.
fn verdict(rule: &PollRule, rows: &[Json]) -> Verdict {
    let verdicts: Vec<_> = rows.iter().map(|row| rule.judge(row)).collect();
    let worst = [Verdict::Pending, Verdict::Failed, Verdict::NeedsRetry];
    let found = worst.into_iter().find(|verdict| verdicts.contains(verdict));
    found.unwrap_or(if rows.is_empty() { Verdict::Pending } else { Verdict::Done })
}

/// The statuses of an order's rows as one byte that is not 0.
fn mark(rule: &PollRule, rows: &[Json]) -> u8 {
    let statuses = rows.iter().map(|row| row.get(&rule.status).and_then(Json::token).unwrap_or_default());
    let sum = statuses.fold(0u64, |sum, status| sum.wrapping_mul(31).wrapping_add(super::key::sum(status)));
    (sum % 255) as u8 + 1
}

fn fault(error: &Error) -> Fault {
    let of_keys = error.about().is_none_or(|code| code.scope == "business");
    match error.kind() {
        ErrorKind::Reply => Fault::Keys,
        ErrorKind::Transport => Fault::Passing,
        ErrorKind::Platform if error.retry() == Retry::Later => Fault::Passing,
        ErrorKind::Platform if of_keys => Fault::Keys,
        _ => Fault::Session,
    }
}
