//! Over all parts nothing is lost, nothing torn, and no part is above the limit.

use super::*;
use crate::order::totals;
use proptest::prelude::*;

fn read(text: &str) -> Json {
    Json::parse(text).unwrap()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn order(lines: &str) -> Json {
    read(&format!(
        r#"{{"orderNo": "A-1", "invoiceLine": "pc", "invoiceType": "1", "remark": "备注", "invoiceDetail": [{lines}]}}"#
    ))
}

fn lines(part: &Json) -> &[Json] {
    part.get("invoiceDetail").unwrap().items()
}

fn texts(part: &Json, name: &str) -> Vec<String> {
    lines(part).iter().map(|line| line.get(name).and_then(Json::token).unwrap_or("-").to_owned()).collect()
}

#[test]
fn an_order_within_the_limit_stays_as_it_is() {
    let whole = order(r#"{"taxExcludedAmount": "100.00", "tax": "13.00", "taxIncludedAmount": "113.00"}"#);
    assert_eq!(split(&whole, decimal("100")).unwrap(), [whole]);
}

#[test]
fn pairs_stay_together() {
    let pair = r#"{"goodsName": "甲", "taxRate": "0.13", "taxExcludedAmount": "100.00", "invoiceLineProperty": "2"},
        {"goodsName": "甲", "taxRate": "0.13", "taxExcludedAmount": "-40.00", "invoiceLineProperty": "1"}"#;
    let plain = r#"{"goodsName": "乙", "taxRate": "0.06", "taxExcludedAmount": "50.00"}"#;
    let parts = split(&order(&format!("{plain}, {pair}, {plain}")), decimal("100")).unwrap();
    let names: Vec<_> = parts.iter().map(|part| texts(part, "goodsName")).collect();
    assert_eq!(names, [vec!["乙", "乙"], vec!["甲", "甲"]]);
    assert_eq!(texts(&parts[1], "taxExcludedAmount"), ["100.00", "-40.00"]);
}

#[test]
fn a_pair_above_the_limit_is_cut_as_a_pair() {
    let pair = r#"{"withTaxFlag": "0", "price": "10", "num": "30", "taxRate": "0.13", "invoiceLineProperty": "2"},
        {"withTaxFlag": "0", "taxRate": "0.13", "taxExcludedAmount": "-50.00", "invoiceLineProperty": "1"}"#;
    let parts = split(&order(pair), decimal("100")).unwrap();
    let sums: Vec<_> = parts.iter().map(|part| totals(part).unwrap().tax_excluded.to_string()).collect();
    assert_eq!(sums, ["100.00", "100.00", "50.00"]);
    assert_eq!(texts(&parts[0], "taxExcludedAmount"), ["120.00", "-20.00"]);
    assert_eq!(texts(&parts[0], "num"), ["12", "-"]);
    assert_eq!(texts(&parts[2], "num"), ["6", "-"]);
}

#[test]
fn the_tax_of_a_discount_without_an_amount_is_not_lost() {
    let pair = r#"{"taxRate": "0.13", "taxExcludedAmount": "100.00", "tax": "13.00", "taxIncludedAmount": "113.00",
            "invoiceLineProperty": "2"},
        {"taxRate": "0.13", "taxExcludedAmount": "0", "tax": "-13.00", "taxIncludedAmount": "-13.00",
            "invoiceLineProperty": "1"}"#;
    let parts = split(&order(pair), decimal("50")).unwrap();
    let sums: Vec<_> = parts.iter().map(|part| totals(part).unwrap()).collect();
    let sum = sums.iter().try_fold(Amounts::default(), |sum, part| sum.checked_add(*part)).unwrap();
    assert_eq!((parts.len(), sum.to_string()), (2, "100.00 + 0.00 = 100.00".to_owned()));
}

#[test]
fn whole_pieces_of_goods_are_kept_where_that_takes_no_more_parts() {
    let three = r#"{"withTaxFlag": "1", "price": "67800", "num": "3", "taxRate": "0.13"}"#;
    let parts = split(&order(three), decimal("130000")).unwrap();
    assert_eq!(parts.iter().map(|part| texts(part, "num").concat()).collect::<Vec<_>>(), ["2", "1"]);
    // One by one it would take three parts; by amount two do.
    let parts = split(&order(three), decimal("100000")).unwrap();
    assert_eq!(parts.iter().map(|part| texts(part, "num").concat()).collect::<Vec<_>>(), ["1.66666667", "1.33333333"]);
}

#[test]
fn what_cannot_be_split_is_refused() {
    let big = r#"{"taxExcludedAmount": "500.00", "taxRate": "0.13"}"#;
    let cases = [
        (order(big), "0", "limit", "R36"),
        (order(big), "-1", "limit", "R36"),
        (order(big), "0.001", "limit", "R36"),
        (order(big), "0.01", "limit", "R36"),
        (read(&format!(r#"{{"invoiceDetail": [{big}]}}"#)), "100", "order.orderNo", "R39"),
        (
            read(&format!(r#"{{"orderNo": "{}", "invoiceDetail": [{big}]}}"#, "A".repeat(63))),
            "100",
            "order.orderNo",
            "R39",
        ),
        (
            read(&format!(r#"{{"orderNo": "A", "invoiceType": "2", "invoiceDetail": [{big}]}}"#)),
            "100",
            "order.invoiceType",
            "R36",
        ),
        (
            read(&format!(r#"{{"orderNo": "A", "invoiceLine": "u", "invoiceDetail": [{big}]}}"#)),
            "100",
            "order.invoiceLine",
            "R36",
        ),
        (
            order(r#"{"taxExcludedAmount": "500.00", "taxRate": "0.13", "deduction": "1.00"}"#),
            "100",
            "order.invoiceDetail[0].deduction",
            "R36",
        ),
        (
            order(&format!(
                r#"{big}, {{"taxExcludedAmount": "-5.00", "taxRate": "0.13", "invoiceLineProperty": "1"}}"#
            )),
            "100",
            "order.invoiceDetail[1].invoiceLineProperty",
            "R26",
        ),
        (
            order(&format!(r#"{{"taxExcludedAmount": "500", "tax": "0", "invoiceLineProperty": "2"}}, {big}"#)),
            "100",
            "order.invoiceDetail[1].invoiceLineProperty",
            "R23",
        ),
        (
            order(r#"{"taxExcludedAmount": "500", "tax": "0", "invoiceLineProperty": "2"}"#),
            "100",
            "order.invoiceDetail[0].invoiceLineProperty",
            "R26",
        ),
        (
            order(&format!(r#"{big}, {{"taxExcludedAmount": "-5.00", "taxRate": "0.13"}}"#)),
            "100",
            "order.invoiceDetail[1].taxExcludedAmount",
            "R29",
        ),
        (order(r#"{"taxRate": "0.13"}"#), "100", "order.invoiceDetail[0].price", "R14"),
    ];
    for (order, limit, path, rule) in cases {
        let error = split(&order, decimal(limit)).unwrap_err();
        let first = &error.violations()[0];
        assert_eq!((first.path.as_str(), first.rule), (path, rule), "{order}");
    }
}

/// A unit of lines: with price and quantity, with an amount alone, or a pair.
fn unit() -> impl Strategy<Value = String> {
    let rate = prop::sample::select(vec!["0.13", "0.09", "0.06", "0.03", "0"]);
    (rate, 0u8..4, 1u32..5_000_000, 1u32..50, 0u32..90).prop_map(|(rate, kind, cents, num, share)| {
        let amount = Decimal::new(i128::from(cents), 2);
        match kind {
            0 => format!(r#"{{"withTaxFlag": "1", "price": "{amount}", "num": "{num}", "taxRate": "{rate}"}}"#),
            1 => format!(r#"{{"withTaxFlag": "0", "price": "{amount}", "num": "{num}.25", "taxRate": "{rate}"}}"#),
            2 => format!(r#"{{"taxExcludedAmount": "{amount}", "taxRate": "{rate}"}}"#),
            _ => {
                let off = Decimal::new(i128::from(cents) * i128::from(share) / 100, 2);
                format!(
                    r#"{{"withTaxFlag": "0", "price": "{amount}", "num": "1", "taxRate": "{rate}", "invoiceLineProperty": "2"}},
                       {{"taxExcludedAmount": "-{off}", "taxRate": "{rate}", "invoiceLineProperty": "1"}}"#
                )
            }
        }
    })
}

proptest! {
    #[test]
    fn parts_add_up_to_the_order_and_keep_the_rules(
        units in prop::collection::vec(unit(), 1..12),
        limit in 5_000i128..20_000_000,
    ) {
        let whole = order(&units.join(","));
        let limit = Decimal::new(limit, 2);
        let parts = match split(&whole, limit) {
            Ok(parts) => parts,
            // The only way out of here: too many parts.
            Err(error) => {
                prop_assert_eq!(error.violations()[0].path.as_str(), "limit");
                return Ok(());
            }
        };
        prop_assert_eq!(&parts, &split(&whole, limit).unwrap());

        let sums = parts.iter().map(|part| totals(part).unwrap());
        let sum = sums.clone().reduce(|a, b| a.checked_add(b).unwrap()).unwrap();
        prop_assert_eq!(sum, totals(&whole).unwrap());

        let over: Vec<_> = sums.map(|sum| sum.tax_excluded).collect();
        prop_assert!(over.iter().all(|sum| *sum <= limit), "{:?} is above {}", over, limit);
        for (at, one) in over.iter().enumerate() {
            for other in &over[at + 1..] {
                prop_assert!(one.checked_add(*other).unwrap() > limit, "{} and {} would fit into one", one, other);
            }
        }

        let quantity = |lines: &[Json]| {
            let nums = lines.iter().filter_map(|line| line.get("num")?.token()?.parse::<Decimal>().ok());
            nums.fold(Decimal::default(), |sum, num| sum.checked_add(num).unwrap())
        };
        let all: Vec<Json> = parts.iter().flat_map(lines).cloned().collect();
        prop_assert_eq!(quantity(&all), quantity(lines(&whole)));

        for (at, part) in parts.iter().enumerate() {
            if parts.len() > 1 {
                let number = format!("A-1-{}", at + 1);
                prop_assert_eq!(part.get("orderNo").unwrap().token(), Some(number.as_str()));
            }
            prop_assert_eq!(part.get("remark"), whole.get("remark"));
            let errors: Vec<_> = crate::order::check(part).into_iter().filter(|found| {
                found.is_error() && !(found.rule == "R18" || found.rule == "R27")
            }).collect();
            prop_assert!(errors.is_empty(), "{:?}\n{}", errors, part);
            let prices: Vec<_> = crate::order::check(part).into_iter().filter(|found| found.rule == "R5").collect();
            prop_assert!(prices.is_empty(), "{:?}\n{}", prices, part);
        }
    }
}
