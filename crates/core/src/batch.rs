//! Many orders followed at once, at a rate: what has become of each? It asks and never writes.
//!
//! ```text
//!         add                  due, and the rate allows it
//!   ──────────▶ Waiting ─────────────────────────────────────▶ Asked (with up to 49 others)
//!                ▲   ▲                                           │
//!                │   └── pending, invisible, no answer: later ◀──┤
//!                └ hint: sooner                                  ▼ final, not there, too old
//!                                                              Ended ── step ──▶ an event, and forgotten
//! ```
//!
//! The laws:
//! - An order ends in one event, and is kept until that event has been handed out.
//! - No answer, an answer that can't be read, a refusal or the lack of a token end no order.
//! - An order that was ever seen is never told absent: settling it could send it again.
//! - Two requests are never closer than the rate says; of each query, half at least is for the order that waits longest.
//!   So whatever is due is asked within two sweeps over all that is due.

mod answers;
mod key;
mod orders;
mod pace;
mod progress;
mod rules;
mod snapshot;
mod step;

use std::collections::VecDeque;
use std::fmt;

use crate::call::{Failure, Machine, Step, Task, in_millis};
use crate::error::{Error, ErrorKind};
use crate::json::Json;
use crate::model::Method;
use crate::poll::PollRule;
use crate::session::{Session, known};
use crate::wire::{Millis, Stamp, credential};
use answers::Ending;
use orders::{Order, Orders};
use pace::{Clock, Pace};
pub use progress::Progress;
use progress::Tally;
pub use rules::BatchRules;
pub use step::{BatchEvent, BatchStep};

/// Many orders (or serials) that are followed at once: see [`Session::follow`].
///
/// One request is under way at a time: with answers that take longer than the rate allows, use two batches at half the
/// rate each. Dropping a batch in mid-flight loses nothing but itself; keep [`Batch::snapshot`].
pub struct Batch {
    session: Session,
    method: &'static Method,
    rule: &'static PollRule,
    /// The list param, and the member of a row that holds the key.
    by: (&'static str, &'static str),
    rules: BatchRules,
    orders: Orders,
    clock: Clock,
    pace: Pace,
    query: Option<Query>,
    /// The most keys a query takes, and takes now: fewer after a refusal, to find out whom it is about.
    limits: (usize, usize),
    endings: VecDeque<Ending>,
    tally: Tally,
    /// Failures in a row, and the trouble told last.
    failures: u8,
    trouble: Option<(ErrorKind, Option<String>)>,
}

/// A query under way.
#[derive(Debug)]
struct Query {
    call: Machine,
    slots: Vec<u32>,
    /// Whether it has left; before it, a token request may.
    sent: bool,
}

/// What falls due so soon is asked along.
const EARLY: i64 = 1000;

impl Session {
    /// Follows many orders at once, by a query that takes a list of them.
    ///
    /// ```
    /// use nnopen::{BatchEvent, BatchRules, BatchStep, Config, Millis, Session, Stamp};
    ///
    /// let mut config = Config::sandbox("SD00000001", "SD00000000000001", "339901999999142");
    /// config.permanent_token = Some("a token".into());
    /// let session = Session::new(config).unwrap();
    /// let rules = BatchRules { rate: 10, ..BatchRules::default() };
    /// let mut batch = session.follow("nuonuo.OpeMplatform.queryInvoiceResult", rules).unwrap();
    ///
    /// let now = Millis(1_700_000_000_000);
    /// batch.add("A-1", now, now).unwrap();
    /// let Ok(BatchStep::Wait(due)) = batch.step(&Stamp::new(now, [1; 20])) else { panic!("it is young") };
    /// let Ok(BatchStep::Send(request)) = batch.step(&Stamp::new(due, [2; 20])) else { panic!("it is due") };
    /// assert_eq!(request.body, r#"{"orderNos":["A-1"]}"#);
    /// batch.receive(200, br#"{"code": "E0000", "result": [{"orderNo": "A-1", "status": "2"}]}"#, due).unwrap();
    /// let Ok(BatchStep::Event(BatchEvent::Done { key, .. })) = batch.step(&Stamp::new(due, [3; 20])) else { panic!() };
    /// assert_eq!(key, "A-1");
    /// ```
    ///
    /// # Errors
    /// `input`, if a rule can't be right or no such method is known; `usage` if the method writes or has no rule for
    /// asking again.
    pub fn follow(&self, method: &str, rules: BatchRules) -> Result<Batch, Error> {
        Batch::new(self.clone(), known(method)?, rules)
    }
}

