//! What stands in a push, and how it is written.

use super::{End, PushForm, PushStyle};
use crate::Shared;
use crate::invoice;
use crate::orders::{Order, Part, Status};
use crate::table::text_of;
use serde_json::{Map, Value};

const FORM: &str = "application/x-www-form-urlencoded;charset=UTF-8";
const JSON: &str = "application/json;charset=UTF-8";

/// What a company wants in its pushes.
#[derive(Clone, Copy)]
pub(super) struct Extent {
    /// Failures are pushed too, so that a success says what it is.
    pub(super) failures: bool,
    /// The optional members and the lines.
    pub(super) details: bool,
}

/// The members of a push; the content is an object.
pub(super) fn members(
    shared: &Shared,
    order: &Order,
    part: &Part,
    extent: Extent,
    end: End,
    now: i64,
) -> Vec<(&'static str, Value)> {
    let row = |status| {
        let (url, life) = (shared.url(), &shared.options.life);
        let row = invoice::row(order, part, status, now, life, url, extent.details);
        row.as_object().cloned().unwrap_or_default()
    };
    let content = match end {
        End::Issued => issued(order, &row(Status::Done), extent),
        End::Failed | End::SealFailed => failed(order, part, end),
        End::Voided | End::VoidFailed => voided(&row(Status::Voided), part, now),
    };
    let number = match end {
        End::Voided | End::VoidFailed => ("fpqqlsh", part.serial.as_str().into()),
        _ => ("orderno", order.order_no.as_str().into()),
    };
    vec![("operater", end.operater().into()), number, ("content", Value::Object(content))]
}

