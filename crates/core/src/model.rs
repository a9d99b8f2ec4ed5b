//! What a data file becomes: a method, its fields and their types, all `static`.
//!
//! The tables in [`crate::api`] are generated from `api/*.toml`; nothing in them is logic. [`crate::body`] walks them to
//! check params and to write a request body.

mod codes;

use crate::api::METHODS;
#[cfg(feature = "docs")]
use crate::api::capabilities::CAPABILITIES;
use crate::json::FromJson;
use crate::poll::PollRule;
use crate::settle::SettleRule;
use crate::source::Source;
use crate::text::{Text, text};

pub use codes::{Code, CodeName, Codes, FailCause, Outcome, Retry};

/// One API method of the platform, as its data file tells it.
#[derive(Debug)]
pub struct Method {
    /// The name on the wire, verbatim: `nuonuo.OpeMplatform.requestBillingNew`.
    pub name: Text,
    /// What the platform calls it.
    #[cfg(feature = "docs")]
    pub title: Words<Text>,
    /// What it does, in a few sentences.
    #[cfg(feature = "docs")]
    pub doc: Words<Text>,
    /// Whether calling it changes something.
    pub effect: Effect,
    /// The codes that mean success for this method.
    pub success: &'static [Text],
    /// The members of the body.
    pub params: &'static Shape,
    /// The groups of which at least one member is needed, as paths.
    pub one_of: &'static [&'static [Text]],
    /// What `result` holds in a successful answer.
    #[cfg(feature = "docs")]
    pub result: Type,
    /// How to wait for the final answer of a question asked again and again.
    pub poll: Option<&'static PollRule>,
    /// How to find out what became of a write whose answer is missing.
    pub settle: Option<&'static SettleRule>,
    /// For a write without such a rule: what a person does when its answer is missing.
    #[cfg(feature = "docs")]
    pub by_hand: Option<Words<Text>>,
    /// The member of the params that is an order (开票订单): see [`crate::order`].
    pub order: Option<Text>,
    /// Known by name only: its params are passed through unchecked.
    pub raw: bool,
}

impl Method {
    /// Finds a method by its name on the wire. The platform's own documents write some names in two cases
    /// (`nuonuo.electronInvoice`, `nuonuo.ElectronInvoice`): any will do, and [`Method::name`] is what is sent.
    ///
    /// ```
    /// let method = nnopen::Method::find("nuonuo.OpeMplatform.queryInvoiceResult").unwrap();
    /// assert_eq!(method.effect, nnopen::Effect::Read);
    /// assert_eq!(nnopen::Method::find("nuonuo.opemplatform.queryinvoiceresult"), Some(method));
    /// assert_eq!(nnopen::Method::find("nuonuo.OpeMplatform.queryInvoice"), None);
    /// ```
    pub fn find(name: &str) -> Option<&'static Method> {
        // Names of other lengths are passed by at a glance: that is faster than halving.
        let is_so = |method: &&Method| method.name == *name;
        let nearly = |method: &&Method| method.name.eq_ignore_ascii_case(name);
        METHODS.iter().copied().find(is_so).or_else(|| METHODS.iter().copied().find(nearly))
    }

    /// Every method that has a data file, ordered by name.
    pub fn all() -> &'static [&'static Method] {
        METHODS
    }
}

impl PartialEq for Method {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// Something that the platform can do (能力), and the methods that do it.
///
/// The two product families are different products with separate entitlement: methods of one cannot stand in for those
/// of the other. An empty list means that no public source names a method of that family.
#[cfg(feature = "docs")]
#[derive(Debug)]
pub struct Capability {
    /// What it is called: 作废, 冲红：快捷冲红.
    pub title: Words<Text>,
    /// The methods of the newer product (诺税通saas).
    pub newer: &'static [&'static Method],
    /// The methods of the older product (诺诺发票) and its kin, the usual one first.
    pub older: &'static [&'static Method],
}

