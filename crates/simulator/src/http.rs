//! HTTP/1.1 on a byte stream: requests in, answers out.

use std::io::{self, Read, Write};

const MAX_HEAD: usize = 64 * 1024;
const MAX_HEADERS: usize = 128;
const MAX_BODY: usize = 16 * 1024 * 1024;

/// A request as it came, header names in their own case.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Path and query, undecoded.
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) keep_alive: bool,
}

impl Request {
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    pub(crate) fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    /// The first header of that name, whatever its case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(have, _)| have.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// An answer about to be written.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) content_type: &'static str,
    pub(crate) location: Option<String>,
    pub(crate) body: Vec<u8>,
    /// Something was changed by the request.
    pub(crate) committed: bool,
    /// Why it was answered so, for the record.
    pub(crate) note: Option<String>,
}

impl Response {
    pub(crate) fn new(status: u16, content_type: &'static str, body: impl Into<Vec<u8>>) -> Response {
        Response { status, content_type, location: None, body: body.into(), committed: false, note: None }
    }

    pub(crate) fn json(value: &serde_json::Value) -> Response {
        Response::new(200, "application/json;charset=UTF-8", value.to_string())
    }

    pub(crate) fn html(status: u16, page: String) -> Response {
        Response::new(status, "text/html;charset=UTF-8", page)
    }

    pub(crate) fn text(status: u16, text: &str) -> Response {
        Response::new(status, "text/plain;charset=UTF-8", text)
    }

    pub(crate) fn write(&self, stream: &mut impl Write, keep_alive: bool, head_only: bool) -> io::Result<()> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        head += &format!("Content-Type: {}\r\nContent-Length: {}\r\n", self.content_type, self.body.len());
        if let Some(location) = &self.location {
            head += &format!("Location: {location}\r\n");
        }
        head += "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n";
        head += if keep_alive { "Connection: keep-alive\r\n\r\n" } else { "Connection: close\r\n\r\n" };
        let mut bytes = head.into_bytes();
        if !head_only {
            bytes.extend_from_slice(&self.body);
        }
        stream.write_all(&bytes)?;
        stream.flush()
    }
}

/// Why no request could be read.
#[derive(Debug)]
pub(crate) enum Broken {
    /// The peer went away or was silent too long: nothing to say.
    Gone,
    /// What came is not a request; answer with this status and close.
    Bad(u16, &'static str),
}

impl From<io::Error> for Broken {
    fn from(_: io::Error) -> Broken {
        Broken::Gone
    }
}

/// Reads requests from one connection; what belongs to the next one stays in `rest`.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    rest: Vec<u8>,
}

struct Head {
    request: Request,
    length: Length,
    expects_continue: bool,
    size: usize,
}

enum Length {
    Fixed(usize),
    Chunked,
}

impl Reader {
    /// The next request; `Broken::Gone` when the connection ended between two requests.
    pub(crate) fn next<S: Read + Write>(&mut self, stream: &mut S) -> Result<Request, Broken> {
        let head = loop {
            while self.rest.starts_with(b"\r\n") {
                self.rest.drain(..2);
            }
            let head = parse_head(&self.rest)?;
            if head.as_ref().map_or(self.rest.len(), |head| head.size) > MAX_HEAD {
                return Err(Broken::Bad(431, "headers too large"));
            }
            if let Some(head) = head {
                break head;
            }
            self.fill(stream)?;
        };
        self.rest.drain(..head.size);
        if matches!(head.length, Length::Fixed(length) if length > MAX_BODY) {
            return Err(Broken::Bad(413, "body too large"));
        }
        if head.expects_continue {
            stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
            stream.flush()?;
        }
        let mut request = head.request;
        request.body = match head.length {
            Length::Fixed(length) => self.take(stream, length)?,
            Length::Chunked => self.chunks(stream)?,
        };
        Ok(request)
    }

    fn fill(&mut self, stream: &mut impl Read) -> Result<(), Broken> {
        let mut buffer = [0; 16 * 1024];
        match stream.read(&mut buffer)? {
            0 => Err(Broken::Gone),
            count => {
                self.rest.extend_from_slice(&buffer[..count]);
                Ok(())
            }
        }
    }

    fn take(&mut self, stream: &mut impl Read, length: usize) -> Result<Vec<u8>, Broken> {
        while self.rest.len() < length {
            self.fill(stream)?;
        }
        Ok(self.rest.drain(..length).collect())
    }

