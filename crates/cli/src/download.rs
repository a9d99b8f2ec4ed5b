//! `nnopen download`: the files of issued invoices, fetched with care: the links come from outside.

use std::io::Write;
use std::path::{Path, PathBuf};

use nnopen::{Document, DocumentKind, ErrorKind, Json};

use crate::ask::{invoices, success};
use crate::drive::Driver;
use crate::files::read_text;
use crate::http::{Fetched, Http};
use crate::settings::Settings;
use crate::show::{columns, invoice_number, object, text};
use crate::trouble::Trouble;
use crate::words::{note, say};
use crate::{Done, finish};

/// Which files, where to, and how much is dared.
pub(crate) struct Wanted {
    pub(crate) dir: PathBuf,
    pub(crate) kinds: Vec<String>,
    /// The links alone.
    pub(crate) list: bool,
    /// Plain `http` too.
    pub(crate) http: bool,
    /// Bytes of one file.
    pub(crate) most: u64,
}

/// A host may send us on within itself so many times.
const MOST_REDIRECTS: usize = 3;

/// Downloads the files of the invoices with these numbers, or those named in a file.
pub(crate) fn run(numbers: &[String], serial: bool, from: Option<&str>, wanted: &Wanted, json: bool) -> u8 {
    finish(try_run(numbers, serial, from, wanted), json)
}

fn try_run(numbers: &[String], serial: bool, from: Option<&str>, wanted: &Wanted) -> Result<Done, Trouble> {
    let settings = Settings::load()?;
    let (answer, http) = match from {
        Some(file) => (read_answer(file)?, Http::new(settings.ca_file())?),
        None => {
            let driver = Driver::new(&settings)?;
            (invoices(&driver, numbers, serial, false)?, driver.http)
        }
    };
    let files = files(&answer, wanted);
    if files.is_empty() {
        return Err(Trouble::input(
            say("没有可下载的文件", "there is no file to download"),
            "发票可能尚未开完：先用 nnopen query --wait 等到最终状态",
            "The invoice may not be final yet: nnopen query --wait waits for it",
        ));
    }
    let mut failed: Option<Trouble> = None;
    let (mut lines, mut told) = (Vec::new(), Vec::new());
    for file in &files {
        let outcome = if wanted.list { Ok(None) } else { file.fetch(&http, wanted).map(Some) };
        lines.push(file.row(&outcome));
        told.push(file.json(&outcome));
        if let Err(trouble) = outcome {
            note(&format!("✗ {}{}{}", file.document.url, say("：", ": "), trouble.describe));
            note(&format!("  → {}", say(&trouble.hint_zh, &trouble.hint_en)));
            failed.get_or_insert(trouble);
        }
    }
    let mut json = failed.as_ref().map_or_else(|| success(Json::Null), Trouble::json);
    if let Json::Object(members) = &mut json {
        members.push(("files".to_owned(), Json::List(told)));
    }
    Ok(Done { json, lines: columns(&lines), exit: failed.map_or(0, |trouble| trouble.exit()) })
}

/// An answer or a push that is at hand, whole or only its result.
fn read_answer(file: &str) -> Result<Json, Trouble> {
    let text = read_text(file)?;
    let json = Json::parse(text.trim_start_matches('\u{feff}')).map_err(|error| {
        Trouble::input(
            format!("{file}: {error}"),
            "文件应是应答或回传的 JSON",
            "The file holds an answer or a push, as JSON",
        )
    })?;
    let inner = ["result", "content"].iter().find_map(|name| json.get(name));
    Ok(match inner {
        Some(Json::Text(content)) => Json::parse(content).unwrap_or_default(),
        Some(inner) if !inner.is_null() => inner.clone(),
        _ => json,
    })
}

/// A file of an invoice and the name it gets here.
struct File {
    document: Document,
    name: String,
}

/// A file in its place.
struct Saved {
    path: PathBuf,
    size: usize,
    /// It was not there before.
    fresh: bool,
}

