//! The reference pages: Chinese first, English beside it.

mod codes;
mod push;

use minijinja::{Value, context};

use crate::ir::{Api, Effect, Field, Form, Method, Need, Poll, Settle, Simulated, Wire};
use crate::output::{Files, MARK};
use crate::rules::{HeldBy, Severity};
use crate::templates::Templates;
use crate::text::{both, cell, code, markdown};

pub(crate) const FOLDER: &str = "docs/reference";

/// Prints `docs/reference`.
pub(crate) fn print(api: &Api, files: &mut Files) -> Result<(), String> {
    let templates = Templates::new()?;
    let mut page = |path: String, template: &str, context: Value| {
        let text = templates.print(template, context)?;
        files.insert(format!("{FOLDER}/{path}.md"), tidy(&text));
        Ok::<(), String>(())
    };
    page("index".to_owned(), "markdown/index.md", index(api))?;
    page("codes".to_owned(), "markdown/codes.md", codes::table(api))?;
    for code in codes::all(api) {
        page(codes::path(code), "markdown/code.md", codes::page(api, code))?;
    }
    page("enums".to_owned(), "markdown/enums.md", enums(api))?;
    page("rules".to_owned(), "markdown/rules.md", rules(api))?;
    for method in &api.methods {
        page(format!("{}/{}", method.group, method.stem), "markdown/method.md", method_page(api, method))?;
    }
    for push in &api.pushes {
        page(format!("pushes/{}", push.model.stem), "markdown/push.md", push::page(api, push))?;
    }
    Ok(())
}

/// No more than one empty line at a time.
fn tidy(text: &str) -> String {
    let mut out = String::new();
    let mut code = false;
    for line in text.lines() {
        code ^= line.starts_with("```");
        if code || !line.trim().is_empty() || !out.ends_with("\n\n") {
            out.push_str(line.trim_end());
            out.push('\n');
        }
    }
    format!("{}\n", out.trim_end())
}

fn index(api: &Api) -> Value {
    let yes = |is: bool| if is { "✓" } else { "" };
    let groups = api.groups().into_iter().map(|group| {
        let methods = api.methods.iter().filter(|method| method.group == group).map(|method| {
            context! {
                title => cell(&both(&method.title)),
                page => format!("{}/{}.md", method.group, method.stem),
                name => &method.name,
                effect => effect(method.effect),
                typed => yes(method.result.leaf() != &Form::Json),
                checked => yes(!method.raw),
                simulated => match method.simulated {
                    Simulated::State => "有状态 · state",
                    Simulated::Example => "按示例 · example",
                    Simulated::No => "—",
                },
                examples => match method.examples.len() { 0 => String::new(), count => count.to_string() },
            }
        });
        context! { title => both(&api.group_title(group)), methods => methods.collect::<Vec<_>>() }
    });
    let pages = |names: &[String]| match names {
        [] => "—".to_owned(),
        names => {
            let methods = names.iter().filter_map(|name| api.method(name));
            let pages = methods.map(|method| format!("[`{}`]({}/{}.md)", method.name, method.group, method.stem));
            pages.collect::<Vec<_>>().join("<br>")
        }
    };
    let capabilities = api.capabilities.iter().map(|capability| {
        let title = format!("{} · {}", cell(&capability.zh), cell(&capability.en));
        context! { title, newer => pages(&capability.newer), older => pages(&capability.older) }
    });
    let pushes = api.pushes.iter().map(push::index);
    context! {
        mark => MARK,
        count => api.methods.len(),
        capabilities => capabilities.collect::<Vec<_>>(),
        pushes => pushes.collect::<Vec<_>>(),
        groups => groups.collect::<Vec<_>>(),
    }
}

fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Read => "读 · read",
        Effect::Limited => "限次 · limited",
        Effect::Write => "写 · write",
    }
}

fn enums(api: &Api) -> Value {
    let sets = api.enums.iter().map(|set| {
        let codes = set.codes.iter().map(|entry| {
            let title = format!("{} · {}", cell(&entry.zh), cell(&entry.en));
            context! { code => code(&entry.code), name => &entry.name, title }
        });
        let title = format!("{} · {}", markdown(&set.zh), markdown(&set.en));
        context! { name => &set.name, title, closed => set.closed, codes => codes.collect::<Vec<_>>() }
    });
    context! { mark => MARK, sets => sets.collect::<Vec<_>>() }
}

