//! Every store, by the same rules; by many threads and processes at once.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nnopen_store::{FileStore, MemoryStore, REDIS, SQL, Store};

const SWAPS: u64 = 200;

/// Counts up in the store, so often that a swap was stored.
fn count(store: &dyn Store, times: u64) {
    for _ in 0..times {
        loop {
            let (version, bytes) = store.load().expect("it can be read");
            let held: u64 = if version == 0 { 0 } else { String::from_utf8_lossy(&bytes).parse().expect("a number") };
            assert_eq!(held, version, "the bytes are those of the version");
            if store.swap(version, (held + 1).to_string().as_bytes()).expect("it can be written") {
                break;
            }
        }
    }
}

/// Four threads, each with its own way to the same store.
fn many_threads<S: Store>(open: impl Fn() -> S + Sync) {
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| count(&open(), SWAPS / 4));
        }
    });
    assert_eq!(open().load().expect("it can be read"), (SWAPS, SWAPS.to_string().into_bytes()));
}

/// What every store does.
fn rules(store: &dyn Store) {
    assert_eq!(store.load().expect("empty"), (0, Vec::new()));
    assert!(!store.swap(1, b"x").expect("refused"));
    assert!(store.swap(0, b"\0\xff\n1").expect("stored"));
    assert!(!store.swap(0, b"y").expect("refused"));
    assert_eq!(store.load().expect("one"), (1, b"\0\xff\n1".to_vec()));
    assert!(store.swap(1, b"").expect("stored"));
    assert_eq!(store.load().expect("two"), (2, Vec::new()));
}

#[test]
fn memory() {
    rules(&MemoryStore::default());
    let store = MemoryStore::default();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| count(&store, SWAPS / 4));
        }
    });
    assert_eq!(store.load().expect("it can be read").0, SWAPS);
}

#[test]
fn file() {
    let dir = tempfile::tempdir().expect("a folder");
    rules(&FileStore::open(dir.path(), "rules").expect("a store"));
    many_threads(|| FileStore::open(dir.path(), "threads").expect("a store"));
    let left: Vec<_> = std::fs::read_dir(dir.path()).expect("it can be read").flatten().collect();
    assert_eq!(left.len(), 4, "{left:?}");
}

#[test]
#[cfg(unix)]
fn a_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().expect("a folder");
    let store = FileStore::open(&dir.path().join("a/b"), "one").expect("a store");
    assert!(store.swap(0, b"token").expect("stored"));
    let mode = |path: &Path| std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode(store.path()), 0o600);
    assert_eq!(mode(&store.path().with_extension("lock")), 0o600);
    assert_eq!(mode(store.path().parent().expect("a folder")), 0o700);
}

#[test]
fn a_file_that_is_none_of_ours_is_left_alone() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = FileStore::open(dir.path(), "one").expect("a store");
    for bytes in ["", "7", "x\n{}", "0\n{}", "-1\n{}"] {
        std::fs::write(store.path(), bytes).expect("written");
        assert_eq!(store.load().expect_err(bytes).kind(), io::ErrorKind::InvalidData);
        assert!(store.swap(0, b"new").is_err());
        assert_eq!(std::fs::read(store.path()).expect("read"), bytes.as_bytes());
    }
}

/// Run by `many_processes_count_in_one_file` in other processes; alone it does nothing.
#[test]
fn a_process_that_counts() {
    if let Ok(dir) = std::env::var("NNOPEN_STORE_TEST") {
        count(&FileStore::open(Path::new(&dir), "processes").expect("a store"), SWAPS / 4);
    }
}

#[test]
fn many_processes_count_in_one_file_and_killed_ones_do_no_harm() {
    let dir = tempfile::tempdir().expect("a folder");
    let start = || -> Child {
        Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", "a_process_that_counts"])
            .env("NNOPEN_STORE_TEST", dir.path())
            .stdout(Stdio::null())
            .spawn()
            .expect("it starts")
    };
    // Two are killed in the middle of it: a lock ends with its process, a file is there whole or not at all.
    let mut killed: Vec<Child> = (0..2).map(|_| start()).collect();
    let store = FileStore::open(dir.path(), "processes").expect("a store");
    let since = Instant::now();
    while store.load().expect("it can be read").0 < 5 && since.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(2));
    }
    for child in &mut killed {
        child.kill().expect("it is killed");
        child.wait().expect("it ends");
    }
    let before = store.load().expect("it can be read").0;
    let children: Vec<Child> = (0..4).map(|_| start()).collect();
    for mut child in children {
        assert!(child.wait().expect("it ends").success());
    }
    assert_eq!(store.load().expect("it can be read").0, before + SWAPS);
}

/// `share/schema.sql`, played by SQLite.
struct Sqlite(rusqlite::Connection);

impl Sqlite {
    fn open(path: &Path) -> Self {
        let database = rusqlite::Connection::open(path).expect("it opens");
        database.busy_timeout(Duration::from_secs(20)).expect("it waits");
        database.execute_batch(&statement(0)).expect("a table");
        Self(database)
    }
}

