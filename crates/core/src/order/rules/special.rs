//! Special businesses (特定业务) and the objects that go with them.

use super::Found;
use crate::order::names::{
    BUILDING, BUSINESS, ELEMENT_NAME, ELEMENTS, LINES, NUM, Name, PRICE, RENT, SALE, SPEC, TRANSPORTS, TRAVELLERS, UNIT,
};
use crate::order::view::{Order, Part};

/// The business fits the kind of invoice, and no object is there without its business.
pub(crate) fn r105(order: &Order<'_>, found: &mut Found) {
    let (business, kind) = (order.business(), order.kind());
    let fits = match business {
        "2" => matches!(order.kind(), "c" | "s" | "bs"),
        "3" | "4" | "5" | "6" | "9" | "16" => order.is_digital(),
        _ => true,
    };
    if !fits {
        found.add(
            order.at(BUSINESS),
            format!("特定业务 {business} 不用于票种 {kind}"),
            format!("{business} does not belong to the kind {kind}"),
        );
    }
    for (name, wanted) in OBJECTS {
        if order.head.has_rows(name) && business != wanted {
            found.add(
                order.at(name),
                format!("只随 specificFactor={wanted} 使用，现为 {business}"),
                format!("goes with specificFactor {wanted}, not {business}"),
            );
        }
    }
}

/// Refined oil has a unit and a quantity, and at most eight lines.
pub(crate) fn r106(order: &Order<'_>, found: &mut Found) {
    if order.business() != "1" {
        return;
    }
    for line in order.goods() {
        let unit = line.text(UNIT);
        if !["升", "吨"].contains(&unit) {
            found.add(
                line.at(UNIT),
                format!("成品油的单位是升或吨，而不是“{unit}”"),
                format!("is 升 or 吨 for refined oil, not \"{unit}\""),
            );
        }
        if !line.has(NUM) {
            found.add(line.at(NUM), "成品油必须填写数量", "is needed for refined oil");
        }
    }
    let count = order.lines.len();
    if count > 8 {
        found.add(
            order.at(LINES),
            format!("成品油最多 8 行，现有 {count}"),
            format!("has {count} lines, refined oil at most 8"),
        );
    }
}

/// Construction: one line of amounts only, and the address of the site.
pub(crate) fn r107(order: &Order<'_>, found: &mut Found) {
    if order.business() != "3" {
        return;
    }
    one_line(order, &[SPEC, UNIT, NUM, PRICE], found);
    if let Some(site) = order.head.part(BUILDING) {
        address(&site, "buildingAddress", "detailedAddress", found);
    }
}

/// Sale of property: one line, and an address that can be found.
pub(crate) fn r110(order: &Order<'_>, found: &mut Found) {
    if order.business() != "5" {
        return;
    }
    one_line(order, &[SPEC, UNIT], found);
    if let Some(property) = order.head.part(SALE) {
        address(&property, "realPropertyAddress", "detailAddress", found);
        street(&property, found);
    }
}

/// Lease of property: one line, an address that can be found, and a lease that begins before it ends.
pub(crate) fn r111(order: &Order<'_>, found: &mut Found) {
    if order.business() != "6" {
        return;
    }
    one_line(order, &[SPEC, UNIT], found);
    let Some(property) = order.head.part(RENT) else { return };
    address(&property, "realPropertyAddress", "detailAddress", found);
    street(&property, found);
    let (from, to) = (property.text("rentStartDate"), property.text("rentEndDate"));
    if from.len() == 10 && to.len() == 10 && from > to {
        found.add(
            property.at("rentEndDate"),
            format!("租期结束 {to} 早于开始 {from}"),
            format!("the lease ends {to}, before it begins, {from}"),
        );
    }
}

/// Classes of aircraft, trains and ships come from fixed lists.
pub(crate) fn r113(order: &Order<'_>, found: &mut Found) {
    for row in order.head.rows(TRAVELLERS) {
        let level = row.text("vehicleLevel");
        let levels: &[&str] = match row.text("vehicleType") {
            "1" => &["公务舱", "头等舱", "经济舱"],
            "2" => &["一等座", "二等座", "软席（软座、软卧）", "硬席（硬座、硬卧）"],
            "7" => &["一等舱", "二等舱", "三等舱"],
            _ => continue,
        };
        // Half-width brackets are taken for full-width ones.
        let spelt = level.replace('(', "（").replace(')', "）");
        if !level.is_empty() && !levels.contains(&spelt.as_str()) {
            let all = levels.join("、");
            found.add(
                row.at("vehicleLevel"),
                format!("座位等级应为 {all}，而不是“{level}”"),
                format!("is one of {all}, not \"{level}\""),
            );
        }
    }
}

/// Extra elements have a template's name and a list, and belong to digital e-invoices.
pub(crate) fn r116(order: &Order<'_>, found: &mut Found) {
    let (named, listed) = (order.head.has(ELEMENT_NAME), order.head.has_rows(ELEMENTS));
    let fits = matches!(order.kind(), "bs" | "pc");
    if named != listed {
        let (there, lacking) = if named { (ELEMENT_NAME, ELEMENTS) } else { (ELEMENTS, ELEMENT_NAME) };
        let (zh, en) =
            (format!("与 {} 同时有无", there.wire()), format!("goes with {}: both or neither", there.wire()));
        // On other kinds nobody looks at them.
        if fits { found.coded(Some("22"), order.at(lacking), zh, en) } else { found.warn(order.at(lacking), zh, en) }
    }
    if named && !fits {
        let kind = order.kind();
        found.warn(
            order.at(ELEMENT_NAME),
            format!("附加要素仅用于数电电票，而不是 {kind}"),
            format!("belongs to digital e-invoices, not to {kind}"),
        );
    }
}

/// One line of goods, with these members empty.
fn one_line(order: &Order<'_>, empty: &[Name], found: &mut Found) {
    let (business, count) = (order.business(), order.goods().count());
    if count > 1 {
        found.add(
            order.at(LINES),
            format!("特定业务 {business} 只能有一行明细，现有 {count} 行"),
            format!("has {count} lines; the business {business} takes one"),
        );
    }
    for line in order.lines.iter() {
        for name in empty.iter().copied().filter(|name| line.has(*name)) {
            let value = line.text(name);
            found.add(
                line.at(name),
                format!("特定业务 {business} 的明细不填此项，现为“{value}”"),
                format!("is empty for the business {business}, not \"{value}\""),
            );
        }
    }
}

/// Region and street address have at most 120 characters together.
fn address(part: &Part<'_>, region: &str, street: &str, found: &mut Found) {
    let count = part.text(region).chars().count() + part.text(street).chars().count();
    if count > 120 {
        found.add(
            part.at(street),
            format!("地址合计最多 120 个字符，现有 {count}"),
            format!("has {count} characters with the region, at most 120 are allowed"),
        );
    }
}

/// A street address names a street or a village.
fn street(part: &Part<'_>, found: &mut Found) {
    let text = part.text("detailAddress");
    if !text.is_empty() && !text.contains(['街', '路', '村', '乡', '镇', '道']) {
        found.add(part.at("detailAddress"), "详细地址须含街、路、村、乡、镇、道之一", "names one of 街 路 村 乡 镇 道");
    }
}

const OBJECTS: [(Name, &str); 5] = [(BUILDING, "3"), (TRANSPORTS, "4"), (SALE, "5"), (RENT, "6"), (TRAVELLERS, "9")];
