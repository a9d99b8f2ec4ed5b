//! The call's own request, signed, and what its answer means.

use super::phase::Phase;
use super::{Machine, Next};
use crate::config::path_of;
use crate::sign::StringToSign;
use crate::token::{self, Event};
use crate::wire::{Millis, Request, Secret, Stamp, form_encode};

impl Machine {
    pub(super) fn request(&self, access: &Secret, stamp: &Stamp) -> Request {
        let config = self.session.config();
        let service = config.environment.service_url();
        let mut url = String::with_capacity(service.len() + 3 * config.app_key.len() + 96);
        url.push_str(service);
        let mut query = |name: &str, write: &dyn Fn(&mut String)| {
            url.push_str(name);
            let start = url.len();
            write(&mut url);
            start..url.len()
        };
        let senid = query("?senid=", &|url| stamp.write_senid(url));
        let nonce = query("&nonce=", &|url| stamp.write_nonce(url));
        let timestamp = query("&timestamp=", &|url| stamp.write_timestamp(url));
        query("&appkey=", &|url| form_encode(&config.app_key, url));
        let (name, body) = self.task.request();
        let text = StringToSign {
            path: path_of(service),
            app_key: &config.app_key,
            senid: &url[senid],
            nonce: &url[nonce],
            timestamp: &url[timestamp],
            body,
        };
        let signature = self.session.key().sign(&text);
        Request {
            url,
            headers: vec![
                ("Content-Type", "application/json".to_owned()),
                ("X-Nuonuo-Sign", signature),
                ("accessToken", access.expose().to_owned()),
                ("userTax", config.tax_num.clone()),
                ("method", name.to_owned()),
            ],
            body: body.to_owned(),
        }
    }

    pub(super) fn answer(&mut self, access: &Secret, status: u16, body: &[u8], now: Millis) -> Phase {
        let next = match self.task.method().judge(status, body) {
            Ok(result) => {
                self.replaced = false;
                self.task.answered(result, now)
            }
            Err(refusal) if token::is_rejection(refusal.error.code()) => {
                let mut changing = self.session.changing();
                changing.life.apply(Event::Rejected(access.clone()), now);
                if self.replaced || changing.life.is_permanent() {
                    Next::Fail(self.task.without_token(refusal.error, now))
                } else {
                    self.replaced = true;
                    Next::Again
                }
            }
            Err(refusal) => self.task.refused(refusal, now),
        };
        self.go(next, access, now)
    }

    /// Goes on; an error is cleaned of secrets and of the token that was sent.
    pub(super) fn go(&self, next: Next, access: &Secret, now: Millis) -> Phase {
        match next {
            Next::Again => Phase::Ready,
            Next::Rest(until) => Phase::Resting { since: now, until },
            Next::Done(result) => Phase::Ended(Ok(result)),
            Next::Fail(error) => Phase::Ended(Err(error.cleaned(&|text| access.clean(&self.session.clean(text))))),
        }
    }
}
