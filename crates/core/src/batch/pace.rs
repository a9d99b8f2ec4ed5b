//! How fast it goes: the caller's rate, slower after trouble; and a clock that does not run backwards.

use crate::wire::Millis;

/// When the next request may go out. No burst is saved up: two requests are never closer than the rate says.
#[derive(Debug)]
pub(super) struct Pace {
    /// The milliseconds between two requests at the caller's rate.
    least: i64,
    /// The milliseconds between two requests now: doubled by trouble, halved by an answer.
    spacing: i64,
    pub(super) next: Millis,
}

/// However bad it is, something is asked once a minute.
pub(super) const MOST: i64 = 60_000;

impl Pace {
    pub(super) fn of(rate: u32) -> Self {
        let least = i64::from(1000u32.div_ceil(rate.max(1)));
        Self { least, spacing: least, next: Millis(i64::MIN) }
    }

    pub(super) fn sent(&mut self, now: Millis) {
        self.next = now.after(self.spacing);
    }

    pub(super) fn slower(&mut self, now: Millis) {
        self.spacing = (self.spacing * 2).min(MOST.max(self.least));
        self.next = self.next.max(now.after(self.spacing));
    }

    pub(super) fn faster(&mut self) {
        self.spacing = (self.spacing / 2).max(self.least);
    }

    /// Nothing goes out until then, or for the longest pause.
    pub(super) fn pause(&mut self, until: Millis, now: Millis) {
        self.next = self.next.max(until.min(now.after(MOST)));
    }
}

/// The host's time made steady: when the host's clock is set back, this one stands, then goes on from where it was.
#[derive(Debug)]
pub(super) struct Clock {
    ahead: i64,
    latest: Millis,
}

/// A clock that is behind by less was read a moment earlier.
const JITTER: i64 = 1000;

impl Clock {
    pub(super) fn new() -> Self {
        Self { ahead: 0, latest: Millis(i64::MIN) }
    }

    /// The steady time at a step.
    pub(super) fn step(&mut self, now: Millis) -> Millis {
        let behind = self.latest.since(now.after(self.ahead));
        if behind > JITTER {
            self.ahead = self.ahead.saturating_add(behind);
        }
        self.told(now)
    }

    /// The steady time at any other verb.
    pub(super) fn told(&mut self, now: Millis) -> Millis {
        self.latest = self.latest.max(now.after(self.ahead));
        self.latest
    }

    /// The steady time of a time by the host's clock.
    pub(super) fn steady(&self, host: Millis) -> Millis {
        host.after(self.ahead)
    }

    /// The time by the host's clock.
    pub(super) fn host(&self, steady: Millis) -> Millis {
        steady.after(-self.ahead)
    }

    pub(super) fn latest(&self) -> Millis {
        self.latest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_set_back_costs_no_time() {
        let mut clock = Clock::new();
        assert_eq!(clock.step(Millis(10_000)), Millis(10_000));
        assert_eq!(clock.step(Millis(9_900)), Millis(10_000));
        assert_eq!(clock.step(Millis(4_000)), Millis(10_000));
        assert_eq!(clock.step(Millis(4_500)), Millis(10_500));
        assert_eq!(clock.host(Millis(10_700)), Millis(4_700));
        assert_eq!(clock.steady(Millis(4_700)), Millis(10_700));
    }

    #[test]
    fn trouble_doubles_the_pause_and_answers_halve_it() {
        let mut pace = Pace::of(5);
        let mut pauses = Vec::new();
        for _ in 0..10 {
            pace.sent(Millis(0));
            pauses.push(pace.next.0);
            pace.slower(Millis(0));
        }
        assert_eq!(pauses, [200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 51_200, 60_000]);
        for _ in 0..9 {
            pace.faster();
        }
        pace.sent(Millis(0));
        assert_eq!(pace.next, Millis(200));
    }
}
