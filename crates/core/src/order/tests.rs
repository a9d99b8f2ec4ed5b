//! Whatever an order holds, it is told or worked out, and nothing panics.

use super::*;
use crate::decimal::Decimal;
use crate::json::Json;
use proptest::prelude::*;

#[test]
fn the_rules_are_ordered_by_number_and_called_by_it() {
    assert!(rules().windows(2).all(|pair| pair[0].number < pair[1].number));
    assert!(rules().iter().all(|rule| rule.name == format!("R{}", rule.number)));
}

#[test]
fn one_fault_is_told_once() {
    let method = crate::Method::find("nuonuo.OpeMplatform.requestBillingNew").unwrap();
    let params = Json::parse(
        r#"{"order": {"invoiceLine": "bs", "buyerTaxNum": "9133 0106 MA00 0000 0003 and more", "invoiceDetail": [
            {"taxRate": "13%"}, "no line"]}}"#,
    )
    .unwrap();
    let found = method.check(&params);
    for path in ["order.buyerTaxNum", "order.invoiceDetail[0].taxRate", "order.invoiceDetail[1]"] {
        let here: Vec<_> = found.iter().filter(|violation| violation.path == path).collect();
        assert_eq!(here.len(), 1, "{here:?}");
        assert!(!here[0].rule.starts_with('R'));
    }
}

#[test]
fn the_older_product_has_no_digital_kinds() {
    let of = |name| older(crate::Method::find(name).unwrap());
    assert!(of("nuonuo.ElectronInvoice.requestBillingNew"));
    assert!(!of("nuonuo.OpeMplatform.requestBillingNew"));
}

#[test]
fn a_member_is_found_however_far_behind_and_the_last_of_its_name_counts() {
    for others in [0, 252, 253, 254, 255, 256, 600] {
        let others: String = (0..others).map(|at| format!(r#""x{at}": 1, "#)).collect();
        let line = |property| format!(r#"{{"invoiceLineProperty": "2", {others}"invoiceLineProperty": "{property}"}}"#);
        let text = format!(
            r#"{{"orderNo": "A", "invoiceLine": "pc", {others}"orderNo": "B", "invoiceDetail": [{}, {}]}}"#,
            line("0"),
            line("1")
        );
        let flat = crate::body::flat(&Json::parse(&text).unwrap(), "order").unwrap();
        let order = Order::of(&flat);
        assert_eq!((order.text(names::ORDER_NO), order.kind()), ("B", "pc"));
        let properties: Vec<_> = order.lines.iter().map(view::Part::property).collect();
        assert_eq!(properties, ["0", "1"]);
        assert!(order.lines.iter().all(|line| line.text(names::PROPERTY) == line.property()));
    }
}

#[test]
fn lines_that_are_each_a_little_off_are_told_together() {
    let line = r#"{"goodsCode": "3040000000000000000", "taxRate": "0.13",
        "taxExcludedAmount": "100.00", "tax": "13.06", "taxIncludedAmount": "113.06"}"#;
    for (lines, told) in [(21, false), (22, true)] {
        let order = format!(r#"{{"invoiceLine": "pc", "invoiceDetail": [{}]}}"#, vec![line; lines].join(","));
        let found = check(&Json::parse(&order).unwrap());
        assert_eq!(found.iter().any(|violation| violation.rule == "R7"), told, "{lines} lines");
    }
}

/// Texts and numbers that mean something to some rule, or nothing to any.
fn token() -> impl Strategy<Value = String> {
    let tokens = [
        "\"\"",
        "\"0\"",
        "\"1\"",
        "\"2\"",
        "\"0.00\"",
        "\"-1\"",
        "\"0.13\"",
        "\"13\"",
        "\"113.00\"",
        "\"-113.005\"",
        "\"01\"",
        "\"10\"",
        "\"33\"",
        "\"pc\"",
        "\"p\"",
        "\"s\"",
        "\"u\"",
        "\"j\"",
        "\"null\"",
        "\"一二三\"",
        "\"91330106MA00000003\"",
        "null",
        "true",
        "0",
        "-0.0",
        "1e3",
        "[]",
        "{}",
        "[{}]",
        "\"99999999999999999999999999999999999999\"",
        "\"2023-11-15\"",
        "\"0.00000000000000000000000000000000000001\"",
        "[\"x\"]",
        "\"x\"",
    ];
    prop::sample::select(tokens.map(str::to_owned).to_vec())
}

fn object(names: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::collection::vec((prop::sample::select(names), token()), 0..9).prop_map(|members| {
        let members: Vec<_> = members.iter().map(|(name, value)| format!("\"{name}\": {value}")).collect();
        members.join(", ")
    })
}

const HEAD: &[&str] = &[
    "invoiceLine",
    "invoiceType",
    "specificFactor",
    "buyerTaxNum",
    "buyerName",
    "naturalPersonFlag",
    "invoiceDetail",
    "naturalPersonVerifyFlag",
    "remark",
    "listFlag",
    "invoiceCode",
    "invoiceNum",
    "billInfoNo",
    "orderNo",
    "ccPhone",
    "extensionNumber",
    "paperInvoiceType",
    "invoiceDifferenceType",
    "vehicleInfo",
    "secondHandCarInfo",
    "buyerAccount",
    "invoiceBuildingInfo",
    "realPropertyRentInfo",
    "differenceVoucherInfoList",
    "invoiceKind",
    "invoiceNo",
];
const LINE: &[&str] = &[
    "goodsName",
    "goodsCode",
    "withTaxFlag",
    "price",
    "num",
    "tax",
    "taxRate",
    "taxExcludedAmount",
    "taxIncludedAmount",
    "invoiceLineProperty",
    "favouredPolicyFlag",
    "favouredPolicyName",
    "zeroRateFlag",
    "deduction",
    "unit",
    "itemPrice",
    "itemNum",
    "itemAmount",
    "itemTaxAmount",
    "isIncludeTax",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_order_makes_it_panic(head in object(HEAD), lines in prop::collection::vec(object(LINE), 0..5), limit in 1i128..50_000) {
        let lines: Vec<_> = lines.iter().map(|line| format!("{{{line}}}")).collect();
        let comma = if head.is_empty() { "" } else { ", " };
        let lines = lines.join(", ");
        let text = format!(r#"{{{head}{comma}"invoiceDetail": [{lines}], "invoiceItems": [{lines}]}}"#);
        let order = Json::parse(&text).unwrap();
        check(&order);
        rules::check(&seen("order", crate::body::flat(&order, "order").unwrap().whole(), true));
        let _ = red(&order, "A-1", "2026-09-22 10:00:00", RedReason::SalesReturn);
        if let Ok(filled) = fill(&order) {
            prop_assert_eq!(&fill(&filled).unwrap(), &filled);
            prop_assert_eq!(totals(&filled).ok(), totals(&order).ok());
            let broken = check(&filled);
            prop_assert!(!broken.iter().any(|found| found.rule == "R2"), "{:?}", broken);
        }
        if let Ok(parts) = split(&order, Decimal::new(limit, 2)) {
            prop_assert!(!parts.is_empty());
        }
    }
}
