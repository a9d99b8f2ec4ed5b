//! An order as the rules look at it: texts by name, each with its path.

use std::cell::OnceCell;
use std::rc::Rc;

use super::names::{
    BUSINESS, Called, DEDUCTION, KIND, LINES, NAMES, Name, PLACES, POLICY, POLICY_NAME, PROPERTY, TYPE,
};
use crate::decimal::Decimal;
use crate::json::{Flat, Placed, Value};

/// One order and its lines.
pub(crate) struct Order<'a> {
    pub(crate) head: Part<'a>,
    pub(crate) lines: Vec<Part<'a>>,
    /// It is one of the older product, which has no digital invoices.
    pub(crate) older: bool,
    kind: &'a str,
    business: &'a str,
    digital: bool,
    red: bool,
    /// See [`Order::off`].
    off: OnceCell<Vec<Off<'a>>>,
}

/// A line whose tax is not what its amount and rate come to.
#[derive(Clone, Copy)]
pub(crate) struct Off<'a> {
    pub(crate) line: usize,
    pub(crate) excluded: Decimal,
    pub(crate) rate: &'a str,
    pub(crate) tax: Decimal,
    pub(crate) distance: Decimal,
}

impl<'a> Order<'a> {
    /// The order that is `value`, which `path` leads to.
    pub(crate) fn new(path: &str, value: Value<'a>, older: bool) -> Self {
        let head = Part::new(path, value);
        // Left out, it is the platform's default.
        let kind = Some(head.text(KIND)).filter(|kind| !kind.is_empty()).unwrap_or("p");
        let business = Some(head.text(BUSINESS)).filter(|business| !business.is_empty()).unwrap_or("0");
        let (digital, red) = (matches!(kind, "bs" | "pc" | "es" | "ec"), head.text(TYPE) == "2");
        Self { lines: head.rows(LINES), head, older, kind, business, digital, red, off: OnceCell::new() }
    }

    /// The order that a text holds, not one of the older product.
    pub(crate) fn of(flat: &'a Flat) -> Self {
        Self::new("order", flat.whole(), false)
    }

    /// The text of a member of the head; empty if it is not there.
    pub(crate) fn text(&self, name: Name) -> &'a str {
        self.head.text(name)
    }

    /// The path of a member of the head.
    pub(crate) fn at(&self, name: Name) -> String {
        self.head.at(name)
    }

    /// The kind of invoice (发票种类).
    pub(crate) fn kind(&self) -> &'a str {
        self.kind
    }

    /// Whether it is a digital invoice (数电).
    pub(crate) fn is_digital(&self) -> bool {
        self.digital
    }

    /// Whether it is a red invoice (红票).
    pub(crate) fn is_red(&self) -> bool {
        self.red
    }

    /// The specific business (特定业务); `0` if there is none.
    pub(crate) fn business(&self) -> &'a str {
        self.business
    }

    /// The lines whose tax is off, worked out once by what is given.
    pub(crate) fn off(&self, work_out: impl FnOnce() -> Vec<Off<'a>>) -> &[Off<'a>] {
        self.off.get_or_init(work_out)
    }

    /// The lines that are no discount lines.
    pub(crate) fn goods(&self) -> impl Iterator<Item = &Part<'a>> {
        self.lines.iter().filter(|line| line.property() != "1")
    }
}

/// An object within an order, the order itself included, and the path to it.
pub(crate) struct Part<'a> {
    value: Placed<'a, PLACES>,
    /// What a line is; see [`Part::property`].
    property: &'a str,
    /// The path, of a line that of its list.
    base: Rc<str>,
    /// Which line it is.
    index: Option<u32>,
}

impl<'a> Part<'a> {
    pub(crate) fn new(path: &str, value: Value<'a>) -> Self {
        Self::at_index(&Rc::from(path), None, value)
    }

    fn at_index(base: &Rc<str>, index: Option<u32>, value: Value<'a>) -> Self {
        let mut part = Self { value: value.placed(&NAMES), property: "0", base: base.clone(), index };
        part.property = Some(part.text(PROPERTY)).filter(|text| !text.is_empty()).unwrap_or("0");
        part
    }

    /// The object itself.
    pub(crate) fn value(&self) -> Value<'a> {
        self.value.value()
    }

    #[inline]
    fn get(&self, name: impl Called) -> Option<Value<'a>> {
        match name.name() {
            Some(name) => self.value.get(name as usize, name.text()),
            None => self.value().get(name.wire()),
        }
    }

    /// The text of a member, or of a number; empty if it is not there.
    // Asked for in a hundred places: it is compiled once, with all that it takes.
    #[inline(never)]
    pub(crate) fn text(&self, name: impl Called) -> &'a str {
        self.get(name).and_then(Value::token).unwrap_or_default()
    }

    /// Whether a member has a text that is not empty, or is a number.
    pub(crate) fn has(&self, name: impl Called) -> bool {
        self.get(name).is_some_and(Value::has_token)
    }

    /// A member as a number, if it is one.
    #[inline(never)]
    pub(crate) fn number(&self, name: impl Called) -> Option<Decimal> {
        self.get(name).and_then(Value::number)
    }

    /// Whether a member is true, and not a text that says so.
    pub(crate) fn is_true(&self, name: &str) -> bool {
        self.get(name).is_some_and(Value::is_true)
    }

    pub(crate) fn path(&self) -> String {
        match self.index {
            None => String::from(&*self.base),
            Some(at) => format!("{}[{at}]", self.base),
        }
    }

    pub(crate) fn at(&self, name: impl Called) -> String {
        match self.path() {
            path if path.is_empty() => name.wire().to_owned(),
            path => [&path, ".", name.wire()].concat(),
        }
    }

    /// A member that is an object with something in it.
    pub(crate) fn part(&self, name: Name) -> Option<Part<'a>> {
        let value = self.get(name).filter(|value| value.is_object())?;
        value.items().next().map(|_| Part::new(&self.at(name), value))
    }

    /// The objects of a list.
    pub(crate) fn rows(&self, name: impl Called) -> Vec<Part<'a>> {
        let Some(rows) = self.get(name) else { return Vec::new() };
        let base = Rc::from(self.at(name));
        // One object may stand in place of a list of one.
        if rows.is_object() {
            return vec![Part::at_index(&base, Some(0), rows)];
        }
        // They are large: room for just as many.
        let mut parts = Vec::with_capacity(rows.items().count());
        parts.extend((0..).zip(rows.items()).map(|(at, value)| Part::at_index(&base, Some(at), value)));
        parts
    }

    /// Whether [`Part::rows`] has any.
    pub(crate) fn has_rows(&self, name: Name) -> bool {
        self.get(name).is_some_and(|rows| rows.is_object() || rows.items().next().is_some())
    }

    /// What a line is (发票行性质): `0` normal, `1` discount, `2` discounted.
    pub(crate) fn property(&self) -> &'a str {
        self.property
    }

    /// The deduction of difference taxation (扣除额) as it is written; nothing if it says that there is none.
    pub(crate) fn deduction(&self) -> Option<&'a str> {
        match self.text(DEDUCTION) {
            "" | "0" => None,
            text => Some(text),
        }
    }

    /// Whether the levy of 5 % is reduced to 1.5 % (按5%简易征收减按1.5%计征).
    pub(crate) fn is_reduced_levy(&self) -> bool {
        self.text(POLICY) == "10" || self.text(POLICY_NAME).contains("减按1.5%")
    }
}
