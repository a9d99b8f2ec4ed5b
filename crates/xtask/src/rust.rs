//! The core's tables and structs.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use minijinja::{Value, context};

use crate::ir::{Api, Effect, Example, Field, Form, Kind, Method, Need, Outcome, Retry, Shape, Wire};
use crate::names;
use crate::output::{Files, MARK};
use crate::platform;
use crate::templates::Templates;
use crate::text::{self, literal};

pub(crate) const FOLDER: &str = "crates/core/src/api";

/// Prints `crates/core/src/api`.
pub(crate) fn print(root: &Path, api: &Api, files: &mut Files) -> Result<(), String> {
    let templates = Templates::new()?;
    let mut raw = Files::new();
    for group in api.groups() {
        let methods: Vec<&Method> = api.methods.iter().filter(|method| method.group == group).collect();
        let stems: Vec<String> = methods.iter().map(|method| method.stem.clone()).collect();
        let folder = format!("api/methods/{group}");
        let title = text::both(&api.group_title(group));
        let context = context! { mark => MARK, folder, title, methods => stems };
        raw.insert(format!("{group}/mod.rs"), templates.print("rust/group.rs", context)?);
        for method in methods {
            let path = format!("{group}/{}.rs", method.stem);
            raw.insert(path, templates.print("rust/method.rs", method_context(api, method))?);
        }
    }
    raw.insert("enums.rs".to_owned(), templates.print("rust/enums.rs", enums_context(api))?);
    raw.insert("codes.rs".to_owned(), templates.print("rust/codes.rs", codes_context(api))?);
    raw.insert("platform.rs".to_owned(), templates.print("rust/platform.rs", platform_context(api))?);
    raw.insert("mod.rs".to_owned(), templates.print("rust/mod.rs", mod_context(api))?);
    files.extend(formatted(root, &raw)?.into_iter().map(|(path, text)| (format!("{FOLDER}/{path}"), text)));
    Ok(())
}

/// Runs rustfmt once over all files.
fn formatted(root: &Path, raw: &Files) -> Result<Files, String> {
    let folder =
        std::env::temp_dir().join(format!("nnopen-gen-{}-{:?}", std::process::id(), std::thread::current().id()));
    let all = (|| {
        for (path, text) in raw {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap_or(&folder))?;
            fs::write(path, text)?;
        }
        let mut rustfmt = Command::new("rustfmt");
        rustfmt.args(["--edition", "2024", "--config-path"]).arg(root.join("rustfmt.toml")).arg(folder.join("mod.rs"));
        let ended = rustfmt.output()?;
        if !ended.status.success() {
            let error = String::from_utf8_lossy(&ended.stderr).into_owned();
            return Err(std::io::Error::other(error));
        }
        raw.keys().map(|path| Ok((path.clone(), fs::read_to_string(folder.join(path))?))).collect()
    })();
    let _ = fs::remove_dir_all(&folder);
    all.map_err(|error| format!("rustfmt (rustup component add rustfmt): {error}"))
}

