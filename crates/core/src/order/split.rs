//! Splitting an order (拆单) whose amount is above what one invoice may hold.

use super::amounts::{self, Amounts, ONE, fault};
use super::names::{
    DEDUCTION, DIFFERENCE, EXCLUDED, INCLUDED, KIND, LINES, NUM, ORDER_NO, PRICE, PROPERTY, TAX, TYPE, WITH_TAX,
};
use super::view::{Order, Part};
use crate::decimal::Decimal;
use crate::error::{Error, Violation};
use crate::json::Json;
use crate::source::Source;

/// Parts of an order that each stay at or under `limit`, an amount without tax in yuan (单张开票限额); the order itself
/// if it does.
///
/// A discounted line and its discount line stay together. What fits is kept whole and in its order; a line (or pair)
/// above the limit is cut by amount, by whole pieces of goods where that takes no more parts. Over all parts amounts,
/// taxes and quantities add up exactly to those of the order. No two parts would fit into one.
///
/// The order number (`orderNo`) of part 2 of `A-1` is `A-1-2`: the same order gives the same parts and numbers, so that
/// a part can be sent again. All other members of the order go into every part. Missing amounts are filled in first.
///
/// ```
/// use nnopen::{Json, order};
///
/// let order = Json::parse(
///     r#"{"orderNo": "A-1", "invoiceLine": "pc", "invoiceType": "1", "invoiceDetail": [
///         {"goodsName": "服务器", "withTaxFlag": "0", "price": "60000", "num": "3", "taxRate": "0.13"}]}"#,
/// )
/// .unwrap();
/// let parts = order::split(&order, "100000".parse().unwrap()).unwrap();
/// let numbers: Vec<_> = parts.iter().map(|part| part.get("orderNo").unwrap().token().unwrap()).collect();
/// assert_eq!(numbers, ["A-1-1", "A-1-2"]);
/// assert_eq!(order::totals(&parts[0]).unwrap().tax_excluded.to_string(), "100000.00");
/// ```
///
/// # Errors
/// `input`: a limit below 0.01; amounts that can't be worked out (see [`fill`](super::fill)); above the limit, a red
/// order, a vehicle's, or one with difference taxation; a torn discount pair (R23, R26) or a negative line (R29); no
/// order number, or one that would become longer than 64 characters; more than 2000 parts.
pub fn split(order: &dyn Source, limit: Decimal) -> Result<Vec<Json>, Error> {
    let filled = amounts::fill(order)?;
    let whole = amounts::totals(&filled)?;
    let cents = whole_down(limit, Decimal::new(1, 2)).and_then(|cents| cents.checked_mul(Decimal::new(1, 2)));
    let limit = cents.filter(|limit| limit.signum() > 0);
    let limit =
        limit.ok_or_else(|| crate::body::fault("limit", "R36", "限额至少为 0.01", "the limit is at least 0.01"))?;
    if whole.tax_excluded <= limit {
        return Ok(vec![filled]);
    }
    let flat = crate::body::flat(&filled, "order")?;
    let view = Order::of(&flat);
    divisible(&view).map_err(|fault| Error::input(vec![fault]))?;
    let mut parts: Vec<Filling> = Vec::new();
    for unit in units(&view).map_err(|fault| Error::input(vec![fault]))? {
        for piece in unit.pieces(limit).ok_or_else(amounts::too_long)? {
            let room = parts.iter_mut().find_map(|part| {
                let sum = part.sum.checked_add(piece.sum)?;
                (sum <= limit).then_some((part, sum))
            });
            match room {
                Some((part, sum)) => {
                    part.sum = sum;
                    part.lines.extend(piece.lines);
                }
                None => parts.push(piece),
            }
            if parts.len() > MOST_PARTS {
                let (zh, en) =
                    ("限额过小，会拆成 2000 张以上", "the limit is so small that there would be more than 2000 parts");
                return Err(crate::body::fault("limit", "R36", zh, en));
            }
        }
    }
    numbered(&view, parts)
}