impl Batch {
    fn new(session: Session, method: &'static Method, rules: BatchRules) -> Result<Self, Error> {
        let (rule, by, most) = rules.check(method)?;
        let batch = Self {
            session,
            method,
            rule,
            by,
            pace: Pace::of(rules.rate),
            rules,
            orders: Orders::default(),
            clock: Clock::new(),
            query: None,
            limits: (most, most),
            endings: VecDeque::new(),
            tally: Tally::default(),
            failures: 0,
            trouble: None,
        };
        batch.body(&["A-1"]).map(|_| batch)
    }

    /// Follows an order (or a serial) that was submitted at `since`. `false` if it is followed already.
    ///
    /// # Errors
    /// `input`, if the key can't be one; `usage` if the time is not in milliseconds.
    pub fn add(&mut self, key: &str, since: Millis, now: Millis) -> Result<bool, Error> {
        in_millis(now)?;
        credential("key", key)?;
        let age = now.since(since).max(0);
        let now = self.clock.told(now);
        let since = now.after(-age);
        let due = since.after(self.rule.delay(0)).max(now);
        Ok(self.orders.add(Order::new(key, since, due)))
    }

    /// A push came about this order: brings its question forward, though never closer to the last one than the method's
    /// first delay. `false` if it is not followed. A push is a hint, never proof: nothing ends by it.
    ///
    /// # Errors
    /// `usage`, if the time is not in milliseconds.
    pub fn hint(&mut self, key: &str, now: Millis) -> Result<bool, Error> {
        in_millis(now)?;
        let now = self.clock.told(now);
        let Some(slot) = self.orders.find(key) else { return Ok(false) };
        let soonest = self.orders[slot].asked.after(self.rule.delay(0));
        self.orders.hint(slot, soonest.max(now));
        Ok(true)
    }

    /// What to do now. Step again after each `receive`, `fail`, event or wait, and after each error.
    ///
    /// # Errors
    /// `usage` (and nothing is lost) if an answer is still awaited, the stamp's entropy was used before, or its time is
    /// not in milliseconds.
    pub fn step(&mut self, stamp: &Stamp) -> Result<BatchStep, Error> {
        in_millis(stamp.now)?;
        let now = self.clock.step(stamp.now);
        loop {
            if let Some(ending) = self.endings.pop_front() {
                return Ok(BatchStep::Event(self.hand_out(ending)));
            }
            if self.query.is_none() {
                let Some(due) = self.orders.due() else { return Ok(BatchStep::Idle) };
                let at = due.max(self.pace.next);
                if at > now {
                    return Ok(BatchStep::Wait(self.clock.host(at)));
                }
                self.ask(now)?;
            }
            let Some(mut query) = self.query.take() else { continue };
            if query.call.is_ready() && self.pace.next > now {
                self.query = Some(query);
                return Ok(BatchStep::Wait(self.clock.host(self.pace.next)));
            }
            let step = query.call.step(stamp);
            match step {
                Ok(Step::Send(request)) => {
                    self.sent(&mut query, now);
                    self.query = Some(query);
                    return Ok(BatchStep::Send(request));
                }
                Ok(Step::Wait(until)) => {
                    self.query = Some(query);
                    return Ok(BatchStep::Wait(until));
                }
                Ok(Step::Load) => {
                    self.query = Some(query);
                    return Ok(BatchStep::Load);
                }
                Ok(Step::Swap { version, bytes }) => {
                    self.query = Some(query);
                    return Ok(BatchStep::Swap { version, bytes });
                }
                Ok(Step::Done(result)) => self.ended(&query, Ok(result), now),
                Err(error) if query.call.is_over() => self.ended(&query, Err(error), now),
                Err(error) => {
                    self.query = Some(query);
                    return Err(error);
                }
            }
        }
    }