    fn line(&mut self, stream: &mut impl Read) -> Result<Vec<u8>, Broken> {
        loop {
            if let Some(end) = self.rest.windows(2).position(|pair| pair == b"\r\n") {
                let line = self.take(stream, end)?;
                self.rest.drain(..2);
                return Ok(line);
            }
            if self.rest.len() > MAX_HEAD {
                return Err(Broken::Bad(400, "line too long"));
            }
            self.fill(stream)?;
        }
    }

    fn chunks(&mut self, stream: &mut impl Read) -> Result<Vec<u8>, Broken> {
        let mut body = Vec::new();
        loop {
            let line = self.line(stream)?;
            let size = line.split(|byte| *byte == b';').next().unwrap_or_default();
            let size = std::str::from_utf8(size).ok().map(|text| text.trim_end_matches([' ', '\t']));
            let digits = |text: &&str| (1..=8).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit());
            let size = size.filter(digits).and_then(|text| usize::from_str_radix(text, 16).ok());
            let size = size.ok_or(Broken::Bad(400, "bad chunk size"))?;
            if size == 0 {
                let mut trailers = 0;
                while !self.line(stream)?.is_empty() {
                    trailers += 1;
                    if trailers > MAX_HEADERS {
                        return Err(Broken::Bad(400, "too many trailers"));
                    }
                }
                return Ok(body);
            }
            if body.len() + size > MAX_BODY {
                return Err(Broken::Bad(413, "body too large"));
            }
            body.append(&mut self.take(stream, size)?);
            if self.take(stream, 2)? != b"\r\n" {
                return Err(Broken::Bad(400, "bad chunk"));
            }
        }
    }
}

fn parse_head(bytes: &[u8]) -> Result<Option<Head>, Broken> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut parsed = httparse::Request::new(&mut headers);
    let size = match parsed.parse(bytes) {
        Ok(httparse::Status::Complete(size)) => size,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(httparse::Error::TooManyHeaders) => return Err(Broken::Bad(431, "too many headers")),
        Err(_) => return Err(Broken::Bad(400, "not an HTTP request")),
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    let headers: Vec<_> = parsed.headers.iter().map(|h| (h.name.to_owned(), text(h.value))).collect();
    let new = parsed.version == Some(1);
    let mut request = Request {
        method: parsed.method.unwrap_or_default().to_owned(),
        target: parsed.path.unwrap_or_default().to_owned(),
        headers,
        body: Vec::new(),
        keep_alive: new,
    };
    // A proxy-style target: keep path and query.
    if !request.target.starts_with('/') {
        let rest = request.target.split_once("://").map_or("", |(_, rest)| rest);
        request.target = rest.find('/').map_or("/".to_owned(), |at| rest[at..].to_owned());
    }
    if new && request.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("host")).count() != 1 {
        return Err(Broken::Bad(400, "exactly one Host header is needed"));
    }
    let connection = request.header("connection").unwrap_or_default().to_ascii_lowercase();
    request.keep_alive = if new { !connection.contains("close") } else { connection.contains("keep-alive") };
    let length = body_length(&request)?;
    let expects_continue = new && request.header("expect").is_some_and(|e| e.eq_ignore_ascii_case("100-continue"));
    Ok(Some(Head { request, length, expects_continue, size }))
}

fn body_length(request: &Request) -> Result<Length, Broken> {
    let named = |name: &'static str| {
        let same = move |(have, _): &&(String, String)| have.eq_ignore_ascii_case(name);
        request.headers.iter().filter(same).map(|(_, value)| value.as_str())
    };
    let mut codings = named("transfer-encoding");
    let mut lengths = named("content-length");
    let length = lengths.next();
    if let Some(coding) = codings.next() {
        if length.is_some() || codings.next().is_some() {
            return Err(Broken::Bad(400, "ambiguous body length"));
        }
        return if coding.eq_ignore_ascii_case("chunked") {
            Ok(Length::Chunked)
        } else {
            Err(Broken::Bad(501, "unknown transfer coding"))
        };
    }
    let Some(length) = length else { return Ok(Length::Fixed(0)) };
    if lengths.any(|other| other != length) || !length.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Broken::Bad(400, "bad Content-Length"));
    }
    match length.parse() {
        Ok(length) => Ok(Length::Fixed(length)),
        Err(_) if length.is_empty() => Err(Broken::Bad(400, "bad Content-Length")),
        Err(_) => Err(Broken::Bad(413, "body too large")),
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        302 => "Found",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        413 => "Content Too Large",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Status",
    }
}
