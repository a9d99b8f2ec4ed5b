//! The Kotlin package's types: a class for each method with its shapes inside, one for each kind of push and each set of
//! codes.

pub(crate) mod bench;
pub(crate) mod package;
pub(crate) mod test;

use std::collections::BTreeSet;

use minijinja::{Value, context};

use crate::ir::{Api, Enum, Field, Form, Method, Need, Push};
use crate::names;
use crate::output::{Files, MARK};
use crate::templates::Templates;
use crate::text;

pub(crate) const FOLDER: &str = "bindings/kotlin/core/src/generated/kotlin";
const PACKAGE: &str = "io.github.nnopen";

/// Prints the generated sources of `bindings/kotlin/core`.
pub(crate) fn print(api: &Api, files: &mut Files) -> Result<(), String> {
    let printer = Printer { api, templates: Templates::new()? };
    for method in &api.methods {
        let package = package_of(&method.group);
        let path = format!("{FOLDER}/{}/{}.kt", package.replace('.', "/"), class_of(method));
        files.insert(path, printer.method(method, &package)?);
    }
    for push in &api.pushes {
        let package = format!("{PACKAGE}.api.push");
        let path = format!("{FOLDER}/{}/{}.kt", package.replace('.', "/"), class_of(&push.model));
        files.insert(path, printer.push(push, &package)?);
    }
    let sets = api.enums.iter().map(codes).collect::<Vec<_>>();
    let path = format!("{FOLDER}/{}/api/Codes.kt", PACKAGE.replace('.', "/"));
    files.insert(path, printer.templates.print("kotlin/codes.kt", context! { mark => MARK, sets })?);
    Ok(())
}

pub(crate) fn class_of(method: &Method) -> String {
    names::pascal(&method.stem)
}

/// A package that Java takes too.
fn package_of(group: &str) -> String {
    let name = group.replace('_', "");
    format!("{PACKAGE}.api.{name}{}", if name == "void" { "_" } else { "" })
}

struct Printer<'a> {
    api: &'a Api,
    templates: Templates,
}

/// A class that is printed: its members, and whether users make it.
struct Class<'a> {
    name: &'a str,
    fields: &'a [Field],
    asked: bool,
    /// The class of a method itself, whose companion holds more.
    top: bool,
}

