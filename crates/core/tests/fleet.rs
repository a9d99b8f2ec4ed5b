//! Several processes that share one token through a store, and a platform where each new token voids the one before.
//! Everything that can go wrong does: lost answers of platform and store, swaps that arrive late, processes killed at any
//! step, clocks five minutes off, other systems that void the token.
//!
//! One seed is one run. `NNOPEN_FLEET_SEEDS=100000 cargo test -p nnopen --test fleet` plays more of them.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test; the environment says how long it runs")]

use nnopen::{Call, Config, ErrorKind, Failure, Json, Millis, Session, Stamp, Step};

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
const MOST_ACTIONS_OF_A_CALL: usize = 2_000;

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
    assert!(told.fetches > 0 && told.crashes > 0 && told.overlaps > 0 && told.full > 0, "too tame: {told:?}");
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

/// How bad it gets: chances in a thousand, for each action.
#[derive(Clone, Debug)]
struct Profile {
    processes: usize,
    skew: i64,
    lost_answers: u64,
    not_sent: u64,
    denied: u64,
    lost_loads: u64,
    lost_swaps: u64,
    late_swaps: u64,
    kills: u64,
    drops: u64,
    voids: u64,
    /// How long a token lasts, in seconds.
    lasts: u64,
    /// How far the time moves, as a power of two of milliseconds.
    pace: u64,
}

impl Profile {
    fn calm(processes: usize) -> Self {
        Self {
            processes,
            skew: 0,
            lost_answers: 0,
            not_sent: 0,
            denied: 0,
            lost_loads: 0,
            lost_swaps: 0,
            late_swaps: 0,
            kills: 0,
            drops: 0,
            voids: 0,
            lasts: 86_400,
            pace: 8,
        }
    }

    fn of(seed: u64) -> Self {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        if seed.is_multiple_of(5) {
            // Nothing but short tokens: the quota is used up without any repair.
            let processes = 2 + random.below(3) as usize;
            let pace = [8, 12, 16, 20][random.below(4) as usize];
            let skew = 5 * MINUTE * random.below(2) as i64;
            return Self {
                lasts: [30, 600][random.below(2) as usize],
                pace,
                skew,
                not_sent: 50,
                ..Self::calm(processes)
            };
        }
        let mut some = |most: u64| if random.below(2) == 0 { 0 } else { random.below(most + 1) };
        Self {
            skew: if some(1) == 0 { 0 } else { 5 * MINUTE },
            lost_answers: some(300),
            not_sent: some(100),
            denied: some(30),
            lost_loads: some(200),
            lost_swaps: some(300),
            late_swaps: some(100),
            kills: some(20),
            drops: some(30),
            voids: some(100),
            lasts: [86_400, 86_400, 1_200, 30][random.below(4) as usize],
            pace: [8, 12, 16, 20, 24][random.below(5) as usize],
            processes: 2 + random.below(3) as usize,
        }
    }
}

/// What was met, over all seeds.
#[derive(Debug, Default)]
#[allow(dead_code, reason = "printed")]
struct Told {
    fetches: usize,
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
        self.overlaps += fleet.overlaps;
        self.crashes += fleet.crashes;
        self.done += fleet.done;
        self.failed += fleet.failed;
        let calls = &fleet.platform.calls;
        self.full += usize::from(calls.windows(QUOTA).any(|window| window[QUOTA - 1] - window[0] < WINDOW));
    }
}

struct Fleet {
    seed: u64,
    profile: Profile,
    random: Random,
    now: i64,
    store: Store,
    platform: Platform,
    processes: Vec<Process>,
    crashes: usize,
    overlaps: usize,
    done: usize,
    failed: usize,
}

#[derive(Default)]
struct Store {
    version: u64,
    bytes: Vec<u8>,
    /// Swaps that were given up but have not arrived yet.
    late: Vec<(u64, Vec<u8>)>,
}

struct Platform {
    /// When token calls arrived.
    calls: Vec<i64>,
    valid: String,
    /// Token requests without an answer yet, and when their lease was asked for.
    open: Vec<(u64, i64)>,
}

struct Process {
    session: Session,
    skew: i64,
    calls: [Slot; 2],
}

struct Slot {
    id: u64,
    call: Option<Call<Json>>,
    pending: Pending,
    wakes: i64,
    actions: usize,
    /// When it asked for the lease.
    claimed: i64,
}

enum Pending {
    Nothing,
    Load,
    Swap(u64, Vec<u8>),
    /// The answer to a token request that has left.
    Token(String),
    /// The answer to a question that has left with this token.
    Answer(String),
}

impl Store {
    fn swap(&mut self, version: u64, bytes: Vec<u8>) -> bool {
        let fits = version == self.version;
        if fits {
            (self.version, self.bytes) = (version + 1, bytes);
        }
        fits
    }
}

