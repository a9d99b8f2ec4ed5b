//! The part `fleet`: processes of every language, from the packages as they are built now, share one token of one
//! simulator over real HTTP, in one file store and in one Redis. They begin at the same time, cold; then another system
//! voids their token.

use std::fs;
use std::io::{BufRead, BufReader, Error, Read, Result, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::folders::program;
use crate::test::{Tally, cargo, succeeds};
use crate::{kotlin, node, php, python};

/// A language: how its program is had, none if there is no toolchain; what that is; whether it has a store in Redis.
struct Language {
    name: &'static str,
    member: fn(&Path) -> std::result::Result<Option<Command>, String>,
    needs: &'static str,
    redis: bool,
}

const LANGUAGES: &[Language] = &[
    Language { name: "python", member: python::test::member, needs: python::test::NEEDS, redis: true },
    Language { name: "node", member: node::test::member, needs: node::test::NEEDS, redis: true },
    Language { name: "php", member: php::test::member, needs: php::test::NEEDS, redis: true },
    Language { name: "kotlin", member: kotlin::test::member, needs: kotlin::test::NEEDS, redis: false },
];

/// How many processes of each language there are; each makes three calls at the same time.
const EACH: usize = 2;
const PATIENCE: Duration = Duration::from_secs(60);
/// What a platform answers that knows no such order.
const ANSWER: &str = "E9500";

pub(crate) fn run(root: &Path, tally: &mut Tally) {
    if !succeeds(&mut cargo(root, &["build", "--quiet", "--package", "nnopen-cli"])) {
        return tally.one("fleet: the command line is not built", false);
    }
    let program = program(root, "nnopen");
    let mut members = Vec::new();
    for language in LANGUAGES {
        match (language.member)(root) {
            Ok(Some(command)) => members.push((language, command)),
            Ok(None) => tally.skip(format!("fleet: {} ({})", language.name, language.needs)),
            Err(why) => tally.one(&format!("fleet: {}: {why}", language.name), false),
        }
    }
    let mut try_out = |name: &str, redis: Option<&Redis>, members: &mut [(&Language, Command)]| {
        let chosen = members.iter_mut().filter(|(language, _)| redis.is_none() || language.redis);
        let chosen: Vec<_> = chosen.map(|(language, command)| (language.name, command)).collect();
        match play(&program, name, redis, chosen) {
            Ok(told) => {
                println!("✓ {name}: {told}");
                tally.one(name, true);
            }
            Err(error) => tally.one(&format!("fleet: {name}: {error}"), false),
        }
    };
    try_out("one file store", None, &mut members);
    match Redis::start() {
        Ok(redis) => try_out("one Redis", Some(&redis), &mut members),
        Err(_) => tally.skip("fleet: one Redis (there is no redis-server)".to_owned()),
    }
}

/// One store, one simulator; tells what was seen.
fn play(program: &Path, name: &str, redis: Option<&Redis>, members: Vec<(&str, &mut Command)>) -> Result<String> {
    let folder = Folder::new(name)?;
    let cli = |args: &[&str]| {
        let mut command = Command::new(program);
        command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        command
    };
    let mut platform = Running::start(name, cli(&["simulate"]).stderr(Stdio::null()))?;
    let url = platform.line()?;
    let told = |command: &mut Command, tokens: &str| {
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"NNOPEN_")) {
            command.env_remove(name);
        }
        command
            .env("NNOPEN_URL", format!("{url}/open/v1/services"))
            .env("NNOPEN_TOKEN_URL", format!("{url}/accessToken"));
        command.env("NNOPEN_APP_KEY", "SD00000001").env("NNOPEN_APP_SECRET", "SD00000000000001");
        command.env("NNOPEN_TAX_NUM", "339901999999142").env("NNOPEN_CONFIG", folder.0.join("none"));
        command.env("NNOPEN_STATE_DIR", folder.0.join(tokens));
        redis.map(|redis| command.env("NNOPEN_FLEET_REDIS", redis.port.to_string()));
    };
    fs::write(folder.0.join("none"), "")?;
    let languages: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
    let mut fleet = Vec::new();
    for (name, command) in members {
        told(command, "tokens");
        for _ in 0..EACH {
            fleet.push(Running::start(name, command.stderr(Stdio::inherit()))?);
        }
    }
    for member in &mut fleet {
        member.must_say("ready")?;
    }
    // The command line has no store in Redis; its processes end with their call.
    let mut processes = fleet.len();
    let mut all_ask = || -> Result<()> {
        let mut started = Vec::new();
        for _ in 0..if redis.is_none() { EACH } else { 0 } {
            let mut query = cli(&["query", "NONE", "--json"]);
            told(&mut query, "tokens");
            started.push(query.spawn()?);
        }
        fleet.iter_mut().try_for_each(Running::ask)?;
        for member in &mut fleet {
            member.must_say(&[ANSWER; 3].join(" "))?;
        }
        for query in started {
            processes += 1;
            let said = String::from_utf8_lossy(&query.wait_with_output()?.stdout).into_owned();
            said.contains(ANSWER).then_some(()).ok_or_else(|| Error::other(format!("cli: {said}")))?;
        }
        Ok(())
    };
    all_ask()?;
    must(token_calls(&url)?, 1, "token calls, all begun cold")?;
    // Another system, which knows nothing of the store, takes a token: ours is void.
    let mut other = cli(&["token", "--fetch"]);
    told(&mut other, "other");
    must(usize::from(other.stdout(Stdio::null()).status()?.success()), 1, "tokens of another system")?;
    must(token_calls(&url)?, 2, "token calls with that of another system")?;
    all_ask()?;
    must(token_calls(&url)?, 3, "token calls after ours was voided")?;
    let cli = if redis.is_none() { "cli, " } else { "" };
    Ok(format!("{processes} processes ({cli}{}): 1 token call, 1 more after it was voided", languages.join(", ")))
}

