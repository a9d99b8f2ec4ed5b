//! The generated structs: params out, results in, nothing lost on the way.

use std::ops::ControlFlow;

use nnopen::api::invoicing::re_invoice::ReInvoice;
use nnopen::api::invoicing::request_billing_new::{InvoiceDetail, Order, RequestBillingNew};
use nnopen::api::query::query_invoice_result::{Invoice, QueryInvoiceResult};
use nnopen::{
    Call, Config, Endpoint, ErrorKind, FromJson, Json, Kind, Method, Millis, Session, Settles, Source, Stamp, Step,
};

fn stamp(n: u8) -> Stamp {
    Stamp::new(Millis(1_700_000_000_000 + i64::from(n) * 1000), [n; 20])
}

fn session() -> Session {
    let mut config = Config::sandbox("SD00000001", "SD00000000000001", "339901999999142");
    config.permanent_token = Some("token".into());
    Session::new(config).expect("the config is good")
}

/// Answers a call's one request.
fn answered<T: FromJson>(mut call: Call<T>, body: &str) -> Result<T, nnopen::Error> {
    assert!(matches!(call.step(&stamp(1))?, Step::Send(_)));
    call.receive(200, body.as_bytes(), stamp(2).now)?;
    match call.step(&stamp(2))? {
        Step::Done(output) => Ok(output),
        step => panic!("{:?}", matches!(step, Step::Wait(_))),
    }
}

#[test]
fn params_are_written_in_the_order_of_the_model() {
    let line = InvoiceDetail {
        goods_name: Some("咨询服务".into()),
        with_tax_flag: Some("1".into()),
        tax_rate: Some("0.06".parse().unwrap()),
        tax_included_amount: Some("106.00".parse().unwrap()),
        extra: vec![("zz".into(), Json::Bool(true))],
        ..InvoiceDetail::default()
    };
    let order = Order {
        order_no: Some("A-1".into()),
        buyer_name: Some("示例".into()),
        invoice_detail: vec![line],
        ..Order::default()
    };
    let params = RequestBillingNew { order: Some(order), ..RequestBillingNew::default() };
    let violations = RequestBillingNew::METHOD.check(&params);
    let missing: Vec<_> = violations.iter().filter(|v| v.is_error()).map(|v| v.path.as_str()).collect();
    let line = |name: &str| format!("order.invoiceDetail[0].{name}");
    assert_eq!(missing[..4], ["order.salerTaxNum", "order.invoiceDate", "order.clerk", "order.invoiceType"]);
    assert_eq!(missing[4..], [line("tax"), line("taxExcludedAmount")], "without a price all three amounts are needed");
    let query = QueryInvoiceResult { order_nos: vec!["A-1".into()], ..QueryInvoiceResult::default() };
    assert_eq!(QueryInvoiceResult::METHOD.body(&query).unwrap(), r#"{"orderNos":["A-1"]}"#);
}

#[test]
fn a_result_keeps_what_the_model_does_not_know_or_can_not_read() {
    let call =
        session().call(&QueryInvoiceResult { order_nos: vec!["A-1".into()], ..QueryInvoiceResult::default() }).unwrap();
    let body = r#"{"code":"E0000","result":[{"serialNo":20190801120207971529,"orderAmount":"0.300000000000000001",
        "taxAmount":"about 3","status":2,"neu":{"a":1.50},"vehicleInfo":{"tonnage":"1"}}]}"#;
    let rows: Vec<Invoice> = answered(call, body).unwrap();
    let row = &rows[0];
    assert_eq!((row.serial_no.as_deref(), row.status.as_deref()), (Some("20190801120207971529"), Some("2")));
    assert_eq!(row.order_amount.unwrap().to_string(), "0.300000000000000001");
    assert_eq!((row.tax_amount, row.vehicle_info.len()), (None, 1));
    let extra: Vec<_> = row.extra.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(extra, ["taxAmount=\"about 3\"", "neu={\"a\":1.50}"]);
}

