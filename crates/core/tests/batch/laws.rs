//! Single laws.

use nnopen::{Batch, BatchEvent, BatchRules, BatchStep, Config, Json, Millis, Session, Stamp};

use crate::*;

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
