//! The simulator in a process of its own, under a clock and a weather.
//!
//! It prints its address; then it answers each line of its input: `tally` with what was counted, `void` by ending all
//! tokens, `slow N` by holding back the answers of the token endpoint for so many real milliseconds from now on.

use std::io::{self, BufRead, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use nnopen_simulator::{Fault, FaultRule, Options, Simulator};
use serde_json::json;

use crate::clock::Days;
use crate::weather::Weather;

/// Serves until its input ends.
pub(crate) fn run(days: Days, seed: u64, chance: u32, voids: bool) -> io::Result<()> {
    let options = Options { accept_repeats: true, keep_requests: 0, ..Options::default() };
    let simulator = Arc::new(Simulator::start(options)?);
    simulator.clock().follow(move || days.now());
    let weather = Arc::new(Mutex::new(Weather::new(days, seed, chance)));
    let slow = Arc::new(Mutex::new(None));
    let (shared, slowed) = (Arc::clone(&weather), Arc::clone(&slow));
    simulator.faults().weather(move |target| {
        let met = lock(&shared).meet(target);
        let slow = *lock(&slowed);
        met.or_else(|| slow.filter(|_| target == "accessToken").map(|millis| FaultRule::new(Fault::Slow(millis))))
    });
    if voids {
        let (simulator, weather) = (Arc::clone(&simulator), Arc::clone(&weather));
        std::thread::spawn(move || void(days, seed, &simulator, &weather));
    }
    say(&json!(simulator.url()))?;
    for line in io::stdin().lock().lines() {
        let line = line?;
        match line.split_once(' ').unwrap_or((&line, "")) {
            ("tally", _) => say(&lock(&weather).json())?,
            ("void", _) => {
                simulator.void_tokens();
                say(&json!("voided"))?;
            }
            ("slow", millis) => {
                *lock(&slow) = millis.parse().ok().filter(|millis| *millis > 0);
                say(&json!("slow"))?;
            }
            _ => say(&json!(null))?,
        }
    }
    Ok(())
}

/// Every few days, at a random moment, the token ends before its time, or one call is told so.
fn void(days: Days, seed: u64, simulator: &Simulator, weather: &Mutex<Weather>) {
    let mut luck = fastrand::Rng::with_seed(seed ^ 0x5eed);
    for turn in 0.. {
        // Every other night, now and then the one after: at most 15 in 30 days.
        let night = i64::try_from(turn * 2 + turn / 7).unwrap_or(i64::MAX);
        while days.nights() < night {
            std::thread::sleep(Duration::from_millis(20));
        }
        std::thread::sleep(Duration::from_millis(luck.u64(0..days.left().max(1).unsigned_abs())));
        let mut weather = lock(weather);
        match turn % 2 {
            0 => simulator.void_tokens(),
            _ => weather.reject = true,
        }
        weather.voided(turn);
    }
}

fn say(what: &serde_json::Value) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{what}")?;
    out.flush()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