/// The statement of that place in the file.
fn statement(at: usize) -> String {
    let lines: Vec<&str> = SQL.lines().filter(|line| !line.starts_with("--")).collect();
    lines.join("\n").split(';').nth(at).expect("a statement").trim().to_owned()
}

impl Store for Sqlite {
    fn load(&self) -> io::Result<(u64, Vec<u8>)> {
        let row = self.0.query_row(&statement(1), rusqlite::named_params! {":name": "one"}, |row| {
            Ok((row.get::<_, i64>(0)?.unsigned_abs(), row.get(1)?))
        });
        match row {
            Err(rusqlite::Error::QueryReturnedNoRows) => Ok((0, Vec::new())),
            row => row.map_err(io::Error::other),
        }
    }

    fn swap(&self, version: u64, bytes: &[u8]) -> io::Result<bool> {
        let changed = if version == 0 {
            match self.0.execute(&statement(3), rusqlite::named_params! {":name": "one", ":bytes": bytes}) {
                Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation) => Ok(0),
                changed => changed,
            }
        } else {
            let version = i64::try_from(version).map_err(io::Error::other)?;
            self.0
                .execute(&statement(2), rusqlite::named_params! {":name": "one", ":version": version, ":bytes": bytes})
        };
        Ok(changed.map_err(io::Error::other)? == 1)
    }
}

#[test]
fn sql() {
    let dir = tempfile::tempdir().expect("a folder");
    rules(&Sqlite::open(&dir.path().join("rules.db")));
    many_threads(|| Sqlite::open(&dir.path().join("threads.db")));
}

/// `share/redis.lua`, played by a Redis server of its own.
struct Redis(std::cell::RefCell<TcpStream>, String);

impl Redis {
    fn ask(&self, words: &[&[u8]]) -> io::Result<Vec<Option<Vec<u8>>>> {
        let mut line = format!("*{}\r\n", words.len()).into_bytes();
        for word in words {
            line.extend(format!("${}\r\n", word.len()).into_bytes());
            line.extend_from_slice(word);
            line.extend(b"\r\n");
        }
        self.0.borrow_mut().write_all(&line)?;
        self.answer()
    }

    fn answer(&self) -> io::Result<Vec<Option<Vec<u8>>>> {
        let head = self.line()?;
        let number: i64 = head[1..].parse().unwrap_or(-1);
        match head.as_bytes()[0] {
            b':' => Ok(vec![Some(head[1..].into())]),
            b'$' if number < 0 => Ok(vec![None]),
            b'$' => {
                let mut bytes = vec![0; usize::try_from(number).expect("a length") + 2];
                self.0.borrow_mut().read_exact(&mut bytes)?;
                bytes.truncate(bytes.len() - 2);
                Ok(vec![Some(bytes)])
            }
            b'*' => {
                let mut all = Vec::new();
                for _ in 0..number {
                    all.extend(self.answer()?);
                }
                Ok(all)
            }
            _ => Err(io::Error::other(head)),
        }
    }

    fn line(&self) -> io::Result<String> {
        let (mut line, mut byte) = (Vec::new(), [0]);
        while !line.ends_with(b"\r\n") {
            self.0.borrow_mut().read_exact(&mut byte)?;
            line.push(byte[0]);
        }
        Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
    }
}

impl Store for Redis {
    fn load(&self) -> io::Result<(u64, Vec<u8>)> {
        let fields = self.ask(&[b"HMGET", self.1.as_bytes(), b"version", b"bytes"])?;
        Ok(match fields.as_slice() {
            [Some(version), Some(bytes)] => {
                (String::from_utf8_lossy(version).parse().map_err(io::Error::other)?, bytes.clone())
            }
            _ => (0, Vec::new()),
        })
    }

    fn swap(&self, version: u64, bytes: &[u8]) -> io::Result<bool> {
        let version = version.to_string();
        let words = [b"EVAL", REDIS.as_bytes(), b"1", self.1.as_bytes(), version.as_bytes(), bytes];
        Ok(self.ask(&words)? == [Some(b"1".to_vec())])
    }
}

#[test]
fn redis() {
    let dir = tempfile::tempdir().expect("a folder");
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = free.local_addr().expect("a port").port();
    drop(free);
    let server = Command::new("redis-server")
        .args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--save", "", "--appendonly", "no", "--dir"])
        .arg(dir.path())
        .stdout(Stdio::null())
        .spawn();
    let Ok(mut server) = server else {
        return eprintln!("redis: skipped, there is no redis-server on this machine");
    };
    let connect = |key: &str| {
        let since = Instant::now();
        loop {
            match TcpStream::connect(("127.0.0.1", port)) {
                Ok(stream) => return Redis(std::cell::RefCell::new(stream), format!("nnopen:token:{key}")),
                Err(error) => assert!(since.elapsed() < Duration::from_secs(20), "{error}"),
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        rules(&connect("rules"));
        many_threads(|| connect("threads"));
    }));
    server.kill().expect("it is stopped");
    server.wait().expect("it ends");
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}
