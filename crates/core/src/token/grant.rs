//! A token, and how it is asked for.

use crate::wire::{Millis, Secret};

/// An access token and what came with it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Token {
    /// The token.
    pub access: Secret,
    /// What a service provider's token is refreshed with.
    pub refresh: Option<Secret>,
    /// Who authorised: the `client_id` of a refresh.
    pub user_id: Option<String>,
    /// The merchant's tax number, as the platform tells it.
    pub tax_num: Option<String>,
    /// When it ends; `None` if that is not known.
    pub expires_at: Option<Millis>,
}

/// How a token is asked for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Grant {
    /// A company's own application (自用型): with key and secret alone.
    ClientCredentials,
    /// A service provider (第三方), the first time: with the code that the merchant's authorisation gave.
    AuthorizationCode {
        /// The code, good for one use.
        code: Secret,
        /// The merchant's tax number.
        tax_num: String,
        /// The address to which the code was sent, as configured.
        redirect_uri: String,
    },
    /// A service provider, later: with the refresh token that is held.
    Refresh,
}

/// Whether the application is a company's own or a service provider's.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Role {
    /// 自用型: calls for its own company and fetches tokens by itself.
    #[default]
    SelfUse,
    /// 第三方: calls for a merchant who authorised it.
    ServiceProvider,
}

impl Token {
    /// Whether it can be refreshed without the merchant.
    pub fn can_refresh(&self) -> bool {
        self.refresh.is_some() && self.user_id.is_some()
    }

    /// A configured token that never ends.
    pub(crate) fn permanent(access: Secret) -> Self {
        Self { access, refresh: None, user_id: None, tax_num: None, expires_at: None }
    }

    /// A refresh answers without `userId`: the old one stays.
    pub(super) fn with_the_rest_of(self, old: &Token) -> Self {
        Self {
            refresh: self.refresh.or_else(|| old.refresh.clone()),
            user_id: self.user_id.or_else(|| old.user_id.clone()),
            tax_num: self.tax_num.or_else(|| old.tax_num.clone()),
            ..self
        }
    }

    /// What is left of a rejected token: what a new one can be had with.
    pub(super) fn rejected(self) -> Option<Self> {
        self.can_refresh().then(|| Self { access: Secret::default(), expires_at: None, ..self })
    }

    /// Whether it is good for a request.
    pub(super) fn is_usable(&self, now: Millis) -> bool {
        !self.access.is_empty() && self.expires_at.is_none_or(|end| now < end)
    }

    /// Whether it is time for the next one.
    pub(super) fn ends_within(&self, early: i64, now: Millis) -> bool {
        self.expires_at.is_some_and(|end| now >= end.after(-early))
    }
}
