//! What the processes that share a token keep in their store: one JSON text, told here and in `docs/token-store.md`.
//!
//! | member | what it holds |
//! |---|---|
//! | `version`, `environment`, `appKey`, `taxNum` | 1, and whose token it is: as in a snapshot |
//! | `token` | as in a snapshot: `access`, `refresh`, `userId`, `taxNum`, `expiresAt`; null if there is none |
//! | `again` | `"first"`: the token is to be replaced because of trouble; `"second"`: its refresh was lost once; else null |
//! | `fetched` | the ledger: when token calls were made; no two entries are the same |
//! | `pause` | as in a snapshot: `until`, `kind`, `code`, `describe`; null if there is none |
//! | `fence` | grows by one with each fetch; of two records the one with the higher fence is right |
//! | `lease` | who is fetching: `holder`, `since` (its entry in `fetched`), `until`; null if nobody is |
//!
//! While a lease stands, `token` and `again` tell what is left if its holder never comes back. Times are milliseconds
//! since 1970. The record holds tokens, never the appSecret.

use super::snapshot::{object, read_pause, read_token, save_pause, save_token};
use super::{Lease, Life, State};
use crate::json::{FromJson, Json};
use crate::wire::Millis;

/// What every language's numbers hold; no fleet comes near it.
const MOST_FENCE: u64 = 1 << 53;

/// A record as it was read.
#[derive(Debug)]
pub(crate) struct Record {
    pub(super) state: State,
    pub(super) fetched: Vec<Millis>,
    pub(super) fence: u64,
    pub(super) lease: Option<Lease>,
}

impl Record {
    /// What a store holds before the first fetch.
    pub(crate) fn empty() -> Self {
        Self { state: State::Empty, fetched: Vec::new(), fence: 0, lease: None }
    }

    /// Reads all members but those that tell whose it is.
    ///
    /// # Errors
    /// The member that can't be read.
    pub(crate) fn read(json: &Json) -> Result<Self, &'static str> {
        let member = |name: &str| json.get(name).filter(|value| !value.is_null());
        let state = match member("token") {
            None => State::Empty,
            Some(token) => read_token(token).ok_or("token")?,
        };
        let state = match member("again").map(Json::token) {
            None => state,
            Some(Some("first")) => State::Again { from: state.token().cloned(), repeated: false },
            Some(Some("second")) => State::Again { from: state.token().cloned(), repeated: true },
            Some(_) => return Err("again"),
        };
        let state = match member("pause") {
            None => state,
            Some(pause) => read_pause(pause, state).ok_or("pause")?,
        };
        let fetched = Vec::<i64>::from_json(json.get("fetched").cloned().unwrap_or_default()).map_err(|_| "fetched")?;
        let fence = json.get("fence").and_then(Json::token).and_then(|fence| fence.parse().ok());
        let fence = fence.filter(|fence| *fence <= MOST_FENCE).ok_or("fence")?;
        let lease = match member("lease") {
            None => None,
            Some(lease) => Some(Lease::read(lease).ok_or("lease")?),
        };
        Ok(Self { state, fetched: fetched.into_iter().map(Millis).collect(), fence, lease })
    }
}

impl Life {
    /// The members of the record that tell how things stand, while `lease` is held or while nobody fetches.
    pub(crate) fn record(&self, lease: Option<&Lease>, now: Millis) -> [(String, Json); 6] {
        let left;
        let (state, pause) = match &self.state {
            State::Fetching(fetch) => {
                left = fetch.left(now);
                (left.flat(), Json::Null)
            }
            State::Paused { until, error, then, .. } => (then.flat(), save_pause(*until, error)),
            state => (state.flat(), Json::Null),
        };
        let token = match (state, state.token()) {
            (State::Again { .. }, token) => save_token(token),
            (_, Some(token)) => save_token(Some(token)),
            (_, None) => Json::Null,
        };
        let again = match state {
            State::Again { repeated: false, .. } => Json::from("first"),
            State::Again { repeated: true, .. } => Json::from("second"),
            _ => Json::Null,
        };
        let fetched = self.ledger.calls().iter().map(|call| Json::from(call.0)).collect();
        [
            ("token".into(), token),
            ("again".into(), again),
            ("fetched".into(), Json::List(fetched)),
            ("pause".into(), pause),
            ("fence".into(), Json::Number((self.fence + u64::from(lease.is_some())).to_string())),
            ("lease".into(), lease.map_or(Json::Null, Lease::save)),
        ]
    }
}

impl State {
    /// What is there to be kept, apart from pauses and other processes' leases.
    fn flat(&self) -> &State {
        match self {
            State::Paused { then, .. } => then.flat(),
            State::Elsewhere(other) => other.then.flat(),
            State::Fetching(fetch) => fetch.before.flat(),
            State::Empty | State::Held(_) | State::Again { .. } | State::Permanent(_) => self,
        }
    }
}

impl Lease {
    fn save(&self) -> Json {
        object([
            ("holder", self.holder.as_str().into()),
            ("since", self.since.0.into()),
            ("until", self.until.0.into()),
        ])
    }

    fn read(json: &Json) -> Option<Self> {
        let time = |name: &str| Some(Millis(i64::from_json(json.get(name)?.clone()).ok()?));
        let Json::Text(holder) = json.get("holder")? else { return None };
        Some(Self { holder: holder.clone(), since: time("since")?, until: time("until")? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::{Event, Ledger, Role, Sight, Token, Want};

    const NOW: Millis = Millis(1_700_000_000_000);

    fn life(role: Role) -> Life {
        Life::new(role, None, Ledger::new(true))
    }

    fn text(life: &Life) -> String {
        Json::Object(life.record(None, NOW).to_vec()).to_string()
    }

    /// Each state is written, read, adopted by another process and written again: the same text.
    #[test]
    fn a_record_comes_back_as_it_was() {
        let token = || Token {
            access: "A1".into(),
            refresh: Some("R1".into()),
            user_id: Some("U1".into()),
            tax_num: None,
            expires_at: Some(NOW.after(60_000)),
        };
        let held = |life: &mut Life| life.state = State::Held(token());
        let rejected = |life: &mut Life| {
            life.state = State::Held(token());
            life.apply(Event::Rejected("A1".into()), NOW);
        };
        let lost = |life: &mut Life| {
            life.state = State::Held(token());
            let Want::Fetch(fetch) = life.want(Sight::Clear, NOW) else { panic!("it ends soon") };
            assert!(life.apply(Event::Lost(fetch.id, "timed out".into()), NOW).is_some());
        };
        let all: [&dyn Fn(&mut Life); 3] = [&held, &rejected, &lost];
        for make in all {
            let mut one = life(Role::ServiceProvider);
            make(&mut one);
            one.fence = 3;
            let mut other = life(Role::ServiceProvider);
            other.adopt(Record::read(&Json::parse(&text(&one)).unwrap()).unwrap(), NOW);
            assert_eq!(text(&other), text(&one));
        }
    }
}
