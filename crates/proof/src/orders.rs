//! The orders of a run: made from their place alone, each with an amount that no other has.

use nnopen::Json;

pub(crate) const ISSUE: &str = "nuonuo.OpeMplatform.requestBillingNew";
pub(crate) const QUERY: &str = "nuonuo.OpeMplatform.queryInvoiceResult";
pub(crate) const RETRY: &str = "nuonuo.OpeMplatform.reInvoice";

/// One order, and how it must end.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Order {
    pub(crate) number: String,
    /// Yuan without tax of each line.
    price: u32,
    lines: u32,
    /// How its invoices end: `issued`, `failed` or `voided`.
    pub(crate) end: &'static str,
    /// How many invoices come of it.
    pub(crate) invoices: usize,
}

impl Order {
    /// The order at a place: most are plain, some fail, lose their seal, are split, are slow or end as voided.
    pub(crate) fn at(place: u32) -> Self {
        // The simulator goes by the end of the number.
        let (kind, end, invoices) = match place % 40 {
            7 => ("-FAIL", "failed", 1),
            14 => ("-SEAL", "issued", 1),
            21 => ("-SPLIT3", "issued", 3),
            28 => ("-SLOW", "issued", 1),
            35 => ("-VOID", "voided", 1),
            _ => ("", "issued", 1),
        };
        let lines = if invoices > 1 { 3 } else { 1 + place % 2 };
        Self { number: format!("P{place:06}{kind}"), price: place + 1, lines, end, invoices }
    }

    /// The amount with tax of all its invoices, in cents.
    pub(crate) fn cents(&self) -> u64 {
        u64::from(self.price) * u64::from(self.lines) * 113
    }

    /// The params of the issue method.
    pub(crate) fn params(&self) -> Json {
        let yuan = |cents: u64| format!("{}.{:02}", cents / 100, cents % 100);
        let price = u64::from(self.price);
        let line = serde_json::json!({
            "goodsName": "咨询服务", "goodsCode": "3040000000000000000", "withTaxFlag": "1", "num": "1", "taxRate": "0.13",
            "price": yuan(price * 113), "tax": yuan(price * 13),
            "taxExcludedAmount": yuan(price * 100), "taxIncludedAmount": yuan(price * 113),
            "invoiceLineProperty": "0", "favouredPolicyFlag": "0",
        });
        let lines: Vec<_> = (0..self.lines).map(|_| line.clone()).collect();
        let order = serde_json::json!({ "order": {
            "buyerName": "示例购方有限公司", "buyerTaxNum": "91330106MA00000003", "salerTaxNum": "339901999999142",
            "salerTel": "0571-00000000", "salerAddress": "示例市示例路1号", "orderNo": self.number,
            "invoiceDate": "2026-01-05 09:00:00", "clerk": "张三", "pushMode": "-1", "invoiceType": "1",
            "invoiceLine": "pc", "invoiceDetail": lines,
        } });
        Json::parse(&order.to_string()).unwrap_or_default()
    }
}