/// What goes into one part, and its amount without tax.
struct Filling {
    sum: Decimal,
    lines: Vec<Json>,
}

/// A line, or a pair that stays together.
struct Unit<'b, 'a> {
    lines: Vec<(&'b Part<'a>, Amounts)>,
    sum: Decimal,
}

impl Unit<'_, '_> {
    /// The unit, in as many pieces as the limit needs.
    fn pieces(&self, limit: Decimal) -> Option<Vec<Filling>> {
        if self.sum <= limit {
            let lines = self.lines.iter().map(|(line, _)| line.value().to_json()).collect();
            return Some(vec![Filling { sum: self.sum, lines }]);
        }
        let count = whole_up(self.sum, limit)?;
        if count > i128::try_from(MOST_PARTS).ok()? {
            return Some((0..=MOST_PARTS).map(|_| Filling { sum: limit, lines: Vec::new() }).collect());
        }
        let cuts = self.cuts_by_goods(limit, count).or_else(|| self.cuts_by_amount(limit, count))?;
        let mut pieces = Vec::new();
        let mut before: Vec<Cut> = vec![Cut::default(); self.lines.len()];
        for cut in cuts {
            let mut piece = Filling { sum: Decimal::new(0, 2), lines: Vec::new() };
            for (((line, _), cut), before) in self.lines.iter().zip(&cut).zip(&before) {
                let part = cut.since(before)?;
                piece.sum = piece.sum.checked_add(part.amounts.tax_excluded)?;
                piece.lines.push(part.line(line));
            }
            pieces.push(piece);
            before = cut;
        }
        Some(pieces)
    }

    /// Cuts a single line of whole pieces of goods between them, if that takes no more parts.
    fn cuts_by_goods(&self, limit: Decimal, count: i128) -> Option<Vec<Vec<Cut>>> {
        let [(line, amounts)] = self.lines.as_slice() else { return None };
        let num = line.number(NUM).filter(|num| num.signum() > 0 && num.shortest().scale() == 0)?;
        // As many as surely fit: the limit, less a cent for rounding, over what one costs.
        let fitting = whole_down(limit.checked_sub(Decimal::new(1, 2))?.checked_mul(num)?, amounts.tax_excluded)?;
        if fitting.signum() <= 0 || whole_up(num, fitting)? != count {
            return None;
        }
        let with_tax = line.text(WITH_TAX) == "1";
        let mut cuts = Vec::new();
        for at in 1..=count {
            let upto = Decimal::new(at, 0).checked_mul(fitting)?.min(num);
            let share = |amount: Decimal| amount.checked_mul(upto)?.checked_div(num, 2);
            let tax = share(amounts.tax)?;
            let amounts = if with_tax {
                let included = share(amounts.tax_included)?;
                Amounts { tax_excluded: included.checked_sub(tax)?, tax, tax_included: included }
            } else {
                let excluded = share(amounts.tax_excluded)?;
                Amounts { tax_excluded: excluded, tax, tax_included: excluded.checked_add(tax)? }
            };
            cuts.push(vec![Cut { amounts, num: Some(upto.shortest()) }]);
        }
        Some(cuts)
    }

    /// Cuts after the same amount each time; after whole yuan if that takes no more parts, as their tax is exact.
    fn cuts_by_amount(&self, limit: Decimal, count: i128) -> Option<Vec<Vec<Cut>>> {
        let yuan = whole_down(limit, ONE)?;
        let full = Decimal::new(count - 1, 0);
        let last = self.sum.checked_sub(yuan.checked_mul(full)?)?;
        let step = if last <= limit && yuan.signum() > 0 { yuan } else { limit };
        let mut cuts = Vec::new();
        for at in 1..=count {
            let upto = Decimal::new(at, 0).checked_mul(step)?.rescale(2)?;
            let upto = if at == count { self.sum } else { upto };
            let mut rest = upto;
            let mut cut = Vec::new();
            for (line, amounts) in self.lines.iter().rev() {
                // The discount takes its share; its line takes what is left.
                let excluded = match line.property() {
                    "1" => amounts.tax_excluded.checked_mul(upto)?.checked_div(self.sum, 2)?,
                    _ => rest,
                };
                rest = rest.checked_sub(excluded)?;
                cut.push(Cut::upto(line, *amounts, excluded)?);
            }
            cut.reverse();
            cuts.push(cut);
        }
        Some(cuts)
    }
}

