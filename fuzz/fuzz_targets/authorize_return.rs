//! What a browser brings back from the authorize page.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nnopen::{Config, Returned, Session};

fuzz_target!(|url: &str| {
    let session = Session::new(Config::sandbox("SD00000001", "SD00000000000001", "339901999999142")).expect("the config is good");
    if let Ok(Returned::Granted(_)) = session.read_return(url, "a-state-nobody-guesses") {
        assert!(url.contains("state"), "granted without a state");
    }
});
