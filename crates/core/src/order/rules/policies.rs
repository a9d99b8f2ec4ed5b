//! Zero rate, policies (优惠政策), difference taxation (差额征税).

use super::Found;
use crate::decimal::Decimal;
use crate::order::names::{DEDUCTION, DIFFERENCE, POLICY, POLICY_NAME, SURVEY, TAX, TAX_RATE, VOUCHERS, ZERO_RATE};
use crate::order::view::{Order, Part};

/// Tax-control lines at rate 0 say why; others say nothing.
pub(crate) fn r94(order: &Order<'_>, found: &mut Found) {
    if order.is_digital() {
        return;
    }
    for line in &order.lines {
        let flag = zero_flag(line);
        let policy = line.text(POLICY_NAME);
        match line.number(TAX_RATE) {
            Some(rate) if rate.is_zero() => {
                let optional = order.is_red() || matches!(order.kind(), "u" | "j");
                let fits = match (policy.contains(EXEMPT), policy.contains(NOT_TAXABLE)) {
                    (true, _) => flag == "1",
                    (_, true) => flag == "2",
                    _ => true,
                };
                if flag.is_empty() && !optional {
                    found.add(
                        line.at(ZERO_RATE),
                        "税率为 0 时必填：免税 1、不征税 2、普通零税率 3",
                        "is required at rate 0: 1 exempt, 2 not taxable, 3 an ordinary zero rate",
                    );
                } else if !flag.is_empty() && !fits {
                    found.warn(
                        line.at(ZERO_RATE),
                        format!("零税率标识 {flag} 与优惠政策“{policy}”不符"),
                        format!("{flag} does not go with the policy {policy}"),
                    );
                }
            }
            Some(rate) if !flag.is_empty() => {
                found.warn(line.at(ZERO_RATE), format!("税率 {rate} 时应为空"), format!("is empty at the rate {rate}"));
            }
            _ => {}
        }
    }
}

/// Tax-control lines: a policy has a name, and no policy has none.
pub(crate) fn r95(order: &Order<'_>, found: &mut Found) {
    for line in order.lines.iter().filter(|_| !order.is_digital()) {
        let policy = policy_name(line);
        if !policy.is_empty() && matches!(line.text(POLICY), "" | "0") {
            found.add(
                line.at(POLICY),
                format!("填写了优惠政策名称“{policy}”，标识应为 1"),
                format!("is 1 where a policy is named ({policy})"),
            );
        }
    }
}

/// A digital line has a policy of two digits, and no name.
pub(crate) fn r96(order: &Order<'_>, found: &mut Found) {
    for line in &order.lines {
        let (flag, policy) = (line.text(POLICY), policy_name(line));
        match order.is_digital() {
            true if flag == "1" => found.add(
                line.at(POLICY),
                "数电票的优惠政策是两位代码 01 至 18：1 与 01 不是一回事",
                "a digital invoice has a policy of two digits, 01 to 18: 1 is not 01",
            ),
            true if !policy.is_empty() => found.warn(
                line.at(POLICY_NAME),
                format!("数电票不填优惠政策名称，现为“{policy}”"),
                format!("is empty on a digital invoice, not {policy}"),
            ),
            false if flag.len() == 2 => found.warn(
                line.at(POLICY),
                format!("税控票的优惠政策标识是 0 或 1，而不是 {flag}"),
                format!("is 0 or 1 on a tax-control invoice, not {flag}"),
            ),
            _ => {}
        }
    }
}

/// A digital line has no zero-rate flag, though some send one.
pub(crate) fn r97(order: &Order<'_>, found: &mut Found) {
    for line in order.lines.iter().filter(|line| order.is_digital() && !zero_flag(line).is_empty()) {
        let flag = line.text(ZERO_RATE);
        found.add(
            line.at(ZERO_RATE),
            format!("数电票不填零税率标识，现为 {flag}"),
            format!("is empty on a digital invoice, not {flag}"),
        );
    }
}

/// What is exempt or not taxable has the rate 0 and no tax.
pub(crate) fn r98(order: &Order<'_>, found: &mut Found) {
    for line in &order.lines {
        let Some(rate) = line.number(TAX_RATE) else { continue };
        let untaxed = || match order.is_digital() {
            true => matches!(line.text(POLICY), "03" | "04"),
            false => line.text(POLICY) == "1" && matches!(line.text(POLICY_NAME), EXEMPT | NOT_TAXABLE),
        };
        if rate.is_zero() {
            if let Some(tax) = line.number(TAX).filter(|tax| !tax.is_zero()) {
                found.add(line.at(TAX), format!("税率为 0，税额不能是 {tax}"), format!("is 0 at rate 0, not {tax}"));
            }
        } else if untaxed() {
            found.coded(
                Some("22"),
                line.at(TAX_RATE),
                format!("免税或不征税的行税率应为 0，而不是 {rate}"),
                format!("is 0 for what is exempt or not taxable, not {rate}"),
            );
        }
    }
}

