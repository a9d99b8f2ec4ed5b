//! The vectors of what has no conversation: signatures, checks, answers.

use nnopen::{
    Authorization, Config, Document, Grant, Json, Method, Millis, Push, Reply, Returned, Role, Secret, Stamp, Step,
    StringToSign, sign,
};

use crate::play::number;

/// Plays a vector of `sign/`: what is signed, and the signature.
///
/// # Errors
/// What is not as it should be.
pub fn play_sign(vector: &Json) -> Result<(), String> {
    let text = |name: &str| vector.get(name).map(whole).unwrap_or_default();
    let (app_key, senid, nonce, timestamp, body) =
        (text("app_key"), text("senid"), text("nonce"), text("timestamp"), text("body"));
    let path = match vector.get("path") {
        Some(Json::List(pieces)) => pieces.iter().map(|piece| format!("/{}", whole(piece))).collect(),
        path => path.map(whole).unwrap_or_default(),
    };
    let to_sign = StringToSign {
        path: &path,
        app_key: &app_key,
        senid: &senid,
        nonce: &nonce,
        timestamp: &timestamp,
        body: &body,
    };
    same("canonical", &text("canonical"), &to_sign.to_string())?;
    same("signature", &text("signature"), &sign(&text("app_secret").as_str().into(), &to_sign))?;
    let signed = nnopen_ffi::sign(&text("app_secret"), &path, &app_key, &senid, &nonce, &timestamp, &body);
    same("signature by ffi", &text("signature"), &signed.map(|signed| signed.signature).unwrap_or_default())
}

/// Plays a vector of `checks/`: all that is wrong with params.
///
/// # Errors
/// What is not as it should be.
pub fn play_check(vector: &Json) -> Result<(), String> {
    check(vector, false)
}

/// Plays a vector of `orders/`: as `checks/`, the codes included.
///
/// # Errors
/// What is not as it should be.
pub fn play_order(vector: &Json) -> Result<(), String> {
    check(vector, true)
}

fn check(vector: &Json, codes: bool) -> Result<(), String> {
    let name = vector.get("method").and_then(Json::token).unwrap_or_default();
    let method = Method::find(name).ok_or("there is no such method")?;
    // Params that no JSON value can be are told as text, and long ones by a part that repeats.
    let ours = match vector.get("params") {
        Some(params) if params.token().is_some() || params.get("times").is_some() => {
            match Json::parse_params(&whole(params)) {
                Ok(params) => method.check(&params),
                Err(error) => error.violations().to_vec(),
            }
        }
        params => method.check(params.unwrap_or(&Json::Null)),
    };
    if let Some(expected) = vector.get("violations") {
        let line = |path: &str, rule: &str, severity: &str, code: &str| {
            let code = if codes && !code.is_empty() { format!(" ({code})") } else { String::new() };
            format!("{severity} {rule} at {path:?}{code}")
        };
        let text = |json: &Json, name: &str| json.get(name).and_then(Json::token).unwrap_or_default().to_owned();
        let told = |v: &Json| line(&text(v, "path"), &text(v, "rule"), &text(v, "severity"), &text(v, "code"));
        let mut theirs: Vec<_> = expected.items().iter().map(told).collect();
        let mut ours: Vec<_> =
            ours.iter().map(|v| line(&v.path, v.rule, v.severity.name(), v.code.unwrap_or_default())).collect();
        theirs.sort();
        ours.sort();
        same("violations", &theirs.join("\n"), &ours.join("\n"))?;
    }
    if vector.get("ok").is_some() {
        let errors: Vec<_> = ours.iter().filter(|violation| violation.is_error()).collect();
        let ok = vector.get("ok") == Some(&Json::Bool(true));
        if errors.is_empty() != ok {
            return Err(format!("ok must be {ok}: {errors:?}"));
        }
    }
    if vector.get("ok").is_none() && vector.get("violations").is_none() {
        return Err("nothing is expected".to_owned());
    }
    Ok(())
}

/// Plays a vector of `amounts/`: lines, each with its three amounts or the member at fault.
///
/// # Errors
/// What is not as it should be.
pub fn play_amounts(vector: &Json) -> Result<(), String> {
    let cases = vector.get("cases").map(Json::items).unwrap_or_default();
    if cases.is_empty() {
        return Err("there are no cases".to_owned());
    }
    cases.iter().try_for_each(|case| {
        let line = case.get("line").ok_or("a case has no line")?;
        let ours = match nnopen::order::amounts(line) {
            Ok(amounts) => Json::List(vec![
                Json::from(amounts.tax_excluded.to_string().as_str()),
                amounts.tax.to_string().as_str().into(),
                amounts.tax_included.to_string().as_str().into(),
            ]),
            Err(error) => error.violations().first().map(|first| first.path.as_str()).into(),
        };
        let expected = case.get("amounts").or(case.get("fault")).unwrap_or(&Json::Null);
        same(&format!("the amounts of {line}"), &expected.to_string(), &ours.to_string())
    })
}

