//! Simulated time, the same in every process: short working days, and nights that pass at once.

use std::fmt;
use std::str::FromStr;
use std::thread::sleep;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// 2026-01-05 09:00:00 in Beijing.
const START: i64 = 1_767_574_800_000;
pub(crate) const DAY: i64 = 86_400_000;
/// So long after the night (real milliseconds) nobody works: what was on its way has arrived.
const MORNING: i64 = 100;

/// A clock that runs `rate` times as fast as the real one for `length` real milliseconds, and is then a day further than
/// it was when they began. It is made of numbers alone, so processes that are told the same numbers tell the same time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Days {
    began: i64,
    pub(crate) rate: i64,
    length: i64,
    /// How far this process's clock is off.
    skew: i64,
}

impl Days {
    /// Begins now.
    ///
    /// # Errors
    /// If the working day would be longer than a day.
    pub(crate) fn begin(rate: i64, length: i64) -> Result<Self, String> {
        let fits = rate > 0 && length > 2 * MORNING && rate.checked_mul(length).is_some_and(|day| day < DAY);
        if fits { Ok(Self { began: real(), rate, length, skew: 0 }) } else { Err("the days are too long".to_owned()) }
    }

    /// The same clock, off by so many milliseconds.
    pub(crate) fn off_by(self, skew: i64) -> Self {
        Self { skew, ..self }
    }

    pub(crate) fn now(&self) -> i64 {
        self.at(real())
    }

    fn at(&self, real: i64) -> i64 {
        let passed = (real - self.began).max(0);
        START + passed / self.length * DAY + passed % self.length * self.rate + self.skew
    }

    /// Real milliseconds to the next night.
    pub(crate) fn left(&self) -> i64 {
        self.length - self.passed_today()
    }

    /// The number of nights so far.
    pub(crate) fn nights(&self) -> i64 {
        (real() - self.began).max(0) / self.length
    }

    /// Sleeps until the simulated time, and until people work again.
    pub(crate) fn sleep_until(&self, until: i64) {
        loop {
            let left = until - self.now();
            if left <= 0 {
                return self.sleep_in();
            }
            let real = (left / self.rate).clamp(1, self.left().max(1));
            sleep(Duration::from_millis(real.unsigned_abs()));
        }
    }

    /// Sleeps if it is too early in the day.
    pub(crate) fn sleep_in(&self) {
        let early = MORNING - self.passed_today();
        if early > 0 {
            sleep(Duration::from_millis(early.unsigned_abs()));
        }
    }

    /// So much simulated time in real time.
    pub(crate) fn real(&self, millis: i64) -> Duration {
        Duration::from_millis((millis / self.rate).unsigned_abs().max(1))
    }

    fn passed_today(&self) -> i64 {
        (real() - self.began).max(0) % self.length
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}:{}", self.began, self.rate, self.length, self.skew)
    }
}

impl FromStr for Days {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers: Result<Vec<i64>, _> = text.split(':').map(str::parse).collect();
        match numbers.as_deref() {
            Ok(&[began, rate, length, skew]) if rate > 0 && length > 0 => Ok(Self { began, rate, length, skew }),
            _ => Err(format!("no clock: {text}")),
        }
    }
}

fn real() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_night_passes_at_once_and_time_never_goes_back() {
        let days = Days { began: 1_000, rate: 20, length: 8_000, skew: 0 };
        assert_eq!(days.at(1_000), START);
        assert_eq!(days.at(8_999), START + 7_999 * 20);
        assert_eq!(days.at(9_000), START + DAY);
        assert_eq!(days.to_string().parse(), Ok(days));
        assert!(Days::begin(20_000, 8_000).is_err());
    }
}
