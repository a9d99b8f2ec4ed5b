//! The delivery guarantees, tried for real.
//!
//! `nnopen-proof orders` issues thousands of orders over HTTP against a simulator full of faults, with worker processes
//! that are killed at random moments, and compares the books of both sides. Time is simulated: the simulator and all
//! workers go by the same fast clock.
//!
//! `nnopen-proof fleet` shares one token among the processes of two machines, through a file, SQLite and Redis.

#![forbid(unsafe_code)]

mod books;
mod clock;
mod drive;
mod fleet;
mod kept;
mod orders;
mod platform;
mod process;
mod run;
mod stores;
mod weather;
mod worker;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};

use clock::Days;
use stores::Place;
use worker::{Share, Without};

/// Tries the delivery guarantees for real
#[derive(Debug, Parser)]
#[command(name = "nnopen-proof")]
enum Task {
    /// Issues orders under faults with workers that are killed, and compares the books
    Orders(run::Size),
    /// Shares one token among processes of two machines, on one store after the other
    Fleet {
        /// Only this kind of store
        #[arg(long)]
        store: Vec<fleet::Kind>,
    },
    /// A process of the fleet
    #[command(hide = true)]
    Member {
        #[arg(long)]
        url: String,
        #[arg(long)]
        clock: Days,
        #[arg(long)]
        store: Place,
    },
    /// The simulator's process
    #[command(hide = true)]
    Platform {
        #[arg(long)]
        clock: Days,
        #[arg(long)]
        seed: u64,
        #[arg(long)]
        faults: u32,
        #[arg(long)]
        voids: bool,
    },
    /// A worker's process
    #[command(hide = true)]
    Worker {
        #[arg(long)]
        url: String,
        #[arg(long)]
        dir: PathBuf,
        #[arg(long)]
        clock: Days,
        #[arg(long)]
        orders: u32,
        #[arg(long)]
        workers: u32,
        #[arg(long)]
        number: u32,
        #[arg(long)]
        threads: u32,
        #[arg(long)]
        without: Option<Without>,
    },
}

fn main() -> ExitCode {
    let words = |error: &dyn std::fmt::Display| error.to_string();
    let well = match Task::parse() {
        Task::Orders(size) => run::run(&size).map_err(|error| words(&error)),
        Task::Fleet { store } if store.is_empty() => Ok(fleet::run(fleet::Kind::value_variants())),
        Task::Fleet { store } => Ok(fleet::run(&store)),
        Task::Member { url, clock, store } => {
            fleet::member(&url, &store, clock).map(|()| true).map_err(|error| words(&error))
        }
        Task::Platform { clock, seed, faults, voids } => {
            platform::run(clock, seed, faults, voids).map(|()| true).map_err(|error| words(&error))
        }
        Task::Worker { url, dir, clock, orders, workers, number, threads, without } => {
            worker::run(&url, &dir, clock, Share { orders, workers, number, threads }, without).map(|()| true)
        }
    };
    match well {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
