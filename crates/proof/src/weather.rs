//! What befalls the calls: every kind of trouble the simulator can make, drawn at random, and counted.

use std::collections::BTreeMap;

use nnopen_simulator::{Fault, FaultRule};
use serde_json::{Value, json};

use crate::clock::Days;
use crate::drive::TIMEOUT;
use crate::orders::ISSUE;

const TOKEN: &str = "accessToken";
/// So long after the client has given up (simulated milliseconds) a request may still be carried out.
const LATE: i64 = 4_000;

/// One kind of trouble.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    weight: u32,
    rule: fn(&Days) -> FaultRule,
    meets: fn(&str, &Days) -> bool,
}

/// All kinds.
pub(crate) const KINDS: &[Kind] = &[
    kind("dropped, not processed", 14, |_| FaultRule::new(Fault::LostBefore), anything),
    kind("dropped, processed", 14, |_| FaultRule::new(Fault::LostAfter), anything),
    kind("answer after the time-out", 4, |days| FaultRule::new(Fault::Slow(real(days, TIMEOUT * 5 / 4))), anything),
    kind("processed after the time-out", 25, |days| FaultRule::new(Fault::Late(real(days, TIMEOUT + LATE))), by_day),
    kind("502, not processed", 8, |_| FaultRule::new(Fault::Status(502)), anything),
    kind("503, processed", 8, |_| FaultRule::new(Fault::Status(503)).commit(true), anything),
    kind("answer cut short, processed", 10, |_| FaultRule::new(Fault::Truncated), anything),
    kind("web page, not processed", 7, |_| FaultRule::new(Fault::Html), anything),
    kind("web page, processed", 7, |_| FaultRule::new(Fault::Html).commit(true), anything),
    kind("070202 too many calls", 8, |_| busy("070202"), service),
    kind("070203 busy", 6, |_| busy("070203"), service),
    kind("040102, not processed", 5, |_| busy("040102"), service),
    kind("040102, processed", 5, |_| busy("040102").commit(true), service),
    kind("E9999 busy, not processed", 4, |_| busy("E9999"), service),
    kind("E9999 busy, processed", 4, |_| busy("E9999").commit(true), service),
    kind("E9106, not there", 12, |_| busy("E9106"), issue),
    kind("E9106, processed", 12, |_| busy("E9106").commit(true), issue),
];
/// The two ways in which a token ends before its time.
pub(crate) const VOIDED: [&str; 2] = ["070301, token voided", "070301, token still good"];

const fn kind(name: &'static str, weight: u32, rule: fn(&Days) -> FaultRule, meets: fn(&str, &Days) -> bool) -> Kind {
    Kind { name, weight, rule, meets }
}

fn busy(code: &str) -> FaultRule {
    FaultRule::new(Fault::Busy(code.to_owned()))
}

fn real(days: &Days, millis: i64) -> u64 {
    u64::try_from(days.real(millis).as_millis()).unwrap_or(u64::MAX)
}

fn anything(_: &str, _: &Days) -> bool {
    true
}

fn service(target: &str, _: &Days) -> bool {
    target != TOKEN
}

fn issue(target: &str, _: &Days) -> bool {
    target == ISSUE
}

/// A night must not fall before it is carried out: the client's grace would be over too soon.
fn by_day(target: &str, days: &Days) -> bool {
    target == ISSUE && days.left() * days.rate > 2 * LATE + TIMEOUT
}

/// Draws what each call meets, and counts.
pub(crate) struct Weather {
    days: Days,
    luck: fastrand::Rng,
    /// How many calls of a thousand meet trouble.
    chance: u32,
    /// The next service call is told that its token is not valid.
    pub(crate) reject: bool,
    calls: BTreeMap<String, u64>,
    faults: BTreeMap<&'static str, u64>,
    token_calls: Vec<i64>,
    voids: Vec<i64>,
}

impl Weather {
    pub(crate) fn new(days: Days, seed: u64, chance: u32) -> Self {
        Self {
            days,
            luck: fastrand::Rng::with_seed(seed),
            chance,
            reject: false,
            calls: BTreeMap::new(),
            faults: BTreeMap::new(),
            token_calls: Vec::new(),
            voids: Vec::new(),
        }
    }

    /// A call of this method, or of the token endpoint, has arrived: what it meets.
    pub(crate) fn meet(&mut self, target: &str) -> Option<FaultRule> {
        *self.calls.entry(target.to_owned()).or_default() += 1;
        if target == TOKEN {
            self.token_calls.push(self.days.now());
        } else if std::mem::take(&mut self.reject) {
            return Some(FaultRule::new(Fault::ExpiredToken));
        }
        if self.luck.u32(0..1000) >= self.chance {
            return None;
        }
        let fitting = || KINDS.iter().filter(|kind| (kind.meets)(target, &self.days));
        let mut drawn = self.luck.u32(0..fitting().map(|kind| kind.weight).sum());
        let kind = fitting().find(|kind| {
            let hit = drawn < kind.weight;
            drawn = drawn.saturating_sub(kind.weight);
            hit
        })?;
        *self.faults.entry(kind.name).or_default() += 1;
        Some((kind.rule)(&self.days))
    }

    /// A token was voided, in one of the two ways.
    pub(crate) fn voided(&mut self, how: usize) {
        self.voids.push(self.days.now());
        *self.faults.entry(VOIDED[how % VOIDED.len()]).or_default() += 1;
    }

    pub(crate) fn json(&self) -> Value {
        json!({ "calls": self.calls, "faults": self.faults, "tokenCalls": self.token_calls, "voids": self.voids })
    }
}
