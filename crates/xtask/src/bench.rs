//! `cargo xtask bench`: every benchmark that this machine can run, each by its own language's program; then the page that
//! tells what came out. With names it runs these alone and writes nothing.

#![allow(clippy::float_arithmetic, reason = "times and ratios, no money")]

mod aims;
mod page;
mod plot;
pub(crate) mod programs;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use serde::{Deserialize, Serialize};

use crate::run::lines;
use programs::PROGRAMS;

/// What all runs came to; `docs/benchmarks.json` keeps it.
#[derive(Debug, Deserialize, Serialize)]
struct Data {
    /// The machine, the day, the commit, each by its name.
    machine: BTreeMap<String, String>,
    programs: Vec<Program>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Program {
    name: String,
    /// What it ran on, as it said itself; why it did not run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    runtime: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    skipped: Option<String>,
    lines: Vec<Line>,
}

/// One line that a program prints: a comparison, or a figure by itself.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct Line {
    name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    beside: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ours_ns: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    theirs_ns: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ours_bytes: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    theirs_bytes: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ratio: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
}

/// Runs all, or those named.
pub(crate) fn run(root: &Path, names: &[&str]) -> ExitCode {
    if let Some(name) = names.iter().find(|name| PROGRAMS.iter().all(|(known, _)| known != *name)) {
        let known: Vec<&str> = PROGRAMS.iter().map(|(name, _)| *name).collect();
        eprintln!("no benchmark {name}; they are {}", known.join(", "));
        return ExitCode::from(3);
    }
    let mut data = Data { machine: page::machine(root), programs: Vec::new() };
    let mut failed = false;
    for (name, prepare) in PROGRAMS.iter().filter(|(name, _)| names.is_empty() || names.contains(name)) {
        println!("\n== {name}");
        let mut program = Program { name: (*name).to_owned(), runtime: Vec::new(), skipped: None, lines: Vec::new() };
        match prepare(root) {
            Err(programs::Missing::Tool(why)) => {
                println!("skipped: {why}");
                program.skipped = Some(why);
            }
            Err(programs::Missing::Broken(why)) => {
                eprintln!("{name}: {why}");
                failed = true;
            }
            Ok(commands) => {
                for mut command in commands {
                    failed |= !play(&mut command, &mut program);
                }
                failed |= program.lines.is_empty();
            }
        }
        data.programs.push(program);
    }
    let missed = aims::missed(&data);
    missed.iter().for_each(|line| println!("\nmissed: {line}"));
    if failed {
        eprintln!("\na benchmark did not run to its end: nothing is written");
        return ExitCode::FAILURE;
    }
    if !names.is_empty() {
        return ExitCode::SUCCESS;
    }
    match page::write(root, &data) {
        Ok(files) => {
            println!("\nwritten: {}", files.join(", "));
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// Writes the page anew from the figures that are kept, for a change of its words.
pub(crate) fn rewrite(root: &Path) -> ExitCode {
    let kept = fs::read_to_string(root.join(page::DATA)).map_err(|error| format!("{}: {error}", page::DATA));
    let data = kept.and_then(|text| serde_json::from_str::<Data>(&text).map_err(|error| error.to_string()));
    match data.and_then(|data| page::write(root, &data)) {
        Ok(files) => {
            println!("written: {}", files.join(", "));
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// Runs a program and takes its lines; whether it went to its end.
fn play(command: &mut Command, program: &mut Program) -> bool {
    match lines(command.env("NNOPEN_BENCH_JSON", "1"), |line| take(line, program)) {
        Ok(true) => true,
        Ok(false) => {
            eprintln!("{command:?} ended with an error");
            false
        }
        Err(error) => {
            eprintln!("{command:?}: {error}");
            false
        }
    }
}

fn take(text: &str, program: &mut Program) {
    let Ok(told) = serde_json::from_str::<serde_json::Value>(text) else { return };
    if let Some(runtime) = told.get("runtime").and_then(serde_json::Value::as_str) {
        return program.runtime.push(runtime.to_owned());
    }
    if let Ok(line) = serde_json::from_value::<Line>(told)
        && !line.name.is_empty()
    {
        println!("{}", page::plain(&program.name, &line));
        program.lines.push(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_json_are_taken_and_others_let_be() {
        let mut program = Program { name: "php".to_owned(), runtime: Vec::new(), skipped: None, lines: Vec::new() };
        for line in [
            "Timer precision: 20 ns",
            r#"{"runtime":"PHP 8.2.1"}"#,
            r#"{"name":"a body","beside":"hash_hmac","ours_ns":10,"theirs_ns":15,"ratio":1.5}"#,
            r#"{"name":"a batch","value":3.5,"unit":"µs"}"#,
        ] {
            take(line, &mut program);
        }
        assert_eq!(program.runtime, ["PHP 8.2.1"]);
        let told: Vec<(&str, Option<f64>)> =
            program.lines.iter().map(|line| (line.name.as_str(), line.ratio.or(line.value))).collect();
        assert_eq!(told, [("a body", Some(1.5)), ("a batch", Some(3.5))]);
    }
}
