//! An answer of the token endpoint.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nnopen::{Config, Grant, Millis, Session, Stamp, Step};

fuzz_target!(|data: (u16, &[u8])| {
    let (status, body) = data;
    let session = Session::new(Config::sandbox("SD00000001", "SD00000000000001", "339901999999142")).expect("the config is good");
    let mut call = session.sign_in(Grant::ClientCredentials).expect("the grant is good");
    let now = Millis(1_700_000_000_000);
    assert!(matches!(call.step(&Stamp::new(now, [1; 20])), Ok(Step::Send(_))));
    call.receive(status, body, now).expect("an answer is awaited");
    if let Err(error) = call.step(&Stamp::new(now, [2; 20])) {
        assert!(!format!("{error} {error:?}").contains("SD00000000000001"), "a secret is shown");
    }
    // What was saved can be read again.
    let snapshot = session.snapshot();
    assert!(!snapshot.contains("SD00000000000001") || body.windows(16).any(|part| part == b"SD00000000000001"));
    session.restore(&snapshot).expect("its own snapshot");
});
