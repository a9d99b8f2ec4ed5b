//! Many orders followed against a platform that fails in every way: each ends once, none is lost, nothing is written.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::{BTreeMap, BTreeSet};

use nnopen::{Batch, BatchEvent, BatchRules, BatchStep, Config, Failure, Json, Millis, Request, Session, Stamp};
use proptest::prelude::*;

const ASK: &str = "nuonuo.OpeMplatform.queryInvoiceResult";
const SECRET: &str = "SD0000SECRET0001";
const START: Millis = Millis(1_700_000_000_000);
const MINUTE: i64 = 60_000;

fn session(tokens: Option<&str>) -> Session {
    let session = Session::new(Config::sandbox("SD00000001", SECRET, "339901999999142")).unwrap();
    if let Some(tokens) = tokens {
        session.restore(tokens).unwrap();
    }
    session
}

fn with_token() -> Session {
    let mut config = Config::sandbox("SD00000001", SECRET, "339901999999142");
    config.permanent_token = Some("PERMANENT-1".into());
    Session::new(config).unwrap()
}

fn follow(session: &Session, rules: BatchRules) -> Batch {
    session.follow(ASK, rules).unwrap()
}

fn stamp(now: Millis, n: &mut u64) -> Stamp {
    *n += 1;
    let mut entropy = [0; 20];
    entropy[..8].copy_from_slice(&n.to_be_bytes());
    Stamp::new(now, entropy)
}

/// The keys that a query asks about; none for a token request.
fn asked(request: &Request) -> Option<Vec<String>> {
    let method = request.headers.iter().find(|(name, _)| *name == "method")?;
    assert_eq!(method.1, ASK, "it never writes");
    let body = Json::parse(&request.body).unwrap();
    let keys: Vec<_> =
        body.get("orderNos").unwrap().items().iter().map(|key| key.token().unwrap().to_owned()).collect();
    assert!((1..=50).contains(&keys.len()), "{} keys in a query", keys.len());
    assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len(), "a key twice in a query");
    Some(keys)
}

