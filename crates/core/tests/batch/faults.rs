//! What must hold under every fault.

use std::collections::{BTreeMap, BTreeSet};

use nnopen::{BatchEvent, BatchRules, BatchStep, Failure, Json, Millis};
use proptest::prelude::*;

use crate::*;

/// What becomes of one order.
#[derive(Clone, Copy, Debug)]
struct Fate {
    /// Not visible before this age; `None`: it was never submitted.
    visible: Option<i64>,
    /// Final at this age, with this status; before it, it is pending.
    ends: Option<(i64, &'static str)>,
    parts: usize,
}

fn fate() -> impl Strategy<Value = Fate> {
    let visible = prop_oneof![8 => (0i64..12_000).prop_map(Some), 1 => Just(None)];
    let status = prop_oneof![5 => Just("2"), 1 => Just("3"), 2 => Just("22"), 1 => Just("24")];
    let ends = prop_oneof![8 => (0i64..20 * MINUTE, status).prop_map(Some), 1 => Just(None)];
    (visible, ends, 1usize..3).prop_map(|(visible, ends, parts)| Fate { visible, ends, parts })
}

#[derive(Clone, Copy, Debug)]
enum Fault {
    None,
    NotSent,
    Lost,
    Status(u16),
    Page,
    Truncated,
    Rejected,
    TooFast,
    Busy,
    NotEntitled,
    /// Half the rows are missing, even of orders that were shown before.
    RowsMissing,
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        10 => Just(Fault::None),
        1 => Just(Fault::NotSent),
        2 => Just(Fault::Lost),
        1 => prop_oneof![Just(500u16), Just(502), Just(302)].prop_map(Fault::Status),
        1 => Just(Fault::Page),
        1 => Just(Fault::Truncated),
        1 => Just(Fault::Rejected),
        1 => Just(Fault::TooFast),
        1 => Just(Fault::Busy),
        1 => Just(Fault::NotEntitled),
        2 => Just(Fault::RowsMissing),
    ]
}

/// What the caller does between two steps.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Add(usize),
    Hint(usize),
    HintUnknown,
    /// The clock is set back by so much.
    SetBack(i64),
    /// The process ends; the next one goes on from the snapshot.
    Restart,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        8 => (0usize..120).prop_map(Deed::Add),
        4 => (0usize..120).prop_map(Deed::Hint),
        1 => Just(Deed::HintUnknown),
        1 => (0i64..90 * MINUTE).prop_map(Deed::SetBack),
        1 => Just(Deed::Restart),
    ]
}

struct World {
    fates: Vec<Fate>,
    /// The true time, and how far the host's clock is behind it.
    time: i64,
    behind: i64,
    /// By key: when it was submitted.
    submitted: BTreeMap<String, i64>,
    shown: BTreeSet<String>,
    ended: BTreeMap<String, BatchEvent>,
    tokens: usize,
}

impl World {
    fn now(&self) -> Millis {
        START.after(self.time - self.behind)
    }

    fn rows(&self, keys: &[String]) -> Vec<(String, String)> {
        let mut rows = Vec::new();
        for key in keys {
            let fate = self.fates[key[2..].parse::<usize>().unwrap()];
            let age = self.time - self.submitted[key];
            if fate.visible.is_none_or(|visible| age < visible) {
                continue;
            }
            for part in 0..fate.parts {
                let status = match fate.ends {
                    Some((ends, status)) if age >= ends => status,
                    // One part is ready before the other.
                    _ if part > 0 => "2",
                    _ => "20",
                };
                rows.push((key.clone(), row(key, status)));
            }
        }
        rows
    }

    /// The event is true, and the first of its order.
    fn ended(&mut self, event: &BatchEvent) {
        let (key, right) = match event {
            BatchEvent::Trouble { .. } => return,
            BatchEvent::Done { key, rows } => (key, self.told(key, rows, &["2", "3"])),
            BatchEvent::Failed { key, rows } => (key, self.told(key, rows, &["22"])),
            BatchEvent::NeedsRetry { key, rows } => (key, self.told(key, rows, &["24"])),
            BatchEvent::Absent { key } => {
                let age = self.time - self.submitted[key];
                (key, !self.shown.contains(key) && age >= 15_000)
            }
            BatchEvent::GaveUp { key, .. } => (key, self.time - self.submitted[key] >= 120 * MINUTE),
        };
        assert!(right, "{event:?} is not true");
        assert!(!self.ended.contains_key(key), "{key} ends twice");
        self.ended.insert(key.clone(), event.clone());
    }

