//! `nnopen preview`: serves the request-preview page on this machine, until the program is ended.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::time::Duration;

use crate::finish;
use crate::trouble::Trouble;
use crate::words::{note, out, say};

/// The page, if it was there when this program was built.
#[cfg(preview_page)]
const BUILT_IN: Option<&[u8]> = Some(include_bytes!(env!("NNOPEN_PREVIEW_PAGE")));
#[cfg(not(preview_page))]
const BUILT_IN: Option<&[u8]> = None;

/// The most of a request's head that is read.
const LONGEST_HEAD: u64 = 64 << 10;
/// How long a browser may be silent.
const PATIENCE: Duration = Duration::from_secs(10);

/// Serves the page. The first line on stdout is its address alone.
pub(crate) fn run(port: u16, file: Option<&str>, json: bool) -> u8 {
    match start(port, file) {
        Ok((listener, page)) => {
            for stream in listener.incoming().flatten() {
                // A browser that goes away is no trouble of ours.
                let _ = serve(&stream, &page);
            }
            0
        }
        Err(trouble) => finish(Err(trouble), json),
    }
}

fn start(port: u16, file: Option<&str>) -> Result<(TcpListener, Cow<'static, [u8]>), Trouble> {
    let page = page(file)?;
    let failed = |error: io::Error| {
        let what = format!("127.0.0.1:{port}: {error}");
        Trouble::input(what, "换一个端口，或用 --port 0 任选", "Try another port, or --port 0 for any")
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(failed)?;
    out(&format!("http://{}/", listener.local_addr().map_err(failed)?));
    note(say("在浏览器中打开上面的地址；Ctrl-C 结束", "Open this address in a browser; Ctrl-C ends it"));
    Ok((listener, page))
}

fn page(file: Option<&str>) -> Result<Cow<'static, [u8]>, Trouble> {
    if let Some(file) = file {
        return std::fs::read(file).map(Cow::Owned).map_err(|error| Trouble::file(Path::new(file), &error));
    }
    BUILT_IN.map(Cow::Borrowed).ok_or_else(|| {
        Trouble::input(
            say("这个程序里没有预览页", "the page is not in this program"),
            "按 docs/preview.md 构建它（需要 Node 20），再用 --file examples/preview/dist/index.html",
            "Build it as docs/preview.en.md says (it needs Node 20), then --file examples/preview/dist/index.html",
        )
    })
}

/// One request, one answer: the page, whose own policy forbids it to reach anything.
fn serve(mut stream: &TcpStream, page: &[u8]) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut head = BufReader::new(stream.take(LONGEST_HEAD));
    let mut first = String::new();
    head.read_line(&mut first)?;
    let mut line = String::new();
    while head.read_line(&mut line)? > 2 {
        line.clear();
    }
    let mut words = first.split(' ');
    let asked = (words.next(), words.next().map(|path| path.split('?').next().unwrap_or_default()));
    let (status, body): (_, &[u8]) = match asked {
        (Some("GET" | "HEAD"), Some("/" | "/index.html")) => ("200 OK", page),
        (Some("GET" | "HEAD"), _) => ("404 Not Found", b""),
        _ => ("405 Method Not Allowed", b""),
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         X-Content-Type-Options: nosniff\r\nContent-Security-Policy: frame-ancestors 'none'\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    if asked.0 == Some("HEAD") { Ok(()) } else { stream.write_all(body) }
}
