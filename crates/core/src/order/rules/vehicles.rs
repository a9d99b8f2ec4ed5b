//! Motor vehicles and used cars (机动车、二手车).

use super::Found;
use crate::order::names::{BUSINESS, BUYER_NUMBER, GOODS_NAME, LINES, SELLER_NUMBER, TAX_RATE, USED_CAR, VEHICLE};
use crate::order::view::{Order, Part};

/// A motor-vehicle invoice: one line that is called as the vehicle, and a buyer with a number.
pub(crate) fn r90(order: &Order<'_>, found: &mut Found) {
    if order.kind() != "j" {
        return;
    }
    one_line(order, found);
    let Some(vehicle) = order.head.part(VEHICLE) else { return };
    named(order, &vehicle, found);
    match (order.head.has(BUYER_NUMBER), vehicle.has("idNumOrgCode")) {
        (false, false) => found.add(
            order.at(BUYER_NUMBER),
            "机动车票必填购方税号或身份证号，除非填写 vehicleInfo.idNumOrgCode",
            "is needed on a motor-vehicle invoice unless vehicleInfo.idNumOrgCode is there",
        ),
        (true, true) => found.warn(
            vehicle.at("idNumOrgCode"),
            "填写 idNumOrgCode 时购方税号应为空",
            "goes without a buyer's tax number",
        ),
        _ => {}
    }
}

/// A used-car invoice: one line without a rate, called as the vehicle; a dealer repeats itself as the seller.
pub(crate) fn r91(order: &Order<'_>, found: &mut Found) {
    if order.kind() != "u" {
        return;
    }
    one_line(order, found);
    for line in &order.lines {
        if let Some(rate) = line.number(TAX_RATE).filter(|rate| !rate.is_zero()) {
            found.add(
                line.at(TAX_RATE),
                format!("二手车票的税率为空或 0，而不是 {rate}"),
                format!("is empty or 0 on a used-car invoice, not {rate}"),
            );
        }
    }
    let Some(car) = order.head.part(USED_CAR) else { return };
    named(order, &car, found);
    let dealer = ["1", "2"].contains(&car.text("organizeType")) && order.business() != "33";
    if dealer && car.has("sellerTaxnum") && car.text("sellerTaxnum") != order.text(SELLER_NUMBER) {
        found.add(
            car.at("sellerTaxnum"),
            "经营单位、拍卖单位开票时，卖方税号与销方税号相同",
            "is the invoice's own seller (salerTaxNum) where a dealer or an auction house issues it",
        );
    }
}

/// The buyer of a used car issues it only on its own kind of invoice, as a dealer.
pub(crate) fn r115(order: &Order<'_>, found: &mut Found) {
    if order.business() != "33" {
        return;
    }
    let kind = order.kind();
    if kind != "u" {
        found.add(
            order.at(BUSINESS),
            format!("二手车反向开具（33）只用于票种 u，而不是 {kind}"),
            format!("33 belongs to the kind u, not to {kind}"),
        );
    }
    let Some(car) = order.head.part(USED_CAR) else { return };
    let organize = car.text("organizeType");
    if organize != "1" && !organize.is_empty() {
        found.add(
            car.at("organizeType"),
            format!("反向开具只支持 1（经营单位），而不是 {organize}"),
            format!("is 1 where the buyer issues the invoice, not {organize}"),
        );
    }
}

fn one_line(order: &Order<'_>, found: &mut Found) {
    let count = order.lines.len();
    if count > 1 {
        found.add(order.at(LINES), format!("只能有一行明细，现有 {count} 行"), format!("has {count} lines, not one"));
    }
}

fn named(order: &Order<'_>, vehicle: &Part<'_>, found: &mut Found) {
    let Some(line) = order.lines.first() else { return };
    let (name, kind) = (line.text(GOODS_NAME), vehicle.text("vehicleType"));
    if !name.is_empty() && !kind.is_empty() && name != kind {
        found.add(
            line.at(GOODS_NAME),
            format!("商品名称“{name}”应与车辆类型“{kind}”相同"),
            format!("is the type of the vehicle, {kind}, not {name}"),
        );
    }
}
