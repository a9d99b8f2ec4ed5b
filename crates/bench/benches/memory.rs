//! The most memory that checking, writing and signing an order takes at once, beside the length of its body:
//! `cargo bench -p bench --bench memory`. What the caller holds before is not counted; the body and the request are.

#![allow(clippy::unwrap_used, clippy::float_arithmetic, reason = "a benchmark")]

use bench::{ISSUE, as_json, plain, ratio, send, session, typed};
use nnopen::{Json, Method, Request};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

fn main() {
    let session = session();
    if !as_json() {
        println!("{:<28} {:>12} {:>12} {:>6}", "", "bytes", "the body", "ratio");
    }
    for lines in [10, 100, 2000] {
        let typed = typed(lines);
        let json = Json::parse(&serde_json::to_string(&plain(lines)).unwrap()).unwrap();
        let found = Method::find(ISSUE).unwrap().check(&typed);
        assert!(!found.iter().any(nnopen::Violation::is_error), "the order breaks no rule: {found:?}");
        memory(&format!("typed order of {lines} lines"), || send(session.call(&typed).unwrap()));
        memory(&format!("JSON order of {lines} lines"), || send(session.call_json(ISSUE, &json).unwrap()));
    }
}

fn memory(what: &str, run: impl Fn() -> Request) {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let body = run().body.len();
    let most = MEMORY.peak_usage() - before;
    if as_json() {
        return ratio(&format!("memory: {what}"), "the body's length", most as f64, body as f64, "bytes");
    }
    println!("{what:<28} {most:>12} {body:>12} {:>6.2}", most as f64 / body as f64);
}
