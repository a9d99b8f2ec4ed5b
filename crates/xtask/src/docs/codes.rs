//! The codes: one table of all, and a page for each with all that it may mean.

use std::collections::BTreeSet;

use minijinja::{Value, context};

use crate::ir::{Api, Code, Kind, Outcome, Retry};
use crate::output::MARK;
use crate::text::{both, cell, markdown};

/// Every code, once.
pub(super) fn all(api: &Api) -> BTreeSet<&str> {
    api.codes.iter().map(|row| row.code.as_str()).collect()
}

/// The page of a code, below the reference.
pub(super) fn path(code: &str) -> String {
    // No file begins with a dash.
    format!("codes/{}", code.replace('-', "minus-"))
}

pub(super) fn link(up: &str, code: &str) -> String {
    format!("[`{code}`]({up}{}.md)", path(code))
}

/// All codes by where they occur, and the reasons of the tax bureau.
pub(super) fn table(api: &Api) -> Value {
    let mut names: Vec<&str> = Vec::new();
    for row in &api.codes {
        if !names.contains(&row.scope.as_str()) {
            names.push(&row.scope);
        }
    }
    let scopes = names.into_iter().map(|scope| {
        let mut here: Vec<&Code> = api.codes.iter().filter(|row| row.scope == scope).collect();
        here.sort_by_key(|row| (&row.code, &row.text));
        let codes = here.into_iter().map(|row| {
            context! { link => link("", &row.code), meaning => cell(&both_of(&row.zh, &row.en)), fix => cell(&both(&row.fix)) }
        });
        context! { title => scope_title(scope), codes => codes.collect::<Vec<_>>() }
    });
    let causes = api.fail_causes.iter().map(|cause| {
        let meaning = cell(&both_of(&cause.zh, &cause.en));
        context! { text => cell(&cause.text), meaning, fix => cell(&both(&cause.fix)) }
    });
    context! { mark => MARK, scopes => scopes.collect::<Vec<_>>(), causes => causes.collect::<Vec<_>>() }
}

/// All that one code may mean, and the rules that it is the answer to.
pub(super) fn page(api: &Api, code: &str) -> Value {
    let mut rows: Vec<&Code> = api.codes.iter().filter(|row| row.code == code).collect();
    rows.sort_by_key(|row| (&row.scope, &row.text));
    let meanings: Vec<Value> = rows.into_iter().map(meaning).collect();
    let broken = api.rules.iter().filter(|rule| rule.code.as_deref() == Some(code));
    let rules = broken.map(|rule| format!("R{}：{} · {}", rule.number, markdown(&rule.zh), markdown(&rule.en)));
    context! { mark => MARK, code, meanings, rules => rules.collect::<Vec<_>>() }
}

fn meaning(row: &Code) -> Value {
    let kind = match row.kind {
        Kind::Ok => "成功 · success",
        Kind::Auth => "`auth`：重新取得令牌 · sign in again",
        Kind::Platform => "`platform`：按代码处理 · read the code",
        Kind::Pending => "进行中 · pending",
    };
    let outcome = match row.outcome {
        Outcome::Refused => "未执行 · refused",
        Outcome::Accepted => "已受理 · accepted",
        Outcome::Unknown => "不明，先查询 · unknown: ask first",
    };
    let retry = match row.retry {
        Retry::No => "否，须先改正 · no: something must change first",
        Retry::Later => "稍后 · later",
        Retry::SignIn => "换新令牌后 · with a new token",
        Retry::Ask => "先查询上一次的结果 · ask first what became of the earlier try",
    };
    let mut facts = vec![format!("写操作 · Write | {outcome}"), format!("重试 · Retry | {retry}")];
    if matches!(row.kind, Kind::Auth | Kind::Platform) {
        let free = if row.frees_order { "可再次使用 · may be used again" } else { "不可再用 · not free" };
        facts.push(format!("订单号 · Order number | {free}"));
    }
    if row.last {
        facts.push("终态 · Final | 是 · yes".to_owned());
    }
    if !row.source.is_empty() {
        facts.push(format!("来源 · Source | {} ({})", cell(&row.source), row.confidence));
    }
    context! {
        meaning => both_of(&markdown(&row.zh), &markdown(&row.en)),
        scope => scope_title(&row.scope),
        text => markdown(&row.text),
        cause => cell(&both(&row.cause)),
        fix => cell(&both(&row.fix)),
        kind, facts,
    }
}

fn both_of(zh: &str, en: &str) -> String {
    format!("{zh} · {en}")
}

fn scope_title(scope: &str) -> String {
    match scope {
        "business" => "业务 · business".to_owned(),
        "gateway" => "网关 · gateway".to_owned(),
        "token" => "令牌 · token".to_owned(),
        "legacy" => "旧接口 · legacy".to_owned(),
        "callback_reply" => "回传应答 · callback_reply".to_owned(),
        "fail_envelope" => "其他失败格式 · fail_envelope".to_owned(),
        scope if scope.contains('.') => format!("状态 · status `{scope}`"),
        scope => format!("`{scope}`"),
    }
}
