//! A session full of failures, and a platform that gives secret and token back in every spelling: what is shown, told,
//! kept or previewed holds neither.

#![allow(clippy::unwrap_used, reason = "a test")]

#[path = "../../../tests/secrets/hostile.rs"]
mod hostile;

use std::sync::atomic::{AtomicU32, Ordering};

use hostile::{SECRET, TOKEN, answers, clean};
use nnopen::{
    BatchEvent, BatchRules, BatchStep, Call, Config, Error, Failure, FromJson, Grant, Json, Millis, Session, Stamp,
    Step,
};

const QUERY: &str = "nuonuo.OpeMplatform.queryInvoiceResult";
const ISSUE: &str = "nuonuo.OpeMplatform.requestBillingNew";
const NOW: Millis = Millis(1_700_000_000_000);

fn session(token: Option<&str>) -> Session {
    let mut config = Config::sandbox("SD00000001", SECRET, "339901999999142");
    config.permanent_token = token.map(Into::into);
    clean(&format!("{config:?} {config:#?}"), "nothing");
    Session::new(config).unwrap()
}

/// A later time, and other entropy, in each step.
fn stamp() -> Stamp {
    static STEPS: AtomicU32 = AtomicU32::new(1);
    let step = STEPS.fetch_add(1, Ordering::Relaxed);
    let mut entropy = [0; 20];
    entropy[..4].copy_from_slice(&step.to_be_bytes());
    Stamp::new(NOW.after(i64::from(step % 1000)), entropy)
}

fn order() -> Json {
    Json::parse(include_str!("../../../examples/order.json")).unwrap()
}

fn asked() -> Json {
    Json::parse(r#"{"orderNos":["A-1"]}"#).unwrap()
}

/// All that an error shows.
fn told(error: &Error) -> String {
    let causes = std::iter::successors(std::error::Error::source(error), |error| error.source());
    let causes: Vec<String> = causes.map(|cause| format!("{cause} {cause:?}")).collect();
    let (result, about) = (error.result().map(ToString::to_string), error.about());
    format!(
        "{error} {error:?} {} {:?} {result:?} {:?} {about:?} {causes:?}",
        error.describe(),
        error.code(),
        error.result()
    )
}

/// Gives one answer, and looks at all that can be seen afterwards.
fn meets<T: FromJson + std::fmt::Debug>(session: &Session, mut call: Call<T>, status: u16, body: &str) {
    let Step::Send(request) = call.step(&stamp()).unwrap() else { panic!("a request") };
    clean(&format!("{request:?} {}", request.preview()), "a request");
    clean(&format!("{call:?} {}", call.snapshot()), "a request");
    call.receive(status, body.as_bytes(), NOW).unwrap();
    clean(&format!("{call:?} {}", call.snapshot()), body);
    match call.step(&stamp()) {
        Err(error) => clean(&told(&error), body),
        Ok(Step::Done(_)) => {}
        Ok(step) => clean(&format!("{step:?}"), body),
    }
    clean(&format!("{session:?} {}", call.snapshot()), body);
}

#[test]
fn no_answer_of_the_service_gives_away_secret_or_token() {
    for (status, body) in answers(SECRET).into_iter().chain(answers(TOKEN)) {
        let session = session(Some(TOKEN));
        meets(&session, session.call_json(QUERY, &asked()).unwrap(), status, &body);
        meets(&session, session.call_json(ISSUE, &order()).unwrap(), status, &body);
        meets(&session, session.settle_again_json(ISSUE, &order()).unwrap(), status, &body);
    }
}

#[test]
fn no_answer_of_the_token_endpoint_gives_away_the_secret() {
    for (status, body) in answers(SECRET) {
        let session = session(None);
        meets(&session, session.sign_in(Grant::ClientCredentials).unwrap(), status, &body);
        // The pause that it left is kept, and told to every call.
        clean(&session.snapshot(), &body);
        let error = session.call_json(QUERY, &asked()).unwrap().step(&stamp());
        error.err().iter().for_each(|error| clean(&told(error), &body));
        for failure in [Failure::NotSent, Failure::MaybeSent] {
            let session = self::session(None);
            let mut call = session.sign_in(Grant::ClientCredentials).unwrap();
            let _ = call.step(&stamp()).unwrap();
            call.fail(failure, &body, NOW).unwrap();
            clean(&format!("{call:?} {}", told(&call.step(&stamp()).unwrap_err())), &body);
            clean(&session.snapshot(), &body);
        }
    }
}

#[test]
fn no_batch_gives_away_secret_or_token() {
    for (status, body) in answers(SECRET).into_iter().chain(answers(TOKEN)) {
        let session = session(Some(TOKEN));
        let mut batch = session.follow(QUERY, BatchRules::default()).unwrap();
        batch.add("A-1", NOW.after(-60_000), NOW).unwrap();
        assert!(matches!(batch.step(&stamp()), Ok(BatchStep::Send(_))));
        batch.receive(status, body.as_bytes(), NOW).unwrap();
        clean(&format!("{batch:?} {}", batch.snapshot()), &body);
        for _ in 2..20 {
            match batch.step(&stamp()).unwrap() {
                BatchStep::Event(BatchEvent::Trouble { error, .. }) => clean(&told(&error), &body),
                BatchStep::Send(_) => batch.receive(status, body.as_bytes(), stamp().now).unwrap(),
                BatchStep::Idle => break,
                step => clean(&format!("{step:?}"), &body),
            }
            clean(&format!("{batch:?} {}", batch.snapshot()), &body);
        }
    }
}

#[test]
fn no_return_of_a_browser_gives_away_the_secret() {
    let session = session(None);
    for told_as in hostile::spellings(SECRET) {
        for query in [
            format!("error={told_as}"),
            format!("error=x&error_description={told_as}"),
            format!("state={told_as}&code=C"),
        ] {
            match session.read_return(&query, "a-state") {
                Err(error) => clean(&told(&error), &query),
                Ok(returned) => clean(&format!("{returned:?}"), &query),
            }
        }
    }
}

#[test]
fn no_store_gives_away_the_secret() {
    let mut config = Config::sandbox("SD00000001", SECRET, "339901999999142");
    config.shared = true;
    for told_as in hostile::spellings(SECRET) {
        let session = Session::new(config.clone()).unwrap();
        let mut call = session.call_json(QUERY, &asked()).unwrap();
        assert!(matches!(call.step(&stamp()), Ok(Step::Load)));
        call.store_failed(&format!("no store for {told_as}"), NOW).unwrap();
        clean(&format!("{call:?} {}", told(&call.step(&stamp()).unwrap_err())), &told_as);
        let mut call = session.call_json(QUERY, &asked()).unwrap();
        assert!(matches!(call.step(&stamp()), Ok(Step::Load)));
        call.loaded(7, format!(r#"{{"version":1,"environment":"{told_as}"}}"#).as_bytes(), NOW).unwrap();
        clean(&format!("{call:?} {}", told(&call.step(&stamp()).unwrap_err())), &told_as);
        clean(&told(&session.restore(&told_as).unwrap_err()), &told_as);
    }
}
