//! `nnopen preview`: the page, and nothing else, on this machine.
#![allow(clippy::unwrap_used, unreachable_pub)]

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;

use common::{nnopen, plain};

fn ask(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "{request} HTTP/1.1\r\nHost: {address}\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn it_serves_the_page_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("index.html");
    std::fs::write(&file, "<p>预览</p>").unwrap();
    let mut command = nnopen(&["preview", "--file", file.to_str().unwrap()]);
    let mut server = command.stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().trim_start_matches("http://").trim_end_matches('/').to_owned();

    let page = ask(&address, "GET /?from=a");
    let others = ["GET /etc/passwd", "GET /../index.html", "POST /", "nonsense"].map(|request| ask(&address, request));
    let head = ask(&address, "HEAD /");
    server.kill().unwrap();
    server.wait().unwrap();

    assert!(address.starts_with("127.0.0.1:"), "{address}");
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");
    assert!(page.contains("\r\nContent-Length: 13\r\n") && page.ends_with("\r\n\r\n<p>预览</p>"), "{page}");
    let statuses = others.map(|answer| answer.split(' ').nth(1).unwrap_or_default().to_owned());
    assert_eq!(statuses, ["404", "404", "405", "405"]);
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n") && head.ends_with("\r\n\r\n"), "{head}");
}

#[test]
fn a_page_that_is_not_there_is_told() {
    let ran = plain(&["preview", "--file", "no/such/page.html"], b"");
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("no/such/page.html"), "{}", ran.err);
}
