//! Every door that outside bytes come through: read or refused, never a panic, nothing lost.

use nnopen::{Config, Json, Method, Millis, Push, Reply, Session, Stamp, Step};
use proptest::prelude::*;

fn session() -> Session {
    Session::new(Config::sandbox("SD00000001", "SD00000000000001", "339901999999142")).expect("the config is good")
}

/// A call takes from the store whatever stands there.
fn stored(bytes: &[u8]) {
    let mut config = Config::sandbox("SD00000001", "SD00000000000001", "339901999999142");
    config.shared = true;
    let session = Session::new(config).expect("the config is good");
    let mut call = session.call_raw("nuonuo.x.y", "{}").expect("a call");
    for now in 1..4 {
        let stamp = Stamp::new(Millis(1_700_000_000_000 + now * 100_000), [now as u8; 20]);
        match call.step(&stamp) {
            Ok(Step::Load) => call.loaded(u64::MAX, bytes, stamp.now).expect("it was awaited"),
            Ok(Step::Swap { .. }) => call.swapped(true, stamp.now).expect("it was awaited"),
            Ok(Step::Send(_)) => call.receive(200, bytes, stamp.now).expect("it was awaited"),
            Ok(Step::Wait(_) | Step::Done(_)) => {}
            Err(_) => return,
        }
    }
}

/// Any JSON, with the names that the platform uses among its members.
fn json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?".prop_map(Json::Number),
        any::<String>().prop_map(Json::Text),
        "E0000|E9106|2|20|22|0\\.13|pc|2026-11-22|2026-11-22 10:00:00|".prop_map(Json::Text),
    ];
    let name = prop_oneof![
        "order|invoiceDetail|orderNo|buyerName|price|num|taxRate|serialNos|orderNos|code|describe|result|data|list|status|vehicleInfo",
        any::<String>(),
    ];
    leaf.prop_recursive(5, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Json::List),
            prop::collection::vec((name.clone(), inner), 0..8).prop_map(Json::Object),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200), status in any::<u16>()) {
        let _ = Reply::read(status, &bytes);
        let _ = Push::read("", &bytes);
        for method in Method::all() {
            let _ = method.read(status, &bytes);
        }
        let text = String::from_utf8_lossy(&bytes);
        let _ = Json::parse_params(&text);
        let _ = session().read_return(&text, "state");
        let _ = session().restore(&text);
        let _ = session().resume_json(&text);
        stored(&bytes);
    }

    #[test]
    fn any_json_is_an_answer_or_refused(json in json(), status in any::<u16>()) {
        let text = json.to_string();
        prop_assert_eq!(Json::parse(&text).unwrap(), json);
        for method in Method::all() {
            let _ = method.read(status, text.as_bytes());
        }
        let _ = Push::read("", text.as_bytes());
        let _ = session().restore(&text);
        let _ = session().resume_json(&text);
    }

    #[test]
    fn any_record_is_taken_in_or_refused(
        token in json(), again in json(), pause in json(), fence in any::<u64>(), since in any::<i64>(), until in any::<i64>(),
        fetched in prop::collection::vec(any::<i64>(), 0..5),
    ) {
        let known = r#""version":1,"environment":"sandbox","appKey":"SD00000001","taxNum":"339901999999142""#;
        let lease = format!(r#"{{"holder":"x","since":{since},"until":{until}}}"#);
        stored(format!(r#"{{{known},"token":{token},"again":{again},"pause":{pause},"fetched":{fetched:?},"fence":{fence},"lease":{lease}}}"#).as_bytes());
        stored(format!(r#"{{{known},"fetched":{fetched:?},"fence":7,"lease":{lease}}}"#).as_bytes());
        stored(format!(r#"{{{known},"fetched":{fetched:?},"fence":9007199254740992,"again":"first"}}"#).as_bytes());
    }

    #[test]
    fn any_params_are_checked_and_what_passes_is_json(params in json()) {
        for method in Method::all() {
            let violations = method.check(&params);
            let body = method.body(&params);
            prop_assert_eq!(body.is_err(), violations.iter().any(nnopen::Violation::is_error), "{}", method.name);
            if let Ok(body) = body {
                let read: Result<serde_json::Value, _> = serde_json::from_str(&body);
                prop_assert!(read.is_ok(), "{} wrote {}", method.name, body);
                // What is written is in the model's order already: written again, it stays as it is.
                let again = method.body(&Json::parse(&body).unwrap());
                prop_assert_eq!(again.unwrap(), body);
            }
        }
    }
}
