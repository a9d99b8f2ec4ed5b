//! The core and the simulator, which share no code, together: the core's checks take what the journey sends, its model
//! reads what comes back, and each of the five kinds of push is read and confirmed by the question that it names.

#[allow(dead_code)]
#[path = "../examples/receive_pushes.rs"]
mod example;

use std::collections::BTreeSet;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::Receiver;
use std::time::Duration;

use example::{Anything, ORDER, confirm, drive};
use nnopen::{Config, Environment, Json, Push, Session};
use nnopen_simulator::{Account, FormEnd, Options, PushStyle, Simulator};

const NOW: i64 = 1_767_578_400_000;
const TAX: &str = "339901999999142";
const BUYER: &str = "339901999999199";

struct World {
    simulator: Simulator,
    session: Session,
    url: String,
    inbox: Receiver<Push>,
    seen: BTreeSet<String>,
}

impl World {
    fn new() -> Result<World, Anything> {
        let account = Account { push_failures: true, push_voids: true, push_details: true, ..Account::default() };
        let pushes = PushStyle { copies: 2, disorder: true, ..PushStyle::default() };
        let options = Options { accounts: vec![account], start_at: Some(NOW), pushes, ..Options::default() };
        let simulator = Simulator::start(options)?;
        let mut config = Config::sandbox("SD00000001", "SD00000000000001", TAX);
        config.environment =
            Environment::Custom { service_url: simulator.service_url(), token_url: simulator.token_url() };
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}/push", listener.local_addr()?);
        let inbox = example::serve(listener);
        Ok(World { simulator, session: Session::new(config)?, url, inbox, seen: BTreeSet::new() })
    }

    /// Calls by name; the marks URL, SELLER and BUYER are filled in.
    fn call(&self, method: &str, params: &str) -> Result<Json, Anything> {
        let text = params.replace("URL", &self.url).replace("SELLER", TAX).replace("BUYER", BUYER);
        Ok(drive(self.session.call_json(method, &Json::parse(&text)?)?, self.simulator.clock().now())?)
    }

    /// An issued invoice of that kind, as the query tells it.
    fn issued(&self, order_no: &str, line: &str) -> Result<Json, Anything> {
        let order = ORDER.replace("NUMBER", order_no).replace("\"pc\"", &format!("\"{line}\""));
        let order = order.replace("\"salerTaxNum\"", "\"buyerTaxNum\": \"BUYER\", \"salerTaxNum\"");
        self.call("nuonuo.OpeMplatform.requestBillingNew", &order)?;
        self.simulator.clock().advance(5_000);
        let rows = self.call("nuonuo.OpeMplatform.queryInvoiceResult", &format!(r#"{{"orderNos":["{order_no}"]}}"#))?;
        rows.items().first().cloned().ok_or_else(|| "no row".into())
    }

    /// Takes in the pushes of a kind, each confirmed by what it names; gives the answers of the first of its copies.
    fn confirmed(&mut self, operater: &str) -> Result<Vec<Json>, Anything> {
        let mut answers = Vec::new();
        while let Ok(push) = self.inbox.recv_timeout(Duration::from_millis(400)) {
            assert!(push.kind().is_some(), "{} is unknown to the core", push.operater());
            if self.seen.insert(format!("{} {:?}", push.operater(), push.raw())) {
                let answer = confirm(&self.session, &push, self.simulator.clock().now())?;
                if push.operater() == operater {
                    answers.push(answer);
                }
            }
        }
        Ok(answers)
    }
}

fn text(row: &Json, name: &str) -> String {
    row.get(name).and_then(Json::token).unwrap_or_default().to_owned()
}

#[test]
fn every_kind_of_push_is_read_by_the_core_and_confirmed_by_its_question() -> Result<(), Anything> {
    let mut world = World::new()?;

    // callback and invoiceInvalid: a printed digital invoice is issued, then void.
    let row = world.issued("V-1", "es")?;
    let answers = world.confirmed("callback")?;
    assert_eq!(text(answers[0].items().first().ok_or("no row")?, "status"), "2");
    let (serial, code, number) = (text(&row, "serialNo"), text(&row, "invoiceCode"), text(&row, "invoiceNo"));
    let names = format!(r#"{{"invoiceId":"{serial}","invoiceCode":"{code}","invoiceNo":"{number}"}}"#);
    world.call("nuonuo.OpeMplatform.invoiceCancellation", &names)?;
    world.simulator.clock().advance(2_000);
    let answers = world.confirmed("invoiceInvalid")?;
    assert_eq!(text(answers[0].items().first().ok_or("no row")?, "status"), "3");

    // invoiceRedCallback: the table of a special invoice is approved.
    let blue = world.issued("B-1", "s")?;
    world.call(
        "nuonuo.OpeMplatform.InvoiceRedApply",
        &format!(
            r#"{{"billNo":"661912345678261122101010","buyerName":"示例购方有限公司","buyerTaxNo":"BUYER","invoiceLine":"s","oriInvoiceCode":"{}",
            "oriInvoiceNumber":"{}","sellerName":"示例销方有限公司","sellerTaxNo":"SELLER","taxAmount":-6.00,
            "taxExcludedAmount":-100.00,"productOilFlag":"0","callbackUrl":"URL","invoiceRedApplyDetails":[{{
            "goodsCode":"3040203000000000000","goodsName":"技术服务费","taxAmount":"-6.00","taxExcludedAmount":"-100.00",
            "taxRate":"0.06","withTaxFlag":"false","favouredPolicyFlag":"false"}}]}}"#,
            text(&blue, "invoiceCode"),
            text(&blue, "invoiceNo"),
        ),
    )?;
    world.simulator.clock().advance(4_000);
    let answers = world.confirmed("invoiceRedCallback")?;
    let row = answers[0].get("list").and_then(|list| list.items().first()).ok_or("no table")?;
    assert_eq!((text(row, "billStatus"), text(row, "billMessage")), ("1".to_owned(), "[TZD0000]审核通过".to_owned()));

    // redConfirmCallback: the other side agrees, and the red invoice is pushed as any other.
    let blue = world.issued("B-2", "pc")?;
    world.simulator.plan_form("RC-1", FormEnd::Approve);
    world.call(
        "nuonuo.OpeMplatform.saveInvoiceRedConfirm",
        &format!(
            r#"{{"billId":"RC-1","blueInvoiceLine":"pc","applySource":"0","blueElecInvoiceNumber":"{}","orderNo":"R-1",
            "sellerTaxNo":"SELLER","buyerTaxNo":"BUYER","buyerName":"示例购方有限公司","redReason":"1","callbackUrl":"URL"}}"#,
            text(&blue, "allElectronicInvoiceNumber"),
        ),
    )?;
    world.simulator.clock().advance(2_000);
    let answers = world.confirmed("redConfirmCallback")?;
    let row = answers[0].get("list").and_then(|list| list.items().first()).ok_or("no confirmation")?;
    assert_eq!((text(row, "billStatus"), text(row, "openStatus")), ("01".to_owned(), "0".to_owned()));
    world.simulator.clock().advance(7_000);
    let answers = world.confirmed("callback")?;
    let red = answers.last().and_then(|rows| rows.items().first()).ok_or("no red invoice")?;
    assert_eq!((text(red, "orderNo"), text(red, "orderAmount")), ("R-1".to_owned(), "-106.00".to_owned()));
    assert_eq!(text(red, "oldEleInvoiceNumber"), text(&blue, "allElectronicInvoiceNumber"));

    // invoiceApply: a consumer scans.
    let stored = world.call(
        "nuonuo.ElectronInvoice.saveScanTemp",
        r#"{"orderNo":"S-1","orderTotal":"113.00","salerTaxNum":"SELLER","clerk":"张三","invoiceDate":"2026-01-05 10:00:00",
        "invoiceLine":"pc","callBackUrl":"URL","detail":[{"goodsName":"激光打印机","goodsCode":"1090511030000000000",
        "taxRate":"0.13","taxIncludedAmount":"113.00"}]}"#,
    )?;
    let address = text(&stored, "ewmUrl");
    let (host, path) = address.trim_start_matches("http://").split_once('/').ok_or("no path")?;
    let stream = TcpStream::connect(host)?;
    write!(&stream, "POST /{path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 11\r\n\r\nbuyerName=x")?;
    example::read_http(&stream)?;
    world.simulator.clock().advance(5_000);
    let answers = world.confirmed("invoiceApply")?;
    assert_eq!(text(answers[0].items().first().ok_or("no row")?, "orderNo"), "S-1");
    let kinds: BTreeSet<&str> = world.seen.iter().filter_map(|seen| seen.split(' ').next()).collect();
    assert_eq!(kinds.len(), 5, "{kinds:?}");
    Ok(())
}

