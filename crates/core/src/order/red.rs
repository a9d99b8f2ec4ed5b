//! The red order (红字订单) that reverses a tax-control invoice (税控发票) in full.

use super::amounts::exactly;
use super::view::Part;
use crate::api::enums;
use crate::body::fault;
use crate::decimal::Decimal;
use crate::error::Error;
use crate::json::Json;
use crate::source::Source;

/// Why an invoice is reversed (冲红原因), by name: the platform's numbers and the tax bureau's differ.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum RedReason {
    /// The goods came back (销货退回).
    SalesReturn,
    /// The invoice was wrong (开票有误).
    IssuedInError,
    /// The service was ended (服务中止).
    ServiceTerminated,
    /// The price was lowered later (销售折让).
    SalesAllowance,
}

impl RedReason {
    /// The platform's code: `redReason` of an order and of a red confirmation.
    ///
    /// ```
    /// assert_eq!(nnopen::order::RedReason::IssuedInError.code(), "2");
    /// ```
    pub fn code(self) -> &'static str {
        match self {
            Self::SalesReturn => "1",
            Self::IssuedInError => "2",
            Self::ServiceTerminated => "3",
            Self::SalesAllowance => "4",
        }
    }

    /// The tax bureau's code, as red confirmations show it there: 01 and 02 are the other way round.
    ///
    /// ```
    /// assert_eq!(nnopen::order::RedReason::IssuedInError.bureau_code(), "01");
    /// ```
    pub fn bureau_code(self) -> &'static str {
        match self {
            Self::SalesReturn => "02",
            Self::IssuedInError => "01",
            Self::ServiceTerminated => "03",
            Self::SalesAllowance => "04",
        }
    }

    /// The reason that a code of the platform stands for.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::SalesReturn, Self::IssuedInError, Self::ServiceTerminated, Self::SalesAllowance]
            .into_iter()
            .find(|reason| reason.code() == code)
    }
}

/// The red order (`invoiceType` 2) that reverses `blue` in full: a row of the result query (`queryInvoiceResult`), asked
/// for with its lines (`isOfferInvoiceDetail` 1).
///
/// Each discount is taken off its line, with the price that is left; quantities and amounts are negative, prices
/// positive. Seller, buyer, kind, clerk and the blue invoice's code and number are taken over. `order_no` is a new order
/// number; `invoice_date` is the order time, `yyyy-MM-dd HH:mm:ss` in Beijing time. What is missing for your case (the
/// number of a red information table, how to deliver) is yours to add; [`check`](super::check) tells.
///
/// ```
/// use nnopen::{Json, order};
///
/// let blue = Json::parse(
///     r#"{"invoiceKind": "增值税电子普通发票", "invoiceCode": "033001900111", "invoiceNo": "00000001",
///         "salerTaxNum": "339901999999142", "payerName": "示例购方有限公司", "clerk": "张三", "invoiceItems": [
///         {"itemName": "打印机", "itemPrice": "113", "itemNum": "2", "itemTaxRate": "0.13", "itemAmount": "226.00",
///          "itemTaxAmount": "26.00", "isIncludeTax": "true", "invoiceLineProperty": "0"}]}"#,
/// )
/// .unwrap();
/// let red = order::red(&blue, "A-1-R", "2026-09-22 10:00:00", order::RedReason::SalesReturn).unwrap();
/// assert_eq!(red.get("invoiceNum").unwrap().token(), Some("00000001"));
/// assert_eq!(order::totals(&red).unwrap().to_string(), "-200.00 + -26.00 = -226.00");
/// ```
///
/// # Errors
/// `input`: a digital invoice (数电), which is reversed by a red confirmation (红字确认单); a kind that is not known; no
/// lines, no code or number; a discount without its line; amounts that are missing, below zero, or do not add up to the
/// invoice's.
pub fn red(blue: &dyn Source, order_no: &str, invoice_date: &str, reason: RedReason) -> Result<Json, Error> {
    let flat = crate::body::flat(blue, "")?;
    let blue = Part::new("", flat.whole());
    let kind = kind(&blue)?;
    let (code, number) = (padded(&blue, "invoiceCode", &[10, 12])?, padded(&blue, "invoiceNo", &[8])?);
    let lines = lines(&blue)?;
    let mut members: Vec<(String, Json)> = Vec::new();
    let mut put = |name: &str, text: &str| {
        if !text.is_empty() {
            members.push((name.to_owned(), Json::from(text)));
        }
    };
    for (ours, theirs) in TAKEN_OVER {
        put(ours, blue.text(theirs));
    }
    put("orderNo", order_no);
    put("invoiceDate", invoice_date);
    put("invoiceType", "2");
    put("invoiceLine", kind);
    put("invoiceCode", &code);
    put("invoiceNum", &number);
    put("redReason", reason.code());
    members.push(("invoiceDetail".to_owned(), Json::List(lines)));
    Ok(Json::Object(members))
}

