//! Every door that outside bytes come through, as a function of bytes that must not panic.
//!
//! An input begins with a line of settings where a door has some (a status, a method, a time); what comes from outside
//! follows it. libFuzzer (`fuzz_targets/`) and the plain program `replay` call the same functions.

mod answers;
pub mod mutate;
mod orders;
mod others;
mod saved;
mod seeds;

use nnopen::{Config, Millis, Session, Stamp};

/// One door.
pub struct Target {
    /// Its name, that of the file in `fuzz_targets/`.
    pub name: &'static str,
    /// Takes in the bytes; panics if something is wrong.
    pub run: fn(&[u8]),
    /// Inputs to begin with, made from `tests/vectors` and `api/`.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// The longest input that is made up.
    pub longest: usize,
}

/// All doors.
pub const TARGETS: &[Target] = &[
    Target { name: "answer", run: answers::answer, seeds: seeds::answers, longest: 1024 },
    Target { name: "token_answer", run: answers::token_answer, seeds: seeds::token_answers, longest: 512 },
    Target { name: "push", run: others::push, seeds: seeds::pushes, longest: 1024 },
    Target { name: "authorize_return", run: others::authorize_return, seeds: seeds::returns, longest: 256 },
    Target { name: "params", run: orders::params, seeds: seeds::params, longest: 1536 },
    Target { name: "order", run: orders::order, seeds: seeds::orders, longest: 1536 },
    Target { name: "snapshot", run: saved::snapshot, seeds: seeds::snapshots, longest: 768 },
    Target { name: "record", run: saved::record, seeds: seeds::records, longest: 768 },
    Target { name: "documents", run: others::documents, seeds: seeds::documents, longest: 1024 },
    Target { name: "data_file", run: others::data_file, seeds: seeds::data_files, longest: 1536 },
    Target { name: "text", run: others::text, seeds: seeds::texts, longest: 256 },
];

/// The door of this name.
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

/// What must never be shown, whatever comes in.
const SECRET: &str = "SD00000000000001";
const PERMANENT: &str = "PERMANENT-TOKEN-1";
const NOW: Millis = Millis(1_700_000_000_000);
const QUERY: &str = "nuonuo.OpeMplatform.queryInvoiceResult";
const ISSUE: &str = "nuonuo.OpeMplatform.requestBillingNew";

fn config() -> Config {
    Config::sandbox("SD00000001", SECRET, "339901999999142")
}

fn session(config: Config) -> Session {
    Session::new(config).expect("the config is good")
}

fn stamp(n: u8) -> Stamp {
    Stamp::new(NOW.after(i64::from(n) * 1000), [n; 20])
}

/// The line of settings, and what follows it.
fn split(data: &[u8]) -> Option<(&str, &[u8])> {
    let at = data.iter().take(100).position(|byte| *byte == b'\n')?;
    Some((std::str::from_utf8(&data[..at]).ok()?, &data[at + 1..]))
}

/// A libFuzzer target that is the door of this name.
#[cfg(feature = "libfuzzer")]
#[macro_export]
macro_rules! libfuzzer {
    ($name:literal) => {
        libfuzzer_sys::fuzz_target!(|data: &[u8]| {
            static DOOR: std::sync::LazyLock<fn(&[u8])> =
                std::sync::LazyLock::new(|| $crate::target($name).expect("a door").run);
            DOOR(data)
        });
        libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, longest: usize, seed: u32| {
            static POOL: std::sync::LazyLock<$crate::mutate::Pool> =
                std::sync::LazyLock::new(|| $crate::mutate::Pool::of($crate::target($name).expect("a door")));
            match $crate::mutate::json(&data[..size], longest, seed.into(), &POOL) {
                Some(made) => {
                    data[..made.len()].copy_from_slice(&made);
                    made.len()
                }
                None => libfuzzer_sys::fuzzer_mutate(data, size, longest),
            }
        });
    };
}
