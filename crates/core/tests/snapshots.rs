//! Calls that are kept and gone on with by another process.

#![allow(clippy::unwrap_used, reason = "a test")]

use nnopen::{Call, Config, ErrorKind, Grant, Json, Millis, Session, Stamp, Step};
use proptest::prelude::*;

const ISSUE: &str = "nuonuo.OpeMplatform.requestBillingNew";
const ASK: &str = "nuonuo.OpeMplatform.queryInvoiceResult";
const SECRET: &str = "SD0000SECRET0001";
const START: Millis = Millis(1_700_000_000_000);
const PENDING: &[u8] = br#"{"code":"E0000","result":[{"orderNo":"A-1","status":"20"}]}"#;

fn session() -> Session {
    let mut config = Config::sandbox("SD00000001", SECRET, "339901999999142");
    config.permanent_token = Some("PERMANENT-1".into());
    Session::new(config).unwrap()
}

fn stamp(now: Millis, n: &mut u64) -> Stamp {
    *n += 1;
    let mut entropy = [0; 20];
    entropy[..8].copy_from_slice(&n.to_be_bytes());
    Stamp::new(now, entropy)
}

fn question(session: &Session) -> Call<Json> {
    session.poll_json(ASK, &Json::parse(r#"{"orderNos":["A-1"]}"#).unwrap()).unwrap()
}

fn order() -> Json {
    Json::parse(include_str!("../../../examples/order.json")).unwrap()
}

#[test]
fn a_question_goes_on_and_gives_up_when_the_first_process_would_have() {
    let mut n = 0;
    let mut call = question(&session());
    let mut now = START;
    let error = loop {
        match call.step(&stamp(now, &mut n)) {
            Ok(Step::Send(_)) => call.receive(200, PENDING, now).unwrap(),
            Ok(Step::Wait(until)) => {
                now = until;
                call = session().resume_json(&call.snapshot()).unwrap();
            }
            Ok(other) => panic!("{other:?}"),
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), ErrorKind::Uncertain);
    assert!(now.since(START) <= 600_000, "gave up after {} ms", now.since(START));
}

#[test]
fn a_question_begun_by_a_clock_ahead_does_not_wait_for_that_clock() {
    let mut n = 0;
    let mut call = question(&session());
    let ahead = START.after(365 * 24 * 3600 * 1000);
    assert!(matches!(call.step(&stamp(ahead, &mut n)), Ok(Step::Send(_))));
    let mut call = session().resume_json(&call.snapshot()).unwrap();
    let mut now = START;
    for _ in 0..20 {
        match call.step(&stamp(now, &mut n)) {
            Ok(Step::Send(_)) => call.receive(200, br#"{"code":"E9500","describe":""}"#, now).unwrap(),
            Ok(Step::Wait(until)) => now = until,
            Ok(other) => panic!("{other:?}"),
            Err(error) => return assert_eq!(error.code(), Some("E9500")),
        }
    }
    panic!("it waits for the grace of another clock");
}

#[test]
fn a_write_asks_first_whatever_was_kept() {
    let mut n = 0;
    let session = session();
    let mut call = session.settle_json(ISSUE, &order()).unwrap();
    let kept = call.snapshot();
    let Ok(Step::Send(sent)) = call.step(&stamp(START, &mut n)) else { panic!("a request") };
    for kept in [kept, call.snapshot()] {
        let mut call = session.resume_json(&kept).unwrap();
        let Ok(Step::Send(asked)) = call.step(&stamp(START, &mut n)) else { panic!("a request") };
        assert!(asked.headers.iter().any(|(_, value)| value == ASK), "it asks first");
        let mut now = START;
        let again = loop {
            call.receive(200, br#"{"code":"E9500","describe":""}"#, now).unwrap();
            let request = loop {
                match call.step(&stamp(now, &mut n)).unwrap() {
                    Step::Send(request) => break request,
                    Step::Wait(until) => now = until,
                    other => panic!("{other:?}"),
                }
            };
            if request.headers.iter().any(|(_, value)| value == ISSUE) {
                break request;
            }
        };
        assert_eq!(again.body, sent.body);
        assert!(now.since(START) >= 45_000, "the first may still be under way");
    }
}

#[test]
fn what_was_accepted_is_not_sent_again_though_it_cannot_be_found() {
    let mut n = 0;
    let session = session();
    let mut call = session.settle_json(ISSUE, &order()).unwrap();
    let Ok(Step::Send(_)) = call.step(&stamp(START, &mut n)) else { panic!("a request") };
    call.receive(200, br#"{"code":"E0000","result":{"invoiceSerialNum":"1"}}"#, START).unwrap();
    let mut call = session.resume_json(&call.snapshot()).unwrap();
    let mut now = START;
    let error = loop {
        match call.step(&stamp(now, &mut n)) {
            Ok(Step::Send(asked)) => {
                assert!(asked.headers.iter().any(|(_, value)| value == ASK), "it was sent again");
                call.receive(200, br#"{"code":"E9500","describe":""}"#, now).unwrap();
            }
            Ok(Step::Wait(until)) => now = until,
            Ok(other) => panic!("{other:?}"),
            Err(error) => break error,
        }
    };
    assert_eq!((error.kind(), error.code()), (ErrorKind::Uncertain, Some("E9500")));
    assert!(error.retry_at().is_some());
}

#[test]
fn a_failed_settle_says_what_to_do_next() {
    for (status, zh, en) in [("22", "换新订单号", "new order number"), ("24", "20 次", "20 times a day")] {
        let mut n = 0;
        let session = session();
        let mut call = session.settle_again_json(ISSUE, &order()).unwrap();
        let Ok(Step::Send(_)) = call.step(&stamp(START, &mut n)) else { panic!("a request") };
        let answer = format!(r#"{{"code":"E0000","result":[{{"status":"{status}","failCause":"x"}}]}}"#);
        call.receive(200, answer.as_bytes(), START).unwrap();
        let error = call.step(&stamp(START, &mut n)).unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::Platform, Some(status)));
        assert!(error.hint().zh.contains(zh) && error.hint().en.contains(en), "{:?}", error.hint());
        assert!(!error.order_free(), "an order number that failed is not free");
    }
}

#[test]
fn a_single_write_and_a_sign_in_are_not_resumed() {
    let session = session();
    let write = session.call_json(ISSUE, &order()).unwrap().snapshot();
    assert_eq!(session.resume_json(&write).unwrap_err().kind(), ErrorKind::Uncertain);
    let raw = session.call_raw("nuonuo.unknown", "{}").unwrap().snapshot();
    assert_eq!(session.resume_json(&raw).unwrap_err().kind(), ErrorKind::Uncertain);
    let grant = Grant::AuthorizationCode {
        code: "CODE-1".into(),
        tax_num: "339901999999142".into(),
        redirect_uri: "https://example.com/back".into(),
    };
    let kept = session.sign_in(grant).unwrap().snapshot();
    assert!(!kept.contains("CODE-1"));
    assert_eq!(session.resume_json(&kept).unwrap_err().kind(), ErrorKind::Usage);
}

#[test]
fn a_kept_call_holds_no_secret_and_is_refused_by_another_session() {
    let mut n = 0;
    let mut call = question(&session());
    assert!(matches!(call.step(&stamp(START, &mut n)), Ok(Step::Send(_))));
    let kept = call.snapshot();
    assert!(!kept.contains(SECRET) && !kept.contains("PERMANENT-1"), "{kept}");
    let cases = [
        (Config::production("SD00000001", SECRET, "339901999999142"), "environment"),
        (Config::sandbox("SD00000002", SECRET, "339901999999142"), "appKey"),
        (Config::sandbox("SD00000001", SECRET, "339901999999143"), "taxNum"),
    ];
    for (config, member) in cases {
        let error = Session::new(config).unwrap().resume_json(&kept).unwrap_err();
        assert_eq!((error.kind(), error.violations()[0].path.as_str()), (ErrorKind::Input, member));
    }
    for (from, to, member) in [
        ("\"version\":1", "\"version\":2", "version"),
        ("\"call\"", "\"batch\"", "kind"),
        ("\"poll\"", "\"push\"", "task"),
        ("queryInvoiceResult", "queryNothing", "method"),
    ] {
        let error = session().resume_json(&kept.replacen(from, to, 1)).unwrap_err();
        assert_eq!(error.violations()[0].path, member);
    }
}

proptest! {
    #[test]
    fn a_spoilt_snapshot_is_read_or_refused(at in 0usize..400, byte in any::<char>(), settle in any::<bool>()) {
        let session = session();
        let kept = if settle { session.settle_json(ISSUE, &order()).unwrap() } else { question(&session) }.snapshot();
        let spoilt: String = kept.chars().enumerate().map(|(i, c)| if i == at { byte } else { c }).collect();
        if let Ok(mut call) = session.resume_json(&spoilt) {
            let _ = call.step(&stamp(START, &mut 0));
        }
    }
}
