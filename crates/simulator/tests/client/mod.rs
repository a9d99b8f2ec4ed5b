//! A client of the tests' own: raw HTTP over TCP, and a signature computed from the description.
#![allow(clippy::unwrap_used, dead_code, missing_docs, unreachable_pub)]

pub mod model;
pub mod receiver;

use base64::Engine as _;
use hmac::{Hmac, KeyInit, Mac};
use nnopen_simulator::{Options, Simulator};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

pub const KEY: &str = "SD00000001";
pub const SECRET: &str = "SD00000000000001";
pub const TAX: &str = "339901999999142";
pub const NOW: i64 = 1_767_578_400_000; // 2026-01-05 10:00:00 in Beijing
pub const ISSUE: &str = "nuonuo.OpeMplatform.requestBillingNew";
pub const QUERY: &str = "nuonuo.OpeMplatform.queryInvoiceResult";
pub const RETRY: &str = "nuonuo.OpeMplatform.reInvoice";

/// A simulator whose clock stands still at [`NOW`].
pub fn simulator() -> Simulator {
    start(Options::default())
}

pub fn start(options: Options) -> Simulator {
    Simulator::start(Options { start_at: Some(NOW), ..options }).unwrap()
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<String> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(have, _)| have.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned()).next()
    }
}

pub fn connect(simulator: &Simulator) -> TcpStream {
    let stream = TcpStream::connect(simulator.url().split_once("://").unwrap().1).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream
}

/// Sends bytes on a new connection; `None` if it is closed without an answer.
pub fn raw(simulator: &Simulator, bytes: &[u8]) -> Option<Answer> {
    let mut stream = connect(simulator);
    stream.write_all(bytes).unwrap();
    read(&mut stream)
}

/// Reads one answer.
pub fn read(stream: &mut impl Read) -> Option<Answer> {
    let mut bytes = Vec::new();
    let mut one = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        if stream.read(&mut one).ok()? == 0 {
            return None;
        }
        bytes.push(one[0]);
    }
    let head = String::from_utf8(bytes).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let mut answer = Answer { status, head, body: Vec::new() };
    let length = answer.header("content-length").map_or(0, |text| text.parse().unwrap());
    answer.body = vec![0; length];
    stream.read_exact(&mut answer.body).ok()?;
    Some(answer)
}

pub fn request(method: &str, target: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut head = format!("{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    let mut bytes = format!("{head}Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

pub fn get(simulator: &Simulator, target: &str) -> Answer {
    raw(simulator, &request("GET", target, &[], b"")).unwrap()
}

pub fn post(simulator: &Simulator, target: &str, content_type: &str, body: &str) -> Option<Answer> {
    raw(simulator, &request("POST", target, &[("Content-Type", content_type)], body.as_bytes()))
}

pub fn admin(simulator: &Simulator, path: &str, body: &Value) -> Value {
    post(simulator, path, "application/json", &body.to_string()).unwrap().json()
}

/// Asks for a token with these form fields.
pub fn token(simulator: &Simulator, fields: &[(&str, &str)]) -> Value {
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    post(simulator, "/accessToken", "application/x-www-form-urlencoded;charset=UTF-8", &form).unwrap().json()
}

/// A token of the default account.
pub fn sign_in(simulator: &Simulator) -> String {
    let fields = [("client_id", KEY), ("client_secret", SECRET), ("grant_type", "client_credentials")];
    token(simulator, &fields)["access_token"].as_str().unwrap().to_owned()
}

/// One service call, every part of which can be bent.
#[derive(Clone, Debug)]
pub struct Call {
    pub app_key: String,
    pub secret: String,
    pub token: String,
    pub tax: String,
    pub method: String,
    pub senid: String,
    pub nonce: String,
    pub timestamp: String,
    pub body: String,
}

impl Call {
    pub fn new(token: &str, method: &str, body: &Value) -> Call {
        Call {
            app_key: KEY.into(),
            secret: SECRET.into(),
            token: token.into(),
            tax: TAX.into(),
            method: method.into(),
            senid: "0123456789abcdef0123456789abcdef".into(),
            nonce: "12345678".into(),
            timestamp: (NOW / 1000).to_string(),
            body: body.to_string(),
        }
    }

    pub fn signature(&self) -> String {
        let (k, i, n, t, f) = (&self.app_key, &self.senid, &self.nonce, &self.timestamp, &self.body);
        let text = format!("a=services&l=v1&p=open&k={k}&i={i}&n={n}&t={t}&f={f}");
        sign(&self.secret, text.as_bytes())
    }

    pub fn target(&self) -> String {
        let (i, n, t, k) = (&self.senid, &self.nonce, &self.timestamp, &self.app_key);
        format!("/open/v1/services?senid={i}&nonce={n}&timestamp={t}&appkey={k}")
    }

    pub fn headers(&self) -> Vec<(String, String)> {
        let pairs = [
            ("Content-Type", "application/json"),
            ("X-Nuonuo-Sign", &self.signature()),
            ("accessToken", &self.token),
            ("userTax", &self.tax),
            ("method", &self.method),
        ];
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.bytes_with(&self.headers())
    }

    pub fn bytes_with(&self, headers: &[(String, String)]) -> Vec<u8> {
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        request("POST", &self.target(), &headers, self.body.as_bytes())
    }

    pub fn send(&self, simulator: &Simulator) -> Value {
        let answer = raw(simulator, &self.bytes()).unwrap();
        assert_eq!(answer.status, 200);
        answer.json()
    }
}

pub fn sign(secret: &str, text: &[u8]) -> String {
    let mut mac = <Hmac<sha1::Sha1> as KeyInit>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(text);
    base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes())
}

/// A client that has signed in and keeps to the simulator's clock.
pub struct Client<'a> {
    pub simulator: &'a Simulator,
    pub token: String,
    /// appKey, appSecret and tax number.
    pub account: [String; 3],
}

