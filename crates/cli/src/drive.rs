//! The loop over the network: step, send, receive; wait; until it is done.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use nnopen::{Call, ErrorKind, FromJson, Millis, Request, Session, Stamp, Step};

use crate::http::{Answer, Http};
use crate::settings::Settings;
use crate::state::{Lock, Store};
use crate::trouble::Trouble;
use crate::words::{note, say, watched};

/// A session that can be driven: with a client, and a place to keep its token.
pub(crate) struct Driver {
    pub(crate) session: Session,
    http: Http,
    /// None where a permanent token is configured, or nothing is to be kept.
    store: Option<Store>,
    token_url: String,
}

/// What happens while a call is driven.
pub(crate) enum Event<'a> {
    Sending(&'a Request),
    Answered(&'a Request, &'a Answer, Duration),
    Failed(&'a Request, &'a str),
    Waiting(Duration),
}

impl Driver {
    /// Of the settings, with the token that was kept.
    pub(crate) fn new(settings: &Settings) -> Result<Self, Trouble> {
        let session = settings.session()?;
        let config = settings.config()?;
        let http = Http::new(settings.ca_file())?;
        let store = match config.permanent_token {
            Some(_) => None,
            None => Some(Store::of(&session, &config.app_secret, &settings.state_dir()?)?),
        };
        if let Some(store) = &store {
            store.restore(&session, None)?;
        }
        Ok(Self { session, http, store, token_url: config.environment.token_url().to_owned() })
    }

    /// Of a session that keeps nothing.
    pub(crate) fn unkept(session: Session, token_url: String) -> Result<Self, Trouble> {
        Ok(Self { session, http: Http::new(None)?, store: None, token_url })
    }

    /// Drives a call to its end, with progress for who watches.
    pub(crate) fn run<T: FromJson>(&self, call: &mut Call<T>) -> Result<T, Trouble> {
        let watched = watched();
        self.watch(call, &mut |event| {
            if watched {
                progress(&event);
            }
        })
    }

    /// Drives a call to its end, telling what happens.
    pub(crate) fn watch<T: FromJson>(&self, call: &mut Call<T>, tell: &mut dyn FnMut(Event<'_>)) -> Result<T, Trouble> {
        let mut refused: Option<String> = None;
        loop {
            let lock = self.lock_if_needed(refused.as_deref())?;
            let revision = self.session.revision();
            let step = call.step(&stamp()?);
            if self.session.revision() != revision {
                self.save()?;
            }
            match step? {
                Step::Done(output) => return Ok(output),
                Step::Load | Step::Swap { .. } => return Err(Trouble::usage("the session does not share its token")),
                Step::Wait(until) => {
                    drop(lock);
                    let left = Duration::from_millis(u64::try_from(until.since(now())).unwrap_or(0));
                    tell(Event::Waiting(left));
                    // Woken now and then, so that a clock that was set is noticed.
                    std::thread::sleep(left.min(Duration::from_secs(5)));
                }
                Step::Send(request) => {
                    // The lock is for a token fetch alone.
                    let lock = lock.filter(|_| request.url == self.token_url);
                    let held = self.session.token();
                    self.send(call, &request, tell)?;
                    drop(lock);
                    refused = match (held, self.session.token()) {
                        (Some(token), None) => Some(token.access.expose().to_owned()),
                        _ => refused,
                    };
                }
            }
        }
    }

    /// Sends once.
    fn send<T: FromJson>(
        &self,
        call: &mut Call<T>,
        request: &Request,
        tell: &mut dyn FnMut(Event<'_>),
    ) -> Result<(), Trouble> {
        tell(Event::Sending(request));
        let started = Instant::now();
        let revision = self.session.revision();
        match self.http.post(request) {
            Ok(answer) => {
                tell(Event::Answered(request, &answer, started.elapsed()));
                call.receive(answer.0, &answer.1, now())?;
            }
            Err((failure, reason)) => {
                tell(Event::Failed(request, &reason));
                call.fail(failure, &reason, now())?;
            }
        }
        // A token that the service refused is dropped here, but kept in the file until the lock is held: another program
        // may have put a newer one there.
        if request.url == self.token_url && self.session.revision() != revision {
            self.save()?;
        }
        Ok(())
    }

    /// Before a token is fetched: the lock, and what other programs have left in the file meanwhile.
    fn lock_if_needed(&self, refused: Option<&str>) -> Result<Option<Lock>, Trouble> {
        let soon = now().after(5 * 60 * 1000);
        let usable = |token: nnopen::Token| token.expires_at.is_none_or(|end| end > soon);
        let Some(store) = self.store.as_ref().filter(|_| !self.session.token().is_some_and(usable)) else {
            return Ok(None);
        };
        let lock = store.lock()?;
        store.restore(&self.session, refused)?;
        Ok(Some(lock))
    }

    fn save(&self) -> Result<(), Trouble> {
        self.store.as_ref().map_or(Ok(()), |store| store.save(&self.session))
    }
}

/// The time.
pub(crate) fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// The time, with fresh random bytes.
pub(crate) fn stamp() -> Result<Stamp, Trouble> {
    let mut entropy = [0; 20];
    getrandom::fill(&mut entropy).map_err(|error| {
        Trouble::input(format!("no random bytes: {error}"), "系统随机数不可用", "The system gives no random bytes")
            .of(ErrorKind::Usage)
    })?;
    Ok(Stamp::new(now(), entropy))
}

/// What a request asks for: the method's name, or the token.
pub(crate) fn purpose(request: &Request) -> &str {
    let method = request.headers.iter().find(|(name, _)| *name == "method").map(|(_, value)| value.as_str());
    method.unwrap_or("accessToken")
}

/// Tells what happens to who watches.
pub(crate) fn progress(event: &Event<'_>) {
    match event {
        Event::Sending(_) => {}
        Event::Answered(request, answer, took) => {
            note(&format!("… {}  HTTP {}  {} ms", purpose(request), answer.0, took.as_millis()));
        }
        Event::Failed(request, reason) => note(&format!("… {}  {reason}", purpose(request))),
        Event::Waiting(left) => {
            note(&format!("… {} {:.0} s", say("等待", "waiting"), left.as_secs_f32().ceil()));
        }
    }
}
