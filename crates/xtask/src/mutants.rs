//! `cargo xtask mutants`: takes out one safeguard of the core at a time, in a copy of the sources. Each time a test must
//! fail, else the proof does not hold what it says.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};

use crate::fault::Faults;
use crate::test::{cargo, succeeds};

/// A safeguard, and how it is taken out.
struct Mutant {
    name: &'static str,
    /// What is gone without it.
    takes_out: &'static str,
    /// What stands once in the hand-written sources of the core.
    find: &'static str,
    replace: &'static str,
    /// The test of the core that must fail.
    test: &'static str,
}

const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "ask-first",
        takes_out: "asking what became of a write whose answer was lost: it is sent again at once",
        find: "(Stage::Sending, Failure::MaybeSent) => self.look(now),",
        replace: "(Stage::Sending, Failure::MaybeSent) => Next::Again,",
        test: "settling",
    },
    Mutant {
        name: "ask-first-on-resume",
        takes_out: "asking first when a write is taken up again after a crash",
        find: "Self::new(method, body, Stage::Looking { pauses: 0, failures: 0, known: None }, true)",
        replace: "Self::new(method, body, Stage::Sending, true)",
        test: "settling",
    },
    Mutant {
        name: "grace",
        takes_out: "the time in which a fresh order is not visible yet",
        find: "if now < self.looked_for.unwrap_or(now).after(GRACE) {",
        replace: "if now < self.looked_for.unwrap_or(now) {",
        test: "settling",
    },
    Mutant {
        name: "identity",
        takes_out: "the check whether the invoice found under our order number is ours",
        find: "(!differences.is_empty())",
        replace: "(false && !differences.is_empty())",
        test: "settling",
    },
    Mutant {
        name: "lease",
        takes_out: "waiting for the process that holds the lease",
        find: "(_, Some(lease)) if newer => State::Elsewhere(Other { lease, seen: now, then: Box::new(record.state) }),",
        replace: "(_, Some(_)) if newer => record.state,",
        test: "fleet",
    },
    Mutant {
        name: "lease-before-send",
        takes_out: "looking whether the lease got into the store before the token request leaves",
        find: "(Phase::Claiming(fetch, claim), false) => {",
        replace: "(Phase::Claiming(fetch, claim), false) if true => Phase::Claimed(fetch, claim),\n            \
                  (Phase::Claiming(fetch, claim), false) => {",
        test: "fleet",
    },
    Mutant {
        name: "fence",
        takes_out: "leaving a record alone that somebody else has written since",
        find: "let newer = record.fence > self.fence;",
        replace: "let newer = record.fence > self.fence && false;",
        test: "fleet",
    },
    Mutant {
        name: "ledger",
        takes_out: "the quota of 50 token calls in 30 days",
        find: "match recent.len().checked_sub(TOKEN_CALLS) {",
        replace: "match recent.len().checked_sub(TOKEN_CALLS * 1000) {",
        test: "fleet",
    },
    Mutant {
        name: "ledger-entry",
        takes_out: "the entry of a token call in the ledger",
        find: "        self.join([entry]);\n        entry",
        replace: "        entry",
        test: "fleet",
    },
    Mutant {
        name: "ledger-reserve",
        takes_out: "the token call that is kept for each day to come",
        find: "if spare >= 0 {",
        replace: "if spare >= -1000 {",
        test: "fleet",
    },
    Mutant {
        name: "wipe",
        takes_out: "overwriting a secret's memory when it is dropped",
        find: "    bytes.resize(bytes.capacity(), 0);\n",
        replace: "",
        test: "memory",
    },
    Mutant {
        name: "clean",
        takes_out: "taking secrets out of the rows of an order that failed",
        find: "Json::List(rows).with_texts(&|text| session.clean(text))",
        replace: "Json::List(rows).with_texts(&|text| if false { session.clean(text) } else { text.to_owned() })",
        test: "echoes",
    },
];

const CORE: &str = "crates/core/src";
/// What the copy is made of.
const COPIED: [&str; 7] =
    ["Cargo.toml", "Cargo.lock", "crates", "bindings", "examples", "tests/conformance", "tests/secrets"];

