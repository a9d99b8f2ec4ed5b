//! What a session is made from: which platform, which application, for whom.

use crate::api::platform;
use crate::body;
use crate::error::Error;
use crate::token::Role;
use crate::wire::{Secret, credential};

/// What a session is made from.
#[derive(Clone, Debug)]
pub struct Config {
    /// Which platform.
    pub environment: Environment,
    /// The application's key.
    pub app_key: String,
    /// The application's secret. It only ever leaves in a token request, and as the key of signatures.
    pub app_secret: Secret,
    /// The tax number that calls are made for: the header `userTax`. A company's own application may leave it empty in
    /// production.
    pub tax_num: String,
    /// Whose application it is.
    pub role: Role,
    /// A token that never ends (永久令牌), if the application has one: no token call is made then.
    pub permanent_token: Option<Secret>,
    /// Whether other processes use the same application for the same merchant, and share the token through a store:
    /// calls then give the steps `Load` and `Swap` too.
    pub shared: bool,
}

/// Which platform is talked to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Environment {
    /// Real invoices.
    Production,
    /// 沙箱.
    Sandbox,
    /// Somewhere else: a simulator on this machine, a gateway of your own. Plain http is for loopback only.
    Custom {
        /// The whole address of the service, path included.
        service_url: String,
        /// The whole address of the token endpoint.
        token_url: String,
    },
}

impl Config {
    /// A company's own application in the sandbox.
    pub fn sandbox(app_key: &str, app_secret: &str, tax_num: &str) -> Self {
        Self::of(Environment::Sandbox, app_key, app_secret, tax_num)
    }

    /// A company's own application in production: real invoices.
    pub fn production(app_key: &str, app_secret: &str, tax_num: &str) -> Self {
        Self::of(Environment::Production, app_key, app_secret, tax_num)
    }

    fn of(environment: Environment, app_key: &str, app_secret: &str, tax_num: &str) -> Self {
        Self {
            environment,
            app_key: app_key.to_owned(),
            app_secret: app_secret.into(),
            tax_num: tax_num.to_owned(),
            role: Role::SelfUse,
            permanent_token: None,
            shared: false,
        }
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        let mut checks = vec![credential("app_key", &self.app_key), credential("app_secret", self.app_secret.expose())];
        if !self.tax_num.is_empty() || self.role == Role::ServiceProvider {
            checks.push(credential("tax_num", &self.tax_num));
        }
        if let Some(token) = &self.permanent_token {
            checks.push(credential("permanent_token", token.expose()));
        }
        checks.extend(self.environment.check());
        let violations: Vec<_> =
            checks.into_iter().filter_map(Result::err).flat_map(|error| error.violations().to_vec()).collect();
        if violations.is_empty() { Ok(()) } else { Err(Error::input(violations)) }
    }

    /// Whose tokens these are: what a snapshot must agree with.
    pub(crate) fn identity(&self) -> [(&'static str, &str); 3] {
        [("environment", self.environment.name()), ("appKey", &self.app_key), ("taxNum", &self.tax_num)]
    }

    pub(crate) fn warnings(&self) -> Vec<Warning> {
        let sandbox_key = self.app_key.starts_with(platform::SANDBOX_KEY_PREFIX);
        let mut warnings = Vec::new();
        let service = self.environment.service_url();
        match service {
            platform::SERVICE_PRODUCTION if sandbox_key => warnings.push(Warning {
                zh: "appKey 以 SD 开头，是沙箱密钥，却用在正式环境",
                en: "the app key begins with SD: a sandbox key at the production host",
            }),
            platform::SERVICE_SANDBOX if !sandbox_key => warnings.push(Warning {
                zh: "appKey 不以 SD 开头，是正式密钥，却用在沙箱环境",
                en: "the app key does not begin with SD: a production key at the sandbox host",
            }),
            _ => {}
        }
        if self.tax_num.is_empty() && service == platform::SERVICE_SANDBOX {
            warnings
                .push(Warning {
                    zh: "沙箱要求填写税号（userTax）", en: "the sandbox needs a tax number (userTax)"
                });
        }
        warnings
    }
}

/// Something that looks wrong, in Chinese and in English.
pub type Warning = crate::model::Words;

impl Environment {
    /// The whole address of the service.
    pub fn service_url(&self) -> &str {
        match self {
            Self::Production => platform::SERVICE_PRODUCTION,
            Self::Sandbox => platform::SERVICE_SANDBOX,
            Self::Custom { service_url, .. } => service_url,
        }
    }

    /// The whole address of the token endpoint; production and sandbox share it.
    pub fn token_url(&self) -> &str {
        match self {
            Self::Production | Self::Sandbox => platform::TOKEN_URL,
            Self::Custom { token_url, .. } => token_url,
        }
    }

    /// The address of the authorize page: beside the token endpoint.
    pub fn authorize_url(&self) -> String {
        match self {
            Self::Production | Self::Sandbox => platform::AUTHORIZE_URL.to_owned(),
            Self::Custom { token_url, .. } => {
                let folder = token_url.rfind('/').map_or("", |at| &token_url[..at]);
                format!("{folder}/authorize")
            }
        }
    }

    /// What a snapshot calls it.
    fn name(&self) -> &str {
        match self {
            Self::Production => "production",
            Self::Sandbox => "sandbox",
            Self::Custom { service_url, .. } => service_url,
        }
    }

    fn check(&self) -> Vec<Result<(), Error>> {
        match self {
            Self::Production | Self::Sandbox => Vec::new(),
            Self::Custom { service_url, token_url } => {
                vec![check_url("service_url", service_url, 3), check_url("token_url", token_url, 1)]
            }
        }
    }
}

/// The path of an address: what follows the host.
pub(crate) fn path_of(url: &str) -> &str {
    let rest = ["https://", "http://"].iter().find_map(|scheme| url.strip_prefix(scheme)).unwrap_or(url);
    rest.find('/').map_or("", |at| &rest[at..])
}

/// An address is https, or http on this machine; without user, query or fragment; with a path of so many pieces.
fn check_url(name: &str, url: &str, pieces: usize) -> Result<(), Error> {
    credential(name, url)?;
    if !url.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(body::fault(name, "url", "只能包含 ASCII 字符", "must be ASCII"));
    }
    let refuse = |zh, en| Err(body::fault(name, "url", zh, en));
    let Some((scheme, rest)) = url.split_once("://") else {
        return refuse("应以 https:// 开头", "must begin with https://");
    };
    let host = rest.split('/').next().unwrap_or_default();
    if rest.contains(['?', '#']) || host.contains('@') || host.is_empty() {
        return refuse("不能带用户名、? 或 #", "must have a host and neither user, ? nor #");
    }
    let name_only = host.strip_prefix('[').map_or_else(|| host.split(':').next(), |v6| v6.split(']').next());
    let loopback = matches!(name_only, Some("127.0.0.1" | "localhost" | "::1"));
    if scheme != "https" && !(scheme == "http" && loopback) {
        return refuse("必须是 https（http 只能用于本机）", "must be https; http is for loopback only");
    }
    if path_of(url).split('/').skip(1).filter(|piece| !piece.is_empty()).count() < pieces {
        return refuse(
            "地址应包含完整路径，例如 /open/v1/services",
            "must hold its whole path, such as /open/v1/services",
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests;
