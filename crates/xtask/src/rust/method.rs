//! One method's file: its table, its structs, their docs.

use std::collections::BTreeSet;

use minijinja::{Value, context};

use super::texts::{Texts, Writer};
use crate::ir::{Api, Effect, Example, Field, Form, Method, Need, Shape, Wire};
use crate::names;
use crate::output::MARK;
use crate::text::{self, literal};

pub(super) fn context(api: &Api, method: &Method, texts: &Texts) -> Value {
    let row = texts.always();
    let params = Shape { name: method.rust_name(), fields: method.params.clone() };
    let mut shapes = vec![shape_context(&params, "PARAMS", false, params_doc(method), texts)];
    let sent = sent(method);
    for shape in &method.shapes {
        let doc = vec![format!("`{}`: {}.", shape.name, text::both(&method.title))];
        let answer = !sent.contains(shape.name.as_str());
        shapes.push(shape_context(shape, &names::upper(&shape.name), answer, doc, texts));
    }
    let mut doc = vec![text::markdown(&method.doc.zh), text::markdown(&method.doc.en)];
    if method.raw {
        doc.push("Known by name only: params and answer are passed through unchecked.".to_owned());
    }
    doc.push(format!("Source: {} (confidence: {}).", text::markdown(&method.source), method.confidence));
    let one_of: Vec<String> = method.one_of.iter().map(|group| row.list(group)).collect();
    context! {
        mark => MARK,
        file => &method.file,
        name => &method.name,
        name_text => row.text(&method.name),
        title => text::both(&method.title),
        doc,
        uses => uses(method),
        title_words => texts.docs().words(&method.title),
        doc_words => texts.docs().words(&method.doc),
        effect => match method.effect { Effect::Read => "Read", Effect::Limited => "Limited", Effect::Write => "Write" },
        raw => method.raw.to_string(),
        success => row.list(&api.success(method)),
        one_of => one_of.join(", "),
        result => type_table(&method.result),
        poll => method.poll.as_ref().map(|poll| context! {
            status => row.text(&poll.status),
            reason => row.text(&poll.reason),
            done => row.list(&poll.done),
            failed => row.list(&poll.failed),
            needs_retry => row.list(&poll.needs_retry),
            delays => format!("{:?}", poll.delays),
            give_up => poll.give_up,
            grace => poll.grace,
            absent => row.list(&poll.absent),
            asked => poll.asked.iter().zip(&poll.row).map(|(list, member)| row.pair(list, member))
                .collect::<Vec<_>>().join(", "),
        }),
        settle => method.settle.as_ref().and_then(|settle| Some((settle, api.method(&settle.ask)?))).map(|(settle, ask)| context! {
            uses => if settle.same.is_empty() { "SettleRule" } else { "{Same, SettleRule}" },
            ask => format!("crate::api::{}::{}", ask.group, ask.stem),
            params => ask.rust_name(),
            by => row.text(&settle.by),
            key => row.text(&settle.key),
            row_key => row.text(&settle.row_key),
            present => row.list(&settle.present),
            same => settle.same.iter().map(|same| context! {
                ours => row.text(&same.ours),
                theirs => row.text(&same.theirs),
                by => same.by.as_ref().map_or("None".to_owned(), |set| format!("Some(&crate::api::enums::{})", names::upper(set))),
                sum => same.sum.to_string(),
            }).collect::<Vec<_>>(),
        }),
        order => row.option(method.order.as_ref()),
        by_hand => method.by_hand.as_ref().map_or("None".to_owned(), |words| format!("Some({})", texts.docs().words(words))),
        output => type_struct(&method.result),
        shapes,
    }
}

/// The shapes that are parts of the params; the others are met in answers alone.
fn sent(method: &Method) -> BTreeSet<&str> {
    let mut sent = BTreeSet::new();
    let mut rows: Vec<&Field> = method.params.iter().collect();
    while let Some(field) = rows.pop() {
        let Form::Shape(name) = field.form.leaf() else { continue };
        if sent.insert(name.as_str()) {
            rows.extend(method.shapes.iter().filter(|shape| shape.name == *name).flat_map(|shape| &shape.fields));
        }
    }
    sent
}

/// The names of the model that a method's file needs.
fn uses(method: &Method) -> String {
    let mut uses = BTreeSet::from(["Effect", "Method", "Shape", "Type", "Words"]);
    uses.extend(wants(method));
    uses.into_iter().collect::<Vec<_>>().join(", ")
}

