//! The names of a line's members, each with a place of its own, so that looking one up is no search.

/// The name of a member. Any text is one; those of a line have a place.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) struct Name<'n> {
    pub(crate) wire: &'n str,
    pub(super) place: Option<u8>,
}

impl<'n> From<&'n str> for Name<'n> {
    fn from(wire: &'n str) -> Self {
        Self { wire, place: None }
    }
}

macro_rules! names {
    ($($name:ident = $wire:literal,)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "called as the constants are")]
        enum Place { $($name),* }

        $(pub(crate) const $name: Name<'static> = Name { wire: $wire, place: Some(Place::$name as u8) };)*

        /// How many names have a place.
        pub(super) const PLACES: usize = [$($wire),*].len();

        /// The place of a name, if it has one.
        pub(super) fn place(wire: &str) -> Option<usize> {
            match wire {
                $($wire => Some(Place::$name as usize),)*
                _ => None,
            }
        }
    };
}

names! {
    PRICE = "price",
    NUM = "num",
    TAX = "tax",
    TAX_RATE = "taxRate",
    EXCLUDED = "taxExcludedAmount",
    INCLUDED = "taxIncludedAmount",
    DEDUCTION = "deduction",
    GOODS_NAME = "goodsName",
    GOODS_CODE = "goodsCode",
    WITH_TAX = "withTaxFlag",
    UNIT = "unit",
    SPEC = "specType",
    PROPERTY = "invoiceLineProperty",
    POLICY = "favouredPolicyFlag",
    POLICY_NAME = "favouredPolicyName",
    ZERO_RATE = "zeroRateFlag",
}

/// So many of them are numbers, the first ones.
pub(super) const NUMBERS: usize = Place::DEDUCTION as usize + 1;