/// Each safeguard stands in the sources as the table says, once.
pub(crate) fn lint(root: &Path, faults: &mut Faults) {
    let sources = sources(&root.join(CORE));
    if sources.is_empty() {
        return;
    }
    for mutant in MUTANTS {
        match places(&sources, mutant).as_slice() {
            [_] => {}
            found => {
                let what = format!("stands {} times in {CORE}, not once: {}", found.len(), mutant.find);
                faults.add("crates/xtask/src/mutants.rs", mutant.name, what);
            }
        }
    }
}

pub(crate) fn run(root: &Path, names: &[&str]) -> ExitCode {
    let chosen: Vec<&Mutant> = MUTANTS.iter().filter(|it| names.is_empty() || names.contains(&it.name)).collect();
    match chosen.is_empty() {
        true => Err(format!("these are: {}", MUTANTS.iter().map(|mutant| mutant.name).collect::<Vec<_>>().join(", "))),
        false => play(root, &chosen),
    }
    .unwrap_or_else(|why| {
        eprintln!("{why}");
        ExitCode::FAILURE
    })
}

fn play(root: &Path, chosen: &[&Mutant]) -> Result<ExitCode, String> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let copy = target.join("mutants");
    for part in COPIED {
        copy_all(&root.join(part), &copy.join(part)).map_err(|error| format!("{part}: {error}"))?;
    }
    let sources = sources(&copy.join(CORE));
    let mut tests: Vec<&str> = chosen.iter().map(|mutant| mutant.test).collect();
    tests.sort_unstable();
    tests.dedup();
    for test in tests {
        if !passes(&copy, test) {
            return Err(format!("{test} fails as it is: nothing is to be learnt from taking something out"));
        }
    }
    let mut survivors = 0;
    for mutant in chosen {
        let [file] = places(&sources, mutant)[..] else { return Err(format!("{}: not found once", mutant.name)) };
        let text = fs::read_to_string(file).map_err(|error| error.to_string())?;
        fs::write(file, text.replace(mutant.find, mutant.replace)).map_err(|error| error.to_string())?;
        let built = builds(&copy, mutant.test);
        let survives = built && passes(&copy, mutant.test);
        fs::write(file, text).map_err(|error| error.to_string())?;
        let told = match (built, survives) {
            (false, _) => "does not compile",
            (true, true) => "SURVIVES",
            (true, false) => "is noticed",
        };
        println!("{:<22}{told:<18}{} ({})", mutant.name, mutant.takes_out, mutant.test);
        survivors += usize::from(survives || !built);
    }
    println!("{} taken out one at a time, {} noticed", chosen.len(), chosen.len() - survivors);
    Ok(if survivors == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn builds(copy: &Path, test: &str) -> bool {
    succeeds(
        quiet(copy, &["test", "--quiet", "-p", "nnopen", "--test", test, "--no-run"]).env("RUSTFLAGS", "-Awarnings"),
    )
}

fn passes(copy: &Path, test: &str) -> bool {
    succeeds(quiet(copy, &["test", "--quiet", "-p", "nnopen", "--test", test]).env("RUSTFLAGS", "-Awarnings"))
}

fn quiet(copy: &Path, args: &[&str]) -> std::process::Command {
    let mut command = cargo(copy, args);
    command.arg("--target-dir").arg(copy.join("target")).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// The files in which a safeguard stands, once for each time.
fn places<'a>(sources: &'a [PathBuf], mutant: &Mutant) -> Vec<&'a Path> {
    let count = |file: &PathBuf| fs::read_to_string(file).map_or(0, |text| text.matches(mutant.find).count());
    sources.iter().flat_map(|file| std::iter::repeat_n(file.as_path(), count(file))).collect()
}

/// The hand-written sources below a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut found: Vec<PathBuf> = entries
        .flat_map(|path| match path.is_dir() {
            true if path.ends_with("src/api") => Vec::new(),
            true => sources(&path),
            false => vec![path],
        })
        .collect();
    found.sort();
    found
}

/// Copies what has changed, so that little is built anew.
fn copy_all(from: &Path, to: &Path) -> std::io::Result<()> {
    if from.is_dir() {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from)? {
            let name = entry?.file_name();
            if !["node_modules", "target", ".venv", "vendor"].iter().any(|left| name == *left) {
                copy_all(&from.join(&name), &to.join(&name))?;
            }
        }
        return Ok(());
    }
    fs::create_dir_all(to.parent().unwrap_or(to))?;
    let bytes = fs::read(from)?;
    if fs::read(to).is_ok_and(|old| old == bytes) { Ok(()) } else { fs::write(to, bytes) }
}