impl Printer<'_> {
    fn method(&self, method: &Method, package: &str) -> Result<String, String> {
        let asked = reached(method, method.params.iter().map(|field| &field.form));
        let answered = reached(method, std::iter::once(&method.result));
        let settled = method.settle.as_ref().and_then(|settle| self.api.method(&settle.ask));
        let class = class_of(method);
        let result = answer_kind(method);
        let face = match settled {
            Some(ask) => format!("Settles<{result}, {}>", answer_kind(ask)),
            None if method.poll.is_some() => format!("Polls<{result}>"),
            None => format!("Endpoint<{result}>"),
        };
        let base = face.split('<').next().unwrap_or_default().to_owned();
        let mut doc = vec![text::both(&method.title), String::new(), text::markdown(&method.doc.zh), String::new()];
        doc.extend([text::markdown(&method.doc.en), String::new(), format!("`{}`", method.name)]);
        if method.raw {
            let told = "只知道接口名，参数与结果不检查 · Known by name only: params and answer are passed through.";
            doc.extend([String::new(), told.to_owned()]);
        }
        let mut imports = self.imports(method, asked.iter().chain(&answered));
        imports.insert(format!("{PACKAGE}.{base}"));
        imports.insert(format!("{PACKAGE}.Shape"));
        if !method.params.is_empty() {
            imports.extend(["ShapeBuilder", "membersOf"].map(|name| format!("{PACKAGE}.{name}")));
        }
        imports.extend(whole_readers(&method.result));
        if let Some(ask) = settled {
            imports.extend(whole_readers(&ask.result));
            imports.insert(format!("{}.{}", package_of(&ask.group), class_of(ask)));
        }
        let prefix = format!("{package}.");
        imports.retain(|name| name.strip_prefix(&prefix).is_none_or(|rest| rest.contains('.')));
        let mut shapes = Vec::new();
        for shape in
            method.shapes.iter().filter(|shape| asked.contains(&&*shape.name) || answered.contains(&&*shape.name))
        {
            let asked = asked.contains(&shape.name.as_str());
            let inner = Class { name: &shape.name, fields: &shape.fields, asked, top: false };
            shapes.push(
                context! { name => &shape.name, title => format!("`{}`", shape.name), body => self.body(&inner, 8)? },
            );
        }
        let top = Class { name: &class, fields: &method.params, asked: true, top: true };
        let params = context! { fields => !method.params.is_empty(), body => self.body(&top, 4)? };
        let context = context! {
            mark => MARK, file => &method.file, package, imports, class, face, shapes, params,
            doc => doc.iter().map(|line| comment(line)).collect::<Vec<_>>(),
            name => &method.name,
            result,
            read_result => whole(&method.result, "value", ""),
            settled => settled.map(answer_kind),
            read_settled => settled.map(|ask| whole(&ask.result, "value", &format!("{}.", class_of(ask)))),
        };
        self.templates.print("kotlin/method.kt", context)
    }

    fn push(&self, push: &Push, package: &str) -> Result<String, String> {
        let model = &push.model;
        let content =
            model.params.iter().find(|field| field.name == "content").map_or(Form::Json, |field| field.form.clone());
        let answered = reached(model, std::iter::once(&content));
        let mut imports = self.imports(model, answered.iter());
        imports.extend([format!("{PACKAGE}.Push"), format!("{PACKAGE}.Shape")]);
        imports.extend(whole_readers(&content));
        if answered.is_empty() {
            imports.remove(&format!("{PACKAGE}.Shape"));
        }
        let mut shapes = Vec::new();
        for shape in model.shapes.iter().filter(|shape| answered.contains(&&*shape.name)) {
            let inner = Class { name: &shape.name, fields: &shape.fields, asked: false, top: false };
            shapes.push(
                context! { name => &shape.name, title => format!("`{}`", shape.name), body => self.body(&inner, 8)? },
            );
        }
        let doc = [
            text::both(&model.title),
            String::new(),
            text::markdown(&model.doc.zh),
            String::new(),
            text::markdown(&model.doc.en),
        ];
        let context = context! {
            mark => MARK, file => &model.file, package, imports, class => class_of(model), shapes,
            doc => doc.iter().map(|line| comment(line)).collect::<Vec<_>>(),
            name => &model.name,
            result => nothing(&content, &kind(&content)),
            read_result => whole(&content, "push.content", ""),
        };
        self.templates.print("kotlin/push.kt", context)
    }

    /// What stands in a class: a constructor by names, the members, a builder.
    fn body(&self, class: &Class<'_>, pad: usize) -> Result<String, String> {
        let named = kotlin_names(class.fields.iter().map(|field| field.name.as_str()));
        let fields = class.fields.iter().zip(&named).map(|(field, name)| {
            context! {
                name, wire => &field.name, type => kind(&field.form), doc => comment(&member_doc(field)),
                needed => field.need == Need::Yes && !field.console,
                read => read(&field.form, &format!("this[\"{}\"]", field.name), ""),
            }
        });
        let context = context! {
            pad => " ".repeat(pad), class => class.name, asked => class.asked, top => class.top,
            fields => fields.collect::<Vec<_>>(),
        };
        Ok(self.templates.print("kotlin/shape.kt", context)?.trim_end().to_owned())
    }

    /// Sets of codes, types and readers that the members of a method need.
    fn imports<'a>(&self, method: &'a Method, shapes: impl Iterator<Item = &'a &'a str>) -> BTreeSet<String> {
        let shapes: BTreeSet<&str> = shapes.copied().collect();
        let inner =
            method.shapes.iter().filter(|shape| shapes.contains(shape.name.as_str())).flat_map(|shape| &shape.fields);
        let is_push = method.result == Form::Json && method.params.iter().any(|field| field.name == "content");
        let own: &[Field] = if is_push { &[] } else { &method.params };
        let forms: Vec<&Form> = own.iter().chain(inner).map(|field| &field.form).collect();
        let mut imports: BTreeSet<String> = readers(forms.iter().copied()).into_iter().collect();
        for form in &forms {
            match form.leaf() {
                Form::Code(set) if self.api.set(set).is_some() => {
                    imports.insert(format!("{PACKAGE}.api.{}", set_name(set)));
                }
                _ => {}
            }
        }
        imports
    }
}

/// The functions and types that reading and naming such values takes.
fn readers<'a>(forms: impl Iterator<Item = &'a Form>) -> Vec<String> {
    let mut found = BTreeSet::new();
    for form in forms {
        let mut open = Some(form);
        while let Some(form) = open {
            let name = match form {
                Form::Text | Form::Date | Form::Time | Form::Code(_) => Some("text"),
                Form::Decimal => Some("decimal"),
                Form::Integer => Some("integer"),
                Form::Shape(_) => Some("shape"),
                Form::List(_) => Some("list"),
                Form::Json => None,
            };
            found.extend(name.map(|name| format!("{PACKAGE}.{name}")));
            found.extend((*form == Form::Decimal).then(|| "java.math.BigDecimal".to_owned()));
            open = if let Form::List(item) = form { Some(item) } else { None };
        }
    }
    found.into_iter().collect()
}

fn whole_readers(form: &Form) -> Vec<String> {
    match form {
        Form::Shape(_) => vec![format!("{PACKAGE}.wholeMembers")],
        form => readers(std::iter::once(form)),
    }
}

