//! The buyer (购方): numbers, names, bank.

use super::Found;
use crate::order::names::{BUYER_ACCOUNT, BUYER_ADDRESS, BUYER_NAME, BUYER_NUMBER, BUYER_TEL, PERSON, PERSON_VERIFY};
use crate::order::view::Order;

/// A tax number is 6 to 20 digits and capital letters.
pub(crate) fn r63(order: &Order<'_>, found: &mut Found) {
    let number = order.text(BUYER_NUMBER);
    if number.is_empty() || is_person(order) {
        return;
    }
    let count = number.chars().count();
    // The last of eighteen may be the x of an identity card.
    let card = count == 18 && number.ends_with('x') && number.chars().filter(char::is_ascii_digit).count() == 17;
    if card {
        return found.warn(
            order.at(BUYER_NUMBER),
            "身份证号末位应为大写 X",
            "an identity card's number ends with a capital X",
        );
    }
    let strange = number.chars().find(|char| !char.is_ascii_digit() && !char.is_ascii_uppercase());
    if let Some(char) = strange {
        let shown = char.escape_debug();
        found.coded(
            Some("E9307"),
            order.at(BUYER_NUMBER),
            format!("税号只能是数字和大写字母，其中有 '{shown}'"),
            format!("a tax number is digits and capital letters; there is '{shown}' in it"),
        );
    } else if !(6..=20).contains(&count) {
        found.add(
            order.at(BUYER_NUMBER),
            format!("税号应为 6 至 20 位，现有 {count} 位"),
            format!("a tax number has 6 to 20 characters, not {count}"),
        );
    } else if ![15, 17, 18, 20].contains(&count) {
        found.warn(
            order.at(BUYER_NUMBER),
            format!("税号通常为 15、17、18 或 20 位，现有 {count} 位"),
            format!("a tax number mostly has 15, 17, 18 or 20 characters, not {count}"),
        );
    }
}

/// A number of eighteen characters is mostly a unified social credit code (统一社会信用代码) with a check character.
pub(crate) fn r64(order: &Order<'_>, found: &mut Found) {
    let number = order.text(BUYER_NUMBER);
    let shaped = number.len() == 18 && number.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    if shaped && !is_person(order) && !is_credit_code(number) && !is_identity_card(number) {
        found.add(
            order.at(BUYER_NUMBER),
            "18 位税号的校验位不符，请核对",
            "the check character of this number of 18 does not fit: look at it again",
        );
    }
}

/// The flag of a natural person belongs to digital ordinary invoices and a person's number.
pub(crate) fn r67(order: &Order<'_>, found: &mut Found) {
    if order.text(PERSON) != "1" {
        return;
    }
    let number = order.text(BUYER_NUMBER);
    if order.kind() != "pc" {
        let kind = order.kind();
        found.add(
            order.at(PERSON),
            format!("自然人标志只用于 pc，而不是 {kind}"),
            format!("1 belongs to kind pc, not to {kind}"),
        );
    } else if number.is_empty() {
        found.warn(
            order.at(BUYER_NUMBER),
            "自然人标志为 1 时应填身份证号，否则不能归集到个人票夹",
            "a natural person's number is wanted, or the invoice does not reach the personal folder",
        );
    } else if number.starts_with('9') && is_credit_code(number) {
        found.warn(
            order.at(PERSON),
            "购方税号是统一社会信用代码：个体工商户应传 0",
            "the buyer's number is that of an organisation: sole traders have 0",
        );
    }
}

/// With the name check on, a short name needs the flag of a natural person.
pub(crate) fn r68(order: &Order<'_>, found: &mut Found) {
    let on = order.text(PERSON_VERIFY) == "1" && order.text(PERSON) != "1";
    let count = order.text(BUYER_NAME).chars().count();
    if on && order.kind() == "pc" && (1..=4).contains(&count) {
        found.add(
            order.at(BUYER_NAME),
            format!("已开启名称校验，{count} 个字的购方名称会被限制，除非 naturalPersonFlag=1"),
            format!("the name check refuses a name of {count} characters unless naturalPersonFlag is 1"),
        );
    }
}

/// Address and telephone have at most 100 characters together.
pub(crate) fn r69(order: &Order<'_>, found: &mut Found) {
    let count = order.text(BUYER_ADDRESS).chars().count() + order.text(BUYER_TEL).chars().count();
    if count <= 100 {
        return;
    }
    let (zh, en) = (
        format!("购方地址与电话合计最多 100 个字符，现有 {count}"),
        format!("address and telephone have {count} characters together, at most 100 are allowed"),
    );
    if matches!(order.kind(), "s" | "b") {
        found.add(order.at(BUYER_ADDRESS), zh, en);
    } else {
        found.warn(order.at(BUYER_ADDRESS), zh, en);
    }
}

/// Bank and account number are parted by a blank.
pub(crate) fn r70(order: &Order<'_>, found: &mut Found) {
    let account = order.text(BUYER_ACCOUNT).trim();
    if order.is_digital() && !account.is_empty() && !account.contains(char::is_whitespace) {
        found.add(
            order.at(BUYER_ACCOUNT),
            "开户行名称与账号之间应留一个空格，否则税局无法拆分",
            "bank and account number want a blank between them: the bureau can't part them otherwise",
        );
    }
}

/// Where the buyer's number may be that of a person's document.
fn is_person(order: &Order<'_>) -> bool {
    order.text(PERSON) == "1" || order.business() == "16" || matches!(order.kind(), "e" | "f" | "j" | "u")
}

/// GB 32100-2015.
fn is_credit_code(number: &str) -> bool {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    let Some((first, last)) = number.as_bytes().split_at_checked(17) else { return false };
    let place = |byte: &u8| ALPHABET.iter().position(|letter| letter == byte);
    let sum = first.iter().zip(WEIGHTS).try_fold(0, |sum, (byte, weight)| Some(sum + place(byte)? * weight));
    matches!((sum, last), (Some(sum), [last]) if place(last) == Some((31 - sum % 31) % 31))
}

/// GB 11643-1999.
fn is_identity_card(number: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digits: Vec<u32> = number.chars().filter_map(|char| char.to_digit(10)).collect();
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    let check = "10X98765432".chars().nth(usize::try_from(sum % 11).unwrap_or_default());
    digits.len() >= 17 && number.len() == 18 && number.chars().last() == check
}
