//! The invoice itself (开票订单): its amounts, the rules it must keep, splitting it, reversing it.
//!
//! An order is the object that issuing takes as its member `order`, given as [`Json`], as a generated struct or as any
//! other [`Source`]. Amounts are texts of yuan with two decimal places; nothing here is a float.
//!
//! ```
//! use nnopen::{Json, order};
//!
//! let draft = Json::parse(
//!     r#"{"orderNo": "A-1", "invoiceLine": "pc", "invoiceType": "1", "invoiceDetail": [
//!         {"goodsName": "咨询服务", "withTaxFlag": "1", "price": "88.88", "num": "1", "taxRate": "0.06"}]}"#,
//! )
//! .unwrap();
//! let filled = order::fill(&draft).unwrap();
//! let line = &filled.get("invoiceDetail").unwrap().items()[0];
//! assert_eq!(line.get("tax").unwrap().token(), Some("5.03"));
//! assert_eq!(order::totals(&filled).unwrap().tax_excluded.to_string(), "83.85");
//! ```

mod amounts;
mod names;
mod red;
pub(crate) mod rules;
mod split;
mod view;

use crate::error::Violation;
use crate::json::{Flat, Value};
use crate::model::{Method, Type};
use crate::source::Source;
use names::SELLER_NUMBER;
use view::Order;

pub use amounts::{Amounts, amounts, fill, totals};
pub use red::{RedReason, red};
pub use rules::Rule;
pub use split::split;

/// All that is wrong with an order, and all that someone should look at: the rules that hold between its members.
///
/// Paths begin with `order`, rules are called by their numbers (`R23`), and [`Violation::code`] tells what the platform
/// would answer. Lengths, types and what must be there are the model's part: [`Method::check`] tells both.
///
/// ```
/// use nnopen::{Json, order};
///
/// let order = Json::parse(r#"{"invoiceLine": "pc", "invoiceDetail": [{"goodsCode": "3040000000000000000",
///     "taxRate": "0.06", "taxExcludedAmount": "100.00", "tax": "6.00", "taxIncludedAmount": "106.01"}]}"#).unwrap();
/// let found = order::check(&order);
/// assert_eq!((found[0].path.as_str(), found[0].rule), ("order.invoiceDetail[0].taxIncludedAmount", "R2"));
/// assert_eq!(found[0].code, Some("E9130"));
/// ```
pub fn check(order: &dyn Source) -> Vec<Violation> {
    let found = crate::body::flat(order, "order").map(|flat| rules::check(&seen("order", flat.whole(), false)));
    found.unwrap_or_else(|error| error.violations().to_vec())
}

/// Every rule that [`check`] knows, by its number. See `docs/reference/rules.md` for those that are held elsewhere.
///
/// ```
/// let rule = nnopen::order::rules().iter().find(|rule| rule.number == 23).unwrap();
/// assert_eq!(rule.name, "R23");
/// assert_eq!(rule.code.unwrap(), "E9110");
/// ```
pub fn rules() -> &'static [Rule] {
    crate::api::rules::RULES
}

/// As [`check`], of an order that is the member `name` of a body, perhaps one of the older product; and R51: its seller is
/// the one that the request's header names, where it names one.
pub(crate) fn check_member(name: &str, body: &Flat, older: bool, seller: &str) -> Vec<Violation> {
    let Some(order) = body.whole().get(name).filter(|order| order.is_object()) else { return Vec::new() };
    let order = seen(name, order, older);
    let mut found = rules::check(&order);
    found.extend(other_seller(&order, seller));
    found
}

/// The order as the rules look at it: what is no line is the model's to tell.
fn seen<'a>(path: &str, order: Value<'a>, older: bool) -> Order<'a> {
    let mut order = Order::new(path, order, older);
    order.lines.retain(|line| line.value().is_object());
    order
}

fn other_seller(order: &Order<'_>, named: &str) -> Option<Violation> {
    let other = order.head.has(SELLER_NUMBER) && !named.is_empty() && order.text(SELLER_NUMBER) != named;
    other.then(|| Violation {
        code: Some("E9302"),
        ..amounts::fault(
            order.at(SELLER_NUMBER),
            "R51",
            "销方税号与会话的税号（请求头 userTax）不同",
            "is not the tax number of the session, which the header userTax names",
        )
    })
}

/// Whether a method is one of the older product, which has no digital invoices (数电).
pub(crate) fn older(method: &Method) -> bool {
    let order = method.params.fields.iter().find(|field| Some(field.name) == method.order);
    let Some(Type::Shape(shape)) = order.map(|field| field.kind) else { return false };
    let line = shape.fields.iter().find(|field| field.name == "invoiceLine");
    matches!(line.map(|field| field.kind), Some(Type::Code(codes)) if codes.get("pc").is_none())
}

#[cfg(test)]
mod tests;
