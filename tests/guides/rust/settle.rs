use guides::request_billing_new::{InvoiceDetail, Order};
use guides::*;

fn issue(session: &Session, order: Order) -> Result<Vec<nnopen::api::query::query_invoice_result::Invoice>, Error> {
    // BLOCK
}

fn main() -> Result<(), Anything> {
    let text = |text: &str| Some(text.into());
    let line = InvoiceDetail {
        goods_name: text("技术服务费"),
        goods_code: text("3040203000000000000"),
        with_tax_flag: text("1"),
        tax_rate: Some("0.06".parse()?),
        tax: Some("6.00".parse()?),
        tax_excluded_amount: Some("100.00".parse()?),
        tax_included_amount: Some("106.00".parse()?),
        ..InvoiceDetail::default()
    };
    let order = Order {
        order_no: text("RS-1"),
        buyer_name: text("示例购方有限公司"),
        saler_tax_num: text("339901999999142"),
        saler_tel: text("0571-00000001"),
        saler_address: text("示例市示例区示例路1号"),
        invoice_date: text("2026-09-22 10:30:00"),
        clerk: text("张三"),
        push_mode: text("-1"),
        invoice_type: text("1"),
        invoice_line: text("pc"),
        invoice_detail: vec![line],
        ..Order::default()
    };
    let invoices = issue(&session(), order)?;
    assert_eq!(invoices.len(), 1);
    Ok(())
}
