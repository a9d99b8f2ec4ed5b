//! An invoice as the result query tells it.

use crate::clock::Beijing;
use crate::decimal::Decimal;
use crate::lines::{Line, LineRole, totals};
use crate::options::Life;
use crate::orders::{Order, Part, Status};
use crate::table::text_of;
use serde_json::{Map, Value};

/// The kinds that are printed, so that they can be voided.
pub(crate) fn is_paper(line: &str) -> bool {
    matches!(line, "c" | "s" | "f" | "r" | "j" | "u" | "es" | "ec")
}

/// The four fully digital kinds.
pub(crate) fn is_digital(line: &str) -> bool {
    matches!(line, "bs" | "pc" | "es" | "ec")
}

/// The kind's name in answers.
pub(crate) fn kind_name(line: &str) -> &'static str {
    match line {
        "c" => "增值税普通发票",
        "b" => "专用发票(电子)",
        "s" => "增值税专用发票",
        "e" => "收购发票(电子)",
        "f" => "收购发票(纸质)",
        "r" => "增值税普通发票(卷式)",
        "j" => "机动车销售统一发票",
        "u" => "二手车销售统一发票",
        "bs" => "电子发票(增值税专用发票)",
        "pc" => "电子发票(普通发票)",
        "es" => "全电纸质发票(增值税专用发票)",
        "ec" => "全电纸质发票(普通发票)",
        _ => "增值税电子普通发票",
    }
}

/// The name of every company here.
pub(crate) fn seller_name(tax_num: &str) -> String {
    format!("模拟销方（{tax_num}）")
}

pub(crate) fn line_of(order: &Order) -> String {
    text_of(&order.sent, "invoiceLine").unwrap_or_else(|| "p".to_owned())
}

/// The 20-digit number of a digital invoice: year, region 00 (there is none), channel 0 and a running number.
pub(crate) fn digital_number(order: &Order, part: &Part) -> String {
    if !is_digital(&line_of(order)) {
        return String::new();
    }
    format!("{:02}000{:015}", Beijing::at(order.created).year.rem_euclid(100), part.count)
}

/// Code and number as printed on an invoice that is not purely electronic and digital.
pub(crate) fn paper_numbers(order: &Order, part: &Part) -> (String, String) {
    if matches!(line_of(order).as_str(), "bs" | "pc") {
        return (String::new(), digital_number(order, part));
    }
    part.paper.clone().unwrap_or_default()
}

