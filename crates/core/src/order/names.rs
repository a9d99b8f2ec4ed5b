//! The names of a line's members, each with a place of its own, so that looking one up is no search.

use crate::text::{Text, text};

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

        /// The names, each at its place.
        pub(super) const NAMES: [Text; PLACES] = [$(text($wire)),*];
    };
}

// In the order of the model, in which they are mostly met.
names! {
    GOODS_NAME = "goodsName",
    GOODS_CODE = "goodsCode",
    WITH_TAX = "withTaxFlag",
    PRICE = "price",
    NUM = "num",
    UNIT = "unit",
    SPEC = "specType",
    TAX = "tax",
    TAX_RATE = "taxRate",
    EXCLUDED = "taxExcludedAmount",
    INCLUDED = "taxIncludedAmount",
    PROPERTY = "invoiceLineProperty",
    POLICY = "favouredPolicyFlag",
    POLICY_NAME = "favouredPolicyName",
    DEDUCTION = "deduction",
    ZERO_RATE = "zeroRateFlag",
}

/// The places of the members that are kept as numbers: most of them are, and the others are hardly asked for.
pub(super) const FIRST_NUMBER: u8 = Place::PRICE as u8;
pub(super) const NUMBERS: usize = (Place::INCLUDED as u8 - FIRST_NUMBER) as usize + 1;