/// What a method answers, its shapes named from outside.
fn answer_kind(method: &Method) -> String {
    let plain = kind(&method.result);
    let inner = match method.result.leaf() {
        Form::Shape(name) => plain.replace(name.as_str(), &format!("{}.{name}", class_of(method))),
        _ => plain,
    };
    nothing(&method.result, &inner)
}

/// A whole answer is never null, unless anything may come.
fn nothing(form: &Form, kind: &str) -> String {
    if matches!(form, Form::List(_) | Form::Shape(_)) { kind.to_owned() } else { format!("{kind}?") }
}

fn whole(form: &Form, value: &str, prefix: &str) -> String {
    match form {
        Form::List(_) => format!("{} ?: emptyList()", read(form, value, prefix)),
        Form::Shape(name) => format!("{prefix}{name}(wholeMembers({value}))"),
        _ => read(form, value, prefix),
    }
}

fn kind(form: &Form) -> String {
    match form {
        Form::Text | Form::Date | Form::Time => "String".to_owned(),
        Form::Code(set) => set_name(set),
        Form::Decimal => "BigDecimal".to_owned(),
        Form::Integer => "Long".to_owned(),
        Form::Json => "Any".to_owned(),
        Form::List(item) => format!("List<{}>", kind(item)),
        Form::Shape(name) => name.clone(),
    }
}

/// How a value is read: an expression that is null if it is not there.
fn read(form: &Form, value: &str, prefix: &str) -> String {
    match form {
        Form::Text | Form::Date | Form::Time => format!("text({value})"),
        Form::Code(set) => format!("text({value})?.let {{ {}(it) }}", set_name(set)),
        Form::Decimal => format!("decimal({value})"),
        Form::Integer => format!("integer({value})"),
        Form::Json => value.to_owned(),
        Form::List(item) => format!("list({value}) {{ item -> {} }}", read(item, "item", prefix)),
        Form::Shape(name) => format!("shape({value}) {{ {prefix}{name}(it) }}"),
    }
}

pub(crate) fn set_name(set: &str) -> String {
    names::pascal(&names::snake(set))
}

/// Names in Kotlin's custom, no two alike.
fn kotlin_names<'a>(wire: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut taken: Vec<String> = Vec::new();
    for name in wire {
        let plain = names::camel(&names::snake(name));
        let plain = if plain == "class" || plain.is_empty() { format!("{plain}_") } else { plain };
        let unique = (1..).map(|copy| if copy == 1 { plain.clone() } else { format!("{plain}{copy}") });
        taken.extend(unique.into_iter().find(|name| !taken.contains(name)));
    }
    taken.into_iter().map(|name| if KEYWORDS.contains(&name.as_str()) { format!("`{name}`") } else { name }).collect()
}

const KEYWORDS: &[&str] = &[
    "as",
    "break",
    "continue",
    "do",
    "else",
    "false",
    "for",
    "fun",
    "if",
    "in",
    "interface",
    "is",
    "null",
    "object",
    "package",
    "return",
    "super",
    "this",
    "throw",
    "true",
    "try",
    "typealias",
    "typeof",
    "val",
    "var",
    "when",
    "while",
];

fn codes(set: &Enum) -> Value {
    let mut taken = BTreeSet::new();
    let codes = set.codes.iter().filter(|code| names::is_identifier(&code.name));
    let codes = codes.filter(|code| taken.insert(names::upper(&code.name))).map(|code| {
        let title = comment(&format!("{} · {}", text::markdown(&code.zh), text::markdown(&code.en)));
        context! { name => names::upper(&code.name), code => &code.code, title }
    });
    let open = if set.closed { "" } else { "；可能有新的代码 · the platform adds codes" };
    let title = comment(&format!("{} · {}{open}", text::markdown(&set.zh), text::markdown(&set.en)));
    context! { name => set_name(&set.name), title, codes => codes.collect::<Vec<_>>() }
}

pub(crate) fn member_doc(field: &Field) -> String {
    let mut facts = vec![field.form.to_string()];
    facts.extend(match field.need {
        Need::Yes => Some("必填 needed".to_owned()),
        Need::If => Some("按条件 conditional".to_owned()),
        Need::No => None,
    });
    facts.extend(field.max.map(|max| format!("≤ {max}")));
    facts.extend(field.scale.map(|scale| format!("≤ {scale} 位小数 decimals")));
    facts.extend(field.default.as_ref().map(|default| format!("默认 default {default}")));
    format!("{} · {} (`{}`)", text::markdown(&field.zh), text::markdown(&field.en), facts.join("; "))
}

/// The shapes that forms are made of.
pub(crate) fn reached<'a>(method: &'a Method, forms: impl Iterator<Item = &'a Form>) -> Vec<&'a str> {
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

/// What may stand in a comment: comments of Kotlin hold others.
fn comment(text: &str) -> String {
    text.replace("*/", "* /").replace("/*", "/ *")
}
