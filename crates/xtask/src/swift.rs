//! The Swift package's types: a struct for each method with its shapes inside, one for each kind of push and each set of
//! codes.

pub(crate) mod test;
mod toolchain;

use std::collections::BTreeSet;

use minijinja::{Value, context};

use crate::ir::{Api, Enum, Field, Form, Method, Need, Push};
use crate::kotlin::{class_of, member_doc, reached, set_name};
use crate::names;
use crate::output::{Files, MARK};
use crate::templates::Templates;
use crate::text;

pub(crate) const FOLDER: &str = "bindings/swift/Sources/NNOpen/Generated";

/// Prints the generated sources of `bindings/swift`. No two files of a module may be called alike.
pub(crate) fn print(api: &Api, files: &mut Files) -> Result<(), String> {
    let printer = Printer { api, templates: Templates::new()? };
    for method in &api.methods {
        let group = group_of(&method.group);
        files.insert(format!("{FOLDER}/{group}/{group}.{}.swift", class_of(method)), printer.method(method, &group)?);
    }
    for push in &api.pushes {
        files.insert(format!("{FOLDER}/Pushes/Pushes.{}.swift", class_of(&push.model)), printer.push(push)?);
    }
    let groups = api.groups().into_iter();
    let groups = groups.map(|group| context! { name => group_of(group), title => text::both(&api.group_title(group)) });
    let names = context! { mark => MARK, groups => groups.collect::<Vec<_>>() };
    files.insert(format!("{FOLDER}/API.swift"), printer.templates.print("swift/names.swift", names)?);
    let sets = context! { mark => MARK, sets => api.enums.iter().map(codes).collect::<Vec<_>>() };
    files.insert(format!("{FOLDER}/Codes.swift"), printer.templates.print("swift/codes.swift", sets)?);
    Ok(())
}

struct Printer<'a> {
    api: &'a Api,
    templates: Templates,
}

impl Printer<'_> {
    fn method(&self, method: &Method, group: &str) -> Result<String, String> {
        let asked = reached(method, method.params.iter().map(|field| &field.form));
        let answered = reached(method, std::iter::once(&method.result));
        let settled = method.settle.as_ref().and_then(|settle| self.api.method(&settle.ask));
        let face = match settled {
            Some(_) => "Settles",
            None if method.poll.is_some() => "Polls",
            None => "Endpoint",
        };
        let mut doc = self.doc(method);
        doc.extend([String::new(), format!("`{}`", method.name)]);
        if method.raw {
            let told = "只知道接口名，参数与结果不检查 · Known by name only: params and answer are passed through.";
            doc.extend([String::new(), told.to_owned()]);
        }
        let outside = |ask: &Method| format!("API.{}.{}.", group_of(&ask.group), class_of(ask));
        let context = context! {
            mark => MARK, file => &method.file, group, class => class_of(method), face, doc,
            name => &method.name,
            body => self.body(&method.params, true, 8)?,
            shapes => self.shapes(method, &asked, &answered)?,
            result => whole_kind(&method.result, ""),
            read_result => whole(&method.result, "value", ""),
            settled => settled.map(|ask| whole_kind(&ask.result, &outside(ask))),
            read_settled => settled.map(|ask| whole(&ask.result, "value", &outside(ask))),
        };
        self.templates.print("swift/method.swift", context)
    }

    fn push(&self, push: &Push) -> Result<String, String> {
        let model = &push.model;
        let content =
            model.params.iter().find(|field| field.name == "content").map_or(Form::Json, |field| field.form.clone());
        let context = context! {
            mark => MARK, file => &model.file, class => class_of(model), doc => self.doc(model),
            name => &model.name,
            shapes => self.shapes(model, &[], &reached(model, std::iter::once(&content)))?,
            result => whole_kind(&content, ""),
            read_result => whole(&content, "push.content", ""),
        };
        self.templates.print("swift/push.swift", context)
    }

    fn doc(&self, method: &Method) -> Vec<String> {
        let (zh, en) = (text::markdown(&method.doc.zh), text::markdown(&method.doc.en));
        vec![text::both(&method.title), String::new(), zh, String::new(), en]
    }

    fn shapes(&self, method: &Method, asked: &[&str], answered: &[&str]) -> Result<Vec<Value>, String> {
        let shapes = method.shapes.iter().map(|shape| (shape, asked.contains(&shape.name.as_str())));
        shapes
            .filter(|(shape, asked)| *asked || answered.contains(&shape.name.as_str()))
            .map(|(shape, asked)| {
                let body = self.body(&shape.fields, asked, 12)?;
                Ok(context! { name => shape_name(&shape.name), title => format!("`{}`", shape.name), body })
            })
            .collect()
    }

    /// What stands in a struct: an initializer by names if users make it, the members.
    fn body(&self, fields: &[Field], asked: bool, pad: usize) -> Result<String, String> {
        let named = swift_names(fields.iter().map(|field| field.name.as_str()));
        let fields = fields.iter().zip(&named).map(|(field, name)| {
            let needed = field.need == Need::Yes && !field.console;
            let write = match &field.form {
                Form::Json => name.clone(),
                form if needed => write(form, name),
                form => format!("{name}.map {{ item in {} }}", write(form, "item")),
            };
            context! {
                name, needed, write, wire => &field.name, doc => member_doc(field),
                type => kind(&field.form, ""),
                taken => taken(&field.form, !needed),
                read => read(&field.form, &format!("members[\"{}\"]", field.name), ""),
            }
        });
        let context = context! { pad => " ".repeat(pad), asked, fields => fields.collect::<Vec<_>>() };
        Ok(self.templates.print("swift/shape.swift", context)?.trim_end().to_owned())
    }
}

