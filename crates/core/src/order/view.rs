//! An order as the rules look at it: texts by name, each with its path.

use std::rc::Rc;

use crate::decimal::Decimal;
use crate::json::{Flat, Value};

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
    /// The order that is `value`, which `path` leads to.
    pub(crate) fn new(path: &str, value: Value<'a>, older: bool) -> Self {
        let head = Part::new(path, value);
        Self { lines: head.rows("invoiceDetail"), head, older }
    }

    /// The order that a text holds, not one of the older product.
    pub(crate) fn of(flat: &'a Flat<'a>) -> Self {
        Self::new("order", flat.whole(), false)
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
    members: Members<'a>,
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
        Self { members: Members::of(value), base: base.clone(), index }
    }

    /// The object itself.
    pub(crate) fn value(&self) -> Value<'a> {
        self.members.value
    }

    /// The text of a member, or of a number; empty if it is not there.
    pub(crate) fn text(&self, name: &str) -> &'a str {
        self.members.get(name).and_then(Value::token).unwrap_or_default()
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    /// A member as a number, if it is one.
    pub(crate) fn number(&self, name: &str) -> Option<Decimal> {
        self.text(name).parse().ok()
    }

    /// Whether a member is true, and not a text that says so.
    pub(crate) fn is_true(&self, name: &str) -> bool {
        self.members.get(name).is_some_and(Value::is_true)
    }

    pub(crate) fn path(&self) -> String {
        match self.index {
            None => self.base.to_string(),
            Some(at) => format!("{}[{at}]", self.base),
        }
    }

    pub(crate) fn at(&self, name: &str) -> String {
        match self.path() {
            path if path.is_empty() => name.to_owned(),
            path => format!("{path}.{name}"),
        }
    }

    /// A member that is an object with something in it.
    pub(crate) fn part(&self, name: &str) -> Option<Part<'a>> {
        let value = self.members.get(name).filter(|value| value.is_object())?;
        value.parts().next().map(|_| Part::new(&self.at(name), value))
    }

    /// The objects of a list.
    pub(crate) fn rows(&self, name: &str) -> Vec<Part<'a>> {
        let Some(rows) = self.members.get(name) else { return Vec::new() };
        let base = Rc::from(self.at(name));
        // One object may stand in place of a list of one.
        if rows.is_object() {
            return vec![Part::at_index(&base, Some(0), rows)];
        }
        (0..).zip(rows.parts()).map(|(at, (_, value))| Part::at_index(&base, Some(at), value)).collect()
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

/// The members of one object by name: hardly any rule looks at a name that is there, and most are not.
struct Members<'a> {
    value: Value<'a>,
    /// For each sum of a name, one more than the number of the first member that may have it.
    places: [u8; PLACES],
    count: u8,
}

const PLACES: usize = 64;
/// More members than this are looked through one by one.
const MOST_PLACED: usize = 48;

impl<'a> Members<'a> {
    fn of(value: Value<'a>) -> Self {
        let mut members = Self { value, places: [0; PLACES], count: 0 };
        if !value.is_object() {
            return members;
        }
        for (at, (name, _)) in value.parts().enumerate() {
            if at >= MOST_PLACED {
                members.count = u8::MAX;
                break;
            }
            members.count += 1;
            let mut place = sum(name);
            while members.places[place] != 0 {
                place = (place + 1) % PLACES;
            }
            members.places[place] = members.count;
        }
        members
    }

    /// The member called `name`; the last one if the name is repeated.
    fn get(&self, name: &str) -> Option<Value<'a>> {
        if self.count == u8::MAX {
            return self.value.get(name);
        }
        let mut place = sum(name);
        let mut found = None;
        // Members with the same sum stand one behind the other, in their order.
        while self.places[place] != 0 {
            found = self.value.nth(usize::from(self.places[place]) - 1, name).or(found);
            place = (place + 1) % PLACES;
        }
        found
    }
}

/// A small number that is made of a name.
fn sum(name: &str) -> usize {
    let bytes = name.as_bytes();
    match (bytes.first(), bytes.get(bytes.len() / 2), bytes.last()) {
        (Some(first), Some(middle), Some(last)) => {
            let sum = usize::from(*first) + 3 * usize::from(*middle) + 7 * usize::from(*last) + 5 * bytes.len();
            sum % PLACES
        }
        _ => 0,
    }
}
