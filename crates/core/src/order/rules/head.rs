//! Kind of invoice, channel, delivery.

use super::Found;
use crate::order::names::{
    CALL_BACK, CC_EMAIL, CC_PHONE, EMAIL, EXTENSION, KIND, PAPER, PHONE, PROXY, PUSH_MODE, REMARK, SHOWN_ACCOUNT, TYPE,
};
use crate::order::view::Order;

/// The extension number is digits.
pub(crate) fn r55(order: &Order<'_>, found: &mut Found) {
    let text = order.text(EXTENSION);
    if text.bytes().any(|byte| !byte.is_ascii_digit()) {
        found.add(
            order.at(EXTENSION),
            format!("分机号只能是数字，而不是 {text}"),
            format!("an extension number is digits, not {text}"),
        );
    }
}

/// Who is to get the invoice is told: a telephone for messages, an address for mail.
pub(crate) fn r74(order: &Order<'_>, found: &mut Found) {
    let (phone, mail) = (order.head.has(PHONE), order.head.has(EMAIL));
    match order.text(PUSH_MODE) {
        "1" if !phone => found.coded(
            Some("E9309"),
            order.at(PHONE),
            "pushMode=1 时必填购方手机；不推送请填 -1",
            "is needed with pushMode 1; -1 delivers nothing",
        ),
        "0" if !mail => found.coded(
            None,
            order.at(EMAIL),
            "pushMode=0 时必填邮箱；不推送请填 -1",
            "is needed with pushMode 0; -1 delivers nothing",
        ),
        "2" if !phone && !mail => found.coded(
            Some("E9309"),
            order.at(PHONE),
            "pushMode=2 时须有手机和邮箱，现在都没有",
            "is needed with pushMode 2, and so is a mail address; there is neither",
        ),
        _ => {}
    }
    let text = order.text(PHONE);
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if phone && (digits < 7 || text.chars().any(char::is_alphabetic)) {
        found.warn(order.at(PHONE), format!("“{text}”不是手机号"), format!("{text} is no telephone number"));
    }
    let text = order.text(EMAIL);
    if mail && (!text.contains('@') || text.contains(char::is_whitespace)) {
        found.warn(order.at(EMAIL), format!("“{text}”不是邮箱地址"), format!("{text} is no mail address"));
    }
}

/// Copies go to at most five, and only beside a main receiver.
pub(crate) fn r75(order: &Order<'_>, found: &mut Found) {
    for (copies, main) in [(CC_PHONE, PHONE), (CC_EMAIL, EMAIL)] {
        let text = order.text(copies);
        let count = text.split([',', '，']).filter(|part| !part.trim().is_empty()).count();
        if count > 5 {
            found.add(
                order.at(copies),
                format!("抄送最多 5 个，现有 {count} 个"),
                format!("has {count} receivers, at most 5 are allowed"),
            );
        } else if count > 0 && !order.head.has(main) {
            found.add(
                order.at(copies),
                format!("只有填写 {} 时才能抄送", main.wire()),
                format!("goes with {} only", main.wire()),
            );
        } else if text.contains('，') {
            found.warn(order.at(copies), "应以英文逗号分隔", "is separated by plain commas");
        }
    }
}

/// The call-back address is an address.
pub(crate) fn r85(order: &Order<'_>, found: &mut Found) {
    let text = order.text(CALL_BACK);
    if !text.is_empty() && !text.starts_with("https://") && !text.starts_with("http://") {
        found.add(
            order.at(CALL_BACK),
            "回传地址应以 http:// 或 https:// 开头",
            "an address begins with http:// or https://",
        );
    }
}

/// The kind of invoice is better told: left out, it is the old one.
pub(crate) fn r86(order: &Order<'_>, found: &mut Found) {
    if !order.older && !order.head.has(KIND) {
        found.add(
            order.at(KIND),
            "没有填写票种，平台按 p（税控电子普票）处理；数电票请填 pc、bs、es 或 ec",
            "is missing: the platform takes p, the old tax-control kind; digital invoices are pc, bs, es, ec",
        );
    }
}

/// The paper fits the kind.
pub(crate) fn r87(order: &Order<'_>, found: &mut Found) {
    let paper = order.text(PAPER);
    let papers: &[&str] = match order.kind() {
        "ec" => &["04", "05"],
        "es" => &["1130", "1140", "1160", "1170"],
        _ if paper.is_empty() => return,
        kind => {
            return found.warn(
                order.at(PAPER),
                format!("只用于 es、ec，票种 {kind} 不填"),
                format!("belongs to es and ec, not to {kind}"),
            );
        }
    };
    if !paper.is_empty() && !papers.contains(&paper) {
        let (kind, all) = (order.kind(), papers.join("、"));
        found.add(
            order.at(PAPER),
            format!("票种 {kind} 的纸张类型是 {all}，而不是 {paper}"),
            format!("the paper of {kind} is one of {}, not {paper}", papers.join(", ")),
        );
    }
}

/// Digital invoices are not reversed by a red order.
pub(crate) fn r88(order: &Order<'_>, found: &mut Found) {
    if order.is_red() && order.is_digital() {
        let kind = order.kind();
        found.add(
            order.at(TYPE),
            format!("数电票（{kind}）不能用 invoiceType=2 冲红：请走红字确认单或快捷冲红"),
            format!("a digital invoice ({kind}) is reversed by a red confirmation, never with invoiceType 2"),
        );
    }
}

/// An invoice on behalf of another names that company in its remark.
pub(crate) fn r92(order: &Order<'_>, found: &mut Found) {
    let remark = order.text(REMARK);
    if order.text(PROXY) == "1" && !remark.contains("代开企业") {
        found.add(
            order.at(REMARK),
            "代开发票的备注须写明代开企业税号和代开企业名称",
            "an invoice on behalf of another names 代开企业税号 and 代开企业名称 in its remark",
        );
    }
}

/// Bank accounts are shown on digital invoices only.
pub(crate) fn r71(order: &Order<'_>, found: &mut Found) {
    let shown = order.text(SHOWN_ACCOUNT);
    if !shown.is_empty() && shown != "0" && !order.is_digital() {
        found.add(order.at(SHOWN_ACCOUNT), "仅数电票有效", "has a meaning for digital invoices only");
    }
}
