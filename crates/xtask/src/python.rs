//! Python's types: a module for each group of methods, the sets of codes, the overloads of the clients' verbs.

pub(crate) mod bench;
pub(crate) mod package;
pub(crate) mod test;
mod venv;

use std::collections::BTreeSet;

use minijinja::{Value, context};

use crate::ir::{Api, Field, Form, Method, Need, Shape};
use crate::names;
use crate::output::{Files, MARK};
use crate::templates::Templates;
use crate::text;

pub(crate) const FOLDER: &str = "bindings/python/python/nnopen";

/// The method that `issue` follows to its end.
const ISSUE: &str = "nuonuo.OpeMplatform.requestBillingNew";

/// What stores of all languages have in common: the package holds a copy of its own.
const SHARED: &[(&str, &str)] = &[
    ("redis.lua", include_str!("../../store/share/redis.lua")),
    ("schema.sql", include_str!("../../store/share/schema.sql")),
];

/// Prints the generated files of `bindings/python`.
pub(crate) fn print(api: &Api, files: &mut Files) -> Result<(), String> {
    let templates = Templates::new()?;
    for group in api.groups() {
        let context = group_context(api, group);
        let printed = templates.print("python/group.py", context)?;
        files.insert(format!("{FOLDER}/types/{group}.py"), without_blank_runs(&printed));
    }
    let codes = templates.print("python/codes.py", codes_context(api))?;
    files.insert(format!("{FOLDER}/types/codes.py"), codes);
    let pushes = templates.print("python/pushes.py", pushes_context(api))?;
    files.insert(format!("{FOLDER}/types/pushes.py"), without_blank_runs(&pushes));
    let kinds = templates.print("python/kinds.py", kinds_context(api))?;
    files.insert(format!("{FOLDER}/_kinds.py"), without_blank_runs(&kinds));
    files.insert(format!("{FOLDER}/_model.py"), templates.print("python/model.py", model_context(api))?);
    let calls = templates.print("python/calls.pyi", calls_context(api))?;
    files.insert(format!("{FOLDER}/_calls.pyi"), without_blank_runs(&calls));
    for (name, text) in SHARED {
        files.insert(format!("{FOLDER}/share/{name}"), (*text).to_owned());
    }
    Ok(())
}

/// Whether a type goes to the platform or comes from it.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Way {
    In,
    Out,
}

fn group_context(api: &Api, group: &str) -> Value {
    let methods: Vec<&Method> = api.methods.iter().filter(|method| method.group == group).collect();
    let mut shapes = Vec::new();
    let mut exported = BTreeSet::new();
    for method in methods {
        let params = Form::Shape(String::new());
        let about = format!("{} `{}`", plain(&text::both(&method.title)), method.name);
        for (way, root) in [(Way::In, &params), (Way::Out, &method.result)] {
            let mut reached = Vec::new();
            match way {
                Way::In => method.params.iter().for_each(|field| reach(method, &field.form, &mut reached)),
                Way::Out => reach(method, root, &mut reached),
            }
            for name in reached {
                let Some(shape) = method.shape(name) else { continue };
                let python = shape_name(method, name, way);
                shapes.push(shape_context(method, shape, &python, way, &about));
                exported.insert(python);
            }
        }
        let (params, result) = (format!("{}Params", method.rust_name()), format!("{}Result", method.rust_name()));
        if method.raw {
            shapes.push(
                context! { name => &params, alias => "Mapping[str, object]", doc => format!("参数 · Params: {about}") },
            );
        } else {
            let shape = Shape { name: String::new(), fields: method.params.clone() };
            let about = format!("参数 · Params: {about}");
            shapes.push(shape_context(method, &shape, &params, Way::In, &about));
        }
        let base = type_name(method, &method.result, Way::Out);
        let alias = (!matches!(method.result, Form::Shape(_))).then(|| base.clone());
        let doc = format!("结果 · Result: {about}");
        shapes.push(context! { name => &result, alias, base, doc, needed => (), others => () });
        exported.extend([params, result]);
    }
    let title = plain(&text::both(&api.group_title(group)));
    context! { mark => MARK, folder => format!("api/methods/{group}"), title, shapes, exported => exported.into_iter().collect::<Vec<_>>() }
}

