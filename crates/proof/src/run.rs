//! The run: starts the simulator and the workers, kills workers, compares the books of both at the end.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use crate::books::{Books, most_in};
use crate::clock::{DAY, Days};
use crate::drive::admin;
use crate::kept::Files;
use crate::orders::Order;
use crate::process::{Platform, Process, Said};
use crate::weather::{KINDS, VOIDED};
use crate::worker::Without;

/// How big a run is.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Size {
    /// How many orders are issued
    #[arg(long, default_value_t = 10_000)]
    orders: u32,
    /// How many worker processes share them
    #[arg(long, default_value_t = 8)]
    workers: u32,
    /// How often each worker is killed at least
    #[arg(long, default_value_t = 20)]
    kills: u32,
    /// How many orders a worker has under way at once
    #[arg(long, default_value_t = 6)]
    threads: u32,
    /// How many calls of a thousand meet trouble
    #[arg(long, default_value_t = 360)]
    faults: u32,
    /// How many times faster than the real clock the simulated one runs
    #[arg(long, default_value_t = 20)]
    rate: i64,
    /// How many real milliseconds a simulated day takes
    #[arg(long, default_value_t = 8_000)]
    day: i64,
    /// Where the randomness begins; another one each time if it is not given
    #[arg(long)]
    seed: Option<u64>,
    /// Leave something out on purpose: the run must fail
    #[arg(long)]
    without: Option<Without>,
}

/// The platform takes so many token calls in so many days.
const QUOTA: usize = 50;
const WINDOW: i64 = 30 * DAY;
/// Tokens may be voided so often in that time.
const MOST_VOIDS: usize = 15;
/// Of the calls must meet trouble, in percent.
const LEAST_FAULTS: u64 = 30;
/// Some order comes to its end within so much time, or there is a step that waits for ever.
const SILENCE: Duration = Duration::from_secs(120);

/// Runs, prints what was counted, and tells whether all is well.
pub(crate) fn run(size: &Size) -> Result<bool, Box<dyn Error>> {
    let dir = tempfile::tempdir()?;
    let seed = size.seed.unwrap_or_else(|| fastrand::u64(0..1_000_000));
    println!("{} orders, {} workers, seed {seed}", size.orders, size.workers);
    let days = Days::begin(size.rate, size.day)?;
    let began = Instant::now();
    let words = |args: &[&dyn ToString]| args.iter().map(|arg| arg.to_string()).collect::<Vec<_>>();
    let mut platform = Platform::start(&words(&[
        &"platform",
        &"--clock",
        &days,
        &"--seed",
        &seed,
        &"--faults",
        &size.faults,
        &"--voids",
    ]))?;
    let mut fleet = Fleet::start(size, seed, dir.path(), &days, &platform.url)?;
    fleet.watch()?;

    let tally = platform.ask("tally")?;
    let books = admin(&platform.url, "orders")?;
    let orders: Vec<Order> = (0..size.orders).map(Order::at).collect();
    let books = Books::compare(&orders, &books, &Files::open(&dir.path().join("orders"))?)?;
    Ok(report(size, &fleet, &days, began.elapsed(), &tally, &books))
}

/// The workers, and what is known of them.
struct Fleet {
    args: Vec<Vec<String>>,
    workers: Vec<Worker>,
    said: Sender<Said>,
    heard: std::sync::mpsc::Receiver<Said>,
    luck: fastrand::Rng,
    share: u32,
    resumed: u64,
    later: BTreeMap<String, u64>,
    refused: u64,
    hang: bool,
}

struct Worker {
    process: Process,
    ended: u32,
    kills: u32,
    /// After so many ended orders it is killed, the last first.
    doom: Vec<u32>,
    dies_at: Option<Instant>,
    /// Outputs of killed processes that have not come to their end yet.
    ghosts: u32,
    over: bool,
}

impl Fleet {
    fn start(size: &Size, seed: u64, dir: &Path, days: &Days, url: &str) -> Result<Self, Box<dyn Error>> {
        let (said, heard) = channel();
        let mut luck = fastrand::Rng::with_seed(seed);
        let share = size.orders / size.workers;
        let (mut args, mut workers) = (Vec::new(), Vec::new());
        for number in 0..size.workers {
            let mut words: Vec<String> = vec!["worker".into()];
            for (name, value) in [
                ("--url", url.to_owned()),
                ("--dir", dir.display().to_string()),
                ("--clock", days.to_string()),
                ("--orders", size.orders.to_string()),
                ("--workers", size.workers.to_string()),
                ("--number", number.to_string()),
                ("--threads", size.threads.to_string()),
            ] {
                words.extend([name.to_owned(), value]);
            }
            if let Some(without) = size.without {
                let name = clap::ValueEnum::to_possible_value(&without).map(|value| value.get_name().to_owned());
                words.extend(["--without".to_owned(), name.unwrap_or_default()]);
            }
            // Spread over most of the work, so that all of them fall while there is some left.
            let mut doom: Vec<u32> = (0..size.kills).map(|_| luck.u32(0..=share * 4 / 5)).collect();
            doom.sort_unstable_by(|one, other| other.cmp(one));
            let process = Process::start(&words, number as usize, &said)?;
            args.push(words);
            workers.push(Worker { process, ended: 0, kills: 0, doom, dies_at: None, ghosts: 0, over: false });
        }
        Ok(Self {
            args,
            workers,
            said,
            heard,
            luck,
            share,
            resumed: 0,
            later: BTreeMap::new(),
            refused: 0,
            hang: false,
        })
    }

