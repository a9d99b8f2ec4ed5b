//! `POST /open/v1/services`: the gateway's checks, one after the other, each with the platform's code.

use crate::Shared;
use crate::check::Refusal;
use crate::http::{Request, Response};
use crate::options::{Account, Role};
use crate::service;
use crate::sign::Signed;
use crate::token::Party;
use serde_json::{Value, json};
use std::collections::HashMap;

pub(crate) const PATH: &str = "/open/v1/services";
/// How far a request's clock may be off.
const TOLERANCE: i64 = 600_000;
const HEADERS: [&str; 5] = ["Content-Type", "X-Nuonuo-Sign", "accessToken", "userTax", "method"];

/// A call that has passed the gateway.
pub(crate) struct Call<'a> {
    pub(crate) method: &'a str,
    pub(crate) account: &'a Account,
    pub(crate) party: Party,
    /// The header `userTax`; empty if it was not sent.
    pub(crate) user_tax: &'a str,
    pub(crate) body: &'a [u8],
}

/// What of a call counts under its signature.
struct Query {
    senid: String,
    nonce: String,
    timestamp: String,
    app_key: String,
}

/// Answers a service call.
pub(crate) fn answer(shared: &Shared, request: &Request) -> Response {
    let mut note = None;
    match admit(shared, request, &mut note) {
        Ok(call) => service::answer(shared, &call),
        Err(refusal) => Response { note, ..refuse(&refusal) },
    }
}

/// The envelope of a refusal, HTTP 200 as always.
pub(crate) fn refuse(refusal: &Refusal) -> Response {
    Response::json(&json!({ "code": refusal.code, "describe": refusal.describe }))
}

fn admit<'a>(shared: &'a Shared, request: &'a Request, note: &mut Option<String>) -> Result<Call<'a>, Refusal> {
    let table = shared.table;
    let no = |code: &str, text: &str| Refusal::new(table, code, text);
    let which = |text: &str, what: &str| {
        let refusal = Refusal::new(table, "0201", text);
        Refusal { describe: format!("{}：{what}", refusal.describe), ..refusal }
    };
    let header = |name: &str| request.header(name).unwrap_or_default();

    if !is_json(header("Content-Type")) {
        return Err(which("客户端传输格式与解析格式描述不相符", "Content-Type 应为 application/json"));
    }
    let query = query(request).map_err(|name| which("必填项输入参数空", name))?;
    for name in ["X-Nuonuo-Sign", "accessToken", "method"] {
        if header(name).is_empty() {
            return Err(which("必填项输入参数空", name));
        }
    }
    let format = "输入参数格式有误";
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(&query.nonce) || query.nonce.len() > 10 {
        return Err(which(format, "nonce 应为 1 至 10 位数字"));
    }
    let plain = digits(&query.timestamp) && query.timestamp.len() <= 11 && !query.timestamp.starts_with('0');
    let seconds: i64 =
        query.timestamp.parse().ok().filter(|_| plain).ok_or_else(|| which(format, "timestamp 应为秒"))?;
    if shared.options.strict {
        strict(request, &query).map_err(|what| which(format, &what))?;
    }
    if shared.clock.now().saturating_sub(seconds * 1000).saturating_abs() > TOLERANCE {
        *note = Some(format!("timestamp {seconds}, simulator clock {}", shared.clock.now() / 1000));
        return Err(no("070601", "验签失败"));
    }

    let account = shared.options.accounts.iter().find(|account| account.app_key == query.app_key);
    let account = account.ok_or_else(|| no("070101", "获取app密钥失败或appkey无效"))?;
    let holder = shared.state().tokens.holder(header("accessToken"), account, shared.clock.now());
    let party = holder.ok_or_else(|| no("070301", "accessToken不匹配/或appKey不匹配"))?;
    let method = header("method");
    if table.method(method).is_none() {
        return Err(no("070501", "请求的API不存在"));
    }
    if account.methods.as_ref().is_some_and(|methods| !methods.iter().any(|name| name == method)) {
        return Err(no("070302", "APP未申请该资源"));
    }
    let user_tax = header("userTax");
    let needed = account.sandbox || account.role != Role::SelfUse;
    if user_tax.is_empty() && needed {
        return Err(which("必填项输入参数空", "userTax"));
    }
    if !user_tax.is_empty() && user_tax != party.tax_num {
        return Err(no("070401", "调用用户身份不匹配"));
    }
    let signed = Signed {
        path: request.path(),
        app_key: &query.app_key,
        senid: &query.senid,
        nonce: &query.nonce,
        timestamp: &query.timestamp,
        body: &request.body,
    };
    if !signed.fits(&account.app_secret, header("X-Nuonuo-Sign")) {
        *note = Some(format!("string to sign: {}", String::from_utf8_lossy(&signed.canonical())));
        return Err(no("070601", "签名不匹配"));
    }
    shared.state().calls.count(account, shared.clock.now()).map_err(|code| no(code, ""))?;
    Ok(Call { method, account, party, user_tax, body: &request.body })
}

/// `application/json`, with or without `charset=utf-8`.
fn is_json(content_type: &str) -> bool {
    let mut parts = content_type.split(';').map(str::trim);
    let json = parts.next().is_some_and(|media| media.eq_ignore_ascii_case("application/json"));
    let utf8 = |part: &str| {
        let value = part.split_once('=').filter(|(name, _)| name.trim().eq_ignore_ascii_case("charset"));
        value.is_none_or(|(_, charset)| charset.trim().trim_matches('"').eq_ignore_ascii_case("utf-8"))
    };
    json && parts.all(utf8)
}

/// The four query fields, or the name of the first that is missing.
fn query(request: &Request) -> Result<Query, &'static str> {
    let mut fields: HashMap<String, String> = HashMap::new();
    for (name, value) in form_urlencoded::parse(request.query().as_bytes()) {
        fields.entry(name.into_owned()).or_insert_with(|| value.into_owned());
    }
    let mut take = |name: &'static str| fields.remove(name).filter(|value| !value.trim().is_empty()).ok_or(name);
    Ok(Query { senid: take("senid")?, nonce: take("nonce")?, timestamp: take("timestamp")?, app_key: take("appkey")? })
}

/// What older clients get wrong and the documents forbid.
fn strict(request: &Request, query: &Query) -> Result<(), String> {
    if query.senid.chars().count() != 32 {
        return Err("senid 应为 32 位".to_owned());
    }
    if query.nonce.len() != 8 || query.nonce.starts_with('0') {
        return Err("nonce 应为 8 位数字且不以 0 开头".to_owned());
    }
    for (name, _) in &request.headers {
        if let Some(exact) = HEADERS.iter().find(|exact| exact.eq_ignore_ascii_case(name))
            && exact != name
        {
            return Err(format!("请求头大小写应为 {exact}，收到 {name}"));
        }
    }
    Ok(())
}

/// The method a service call names, whether it exists or not.
pub(crate) fn method_of(request: &Request) -> &str {
    request.header("method").unwrap_or_default()
}

/// The body as JSON, if it is.
pub(crate) fn parse(body: &[u8]) -> Option<Value> {
    serde_json::from_slice(body).ok()
}