impl<'a> Client<'a> {
    pub fn new(simulator: &'a Simulator) -> Client<'a> {
        Client::of(simulator, [KEY, SECRET, TAX])
    }

    pub fn of(simulator: &'a Simulator, account: [&str; 3]) -> Client<'a> {
        let fields = [("client_id", account[0]), ("client_secret", account[1]), ("grant_type", "client_credentials")];
        let token = token(simulator, &fields)["access_token"].as_str().unwrap().to_owned();
        Client { simulator, token, account: account.map(str::to_owned) }
    }

    pub fn call(&self, method: &str, body: &Value) -> Value {
        self.prepared(method, body).send(self.simulator)
    }

    pub fn prepared(&self, method: &str, body: &Value) -> Call {
        let timestamp = (self.simulator.clock().now() / 1000).to_string();
        let [app_key, secret, tax] = self.account.clone();
        Call { timestamp, app_key, secret, tax, ..Call::new(&self.token, method, body) }
    }

    pub fn issue(&self, order: &Value) -> Value {
        self.call(ISSUE, &json!({ "order": order }))
    }

    pub fn query(&self, order_no: &str) -> Value {
        self.call(QUERY, &json!({ "orderNos": [order_no] }))
    }

    /// Calls and demands a success that fits the model; gives its result.
    pub fn good(&self, method: &str, body: &Value) -> Value {
        let answer = self.call(method, body);
        let good = ["E0000", "0000", "S0000", "200"].contains(&answer["code"].to_string().trim_matches('"'));
        assert!(good, "{method} {body}: {answer}");
        let result = answer.get("data").or(answer.get("result")).unwrap();
        model::fits(method, result);
        result.clone()
    }

    /// Calls and gives the code, with what is said.
    pub fn refused(&self, method: &str, body: &Value) -> (String, String) {
        let answer = self.call(method, body);
        let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
        (text("code"), text("describe"))
    }

    /// Issues an order of that kind and gives its row once it is done.
    pub fn issued(&self, order_no: &str, line: &str) -> Value {
        let mut order = order(order_no);
        order["invoiceLine"] = line.into();
        order["salerTaxNum"] = self.account[2].as_str().into();
        assert_eq!(self.issue(&order)["code"], "E0000");
        self.simulator.clock().advance(5_000);
        let row = self.good(QUERY, &json!({ "orderNos": [order_no] }))[0].clone();
        assert_eq!(row["status"], "2", "{row}");
        row
    }

    /// The status of an order's only invoice, or the code if there is none.
    pub fn status(&self, order_no: &str) -> String {
        let answer = self.query(order_no);
        let status = &answer["result"][0]["status"];
        status.as_str().or(answer["code"].as_str()).unwrap().to_owned()
    }
}

/// A good order of one line, 106.00 with tax.
pub fn order(order_no: &str) -> Value {
    json!({
        "buyerName": "示例购方有限公司", "buyerTaxNum": "339901999999199", "salerTaxNum": TAX,
        "salerTel": "0571-00000000", "salerAddress": "示例市示例路 1 号", "orderNo": order_no,
        "invoiceDate": "2026-01-05 10:00:00", "clerk": "张三", "pushMode": "-1", "invoiceType": "1",
        "invoiceLine": "pc", "invoiceDetail": [line("技术服务费", "100.00", "6.00", "106.00", "0")],
    })
}

/// A line at 6 %; `role` is its invoiceLineProperty.
pub fn line(name: &str, excluded: &str, tax: &str, included: &str, role: &str) -> Value {
    json!({
        "goodsName": name, "goodsCode": "3040203000000000000", "withTaxFlag": "1", "tax": tax, "taxRate": "0.06",
        "taxExcludedAmount": excluded, "taxIncludedAmount": included, "invoiceLineProperty": role,
    })
}
