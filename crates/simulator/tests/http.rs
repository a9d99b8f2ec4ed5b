//! HTTP/1.1 itself: framing, limits, nonsense; and TLS.
#![allow(clippy::unwrap_used)]

mod client;

use client::*;
use nnopen_simulator::{Options, Simulator};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

#[test]
fn one_connection_carries_many_requests_even_sent_at_once() {
    let simulator = simulator();
    let client = Client::new(&simulator);
    let mut stream = connect(&simulator);
    for number in 0..3 {
        let call = client.prepared(ISSUE, &json!({ "order": order(&format!("K-{number}")) }));
        stream.write_all(&call.bytes()).unwrap();
        assert_eq!(read(&mut stream).unwrap().json()["code"], "E0000");
    }
    let two = [client.prepared(QUERY, &json!({ "orderNos": ["x"] })).bytes(), request("GET", "/", &[], b"")].concat();
    stream.write_all(&two).unwrap();
    assert_eq!(read(&mut stream).unwrap().json()["code"], "E9500");
    assert!(read(&mut stream).unwrap().text().contains("SD00000001"));
}

#[test]
fn a_request_may_come_byte_by_byte() {
    let simulator = simulator();
    let mut stream = connect(&simulator);
    stream.set_nodelay(true).unwrap();
    for byte in request("GET", "/nothing", &[], b"") {
        stream.write_all(&[byte]).unwrap();
    }
    assert_eq!(read(&mut stream).unwrap().status, 404);
}

#[test]
fn chunked_bodies_are_put_together() {
    let simulator = simulator();
    let body = "client_id=SD00000001&client_secret=SD00000000000001&grant_type=client_credentials";
    let (a, b) = body.split_at(20);
    let head = "POST /accessToken HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n\
                Transfer-Encoding: chunked\r\n\r\n";
    let chunks = format!("{:x}\r\n{a}\r\n{:X};note=1\r\n{b}\r\n0\r\nTrailer: x\r\n\r\n", a.len(), b.len());
    let answer = raw(&simulator, format!("{head}{chunks}").as_bytes()).unwrap();
    assert!(answer.json().get("access_token").is_some());
    for bad in ["zz\r\n", "-1\r\n", "\r\n", "5\r\nabcdefg\r\n", "fffffffff\r\n"] {
        let answer = raw(&simulator, format!("{head}{bad}").as_bytes()).unwrap();
        assert_eq!(answer.status, 400, "{bad:?}");
    }
}

#[test]
fn a_client_that_waits_to_be_asked_is_asked() {
    let simulator = simulator();
    let body = b"client_id=SD00000001&client_secret=SD00000000000001&grant_type=client_credentials";
    let headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Expect", "100-continue")];
    let bytes = request("POST", "/accessToken", &headers, body);
    let (head, rest) = bytes.split_at(bytes.len() - body.len());
    let mut stream = connect(&simulator);
    stream.write_all(head).unwrap();
    assert_eq!(read(&mut stream).unwrap().status, 100);
    stream.write_all(rest).unwrap();
    assert_eq!(read(&mut stream).unwrap().status, 200);
}

