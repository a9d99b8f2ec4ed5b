//! One conversation, compared step by step.

use std::collections::BTreeMap;

use nnopen::Json;

/// A session of the side that is tested.
pub trait Session: Sized {
    /// A call in progress.
    type Call;

    /// Opens a session from a vector's `session`.
    fn open(session: &Json) -> Result<Self, Failed>;
    /// Starts what a vector's `calls` names.
    fn start(&self, call: &Json) -> Result<Self::Call, Failed>;
    /// What to do now.
    fn step(call: &mut Self::Call, now: i64, entropy: [u8; 20]) -> Result<Stepped, Failed>;
    /// An answer.
    fn receive(call: &mut Self::Call, status: u16, body: &[u8], now: i64) -> Result<(), Failed>;
    /// No answer.
    fn fail(call: &mut Self::Call, not_sent: bool, now: i64) -> Result<(), Failed>;
    /// What the store holds.
    fn loaded(call: &mut Self::Call, version: u64, bytes: &[u8], now: i64) -> Result<(), Failed>;
    /// Whether the store took the bytes.
    fn swapped(call: &mut Self::Call, stored: bool, now: i64) -> Result<(), Failed>;
    /// The store did not answer.
    fn store_failed(call: &mut Self::Call, now: i64) -> Result<(), Failed>;
    /// The snapshot as it is.
    fn snapshot(&self) -> String;
    /// Takes over a snapshot.
    fn restore(&self, snapshot: &str) -> Result<(), Failed>;
}