/// What pushes hold.
fn pushes_context(api: &Api) -> Value {
    let mut shapes = Vec::new();
    let mut exported = BTreeSet::new();
    for (method, content) in contents(api) {
        let about = format!("{} `{}`", plain(&text::both(&method.title)), method.name);
        let mut reached = Vec::new();
        reach(method, content, &mut reached);
        for shape in reached.into_iter().filter_map(|name| method.shape(name)) {
            let name = shape_name(method, &shape.name, Way::Out);
            shapes.push(shape_context(method, shape, &name, Way::Out, &about));
            exported.insert(name);
        }
    }
    let title = "回传 · What the platform sends unasked";
    let exported: Vec<String> = exported.into_iter().collect();
    context! { mark => MARK, folder => "api/pushes", title, shapes, exported }
}

/// The kinds of push whose content the model knows, by their names.
fn kinds_context(api: &Api) -> Value {
    let kinds = contents(api).map(|(method, content)| {
        context! {
            name => &method.stem,
            operater => &method.name,
            content => type_name(method, content, Way::Out),
            title => plain(&text::both(&method.title)),
        }
    });
    context! { mark => MARK, kinds => kinds.collect::<Vec<_>>() }
}

fn contents(api: &Api) -> impl Iterator<Item = (&Method, &Form)> {
    api.pushes.iter().filter_map(|push| {
        let content = &push.at("content")?.form;
        matches!(content, Form::Shape(_)).then_some((&push.model, content))
    })
}

/// The shapes that a form leads to, those that others are made of first; a shape may lead to itself.
fn reach<'a>(method: &'a Method, form: &'a Form, reached: &mut Vec<&'a str>) {
    fn walk<'a>(method: &'a Method, form: &'a Form, seen: &mut BTreeSet<&'a str>, reached: &mut Vec<&'a str>) {
        let Form::Shape(name) = form.leaf() else { return };
        if !seen.insert(name) {
            return;
        }
        for field in method.members(form.leaf()).unwrap_or_default() {
            walk(method, &field.form, seen, reached);
        }
        reached.push(name);
    }
    walk(method, form, &mut reached.iter().copied().collect(), reached);
}

fn shape_context(method: &Method, shape: &Shape, name: &str, way: Way, about: &str) -> Value {
    let is_needed = |field: &&Field| field.need == Need::Yes && !field.console;
    let row = |field: &Field, needed: bool| {
        let python = type_name(method, &field.form, way);
        let python =
            if needed || way == Way::In && field.form == Form::Json { python } else { format!("Optional[{python}]") };
        let limit = field.max.map(|max| format!(" (max {max})")).unwrap_or_default();
        context! { name => &field.name, type => python, doc => plain(&format!("{} · {}{limit}", field.zh, field.en)) }
    };
    let (needed, others): (Vec<&Field>, Vec<&Field>) = shape.fields.iter().partition(is_needed);
    let base = match (needed.is_empty(), others.is_empty()) {
        (_, true) => "TypedDict".to_owned(),
        (true, false) => "TypedDict, total=False".to_owned(),
        (false, false) => format!("_{name}, total=False"),
    };
    context! {
        name,
        alias => (),
        base,
        doc => about,
        needed => needed.into_iter().map(|field| row(field, true)).collect::<Vec<_>>(),
        others => others.into_iter().map(|field| row(field, false)).collect::<Vec<_>>(),
    }
}

/// A shape's name in Python: under its method's, and apart where one shape goes both ways.
fn shape_name(method: &Method, shape: &str, way: Way) -> String {
    let mut reached = Vec::new();
    reach(method, &method.result, &mut reached);
    let both = way == Way::In && reached.contains(&shape);
    format!("{}{shape}{}", method.rust_name(), if both { "Input" } else { "" })
}

fn type_name(method: &Method, form: &Form, way: Way) -> String {
    let into = way == Way::In;
    match form {
        Form::Text => "str".to_owned(),
        Form::Code(set) if into => format!("codes.{}", set_name(set)),
        Form::Code(set) => format!("Union[codes.{}, str]", set_name(set)),
        Form::Decimal => if into { "Amount" } else { "Decimal" }.to_owned(),
        Form::Integer => if into { "Whole" } else { "int" }.to_owned(),
        Form::Date => if into { "Date" } else { "date" }.to_owned(),
        Form::Time => if into { "Time" } else { "datetime" }.to_owned(),
        Form::Json => if into { "object" } else { "Json" }.to_owned(),
        Form::List(item) => format!("List[{}]", type_name(method, item, way)),
        Form::Shape(name) => shape_name(method, name, way),
    }
}

