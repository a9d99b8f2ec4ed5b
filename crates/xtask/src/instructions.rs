//! How many instructions a few fixed pieces of work take, counted by valgrind: no busy machine and no slow one changes it.
//!
//! The counts that hold stand in `crates/bench/instructions.toml`, with what they depend on. Where that differs nothing
//! can be said, and the part is skipped.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use serde::Deserialize;

use crate::folders::target;
use crate::test::{Tally, cargo, succeeds};

const FILE: &str = "crates/bench/instructions.toml";
const HEAD: &str =
    "# Instructions per turn of each workload in `crates/bench/src/bin/workload.rs`, and what counted them.
# Written by `cargo xtask instructions`; `cargo xtask test instructions` allows 5 % more.
";
const WORKLOADS: [&str; 5] = ["typed", "json", "fill", "sign", "read"];
/// Turns that are counted: what comes before them is counted too, and taken off.
const TURNS: u64 = 10;
/// In per cent.
const MORE: u64 = 5;

#[derive(Deserialize, Eq, PartialEq)]
struct Kept {
    /// Compiler and target, C library, valgrind.
    by: BTreeMap<String, String>,
    counts: BTreeMap<String, u64>,
}

/// Compares what is counted now with what is kept.
pub(crate) fn test(root: &Path, tally: &mut Tally) {
    let kept = fs::read_to_string(root.join(FILE)).ok().and_then(|text| toml::from_str::<Kept>(&text).ok());
    let Some(kept) = kept else { return tally.one("instructions: what is kept can be read", false) };
    let Some(by) = counted_by() else { return tally.skip("instructions (need valgrind)".to_owned()) };
    if by != kept.by {
        println!("kept:  {:?}\nhere:  {by:?}", kept.by);
        return tally.skip("instructions (kept for another toolchain)".to_owned());
    }
    let counts = count(root);
    tally.one("instructions are counted", counts.is_some());
    for (name, now) in counts.into_iter().flatten() {
        let before = kept.counts.get(&name).copied().unwrap_or_default();
        let change = (i128::from(now) - i128::from(before)) * 1000 / i128::from(before.max(1));
        println!(
            "{name:<8} {now:>10} instructions, {before:>10} kept: {}{}.{} %",
            sign(change),
            change.abs() / 10,
            change.abs() % 10
        );
        tally.one(&format!("instructions of {name}"), now * 100 <= before * (100 + MORE));
    }
}

/// Counts, and keeps what is counted.
pub(crate) fn keep(root: &Path) -> ExitCode {
    let Some((by, counts)) = counted_by().zip(count(root)) else {
        eprintln!("valgrind is needed, and a release build");
        return ExitCode::FAILURE;
    };
    let lines = |title: &str, lines: Vec<String>| format!("\n[{title}]\n{}\n", lines.join("\n"));
    let text = HEAD.to_owned()
        + &lines("by", by.iter().map(|(name, value)| format!("{name} = {value:?}")).collect())
        + &lines("counts", counts.iter().map(|(name, count)| format!("{name} = {count}")).collect());
    print!("{text}");
    match fs::write(root.join(FILE), text) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn sign(change: i128) -> &'static str {
    if change < 0 { "-" } else { "+" }
}

/// What the counts depend on; nothing without valgrind.
fn counted_by() -> Option<BTreeMap<String, String>> {
    let rustc = told("rustc", &["-vV"])?;
    let line = |name: &str| rustc.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().to_owned();
    let libc = told("ldd", &["--version"]).unwrap_or_default().lines().next().unwrap_or_default().to_owned();
    // What valgrind's processor can do: the C library copies bytes in other ways where it can do more.
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let can = |flag: &&&str| processor.split_whitespace().any(|word| word == **flag);
    let by = [
        ("rustc", line("release: ")),
        ("target", line("host: ")),
        ("processor", ["sse4_2", "avx", "avx2"].iter().filter(can).copied().collect::<Vec<_>>().join(" ")),
        ("libc", libc),
        ("valgrind", told("valgrind", &["--version"])?.trim().to_owned()),
    ];
    Some(by.map(|(name, value)| (name.to_owned(), value)).into())
}

fn count(root: &Path) -> Option<BTreeMap<String, u64>> {
    if !succeeds(&mut cargo(root, &["build", "--quiet", "--release", "-p", "bench", "--bin", "workload"])) {
        return None;
    }
    let program = target(root).join("release").join("workload");
    WORKLOADS
        .iter()
        .map(|name| {
            let turns = |turns: u64| instructions(&program, name, turns);
            Some(((*name).to_owned(), (turns(TURNS + 1)? - turns(1)?) / TURNS))
        })
        .collect()
}

/// All instructions of one run, as callgrind tells them: `… Collected : 1821387`.
fn instructions(program: &Path, name: &str, turns: u64) -> Option<u64> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(program).arg(name).arg(turns.to_string());
    let output = valgrind.stdin(Stdio::null()).output().ok().filter(|output| output.status.success())?;
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    told.lines().find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok())
}

fn told(program: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
