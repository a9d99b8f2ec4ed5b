//! Batches over the core and over the bindings' face: many orders followed in one conversation.

use nnopen::Json;
use nnopen_ffi::{BatchStep, Progress};

use crate::core::Core;
use crate::ffi::Ffi;
use crate::play::{Failed, Session, entropy, number, same_error, same_members};

/// A batch of the side that is tested.
pub trait Follows: Session {
    /// Many orders followed.
    type Batch;

    /// Begins as a vector's `follow` says.
    fn follow(&self, follow: &Json) -> Result<Self::Batch, Failed>;
    /// Follows an order more.
    fn add(batch: &mut Self::Batch, key: &str, since: i64, now: i64) -> Result<bool, Failed>;
    /// A push came.
    fn hint(batch: &mut Self::Batch, key: &str, now: i64) -> Result<bool, Failed>;
    /// What to do now, as the face for bindings tells it.
    fn next(batch: &mut Self::Batch, now: i64, entropy: [u8; 20]) -> Result<BatchStep, Failed>;
    /// An answer.
    fn answered(batch: &mut Self::Batch, status: u16, body: &[u8], now: i64) -> Result<(), Failed>;
    /// No answer.
    fn unanswered(batch: &mut Self::Batch, not_sent: bool, now: i64) -> Result<(), Failed>;
    /// Figures.
    fn progress(batch: &Self::Batch) -> Progress;
    /// The snapshot as it is.
    fn kept(batch: &Self::Batch) -> String;
    /// Follows all orders of a snapshot too.
    fn resume(batch: &mut Self::Batch, snapshot: &str, now: i64) -> Result<u64, Failed>;
}

/// Plays one vector.
///
/// # Errors
/// The first line of the script that is not as it came.
pub fn play_batch<S: Follows>(vector: &Json) -> Result<(), String> {
    let told = |name: &str| vector.get(name).ok_or_else(|| format!("{name} is not told"));
    let open = || S::open(told("session").map_err(|_| Failed::default())?);
    let session = open().map_err(|failed| format!("{failed:?}"))?;
    let mut batch = match (session.follow(told("follow")?), vector.get("start_error")) {
        (Ok(batch), None) => batch,
        (Err(failed), Some(expected)) => return same_error(expected, &failed),
        (begun, _) => return Err(format!("begun: {}, which must not be", begun.is_ok())),
    };
    let mut tokens = None;
    for (at, line) in told("script")?.items().iter().enumerate() {
        let why = |why: String| format!("line {at}: {why}");
        // The process ends; another one goes on from what was kept.
        if line.get("restart").is_some() {
            let (kept, saved) = (S::kept(&batch), tokens.take().unwrap_or_else(|| session.snapshot()));
            let next = open().map_err(|failed| why(format!("{failed:?}")))?;
            next.restore(&saved).map_err(|failed| why(format!("{failed:?}")))?;
            batch = next.follow(told("follow")?).map_err(|failed| why(format!("{failed:?}")))?;
            let now = number(line, "now").ok_or_else(|| why("no now".into()))?;
            let count = S::resume(&mut batch, &kept, now).map_err(|failed| why(format!("{failed:?}")))?;
            tokens = Some(next.snapshot());
            is(line.get("restart"), &Json::from(i64::try_from(count).unwrap_or(-1))).map_err(why)?;
            continue;
        }
        play_line::<S>(&mut batch, at, line).map_err(why)?;
    }
    Ok(())
}

