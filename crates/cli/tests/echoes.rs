//! A server that gives secret and token back in every spelling: the program says neither, and keeps neither in its journal.

#![allow(clippy::unwrap_used, unreachable_pub, reason = "a test")]

mod common;
#[path = "../../../tests/secrets/hostile.rs"]
mod hostile;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use common::{APP_KEY, QUERY, TAX_NUM, finish, nnopen};
use hostile::{SECRET, TOKEN, answers, clean};

/// Answers every request with what stands there now, and then waits for the next one.
fn serve(answer: Arc<Mutex<(u16, String)>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // Head and body come in one piece or two; the answer must not come before all of it.
            let (mut request, mut part) = (Vec::new(), [0; 4096]);
            while !whole(&request) {
                match stream.read(&mut part) {
                    Ok(count) if count > 0 => request.extend(&part[..count]),
                    _ => break,
                }
            }
            let (status, body) = answer.lock().unwrap().clone();
            let head = format!(
                "HTTP/1.1 {status} X\r\nLocation: http://127.0.0.1:1/{TOKEN}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all(&[head.as_bytes(), body.as_bytes()].concat());
        }
    });
    url
}

fn whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok());
    body.len() >= length.unwrap_or(0)
}

#[test]
fn the_program_says_neither_secret_nor_token() {
    let answer = Arc::new(Mutex::new((200, String::new())));
    let url = serve(Arc::clone(&answer));
    let dir = tempfile::tempdir().unwrap();
    // Every fifth way is enough here: all of them are played in the core.
    for (at, (status, body)) in answers(SECRET).into_iter().chain(answers(TOKEN)).enumerate().step_by(5) {
        *answer.lock().unwrap() = (status, body.clone());
        let state = dir.path().join(at.to_string());
        let run = |args: &[&str], token: Option<&str>, stdin: &str| {
            let mut command = nnopen(args);
            command
                .env("NNOPEN_APP_KEY", APP_KEY)
                .env("NNOPEN_APP_SECRET", SECRET)
                .env("NNOPEN_TAX_NUM", TAX_NUM)
                .env("NNOPEN_STATE_DIR", &state)
                .env("NNOPEN_URL", format!("{url}/open/v1/services"));
            if let Some(token) = token {
                command.env("NNOPEN_TOKEN", token);
            }
            let ran = finish(command, stdin.as_bytes());
            clean(&format!("{}{}", ran.out, ran.err), &body);
            ran.code
        };
        // The token endpoint gives the same answer; what it refused is kept, and told again.
        if at < answers(SECRET).len() {
            assert_ne!(run(&["token", "--fetch"], None, ""), 0);
            run(&["token", "--json"], None, "");
        }
        // A result that was asked for is told as it is.
        if !body.contains("E0000") {
            run(&["--json", "call", QUERY], Some(TOKEN), r#"{"orderNos":["A-1"]}"#);
            assert_ne!(run(&["call", "nuonuo.x.y", "--raw"], Some(TOKEN), "{}"), 0, "{body}");
        }
        for file in files(&state) {
            clean(&std::fs::read_to_string(&file).unwrap(), &body);
        }
    }
}

fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