/// Plays a vector of `replies/`: an answer, a token answer, a return from the authorize page; and what it means.
///
/// # Errors
/// What is not as it should be.
pub fn play_reply(vector: &Json) -> Result<(), String> {
    let name = vector.get("method").and_then(Json::token).unwrap_or_default();
    let status = number(vector, "status").and_then(|status| u16::try_from(status).ok()).unwrap_or(200);
    let body = match vector.get("body") {
        Some(Json::Text(text)) => text.clone(),
        body => body.map(ToString::to_string).unwrap_or_default(),
    };
    let expect = vector.get("expect").ok_or("nothing is expected")?;
    let ours = match name {
        "accessToken" => token(vector, status, &body)?,
        "authorize" => authorize(vector, &body)?,
        _ => answer(name, status, &body),
    };
    compare(expect, &ours)
}

/// Plays a vector of `documents/`: the files that an invoice names, over the core and over the bindings' face.
///
/// # Errors
/// What is not as it should be.
pub fn play_document(vector: &Json) -> Result<(), String> {
    let invoice = vector.get("invoice").ok_or("there is no invoice")?;
    let expected = vector.get("documents").ok_or("nothing is expected")?.items();
    let line = |kind: &str, url: &str, field: &str, original: bool| format!("{kind} {url} in {field}, {original}");
    let text = |json: &Json, name: &str| json.get(name).and_then(Json::token).unwrap_or_default().to_owned();
    let told = |json: &Json| {
        let original = json.get("original") == Some(&Json::Bool(true));
        line(&text(json, "kind"), &text(json, "url"), &text(json, "field"), original)
    };
    let theirs: Vec<String> = expected.iter().map(told).collect();
    let ours: Vec<String> =
        Document::all(invoice).iter().map(|one| line(one.kind.name(), &one.url, one.field, one.original)).collect();
    same("documents", &theirs.join("\n"), &ours.join("\n"))?;
    let face = nnopen_ffi::documents(invoice).map_err(|failure| failure.to_string())?;
    let face: Vec<String> = face.iter().map(|one| line(&one.kind, &one.url, &one.field, one.original)).collect();
    same("documents by ffi", &theirs.join("\n"), &face.join("\n"))
}

/// Plays a vector of `pushes/`: what the platform sends us, over the core and over the bindings' face.
///
/// # Errors
/// What is not as it should be.
pub fn play_push(vector: &Json) -> Result<(), String> {
    let text = |name: &str| vector.get(name).and_then(Json::token);
    let body = match text("body_hex") {
        Some(hex) => bytes(hex).ok_or("body_hex is no hex")?,
        None => match vector.get("body") {
            Some(Json::Text(text)) => text.clone().into_bytes(),
            body => body.map(ToString::to_string).unwrap_or_default().into_bytes(),
        },
    };
    let content_type = text("content_type").unwrap_or_default();
    let expect = vector.get("expect").ok_or("nothing is expected")?;
    compare(expect, &push(content_type, &body)).map_err(|why| format!("core: {why}"))?;
    compare(expect, &push_by_ffi(content_type, &body)?).map_err(|why| format!("ffi: {why}"))
}

/// Whether all that is expected was told.
fn compare(expect: &Json, ours: &Json) -> Result<(), String> {
    expect.members().iter().try_for_each(|(name, theirs)| match (name.as_str(), ours.get(name)) {
        ("without", _)
            if theirs.items().iter().filter_map(Json::token).any(|secret| ours.to_string().contains(secret)) =>
        {
            Err(format!("a secret of {theirs} stands in {ours}"))
        }
        ("without", _) => Ok(()),
        (_, Some(ours)) => same(name, &theirs.to_string(), &ours.to_string()),
        (_, None) => Err(format!("{name} is expected, but not told")),
    })
}

fn answer(method: &str, status: u16, body: &str) -> Json {
    let read = Method::read_as(method, status, body.as_bytes());
    let reply = Reply::read(status, body.as_bytes()).ok();
    object([
        ("ok", Json::Bool(read.is_ok())),
        ("kind", read.as_ref().err().map(|error| error.kind().name()).into()),
        ("code", reply.as_ref().map(|reply| reply.code.as_str()).into()),
        ("describe", reply.as_ref().map(|reply| reply.describe.as_str()).filter(|text| !text.is_empty()).into()),
        ("result", read.ok().or(reply.map(|reply| reply.result)).unwrap_or_default()),
    ])
}

/// A token answer, as a service provider's sign-in takes it.
fn token(vector: &Json, status: u16, body: &str) -> Result<Json, String> {
    const NOW: i64 = 1_700_000_000_000;
    let session = session(vector)?;
    let grant = Grant::AuthorizationCode {
        code: "C1-secret".into(),
        tax_num: "339901999999142".into(),
        redirect_uri: "https://example.com".into(),
    };
    let mut call = session.sign_in(grant).map_err(|error| error.to_string())?;
    let step = call.step(&Stamp::new(Millis(NOW), [1; 20]));
    let told = step.and_then(|_| call.receive(status, body.as_bytes(), Millis(NOW)));
    let granted = told.and_then(|()| call.step(&Stamp::new(Millis(NOW), [2; 20])));
    Ok(match granted {
        Ok(Step::Done(token)) => object([
            ("ok", Json::Bool(true)),
            ("kind", Json::Null),
            ("code", Json::Null),
            (
                "result",
                object([
                    ("access", token.access.expose().into()),
                    ("refresh", token.refresh.as_ref().map(Secret::expose).into()),
                    ("userId", token.user_id.as_deref().into()),
                    ("taxNum", token.tax_num.as_deref().into()),
                    ("expiresIn", token.expires_at.map(|at| (at.0 - NOW) / 1000).into()),
                ]),
            ),
        ]),
        Err(error) => refused(&error, &[]),
        step => return Err(format!("{step:?} came")),
    })
}