fn method_page(api: &Api, method: &Method) -> Value {
    let (request, answer) =
        (reached(method, method.params.iter().map(|field| &field.form)), reached(method, [&method.result].into_iter()));
    let answer: Vec<&str> = answer.into_iter().filter(|name| !request.contains(name)).collect();
    let shape = |name: &str| {
        let fields = method.shape(name).map_or(&[][..], |shape| &shape.fields);
        context! { name, anchor => anchor(name), fields => fields.iter().map(row).collect::<Vec<_>>() }
    };
    let params = context! { name => "", anchor => "", fields => method.params.iter().map(row).collect::<Vec<_>>() };
    let examples = method.examples.iter().map(|example| {
        context! {
            title => both(&example.title),
            params => format!("{:#}", example.params),
            status => if example.status == 200 { String::new() } else { format!(" (HTTP {})", example.status) },
            reply => example.reply.as_ref().map(|reply| format!("{reply:#}")),
        }
    });
    context! {
        mark => MARK,
        file => &method.file,
        title => both(&method.title),
        name => &method.name,
        doc_zh => markdown(&method.doc.zh),
        doc_en => markdown(&method.doc.en),
        raw => method.raw,
        facts => facts(api, method),
        request => std::iter::once(params).chain(request.iter().map(|name| shape(name))).collect::<Vec<_>>(),
        result => type_link(&method.result),
        answer => answer.iter().map(|name| shape(name)).collect::<Vec<_>>(),
        poll => method.poll.as_ref().map(poll),
        settle => settle(api, method),
        notes => method.notes.iter().map(|note| markdown(note)).collect::<Vec<_>>(),
        examples => examples.collect::<Vec<_>>(),
    }
}

/// The shapes that some types lead to, in the order in which they are met.
fn reached<'a>(method: &'a Method, forms: impl Iterator<Item = &'a Form>) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    let mut open: Vec<&Form> = forms.collect();
    open.reverse();
    while let Some(form) = open.pop() {
        let Form::Shape(name) = form.leaf() else { continue };
        if !found.contains(&name.as_str()) {
            found.push(name);
            open.extend(
                method.shape(name).into_iter().flat_map(|shape| shape.fields.iter().rev().map(|field| &field.form)),
            );
        }
    }
    found
}

fn fact(name: &str, value: impl Into<String>) -> Value {
    context! { name, value => value.into() }
}

fn rules(api: &Api) -> Value {
    let page = |name: &str| {
        let method = api.method(name);
        method.map_or_else(
            || code(name),
            |method| format!("[{}]({}/{}.md)", cell(&method.title.zh), method.group, method.stem),
        )
    };
    let rules = api.rules.iter().map(|rule| {
        let rows = || rule.rows.iter().map(|row| code(row)).collect::<Vec<_>>().join("<br>");
        let held = match rule.held_by {
            HeldBy::Order => "`order`".to_owned(),
            HeldBy::Row => format!("`row` {}<br>{}", page(rule.method()), rows()),
            HeldBy::Code => format!("`code` {}", code(rule.place.as_deref().unwrap_or_default())),
            HeldBy::Unknowable => {
                let why = rule.why.as_ref().map(|why| format!("{} · {}", cell(&why.zh), cell(&why.en)));
                format!("`unknowable` {}", why.unwrap_or_default())
            }
        };
        context! {
            number => rule.number,
            text => format!("{} · {}", cell(&rule.zh), cell(&rule.en)),
            held,
            severity => match rule.severity {
                Some(Severity::Error) => "错误 · error",
                Some(Severity::Warning) => "警告 · warning",
                None => "",
            },
            code => rule.code.as_ref().map_or(String::new(), |code| codes::link("", code)),
        }
    });
    context! { mark => MARK, count => api.rules.len(), rules => rules.collect::<Vec<_>>() }
}

fn facts(api: &Api, method: &Method) -> Vec<Value> {
    let mut facts =
        vec![fact("性质 · Effect", effect(method.effect)), fact("成功代码 · Success", list(&api.success(method)))];
    for group in &method.one_of {
        let refused = method.one_of_refused.as_ref().map_or(String::new(), |code| format!(" ({})", code_link(code)));
        facts.push(fact("至少填一项 · At least one of", format!("{}{refused}", list(group))));
    }
    facts.push(fact("Rust", format!("`nnopen::api::{}::{}::{}`", method.group, method.stem, method.rust_name())));
    facts.push(fact("来源 · Source", format!("{} ({})", cell(&method.source), method.confidence)));
    facts
}