fn must(is: usize, must_be: usize, what: &str) -> Result<()> {
    if is == must_be { Ok(()) } else { Err(Error::other(format!("{is} {what}, not {must_be}"))) }
}

/// How often the simulator was asked for a token.
fn token_calls(url: &str) -> Result<usize> {
    let host = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host)?;
    write!(stream, "GET /_simulator/requests HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;
    let mut said = String::new();
    stream.read_to_string(&mut said)?;
    Ok(said.matches("\"target\":\"/accessToken\"").count())
}

/// A program that is told lines and says lines; it ends with the value.
struct Running {
    name: String,
    child: Child,
    lines: Receiver<String>,
}

impl Running {
    fn start(name: &str, command: &mut Command) -> Result<Self> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (say, lines) = channel();
        if let Some(out) = child.stdout.take() {
            std::thread::spawn(move || {
                BufReader::new(out).lines().map_while(Result::ok).all(|line| say.send(line).is_ok())
            });
        }
        Ok(Self { name: name.to_owned(), child, lines })
    }

    fn ask(&mut self) -> Result<()> {
        self.child.stdin.as_mut().map_or(Ok(()), |door| door.write_all(b"\n"))
    }

    fn line(&mut self) -> Result<String> {
        self.lines.recv_timeout(PATIENCE).map_err(|error| Error::other(format!("{} says nothing: {error}", self.name)))
    }

    fn must_say(&mut self, must_be: &str) -> Result<()> {
        let line = self.line()?;
        if line == must_be { Ok(()) } else { Err(Error::other(format!("{} says {line}, not {must_be}", self.name))) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A Redis of our own.
struct Redis {
    port: u16,
    _server: Running,
}

impl Redis {
    fn start() -> Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let mut command = Command::new("redis-server");
        command.args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port", &port.to_string()]);
        let mut server = Running::start("redis-server", &mut command)?;
        while !server.line()?.contains("Ready to accept") {}
        Ok(Self { port, _server: server })
    }
}

/// A folder that goes with the value.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Result<Self> {
        let name = format!("nnopen-fleet-{}-{}", std::process::id(), name.replace(' ', "-"));
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