    /// Watches and kills until every worker has come to its end.
    fn watch(&mut self) -> Result<(), Box<dyn Error>> {
        let mut progress = Instant::now();
        let (mut most, mut shown) = (0, 0);
        while self.workers.iter().any(|worker| !worker.over) {
            match self.heard.recv_timeout(Duration::from_millis(5)) {
                Ok(said) => self.take(&said)?,
                Err(RecvTimeoutError::Timeout) if progress.elapsed() > SILENCE => {
                    self.hang = true;
                    return self.workers.iter_mut().try_for_each(|worker| Ok(worker.process.kill()?));
                }
                Err(_) => {}
            }
            self.kill()?;
            let ended = self.workers.iter().map(|worker| worker.ended).sum::<u32>();
            if ended > most {
                (most, progress) = (ended, Instant::now());
            }
            if most / self.share.max(1) > shown {
                shown = most / self.share.max(1);
                eprintln!("… {most} orders have ended");
            }
        }
        Ok(())
    }

    fn take(&mut self, said: &Said) -> Result<(), Box<dyn Error>> {
        let worker = &mut self.workers[said.from];
        let Some(line) = &said.line else {
            if worker.ghosts > 0 {
                worker.ghosts -= 1;
                return Ok(());
            }
            worker.over = true;
            return if worker.process.ended_well() { Ok(()) } else { Err("a worker has failed".into()) };
        };
        match line.split_once(' ').unwrap_or((line, "")) {
            ("ended", _) => worker.ended += 1,
            ("resumed", _) => self.resumed += 1,
            ("refused", _) => self.refused += 1,
            ("later", rest) => {
                let why = rest.split_once(' ').map_or("", |(_, why)| why.split(':').next().unwrap_or_default());
                *self.later.entry(why.to_owned()).or_default() += 1;
            }
            _ => {}
        }
        Ok(())
    }

    /// Kills whose time has come, and starts them anew.
    fn kill(&mut self) -> Result<(), Box<dyn Error>> {
        for (number, worker) in self.workers.iter_mut().enumerate().filter(|(_, worker)| !worker.over) {
            if worker.dies_at.is_none() && worker.doom.last().is_some_and(|after| *after <= worker.ended) {
                worker.doom.pop();
                worker.dies_at = Some(Instant::now() + Duration::from_millis(self.luck.u64(0..400)));
            }
            if worker.dies_at.is_some_and(|at| Instant::now() >= at) {
                worker.dies_at = None;
                worker.process.kill()?;
                worker.kills += 1;
                worker.ghosts += 1;
                // What a worker has brought to its end before is told again by the next one.
                worker.ended = 0;
                worker.process = Process::start(&self.args[number], number, &self.said)?;
            }
        }
        Ok(())
    }
}

/// Prints the table; all that is wrong, or too tame, comes last.
fn report(size: &Size, fleet: &Fleet, days: &Days, took: Duration, tally: &serde_json::Value, books: &Books) -> bool {
    let count = |value: &serde_json::Value| value.as_u64().unwrap_or_default();
    let times = |name: &str| -> Vec<i64> {
        tally[name].as_array().into_iter().flatten().filter_map(serde_json::Value::as_i64).collect()
    };
    let calls: u64 = tally["calls"].as_object().into_iter().flat_map(|calls| calls.values().map(count)).sum();
    let calls = calls + fleet.refused;
    let mut wrong = books.wrong.clone();
    if fleet.hang {
        wrong.insert(0, format!("no order has ended for {} s", SILENCE.as_secs()));
    }

    println!("\ntime     {} s, {} simulated days", took.as_secs(), days.nights());
    println!("calls    {calls}");
    for (method, sent) in tally["calls"].as_object().into_iter().flatten() {
        println!("         {:>7}  {}", count(sent), method.rsplit('.').next().unwrap_or_default());
    }
    let kinds = KINDS.iter().map(|kind| kind.name).chain(VOIDED).map(|name| (name, count(&tally["faults"][name])));
    let kinds: Vec<_> = kinds.chain([("connection refused", fleet.refused)]).collect();
    let faults: u64 = kinds.iter().map(|(_, met)| met).sum();
    println!("faults   {faults}, {}.{} % of all calls", faults * 100 / calls.max(1), faults * 1000 / calls.max(1) % 10);
    for (name, met) in &kinds {
        println!("         {met:>7}  {name}");
        if *met == 0 {
            wrong.push(format!("too tame: no {name}"));
        }
    }
    if faults * 100 < calls * LEAST_FAULTS {
        wrong.push(format!("too tame: fewer than {LEAST_FAULTS} % of the calls met trouble"));
    }
    let kills: Vec<String> = fleet.workers.iter().map(|worker| worker.kills.to_string()).collect();
    println!("kills    {} per worker; {} orders were resumed", kills.join(" "), fleet.resumed);
    if fleet.workers.iter().any(|worker| worker.kills < size.kills) {
        wrong.push(format!("too tame: a worker was killed fewer than {} times", size.kills));
    }
    println!("later    {}", fleet.later.iter().map(|(why, met)| format!("{met} {why}")).collect::<Vec<_>>().join(", "));
    let (token_calls, voids) = (times("tokenCalls"), times("voids"));
    let (most, most_voids) = (most_in(WINDOW, &token_calls), most_in(WINDOW, &voids));
    println!("token    {} calls, at most {most} in 30 days", token_calls.len());
    println!("voided   {} times, at most {most_voids} in 30 days", voids.len());
    if most > QUOTA {
        wrong.push(format!("{most} token calls in 30 days"));
    }
    if most_voids > MOST_VOIDS {
        wrong.push(format!("too wild: tokens were voided {most_voids} times in 30 days"));
    }
    println!("books    {}", books.told);
    for what in wrong.iter().take(20) {
        println!("✗ {what}");
    }
    match wrong.len() {
        0 => println!("✓ the simulator's books and the workers' books agree one to one"),
        count => println!("✗ {count} disagreements"),
    }
    wrong.is_empty()
}
