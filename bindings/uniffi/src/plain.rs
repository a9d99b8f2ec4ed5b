//! The plain values as records, each a copy of the face's own.

use nnopen_ffi as ffi;

/// A text that no host prints.
pub struct Secret(pub(crate) String);

uniffi::custom_newtype!(Secret, String);

/// Why something did not work.
#[derive(Debug, uniffi::Error)]
pub enum CoreError {
    /// All of it.
    Told {
        /// What the caller can look at.
        failure: Failure,
    },
}

impl From<ffi::Failure> for CoreError {
    fn from(failure: ffi::Failure) -> Self {
        Self::Told { failure: failure.into() }
    }
}

impl std::fmt::Display for CoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self::Told { failure } = self;
        write!(f, "{}: {}", failure.kind, failure.describe)
    }
}

/// A record that is a copy of one of the face's, member by member.
macro_rules! copy {
    ($(#[$doc:meta])* $name:ident of $theirs:ty { $($(#[$member_doc:meta])* $member:ident : $form:ty = $how:expr),* $(,)? }) => {
        $(#[$doc])*
        #[derive(uniffi::Record)]
        #[allow(missing_docs)]
        pub struct $name { $($(#[$member_doc])* pub $member: $form),* }

        impl From<$theirs> for $name {
            fn from(theirs: $theirs) -> Self {
                $(let $member = { let take: fn(&$theirs) -> $form = $how; take(&theirs) };)*
                Self { $($member),* }
            }
        }
    };
}

copy!(
    /// Why something did not work.
    #[derive(Debug)]
    Failure of ffi::Failure {
        kind: String = |it| it.kind.clone(),
        code: Option<String> = |it| it.code.clone(),
        describe: String = |it| it.describe.clone(),
        hint_zh: String = |it| it.hint_zh.clone(),
        hint_en: String = |it| it.hint_en.clone(),
        violations: Vec<Violation> = |it| it.violations.iter().cloned().map(Violation::from).collect(),
        /// Milliseconds since 1970.
        retry_at: Option<i64> = |it| it.retry_at,
        /// `no`, `later`, `sign_in` or `ask`.
        retry: String = |it| it.retry.clone(),
        order_free: bool = |it| it.order_free,
        /// JSON text.
        result: Option<String> = |it| it.result.clone(),
    }
);

copy!(
    /// One thing wrong with params.
    #[derive(Debug)]
    Violation of ffi::Violation {
        path: String = |it| it.path.clone(),
        rule: String = |it| it.rule.to_owned(),
        /// `error` or `warning`.
        severity: String = |it| it.severity.to_owned(),
        code: Option<String> = |it| it.code.map(str::to_owned),
        zh: String = |it| it.message.clone(),
        en: String = |it| it.message_en.clone(),
    }
);

copy!(
    /// An answer as it was read.
    Answer of ffi::Answer {
        code: Option<String> = |it| it.code.clone(),
        describe: Option<String> = |it| it.describe.clone(),
        /// JSON text.
        result: String = |it| it.result.clone(),
        failure: Option<Failure> = |it| it.failure.clone().map(Failure::from),
    }
);

copy!(
    /// What the platform pushed.
    PushInfo of ffi::PushInfo {
        operater: String = |it| it.operater.clone(),
        known: bool = |it| it.known,
        order_no: Option<String> = |it| it.order_no.clone(),
        serial_no: Option<String> = |it| it.serial_no.clone(),
        bill_no: Option<String> = |it| it.bill_no.clone(),
        status: Option<String> = |it| it.status.map(str::to_owned),
        status_code: Option<String> = |it| it.status_code.clone(),
        /// JSON text.
        content: String = |it| it.content.clone(),
        /// JSON text.
        raw: String = |it| it.raw.clone(),
        confirm_method: Option<String> = |it| it.confirm_method.map(str::to_owned),
        /// JSON text.
        confirm_params: Option<String> = |it| it.confirm_params.clone(),
    }
);

copy!(
    /// What a code means.
    Explanation of ffi::Explanation {
        code: String = |it| it.code.to_owned(),
        scope: String = |it| it.scope.to_owned(),
        text: String = |it| it.text.to_owned(),
        meaning_zh: String = |it| it.meaning_zh.to_owned(),
        meaning_en: String = |it| it.meaning_en.to_owned(),
        cause_zh: String = |it| it.cause_zh.to_owned(),
        cause_en: String = |it| it.cause_en.to_owned(),
        fix_zh: String = |it| it.fix_zh.to_owned(),
        fix_en: String = |it| it.fix_en.to_owned(),
        retry: String = |it| it.retry.to_owned(),
        order_free: bool = |it| it.order_free,
    }
);

copy!(
    /// A file of an invoice.
    Document of ffi::Document {
        kind: String = |it| it.kind.clone(),
        url: String = |it| it.url.clone(),
        field: String = |it| it.field.clone(),
        original: bool = |it| it.original,
    }
);

copy!(
    /// What was signed, and the signature.
    Signed of ffi::Signed {
        canonical: String = |it| it.canonical.clone(),
        signature: String = |it| it.signature.clone(),
    }
);

copy!(
    /// What the authorize page sent back.
    Returned of ffi::Returned {
        code: Secret = |it| Secret(it.code.expose().to_owned()),
        tax_num: Option<String> = |it| it.tax_num.clone(),
        state_matched: bool = |it| it.state_matched,
    }
);

/// A text in both languages.
#[derive(uniffi::Record)]
#[allow(missing_docs)]
pub struct Words {
    pub zh: String,
    pub en: String,
}

/// What a session is made from.
#[derive(uniffi::Record)]
#[allow(missing_docs)]
pub struct Config {
    pub environment: String,
    pub service_url: Option<String>,
    pub token_url: Option<String>,
    pub app_key: String,
    pub app_secret: Secret,
    pub tax_num: String,
    pub service_provider: bool,
    pub permanent_token: Option<Secret>,
    pub shared: bool,
}

impl From<Config> for ffi::Config {
    fn from(config: Config) -> Self {
        let Config { environment, service_url, token_url, app_key, tax_num, service_provider, shared, .. } = config;
        let app_secret = config.app_secret.0.into();
        let permanent_token = config.permanent_token.map(|token| token.0.into());
        Self {
            environment,
            service_url,
            token_url,
            app_key,
            app_secret,
            tax_num,
            service_provider,
            permanent_token,
            shared,
        }
    }
}

/// How a token is asked for.
#[derive(uniffi::Enum)]
#[allow(missing_docs)]
pub enum Grant {
    /// With key and secret.
    ClientCredentials,
    /// With a merchant's authorisation.
    AuthorizationCode { code: Secret, tax_num: String, redirect_uri: String },
    /// With the refresh token that is held.
    Refresh,
}

impl From<Grant> for ffi::Grant {
    fn from(grant: Grant) -> Self {
        match grant {
            Grant::ClientCredentials => Self::ClientCredentials,
            Grant::Refresh => Self::Refresh,
            Grant::AuthorizationCode { code, tax_num, redirect_uri } => {
                Self::AuthorizationCode { code: code.0.into(), tax_num, redirect_uri }
            }
        }
    }
}

/// What the host is to do next.
#[derive(uniffi::Enum)]
#[allow(missing_docs)]
pub enum Step {
    /// POST it: the address and the headers, a line each; the body byte for byte.
    Send { head: Secret, body: Vec<u8> },
    /// Step again at this time, in milliseconds since 1970.
    Wait { until: i64 },
    /// Read the token's store.
    Load,
    /// Put the bytes into the store if it still holds this version.
    Swap { version: i64, bytes: Vec<u8> },
    /// JSON text.
    Done { result: String },
}

impl From<ffi::Step> for Step {
    fn from(step: ffi::Step) -> Self {
        match step {
            ffi::Step::Send(mut request) => Self::Send {
                head: Secret(ffi::text::head(&request)),
                body: std::mem::take(&mut request.body).into_bytes(),
            },
            ffi::Step::Wait { until } => Self::Wait { until },
            ffi::Step::Load => Self::Load,
            ffi::Step::Swap { version, bytes } => Self::Swap { version: signed(version), bytes },
            ffi::Step::Done { result } => Self::Done { result },
        }
    }
}

/// An HTTP status; what is none becomes 0, which no platform answers.
pub(crate) fn status(status: i32) -> u16 {
    u16::try_from(status).unwrap_or(0)
}

pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(crate) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
