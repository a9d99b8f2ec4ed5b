//! Settling a write against a platform that fails in every way: never two invoices, every call comes to an end, and the
//! end is true.
//!
//! Every row of one or two faults is played in every world, of three in the harshest one, then rows of up to 24 drawn at
//! random. Every row of three in every world: `NNOPEN_SETTLE_DEPTH=3 cargo test -p nnopen --test settling`.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test; the environment says how long it runs")]

use nnopen::{Call, Config, Error, ErrorKind, Failure, Json, Millis, Session, Stamp, Step};
use proptest::prelude::*;

const ISSUE: &str = "nuonuo.OpeMplatform.requestBillingNew";
const START: Millis = Millis(1_700_000_000_000);
/// A fresh invoice becomes visible within this time, shorter than the grace.
const HIDDEN: i64 = 12_000;
const LONGEST_WAIT: i64 = 60_000;
/// The buyer of `examples/order.json`.
const BUYER: &str = "示例购方有限公司";

/// What the platform makes of the order.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum World {
    /// Whatever is sent is issued, a repeated order number too.
    Issues,
    /// A repeated order number is refused, as the real platform does.
    RefusesRepeats,
    /// The order number belongs to somebody else's invoice.
    Taken,
    /// It is accepted, and fails: status 22.
    Fails,
    /// It is issued, its seal is missing: status 24.
    LacksSeal,
    /// It becomes two invoices, the second one later.
    Splits,
}

const WORLDS: [World; 6] =
    [World::Issues, World::RefusesRepeats, World::Taken, World::Fails, World::LacksSeal, World::Splits];

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

const FAULTS: [Fault; 18] = [
    Fault::None,
    Fault::NotSent,
    Fault::LostBefore,
    Fault::LostAfter,
    Fault::StatusBefore(500),
    Fault::StatusBefore(302),
    Fault::StatusBefore(200),
    Fault::PageAfter,
    Fault::TruncatedAfter,
    Fault::Rejected,
    Fault::Busy,
    Fault::Backend,
    Fault::Killed(Kept::Order),
    Fault::Killed(Kept::First),
    Fault::Killed(Kept::Latest),
    Fault::KilledAfter(Kept::Order),
    Fault::KilledAfter(Kept::First),
    Fault::KilledAfter(Kept::Latest),
];

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

struct Platform {
    world: World,
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
            Some(ISSUE) if self.world == World::Taken || (self.world == World::RefusesRepeats && self.has_some()) => {
                r#"{"code":"E9106","describe":"订单号重复"}"#.to_owned()
            }
            Some(ISSUE) => {
                self.invoices.push((now, body.to_owned()));
                r#"{"code":"E0000","describe":"开票提交成功","result":{"invoiceSerialNum":"26112212520500000001"}}"#
                    .to_owned()
            }
            Some(_) => match self.rows(now) {
                rows if rows.is_empty() => r#"{"code":"E9500","describe":"发票不存在"}"#.to_owned(),
                rows => format!(r#"{{"code":"E0000","result":[{}]}}"#, rows.join(",")),
            },
        }
    }

    fn has_some(&self) -> bool {
        !self.invoices.is_empty()
    }

    /// The rows under our order number.
    fn rows(&self, now: Millis) -> Vec<String> {
        let row = |buyer: &str, status: &str| {
            format!(
                r#"{{"orderNo":"A-1","serialNo":"26112212520500000001","status":"{status}","payerName":"{buyer}"}}"#
            )
        };
        if self.world == World::Taken {
            return vec![row("别家有限公司", "2")];
        }
        let ages = self.invoices.iter().map(|(at, _)| now.since(*at)).filter(|age| *age >= HIDDEN);
        let of_one = |age: i64| {
            let late = if age < 2 * HIDDEN { "20" } else { "2" };
            match self.world {
                World::Fails => vec![row(BUYER, if age < 2 * HIDDEN { "20" } else { "22" })],
                World::LacksSeal => vec![row(BUYER, "24")],
                World::Splits => vec![row(BUYER, "2"), row(BUYER, late)],
                World::Issues | World::RefusesRepeats | World::Taken => vec![row(BUYER, late)],
            }
        };
        ages.flat_map(of_one).collect()
    }
}

