//! Reads what the platform sends us (回传), and writes the acknowledgement.
//!
//! The platform signs nothing: a push is a hint, never proof. Check that order and serial number are yours, and ask the
//! platform before acting on it.

use crate::error::{Error, ErrorKind};
use crate::json::Json;
use crate::wire::read_form;

/// What the platform pushed.
#[derive(Clone, Debug, PartialEq)]
pub struct Push {
    /// What it is about.
    pub kind: PushKind,
    /// Our order number, if it came along.
    pub order_no: Option<String>,
    /// The platform's serial number, if it came along.
    pub serial_no: Option<String>,
    /// The content, in the platform's own words; null if there is none.
    pub content: Json,
    /// Everything that came, as members.
    pub raw: Json,
}

/// What a push is about: the platform's `operater` (so spelt).
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum PushKind {
    /// `callback`: an invoice was issued, failed, or lacks its seal.
    Result,
    /// `invoiceInvalid`: voiding has ended.
    Void,
    /// `invoiceApply`: a scan-to-invoice application was taken or refused.
    Application,
    /// `invoiceRedCallback`: a red-letter information form.
    RedInfo,
    /// `redConfirmCallback`: a red-letter confirmation.
    RedConfirmation,
    /// Anything else, by its name.
    Other(String),
}

impl Push {
    /// Reads a push: a form or JSON, whatever its content type says; the content a text or an object.
    ///
    /// ```
    /// use nnopen::{Push, PushKind};
    ///
    /// let push = Push::read(br#"{"operater": "callback", "orderno": "A-1", "content": "{\"c_fpqqlsh\": \"S1\"}"}"#).unwrap();
    /// assert_eq!((push.kind, push.order_no.as_deref(), push.serial_no.as_deref()), (PushKind::Result, Some("A-1"), Some("S1")));
    /// ```
    ///
    /// # Errors
    /// `reply`, if it is neither.
    pub fn read(body: &[u8]) -> Result<Self, Error> {
        let refuse = |why: &str| Error::new(ErrorKind::Reply, why);
        let text = std::str::from_utf8(body).map_err(|_| refuse("the push is not UTF-8"))?;
        let text = text.trim_start_matches('\u{feff}').trim();
        let raw = if text.starts_with('{') {
            Json::parse(text).map_err(|error| refuse(&format!("the push is no JSON: {error}")))?
        } else {
            Json::Object(read_form(text).into_iter().map(|(name, value)| (name, Json::Text(value))).collect())
        };
        let Some(operater) = raw.get("operater").and_then(Json::token) else {
            return Err(refuse("the push does not say what it is about (operater)"));
        };
        let kind = PushKind::of(operater);
        let content = match raw.get("content") {
            Some(Json::Text(text)) => Json::parse(text).unwrap_or_else(|_| Json::Text(text.clone())),
            content => content.cloned().unwrap_or_default(),
        };
        let find = |names: &[&str]| {
            let named = |json: &Json| {
                names.iter().find_map(|name| json.get(name)?.token().filter(|text| !text.is_empty()).map(str::to_owned))
            };
            named(&raw).or_else(|| named(&content))
        };
        let order_no = find(&["orderno", "orderNo", "c_orderno"]);
        let serial_no = find(&["fpqqlsh", "invoiceId", "c_fpqqlsh"]);
        Ok(Self { kind, order_no, serial_no, content, raw })
    }

    /// The answer that says it was taken in: HTTP 200 with this JSON. Without it the platform sends again, three times.
    pub fn accepted() -> String {
        acknowledgement("0000", "同步成功")
    }

    /// The answer that says it could not be taken in; `reason` is for people.
    pub fn refused(reason: &str) -> String {
        acknowledgement("9999", reason)
    }
}

impl PushKind {
    fn of(operater: &str) -> Self {
        match operater {
            "callback" => Self::Result,
            "invoiceInvalid" => Self::Void,
            "invoiceApply" => Self::Application,
            "invoiceRedCallback" => Self::RedInfo,
            "redConfirmCallback" => Self::RedConfirmation,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The platform's name for it.
    pub fn name(&self) -> &str {
        match self {
            Self::Result => "callback",
            Self::Void => "invoiceInvalid",
            Self::Application => "invoiceApply",
            Self::RedInfo => "invoiceRedCallback",
            Self::RedConfirmation => "redConfirmCallback",
            Self::Other(name) => name,
        }
    }
}

fn acknowledgement(status: &str, message: &str) -> String {
    Json::Object(vec![("status".to_owned(), status.into()), ("message".to_owned(), message.into())]).to_string()
}
