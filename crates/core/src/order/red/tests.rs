//! Red orders of blue invoices as the result query tells them.

use super::*;
use crate::order::{check, totals};

const HEAD: &str = r#""status": "2", "invoiceKind": "增值税电子普通发票", "invoiceCode": "033001900111",
    "invoiceNo": "00000001", "salerTaxNum": "339901999999142", "salerTel": "0571-00000000",
    "salerAddress": "示例市示例路1号", "payerName": "示例购方有限公司", "payerTaxNo": "91330106MA00000003",
    "telephone": "0571-00000002", "address": "示例市示例路2号", "bankAccount": "示例银行 000000000001",
    "clerk": "张三""#;

fn blue(more: &str, items: &str) -> Json {
    Json::parse(&format!(r#"{{{HEAD}{more}, "invoiceItems": [{items}]}}"#)).unwrap()
}

fn reversed(blue: &Json) -> Result<Json, Error> {
    red(blue, "A-1-R", "2026-09-22 10:00:00", RedReason::SalesAllowance)
}

fn line(red: &Json, at: usize, name: &str) -> String {
    red.get("invoiceDetail").unwrap().items()[at].get(name).and_then(Json::token).unwrap_or("-").to_owned()
}

const ITEM: &str = r#"{"itemName": "打印机", "itemCode": "1090511030000000000", "itemUnit": "台", "itemPrice": "113.000000000000000000",
    "itemNum": "2.000000000000000000", "itemTaxRate": "0.13", "itemAmount": "226.00", "itemTaxAmount": "26.00",
    "isIncludeTax": "true", "invoiceLineProperty": "0", "deduction": "0.00", "favouredPolicyFlag": "0"}"#;

#[test]
fn the_red_order_is_the_blue_invoice_below_zero() {
    let red = reversed(&blue(r#", "exTaxAmount": "200.00", "taxAmount": "26.00""#, ITEM)).unwrap();
    assert_eq!(totals(&red).unwrap().to_string(), "-200.00 + -26.00 = -226.00");
    assert_eq!((line(&red, 0, "price"), line(&red, 0, "num")), ("113".to_owned(), "-2".to_owned()));
    assert_eq!(line(&red, 0, "deduction"), "-");
    assert_eq!(red.get("redReason").unwrap().token(), Some("4"));
    let method = crate::Method::find("nuonuo.OpeMplatform.requestBillingNew").unwrap();
    let params = Json::Object(vec![("order".to_owned(), red)]);
    let told: Vec<_> = method.check(&params).into_iter().map(|found| (found.path, found.rule)).collect();
    assert_eq!(told, [("order.buyerPhone".to_owned(), "console")]);
}

#[test]
fn a_discount_is_taken_off_its_line_and_the_price_is_what_is_left() {
    let items = r#"{"itemName": "甲", "itemPrice": "100", "itemNum": "3", "itemTaxRate": "0.13", "itemAmount": "300.00",
            "itemTaxAmount": "39.00", "isIncludeTax": "false", "invoiceLineProperty": "2"},
        {"itemName": "甲", "itemTaxRate": "0.13", "itemAmount": "-100.00", "itemTaxAmount": "-13.00",
            "isIncludeTax": "false", "invoiceLineProperty": "1"}"#;
    let red = reversed(&blue("", items)).unwrap();
    assert_eq!(red.get("invoiceDetail").unwrap().items().len(), 1);
    assert_eq!(line(&red, 0, "price"), "66.66666667");
    assert_eq!(line(&red, 0, "taxExcludedAmount"), "-200.00");
    assert_eq!(line(&red, 0, "invoiceLineProperty"), "0");
    assert!(!check(&red).iter().any(crate::Violation::is_error));
}

#[test]
fn the_buyer_is_that_of_the_blue_invoice() {
    let red = reversed(&blue("", ITEM)).unwrap();
    for (name, text) in [
        ("buyerName", "示例购方有限公司"),
        ("buyerTaxNum", "91330106MA00000003"),
        ("buyerTel", "0571-00000002"),
        ("buyerAddress", "示例市示例路2号"),
        ("buyerAccount", "示例银行 000000000001"),
    ] {
        assert_eq!(red.get(name).unwrap().token(), Some(text));
    }
}

#[test]
fn zeros_lost_on_the_left_come_back() {
    let lost = blue("", ITEM).to_string().replace("033001900111", "33001900111").replace("00000001", "1");
    let red = reversed(&Json::parse(&lost).unwrap()).unwrap();
    assert_eq!(red.get("invoiceCode").unwrap().token(), Some("033001900111"));
    assert_eq!(red.get("invoiceNum").unwrap().token(), Some("00000001"));
}

#[test]
fn a_digital_invoice_is_not_reversed_by_a_red_order() {
    for text in ["电子发票(普通发票)", "电子发票（增值税专用发票）"] {
        let digital = blue("", ITEM).to_string().replace("增值税电子普通发票", text);
        let error = reversed(&Json::parse(&digital).unwrap()).unwrap_err();
        assert_eq!((error.violations()[0].path.as_str(), error.violations()[0].rule), ("invoiceKind", "R88"));
    }
    let digital = blue(r#", "allElectronicInvoiceNumber": "26332000000000000001""#, ITEM);
    assert_eq!(reversed(&digital).unwrap_err().violations()[0].rule, "R88");
}

#[test]
fn lines_that_do_not_add_up_to_their_invoice_are_refused() {
    let error = reversed(&blue(r#", "exTaxAmount": "300.00""#, ITEM)).unwrap_err();
    assert_eq!((error.violations()[0].path.as_str(), error.violations()[0].rule), ("exTaxAmount", "R6"));
}

#[test]
fn what_cannot_be_reversed_is_refused() {
    let refused = |blue: &str| {
        let error = reversed(&Json::parse(blue).unwrap()).unwrap_err();
        error.violations()[0].path.clone()
    };
    let sound = blue("", ITEM).to_string();
    for (part, instead, path) in [
        ("增值税电子普通发票", "某种发票", "invoiceKind"),
        ("033001900111", "", "invoiceCode"),
        ("\"00000001\"", "\"123456789\"", "invoiceNo"),
        ("\"itemAmount\":\"226.00\"", "\"itemAmount\":\"\"", "invoiceItems[0].itemAmount"),
        ("\"deduction\":\"0.00\"", "\"deduction\":\"1.00\"", "invoiceItems[0].deduction"),
        ("\"invoiceLineProperty\":\"0\"", "\"invoiceLineProperty\":\"1\"", "invoiceItems[0].invoiceLineProperty"),
    ] {
        assert!(sound.contains(part), "{part}");
        assert_eq!(refused(&sound.replace(part, instead)), path);
    }
    assert_eq!(refused(&blue("", "").to_string()), "invoiceItems");
}

#[test]
fn the_bureau_counts_the_reasons_another_way() {
    let codes = ["1", "2", "3", "4"].map(|code| RedReason::from_code(code).unwrap().bureau_code());
    assert_eq!(codes, ["02", "01", "03", "04"]);
    assert_eq!(RedReason::from_code("01"), None);
}

#[test]
fn a_line_below_zero_is_of_a_red_invoice_already() {
    let items = r#"{"itemName": "甲", "itemNum": "2", "itemTaxRate": "0.13", "itemAmount": "-226.00",
        "itemTaxAmount": "26.00", "isIncludeTax": "true", "invoiceLineProperty": "0"}"#;
    let error = reversed(&blue("", items)).unwrap_err();
    let found = &error.violations()[0];
    assert_eq!((found.path.as_str(), found.rule), ("invoiceItems[0].itemAmount", "R29"));
}
