//! The files of an issued invoice: every link in an answer or a push, read into a typed list.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use crate::source::{Kind, Source};

/// A file of an issued invoice, at an address that can be asked.
///
/// The platform leaves the scheme out at times, gives `http` where `https` serves too, and puts several addresses into
/// one member with commas between them.
///
/// ```
/// use nnopen::{Document, DocumentKind, Json};
///
/// let row = Json::parse(r#"{"serialNo":"S1","pdfUrl":"http://inv.example.com/1.pdf","ofdUrl":"inv.example.com/1.ofd"}"#)?;
/// let [ofd, pdf] = &Document::all(&row)[..] else { panic!() };
/// assert_eq!((ofd.kind, ofd.url.as_str(), ofd.original), (DocumentKind::Ofd, "https://inv.example.com/1.ofd", true));
/// assert_eq!((pdf.kind, pdf.is_https(), pdf.original), (DocumentKind::Pdf, false, false));
/// # Ok::<(), nnopen::JsonError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Document {
    /// What it is.
    pub kind: DocumentKind,
    /// Its address, with a scheme: as it was given, or `https` if it was given without.
    pub url: String,
    /// The member it was found in, by its name on the wire.
    pub field: &'static str,
    /// Whether it is the legal original (版式文件原件): the OFD, and the PDF only where there is no OFD.
    pub original: bool,
}

/// What a file of an invoice is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum DocumentKind {
    /// OFD 版式文件.
    Ofd,
    /// PDF 版式文件.
    Pdf,
    /// XML of a digital invoice (数电发票).
    Xml,
    /// A PDF of a paper invoice, with the form's background: a picture of it, never the original.
    PaperPdf,
    /// A page to look at in a browser; it is no file.
    Page,
    /// A picture.
    Image,
}

/// The members that hold links, the legal original's first.
const FIELDS: &[(&str, DocumentKind)] = &[
    ("ofdUrl", DocumentKind::Ofd),
    ("c_ofd_url", DocumentKind::Ofd),
    ("pdfUrl", DocumentKind::Pdf),
    ("c_url", DocumentKind::Pdf),
    ("invoiceFileUrl", DocumentKind::Pdf),
    ("xmlUrl", DocumentKind::Xml),
    ("paperPdfUrl", DocumentKind::PaperPdf),
    ("c_paper_pdf_url", DocumentKind::PaperPdf),
    ("pictureUrl", DocumentKind::Page),
    ("c_jpg_url", DocumentKind::Page),
    ("imgUrls", DocumentKind::Image),
    ("c_imgUrls", DocumentKind::Image),
];

/// A host may show members without an end; no invoice has more than a few hundred.
const MOST_MEMBERS: usize = 10_000;

impl DocumentKind {
    /// Its name: `ofd`, `pdf`, `xml`, `paper_pdf`, `page` or `image`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ofd => "ofd",
            Self::Pdf => "pdf",
            Self::Xml => "xml",
            Self::PaperPdf => "paper_pdf",
            Self::Page => "page",
            Self::Image => "image",
        }
    }
}

impl Document {
    /// All files that a row of an answer, a push's content or a typed invoice names: the legal original first, each
    /// address once.
    ///
    /// What is no address on the web (another scheme, a user name in it, blanks, no host) is left out: it stays in the
    /// member it came in.
    pub fn all(invoice: &dyn Source) -> Vec<Self> {
        let mut links = Vec::new();
        let mut looked_at = 0;
        let _ = invoice.members(&mut |name, value| {
            looked_at += 1;
            if looked_at > MOST_MEMBERS {
                return ControlFlow::Break(());
            }
            if let (Some(at), Kind::Text(text)) = (FIELDS.iter().position(|(field, _)| *field == name), value.kind()) {
                links.extend(parts(&text).filter_map(address).map(|url| (at, url)));
            }
            ControlFlow::Continue(())
        });
        links.sort_by_key(|(at, _)| *at);
        let mut seen = BTreeSet::new();
        links.retain(|(_, url)| seen.insert(url.clone()));
        let first = links.first().map(|(at, _)| FIELDS[*at].1);
        links
            .into_iter()
            .map(|(at, url)| {
                let (field, kind) = FIELDS[at];
                let file = matches!(kind, DocumentKind::Ofd | DocumentKind::Pdf);
                Self { kind, url, field, original: file && first == Some(kind) }
            })
            .collect()
    }

    /// Whether it is fetched over TLS. What is not may have been changed on its way.
    pub fn is_https(&self) -> bool {
        self.url.starts_with("https:")
    }

    /// The host it is at, without a port.
    pub fn host(&self) -> &str {
        let rest = self.url.split_once("://").map_or("", |(_, rest)| rest);
        host(authority(rest))
    }
}

/// The addresses in a member: a comma parts two only if an address can begin after it, for one may hold commas itself.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = text.match_indices(',').map(|(at, _)| at).find(|at| begins(&text[at + 1..]));
        rest = end.map(|at| &text[at + 1..]);
        Some(text[..end.unwrap_or(text.len())].trim().trim_end_matches(','))
    })
}

fn begins(text: &str) -> bool {
    let text = text.trim_start();
    let scheme = ["http://", "https://", "//"].iter().any(|scheme| starts_with(text, scheme));
    let host = authority(text.split(',').next().unwrap_or_default());
    scheme || (host.contains('.') && host.len() < text.len() && !host.contains(['=', '&', '%']))
}

/// The address with its scheme, if it is one on the web.
fn address(text: &str) -> Option<String> {
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => ("https", rest),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => ("http", rest),
        Some((scheme, _)) if !scheme.contains(['/', '?']) => return None,
        _ => ("https", text.strip_prefix("//").unwrap_or(text)),
    };
    let authority = authority(rest);
    let fits = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | ':' | '[' | ']');
    let port = authority.strip_prefix(host(authority)).unwrap_or_default();
    let port_fits = port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    let named = host(authority).contains('.') || authority.starts_with('[') || host(authority) == "localhost";
    let clean = !rest.contains(|letter: char| letter.is_whitespace() || letter.is_control() || letter == '\\');
    (authority.chars().all(fits) && port_fits && named && clean).then(|| format!("{scheme}://{rest}"))
}

fn authority(rest: &str) -> &str {
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

fn host(authority: &str) -> &str {
    match authority.rfind(']') {
        Some(end) => &authority[..=end],
        None => authority.split(':').next().unwrap_or_default(),
    }
}

fn starts_with(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}