fn row(key: &str, status: &str) -> String {
    format!(r#"{{"orderNo":"{key}","status":"{status}"}}"#)
}

fn answer(rows: &[String]) -> String {
    match rows.is_empty() {
        true => r#"{"code":"E9500","describe":"发票不存在"}"#.to_owned(),
        false => format!(r#"{{"code":"E0000","result":[{}]}}"#, rows.join(",")),
    }
}

// What must hold under every fault.

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

fn rules() -> BatchRules {
    BatchRules { slowest: 600, give_up: 7200, ..BatchRules::default() }
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

// Single laws.

/// A batch with these orders, all of them due, and its driver.
struct Play {
    batch: Batch,
    now: Millis,
    n: u64,
}

impl Play {
    fn new(keys: &[&str]) -> Self {
        let mut batch = follow(&with_token(), rules());
        for key in keys {
            batch.add(key, START.after(-MINUTE), START).unwrap();
        }
        Self { batch, now: START, n: 0 }
    }

    /// The next query's keys, and when it left; events before it are lost.
    fn query(&mut self) -> (Vec<String>, i64) {
        loop {
            match self.batch.step(&stamp(self.now, &mut self.n)).unwrap() {
                BatchStep::Send(request) => return (asked(&request).unwrap(), self.now.since(START)),
                BatchStep::Wait(until) => self.now = until,
                BatchStep::Event(_) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    fn reply(&mut self, text: &str) {
        self.batch.receive(200, text.as_bytes(), self.now).unwrap();
    }

    fn event(&mut self) -> Option<BatchEvent> {
        match self.batch.step(&stamp(self.now, &mut self.n)).unwrap() {
            BatchStep::Event(event) => Some(event),
            _ => None,
        }
    }
}

#[test]
fn busy_answers_slow_it_down_and_good_ones_speed_it_up_again() {
    let mut play = Play::new(&["A-1"]);
    let mut times = Vec::new();
    for _ in 0..5 {
        times.push(play.query().1);
        play.reply(r#"{"code":"070202","describe":"超出调用频率"}"#);
    }
    assert_eq!(times, [0, 400, 1200, 2800, 6000]);
    play.query();
    play.reply(&answer(&[row("A-1", "20")]));
    assert_eq!(play.batch.progress().pending, 1);
}

#[test]
fn an_order_that_was_seen_is_never_told_absent() {
    let mut play = Play::new(&["A-1", "A-2"]);
    play.query();
    play.reply(&answer(&[row("A-1", "20")]));
    assert_eq!(play.event(), Some(BatchEvent::Absent { key: "A-2".into() }));
    for _ in 0..5 {
        assert_eq!(play.query().0, ["A-1"]);
        play.reply(&answer(&[]));
        assert_eq!(play.event(), None);
    }
}

#[test]
fn a_push_brings_a_question_forward_but_ends_nothing() {
    let mut play = Play::new(&["A-1"]);
    for _ in 0..8 {
        play.query();
        play.reply(&answer(&[row("A-1", "20")]));
    }
    let asked = play.now;
    play.now = asked.after(1000);
    assert!(play.batch.hint("A-1", play.now).unwrap());
    assert_eq!(play.event(), None);
    assert_eq!(play.query().1, asked.since(START) + 3000, "not sooner than the first delay");
}

#[test]
fn a_key_that_the_platform_refuses_does_not_hold_up_the_others() {
    let keys: Vec<String> = (0..20).map(|n| format!("A-{n}")).collect();
    let mut play = Play::new(&keys.iter().map(String::as_str).collect::<Vec<_>>());
    let mut done = BTreeSet::new();
    for _ in 0..60 {
        let (keys, _) = play.query();
        if keys.contains(&"A-7".to_owned()) {
            play.reply(r#"{"code":"E4000","describe":"订单号不合法"}"#);
        } else {
            play.reply(&answer(&keys.iter().map(|key| row(key, "2")).collect::<Vec<_>>()));
        }
        while let Some(event) = play.event() {
            match event {
                BatchEvent::Done { key, .. } => assert!(done.insert(key)),
                BatchEvent::Trouble { keys, error } => {
                    assert_eq!((keys, error.code()), (vec!["A-7".to_owned()], Some("E4000")));
                }
                other => panic!("{other:?}"),
            }
        }
        if done.len() == 19 {
            assert_eq!(play.batch.progress().pending, 1, "it stays until it is too old");
            return;
        }
    }
    panic!("only {done:?}");
}

#[test]
fn rows_without_their_keys_are_told_apart_by_asking_alone() {
    let mut play = Play::new(&["A-1", "A-2"]);
    for _ in 0..20 {
        let (keys, _) = play.query();
        play.reply(&answer(&vec![r#"{"status":"2"}"#.to_owned(); keys.len()]));
        while let Some(event) = play.event() {
            assert!(matches!(event, BatchEvent::Done { .. }), "{event:?}");
        }
        if play.batch.progress().pending == 0 {
            return;
        }
    }
    panic!("they are never told apart");
}

#[test]
fn without_a_token_no_order_is_lost_and_the_trouble_is_told_once() {
    let session = session(None);
    let mut batch = follow(&session, rules());
    batch.add("A-1", START, START).unwrap();
    let (mut now, mut n, mut troubles, mut requests) = (START, 0, 0, 0);
    while now < START.after(30 * MINUTE) {
        match batch.step(&stamp(now, &mut n)).unwrap() {
            BatchStep::Send(request) => {
                assert!(asked(&request).is_none());
                requests += 1;
                let answer = br#"{"error":"070306","error_description":"quota"}"#;
                batch.receive(200, answer, now).unwrap();
            }
            BatchStep::Wait(until) => now = until,
            BatchStep::Event(BatchEvent::Trouble { keys, error }) => {
                assert_eq!((keys, error.code()), (vec!["A-1".to_owned()], Some("070306")));
                assert!(error.retry_at().is_some_and(|at| at > now));
                troubles += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((troubles, requests, batch.progress().pending), (1, 1, 1));
}

#[test]
fn two_batches_and_a_call_share_one_token() {
    let session = session(None);
    let mut n = 0;
    let mut batches = [follow(&session, rules()), follow(&session, rules())];
    let mut tokens = 0;
    for batch in &mut batches {
        batch.add("A-1", START.after(-MINUTE), START).unwrap();
        if let BatchStep::Send(request) = batch.step(&stamp(START, &mut n)).unwrap() {
            tokens += usize::from(asked(&request).is_none());
        }
    }
    assert_eq!(tokens, 1, "the second one waits for the first one's token");
}

#[test]
fn a_shared_token_is_fetched_once_and_the_rate_is_kept() {
    let mut config = Config::sandbox("SD00000001", SECRET, "339901999999142");
    config.shared = true;
    let (mut version, mut record, mut tokens, mut n) = (0, Vec::new(), 0, 0);
    let mut sent_at = Vec::new();
    let mut now = START;
    for _ in 0..2 {
        let mut batch = follow(&Session::new(config.clone()).unwrap(), rules());
        batch.add("A-1", now.after(-MINUTE), now).unwrap();
        loop {
            now = now.after(1);
            match batch.step(&stamp(now, &mut n)).unwrap() {
                BatchStep::Load => batch.loaded(version, &record, now).unwrap(),
                BatchStep::Swap { version: old, bytes } => {
                    assert_eq!(old, version);
                    (version, record) = (version + 1, bytes);
                    batch.swapped(true, now).unwrap();
                }
                BatchStep::Send(request) => {
                    sent_at.push(now);
                    if asked(&request).is_none() {
                        tokens += 1;
                        batch.receive(200, br#"{"access_token":"token-1","expires_in":"86400"}"#, now).unwrap();
                    } else {
                        batch.receive(200, answer(&[row("A-1", "2")]).as_bytes(), now).unwrap();
                    }
                }
                BatchStep::Wait(until) => now = until,
                BatchStep::Event(event) => assert!(matches!(event, BatchEvent::Done { .. })),
                BatchStep::Idle => break,
            }
        }
    }
    assert_eq!((tokens, sent_at.len()), (1, 3));
    assert!(sent_at[1].since(sent_at[0]) >= 200, "{sent_at:?}");
}

#[test]
fn a_wrong_driver_or_rule_is_told_and_costs_nothing() {
    let mut play = Play::new(&["A-1"]);
    assert!(play.batch.receive(200, b"", START).is_err());
    play.query();
    assert!(play.batch.step(&stamp(play.now, &mut play.n)).is_err(), "an answer is awaited");
    assert!(play.batch.step(&Stamp::new(Millis(1_700_000_000), [9; 20])).is_err(), "seconds");
    play.reply(&answer(&[row("A-1", "2")]));
    assert!(matches!(play.event(), Some(BatchEvent::Done { .. })));
    for key in ["", " ", "A\n1", "null"] {
        assert!(play.batch.add(key, START, START).is_err());
    }
    let session = with_token();
    let with = |text: &str| Json::parse(text).unwrap();
    for rules in [
        BatchRules { by: "names".into(), ..rules() },
        BatchRules { rate: 0, ..rules() },
        BatchRules { with: with(r#"{"orderNos":["A-2"]}"#), ..rules() },
        BatchRules { with: with(r#"{"isOfferInvoiceDetail":[]}"#), ..rules() },
        BatchRules { with: with("[]"), ..rules() },
    ] {
        assert!(session.follow(ASK, rules.clone()).is_err(), "{rules:?}");
    }
    assert!(session.follow("nuonuo.OpeMplatform.requestBillingNew", rules()).is_err(), "it never writes");
    let lines = BatchRules { with: with(r#"{"isOfferInvoiceDetail":"1"}"#), by: "serialNos".into(), ..rules() };
    assert!(session.follow(ASK, lines).is_ok());
}

#[test]
fn a_snapshot_is_refused_by_another_session_or_another_question() {
    let kept = Play::new(&["A-1"]).batch.snapshot();
    let other = Session::new(Config::production("SD00000001", SECRET, "339901999999142")).unwrap();
    let error = follow(&other, rules()).resume(&kept, START).unwrap_err();
    assert_eq!(error.violations()[0].path, "environment");
    let serials = BatchRules { by: "serialNos".into(), ..rules() };
    let error = follow(&with_token(), serials).resume(&kept, START).unwrap_err();
    assert_eq!(error.violations()[0].path, "by");
    assert!(with_token().resume_json(&kept).is_err(), "it is no call");
}
