//! What people sign instead of what they should.

use super::{Slip, slip};
use crate::json::Json;
use crate::sign::StringToSign;
use crate::wire::Secret;

/// A part of what is signed, with what was done to it.
pub(super) type Part<T> = (Option<Slip>, T);

/// What people take for the key. Each is made in one piece, which is overwritten in the end: a text that grows leaves
/// copies.
pub(super) fn keys(text: &StringToSign<'_>, key: &str) -> Vec<Part<Secret>> {
    let edges = slip("secret_edges", "appSecret 前后多了空白或换行", "there is white space around the appSecret");
    let with = |end: &str| Secret::from([key, end].concat());
    vec![
        (Some(edges), key.trim().into()),
        (Some(edges), with("\n")),
        (Some(edges), with(" ")),
        (
            Some(slip(
                "key_for_secret",
                "用 appKey 当作了密钥：应使用 appSecret",
                "the appKey was used as the key: it is the appSecret",
            )),
            text.app_key.into(),
        ),
        (
            Some(slip(
                "secret_ampersand",
                "密钥后面多了 &（OAuth 1.0 的写法）",
                "an & was added to the secret, as OAuth 1.0 does",
            )),
            with("&"),
        ),
        (
            Some(slip("secret_case", "appSecret 的大小写被改动", "the case of the appSecret was changed")),
            key.to_ascii_uppercase().into(),
        ),
        (
            Some(slip("secret_case", "appSecret 的大小写被改动", "the case of the appSecret was changed")),
            key.to_ascii_lowercase().into(),
        ),
        (
            Some(slip("no_secret", "密钥是空的：没有读到配置", "the key is empty: the settings were not read")),
            Secret::default(),
        ),
    ]
}

/// What people write before the body.
pub(super) fn heads(text: &StringToSign<'_>) -> Vec<Part<String>> {
    const UNIT: Slip = slip(
        "time_unit",
        "时间戳的单位不同：签名与网址里都用秒（10 位）",
        "the timestamp has another unit: both the signature and the address take seconds (10 digits)",
    );
    const ORDER: Slip = slip(
        "order_of_parts",
        "各部分的顺序不同：固定为 a、l、p、k、i、n、t、f，其中 a、l、p 是路径三段的倒序",
        "the parts stand in another order: it is a, l, p, k, i, n, t, f, where a, l, p are the path's three pieces in reverse",
    );
    const SWAPPED: Slip = slip(
        "swapped",
        "senid 与 nonce 互换了：i 是 senid，n 是 nonce",
        "senid and nonce are swapped: i is senid, n is nonce",
    );
    const PATH: Slip = slip(
        "path_pieces",
        "路径拆错了：/open/v1/services 应得 a=services、l=v1、p=open",
        "the path was cut otherwise: /open/v1/services gives a=services, l=v1, p=open",
    );
    const NO_F: Slip = slip("no_body_mark", "请求体前面缺少 &f=", "the &f= before the body is missing");
    let mut pieces = text.path.split('/').skip(1);
    let [p, l, a] = [(); 3].map(|()| pieces.next().unwrap_or_default());
    let StringToSign { app_key: k, senid: i, nonce: n, timestamp: t, .. } = *text;
    let millis = format!("{t}000");
    let seconds = t.get(..t.len().saturating_sub(3)).unwrap_or_default();
    let head = text.head();
    vec![
        (Some(UNIT), StringToSign { timestamp: &millis, ..*text }.head()),
        (Some(UNIT), StringToSign { timestamp: seconds, ..*text }.head()),
        (Some(SWAPPED), StringToSign { senid: n, nonce: i, ..*text }.head()),
        (Some(PATH), format!("a={p}&l={l}&p={a}&k={k}&i={i}&n={n}&t={t}&f=")),
        (Some(PATH), format!("a=&l=&p=&k={k}&i={i}&n={n}&t={t}&f=")),
        (Some(ORDER), format!("p={p}&l={l}&a={a}&k={k}&i={i}&n={n}&t={t}&f=")),
        (Some(ORDER), format!("a={a}&i={i}&k={k}&l={l}&n={n}&p={p}&t={t}&f=")),
        (Some(ORDER), format!("a={a}&l={l}&p={p}&k={k}&i={i}&t={t}&n={n}&f=")),
        (Some(ORDER), format!("a={a}&l={l}&p={p}&k={k}&n={n}&i={i}&t={t}&f=")),
        (Some(NO_F), head.strip_suffix("&f=").unwrap_or(&head).to_owned()),
        (Some(NO_F), head.strip_suffix("f=").unwrap_or(&head).to_owned()),
    ]
}

