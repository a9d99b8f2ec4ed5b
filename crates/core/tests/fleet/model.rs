//! The processes, their store and their platform.

use nnopen::{Call, Config, ErrorKind, Failure, Grant, Json, Millis, Role, Session, Stamp, Step, Token};

use crate::profile::{Profile, Random};
use crate::{DAY, LEASE, MINUTE, OVERDUE, QUOTA, SECOND, START, WINDOW};

const MOST_ACTIONS_OF_A_CALL: usize = 2_000;
/// The grants that the platform takes.
const BY_CODE: &str = "authorization_code";
const BY_REFRESH: &str = "refresh_token";

pub(crate) struct Fleet {
    pub(crate) seed: u64,
    pub(crate) profile: Profile,
    pub(crate) random: Random,
    pub(crate) now: i64,
    pub(crate) store: Store,
    pub(crate) platform: Platform,
    pub(crate) processes: Vec<Process>,
    pub(crate) crashes: usize,
    pub(crate) overlaps: usize,
    pub(crate) done: usize,
    pub(crate) failed: usize,
}

#[derive(Default)]
pub(crate) struct Store {
    pub(crate) version: u64,
    pub(crate) bytes: Vec<u8>,
    /// Swaps that were given up but have not arrived yet.
    pub(crate) late: Vec<(u64, Vec<u8>)>,
}

pub(crate) struct Platform {
    /// When token calls arrived.
    pub(crate) calls: Vec<i64>,
    pub(crate) valid: String,
    /// How many authorisations were redeemed, and how many refreshes arrived.
    pub(crate) redeemed: usize,
    pub(crate) refreshed: usize,
    /// Token requests without an answer yet, and when their lease was asked for.
    pub(crate) open: Vec<(u64, i64)>,
}

pub(crate) struct Process {
    pub(crate) session: Session,
    pub(crate) skew: i64,
    pub(crate) calls: [Slot; 2],
}

pub(crate) struct Slot {
    pub(crate) id: u64,
    pub(crate) call: Option<Running>,
    /// Whether the merchant is to authorise first.
    pub(crate) sign_in: bool,
    pub(crate) pending: Pending,
    pub(crate) wakes: i64,
    pub(crate) actions: usize,
    /// When it asked for the lease.
    pub(crate) claimed: i64,
}

/// A question, or a sign-in with a new authorisation.
pub(crate) enum Running {
    Asks(Call<Json>),
    SignsIn(Call<Token>),
}

/// The same for both.
macro_rules! either {
    ($running:expr, $call:ident => $what:expr) => {
        match $running {
            Running::Asks($call) => $what,
            Running::SignsIn($call) => $what,
        }
    };
}

