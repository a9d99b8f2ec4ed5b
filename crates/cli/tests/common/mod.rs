//! A simulator as a process of its own, and the program run against it with a folder of its own.
#![allow(dead_code, clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

pub const APP_KEY: &str = "SD00000001";
pub const SECRET: &str = "SD00000000000001";
pub const TAX_NUM: &str = "339901999999142";
pub const ISSUE: &str = "nuonuo.OpeMplatform.requestBillingNew";
pub const QUERY: &str = "nuonuo.OpeMplatform.queryInvoiceResult";

/// What a run of the program came to.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// The one object on stdout.
    pub fn json(&self) -> Value {
        let mut lines = self.out.lines();
        let json = serde_json::from_str(lines.next().unwrap_or_default());
        assert!(lines.next().is_none(), "more than one line: {self:?}");
        json.unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// No secret is in what was said.
    pub fn keeps(&self, secrets: &[&str]) -> &Self {
        for secret in secrets {
            assert!(!self.out.contains(secret) && !self.err.contains(secret), "{secret} is told: {self:?}");
        }
        self
    }
}

/// The program, with nothing of the tester's own settings.
pub fn nnopen(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nnopen"));
    command.args(args).env_clear().env("NNOPEN_LANG", "zh").env("NNOPEN_CONFIG", "/dev/null");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs the program to its end.
pub fn finish(mut command: Command, stdin: &[u8]) -> Ran {
    let mut child = command.spawn().unwrap();
    // A program that ends before it has read everything is fine.
    let _ = child.stdin.take().unwrap().write_all(stdin);
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs the program without any setting.
pub fn plain(args: &[&str], stdin: &[u8]) -> Ran {
    finish(nnopen(args), stdin)
}

/// A simulator, and a folder for what the program keeps.
pub struct World {
    pub dir: tempfile::TempDir,
    pub url: String,
    simulator: Child,
}

impl World {
    pub fn new() -> Self {
        Self::with(&[])
    }

    /// A simulator with these options; `{dir}` in them is the folder.
    pub fn with(options: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let options: Vec<String> =
            options.iter().map(|option| option.replace("{dir}", dir.path().to_str().unwrap())).collect();
        let mut args = vec!["simulate", "--port", "0"];
        args.extend(options.iter().map(String::as_str));
        let mut command = nnopen(&args);
        command.stderr(Stdio::null());
        let mut simulator = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(simulator.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { dir, url: line.trim().to_owned(), simulator }
    }

    /// The program with the settings for this simulator.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = nnopen(args);
        command
            .env("NNOPEN_APP_KEY", APP_KEY)
            .env("NNOPEN_APP_SECRET", SECRET)
            .env("NNOPEN_TAX_NUM", TAX_NUM)
            .env("NNOPEN_STATE_DIR", self.state())
            .env("NNOPEN_URL", format!("{}/open/v1/services", self.url));
        command
    }

    /// Runs the program; nothing it says may hold the secret or the token.
    pub fn run(&self, args: &[&str]) -> Ran {
        let ran = finish(self.command(args), b"");
        let token = self.token();
        ran.keeps(&[SECRET, token.as_deref().unwrap_or(SECRET)]);
        ran
    }

    pub fn state(&self) -> PathBuf {
        self.dir.path().join("state")
    }

    /// The file that keeps the token, and its record.
    pub fn store(&self) -> Option<(PathBuf, Value)> {
        let files = std::fs::read_dir(self.state()).ok()?;
        let mut paths = files.map(|file| file.unwrap().path());
        let path = paths.find(|path| path.extension().is_some_and(|end| end == "token"))?;
        let text = std::fs::read_to_string(&path).ok()?;
        Some((path, serde_json::from_str(text.split_once('\n')?.1).unwrap()))
    }

    /// The token that is kept.
    pub fn token(&self) -> Option<String> {
        self.store()?.1["token"]["access"].as_str().map(str::to_owned)
    }

    /// An order file with this number; `change` may edit the order.
    pub fn order(&self, number: &str, change: impl Fn(&mut Value)) -> String {
        let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/order.json")).unwrap();
        let mut params: Value = serde_json::from_str(&text).unwrap();
        params["order"]["orderNo"] = number.into();
        change(&mut params["order"]);
        let path = self.dir.path().join(format!("{number}.json"));
        std::fs::write(&path, params.to_string()).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Asks the simulator for something, or tells it.
    pub fn admin(&self, method: &str, path: &str, body: &str) -> Value {
        let host = self.url.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        let length = body.len();
        write!(stream, "{method} /_simulator/{path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
    }

    pub fn fault(&self, rule: &str) {
        self.admin("POST", "faults", rule);
    }

    /// How many requests asked for a method, or for `accessToken`.
    pub fn count(&self, method: &str) -> usize {
        let requests = self.admin("GET", "requests", "");
        let asked = |request: &&Value| match method {
            "accessToken" => request["target"] == "/accessToken",
            method => request["headers"].to_string().contains(&format!("\"{method}\"")),
        };
        requests.as_array().unwrap().iter().filter(asked).count()
    }

    /// How many invoices there are for an order number.
    pub fn invoices(&self, number: &str) -> usize {
        let orders = self.admin("GET", "orders", "");
        let ours = orders.as_array().unwrap().iter().filter(|order| order["orderNo"] == number);
        ours.map(|order| order["invoices"].as_array().unwrap().len()).sum()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let _ = self.simulator.kill();
        let _ = self.simulator.wait();
    }
}

/// The head and the body of what is at an address.
pub fn get(url: &str) -> String {
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_at(rest.find('/').unwrap());
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// The bits of a file's mode.
#[cfg(unix)]
pub fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;

    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}
