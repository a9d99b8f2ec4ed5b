//! Several processes that share one token through a store, and a platform where each new token voids the one before: those
//! of a company's own application, which fetch by key and secret, and those of a service provider, which refresh until
//! the merchant has to authorise anew. Everything that can go wrong does: lost answers of platform and store, swaps that
//! arrive late, processes killed at any step, clocks five minutes off, other systems that void the token.
//!
//! One seed is one run. `NNOPEN_FLEET_SEEDS=100000 cargo test -p nnopen --test fleet` plays more of them.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test; the environment says how long it runs")]

mod model;
mod profile;

use model::Fleet;
use nnopen::Json;
use profile::Profile;

const START: i64 = 1_700_000_000_000;
const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const DAY: i64 = 24 * 60 * MINUTE;
/// What the platform takes.
const QUOTA: usize = 50;
const WINDOW: i64 = 30 * DAY;
/// A lease; and how long one is left alone that a wrong clock takes for over.
const LEASE: i64 = 90 * SECOND;
const OVERDUE: i64 = 10 * SECOND;

#[test]
fn whatever_happens_the_quota_holds_one_fetches_and_every_call_ends() {
    let seeds = std::env::var("NNOPEN_FLEET_SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(100);
    let mut told = Told::default();
    for seed in 0..seeds {
        let mut fleet = Fleet::new(seed, Profile::of(seed));
        fleet.run(3_000);
        fleet.recovers();
        told.add(&fleet);
    }
    println!("{seeds} seeds: {told:?}");
    let met = [told.fetches, told.redeemed, told.refreshed, told.overlaps, told.crashes, told.full];
    assert!(!met.contains(&0), "too tame: {told:?}");
}

#[test]
fn one_fetch_serves_the_whole_fleet_and_a_rejected_token_is_replaced_once() {
    for seed in 0..50 {
        let mut fleet = Fleet::new(seed, Profile::calm(8));
        fleet.all_call_once();
        assert_eq!(fleet.platform.calls.len(), 1, "seed {seed}");
        fleet.platform.valid = "another system's".to_owned();
        fleet.all_call_once();
        assert_eq!(fleet.platform.calls.len(), 2, "seed {seed}");
        assert_eq!((fleet.done, fleet.failed), (16, 0), "seed {seed}");
    }
}

#[test]
fn a_dead_holder_is_taken_over_after_the_lease() {
    let mut fleet = Fleet::new(1, Profile::calm(2));
    // The first process is killed when the request has left.
    while fleet.platform.calls.is_empty() {
        fleet.act(0, 0);
        fleet.now += 1;
    }
    fleet.kill(0);
    let killed = fleet.now;
    while fleet.done == 0 {
        fleet.act(1, 0);
        fleet.now += 50;
        assert!(fleet.now - killed < LEASE + 5 * SECOND, "nobody takes over");
    }
    assert!(fleet.now - killed >= LEASE - SECOND, "taken over too early");
    assert_eq!(fleet.platform.calls.len(), 2);
}

#[test]
fn a_store_whose_answers_are_lost_uses_up_no_token_calls() {
    let mut fleet = Fleet::new(1, Profile::calm(1));
    fleet.profile.lost_swaps = 1000;
    for _ in 0..2_000 {
        fleet.act(0, 0);
        fleet.now += 20;
    }
    assert!(fleet.failed > 60, "{} calls have failed", fleet.failed);
    fleet.profile.lost_swaps = 0;
    fleet.all_call_once();
    assert_eq!((fleet.platform.calls.len(), fleet.done), (1, 1));
    let record = Json::parse(std::str::from_utf8(&fleet.store.bytes).unwrap()).unwrap();
    assert_eq!(record.get("fetched").unwrap().items().len(), 1);
}

#[test]
fn two_systems_that_void_each_other_s_tokens_leave_a_token_call_for_every_day() {
    let mut fleet = Fleet::new(1, Profile::calm(3));
    for _ in 0..31 * 24 * 6 {
        fleet.all_call_once();
        fleet.platform.valid = "another system's".to_owned();
        fleet.now += 10 * MINUTE;
    }
    for day in 0..30 {
        let start = START + day * DAY;
        let calls = fleet.platform.calls.iter().filter(|call| (start..start + DAY).contains(call)).count();
        assert!((1..=20).contains(&calls), "{calls} token calls on day {day}");
    }
}

#[test]
fn a_clock_that_is_ahead_does_not_shorten_the_window() {
    let mut fleet = Fleet::new(1, Profile { lasts: 30, ..Profile::calm(2) });
    (fleet.processes[0].skew, fleet.processes[1].skew) = (-5 * MINUTE, 5 * MINUTE);
    while fleet.platform.calls.len() < QUOTA {
        fleet.act(0, 0);
        fleet.now += 100;
    }
    fleet.now = fleet.platform.calls[0] + WINDOW - 9 * MINUTE;
    // A call in the window fails the platform.
    for _ in 0..100 {
        fleet.act(1, 0);
        fleet.now += 100;
    }
    fleet.now += 30 * MINUTE;
    fleet.all_call_once();
    assert!(fleet.platform.calls.len() > QUOTA);
}

/// What was met, over all seeds.
#[derive(Debug, Default)]
#[allow(dead_code, reason = "printed")]
struct Told {
    fetches: usize,
    redeemed: usize,
    refreshed: usize,
    overlaps: usize,
    crashes: usize,
    done: usize,
    failed: usize,
    /// Runs in which the quota was used up.
    full: usize,
}

impl Told {
    fn add(&mut self, fleet: &Fleet) {
        self.fetches += fleet.platform.calls.len();
        self.redeemed += fleet.platform.redeemed;
        self.refreshed += fleet.platform.refreshed;
        self.overlaps += fleet.overlaps;
        self.crashes += fleet.crashes;
        self.done += fleet.done;
        self.failed += fleet.failed;
        let calls = &fleet.platform.calls;
        self.full += usize::from(calls.windows(QUOTA).any(|window| window[QUOTA - 1] - window[0] < WINDOW));
    }
}