/// A step as it came.
#[derive(Debug)]
#[allow(missing_docs)]
pub enum Stepped {
    Send { url: String, headers: Vec<(&'static str, String)>, body: String },
    Wait(i64),
    Load,
    Swap { version: u64, bytes: Vec<u8> },
    Done(String),
}

/// An error as it came.
#[derive(Debug, Default)]
#[allow(missing_docs)]
pub struct Failed {
    pub kind: String,
    pub code: Option<String>,
    pub retry_at: Option<i64>,
    pub paths: Vec<String>,
    /// All its texts, for what must not be in them.
    pub texts: String,
}

/// Plays one vector.
///
/// # Errors
/// The first line of the script that is not as it came.
pub fn play<S: Session>(vector: &Json) -> Result<(), String> {
    let must_fail = vector.get("start_error");
    let started = start::<S>(vector);
    let (sessions, mut calls) = match (started, must_fail) {
        (Ok(started), None) => started,
        (Err(failed), Some(expected)) => return same_error(expected, &failed),
        (Err(failed), None) => return Err(format!("could not be begun: {failed:?}")),
        (Ok(_), Some(expected)) => return Err(format!("begun, though {expected} must come")),
    };
    let script = vector.get("script").map(Json::items).unwrap_or_default();
    if script.is_empty() {
        return Err("the script is empty".to_owned());
    }
    let mut store = Store::of(vector.get("store"));
    for (at, line) in script.iter().enumerate() {
        play_line(&sessions, &mut calls, &mut store, at, line).map_err(|why| format!("line {at}: {why}"))?;
    }
    Ok(())
}

type Started<S> = (Vec<S>, Vec<Option<<S as Session>::Call>>);

/// Opens the session, or all of them where several share a store; and starts the calls.
fn start<S: Session>(vector: &Json) -> Result<Started<S>, Failed> {
    let several = vector.get("sessions").map(Json::items).unwrap_or_default();
    let told =
        if several.is_empty() { vec![vector.get("session").unwrap_or(&Json::Null)] } else { several.iter().collect() };
    let sessions = told.into_iter().map(S::open).collect::<Result<Vec<_>, _>>()?;
    if let Some(snapshot) = vector.get("snapshot") {
        sessions[0].restore(&snapshot.to_string())?;
    }
    let calls = vector.get("calls").map(Json::items).unwrap_or_default();
    let start = |call: &Json| {
        let index = number(call, "session").and_then(|index| usize::try_from(index).ok()).unwrap_or_default();
        sessions.get(index).ok_or_else(Failed::default)?.start(call).map(Some)
    };
    let calls = calls.iter().map(start).collect::<Result<_, _>>()?;
    Ok((sessions, calls))
}

fn play_line<S: Session>(
    sessions: &[S],
    calls: &mut [Option<S::Call>],
    store: &mut Store,
    at: usize,
    line: &Json,
) -> Result<(), String> {
    if let Some(expected) = line.get("snapshot") {
        let index = number(line, "session").and_then(|index| usize::try_from(index).ok()).unwrap_or_default();
        let ours = sessions.get(index).ok_or("there is no such session")?.snapshot();
        let ours = Json::parse(&ours).map_err(|error| error.to_string())?;
        return same_members(expected, &ours).map_err(|path| format!("snapshot: {path} is not as expected in {ours}"));
    }
    if let Some(expected) = line.get("store") {
        return store.is_as(expected);
    }
    let index = number(line, "call").unwrap_or(0);
    let slot = usize::try_from(index).ok().and_then(|index| calls.get_mut(index)).ok_or("there is no such call")?;
    let now = number(line, "now").ok_or("the line has no now")?;
    if line.get("drop").is_some() {
        *slot = None;
        return Ok(());
    }
    let call = slot.as_mut().ok_or("the call was dropped")?;
    if let Some(expected) = line.get("step") {
        let stepped = S::step(call, now, entropy(line, at)?);
        return same_step(expected, stepped, index, store);
    }
    let told = if line.get("loaded").is_some() {
        S::loaded(call, store.version, &store.bytes, now)
    } else if let Some(answer) = line.get("swapped") {
        match (answer, answer.token()) {
            (Json::Bool(stored), _) if *stored != store.swap(index)? => {
                return Err(format!("the store says {}", !stored));
            }
            (Json::Bool(stored), _) => S::swapped(call, *stored, now),
            // The answer to the swap is lost, or the swap itself.
            (_, Some("lost_after")) => store.swap(index).map(|_| S::store_failed(call, now))?,
            _ => {
                store.swapping.remove(&index);
                S::store_failed(call, now)
            }
        }
    } else if line.get("load_failed").is_some() {
        S::store_failed(call, now)
    } else if let Some(answer) = line.get("receive") {
        let status =
            number(answer, "status").and_then(|status| u16::try_from(status).ok()).ok_or("the answer has no status")?;
        let body = match answer.get("body") {
            Some(Json::Text(text)) => text.clone(),
            Some(json) => json.to_string(),
            None => String::new(),
        };
        S::receive(call, status, body.as_bytes(), now)
    } else {
        match line.get("fail").and_then(Json::token) {
            Some("not_sent") => S::fail(call, true, now),
            Some("maybe_sent") => S::fail(call, false, now),
            _ => return Err("the line says nothing".to_owned()),
        }
    };
    match (told, line.get("error")) {
        (Ok(()), None) => Ok(()),
        (Err(failed), Some(expected)) => same_error(expected, &failed),
        (Ok(()), Some(expected)) => Err(format!("{expected} must come, nothing came")),
        (Err(failed), None) => Err(format!("{failed:?} came")),
    }
}

/// The stamp of line `at` is twenty bytes of `at + 1`, unless the line says otherwise.
pub(crate) fn entropy(line: &Json, at: usize) -> Result<[u8; 20], String> {
    let Some(hex) = line.get("entropy").and_then(Json::token) else {
        return Ok([u8::try_from(at % 255 + 1).unwrap_or(u8::MAX); 20]);
    };
    let bytes: Option<Vec<u8>> =
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()).collect();
    bytes.and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| "entropy must be 40 hex digits".to_owned())
}

fn same_step(expected: &Json, stepped: Result<Stepped, Failed>, index: i64, store: &mut Store) -> Result<(), String> {
    match (expected.members(), stepped) {
        ([(word, _)], Ok(Stepped::Load)) if word == "load" => Ok(()),
        ([(word, swap)], Ok(Stepped::Swap { version, bytes })) if word == "swap" => {
            let ours = String::from_utf8_lossy(&bytes).into_owned();
            if number(swap, "version").and_then(|version| u64::try_from(version).ok()) != Some(version) {
                return Err(format!("{swap} must come, a swap of version {version} came"));
            }
            let ours = Json::parse(&ours).map_err(|error| error.to_string())?;
            let record = swap.get("record").unwrap_or(&Json::Null);
            store.swapping.insert(index, (version, bytes));
            same_members(record, &ours).map_err(|path| format!("{path} is not as expected in {ours}"))
        }
        ([(word, send)], Ok(Stepped::Send { url, headers, body })) if word == "send" => {
            let headers = headers.into_iter().map(|(name, value)| Json::List(vec![name.into(), value.as_str().into()]));
            let ours = [
                ("url", url.as_str().into()),
                ("headers", Json::List(headers.collect())),
                ("body", body.as_str().into()),
            ];
            if send.members().len() != ours.len() {
                return Err("a send must tell url, headers and body".to_owned());
            }
            ours.iter().try_for_each(|(name, ours)| match send.get(name) {
                Some(theirs) if theirs == ours => Ok(()),
                Some(theirs) => Err(format!("{name} must be\n  {theirs}\nis\n  {ours}")),
                None => Err(format!("{name} is not told")),
            })
        }
        ([(word, until)], Ok(Stepped::Wait(ours))) if word == "wait" => {
            if until.token() == Some(ours.to_string().as_str()) {
                Ok(())
            } else {
                Err(format!("wait until {until} must come, {ours} came"))
            }
        }
        ([(word, result)], Ok(Stepped::Done(ours))) if word == "done" => {
            if result.to_string() == ours {
                Ok(())
            } else {
                Err(format!("done must be\n  {result}\nis\n  {ours}"))
            }
        }
        ([(word, error)], Err(failed)) if word == "error" => same_error(error, &failed),
        (_, stepped) => Err(format!("{expected} must come, {stepped:?} came")),
    }
}

