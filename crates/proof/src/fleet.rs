//! One token for many processes: two machines' worth of them, their clocks ten minutes apart, on one store.

use std::error::Error;
use std::io::{self, BufRead};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use nnopen::{ErrorKind, Json};
use nnopen_store::Store;

use crate::books::most_in;
use crate::clock::{DAY, Days};
use crate::drive::{Driver, Event, session};
use crate::orders::QUERY;
use crate::process::{Platform, Process, Said};
use crate::stores::{Place, Server};

/// A kind of store.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum Kind {
    File,
    Sqlite,
    Redis,
}

type Outcome = Result<String, Box<dyn Error>>;
type Act = fn(&Place) -> Outcome;

const MEMBERS: usize = 8;
/// How far each machine's clock is off, in simulated milliseconds.
const SKEW: i64 = 5 * 60_000;
const PATIENCE: Duration = Duration::from_secs(60);
/// A platform's time: fast, and without nights.
const HOURS: (i64, i64) = (20, 3_600_000);
/// Fast, and a day in half a second.
const MONTHS: (i64, i64) = (60, 500);
const NIGHTS: i64 = 33;
const QUOTA: usize = 50;

/// Tries each kind of store at the same time; tells whether all is well.
pub(crate) fn run(kinds: &[Kind]) -> bool {
    let told = std::thread::scope(|scope| {
        let running: Vec<_> = kinds.iter().map(|kind| scope.spawn(move || all(*kind))).collect();
        let panicked = || (vec!["✗ it has panicked".to_owned()], false);
        running.into_iter().map(|run| run.join().unwrap_or_else(|_| panicked())).collect::<Vec<_>>()
    });
    for (kind, (lines, _)) in kinds.iter().zip(&told) {
        println!("{kind:?}");
        lines.iter().for_each(|line| println!("  {line}"));
    }
    told.iter().all(|(_, well)| *well)
}

/// Every act on one kind of store: what is told of it, and whether all is well.
fn all(kind: Kind) -> (Vec<String>, bool) {
    let acts: [(&str, Act); 4] = [
        ("the store swaps one at a time", contract),
        ("one fetch for all, a voided token replaced once", one_fetch),
        ("a holder killed while it fetches is taken over", takeover),
        ("the quota holds", quota),
    ];
    let run = || -> Result<Vec<(String, bool)>, Box<dyn Error>> {
        let dir = tempfile::tempdir()?;
        let (place, _server) = place(kind, dir.path())?;
        Ok(acts
            .iter()
            .map(|(name, act)| match act(&place) {
                Ok(told) => (format!("✓ {name}: {told}"), true),
                Err(error) => (format!("✗ {name}: {error}"), false),
            })
            .collect())
    };
    let lines = run().unwrap_or_else(|error| vec![(format!("✗ {error}"), false)]);
    let well = lines.iter().all(|(_, well)| *well);
    (lines.into_iter().map(|(line, _)| line).collect(), well)
}

fn place(kind: Kind, dir: &Path) -> io::Result<(Place, Option<Server>)> {
    let path = |name: &str| dir.join(name).display().to_string();
    Ok(match kind {
        Kind::File => (Place::File(path("tokens")), None),
        Kind::Sqlite => (Place::Sqlite(path("tokens.db")), None),
        Kind::Redis => {
            let server = Server::start(dir)?;
            (Place::Redis(server.address.clone()), Some(server))
        }
    })
}

/// What every store does, alone and with four at once.
fn contract(place: &Place) -> Outcome {
    const SWAPS: u64 = 200;
    let store = place.open("contract")?;
    same(&store.load()?, &(0, Vec::new()), "an empty store")?;
    same(&store.swap(1, b"x")?, &false, "a swap of a version that is not there")?;
    same(&store.swap(0, b"\0\xff\n1")?, &true, "the first swap")?;
    same(&store.swap(0, b"y")?, &false, "a second first swap")?;
    same(&store.load()?, &(1, b"\0\xff\n1".to_vec()), "what was swapped in")?;
    same(&store.swap(1, b"")?, &true, "a swap of nothing")?;
    same(&store.load()?, &(2, Vec::new()), "nothing")?;
    std::thread::scope(|scope| {
        let counting: Vec<_> = (0..4).map(|_| scope.spawn(|| count(&*place.open("count")?, SWAPS / 4))).collect();
        counting.into_iter().try_for_each(|thread| thread.join().map_err(|_| io::Error::other("it has panicked"))?)
    })?;
    same(&place.open("count")?.load()?, &(SWAPS, SWAPS.to_string().into_bytes()), "what four have counted")?;
    Ok(format!("{SWAPS} swaps by four at once"))
}

/// Counts up in the store, so often that a swap was stored.
fn count(store: &dyn Store, times: u64) -> io::Result<()> {
    for _ in 0..times {
        loop {
            let (version, bytes) = store.load()?;
            let held = String::from_utf8_lossy(&bytes).parse().unwrap_or(0);
            same(&held, &version, "the bytes of the version").map_err(io::Error::other)?;
            if store.swap(version, (held + 1).to_string().as_bytes())? {
                break;
            }
        }
    }
    Ok(())
}

fn one_fetch(place: &Place) -> Outcome {
    let mut fleet = Fleet::start(place, HOURS)?;
    fleet.all_ask()?;
    same(&fleet.served(MEMBERS)?, &MEMBERS, "processes with a token")?;
    same(&fleet.token_calls()?.len(), &1, "token calls")?;
    fleet.platform.ask("void")?;
    fleet.all_ask()?;
    same(&fleet.served(MEMBERS)?, &MEMBERS, "processes with another token")?;
    same(&fleet.token_calls()?.len(), &2, "token calls after one was voided")?;
    Ok(format!("{MEMBERS} processes, 1 token call, 1 more after the token was voided"))
}

