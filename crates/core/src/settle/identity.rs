//! Is the invoice that was found the one that was sent?

use super::Same;
use crate::decimal::Decimal;
use crate::json::Json;

const CENT: Decimal = Decimal::new(1, 2);

/// What does not agree between the body that was sent and the rows that were found, in words.
///
/// What the answer leaves out, or leaves empty, disagrees with nothing.
pub(super) fn differences(same: &[Same], params: &Json, rows: &[&Json]) -> Vec<String> {
    same.iter()
        .filter_map(|same| {
            let (ours, theirs) = if same.sum { totals(same, params, rows)? } else { texts(same, params, rows)? };
            Some(format!("{} is {ours}, found {theirs}", same.ours))
        })
        .collect()
}

/// Whether all agrees but a total, of which the rows hold only a part: some of a split order may not be visible yet.
pub(super) fn in_part(same: &[Same], params: &Json, rows: &[&Json]) -> bool {
    let (sums, others): (Vec<&Same>, Vec<&Same>) = same.iter().partition(|same| same.sum);
    let zero = Decimal::default();
    others.iter().all(|same| texts(same, params, rows).is_none())
        && sums.iter().any(|same| match both(same, params, rows) {
            Some(_) if totals(same, params, rows).is_none() => false,
            Some((ours, theirs)) => (zero < theirs && theirs < ours) || (ours < theirs && theirs < zero),
            None => false,
        })
}

/// The values at a path: `order.invoiceDetail[].tax` has one for each line, `None` where there is nothing.
pub(super) fn values<'a>(json: &'a Json, path: &str) -> Vec<Option<&'a str>> {
    let mut here = vec![Some(json)];
    for step in path.split('.') {
        let (name, each) = step.strip_suffix("[]").map_or((step, false), |name| (name, true));
        let members = here.into_iter().map(|json| json.and_then(|json| json.get(name)));
        here = if each {
            members.flatten().flat_map(|list| list.items().iter().map(Some)).collect()
        } else {
            members.collect()
        };
    }
    here.into_iter().map(|json| json.and_then(Json::token).filter(|token| !token.trim().is_empty())).collect()
}

/// Our text and theirs, if some row has another one.
fn texts(same: &Same, params: &Json, rows: &[&Json]) -> Option<(String, String)> {
    let ours = values(params, &same.ours).first().copied().flatten()?.trim();
    rows.iter().find_map(|row| {
        let theirs = row.get(&same.theirs)?.token()?.trim();
        let theirs = match same.by {
            Some(codes) => codes.get(theirs)?.name.as_str(),
            None => theirs,
        };
        let agree = theirs.is_empty() || same_text(ours, theirs);
        (!agree).then(|| (ours.to_owned(), theirs.to_owned()))
    })
}

/// Whether both are one name: a register writes 示例（杭州）公司 with brackets of either width, letters of either case and
/// no blanks, whatever was sent.
fn same_text(ours: &str, theirs: &str) -> bool {
    plain(ours).eq(plain(theirs))
}

fn plain(text: &str) -> impl Iterator<Item = char> {
    let half_width = |letter: char| match letter {
        '！'..='～' => u32::from(letter).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(letter),
        other => other,
    };
    text.chars().filter(|letter| !letter.is_whitespace()).map(half_width).flat_map(char::to_lowercase)
}

/// Our sum and theirs, if they differ. Where a part is missing there is no sum.
fn totals(same: &Same, params: &Json, rows: &[&Json]) -> Option<(String, String)> {
    let (ours, theirs) = both(same, params, rows)?;
    let (least, most) = rounded(same, params, ours)?;
    (theirs < least || theirs > most).then(|| (ours.to_string(), theirs.to_string()))
}

fn both(same: &Same, params: &Json, rows: &[&Json]) -> Option<(Decimal, Decimal)> {
    let ours = total(values(params, &same.ours).into_iter())?;
    let theirs = total(rows.iter().map(|row| row.get(&same.theirs).and_then(Json::token)))?;
    Some((ours, theirs))
}

/// What the platform may have made of our sum: of a part with more than two decimals it keeps two, cut or rounded.
fn rounded(same: &Same, params: &Json, ours: Decimal) -> Option<(Decimal, Decimal)> {
    let in_cents = |part: &Decimal| part.rescale(2).as_ref() == Some(part);
    let parts = values(params, &same.ours).into_iter().flatten().filter_map(|part| part.trim().parse::<Decimal>().ok());
    let slack = parts.filter(|part| !in_cents(part)).try_fold(Decimal::default(), |sum, _| sum.checked_add(CENT))?;
    Some((ours.checked_sub(slack)?, ours.checked_add(slack)?))
}

fn total<'a>(mut parts: impl Iterator<Item = Option<&'a str>>) -> Option<Decimal> {
    parts.try_fold(Decimal::default(), |sum, part| sum.checked_add(part?.trim().parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::same_text;

    #[test]
    fn one_name_is_one_however_a_register_writes_it() {
        assert!(same_text("示例（杭州）公司", "示例(杭州)公司"));
        assert!(same_text("Ｅxample Co", "EXAMPLECO"));
        assert!(same_text("École Ñandú", "ÉCOLE ÑANDÚ") && same_text("ооо пример", "ООО ПРИМЕР"));
        assert!(!same_text("示例公司", "示例公司二"));
    }
}