fn files(answer: &Json, wanted: &Wanted) -> Vec<File> {
    let rows = match answer {
        Json::List(rows) => &rows[..],
        row => std::slice::from_ref(row),
    };
    let mut files: Vec<File> = Vec::new();
    for row in rows {
        for document in Document::all(row) {
            let kind = document.kind.name();
            let asked = wanted.kinds.is_empty() || wanted.kinds.iter().any(|wanted| wanted == kind);
            if !asked || (document.kind == DocumentKind::Page && !wanted.list) {
                continue;
            }
            let (stem, extension) = (stem(row), extension(document.kind));
            let mut names = (1..).map(|count: usize| match count {
                1 => format!("{stem}.{extension}"),
                more => format!("{stem}-{more}.{extension}"),
            });
            let free = |name: &String| files.iter().all(|file| file.name != *name);
            let Some(name) = names.find(free) else { continue };
            files.push(File { document, name });
        }
    }
    files
}

/// `order-number`, of letters and digits alone: they come from outside and become a file's name.
fn stem(row: &Json) -> String {
    let order = ["orderNo", "c_orderno"].iter().map(|name| text(row, name)).find(|text| !text.is_empty());
    let serial = ["serialNo", "c_fpqqlsh"].iter().map(|name| text(row, name)).find(|text| !text.is_empty());
    let number = invoice_number(row).or(Some(text(row, "c_fphm")).filter(|text| !text.is_empty())).or(serial);
    let name = [order.unwrap_or("invoice"), number.unwrap_or("file")].join("_");
    let plain = |letter: char| if letter.is_alphanumeric() || "-_".contains(letter) { letter } else { '-' };
    name.chars().take(100).map(plain).collect()
}

fn extension(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Ofd => "ofd",
        DocumentKind::PaperPdf => "paper.pdf",
        DocumentKind::Pdf => "pdf",
        DocumentKind::Xml => "xml",
        DocumentKind::Image => "image",
        _ => "html",
    }
}

impl File {
    /// Fetches it, sees what it is, and puts it in its place once it is whole.
    fn fetch(&self, http: &Http, wanted: &Wanted) -> Result<Saved, Trouble> {
        let bytes = self.bytes(http, wanted)?;
        let kind = seen(&bytes).filter(|kind| self.fits(kind)).ok_or_else(|| {
            unusable(say("内容不是所说的类型，没有保存", "it is not the kind of file that was said; not kept"))
        })?;
        let name = match self.document.kind {
            DocumentKind::Image => format!("{}.{kind}", self.name.trim_end_matches(".image")),
            _ => self.name.clone(),
        };
        let path = wanted.dir.join(name);
        let fresh = place(&path, &bytes)?;
        Ok(Saved { path, size: bytes.len(), fresh })
    }

    fn bytes(&self, http: &Http, wanted: &Wanted) -> Result<Vec<u8>, Trouble> {
        let mut document = self.document.clone();
        for _ in 0..=MOST_REDIRECTS {
            if !document.is_https() && !wanted.http {
                return Err(Trouble::input(
                    say("地址不是 https，没有下载", "the link is not https: not fetched"),
                    "确认来源可信后加 --http：明文内容可能在途中被改",
                    "Add --http if you trust the way: what comes in plain may have been changed",
                ));
            }
            match http.get(&document.url, wanted.most).map_err(|why| unusable(&why))? {
                Fetched::File(bytes) => return Ok(bytes),
                Fetched::Refused(status) => return Err(unusable(&format!("HTTP {status}"))),
                Fetched::Moved(to) => document = moved(&document, &to)?,
            }
        }
        Err(unusable(say("重定向太多", "too many redirects")))
    }

    fn fits(&self, kind: &str) -> bool {
        match self.document.kind {
            DocumentKind::Ofd => kind == "ofd",
            DocumentKind::Pdf | DocumentKind::PaperPdf => kind == "pdf",
            DocumentKind::Xml => kind == "xml",
            DocumentKind::Image => matches!(kind, "png" | "jpg" | "gif"),
            _ => false,
        }
    }