fn play_line<S: Follows>(batch: &mut S::Batch, at: usize, line: &Json) -> Result<(), String> {
    if let Some(expected) = line.get("progress") {
        let Progress { pending, done, failed, needs_retry, absent, gave_up, queries, oldest, .. } = S::progress(batch);
        let count = |count: u64| Json::from(i64::try_from(count).unwrap_or(-1));
        let ours = [
            ("pending", count(pending as u64)),
            ("done", count(done)),
            ("failed", count(failed)),
            ("needs_retry", count(needs_retry)),
            ("absent", count(absent)),
            ("gave_up", count(gave_up)),
            ("queries", count(queries)),
            ("oldest", oldest.map(|oldest| oldest.0).into()),
        ];
        let ours = object(ours);
        return same_members(expected, &ours).map_err(|path| format!("progress: {path} is not as expected in {ours}"));
    }
    if let Some(expected) = line.get("snapshot") {
        let ours = Json::parse(&S::kept(batch)).map_err(|error| error.to_string())?;
        return same_members(expected, &ours).map_err(|path| format!("snapshot: {path} is not as expected in {ours}"));
    }
    let now = number(line, "now").ok_or("the line has no now")?;
    let text = |json: &Json, member: &str| json.get(member).and_then(Json::token).unwrap_or_default().to_owned();
    let told = if let Some(add) = line.get("add") {
        S::add(batch, &text(add, "key"), number(add, "since").unwrap_or(now), now)
            .map(|new| is(line.get("is"), &Json::Bool(new)))
    } else if let Some(key) = line.get("hint").and_then(Json::token) {
        S::hint(batch, key, now).map(|known| is(line.get("is"), &Json::Bool(known)))
    } else if let Some(expected) = line.get("step") {
        match (S::next(batch, now, entropy(line, at)?), expected.get("error")) {
            (Err(failed), Some(error)) => return same_error(error, &failed),
            (step, _) => step.map(|step| same_step(expected, step)),
        }
    } else if let Some(answer) = line.get("receive") {
        let status = number(answer, "status").and_then(|status| u16::try_from(status).ok()).ok_or("no status")?;
        let body = match answer.get("body") {
            Some(Json::Text(text)) => text.clone(),
            body => body.map(ToString::to_string).unwrap_or_default(),
        };
        S::answered(batch, status, body.as_bytes(), now).map(Ok)
    } else {
        match line.get("fail").and_then(Json::token) {
            Some("not_sent") => S::unanswered(batch, true, now).map(Ok),
            Some("maybe_sent") => S::unanswered(batch, false, now).map(Ok),
            _ => return Err("the line says nothing".to_owned()),
        }
    };
    match (told, line.get("error")) {
        (Ok(same), None) => same,
        (Err(failed), Some(expected)) => same_error(expected, &failed),
        (Ok(_), Some(expected)) => Err(format!("{expected} must come, nothing came")),
        (Err(failed), None) => Err(format!("{failed:?} came")),
    }
}

fn is(expected: Option<&Json>, ours: &Json) -> Result<(), String> {
    match expected {
        Some(expected) if expected == ours => Ok(()),
        expected => Err(format!("{expected:?} must come, {ours} came")),
    }
}

fn same_step(expected: &Json, step: BatchStep) -> Result<(), String> {
    let ours = match step {
        BatchStep::Send(request) => {
            let (url, headers, body) = request.into_parts();
            let headers = headers.iter().map(|(name, value)| Json::List(vec![(*name).into(), value.as_str().into()]));
            let send = object([
                ("url", url.as_str().into()),
                ("headers", Json::List(headers.collect())),
                ("body", body.as_str().into()),
            ]);
            object([("send", send)])
        }
        BatchStep::Wait { until } => object([("wait", until.into())]),
        BatchStep::Idle => object([("idle", object([]))]),
        BatchStep::Load | BatchStep::Swap { .. } => return Err("the token is not shared".to_owned()),
        BatchStep::Event(event) => {
            if let (Some(failed), Some(expected)) =
                (event.failure, expected.get("event").and_then(|it| it.get("error")))
            {
                same_error(expected, &Failed::from(*failed))?;
            }
            let rows = event.rows.as_deref().map(|rows| Json::parse(rows).unwrap_or_default());
            let keys = event.keys.iter().map(|key| key.as_str().into()).collect();
            let told = [("kind", event.kind.into()), ("keys", Json::List(keys)), ("rows", rows.unwrap_or_default())];
            object([("event", object(told))])
        }
    };
    let without_error = match expected.get("event") {
        Some(event) => {
            let members = event.members().iter().filter(|(name, _)| name != "error").cloned().collect();
            object([("event", Json::Object(members))])
        }
        None => expected.clone(),
    };
    match ours == without_error {
        true => Ok(()),
        false => Err(format!("must be\n  {without_error}\nis\n  {ours}")),
    }
}

fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
    Json::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn rules(follow: &Json) -> nnopen::BatchRules {
    let whole = |name: &str| number(follow, name).and_then(|number| u32::try_from(number).ok());
    let unset = nnopen::BatchRules::default();
    nnopen::BatchRules {
        by: follow.get("by").and_then(Json::token).unwrap_or(&unset.by).to_owned(),
        rate: whole("rate").unwrap_or(unset.rate),
        slowest: whole("slowest").unwrap_or(unset.slowest),
        give_up: whole("give_up").unwrap_or(unset.give_up),
        with: follow.get("with").cloned().unwrap_or_default(),
    }
}

