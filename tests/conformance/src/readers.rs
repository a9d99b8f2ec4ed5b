//! The vectors of what has no conversation: signatures, checks, answers.

use nnopen::{Json, Method, Reply, StringToSign, sign};

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
    let name = vector.get("method").and_then(Json::token).unwrap_or_default();
    let method = Method::find(name).ok_or("there is no such method")?;
    let params = vector.get("params").unwrap_or(&Json::Null);
    let ours = method.check(params);
    if let Some(expected) = vector.get("violations") {
        let line = |path: &str, rule: &str, severity: &str| format!("{severity} {rule} at {path:?}");
        let text = |json: &Json, name: &str| json.get(name).and_then(Json::token).unwrap_or_default().to_owned();
        let mut theirs: Vec<_> =
            expected.items().iter().map(|v| line(&text(v, "path"), &text(v, "rule"), &text(v, "severity"))).collect();
        let mut ours: Vec<_> = ours.iter().map(|v| line(&v.path, v.rule, v.severity.name())).collect();
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

/// Plays a vector of `replies/`: an answer and what it means.
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
    let read = Method::read_as(name, status, body.as_bytes());
    let reply = Reply::read(status, body.as_bytes()).ok();
    let error = read.as_ref().err();
    let ours = [
        ("ok", Json::Bool(read.is_ok())),
        ("kind", error.map(|error| error.kind().name()).into()),
        ("code", reply.as_ref().map(|reply| reply.code.as_str()).into()),
        ("describe", reply.as_ref().map(|reply| reply.describe.as_str()).filter(|text| !text.is_empty()).into()),
        (
            "result",
            read.as_ref().ok().cloned().or(reply.as_ref().map(|reply| reply.result.clone())).unwrap_or_default(),
        ),
    ];
    ours.iter().try_for_each(|(name, ours)| match expect.get(name) {
        Some(theirs) => same(name, &theirs.to_string(), &ours.to_string()),
        None => Ok(()),
    })
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
