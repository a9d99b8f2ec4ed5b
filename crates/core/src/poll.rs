//! When a question that is asked again and again has its answer.

/// How to wait for a final answer: a `[poll]` table of a data file. Times are in seconds.
#[derive(Debug)]
pub struct PollRule {
    /// The member of a row that tells how far it is.
    pub status: &'static str,
    /// The statuses that end well.
    pub done: &'static [&'static str],
    /// The statuses that end badly.
    pub failed: &'static [&'static str],
    /// The statuses that need a retry by the platform's own method: the thing exists, something is missing.
    pub needs_retry: &'static [&'static str],
    /// How long to wait before asking again; the last one repeats.
    pub delays: &'static [u32],
    /// When to stop asking.
    pub give_up: u32,
    /// How long "not there" may mean "not visible yet".
    pub grace: u32,
    /// The codes that mean "not there".
    pub absent: &'static [&'static str],
    /// The list params that name what is asked for, each with the member of a row that names it again.
    pub asked: &'static [(&'static str, &'static str)],
}