#[test]
fn what_the_platform_lacks_reaches_the_caller_with_its_cause() -> Result<(), Anything> {
    let account = Account { stock: 0, ..Account::default() };
    let simulator = Simulator::start(Options { accounts: vec![account], start_at: Some(NOW), ..Options::default() })?;
    let mut config = Config::sandbox("SD00000001", "SD00000000000001", TAX);
    config.environment = Environment::Custom { service_url: simulator.service_url(), token_url: simulator.token_url() };
    let session = Session::new(config)?;
    let order = ORDER.replace("NUMBER", "NO-STOCK").replace("\"pc\"", "\"c\"").replace("\"callBackUrl\": \"URL\",", "");
    drive(session.call_json("nuonuo.OpeMplatform.requestBillingNew", &Json::parse(&order)?)?, NOW)?;
    simulator.clock().advance(5_000);
    let ask = Json::parse(r#"{"orderNos":["NO-STOCK"]}"#)?;
    let rows = drive(session.call_json("nuonuo.OpeMplatform.queryInvoiceResult", &ask)?, NOW + 5_000)?;
    let row = rows.items().first().ok_or("no row")?;
    assert_eq!(text(row, "status"), "22");
    assert!(nnopen::FailCause::find(&text(row, "failCause")).is_some(), "{row:?}");
    Ok(())
}
