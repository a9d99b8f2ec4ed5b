//! Many orders followed against a platform that fails in every way: each ends once, none is lost, nothing is written.

#![allow(clippy::unwrap_used, reason = "a test")]

mod faults;
mod laws;

use std::collections::BTreeSet;

use nnopen::{Batch, BatchRules, Config, Json, Millis, Request, Session, Stamp};

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

fn rules() -> BatchRules {
    BatchRules { slowest: 600, give_up: 7200, ..BatchRules::default() }
}