/// What a line has come to at a cut, counted from its beginning.
#[derive(Clone, Copy, Default)]
struct Cut {
    amounts: Amounts,
    /// The quantity; nothing if the line has none, or one that no longer fits its price.
    num: Option<Decimal>,
}

impl Cut {
    /// Where `excluded` of a line's amount without tax is reached: tax and quantity have their shares.
    fn upto(line: &Part<'_>, whole: Amounts, excluded: Decimal) -> Option<Self> {
        let tax = match whole.tax_excluded.is_zero() {
            // Nothing to share it by: all of it comes first.
            true => whole.tax,
            false => whole.tax.checked_mul(excluded)?.checked_div(whole.tax_excluded, 2)?,
        };
        let amounts = Amounts { tax_excluded: excluded, tax, tax_included: excluded.checked_add(tax)? };
        let (part, all) = match line.text(WITH_TAX) {
            "1" => (amounts.tax_included, whole.tax_included),
            _ => (amounts.tax_excluded, whole.tax_excluded),
        };
        // Eight places of a quantity are worth less than a cent up to this price.
        let priced = line.number(PRICE).filter(|price| price.abs() <= Decimal::new(500_000, 0));
        let num = priced.and(line.number(NUM)).filter(|_| !all.is_zero());
        let num = match (num, part == all) {
            (Some(num), true) => Some(num),
            (Some(num), false) => Some(num.shortest().checked_mul(part)?.checked_div(all, 8)?),
            (None, _) => None,
        };
        Some(Self { amounts, num })
    }

    fn since(&self, before: &Self) -> Option<Self> {
        let less = |a: Decimal, b: Decimal| a.checked_sub(b);
        let amounts = Amounts {
            tax_excluded: less(self.amounts.tax_excluded, before.amounts.tax_excluded)?,
            tax: less(self.amounts.tax, before.amounts.tax)?,
            tax_included: less(self.amounts.tax_included, before.amounts.tax_included)?,
        };
        let num = match self.num {
            Some(num) => Some(less(num, before.num.unwrap_or_default())?.shortest()),
            None => None,
        };
        Some(Self { amounts, num })
    }

    /// The line with these amounts and this quantity; without either price or quantity, amounts alone are sent.
    fn line(&self, line: &Part<'_>) -> Json {
        let Json::Object(mut members) = line.value().to_json() else { return line.value().to_json() };
        if self.num.is_none() {
            members.retain(|(name, _)| name != PRICE.wire() && name != NUM.wire());
        }
        for (name, value) in &mut members {
            let num = self.num.map(|num| (NUM.wire(), num));
            let ours = self.amounts.named().into_iter().chain(num).find(|(ours, _)| ours == name);
            if let Some((_, ours)) = ours {
                *value = Json::Text(ours.to_string());
            }
        }
        Json::Object(members)
    }
}