impl Fleet {
    fn new(seed: u64, profile: Profile) -> Self {
        let mut random = Random(seed.wrapping_add(77).wrapping_mul(0x2545_F491_4F6C_DD1D) | 1);
        let processes = (0..profile.processes)
            .map(|_| {
                let skew =
                    if profile.skew == 0 { 0 } else { [-profile.skew, 0, profile.skew][random.below(3) as usize] };
                Process { session: session(), skew, calls: [Slot::new(), Slot::new()] }
            })
            .collect();
        let platform = Platform { calls: Vec::new(), valid: String::new(), open: Vec::new() };
        Self {
            seed,
            profile,
            random,
            now: START,
            store: Store::default(),
            platform,
            processes,
            crashes: 0,
            overlaps: 0,
            done: 0,
            failed: 0,
        }
    }

    fn run(&mut self, actions: usize) {
        for _ in 0..actions {
            if self.chance(self.profile.voids) {
                self.platform.valid = format!("another system's {}", self.now);
            }
            let late = self.store.late.len() as u64;
            if late > 0 && self.random.below(4) == 0 {
                let (version, bytes) = self.store.late.remove(self.random.below(late) as usize);
                self.store.swap(version, bytes);
            }
            let process = self.random.below(self.processes.len() as u64) as usize;
            if self.chance(self.profile.kills) {
                self.kill(process);
            }
            let slot = self.random.below(2) as usize;
            self.act(process, slot);
            // Mostly a little time passes, now and then a lot.
            let power =
                if self.random.below(20) == 0 { self.profile.pace + 6 } else { self.random.below(self.profile.pace) };
            self.now += 1 + self.random.below(1 << power) as i64;
        }
    }

    /// When all is well again and the quota is free, every process gets on.
    fn recovers(&mut self) {
        let processes = self.processes.len();
        self.profile = Profile { lasts: 86_400, ..Profile::calm(processes) };
        self.store.late.clear();
        self.now += WINDOW + DAY;
        // What was under way comes to its end first.
        self.all_call_once();
        self.now += DAY * 2;
        let failed = self.failed;
        self.all_call_once();
        assert_eq!(self.failed, failed, "seed {}: no token even when all is well", self.seed);
    }

    /// Each process brings the call under way to its end, or a new one.
    fn all_call_once(&mut self) {
        let mut ended = vec![false; self.processes.len()];
        while ended.contains(&false) {
            let process = self.random.below(ended.len() as u64) as usize;
            if !ended[process] {
                let before = self.done + self.failed;
                self.act(process, 0);
                ended[process] = self.done + self.failed > before;
            }
            self.now += 1 + self.random.below(100) as i64;
        }
    }

    /// SIGKILL: nothing is told, nothing is cleaned up. A new process takes its place.
    fn kill(&mut self, process: usize) {
        let dead = &mut self.processes[process];
        let calls = std::mem::replace(&mut dead.calls, [Slot::new(), Slot::new()]);
        for slot in calls {
            // A swap that has left may arrive all the same.
            if let Pending::Swap(version, bytes) = slot.pending {
                self.store.late.push((version, bytes));
            }
            self.platform.open.retain(|(id, _)| *id != slot.id);
            std::mem::forget(slot.call);
        }
        std::mem::forget(std::mem::replace(&mut dead.session, session()));
        self.crashes += 1;
    }

    /// One action of one call: a step, or the answer to what was asked.
    fn act(&mut self, process: usize, slot: usize) {
        let skew = self.processes[process].skew;
        let local = Millis(self.now + skew);
        if self.chance(self.profile.drops) {
            let dropped = std::mem::replace(&mut self.processes[process].calls[slot], Slot::new());
            if let Pending::Swap(version, bytes) = dropped.pending {
                self.store.late.push((version, bytes));
            }
            self.platform.open.retain(|(id, _)| *id != dropped.id);
            return;
        }
        let pending = std::mem::replace(&mut self.processes[process].calls[slot].pending, Pending::Nothing);
        let told = match pending {
            Pending::Nothing => return self.step(process, slot, local),
            Pending::Load if self.chance(self.profile.lost_loads) => {
                self.call(process, slot).store_failed("the store is away", local)
            }
            Pending::Load => {
                let (version, bytes) = (self.store.version, self.store.bytes.clone());
                self.call(process, slot).loaded(version, &bytes, local)
            }
            Pending::Swap(version, bytes) if self.chance(self.profile.late_swaps) => {
                self.store.late.push((version, bytes));
                self.call(process, slot).store_failed("timed out", local)
            }
            Pending::Swap(version, bytes) => {
                let lost = self.chance(self.profile.lost_swaps);
                if lost && self.random.below(2) == 0 {
                    self.call(process, slot).store_failed("the store is away", local)
                } else {
                    let stored = self.store.swap(version, bytes);
                    let call = self.call(process, slot);
                    if lost { call.store_failed("timed out", local) } else { call.swapped(stored, local) }
                }
            }
            Pending::Token(answer) => {
                let id = self.processes[process].calls[slot].id;
                self.platform.open.retain(|(open, _)| *open != id);
                let lost = self.chance(self.profile.lost_answers);
                let call = self.call(process, slot);
                if lost {
                    call.fail(Failure::MaybeSent, "timed out", local)
                } else {
                    call.receive(200, answer.as_bytes(), local)
                }
            }
            Pending::Answer(token) => {
                let answer = if token == self.platform.valid {
                    r#"{"code":"E0000","result":[]}"#
                } else {
                    r#"{"code":"070301","describe":"accessToken"}"#
                };
                self.call(process, slot).receive(200, answer.as_bytes(), local)
            }
        };
        told.expect("it was awaited");
    }

