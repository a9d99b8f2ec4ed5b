//! `nnopen explain` and `nnopen methods`: what the platform's codes and methods are.

use nnopen::{Capability, Code, Effect, FailCause, Field, Json, Method, Need, Outcome, Retry, Text, Type, Words};

use crate::show::{columns, object, short};
use crate::trouble::Trouble;
use crate::words::{say, speak};
use crate::{Done, finish};

/// Explains a code in all its scopes; else whatever the text is a part of, or tells; else what the code looks like.
pub(crate) fn code(code: &str, text: bool, json: bool) -> u8 {
    let mut exact: Vec<&Code> = if text { Vec::new() } else { Code::all(code).iter().collect() };
    // A bare number is mostly an invoice's status, of all the things it can be.
    exact.sort_by_key(|code| !code.scope.starts_with("invoice."));
    let known = !exact.is_empty();
    let causes: Vec<&FailCause> = if known { Vec::new() } else { FailCause::search(code).collect() };
    let entries = if known { exact } else { Code::search(code).collect() };
    let family = Code::family(code).filter(|_| !text && entries.is_empty() && causes.is_empty());
    if entries.is_empty() && causes.is_empty() && family.is_none() {
        let what = format!("{code}: {}", say("没有收录", "is not known"));
        return finish(
            Err(Trouble::input(
                what,
                "请核对返回码，或联系平台客服",
                "See whether it is spelt right; else ask the platform",
            )),
            json,
        );
    }
    let blocks = entries.iter().map(|entry| code_lines(entry)).chain(causes.iter().map(|cause| cause_lines(cause)));
    let blocks: Vec<Vec<String>> = blocks.chain(family.map(|family| family_lines(code, family))).collect();
    let members = object([
        ("ok", Json::Bool(true)),
        ("code", if known || family.is_some() { code.into() } else { Json::Null }),
        ("entries", Json::List(entries.iter().map(|entry| code_json(entry)).collect())),
        ("failCause", causes.first().map_or(Json::Null, |cause| cause_json(cause))),
        ("failCauses", Json::List(causes.iter().map(|cause| cause_json(cause)).collect())),
        ("family", family.map_or(Json::Null, both)),
    ]);
    finish(Ok(Done::new(members, blocks.join(&String::new()))), json)
}

/// What is said of a code that is not known: after a write nobody knows what became of it.
fn family_lines(code: &str, family: Words) -> Vec<String> {
    named_columns([
        (say("返回码", "Code"), code.to_owned()),
        (say("含义", "Meaning"), speak(family).to_owned()),
        (
            say("怎么办", "What to do"),
            say(
                "看平台原文；写操作先按订单号查询，再决定是否重发",
                "Read the platform's words; after a write, ask by the order number before sending again",
            )
            .to_owned(),
        ),
        (say("写操作", "A write was"), outcome(Outcome::Unknown).to_owned()),
    ])
}

fn code_lines(entry: &Code) -> Vec<String> {
    let kind = entry.kind.map_or("-", nnopen::ErrorKind::name);
    let yes = |yes: bool| if yes { say("是", "yes") } else { say("否", "no") };
    let rows = [
        (say("返回码", "Code"), format!("{}  ({})", entry.code, entry.scope)),
        (say("平台原文", "Words"), entry.text.to_string()),
        (say("含义", "Meaning"), speak(entry.meaning).to_owned()),
        (say("原因", "Cause"), speak(entry.cause).to_owned()),
        (say("怎么办", "What to do"), speak(entry.fix).to_owned()),
        (say("类别", "Kind"), kind.to_owned()),
        (say("写操作", "A write was"), outcome(entry.outcome).to_owned()),
        (say("订单号可再用", "Number is free"), yes(entry.frees_order).to_owned()),
        (say("重试", "Retry"), retry(entry.retry).to_owned()),
    ];
    named_columns(rows)
}

fn cause_lines(cause: &FailCause) -> Vec<String> {
    named_columns([
        (say("失败原因", "Reason"), cause.text.to_string()),
        (say("含义", "Meaning"), speak(cause.meaning).to_owned()),
        (say("怎么办", "What to do"), speak(cause.fix).to_owned()),
    ])
}

fn named_columns<const N: usize>(rows: [(&str, String); N]) -> Vec<String> {
    let filled = rows.into_iter().filter(|(_, value)| !value.is_empty());
    columns(&filled.map(|(name, value)| vec![name.to_owned(), value]).collect::<Vec<_>>())
}

fn code_json(entry: &Code) -> Json {
    object([
        ("code", entry.code.into()),
        ("scope", entry.scope.into()),
        ("text", entry.text.into()),
        ("meaning", both(entry.meaning)),
        ("cause", both(entry.cause)),
        ("fix", both(entry.fix)),
        ("kind", entry.kind.map(nnopen::ErrorKind::name).into()),
        ("outcome", entry.outcome.name().into()),
        ("freesOrder", Json::Bool(entry.frees_order)),
        ("retry", entry.retry.name().into()),
    ])
}

fn cause_json(cause: &FailCause) -> Json {
    object([("text", cause.text.into()), ("meaning", both(cause.meaning)), ("fix", both(cause.fix))])
}