#[test]
fn nonsense_is_refused_and_the_server_lives_on() {
    let simulator = simulator();
    let host = "Host: 127.0.0.1\r\n";
    let post = "POST /accessToken HTTP/1.1";
    let long = "x".repeat(70_000);
    let many = (0..200).map(|n| format!("X-{n}: 1\r\n")).collect::<String>();
    let cases = [
        ("nonsense\r\n\r\n".to_owned(), 400),
        ("\u{16}\u{3}\u{1}\0\u{1}\r\n\r\n".to_owned(), 400),
        ("GET / HTTP/1.1\r\n\r\n".to_owned(), 400),
        (format!("GET / HTTP/1.1\r\n{host}{host}\r\n"), 400),
        (format!("GET / HTTP/1.1\r\n{host}X: {long}\r\n\r\n"), 431),
        (format!("GET / HTTP/1.1\r\n{host}{many}\r\n"), 431),
        (format!("{post}\r\n{host}Content-Length: -1\r\n\r\n"), 400),
        (format!("{post}\r\n{host}Content-Length: \r\n\r\n"), 400),
        (format!("{post}\r\n{host}Content-Length: 1\r\nContent-Length: 2\r\n\r\n"), 400),
        (format!("{post}\r\n{host}Content-Length: 99999999999999999999999\r\n\r\n"), 413),
        (format!("{post}\r\n{host}Content-Length: 100000000\r\n\r\n"), 413),
        (format!("{post}\r\n{host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"), 400),
        (format!("{post}\r\n{host}Transfer-Encoding: gzip\r\n\r\n"), 501),
        (format!("GET /open/v1/services HTTP/1.1\r\n{host}\r\n"), 405),
        (format!("PUT /document/1 HTTP/1.1\r\n{host}\r\n"), 405),
        (format!("GET /no/such/page HTTP/1.1\r\n{host}\r\n"), 404),
        (format!("HEAD / HTTP/1.0\r\n{host}\r\n"), 200),
    ];
    for (bytes, status) in cases {
        let mut stream = connect(&simulator);
        // The server may answer and close before it has read all of it.
        let _ = stream.write_all(bytes.as_bytes());
        let mut line = [0; 12];
        stream.read_exact(&mut line).unwrap();
        assert_eq!(line[9..], *status.to_string().as_bytes(), "{bytes:.60}");
    }
    // Bytes that are no UTF-8 anywhere.
    let call = Call::new("x", QUERY, &json!({}));
    let mut bytes = call.bytes();
    bytes.splice(40..41, [0xff]);
    assert!(raw(&simulator, &bytes).is_some());
    // Half a request, then gone.
    connect(&simulator).write_all(&call.bytes()[..50]).unwrap();
    assert_eq!(get(&simulator, "/").status, 200);
}

#[test]
fn it_listens_on_loopback_and_stops_when_dropped() {
    let simulator = simulator();
    let address = simulator.url().strip_prefix("http://").unwrap().to_owned();
    assert!(address.starts_with("127.0.0.1:"));
    let mut open = connect(&simulator);
    drop(simulator);
    assert!(TcpStream::connect(&address).is_err());
    assert_eq!(open.read(&mut [0]).unwrap_or(0), 0);
    let port = address.rsplit(':').next().unwrap().parse().unwrap();
    let again = Simulator::start(Options { port, ..Options::default() }).unwrap();
    assert!(Simulator::start(Options { port, ..Options::default() }).is_err());
    drop(again);
}

#[test]
fn tls_is_trusted_by_its_own_certificate_and_by_nothing_else() {
    let simulator = start(Options { tls: true, ..Options::default() });
    assert!(simulator.url().starts_with("https://127.0.0.1:"));
    let pem = simulator.certificate_pem().unwrap();
    assert_eq!(pem.matches("BEGIN CERTIFICATE").count(), 2);
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::pem_slice_iter(pem.as_bytes()).next().unwrap().unwrap()).unwrap();
    for name in ["127.0.0.1", "localhost", "::1"] {
        let mut stream = tls(&simulator, roots.clone(), name);
        stream.write_all(&request("GET", "/", &[], b"")).unwrap();
        assert_eq!(read(&mut stream).unwrap().status, 200, "{name}");
    }
    let mut stream = tls(&simulator, roots, "localhost");
    let form = b"client_id=SD00000001&client_secret=SD00000000000001&grant_type=client_credentials";
    let headers = [("Content-Type", "application/x-www-form-urlencoded")];
    simulator.faults().push(nnopen_simulator::Fault::LostAfter);
    stream.write_all(&request("POST", "/accessToken", &headers, form)).unwrap();
    assert!(read(&mut stream).is_none());
    let other = start(Options { tls: true, ..Options::default() });
    let mut strange = RootCertStore::empty();
    let foreign = other.certificate_pem().unwrap();
    strange.add(CertificateDer::pem_slice_iter(foreign.as_bytes()).next().unwrap().unwrap()).unwrap();
    let mut stream = tls(&simulator, strange, "localhost");
    assert!(stream.write_all(&request("GET", "/", &[], b"")).is_err());
    assert!(simulator.certificate_pem().is_some());
}

fn tls(simulator: &Simulator, roots: RootCertStore, name: &'static str) -> StreamOwned<ClientConnection, TcpStream> {
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connection = ClientConnection::new(Arc::new(config), ServerName::try_from(name).unwrap()).unwrap();
    StreamOwned::new(connection, connect(simulator))
}
