//! Settling a write against a platform that fails in every way: never two invoices, and every call comes to an end.
//!
//! The platform here does **not** refuse a repeated order number: whatever is sent twice is issued twice.

#![allow(clippy::unwrap_used, reason = "a test")]

use nnopen::{Call, Config, ErrorKind, Failure, Json, Millis, Session, Stamp, Step};
use proptest::prelude::*;

const ISSUE: &str = "nuonuo.OpeMplatform.requestBillingNew";
const START: Millis = Millis(1_700_000_000_000);
/// A fresh invoice becomes visible within this time, shorter than the grace.
const HIDDEN: i64 = 12_000;

/// What happens to one request.
#[derive(Clone, Copy, Debug)]
enum Fault {
    None,
    NotSent,
    LostBefore,
    LostAfter,
    StatusBefore(u16),
    PageAfter,
    TruncatedAfter,
    Rejected,
    Busy,
    Backend,
    /// The process ends; the next one asks first.
    Killed(Kept),
    /// The process ends just after the request has left.
    KilledAfter(Kept),
}

/// What the next process goes on from.
#[derive(Clone, Copy, Debug)]
enum Kept {
    /// The order alone, and that it was begun.
    Order,
    /// The call's snapshot, taken before its first step.
    First,
    /// The call's snapshot, taken after its latest step.
    Latest,
}

fn kept() -> impl Strategy<Value = Kept> {
    prop_oneof![Just(Kept::Order), Just(Kept::First), Just(Kept::Latest)]
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        6 => Just(Fault::None),
        1 => Just(Fault::NotSent),
        2 => Just(Fault::LostBefore),
        2 => Just(Fault::LostAfter),
        1 => prop_oneof![Just(500u16), Just(502), Just(302), Just(200)].prop_map(Fault::StatusBefore),
        1 => Just(Fault::PageAfter),
        1 => Just(Fault::TruncatedAfter),
        1 => Just(Fault::Rejected),
        1 => Just(Fault::Busy),
        1 => Just(Fault::Backend),
        1 => kept().prop_map(Fault::Killed),
        1 => kept().prop_map(Fault::KilledAfter),
    ]
}

#[derive(Default)]
struct Platform {
    invoices: Vec<(Millis, String)>,
    tokens: usize,
}