#[cfg(feature = "docs")]
impl Capability {
    /// Every capability, in the order of the reference.
    ///
    /// ```
    /// let void = nnopen::Capability::all().iter().find(|one| one.title.zh == "作废").unwrap();
    /// assert_eq!(void.newer[0].name, "nuonuo.OpeMplatform.invoiceCancellation");
    /// assert_eq!(void.older[0].name, "nuonuo.electronInvoice.invoiceCancellation");
    /// ```
    pub fn all() -> &'static [Capability] {
        CAPABILITIES
    }

    /// Its methods in both families, the newer product's first.
    ///
    /// ```
    /// let all = nnopen::Capability::all();
    /// assert!(all.iter().all(|capability| capability.methods().next().is_some()));
    /// ```
    pub fn methods(&self) -> impl Iterator<Item = &'static Method> {
        self.newer.iter().chain(self.older).copied()
    }
}

/// The params of one method as a Rust struct; every generated params struct is one.
pub trait Endpoint: Source {
    /// The method that takes these params.
    const METHOD: &'static Method;
    /// What a successful call gives back.
    type Output: FromJson;
}

/// The params of a write that [`crate::Session::settle`] can follow to its end.
pub trait Settles: Endpoint {
    /// The rows that tell what became of it, as the method asked for them gives them.
    type Rows: FromJson;
}

/// A text in Chinese and in English. The tables have `Words<Text>`, which become `Words` by `into()`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[allow(missing_docs)]
pub struct Words<T = &'static str> {
    pub zh: T,
    pub en: T,
}

impl From<Words<Text>> for Words {
    fn from(words: Words<Text>) -> Self {
        Self { zh: words.zh.as_str(), en: words.en.as_str() }
    }
}

/// Whether calling a method changes something on the platform.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Effect {
    /// It may be asked again at will.
    Read,
    /// It changes nothing, but the platform counts it (some refreshes are limited to 20 a day).
    Limited,
    /// It changes something: never sent twice without asking first.
    Write,
}

/// An object: its members in the order in which they are written.
#[derive(Debug)]
#[allow(missing_docs)]
pub struct Shape {
    pub name: Text,
    pub fields: &'static [Field],
    /// The places of the fields that must or may have to be there, and of those that end a span.
    pub asked: &'static [u16],
}

/// One member of an object: a row of a data file.
#[derive(Debug)]
pub struct Field {
    /// The name on the wire, verbatim.
    pub name: Text,
    /// What it holds.
    pub kind: Type,
    /// Whether it must be there.
    pub need: Need,
    /// The most characters (of a text) or items (of a list).
    pub max: Option<u32>,
    /// How the value travels.
    pub wire: Wire,
    /// Tells something about a person: hidden in previews.
    pub personal: bool,
    /// What it means. Without the feature `docs`, only a field that can be missed has it, as a [`crate::Violation`] tells it.
    pub doc: Words<Text>,
    /// What few fields have; see [`Field::rare`].
    pub rare: Option<&'static Rare>,
}

/// What few fields have, apart from the others so that their rows stay short.
#[derive(Debug)]
pub struct Rare {
    /// With [`Need::If`]: the sibling that decides.
    pub when: Option<When>,
    /// A setting in the vendor's console can stand in: leaving it out is a warning only.
    pub console: bool,
    /// A narrower limit than [`Field::max`] that some sources give: beyond it is a warning.
    pub warn: Option<u32>,
    /// The most decimal places; beyond it is a warning.
    pub scale: Option<u8>,
    /// `"0"` and `"0.00"` differ here: a bare number is a warning.
    pub literal: bool,
    /// The most that a whole number may be; beyond it is a warning.
    pub most: Option<u32>,
    /// The least that a whole number may be; below it is a warning.
    pub least: Option<u32>,
    /// How many digits it is made of, and of nothing else; empty if that does not matter.
    pub digits: &'static [u32],
    /// Where a number lies; elsewhere is an error.
    pub range: Option<Range>,
    /// The list of rows and their member, of which this is the sum to the cent.
    pub sum: Option<(Text, Text)>,
    /// The beginning of the span that this date ends, and how long it may be; beyond it is a warning.
    pub span: Option<Span>,
    /// The codes that the platform answers, each with the rule that is broken; `""` stands for any rule.
    pub refused: &'static [(Text, Text)],
}