/// What becomes of a body between signing and sending.
pub(super) fn bodies(body: &str, gbk: Option<&[u8]>) -> Vec<Part<Vec<u8>>> {
    const SLASH: Slip = slip(
        "escaped_slashes",
        "签名的请求体把 / 写成了 \\/（PHP 的 json_encode）：签名与发送要用同一段文本",
        "the signed body has / as \\/ (PHP's json_encode): sign and send the very same text",
    );
    const UNICODE: Slip = slip(
        "escaped_unicode",
        "签名的请求体把中文写成了 \\uXXXX：签名与发送要用同一段文本",
        "the signed body has Chinese as \\uXXXX: sign and send the very same text",
    );
    const BOTH: Slip = slip(
        "escaped_slashes_and_unicode",
        "签名的请求体写成了 \\/ 和 \\uXXXX（PHP 的 json_encode 默认）：加 JSON_UNESCAPED_SLASHES|JSON_UNESCAPED_UNICODE，且签名与发送用同一段文本",
        "the signed body has \\/ and \\uXXXX (PHP's json_encode as it is): pass JSON_UNESCAPED_SLASHES|JSON_UNESCAPED_UNICODE, and sign and send the very same text",
    );
    const HTML: Slip = slip(
        "escaped_html",
        "签名的请求体把 < > & = ' 写成了 \\u003c 等（Gson、Go 的默认）：签名与发送要用同一段文本",
        "the signed body has < > & = ' as \\u003c and the like (Gson and Go do so): sign and send the very same text",
    );
    const AGAIN: Slip = slip(
        "serialised_again",
        "签名之后请求体又被序列化了一次（空白、转义或成员顺序变了）：签名与发送要用同一段文本",
        "the body was serialised anew after it was signed (white space, escapes or order changed): sign and send the very same text",
    );
    const SORTED: Slip =
        slip("sorted_members", "签名的请求体按成员名排了序", "the members of the signed body were sorted by name");
    const NULLS: Slip = slip(
        "nulls_dropped",
        "签名的请求体去掉了值为 null 的成员",
        "the members that are null were left out of the signed body",
    );
    const NEWLINE: Slip =
        slip("newline", "请求体末尾多了或少了换行", "there is a line break more or less at the end of the body");
    const LINES: Slip = slip("line_breaks", "换行不同：CRLF 与 LF", "the line breaks differ: CRLF and LF");
    const BOM: Slip = slip("byte_order_mark", "请求体开头多了 BOM", "a byte order mark stands before the body");
    const EMPTY: Slip = slip("no_body", "签名时没有带请求体", "the body was not signed");
    const GBK: Slip = slip("gbk", "签名时请求体是 GBK 编码：应为 UTF-8", "the signed body was GBK: it must be UTF-8");
    const LATIN: Slip = slip(
        "latin1",
        "签名时中文被按 ISO-8859-1 编码（变成 ? 或乱码）：应为 UTF-8",
        "Chinese was encoded as ISO-8859-1 (? or garbage) when the body was signed: it must be UTF-8",
    );
    const URL: Slip = slip(
        "url_encoded_body",
        "签名时请求体被做了 URL 编码：用原文",
        "the signed body was percent-encoded: take it as it is",
    );

    let slashes = |text: &str| text.replace('/', "\\/");
    let mut all: Vec<Part<Vec<u8>>> = Vec::new();
    let mut try_text = |slip: Slip, text: String| {
        if text != body && all.iter().all(|(_, other)| *other != text.as_bytes()) {
            all.push((Some(slip), text.into_bytes()));
        }
    };
    try_text(SLASH, slashes(body));
    try_text(SLASH, body.replace("\\/", "/"));
    for upper in [false, true] {
        try_text(UNICODE, escaped(body, upper, |c| !c.is_ascii()));
        try_text(BOTH, escaped(&slashes(body), upper, |c| !c.is_ascii()));
    }
    try_text(HTML, escaped(body, false, |c| "<>&='".contains(c)));
    try_text(HTML, escaped(body, false, |c| "<>&".contains(c)));
    try_text(NEWLINE, format!("{body}\n"));
    try_text(NEWLINE, format!("{body}\r\n"));
    try_text(NEWLINE, body.trim().to_owned());
    try_text(LINES, body.replace("\r\n", "\n").replace('\n', "\r\n"));
    try_text(LINES, body.replace("\r\n", "\n"));
    try_text(BOM, format!("\u{feff}{body}"));
    try_text(BOM, body.trim_start_matches('\u{feff}').to_owned());
    try_text(EMPTY, String::new());
    try_text(EMPTY, "{}".to_owned());
    if let Ok(json) = Json::parse(body) {
        let sorted = sorted(&json);
        for (slip, json) in [(AGAIN, &json), (SORTED, &sorted), (NULLS, &without_nulls(&json))] {
            let compact = json.to_string();
            let spaced = spaced(json);
            try_text(slip, slashes(&compact));
            for text in [&compact, &spaced] {
                try_text(slip, escaped(text, false, |c| !c.is_ascii()));
                try_text(slip, text.clone());
            }
            try_text(slip, escaped(&slashes(&compact), false, |c| !c.is_ascii()));
        }
    }
    try_text(URL, percent(body, true));
    try_text(URL, percent(body, false));
    let marks: Vec<u8> = body.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
    try_text(LATIN, body.bytes().map(char::from).collect());
    if marks != body.as_bytes() {
        all.push((Some(LATIN), marks));
    }
    all.extend(gbk.filter(|gbk| *gbk != body.as_bytes()).map(|gbk| (Some(GBK), gbk.to_vec())));
    all
}