pub(crate) enum Pending {
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
    pub(crate) fn new(seed: u64, profile: Profile) -> Self {
        let mut random = Random(seed.wrapping_add(77).wrapping_mul(0x2545_F491_4F6C_DD1D) | 1);
        let processes = (0..profile.processes)
            .map(|_| {
                let skew =
                    if profile.skew == 0 { 0 } else { [-profile.skew, 0, profile.skew][random.below(3) as usize] };
                Process { session: session(profile.provider), skew, calls: [Slot::new(), Slot::new()] }
            })
            .collect();
        let platform =
            Platform { calls: Vec::new(), valid: String::new(), redeemed: 0, refreshed: 0, open: Vec::new() };
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

    pub(crate) fn run(&mut self, actions: usize) {
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
    pub(crate) fn recovers(&mut self) {
        let processes = self.processes.len();
        let provider = self.profile.provider;
        self.profile = Profile { lasts: 86_400, provider, ..Profile::calm(processes) };
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
    pub(crate) fn all_call_once(&mut self) {
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
    pub(crate) fn kill(&mut self, process: usize) {
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
        std::mem::forget(std::mem::replace(&mut dead.session, session(self.profile.provider)));
        self.crashes += 1;
    }

    /// One action of one call: a step, or the answer to what was asked.
    pub(crate) fn act(&mut self, process: usize, slot: usize) {
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
                either!(self.call(process, slot), call => call.store_failed("the store is away", local))
            }
            Pending::Load => {
                let (version, bytes) = (self.store.version, self.store.bytes.clone());
                either!(self.call(process, slot), call => call.loaded(version, &bytes, local))
            }
            Pending::Swap(version, bytes) if self.chance(self.profile.late_swaps) => {
                self.store.late.push((version, bytes));
                either!(self.call(process, slot), call => call.store_failed("timed out", local))
            }
            Pending::Swap(version, bytes) => {
                let lost = self.chance(self.profile.lost_swaps);
                if lost && self.random.below(2) == 0 {
                    either!(self.call(process, slot), call => call.store_failed("the store is away", local))
                } else {
                    let stored = self.store.swap(version, bytes);
                    let call = self.call(process, slot);
                    either!(call, call => {
                        if lost { call.store_failed("timed out", local) } else { call.swapped(stored, local) }
                    })
                }
            }
            Pending::Token(answer) => {
                let id = self.processes[process].calls[slot].id;
                self.platform.open.retain(|(open, _)| *open != id);
                let lost = self.chance(self.profile.lost_answers);
                let call = self.call(process, slot);
                either!(call, call => match lost {
                    true => call.fail(Failure::MaybeSent, "timed out", local),
                    false => call.receive(200, answer.as_bytes(), local),
                })
            }
            Pending::Answer(token) => {
                let answer = if token == self.platform.valid {
                    r#"{"code":"E0000","result":[]}"#
                } else {
                    r#"{"code":"070301","describe":"accessToken"}"#
                };
                either!(self.call(process, slot), call => call.receive(200, answer.as_bytes(), local))
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
        let sign_in = slot.sign_in;
        let call = slot.call.get_or_insert_with(|| begin(session, sign_in));
        slot.actions += 1;
        assert!(slot.actions < MOST_ACTIONS_OF_A_CALL, "seed {}: a call does not come to an end", self.seed);
        let stamp = Stamp::new(local, entropy);
        match either!(call, call => call.step(&stamp).map(without_result)) {
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
                self.token_request(process, id, &request.body);
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
                let sign_in = self.profile.provider && error.kind() == ErrorKind::Auth;
                *slot = Slot { sign_in, ..Slot::new() };
            }
        }
    }

    fn token_request(&mut self, process: usize, id: u64, body: &str) {
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
        let by_code = body.ends_with(BY_CODE);
        assert!(!self.profile.provider || by_code || body.ends_with(BY_REFRESH), "seed {}: {body}", self.seed);
        let denied = self.chance(self.profile.denied);
        let not_sent = self.chance(self.profile.not_sent);
        let skew = self.processes[process].skew;
        let Some(slot) = self.processes[process].calls.iter_mut().find(|slot| slot.id == id) else { return };
        if not_sent {
            let call = slot.call.as_mut().unwrap();
            return either!(call, call => call.fail(Failure::NotSent, "refused", Millis(now + skew))).unwrap();
        }
        let calls = &mut self.platform.calls;
        calls.push(now);
        self.platform.redeemed += usize::from(by_code);
        self.platform.refreshed += usize::from(body.ends_with(BY_REFRESH));
        if let Some(first) = calls.len().checked_sub(QUOTA + 1) {
            let apart = now - calls[first];
            assert!(apart >= WINDOW, "seed {}: 51 token calls in {} minutes", self.seed, apart / MINUTE);
        }
        self.platform.open.push((id, slot.claimed));
        slot.pending = Pending::Token(if denied {
            r#"{"error":"070305","error_description":"no"}"#.to_owned()
        } else {
            self.platform.valid = format!("token-{}", calls.len());
            let (token, lasts) = (&self.platform.valid, self.profile.lasts);
            let rest = match self.profile.provider {
                true if by_code => r#","refresh_token":"R","userId":"U""#,
                true | false => "",
            };
            format!(r#"{{"access_token":"{token}","expires_in":{lasts}{rest}}}"#)
        });
    }

    fn call(&mut self, process: usize, slot: usize) -> &mut Running {
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
        Self { id, call: None, sign_in: false, pending: Pending::Nothing, wakes: 0, actions: 0, claimed: 0 }
    }
}

/// A call of a process that knows nothing but its settings.
fn begin(session: &Session, sign_in: bool) -> Running {
    if sign_in {
        let (tax_num, redirect_uri) = ("339901999999142".to_owned(), "https://example.com/back".to_owned());
        let grant = Grant::AuthorizationCode { code: "CODE-1".into(), tax_num, redirect_uri };
        return Running::SignsIn(session.sign_in(grant).unwrap());
    }
    let params = Json::parse(r#"{"orderNos":["A-1"]}"#).unwrap();
    Running::Asks(session.call_json("nuonuo.OpeMplatform.queryInvoiceResult", &params).unwrap())
}

fn without_result<T>(step: Step<T>) -> Step<()> {
    match step {
        Step::Send(request) => Step::Send(request),
        Step::Wait(until) => Step::Wait(until),
        Step::Load => Step::Load,
        Step::Swap { version, bytes } => Step::Swap { version, bytes },
        Step::Done(_) => Step::Done(()),
    }
}

fn session(provider: bool) -> Session {
    let mut config = Config::sandbox("SD00000001", "SD00000000000001", "339901999999142");
    config.shared = true;
    if provider {
        config.role = Role::ServiceProvider;
    }
    Session::new(config).unwrap()
}