    /// The answer to the request sent last: its HTTP status and the bytes of its body.
    ///
    /// # Errors
    /// `usage`, if no request is waiting for an answer, or the time is not in milliseconds.
    pub fn receive(&mut self, status: u16, body: &[u8], now: Millis) -> Result<(), Error> {
        self.told(now, |call| call.receive(status, body, now))
    }

    /// The request sent last got no answer; `reason` is for people.
    ///
    /// # Errors
    /// `usage`, if no request is waiting for an answer, or the time is not in milliseconds.
    pub fn fail(&mut self, failure: Failure, reason: &str, now: Millis) -> Result<(), Error> {
        self.told(now, |call| call.fail(failure, reason, now))
    }

    /// What the token's store holds; see [`Call::loaded`].
    ///
    /// # Errors
    /// `usage`, if the store was not to be read.
    pub fn loaded(&mut self, version: u64, bytes: &[u8], now: Millis) -> Result<(), Error> {
        self.told(now, |call| call.loaded(version, bytes, now))
    }

    /// Whether the token's store has taken what it was to take; see [`Call::swapped`].
    ///
    /// # Errors
    /// `usage`, if nothing was to be put into the store.
    pub fn swapped(&mut self, stored: bool, now: Millis) -> Result<(), Error> {
        self.told(now, |call| call.swapped(stored, now))
    }

    /// The token's store failed; see [`Call::store_failed`].
    ///
    /// # Errors
    /// `usage`, if the store was not asked.
    pub fn store_failed(&mut self, reason: &str, now: Millis) -> Result<(), Error> {
        self.told(now, |call| call.store_failed(reason, now))
    }

    /// An answer is taken in at once, so that a snapshot taken now knows of it.
    fn told(&mut self, now: Millis, tell: impl FnOnce(&mut Machine) -> Result<(), Error>) -> Result<(), Error> {
        in_millis(now)?;
        let now = self.clock.told(now);
        let Some(mut query) = self.query.take() else {
            return Err(Error::usage("nothing is waiting for an answer"));
        };
        let told = tell(&mut query.call);
        match query.call.take_end() {
            Some(end) => self.ended(&query, end, now),
            None => self.query = Some(query),
        }
        told
    }

    fn ended(&mut self, query: &Query, end: Result<Json, Error>, now: Millis) {
        match end {
            Ok(result) => self.answered(&query.slots, result, now),
            Err(error) => self.failed(query, error, now),
        }
    }

    /// Begins the next query.
    fn ask(&mut self, now: Millis) -> Result<(), Error> {
        let slots = self.orders.take(self.limits.1, now.after(EARLY));
        let keys: Vec<&str> = slots.iter().map(|slot| self.orders[*slot].key.as_str()).collect();
        match self.body(&keys) {
            Ok(body) => {
                let call = Machine::new(self.session.clone(), Task::once(self.method, body), Vec::new());
                self.query = Some(Query { call, slots, sent: false });
                Ok(())
            }
            // Not reached: rules and keys have been looked at. No order is lost by it all the same.
            Err(error) => {
                slots.into_iter().for_each(|slot| self.orders.put(slot, now.after(pace::MOST)));
                Err(error)
            }
        }
    }

    fn body(&self, keys: &[&str]) -> Result<String, Error> {
        let mut params = vec![(self.by.0.to_owned(), Json::List(keys.iter().map(|key| Json::from(*key)).collect()))];
        params.extend(self.rules.with.members().iter().cloned());
        self.method.body(&Json::Object(params))
    }

    fn sent(&mut self, query: &mut Query, now: Millis) {
        self.pace.sent(now);
        if !query.call.is_asking() {
            return;
        }
        query.sent = true;
        for slot in &query.slots {
            self.orders[*slot].asked = now;
        }
        self.tally.asked(query.slots.len(), now);
    }
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { method, rules, orders, query, .. } = self;
        f.debug_struct("Batch")
            .field("method", &method.name)
            .field("rules", rules)
            .field("pending", &orders.len())
            .field("query", query)
            .finish_non_exhaustive()
    }
}
