//! What the core costs beside the least that anybody pays: `cargo bench -p bench --bench ratios`,
//! with words after `--` those lines alone that hold them.
//!
//! Each line times the core and a plain program that does the same work without a check, turn by turn, and tells the best
//! of each and their ratio. An order is checked against the model and all rules, written and signed; the plain program
//! serialises the same order with serde_json and signs it. An answer is read into typed rows; the plain program reads it
//! into a `serde_json::Value`.

#![allow(clippy::unwrap_used, clippy::float_arithmetic, reason = "a benchmark")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bench::{ISSUE, SECRET, answer, as_json, plain, ratio, send, session, typed};
use hmac::{Hmac, KeyInit, Mac};
use nnopen::api::query::query_invoice_result::QueryInvoiceResult;
use nnopen::{Endpoint, FromJson, Json};
use serde_json::Value;
use sha1::Sha1;

/// As long as what the platform puts before a body when it signs.
const HEAD: &str = "a=services&l=v1&p=open&k=SD00000001&i=0123456789abcdef0123456789abcdef&n=12345678&t=1700000000&f=";
const ROUNDS: u32 = 40;
const MOST_TURNS: u32 = 20_000;
const ROUND: Duration = Duration::from_millis(4);

fn main() {
    let session = session();
    if !as_json() {
        println!("{:<46} {:>12} {:>12} {:>6}", "", "the core", "plain", "ratio");
    }
    for lines in [1, 10, 100, 2000] {
        let (typed, plain) = (typed(lines), plain(lines));
        compare(
            &format!("typed order of {lines} lines: check, write, sign"),
            |_| send(session.call(&typed).unwrap()),
            || signed(&serde_json::to_string(&plain).unwrap()),
        );
        let text = serde_json::to_string(&plain).unwrap();
        let (json, value) = (Json::parse(&text).unwrap(), serde_json::from_str::<Value>(&text).unwrap());
        compare(
            &format!("JSON order of {lines} lines: check, write, sign"),
            |_| send(session.call_json(ISSUE, &json).unwrap()),
            || signed(&serde_json::to_string(&value).unwrap()),
        );
    }
    let body = "x".repeat(1024);
    let mut bodies = Vec::new();
    compare(
        "body of 1 KiB given as text: sign",
        |turn| {
            if turn == 0 {
                bodies = vec![body.clone(); MOST_TURNS as usize + 1];
            }
            send(session.call_raw(ISSUE, bodies.pop().unwrap()).unwrap())
        },
        || signed(&body),
    );
    let answer = answer(50);
    compare(
        "answer with 50 invoices: read into typed rows",
        |_| {
            let json = QueryInvoiceResult::METHOD.read(200, answer.as_bytes()).unwrap();
            <QueryInvoiceResult as Endpoint>::Output::from_json(json).unwrap()
        },
        || serde_json::from_slice::<Value>(answer.as_bytes()).unwrap(),
    );
}

/// Times two programs turn by turn; the best round of each counts.
fn compare<T, U>(what: &str, mut ours: impl FnMut(u32) -> T, mut plain: impl FnMut() -> U) {
    if std::env::args().skip(1).any(|word| !word.starts_with("--") && !what.contains(&word)) {
        return;
    }
    let turns = (ROUND.as_secs_f64() / timed(1, |_| plain()).max(1e-7)).ceil() as u32;
    let turns = turns.clamp(1, MOST_TURNS);
    let best = (0..ROUNDS)
        .fold((f64::MAX, f64::MAX), |(a, b), _| (a.min(timed(turns, &mut ours)), b.min(timed(turns, |_| plain()))));
    if as_json() {
        let beside = if what.starts_with("answer") { "serde_json" } else { "serde_json + HMAC" };
        return ratio(what, beside, best.0 * 1e9, best.1 * 1e9, "ns");
    }
    let micros = |seconds: f64| format!("{:.2} µs", seconds * 1e6);
    println!("{what:<46} {:>12} {:>12} {:>6.2}", micros(best.0), micros(best.1), best.0 / best.1);
}

/// Seconds for one turn.
fn timed<T>(turns: u32, mut run: impl FnMut(u32) -> T) -> f64 {
    let mut results = Vec::with_capacity(turns as usize);
    black_box(run(0));
    let begun = Instant::now();
    for turn in 0..turns {
        results.push(black_box(run(turn + 1)));
        if results.len() == 64 {
            results.clear();
        }
    }
    begun.elapsed().as_secs_f64() / f64::from(turns)
}

fn signed(body: &str) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(HEAD.as_bytes());
    mac.update(body.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}
