//! One kind of push: its table, its structs, their docs.

use std::collections::BTreeSet;

use minijinja::{Value, context};

use super::method::{shape_context, wants};
use super::texts::{Texts, Writer};
use crate::ir::{Api, Confirm, Form, Push, Shape};
use crate::names;
use crate::output::MARK;
use crate::text::{self, literal};

pub(super) fn context(api: &Api, push: &Push, texts: &Texts) -> Value {
    let row = texts.always();
    let model = &push.model;
    let outer = Shape { name: model.rust_name(), fields: model.params.clone() };
    let mut shapes = vec![shape_context(&outer, "OUTER", false, outer_doc(push), texts)];
    for shape in &model.shapes {
        let doc = vec![format!("`{}`: {}.", shape.name, text::both(&model.title))];
        shapes.push(shape_context(shape, &names::upper(&shape.name), false, doc, texts));
    }
    let source = format!("Source: {} (confidence: {}).", text::markdown(&model.source), model.confidence);
    let mut uses = BTreeSet::from(["Shape", "Type", "Words"]);
    uses.extend(wants(model));
    context! {
        mark => MARK,
        file => &model.file,
        name => &model.name,
        name_text => row.text(&model.name),
        stem => &model.stem,
        rust_name => model.rust_name(),
        title => text::both(&model.title),
        doc => vec![text::markdown(&model.doc.zh), text::markdown(&model.doc.en), source],
        uses => uses.into_iter().filter(|name| *name != "Type" || typed(push)).collect::<Vec<_>>().join(", "),
        title_words => row.words(&model.title),
        doc_words => row.words(&model.doc),
        order_no => row.list(&push.order_no),
        serial_no => row.list(&push.serial_no),
        bill_no => row.list(&push.bill_no),
        status => push.status.as_ref().zip(push.status_set()).map(|(status, set)| context! {
            at => row.text(&status.at),
            absent => row.option(status.absent.as_ref()),
            codes => names::upper(set),
        }),
        confirm => push.confirm.iter().filter_map(|confirm| ask(api, confirm, row)).collect::<Vec<_>>(),
        shapes,
    }
}

fn ask(api: &Api, confirm: &Confirm, row: Writer<'_>) -> Option<Value> {
    let method = api.method(&confirm.method)?;
    let list = method.at(&confirm.by).is_some_and(|field| matches!(field.form, Form::List(_)));
    let also = confirm.also.iter().map(|also| {
        let (name, from, value) =
            (row.text(&also.name), row.option(also.from.as_ref()), row.option(also.value.as_ref()));
        context! { name, from, value }
    });
    Some(context! {
        method => format!("crate::api::{}::{}::METHOD", method.group, method.stem),
        by => row.text(&confirm.by),
        list => list.to_string(),
        from => row.text(&confirm.from),
        also => also.collect::<Vec<_>>(),
    })
}

/// Whether some member has a type of its own.
fn typed(push: &Push) -> bool {
    let fields = push.model.params.iter().chain(push.model.shapes.iter().flat_map(|shape| &shape.fields));
    fields.into_iter().any(|field| field.form != Form::Text)
}

/// The doc of the struct, with the first example as a test.
fn outer_doc(push: &Push) -> Vec<String> {
    let model = &push.model;
    let mut doc = vec![format!("{}: what a push `{}` holds.", text::both(&model.title), model.name)];
    if let Some(told) = push.examples.first() {
        let json = format!("{:#}", told.push);
        let fence = if json.contains("\"#") { "##" } else { "#" };
        doc.extend([
            String::new(),
            "```".to_owned(),
            format!("let body = r{fence}\"{json}\"{fence};"),
            "let push = nnopen::Push::read(\"application/json\", body.as_bytes()).unwrap();".to_owned(),
            format!("let told = push.{}().unwrap();", names::word(model.stem.clone())),
            format!("assert_eq!(told.operater.as_deref(), Some({}));", literal(&model.name)),
            "assert!(told.extra.is_empty());".to_owned(),
            "```".to_owned(),
        ]);
    }
    doc.iter()
        .flat_map(|text| if text.is_empty() { vec![""] } else { text.lines().collect() })
        .map(str::to_owned)
        .collect()
}
