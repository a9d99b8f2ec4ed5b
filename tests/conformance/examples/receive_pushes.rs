//! Receives pushes (回传): reads them, acknowledges them, and asks the platform before believing them.
//!
//! `cargo run -p conformance --example receive_pushes`: the platform is the simulator, the receiver a plain socket.

use std::collections::HashSet;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use nnopen::{Call, Config, Environment, Error, Failure, Json, Millis, Push, Session, Stamp, Step};
use nnopen_simulator::{Account, Options, PushStyle, Simulator};

pub(crate) type Anything = Box<dyn std::error::Error>;

/// The handler: read, keep, answer at once. What is kept is worked on later.
fn handle(content_type: &str, body: &[u8], keep: impl FnOnce(Push)) -> String {
    match Push::read(content_type, body) {
        Ok(push) => {
            keep(push);
            Push::accepted()
        }
        Err(error) => Push::refused(error.describe()),
    }
}

/// What the platform says when asked: the answer counts, not the push.
pub(crate) fn confirm(session: &Session, push: &Push, now: i64) -> Result<Json, Anything> {
    let (method, params) = push.confirm().ok_or("nothing confirms this push")?;
    Ok(drive(session.call_json(method, &params)?, now)?)
}

/// Everything together; gives what it prints.
pub(crate) fn run() -> Result<Vec<String>, Anything> {
    const NOW: i64 = 1_767_578_400_000;
    let account = Account { push_failures: true, ..Account::default() };
    let pushes = PushStyle { copies: 2, disorder: true, ..PushStyle::default() };
    let options = Options { accounts: vec![account], start_at: Some(NOW), pushes, ..Options::default() };
    let simulator = Simulator::start(options)?;
    let mut config = Config::sandbox("SD00000001", "SD00000000000001", "339901999999142");
    config.environment = Environment::Custom { service_url: simulator.service_url(), token_url: simulator.token_url() };
    let session = Session::new(config)?;

    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}/invoice/scan?key=6f1c9a", listener.local_addr()?);
    for number in ["DEMO-1", "DEMO-2-FAIL"] {
        let order = Json::parse(&ORDER.replace("NUMBER", number).replace("URL", &url))?;
        drive(session.call_json("nuonuo.OpeMplatform.requestBillingNew", &order)?, NOW)?;
    }

    let (inbox, mut lines, mut seen) = (serve(listener), Vec::new(), HashSet::new());
    simulator.clock().advance(5_000);
    while let Ok(push) = inbox.recv_timeout(Duration::from_millis(500)) {
        let status = push.status_meaning().map_or("?", |meaning| meaning.name.as_str());
        let (order, serial) = (push.order_no().unwrap_or("?"), push.serial_no().unwrap_or("?"));
        let told = format!("{} {order} {serial} {status}", push.operater());
        // Duplicates are usual; the same end of the same invoice is one event.
        if !seen.insert(told.clone()) {
            lines.push(format!("{told}: had that"));
            continue;
        }
        let rows = confirm(&session, &push, simulator.clock().now())?;
        for row in rows.items() {
            let text = |name: &str| row.get(name).and_then(Json::token).unwrap_or_default();
            let ours = text("orderNo") == order;
            lines.push(format!("{told}: the query says {} {} (ours: {ours})", text("status"), text("statusMsg")));
        }
    }
    Ok(lines)
}

fn main() -> Result<(), Anything> {
    for line in run()? {
        println!("{line}");
    }
    Ok(())
}

/// A receiver as small as can be; take your web framework instead.
pub(crate) fn serve(listener: TcpListener) -> Receiver<Push> {
    let (send, inbox) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let Ok((head, body)) = read_http(&stream) else { continue };
            let answer = handle(&header(&head, "content-type"), &body, |push| drop(send.send(push)));
            let _ = write!(&stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{answer}", answer.len());
        }
    });
    inbox
}

/// The loop that every call is driven by.
pub(crate) fn drive(mut call: Call<Json>, now: i64) -> Result<Json, Error> {
    loop {
        match call.step(&Stamp::new(Millis(now), entropy()))? {
            Step::Send(request) => match post(&request) {
                Ok((status, body)) => call.receive(status, &body, Millis(now))?,
                Err(error) => call.fail(Failure::MaybeSent, &error.to_string(), Millis(now))?,
            },
            Step::Load | Step::Swap { .. } => unreachable!("only where the token is shared"),
            Step::Wait(_) => std::thread::sleep(Duration::from_millis(20)),
            Step::Done(result) => return Ok(result),
        }
    }
}

/// Twenty bytes that never repeat; a host takes them from its random source.
fn entropy() -> [u8; 20] {
    use std::sync::atomic::{AtomicU64, Ordering};
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let mut bytes = [7; 20];
    bytes[..8].copy_from_slice(&COUNT.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    bytes
}

fn post(request: &nnopen::Request) -> Result<(u16, Vec<u8>), Anything> {
    let (host, path) = request.url.trim_start_matches("http://").split_once('/').ok_or("no path")?;
    let stream = TcpStream::connect(host)?;
    let headers: String = request.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let length = request.body.len();
    write!(
        &stream,
        "POST /{path} HTTP/1.1\r\nHost: {host}\r\n{headers}Content-Length: {length}\r\n\r\n{}",
        request.body
    )?;
    let (head, body) = read_http(&stream)?;
    Ok((head.split(' ').nth(1).ok_or("no status")?.parse()?, body))
}

/// Head and body of a request or an answer.
pub(crate) fn read_http(mut stream: &TcpStream) -> Result<(String, Vec<u8>), Anything> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head)?;
    let mut body = vec![0; header(&head, "content-length").parse()?];
    stream.read_exact(&mut body)?;
    Ok((head, body))
}

fn header(head: &str, name: &str) -> String {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    let mut found = lines.filter(|(have, _)| have.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned());
    found.next().unwrap_or_default()
}

pub(crate) const ORDER: &str = r#"{ "order": {
  "buyerName": "示例购方有限公司", "salerTaxNum": "339901999999142", "salerTel": "0571-00000000", "salerAddress": "示例市示例路1号",
  "orderNo": "NUMBER", "invoiceDate": "2026-01-05 10:00:00", "clerk": "张三", "pushMode": "-1", "invoiceType": "1",
  "invoiceLine": "pc", "callBackUrl": "URL", "invoiceDetail": [{
    "goodsName": "技术服务费", "goodsCode": "3040203000000000000", "withTaxFlag": "1", "taxRate": "0.06", "tax": "6.00",
    "taxExcludedAmount": "100.00", "taxIncludedAmount": "106.00", "invoiceLineProperty": "0" }] } }"#;
