//! The PHP package's classes: one for each method, with array shapes for who checks types, and one for each set of codes.

pub(crate) mod bench;
pub(crate) mod package;
pub(crate) mod test;

use std::collections::BTreeSet;

use minijinja::{Value, context};

use crate::ir::{Api, Enum, Field, Form, Method, Need};
use crate::names;
use crate::output::{Files, MARK};
use crate::templates::Templates;
use crate::text;

pub(crate) const FOLDER: &str = "bindings/php/php/Api";

/// Prints `bindings/php/php/Api`.
pub(crate) fn print(api: &Api, files: &mut Files) -> Result<(), String> {
    let templates = Templates::new()?;
    for method in &api.methods {
        let path = format!("{FOLDER}/{}/{}.php", names::pascal(&method.group), names::pascal(&method.stem));
        files.insert(path, templates.print("php/method.php", class(api, method))?);
    }
    for set in &api.enums {
        let path = format!("{FOLDER}/Code/{}.php", names::pascal(&set.name));
        files.insert(path, templates.print("php/enum.php", codes(set))?);
    }
    Ok(())
}

fn class(api: &Api, method: &Method) -> Value {
    let asked: Vec<&str> = reached(method, method.params.iter().map(|field| &field.form));
    let answered: Vec<&str> = reached(method, [&method.result].into_iter());
    let printer = Printer { api, asked: &asked };
    let result = printer.answered(&method.result);
    let params = match method.raw {
        true => context! { name => "Params", open => true, fields => Vec::<Value>::new() },
        false => context! { name => "Params", open => false, fields => printer.fields(&method.params, true) },
    };
    let shape = |name: &str, ask: bool| {
        let fields = method.shape(name).map_or(&[][..], |shape| &shape.fields);
        let told = if ask { name.to_owned() } else { printer.name(name) };
        context! { name => told, open => !ask, fields => printer.fields(fields, ask) }
    };
    // PHPStan wants a type before its use only for readers: inner shapes first.
    let asked_shapes = asked.iter().rev().map(|name| shape(name, true));
    let answered_shapes = answered.iter().rev().map(|name| shape(name, false));
    let shapes: Vec<Value> = asked_shapes.chain([params]).chain(answered_shapes).collect();
    let (interface, implements, import) = face(api, method);
    let mut doc = vec![comment(&text::markdown(&method.doc.zh)), comment(&text::markdown(&method.doc.en))];
    if method.raw {
        doc.push(
            "只知道接口名，参数与结果不检查 · Known by name only: params and answer are passed through.".to_owned(),
        );
    }
    let mut uses: Vec<String> = used_sets(api, method).iter().map(|set| format!("Nnopen\\Api\\Code\\{set}")).collect();
    uses.extend(
        import
            .iter()
            .filter(|ask| ask.group != method.group)
            .map(|ask| format!("Nnopen\\Api\\{}\\{}", names::pascal(&ask.group), names::pascal(&ask.stem))),
    );
    uses.push(format!("Nnopen\\{interface}"));
    let imports = import.iter().map(|ask| format!("Result from {} as Settled", names::pascal(&ask.stem)));
    context! {
        mark => MARK,
        file => &method.file,
        group => names::pascal(&method.group),
        class => names::pascal(&method.stem),
        name => &method.name,
        title => comment(&text::both(&method.title)),
        doc,
        uses,
        imports => imports.collect::<Vec<_>>(),
        shapes,
        told => told(method, &asked),
        result,
        interface,
        implements,
    }
}

/// The interface, what stands between its angle brackets, and the method that tells what became of a write.
fn face<'a>(api: &'a Api, method: &Method) -> (&'static str, &'static str, Option<&'a Method>) {
    match method.settle.as_ref().and_then(|settle| api.method(&settle.ask)) {
        Some(ask) => ("Settles", "Settles<Result, Settled>", Some(ask)),
        None if method.poll.is_some() => ("Polls", "Polls<Result>", None),
        None => ("Endpoint", "Endpoint<Result>", None),
    }
}

/// What each param means: the params, then their shapes.
fn told(method: &Method, asked: &[&str]) -> Vec<Value> {
    let row = |field: &Field| {
        let need = match field.need {
            Need::Yes => "必填 · needed",
            Need::No => "选填 · optional",
            Need::If => "按条件 · conditional",
        };
        let mut facts = vec![field.form.to_string(), need.to_owned()];
        facts.extend(field.max.map(|max| format!("≤ {max}")));
        let doc = format!("{} · {}", text::markdown(&field.zh), text::markdown(&field.en));
        context! { name => &field.name, facts => facts.join(", "), doc => comment(&doc) }
    };
    let rows = |fields: &[Field]| fields.iter().map(row).collect::<Vec<_>>();
    let params = context! { title => "参数 · Params:", fields => rows(&method.params) };
    let shapes = asked.iter().map(|name| {
        let fields = method.shape(name).map_or(&[][..], |shape| &shape.fields);
        context! { title => format!("{name}:"), fields => rows(fields) }
    });
    let empty = method.raw || method.params.is_empty();
    std::iter::once(params).chain(shapes).filter(|_| !empty).collect()
}