/// Lines and pairs in their order.
fn units<'b, 'a>(order: &'b Order<'a>) -> Result<Vec<Unit<'b, 'a>>, Violation> {
    let mut units: Vec<Unit<'b, 'a>> = Vec::new();
    let mut open = false;
    for line in &order.lines {
        let torn = |rule, zh, en| Err(fault(line.at(PROPERTY), rule, zh, en));
        match (line.property(), open) {
            ("1", false) => {
                return torn("R26", "折扣行之前没有被折扣行", "a discount line without its discounted line");
            }
            ("0" | "2", true) => return torn("R23", "被折扣行之后没有折扣行", "stands where a discount line must be"),
            _ => {}
        }
        open = line.property() == "2";
        let [excluded, tax, included] = [EXCLUDED, TAX, INCLUDED].map(|name| line.number(name).unwrap_or_default());
        let amounts = Amounts { tax_excluded: excluded, tax, tax_included: included };
        match units.last_mut().filter(|_| line.property() == "1") {
            Some(unit) => {
                unit.sum = unit.sum.checked_add(excluded).unwrap_or_default();
                unit.lines.push((line, amounts));
            }
            None => units.push(Unit { lines: vec![(line, amounts)], sum: excluded }),
        }
        if units.last().is_some_and(|unit| unit.sum.is_negative()) {
            return Err(fault(line.at(EXCLUDED), "R29", "金额为负，不能拆分", "a negative amount can't be split"));
        }
    }
    match order.lines.last().filter(|_| open) {
        Some(line) => {
            Err(fault(line.at(PROPERTY), "R26", "最后一行缺少折扣行", "the last line lacks its discount line"))
        }
        None => Ok(units),
    }
}

/// Not what can't be taken apart.
fn divisible(order: &Order<'_>) -> Result<(), Violation> {
    let refuse = |path, zh, en| Err(fault(path, "R36", zh, en));
    if order.is_red() {
        return refuse(order.at(TYPE), "红票不能拆分", "a red order is not split");
    }
    if matches!(order.kind(), "j" | "u") {
        return refuse(order.at(KIND), "机动车、二手车票只有一行，不能拆分", "a vehicle's invoice is not split");
    }
    if order.text(DIFFERENCE) == "02" {
        return refuse(order.at(DIFFERENCE), "差额征税的订单不能拆分", "difference taxation is not split");
    }
    match order.lines.iter().find(|line| line.number(DEDUCTION).is_some_and(|number| !number.is_zero())) {
        Some(line) => refuse(line.at(DEDUCTION), "差额征税的订单不能拆分", "difference taxation is not split"),
        None => Ok(()),
    }
}

/// The parts as orders, each with its number.
fn numbered(order: &Order<'_>, parts: Vec<Filling>) -> Result<Vec<Json>, Error> {
    let number = order.text(ORDER_NO);
    let longest = number.chars().count() + 1 + parts.len().to_string().len();
    if number.is_empty() || longest > 64 {
        let (zh, en) = (
            format!("拆分需要订单号，加上序号最多 64 个字符，现为 {longest}"),
            format!("splitting wants an order number of at most 64 characters with the part's own, not {longest}"),
        );
        return Err(Error::input(vec![fault(order.at(ORDER_NO), "R39", &zh, &en)]));
    }
    let head = order.head.value().to_json();
    let part = |(at, filling): (usize, Filling)| {
        let mut members = head.members().to_vec();
        let mut lines = Some(filling.lines);
        for (name, value) in members.iter_mut().rev() {
            if name == ORDER_NO.wire() {
                *value = Json::Text(format!("{number}-{}", at + 1));
            } else if name == LINES.wire() {
                *value = Json::List(lines.take().unwrap_or_default());
            }
        }
        Json::Object(members)
    };
    Ok(parts.into_iter().enumerate().map(part).collect())
}

/// How many times `by` goes into `number`, the last time perhaps in part.
fn whole_up(number: Decimal, by: Decimal) -> Option<i128> {
    let down = whole_down(number, by)?;
    let more = down.checked_mul(by)? < number;
    let text = down.to_string();
    text.parse::<i128>().ok()?.checked_add(i128::from(more))
}

/// How many whole times `by` goes into `number`.
fn whole_down(number: Decimal, by: Decimal) -> Option<Decimal> {
    let near = number.checked_div(by, 0)?;
    if near.checked_mul(by)? > number { near.checked_sub(ONE) } else { Some(near) }
}

/// The platform itself refuses to split an order into more than ten; nobody wants two thousand.
const MOST_PARTS: usize = 2000;

#[cfg(test)]
mod tests;
