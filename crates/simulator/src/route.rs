//! From a request to its answer: which part of the platform it is for, and what trouble it meets on the way.

use crate::Shared;
use crate::check::Refusal;
use crate::faults::{Fault, FaultRule, TOKEN};
use crate::http::{Request, Response};
use crate::life::{scan, session};
use crate::record::Recorded;
use crate::{admin, document, gateway, token};
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

/// Answers one request and records it; `None` closes the connection without a word.
pub(crate) fn handle(shared: &Shared, request: &Request) -> Option<Response> {
    let path = request.path();
    // A name that only resolves to this machine is not ours: some web page plays with DNS.
    if request.header("host").is_some_and(|host| !admin::is_local(host)) {
        return Some(Response::text(403, "only 127.0.0.1, localhost and [::1] are served"));
    }
    if path.starts_with("/_simulator/") {
        return Some(admin::answer(shared, request));
    }
    let target = match path {
        gateway::PATH => Some(gateway::method_of(request)),
        "/accessToken" => Some(TOKEN),
        _ => None,
    };
    let rule = target.filter(|_| request.method == "POST").and_then(|target| shared.faults.take(target));
    let mut recorded = Recorded::new(shared.clock.now(), request, rule.as_ref().map(FaultRule::name));
    if let Some(Fault::Late(ms)) = rule.as_ref().map(|rule| &rule.fault) {
        wait(shared, *ms);
    }
    let mut carried_out = rule.as_ref().is_none_or(FaultRule::commits).then(|| answer(shared, request));
    recorded.committed = carried_out.as_ref().is_some_and(|response| response.committed);
    if rule.as_ref().is_some_and(|rule| rule.fault == Fault::Repeated) && carried_out.is_some() {
        carried_out = Some(answer(shared, request));
    }
    recorded.note = carried_out.as_ref().and_then(|response| response.note.clone());
    let response = match &rule {
        None => carried_out,
        Some(rule) => meet(shared, &rule.fault, carried_out),
    };
    if let Some(response) = &response {
        recorded.answered(response);
    }
    shared.record.push(recorded);
    if let Some(Fault::Slow(ms)) = rule.map(|rule| rule.fault) {
        wait(shared, ms);
    }
    response
}

/// Holds an answer back, but not when the simulator is to stop.
fn wait(shared: &Shared, ms: u64) {
    let begin = Instant::now();
    let whole = Duration::from_millis(ms);
    while begin.elapsed() < whole && !shared.stop.load(Ordering::SeqCst) {
        thread::sleep(Duration::from_millis(10).min(whole.saturating_sub(begin.elapsed())));
    }
}

/// The answer without any trouble.
fn answer(shared: &Shared, request: &Request) -> Response {
    let path = request.path();
    match (request.method.as_str(), path) {
        ("POST", gateway::PATH) => gateway::answer(shared, request),
        ("POST", "/accessToken") => token::answer(shared, request),
        ("GET", "/authorize") => token::authorize(shared, request),
        ("GET" | "HEAD", "/") => Response::html(200, document::welcome(shared)),
        ("GET" | "HEAD" | "POST", _) if path.starts_with("/scan/") => scan(shared, request),
        (method, _) => match path.strip_prefix("/document/") {
            Some(name) if matches!(method, "GET" | "HEAD") => document::answer(shared, name),
            None if !matches!(path, gateway::PATH | "/accessToken" | "/authorize" | "/") => {
                Response::html(404, document::notice("没有这个地址", "模拟器不提供这个地址"))
            }
            _ => Response::text(405, "method not allowed"),
        },
    }
}

/// Somebody holds a phone to a code: of a login at the tax bureau, or of an order.
fn scan(shared: &Shared, request: &Request) -> Response {
    if request.header("origin").is_some_and(|origin| !admin::is_local(origin)) {
        return Response::text(403, "foreign origin");
    }
    let path = request.path();
    match session::address(path) {
        Some((tax_num, number)) => {
            let scanned = session::scan(&mut shared.state(), tax_num, number, shared.clock.now());
            Response::html(if scanned { 200 } else { 404 }, session::page(scanned))
        }
        None => scan::answer(shared, request, path.trim_start_matches("/scan/")),
    }
}

/// What the client sees of an answer when a fault comes between; `carried_out` is the real one, if there is one.
fn meet(shared: &Shared, fault: &Fault, carried_out: Option<Response>) -> Option<Response> {
    match fault {
        Fault::LostBefore | Fault::LostAfter => None,
        Fault::Slow(_) | Fault::Late(_) | Fault::Repeated => carried_out,
        Fault::Status(status) => Some(Response::new(*status, "text/plain;charset=UTF-8", "")),
        Fault::Truncated => carried_out.map(|mut response| {
            let half = response.body.len() / 2;
            response.body.truncate(half);
            response
        }),
        Fault::Html => {
            let page =
                "<!DOCTYPE html><html><head><title>Gateway</title></head><body>upstream unavailable</body></html>";
            Some(Response::html(200, page.to_owned()))
        }
        Fault::ExpiredToken => Some(code(shared, "070301", "accessToken不匹配/或appKey不匹配")),
        Fault::Busy(busy) => {
            let text = match busy.as_str() {
                "070202" => "超出调用频率",
                "070203" => "服务器忙",
                "E9106" => "订单编号或流水号不能重复",
                "E9999" => "系统繁忙",
                _ => "API服务异常，请稍后重试",
            };
            Some(code(shared, busy, text))
        }
    }
}

fn code(shared: &Shared, code: &str, text: &str) -> Response {
    gateway::refuse(&Refusal::new(shared.table, code, text))
}
