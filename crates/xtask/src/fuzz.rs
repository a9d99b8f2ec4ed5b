//! `cargo xtask fuzz`: every door of `fuzz/` by turns, until so many inputs have been run, with libFuzzer on stable Rust.
//!
//! The short run of all tests (`short`) plays seeds and inputs made from them instead, and needs no C++ compiler.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use crate::test::{Tally, cargo, succeeds};

const RUNS: u64 = 100_000_000;
/// How long a door is open at a time.
const TURN: u64 = 20;
const SHORT: u64 = 20;

/// What cargo-fuzz passes too: counters for each edge, no sanitizer (the core has no unsafe code).
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=3 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table --cfg fuzzing";

struct Options {
    runs: u64,
    seconds: u64,
    targets: Vec<String>,
}

pub(crate) fn run(root: &Path, args: &[&str]) -> ExitCode {
    match options(args).and_then(|options| fuzz(root, &options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// The same inputs in every run, for a few seconds each door.
pub(crate) fn short(root: &Path, tally: &mut Tally) {
    let manifest = root.join("fuzz/Cargo.toml");
    let mut replay = cargo(root, &["run", "--quiet", "--release", "--no-default-features", "--bin", "replay"]);
    replay.arg("--manifest-path").arg(manifest).args(["--", &SHORT.to_string()]);
    tally.one("fuzz, short", succeeds(&mut replay));
}

fn options(args: &[&str]) -> Result<Options, String> {
    let mut options = Options { runs: RUNS, seconds: u64::MAX, targets: Vec::new() };
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let mut number = || args.next().and_then(|number| number.replace('_', "").parse().ok());
        match *arg {
            "--runs" => options.runs = number().ok_or("--runs takes a number")?,
            "--seconds" => {
                options.seconds = number().ok_or("--seconds takes a number")?;
                options.runs = u64::MAX;
            }
            name => options.targets.push(name.to_owned()),
        }
    }
    Ok(options)
}

fn fuzz(root: &Path, options: &Options) -> Result<(), String> {
    let doors = doors(root, &options.targets)?;
    let programs = build(root, &doors)?;
    let corpus = root.join("fuzz/corpus");
    let mut replay = cargo(root, &["run", "--quiet", "--release", "--no-default-features", "--bin", "replay"]);
    replay.arg("--manifest-path").arg(root.join("fuzz/Cargo.toml")).args(["--", "seeds"]).arg(&corpus);
    if !succeeds(&mut replay) {
        return Err("the seeds could not be written".to_owned());
    }
    let begin = Instant::now();
    let mut runs: BTreeMap<&str, u64> = BTreeMap::new();
    let mut found = None;
    'rounds: while runs.values().sum::<u64>() < options.runs && begin.elapsed().as_secs() < options.seconds {
        for door in &doors {
            let all: u64 = runs.values().sum();
            let seconds = options.seconds.saturating_sub(begin.elapsed().as_secs()).min(TURN);
            if all >= options.runs || seconds == 0 {
                break 'rounds;
            }
            let turn = turn(root, &programs.join(door), door, seconds, options.runs - all)?;
            *runs.entry(door).or_default() += turn.runs;
            println!("{door:<18}{:>12} runs in all, {} in {} s", runs[door.as_str()], turn.runs, turn.seconds);
            let _ = io::stdout().flush();
            if turn.failed {
                found = Some(door);
                break 'rounds;
            }
        }
    }
    println!("\n{:<18}{:>12}", "door", "runs");
    runs.iter().for_each(|(door, runs)| println!("{door:<18}{runs:>12}"));
    println!("{:<18}{:>12} in {} s", "all", runs.values().sum::<u64>(), begin.elapsed().as_secs());
    match found {
        None => Ok(()),
        Some(door) => Err(format!("{door}: an input fails; it is in fuzz/artifacts/{door}")),
    }
}

/// The doors that are named, or all: the files of `fuzz/fuzz_targets`.
fn doors(root: &Path, named: &[String]) -> Result<Vec<String>, String> {
    let files = fs::read_dir(root.join("fuzz/fuzz_targets")).map_err(|error| error.to_string())?;
    let names = files.flatten().filter_map(|file| file.file_name().to_str()?.strip_suffix(".rs").map(str::to_owned));
    let mut all: Vec<String> = names.collect();
    all.sort();
    match named.iter().find(|name| !all.contains(name)) {
        Some(name) => Err(format!("{name} is no door; these are: {}", all.join(", "))),
        None if named.is_empty() => Ok(all),
        None => Ok(named.to_vec()),
    }
}

/// Builds the doors with libFuzzer; the folder with the programs.
fn build(root: &Path, doors: &[String]) -> Result<PathBuf, String> {
    let version = Command::new("rustc").arg("-vV").output().map_err(|error| format!("rustc: {error}"))?;
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("rustc tells no host")?;
    let folder = target_folder(root);
    // Naming the host as the target keeps the flags away from build scripts and macros.
    let mut build = cargo(root, &["build", "--release", "--target", host]);
    build.arg("--manifest-path").arg(root.join("fuzz/Cargo.toml")).arg("--target-dir").arg(&folder);
    for door in doors {
        build.args(["--bin", door]);
    }
    if succeeds(build.env("RUSTFLAGS", FLAGS)) {
        Ok(folder.join(host).join("release"))
    } else {
        Err("the doors could not be built: libFuzzer needs a C++ compiler".to_owned())
    }
}

fn target_folder(root: &Path) -> PathBuf {
    let told: Option<OsString> = std::env::var_os("CARGO_TARGET_DIR");
    told.map_or_else(|| root.join("fuzz/target"), PathBuf::from).join("libfuzzer")
}

struct Turn {
    runs: u64,
    seconds: u64,
    failed: bool,
}

/// One door for some seconds.
fn turn(root: &Path, program: &Path, door: &str, seconds: u64, runs: u64) -> Result<Turn, String> {
    let artifacts = root.join("fuzz/artifacts").join(door);
    fs::create_dir_all(&artifacts).map_err(|error| error.to_string())?;
    let begin = Instant::now();
    let output = Command::new(program)
        .arg(root.join("fuzz/corpus").join(door))
        .arg(format!("-artifact_prefix={}/", artifacts.display()))
        .args([format!("-max_total_time={seconds}"), format!("-runs={}", runs.min(i64::MAX as u64 / 2))])
        .args(["-print_final_stats=1", "-reload=0", "-max_len=1536", "-timeout=5", "-rss_limit_mb=1024"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .output()
        .map_err(|error| format!("{}: {error}", program.display()))?;
    let told = String::from_utf8_lossy(&output.stderr);
    let executed = told.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    let runs = executed.and_then(|count| count.trim().parse().ok());
    if !output.status.success() {
        eprintln!("{told}");
    }
    match runs {
        Some(runs) => Ok(Turn { runs, seconds: begin.elapsed().as_secs(), failed: !output.status.success() }),
        None if output.status.success() => Err(format!("{door} does not tell how many inputs it ran")),
        None => Ok(Turn { runs: 0, seconds: begin.elapsed().as_secs(), failed: true }),
    }
}
