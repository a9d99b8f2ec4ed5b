//! Reads what the platform sends us (回传), and writes the acknowledgement.
//!
//! Nothing in a push is signed: it is a hint, never proof. Check that order and serial number are ours, and ask the
//! platform ([`Push::confirm`]) before acting on it.

mod kind;

pub(crate) use kind::{Also, Confirm, StatusAt};
pub use kind::{PushKind, Pushed};

use crate::api::enums::push_status;
use crate::api::platform::{PUSH_ACCEPTED, PUSH_REFUSED};
use crate::api::pushes::PUSHES;
use crate::error::{Error, ErrorKind};
use crate::json::Json;
use crate::model::{CodeName, Need, Type};
use crate::text::Text;
use crate::wire::decode_form;

/// What the platform pushed.
///
/// ```
/// use nnopen::{Push, PushStatus};
///
/// let body = b"operater=callback&orderno=A-1&content=%7B%22c_fpqqlsh%22%3A%22S1%22%2C%22c_status%22%3A%222%22%7D";
/// let push = Push::read("application/x-www-form-urlencoded", body).unwrap();
/// assert_eq!((push.operater(), push.order_no(), push.serial_no()), ("callback", Some("A-1"), Some("S1")));
/// assert_eq!(push.status(), Some(PushStatus::Failed));
/// assert_eq!(push.invoice_result().unwrap().content.unwrap().c_fpqqlsh.as_deref(), Some("S1"));
/// let (method, params) = push.confirm().unwrap();
/// assert_eq!(method, "nuonuo.OpeMplatform.queryInvoiceResult");
/// assert_eq!(params.to_string(), r#"{"serialNos":["S1"]}"#);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Push {
    kind: Option<&'static PushKind>,
    operater: String,
    /// As it came.
    raw: Json,
    /// The same with its content read.
    told: Json,
}

impl Push {
    /// Reads a push: a form or JSON, by its content type and, where that is wrong, by its looks; the content a text or
    /// an object. A form is decoded once.
    ///
    /// Members that no model knows stay in [`Push::raw`]; so does everything in a push of an unknown kind.
    ///
    /// # Errors
    /// `reply`, if it is neither, is not UTF-8, does not say what it is about, or is of a known kind whose content
    /// can't be read: answer [`Push::refused`], and it is sent again.
    pub fn read(content_type: &str, body: &[u8]) -> Result<Self, Error> {
        let raw = members(content_type, body)?;
        let operater = match raw.get("operater").and_then(Json::token) {
            Some(operater) if !operater.is_empty() => operater.to_owned(),
            _ => return Err(refuse("the push does not say what it is about (operater)")),
        };
        let kind = PushKind::find(&operater);
        let told = read_content(&raw, kind)?;
        Ok(Self { kind, operater, raw, told })
    }

