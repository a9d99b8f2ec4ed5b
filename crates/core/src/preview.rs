//! A request made fit to be shown: without secrets.

use crate::wire::{Request, read_form};

/// Header names whose values are secret.
const SECRET_HEADERS: [&str; 2] = ["X-Nuonuo-Sign", "accessToken"];
/// Form members whose values are secret.
const SECRET_MEMBERS: [&str; 3] = ["client_secret", "code", "refresh_token"];

impl Request {
    /// The request as text, as it travels, with `***` in place of secrets. The body of a call is shown as it is.
    pub fn preview(&self) -> String {
        let headers: String =
            self.headers.iter().map(|(name, value)| format!("{name}: {}\n", shown(name, value))).collect();
        format!("POST {}\n{headers}\n{}", self.url, self.shown_body())
    }

    fn shown_body(&self) -> String {
        let form = self
            .headers
            .iter()
            .any(|(name, value)| *name == "Content-Type" && value.starts_with("application/x-www-form"));
        if !form {
            return self.body.clone();
        }
        let shown = |(name, value): &(String, String)| {
            let value = if SECRET_MEMBERS.contains(&name.as_str()) { "***" } else { value };
            format!("{name}={value}")
        };
        read_form(&self.body).iter().map(shown).collect::<Vec<_>>().join("&")
    }
}

fn shown<'a>(name: &str, value: &'a str) -> &'a str {
    if SECRET_HEADERS.contains(&name) && !value.is_empty() { "***" } else { value }
}