    fn row(&self, outcome: &Result<Option<Saved>, Trouble>) -> Vec<String> {
        let (mark, what) = match outcome {
            Ok(Some(saved)) => {
                (if saved.fresh { "✓" } else { "=" }, format!("{}  {} B", saved.path.display(), saved.size))
            }
            Ok(None) => (" ", self.document.url.clone()),
            Err(_) => ("✗", self.document.url.clone()),
        };
        let original = if self.document.original { say("原始凭证", "original") } else { "" };
        vec![mark.to_owned(), self.document.kind.name().to_owned(), original.to_owned(), what]
    }

    fn json(&self, outcome: &Result<Option<Saved>, Trouble>) -> Json {
        let (state, saved, why) = match outcome {
            Ok(Some(saved)) => (if saved.fresh { "saved" } else { "present" }, Some(saved), None),
            Ok(None) => ("listed", None, None),
            Err(trouble) => ("failed", None, Some(trouble.describe.as_str())),
        };
        object([
            ("state", state.into()),
            ("kind", self.document.kind.name().into()),
            ("original", Json::Bool(self.document.original)),
            ("url", self.document.url.as_str().into()),
            ("path", saved.map(|saved| saved.path.display().to_string()).as_deref().into()),
            ("size", saved.map_or(Json::Null, |saved| Json::Number(saved.size.to_string()))),
            ("why", why.into()),
        ])
    }
}

/// Where a redirect leads, if it stays on its host.
fn moved(document: &Document, to: &str) -> Result<Document, Trouble> {
    let url = match to.strip_prefix('/') {
        Some(path) if !path.starts_with('/') => {
            let (scheme, rest) = document.url.split_once("://").unwrap_or_default();
            format!("{scheme}://{}{to}", rest.split(['/', '?', '#']).next().unwrap_or_default())
        }
        _ => to.to_owned(),
    };
    let read = Document::all(&object([(document.field, url.as_str().into())])).into_iter().next();
    read.filter(|next| next.host() == document.host())
        .ok_or_else(|| unusable(say("重定向到别的主机，没有跟随", "it leads to another host: not followed")))
}

/// What a file is by its content.
fn seen(bytes: &[u8]) -> Option<&'static str> {
    let holds = |text: &[u8]| bytes.windows(text.len()).any(|part| part == text);
    match bytes {
        [b'%', b'P', b'D', b'F', b'-', ..] => Some("pdf"),
        [b'P', b'K', 3, 4, ..] if holds(b"OFD.xml") => Some("ofd"),
        [0x89, b'P', b'N', b'G', ..] => Some("png"),
        [0xff, 0xd8, 0xff, ..] => Some("jpg"),
        [b'G', b'I', b'F', b'8', ..] => Some("gif"),
        _ => {
            let text = std::str::from_utf8(bytes).ok()?.trim_start_matches('\u{feff}').trim_start();
            let head: String = text.chars().take(500).flat_map(char::to_lowercase).collect();
            (head.starts_with('<') && !head.contains("<html") && !head.contains("<!doctype html")).then_some("xml")
        }
    }
}

/// Puts a whole file in its place; tells whether it was not there before.
fn place(path: &Path, bytes: &[u8]) -> Result<bool, Trouble> {
    let write = || {
        let dir = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(dir)?;
        let mut file = tempfile::Builder::new().prefix(".new-").tempfile_in(dir)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        match file.persist_noclobber(path) {
            Ok(_) => Ok(Some(true)),
            Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => {
                Ok((std::fs::read(path)? == bytes).then_some(false))
            }
            Err(error) => Err(error.error),
        }
    };
    write().map_err(|error| Trouble::file(path, &error))?.ok_or_else(|| {
        Trouble::input(
            format!(
                "{}: {}",
                path.display(),
                say("已有同名文件且内容不同，没有覆盖", "another file of that name is there; left alone")
            ),
            "换一个 --dir，或先移走那个文件",
            "Name another --dir, or move that file away",
        )
    })
}

fn unusable(why: &str) -> Trouble {
    Trouble::input(
        why,
        "稍后重试；一直如此就重新查询取得新的地址，或请平台客服核对",
        "Try later; if it stays so, query again for a fresh link, or ask the platform",
    )
    .of(ErrorKind::Transport)
}