/// The names of the model that its fields need.
pub(super) fn wants(method: &Method) -> Vec<&'static str> {
    let fields = || method.params.iter().chain(method.shapes.iter().flat_map(|shape| &shape.fields));
    // What is only counted leaves nothing in the tables.
    let apart = Texts::new();
    let wanted = [
        ("Field", fields().next().is_some()),
        ("Need", fields().any(|field| field.need != Need::No)),
        ("Range", fields().any(|field| field.range.is_some())),
        ("Rare", fields().any(|field| !rare(field, apart.always()).is_empty())),
        ("Span", fields().any(|field| field.span.is_some())),
        ("When", fields().any(|field| field.when.is_some())),
        ("Wire", fields().any(|field| field.wire != Wire::Text)),
    ];
    wanted.into_iter().filter(|(_, used)| *used).map(|(name, _)| name).collect()
}

pub(super) fn shape_context(shape: &Shape, name: &str, answer: bool, doc: Vec<String>, texts: &Texts) -> Value {
    let row = if answer { texts.docs() } else { texts.always() };
    let rust = names::fields(shape.fields.iter().map(|field| field.name.as_str()));
    let fields = shape.fields.iter().zip(rust).map(|(field, rust)| {
        context! {
            name_text => row.text(&field.name),
            name_literal => literal(&field.name),
            members => members(field, row, texts.docs()),
            rust,
            type => match &field.form {
                Form::List(_) => type_struct(&field.form),
                form => format!("Option<{}>", type_struct(form)),
            },
            doc => format!("{} · {}", text::markdown(&field.zh), text::markdown(&field.en)),
            facts => facts(field),
        }
    });
    let asked = shape.fields.iter().enumerate().filter(|(_, field)| field.need != Need::No || field.span.is_some());
    context! {
        static => name,
        answer,
        name => &shape.name,
        name_text => row.text(&shape.name),
        fields => fields.collect::<Vec<_>>(),
        asked => asked.map(|(place, _)| place.to_string()).collect::<Vec<_>>().join(", "),
        doc,
    }
}

/// The doc of the params struct, with the first example as a test.
fn params_doc(method: &Method) -> Vec<String> {
    let mut doc = vec![format!("{}: the params of `{}`.", text::both(&method.title), method.name)];
    if let Some(Example { params, .. }) = method.examples.first() {
        let json = format!("{params:#}");
        let fence = if json.contains("\"#") { "##" } else { "#" };
        doc.push(String::new());
        doc.push("```".to_owned());
        doc.push(format!("let params = nnopen::Json::parse(r{fence}\"{json}\"{fence}).unwrap();"));
        doc.push(format!("let violations = nnopen::Method::find({}).unwrap().check(&params);", literal(&method.name)));
        doc.push("assert!(!violations.iter().any(|violation| violation.is_error()), \"{violations:?}\");".to_owned());
        doc.push("```".to_owned());
    }
    doc.iter()
        .flat_map(|text| if text.is_empty() { vec![""] } else { text.lines().collect() })
        .map(str::to_owned)
        .collect()
}

/// A field's members that differ from `Field::NEW`.
fn members(field: &Field, row: Writer<'_>, docs: Writer<'_>) -> Vec<String> {
    let need = match field.need {
        Need::Yes => "Yes",
        Need::No => "No",
        Need::If => "If",
    };
    let rare = rare(field, row);
    // What is told where it is missing; the rest is for those who show the tables.
    let told = field.need != Need::No || field.console;
    let (cfg, words) = if told { ("", row) } else { ("#[cfg(feature = \"docs\")] ", docs) };
    there([
        (field.form != Form::Text, format!("kind: {}", type_table(&field.form))),
        (field.need != Need::No, format!("need: Need::{need}")),
        (field.max.is_some(), format!("max: {:?}", field.max)),
        (field.wire == Wire::Number, "wire: Wire::Number".to_owned()),
        (field.personal, "personal: true".to_owned()),
        (true, format!("{cfg}doc: {}", words.both(&field.zh, &field.en))),
        (!rare.is_empty(), format!("rare: Some(&Rare {{ {}, ..Rare::NONE }})", rare.join(", "))),
    ])
}

