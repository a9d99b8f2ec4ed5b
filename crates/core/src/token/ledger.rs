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

/// How much longer the window counts where many clocks write the ledger: five minutes ahead, five minutes behind, and
/// the time between an entry and the arrival of its request.
const SLACK: i64 = HOUR / 4;

/// When token calls were made, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Ledger {
    /// In order.
    calls: Vec<Millis>,
    slack: i64,
}

impl Ledger {
    /// The ledger of one process, or one that several write.
    pub(crate) fn new(shared: bool) -> Self {
        Self { calls: Vec::new(), slack: if shared { SLACK } else { 0 } }
    }

    pub(crate) fn calls(&self) -> &[Millis] {
        &self.calls
    }

    /// Takes in another ledger of the same calls, or of some. Each call is there once: no two have the same entry.
    pub(crate) fn join(&mut self, calls: impl IntoIterator<Item = Millis>) {
        for call in calls {
            if let Err(place) = self.calls.binary_search(&call) {
                self.calls.insert(place, call);
            }
        }
    }

    /// Enters a call, and tells its entry. While the clock is set back a little, it counts as made when the last one was.
    pub(crate) fn add(&mut self, now: Millis) -> Millis {
        self.calls.retain(|call| now.since(*call) < KEPT);
        let last = self.calls.last().copied().filter(|last| last.since(now) < DAY);
        let mut entry = last.map_or(now, |last| last.max(now));
        while self.calls.contains(&entry) {
            entry = entry.after(1);
        }
        self.join([entry]);
        entry
    }

    /// Takes back the entry of a call that surely did not leave.
    pub(crate) fn take_back(&mut self, entry: Millis) {
        self.calls.retain(|call| *call != entry);
    }

    /// Whether the quota takes one more call; calls from the future count.
    pub(crate) fn allows(&self, now: Millis) -> Result<(), Error> {
        let window = self.window();
        let recent = self.recent(now, window);
        match recent.len().checked_sub(TOKEN_CALLS) {
            None => Ok(()),
            Some(over) => Err(self.error("50 token calls in 30 days are used up", recent[over].after(window))),
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
        let recent = self.recent(now, self.window());
        let left = recent.first().map_or(WINDOW, |oldest| oldest.after(WINDOW).since(now));
        let days = (left.clamp(0, WINDOW) + DAY - 1) / DAY;
        let spare = TOKEN_CALLS as i64 - recent.len() as i64 - 1 - days;
        if spare >= 0 {
            return Ok(());
        }
        // Each day that passes needs one call less.
        let enough = now.after(-spare * DAY).min(recent.first().map_or(now, |oldest| oldest.after(self.window())));
        Err(self.error(
            "the rest of the quota is kept for the days to come: does another system use this application?",
            enough,
        ))
    }

    /// The calls of the last `length` milliseconds.
    fn recent(&self, now: Millis, length: i64) -> &[Millis] {
        let start = self.calls.partition_point(|call| now.since(*call) >= length);
        &self.calls[start..]
    }

    fn window(&self) -> i64 {
        WINDOW + self.slack
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
        let mut ledger = Ledger::default();
        ledger.join((0..50).map(|n| NOW.after(n * HOUR)));
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
