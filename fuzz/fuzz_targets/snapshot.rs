//! A token snapshot from a file that somebody else may have written.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nnopen::{Config, Grant, Millis, Session, Stamp};

fuzz_target!(|data: (i64, &str)| {
    let (now, snapshot) = data;
    let session = Session::new(Config::sandbox("SD00000001", "SD00000000000001", "339901999999142")).expect("the config is good");
    if session.restore(snapshot).is_ok() {
        let _ = format!("{session:?}");
        let mut call = session.sign_in(Grant::ClientCredentials).expect("the grant is good");
        let _ = call.step(&Stamp::new(Millis(now), [1; 20]));
        session.restore(&session.snapshot()).ok();
    }
});
