//! Plays each door's seeds, then inputs made from them, the same in every run: a short run that needs no libFuzzer.
//!
//! `replay SECONDS` for all doors together; `replay seeds FOLDER` writes the seeds, a folder for each door;
//! `replay TARGET FILE…` runs files.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{env, fs};

use nnopen_fuzz::mutate::{self, Pool, Random};
use nnopen_fuzz::{TARGETS, Target, target};

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["seeds", folder] => write_seeds(Path::new(folder)),
        [seconds] if seconds.parse::<u32>().is_ok() => play(seconds.parse().unwrap_or(20)),
        [name, files @ ..] if target(name).is_some() => run_files(name, files),
        _ => {
            eprintln!("replay SECONDS | replay seeds FOLDER | replay TARGET FILE…");
            ExitCode::from(3)
        }
    }
}

fn play(seconds: u32) -> ExitCode {
    let each = Duration::from_secs(seconds.into()) / TARGETS.len() as u32;
    let mut all = 0;
    for target in TARGETS {
        match play_one(target, each) {
            Ok(runs) => {
                println!("{:<18}{runs:>12}", target.name);
                all += runs;
            }
            Err(input) => {
                let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("artifacts/{}/replay", target.name));
                let _ = fs::create_dir_all(file.parent().unwrap_or(Path::new("")));
                let _ = fs::write(&file, &input);
                eprintln!("{}: failed, see {}\n{}", target.name, file.display(), String::from_utf8_lossy(&input));
                return ExitCode::FAILURE;
            }
        }
    }
    println!("{:<18}{all:>12}", "all");
    ExitCode::SUCCESS
}

/// How many inputs it took within the time; or the one that it failed on.
fn play_one(target: &Target, time: Duration) -> Result<u64, Vec<u8>> {
    let begin = Instant::now();
    let seeds = (target.seeds)();
    let pool = Pool::of(target);
    let mut random = Random::new(1);
    let mut runs = 0;
    let run = |input: &[u8]| catch_unwind(AssertUnwindSafe(|| (target.run)(input)));
    for seed in &seeds {
        run(seed).map_err(|_| seed.clone())?;
        runs += 1;
    }
    while runs % 64 != 0 || begin.elapsed() < time {
        let seed = &seeds[random.below(seeds.len())];
        let longest = target.longest.max(seed.len());
        let input = mutate::json(seed, longest, random.below(usize::MAX) as u64, &pool);
        let input = input.unwrap_or_else(|| mutate::bytes(seed, longest, &mut random));
        run(&input).map_err(|_| input)?;
        runs += 1;
    }
    Ok(runs)
}

fn write_seeds(folder: &Path) -> ExitCode {
    for target in TARGETS {
        let folder = folder.join(target.name);
        fs::create_dir_all(&folder).expect("a folder");
        for (at, seed) in (target.seeds)().iter().enumerate() {
            fs::write(folder.join(format!("seed-{at}")), seed).expect("a file");
        }
    }
    ExitCode::SUCCESS
}

fn run_files(name: &str, files: &[&str]) -> ExitCode {
    let run = target(name).expect("a door").run;
    files.iter().for_each(|file| run(&fs::read(file).expect("a file")));
    println!("{} files", files.len());
    ExitCode::SUCCESS
}