fn both(words: impl Into<Words>) -> Json {
    let words = words.into();
    object([("zh", words.zh.into()), ("en", words.en.into())])
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Refused => say("未执行", "not carried out"),
        Outcome::Accepted => say("已受理", "accepted"),
        Outcome::Unknown => say("不确定，须先查询", "perhaps carried out: ask first"),
    }
}

fn retry(retry: Retry) -> &'static str {
    match retry {
        Retry::No => say("无用，须先修改", "no use: change something first"),
        Retry::Later => say("稍后", "later"),
        Retry::SignIn => say("换新令牌后", "with a new token"),
        Retry::Ask => say("先查询", "ask first"),
    }
}

/// Lists the methods whose name, title or capability holds `filter`; the fields too, if it is just one.
pub(crate) fn methods(filter: Option<&str>, json: bool) -> u8 {
    let wanted = filter.unwrap_or_default().to_lowercase();
    let fits = |method: &&&Method| {
        let own = [method.name, method.title.zh, method.title.en].map(Text::as_str);
        own.into_iter().chain(capabilities(method)).any(|text| text.to_lowercase().contains(&wanted))
    };
    let mut found: Vec<&Method> = Method::all().iter().filter(fits).copied().collect();
    let ending = format!(".{wanted}");
    let exact = |method: &&Method| format!(".{}", method.name).to_lowercase().ends_with(&ending);
    if found.iter().any(exact) {
        found.retain(exact);
    }
    if found.is_empty() {
        let what = format!("{}: {wanted}", say("没有这样的接口", "no such method"));
        return finish(
            Err(Trouble::input(what, "去掉筛选可列出全部接口", "Leave the filter out for the whole list")),
            json,
        );
    }
    let mut rows =
        vec![vec![say("接口", "Method").to_owned(), say("作用", "Effect").to_owned(), say("名称", "Title").to_owned()]];
    rows.extend(
        found
            .iter()
            .map(|method| vec![method.name.to_string(), effect(method).to_owned(), speak(method.title).to_owned()]),
    );
    let mut lines = columns(&rows);
    if let [method] = found[..] {
        lines.extend([String::new(), speak(method.doc).to_owned(), String::new()]);
        lines.extend(field_lines(method));
    }
    let list = found.iter().map(|method| method_json(method)).collect();
    finish(Ok(Done::new(object([("ok", Json::Bool(true)), ("methods", Json::List(list))]), lines)), json)
}

/// What the things are called that `method` is for.
fn capabilities(method: &Method) -> impl Iterator<Item = &'static str> {
    let of = Capability::all().iter().filter(move |capability| capability.methods().any(|one| one == method));
    of.flat_map(|capability| [capability.title.zh, capability.title.en].map(Text::as_str))
}

fn method_json(method: &Method) -> Json {
    object([
        ("name", method.name.into()),
        ("title", both(method.title)),
        ("effect", effect_name(method.effect).into()),
        ("polls", Json::Bool(method.poll.is_some())),
        ("settles", Json::Bool(method.settle.is_some())),
        ("raw", Json::Bool(method.raw)),
    ])
}

fn effect_name(effect: Effect) -> &'static str {
    match effect {
        Effect::Read => "read",
        Effect::Limited => "limited",
        Effect::Write => "write",
    }
}

fn effect(method: &Method) -> &'static str {
    match method.effect {
        Effect::Read => say("查询", "reads"),
        Effect::Limited => say("限次", "limited"),
        Effect::Write => say("写入", "writes"),
    }
}

fn field_lines(method: &Method) -> Vec<String> {
    let mut rows = vec![vec![
        say("字段", "Field").to_owned(),
        say("类型", "Type").to_owned(),
        say("必填", "Needed").to_owned(),
        say("上限", "Most").to_owned(),
        say("说明", "Meaning").to_owned(),
    ]];
    add_fields(method.params.fields, "", 0, &mut rows);
    columns(&rows)
}

fn add_fields(fields: &[Field], before: &str, depth: usize, rows: &mut Vec<Vec<String>>) {
    for field in fields {
        let path = format!("{before}{}", field.name);
        let need = match field.need {
            Need::Yes => say("是", "yes"),
            Need::No => "",
            Need::If => say("视情况", "at times"),
        };
        let most = field.max.map_or_else(String::new, |max| max.to_string());
        rows.push(vec![path.clone(), type_name(&field.kind), need.to_owned(), most, short(speak(field.doc), 60)]);
        let (shape, list) = match field.kind {
            Type::Shape(shape) => (Some(shape), ""),
            Type::List(Type::Shape(shape)) => (Some(*shape), "[]"),
            _ => (None, ""),
        };
        if let Some(shape) = shape.filter(|_| depth < 6) {
            add_fields(shape.fields, &format!("{path}{list}."), depth + 1, rows);
        }
    }
}

fn type_name(kind: &Type) -> String {
    match kind {
        Type::Text => say("文本", "text").to_owned(),
        Type::Code(codes) => codes.name.to_string(),
        Type::Decimal => say("小数", "decimal").to_owned(),
        Type::Integer => say("整数", "integer").to_owned(),
        Type::Date => say("日期", "date").to_owned(),
        Type::Time => say("时间", "time").to_owned(),
        Type::Json => "JSON".to_owned(),
        Type::List(item) => format!("[{}]", type_name(item)),
        Type::Shape(shape) => shape.name.to_string(),
    }
}
