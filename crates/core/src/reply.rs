//! Reads the envelope around every answer, and tells what it means for the call.

use crate::codes;
use crate::error::{Error, ErrorKind};
use crate::json::Json;
use crate::model::{Effect, Method, Outcome};
use crate::session::UNKNOWN;
use crate::text::has;

/// An answer as the platform wraps it: `{code, describe, result}` or one of its variants.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// The code as text, whether it came as text or as a number; leading zeros count.
    pub code: String,
    /// The platform's own words; empty if there are none.
    pub describe: String,
    /// What was asked for; null if there is nothing.
    pub result: Json,
}

/// Why a call did not succeed, and what became of it if it was a write.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) error: Error,
    pub(crate) outcome: Outcome,
}

impl Reply {
    /// Reads an answer. JSON is tried whatever the HTTP status, as the platform's own SDKs do.
    ///
    /// `data` counts as `result`, `message` and `msg` as `describe`, a page at the top level as `result`.
    ///
    /// # Errors
    /// Why it can't be read, in words: an HTML page, a truncated answer, an object without a code.
    pub fn read(status: u16, body: &[u8]) -> Result<Self, String> {
        let json = read_json(body).map_err(|why| format!("HTTP {status}: {why}"))?;
        let mut codes = json.members().iter().filter(|(name, _)| name == "code").map(|(_, value)| value.token());
        let code = codes.next().flatten().filter(|code| !code.is_empty());
        let Some(code) = code.filter(|code| codes.all(|other| other == Some(code))) else {
            return Err(format!("HTTP {status}: the answer has no code, or several"));
        };
        let words = ["describe", "message", "msg"].iter().find_map(|name| json.get(name)?.token());
        let (code, describe) = (code.to_owned(), words.unwrap_or_default().to_owned());
        Ok(Self { code, describe, result: result(json) })
    }
}

impl Method {
    /// Reads an answer to this method.
    ///
    /// # Errors
    /// `platform` or `auth` with the code; `uncertain` if this method writes and the answer does not tell what became
    /// of it; `reply` or (for another HTTP status than 2xx) `transport` if it reads.
    pub fn read(&self, status: u16, body: &[u8]) -> Result<Json, Error> {
        self.judge(status, body).map_err(|refusal| refusal.error)
    }

    /// Reads an answer to a method by its name on the wire; one that is not known counts as a write.
    ///
    /// # Errors
    /// As for [`Method::read`].
    pub fn read_as(name: &str, status: u16, body: &[u8]) -> Result<Json, Error> {
        Self::find(name).unwrap_or(&UNKNOWN).read(status, body)
    }

    /// Reads an answer to this method, and what became of it if it was a write.
    pub(crate) fn judge(&self, status: u16, body: &[u8]) -> Result<Json, Refusal> {
        let reply = Reply::read(status, body).map_err(|why| self.unreadable(status, &why))?;
        if has(self.success, &reply.code) {
            return Ok(reply.result);
        }
        let about = codes::find(&reply.code, codes::REPLY, &reply.describe);
        let outcome = about.map_or(Outcome::Unknown, |code| code.outcome);
        let kind = match (self.effect, outcome) {
            (Effect::Write, Outcome::Unknown) => ErrorKind::Uncertain,
            _ => about.and_then(|code| code.kind).unwrap_or(ErrorKind::Platform),
        };
        let error = Error::new(kind, reply.describe).with_code(&reply.code, codes::REPLY).with_result(reply.result);
        Err(Refusal { error, outcome })
    }

    /// An answer that says nothing: to a write, it is as no answer.
    fn unreadable(&self, status: u16, why: &str) -> Refusal {
        let kind = match (self.effect, status) {
            (Effect::Write, _) => ErrorKind::Uncertain,
            (_, 200..300) => ErrorKind::Reply,
            _ => ErrorKind::Transport,
        };
        Refusal { error: Error::new(kind, why), outcome: Outcome::Unknown }
    }
}

/// The JSON of a body, or what the body looks like instead.
pub(crate) fn read_json(body: &[u8]) -> Result<Json, String> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let Ok(text) = std::str::from_utf8(body) else {
        return Err("the answer is not UTF-8".to_owned());
    };
    match Json::parse(text) {
        Ok(json @ Json::Object(_)) => Ok(json),
        Ok(_) => Err("the answer is no JSON object".to_owned()),
        Err(_) if text.trim().is_empty() => Err("the answer is empty".to_owned()),
        Err(_) if text.trim_start().starts_with('<') => Err("the answer is a page, not JSON".to_owned()),
        Err(error) => Err(format!("the answer is no JSON, or cut short: {error}")),
    }
}

fn result(json: Json) -> Json {
    let Json::Object(mut members) = json else { return Json::Null };
    for wrapper in ["result", "data"] {
        let at = members.iter().rposition(|(name, _)| name == wrapper);
        if let Some(at) = at.filter(|at| !members[*at].1.is_null()) {
            return members.swap_remove(at).1;
        }
    }
    // Some lists are documented with their page beside the code instead of inside the result.
    if !members.iter().any(|(name, _)| name == "list") {
        return Json::Null;
    }
    let envelope = ["code", "describe", "message", "msg", "result", "data"];
    members.retain(|(name, _)| !envelope.contains(&name.as_str()));
    Json::Object(members)
}