    /// What is known of this kind of push; `None` for a kind that is not known.
    pub fn kind(&self) -> Option<&'static PushKind> {
        self.kind
    }

    /// The platform's word for the kind (so spelt): `callback`.
    pub fn operater(&self) -> &str {
        &self.operater
    }

    /// The order number. That beside the content comes first: a failure has no other.
    pub fn order_no(&self) -> Option<&str> {
        self.number(|kind| kind.order_no)
    }

    /// The platform's serial number of the invoice.
    pub fn serial_no(&self) -> Option<&str> {
        self.number(|kind| kind.serial_no)
    }

    /// The application number of a red-letter form.
    pub fn bill_no(&self) -> Option<&str> {
        self.number(|kind| kind.bill_no)
    }

    /// How issuing ended, in a push that tells it; not to be mixed up with the status of the query.
    pub fn status(&self) -> Option<PushStatus> {
        let told = self.kind?.status.as_ref()?.codes.name == "pushStatus";
        told.then(|| self.status_code()).flatten().map(PushStatus::of)
    }

    /// The code that tells how things stand, in the numbering of this kind of push; what its absence stands for, where
    /// it did not come along.
    pub fn status_code(&self) -> Option<&str> {
        let status = self.kind?.status.as_ref()?;
        match self.at(&status.at) {
            None | Some(Json::Null) => status.absent.map(Text::as_str),
            Some(Json::Text(text)) if text.is_empty() => status.absent.map(Text::as_str),
            // Something else that can't be a code is not silence.
            Some(json) => scalar(json),
        }
    }

    /// The name and meaning of that code.
    pub fn status_meaning(&self) -> Option<&'static CodeName> {
        self.kind?.status.as_ref()?.codes.get(self.status_code()?)
    }

    /// The content, read if it came as a text; null if there is none.
    pub fn content(&self) -> &Json {
        static NOTHING: Json = Json::Null;
        self.told.members().iter().rev().find(|(name, _)| name == "content").map_or(&NOTHING, |(_, value)| value)
    }

    /// Everything as it came, as members.
    pub fn raw(&self) -> &Json {
        &self.raw
    }

    /// The struct of its kind; `None` if it is of another. `invoice_result`, `void_result` and so on do it by name.
    pub fn read_as<T: Pushed>(&self) -> Option<T> {
        (self.kind? == T::KIND).then(|| T::from_json(self.told.clone()).ok()).flatten()
    }

    /// The question that confirms it: a method and its params, for [`crate::Session::call_json`].
    ///
    /// The answer counts, not the push. `None` if the kind is unknown or no number came along.
    pub fn confirm(&self) -> Option<(&'static str, Json)> {
        self.kind?.confirm.iter().find_map(|ask| {
            let number = Json::from(self.text(&ask.from)?);
            let mut params = vec![(ask.by.to_string(), if ask.list { Json::List(vec![number]) } else { number })];
            for also in ask.also {
                let value = also.value.map(Text::as_str).or_else(|| self.text(&also.from?));
                params.extend(value.map(|value| (also.name.to_string(), value.into())));
            }
            Some((ask.method.name.as_str(), Json::Object(params)))
        })
    }

    /// The answer that says that it was taken in: HTTP 200 with this JSON. Without it the platform sends again, three
    /// times, a minute apart.
    pub fn accepted() -> String {
        PUSH_ACCEPTED.to_owned()
    }

    /// The answer that says that it could not be taken in; `reason` is for people.
    pub fn refused(reason: &str) -> String {
        let members = [("status", PUSH_REFUSED), ("message", reason)];
        Json::Object(members.map(|(name, value)| (name.to_owned(), value.into())).to_vec()).to_string()
    }

    /// The first of some places that holds something; a push of an unknown kind is searched like the known ones.
    fn number(&self, places: impl Fn(&PushKind) -> &'static [Text]) -> Option<&str> {
        let kinds = self.kind.as_ref().map_or(PUSHES, std::slice::from_ref);
        kinds.iter().flat_map(|kind| places(kind)).find_map(|path| self.text(path))
    }

    /// The text at a path; `None` if it is empty.
    fn text(&self, path: &str) -> Option<&str> {
        self.at(path).and_then(scalar).filter(|text| !text.is_empty())
    }

    fn at(&self, path: &str) -> Option<&Json> {
        path.split('.').try_fold(&self.told, |json, name| json.get(name))
    }
}

/// How issuing ended, as a push tells it. The codes are not those of the query, so it is a type of its own.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum PushStatus {
    /// `1`, or no status at all: issued.
    Issued,
    /// `2`: failed.
    Failed,
    /// `3`: issued, but its seal is missing. Retry it; never issue again.
    SealFailed,
    /// A code that is not known.
    Other(String),
}

