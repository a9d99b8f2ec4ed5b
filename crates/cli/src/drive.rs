//! The loop over the network: step, send, receive; wait; until it is done.

use std::io;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use nnopen::{Call, ErrorKind, FromJson, Json, Millis, Request, Session, Stamp, Step};
use nnopen_store::{FileStore, Store};

use crate::http::{Answer, Http};
use crate::settings::Settings;
use crate::trouble::Trouble;
use crate::words::{note, say, watched};

/// A session that can be driven: with a client, and a place to keep its token.
pub(crate) struct Driver {
    pub(crate) session: Session,
    pub(crate) http: Http,
    /// None where a permanent token is configured, or nothing is to be kept.
    store: Option<FileStore>,
}

/// What happens while a call is driven.
pub(crate) enum Event<'a> {
    Sending(&'a Request),
    Answered(&'a Request, &'a Answer, Duration),
    Failed(&'a Request, &'a str),
    Waiting(Duration),
    /// Another run fetches the token, or has died while it did: it is waited for.
    Elsewhere,
}

impl Driver {
    /// Of the settings, with the file of the token that all runs share.
    pub(crate) fn new(settings: &Settings) -> Result<Self, Trouble> {
        let session = settings.session()?;
        let http = Http::new(settings.ca_file())?;
        let store = if settings.config()?.shared {
            let dir = settings.state_dir()?;
            Some(FileStore::open(&dir, &session.store_key()).map_err(|error| Trouble::file(&dir, &error))?)
        } else {
            None
        };
        Ok(Self { session, http, store })
    }

    /// Of a session that keeps nothing.
    pub(crate) fn unkept(session: Session) -> Result<Self, Trouble> {
        Ok(Self { session, http: Http::new(None)?, store: None })
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
        // A wait right after a look into the store is for somebody else's fetch: told once.
        let (mut looked, mut told) = (false, false);
        loop {
            let step = call.step(&stamp()?)?;
            let elsewhere = std::mem::replace(&mut looked, matches!(step, Step::Load));
            match step {
                Step::Done(output) => return Ok(output),
                Step::Load => match self.store()?.load() {
                    Ok((version, bytes)) => call.loaded(version, &bytes, now())?,
                    Err(error) => self.store_failed(call, &error)?,
                },
                Step::Swap { version, bytes } => match self.store()?.swap(version, &bytes) {
                    Ok(stored) => call.swapped(stored, now())?,
                    Err(error) => self.store_failed(call, &error)?,
                },
                Step::Wait(until) => {
                    let left = Duration::from_millis(u64::try_from(until.since(now())).unwrap_or(0));
                    if !elsewhere {
                        tell(Event::Waiting(left));
                    } else if !std::mem::replace(&mut told, true) {
                        tell(Event::Elsewhere);
                    }
                    // Woken now and then, so that a clock that was set is noticed.
                    std::thread::sleep(left.min(Duration::from_secs(5)));
                }
                Step::Send(request) => self.send(call, &request, tell)?,
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
        Ok(())
    }

    /// The call goes on if it can; that the token is not kept is for everybody to know.
    fn store_failed<T: FromJson>(&self, call: &mut Call<T>, error: &io::Error) -> Result<(), Trouble> {
        note(&format!("⚠ {}{error}", say("令牌文件读写失败：", "the token's file can't be used: ")));
        Ok(call.store_failed(&error.to_string(), now())?)
    }

    fn store(&self) -> Result<&FileStore, Trouble> {
        self.store.as_ref().ok_or_else(|| Trouble::usage("the session does not share its token"))
    }

    /// What is kept of the token, as the core has found it right; without a store what the session knows.
    pub(crate) fn record(&self) -> Result<Json, Trouble> {
        let ours = || Ok(Json::parse(&self.session.snapshot()).unwrap_or_default());
        let Some(store) = &self.store else { return ours() };
        let (version, bytes) = store.load().map_err(|error| Trouble::file(store.path(), &error))?;
        if version == 0 {
            return ours();
        }
        // A record is a snapshot with more members.
        let record = std::str::from_utf8(&bytes).ok().filter(|text| self.session.restore(text).is_ok());
        record.and_then(|text| Json::parse(text).ok()).ok_or_else(|| {
            Trouble::input(
                format!("{}: {}", store.path().display(), say("令牌文件无法识别", "the token's file can't be read")),
                "令牌文件已损坏：确认近 30 天的取令牌次数后删除该文件",
                "The token's file is broken: delete it, minding that it counted the token calls of 30 days",
            )
        })
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
        Event::Elsewhere => note(say(
            "… 另一个进程正在取令牌，等它的结果（若它已中断，最多等 90 秒）",
            "… another run is fetching the token: waiting for it (90 s at most, if it was killed)",
        )),
        Event::Waiting(left) => {
            note(&format!("… {} {:.0} s", say("等待", "waiting"), left.as_secs_f32().ceil()));
        }
    }
}