fn takeover(place: &Place) -> Outcome {
    let mut fleet = Fleet::start(place, HOURS)?;
    // The answer to the token request is on its way for longer than the holder lives.
    fleet.platform.ask("slow 4000")?;
    fleet.all_ask()?;
    let holder = loop {
        let said = fleet.said.recv_timeout(PATIENCE)?;
        if said.line.as_deref() == Some("fetching") {
            break said.from;
        }
    };
    // It has left, and has arrived.
    while fleet.token_calls()?.is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    fleet.members[holder].kill()?;
    fleet.platform.ask("slow 0")?;
    same(&fleet.served(MEMBERS - 1)?, &(MEMBERS - 1), "processes with a token")?;
    let calls = fleet.token_calls()?;
    let &[first, second] = calls.as_slice() else { return Err(format!("{} token calls", calls.len()).into()) };
    let after = (second - first) / 1000;
    // Ten seconds of watching where the lease seems over by a clock that is ahead, else all its ninety; a busy machine
    // is some seconds late with the first.
    if !(5..=110).contains(&after) {
        return Err(format!("taken over after {after} s").into());
    }
    Ok(format!("{} processes served by 1 more token call, {after} simulated seconds later", MEMBERS - 1))
}

fn quota(place: &Place) -> Outcome {
    let mut fleet = Fleet::start(place, MONTHS)?;
    let (mut served, mut asked) = (0, 0);
    while fleet.days.nights() < NIGHTS {
        // Another system voids the token again and again.
        fleet.platform.ask("void")?;
        fleet.all_ask()?;
        served += fleet.served(MEMBERS)?;
        asked += MEMBERS;
    }
    let calls = fleet.token_calls()?;
    let most = most_in(30 * DAY, &calls);
    if most > QUOTA {
        return Err(format!("{most} token calls in 30 days").into());
    }
    let days: std::collections::BTreeSet<i64> = calls.iter().map(|at| at / DAY).collect();
    // On a busy machine nobody asks on some of the short days.
    if calls.len() < QUOTA / 2 || days.len() < usize::try_from(NIGHTS)? / 2 {
        return Err(format!("{} token calls on {} days are too few", calls.len(), days.len()).into());
    }
    Ok(format!(
        "{} token calls on {} of {} days, at most {most} in 30; {served} of {asked} questions had a token",
        calls.len(),
        days.len(),
        fleet.days.nights() + 1
    ))
}

/// A platform, and processes on two machines that share a token.
struct Fleet {
    platform: Platform,
    members: Vec<Process>,
    said: Receiver<Said>,
    days: Days,
}

impl Fleet {
    fn start(place: &Place, (rate, day): (i64, i64)) -> Result<Self, Box<dyn Error>> {
        let days = Days::begin(rate, day)?;
        let words = |args: &[&dyn ToString]| args.iter().map(|arg| arg.to_string()).collect::<Vec<_>>();
        let platform = Platform::start(&words(&[&"platform", &"--clock", &days, &"--seed", &0, &"--faults", &0]))?;
        let (tell, said) = channel();
        let members: io::Result<Vec<_>> = (0..MEMBERS)
            .map(|number| {
                let clock = days.off_by(if number % 2 == 0 { SKEW } else { -SKEW });
                let args = words(&[&"member", &"--url", &platform.url, &"--clock", &clock, &"--store", &place]);
                Process::start(&args, number, &tell)
            })
            .collect();
        Ok(Self { platform, members: members?, said, days })
    }

    fn all_ask(&mut self) -> io::Result<()> {
        self.members.iter_mut().try_for_each(|member| member.tell("ask"))
    }

    /// How many of so many that answer had a token.
    fn served(&mut self, answers: usize) -> Result<usize, Box<dyn Error>> {
        let (mut served, mut failed) = (0, 0);
        while served + failed < answers {
            let said = self.said.recv_timeout(PATIENCE)?;
            match said.line.as_deref() {
                Some("served") => served += 1,
                Some("fetching") => {}
                Some(_) => failed += 1,
                // The one that was killed.
                None => {}
            }
        }
        Ok(served)
    }

    fn token_calls(&mut self) -> io::Result<Vec<i64>> {
        let tally = self.platform.ask("tally")?;
        Ok(tally["tokenCalls"].as_array().into_iter().flatten().filter_map(serde_json::Value::as_i64).collect())
    }
}

/// A process of the fleet: asks a question for each line of its input.
pub(crate) fn member(url: &str, place: &Place, clock: Days) -> Result<(), Box<dyn Error>> {
    let store = place.open(&session(url, true)?.store_key())?;
    let driver = Driver::new(url, clock, Some(store), 0, 0)?;
    let question = Json::parse(r#"{"orderNos":["A-1"]}"#).unwrap_or_default();
    for line in io::stdin().lock().lines() {
        line?;
        let mut call = driver.session.call_json(QUERY, &question)?;
        let tell = |event| {
            if let Event::Fetching = event {
                println!("fetching");
            }
        };
        match driver.run(&mut call, |_| {}, tell) {
            // There is no such invoice: the platform has looked for it.
            Err(error) if error.kind() != ErrorKind::Platform => println!("failed {error}"),
            _ => println!("served"),
        }
    }
    Ok(())
}

fn same<T: PartialEq + std::fmt::Debug>(is: &T, must: &T, what: &str) -> Result<(), String> {
    if is == must { Ok(()) } else { Err(format!("{what}: {is:?}, not {must:?}")) }
}