    fn told(&self, key: &str, rows: &Json, statuses: &[&str]) -> bool {
        let fate = self.fates[key[2..].parse::<usize>().unwrap()];
        let last = rows.items()[0].get("status").and_then(Json::token).unwrap();
        rows.items().len() == fate.parts
            && fate.ends.is_some_and(|(_, status)| status == last)
            && statuses.contains(&last)
    }
}

fn run(fates: Vec<Fate>, faults: &[Fault], deeds: &[(u8, Deed)], latency: i64) {
    let mut world = World {
        fates,
        time: 0,
        behind: 0,
        submitted: BTreeMap::new(),
        shown: BTreeSet::new(),
        ended: BTreeMap::new(),
        tokens: 0,
    };
    let (mut faults, mut deeds) = (faults.iter().copied(), deeds.iter().copied());
    let mut session = session(None);
    let mut batch = follow(&session, rules());
    let (mut n, mut sent_at, mut pause) = (0, None::<i64>, 0);
    for _ in 0..20_000 {
        while pause == 0 {
            let Some((gap, deed)) = deeds.next() else { break };
            pause = gap;
            match deed {
                Deed::Add(n) => {
                    let key = format!("A-{n}");
                    if world.ended.contains_key(&key) {
                        continue;
                    }
                    let now = world.now();
                    let new = batch.add(&key, now, now).unwrap();
                    assert_eq!(new, !world.submitted.contains_key(&key), "followed once");
                    world.submitted.entry(key).or_insert(world.time);
                }
                Deed::Hint(n) => {
                    let key = format!("A-{n}");
                    let known = world.submitted.contains_key(&key) && !world.ended.contains_key(&key);
                    assert_eq!(batch.hint(&key, world.now()).unwrap(), known);
                }
                Deed::HintUnknown => assert!(!batch.hint("B-1", world.now()).unwrap()),
                Deed::SetBack(by) => world.behind += by,
                Deed::Restart => {
                    let (tokens, kept) = (session.snapshot(), batch.snapshot());
                    assert!(!kept.contains(SECRET) && !kept.contains("token-"));
                    session = self::session(Some(&tokens));
                    batch = follow(&session, rules());
                    let pending = world.submitted.keys().filter(|key| !world.ended.contains_key(*key)).count();
                    assert_eq!(batch.resume(&kept, world.now()).unwrap(), pending, "none is lost");
                    assert_eq!(batch.resume(&kept, world.now()).unwrap(), 0, "none comes twice");
                    sent_at = None;
                }
            }
        }
        pause = pause.saturating_sub(1);
        let request = match batch.step(&stamp(world.now(), &mut n)).unwrap() {
            BatchStep::Event(event) => {
                world.ended(&event);
                continue;
            }
            BatchStep::Idle if deeds.len() == 0 => break,
            BatchStep::Idle => {
                world.time += 1000;
                pause = 0;
                continue;
            }
            BatchStep::Wait(until) => {
                assert!(until > world.now(), "a wait must lie ahead");
                // Deeds come while it waits.
                let most = if deeds.len() > 0 { 2000 } else { i64::MAX };
                world.time += until.since(world.now()).min(most);
                continue;
            }
            BatchStep::Send(request) => request,
            step @ (BatchStep::Load | BatchStep::Swap { .. }) => panic!("{step:?} without a store"),
        };
        let gap = sent_at.map_or(i64::MAX, |at| world.time - at);
        assert!(gap >= 200, "two requests within {gap} ms");
        sent_at = Some(world.time);
        let keys = asked(&request);
        let fault = faults.next().unwrap_or(Fault::None);
        let text = match &keys {
            None => {
                world.tokens += 1;
                format!(r#"{{"access_token":"token-{}","expires_in":"86400"}}"#, world.tokens)
            }
            Some(keys) => {
                let mut rows = world.rows(keys);
                if matches!(fault, Fault::RowsMissing) {
                    let gone: BTreeSet<_> = keys.iter().step_by(2).collect();
                    rows.retain(|(key, _)| !gone.contains(key));
                }
                if matches!(fault, Fault::None | Fault::RowsMissing) {
                    world.shown.extend(rows.iter().map(|(key, _)| key.clone()));
                }
                answer(&rows.into_iter().map(|(_, row)| row).collect::<Vec<_>>())
            }
        };
        world.time += latency;
        let now = world.now();
        let told = match fault {
            Fault::None | Fault::RowsMissing => batch.receive(200, text.as_bytes(), now),
            Fault::NotSent => batch.fail(Failure::NotSent, "refused", now),
            Fault::Lost => batch.fail(Failure::MaybeSent, "timed out", now),
            Fault::Status(status) => batch.receive(status, b"", now),
            Fault::Page => batch.receive(200, b"<html>busy</html>", now),
            Fault::Truncated => batch.receive(200, &text.as_bytes()[..text.len() - 5], now),
            Fault::Rejected if keys.is_none() => {
                batch.receive(200, br#"{"error":"070305","error_description":"no"}"#, now)
            }
            Fault::Rejected => batch.receive(200, br#"{"code":"070301","describe":"accessToken"}"#, now),
            Fault::TooFast => batch.receive(200, br#"{"code":"070202","describe":""}"#, now),
            Fault::Busy => batch.receive(200, br#"{"code":"040102","describe":"later"}"#, now),
            Fault::NotEntitled => batch.receive(200, br#"{"code":"070302","describe":""}"#, now),
        };
        told.expect("an answer was awaited");
    }
    let progress = batch.progress();
    assert_eq!(progress.pending, 0, "still followed at the end: {progress:?}");
    for key in world.submitted.keys() {
        assert!(world.ended.contains_key(key), "{key} has no end");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_order_ends_once_whatever_happens(
        fates in prop::collection::vec(fate(), 120),
        faults in prop::collection::vec(fault(), 0..60),
        deeds in prop::collection::vec((0u8..4, deed()), 1..300),
        latency in 1i64..400,
    ) {
        run(fates, &faults, &deeds, latency);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_due_is_asked_within_two_sweeps(
        count in 1usize..600,
        rate in 1u32..12,
        flood in prop::collection::vec(0usize..600, 0..600),
        latency in 1i64..40,
    ) {
        let session = with_token();
        let rules = BatchRules { rate, ..BatchRules::default() };
        let mut batch = follow(&session, rules);
        let mut n = 0;
        let mut now = START;
        let since = START.after(-MINUTE);
        for order in 0..count {
            batch.add(&format!("A-{order}"), since, now).unwrap();
        }
        let interval = 1000u32.div_ceil(rate);
        let sweep = i64::from(interval) * count.div_ceil(50) as i64;
        let mut last = vec![(START, 0i64); count];
        while now < START.after(10 * MINUTE) {
            // A flood of pushes, at every step, for the same few orders.
            for order in &flood {
                batch.hint(&format!("A-{order}"), now).unwrap();
            }
            match batch.step(&stamp(now, &mut n)).unwrap() {
                BatchStep::Send(request) => {
                    let keys = asked(&request).unwrap();
                    for key in &keys {
                        let (before, delay) = &mut last[key[2..].parse::<usize>().unwrap()];
                        let late = now.since(*before) - *delay;
                        prop_assert!(late <= 2 * sweep + i64::from(interval), "{key} was {late} ms late, a sweep is {sweep}");
                        (*before, *delay) = (now, 30_000.max(now.since(since) / 10) + latency);
                    }
                    now = now.after(latency);
                    let rows: Vec<_> = keys.iter().map(|key| row(key, "20")).collect();
                    batch.receive(200, answer(&rows).as_bytes(), now).unwrap();
                }
                BatchStep::Wait(until) => now = until,
                other => prop_assert!(false, "{other:?}"),
            }
        }
        for (order, (before, delay)) in last.iter().enumerate() {
            prop_assert!(now.since(*before) - delay <= 2 * sweep + i64::from(interval), "A-{order} waits since {before:?}");
        }
    }

    #[test]
    fn a_spoilt_snapshot_is_read_or_refused(at in 0usize..400, byte in any::<char>()) {
        let mut batch = follow(&with_token(), rules());
        for order in 0..3 {
            batch.add(&format!("A-{order}"), START, START).unwrap();
        }
        let spoilt: String = batch.snapshot().chars().enumerate().map(|(i, c)| if i == at { byte } else { c }).collect();
        let mut batch = follow(&with_token(), rules());
        if batch.resume(&spoilt, START).is_ok() {
            batch.step(&stamp(START, &mut 0)).unwrap();
        }
    }
}