/// The code of the kind, which answers tell by its label.
fn kind(blue: &Part<'_>) -> Result<&'static str, Error> {
    let told = blue.text("invoiceKind").replace('（', "(").replace('）', ")");
    let is = |entry: &&crate::model::CodeName| entry.code == told || entry.name == told;
    let kind = enums::INVOICE_KIND.codes.iter().find(is).map(|entry| entry.name.as_str());
    let digital = kind.is_some_and(|kind| ["bs", "pc", "es", "ec"].contains(&kind));
    match kind {
        Some(kind) if !digital && !blue.has("allElectronicInvoiceNumber") => Ok(kind),
        Some(_) => Err(fault(
            "invoiceKind",
            "R88",
            "数电票用红字确认单冲红，不用红字订单",
            "a digital invoice is reversed by a red confirmation, not by a red order",
        )),
        None => Err(fault("invoiceKind", "code", "发票种类无法识别", "is no kind of invoice that is known")),
    }
}

/// A code or number with the zeros on its left that were lost.
fn padded(blue: &Part<'_>, name: &str, lengths: &[usize]) -> Result<String, Error> {
    let text = blue.text(name);
    let length = lengths.iter().copied().find(|length| *length >= text.len());
    match length.filter(|_| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())) {
        // A code of fewer than ten digits is none; a number may have lost all but its last digit.
        Some(length) if length == 8 || text.len() >= 10 => Ok(format!("{text:0>length$}")),
        _ => Err(fault(
            name,
            "R119",
            "蓝票的代码或号码缺失或不正确",
            "is missing, or no code or number of a blue invoice",
        )),
    }
}

/// The red lines: discounts taken off their lines, everything negative but the price.
fn lines(blue: &Part<'_>) -> Result<Vec<Json>, Error> {
    let rows = blue.rows("invoiceItems");
    let mut lines: Vec<Line<'_>> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let line = Line::of(row)?;
        if row.property() != "1" {
            lines.push(line);
            continue;
        }
        let before = at.checked_sub(1).and_then(|before| rows.get(before)).filter(|before| before.property() == "2");
        let whole = lines.last_mut().filter(|_| before.is_some());
        let whole = whole.ok_or_else(|| {
            fault(&row.at("invoiceLineProperty"), "R26", "折扣行之前没有被折扣行", "a discount line without its line")
        })?;
        whole.discount(&line).ok_or_else(super::amounts::too_long)?;
    }
    if lines.is_empty() {
        return Err(fault(
            "invoiceItems",
            "R33",
            "没有明细：查询时请传 isOfferInvoiceDetail=1",
            "there are no lines: ask for them with isOfferInvoiceDetail 1",
        ));
    }
    if let Some(line) = lines.iter().find(|line| line.excluded.is_negative() || line.tax.is_negative()) {
        let (zh, en) = ("蓝票的明细应为正数：这张是红票吗？", "is below zero: is this a red invoice already?");
        return Err(fault(&line.row.at("itemAmount"), "R29", zh, en));
    }
    agree(blue, &lines)?;
    // A line whose discount was all of it leaves nothing to reverse.
    lines.retain(|line| !(line.excluded.is_zero() && line.tax.is_zero()));
    lines.into_iter().map(|line| line.red().ok_or_else(super::amounts::too_long)).collect()
}

