//! A snapshot (of a token, a call, a batch) from a file that somebody else may have written.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nnopen::{BatchRules, Config, Grant, Millis, Session, Stamp};

fuzz_target!(|data: (i64, &str)| {
    let (now, snapshot) = data;
    let session = Session::new(Config::sandbox("SD00000001", "SD00000000000001", "339901999999142")).expect("the config is good");
    if session.restore(snapshot).is_ok() {
        let _ = format!("{session:?}");
        let mut call = session.sign_in(Grant::ClientCredentials).expect("the grant is good");
        let _ = call.step(&Stamp::new(Millis(now), [1; 20]));
        session.restore(&session.snapshot()).ok();
    }
    if let Ok(mut call) = session.resume_json(snapshot) {
        let _ = call.step(&Stamp::new(Millis(now), [2; 20]));
        let _ = call.snapshot();
    }
    let mut batch =
        session.follow("nuonuo.OpeMplatform.queryInvoiceResult", BatchRules::default()).expect("the rules are good");
    if batch.resume(snapshot, Millis(now)).is_ok() {
        let _ = batch.step(&Stamp::new(Millis(now), [3; 20]));
        let _ = batch.snapshot();
    }
});
