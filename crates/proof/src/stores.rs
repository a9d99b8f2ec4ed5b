//! The stores that several machines can share, made of what `nnopen-store` ships: the Redis script and the SQL.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use nnopen_store::{FileStore, REDIS, SQL, Store};
use rusqlite::named_params;

/// Where a fleet keeps its token, as an argument that its processes are told.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Place {
    File(String),
    Sqlite(String),
    Redis(String),
}

impl Place {
    /// The store of one name.
    ///
    /// # Errors
    /// If it can't be opened.
    pub(crate) fn open(&self, name: &str) -> io::Result<Box<dyn Store + Send + Sync>> {
        Ok(match self {
            Self::File(dir) => Box::new(FileStore::open(Path::new(dir), name)?),
            Self::Sqlite(path) => Box::new(Sqlite::open(path, name)?),
            Self::Redis(address) => Box::new(Redis::open(address, name)?),
        })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(dir) => write!(f, "file={dir}"),
            Self::Sqlite(path) => write!(f, "sqlite={path}"),
            Self::Redis(address) => write!(f, "redis={address}"),
        }
    }
}

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some(("file", dir)) => Ok(Self::File(dir.to_owned())),
            Some(("sqlite", path)) => Ok(Self::Sqlite(path.to_owned())),
            Some(("redis", address)) => Ok(Self::Redis(address.to_owned())),
            _ => Err(format!("no store: {text}")),
        }
    }
}

/// The statements of `share/schema.sql`, played by SQLite.
struct Sqlite {
    database: Mutex<rusqlite::Connection>,
    name: String,
}

impl Sqlite {
    fn open(path: &str, name: &str) -> io::Result<Self> {
        let open = || {
            let database = rusqlite::Connection::open(path)?;
            database.busy_timeout(Duration::from_secs(20))?;
            database.execute_batch(&statement(0))?;
            Ok(database)
        };
        let database = open().map_err(|error: rusqlite::Error| io::Error::other(error))?;
        Ok(Self { database: Mutex::new(database), name: name.to_owned() })
    }
}

/// The statement of that place in the file.
fn statement(at: usize) -> String {
    let lines: Vec<&str> = SQL.lines().filter(|line| !line.starts_with("--")).collect();
    lines.join("\n").split(';').nth(at).unwrap_or_default().trim().to_owned()
}

impl Store for Sqlite {
    fn load(&self) -> io::Result<(u64, Vec<u8>)> {
        let database = self.database.lock().unwrap_or_else(PoisonError::into_inner);
        let row = database.query_row(&statement(1), named_params! {":name": self.name}, |row| {
            Ok((row.get::<_, i64>(0)?.unsigned_abs(), row.get(1)?))
        });
        match row {
            Err(rusqlite::Error::QueryReturnedNoRows) => Ok((0, Vec::new())),
            row => row.map_err(io::Error::other),
        }
    }

    fn swap(&self, version: u64, bytes: &[u8]) -> io::Result<bool> {
        let database = self.database.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = if version == 0 {
            match database.execute(&statement(3), named_params! {":name": self.name, ":bytes": bytes}) {
                Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation) => Ok(0),
                changed => changed,
            }
        } else {
            let version = i64::try_from(version).map_err(io::Error::other)?;
            let params = named_params! {":name": self.name, ":version": version, ":bytes": bytes};
            database.execute(&statement(2), params)
        };
        Ok(changed.map_err(io::Error::other)? == 1)
    }
}

/// `share/redis.lua`, played by a Redis server: the two commands it takes, in Redis's own protocol.
struct Redis {
    stream: Mutex<BufReader<TcpStream>>,
    key: String,
}

impl Redis {
    fn open(address: &str, name: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        Ok(Self { stream: Mutex::new(BufReader::new(stream)), key: format!("nnopen:token:{name}") })
    }

    fn ask(&self, words: &[&[u8]]) -> io::Result<Vec<Option<Vec<u8>>>> {
        let mut stream = self.stream.lock().unwrap_or_else(PoisonError::into_inner);
        let mut request = format!("*{}\r\n", words.len()).into_bytes();
        for word in words {
            request.extend(format!("${}\r\n", word.len()).into_bytes());
            request.extend_from_slice(word);
            request.extend(b"\r\n");
        }
        stream.get_mut().write_all(&request)?;
        answer(&mut *stream)
    }
}

/// One answer: a number or a text, a list of them, or an error.
fn answer(stream: &mut impl BufRead) -> io::Result<Vec<Option<Vec<u8>>>> {
    let mut head = String::new();
    stream.read_line(&mut head)?;
    let (kind, rest) = head.trim_end().split_at_checked(1).ok_or_else(|| io::Error::other("no answer"))?;
    match (kind, rest.parse::<usize>()) {
        (":", _) => Ok(vec![Some(rest.into())]),
        ("$", Err(_)) => Ok(vec![None]),
        ("$", Ok(length)) => {
            let mut bytes = vec![0; length + 2];
            stream.read_exact(&mut bytes)?;
            bytes.truncate(length);
            Ok(vec![Some(bytes)])
        }
        ("*", Ok(count)) => (0..count).try_fold(Vec::new(), |mut all, _| {
            all.extend(answer(stream)?);
            Ok(all)
        }),
        _ => Err(io::Error::other(head)),
    }
}

impl Store for Redis {
    fn load(&self) -> io::Result<(u64, Vec<u8>)> {
        let fields = self.ask(&[b"HMGET", self.key.as_bytes(), b"version", b"bytes"])?;
        Ok(match fields.as_slice() {
            [Some(version), Some(bytes)] => {
                (String::from_utf8_lossy(version).parse().map_err(io::Error::other)?, bytes.clone())
            }
            _ => (0, Vec::new()),
        })
    }

    fn swap(&self, version: u64, bytes: &[u8]) -> io::Result<bool> {
        let version = version.to_string();
        let words = [b"EVAL", REDIS.as_bytes(), b"1", self.key.as_bytes(), version.as_bytes(), bytes];
        Ok(self.ask(&words)? == [Some(b"1".to_vec())])
    }
}

/// A Redis server of our own; it ends when this is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
}

impl Server {
    /// Starts `redis-server` on a free port of this machine.
    ///
    /// # Errors
    /// If there is none, or it does not answer.
    pub(crate) fn start(dir: &Path) -> io::Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port().to_string();
        let child = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--port", &port, "--save", "", "--appendonly", "no", "--dir"])
            .arg(dir)
            .stdout(Stdio::null())
            .spawn()?;
        let server = Self { child, address: format!("127.0.0.1:{port}") };
        let since = Instant::now();
        while let Err(error) = Redis::open(&server.address, "") {
            if since.elapsed() > Duration::from_secs(20) {
                return Err(error);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
