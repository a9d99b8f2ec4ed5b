//! What was received and how it was answered; secrets stay out of sight unless asked for by name.

use crate::http::{Request, Response};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

const HIDDEN: &str = "[hidden]";
/// Bodies kept in memory, all records together.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// One request that the simulator received.
///
/// `Debug`, [`headers`](Recorded::headers), [`body`](Recorded::body) and [`answer`](Recorded::answer) hide the client
/// secret, tokens, codes and signatures; the `raw_` methods show what was really on the wire.
#[derive(Clone)]
pub struct Recorded {
    /// When, by the simulator's clock.
    pub at: i64,
    /// `POST`, `GET`, …
    pub method: String,
    /// Path and query as received.
    pub target: String,
    /// The status answered; `None` if the connection was closed without an answer.
    pub status: Option<u16>,
    /// The request changed something: a token was granted, an order or a retry accepted.
    pub committed: bool,
    /// The name of the fault it met.
    pub fault: Option<&'static str>,
    /// What the simulator adds for whoever looks for a mistake.
    pub note: Option<String>,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    answer: Vec<u8>,
}

impl Recorded {
    pub(crate) fn new(at: i64, request: &Request, fault: Option<&'static str>) -> Recorded {
        Recorded {
            at,
            method: request.method.clone(),
            target: request.target.clone(),
            status: None,
            committed: false,
            fault,
            note: None,
            headers: request.headers.clone(),
            body: request.body.clone(),
            answer: Vec::new(),
        }
    }

    pub(crate) fn answered(&mut self, response: &Response) {
        self.status = Some(response.status);
        self.answer = response.body.clone();
    }

    /// The path without its query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The header of exactly this spelling, secrets hidden.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(have, _)| have == name);
        found.map(|(name, value)| if is_secret_header(name) { HIDDEN } else { value.as_str() })
    }

    /// The headers in the order and spelling received, secrets hidden.
    pub fn headers(&self) -> Vec<(String, String)> {
        let hide = |(name, value): &(String, String)| {
            (name.clone(), if is_secret_header(name) { HIDDEN.to_owned() } else { value.clone() })
        };
        self.headers.iter().map(hide).collect()
    }

    /// The body as text, secrets of a token request hidden.
    pub fn body(&self) -> String {
        if self.path() != "/accessToken" {
            return String::from_utf8_lossy(&self.body).into_owned();
        }
        let shown = ["grant_type", "taxNum", "redirect_uri", "client_id"];
        let pairs: Vec<_> = form_urlencoded::parse(&self.body).collect();
        if !pairs.iter().any(|(name, _)| name == "grant_type") {
            return format!("[{} bytes hidden]", self.body.len());
        }
        let show = |(name, value): &(std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)| {
            let value = if shown.contains(&name.as_ref()) { value.as_ref() } else { HIDDEN };
            format!("{name}={value}")
        };
        pairs.iter().map(show).collect::<Vec<_>>().join("&")
    }

    /// The answer as text, tokens and echoed secrets hidden.
    pub fn answer(&self) -> String {
        if self.path() == "/authorize" {
            return String::new();
        }
        let text = String::from_utf8_lossy(&self.answer).into_owned();
        if self.path() != "/accessToken" {
            return text;
        }
        let Ok(Value::Object(mut object)) = serde_json::from_str(&text) else { return HIDDEN.to_owned() };
        for (name, value) in object.iter_mut() {
            match (name.as_str(), value.as_str()) {
                ("access_token" | "refresh_token", _) => *value = HIDDEN.into(),
                ("error_description", Some(said)) if said.contains('[') => {
                    *value = format!("{}[hidden]", said.split('[').next().unwrap_or_default()).into();
                }
                _ => {}
            }
        }
        Value::Object(object).to_string()
    }

    /// The headers as they were on the wire, secrets included.
    pub fn raw_headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// The body as it was on the wire, secrets included.
    pub fn raw_body(&self) -> &[u8] {
        &self.body
    }

    /// The body of the answer as it was made, secrets included.
    pub fn raw_answer(&self) -> &[u8] {
        &self.answer
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "at": self.at, "method": self.method, "target": self.target, "headers": self.headers(), "body": self.body(),
            "status": self.status, "answer": self.answer(), "committed": self.committed, "fault": self.fault,
            "note": self.note,
        })
    }

    fn size(&self) -> usize {
        self.body.len() + self.answer.len()
    }
}

impl fmt::Debug for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorded")
            .field("at", &self.at)
            .field("method", &self.method)
            .field("target", &self.target)
            .field("headers", &self.headers())
            .field("body", &self.body())
            .field("status", &self.status)
            .field("answer", &self.answer())
            .field("committed", &self.committed)
            .field("fault", &self.fault)
            .field("note", &self.note)
            .finish()
    }
}

fn is_secret_header(name: &str) -> bool {
    let secret = ["accesstoken", "x-nuonuo-sign", "authorization", "proxy-authorization", "cookie"];
    secret.contains(&name.to_ascii_lowercase().as_str())
}

/// The newest requests, oldest first.
#[derive(Debug)]
pub(crate) struct Record {
    keep: usize,
    inner: Mutex<(VecDeque<Recorded>, usize)>,
}

impl Record {
    pub(crate) fn new(keep: usize) -> Record {
        Record { keep, inner: Mutex::default() }
    }

    pub(crate) fn push(&self, recorded: Recorded) {
        let mut inner = self.lock();
        inner.1 += recorded.size();
        inner.0.push_back(recorded);
        while inner.0.len() > self.keep || inner.1 > MAX_BYTES {
            let Some(oldest) = inner.0.pop_front() else { break };
            inner.1 -= oldest.size();
        }
    }

    pub(crate) fn all(&self) -> Vec<Recorded> {
        self.lock().0.iter().cloned().collect()
    }

    pub(crate) fn clear(&self) {
        *self.lock() = Default::default();
    }

    fn lock(&self) -> MutexGuard<'_, (VecDeque<Recorded>, usize)> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
