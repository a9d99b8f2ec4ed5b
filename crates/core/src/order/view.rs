//! An order as the rules look at it: texts by name, each with its path.

use crate::decimal::Decimal;
use crate::json::Json;

/// The kinds of digital invoices (数电).
const DIGITAL: [&str; 4] = ["bs", "pc", "es", "ec"];

/// One order and its lines.
pub(crate) struct Order<'a> {
    pub(crate) head: Part<'a>,
    pub(crate) lines: Vec<Part<'a>>,
    /// It is one of the older product, which has no digital invoices.
    pub(crate) older: bool,
}

impl<'a> Order<'a> {
    pub(crate) fn new(path: &str, json: &'a Json, older: bool) -> Self {
        let head = Part { path: path.to_owned(), json };
        Self { lines: head.rows("invoiceDetail"), head, older }
    }

    /// The text of a member of the head; empty if it is not there.
    pub(crate) fn text(&self, name: &str) -> &'a str {
        self.head.text(name)
    }

    /// The path of a member of the head.
    pub(crate) fn at(&self, name: &str) -> String {
        self.head.at(name)
    }

    /// The kind of invoice (发票种类); left out, it is the platform's default.
    pub(crate) fn kind(&self) -> &'a str {
        match self.text("invoiceLine") {
            "" => "p",
            kind => kind,
        }
    }

    pub(crate) fn is_kind(&self, kinds: &[&str]) -> bool {
        kinds.contains(&self.kind())
    }

    /// Whether it is a digital invoice (数电).
    pub(crate) fn is_digital(&self) -> bool {
        self.is_kind(&DIGITAL)
    }

    /// Whether it is a red invoice (红票).
    pub(crate) fn is_red(&self) -> bool {
        self.text("invoiceType") == "2"
    }

    /// The specific business (特定业务); `0` if there is none.
    pub(crate) fn business(&self) -> &'a str {
        match self.text("specificFactor") {
            "" => "0",
            business => business,
        }
    }

    /// The lines that are no discount lines.
    pub(crate) fn goods(&self) -> impl Iterator<Item = &Part<'a>> {
        self.lines.iter().filter(|line| line.property() != "1")
    }
}

/// An object within an order, the order itself included, and the path to it.
pub(crate) struct Part<'a> {
    pub(crate) path: String,
    pub(crate) json: &'a Json,
}

impl<'a> Part<'a> {
    /// The text of a member, or of a number; empty if it is not there.
    pub(crate) fn text(&self, name: &str) -> &'a str {
        self.json.get(name).and_then(Json::token).unwrap_or_default()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    /// A member as a number, if it is one.
    pub(crate) fn number(&self, name: &str) -> Option<Decimal> {
        self.text(name).parse().ok()
    }

    pub(crate) fn at(&self, name: &str) -> String {
        match self.path.as_str() {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        }
    }

    /// A member that is an object with something in it.
    pub(crate) fn part(&self, name: &str) -> Option<Part<'a>> {
        let json = self.json.get(name)?;
        (!json.members().is_empty()).then(|| Part { path: self.at(name), json })
    }

    /// The objects of a list.
    pub(crate) fn rows(&self, name: &str) -> Vec<Part<'a>> {
        // One object may stand in place of a list of one.
        let items = match self.json.get(name) {
            Some(one @ Json::Object(_)) => std::slice::from_ref(one),
            json => json.map(Json::items).unwrap_or_default(),
        };
        let row = |(at, json)| Part { path: format!("{}[{at}]", self.at(name)), json };
        items.iter().enumerate().map(row).collect()
    }

    /// What a line is (发票行性质): `0` normal, `1` discount, `2` discounted.
    pub(crate) fn property(&self) -> &'a str {
        match self.text("invoiceLineProperty") {
            "" => "0",
            property => property,
        }
    }

    /// The deduction of difference taxation (扣除额) as it is written; nothing if it says that there is none.
    pub(crate) fn deduction(&self) -> Option<&'a str> {
        match self.text("deduction") {
            "" | "0" => None,
            text => Some(text),
        }
    }

    /// Whether the levy of 5 % is reduced to 1.5 % (按5%简易征收减按1.5%计征).
    pub(crate) fn is_reduced_levy(&self) -> bool {
        self.text("favouredPolicyFlag") == "10" || self.text("favouredPolicyName").contains("减按1.5%")
    }
}
