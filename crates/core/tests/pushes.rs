//! Any bytes that claim to be a push: read or refused, never a panic, and what was read once is read the same again.

use nnopen::{ErrorKind, Json, Push, PushKind};
use proptest::prelude::*;

const FORM: &str = "application/x-www-form-urlencoded";

/// A body that is nearly a push: members of the models with any texts, content of any kind.
fn near() -> impl Strategy<Value = Vec<u8>> {
    let names: Vec<&str> =
        PushKind::all().iter().flat_map(|kind| kind.outer.fields).map(|field| field.name.as_str()).collect();
    let operater = prop::sample::select(
        PushKind::all().iter().map(|kind| kind.name.as_str()).chain(["", "other"]).collect::<Vec<_>>(),
    );
    let content =
        prop_oneof![".{0,12}", r#"\{"c_status":("[0-9]{0,3}"|[0-9]|null|\[\]|\{\})\}"#, r#"[\[\]{}",:0-9a-z%+]{0,16}"#];
    let members = prop::collection::vec((prop::sample::select(names), ".{0,8}"), 0..6);
    (operater, content, members, any::<bool>(), any::<bool>()).prop_map(|(operater, content, members, json, text)| {
        if !json {
            let pairs = members.iter().map(|(name, value)| format!("&{name}={value}")).collect::<String>();
            return format!("operater={operater}&content={content}{pairs}").into_bytes();
        }
        let mut all = vec![("operater".to_owned(), Json::from(operater))];
        all.extend(members.into_iter().map(|(name, value)| (name.to_owned(), value.as_str().into())));
        let parsed = if text { Json::Text(content) } else { Json::parse(&content).unwrap_or_default() };
        all.push(("content".to_owned(), parsed));
        Json::Object(all).to_string().into_bytes()
    })
}

fn look(content_type: &str, body: &[u8]) -> Result<(), TestCaseError> {
    match Push::read(content_type, body) {
        Ok(push) => {
            let _ = (push.order_no(), push.serial_no(), push.bill_no(), push.status(), push.status_meaning());
            let _ = (push.confirm(), push.invoice_result(), push.void_result(), push.scan_application());
            let _ = (push.red_info(), push.red_confirmation());
            // What was read once is read the same again.
            let again = Push::read("application/json", push.raw().to_string().as_bytes());
            prop_assert_eq!(again, Ok(push));
        }
        Err(error) => prop_assert_eq!(error.kind(), ErrorKind::Reply),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(content_type in ".{0,40}", body in prop::collection::vec(any::<u8>(), 0..200)) {
        look(&content_type, &body)?;
    }

    #[test]
    fn what_is_nearly_a_push_is_read_or_refused(content_type in prop::sample::select(vec!["", FORM, "text/json"]), body in near()) {
        look(content_type, &body)?;
    }
}
