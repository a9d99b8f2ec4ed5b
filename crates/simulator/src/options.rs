//! What the simulator starts with: where it listens, which accounts it knows, how fast an order runs.

use crate::push::PushStyle;
use std::fmt;

/// How to start a [`Simulator`](crate::Simulator); [`Options::default`] is one sandbox account on any free port.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port on 127.0.0.1; 0 takes any free one.
    pub port: u16,
    /// Speak https, with a certificate made at start.
    pub tls: bool,
    /// Demand a senid of 32, a nonce of 8 digits and the exact case of the header names.
    pub strict: bool,
    /// The applications that may sign in.
    pub accounts: Vec<Account>,
    /// How long an order stays in each state.
    pub life: Life,
    /// Start with a clock that stands still at this time (milliseconds); `None` follows real time.
    pub start_at: Option<i64>,
    /// How many received requests, and how many pushes, are remembered.
    pub keep_requests: usize,
    /// How pushes are sent.
    pub pushes: PushStyle,
    /// Accept an order number that is there already and make another invoice, instead of E9106: for tests that want to see
    /// what a client sends twice. Queries show the first.
    pub accept_repeats: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            port: 0,
            tls: false,
            strict: false,
            accounts: vec![Account::default()],
            life: Life::default(),
            start_at: None,
            keep_requests: 10_000,
            pushes: PushStyle::default(),
            accept_repeats: false,
        }
    }
}

/// How long an order stays in each state, in milliseconds of the simulator's clock.
#[derive(Clone, Copy, Debug)]
pub struct Life {
    /// Accepted, but queries still answer E9500.
    pub hidden: i64,
    /// Status 20.
    pub issuing: i64,
    /// Status 21.
    pub sealing: i64,
    /// Status 20 of an order whose number ends in `-SLOW`.
    pub slow: i64,
    /// Status 31 after a request to void.
    pub voiding: i64,
    /// Each step of a red form: applying, submitted; and until a confirmed one has its red invoice.
    pub form: i64,
    /// Confirming or withdrawing a red form, a refresh at the tax bureau, a login.
    pub operation: i64,
    /// Each state of a work order.
    pub work_order: i64,
}

impl Default for Life {
    fn default() -> Life {
        Life {
            hidden: 2_000,
            issuing: 2_000,
            sealing: 1_000,
            slow: 60_000,
            voiding: 2_000,
            form: 2_000,
            operation: 1_000,
            work_order: 5_000,
        }
    }
}

/// One application and the merchants it may act for.
///
/// The default is the made-up sandbox account of the documentation: app key `SD00000001`, secret `SD00000000000001`, tax
/// number `339901999999142`, self-use.
#[derive(Clone)]
pub struct Account {
    /// The appKey.
    pub app_key: String,
    /// The appSecret.
    pub app_secret: String,
    /// The merchants: the company itself, or those who may authorise a service provider.
    pub tax_nums: Vec<String>,
    /// Self-use or service provider.
    pub role: Role,
    /// `userTax` must be sent even by a self-use application.
    pub sandbox: bool,
    /// Seconds a token lives; `None` never ends.
    pub token_life: Option<u64>,
    /// A token that is valid from the start and is never replaced.
    pub fixed_token: Option<String>,
    /// How `expires_in` is written.
    pub expires_in: ExpiresIn,
    /// Write `oauthUser` as an object instead of as JSON in a text.
    pub oauth_user_object: bool,
    /// A refresh token may be used again after it was replaced.
    pub reuse_refresh: bool,
    /// The methods it may call; `None` is all of them.
    pub methods: Option<Vec<String>>,
    /// The largest amount without tax of one invoice, as decimal text; orders above it are split. `None` never splits.
    pub invoice_limit: Option<String>,
    /// The company demands the buyer's phone (E9309) whenever the way of delivery needs one.
    pub phone_required: bool,
    /// The company reviews applications first: an accepted order is answered with a serial number of null.
    pub review: bool,
    /// Where results are pushed if an order gives no `callBackUrl`; on this machine only.
    pub callback_url: Option<String>,
    /// The company wants to hear of failures too; pushes then carry `c_status`.
    pub push_failures: bool,
    /// The company wants to hear when voiding has ended.
    pub push_voids: bool,
    /// The company has its pushes carry the optional members and the lines.
    pub push_details: bool,
    /// The merchants are known to the tax side; if not, issuing answers E9301.
    pub registered: bool,
    /// How many numbered invoices of each kind each merchant has to begin with.
    pub stock: u32,
    /// Each merchant's monthly credit for digital invoices, without tax, as decimal text.
    pub credit: String,
    /// More calls than this within a second answer 070202; `None` never does.
    pub calls_per_second: Option<u32>,
    /// More calls than this on one Beijing day answer 070201; `None` never does.
    pub calls_per_day: Option<u32>,
}

impl Account {
    /// A company calling for itself.
    pub fn self_use(app_key: &str, app_secret: &str, tax_num: &str) -> Account {
        Account {
            app_key: app_key.to_owned(),
            app_secret: app_secret.to_owned(),
            tax_nums: vec![tax_num.to_owned()],
            role: Role::SelfUse,
            sandbox: app_key.starts_with("SD"),
            token_life: Some(86_400),
            fixed_token: None,
            expires_in: ExpiresIn::Number,
            oauth_user_object: false,
            reuse_refresh: false,
            methods: None,
            invoice_limit: None,
            phone_required: false,
            review: false,
            callback_url: None,
            push_failures: false,
            push_voids: false,
            push_details: false,
            registered: true,
            stock: 100_000,
            credit: "1000000000.00".to_owned(),
            calls_per_second: None,
            calls_per_day: None,
        }
    }

    /// A service provider acting for the merchants of `tax_nums` once they have authorised it.
    pub fn service_provider(app_key: &str, app_secret: &str, redirect_uri: &str, tax_nums: &[&str]) -> Account {
        Account {
            tax_nums: tax_nums.iter().map(|&tax| tax.to_owned()).collect(),
            role: Role::ServiceProvider { redirect_uri: redirect_uri.to_owned() },
            ..Account::self_use(app_key, app_secret, "")
        }
    }

    /// The same account with tokens that never end; their answer has no `expires_in` unless one is set afterwards.
    #[must_use]
    pub fn permanent(mut self) -> Account {
        self.token_life = None;
        self.expires_in = ExpiresIn::Absent;
        self
    }
}

impl Default for Account {
    fn default() -> Account {
        Account::self_use("SD00000001", "SD00000000000001", "339901999999142")
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("app_key", &self.app_key)
            .field("app_secret", &"[hidden]")
            .field("tax_nums", &self.tax_nums)
            .field("role", &self.role)
            .field("sandbox", &self.sandbox)
            .field("token_life", &self.token_life)
            .field("fixed_token", &self.fixed_token.as_ref().map(|_| "[hidden]"))
            .field("methods", &self.methods)
            .field("invoice_limit", &self.invoice_limit)
            .finish_non_exhaustive()
    }
}

/// Whom an application acts for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Role {
    /// 自用型: one company, `client_credentials`.
    SelfUse,
    /// 第三方: merchants that authorise it, `authorization_code` and `refresh_token`.
    ServiceProvider {
        /// Where the browser is sent after the consent; must be repeated exactly.
        redirect_uri: String,
    },
}

/// How `expires_in` is written in a token answer; clients meet all of these.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ExpiresIn {
    /// `86400`
    Number,
    /// `"86400"`
    Text,
    /// Not at all.
    Absent,
    /// This JSON value, whatever the real life is.
    Json(String),
}
