//! An answer to a read and to a write, through a call and alone.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nnopen::{Config, Json, Method, Millis, Session, Stamp, Step};

fuzz_target!(|data: (u16, &[u8])| {
    let (status, body) = data;
    for name in ["nuonuo.OpeMplatform.requestBillingNew", "nuonuo.OpeMplatform.queryInvoiceResult", "unknown"] {
        let _ = Method::read_as(name, status, body);
    }
    let mut config = Config::sandbox("SD00000001", "SD00000000000001", "339901999999142");
    config.permanent_token = Some("token".into());
    let session = Session::new(config).expect("the config is good");
    let params = Json::parse(r#"{"orderNos":["A-1"]}"#).expect("it is JSON");
    let mut call = session.poll_json("nuonuo.OpeMplatform.queryInvoiceResult", &params).expect("the params are good");
    let now = Millis(1_700_000_000_000);
    assert!(matches!(call.step(&Stamp::new(now, [1; 20])), Ok(Step::Send(_))));
    call.receive(status, body, now).expect("an answer is awaited");
    if let Err(error) = call.step(&Stamp::new(now, [2; 20])) {
        let text = format!("{error} {error:?}");
        assert!(!text.contains("SD00000000000001"), "a secret is shown");
    }
});
