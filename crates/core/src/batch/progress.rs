//! Figures to show while a batch is at work.

use super::{Batch, BatchEvent};
use crate::wire::Millis;

/// How far a [`Batch`] is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Progress {
    /// Orders that are followed.
    pub pending: usize,
    /// Ended well.
    pub done: u64,
    /// Ended badly.
    pub failed: u64,
    /// Need the platform's own retry.
    pub needs_retry: u64,
    /// Not there.
    pub absent: u64,
    /// Given up.
    pub gave_up: u64,
    /// Queries sent so far.
    pub queries: u64,
    /// Orders asked about per second, over the last ten seconds.
    pub asked_per_second: u64,
    /// When the oldest order that is still followed was submitted.
    pub oldest: Option<Millis>,
}

impl Batch {
    /// The figures of now. It looks at every order: 17 ms for a million.
    pub fn progress(&self) -> Progress {
        Progress {
            pending: self.orders.len(),
            asked_per_second: self.tally.per_second(self.clock.latest()),
            oldest: self.orders.iter().map(|order| order.since).min().map(|since| self.clock.host(since)),
            ..self.tally.total
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Tally {
    total: Progress,
    /// Orders asked about in each of the last seconds; `second` is the current one.
    window: [u64; WINDOW],
    second: i64,
    began: Option<i64>,
}

const WINDOW: usize = 10;

impl Tally {
    pub(super) fn asked(&mut self, count: usize, now: Millis) {
        self.total.queries += 1;
        self.pass(now.0 / 1000);
        self.began.get_or_insert(self.second);
        self.window[slot(self.second)] += count as u64;
    }

    pub(super) fn count(&mut self, event: &BatchEvent) {
        let Progress { done, failed, needs_retry, absent, gave_up, .. } = &mut self.total;
        *match event {
            BatchEvent::Done { .. } => done,
            BatchEvent::Failed { .. } => failed,
            BatchEvent::NeedsRetry { .. } => needs_retry,
            BatchEvent::Absent { .. } => absent,
            BatchEvent::GaveUp { .. } => gave_up,
            BatchEvent::Trouble { .. } => return,
        } += 1;
    }

    fn pass(&mut self, second: i64) {
        let passed = (second - self.second).clamp(0, WINDOW as i64);
        for ago in 0..passed {
            self.window[slot(second - ago)] = 0;
        }
        self.second = self.second.max(second);
    }

    fn per_second(&self, now: Millis) -> u64 {
        let Some(began) = self.began else { return 0 };
        let second = now.0 / 1000;
        let first = second - WINDOW as i64 + 1;
        let sum: u64 = (first..=self.second).map(|second| self.window[slot(second)]).sum();
        let seconds = u64::try_from(second - began.max(first) + 1).unwrap_or(1);
        sum / seconds.clamp(1, WINDOW as u64)
    }
}

fn slot(second: i64) -> usize {
    usize::try_from(second.rem_euclid(WINDOW as i64)).unwrap_or_default()
}
