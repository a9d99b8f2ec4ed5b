//! 200 orders followed at once: `cargo run -p nnopen --example batch`.
//!
//! The platform is a function below and time is a number, so that it runs without network in no time; with an HTTP client
//! and a clock the loop is the same.

use std::collections::BTreeMap;

use nnopen::{BatchEvent, BatchRules, BatchStep, Config, Error, Json, Millis, Request, Session, Stamp};

const START: Millis = Millis(1_767_578_400_000);

fn main() -> Result<(), Error> {
    let session = Session::new(Config::sandbox("SD00000001", "SD00000000000001", "339901999999142"))?;
    let mut batch = session.follow("nuonuo.OpeMplatform.queryInvoiceResult", BatchRules::default())?;
    let mut now = START;
    let mut ends = BTreeMap::<&str, u32>::new();
    for order in 0..200 {
        batch.add(&format!("NN20260105{order:010}"), now, now)?;
    }
    for count in 0u32.. {
        match batch.step(&Stamp::new(now, entropy(count)))? {
            BatchStep::Send(request) => {
                println!("{}  {}", clock(now), told(&request));
                now = now.after(80);
                batch.receive(200, platform(&request, now).as_bytes(), now)?;
            }
            BatchStep::Wait(until) => now = until,
            BatchStep::Event(event) => {
                let end = match event {
                    BatchEvent::Done { .. } => "done",
                    BatchEvent::Failed { .. } => "failed: read the reason, correct the order",
                    BatchEvent::NeedsRetry { .. } => "needs retry: reInvoice",
                    BatchEvent::Absent { .. } => "absent: settle_again",
                    BatchEvent::GaveUp { .. } => "gave up: ask a person",
                    BatchEvent::Trouble { error, .. } => {
                        println!("{}  {error}", clock(now));
                        continue;
                    }
                };
                *ends.entry(end).or_default() += 1;
            }
            _ => break,
        }
    }
    println!();
    for (end, orders) in ends {
        println!("{orders:>5}  {end}");
    }
    println!("{:>5}  queries", batch.progress().queries);
    Ok(())
}

/// Issues in 4 to 24 seconds; every 50th order fails, every 70th lacks its seal, every 90th never arrived.
fn platform(request: &Request, now: Millis) -> String {
    let body = Json::parse(&request.body).unwrap_or_default();
    let Some(keys) = body.get("orderNos") else {
        return r#"{"access_token": "0123456789abcdef0123456789abcdef", "expires_in": "86400"}"#.to_owned();
    };
    let age = now.since(START);
    let row = |key: &Json| {
        let order = key.token()?.get(10..)?.parse::<i64>().ok()?;
        let end = match order {
            order if order % 90 == 1 => return None,
            order if order % 50 == 2 => "22",
            order if order % 70 == 3 => "24",
            _ => "2",
        };
        let status = if age < 4000 + order * 100 { "20" } else { end };
        Some(format!(r#"{{"orderNo": {key}, "status": "{status}"}}"#))
    };
    let rows: Vec<String> = keys.items().iter().filter_map(row).collect();
    format!(r#"{{"code": "E0000", "describe": "获取成功", "result": [{}]}}"#, rows.join(", "))
}

fn told(request: &Request) -> String {
    match Json::parse(&request.body) {
        Ok(body) => format!("asks about {} orders", body.get("orderNos").map_or(0, |keys| keys.items().len())),
        Err(_) => "asks for a token".to_owned(),
    }
}

fn clock(now: Millis) -> String {
    let millis = now.since(START);
    format!("{:>3}.{:03} s", millis / 1000, millis % 1000)
}

/// Use a cryptographic random source instead.
fn entropy(count: u32) -> [u8; 20] {
    let mut entropy = [0; 20];
    entropy[..4].copy_from_slice(&count.to_be_bytes());
    entropy
}
