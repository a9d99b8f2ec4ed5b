//! The token calls of the past: 50 in any 30 days are all that the platform takes.

use super::HOUR;
use crate::api::platform::{TOKEN_CALLS, TOKEN_QUOTA, TOKEN_WINDOW_DAYS};
use crate::codes;
use crate::error::{Error, ErrorKind};
use crate::wire::Millis;

const DAY: i64 = 24 * HOUR;
const WINDOW: i64 = TOKEN_WINDOW_DAYS * DAY;
const KEPT: i64 = 2 * WINDOW;
const REPAIRS_AN_HOUR: usize = 3;

/// When token calls were made, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Ledger(Vec<Millis>);

impl Ledger {
    /// A ledger of calls made earlier.
    pub(crate) fn of(mut calls: Vec<Millis>) -> Self {
        calls.sort_unstable();
        Self(calls)
    }

    pub(crate) fn calls(&self) -> &[Millis] {
        &self.0
    }

    /// Enters a call, and tells its entry. While the clock is set back a little, it counts as made when the last one was.
    pub(crate) fn add(&mut self, now: Millis) -> Millis {
        self.0.retain(|call| now.since(*call) < KEPT);
        let last = self.0.last().copied().filter(|last| last.since(now) < DAY);
        let entry = last.map_or(now, |last| last.max(now));
        self.0.push(entry);
        self.0.sort_unstable();
        entry
    }

    /// Takes back the entry of a call that surely did not leave.
    pub(crate) fn take_back(&mut self, entry: Millis) {
        if let Some(at) = self.0.iter().rposition(|call| *call == entry) {
            self.0.remove(at);
        }
    }

    /// Whether the quota takes one more call; calls from the future count.
    pub(crate) fn allows(&self, now: Millis) -> Result<(), Error> {
        let recent = self.recent(now, WINDOW);
        match recent.len().checked_sub(TOKEN_CALLS) {
            None => Ok(()),
            Some(over) => Err(self.error("50 token calls in 30 days are used up", recent[over].after(WINDOW))),
        }
    }

    /// Whether the quota takes one more call and still leaves one for each day to the end of its window, and whether
    /// there were not too many in the last hour.
    pub(crate) fn can_spare(&self, now: Millis) -> Result<(), Error> {
        self.allows(now)?;
        let hour = self.recent(now, HOUR);
        if let Some(over) = hour.len().checked_sub(REPAIRS_AN_HOUR) {
            return Err(self.error("the token had to be replaced too often in the last hour", hour[over].after(HOUR)));
        }
        let recent = self.recent(now, WINDOW);
        let left = recent.first().map_or(WINDOW, |oldest| oldest.after(WINDOW).since(now));
        let days = (left.clamp(0, WINDOW) + DAY - 1) / DAY;
        let spare = TOKEN_CALLS as i64 - recent.len() as i64 - 1 - days;
        if spare >= 0 {
            return Ok(());
        }
        // Each day that passes needs one call less.
        let enough = now.after(-spare * DAY).min(recent.first().map_or(now, |oldest| oldest.after(WINDOW)));
        Err(self.error(
            "the rest of the quota is kept for the days to come: does another system use this application?",
            enough,
        ))
    }

    /// The calls of the last `length` milliseconds.
    fn recent(&self, now: Millis, length: i64) -> &[Millis] {
        let start = self.0.partition_point(|call| now.since(*call) >= length);
        &self.0[start..]
    }

    fn error(&self, describe: &str, retry_at: Millis) -> Error {
        Error::new(ErrorKind::Auth, describe).with_code(TOKEN_QUOTA, codes::TOKEN).with_retry_at(retry_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Millis = Millis(1_700_000_000_000);

    #[test]
    fn the_51st_call_waits_for_the_first_to_be_30_days_old() {
        let ledger = Ledger::of((0..50).map(|n| NOW.after(n * HOUR)).collect());
        let now = NOW.after(50 * HOUR);
        assert_eq!(ledger.allows(now).unwrap_err().retry_at(), Some(NOW.after(WINDOW)));
        assert!(ledger.allows(NOW.after(WINDOW - 1)).is_err());
        assert!(ledger.allows(NOW.after(WINDOW)).is_ok());
    }

    #[test]
    fn repairs_leave_one_call_a_day() {
        let mut ledger = Ledger::default();
        let mut now = NOW;
        let mut repairs = 0;
        while ledger.can_spare(now).is_ok() {
            ledger.add(now);
            repairs += 1;
            now = now.after(HOUR);
        }
        assert_eq!(repairs, 20);
    }

    proptest! {
        #[test]
        fn never_more_than_50_in_any_30_days(gaps in prop::collection::vec(0i64..3 * DAY, 0..400), back in 0i64..HOUR) {
            let mut ledger = Ledger::default();
            let mut now = NOW;
            let mut made: Vec<Millis> = Vec::new();
            for (index, gap) in gaps.iter().enumerate() {
                now = now.after(if index % 7 == 3 { -(*gap).min(back) } else { *gap });
                match ledger.allows(now) {
                    Ok(()) => {
                        ledger.add(now);
                        made.push(now);
                    }
                    Err(error) => prop_assert!(error.retry_at().is_some_and(|at| at > now)),
                }
            }
            made.sort_unstable();
            for window in made.windows(TOKEN_CALLS + 1) {
                prop_assert!(window[TOKEN_CALLS].since(window[0]) >= WINDOW - HOUR);
            }
        }
    }
}