    fn step(&mut self, process: usize, slot: usize, local: Millis) {
        let entropy = self.random.bytes();
        let Process { session, calls, .. } = &mut self.processes[process];
        let slot = &mut calls[slot];
        if self.now < slot.wakes {
            return;
        }
        let call = slot.call.get_or_insert_with(|| {
            let params = Json::parse(r#"{"orderNos":["A-1"]}"#).unwrap();
            session.call_json("nuonuo.OpeMplatform.queryInvoiceResult", &params).unwrap()
        });
        slot.actions += 1;
        assert!(slot.actions < MOST_ACTIONS_OF_A_CALL, "seed {}: a call does not come to an end", self.seed);
        match call.step(&Stamp::new(local, entropy)) {
            Ok(Step::Load) => slot.pending = Pending::Load,
            Ok(Step::Swap { version, bytes }) => {
                slot.pending = Pending::Swap(version, bytes);
                slot.claimed = self.now;
            }
            Ok(Step::Wait(until)) => {
                let wait = until.since(local);
                assert!((1..=2 * SECOND).contains(&wait), "seed {}: waits {wait} ms", self.seed);
                slot.wakes = self.now + wait;
            }
            Ok(Step::Send(request)) if request.body.starts_with("client_id") => {
                let id = slot.id;
                self.token_request(process, id);
            }
            Ok(Step::Send(request)) => {
                let token = request.headers.iter().find(|(name, _)| *name == "accessToken");
                slot.pending = Pending::Answer(token.map(|(_, token)| token.clone()).unwrap_or_default());
            }
            Ok(Step::Done(_)) => {
                self.done += 1;
                *slot = Slot::new();
            }
            Err(error) => {
                self.failed += 1;
                assert!(matches!(error.kind(), ErrorKind::Auth | ErrorKind::Transport), "seed {}: {error}", self.seed);
                *slot = Slot::new();
            }
        }
    }

    fn token_request(&mut self, process: usize, id: u64) {
        let now = self.now;
        let claimed = self.processes[process].calls.iter().find(|slot| slot.id == id).map_or(now, |slot| slot.claimed);
        assert!(now - claimed <= 30 * SECOND, "seed {}: a lease of {} ms is used", self.seed, now - claimed);
        for (_, since) in &self.platform.open {
            // Only a lease that is dead, or seems so to a wrong clock, lets another one fetch.
            let least = if self.profile.skew == 0 { LEASE } else { OVERDUE };
            let apart = (claimed - since).abs();
            assert!(apart >= least, "seed {}: two fetch at a time, {apart} ms apart", self.seed);
            self.overlaps += 1;
        }
        let denied = self.chance(self.profile.denied);
        let not_sent = self.chance(self.profile.not_sent);
        let skew = self.processes[process].skew;
        let Some(slot) = self.processes[process].calls.iter_mut().find(|slot| slot.id == id) else { return };
        if not_sent {
            let call = slot.call.as_mut().unwrap();
            return call.fail(Failure::NotSent, "refused", Millis(now + skew)).unwrap();
        }
        let calls = &mut self.platform.calls;
        calls.push(now);
        if let Some(first) = calls.len().checked_sub(QUOTA + 1) {
            let apart = now - calls[first];
            assert!(apart >= WINDOW, "seed {}: 51 token calls in {} minutes", self.seed, apart / MINUTE);
        }
        self.platform.open.push((id, slot.claimed));
        slot.pending = Pending::Token(if denied {
            r#"{"error":"070305","error_description":"no"}"#.to_owned()
        } else {
            self.platform.valid = format!("token-{}", calls.len());
            format!(r#"{{"access_token":"{}","expires_in":{}}}"#, self.platform.valid, self.profile.lasts)
        });
    }

    fn call(&mut self, process: usize, slot: usize) -> &mut Call<Json> {
        self.processes[process].calls[slot].call.as_mut().expect("a call that has asked")
    }

    fn chance(&mut self, of_a_thousand: u64) -> bool {
        of_a_thousand > 0 && self.random.below(1000) < of_a_thousand
    }
}

impl Slot {
    fn new() -> Self {
        static IDS: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
        let id = IDS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Self { id, call: None, pending: Pending::Nothing, wakes: 0, actions: 0, claimed: 0 }
    }
}

fn session() -> Session {
    let mut config = Config::sandbox("SD00000001", "SD00000000000001", "339901999999142");
    config.shared = true;
    Session::new(config).unwrap()
}

/// xorshift64*
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, end: u64) -> u64 {
        (self.next() >> 16) % end
    }

    fn bytes(&mut self) -> [u8; 20] {
        std::array::from_fn(|_| self.below(256) as u8)
    }
}
