//! A call in progress as a text that the host keeps, so that another process can go on with it.

use super::{Call, Machine, Task};
use crate::error::{Error, ErrorKind};
use crate::json::{FromJson, Json};
use crate::model::{Effect, Method};
use crate::poll::Polling;
use crate::session::{Session, UNKNOWN};
use crate::settle::Settling;
use crate::snapshot::{header, number, read, refused};

const KIND: &str = "call";

impl Machine {
    pub(super) fn snapshot(&self) -> String {
        let mut members = header(KIND, self.session.config());
        members.extend(self.task.save().into_iter().map(|(name, value)| (name.to_owned(), value)));
        Json::Object(members).to_string()
    }
}

impl Session {
    /// Goes on with a call that was kept by [`Call::snapshot`].
    ///
    /// - A write that was being settled asks first, whatever was sent before; it is sent again only if it is not there.
    /// - A question asked again and again goes on, its end counted from its first beginning.
    /// - A single question is asked anew.
    ///
    /// # Errors
    /// `input`, if the snapshot is another session's or can't be read; `uncertain` for a single write (it may have been
    /// sent: ask before sending it again); `usage` for a sign-in (begin it again).
    ///
    /// ```
    /// use nnopen::{Config, Json, Session};
    ///
    /// let session = Session::new(Config::sandbox("SD00000001", "SD00000000000001", "339901999999142")).unwrap();
    /// let params = Json::parse(r#"{"orderNos": ["A-1"]}"#).unwrap();
    /// let kept = session.poll_json("nuonuo.OpeMplatform.queryInvoiceResult", &params).unwrap().snapshot();
    /// let call = session.resume::<Json>(&kept).unwrap();
    /// assert_eq!(call.snapshot(), kept);
    /// ```
    pub fn resume<T: FromJson>(&self, snapshot: &str) -> Result<Call<T>, Error> {
        let json = read(snapshot, KIND, self.config())?;
        Ok(Call::new(self.clone(), Task::resume(&json)?, Vec::new()))
    }

    /// As [`Session::resume`], with the result as JSON.
    ///
    /// # Errors
    /// As for [`Session::resume`].
    pub fn resume_json(&self, snapshot: &str) -> Result<Call<Json>, Error> {
        self.resume(snapshot)
    }
}

impl Task {
    fn save(&self) -> Vec<(&'static str, Json)> {
        let task = |task: &str, name: &str, body: &str| {
            vec![("task", task.into()), ("method", name.into()), ("body", body.into())]
        };
        match self {
            Self::SignIn(_) => vec![("task", "signIn".into())],
            Self::Once { name, body, .. } => task("once", name, body),
            Self::Poll(polling) => {
                let mut members = task("poll", &polling.method.name, &polling.body);
                members.extend(polling.save());
                members
            }
            Self::Settle(settling) => {
                let (name, body, sends, accepted) = settling.save();
                let mut members = task("settle", name, body);
                members.push(("sends", sends));
                members.extend(accepted.then_some(("accepted", Json::Bool(true))));
                members
            }
        }
    }

    fn resume(json: &Json) -> Result<Self, Error> {
        let text = |member: &str| match json.get(member) {
            Some(Json::Text(text)) => Ok(text.as_str()),
            _ => Err(refused(member)),
        };
        let task = text("task")?;
        if task == "signIn" {
            return Err(Error::usage("a sign-in is not kept: begin it again"));
        }
        let (name, body) = (text("method")?, text("body")?.to_owned());
        let method = Method::find(name);
        match (task, method) {
            ("once", _) if method.unwrap_or(&UNKNOWN).effect == Effect::Write => Err(Error::new(
                ErrorKind::Uncertain,
                "a write that was not being settled may have been sent: ask before sending it again",
            )),
            ("once", Some(_)) => Self::raw(name, body),
            ("poll", Some(method)) if method.poll.is_some() => {
                let (started, waits) = (number(json, "started")?, number(json, "waits")?);
                Ok(Self::Poll(Polling::resume(method, body, started, waits.unwrap_or_default())))
            }
            ("settle", Some(method)) if Json::parse(&body).is_ok() => {
                let accepted = json.get("accepted").is_some_and(|accepted| *accepted == Json::Bool(true));
                let sends = number(json, "sends")?.unwrap_or_default();
                Ok(Self::Settle(Settling::resume(method, body, sends, accepted)?))
            }
            ("poll" | "once", _) => Err(refused("method")),
            ("settle", Some(_)) => Err(refused("body")),
            ("settle", None) => Err(refused("method")),
            _ => Err(refused("task")),
        }
    }
}
