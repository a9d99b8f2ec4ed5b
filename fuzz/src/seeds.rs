//! Inputs to begin with: what stands in `tests/vectors` and `api/`.

use std::fs;
use std::path::{Path, PathBuf};

use nnopen::{Grant, Json, Step};

use crate::{ISSUE, NOW, QUERY, config, others, session, stamp};

pub(crate) fn answers() -> Vec<Vec<u8>> {
    let ways = ["read", "write", "poll", "settle", "again", "batch", "raw"];
    let mut seeds = Vec::new();
    for (at, vector) in vectors("replies").iter().enumerate() {
        if !matches!(text(vector, "method").as_str(), "accessToken" | "authorize") {
            seeds.push(input(&format!("{} {}", status(vector), ways[at % ways.len()]), &body(vector, "body")));
        }
    }
    for code in ["E0000", "E9106", "E9500", "070301", "070202", "040102"] {
        for way in ways {
            let rows = r#"[{"orderNo":"A-1","status":"2"},{"orderNo":"A-2","status":"20"}]"#;
            seeds.push(input(&format!("200 {way}"), &format!(r#"{{"code":"{code}","describe":"x","result":{rows}}}"#)));
        }
    }
    seeds
}

pub(crate) fn token_answers() -> Vec<Vec<u8>> {
    let vectors = vectors("replies");
    let answers = vectors.iter().filter(|vector| text(vector, "method") == "accessToken");
    let seed = |vector| {
        ["self", "code", "refresh"].map(|way| input(&format!("{} {way}", status(vector)), &body(vector, "body")))
    };
    answers.flat_map(seed).collect()
}

pub(crate) fn pushes() -> Vec<Vec<u8>> {
    vectors("pushes")
        .iter()
        .map(|vector| match vector.get("body_hex").and_then(Json::token) {
            Some(hex) => [text(vector, "content_type").as_bytes(), b"\n", &unhex(hex)].concat(),
            None => input(&text(vector, "content_type"), &body(vector, "body")),
        })
        .collect()
}

pub(crate) fn documents() -> Vec<Vec<u8>> {
    vectors("documents").iter().map(|vector| body(vector, "invoice").into_bytes()).collect()
}

pub(crate) fn returns() -> Vec<Vec<u8>> {
    let vectors = vectors("replies");
    let returns = vectors.iter().filter(|vector| text(vector, "method") == "authorize");
    let mut seeds: Vec<_> = returns.map(|vector| body(vector, "body").into_bytes()).collect();
    seeds.push(b"https://example.com/back?code=C1&state=a-state-nobody-guesses&taxnum=339901999999142#x".to_vec());
    seeds.push(b"error=access_denied&error_description=SD00000000000001+no".to_vec());
    seeds
}

pub(crate) fn params() -> Vec<Vec<u8>> {
    let seed = |vector: &Json| input(&text(vector, "method"), &body(vector, "params"));
    let examples = vectors("calls").into_iter().flat_map(|vector| {
        vector
            .get("calls")
            .map(Json::items)
            .unwrap_or_default()
            .to_vec()
            .into_iter()
            .filter_map(|call| Some(input(call.get("call")?.token()?, &call.get("params")?.to_string())))
    });
    let mut seeds: Vec<_> = vectors("checks").iter().map(seed).chain(examples).collect();
    seeds.sort();
    seeds.dedup();
    seeds
}

pub(crate) fn orders() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for vector in vectors("orders") {
        if let Some(order) = vector.get("params").and_then(|params| params.get("order")) {
            seeds.push(input("100000", &order.to_string()));
            seeds.push(input("50", &order.to_string()));
        }
    }
    for vector in vectors("replies") {
        if let Some(row) = vector.get("body").and_then(|body| body.get("result")).and_then(|rows| rows.items().first())
        {
            seeds.push(input("100", &row.to_string()));
        }
    }
    // Small ones: the quicker to run.
    for (price, num, limit) in
        [("113", "3", "100"), ("0.01", "1", "0.01"), ("60000", "7", "100000"), ("33.33", "0.3", "5")]
    {
        let line = format!(r#"{{"goodsName":"x","withTaxFlag":"1","price":"{price}","num":"{num}","taxRate":"0.13"}}"#);
        let pair = r#"{"goodsName":"x","invoiceLineProperty":"2","withTaxFlag":"1","taxIncludedAmount":"11.30","taxRate":"0.13"},
            {"goodsName":"x","invoiceLineProperty":"1","withTaxFlag":"1","taxIncludedAmount":"-1.13","taxRate":"0.13"}"#;
        seeds.push(input(
            limit,
            &format!(r#"{{"orderNo":"A-1","invoiceLine":"pc","invoiceType":"1","invoiceDetail":[{line},{line}]}}"#),
        ));
        seeds.push(input(
            limit,
            &format!(r#"{{"orderNo":"A-1","invoiceLine":"pc","invoiceType":"1","invoiceDetail":[{line},{pair}]}}"#),
        ));
    }
    let blue = r#"{"invoiceKind":"增值税电子普通发票","invoiceCode":"033001900111","invoiceNo":"00000001","payerName":"x","invoiceItems":[
        {"itemName":"x","itemPrice":"113","itemNum":"2","itemTaxRate":"0.13","itemAmount":"226.00","itemTaxAmount":"26.00","isIncludeTax":"true","invoiceLineProperty":"0"}]}"#;
    seeds.push(input("100", blue));
    seeds
}

pub(crate) fn snapshots() -> Vec<Vec<u8>> {
    let now = NOW.0.to_string();
    let mut seeds: Vec<_> =
        vectors("calls").iter().filter_map(|vector| vector.get("snapshot").map(ToString::to_string)).collect();
    let session = session(config());
    let order = Json::parse(include_str!("../../examples/order.json")).expect("an order");
    let asked = Json::parse(r#"{"orderNos":["A-1"]}"#).expect("params");
    let small = Json::parse(r#"{"order":{"orderNo":"A-1"}}"#).expect("params").to_string();
    seeds.push(session.settle_json(ISSUE, &order).expect("a call").snapshot());
    let mut poll = session.poll_json(QUERY, &asked).expect("a call");
    let _ = poll.step(&stamp(1));
    seeds.push(poll.snapshot());
    seeds.push(session.call_json(QUERY, &asked).expect("a call").snapshot());
    seeds.push(session.sign_in(Grant::ClientCredentials).expect("a call").snapshot());
    seeds.push(session.settle_json(ISSUE, &order).expect("a call").snapshot().replace(r#""sends":0"#, r#""sends":2"#));
    seeds.push(seeds[seeds.len() - 2].replace(
        r#""task":"signIn""#,
        &format!(r#""task":"settle","method":"{ISSUE}","body":{},"sends":1"#, Json::from(small.as_str())),
    ));
    let mut batch = session.follow(QUERY, nnopen::BatchRules::default()).expect("rules");
    for key in ["A-1", "A-2", "B"] {
        batch.add(key, NOW.after(-9_000), NOW).expect("a key");
    }
    seeds.push(batch.snapshot());
    seeds.push(session.snapshot());
    seeds.into_iter().map(|text| input(&now, &text)).collect()
}

pub(crate) fn records() -> Vec<Vec<u8>> {
    let mut seeds = vec![b"0\n".to_vec()];
    let mut config = config();
    config.shared = true;
    let session = session(config);
    let mut call = session.call_raw(QUERY, "{}").expect("a call");
    for n in 1..9 {
        let told = match call.step(&stamp(n)) {
            Ok(Step::Load) => call.loaded(0, b"", NOW),
            Ok(Step::Swap { version, bytes }) => {
                seeds.push([version.to_string().as_bytes(), b"\n", &bytes].concat());
                call.swapped(true, NOW)
            }
            Ok(Step::Send(_)) => call.receive(
                200,
                br#"{"access_token":"ACCESS-1","refresh_token":"R","userId":"U","expires_in":"86400"}"#,
                NOW,
            ),
            _ => break,
        };
        told.expect("it was awaited");
    }
    for vector in vectors("stores") {
        let store = vector.get("store").cloned().unwrap_or_default();
        if let Some(record) = store.get("record") {
            let record = record.token().map_or_else(|| record.to_string(), str::to_owned);
            seeds.push(input(store.get("version").and_then(Json::token).unwrap_or("1"), &record));
        }
    }
    seeds
}

pub(crate) fn data_files() -> Vec<Vec<u8>> {
    others::sound().into_iter().map(|(file, text)| input(file, text)).collect()
}

pub(crate) fn texts() -> Vec<Vec<u8>> {
    let texts = [
        "E9106",
        "070301",
        "0.13 1.5",
        "-100.005 0.00",
        r#"{"a":[1,-2.50,1e5,"\u4e2d\ud83d\ude00"],"b":null}"#,
        "a=b&c=%E4%B8%AD+x",
        "100 0",
    ];
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

fn input(head: &str, body: &str) -> Vec<u8> {
    format!("{head}\n{body}").into_bytes()
}

/// All vectors of a folder.
fn vectors(folder: &str) -> Vec<Json> {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors").join(folder);
    let files = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = files.flatten().map(|file| file.path()).collect();
    files.sort();
    let read = |file: &PathBuf| Json::parse(&fs::read_to_string(file).expect("UTF-8")).expect("a vector is JSON");
    files.iter().filter(|file| file.extension().is_some_and(|is| is == "json")).map(read).collect()
}

fn text(vector: &Json, member: &str) -> String {
    vector.get(member).and_then(Json::token).unwrap_or_default().to_owned()
}

fn body(vector: &Json, member: &str) -> String {
    match vector.get(member) {
        Some(Json::Text(text)) => text.clone(),
        Some(json) => json.to_string(),
        None => String::new(),
    }
}

fn status(vector: &Json) -> String {
    vector.get("status").and_then(Json::token).unwrap_or("200").to_owned()
}

fn unhex(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2).filter_map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).ok()).collect()
}