/// The lines add up to the invoice, where it tells its totals: else one of them is not there.
fn agree(blue: &Part<'_>, lines: &[Line<'_>]) -> Result<(), Error> {
    for (name, of) in
        [("exTaxAmount", (|line| line.excluded) as fn(&Line<'_>) -> Decimal), ("taxAmount", |line| line.tax)]
    {
        let sum = lines.iter().map(of).try_fold(Decimal::default(), Decimal::checked_add);
        let sum = sum.ok_or_else(super::amounts::too_long)?;
        if let Some(told) = blue.number(name).filter(|told| *told != sum) {
            let (zh, en) =
                (format!("明细合计 {sum} 与发票 {told} 不符"), format!("is {told}, but the lines add up to {sum}"));
            return Err(fault(name, "R6", &zh, &en));
        }
    }
    Ok(())
}

/// A blue line, its discount taken off.
struct Line<'a> {
    row: &'a Part<'a>,
    excluded: Decimal,
    tax: Decimal,
    with_tax: bool,
    discounted: bool,
}

impl<'a> Line<'a> {
    fn of(row: &'a Part<'a>) -> Result<Self, Error> {
        let amount = |name: &str| {
            let cents = row.number(name).and_then(|number| exactly(number, 2));
            cents.ok_or_else(|| {
                fault(
                    &row.at(name),
                    "R15",
                    "金额缺失，或不是 2 位小数",
                    "is missing, or has more than 2 decimal places",
                )
            })
        };
        // Answers hold 0.00 where nothing is deducted.
        if row.number("deduction").is_some_and(|deduction| !deduction.is_zero()) {
            let (zh, en) =
                ("差额征税发票的红票请手工填写", "write the red order of an invoice with difference taxation by hand");
            return Err(fault(&row.at("deduction"), "R10", zh, en));
        }
        let (amount, tax) = (amount("itemAmount")?, amount("itemTaxAmount")?);
        let with_tax = row.is_true("isIncludeTax") || ["true", "1"].contains(&row.text("isIncludeTax"));
        let excluded = if with_tax { amount.checked_sub(tax) } else { Some(amount) };
        let excluded = excluded.ok_or_else(super::amounts::too_long)?;
        Ok(Self { row, excluded, tax, with_tax, discounted: false })
    }

    fn discount(&mut self, discount: &Line<'_>) -> Option<()> {
        self.excluded = self.excluded.checked_add(discount.excluded)?;
        self.tax = self.tax.checked_add(discount.tax)?;
        self.discounted = true;
        Some(())
    }

    fn red(&self) -> Option<Json> {
        let (excluded, tax) = (-self.excluded, -self.tax);
        let included = excluded.checked_add(tax)?;
        let num = self.row.number("itemNum").filter(|num| num.signum() > 0);
        let price = match (self.row.number("itemPrice"), num) {
            (Some(_), Some(num)) if self.discounted => {
                let amount = if self.with_tax { included } else { excluded };
                Some((-amount).checked_div(num, 8)?)
            }
            (price, num) => price.filter(|_| num.is_some()),
        };
        let mut members: Vec<(String, Json)> = Vec::new();
        let mut put = |name: &str, text: &str| {
            if !text.is_empty() {
                members.push((name.to_owned(), Json::from(text)));
            }
        };
        for (ours, theirs) in LINE_TAKEN_OVER {
            put(ours, self.row.text(theirs));
        }
        put("withTaxFlag", if self.with_tax { "1" } else { "0" });
        if let Some((price, num)) = price.zip(num) {
            put("price", &price.shortest().to_string());
            put("num", &(-num).shortest().to_string());
        }
        for (name, amount) in [("tax", tax), ("taxExcludedAmount", excluded), ("taxIncludedAmount", included)] {
            put(name, &amount.to_string());
        }
        put("invoiceLineProperty", "0");
        Some(Json::Object(members))
    }
}

/// What a red order repeats of its blue invoice: the platform compares the buyer's members.
const TAKEN_OVER: [(&str, &str); 16] = [
    ("buyerName", "payerName"),
    ("buyerTaxNum", "payerTaxNo"),
    ("buyerTel", "telephone"),
    ("buyerAddress", "address"),
    ("buyerAccount", "bankAccount"),
    ("salerTaxNum", "salerTaxNum"),
    ("salerTel", "salerTel"),
    ("salerAddress", "salerAddress"),
    ("salerAccount", "salerAccount"),
    ("clerk", "clerk"),
    ("payee", "payee"),
    ("checker", "checker"),
    ("extensionNumber", "extensionNumber"),
    ("buyerPhone", "phone"),
    ("email", "notifyEmail"),
    ("departmentId", "deptId"),
];

const LINE_TAKEN_OVER: [(&str, &str); 9] = [
    ("goodsName", "itemName"),
    ("goodsCode", "itemCode"),
    ("selfCode", "itemSelfCode"),
    ("unit", "itemUnit"),
    ("specType", "itemSpec"),
    ("taxRate", "itemTaxRate"),
    ("favouredPolicyFlag", "favouredPolicyFlag"),
    ("favouredPolicyName", "favouredPolicyName"),
    ("zeroRateFlag", "zeroRateFlag"),
];

#[cfg(test)]
mod tests;
