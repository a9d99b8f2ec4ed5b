//! The loop over real HTTP, as any host writes it; what is kept of a call is kept before anything is sent.

use std::io;
use std::sync::Mutex;
use std::time::Duration;

use nnopen::{Call, Config, Environment, Error, Failure, Json, Millis, Request, Session, Stamp, Step};
use nnopen_store::Store;

use crate::clock::Days;

/// A client gives up after so much simulated time.
pub(crate) const TIMEOUT: i64 = 30_000;
/// Nobody listens there.
const CLOSED: &str = "http://127.0.0.1:1/";

/// A session with what it needs to be driven.
pub(crate) struct Driver {
    pub(crate) session: Session,
    pub(crate) clock: Days,
    store: Option<Box<dyn Store + Send + Sync>>,
    agent: ureq::Agent,
    luck: Mutex<fastrand::Rng>,
    /// How many requests of a thousand find the connection refused.
    refused: u32,
}

/// What a driver tells while it works.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event {
    /// A token request is about to leave.
    Fetching,
    /// The connection was refused.
    Refused,
}

impl Driver {
    /// A driver against the simulator at `url`; without a store each process has a token of its own.
    pub(crate) fn new(
        url: &str,
        clock: Days,
        store: Option<Box<dyn Store + Send + Sync>>,
        seed: u64,
        refused: u32,
    ) -> Result<Self, Error> {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(0)
            .timeout_global(Some(clock.real(TIMEOUT)))
            .proxy(None)
            .build()
            .new_agent();
        let session = session(url, store.is_some())?;
        Ok(Self { session, clock, store, agent, luck: Mutex::new(fastrand::Rng::with_seed(seed)), refused })
    }

    /// Drives a call to its end. `keep` gets what is to be kept of it, whenever that has changed and before the step is
    /// carried out.
    pub(crate) fn run(
        &self,
        call: &mut Call<Json>,
        mut keep: impl FnMut(&str),
        tell: impl Fn(Event),
    ) -> Result<Json, Error> {
        let mut kept = String::new();
        loop {
            self.clock.sleep_in();
            let step = call.step(&self.stamp())?;
            let snapshot = call.snapshot();
            if snapshot != kept {
                keep(&snapshot);
                kept = snapshot;
            }
            match step {
                Step::Done(result) => return Ok(result),
                Step::Wait(until) => self.clock.sleep_until(until.0),
                Step::Load => match self.store().and_then(Store::load) {
                    Ok((version, bytes)) => call.loaded(version, &bytes, self.now())?,
                    Err(error) => call.store_failed(&error.to_string(), self.now())?,
                },
                Step::Swap { version, bytes } => match self.store().and_then(|store| store.swap(version, &bytes)) {
                    Ok(stored) => call.swapped(stored, self.now())?,
                    Err(error) => call.store_failed(&error.to_string(), self.now())?,
                },
                Step::Send(request) => match self.post(&request, &tell) {
                    Ok((status, body)) => call.receive(status, &body, self.now())?,
                    Err((failure, reason)) => call.fail(failure, &reason, self.now())?,
                },
            }
        }
    }

    fn post(&self, request: &Request, tell: &impl Fn(Event)) -> Result<(u16, Vec<u8>), (Failure, String)> {
        if request.url.ends_with("/accessToken") {
            tell(Event::Fetching);
        }
        let out_of_luck = self.luck.lock().is_ok_and(|mut luck| luck.u32(0..1000) < self.refused);
        let mut builder = self.agent.post(if out_of_luck { CLOSED } else { &request.url });
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        let answer = builder.send(request.body.as_bytes()).and_then(|mut answer| {
            let body = answer.body_mut().read_to_vec()?;
            Ok((answer.status().as_u16(), body))
        });
        answer.map_err(|error| match error {
            ureq::Error::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                tell(Event::Refused);
                (Failure::NotSent, "the connection was refused".to_owned())
            }
            other => (Failure::MaybeSent, other.to_string()),
        })
    }

    fn store(&self) -> io::Result<&(dyn Store + Send + Sync)> {
        self.store.as_deref().ok_or_else(|| io::Error::other("no store"))
    }

    pub(crate) fn now(&self) -> Millis {
        Millis(self.clock.now())
    }

    fn stamp(&self) -> Stamp {
        let mut entropy = [0; 20];
        // Without random bytes there is no signature.
        getrandom::fill(&mut entropy).unwrap_or_else(|error| panic!("no random bytes: {error}"));
        Stamp::new(self.now(), entropy)
    }
}

/// The session of all processes: the simulator's made-up account.
pub(crate) fn session(url: &str, shared: bool) -> Result<Session, Error> {
    let mut config = Config::sandbox("SD00000001", "SD00000000000001", "339901999999142");
    config.environment =
        Environment::Custom { service_url: format!("{url}/open/v1/services"), token_url: format!("{url}/accessToken") };
    config.shared = shared;
    Session::new(config)
}

/// What the simulator's admin address answers.
pub(crate) fn admin(url: &str, path: &str) -> Result<serde_json::Value, String> {
    let agent =
        ureq::Agent::config_builder().proxy(None).timeout_global(Some(Duration::from_secs(60))).build().new_agent();
    let mut answer = agent.get(format!("{url}/_simulator/{path}")).call().map_err(|error| error.to_string())?;
    let body = answer.body_mut().with_config().limit(1 << 30).read_to_vec().map_err(|error| error.to_string())?;
    serde_json::from_slice(&body).map_err(|error| error.to_string())
}
