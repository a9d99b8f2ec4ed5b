//! The files of invoices: from the simulator, and from hosts that mean no good.
#![allow(clippy::unwrap_used, unreachable_pub)]

mod common;

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;

use common::{Ran, World, finish, nnopen};
use serde_json::json;

#[test]
fn the_files_of_an_issued_invoice_come_down_once() {
    let world = World::new();
    assert_eq!(world.run(&["issue", &world.order("T-FILES", |_| {})]).code, 0);
    let dir = world.dir.path().join("files");
    let args = ["download", "T-FILES", "--dir", dir.to_str().unwrap(), "--json"];

    let refused = world.run(&args);
    assert_eq!((refused.code, &refused.json()["kind"]), (2, &json!("input")), "plain http is not taken: {refused:?}");
    assert!(!dir.exists());

    let ran = world.run(&[&args[..], &["--http"]].concat());
    let json = ran.json();
    assert_eq!((ran.code, &json["ok"]), (0, &json!(true)), "{ran:?}");
    let told: Vec<_> =
        json["files"].as_array().unwrap().iter().map(|file| (&file["kind"], &file["original"])).collect();
    assert_eq!(told, [(&json!("ofd"), &json!(true)), (&json!("pdf"), &json!(false))]);
    for file in json["files"].as_array().unwrap() {
        let bytes = std::fs::read(file["path"].as_str().unwrap()).unwrap();
        assert_eq!((&file["state"], file["size"].as_u64()), (&json!("saved"), Some(bytes.len() as u64)));
    }
    let pdf = json["files"][1]["path"].as_str().unwrap();
    assert!(pdf.ends_with("T-FILES_26000000000000000001.pdf"), "{pdf}");

    let again = world.run(&[&args[..], &["--http"]].concat());
    assert_eq!((again.code, &again.json()["files"][1]["state"]), (0, &json!("present")));
    std::fs::write(pdf, "something of mine").unwrap();
    let kept = world.run(&[&args[..], &["--http"]].concat());
    assert_eq!((kept.code, std::fs::read_to_string(pdf).unwrap()), (2, "something of mine".to_owned()));
    assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 2, "nothing half-written is left");
}

#[test]
fn links_are_listed_without_a_fetch() {
    let world = World::new();
    assert_eq!(world.run(&["issue", &world.order("T-LIST", |_| {})]).code, 0);
    let ran = world.run(&["download", "T-LIST", "--list"]);
    assert!(ran.code == 0 && ran.out.contains("原始凭证") && ran.out.contains(".ofd"), "{ran:?}");
    let none = world.run(&["download", "T-NONE", "--json"]);
    assert_eq!((none.code, &none.json()["code"]), (5, &json!("E9500")));
}

/// Answers every request with what `answer` makes of its path and of the server's own address.
fn host(answer: fn(&str, &str) -> Vec<u8>) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let own = address.clone();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut line = String::new();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            reader.read_line(&mut line).unwrap();
            let mut header = String::new();
            while reader.read_line(&mut header).unwrap() > 2 {
                assert!(!header.to_ascii_lowercase().starts_with("accesstoken"), "the token goes nowhere else");
                header.clear();
            }
            let _ = stream.write_all(&answer(line.split(' ').nth(1).unwrap(), &own));
        }
    });
    address
}

fn whole(body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn to(place: &str) -> Vec<u8> {
    format!("HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").into_bytes()
}

fn hostile(path: &str, own: &str) -> Vec<u8> {
    match path {
        "/good.pdf" => whole(b"%PDF-1.4 a file"),
        "/page.pdf" => whole(b"<!DOCTYPE html><html>please log in</html>"),
        "/page.xml" => whole(b"<?xml version=\"1.0\"?><html>please log in</html>"),
        "/short.pdf" => b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n%PDF-1.4 cut".to_vec(),
        "/big.pdf" => whole(&[b"%PDF-1.4".as_slice(), &vec![b'x'; 2 << 20]].concat()),
        "/gone.pdf" => b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec(),
        "/near.pdf" => to("/good.pdf"),
        "/round.pdf" => to("/round.pdf"),
        "/far.pdf" => to(&format!("http://{}/good.pdf", own.replace("127.0.0.1", "localhost"))),
        "/odd.pdf" => to("file:///etc/hosts"),
        _ => whole(b"PK\x03\x04 a zip, but no OFD"),
    }
}

fn fetch(dir: &Path, answer: &serde_json::Value, more: &[&str]) -> Ran {
    let args = ["download", "--from", "-", "--json", "--http", "--limit", "1", "--dir", dir.to_str().unwrap()];
    finish(nnopen(&[&args[..], more].concat()), answer.to_string().as_bytes())
}

#[test]
fn hosts_that_mean_no_good_leave_nothing_behind() {
    let address = host(hostile);
    let dir = tempfile::tempdir().unwrap();
    let good =
        json!({"result": [{"orderNo": "../A", "serialNo": "S1", "pdfUrl": format!("http://{address}/near.pdf")}]});
    let ran = fetch(dir.path(), &good, &[]);
    assert_eq!((ran.code, &ran.json()["files"][0]["state"]), (0, &json!("saved")), "{ran:?}");
    assert_eq!(std::fs::read(dir.path().join("---A_S1.pdf")).unwrap(), b"%PDF-1.4 a file");
    for name in
        ["page.pdf", "short.pdf", "big.pdf", "gone.pdf", "round.pdf", "far.pdf", "odd.pdf", "page.xml", "zip.ofd"]
    {
        let field = if name.ends_with("xml") {
            "xmlUrl"
        } else if name.ends_with("ofd") {
            "ofdUrl"
        } else {
            "pdfUrl"
        };
        let ran = fetch(dir.path(), &json!({"serialNo": "S2", field: format!("http://{address}/{name}")}), &[]);
        assert_eq!((ran.code, &ran.json()["kind"]), (7, &json!("transport")), "{name}: {ran:?}");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "{name} left something behind");
    }
}

#[test]
fn a_push_at_hand_names_its_files() {
    let dir = tempfile::tempdir().unwrap();
    let push = json!({"operater": "callback", "orderno": "A1", "content": json!({"c_orderno": "A1", "c_fpqqlsh": "S1", "c_url": "inv.example.com/1.pdf"}).to_string()});
    let ran = fetch(dir.path(), &push, &["--list"]);
    assert_eq!(ran.json()["files"][0]["url"], "https://inv.example.com/1.pdf", "{ran:?}");
}

#[test]
fn each_file_has_a_name_of_its_own() {
    let address = host(hostile);
    let link = |name: &str| format!("http://{address}/{name}");
    let dir = tempfile::tempdir().unwrap();
    let row = |order: &str, name: &str| json!({"orderNo": order, "serialNo": "S", "pdfUrl": link(name)});
    let rows = json!([row("A_S", "good.pdf"), row("A", "good.pdf"), row("A", "near.pdf")]);
    let ran = fetch(dir.path(), &json!({ "result": rows }), &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let mut names: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["A_S-2.pdf", "A_S.pdf", "A_S_S.pdf"]);
}
