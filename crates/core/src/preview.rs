//! A request made fit to be shown: without secrets.

use std::borrow::Cow;

use crate::wire::{Request, read_form};

/// Header names whose values are secret.
const SECRET_HEADERS: [&str; 2] = ["X-Nuonuo-Sign", "accessToken"];
/// Form members whose values are secret.
const SECRET_MEMBERS: [&str; 3] = ["client_secret", "code", "refresh_token"];

impl Request {
    /// The request as text, as it travels, with `***` in place of secrets. The body of a call is shown as it is.
    pub fn preview(&self) -> String {
        let body = self.shown_body();
        let headers: usize = self.headers.iter().map(|(name, value)| name.len() + value.len() + 3).sum();
        let mut preview = String::with_capacity(self.url.len() + headers + body.len() + 7);
        preview.extend(["POST ", &self.url, "\n"]);
        for (name, value) in &self.headers {
            preview.extend([*name, ": ", shown(name, value), "\n"]);
        }
        preview.extend(["\n", &body]);
        preview
    }

    fn shown_body(&self) -> Cow<'_, str> {
        let form = self
            .headers
            .iter()
            .any(|(name, value)| *name == "Content-Type" && value.starts_with("application/x-www-form"));
        if !form {
            return self.body.as_str().into();
        }
        let shown = |(name, value): &(String, String)| {
            let value = if SECRET_MEMBERS.contains(&name.as_str()) { "***" } else { value };
            format!("{name}={value}")
        };
        read_form(&self.body).iter().map(shown).collect::<Vec<_>>().join("&").into()
    }
}

fn shown<'a>(name: &str, value: &'a str) -> &'a str {
    if SECRET_HEADERS.contains(&name) && !value.is_empty() { "***" } else { value }
}