/// How it ended, and how many requests it took.
fn run(world: World, faults: &[Fault], pause: i64) -> (Platform, Result<Json, Error>, Vec<String>) {
    let mut platform = Platform { world, invoices: Vec::new(), tokens: 0 };
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
                assert!(until > now && until.since(now) <= LONGEST_WAIT, "waits {} ms", until.since(now));
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

/// What must hold at the end, whatever happened.
fn holds(world: World, faults: &[Fault], pause: i64) {
    let (platform, outcome, sent) = run(world, faults, pause);
    let told = || format!("{world:?}, {pause} ms, {faults:?}: {outcome:?}");
    let count = platform.invoices.len();
    assert!(count <= 1, "{count} invoices: {}", told());
    assert!(sent.windows(2).all(|pair| pair[0] == pair[1]), "what is sent again is byte for byte the same");
    assert!(sent.len() <= 3 + faults.len(), "sent {} times: {}", sent.len(), told());
    match &outcome {
        Ok(rows) => {
            assert_eq!(count, 1, "done without an invoice: {}", told());
            assert!(!matches!(world, World::Taken | World::Fails | World::LacksSeal), "done, but not: {}", told());
            let parts = if world == World::Splits { 2 } else { 1 };
            assert_eq!(rows.items().len(), parts, "{}", told());
            let issued = |row: &Json| row.get("status").and_then(Json::token) == Some("2");
            assert!(rows.items().iter().all(issued), "done before all parts are: {}", told());
        }
        Err(error) => match (error.kind(), error.code()) {
            (ErrorKind::Uncertain, _) => assert!(error.retry_at().is_some_and(|at| at > START), "{}", told()),
            (ErrorKind::Platform, Some(code @ ("22" | "24"))) => {
                let world_of = if code == "22" { World::Fails } else { World::LacksSeal };
                assert_eq!((world, count, error.order_free()), (world_of, 1, false), "{}", told());
            }
            (ErrorKind::Platform, Some("E9106")) => assert_eq!(world, World::Taken, "{}", told()),
            // A restart asks first, and may not be able to sign in: then it can't know.
            (ErrorKind::Auth | ErrorKind::Platform | ErrorKind::Transport, _) => {
                assert_eq!(count, 0, "an invoice exists: {}", told());
            }
            _ => panic!("{}", told()),
        },
    }
}

/// All rows of faults of this length.
fn rows_of(length: u32) -> impl Iterator<Item = Vec<Fault>> {
    let row = move |number: usize| (0..length).map(|at| FAULTS[number / FAULTS.len().pow(at) % FAULTS.len()]).collect();
    (0..FAULTS.len().pow(length)).map(row)
}

#[test]
fn whatever_a_few_requests_meet_there_is_one_invoice_at_most_and_a_true_end() {
    let depth = std::env::var("NNOPEN_SETTLE_DEPTH").ok().and_then(|depth| depth.parse().ok()).unwrap_or(2);
    let mut played = 0;
    for world in WORLDS {
        let depth = if world == World::Issues { depth.max(3) } else { depth };
        for (at, faults) in (1..=depth).flat_map(rows_of).enumerate() {
            holds(world, &faults, [1, 5_000, 31_000][at % 3]);
            played += 1;
        }
    }
    println!("{played} runs");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn never_two_invoices_and_always_an_end(
        world in prop::sample::select(WORLDS.to_vec()), faults in prop::collection::vec(fault(), 0..24), pause in 1i64..40_000,
    ) {
        holds(world, &faults, pause);
    }
}
