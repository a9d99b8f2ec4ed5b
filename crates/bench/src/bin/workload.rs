//! Does one of a few fixed pieces of work so many times: `workload NAME TURNS`. `cargo xtask instructions` counts what it
//! takes.

#![allow(clippy::unwrap_used, reason = "a benchmark")]

use std::hint::black_box;

use bench::{ISSUE, answer, plain, send, session, typed};
use nnopen::api::query::query_invoice_result::QueryInvoiceResult;
use nnopen::{Endpoint, FromJson, Json, Method, order};

fn main() {
    let mut words = std::env::args().skip(1);
    let (Some(name), Some(turns)) = (words.next(), words.next()) else { panic!("workload NAME TURNS") };
    let turns: u32 = turns.parse().unwrap();
    let session = session();
    let method = Method::find(ISSUE).unwrap();
    let typed = typed(10);
    let json = Json::parse(&serde_json::to_string(&plain(10)).unwrap()).unwrap();
    let body = "x".repeat(1024);
    let answer = answer(50);
    let work: Box<dyn Fn()> = match name.as_str() {
        "typed" => Box::new(|| drop(black_box(method.draft(&typed)))),
        "json" => Box::new(|| drop(black_box(method.draft(&json)))),
        "fill" => Box::new(|| drop(black_box(order::fill(json.get("order").unwrap()).unwrap()))),
        "sign" => Box::new(|| drop(black_box(send(session.call_raw(ISSUE, body.clone()).unwrap())))),
        "read" => Box::new(|| {
            let json = QueryInvoiceResult::METHOD.read(200, answer.as_bytes()).unwrap();
            drop(black_box(<QueryInvoiceResult as Endpoint>::Output::from_json(json).unwrap()));
        }),
        _ => panic!("no such workload"),
    };
    (0..turns).for_each(|_| work());
}