/// The store that all sessions of a vector share.
#[derive(Debug, Default)]
struct Store {
    version: u64,
    bytes: Vec<u8>,
    /// The swap that each call has asked for.
    swapping: BTreeMap<i64, (u64, Vec<u8>)>,
}

impl Store {
    fn of(told: Option<&Json>) -> Self {
        let Some(told) = told else { return Self::default() };
        let version = number(told, "version").and_then(|version| u64::try_from(version).ok()).unwrap_or_default();
        let bytes = match told.get("record") {
            Some(Json::Text(text)) => text.clone(),
            record => record.map(ToString::to_string).unwrap_or_default(),
        };
        Self { version, bytes: bytes.into_bytes(), swapping: BTreeMap::new() }
    }

    fn swap(&mut self, index: i64) -> Result<bool, String> {
        let (version, bytes) = self.swapping.remove(&index).ok_or("no swap was asked for")?;
        let fits = version == self.version;
        if fits {
            (self.version, self.bytes) = (version + 1, bytes);
        }
        Ok(fits)
    }

    fn is_as(&self, expected: &Json) -> Result<(), String> {
        if number(expected, "version").and_then(|version| u64::try_from(version).ok()) != Some(self.version) {
            return Err(format!("the store must be as in {expected}, its version is {}", self.version));
        }
        let text = String::from_utf8_lossy(&self.bytes).into_owned();
        let ours = Json::parse(&text).map_err(|error| error.to_string())?;
        let record = expected.get("record").unwrap_or(&Json::Null);
        same_members(record, &ours).map_err(|path| format!("store: {path} is not as expected in {ours}"))
    }
}

pub(crate) fn same_error(expected: &Json, failed: &Failed) -> Result<(), String> {
    let different = |what: &str| Err(format!("{what} of the error must be as in {expected}, {failed:?} came"));
    if expected.get("kind").and_then(Json::token) != Some(&failed.kind) {
        return different("the kind");
    }
    if expected.get("code").is_some_and(|code| code.token() != failed.code.as_deref()) {
        return different("the code");
    }
    let retry_at = failed.retry_at.map(|at| at.to_string());
    if expected.get("retry_at").is_some_and(|at| at.token() != retry_at.as_deref()) {
        return different("retry_at");
    }
    if let Some(paths) = expected.get("paths") {
        let paths: Vec<_> = paths.items().iter().filter_map(Json::token).collect();
        if paths != failed.paths {
            return different("the paths");
        }
    }
    let secrets = expected.get("without").map(Json::items).unwrap_or_default();
    if secrets.iter().filter_map(Json::token).any(|secret| failed.texts.contains(secret)) {
        return different("the texts");
    }
    Ok(())
}

/// Everything that stands in `expected` must be in `ours`; the path of what is not.
pub(crate) fn same_members(expected: &Json, ours: &Json) -> Result<(), String> {
    match expected {
        Json::Object(members) => members.iter().try_for_each(|(name, value)| {
            let theirs = ours.get(name).ok_or_else(|| name.clone())?;
            same_members(value, theirs)
                .map_err(|path| if path.is_empty() { name.clone() } else { format!("{name}.{path}") })
        }),
        value if value == ours => Ok(()),
        _ => Err(String::new()),
    }
}

pub(crate) fn number(json: &Json, name: &str) -> Option<i64> {
    json.get(name)?.token()?.parse().ok()
}
