//! One journey for each life that the simulator leads, over real HTTP.
#![allow(clippy::unwrap_used)]

#[path = "../client/mod.rs"]
mod client;

mod companies;
mod documents;
mod limits;
mod lists;
mod push_kinds;
mod red_confirmations;
mod red_infos;
mod scans;
mod sessions;
mod voids;
mod work_orders;

use client::*;
use nnopen_simulator::{Account, Options, Simulator};

/// The other company, which buys.
pub const BUYER: [&str; 3] = ["SD00000002", "SD00000000000002", "339901999999199"];

/// A simulator with a seller and a buyer.
pub fn market() -> Simulator {
    let buyer = Account::self_use(BUYER[0], BUYER[1], BUYER[2]);
    start(Options { accounts: vec![Account::default(), buyer], ..Options::default() })
}
