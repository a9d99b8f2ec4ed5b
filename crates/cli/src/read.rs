//! `nnopen read`: what an answer of the platform means.

use nnopen::{Call, Config, Error, Json, Method, Reply, Session, Step};

use crate::Done;
use crate::ask::success;
use crate::drive::{now, stamp};
use crate::files::read_bytes;
use crate::show::{columns, set, text};
use crate::trouble::{Trouble, exit_of};
use crate::words::say;

/// Reads the standard input as an answer to `method`.
pub(crate) fn run(method: &str, status: u16, json: bool) -> u8 {
    let result = read_bytes("-").and_then(|bytes| {
        let outcome = judge(method, status, &bytes)?;
        Ok(told(&outcome, Reply::read(status, &bytes).ok()))
    });
    crate::finish(result, json)
}

/// What the answer means for a call of the method.
fn judge(name: &str, status: u16, body: &[u8]) -> Result<Result<Json, Error>, Trouble> {
    match Method::find(name) {
        Some(method) => Ok(method.read(status, body)),
        None => judge_unknown(name, status, body),
    }
}

/// A method that is not known is judged as the session does it: as a write. Nothing is sent.
fn judge_unknown(name: &str, status: u16, body: &[u8]) -> Result<Result<Json, Error>, Trouble> {
    let mut config = Config::sandbox("SD0", "-", "0");
    config.permanent_token = Some("-".into());
    let mut call: Call<Json> = Session::new(config)?.call_raw(name, "")?;
    call.step(&stamp()?)?;
    call.receive(status, body, now())?;
    Ok(match call.step(&stamp()?) {
        Ok(Step::Done(result)) => Ok(result),
        Ok(Step::Send(_) | Step::Wait(_) | Step::Load | Step::Swap { .. }) => {
            return Err(Trouble::usage("no final answer"));
        }
        Err(error) => Err(error),
    })
}

/// As every command tells it; of a success the code and the platform's words too.
fn told(outcome: &Result<Json, Error>, reply: Option<Reply>) -> Done {
    let error = outcome.as_ref().err();
    let mut json = match outcome {
        Ok(result) => success(result.clone()),
        Err(error) => Trouble::from(error.clone()).json(),
    };
    if let (None, Some(reply)) = (error, reply) {
        set(&mut json, "code", &reply.code);
        set(&mut json, "describe", &reply.describe);
    }
    let names = [
        ("kind", say("类别", "Kind")),
        ("code", say("返回码", "Code")),
        ("describe", say("平台原文", "Words")),
        (say("hint_zh", "hint_en"), say("怎么办", "What to do")),
    ];
    let mut rows = vec![vec![
        say("结论", "Outcome").to_owned(),
        if error.is_none() { say("成功", "success") } else { say("未成功", "no success") }.to_owned(),
    ]];
    for (member, name) in names {
        if !text(&json, member).is_empty() {
            rows.push(vec![name.to_owned(), text(&json, member).to_owned()]);
        }
    }
    if let Some(result) = json.get("result").filter(|result| !result.is_null()) {
        rows.push(vec![say("结果", "Result").to_owned(), result.to_string()]);
    }
    Done { lines: columns(&rows), json, exit: error.map_or(0, |error| exit_of(error.kind())) }
}