fn row(field: &Field) -> Value {
    let mut need = match (field.need, &field.when) {
        (Need::Yes, _) => "**是 · yes**".to_owned(),
        (Need::No, _) => String::new(),
        (Need::If, Some(when)) => format!("当 · when `{}` = {}", when.field, values(&when.is)),
        (Need::If, None) => "视情况 · depends".to_owned(),
    };
    if field.console {
        need.push_str("<br>控制台已设可省 · or set in the console");
    }
    let (zh, en) = if matches!(field.form, Form::List(_)) { ("项", "items") } else { ("字符", "chars") };
    let mut limits = Vec::new();
    limits.extend(field.max.map(|max| format!("≤ {max} {zh} · {en}")));
    limits.extend(field.warn.map(|warn| format!("部分资料 ≤ {warn} · some sources")));
    limits.extend(field.scale.map(|scale| format!("≤ {scale} 位小数 · decimals")));
    limits.extend((field.wire == Wire::Number).then(|| "JSON 数字 · number".to_owned()));
    limits.extend(field.most.map(|most| format!("最大 {most} · at most {most}")));
    limits.extend(field.least.map(|least| format!("最小 {least} · at least {least}")));
    let digits: Vec<String> = field.digits.iter().map(u32::to_string).collect();
    limits.extend(
        (!digits.is_empty()).then(|| format!("{} 位数字 · {} digits", digits.join(" 或 "), digits.join(" or "))),
    );
    limits.extend(field.range.map(|range| range.words().join(" · ")));
    limits.extend(field.sum.as_ref().map(|sum| format!("= Σ `{}[].{}`", sum.of, sum.member)));
    limits.extend(field.span.as_ref().map(|span| match span.days {
        Some(days) => format!("距 `{}` ≤ {days} 天 · days", span.from),
        None => format!("不早于 · not before `{}`", span.from),
    }));
    limits.extend(field.literal.then(|| "0 ≠ 0.00".to_owned()));
    limits.extend(field.default.as_ref().map(|default| format!("默认 · default {}", code(default))));
    limits.extend(field.refused.as_ref().map(|refused| format!("否则 · else {}", code_link(refused))));
    limits.extend(field.personal.then(|| "个人信息 · personal".to_owned()));
    let doc = format!("{} · {}", cell(&field.zh), cell(&field.en));
    context! { name => &field.name, type => type_link(&field.form), need, limits => limits.join("<br>"), doc }
}

fn poll(poll: &Poll) -> Vec<Value> {
    let seconds = |list: &[u32]| list.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    let mut facts =
        vec![fact("状态字段 · Status", format!("`{}`", poll.status)), fact("完成 · Done", list(&poll.done))];
    let lists = [("失败 · Failed", &poll.failed), ("须重试 · Needs a retry", &poll.needs_retry)];
    facts.extend(lists.into_iter().filter(|(_, codes)| !codes.is_empty()).map(|(name, codes)| fact(name, list(codes))));
    facts.extend((!poll.reason.is_empty()).then(|| fact("失败原因 · Reason", code(&poll.reason))));
    facts.push(fact("间隔 · Delays", format!("{} s", seconds(&poll.delays))));
    facts.push(fact("放弃 · Gives up after", format!("{} s", poll.give_up)));
    if !poll.absent.is_empty() {
        let codes = poll.absent.iter().map(|code| code_link(code)).collect::<Vec<_>>().join(", ");
        facts.push(fact(
            "查无结果 · Not there",
            format!("{codes}，{} 秒内视为尚不可见 · within {} s: not visible yet", poll.grace, poll.grace),
        ));
    }
    facts
}

fn settle(api: &Api, method: &Method) -> Option<Value> {
    if let Some(words) = &method.by_hand {
        return Some(context! { text => both(words), same => Vec::<Value>::new() });
    }
    let Settle { ask, by, key, same, .. } = method.settle.as_ref()?;
    let page = api.method(ask).map_or(String::new(), |ask| format!("../{}/{}.md", ask.group, ask.stem));
    let text = format!(
        "以 `{key}` 作 `{by}` 先查询 [`{ask}`]({page})，确认不存在才原样重发。 · Asks [`{ask}`]({page}) for `{key}` as \
         `{by}` first; sends the same body again only if it is not there."
    );
    let same = same.iter().map(|same| {
        context! {
            ours => code(&same.ours),
            theirs => code(&same.theirs),
            how => match (&same.by, same.sum) {
                (Some(set), _) => format!("[`{set}`](../enums.md#{set})"),
                (None, true) => "合计 · sums".to_owned(),
                (None, false) => String::new(),
            },
        }
    });
    Some(context! { text, same => same.collect::<Vec<_>>() })
}

fn type_link(form: &Form) -> String {
    match form {
        Form::List(item) => format!("list of {}", type_link(item)),
        Form::Code(set) => format!("[{set}](../enums.md#{set})"),
        Form::Shape(name) => format!("[{name}](#{})", anchor(name)),
        form => form.to_string(),
    }
}

fn anchor(shape: &str) -> String {
    format!("shape-{shape}")
}

fn code_link(code: &str) -> String {
    codes::link("../", code)
}

fn list(codes: &[String]) -> String {
    codes.iter().map(|item| code(item)).collect::<Vec<_>>().join(", ")
}

/// The values of a condition; nothing stands for an absent sibling, `*` for any value.
fn values(values: &[String]) -> String {
    let values = values.iter().map(|value| match value.as_str() {
        "" => "空 (absent)".to_owned(),
        "*" => "任意值 (anything)".to_owned(),
        value => code(value),
    });
    values.collect::<Vec<_>>().join(" / ")
}