fn method_context(api: &Api, method: &Method) -> Value {
    let params = Shape { name: method.rust_name(), fields: method.params.clone() };
    let mut shapes = vec![shape_context(&params, "PARAMS", params_doc(method))];
    for shape in &method.shapes {
        let doc = vec![format!("`{}`: {}.", shape.name, text::both(&method.title))];
        shapes.push(shape_context(shape, &names::upper(&shape.name), doc));
    }
    let mut doc = vec![text::markdown(&method.doc.zh), text::markdown(&method.doc.en)];
    if method.raw {
        doc.push("Known by name only: params and answer are passed through unchecked.".to_owned());
    }
    doc.push(format!("Source: {} (confidence: {}).", text::markdown(&method.source), method.confidence));
    let one_of: Vec<String> = method.one_of.iter().map(|group| text::list(group)).collect();
    context! {
        mark => MARK,
        file => &method.file,
        name => &method.name,
        name_literal => literal(&method.name),
        title => text::both(&method.title),
        doc,
        uses => uses(method),
        title_words => text::words(&method.title),
        doc_words => text::words(&method.doc),
        effect => match method.effect { Effect::Read => "Read", Effect::Limited => "Limited", Effect::Write => "Write" },
        raw => method.raw.to_string(),
        success => text::list(&api.success(method)),
        one_of => one_of.join(", "),
        result => type_table(&method.result),
        poll => method.poll.as_ref().map(|poll| context! {
            status => literal(&poll.status),
            reason => literal(&poll.reason),
            done => text::list(&poll.done),
            failed => text::list(&poll.failed),
            needs_retry => text::list(&poll.needs_retry),
            delays => format!("{:?}", poll.delays),
            give_up => poll.give_up,
            grace => poll.grace,
            absent => text::list(&poll.absent),
            asked => poll.asked.iter().zip(&poll.row).map(|(list, row)| format!("({}, {})", literal(list), literal(row)))
                .collect::<Vec<_>>().join(", "),
        }),
        settle => method.settle.as_ref().and_then(|settle| Some((settle, api.method(&settle.ask)?))).map(|(settle, ask)| context! {
            uses => if settle.same.is_empty() { "SettleRule" } else { "{Same, SettleRule}" },
            ask => format!("crate::api::{}::{}", ask.group, ask.stem),
            params => ask.rust_name(),
            by => literal(&settle.by),
            key => literal(&settle.key),
            row_key => literal(&settle.row_key),
            present => text::list(&settle.present),
            same => settle.same.iter().map(|same| context! {
                ours => literal(&same.ours),
                theirs => literal(&same.theirs),
                by => same.by.as_ref().map_or("None".to_owned(), |set| format!("Some(&crate::api::enums::{})", names::upper(set))),
                sum => same.sum.to_string(),
            }).collect::<Vec<_>>(),
        }),
        by_hand => method.by_hand.as_ref().map_or("None".to_owned(), |words| format!("Some({})", text::words(words))),
        output => type_struct(&method.result),
        shapes,
    }
}

/// The names of the model that a method's file needs.
fn uses(method: &Method) -> String {
    let mut uses = BTreeSet::from(["Effect", "Method", "Shape", "Type", "Words"]);
    let fields = || method.params.iter().chain(method.shapes.iter().flat_map(|shape| &shape.fields));
    let wanted = [
        ("Field", fields().next().is_some()),
        ("Need", fields().any(|field| field.need != Need::No)),
        ("When", fields().any(|field| field.when.is_some())),
        ("Wire", fields().any(|field| field.wire != Wire::Text)),
    ];
    uses.extend(wanted.into_iter().filter(|(_, used)| *used).map(|(name, _)| name));
    uses.into_iter().collect::<Vec<_>>().join(", ")
}

