//! The simulator under load: `cargo bench -p bench --bench simulator`.
//!
//! Clients on this machine, each on a connection of its own, issue an order and ask for it, turn by turn, for a few
//! seconds. The clients share the processors with the simulator.

#![allow(clippy::unwrap_used, clippy::float_arithmetic, clippy::disallowed_methods, reason = "a benchmark")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bench::{ISSUE, figure, typed};
use nnopen::{Config, Environment, Json, Method, Millis, Request, Session, Stamp, Step};
use nnopen_simulator::{Account, Options, Simulator};

const ASK: &str = "nuonuo.OpeMplatform.queryInvoiceResult";
const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const CLIENTS: usize = 4;
const WARM: Duration = Duration::from_millis(500);
const LONG: Duration = Duration::from_secs(4);
/// However quick it is, no more than this.
const MOST: usize = 200_000;

fn main() {
    // One token for all: clients with one of their own each would void each other's.
    let account = Account { fixed_token: Some(TOKEN.to_owned()), ..Account::default() };
    let options = Options { keep_requests: 100, accounts: vec![account], ..Options::default() };
    let simulator = Simulator::start(options).unwrap();
    let address = simulator.url().trim_start_matches("http://").to_owned();
    let order = Method::find(ISSUE).unwrap().body(&typed(10)).unwrap();
    load(&address, &order, WARM);
    let begun = Instant::now();
    let mut times = load(&address, &order, LONG);
    let whole = begun.elapsed().as_secs_f64();
    times.sort();
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)].as_secs_f64() * 1e6;
    figure(&format!("simulator, {CLIENTS} clients: requests each second"), times.len() as f64 / whole, "/s");
    figure("simulator: half of the answers within", at(50), "µs");
    figure("simulator: 99 of 100 answers within", at(99), "µs");
}

/// How long each request took.
fn load(address: &str, order: &str, time: Duration) -> Vec<Duration> {
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(|| client(address, order, time))).collect();
        clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
    })
}

fn client(address: &str, order: &str, time: Duration) -> Vec<Duration> {
    let mut connection = Connection::to(address);
    let mut config = Config::sandbox("SD00000001", bench::SECRET, "339901999999142");
    config.environment = Environment::Custom {
        service_url: format!("http://{address}/open/v1/services"),
        token_url: format!("http://{address}/accessToken"),
    };
    config.permanent_token = Some(TOKEN.into());
    let session = Session::new(config).unwrap();
    let (begun, mut times) = (Instant::now(), Vec::new());
    while begun.elapsed() < time && times.len() < MOST / CLIENTS {
        let number = format!("LOAD{:012}", NEXT.fetch_add(1, Ordering::Relaxed));
        let order = order.replace("NN2026092200011", &number);
        connection.run(&session, ISSUE, order, &mut times);
        connection.run(&session, ASK, format!(r#"{{"orderNos":["{number}"]}}"#), &mut times);
    }
    times
}

static NEXT: AtomicU64 = AtomicU64::new(0);

struct Connection {
    stream: BufReader<TcpStream>,
    address: String,
}

impl Connection {
    fn to(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream: BufReader::new(stream), address: address.to_owned() }
    }

    /// A call to its end; a refusal is an answer too, an answer that is none ends the benchmark.
    fn run(&mut self, session: &Session, method: &str, body: String, times: &mut Vec<Duration>) {
        let mut call = session.call_raw(method, body).unwrap();
        loop {
            let mut entropy = [0; 20];
            entropy[..8].copy_from_slice(&NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes());
            match call.step(&Stamp::new(now(), entropy)) {
                Ok(Step::Send(request)) => {
                    let begun = Instant::now();
                    let (status, answer) = self.exchange(&request);
                    times.push(begun.elapsed());
                    assert_eq!(status, 200);
                    call.receive(status, &answer, now()).unwrap();
                }
                // The query comes before the order can be seen: E9500.
                Err(error) if error.code() == Some("E9500") => return,
                Ok(Step::Done(done)) => return drop::<Json>(done),
                Ok(step) => panic!("nothing else is asked for: {step:?}"),
                Err(error) => panic!("{error}"),
            }
        }
    }

    fn exchange(&mut self, request: &Request) -> (u16, Vec<u8>) {
        let path = request.url.splitn(4, '/').nth(3).unwrap();
        let mut text =
            format!("POST /{path} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n", self.address, request.body.len());
        for (name, value) in &request.headers {
            text += &format!("{name}: {value}\r\n");
        }
        text += "\r\n";
        text += &request.body;
        self.stream.get_mut().write_all(text.as_bytes()).unwrap();
        let mut line = String::new();
        self.stream.read_line(&mut line).unwrap();
        let status = line.split(' ').nth(1).unwrap().parse().unwrap();
        let mut length = 0;
        loop {
            line.clear();
            self.stream.read_line(&mut line).unwrap();
            match line.trim().split_once(':') {
                Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                    length = value.trim().parse().unwrap();
                }
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).unwrap();
        (status, body)
    }
}

fn now() -> Millis {
    let since = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
    Millis(i64::try_from(since.as_millis()).unwrap())
}
