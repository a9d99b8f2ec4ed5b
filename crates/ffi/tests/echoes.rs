//! What bindings are handed when the platform gives secret and token back: neither, in any spelling.

#![allow(clippy::unwrap_used, reason = "a test")]

#[path = "../../../tests/secrets/hostile.rs"]
mod hostile;

use hostile::{SECRET, TOKEN, answers, clean};
use nnopen_ffi::{BatchRules, BatchStep, Call, Config, Failure, Grant, Mode, Session, Step, text};

const QUERY: &str = "nuonuo.OpeMplatform.queryInvoiceResult";
const ISSUE: &str = "nuonuo.OpeMplatform.requestBillingNew";
const NOW: i64 = 1_700_000_000_000;

fn session(token: Option<&str>) -> Session {
    let config = Config {
        environment: "sandbox".into(),
        app_key: "SD00000001".into(),
        app_secret: SECRET.into(),
        tax_num: "339901999999142".into(),
        permanent_token: token.map(Into::into),
        ..Config::default()
    };
    clean(&format!("{config:?}"), "nothing");
    Session::open(config).unwrap()
}

fn told(failure: &Failure) -> String {
    format!("{failure} {failure:?} {}", text::failure(failure))
}

fn meets(session: &Session, call: &Call, status: u16, body: &str) {
    let Ok(Step::Send(request)) = call.step(NOW, &[1; 20]) else { panic!("a request") };
    clean(&format!("{request:?} {:?}", Step::<String>::Send(request.clone())), "a request");
    call.receive(status, body.as_bytes(), NOW).unwrap();
    match call.step(NOW + 1, &[2; 20]) {
        Err(failure) => clean(&told(&failure), body),
        Ok(Step::Done { .. }) => {}
        Ok(step) => clean(&format!("{step:?}"), body),
    }
    clean(&format!("{call:?} {session:?} {}", call.snapshot().unwrap()), body);
}

#[test]
fn bindings_are_told_neither_secret_nor_token() {
    let order = include_str!("../../../examples/order.json");
    for (status, body) in answers(SECRET).into_iter().chain(answers(TOKEN)) {
        for (mode, method, params) in [
            (Mode::Call, QUERY, r#"{"orderNos":["A-1"]}"#),
            (Mode::Call, ISSUE, order),
            (Mode::SettleAgain, ISSUE, order),
        ] {
            let session = session(Some(TOKEN));
            meets(&session, &session.start_text(mode, method, params).unwrap(), status, &body);
        }
        let session = session(Some(TOKEN));
        let batch = session.follow(QUERY, BatchRules::default()).unwrap();
        batch.add("A-1", NOW - 60_000, NOW).unwrap();
        assert!(matches!(batch.step(NOW, &[1; 20]), Ok(BatchStep::Send(_))));
        batch.receive(status, body.as_bytes(), NOW).unwrap();
        clean(&format!("{:?} {}", batch.step(NOW, &[2; 20]).unwrap(), batch.snapshot().unwrap()), &body);
    }
}

#[test]
fn a_sign_in_that_fails_tells_no_secret() {
    for (status, body) in answers(SECRET) {
        let session = session(None);
        meets(&session, &session.sign_in(Grant::ClientCredentials).unwrap(), status, &body);
        clean(&session.snapshot().unwrap(), &body);
    }
}