/// Content type and body. With disorder the members come last first.
pub(super) fn written(
    mut members: Vec<(&'static str, Value)>,
    style: PushStyle,
    as_form: bool,
) -> (&'static str, String) {
    if style.disorder {
        members.reverse();
    }
    if style.form == PushForm::Form || (style.form == PushForm::Documented && as_form) {
        let mut form = form_urlencoded::Serializer::new(String::new());
        for (name, value) in &members {
            form.append_pair(name, &value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        }
        return (FORM, form.finish());
    }
    let members = members.into_iter().map(|(name, value)| match value {
        Value::Object(_) if style.form == PushForm::JsonText => (name.to_owned(), value.to_string().into()),
        value => (name.to_owned(), value),
    });
    (JSON, Value::Object(members.collect()).to_string())
}

/// A failure tells nothing but this; the order number stands outside.
fn failed(order: &Order, part: &Part, end: End) -> Map<String, Value> {
    let (code, status) = if end == End::Failed { ("2", Status::Failed) } else { ("3", Status::SealFailed) };
    let members = [
        ("c_fpqqlsh", part.serial.as_str()),
        ("c_status", code),
        ("c_saletaxnum", &order.seller),
        ("c_errorMessage", part.fail_cause(status)),
    ];
    members.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect()
}

fn voided(row: &Map<String, Value>, part: &Part, now: i64) -> Map<String, Value> {
    let mut content = renamed(row, VOIDED);
    let mut put = |name: &str, value: &str| content.insert(name.to_owned(), value.into());
    put("invalidTime", &(now / 1000).to_string());
    let failure = part.void.as_ref().and_then(|void| void.fails.as_deref());
    put("invalidStatus", if failure.is_some() { "2" } else { "3" });
    put("invalidErrorMessage", failure.unwrap_or_default());
    if let Some(void) = &part.void {
        put("invalidReason", &void.reason);
        if !void.specific.is_empty() {
            put("specificReason", &void.specific);
        }
    }
    content
}

/// The members that always come, and with them, if the company wants that, the others.
fn issued(order: &Order, row: &Map<String, Value>, extent: Extent) -> Map<String, Value> {
    let mut content = Map::new();
    // With pushes of failures switched on, a success says what it is; without them its silence means issued.
    if extent.failures {
        content.insert("c_status".to_owned(), "1".into());
    }
    content.extend(renamed(row, ISSUED));
    if row.get("invoiceType").and_then(Value::as_str) == Some("2") {
        content.extend(renamed(row, RED));
        content.extend(text_of(&order.sent, "redReason").map(|reason| ("redReason".to_owned(), reason.into())));
    }
    if extent.details {
        content.extend(renamed(row, DETAILS));
        content.insert("c_invoice_line".to_owned(), invoice::line_of(order).into());
        // Live pushes have these as numbers.
        for name in ["productOilFlag", "specificFactor"] {
            content.extend(row.get(name).map(|value| (name.to_owned(), value.clone())));
        }
        let items = row.get("invoiceItems").and_then(Value::as_array).into_iter().flatten();
        let items = items.filter_map(Value::as_object).map(|item| Value::Object(renamed(item, ITEM)));
        content.insert("invoiceItems".to_owned(), items.collect());
    }
    content
}

/// The members of a row under the names that a push has for them, as texts.
fn renamed(row: &Map<String, Value>, names: &[(&str, &str)]) -> Map<String, Value> {
    let text = |value: &Value| match value {
        Value::String(_) => Some(value.clone()),
        Value::Number(number) => Some(number.to_string().into()),
        _ => None,
    };
    names.iter().filter_map(|(theirs, ours)| Some(((*theirs).to_owned(), text(row.get(*ours)?)?))).collect()
}

type Names = &'static [(&'static str, &'static str)];

const ISSUED: Names = &[
    ("c_kprq", "invoiceTime"),
    ("c_fpdm", "invoiceCode"),
    ("c_fphm", "invoiceNo"),
    ("allElectronicInvoiceNumber", "allElectronicInvoiceNumber"),
    ("c_hjse", "taxAmount"),
    ("c_bhsje", "exTaxAmount"),
    ("c_orderno", "orderNo"),
    ("c_fpqqlsh", "serialNo"),
    ("c_url", "pdfUrl"),
    ("c_jpg_url", "pictureUrl"),
    ("email", "notifyEmail"),
    ("phone", "phone"),
];

const RED: Names =
    &[("c_yfpdm", "oldInvoiceCode"), ("c_yfphm", "oldInvoiceNo"), ("oldEleInvoiceNumber", "oldEleInvoiceNumber")];

const VOIDED: Names = &[
    ("c_fpdm", "invoiceCode"),
    ("c_fphm", "invoiceNo"),
    ("allElectronicInvoiceNumber", "allElectronicInvoiceNumber"),
    ("c_saletaxnum", "salerTaxNum"),
];

const DETAILS: Names = &[
    ("taxnum", "payerTaxNo"),
    ("buyername", "payerName"),
    ("telephone", "telephone"),
    ("address", "address"),
    ("bankAccount", "bankAccount"),
    ("c_hjje", "orderAmount"),
    ("checkCode", "checkCode"),
    ("qrCode", "qrCode"),
    ("machineCode", "machineCode"),
    ("cipherText", "cipherText"),
    ("c_clerk", "clerk"),
    ("c_payee", "payee"),
    ("c_checker", "checker"),
    ("c_salerAccount", "salerAccount"),
    ("c_saletaxnum", "salerTaxNum"),
    ("c_salerName", "saleName"),
    ("c_salerTel", "salerTel"),
    ("c_salerAddress", "salerAddress"),
    ("c_remark", "remark"),
    ("c_qdbz", "listFlag"),
    ("c_qdxmmc", "listName"),
    ("extensionNumber", "extensionNumber"),
    ("terminalNumber", "terminalNumber"),
    ("c_ofd_url", "ofdUrl"),
    ("c_deptId", "deptId"),
    ("c_clerkId", "clerkId"),
    ("c_cjsj", "createTime"),
    ("c_gxsj", "updateTime"),
    ("dt_invoicedate", "invoiceDate"),
];

const ITEM: Names = &[
    ("itemIndex", "itemIndex"),
    ("itemName", "itemName"),
    ("itemUnit", "itemUnit"),
    ("itemPrice", "itemPrice"),
    ("itemTaxRate", "itemTaxRate"),
    ("itemNum", "itemNum"),
    ("itemSumAmount", "itemAmount"),
    ("itemTaxAmount", "itemTaxAmount"),
    ("itemSpec", "itemSpec"),
    ("itemCode", "itemCode"),
    ("itemSelfCode", "itemSelfCode"),
    ("isIncludeTax", "isIncludeTax"),
    ("invoiceLineProperty", "invoiceLineProperty"),
    ("zeroRateFlag", "zeroRateFlag"),
    ("favouredPolicyName", "favouredPolicyName"),
    ("favouredPolicyFlag", "favouredPolicyFlag"),
    ("deduction", "deduction"),
];