impl Platform {
    /// Does what the request says, and answers.
    fn handle(&mut self, headers: &[(&str, String)], body: &str, now: Millis) -> String {
        let method = headers.iter().find(|(name, _)| *name == "method").map(|(_, method)| method.as_str());
        match method {
            None => {
                self.tokens += 1;
                format!(r#"{{"access_token":"token-{}","expires_in":"86400"}}"#, self.tokens)
            }
            Some(ISSUE) => {
                self.invoices.push((now, body.to_owned()));
                r#"{"code":"E0000","describe":"开票提交成功","result":{"invoiceSerialNum":"26112212520500000001"}}"#
                    .to_owned()
            }
            Some(_) => {
                let visible: Vec<_> = self.invoices.iter().filter(|(at, _)| now.since(*at) >= HIDDEN).collect();
                let row = r#"{"orderNo":"A-1","serialNo":"26112212520500000001","status":"2","payerName":"示例购方有限公司"}"#;
                match visible.len() {
                    0 => r#"{"code":"E9500","describe":"发票不存在"}"#.to_owned(),
                    count => format!(r#"{{"code":"E0000","result":[{}]}}"#, vec![row; count].join(",")),
                }
            }
        }
    }
}

/// How it ended, and how many requests it took.
fn run(faults: &[Fault], pause: i64) -> (Platform, Result<Json, nnopen::Error>, Vec<String>) {
    let mut platform = Platform::default();
    let mut sent = Vec::new();
    let mut faults = faults.iter().copied();
    let mut now = START;
    let mut entropy = 0u64;
    let (mut session, mut call) = begin(None, false);
    let first = call.snapshot();
    for _ in 0..400 {
        entropy += 1;
        let mut bytes = [0; 20];
        bytes[..8].copy_from_slice(&entropy.to_be_bytes());
        let request = match call.step(&Stamp::new(now, bytes)) {
            Ok(Step::Done(result)) => return (platform, Ok(result), sent),
            Err(error) => return (platform, Err(error), sent),
            Ok(Step::Wait(until)) => {
                assert!(until > now, "a wait must lie ahead");
                now = until;
                continue;
            }
            Ok(Step::Send(request)) => request,
            Ok(step @ (Step::Load | Step::Swap { .. })) => panic!("{step:?} though the token is not shared"),
        };
        let is_token = !request.headers.iter().any(|(name, _)| *name == "method");
        if request.body.contains("order\":") {
            sent.push(request.body.clone());
        }
        let fault = faults.next().unwrap_or(Fault::None);
        let reaches = !matches!(
            fault,
            Fault::NotSent
                | Fault::LostBefore
                | Fault::StatusBefore(_)
                | Fault::Rejected
                | Fault::Busy
                | Fault::Backend
                | Fault::Killed(_)
        );
        let answer = if reaches { platform.handle(&request.headers, &request.body, now) } else { String::new() };
        now = now.after(pause);
        let told = match fault {
            Fault::None => call.receive(200, answer.as_bytes(), now),
            Fault::NotSent => call.fail(Failure::NotSent, "refused", now),
            Fault::LostBefore | Fault::LostAfter => call.fail(Failure::MaybeSent, "timed out", now),
            Fault::StatusBefore(status) => call.receive(status, b"", now),
            Fault::PageAfter => call.receive(200, b"<html>busy</html>", now),
            Fault::TruncatedAfter => call.receive(200, &answer.as_bytes()[..answer.len() / 2], now),
            Fault::Rejected if is_token => call.receive(200, br#"{"error":"070305","error_description":"no"}"#, now),
            Fault::Rejected => call.receive(200, br#"{"code":"070301","describe":"accessToken"}"#, now),
            Fault::Busy => call.receive(200, br#"{"code":"070203","describe":"busy"}"#, now),
            Fault::Backend => call.receive(200, br#"{"code":"040102","describe":"later"}"#, now),
            Fault::Killed(kept) | Fault::KilledAfter(kept) => {
                let tokens = session.snapshot();
                (session, call) = match kept {
                    Kept::Order => begin(Some(&tokens), true),
                    Kept::First => go_on(&tokens, &first),
                    Kept::Latest => go_on(&tokens, &call.snapshot()),
                };
                Ok(())
            }
        };
        told.expect("an answer was awaited");
    }
    panic!("the call does not come to an end");
}

/// A new process: with the snapshot that was kept, asking first if the journal says that something was sent.
fn begin(snapshot: Option<&str>, journaled: bool) -> (Session, Call<Json>) {
    let session = Session::new(Config::sandbox("SD00000001", "SD00000000000001", "339901999999142")).unwrap();
    if let Some(snapshot) = snapshot {
        session.restore(snapshot).unwrap();
    }
    let order = Json::parse(include_str!("../../../examples/order.json")).unwrap();
    let order = with_order_no(order);
    let call = if journaled { session.settle_again_json(ISSUE, &order) } else { session.settle_json(ISSUE, &order) };
    (session, call.unwrap())
}

/// A new process: with the snapshots that were kept of the session and of the call.
fn go_on(tokens: &str, kept: &str) -> (Session, Call<Json>) {
    let session = Session::new(Config::sandbox("SD00000001", "SD00000000000001", "339901999999142")).unwrap();
    session.restore(tokens).unwrap();
    let call = session.resume_json(kept).unwrap();
    (session, call)
}

fn with_order_no(params: Json) -> Json {
    let Json::Object(mut params) = params else { panic!("params are an object") };
    for (_, order) in &mut params {
        let Json::Object(members) = order else { panic!("an order is an object") };
        members.iter_mut().filter(|(name, _)| name == "orderNo").for_each(|(_, value)| *value = Json::from("A-1"));
    }
    Json::Object(params)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn never_two_invoices_and_always_an_end(faults in prop::collection::vec(fault(), 0..24), pause in 1i64..40_000) {
        let (platform, outcome, sent) = run(&faults, pause);
        let count = platform.invoices.len();
        prop_assert!(count <= 1, "{count} invoices after {faults:?}");
        prop_assert!(sent.windows(2).all(|pair| pair[0] == pair[1]), "what is sent again is byte for byte the same");
        prop_assert!(sent.len() <= 3 + faults.len());
        match outcome {
            Ok(rows) => {
                prop_assert_eq!(count, 1, "done without an invoice after {:?}", faults);
                prop_assert_eq!(rows.items().len(), 1);
            }
            Err(error) => match error.kind() {
                ErrorKind::Uncertain => prop_assert!(error.retry_at().is_some_and(|at| at > START)),
                // A restart asks first, and may not be able to sign in: then it can't know.
                ErrorKind::Auth | ErrorKind::Platform | ErrorKind::Transport => {
                    prop_assert_eq!(count, 0, "{} though an invoice exists, after {:?}", error, faults);
                }
                kind => prop_assert!(false, "{kind:?}: {error} after {faults:?}"),
            },
        }
    }
}
