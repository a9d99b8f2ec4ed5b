//! The stores of this crate, by the same rules; by many threads and processes at once. The script for Redis and the SQL are
//! played by `nnopen-proof fleet`.

use std::io;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nnopen_store::{FileStore, MemoryStore, Store};

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
