//! What may be asked of a company: stock, credit, tax filing, the state of its client.

use super::{NUMBERED, Roll};
use crate::State;
use crate::clock::Beijing;
use crate::decimal::Decimal;
use crate::invoice::{self, money};
use crate::life::session::ACCOUNT;
use crate::life::{Answer, Ask, Handler, issuing, object};
use crate::table::text_of;
use serde_json::{Value, json};

pub(crate) const METHODS: &[(&str, Handler)] = &[
    ("nuonuo.OpeMplatform.getInvoiceStock", stock),
    ("nuonuo.ElectronInvoice.getInvoiceStock", stock),
    ("nuonuo.OpeMplatform.getCreditLine", credit),
    ("nuonuo.ElectronInvoice.getReportTax", report_tax),
    ("nuonuo.ElectronInvoice.GetClientStatus", client_status),
];

/// Each company has one device, at this extension; 0 is the head office, and the same.
const EXTENSION: &str = "1";
const DEVICE: &str = "661500000000";

/// Whether the filters leave the company's one device: the extension counts first, then the device, then the pair.
fn device_asked(ask: &Ask<'_>) -> bool {
    let extensions = issuing::names(ask.body, "extensionNums");
    if !extensions.is_empty() {
        return extensions.iter().any(|extension| is_extension(extension));
    }
    let code = ask.text("machineCode");
    let pair = ask.body.get("extMachineCodePairs").and_then(Value::as_array).and_then(|pairs| pairs.first());
    match pair.and_then(Value::as_object) {
        _ if !code.is_empty() => code == DEVICE,
        Some(pair) => {
            let text = |name: &str| text_of(pair, name).unwrap_or_default();
            is_extension(&text("extensionNum")) && text("machineCode") == DEVICE
        }
        None => true,
    }
}

fn is_extension(text: &str) -> bool {
    matches!(text, "" | "0" | EXTENSION)
}

fn stock(ask: &Ask<'_>, state: &mut State) -> Answer {
    let company = state.companies.of(ask.caller());
    let rolls = NUMBERED.iter().filter(|line| !invoice::is_digital(line));
    let row = |line: &&str| {
        let roll = company.rolls.get(*line)?;
        let number = |number: u64| if roll.left() == 0 { String::new() } else { format!("{number:08}") };
        Some(json!({
            "extensionNumber": 1, "machineCode": DEVICE, "terminalNumber": "", "invoiceLine": line,
            "remainNum": roll.left(), "typeCode": roll.code, "invoiceNumStart": number(roll.next),
            "invoiceNumEnd": number(roll.end), "updateTime": Beijing::text(ask.now),
        }))
    };
    let rows: Vec<Value> = if device_asked(ask) { rolls.filter_map(row).collect() } else { Vec::new() };
    Ok(ask.tell(rows.into()))
}

/// 0 asks the bureau, 1 tells what it said last; before any refresh nothing is known to be used.
fn credit(ask: &Ask<'_>, state: &mut State) -> Answer {
    let (now, life) = (ask.now, ask.life());
    let start = state.companies.start;
    let company = state.companies.of(ask.caller());
    if ask.text("queryType") == "0" {
        company.credit_refresh.count(now, 30_000).map_err(|what| ask.no("E9999", what))?;
        return Ok(ask.done(Value::Null));
    }
    let asked = company.credit_refresh.last;
    let running = asked.is_some_and(|at| now.saturating_sub(at) < life.operation);
    // Just before the beginning nothing was used.
    let known_at = asked.map_or(start.saturating_sub(1), |at| at.saturating_add(life.operation));
    let (used, tax) =
        if running { (Decimal::ZERO, Decimal::ZERO) } else { state.orders.credit_used(ask.caller(), known_at, life) };
    let (blue, paper) = state.orders.digital_blue(ask.caller(), known_at, life);
    let left = ["es", "ec"].iter().filter_map(|line| company.rolls.get(line)).map(Roll::left).sum::<u64>();
    let mut result = json!({
        "requestStatus": if running { "0" } else { "1" }, "message": "", "taxNum": ask.caller(),
        "extensionNumber": ask.text("extensionNumber"), "account": ACCOUNT,
    });
    if let (false, Some(known)) = (running, result.as_object_mut()) {
        known.extend(object([
            ("availableCreditLine", money(company.credit.sub(used).unwrap_or(Decimal::ZERO)).into()),
            ("usedCreditLine", money(used).into()),
            ("totalCreditLine", money(company.credit).into()),
            ("availableCount", left.into()),
            ("usedCount", paper.into()),
            ("invoicedBlueCount", blue.into()),
            ("invoicedAmount", money(used).into()),
            ("invoicedTax", money(tax).into()),
            ("amountUpdateTime", Beijing::text(known_at.max(start)).into()),
        ]));
    }
    Ok(ask.tell(result))
}

fn report_tax(ask: &Ask<'_>, state: &mut State) -> Answer {
    let company = state.companies.of(ask.caller());
    let asked = issuing::names(ask.body, "extensionNums");
    if !asked.is_empty() && !asked.iter().any(|extension| is_extension(extension)) {
        return Ok(ask.tell(Value::Array(Vec::new())));
    }
    // Devices lock in the middle of the next month; of this one, if the last month is not reported yet.
    let today = Beijing::at(ask.now);
    let months = today.year * 12 + today.month - 1 + i64::from(company.reported);
    let lock = format!("{:04}-{:02}-15", months.div_euclid(12), months.rem_euclid(12) + 1);
    let limit = ask.call.account.invoice_limit.clone().unwrap_or_else(|| ask.shared.table.invoice_limit.clone());
    let limit: Value = serde_json::from_str(&limit).unwrap_or(Value::String(limit));
    let row = |line: &str| {
        json!({
            "taxNo": ask.caller(), "extensionNumber": EXTENSION, "invoiceLine": line, "lockDate": lock,
            "reportTaxStatus": i32::from(company.reported), "clearCardStatus": i32::from(company.reported),
            "offlineAmount": 0, "offlineTime": 0, "singleBillingLimit": limit, "updateTime": Beijing::text(ask.now),
        })
    };
    let rows: Vec<Value> = ["p", "c", "s", "e", "f", "r"].map(row).into();
    Ok(ask.tell(rows.into()))
}

fn client_status(ask: &Ask<'_>, state: &mut State) -> Answer {
    let tax_num = ask.text("sellerTaxNo");
    if tax_num != ask.caller() {
        return Err(ask.no("E9548", "企业税号与密钥不匹配"));
    }
    let extension = ask.text("extensionNumber");
    if !is_extension(&extension) {
        return Err(ask.no("E9236", "分机号设置信息错误"));
    }
    Ok(ask.tell(json!({
        "sellerTaxNo": tax_num, "sellerName": invoice::seller_name(&tax_num), "extensionNumber": extension,
        "clientVersion": "", "onlineStatus": if state.companies.of(&tax_num).online { "1" } else { "0" },
        "date": Beijing::text(ask.now),
    })))
}
