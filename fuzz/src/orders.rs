//! What a caller gives: params, orders.

use nnopen::order::{self, Amounts, RedReason};
use nnopen::{Decimal, Json, Method, Violation};
use nnopen_ffi::Params;

use crate::{ISSUE, split};

/// A method's name, then params as JSON text: checked, and what passes is JSON in the model's order.
pub(crate) fn params(data: &[u8]) {
    let Some((name, text)) = split(data) else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let method = Method::find(name).or_else(|| Method::find(ISSUE)).expect("it has a file");
    let Ok(params) = Json::parse_params(text) else { return };
    let refused = method.check(&params).iter().any(Violation::is_error);
    match method.body(&params) {
        Ok(body) => {
            assert!(!refused);
            let again = Json::parse(&body).expect("a body is JSON");
            assert_eq!(method.body(&again).ok().as_deref(), Some(body.as_str()), "a body stays as it is");
            let flat = Params::read(text).expect("it was read as a tree");
            assert_eq!(method.body(&flat).ok().as_ref(), Some(&body), "what stands in the text is what the tree holds");
            if let Ok(floats) = method.body(&Params::floats(text).expect("it was read")) {
                assert_eq!(floats, body, "floats are taken as they are or refused");
            }
        }
        Err(_) => assert!(refused),
    }
}

/// A limit, then an order as JSON text: its rules, amounts, parts, red order.
pub(crate) fn order(data: &[u8]) {
    let Some((limit, text)) = split(data) else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let Ok(order) = Json::parse(text) else { return };
    let _ = order::check(&order);
    for line in order.get("invoiceDetail").map(Json::items).unwrap_or_default() {
        if let Ok(Amounts { tax_excluded, tax, tax_included }) = order::amounts(line) {
            assert_eq!(tax_excluded.checked_add(tax), Some(tax_included), "a line that does not add up");
        }
    }
    if let Ok(red) = order::red(&order, "A-1-R", "2026-09-22 10:00:00", RedReason::SalesReturn) {
        let totals = order::totals(&red).expect("a red order's amounts");
        assert!(totals.tax_included.signum() <= 0, "a red order that is not negative");
    }
    let Ok(filled) = order::fill(&order) else { return };
    let totals = order::totals(&order);
    assert_eq!(order::fill(&filled).as_ref(), Ok(&filled), "what is filled stays as it is");
    assert_eq!(order::totals(&filled), totals, "filling changes no amount");
    let (Ok(limit), Ok(totals)) = (limit.parse::<Decimal>(), totals) else { return };
    let Ok(parts) = order::split(&order, limit) else { return };
    let mut sum: Option<Amounts> = None;
    for part in &parts {
        let of_part = order::totals(part).expect("a part's amounts");
        assert!(parts.len() == 1 || of_part.tax_excluded <= limit, "a part above the limit");
        sum = Some(sum.map_or(of_part, |sum| sum.checked_add(of_part).expect("as much as the whole")));
    }
    assert_eq!(sum, Some(totals), "parts that do not add up");
}
