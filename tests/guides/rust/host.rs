//! What a host brings to the loops of the guides: time, chance, an HTTP client, an order.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

pub use nnopen::api::invoicing::request_billing_new::{self, RequestBillingNew};
pub use nnopen::{
    Batch, BatchEvent, BatchRules, BatchStep, Call, Config, Environment, Error, Failure, Json, Millis, Push, Request,
    Session, Stamp, Step,
};

pub type Anything = Box<dyn std::error::Error>;

/// The simulator, as the environment tells it.
pub fn session() -> Session {
    let told = |name: &str| std::env::var(name).unwrap_or_default();
    session_at(told("NNOPEN_URL"), told("NNOPEN_TOKEN_URL"))
}

pub fn session_at(service_url: String, token_url: String) -> Session {
    let mut config = Config::sandbox("SD00000001", "SD00000000000001", "339901999999142");
    config.environment = Environment::Custom { service_url, token_url };
    Session::new(config).expect("the settings are those of a simulator")
}

pub fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis(i64::try_from(since.as_millis()).unwrap_or_default())
}

pub fn random_bytes() -> [u8; 20] {
    let mut bytes = [0; 20];
    let mut source = std::fs::File::open("/dev/urandom").expect("a source of chance");
    source.read_exact(&mut bytes).expect("chance");
    bytes
}

pub fn sleep_until(until: Millis) {
    std::thread::sleep(Duration::from_millis(u64::try_from(until.0 - now().0).unwrap_or_default()));
}

pub fn post(request: &Request) -> Result<(u16, Vec<u8>), Failure> {
    try_post(request).map_err(|_| Failure::MaybeSent)
}

fn try_post(request: &Request) -> Result<(u16, Vec<u8>), Anything> {
    let (host, path) = request.url.trim_start_matches("http://").split_once('/').ok_or("no path")?;
    let mut stream = TcpStream::connect(host)?;
    let headers: String = request.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let (length, body) = (request.body.len(), &request.body);
    write!(stream, "POST /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n{body}")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").ok_or("no head")?;
    let head = std::str::from_utf8(&answer[..end])?;
    Ok((head.split(' ').nth(1).ok_or("no status")?.parse()?, answer[end + 4..].to_vec()))
}

/// `examples/order.json`.
pub fn order_json() -> Json {
    Json::parse(&std::fs::read_to_string("examples/order.json").expect("the order of the demo")).expect("JSON")
}

/// The loop, for calls whose params are JSON.
pub fn drive(mut call: Call<Json>, _: i64) -> Result<Json, Error> {
    loop {
        match call.step(&Stamp::new(now(), random_bytes()))? {
            Step::Send(request) => match post(&request) {
                Ok((status, body)) => call.receive(status, &body, now())?,
                Err(failure) => call.fail(failure, "no answer", now())?,
            },
            Step::Wait(until) => sleep_until(until),
            Step::Load | Step::Swap { .. } => unreachable!("no token is shared"),
            Step::Done(result) => return Ok(result),
        }
    }
}
