//! What the host kept and gives back: snapshots, the record of a shared token.

use nnopen::{BatchRules, Grant, Json, Millis, Step};

use crate::{QUERY, config, session, split, stamp};

/// A time, then a snapshot (of a token, a call, a batch) from a file that somebody else may have written.
pub(crate) fn snapshot(data: &[u8]) {
    let Some((now, text)) = split(data) else { return };
    let (Ok(now), Ok(text)) = (now.parse().map(Millis), std::str::from_utf8(text)) else { return };
    let session = session(config());
    let stamp = |n| nnopen::Stamp::new(now, [n; 20]);
    if session.restore(text).is_ok() {
        let saved = session.snapshot();
        session.restore(&saved).expect("its own snapshot");
        let mut call = session.sign_in(Grant::ClientCredentials).expect("the grant is good");
        let _ = call.step(&stamp(1));
        let _ = session.snapshot();
    }
    if let Ok(mut call) = session.resume_json(text) {
        let kept = call.snapshot();
        let again = session.resume_json(&kept).expect("its own snapshot");
        assert_eq!(again.snapshot(), kept, "a kept call that changes");
        let _ = call.step(&stamp(2));
        let _ = call.snapshot();
    }
    let mut batch = session.follow(QUERY, BatchRules::default()).expect("the rules are good");
    if let Ok(count) = batch.resume(text, now) {
        assert_eq!(batch.progress().pending, count);
        let mut other = session.follow(QUERY, BatchRules::default()).expect("the rules are good");
        assert_eq!(other.resume(&batch.snapshot(), now).ok(), Some(count), "a kept order is forgotten");
        let _ = batch.step(&stamp(3));
    }
}

/// A version, then the record of a shared token, as it stands in a store.
pub(crate) fn record(data: &[u8]) {
    let Some((version, bytes)) = split(data) else { return };
    let Ok(version) = version.parse() else { return };
    let mut config = config();
    config.shared = true;
    let session = session(config);
    let mut call = session.call_raw(QUERY, "{}").expect("a call");
    let mut sent = 0;
    for n in 1..12 {
        let stamp = stamp(n);
        let told = match call.step(&stamp) {
            Ok(Step::Load) => call.loaded(version, bytes, stamp.now),
            Ok(Step::Swap { version: replaced, bytes }) => {
                assert!(replaced == version || sent > 0, "a swap of what was never loaded");
                Json::parse(std::str::from_utf8(&bytes).expect("UTF-8")).expect("a record is JSON");
                call.swapped(n % 3 != 0, stamp.now)
            }
            Ok(Step::Send(_)) => {
                sent += 1;
                let body = if n % 2 == 0 { bytes } else { br#"{"access_token":"ACCESS-1","expires_in":"86400"}"# };
                call.receive(200, body, stamp.now)
            }
            Ok(Step::Wait(until)) => {
                assert!(until > stamp.now && until.since(stamp.now) <= 2_000, "a wait of {}", until.since(stamp.now));
                Ok(())
            }
            Ok(Step::Done(_)) | Err(_) => return,
        };
        told.expect("it was awaited");
    }
}
