//! A worker: brings its share of the orders to their end, and can be killed at any moment.
//!
//! It does what the chapter on delivery tells every caller to do: an order is written down before it is sent, what is
//! kept of its call is replaced before each step is carried out, and whoever comes back asks first.

use std::fmt::Display;
use std::io;
use std::path::Path;
use std::sync::Mutex;

use nnopen::{Call, Error, ErrorKind, Json};
use nnopen_store::FileStore;

use crate::clock::Days;
use crate::drive::{Driver, Event, session};
use crate::kept::{Files, Invoice, Kept, cents};
use crate::orders::{ISSUE, Order, QUERY, RETRY};

/// What is left out on purpose, to see that the proof notices.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub(crate) enum Without {
    /// Who comes back sends again instead of asking.
    AskFirst,
    /// Each worker has a token of its own.
    SharedToken,
}

/// So long (simulated milliseconds) until an order without an end is taken up again.
const LATER: i64 = 60_000;
/// How many requests of a thousand find the connection refused.
const REFUSED: u32 = 10;

/// The share of one worker.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Share {
    pub(crate) orders: u32,
    pub(crate) workers: u32,
    pub(crate) number: u32,
    pub(crate) threads: u32,
}

/// Works until every order of the share has ended.
pub(crate) fn run(url: &str, dir: &Path, days: Days, share: Share, without: Option<Without>) -> Result<(), String> {
    let words = |error: &dyn Display| error.to_string();
    let key = session(url, true).map_err(|error| words(&error))?.store_key();
    let store = FileStore::open(&dir.join("token"), &key).map_err(|error| words(&error))?;
    let store = (without != Some(Without::SharedToken)).then(|| Box::new(store) as _);
    let driver = Driver::new(url, days, store, fastrand::u64(..), REFUSED).map_err(|error| words(&error))?;
    let worker = Worker { driver, files: Files::open(&dir.join("orders")).map_err(|error| words(&error))?, without };
    let places = Mutex::new((share.number..share.orders).step_by(share.workers as usize));
    let next = || places.lock().ok().and_then(|mut places| places.next());
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..share.threads)
            .map(|_| {
                scope.spawn(|| {
                    while let Some(place) = next() {
                        worker.bring_to_its_end(&Order::at(place))?;
                    }
                    Ok::<(), io::Error>(())
                })
            })
            .collect();
        threads.into_iter().try_for_each(|thread| match thread.join() {
            Ok(result) => result.map_err(|error| words(&error)),
            Err(_) => Err("a thread has panicked".to_owned()),
        })
    })
}

struct Worker {
    driver: Driver,
    files: Files,
    without: Option<Without>,
}

impl Worker {
    fn bring_to_its_end(&self, order: &Order) -> io::Result<()> {
        let mut resumed = true;
        loop {
            let kept = self.files.read(&order.number)?;
            if resumed && matches!(kept, Kept::Open(_) | Kept::Sealing) {
                println!("resumed {}", order.number);
            }
            resumed = false;
            let next = match kept {
                Kept::Ended(..) => {
                    println!("ended {}", order.number);
                    return Ok(());
                }
                Kept::Sealing => self.seal(order)?,
                Kept::New => self.settle(order, self.driver.session.settle_json(ISSUE, &order.params()))?,
                Kept::Open(_) if self.without == Some(Without::AskFirst) => {
                    self.settle(order, self.driver.session.settle_json(ISSUE, &order.params()))?
                }
                Kept::Open(Some(call)) => self.settle(order, self.driver.session.resume_json(&call))?,
                Kept::Open(None) => {
                    self.settle(order, self.driver.session.settle_again_json(ISSUE, &order.params()))?
                }
            };
            self.files.write(&order.number, &next)?;
        }
    }

    /// Drives a settle; what it has come to.
    fn settle(&self, order: &Order, call: Result<Call<Json>, Error>) -> io::Result<Kept> {
        let keep = |snapshot: &str| {
            if let Err(error) = self.files.write(&order.number, &Kept::Open(Some(snapshot.to_owned()))) {
                // Who can't write it down does not send it.
                eprintln!("{}: {error}", order.number);
                std::process::exit(1);
            }
        };
        let ended = call.and_then(|mut call| self.driver.run(&mut call, keep, tell));
        let error = match ended {
            Ok(rows) => return Ok(ended_with(&rows)),
            Err(error) => error,
        };
        let rows = || error.result().map(invoices).unwrap_or_default();
        Ok(match (error.kind(), error.code()) {
            (ErrorKind::Platform, Some("22")) => Kept::Ended("failed".to_owned(), rows()),
            (ErrorKind::Platform, Some("24")) => Kept::Sealing,
            (ErrorKind::Platform, Some("E9106")) | (ErrorKind::Input | ErrorKind::Usage, _) => {
                Kept::Ended(format!("broken: {error}"), rows())
            }
            (ErrorKind::Platform, _) if error.order_free() => Kept::Ended(format!("refused: {error}"), rows()),
            // Nothing is certain yet, or nothing was done: later, and asking first.
            _ => {
                println!("later {} {error}", order.number);
                // What was accepted stays with its snapshot, which asks and never sends.
                if error.code() != Some("E9500") {
                    self.files.write(&order.number, &Kept::Open(None))?;
                }
                let now = self.driver.clock.now();
                self.driver.clock.sleep_until(error.retry_at().map_or(now + LATER, |at| at.0).max(now + 1_000));
                self.files.read(&order.number)?
            }
        })
    }

    /// Asks the platform to seal again, until it has.
    fn seal(&self, order: &Order) -> io::Result<Kept> {
        let session = &self.driver.session;
        let question = serde_json::json!({ "orderNos": [order.number] }).to_string();
        let request = serde_json::json!({ "orderno": order.number }).to_string();
        loop {
            let rows = session
                .poll_json(QUERY, &Json::parse(&question).unwrap_or_default())
                .and_then(|mut call| self.driver.run(&mut call, |_| {}, tell));
            if let Ok(rows) = rows {
                if invoices(&rows).iter().all(|invoice| invoice.status != "24") {
                    return Ok(ended_with(&rows));
                }
                // Whatever comes of it, the next question tells.
                let _ = session
                    .call_json(RETRY, &Json::parse(&request).unwrap_or_default())
                    .and_then(|mut call| self.driver.run(&mut call, |_| {}, tell));
            }
            self.driver.clock.sleep_until(self.driver.clock.now() + 5_000);
        }
    }
}

/// For the process that watches.
fn tell(event: Event) {
    if let Event::Refused = event {
        println!("refused");
    }
}

fn ended_with(rows: &Json) -> Kept {
    let invoices = invoices(rows);
    let end = match invoices.iter().map(|invoice| invoice.status.as_str()).max() {
        Some("2") => "issued",
        Some("3") => "voided",
        _ => "unknown",
    };
    Kept::Ended(end.to_owned(), invoices)
}

fn invoices(rows: &Json) -> Vec<Invoice> {
    let text = |row: &Json, name: &str| row.get(name).and_then(Json::token).unwrap_or_default().to_owned();
    let rows = rows.items().iter().map(|row| Invoice {
        serial: text(row, "serialNo"),
        status: text(row, "status"),
        cents: cents(&text(row, "orderAmount")).unwrap_or_default(),
    });
    rows.collect()
}
