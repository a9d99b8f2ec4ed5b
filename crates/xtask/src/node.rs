//! The types of the Node package: TypeScript's own words for what the model knows.

pub(crate) mod bench;
pub(crate) mod package;
pub(crate) mod test;

use minijinja::{Value, context};

use crate::ir::{Api, Enum, Field, Form, Method, Need, Push};
use crate::names;
use crate::output::{Files, MARK};
use crate::templates::Templates;
use crate::text;

pub(crate) const FOLDER: &str = "bindings/node/ts/api";

/// Prints `bindings/node/ts/api`.
pub(crate) fn print(api: &Api, files: &mut Files) -> Result<(), String> {
    let templates = Templates::new()?;
    files.insert(format!("{FOLDER}/redis.ts"), redis());
    let mut page = |file: &str, template: &str, context: Value| {
        files.insert(format!("{FOLDER}/{file}.ts"), templates.print(template, context)?);
        Ok::<(), String>(())
    };
    let sets = api.enums.iter().map(set).collect::<Vec<_>>();
    page("enums", "node/enums.ts", context! { mark => MARK, sets })?;
    for group in api.groups() {
        let methods = of_group(api, group).map(|method| method_types(api, method)).collect::<Vec<_>>();
        page(group, "node/group.ts", context! { mark => MARK, group, methods })?;
    }
    let pushes = api.pushes.iter().map(|push| push_types(api, push)).collect::<Vec<_>>();
    page("pushes", "node/pushes.ts", context! { mark => MARK, pushes })?;
    let groups = api.groups().into_iter().map(|group| {
        context! {
            file => group,
            namespace => names::pascal(group),
            camel => names::camel(group),
            title => comment(&text::both(&api.group_title(group))),
            methods => of_group(api, group).map(|method| index_row(api, method)).collect::<Vec<_>>(),
        }
    });
    page("index", "node/index.ts", context! { mark => MARK, groups => groups.collect::<Vec<_>>() })
}

/// The script of the Redis store, as a module.
fn redis() -> String {
    let script = include_str!("../../store/share/redis.lua");
    let code = script.lines().filter(|line| !line.starts_with("--"));
    let code = code.map(|line| format!("  {},\n", literal(line))).collect::<String>();
    format!(
        "// {MARK} from crates/store/share/redis.lua; what is written here by hand is lost.\n\n\
         export const SWAP = [\n{code}].join('\\n');\n"
    )
}

fn of_group<'a>(api: &'a Api, group: &'a str) -> impl Iterator<Item = &'a Method> {
    api.methods.iter().filter(move |method| method.group == group)
}

fn index_row(api: &Api, method: &Method) -> Value {
    let asked = method.settle.as_ref().and_then(|settle| api.method(&settle.ask));
    context! {
        name => &method.name,
        camel => names::camel(&method.stem),
        title => comment(&text::both(&method.title)),
        path => path(method),
        poll => method.poll.is_some().to_string(),
        rows => asked.map_or("never".to_owned(), |asked| format!("{}.Result", path(asked))),
    }
}

fn path(method: &Method) -> String {
    format!("{}.{}", names::pascal(&method.group), method.rust_name())
}

fn set(set: &Enum) -> Value {
    let codes = set.codes.iter().map(|code| {
        context! { code => comment(&code.code), title => comment(&format!("{} · {}", text::markdown(&code.zh), text::markdown(&code.en))) }
    });
    let mut union: Vec<String> = set.codes.iter().map(|code| literal(&code.code)).collect();
    union.extend((!set.closed).then(|| "Open".to_owned()));
    context! {
        name => pascal(&set.name),
        title => comment(&format!("{} · {}", text::markdown(&set.zh), text::markdown(&set.en))),
        codes => codes.collect::<Vec<_>>(),
        type => union.join(" | "),
    }
}

fn method_types(api: &Api, method: &Method) -> Value {
    let mut doc = vec![text::both(&method.title), String::new(), text::markdown(&method.doc.zh)];
    doc.extend([String::new(), text::markdown(&method.doc.en), String::new(), format!("`{}`", method.name)]);
    if let Some(poll) = &method.poll {
        doc.push(format!("状态字段 · status: `{}`", poll.status));
    }
    let success = api.success(method);
    doc.push(format!(
        "成功代码 · success: {}",
        success.iter().map(|code| text::code(code)).collect::<Vec<_>>().join(", ")
    ));
    let sent = reached(method, method.params.iter().map(|field| &field.form));
    let shapes = method.shapes.iter().map(|shape| {
        let fields = shape.fields.iter().map(|field| member(field, sent.contains(&shape.name.as_str())));
        context! { name => &shape.name, fields => fields.collect::<Vec<_>>() }
    });
    let lines = method.params.iter().map(|field| {
        let member = member_line(field, true);
        format!("    /** {} */\n    {member}\n", member_doc(field))
    });
    context! {
        namespace => method.rust_name(),
        title => comment(&text::both(&method.title)),
        doc => doc.iter().map(|line| comment(line)).collect::<Vec<_>>(),
        params => match method.raw {
            true => "type Params = { readonly [name: string]: Json };".to_owned(),
            false => format!("interface Params {{\n{}  }}", lines.collect::<String>()),
        },
        result => value(&method.result, false),
        shapes => shapes.collect::<Vec<_>>(),
    }
}