/// Those that few fields have, as they differ from `Rare::NONE`.
fn rare(field: &Field, row: Writer<'_>) -> Vec<String> {
    let when = field.when.as_ref();
    let when = when.map(|when| format!("When {{ field: {}, is: {} }}", row.text(&when.field), row.list(&when.is)));
    let range = field.range.map(|range| format!("Range::{range:?}"));
    let sum = field.sum.as_ref().map(|sum| row.pair(&sum.of, &sum.member));
    let span = field.span.as_ref();
    let span = span.map(|span| format!("Span {{ from: {}, days: {:?} }}", row.text(&span.from), span.days));
    let some = |name: &str, value: &Option<String>| format!("{name}: Some({})", value.as_deref().unwrap_or_default());
    there([
        (when.is_some(), some("when", &when)),
        (field.console, "console: true".to_owned()),
        (field.warn.is_some(), format!("warn: {:?}", field.warn)),
        (field.scale.is_some(), format!("scale: {:?}", field.scale)),
        (field.literal, "literal: true".to_owned()),
        (field.most.is_some(), format!("most: {:?}", field.most)),
        (field.least.is_some(), format!("least: {:?}", field.least)),
        (!field.digits.is_empty(), format!("digits: &{:?}", field.digits)),
        (range.is_some(), some("range", &range)),
        (sum.is_some(), some("sum", &sum)),
        (span.is_some(), some("span", &span)),
        (field.refused.is_some(), format!("refused: {}", refused(field, row))),
    ])
}

fn there<const N: usize>(members: [(bool, String); N]) -> Vec<String> {
    members.into_iter().filter(|(there, _)| *there).map(|(_, member)| member).collect()
}

/// The codes that the platform answers, by what is wrong; no name stands for anything.
fn refused(field: &Field, row: Writer<'_>) -> String {
    let any = field.refused.iter().filter(|_| field.answers.is_empty()).map(|code| (String::new(), code.clone()));
    let told = field.answers.clone().into_iter().chain(any);
    let pairs: Vec<String> = told.map(|(rule, code)| row.pair(&rule, &code)).collect();
    format!("&[{}]", pairs.join(", "))
}

/// What a reader of the struct must know beside the meaning.
fn facts(field: &Field) -> String {
    let values = |values: &[String]| values.iter().map(|value| text::code(value)).collect::<Vec<_>>().join(", ");
    let mut facts = vec![match field.form.leaf() {
        Form::Code(set) => {
            let list = if matches!(field.form, Form::List(_)) { "codes" } else { "code" };
            format!("{list} of [`{set}`](static@crate::api::enums::{})", names::upper(set))
        }
        _ => text::markdown(&field.form.to_string()),
    }];
    facts.push(match (field.need, &field.when) {
        (Need::Yes, _) => "needed".to_owned(),
        (Need::No, _) => "may be left out".to_owned(),
        (Need::If, None) => "needed under a condition".to_owned(),
        (Need::If, Some(when)) => format!("needed when `{}` is {}", when.field, values(&when.is)),
    });
    let unit = if matches!(field.form, Form::List(_)) { "items" } else { "characters" };
    facts.extend(field.console.then(|| "a setting in the vendor's console can stand in".to_owned()));
    facts.extend(field.max.map(|max| format!("at most {max} {unit}")));
    facts.extend(field.warn.map(|warn| format!("some sources allow {warn} only")));
    facts.extend(field.scale.map(|scale| format!("at most {scale} decimal places")));
    let digits: Vec<String> = field.digits.iter().map(u32::to_string).collect();
    facts.extend((!digits.is_empty()).then(|| format!("{} digits", digits.join(" or "))));
    facts.extend(field.range.map(|range| range.words()[1].to_owned()));
    facts.extend(field.default.as_ref().map(|default| format!("default {}", text::code(default))));
    facts.extend(field.personal.then(|| "personal".to_owned()));
    format!("`{}`: {}.", field.name, facts.join("; "))
}

/// A type as the table says it.
fn type_table(form: &Form) -> String {
    match form {
        Form::Text => "Type::Text".to_owned(),
        Form::Code(set) => format!("Type::Code(&crate::api::enums::{})", names::upper(set)),
        Form::Decimal => "Type::Decimal".to_owned(),
        Form::Integer => "Type::Integer".to_owned(),
        Form::Date => "Type::Date".to_owned(),
        Form::Time => "Type::Time".to_owned(),
        Form::Json => "Type::Json".to_owned(),
        Form::List(item) => format!("Type::List(&{})", type_table(item)),
        Form::Shape(name) => format!("Type::Shape(&{})", names::upper(name)),
    }
}

/// A type as a struct holds it.
fn type_struct(form: &Form) -> String {
    match form {
        Form::Text | Form::Code(_) | Form::Date | Form::Time => "String".to_owned(),
        Form::Decimal => "crate::decimal::Decimal".to_owned(),
        Form::Integer => "i64".to_owned(),
        Form::Json => "crate::json::Json".to_owned(),
        Form::List(item) => format!("Vec<{}>", type_struct(item)),
        Form::Shape(name) => name.clone(),
    }
}
