//! The stores that several machines can share, made of what `nnopen-store` ships: the Redis script and the SQL.

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use nnopen_store::{FileStore, REDIS, SQL, Store};
use redis::{Client, Commands, Connection, Script};
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
            Self::Redis(url) => Box::new(Redis::open(url, name)?),
        })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(dir) => write!(f, "file={dir}"),
            Self::Sqlite(path) => write!(f, "sqlite={path}"),
            Self::Redis(url) => write!(f, "redis={url}"),
        }
    }
}

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some(("file", dir)) => Ok(Self::File(dir.to_owned())),
            Some(("sqlite", path)) => Ok(Self::Sqlite(path.to_owned())),
            Some(("redis", url)) => Ok(Self::Redis(url.to_owned())),
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

/// `share/redis.lua`, played by a Redis server.
struct Redis {
    connection: Mutex<Connection>,
    key: String,
    swap: Script,
}

impl Redis {
    fn open(url: &str, name: &str) -> io::Result<Self> {
        let connection = Client::open(url).and_then(|client| client.get_connection()).map_err(io::Error::other)?;
        let (connection, key) = (Mutex::new(connection), format!("nnopen:token:{name}"));
        Ok(Self { connection, key, swap: Script::new(REDIS) })
    }
}

impl Store for Redis {
    fn load(&self) -> io::Result<(u64, Vec<u8>)> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let fields: (Option<u64>, Option<Vec<u8>>) =
            connection.hmget(&self.key, &["version", "bytes"]).map_err(io::Error::other)?;
        Ok(match fields {
            (Some(version), Some(bytes)) => (version, bytes),
            _ => (0, Vec::new()),
        })
    }

    fn swap(&self, version: u64, bytes: &[u8]) -> io::Result<bool> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let swap = self.swap.key(&self.key).arg(version).arg(bytes).invoke(&mut *connection);
        swap.map(|stored: u8| stored == 1).map_err(io::Error::other)
    }
}

/// A Redis server of our own; it ends when this is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
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
        let server = Self { child, url: format!("redis://127.0.0.1:{port}/") };
        let since = Instant::now();
        while let Err(error) = Redis::open(&server.url, "") {
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
