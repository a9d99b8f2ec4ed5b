//! What the platform pushes, what a browser brings, what a data file says, texts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use nnopen::{Code, Decimal, Document, Json, Push, Request, Returned, Secret, StringToSign};

use crate::{SECRET, config, session, split};

/// A content type, then what claims to be a push; what was read once is read the same again.
pub(crate) fn push(data: &[u8]) {
    let Some((content_type, body)) = split(data) else { return };
    let Ok(push) = Push::read(content_type, body) else { return };
    let _ = (push.order_no(), push.serial_no(), push.bill_no(), push.status(), push.status_meaning());
    let _ = (push.confirm(), push.invoice_result(), push.void_result(), push.scan_application());
    let _ = (push.red_info(), push.red_confirmation());
    let raw = push.raw().to_string();
    assert_eq!(Push::read("application/json", raw.as_bytes()).ok(), Some(push));
    let info = nnopen_ffi::read_push(content_type, body).expect("it was read");
    Json::parse(&nnopen_ffi::text::push(&info)).expect("what hosts read is JSON");
}

/// A row of an answer, or what a push holds: the files that it names.
pub(crate) fn documents(data: &[u8]) {
    let Some(row) = std::str::from_utf8(data).ok().and_then(|text| Json::parse(text).ok()) else { return };
    let documents = Document::all(&row);
    let urls: BTreeSet<&str> = documents.iter().map(|document| document.url.as_str()).collect();
    assert_eq!(urls.len(), documents.len(), "an address stands there twice");
    for document in &documents {
        let (url, host) = (&document.url, document.host());
        assert!(document.is_https() || url.starts_with("http://"), "another scheme: {url}");
        assert!(!host.is_empty() && !host.contains(['@', '/', '?', '#']), "no host: {url}");
        assert!(!url.contains(|letter: char| letter.is_whitespace() || letter.is_control()), "not one line: {url}");
    }
}

/// What a browser brings back from the authorize page.
pub(crate) fn authorize_return(data: &[u8]) {
    static SESSION: LazyLock<nnopen::Session> = LazyLock::new(|| session(config()));
    let Ok(url) = std::str::from_utf8(data) else { return };
    match SESSION.read_return(url, "a-state-nobody-guesses") {
        Ok(Returned::Granted(granted)) => assert!(url.contains('=') && !granted.code.is_empty()),
        Ok(Returned::WithoutState(_)) => {
            let query = url.split_once('?').map_or(url, |(_, query)| query).split('#').next().unwrap_or_default();
            assert!(!query.split('&').any(|pair| pair.starts_with("state=")), "a state is not seen");
        }
        Err(error) => assert!(!format!("{error} {error:?}").contains(SECRET), "a secret is shown"),
    }
}

/// The path of one data file among sound ones, then its text.
pub(crate) fn data_file(data: &[u8]) {
    static SOUND: LazyLock<BTreeMap<String, String>> =
        LazyLock::new(|| sound().into_iter().map(|(file, text)| (file.to_owned(), text.to_owned())).collect());
    let Some((file, text)) = split(data) else { return };
    let mut files = SOUND.clone();
    files.insert(file.to_owned(), String::from_utf8_lossy(text).into_owned());
    let _ = xtask::faults_of(&files);
}

/// A small platform.
pub(crate) fn sound() -> [(&'static str, &'static str); 8] {
    macro_rules! text {
        ($name:literal) => {
            include_str!(concat!("../../crates/xtask/src/tests/", $name))
        };
    }
    [
        ("api/platform.toml", text!("platform.toml")),
        ("api/enums.toml", text!("enums.toml")),
        ("api/codes.toml", text!("codes.toml")),
        ("api/rules.toml", text!("rules.toml")),
        ("api/methods/query/look.toml", text!("look.toml")),
        ("api/methods/invoicing/make.toml", text!("make.toml")),
        ("api/pushes/told.toml", text!("told.toml")),
        ("api/capabilities.toml", text!("capabilities.toml")),
    ]
}

/// Any text as a code, a number, JSON, a request to be shown or signed.
pub(crate) fn text(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let _ = nnopen_ffi::text::explanations(&nnopen_ffi::explain(text));
    let _ = Code::find(text, text);
    if let Ok(json) = Json::parse(text) {
        let written = json.to_string();
        assert_eq!(Json::parse(&written), Ok(json), "what is written is read again");
        Json::parse(&nnopen_ffi::text::exact(&written)).expect("JSON without numbers is JSON");
    }
    let (first, second) = text.split_once(' ').unwrap_or((text, "1.5"));
    if let (Ok(one), Ok(two)) = (first.parse::<Decimal>(), second.parse::<Decimal>()) {
        assert_eq!(one.to_string().parse(), Ok(one));
        if let Some(sum) = one.checked_add(two) {
            assert_eq!(sum.checked_sub(two).map(|one| one.to_string().parse::<Decimal>() == Ok(one)), Some(true));
        }
        let _ = (one.checked_mul(two), one.checked_div(two, 8), one.rescale(2), one.cmp(&two));
    }
    let form = vec![("Content-Type", "application/x-www-form-urlencoded".to_owned())];
    let request = Request { url: text.to_owned(), headers: form, body: format!("client_secret={text}") };
    let _ = request.preview();
    let to_sign = StringToSign { path: text, app_key: first, senid: second, nonce: "1", timestamp: "2", body: text };
    let _ = (to_sign.to_string(), nnopen::sign(&Secret::from(text), &to_sign));
}
