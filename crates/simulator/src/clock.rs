//! The simulator's clock: real time, or a time that a test sets and moves.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// What time the simulator believes it is, in milliseconds since 1970.
///
/// It follows real time until it is [`set`](Clock::set); from then on it stands still and only
/// [`advance`](Clock::advance) moves it. Tokens, the quota, the time window of a request and the life of an order all go
/// by it. With [`follow`](Clock::follow) it goes by another clock altogether.
pub struct Clock {
    state: Mutex<State>,
}

#[derive(Clone)]
enum State {
    /// Real time plus so many milliseconds.
    Running(i64),
    Still(i64),
    Told(Arc<dyn Fn() -> i64 + Send + Sync>),
}

impl Clock {
    pub(crate) fn new(start: Option<i64>) -> Clock {
        Clock { state: Mutex::new(start.map_or(State::Running(0), State::Still)) }
    }

    /// The simulator's time now.
    pub fn now(&self) -> i64 {
        let state = self.lock().clone();
        match state {
            State::Running(offset) => real().saturating_add(offset),
            State::Still(at) => at,
            State::Told(clock) => clock(),
        }
    }

    /// Stops the clock at `ms`.
    pub fn set(&self, ms: i64) {
        *self.lock() = State::Still(ms);
    }

    /// Goes by `clock`, which gives milliseconds since 1970: a time that runs faster, for one.
    pub fn follow(&self, clock: impl Fn() -> i64 + Send + Sync + 'static) {
        *self.lock() = State::Told(Arc::new(clock));
    }

    /// Moves the clock by `ms`; a running clock goes on running from there, one that follows another stands still.
    pub fn advance(&self, ms: i64) {
        let mut state = self.lock();
        *state = match &*state {
            State::Running(offset) => State::Running(offset.saturating_add(ms)),
            State::Still(at) => State::Still(at.saturating_add(ms)),
            State::Told(clock) => State::Still(clock().saturating_add(ms)),
        };
    }

    /// Follows real time again.
    pub fn run(&self) {
        *self.lock() = State::Running(0);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clock").field("now", &self.now()).finish()
    }
}

fn real() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Calendar time in Beijing (UTC+8, no summer time).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Beijing {
    pub(crate) year: i64,
    pub(crate) month: i64,
    pub(crate) day: i64,
    pub(crate) hour: i64,
    pub(crate) minute: i64,
    pub(crate) second: i64,
}

pub(crate) const DAY: i64 = 86_400_000;
const OFFSET: i64 = 8 * 3_600_000;

impl Beijing {
    pub(crate) fn at(ms: i64) -> Beijing {
        let local = ms.saturating_add(OFFSET);
        let (day, rest) = (local.div_euclid(DAY), local.rem_euclid(DAY) / 1000);
        // Days to civil date, counted in eras of 400 years that begin on 1 March.
        let shifted = day + 719_468;
        let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        Beijing {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month,
            day: of_year - (153 * from_march + 2) / 5 + 1,
            hour: rest / 3600,
            minute: rest / 60 % 60,
            second: rest % 60,
        }
    }

    /// The number of the Beijing day that `ms` falls on.
    pub(crate) fn day_number(ms: i64) -> i64 {
        ms.saturating_add(OFFSET).div_euclid(DAY)
    }

    /// Reads `yyyy-MM-dd` or `yyyy-MM-dd HH:mm:ss`; a date that does not exist is `None`.
    pub(crate) fn parse(text: &str) -> Option<Beijing> {
        let bytes = text.as_bytes();
        let shape: &[u8] = match bytes.len() {
            10 => b"dddd-dd-dd",
            19 => b"dddd-dd-dd dd:dd:dd",
            _ => return None,
        };
        let fits = bytes.iter().zip(shape).all(|(b, s)| if *s == b'd' { b.is_ascii_digit() } else { b == s });
        if !fits {
            return None;
        }
        let number = |from: usize, to: usize| bytes[from..to].iter().fold(0, |n, b| n * 10 + i64::from(b - b'0'));
        let mut time =
            Beijing { year: number(0, 4), month: number(5, 7), day: number(8, 10), hour: 0, minute: 0, second: 0 };
        if bytes.len() == 19 {
            (time.hour, time.minute, time.second) = (number(11, 13), number(14, 16), number(17, 19));
        }
        (Beijing::at(time.ms()) == time).then_some(time)
    }

    /// As [`parse`](Beijing::parse), and `yyyyMMdd` too.
    pub(crate) fn read(text: &str) -> Option<Beijing> {
        let short = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
        let dashed = || format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]);
        if short { Beijing::parse(&dashed()) } else { Beijing::parse(text) }
    }

    /// Milliseconds since 1970.
    pub(crate) fn ms(self) -> i64 {
        let year = if self.month <= 2 { self.year - 1 } else { self.year };
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let from_march = if self.month > 2 { self.month - 3 } else { self.month + 9 };
        let of_year = (153 * from_march + 2) / 5 + self.day - 1;
        let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
        days * DAY + (self.hour * 3600 + self.minute * 60 + self.second) * 1000 - OFFSET
    }

    pub(crate) fn date(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// `yyyy-MM-dd HH:mm:ss`
    pub(crate) fn text(ms: i64) -> String {
        let at = Beijing::at(ms);
        format!("{} {:02}:{:02}:{:02}", at.date(), at.hour, at.minute, at.second)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn beijing_time_is_eight_hours_ahead() {
        let time = Beijing::at(1_700_000_000_000);
        assert_eq!((time.date(), time.hour, time.minute, time.second), ("2023-11-15".into(), 6, 13, 20));
        assert_eq!(time.ms(), 1_700_000_000_000);
        assert_eq!(Beijing::parse("2024-02-29 23:59:59").unwrap().ms(), 1_709_222_399_000);
    }

    #[test]
    fn dates_that_do_not_exist_are_refused() {
        for bad in ["2023-02-29", "2024-13-01", "2024-1-1", "2024-01-01T00:00:00", "2024-01-01 24:00:00", "2024-01-01 "]
        {
            assert!(Beijing::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_set_clock_stands_still_and_moves_on_request() {
        let clock = Clock::new(None);
        clock.set(5);
        assert_eq!(clock.now(), 5);
        clock.advance(10);
        assert_eq!(clock.now(), 15);
        clock.follow(|| 7);
        assert_eq!(clock.now(), 7);
        clock.run();
        assert!(clock.now() > 1_600_000_000_000);
    }
}
