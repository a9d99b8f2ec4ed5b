//! Orders: what their lines come to, splitting, red orders. Params are shown by a walker, results are JSON text.

use nnopen::order::{self, RedReason};
use nnopen::{Decimal, Json, Source};

use crate::failure::{Failure, guard};

/// A line's amounts without tax, its tax, and with tax.
pub fn amounts(line: &dyn Source) -> Result<[String; 3], Failure> {
    guard(|| Ok(texts(order::amounts(line)?)))
}

/// The amounts of all lines of an order together.
pub fn totals(order: &dyn Source) -> Result<[String; 3], Failure> {
    guard(|| Ok(texts(order::totals(order)?)))
}

/// The order with the amounts that its lines lack, as JSON text.
pub fn fill(order: &dyn Source) -> Result<String, Failure> {
    guard(|| Ok(order::fill(order)?.to_string()))
}

/// Orders whose amounts without tax are at most `limit`, as a JSON list.
pub fn split(order: &dyn Source, limit: &str) -> Result<String, Failure> {
    guard(|| {
        let limit: Decimal =
            limit.parse().map_err(|_| Failure::usage(format!("the limit is a plain decimal number, not {limit}")))?;
        Ok(Json::List(order::split(order, limit)?).to_string())
    })
}

/// The order that takes back `blue`, as JSON text; `reason` is a code of `redReason`.
pub fn red(blue: &dyn Source, order_no: &str, invoice_date: &str, reason: &str) -> Result<String, Failure> {
    guard(|| {
        let known = RedReason::from_code(reason);
        let reason = known.ok_or_else(|| Failure::usage(format!("{reason} is no code of redReason")))?;
        Ok(order::red(blue, order_no, invoice_date, reason)?.to_string())
    })
}

fn texts(amounts: order::Amounts) -> [String; 3] {
    [amounts.tax_excluded, amounts.tax, amounts.tax_included].map(|amount| amount.to_string())
}
