//! Once a session is dropped, the memory of its process holds no secret: looked for in every page of another process, as a
//! core dump would show it.
//!
//! The texts that the host itself keeps (its settings, the answers it received, the requests it copied) are not looked at:
//! the child makes its secrets out of numbers and overwrites what it passes in.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a test that reads the memory of its child"
)]

use std::fs::File;
use std::hint::black_box;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::process::{Command, Stdio};

use nnopen::{
    BatchRules, BatchStep, Config, Failure, Json, Millis, Secret, Session, Stamp, Step, StringToSign, diagnose, sign,
};

const QUERY: &str = "nuonuo.OpeMplatform.queryInvoiceResult";
const ISSUE: &str = "nuonuo.OpeMplatform.requestBillingNew";
/// Tells the child when it stops: with the session still there, or dropped.
const STOPS: &str = "NNOPEN_MEMORY_STOPS";

#[test]
fn no_secret_is_left_in_memory_when_a_session_is_dropped() {
    let found = found_in_child("dropped");
    assert!(found.is_empty(), "left in memory: {found:?}");
}

#[test]
fn a_session_that_is_still_there_is_found_in_memory() {
    let found = found_in_child("held");
    for what in ["appSecret as it is", "token as it is"] {
        assert!(found.contains(&what.to_owned()), "the search finds nothing: {found:?}");
    }
}

/// What the other two look into; alone it does nothing.
#[test]
fn child() {
    let Ok(stops) = std::env::var(STOPS) else { return };
    let session = live();
    if stops == "held" {
        tell_and_wait();
    }
    drop(session);
    tell_and_wait();
}

fn tell_and_wait() {
    println!("\nready");
    let _ = std::io::stdin().read(&mut [0]);
}

/// A session that signs, fetches tokens, fails, is printed, kept and followed; a signature that nothing explains.
fn live() -> Session {
    let mut config = Config::sandbox("SD00000001", "x", "339901999999142");
    config.app_secret = text(1).into();
    let session = Session::new(config.clone()).unwrap();
    black_box(format!("{config:?} {session:?}"));
    let asked = Json::parse(r#"{"orderNos":["A-1"]}"#).unwrap();
    let order = Json::parse(include_str!("../../../examples/order.json")).unwrap();
    let mut n = 0;
    let mut stamp = || {
        n += 1;
        Stamp::new(Millis(1_700_000_000_000 + i64::from(n) * 1000), [n; 20])
    };
    let mut call = session.call_json(QUERY, &asked).unwrap();
    let Step::Send(request) = call.step(&stamp()).unwrap() else { panic!("a token request") };
    black_box(format!("{request:?} {}", request.preview()));
    drop(request.clone());
    drop(request);
    let mut answer = format!("{{\"access_token\":\"{}\",\"expires_in\":86400}}", Held(text(2)).0).into_bytes();
    call.receive(200, &answer, stamp().now).unwrap();
    answer.fill(0);
    black_box(&answer);
    assert!(matches!(call.step(&stamp()), Ok(Step::Send(_))));
    call.receive(200, br#"{"code":"070601","describe":"no"}"#, stamp().now).unwrap();
    black_box(call.step(&stamp()).unwrap_err().to_string());
    let mut settle = session.settle_json(ISSUE, &order).unwrap();
    assert!(matches!(settle.step(&stamp()), Ok(Step::Send(_))));
    settle.fail(Failure::MaybeSent, "timed out", stamp().now).unwrap();
    let kept = settle.snapshot();
    drop(settle);
    drop(session.resume_json(&kept).unwrap());
    let mut batch = session.follow(QUERY, BatchRules::default()).unwrap();
    let stamp = stamp();
    batch.add("A-1", stamp.now.after(-60_000), stamp.now).unwrap();
    assert!(matches!(batch.step(&stamp), Ok(BatchStep::Send(_))));
    explain_in_vain();
    session
}

/// Every key that people take for the right one is tried.
fn explain_in_vain() {
    let (secret, foreign) = (Secret::from(text(1)), Secret::from("another"));
    let text = StringToSign {
        path: "/open/v1/services",
        app_key: "SD00000001",
        senid: "0123456789abcdef0123456789abcdef",
        nonce: "12345678",
        timestamp: "1700000000",
        body: r#"{"a":"/"}"#,
    };
    assert_eq!(diagnose(&secret, &text, &sign(&foreign, &text), None).slips[0].name, "unknown");
}

/// A text that is overwritten when it is dropped.
struct Held(String);

impl Drop for Held {
    fn drop(&mut self) {
        let mut bytes = std::mem::take(&mut self.0).into_bytes();
        bytes.fill(0);
        black_box(&bytes);
    }
}

/// The secret (1) or the token (2): made from numbers, so that it stands in no program text. Room for all from the start.
fn text(which: u64) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
    let mut state = black_box(which * 77);
    let mut text = String::with_capacity(40);
    text.push('+');
    for _ in 0..30 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        text.push(char::from(LETTERS[(state >> 33) as usize % LETTERS.len()]));
    }
    text
}

/// Which spellings of the secrets stand in the child's memory once it has stopped.
fn found_in_child(stops: &str) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture", "--test-threads=1"])
        .env(STOPS, stops)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(out.any(|line| line.unwrap() == "ready"), "the child has failed");
    let memory = memory(child.id());
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(memory.iter().map(Vec::len).sum::<usize>() > 100_000, "too little to look at");
    let holds = |form: &[u8]| memory.iter().any(|part| part.windows(form.len()).any(|bytes| bytes == form));
    let spelt = [("appSecret", text(1)), ("token", text(2))].into_iter().flat_map(|(name, text)| {
        // A piece is enough: allocators write over the first sixteen bytes of what they are given back.
        let plain = text.as_bytes()[16..30].to_vec();
        let xor = |pad: u8| plain.iter().map(|byte| byte ^ pad).collect::<Vec<u8>>();
        [("as it is", plain.clone()), ("with the inner pad", xor(0x36)), ("with the outer pad", xor(0x5c))]
            .map(|(how, form)| (format!("{name} {how}"), form))
    });
    spelt.filter(|(_, form)| holds(form)).map(|(name, _)| name).collect()
}

/// All that the process can write to.
fn memory(process: u32) -> Vec<Vec<u8>> {
    let maps = std::fs::read_to_string(format!("/proc/{process}/maps")).unwrap();
    let mut file = File::open(format!("/proc/{process}/mem")).unwrap();
    let mut parts = Vec::new();
    for line in maps.lines().filter(|line| line.split(' ').nth(1).is_some_and(|may| may.starts_with("rw"))) {
        let (start, end) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let [start, end] = [start, end].map(|at| u64::from_str_radix(at, 16).unwrap());
        let mut part = vec![0; (end - start) as usize];
        file.seek(SeekFrom::Start(start)).unwrap();
        // A page that can't be read (a guard) is none that a dump would show.
        if file.read_exact(&mut part).is_ok() {
            parts.push(part);
        }
    }
    parts
}