fn shape_context(shape: &Shape, name: &str, doc: Vec<String>) -> Value {
    let rust = names::fields(shape.fields.iter().map(|field| field.name.as_str()));
    let fields = shape.fields.iter().zip(rust).map(|(field, rust)| {
        context! {
            name_literal => literal(&field.name),
            members => members(field),
            rust,
            type => match &field.form {
                Form::List(_) => type_struct(&field.form),
                form => format!("Option<{}>", type_struct(form)),
            },
            doc => format!("{} · {}", text::markdown(&field.zh), text::markdown(&field.en)),
            facts => facts(field),
        }
    });
    context! {
        static => name,
        name => &shape.name,
        name_literal => literal(&shape.name),
        fields => fields.collect::<Vec<_>>(),
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
fn members(field: &Field) -> Vec<String> {
    let mut members = Vec::new();
    let mut add = |there: bool, text: String| {
        if there {
            members.push(text);
        }
    };
    let need = match field.need {
        Need::Yes => "Yes",
        Need::No => "No",
        Need::If => "If",
    };
    add(field.form != Form::Text, format!("kind: {}", type_table(&field.form)));
    add(field.need != Need::No, format!("need: Need::{need}"));
    if let Some(when) = &field.when {
        add(true, format!("when: Some(When {{ field: {}, is: {} }})", literal(&when.field), text::list(&when.is)));
    }
    add(field.console, "console: true".to_owned());
    for (name, limit) in [("max", field.max), ("warn", field.warn), ("scale", field.scale.map(u32::from))] {
        add(limit.is_some(), format!("{name}: Some({})", limit.unwrap_or_default()));
    }
    add(field.wire == Wire::Number, "wire: Wire::Number".to_owned());
    add(field.literal, "literal: true".to_owned());
    add(field.personal, "personal: true".to_owned());
    add(true, format!("doc: Words {{ zh: {}, en: {} }}", literal(&field.zh), literal(&field.en)));
    members
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

fn enums_context(api: &Api) -> Value {
    let sets = api.enums.iter().map(|set| {
        let mut taken = BTreeSet::new();
        let constants = set.codes.iter().filter(|code| names::is_identifier(&code.name));
        let constants = constants.filter(|code| taken.insert(names::upper(&code.name))).map(|code| {
            let title = format!("{} · {}", text::markdown(&code.zh), text::markdown(&code.en));
            context! { constant => names::upper(&code.name), code => literal(&code.code), title }
        });
        let constants: Vec<Value> = constants.collect();
        let words = |zh: &str, en: &str| format!("Words {{ zh: {}, en: {} }}", literal(zh), literal(en));
        context! {
            name => literal(&set.name),
            static => names::upper(&set.name),
            module => names::word(names::snake(&set.name)),
            title => format!("{} · {}", text::markdown(&set.zh), text::markdown(&set.en)),
            words => words(&set.zh, &set.en),
            closed => set.closed.to_string(),
            codes => set.codes.iter().map(|code| context! {
                code => literal(&code.code), name => literal(&code.name), words => words(&code.zh, &code.en),
            }).collect::<Vec<_>>(),
            constants,
        }
    });
    context! { mark => MARK, sets => sets.collect::<Vec<_>>() }
}

fn codes_context(api: &Api) -> Value {
    let words = |zh: &str, en: &str| format!("Words {{ zh: {}, en: {} }}", literal(zh), literal(en));
    let mut codes: Vec<_> = api.codes.iter().collect();
    codes.sort_by_key(|code| (&code.code, &code.scope, &code.text));
    let codes: Vec<Value> = codes
        .into_iter()
        .map(|code| {
            context! {
                code => literal(&code.code),
                scope => literal(&code.scope),
                text => literal(&code.text),
                meaning => words(&code.zh, &code.en),
                cause => text::words(&code.cause),
                fix => text::words(&code.fix),
                kind => match code.kind {
                    Kind::Ok | Kind::Pending => "None",
                    Kind::Auth => "Some(ErrorKind::Auth)",
                    Kind::Platform => "Some(ErrorKind::Platform)",
                },
                outcome => match code.outcome {
                    Outcome::Refused => "Refused",
                    Outcome::Accepted => "Accepted",
                    Outcome::Unknown => "Unknown",
                },
                frees_order => code.frees_order.to_string(),
                retry => match code.retry {
                    Retry::No => "No",
                    Retry::Later => "Later",
                    Retry::SignIn => "SignIn",
                    Retry::Ask => "Ask",
                },
                last => code.last.to_string(),
            }
        })
        .collect();
    let causes: Vec<Value> = api
        .fail_causes
        .iter()
        .map(|cause| {
            context! {
                text => literal(&cause.text), meaning => words(&cause.zh, &cause.en), fix => text::words(&cause.fix),
            }
        })
        .collect();
    let uses = match (codes.is_empty(), causes.is_empty()) {
        (true, true) => "Code, FailCause",
        (true, false) => "Code, FailCause, Words",
        (false, _) => "Code, FailCause, Outcome, Retry, Words",
    };
    context! { mark => MARK, codes, causes, uses }
}

fn platform_context(api: &Api) -> Value {
    let constants = platform::CONSTANTS.iter().map(|constant| {
        context! {
            name => constant.0,
            type => constant.1,
            value => platform::value(&api.platform, constant),
            doc => constant.3,
        }
    });
    context! { mark => MARK, constants => constants.collect::<Vec<_>>() }
}

fn mod_context(api: &Api) -> Value {
    let mut methods: Vec<&Method> = api.methods.iter().collect();
    methods.sort_by_key(|method| &method.name);
    let methods: Vec<String> = methods.iter().map(|method| format!("{}::{}", method.group, method.stem)).collect();
    context! { mark => MARK, groups => api.groups().into_iter().map(str::to_owned).collect::<Vec<_>>(), methods }
}