fn method(follow: &Json) -> &str {
    follow.get("method").and_then(Json::token).unwrap_or_default()
}

impl Follows for Core {
    type Batch = nnopen::Batch;

    fn follow(&self, follow: &Json) -> Result<Self::Batch, Failed> {
        Ok(self.0.follow(method(follow), rules(follow))?)
    }

    fn add(batch: &mut Self::Batch, key: &str, since: i64, now: i64) -> Result<bool, Failed> {
        Ok(batch.add(key, nnopen::Millis(since), nnopen::Millis(now))?)
    }

    fn hint(batch: &mut Self::Batch, key: &str, now: i64) -> Result<bool, Failed> {
        Ok(batch.hint(key, nnopen::Millis(now))?)
    }

    fn next(batch: &mut Self::Batch, now: i64, entropy: [u8; 20]) -> Result<BatchStep, Failed> {
        Ok(match batch.step(&nnopen::Stamp::new(nnopen::Millis(now), entropy))? {
            nnopen::BatchStep::Send(request) => BatchStep::Send(request),
            nnopen::BatchStep::Wait(until) => BatchStep::Wait { until: until.0 },
            nnopen::BatchStep::Load => BatchStep::Load,
            nnopen::BatchStep::Swap { version, bytes } => BatchStep::Swap { version, bytes },
            nnopen::BatchStep::Event(event) => BatchStep::Event(event.into()),
            nnopen::BatchStep::Idle => BatchStep::Idle,
        })
    }

    fn answered(batch: &mut Self::Batch, status: u16, body: &[u8], now: i64) -> Result<(), Failed> {
        Ok(batch.receive(status, body, nnopen::Millis(now))?)
    }

    fn unanswered(batch: &mut Self::Batch, not_sent: bool, now: i64) -> Result<(), Failed> {
        let failure = if not_sent { nnopen::Failure::NotSent } else { nnopen::Failure::MaybeSent };
        Ok(batch.fail(failure, "no answer", nnopen::Millis(now))?)
    }

    fn progress(batch: &Self::Batch) -> Progress {
        batch.progress()
    }

    fn kept(batch: &Self::Batch) -> String {
        batch.snapshot()
    }

    fn resume(batch: &mut Self::Batch, snapshot: &str, now: i64) -> Result<u64, Failed> {
        Ok(batch.resume(snapshot, nnopen::Millis(now))? as u64)
    }
}

impl Follows for Ffi {
    type Batch = nnopen_ffi::Batch;

    fn follow(&self, follow: &Json) -> Result<Self::Batch, Failed> {
        let nnopen::BatchRules { by, rate, slowest, give_up, with } = rules(follow);
        let with = if with.is_null() { String::new() } else { with.to_string() };
        Ok(self.0.follow(method(follow), nnopen_ffi::BatchRules { by, rate, slowest, give_up, with })?)
    }

    fn add(batch: &mut Self::Batch, key: &str, since: i64, now: i64) -> Result<bool, Failed> {
        Ok(batch.add(key, since, now)?)
    }

    fn hint(batch: &mut Self::Batch, key: &str, now: i64) -> Result<bool, Failed> {
        Ok(batch.hint(key, now)?)
    }

    fn next(batch: &mut Self::Batch, now: i64, entropy: [u8; 20]) -> Result<BatchStep, Failed> {
        Ok(batch.step(now, &entropy)?)
    }

    fn answered(batch: &mut Self::Batch, status: u16, body: &[u8], now: i64) -> Result<(), Failed> {
        Ok(batch.receive(status, body, now)?)
    }

    fn unanswered(batch: &mut Self::Batch, not_sent: bool, now: i64) -> Result<(), Failed> {
        Ok(batch.fail(not_sent, "no answer", now)?)
    }

    fn progress(batch: &Self::Batch) -> Progress {
        batch.progress().unwrap_or_default()
    }

    fn kept(batch: &Self::Batch) -> String {
        batch.snapshot().unwrap_or_default()
    }

    fn resume(batch: &mut Self::Batch, snapshot: &str, now: i64) -> Result<u64, Failed> {
        Ok(batch.resume(snapshot, now)?)
    }
}