fn authorize(vector: &Json, url: &str) -> Result<Json, String> {
    let state = vector.get("state").and_then(Json::token).unwrap_or_default();
    let granted = |authorization: Authorization| {
        object([("code", authorization.code.expose().into()), ("taxNum", authorization.tax_num.as_deref().into())])
    };
    Ok(match session(vector)?.read_return(url, state) {
        Ok(Returned::Granted(authorization)) => object([
            ("ok", Json::Bool(true)),
            ("kind", Json::Null),
            ("result", granted(authorization)),
            ("stateless", Json::Bool(false)),
        ]),
        Ok(Returned::WithoutState(authorization)) => object([
            ("ok", Json::Bool(false)),
            ("kind", "auth".into()),
            ("result", granted(authorization)),
            ("stateless", Json::Bool(true)),
        ]),
        Err(error) => refused(&error, &[("stateless", Json::Bool(false))]),
    })
}

fn push(content_type: &str, body: &[u8]) -> Json {
    let push = match Push::read(content_type, body) {
        Ok(push) => push,
        Err(error) => return refused(&error, &[]),
    };
    let confirm = push.confirm().map(|(method, params)| object([("method", method.into()), ("params", params)]));
    object([
        ("ok", Json::Bool(true)),
        ("operater", push.operater().into()),
        ("known", Json::Bool(push.kind().is_some())),
        ("orderNo", push.order_no().into()),
        ("serialNo", push.serial_no().into()),
        ("billNo", push.bill_no().into()),
        ("status", push.status_meaning().map(|meaning| meaning.name.as_str()).into()),
        ("statusCode", push.status_code().into()),
        ("content", push.content().clone()),
        ("raw", push.raw().clone()),
        ("confirm", confirm.unwrap_or_default()),
    ])
}

fn push_by_ffi(content_type: &str, body: &[u8]) -> Result<Json, String> {
    let push = match nnopen_ffi::read_push(content_type, body) {
        Ok(push) => push,
        Err(failure) => {
            return Ok(object([
                ("ok", Json::Bool(false)),
                ("kind", failure.kind.as_str().into()),
                ("code", failure.code.as_deref().into()),
                ("describe", failure.describe.as_str().into()),
            ]));
        }
    };
    let json = |text: &str| Json::parse(text).map_err(|error| format!("{text}: {error}"));
    let confirm = match (push.confirm_method, push.confirm_params) {
        (Some(method), Some(params)) => object([("method", method.into()), ("params", json(&params)?)]),
        _ => Json::Null,
    };
    Ok(object([
        ("ok", Json::Bool(true)),
        ("operater", push.operater.as_str().into()),
        ("known", Json::Bool(push.known)),
        ("orderNo", push.order_no.as_deref().into()),
        ("serialNo", push.serial_no.as_deref().into()),
        ("billNo", push.bill_no.as_deref().into()),
        ("status", push.status.into()),
        ("statusCode", push.status_code.as_deref().into()),
        ("content", json(&push.content)?),
        ("raw", json(&push.raw)?),
        ("confirm", confirm),
    ]))
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()).collect()
}

fn session(vector: &Json) -> Result<nnopen::Session, String> {
    let secret = vector.get("app_secret").and_then(Json::token).unwrap_or("SD00000000000001");
    let mut config = Config::sandbox("SD00000001", secret, "339901999999142");
    config.role = Role::ServiceProvider;
    nnopen::Session::new(config).map_err(|error| error.to_string())
}

fn refused(error: &nnopen::Error, more: &[(&str, Json)]) -> Json {
    let members = [
        ("ok", Json::Bool(false)),
        ("kind", error.kind().name().into()),
        ("code", error.code().into()),
        ("describe", error.describe().into()),
        ("result", Json::Null),
    ];
    Json::Object(members.iter().chain(more).map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
}

fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
    Json::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// A text, or one that is told as prefix, a part repeated, and suffix.
fn whole(json: &Json) -> String {
    let text = |name: &str| json.get(name).and_then(Json::token).unwrap_or_default();
    match json.token() {
        Some(text) => text.to_owned(),
        None => {
            let times = number(json, "times").and_then(|times| usize::try_from(times).ok()).unwrap_or_default();
            format!("{}{}{}", text("prefix"), text("repeat").repeat(times), text("suffix"))
        }
    }
}

fn same(what: &str, theirs: &str, ours: &str) -> Result<(), String> {
    if theirs == ours { Ok(()) } else { Err(format!("{what} must be\n  {theirs}\nis\n  {ours}")) }
}