/// The text with some characters as `\uXXXX`.
fn escaped(text: &str, upper: bool, which: fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        if which(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out += &if upper { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") };
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// As programs write JSON that put a space after each comma and colon.
fn spaced(json: &Json) -> String {
    match json {
        Json::List(items) => format!("[{}]", items.iter().map(spaced).collect::<Vec<_>>().join(", ")),
        Json::Object(members) => {
            let member = |(name, value): &(String, Json)| format!("{}: {}", Json::from(name.as_str()), spaced(value));
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

fn sorted(json: &Json) -> Json {
    rebuilt(json, &|members| members.sort_by(|(a, _), (b, _)| a.cmp(b)))
}

fn without_nulls(json: &Json) -> Json {
    rebuilt(json, &|members| members.retain(|(_, value)| *value != Json::Null))
}

type Change = dyn Fn(&mut Vec<(String, Json)>);

fn rebuilt(json: &Json, change: &Change) -> Json {
    match json {
        Json::List(items) => Json::List(items.iter().map(|item| rebuilt(item, change)).collect()),
        Json::Object(members) => {
            let mut members = members.iter().map(|(name, value)| (name.clone(), rebuilt(value, change))).collect();
            change(&mut members);
            Json::Object(members)
        }
        other => other.clone(),
    }
}

/// Percent-encoded, a space as `+` in a form.
fn percent(text: &str, form: bool) -> String {
    let mut out = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => out.push(byte.into()),
            b'*' if form => out.push('*'),
            b'~' if !form => out.push('~'),
            b' ' if form => out.push('+'),
            _ => out += &format!("%{byte:02X}"),
        }
    }
    out
}