struct Printer<'a> {
    api: &'a Api,
    /// The shapes that params are made of.
    asked: &'a [&'a str],
}

impl Printer<'_> {
    fn fields(&self, fields: &[Field], ask: bool) -> Vec<Value> {
        let field = |field: &Field| {
            let plain = names::is_identifier(&field.name);
            let name = if plain { field.name.clone() } else { format!("'{}'", field.name) };
            let (key, form) = match ask {
                true if field.need == Need::Yes => (name, self.taken(&field.form)),
                true => (format!("{name}?"), self.taken(&field.form)),
                false => (format!("{name}?"), format!("{}|null", self.answered(&field.form))),
            };
            context! { key, type => form.replace("mixed|null", "mixed") }
        };
        fields.iter().map(field).collect()
    }

    /// What may be given: no float anywhere.
    fn taken(&self, form: &Form) -> String {
        match form {
            Form::Text | Form::Date | Form::Time => "string".to_owned(),
            Form::Code(set) => match self.api.set(set) {
                Some(set) if set.closed => {
                    let codes = set.codes.iter().map(|code| format!("'{}'", code.code)).collect::<Vec<_>>();
                    format!("{}|{}", codes.join("|"), names::pascal(&set.name))
                }
                _ => format!("string|{}", names::pascal(set)),
            },
            Form::Decimal | Form::Integer => "int|numeric-string".to_owned(),
            Form::Json => "mixed".to_owned(),
            Form::List(item) => format!("list<{}>", self.taken(item)),
            Form::Shape(name) => name.clone(),
        }
    }

    /// What comes: every number is a text.
    fn answered(&self, form: &Form) -> String {
        match form {
            Form::Decimal | Form::Integer => "numeric-string".to_owned(),
            Form::Json => "mixed".to_owned(),
            Form::List(item) => format!("list<{}>", self.answered(item)),
            Form::Shape(name) => self.name(name),
            Form::Text | Form::Date | Form::Time | Form::Code(_) => "string".to_owned(),
        }
    }

    /// A shape of the answer, apart from a shape of the params of the same name.
    fn name(&self, shape: &str) -> String {
        let ours = ["Params", "Result", "Settled"].contains(&shape) || self.asked.contains(&shape);
        format!("{shape}{}", if ours { "Answered" } else { "" })
    }
}

/// The sets of codes that the params name.
fn used_sets(api: &Api, method: &Method) -> BTreeSet<String> {
    let asked = reached(method, method.params.iter().map(|field| &field.form));
    let shapes = asked.iter().filter_map(|name| method.shape(name)).flat_map(|shape| &shape.fields);
    let sets = method.params.iter().chain(shapes).filter_map(|field| match field.form.leaf() {
        Form::Code(set) => api.set(set),
        _ => None,
    });
    sets.map(|set| names::pascal(&set.name)).collect()
}

fn codes(set: &Enum) -> Value {
    let (mut names_taken, mut codes_taken) = (BTreeSet::new(), BTreeSet::new());
    let cases = set
        .codes
        .iter()
        .filter(|code| names::is_identifier(&code.name))
        .filter(|code| names_taken.insert(case(&code.name)) && codes_taken.insert(&code.code));
    let cases = cases.map(|code| {
        let title = comment(&format!("{} · {}", text::markdown(&code.zh), text::markdown(&code.en)));
        context! { name => case(&code.name), code => &code.code, title }
    });
    let open = if set.closed { "" } else { "；可能有新的代码 · the platform adds codes" };
    let title = comment(&format!("{} · {}{open}", text::markdown(&set.zh), text::markdown(&set.en)));
    context! { mark => MARK, name => names::pascal(&set.name), title, cases => cases.collect::<Vec<_>>() }
}

/// `class` can't be a case's name.
fn case(name: &str) -> String {
    match names::pascal(name) {
        name if name.eq_ignore_ascii_case("class") => "Class_".to_owned(),
        name => name,
    }
}

/// The shapes that forms are made of, the outermost first.
fn reached<'a>(method: &'a Method, forms: impl Iterator<Item = &'a Form>) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    let mut open: Vec<&Form> = forms.collect();
    open.reverse();
    while let Some(form) = open.pop() {
        let Form::Shape(name) = form.leaf() else { continue };
        if !found.contains(&name.as_str()) {
            found.push(name);
            let fields = method.shape(name).into_iter().flat_map(|shape| shape.fields.iter().rev());
            open.extend(fields.map(|field| &field.form));
        }
    }
    found
}

/// A text that does not end the comment it stands in, nor begins a tag.
fn comment(text: &str) -> String {
    text.replace("*/", "* /").replace("{@", "{ @")
}
