//! `nnopen sign`: a signed request, shown instead of sent.

use nnopen::{Json, StringToSign};

use crate::drive::stamp;
use crate::files::read_text;
use crate::settings::Settings;
use crate::show::object;
use crate::trouble::Trouble;
use crate::words::say;
use crate::{Done, finish};

/// Signs the standard input. `chosen`: senid, nonce and timestamp, fresh where they are not given.
pub(crate) fn run(method: &str, chosen: [Option<String>; 3], json: bool) -> u8 {
    finish(signed(method, chosen), json)
}

fn signed(method: &str, chosen: [Option<String>; 3]) -> Result<Done, Trouble> {
    let settings = Settings::load()?;
    let config = settings.config()?;
    let session = settings.session()?;
    let Some(token) = &config.permanent_token else {
        let what = format!("{}NNOPEN_TOKEN", say("缺少设置：", "missing: "));
        return Err(Trouble::input(what, "签名的请求头里要有令牌", "The headers hold the token"));
    };
    let body = read_text("-")?;
    // The same refusals as for a call.
    session.call_raw(method, "")?;
    let stamp = stamp()?;
    let fresh = [stamp.senid(), stamp.nonce(), stamp.timestamp()];
    let [senid, nonce, timestamp] = fit(chosen, fresh)?;

    let service = config.environment.service_url();
    let rest = service.split_once("://").map_or(service, |(_, rest)| rest);
    let path = rest.find('/').map_or("", |at| &rest[at..]);
    let (app_key, secret) = (config.app_key.as_str(), &config.app_secret);
    let text = StringToSign { path, app_key, senid: &senid, nonce: &nonce, timestamp: &timestamp, body: &body };
    let signature = nnopen::sign(secret, &text);
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("senid", &*senid), ("nonce", &nonce), ("timestamp", &timestamp), ("appkey", app_key)])
        .finish();
    let url = format!("{service}?{query}");
    let headers = [
        ("Content-Type", "application/json"),
        ("X-Nuonuo-Sign", &signature),
        ("accessToken", token.expose()),
        ("userTax", &config.tax_num),
        ("method", method),
    ];
    let pairs = headers.map(|(name, value)| Json::List(vec![name.into(), value.into()])).to_vec();
    let canonical = text.to_string();
    let mut lines = vec![format!("POST {url}")];
    lines.extend(headers.map(|(name, value)| format!("{name}: {value}")));
    lines.extend([String::new(), body.clone(), String::new()]);
    lines.push(format!("{}{canonical}", say("待签文本：", "Signed text: ")));
    let json = object([
        ("url", url.as_str().into()),
        ("headers", Json::List(pairs)),
        ("body", body.as_str().into()),
        ("canonical", canonical.as_str().into()),
        ("signature", signature.as_str().into()),
    ]);
    Ok(Done::new(json, lines))
}

/// What was chosen, else what is fresh; nothing empty, nothing that could break a line.
fn fit(chosen: [Option<String>; 3], fresh: [String; 3]) -> Result<[String; 3], Trouble> {
    let mut parts = fresh;
    for ((part, chosen), name) in parts.iter_mut().zip(chosen).zip(["--senid", "--nonce", "--timestamp"]) {
        let Some(chosen) = chosen else { continue };
        if chosen.is_empty() || chosen.contains(char::is_control) || chosen.trim() != chosen {
            let what = format!(
                "{name}: {}",
                say(
                    "不能为空、含控制字符或首尾有空白",
                    "is empty, holds a control character, or begins or ends with a blank"
                )
            );
            return Err(Trouble::input(what, "去掉它即可使用自动生成的值", "Leave it out for a fresh one"));
        }
        *part = chosen;
    }
    Ok(parts)
}
