//! The books of both sides, order by order: nothing lost, nothing doubled, nothing different.

use std::collections::BTreeMap;
use std::io;

use serde_json::Value;

use crate::kept::{Files, Invoice, Kept, cents};
use crate::orders::Order;

/// What the comparison came to.
#[derive(Debug, Default)]
pub(crate) struct Books {
    /// In a line.
    pub(crate) told: String,
    /// Every disagreement.
    pub(crate) wrong: Vec<String>,
}

impl Books {
    /// Compares what was to be issued, what the simulator has, and what the workers have kept.
    pub(crate) fn compare(orders: &[Order], theirs: &Value, files: &Files) -> io::Result<Self> {
        let mut found: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
        for order in theirs.as_array().into_iter().flatten() {
            found.entry(order["orderNo"].as_str().unwrap_or_default()).or_default().push(order);
        }
        let mut books = Self::default();
        let mut ends: BTreeMap<String, usize> = BTreeMap::new();
        let mut invoices = 0;
        for order in orders {
            let kept = files.read(&order.number)?;
            let found = found.remove(order.number.as_str()).unwrap_or_default();
            for why in disagreements(order, &kept, &found) {
                books.wrong.push(format!("{}: {why}", order.number));
            }
            if let Kept::Ended(end, ours) = kept {
                *ends.entry(end.split(':').next().unwrap_or_default().to_owned()).or_default() += 1;
                invoices += ours.len();
            }
        }
        books.wrong.extend(found.keys().map(|number| format!("{number}: nobody has sent it")));
        let ends: Vec<String> = ends.iter().map(|(end, count)| format!("{count} {end}")).collect();
        books.told = format!("{} orders: {}; {invoices} invoices", orders.len(), ends.join(", "));
        Ok(books)
    }
}

fn disagreements(order: &Order, kept: &Kept, found: &[&Value]) -> Vec<String> {
    let theirs = match found {
        [] => return vec!["lost: the simulator has no such order".to_owned()],
        [one] => &one["invoices"],
        more => return vec![format!("doubled: the simulator has it {} times", more.len())],
    };
    let Kept::Ended(end, ours) = kept else { return vec![format!("has no end: {kept:?}")] };
    let mut wrong = Vec::new();
    if end != order.end {
        wrong.push(format!("ended as {end}, not as {}", order.end));
    }
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let theirs = theirs.as_array().into_iter().flatten().map(|row| Invoice {
        serial: text(row, "serialNo"),
        status: text(row, "status"),
        cents: cents(&text(row, "total")).unwrap_or_default(),
    });
    let (mut theirs, mut ours): (Vec<Invoice>, Vec<Invoice>) = (theirs.collect(), ours.clone());
    theirs.sort();
    ours.sort();
    if ours != theirs {
        wrong.push(format!("differs: ours {ours:?}, theirs {theirs:?}"));
    }
    if theirs.len() != order.invoices || theirs.iter().map(|invoice| invoice.cents).sum::<u64>() != order.cents() {
        wrong.push(format!("is {} cents in {} invoices, not {theirs:?}", order.cents(), order.invoices));
    }
    wrong
}

/// The most times within any window of that length.
pub(crate) fn most_in(window: i64, times: &[i64]) -> usize {
    let mut times = times.to_vec();
    times.sort_unstable();
    let within = |(at, first): (usize, &i64)| times[at..].iter().take_while(|time| **time - first < window).count();
    times.iter().enumerate().map(within).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn order(number: &str, total: &str) -> Value {
        json!({ "orderNo": number, "invoices": [{ "serialNo": "1", "status": "2", "total": total }] })
    }

    /// A run whose books hold what `theirs` says, and whose worker has kept `kept`.
    fn compared(theirs: &Value, kept: &Kept) -> Vec<String> {
        let dir = tempfile::tempdir().expect("a folder");
        let files = Files::open(dir.path()).expect("a folder");
        files.write("P000000", kept).expect("written");
        Books::compare(&[Order::at(0)], theirs, &files).expect("compared").wrong
    }

    #[test]
    fn what_is_lost_doubled_or_different_is_found() {
        let invoice = |cents| Invoice { serial: "1".to_owned(), status: "2".to_owned(), cents };
        let kept = Kept::Ended("issued".to_owned(), vec![invoice(113)]);
        let one = order("P000000", "1.13");
        assert!(compared(&json!([one]), &kept).is_empty());
        assert!(compared(&json!([]), &kept)[0].contains("lost"));
        assert!(compared(&json!([one, one]), &kept)[0].contains("doubled"));
        assert!(compared(&json!([order("P000000", "1.14")]), &kept)[0].contains("differs"));
        assert!(compared(&json!([one, order("X", "1.13")]), &kept)[0].contains("nobody"));
        assert!(compared(&json!([one]), &Kept::Open(None))[0].contains("no end"));
        let both_wrong = Kept::Ended("issued".to_owned(), vec![invoice(200)]);
        assert!(compared(&json!([order("P000000", "2.00")]), &both_wrong)[0].contains("113 cents"));
    }

    #[test]
    fn the_fullest_window_counts() {
        assert_eq!(most_in(10, &[0, 9, 10, 11, 30]), 3);
        assert_eq!(most_in(10, &[]), 0);
    }
}
