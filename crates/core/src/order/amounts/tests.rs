//! What the vectors of `tests/vectors/amounts` do not show: whole orders, and the other way round.

use super::*;
use crate::json::Json;
use proptest::prelude::*;

fn read(text: &str) -> Json {
    Json::parse(text).unwrap()
}

#[test]
fn either_way_round_gives_the_same_cents() {
    for rate in ["0.01", "0.03", "0.04", "0.05", "0.06", "0.09", "0.10", "0.11", "0.13", "0.16", "0.17"] {
        let one_and_rate = ONE.checked_add(rate.parse().unwrap()).unwrap();
        for cents in 1..=12_000 {
            let included = Decimal::new(cents, 2);
            let line = read(&format!(r#"{{"taxIncludedAmount": "{included}", "taxRate": "{rate}"}}"#));
            let other = included.checked_div(one_and_rate, 2).unwrap();
            let same = amounts(&line).unwrap().tax_excluded == other;
            // At 4 % half a cent comes up: 0.13 holds 0.005 of tax.
            assert!(same || rate == "0.04", "{included} at {rate}");
        }
    }
    assert_eq!(amounts(&read(r#"{"taxIncludedAmount": "0.13", "taxRate": "0.04"}"#)).unwrap().tax.to_string(), "0.01");
}

#[test]
fn an_order_is_filled_and_nothing_else_of_it_changes() {
    let order = read(
        r#"{"zzz": {"b": 1.50, "a": null}, "orderNo": "A-1", "invoiceDetail": [
            {"tax": "", "num": 2.0, "goodsName": "甲", "price": "50.50", "withTaxFlag": 1, "taxRate": 0.13},
            {"taxIncludedAmount": "1", "taxRate": "0", "taxExcludedAmount": null, "deduction": "0.00"}], "last": true}"#,
    );
    assert_eq!(
        fill(&order).unwrap(),
        read(
            r#"{"zzz": {"b": 1.50, "a": null}, "orderNo": "A-1", "invoiceDetail": [
            {"tax": "11.62", "num": 2.0, "goodsName": "甲", "price": "50.50", "withTaxFlag": 1, "taxRate": 0.13,
             "taxExcludedAmount": "89.38", "taxIncludedAmount": "101.00"},
            {"taxIncludedAmount": "1", "taxRate": "0", "taxExcludedAmount": "1.00", "deduction": "0.00", "tax": "0.00"}],
            "last": true}"#
        )
    );
    assert_eq!(fill(&fill(&order).unwrap()).unwrap(), fill(&order).unwrap());
    assert_eq!(totals(&order).unwrap().to_string(), "90.38 + 11.62 = 102.00");
}

#[test]
fn every_line_that_cannot_be_worked_out_is_told() {
    let order = read(
        r#"{"invoiceDetail": [{"taxRate": "0.13"}, {"taxIncludedAmount": "1", "taxRate": "0.13"},
            {"taxIncludedAmount": "1"}, "no line"]}"#,
    );
    let error = fill(&order).unwrap_err();
    let told: Vec<_> = error.violations().iter().map(|fault| (fault.path.as_str(), fault.rule)).collect();
    assert_eq!(
        told,
        [
            ("order.invoiceDetail[0].price", "R14"),
            ("order.invoiceDetail[2].taxRate", "R19"),
            ("order.invoiceDetail[3].price", "R14")
        ]
    );
}

#[test]
fn a_used_car_has_no_rate_and_no_tax() {
    let order = read(r#"{"invoiceLine": "u", "invoiceDetail": [{"withTaxFlag": "0", "price": "100", "num": "1"}]}"#);
    assert_eq!(totals(&order).unwrap().to_string(), "100.00 + 0.00 = 100.00");
}

#[test]
fn vouchers_are_the_deduction_of_a_digital_invoice() {
    let order = read(
        r#"{"invoiceLine": "pc", "invoiceDifferenceType": "02", "differenceVoucherInfoList": [
            {"differenceTaxtotal": "30.00"}, {"differenceTaxtotal": "20.00"}],
            "invoiceDetail": [{"taxIncludedAmount": "113.00", "taxRate": "0.13"}]}"#,
    );
    assert_eq!(totals(&order).unwrap().to_string(), "105.75 + 7.25 = 113.00");
}

#[test]
fn an_order_without_lines_comes_to_nothing() {
    let none = read(r#"{"invoiceDetail": []}"#);
    assert_eq!(totals(&none).unwrap().to_string(), "0.00 + 0.00 = 0.00");
    assert_eq!(fill(&none).unwrap(), none);
}

#[test]
fn what_is_no_order_comes_to_no_amount() {
    let line = r#"{"taxIncludedAmount": "113.00", "taxRate": "0.13"}"#;
    let params = format!(r#"{{"order": {{"invoiceDetail": [{line}]}}}}"#);
    for other in
        [params.as_str(), line, "{}", "[]", "null", "5", r#"{"invoiceDetail": null}"#, r#"{"invoiceDetail": 5}"#]
    {
        let faults = [totals(&read(other)).map(|_| ()), fill(&read(other)).map(|_| ())].map(Result::unwrap_err);
        for fault in faults {
            assert_eq!(fault.violations()[0].path, "order.invoiceDetail", "{other}");
        }
    }
}

#[test]
fn numbers_that_do_not_fit_are_refused() {
    let nines = "9".repeat(36);
    let line = read(&format!(r#"{{"taxIncludedAmount": "{nines}.99", "taxRate": "0.13"}}"#));
    assert!(amounts(&line).is_err());
    let order = read(&format!(
        r#"{{"invoiceDetail": [{{"tax": "0", "taxIncludedAmount": "{nines}"}}, {{"tax": "0", "taxIncludedAmount": "{nines}"}}]}}"#
    ));
    let _ = totals(&order);
}

proptest! {
    #[test]
    fn no_reading_is_farther_off_than_the_plain_one_is(
        [excluded, tax, deduction] in [-100_000i128..100_000, -100_000i128..100_000, 0i128..100_000],
        rate in 0i128..100,
        reduced: bool,
    ) {
        let [excluded, tax, deduction, rate] = [excluded, tax, deduction, rate].map(|digits| Decimal::new(digits, 2));
        let plain = excluded.checked_mul(rate).unwrap().checked_sub(tax).unwrap().abs();
        let levy = Levy { rate, reduced, deduction };
        prop_assert!(levy.distance(excluded, tax).unwrap() <= plain);
    }
}