/// A whole answer is never nil, unless it is a single value.
fn whole_kind(form: &Form, prefix: &str) -> String {
    let plain = kind(form, prefix);
    if matches!(form, Form::List(_) | Form::Shape(_) | Form::Json) { plain } else { format!("{plain}?") }
}

fn whole(form: &Form, value: &str, prefix: &str) -> String {
    match form {
        Form::List(_) => format!("{} ?? []", read(form, value, prefix)),
        Form::Shape(name) => format!("{prefix}{}(members: {value}.wholeMembers)", shape_name(name)),
        _ => read(form, value, prefix),
    }
}

fn kind(form: &Form, prefix: &str) -> String {
    match form {
        Form::Text | Form::Date | Form::Time => "String".to_owned(),
        Form::Code(set) => format!("Codes.{}", set_name(set)),
        Form::Decimal => "Decimal".to_owned(),
        Form::Integer => "Int".to_owned(),
        Form::Json => "Json".to_owned(),
        Form::List(item) => format!("[{}]", kind(item, prefix)),
        Form::Shape(name) => format!("{prefix}{}", shape_name(name)),
    }
}

/// What an initializer takes: an amount in any exact form. An optional `any` needs brackets.
fn taken(form: &Form, optional: bool) -> String {
    match form {
        Form::Decimal if optional => "(any Exact)".to_owned(),
        Form::Decimal => "any Exact".to_owned(),
        Form::List(item) => format!("[{}]", taken(item, false)),
        _ => kind(form, ""),
    }
}

/// A value as JSON.
fn write(form: &Form, value: &str) -> String {
    match form {
        Form::Text | Form::Date | Form::Time => format!("Json.text({value})"),
        Form::Code(_) => format!("Json.text({value}.code)"),
        Form::Decimal | Form::Integer => format!("{value}.exact"),
        Form::Json => value.to_owned(),
        Form::List(item) => format!("Json.list({value}.map {{ item in {} }})", write(item, "item")),
        Form::Shape(_) => format!("Json.object({value}.members)"),
    }
}

/// How a value is read: an expression that is nil if it is not there.
fn read(form: &Form, value: &str, prefix: &str) -> String {
    let dot = if value.ends_with(']') { "?." } else { "." };
    match form {
        Form::Text | Form::Date | Form::Time => format!("{value}{dot}stringValue"),
        Form::Code(set) => format!("{value}{dot}codeValue(Codes.{}.self)", set_name(set)),
        Form::Decimal => format!("{value}{dot}decimalValue"),
        Form::Integer => format!("{value}{dot}intValue"),
        Form::Json => value.to_owned(),
        Form::List(item) => format!("{value}{dot}listValue {{ item in {} }}", read(item, "item", prefix)),
        Form::Shape(name) => format!("{value}{dot}shapeValue({prefix}{}.self)", shape_name(name)),
    }
}

/// A namespace inside `API`.
fn group_of(group: &str) -> String {
    shape_name(&names::pascal(group))
}

/// A name of a type inside another: what Swift says itself, and what the generated code names, is left alone.
fn shape_name(name: &str) -> String {
    if TYPES.contains(&name) { format!("{name}_") } else { name.to_owned() }
}

const TYPES: &[&str] = &[
    "API", "Any", "Codes", "Decimal", "Exact", "Int", "Json", "Members", "Protocol", "Pushes", "Self", "Shape",
    "String", "Type",
];

/// Names in Swift's custom, no two alike.
fn swift_names<'a>(wire: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut taken: Vec<String> = Vec::new();
    for name in wire {
        let plain = names::camel(&names::snake(name));
        let plain = if MEMBERS.contains(&plain.as_str()) || plain.is_empty() { format!("{plain}_") } else { plain };
        let unique = (1..).map(|copy| if copy == 1 { plain.clone() } else { format!("{plain}{copy}") });
        taken.extend(unique.into_iter().find(|name| !taken.contains(name)));
    }
    taken.into_iter().map(word).collect()
}

/// What every shape or code has, or Swift reads otherwise.
const MEMBERS: &[&str] = &["description", "hash", "hashValue", "init", "json", "members", "none", "self", "some"];

fn word(name: String) -> String {
    if KEYWORDS.contains(&name.as_str()) { format!("`{name}`") } else { name }
}

const KEYWORDS: &[&str] = &[
    "actor",
    "any",
    "as",
    "associatedtype",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "continue",
    "default",
    "defer",
    "deinit",
    "do",
    "else",
    "enum",
    "extension",
    "fallthrough",
    "false",
    "fileprivate",
    "for",
    "func",
    "guard",
    "if",
    "import",
    "in",
    "inout",
    "internal",
    "is",
    "let",
    "nil",
    "open",
    "operator",
    "precedencegroup",
    "private",
    "protocol",
    "public",
    "repeat",
    "rethrows",
    "return",
    "static",
    "struct",
    "subscript",
    "super",
    "switch",
    "throw",
    "throws",
    "true",
    "try",
    "typealias",
    "var",
    "where",
    "while",
];

fn codes(set: &Enum) -> Value {
    let mut taken = BTreeSet::new();
    let codes = set.codes.iter().filter(|code| names::is_identifier(&code.name));
    let codes = codes.map(|code| (swift_names(std::iter::once(code.name.as_str())).concat(), code));
    let codes = codes.filter(|(name, _)| taken.insert(name.clone())).map(|(name, code)| {
        let title = format!("{} · {}", text::markdown(&code.zh), text::markdown(&code.en));
        context! { name, code => &code.code, title }
    });
    let open = if set.closed { "" } else { "；可能有新的代码 · the platform adds codes" };
    let title = format!("{} · {}{open}", text::markdown(&set.zh), text::markdown(&set.en));
    context! { name => set_name(&set.name), title, codes => codes.collect::<Vec<_>>() }
}
