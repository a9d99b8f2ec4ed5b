//! A merchant's authorisation of a service provider: the page to open, and what it sends back.

use ctutils::CtEq;

use crate::codes;
use crate::error::{Error, ErrorKind};
use crate::session::Session;
use crate::token::Grant;
use crate::wire::{Secret, credential, form, read_form};

/// What the browser brought back from the authorize page.
#[derive(Clone, Debug, PartialEq)]
pub enum Returned {
    /// The merchant agreed, and `state` is the one that was sent.
    Granted(Authorization),
    /// The merchant seems to have agreed, but no `state` came back: it may be someone else's. Take it only if you know
    /// by other means that this browser began the authorisation.
    WithoutState(Authorization),
}

/// A single-use code and the merchant it stands for: redeem it within ten minutes with
/// [`Session::sign_in`](crate::Session::sign_in).
#[derive(Clone, Debug, PartialEq)]
pub struct Authorization {
    /// The code.
    pub code: Secret,
    /// The merchant's tax number, if it came along.
    pub tax_num: Option<String>,
}

impl Authorization {
    /// The grant that redeems the code.
    pub fn grant(self, tax_num: &str, redirect_uri: &str) -> Grant {
        Grant::AuthorizationCode { code: self.code, tax_num: tax_num.to_owned(), redirect_uri: redirect_uri.to_owned() }
    }
}

impl Session {
    /// The address of the page on which a merchant authorises this application. `state` is yours: unguessable, new for
    /// each browser, remembered until the return.
    ///
    /// # Errors
    /// `input`, if one of them is empty or holds control characters.
    pub fn authorize_url(&self, redirect_uri: &str, state: &str) -> Result<String, Error> {
        credential("redirect_uri", redirect_uri)?;
        credential("state", state)?;
        let config = self.config();
        let query = form(&[
            ("appKey", &config.app_key),
            ("response_type", "code"),
            ("redirect_uri", redirect_uri),
            ("state", state),
        ]);
        Ok(format!("{}?{query}", config.environment.authorize_url()))
    }

    /// Reads the return from the authorize page: the whole URL or its query. `state` is compared in constant time.
    ///
    /// # Errors
    /// `auth`, if there is no code (the merchant refused) or the state is another one.
    pub fn read_return(&self, url: &str, state: &str) -> Result<Returned, Error> {
        let query = url.split_once('?').map_or(url, |(_, query)| query);
        let query = query.split_once('#').map_or(query, |(query, _)| query);
        let pairs = read_form(query);
        let find = |wanted: &str| {
            let pair = pairs.iter().find(|(name, value)| name.eq_ignore_ascii_case(wanted) && !value.is_empty());
            pair.map(|(_, value)| value.as_str())
        };
        let Some(code) = find("code") else {
            let reason = find("error_description").or_else(|| find("error")).unwrap_or("the return has no code");
            let error = Error::new(ErrorKind::Auth, self.clean(reason));
            return Err(find("error").map_or(error.clone(), |code| error.with_code(&self.clean(code), codes::TOKEN)));
        };
        let authorization = Authorization { code: code.into(), tax_num: find("taxnum").map(str::to_owned) };
        let mut states = pairs.iter().filter(|(name, _)| name == "state").map(|(_, value)| value.as_bytes());
        let same = |theirs: &[u8]| bool::from(theirs.ct_eq(state.as_bytes()));
        match (states.next(), states.next()) {
            (None, _) => Ok(Returned::WithoutState(authorization)),
            (Some(theirs), None) if !state.is_empty() && same(theirs) => Ok(Returned::Granted(authorization)),
            (Some(_), _) => {
                Err(Error::new(ErrorKind::Auth, "the return's state is not the one that was sent: it may be forged"))
            }
        }
    }
}