fn set_name(set: &str) -> String {
    names::pascal(&names::snake(set))
}

fn codes_context(api: &Api) -> Value {
    let sets = api.enums.iter().map(|set| {
        let mut seen = BTreeSet::new();
        let literals: Vec<String> =
            set.codes.iter().filter(|code| seen.insert(&code.code)).map(|code| text::literal(&code.code)).collect();
        context! {
            name => set_name(&set.name),
            literals => literals.join(", "),
            title => plain(&format!("{} · {}", set.zh, set.en)),
            codes => set.codes.iter().map(|code| context! {
                code => plain(&code.code), title => plain(&format!("{} · {}", code.zh, code.en)),
            }).collect::<Vec<_>>(),
        }
    });
    context! { mark => MARK, sets => sets.collect::<Vec<_>>() }
}

fn model_context(api: &Api) -> Value {
    let (mut methods, mut shapes) = (Vec::new(), Vec::new());
    for method in &api.methods {
        let ask = method.settle.as_ref().map(|settle| settle.ask.as_str());
        methods.push(context! { name => &method.name, result => form_name(method, &method.result), ask });
        shapes.extend(shapes_of(method, &method.result));
    }
    let mut pushes = Vec::new();
    for (method, content) in contents(api) {
        pushes.push(context! { name => &method.name, content => form_name(method, content) });
        shapes.extend(shapes_of(method, content));
    }
    context! { mark => MARK, methods, pushes, shapes }
}

fn shapes_of(method: &Method, form: &Form) -> Vec<Value> {
    let mut reached = Vec::new();
    reach(method, form, &mut reached);
    let shapes = reached.into_iter().filter_map(|name| method.shape(name)).map(|shape| {
        let fields = shape.fields.iter().map(|field| {
            context! { name => &field.name, form => form_name(method, &field.form) }
        });
        let name = form_name(method, &Form::Shape(shape.name.clone()));
        context! { name, fields => fields.collect::<Vec<_>>() }
    });
    shapes.collect()
}

fn form_name(method: &Method, form: &Form) -> String {
    match form {
        Form::Code(_) => "text".to_owned(),
        Form::List(item) => format!("list:{}", form_name(method, item)),
        Form::Shape(name) => format!("{}.{}.{name}", method.group, method.stem),
        other => other.to_string(),
    }
}

fn calls_context(api: &Api) -> Value {
    let row = |method: &Method, result: &Method| {
        context! {
            name => &method.name,
            params => format!("{}.{}Params", method.group, method.rust_name()),
            result => format!("{}.{}Result", result.group, result.rust_name()),
            title => plain(&text::both(&method.title)),
            by => method.poll.as_ref().map(|poll| poll.asked.iter().map(|param| text::literal(param)).collect::<Vec<_>>().join(", ")),
        }
    };
    let settles: Vec<(&Method, &Method)> =
        api.methods.iter().filter_map(|method| Some((method, api.method(&method.settle.as_ref()?.ask)?))).collect();
    let issue = settles.iter().find(|(method, _)| method.name == ISSUE);
    context! {
        mark => MARK,
        groups => api.groups().into_iter().map(str::to_owned).collect::<Vec<_>>(),
        classes => [
            context! { name => "Calls", def => "def", batch => "Batch" },
            context! { name => "AsyncCalls", def => "async def", batch => "AsyncBatch" },
        ],
        calls => api.methods.iter().map(|method| row(method, method)).collect::<Vec<_>>(),
        polls => api.methods.iter().filter(|method| method.poll.is_some()).map(|method| row(method, method)).collect::<Vec<_>>(),
        settles => settles.iter().map(|(method, rows)| row(method, rows)).collect::<Vec<_>>(),
        issue => issue.map(|(method, rows)| row(method, rows)),
    }
}

/// A text for a docstring, on one line.
fn plain(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ").replace('\\', "\\\\").replace("\"\"\"", "'''");
    if line.ends_with('"') { format!("{line} ") } else { line }
}

/// At most two empty lines on end, one inside a class.
fn without_blank_runs(text: &str) -> String {
    let mut out = String::new();
    let mut blanks = 0;
    for line in text.lines() {
        if line.is_empty() {
            blanks += 1;
            continue;
        }
        if blanks > 0 && !out.is_empty() {
            let top = !line.starts_with(' ');
            let definition = line.starts_with("class ") || line.starts_with("__all__");
            out.push_str(if top && definition { "\n\n" } else { "\n" });
        }
        blanks = 0;
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}