impl PushStatus {
    fn of(code: &str) -> Self {
        match code {
            push_status::ISSUED => Self::Issued,
            push_status::FAILED => Self::Failed,
            push_status::SEAL_FAILED => Self::SealFailed,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// The members of a body. What begins like JSON is JSON whatever it says it is, as no form begins so.
fn members(content_type: &str, body: &[u8]) -> Result<Json, Error> {
    let text = std::str::from_utf8(body).map_err(|_| refuse("the push is not UTF-8"))?;
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(refuse("the push is empty"));
    }
    if text.starts_with(['{', '[', '"']) || content_type.to_ascii_lowercase().contains("json") && !text.contains('=') {
        return match Json::parse(text) {
            Ok(json @ Json::Object(_)) => Ok(json),
            Ok(_) => Err(refuse("the push is JSON but no object")),
            Err(error) => Err(refuse(&format!("the push is no JSON: {error}"))),
        };
    }
    let pairs = decode_form(text).ok_or_else(|| refuse("the push is a form that is not UTF-8"))?;
    Ok(Json::Object(pairs.into_iter().map(|(name, value)| (name, Json::Text(value))).collect()))
}

/// The members with the content read. The content of a known kind must be what its model says.
fn read_content(raw: &Json, kind: Option<&PushKind>) -> Result<Json, Error> {
    let row = kind.and_then(|kind| kind.outer.fields.iter().find(|field| field.name == "content"));
    let row = row.filter(|row| matches!(row.kind, Type::Shape(_)));
    let content = match raw.get("content").cloned().unwrap_or_default() {
        Json::Text(text) => match Json::parse(text.trim_start_matches('\u{feff}')) {
            Ok(json) => json,
            Err(error) if row.is_some() => {
                return Err(refuse(&format!("the content of the push is no JSON: {error}")));
            }
            Err(_) => Json::Text(text),
        },
        json => json,
    };
    let content = match (row, content) {
        (None, content) => content,
        (Some(row), Json::Null) if row.need != Need::Yes => Json::Null,
        (Some(_), Json::Null) => return Err(refuse("the push has no content")),
        (Some(_), content) => {
            let members = content.into_members().map_err(|_| refuse("the content of the push is no object"))?;
            Json::Object(members)
        }
    };
    let told = raw.members().iter().map(|(name, value)| match name.as_str() {
        "content" => (name.clone(), content.clone()),
        _ => (name.clone(), value.clone()),
    });
    Ok(Json::Object(told.collect()))
}

/// The text of a value that is one.
fn scalar(json: &Json) -> Option<&str> {
    match json {
        Json::Bool(true) => Some("true"),
        Json::Bool(false) => Some("false"),
        json => json.token(),
    }
}

fn refuse(why: &str) -> Error {
    Error::new(ErrorKind::Reply, why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Method;

    const FORM: &str = "application/x-www-form-urlencoded";

    #[test]
    fn a_push_without_a_status_says_issued_and_a_voiding_says_nothing_of_it() {
        let status = |body: &[u8]| Push::read(FORM, body).unwrap().status();
        assert_eq!(status(b"operater=callback&content={}"), Some(PushStatus::Issued));
        assert_eq!(status(br#"operater=callback&content={"c_status":"3"}"#), Some(PushStatus::SealFailed));
        let odd = PushStatus::Other("22".to_owned());
        assert_eq!(status(br#"operater=callback&content={"c_status":"22"}"#), Some(odd));
        assert_eq!(status(br#"operater=callback&content={"c_status":["2"]}"#), None);
        assert_eq!(status(br#"operater=invoiceInvalid&content={"invalidStatus":"2"}"#), None);
        assert_eq!(status(b"operater=somethingNew"), None);
    }

    #[test]
    fn a_push_is_read_as_its_own_kind_only() {
        let push = Push::read("application/json", br#"{"operater":"invoiceApply","isSuccess":true,"x":1}"#).unwrap();
        let told = push.scan_application().unwrap();
        assert_eq!((told.is_success.as_deref(), told.extra.len()), (Some("true"), 1));
        assert_eq!((push.invoice_result(), push.void_result()), (None, None));
        assert_eq!((push.red_info(), push.red_confirmation()), (None, None));
    }

    #[test]
    fn an_acknowledgement_is_json_whatever_the_reason() {
        assert_eq!(Push::accepted(), r#"{"status":"0000","message":"同步成功"}"#);
        assert_eq!(Push::refused("\"库\" \n"), r#"{"status":"9999","message":"\"库\" \n"}"#);
    }

    /// Every place that a kind names leads to a member, and every question is one that its method takes.
    #[test]
    fn what_confirms_a_push_passes_the_checks_of_its_method() {
        for (operater, number) in
            [("callback", "orderno"), ("invoiceInvalid", "fpqqlsh"), ("redConfirmCallback", "billId")]
        {
            let body = format!(r#"{{"operater":"{operater}","{number}":"A-1","content":{{}}}}"#);
            let (method, params) = Push::read("", body.as_bytes()).unwrap().confirm().unwrap();
            assert_eq!(Method::find(method).unwrap().check(&params), [], "{operater}");
        }
    }
}