/// The row of one invoice; `url` is the simulator's own address.
pub(crate) fn row(order: &Order, part: &Part, status: Status, now: i64, life: &Life, url: &str, items: bool) -> Value {
    let sent = |name: &str| Value::from(text_of(&order.sent, name).unwrap_or_default());
    let line = line_of(order);
    let [excluded, tax, included] = totals(&part.lines).map(money);
    let serial = &part.serial;
    let file = |path: String| if status.has_files() { path } else { String::new() };
    let (code, number) = if status.exists() { paper_numbers(order, part) } else { Default::default() };
    let digital = if status.exists() { digital_number(order, part) } else { String::new() };
    let mut row = Map::new();
    let mut put = |name: &str, value: Value| row.insert(name.to_owned(), value);

    put("serialNo", serial.as_str().into());
    put("orderNo", order.order_no.as_str().into());
    put("status", status.code().into());
    put("statusMsg", status.text().into());
    put("failCause", part.fail_cause(status).into());
    put("pdfUrl", file(format!("{url}/document/{serial}.pdf")).into());
    // As on the platform, the page's address has no scheme.
    let bare = url.split_once("://").map_or(url, |(_, rest)| rest);
    put("pictureUrl", file(format!("{bare}/document/{serial}")).into());
    let ofd = if is_digital(&line) { file(format!("{url}/document/{serial}.ofd")) } else { String::new() };
    put("ofdUrl", ofd.into());
    if let Some(time) = part.issue_time(now, life) {
        put("invoiceTime", time.into());
    }
    put("invoiceCode", code.into());
    put("invoiceNo", number.into());
    put("allElectronicInvoiceNumber", digital.into());
    put("exTaxAmount", excluded.into());
    put("taxAmount", tax.into());
    put("orderAmount", included.into());
    put("payerName", sent("buyerName"));
    put("payerTaxNo", sent("buyerTaxNum"));
    put("address", sent("buyerAddress"));
    put("telephone", sent("buyerTel"));
    put("bankAccount", sent("buyerAccount"));
    put("invoiceKind", kind_name(&line).into());
    for name in ["checkCode", "qrCode", "machineCode", "cipherText"] {
        put(name, "".into());
    }
    for name in ["clerk", "payee", "checker", "salerAccount", "salerTel", "salerAddress", "salerTaxNum"] {
        put(name, sent(name));
    }
    put("saleName", seller_name(&order.seller).into());
    put("remark", sent("remark"));
    put("productOilFlag", u8::from(text_of(&order.sent, "specificFactor").as_deref() == Some("1")).into());
    put("extensionNumber", sent("extensionNumber"));
    put("terminalNumber", sent("terminalNumber"));
    put("deptId", sent("departmentId"));
    put("clerkId", sent("clerkId"));
    let red = text_of(&order.sent, "invoiceType").as_deref() == Some("2");
    put("oldInvoiceCode", if red { sent("invoiceCode") } else { "".into() });
    put("oldInvoiceNo", if red { sent("invoiceNum") } else { "".into() });
    put("oldEleInvoiceNumber", if red { sent("blueElecInvoiceNumber") } else { "".into() });
    // 4: there will be no delivery; 1: it went well.
    let mode = text_of(&order.sent, "pushMode").unwrap_or_else(|| "1".to_owned());
    let told = |asked: bool, again: bool| if status.has_files() && (asked || again) { "1" } else { "4" };
    put("emailNotifyStatus", told(matches!(mode.as_str(), "0" | "2"), part.delivered.1).into());
    put("phoneNotifyStatus", told(matches!(mode.as_str(), "1" | "2"), part.delivered.0).into());
    if let Some(void) = part.void.as_ref().filter(|_| status == Status::Voided) {
        put("invalidTime", void.at.saturating_add(life.voiding).into());
        put("invalidReason", void.reason.as_str().into());
        put("specificReason", void.specific.as_str().into());
    }
    put("listFlag", text_of(&order.sent, "listFlag").unwrap_or_else(|| "0".to_owned()).into());
    put("listName", sent("listName"));
    put("phone", sent("buyerPhone"));
    put("notifyEmail", sent("email"));
    put("createTime", order.created.into());
    put("updateTime", part.issue_time(now, life).unwrap_or(order.created).into());
    put("proxyInvoiceFlag", text_of(&order.sent, "proxyInvoiceFlag").unwrap_or_else(|| "0".to_owned()).into());
    if let Some(date) = text_of(&order.sent, "invoiceDate").and_then(|text| epoch(&text)) {
        put("invoiceDate", date.into());
    }
    put("invoiceType", sent("invoiceType"));
    let factor = text_of(&order.sent, "specificFactor").and_then(|text| text.parse::<u32>().ok());
    put("specificFactor", factor.unwrap_or(0).into());
    for name in ["bField1", "bField2", "bField3", "buyerManagerName", "managerCardType", "managerCardNo"] {
        if order.sent.contains_key(name) {
            put(name, sent(name));
        }
    }
    for name in SPECIAL {
        if let Some(value) = order.sent.get(name).filter(|value| !value.is_null()) {
            let list = matches!(name, "vehicleInfo" | "secondHandCarInfo") && value.is_object();
            put(name, if list { Value::Array(vec![value.clone()]) } else { value.clone() });
        }
    }
    if items {
        put("invoiceItems", part.lines.iter().enumerate().map(|(at, line)| item(at, line)).collect());
    }
    Value::Object(row)
}

/// Objects of the order that the answer repeats under the same name.
const SPECIAL: [&str; 9] = [
    "vehicleInfo",
    "secondHandCarInfo",
    "invoiceBuildingInfo",
    "realPropertyRentInfo",
    "invoiceTravellerTransportInfoList",
    "invoiceGoodsTransports",
    "additionalElementName",
    "additionalElementList",
    "invoiceDifferenceType",
];

fn item(at: usize, line: &Line) -> Value {
    let mut item = Map::new();
    let mut put = |name: &str, value: Value| item.insert(name.to_owned(), value);
    let long = |value: Option<Decimal>| value.and_then(|value| value.text(18)).unwrap_or_default();
    put("itemIndex", (at + 1).into());
    put("itemName", line.text("goodsName").into());
    put("itemUnit", line.text("unit").into());
    put("itemPrice", long(line.price).into());
    put("itemTaxRate", line.text("taxRate").into());
    put("itemNum", long(line.num).into());
    put("itemAmount", money(if line.with_tax() { line.included } else { line.excluded }).into());
    put("itemTaxAmount", money(line.tax).into());
    put("itemSpec", line.text("specType").into());
    put("itemCode", line.text("goodsCode").into());
    put("itemSelfCode", line.text("selfCode").into());
    put("isIncludeTax", if line.with_tax() { "true" } else { "false" }.into());
    let role = match line.role {
        LineRole::Normal => "0",
        LineRole::Discount => "1",
        LineRole::Discounted => "2",
    };
    put("invoiceLineProperty", role.into());
    for name in ["zeroRateFlag", "favouredPolicyName", "favouredPolicyFlag", "deduction"] {
        put(name, line.text(name).into());
    }
    for name in ["dField1", "dField2", "dField3", "dField4", "dField5"] {
        if line.sent.contains_key(name) {
            put(name, line.text(name).into());
        }
    }
    Value::Object(item)
}

/// An amount in yuan with two decimals.
pub(crate) fn money(value: Decimal) -> String {
    value.text(2).unwrap_or_default()
}

fn epoch(text: &str) -> Option<i64> {
    Beijing::parse(text).map(Beijing::ms).or_else(|| text.parse().ok())
}