fn push_types(api: &Api, push: &Push) -> Value {
    let model = &push.model;
    let content = model.params.iter().find(|field| field.name == "content").map(|field| &field.form);
    let reached = reached(model, content.into_iter());
    let shapes = model.shapes.iter().filter(|shape| reached.contains(&shape.name.as_str())).map(|shape| {
        let fields = shape.fields.iter().map(|field| member(field, false));
        context! { name => &shape.name, fields => fields.collect::<Vec<_>>() }
    });
    let names = push.status_set().and_then(|set| api.set(set));
    let status: Vec<_> = names.into_iter().flat_map(|set| &set.codes).map(|code| literal(&code.name)).collect();
    let mut confirm: Vec<_> = push.confirm.iter().map(|confirm| literal(&confirm.method)).collect();
    confirm.dedup();
    let or = |union: Vec<String>, nothing: &str| if union.is_empty() { nothing.to_owned() } else { union.join(" | ") };
    let doc = [
        text::both(&model.title),
        String::new(),
        text::markdown(&model.doc.zh),
        String::new(),
        text::markdown(&model.doc.en),
    ];
    context! {
        name => &model.name,
        namespace => names::pascal(&model.stem),
        title => comment(&text::both(&model.title)),
        doc => doc.iter().map(|line| comment(line)).collect::<Vec<_>>(),
        content => content.map_or("ResultJson".to_owned(), |form| value(form, false)),
        status => or(status, "string"),
        confirm => or(confirm, "never"),
        shapes => shapes.collect::<Vec<_>>(),
    }
}

/// The shapes that some types lead to.
fn reached<'a>(method: &'a Method, forms: impl Iterator<Item = &'a Form>) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    let mut open: Vec<&Form> = forms.collect();
    while let Some(form) = open.pop() {
        let Form::Shape(name) = form.leaf() else { continue };
        if !found.contains(&name.as_str()) {
            found.push(name);
            open.extend(method.shape(name).into_iter().flat_map(|shape| shape.fields.iter().map(|field| &field.form)));
        }
    }
    found
}

fn member(field: &Field, sent: bool) -> Value {
    context! { doc => member_doc(field), line => member_line(field, sent) }
}

/// What is sent must be there if it is needed; of what comes, nothing can be relied on.
fn member_line(field: &Field, sent: bool) -> String {
    let needed = sent && field.need == Need::Yes && !field.console;
    let name = if names::is_identifier(&field.name) { field.name.clone() } else { literal(&field.name) };
    let (readonly, nothing) = if sent { ("", " | undefined") } else { ("readonly ", " | null | undefined") };
    match needed {
        true => format!("{name}: {};", value(&field.form, sent)),
        false => format!("{readonly}{name}?: {}{nothing};", value(&field.form, sent)),
    }
}

fn value(form: &Form, sent: bool) -> String {
    match (form, sent) {
        (Form::Text | Form::Decimal | Form::Date | Form::Time, _) | (Form::Integer, false) => "string".to_owned(),
        (Form::Integer, true) => "Integer".to_owned(),
        (Form::Json, true) => "Json".to_owned(),
        (Form::Json, false) => "ResultJson".to_owned(),
        (Form::Code(set), true) => format!("enums.{}", pascal(set)),
        (Form::Code(set), false) => format!("enums.{} | Open", pascal(set)),
        (Form::List(item), _) => format!("readonly ({})[]", value(item, sent)),
        (Form::Shape(name), _) => name.clone(),
    }
}

fn member_doc(field: &Field) -> String {
    let mut facts = vec![field.form.to_string()];
    match (field.need, &field.when) {
        (Need::Yes, _) => facts.push("必填 needed".to_owned()),
        (Need::If, Some(when)) => {
            let values: Vec<_> = when.is.iter().map(|value| if value.is_empty() { "∅" } else { value }).collect();
            facts.push(format!("当 when {} = {} 时必填 needed", when.field, values.join("/")));
        }
        (Need::If, None) => facts.push("视情况 depends".to_owned()),
        (Need::No, _) => {}
    }
    facts.extend(field.console.then(|| "控制台已设可省 or set in the console".to_owned()));
    facts.extend(field.max.map(|max| format!("≤ {max}")));
    facts.extend(field.scale.map(|scale| format!("≤ {scale} 位小数 decimals")));
    facts.extend(field.default.as_ref().map(|default| format!("默认 default {default}")));
    comment(&format!("{} · {} ({})", text::markdown(&field.zh), text::markdown(&field.en), facts.join("; ")))
}

/// `invoiceLine` → `InvoiceLine`.
fn pascal(name: &str) -> String {
    names::pascal(&names::snake(name))
}

/// What may stand in a comment.
fn comment(text: &str) -> String {
    text.replace("*/", "* /")
}

/// A string literal of TypeScript.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}