/// A small-scale taxpayer tells why 3 % is charged where less would do.
pub(crate) fn r99(order: &Order<'_>, found: &mut Found) {
    let three = Decimal::new(3, 2);
    let plain = |line: &&Part<'_>| line.number(TAX_RATE) == Some(three) && matches!(line.text(POLICY), "" | "0");
    if !order.is_red() && !order.head.has(SURVEY) && order.lines.iter().find(plain).is_some() {
        found.add(
            order.at(SURVEY),
            "小规模纳税人开具 3% 征收率时须填写理由（1、2 或 3）",
            "a small-scale taxpayer who charges 3 % tells why (1, 2 or 3)",
        );
    }
}

/// Difference taxation takes one line and its discount.
pub(crate) fn r102(order: &Order<'_>, found: &mut Found) {
    let count = order.goods().count();
    let Some(line) = order.goods().find(|line| line.deduction().is_some()) else { return };
    if count < 2 || order.is_digital() {
        return;
    }
    let zh = format!("差额征税只支持一行商品，现有 {count} 行");
    let en = format!("difference taxation takes one line of goods, not {count}");
    // Callers write 0.00 on every line without meaning it.
    if order.goods().any(|line| line.number(DEDUCTION).is_some_and(|deduction| !deduction.is_zero())) {
        found.add(line.at(DEDUCTION), zh, en);
    } else {
        found.warn(
            line.at(DEDUCTION),
            format!("{zh}（0.00 表示差额，0 才是无）"),
            format!("{en} (0.00 means difference, 0 none)"),
        );
    }
}

/// Digital invoices deduct by vouchers, not by `deduction`; others have no vouchers.
pub(crate) fn r103(order: &Order<'_>, found: &mut Found) {
    let kind = order.text(DIFFERENCE);
    if !order.is_digital() {
        if !kind.is_empty() {
            found.warn(order.at(DIFFERENCE), "仅用于数电票", "belongs to digital invoices");
        }
        return;
    }
    for line in order.lines.iter().filter(|line| line.number(DEDUCTION).is_some_and(|number| !number.is_zero())) {
        let deduction = line.text(DEDUCTION);
        found.add(
            line.at(DEDUCTION),
            format!("数电票不用扣除额（{deduction}）：差额请填 invoiceDifferenceType=02 和差额凭证"),
            format!("a digital invoice deducts by invoiceDifferenceType 02 and its vouchers, not by {deduction} here"),
        );
    }
    if kind == "01" {
        found.warn(
            order.at(DIFFERENCE),
            "全额开票（01）在文档中注明暂不支持",
            "01 (in full) is documented as not supported yet",
        );
    }
}

/// Vouchers are numbered from 1, deduct no more than they hold, and come from one source.
pub(crate) fn r104(order: &Order<'_>, found: &mut Found) {
    let rows = order.head.rows(VOUCHERS);
    // Vouchers that nothing asks for are hardly looked at.
    let asked = order.is_digital() && order.text(DIFFERENCE) == "02";
    let mut found = Tell { found, asked };
    let source = rows.first().map(|row| row.text("voucherSource")).unwrap_or_default();
    for (at, row) in rows.iter().enumerate() {
        let index = row.text("detailIndex");
        if !index.is_empty() && index != (at + 1).to_string() {
            let right = at + 1;
            found.tell(
                row.at("detailIndex"),
                format!("序号应从 1 递增：{right}，而不是 {index}"),
                format!("is {right}, counted from 1, not {index}"),
            );
        }
        let number = row.text("allElectronicInvoiceNumber");
        if row.text("voucherType") == "01" && !number.is_empty() && !is_digits(number, 20) {
            found.tell(row.at("allElectronicInvoiceNumber"), "数电票号码为 20 位数字", "has 20 digits");
        }
        if let Some((part, whole)) = row.number("differenceTaxtotal").zip(row.number("taxtotal"))
            && part > whole
        {
            found.tell(
                row.at("differenceTaxtotal"),
                format!("本次扣除 {part} 大于凭证金额 {whole}"),
                format!("deducts {part}, more than the voucher holds, {whole}"),
            );
        }
        let theirs = row.text("voucherSource");
        if !theirs.is_empty() && theirs != source {
            found.tell(
                row.at("voucherSource"),
                format!("凭证来源须一致：{source}，而不是 {theirs}"),
                format!("is the same on every row: {source}, not {theirs}"),
            );
        }
    }
}

/// Tells an error where the vouchers are asked for, else a warning.
struct Tell<'a> {
    found: &'a mut Found,
    asked: bool,
}

impl Tell<'_> {
    fn tell(&mut self, path: String, zh: impl Into<String>, en: impl Into<String>) {
        if self.asked { self.found.add(path, zh, en) } else { self.found.warn(path, zh, en) }
    }
}

/// Some write 0 where nothing is meant.
fn zero_flag<'a>(line: &Part<'a>) -> &'a str {
    Some(line.text(ZERO_RATE)).filter(|flag| *flag != "0").unwrap_or_default()
}

fn policy_name<'a>(line: &Part<'a>) -> &'a str {
    Some(line.text(POLICY_NAME)).filter(|name| *name != "0").unwrap_or_default()
}

pub(crate) fn is_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
}

const EXEMPT: &str = "免税";
const NOT_TAXABLE: &str = "不征税";
