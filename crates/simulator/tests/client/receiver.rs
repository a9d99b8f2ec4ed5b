//! A receiver of pushes, and what tests ask about them.

use super::{Answer, order};
use nnopen_simulator::{SentPush, Simulator};
use serde_json::{Map, Value};
use std::collections::VecDeque;
use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

pub const ACCEPTED: &str = r#"{"status":"0000","message":"同步成功"}"#;

/// A tiny receiver: it answers what it was told to, then `ACCEPTED`; nothing at all closes the connection.
pub struct Receiver {
    address: SocketAddr,
    got: Arc<Mutex<Vec<Got>>>,
    answers: Arc<Mutex<VecDeque<Option<String>>>>,
}

#[derive(Clone, Debug)]
pub struct Got {
    pub target: String,
    pub content_type: String,
    pub body: String,
}

impl Receiver {
    pub fn start() -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let receiver =
            Receiver { address: listener.local_addr().unwrap(), got: Arc::default(), answers: Arc::default() };
        let (got, answers) = (Arc::clone(&receiver.got), Arc::clone(&receiver.answers));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                // What arrives looks like an answer but for its first line.
                let mut bytes = Vec::new();
                let mut one = [0];
                while !bytes.ends_with(b"\r\n\r\n") {
                    std::io::Read::read_exact(&mut stream, &mut one).unwrap();
                    bytes.push(one[0]);
                }
                let head = Answer { status: 0, head: String::from_utf8(bytes).unwrap(), body: Vec::new() };
                let mut body = vec![0; head.header("content-length").unwrap().parse().unwrap()];
                std::io::Read::read_exact(&mut stream, &mut body).unwrap();
                got.lock().unwrap().push(Got {
                    target: head.head.split(' ').nth(1).unwrap().to_owned(),
                    content_type: head.header("content-type").unwrap(),
                    body: String::from_utf8(body).unwrap(),
                });
                let answer = answers.lock().unwrap().pop_front().unwrap_or_else(|| Some(http(ACCEPTED)));
                if let Some(answer) = answer {
                    let _ = stream.write_all(answer.as_bytes());
                }
            }
        });
        receiver
    }

    pub fn url(&self) -> String {
        format!("http://{}/invoice/scan?key=7", self.address)
    }

    pub fn answers(&self, answers: &[Option<&str>]) {
        self.answers.lock().unwrap().extend(answers.iter().map(|answer| answer.map(str::to_owned)));
    }

    pub fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }
}

pub fn http(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// An order that wants to hear of its end.
pub fn told(order_no: &str, receiver: &Receiver) -> Value {
    let mut order = order(order_no);
    order["callBackUrl"] = receiver.url().into();
    order
}

/// Waits until so many tries were made in all, and a little longer for one too many.
pub fn tries(simulator: &Simulator, count: usize) -> Vec<SentPush> {
    let begin = Instant::now();
    let made = || simulator.pushes().iter().map(|push| push.tries.len()).sum::<usize>();
    while made() < count && begin.elapsed() < Duration::from_secs(10) {
        thread::sleep(Duration::from_millis(5));
    }
    thread::sleep(Duration::from_millis(60));
    assert_eq!(made(), count, "{:#?}", simulator.pushes());
    simulator.pushes()
}

pub fn form(body: &str) -> Vec<(String, String)> {
    form_urlencoded::parse(body.as_bytes()).into_owned().collect()
}

/// The members of a push, its content as an object.
pub fn members(push: &SentPush) -> Map<String, Value> {
    let mut members: Map<String, Value> = if push.body.starts_with('{') {
        serde_json::from_str(&push.body).unwrap()
    } else {
        form(&push.body).into_iter().map(|(name, value)| (name, value.into())).collect()
    };
    if let Some(text) = members.get("content").and_then(Value::as_str) {
        members["content"] = serde_json::from_str(text).unwrap();
    }
    members
}

/// Whether each member stands in the platform's data, where its shape says.
pub fn known(push: &SentPush) {
    let table: Value = serde_json::from_str(include_str!("../../src/table.json")).unwrap();
    let kind = table["pushes"].as_array().unwrap().iter().find(|kind| kind["name"] == push.operater).unwrap();
    fn check(kind: &Value, rows: &Value, members: &Map<String, Value>) {
        for (name, value) in members {
            let row = rows.as_array().unwrap().iter().find(|row| row["name"] == name.as_str());
            let row = row.unwrap_or_else(|| panic!("{name} is not in the data"));
            // What stands in this one is not known.
            if row["type"] == "json" {
                continue;
            }
            let shape = row["type"].as_str().unwrap().trim_start_matches("list<").trim_end_matches('>');
            let objects = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            for object in objects.iter().filter_map(Value::as_object) {
                check(kind, &kind["shapes"][shape], object);
            }
        }
    }
    check(kind, &kind["outer"], &members(push));
}
