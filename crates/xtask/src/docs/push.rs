//! The page of a kind of push.

use minijinja::{Value, context};

use super::{anchor, fact, list, reached, row};
use crate::ir::{Api, Confirm, Push, Style};
use crate::output::MARK;
use crate::text::{both, cell, code, markdown};
use crate::vectors;

pub(super) fn page(api: &Api, push: &Push) -> Value {
    let model = &push.model;
    let outer = context! { name => "", anchor => "", fields => model.params.iter().map(row).collect::<Vec<_>>() };
    let shapes = reached(model, model.params.iter().map(|field| &field.form)).into_iter().map(|name| {
        let fields = model.shape(name).map_or(&[][..], |shape| &shape.fields);
        context! { name, anchor => anchor(name), fields => fields.iter().map(row).collect::<Vec<_>>() }
    });
    let examples = push.examples.iter().enumerate().map(|(at, told)| {
        let form = at == 0 && push.documented == Style::Form;
        context! {
            title => both(&told.title),
            json => format!("{:#}", told.push),
            form => form.then(|| vectors::push_body(&told.push, Style::Form)),
        }
    });
    let accepted = api.platform.get("push").and_then(|push| push.get("accepted")?.as_str());
    context! {
        mark => MARK,
        file => &model.file,
        title => both(&model.title),
        name => &model.name,
        doc_zh => markdown(&model.doc.zh),
        doc_en => markdown(&model.doc.en),
        facts => facts(push),
        shapes => std::iter::once(outer).chain(shapes).collect::<Vec<_>>(),
        answer => context! { name => "", anchor => "", fields => push.answer.iter().map(row).collect::<Vec<_>>() },
        accepted => accepted.unwrap_or_default(),
        confirm => push.confirm.iter().map(|confirm| ask(api, confirm)).collect::<Vec<_>>(),
        notes => model.notes.iter().map(|note| markdown(note)).collect::<Vec<_>>(),
        examples => examples.collect::<Vec<_>>(),
    }
}

/// The row of the index.
pub(super) fn index(push: &Push) -> Value {
    context! {
        title => cell(&both(&push.model.title)),
        page => format!("pushes/{}.md", push.model.stem),
        name => &push.model.name,
        style => style(push.documented),
        confirm => push.confirm.first().map(|confirm| code(&confirm.method)).unwrap_or_default(),
    }
}

fn style(style: Style) -> &'static str {
    match style {
        Style::Form => "表单 · form",
        Style::Json => "JSON",
        Style::JsonText => "JSON，content 为文本 · content a text",
    }
}

fn facts(push: &Push) -> Vec<Value> {
    let model = &push.model;
    let mut facts = vec![fact("资料所写格式 · Documented as", style(push.documented))];
    let lists = [
        ("订单号 · Order number", &push.order_no),
        ("流水号 · Serial number", &push.serial_no),
        ("申请单号 · Application number", &push.bill_no),
    ];
    facts.extend(lists.into_iter().filter(|(_, paths)| !paths.is_empty()).map(|(name, paths)| fact(name, list(paths))));
    if let (Some(status), Some(set)) = (&push.status, push.status_set()) {
        let absent = status.absent.as_ref().map_or(String::new(), |absent| format!("，没有即 · absent: `{absent}`"));
        facts.push(fact("状态 · Status", format!("`{}` ([{set}](../enums.md#{set})){absent}", status.at)));
    }
    facts.push(fact("Rust", format!("`nnopen::Push::{}`, `nnopen::api::pushes::{}`", model.stem, model.stem)));
    facts.push(fact("来源 · Source", format!("{} ({})", cell(&model.source), model.confidence)));
    facts
}

fn ask(api: &Api, confirm: &Confirm) -> Value {
    let page = api.method(&confirm.method).map_or(String::new(), |ask| format!("../{}/{}.md", ask.group, ask.stem));
    let mut names = vec![code(&confirm.by)];
    let mut places = vec![code(&confirm.from)];
    for also in &confirm.also {
        names.push(code(&also.name));
        places.push(match (&also.from, &also.value) {
            (Some(path), _) => code(path),
            (None, value) => format!("\"{}\"", value.as_deref().unwrap_or_default()),
        });
    }
    context! {
        method => format!("[`{}`]({page})", confirm.method), by => names.join(", "), from => places.join(", "),
    }
}
