//! No secret and no token in anything that is printed.

use nnopen::{Config, Environment, Failure, Grant, Json, Millis, Role, Session, Stamp, Step};

const SECRET: &str = "SD0000SECRET0001";
const HIDDEN: [&str; 6] = [SECRET, "ACCESS-1", "REFRESH-1", "CODE-1", "PERMANENT-1", "ACCESS-2"];

fn clean(text: &str) {
    for hidden in HIDDEN {
        assert!(!text.contains(hidden), "{hidden} stands in {text}");
    }
}

fn config() -> Config {
    let mut config = Config::sandbox("SD00000001", SECRET, "339901999999142");
    config.role = Role::ServiceProvider;
    config
}

fn stamp(n: u8) -> Stamp {
    Stamp::new(Millis(1_700_000_000_000 + i64::from(n) * 1000), [n; 20])
}

#[test]
fn a_whole_life_is_printed_without_secrets() {
    let session = Session::new(config()).unwrap();
    let grant = Grant::AuthorizationCode {
        code: "CODE-1".into(),
        tax_num: "339901999999142".into(),
        redirect_uri: "https://example.com/back".into(),
    };
    clean(&format!("{grant:?} {:?} {session:?}", config()));
    let mut call = session.sign_in(grant).unwrap();
    clean(&format!("{call:?}"));
    let Ok(Step::Send(request)) = call.step(&stamp(1)) else { panic!("a request") };
    assert!(request.body.contains(SECRET) && request.body.contains("CODE-1"));
    clean(&format!("{request:?} {} {call:?} {session:?}", request.preview()));
    let answer = br#"{"access_token":"ACCESS-1","refresh_token":"REFRESH-1","userId":"U1","expires_in":86400}"#;
    call.receive(200, answer, stamp(2).now).unwrap();
    clean(&format!("{call:?}"));
    clean(&format!("{call:?} {:?}", call.step(&stamp(2)).unwrap()));
    clean(&format!("{session:?} {:#?}", session.token()));

    let params = Json::parse(r#"{"orderNos":["A-1"]}"#).unwrap();
    let mut call = session.call_json("nuonuo.OpeMplatform.queryInvoiceResult", &params).unwrap();
    let Ok(Step::Send(request)) = call.step(&stamp(3)) else { panic!("a request") };
    assert!(request.headers.iter().any(|(_, value)| value == "ACCESS-1"));
    clean(&format!("{request:?} {call:?} {call:#?}"));
    assert!(!format!("{request:?}").contains(&request.headers[1].1), "the signature is shown");
    let echo =
        format!(r#"{{"code":"070601","describe":"bad {SECRET} ACCESS-1 REFRESH-1","result":{{"echo":["ACCESS-1"]}}}}"#);
    call.receive(200, echo.as_bytes(), stamp(4).now).unwrap();
    let error = call.step(&stamp(4)).unwrap_err();
    clean(&format!("{error} {error:?} {:?}", error.result()));
    assert!(error.describe().contains("***"));
}

#[test]
fn what_the_host_says_about_a_lost_answer_is_cleaned_too() {
    let mut config = config();
    config.permanent_token = Some("PERMANENT-1".into());
    let session = Session::new(config).unwrap();
    clean(&format!("{session:?}"));
    let params = Json::parse(r#"{"orderNos":["A-1"]}"#).unwrap();
    let mut call = session.call_json("nuonuo.OpeMplatform.queryInvoiceResult", &params).unwrap();
    assert!(matches!(call.step(&stamp(1)), Ok(Step::Send(_))));
    call.fail(Failure::MaybeSent, &format!("POST with PERMANENT-1 and {SECRET} timed out"), stamp(2).now).unwrap();
    clean(&format!("{call:?}"));
    clean(&call.step(&stamp(2)).unwrap_err().to_string());
}

#[test]
fn a_snapshot_holds_the_token_but_never_the_secret() {
    let session = Session::new(config()).unwrap();
    let snapshot = r#"{"version":1,"environment":"sandbox","appKey":"SD00000001","taxNum":"339901999999142",
        "token":{"access":"ACCESS-2","refresh":"REFRESH-1","userId":"U1","taxNum":null,"expiresAt":null},"fetched":[],"pause":null}"#;
    session.restore(snapshot).unwrap();
    let saved = session.snapshot();
    assert!(saved.contains("ACCESS-2") && saved.contains("REFRESH-1") && !saved.contains(SECRET));
}

#[test]
fn a_shared_life_is_printed_without_secrets() {
    let mut config = config();
    config.shared = true;
    let session = Session::new(config).unwrap();
    let grant = Grant::AuthorizationCode {
        code: "CODE-1".into(),
        tax_num: "339901999999142".into(),
        redirect_uri: "https://example.com/back".into(),
    };
    let mut call = session.sign_in(grant).unwrap();
    assert!(matches!(call.step(&stamp(1)), Ok(Step::Load)));
    call.loaded(0, b"", stamp(1).now).unwrap();
    let step = call.step(&stamp(2)).unwrap();
    let Step::Swap { version: 0, bytes } = &step else { panic!("a swap") };
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(!text.contains(SECRET) && !text.contains("CODE-1"), "{text}");
    clean(&format!("{step:?} {call:?} {session:?}"));
    call.swapped(true, stamp(2).now).unwrap();
    clean(&format!("{call:?} {:?}", call.step(&stamp(3)).unwrap()));
    let answer = br#"{"access_token":"ACCESS-1","refresh_token":"REFRESH-1","userId":"U1","expires_in":86400}"#;
    call.receive(200, answer, stamp(4).now).unwrap();
    clean(&format!("{call:?}"));
    let step = call.step(&stamp(5)).unwrap();
    let Step::Swap { version: 1, bytes } = &step else { panic!("a swap") };
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(text.contains("ACCESS-1") && !text.contains(SECRET) && !text.contains("CODE-1"), "{text}");
    let as_numbers = format!("{:?}", b"ACCESS-1").trim_matches(['[', ']']).to_owned();
    assert!(!format!("{step:?}").contains(&as_numbers));
    clean(&format!("{step:?} {call:?} {session:?}"));
    call.store_failed(&format!("no store for {SECRET} ACCESS-1"), stamp(5).now).unwrap();
    clean(&format!("{call:?}"));
}

#[test]
fn a_config_that_is_refused_does_not_show_its_secret() {
    let mut config = config();
    config.app_secret = format!("{SECRET}\n").into();
    config.environment = Environment::Custom { service_url: "http://example.com".into(), token_url: "x".into() };
    let error = Session::new(config).unwrap_err();
    clean(&format!("{error} {error:?}"));
    let paths: Vec<_> = error.violations().iter().map(|violation| violation.path.as_str()).collect();
    assert_eq!(paths, ["app_secret", "service_url", "token_url"]);
}
