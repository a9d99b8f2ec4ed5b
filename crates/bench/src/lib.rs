//! What the benchmarks work on: an order that breaks no rule and an answer, typed for the core and plain for serde.

#![allow(missing_docs, clippy::unwrap_used, clippy::float_arithmetic, reason = "a benchmark")]

use std::sync::atomic::{AtomicU64, Ordering};

use nnopen::api::invoicing::request_billing_new::{InvoiceDetail, Order, RequestBillingNew};
use nnopen::{Call, Config, Decimal, FromJson, Millis, Request, Session, Stamp, Step};
use serde::Serialize;

pub const ISSUE: &str = "nuonuo.OpeMplatform.requestBillingNew";
pub const SECRET: &str = "SD00000000000001";

/// The order as somebody would write it with serde, all values as the platform wants them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Plain {
    order: PlainOrder,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PlainOrder {
    buyer_name: String,
    buyer_tax_num: String,
    saler_tax_num: String,
    saler_tel: String,
    saler_address: String,
    order_no: String,
    invoice_date: String,
    clerk: String,
    push_mode: String,
    buyer_phone: String,
    invoice_type: String,
    invoice_line: String,
    invoice_detail: Vec<PlainLine>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PlainLine {
    goods_name: String,
    goods_code: String,
    with_tax_flag: String,
    price: String,
    num: String,
    unit: String,
    spec_type: String,
    tax: String,
    tax_rate: String,
    tax_excluded_amount: String,
    tax_included_amount: String,
    invoice_line_property: String,
    favoured_policy_flag: String,
}

/// An order of `lines` lines with different prices.
pub fn plain(lines: usize) -> Plain {
    let line = |at: usize| {
        let cents = 10_000 + 100 * (at as i128 % 977);
        let (tax, included) = (cents * 13 / 100, cents + cents * 13 / 100);
        let yuan = |cents: i128, scale| Decimal::new(cents, scale).to_string();
        PlainLine {
            goods_name: "激光打印机".to_owned(),
            goods_code: "1090511030000000000".to_owned(),
            with_tax_flag: "0".to_owned(),
            price: yuan(cents * 1_000_000, 8),
            num: "1.00000000".to_owned(),
            unit: "台".to_owned(),
            spec_type: "A4 双面".to_owned(),
            tax: yuan(tax, 2),
            tax_rate: "0.13".to_owned(),
            tax_excluded_amount: yuan(cents, 2),
            tax_included_amount: yuan(included, 2),
            invoice_line_property: "0".to_owned(),
            favoured_policy_flag: "0".to_owned(),
        }
    };
    let order = PlainOrder {
        buyer_name: "示例购方有限公司".to_owned(),
        buyer_tax_num: "91330106MA27XYLM9X".to_owned(),
        saler_tax_num: "339901999999142".to_owned(),
        saler_tel: "0571-00000001".to_owned(),
        saler_address: "示例市示例区示例路1号".to_owned(),
        order_no: "NN2026092200011".to_owned(),
        invoice_date: "2026-09-22 10:30:00".to_owned(),
        clerk: "张三".to_owned(),
        push_mode: "1".to_owned(),
        buyer_phone: "13800000000".to_owned(),
        invoice_type: "1".to_owned(),
        invoice_line: "pc".to_owned(),
        invoice_detail: (0..lines).map(line).collect(),
    };
    Plain { order }
}

/// The same order as the core's own structs.
pub fn typed(lines: usize) -> RequestBillingNew {
    let Plain { order } = plain(lines);
    let decimal = |text: &str| Some(text.parse::<Decimal>().unwrap());
    let line = |line: PlainLine| InvoiceDetail {
        price: decimal(&line.price),
        num: decimal(&line.num),
        tax: decimal(&line.tax),
        tax_rate: decimal(&line.tax_rate),
        tax_excluded_amount: decimal(&line.tax_excluded_amount),
        tax_included_amount: decimal(&line.tax_included_amount),
        goods_name: Some(line.goods_name),
        goods_code: Some(line.goods_code),
        with_tax_flag: Some(line.with_tax_flag),
        unit: Some(line.unit),
        spec_type: Some(line.spec_type),
        invoice_line_property: Some(line.invoice_line_property),
        favoured_policy_flag: Some(line.favoured_policy_flag),
        ..InvoiceDetail::default()
    };
    let order = Order {
        buyer_name: Some(order.buyer_name),
        buyer_tax_num: Some(order.buyer_tax_num),
        saler_tax_num: Some(order.saler_tax_num),
        saler_tel: Some(order.saler_tel),
        saler_address: Some(order.saler_address),
        order_no: Some(order.order_no),
        invoice_date: Some(order.invoice_date),
        clerk: Some(order.clerk),
        push_mode: Some(order.push_mode),
        buyer_phone: Some(order.buyer_phone),
        invoice_type: Some(order.invoice_type),
        invoice_line: Some(order.invoice_line),
        invoice_detail: order.invoice_detail.into_iter().map(line).collect(),
        ..Order::default()
    };
    RequestBillingNew { order: Some(order), ..RequestBillingNew::default() }
}

/// An answer with so many finished invoices of one line.
pub fn answer(invoices: usize) -> String {
    let row = include_str!("invoice.json").trim();
    let rows: Vec<String> = (0..invoices).map(|at| row.replace("00000031", &format!("{:08}", at + 31))).collect();
    format!(r#"{{"code":"E0000","describe":"获取成功","result":[{}]}}"#, rows.join(","))
}

/// Whether lines of JSON are wanted, for `cargo xtask bench`.
#[allow(clippy::disallowed_methods, reason = "a benchmark asks the system")]
pub fn as_json() -> bool {
    std::env::var_os("NNOPEN_BENCH_JSON").is_some()
}

/// A figure that stands for itself: as a line of JSON, or for people.
pub fn figure(name: &str, value: f64, unit: &str) {
    match as_json() {
        true => println!("{}", serde_json::json!({ "name": name, "value": value, "unit": unit })),
        false => println!("{name:<52} {value:>12.1} {unit}"),
    }
}

/// Two figures and their ratio, as a line of JSON: what the core costs, and what it is held against.
pub fn ratio(name: &str, beside: &str, ours: f64, theirs: f64, unit: &str) {
    let ours_name = format!("ours_{unit}");
    let theirs_name = format!("theirs_{unit}");
    println!(
        "{}",
        serde_json::json!({ "name": name, "beside": beside, ours_name: ours, theirs_name: theirs, "ratio": ours / theirs })
    );
}

/// A session that never asks for a token.
pub fn session() -> Session {
    let mut config = Config::sandbox("SD00000001", SECRET, "339901999999142");
    config.permanent_token = Some("0123456789abcdef0123456789abcdef".into());
    Session::new(config).unwrap()
}

/// The signed request of a call.
pub fn send<T: FromJson>(mut call: Call<T>) -> Request {
    static TURN: AtomicU64 = AtomicU64::new(0);
    let mut entropy = [7; 20];
    entropy[..8].copy_from_slice(&TURN.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    match call.step(&Stamp::new(Millis(1_700_000_000_000), entropy)) {
        Ok(Step::Send(request)) => request,
        _ => unreachable!("the token never ends"),
    }
}
