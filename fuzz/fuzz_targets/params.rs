//! Params as JSON text: checked, and what passes is JSON in the model's order.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nnopen::{Json, Method, Violation};

fuzz_target!(|text: &str| {
    let Ok(params) = Json::parse_params(text) else { return };
    assert_eq!(Json::parse(&params.to_string()), Ok(params.clone()), "what is written is read again");
    for name in ["nuonuo.OpeMplatform.requestBillingNew", "nuonuo.OpeMplatform.queryInvoiceResult"] {
        let Some(method) = Method::find(name) else { continue };
        let refused = method.check(&params).iter().any(Violation::is_error);
        match method.body(&params) {
            Ok(body) => {
                assert!(!refused);
                let again = Json::parse(&body).expect("a body is JSON");
                assert_eq!(method.body(&again).ok().as_deref(), Some(body.as_str()), "a body stays as it is");
            }
            Err(_) => assert!(refused),
        }
    }
});
