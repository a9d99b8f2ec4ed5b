//! How pushes are sent: in which form, how often, in which order.

use serde_json::{Value, json};

/// How pushes are sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct PushStyle {
    /// As documented for each kind, or in one form for all.
    pub form: PushForm,
    /// How often each push is sent even if it was acknowledged: 2 makes duplicates.
    pub copies: u32,
    /// Send what is due at the same time last first, and the members of each in another order.
    pub disorder: bool,
    /// Milliseconds of the simulator's clock between two tries; `None` is the platform's minute.
    pub retry_after: Option<i64>,
    /// Push failures, whatever the account wants.
    pub failures: bool,
    /// Push voids, whatever the account wants.
    pub voids: bool,
    /// Send the optional members and the lines, whatever the account wants.
    pub details: bool,
}

impl Default for PushStyle {
    fn default() -> PushStyle {
        let (failures, voids, details) = (false, false, false);
        PushStyle {
            form: PushForm::Documented,
            copies: 1,
            disorder: false,
            retry_after: None,
            failures,
            voids,
            details,
        }
    }
}

/// The form in which a push comes; receivers meet all of these.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PushForm {
    /// A form for invoices and voids, JSON with a content object for the rest.
    Documented,
    /// A form; `content` is JSON text.
    Form,
    /// JSON; `content` is an object.
    Json,
    /// JSON; `content` is JSON text.
    JsonText,
}

impl PushStyle {
    /// Reads `{"form":"json","copies":2,"disorder":true,"retryAfter":1000,"failures":true}`; what is left out is as by
    /// default.
    pub(crate) fn read(value: &Value) -> Result<PushStyle, String> {
        let default = PushStyle::default();
        let form = match value.get("form").and_then(Value::as_str).unwrap_or("documented") {
            "documented" => PushForm::Documented,
            "form" => PushForm::Form,
            "json" => PushForm::Json,
            "json_text" => PushForm::JsonText,
            other => return Err(format!("unknown form {other:?}; known: documented form json json_text")),
        };
        let copies = value.get("copies").map_or(Some(default.copies.into()), Value::as_u64);
        let copies = copies.and_then(|copies| u32::try_from(copies).ok()).filter(|copies| (1..=100).contains(copies));
        let retry_after = match value.get("retryAfter") {
            None | Some(Value::Null) => None,
            Some(ms) => Some(ms.as_i64().filter(|ms| *ms >= 0).ok_or("retryAfter must be milliseconds")?),
        };
        let flag = |name: &str| {
            let flag = value.get(name).map_or(Some(false), Value::as_bool);
            flag.ok_or(format!("{name} must be true or false"))
        };
        Ok(PushStyle {
            form,
            copies: copies.ok_or("copies must be 1 to 100")?,
            disorder: flag("disorder")?,
            retry_after,
            failures: flag("failures")?,
            voids: flag("voids")?,
            details: flag("details")?,
        })
    }

    pub(crate) fn json(self) -> Value {
        let form = match self.form {
            PushForm::Documented => "documented",
            PushForm::Form => "form",
            PushForm::Json => "json",
            PushForm::JsonText => "json_text",
        };
        json!({
            "form": form, "copies": self.copies, "disorder": self.disorder, "retryAfter": self.retry_after,
            "failures": self.failures, "voids": self.voids, "details": self.details,
        })
    }
}