impl Rare {
    /// Nothing of it.
    pub const NONE: Rare = Rare {
        when: None,
        console: false,
        warn: None,
        scale: None,
        literal: false,
        most: None,
        least: None,
        digits: &[],
        range: None,
        sum: None,
        span: None,
        refused: &[],
    };
}

impl Field {
    /// An optional text without limits: what the generated tables start from.
    pub const NEW: Field = Field {
        name: text(""),
        kind: Type::Text,
        need: Need::No,
        max: None,
        wire: Wire::Text,
        personal: false,
        doc: Words { zh: text(""), en: text("") },
        rare: None,
    };

    /// What few fields have, and this one perhaps.
    ///
    /// ```
    /// let method = nnopen::Method::find("nuonuo.OpeMplatform.queryInvoiceResult").unwrap();
    /// assert!(method.params.fields.iter().all(|field| !field.rare().console));
    /// ```
    pub fn rare(&self) -> &'static Rare {
        self.rare.unwrap_or(&Rare::NONE)
    }

    /// Whether so many characters or items are beyond a limit.
    pub(crate) fn limits(&self, count: usize) -> bool {
        let beyond = |most: u32| count > most as usize;
        self.max.is_some_and(beyond) || self.rare.is_some_and(|rare| rare.warn.is_some_and(beyond))
    }

    /// The code that the platform answers where this rule is broken.
    pub(crate) fn code(&self, rule: &str) -> Option<&'static str> {
        self.rare()
            .refused
            .iter()
            .find(|(broken, _)| broken.is_empty() || *broken == rule)
            .map(|(_, code)| code.as_str())
    }
}

/// What a value is. Most travel as JSON strings whatever their type: see [`Wire`].
#[derive(Clone, Copy, Debug)]
pub enum Type {
    /// Any text.
    Text,
    /// One of a set of codes. Sets are open: an unknown code is a warning.
    Code(&'static Codes),
    /// An exact decimal number.
    Decimal,
    /// A whole number.
    Integer,
    /// `yyyy-MM-dd`.
    Date,
    /// `yyyy-MM-dd HH:mm:ss` in Beijing time, or milliseconds since 1970.
    Time,
    /// Anything: passed on as it is.
    Json,
    /// A list of one type.
    List(&'static Type),
    /// An object.
    Shape(&'static Shape),
}

/// Whether a member must be there.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Need {
    /// Always.
    Yes,
    /// It may be left out.
    No,
    /// Under a condition: [`Field::when`], or what the doc says.
    If,
}

/// The sibling whose value makes a member needed.
#[derive(Clone, Copy, Debug)]
pub struct When {
    /// The sibling's place among the fields.
    pub at: u16,
    /// The values that make it needed; `""` stands for an absent sibling, `*` for any value, `#` for a digit.
    pub is: &'static [Text],
}

impl When {
    pub(crate) fn holds(&self, text: &str) -> bool {
        let digits = |value: &str| {
            value.starts_with('#') && value.len() == text.len() && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        self.is.iter().any(|value| *value == text || *value == "*" || digits(value))
    }
}

/// Where a number lies.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Range {
    /// Zero or below.
    Negative,
    /// Zero or above.
    Positive,
    /// Zero or above, and less than one: a rate.
    Fraction,
}

/// A span of days that ends with a field.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Span {
    /// The place of the sibling that it begins with.
    pub from: u16,
    /// The most days between them; `None` if any will do.
    pub days: Option<u32>,
}

/// How a value travels.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Wire {
    /// As a JSON string, numbers too.
    Text,
    /// As a JSON number.
    Number,
}
