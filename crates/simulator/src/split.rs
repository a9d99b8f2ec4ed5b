//! Cuts an order into several invoices: pairs stay together, sums stay exact.

use crate::decimal::Decimal;
use crate::lines::{Line, LineRole, totals};
use std::cmp::Ordering;

/// The platform makes no more than ten invoices of one order.
pub(crate) const MOST: usize = 10;

/// The invoices of an order whose single-invoice limit is `limit`; `None` if there would be more than [`MOST`].
pub(crate) fn by_limit(lines: &[Line], limit: Decimal) -> Option<Vec<Vec<Line>>> {
    let [total, ..] = totals(lines);
    if total.abs().order(limit) != Ordering::Greater {
        return Some(vec![lines.to_vec()]);
    }
    let mut parts: Vec<Vec<Line>> = Vec::new();
    for group in groups(lines) {
        let [amount, ..] = totals(group);
        let pieces = usize::try_from(amount.abs().times(limit)?).ok()?.max(1);
        if pieces > MOST {
            return None;
        }
        for piece in cut(group, pieces)? {
            let [more, ..] = totals(&piece);
            let fits = |part: &&mut Vec<Line>| {
                let [have, ..] = totals(part);
                have.add(more).is_some_and(|sum| sum.abs().order(limit) != Ordering::Greater)
            };
            match parts.last_mut().filter(fits) {
                Some(part) => part.extend(piece),
                None => parts.push(piece),
            }
        }
    }
    (parts.len() <= MOST).then_some(parts)
}

/// Exactly `count` invoices (1 to [`MOST`]); `None` beyond.
pub(crate) fn into(lines: &[Line], count: usize) -> Option<Vec<Vec<Line>>> {
    if count == 0 || count > MOST {
        return None;
    }
    let groups = groups(lines);
    if groups.len() < count {
        return cut(lines, count);
    }
    let bounds = (0..count).map(|part| (part * groups.len() / count, (part + 1) * groups.len() / count));
    Some(bounds.map(|(from, to)| groups[from..to].concat()).collect())
}

/// Single lines, and discounted lines with their discounts.
fn groups(lines: &[Line]) -> Vec<&[Line]> {
    let mut groups = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let size = if lines[at].role == LineRole::Discounted && at + 1 < lines.len() { 2 } else { 1 };
        groups.push(&lines[at..at + size]);
        at += size;
    }
    groups
}

/// The same lines `count` times, each with its share of the amounts. Shares are the steps of the rounded running total,
/// so they add up exactly and no two differ by more than a cent.
fn cut(lines: &[Line], count: usize) -> Option<Vec<Vec<Line>>> {
    if count == 1 {
        return Some(vec![lines.to_vec()]);
    }
    let parts = Decimal::from_int(u32::try_from(count).ok()?);
    let piece = |at: usize| {
        let share = |value: Decimal, places: u32| {
            let upto = |at: usize| value.mul(Decimal::from_int(u32::try_from(at).ok()?))?.div(parts, places);
            upto(at + 1)?.sub(upto(at)?)
        };
        let line = |line: &Line| {
            let (excluded, tax) = (share(line.excluded, 2)?, share(line.tax, 2)?);
            let num = match line.num {
                Some(num) => Some(share(num, 8)?),
                None => None,
            };
            Some(Line { num, excluded, tax, included: excluded.add(tax)?, ..line.clone() })
        };
        lines.iter().map(line).collect::<Option<Vec<_>>>()
    };
    (0..count).map(piece).collect()
}
