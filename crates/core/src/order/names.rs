//! The names that rules ask for, each with a place of its own, so that looking one up is no search.

use crate::text::{Text, text};

/// What a member is asked for by: a [`Name`], which has a place, or any other text.
pub(crate) trait Called: Copy {
    fn wire(&self) -> &str;

    fn name(self) -> Option<Name>;
}

impl Name {
    /// As it is written in the order.
    pub(crate) fn wire(self) -> &'static str {
        self.text().as_str()
    }

    /// The same as a text of the tables.
    pub(super) fn text(self) -> Text {
        NAMES[self as usize]
    }
}

impl Called for Name {
    fn wire(&self) -> &str {
        (*self).wire()
    }

    fn name(self) -> Option<Name> {
        Some(self)
    }
}

impl Called for &str {
    fn wire(&self) -> &str {
        self
    }

    fn name(self) -> Option<Name> {
        None
    }
}

macro_rules! names {
    ($($name:ident = $wire:literal,)*) => {
        /// The name of a member of an order or of one of its lines.
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "they are called as constants are")]
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub(crate) enum Name { $($name),* }

        $(pub(crate) use Name::$name;)*

        /// The names, each at its place.
        pub(super) const NAMES: [Text; PLACES] = [$(text($wire)),*];

        /// How many there are.
        pub(super) const PLACES: usize = [$($wire),*].len();
    };
}

// Of a line, then of the order: in the order of the model, in which they are mostly met.
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

    BUYER_NAME = "buyerName",
    BUYER_NUMBER = "buyerTaxNum",
    BUYER_TEL = "buyerTel",
    BUYER_ADDRESS = "buyerAddress",
    BUYER_ACCOUNT = "buyerAccount",
    SELLER_NUMBER = "salerTaxNum",
    SHOWN_ACCOUNT = "showBankAccountType",
    ORDER_NO = "orderNo",
    BLUE_CODE = "invoiceCode",
    BLUE_NUMBER = "invoiceNum",
    RED_TABLE = "billInfoNo",
    REMARK = "remark",
    LIST_FLAG = "listFlag",
    PUSH_MODE = "pushMode",
    PHONE = "buyerPhone",
    EMAIL = "email",
    CC_PHONE = "ccPhone",
    CC_EMAIL = "ccEmail",
    TYPE = "invoiceType",
    KIND = "invoiceLine",
    PAPER = "paperInvoiceType",
    BUSINESS = "specificFactor",
    PROXY = "proxyInvoiceFlag",
    DIFFERENCE = "invoiceDifferenceType",
    CALL_BACK = "callBackUrl",
    EXTENSION = "extensionNumber",
    SURVEY = "surveyAnswerType",
    PERSON = "naturalPersonFlag",
    PERSON_VERIFY = "naturalPersonVerifyFlag",
    LINES = "invoiceDetail",
    VEHICLE = "vehicleInfo",
    USED_CAR = "secondHandCarInfo",
    BUILDING = "invoiceBuildingInfo",
    TRANSPORTS = "invoiceGoodsTransports",
    TRAVELLERS = "invoiceTravellerTransportInfoList",
    RENT = "realPropertyRentInfo",
    SALE = "realPropertySellInfo",
    VOUCHERS = "differenceVoucherInfoList",
    ELEMENT_NAME = "additionalElementName",
    ELEMENTS = "additionalElementList",
}
