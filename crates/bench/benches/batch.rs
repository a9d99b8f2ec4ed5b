//! What a batch costs per order, with a thousand to a million orders outstanding: `cargo bench -p bench --bench batch`.
//!
//! First the memory per order as the system counts it (Linux only), then the times. Each figure is for one order, the
//! whole way: choosing the orders that are due, writing and signing the query, reading the answer's rows.

#![allow(clippy::unwrap_used, clippy::float_arithmetic, reason = "a benchmark")]

use std::time::Instant;

use bench::{as_json, figure};
use divan::Bencher;
use divan::counter::ItemsCount;
use nnopen::{Batch, BatchRules, BatchStep, Config, Json, Millis, Request, Session, Stamp};

const ASK: &str = "nuonuo.OpeMplatform.queryInvoiceResult";
const START: Millis = Millis(1_700_000_000_000);
const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];

fn main() {
    if as_json() {
        return SIZES.into_iter().for_each(short);
    }
    println!("bytes per order (keys of 20 characters)");
    for orders in SIZES {
        let before = resident();
        let world = World::of(orders);
        let bytes = resident().zip(before).map(|(after, before)| after.saturating_sub(before) / orders);
        println!("  {orders:>9}  {}", bytes.map_or("not known on this system".to_owned(), |bytes| bytes.to_string()));
        drop(world);
    }
    println!();
    divan::main();
}

/// The same in a few seconds, a figure a line.
fn short(orders: usize) {
    let before = resident();
    let mut world = World::of(orders);
    // Fewer orders are lost in the system's own rounding.
    if let (10_000.., Some(before), Some(after)) = (orders, before, resident()) {
        figure(
            &format!("batch of {orders}: memory for one order"),
            (after.saturating_sub(before) / orders) as f64,
            "bytes",
        );
    }
    let mut best = f64::MAX;
    for _ in 0..40 {
        let begun = Instant::now();
        for _ in 0..10 {
            world.round("2");
            (0..50).for_each(|_| world.add());
        }
        best = best.min(begun.elapsed().as_secs_f64() / 500.0);
    }
    figure(&format!("batch of {orders}: one order asked, done, another added"), best * 1e9, "ns");
    let begun = Instant::now();
    divan::black_box(world.batch.snapshot());
    figure(
        &format!("batch of {orders}: snapshot, for one order"),
        begun.elapsed().as_secs_f64() * 1e9 / orders as f64,
        "ns",
    );
}

/// 50 orders asked about, all still pending.
#[divan::bench(args = SIZES)]
fn pending(bencher: Bencher<'_, '_>, orders: usize) {
    let mut world = World::of(orders);
    bencher.counter(ItemsCount::new(50usize)).bench_local(|| world.round("20"));
}

/// 50 orders asked about, all done: 50 events; 50 new orders take their place.
#[divan::bench(args = SIZES)]
fn done_and_added(bencher: Bencher<'_, '_>, orders: usize) {
    let mut world = World::of(orders);
    bencher.counter(ItemsCount::new(50usize)).bench_local(|| {
        world.round("2");
        for _ in 0..50 {
            world.add();
        }
    });
}

/// One push, for an order that is not due yet.
#[divan::bench(args = SIZES)]
fn hint(bencher: Bencher<'_, '_>, orders: usize) {
    let mut world = World::of(orders);
    let mut at = 0;
    bencher.counter(ItemsCount::new(1usize)).bench_local(|| {
        at = (at + 7919) % orders;
        world.now = world.now.after(1);
        world.batch.hint(&key(at), world.now).unwrap()
    });
}

#[divan::bench(args = SIZES, sample_count = 10)]
fn progress(bencher: Bencher<'_, '_>, orders: usize) {
    let world = World::of(orders);
    bencher.counter(ItemsCount::new(orders)).bench_local(|| world.batch.progress());
}

#[divan::bench(args = SIZES, sample_count = 10)]
fn snapshot(bencher: Bencher<'_, '_>, orders: usize) {
    let world = World::of(orders);
    bencher.counter(ItemsCount::new(orders)).bench_local(|| world.batch.snapshot());
}

#[divan::bench(args = SIZES, sample_count = 5)]
fn resume(bencher: Bencher<'_, '_>, orders: usize) {
    let kept = World::of(orders).batch.snapshot();
    bencher.counter(ItemsCount::new(orders)).bench_local(|| {
        let mut world = World::of(0);
        world.batch.resume(&kept, START).unwrap();
        world
    });
}

/// A batch and the platform that answers it.
struct World {
    batch: Batch,
    now: Millis,
    stamps: u64,
    orders: usize,
}

fn key(order: usize) -> String {
    format!("NN20260922{order:010}")
}

impl World {
    fn of(orders: usize) -> Self {
        let mut config = Config::sandbox("SD00000001", "SD00000000000001", "339901999999142");
        config.permanent_token = Some("0123456789abcdef".into());
        let batch = Session::new(config).unwrap().follow(ASK, BatchRules { rate: 1000, ..BatchRules::default() });
        let mut world = Self { batch: batch.unwrap(), now: START, stamps: 0, orders: 0 };
        for _ in 0..orders {
            world.add();
        }
        world
    }

    /// Submitted at some time of the last hour.
    fn add(&mut self) {
        let age = (self.orders as i64 * 7919) % 3_600_000;
        self.batch.add(&key(self.orders), self.now.after(-age), self.now).unwrap();
        self.orders += 1;
    }

    /// One query to its end.
    fn round(&mut self, status: &str) {
        let request = self.next().unwrap();
        let body = Json::parse(&request.body).unwrap();
        let rows: Vec<_> = body
            .get("orderNos")
            .unwrap()
            .items()
            .iter()
            .map(|key| format!(r#"{{"orderNo":{key},"status":"{status}"}}"#))
            .collect();
        let answer = format!(r#"{{"code":"E0000","result":[{}]}}"#, rows.join(","));
        self.batch.receive(200, answer.as_bytes(), self.now).unwrap();
        if status == "2" {
            while let BatchStep::Event(event) = self.step() {
                divan::black_box(event);
            }
        }
    }

    /// The next request; events before it are dropped.
    fn next(&mut self) -> Option<Request> {
        loop {
            match self.step() {
                BatchStep::Send(request) => return Some(request),
                BatchStep::Wait(until) => self.now = until,
                BatchStep::Event(_) => {}
                _ => return None,
            }
        }
    }

    fn step(&mut self) -> BatchStep {
        self.stamps += 1;
        let mut entropy = [0; 20];
        entropy[..8].copy_from_slice(&self.stamps.to_be_bytes());
        self.batch.step(&Stamp::new(self.now, entropy)).unwrap()
    }
}

/// The memory that this process holds, in bytes.
#[allow(clippy::disallowed_methods, reason = "a benchmark asks the system")]
fn resident() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<usize>().ok().map(|kilobytes| kilobytes * 1024)
}
