//! Hosts and numbers of the platform.

pub(crate) const SERVICE_PRODUCTION: &str = "https://sdk.nuonuo.com/open/v1/services";
pub(crate) const SERVICE_SANDBOX: &str = "https://sandbox.nuonuocs.cn/open/v1/services";
pub(crate) const TOKEN_URL: &str = "https://open.nuonuo.com/accessToken";
pub(crate) const AUTHORIZE_URL: &str = "https://open.nuonuo.com/authorize";
pub(crate) const SUCCESS: &[&str] = &["E0000", "S0000", "0000", "200"];
pub(crate) const SANDBOX_KEY_PREFIX: &str = "SD";
pub(crate) const TOKEN_CALLS: usize = 50;
pub(crate) const TOKEN_WINDOW_DAYS: i64 = 30;
pub(crate) const TOKEN_REJECTED: &str = "070301";
pub(crate) const TOKEN_QUOTA: &str = "070306";
