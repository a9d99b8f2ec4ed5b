//! One POST to a receiver on this machine: a small HTTP client that follows nothing and trusts nobody.

use super::Address;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How long a receiver may take, in real time.
const PATIENCE: Duration = Duration::from_secs(5);
const MAX_ANSWER: usize = 64 * 1024;

/// Sends a body; gives status and answer, or why there is none.
pub(super) fn post(
    address: &Address,
    content_type: &str,
    body: &str,
    stop: &AtomicBool,
) -> Result<(u16, String), String> {
    let until = Instant::now() + PATIENCE;
    let mut stream = connect(address)?;
    let said = |error: std::io::Error| error.to_string();
    stream.set_read_timeout(Some(Duration::from_millis(50))).map_err(said)?;
    stream.set_write_timeout(Some(PATIENCE)).map_err(said)?;
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: {}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        address.target,
        address.host,
        body.len()
    );
    stream.write_all(&[head.as_bytes(), body.as_bytes()].concat()).map_err(said)?;
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let ended = match stream.read(&mut buffer) {
            Ok(0) => true,
            Ok(count) => {
                bytes.extend_from_slice(&buffer[..count]);
                false
            }
            Err(error)
                if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted) =>
            {
                false
            }
            Err(error) => return Err(error.to_string()),
        };
        if let Some(answer) = read(&bytes, ended)? {
            return Ok(answer);
        }
        if ended {
            return Err("the connection was closed without a whole answer".to_owned());
        }
        if bytes.len() > MAX_ANSWER {
            return Err("the answer is too long".to_owned());
        }
        if Instant::now() > until || stop.load(Ordering::SeqCst) {
            return Err("no answer in time".to_owned());
        }
    }
}

fn connect(address: &Address) -> Result<TcpStream, String> {
    let mut why = String::new();
    for socket in address.sockets() {
        match TcpStream::connect_timeout(&socket, Duration::from_secs(2)) {
            Ok(stream) => return Ok(stream),
            Err(error) => why = error.to_string(),
        }
    }
    Err(why)
}

/// Status and body, once the answer is whole.
fn read(bytes: &[u8], ended: bool) -> Result<Option<(u16, String)>, String> {
    let mut headers = [httparse::EMPTY_HEADER; 128];
    let mut head = httparse::Response::new(&mut headers);
    let size = match head.parse(bytes) {
        Ok(httparse::Status::Complete(size)) => size,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(error) => return Err(format!("no HTTP answer: {error}")),
    };
    let status = head.code.unwrap_or_default();
    let body = &bytes[size..];
    if (100..200).contains(&status) {
        return read(body, ended);
    }
    let header = |name: &str| {
        let found = head.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
        found.and_then(|header| std::str::from_utf8(header.value).ok()).map(str::trim)
    };
    let chunked = header("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"));
    let body = match header("content-length").and_then(|length| length.parse::<usize>().ok()) {
        _ if chunked => match unchunk(body) {
            Some(body) => body,
            None => return Ok(None),
        },
        Some(length) if body.len() >= length => body[..length].to_vec(),
        None if ended => body.to_vec(),
        _ => return Ok(None),
    };
    Ok(Some((status, String::from_utf8_lossy(&body).into_owned())))
}

/// The body of a chunked answer, once its last chunk is there.
fn unchunk(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let httparse::Status::Complete((start, length)) = httparse::parse_chunk_size(bytes).ok()? else { return None };
        let length = usize::try_from(length).ok()?;
        if length == 0 {
            return Some(body);
        }
        let rest = bytes.get(start..)?;
        body.extend_from_slice(rest.get(..length)?);
        bytes = rest.get(length..)?.strip_prefix(b"\r\n")?;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_answer_is_read_when_it_is_whole_and_not_before() {
        let whole =
            |text: &str, ended| read(text.as_bytes(), ended).unwrap().map(|(status, body)| format!("{status} {body}"));
        let plain = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";
        assert_eq!(whole(plain, false), None);
        assert_eq!(whole(&format!("{plain}{{}}more"), false).unwrap(), "200 {}");
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n";
        assert_eq!(whole(chunked, false), None);
        assert_eq!(whole(&format!("{chunked}0\r\n\r\n"), false).unwrap(), "200 {}");
        let open = "HTTP/1.0 500 Oops\r\n\r\nbad";
        assert_eq!((whole(open, false), whole(open, true).unwrap().as_str()), (None, "500 bad"));
        assert_eq!(whole(&format!("HTTP/1.1 100 Continue\r\n\r\n{plain}{{}}"), false).unwrap(), "200 {}");
        assert!(read(b"hello\r\n\r\n", true).is_err());
    }
}