#[test]
fn nothing_is_a_result_too() {
    for body in [r#"{"code":"E0000"}"#, r#"{"code":"E0000","result":null}"#, r#"{"code":"E0000","result":""}"#] {
        let call = session().call(&ReInvoice { fpqqlsh: Some("S1".into()), ..ReInvoice::default() }).unwrap();
        assert_eq!(answered(call, body).unwrap(), "", "{body}");
    }
    let query = QueryInvoiceResult { order_nos: vec!["A-1".into()], ..QueryInvoiceResult::default() };
    assert!(answered(session().call(&query).unwrap(), r#"{"code":"E0000"}"#).unwrap().is_empty());
}

#[test]
fn an_accepted_write_with_a_strange_result_is_not_to_be_sent_again() {
    let call = session().call(&ReInvoice { fpqqlsh: Some("S1".into()), ..ReInvoice::default() }).unwrap();
    let error = answered(call, r#"{"code":"E0000","result":{"odd":1}}"#).unwrap_err();
    assert_eq!((error.kind(), error.result().unwrap().to_string()), (ErrorKind::Uncertain, r#"{"odd":1}"#.to_owned()));
}

/// An order whose rows are read by a type that takes whole numbers only.
struct Narrow(Json);

impl Source for Narrow {
    fn kind(&self) -> Kind<'_> {
        Source::kind(&self.0)
    }

    fn members(&self, see: &mut dyn FnMut(&str, &dyn Source) -> ControlFlow<()>) -> ControlFlow<()> {
        Source::members(&self.0, see)
    }
}

impl Endpoint for Narrow {
    const METHOD: &'static Method = RequestBillingNew::METHOD;
    type Output = Json;
}

impl Settles for Narrow {
    type Rows = i64;
}

#[test]
fn a_settled_write_whose_rows_can_not_be_read_is_not_to_be_sent_again() {
    let order = Json::parse(include_str!("../../../examples/order.json")).unwrap();
    let mut call = session().settle(&Narrow(order)).unwrap();
    assert!(matches!(call.step(&stamp(1)).unwrap(), Step::Send(_)));
    call.receive(200, br#"{"code":"E0000","result":{"invoiceSerialNum":"S1"}}"#, stamp(2).now).unwrap();
    let Step::Wait(until) = call.step(&stamp(2)).unwrap() else { panic!("it waits before it asks") };
    assert!(matches!(call.step(&Stamp::new(until, [3; 20])).unwrap(), Step::Send(_)));
    let row = r#"{"code":"E0000","result":[{"orderNo":"NN2026092200001","status":"2","orderAmount":"3198.00"}]}"#;
    call.receive(200, row.as_bytes(), until).unwrap();
    let error = call.step(&Stamp::new(until, [4; 20])).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Uncertain);
    let kept = error.result().and_then(|rows| rows.items().first()?.get("status")?.token()).map(str::to_owned);
    assert_eq!(kept.as_deref(), Some("2"), "what was answered is not lost");
}

#[test]
fn the_guide_to_the_flows_tells_the_truth() {
    let guide = include_str!("../../../docs/flows.md");
    let draft = guide.split("r#\"").nth(1).and_then(|rest| rest.split("\"#").next()).unwrap();
    let filled = nnopen::order::fill(&Json::parse(draft).unwrap()).unwrap();
    let line = &filled.get("invoiceDetail").unwrap().items()[0];
    let amounts =
        ["tax", "taxExcludedAmount", "taxIncludedAmount"].map(|name| line.get(name).unwrap().token().unwrap());
    assert_eq!(amounts, ["5.03", "83.85", "88.88"]);
    assert!(guide.contains("tax 5.03，taxExcludedAmount 83.85，taxIncludedAmount 88.88"));
    let parts = nnopen::order::split(&filled, "50.00".parse().unwrap()).unwrap();
    let numbers: Vec<_> = parts.iter().map(|part| part.get("orderNo").unwrap().token().unwrap()).collect();
    assert_eq!(numbers, ["A-1-1", "A-1-2"]);
}

/// Shows a value's members by their names alone.
struct ByName<'a>(&'a dyn Source);

impl Source for ByName<'_> {
    fn kind(&self) -> Kind<'_> {
        self.0.kind()
    }

    fn items(&self, see: &mut dyn FnMut(&dyn Source) -> ControlFlow<()>) -> ControlFlow<()> {
        self.0.items(&mut |item| see(&ByName(item)))
    }

    fn members(&self, see: &mut dyn FnMut(&str, &dyn Source) -> ControlFlow<()>) -> ControlFlow<()> {
        self.0.members(&mut |name, value| see(name, &ByName(value)))
    }
}

#[test]
fn fields_are_written_by_rank_as_they_are_by_name() {
    let orders = [
        "{}",
        r#"{"order": {}}"#,
        r#"{"order": {"orderNo": "A-1", "orderNo": "A-2", "clerk": "", "remark": "a\"b\n", "pushMode": "9"}}"#,
        r#"{"order": {"buyerName": "示例", "buyerName": {"a": 1}, "zz": [1, {"b": null}], "orderNo": ["A-1"], "clerk": "张三"}}"#,
        r#"{"order": {"invoiceLine": "pc", "invoiceType": 1, "invoiceDate": "2026-09-22", "email": " ", "listFlag": true,
            "invoiceDetail": [
                {"goodsName": "咨询服务", "price": "1.50", "num": -2, "taxRate": "13", "tax": "about 3", "neu": 0},
                {"taxIncludedAmount": "0.300000000000000000000000001", "withTaxFlag": "2", "goodsCode": "12"}, {}]}}"#,
        r#"{"order": {"vehicleInfo": {"tonnage": "1", "productOrigin": null, "x": ""}, "realPropertyRentInfo": {}}}"#,
        r#"{"other": "1", "order": {"additionalElementList": [], "invoiceGoodsTransports": [{}, {"zz": "1"}]}}"#,
    ];
    for text in orders {
        let params = RequestBillingNew::from_json(Json::parse(text).unwrap()).unwrap();
        let by_rank = RequestBillingNew::METHOD.draft(&params);
        assert_eq!(by_rank, RequestBillingNew::METHOD.draft(&ByName(&params)), "{text}");
    }
}

#[test]
fn a_struct_of_one_method_serves_another_by_its_names() {
    let params = ReInvoice { fpqqlsh: Some("S1".into()), ..ReInvoice::default() };
    let (found, body) = QueryInvoiceResult::METHOD.draft(&params);
    assert_eq!(found.iter().map(|violation| violation.rule).collect::<Vec<_>>(), ["unknown", "one_of"]);
    assert_eq!(body, None);
}
