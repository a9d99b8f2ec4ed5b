//! What the platform answers.

use nnopen::{
    BatchEvent, BatchRules, BatchStep, Call, Error, ErrorKind, FromJson, Grant, Json, Method, Reply, Role, Session,
    Step,
};

use crate::{ISSUE, NOW, PERMANENT, QUERY, SECRET, config, session, split, stamp};

/// `200 poll`, then the body of the answer to a read, a write, a poll, a settle, a resumed settle or a batch.
pub(crate) fn answer(data: &[u8]) {
    let Some((head, body)) = split(data) else { return };
    let (status, way) = head.split_once(' ').unwrap_or((head, "read"));
    let Ok(status) = status.parse() else { return };
    let mut config = config();
    config.permanent_token = Some(PERMANENT.into());
    let session = session(config);
    match way {
        "write" => write(&session, status, body),
        "poll" => told(&session, session.poll_json(QUERY, &asked()), status, body),
        "settle" => told(&session, session.settle_json(ISSUE, order()), status, body),
        "again" => told(&session, session.settle_again_json(ISSUE, order()), status, body),
        "batch" => batch(&session, status, body),
        "raw" => {
            let _ = nnopen_ffi::text::answer(&nnopen_ffi::read("nuonuo.x.y", status, body).expect("no panic"));
        }
        name => {
            let _ = Method::read_as(name, status, body);
            told(&session, session.call_json(QUERY, &asked()), status, body);
        }
    }
}

/// `200 self`, then the body of the token endpoint's answer to a company's own application, to a code, to a refresh.
pub(crate) fn token_answer(data: &[u8]) {
    let Some((head, body)) = split(data) else { return };
    let (status, way) = head.split_once(' ').unwrap_or((head, "self"));
    let Ok(status) = status.parse() else { return };
    let mut config = config();
    let grant = match way {
        "self" => Grant::ClientCredentials,
        "code" => Grant::AuthorizationCode {
            code: "CODE-1".into(),
            tax_num: "339901999999142".into(),
            redirect_uri: "https://example.com/back".into(),
        },
        _ => Grant::Refresh,
    };
    if grant != Grant::ClientCredentials {
        config.role = Role::ServiceProvider;
    }
    let session = session(config);
    if grant == Grant::Refresh {
        session.restore(HELD).expect("a snapshot");
    }
    let mut call = session.sign_in(grant).expect("the grant is good");
    assert!(matches!(call.step(&stamp(1)), Ok(Step::Send(_))));
    call.receive(status, body, NOW).expect("an answer is awaited");
    match call.step(&stamp(2)) {
        Ok(Step::Done(token)) => {
            assert!(!token.access.is_empty() && token.expires_at.is_none_or(|end| end > NOW), "a token that is none");
        }
        Ok(step) => panic!("a sign-in ends, not {step:?}"),
        Err(error) => clean(&error),
    }
    // What was saved can be read again.
    let snapshot = session.snapshot();
    session.restore(&snapshot).expect("its own snapshot");
    assert_eq!(session.snapshot(), snapshot);
    assert!(
        !snapshot.contains(SECRET)
            || body.windows(SECRET.len()).any(|part| part == SECRET.as_bytes())
            || body.contains(&b'\\')
    );
}

const HELD: &str = r#"{"version":1,"environment":"sandbox","appKey":"SD00000001","taxNum":"339901999999142",
    "token":{"access":"ACCESS-1","refresh":"REFRESH-1","userId":"U1","taxNum":null,"expiresAt":1700000100000},
    "fetched":[],"pause":null}"#;

fn asked() -> Json {
    Json::Object(vec![("orderNos".into(), Json::List(vec!["A-1".into()]))])
}

fn order() -> &'static Json {
    static ORDER: std::sync::LazyLock<Json> =
        std::sync::LazyLock::new(|| Json::parse(include_str!("../../examples/order.json")).expect("an order"));
    &ORDER
}

/// A single write: done only if the platform said so; refused only if it can be read.
fn write(session: &Session, status: u16, body: &[u8]) {
    let mut call = session.call_json(ISSUE, order()).expect("the order is good");
    assert!(matches!(call.step(&stamp(1)), Ok(Step::Send(_))));
    call.receive(status, body, NOW).expect("an answer is awaited");
    let read = Reply::read(status, body);
    match (call.step(&stamp(2)), read) {
        (Ok(Step::Done(_)), Ok(reply)) => {
            let success = Method::find(ISSUE).expect("it has a file").success;
            assert!(success.iter().any(|code| *code == reply.code), "done by {}", reply.code);
        }
        (Ok(_), _) => {}
        (Err(error), Ok(_)) => clean(&error),
        (Err(error), Err(_)) => {
            assert_eq!(error.kind(), ErrorKind::Uncertain, "an unreadable answer to a write");
            clean(&error);
        }
    }
}

/// One answer to what was sent first; whatever it is, the next step says what to do, and shows no secret.
fn told<T: FromJson>(session: &Session, call: Result<Call<T>, Error>, status: u16, body: &[u8]) {
    let mut call = call.expect("the params are good");
    assert!(matches!(call.step(&stamp(1)), Ok(Step::Send(_))));
    call.receive(status, body, NOW).expect("an answer is awaited");
    match call.step(&stamp(2)) {
        Ok(Step::Done(_)) => assert!(Reply::read(status, body).is_ok(), "done by an answer that can't be read"),
        Ok(Step::Wait(until)) => assert!(until > NOW, "a wait lies ahead"),
        Ok(_) => {}
        Err(error) => clean(&error),
    }
    let kept = call.snapshot();
    assert!(!kept.contains(SECRET) && !kept.contains(PERMANENT));
    if let Ok(again) = session.resume_json(&kept) {
        assert_eq!(
            Json::parse(&again.snapshot()).expect("JSON").get("body"),
            Json::parse(&kept).expect("JSON").get("body")
        );
    }
}

/// Each order has at most one end, and is not forgotten.
fn batch(session: &Session, status: u16, body: &[u8]) {
    let mut batch = session.follow(QUERY, BatchRules::default()).expect("the rules are good");
    for key in ["A-1", "A-2"] {
        batch.add(key, NOW.after(-60_000), NOW).expect("a key");
    }
    assert!(matches!(batch.step(&stamp(1)), Ok(BatchStep::Send(_))));
    batch.receive(status, body, NOW).expect("an answer is awaited");
    let mut ends = 0;
    for n in 2..9 {
        match batch.step(&stamp(n)).expect("a step") {
            BatchStep::Event(BatchEvent::Trouble { error, .. }) => clean(&error),
            BatchStep::Event(_) => ends += 1,
            BatchStep::Send(_) => batch.fail(nnopen::Failure::NotSent, "refused", NOW).expect("it was awaited"),
            BatchStep::Wait(_) | BatchStep::Load | BatchStep::Swap { .. } => {}
            BatchStep::Idle => break,
        }
    }
    assert_eq!(ends + batch.progress().pending, 2, "an order ends twice or is forgotten");
}

fn clean(error: &Error) {
    let text = format!("{error} {error:?} {}", error.result().unwrap_or(&Json::Null));
    for hidden in [SECRET, PERMANENT, "CODE-1", "REFRESH-1"] {
        assert!(!text.contains(hidden), "{hidden} is shown: {text}");
    }
}
