//! Checks params against the model and writes the body, in one walk.
//!
//! The body's order is the model's; members that the model does not know follow in the caller's order. All that is
//! wrong is told at once, each fault with its path.

mod value;

use crate::decimal::Decimal;
use crate::error::{Error, Severity, Violation};
use crate::json::{Json, LONE_SURROGATE, write_text};
use crate::model::{Field, Method, Need, Shape, Span, Type};
use crate::source::{DEEPEST, Kind, Source};

/// A body that may be sent, and what someone should look at.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    pub(crate) text: String,
    pub(crate) warnings: Vec<Violation>,
}

impl Method {
    /// All that is wrong with `params`, and all that someone should look at.
    ///
    /// ```
    /// use nnopen::{Json, Method};
    ///
    /// let method = Method::find("nuonuo.OpeMplatform.queryInvoiceResult").unwrap();
    /// let params = Json::parse(r#"{"orderNo": ["A-1"]}"#).unwrap();
    /// let violations = method.check(&params);
    /// assert_eq!((violations[0].path.as_str(), violations[0].rule), ("orderNo", "unknown"));
    /// assert_eq!(violations[1].rule, "one_of");
    /// ```
    pub fn check(&self, params: &dyn Source) -> Vec<Violation> {
        Walk::over(self, params, "").1
    }

    /// Writes the body that asks for `params`.
    ///
    /// # Errors
    /// `input`, with everything that is wrong.
    pub fn body(&self, params: &dyn Source) -> Result<String, Error> {
        self.checked(params, "").map(|body| body.text)
    }

    /// As [`Method::body`], with what someone should look at; `seller` is the tax number that the header will name.
    pub(crate) fn checked(&self, params: &dyn Source, seller: &str) -> Result<Body, Error> {
        let (text, violations) = Walk::over(self, params, seller);
        if violations.iter().any(Violation::is_error) {
            return Err(Error::input(violations));
        }
        Ok(Body { text, warnings: violations })
    }
}

impl Json {
    /// Reads params given as text; a byte order mark before it is skipped.
    ///
    /// # Errors
    /// `input`, with one violation: at the empty path if the text is no JSON, or where a lone surrogate stands.
    pub fn parse_params(text: &str) -> Result<Self, Error> {
        Self::parse(text.strip_prefix('\u{feff}').unwrap_or(text)).map_err(|error| {
            let (rule, path) =
                if error.what == LONE_SURROGATE { ("surrogate", error.path.as_str()) } else { ("json", "") };
            let zh = format!("不是合法的 JSON（第 {} 字节处）：{}", error.at, error.what.zh);
            Error::input(vec![violation(path, rule, Severity::Error, zh, format!("is no JSON: {error}"))])
        })
    }
}

/// One fault as an `input` error.
pub(crate) fn fault(path: &str, rule: &'static str, zh: &str, en: &str) -> Error {
    Error::input(vec![violation(path, rule, Severity::Error, zh.to_owned(), en.to_owned())])
}

fn violation(path: &str, rule: &'static str, severity: Severity, message: String, message_en: String) -> Violation {
    Violation { path: path.to_owned(), rule, severity, code: None, message, message_en }
}

/// One walk over the params: the body so far, where we are, what was found.
struct Walk {
    out: String,
    path: String,
    depth: usize,
    violations: Vec<Violation>,
    /// The paths of the method's `one_of` groups, and which of them hold something.
    watched: Vec<(&'static str, bool)>,
}

/// One member as it was met: its place in the model, its part of the body, and the end of what was found in it.
struct Part {
    rank: usize,
    start: usize,
    end: usize,
    found: usize,
}

impl Walk {
    fn over(method: &Method, params: &dyn Source, seller: &str) -> (String, Vec<Violation>) {
        let watched = method.one_of.iter().flat_map(|group| group.iter()).map(|path| (*path, false)).collect();
        let mut walk = Self { out: String::new(), path: String::new(), depth: 0, violations: Vec::new(), watched };
        // What some languages write for an object with nothing in it, where nothing is asked for.
        let free = method.one_of.is_empty() && method.params.fields.iter().all(|field| field.need != Need::Yes);
        let none = Json::Object(Vec::new());
        let empty = free && matches!(params.kind(), Kind::List) && value::is_blank(&Kind::List, params);
        let params: &dyn Source = if empty { &none } else { params };
        if empty {
            walk.warning("blank", "空数组按空对象发送", "is a list of nothing: it is sent as an object");
        }
        if !matches!(params.kind(), Kind::Object) {
            walk.error("type", "参数应当是一个 JSON 对象", "the params must be an object");
        } else if method.raw {
            walk.any(params);
        } else {
            walk.object(method.params, params);
            walk.groups(method.one_of);
            walk.sums(method.params, params);
        }
        if let Some(name) = method.order {
            walk.order(method, name, params, seller);
        }
        (walk.out, walk.violations)
    }

    /// The rules of an invoice, for a method that carries an order. One fault is told once: where the model found an
    /// error, no rule adds to it.
    fn order(&mut self, method: &Method, name: &str, params: &dyn Source, seller: &str) {
        let mut order = None;
        params.members(&mut |member, value| {
            if member == name {
                order = Some(value.to_json());
            }
        });
        let Some(order @ Json::Object(_)) = order else { return };
        let mut found = crate::order::check_as(name, &order, crate::order::older(method));
        found.extend(crate::order::seller(name, &order, seller));
        let told = |path: &str| self.violations.iter().any(|violation| violation.is_error() && violation.path == path);
        found.retain(|violation| !told(&violation.path));
        // No setting in the console stands in where a rule knows better.
        let refused = |path: &str| found.iter().any(|violation| violation.is_error() && violation.path == path);
        self.violations.retain(|violation| violation.rule != "console" || !refused(&violation.path));
        self.violations.extend(found);
    }

    /// Totals that are told must be those of their rows, to the cent.
    fn sums(&mut self, shape: &Shape, params: &dyn Source) {
        if shape.fields.iter().all(|field| field.sum.is_none()) {
            return;
        }
        let json = params.to_json();
        let number = |json: &Json, name: &str| json.get(name)?.token()?.parse::<Decimal>().ok();
        for field in shape.fields {
            let Some((rows, member)) = field.sum else { continue };
            let Some(told) = number(&json, field.name) else { continue };
            let rows = json.get(rows).map(Json::items).unwrap_or_default();
            let sum = rows.iter().try_fold(Decimal::new(0, 2), |sum, row| sum.checked_add(number(row, member)?));
            let Some(sum) = sum.filter(|_| !rows.is_empty()) else { continue };
            if told.checked_sub(sum).is_none_or(|off| off.abs() > Decimal::new(1, 2)) {
                let at = self.enter(field.name);
                self.error(
                    "sum",
                    &format!("合计 {told} 与各行之和 {sum} 不符"),
                    &format!("is {told}, but the rows add up to {sum}"),
                );
                self.leave(at);
            }
        }
    }

    /// Writes an object. Members come in the caller's order and leave in the model's.
    fn object(&mut self, shape: &'static Shape, source: &dyn Source) {
        self.depth += 1;
        if self.depth > DEEPEST {
            self.error("type", "嵌套过深", "is nested too deep");
            self.depth -= 1;
            return;
        }
        let fields = shape.fields;
        let (start, found) = (self.out.len(), self.violations.len());
        let mut parts: Vec<Part> = Vec::with_capacity(fields.len());
        let mut seen = vec![Seen::Not; fields.len()];
        let mut strangers: Vec<String> = Vec::new();
        let mut next = 0;
        source.members(&mut |name, value| {
            let at = self.enter(name);
            let part = self.out.len();
            let rank = match place(fields, name, next) {
                Some(rank) => {
                    next = rank + 1;
                    if seen[rank] != Seen::Not {
                        self.error("duplicate", "同一个字段出现了两次", "is there twice");
                    }
                    write_text(name, &mut self.out);
                    self.out.push(':');
                    let found = self.violations.len();
                    seen[rank] = self.value(&fields[rank], value);
                    self.coded(&fields[rank], found);
                    rank
                }
                None => {
                    self.stranger(fields, name, value, &mut strangers);
                    fields.len()
                }
            };
            if rank < fields.len() && matches!(seen[rank], Seen::Null | Seen::Blank) {
                self.out.truncate(part);
            }
            parts.push(Part { rank, start: part, end: self.out.len(), found: self.violations.len() });
            self.leave(at);
        });
        for (rank, field) in fields.iter().enumerate() {
            let needed = !seen[rank].holds_something() && needed(field, fields, &seen);
            let long = stretch(field, rank, fields, &seen);
            if needed || seen[rank] == Seen::Null || long.is_some() {
                let at = self.enter(field.name);
                if seen[rank] == Seen::Null {
                    self.warning("null", "null 视为未填写，不会发送", "null counts as absent and is not sent");
                }
                if needed {
                    self.missing(field);
                }
                if let Some((span, days)) = long.filter(|(_, days)| *days < 0) {
                    let (from, days) = (span.from, -days);
                    self.error(
                        "span",
                        &format!("早于 {from} {days} 天"),
                        &format!("is {days} days before {from}, where it begins"),
                    );
                } else if let Some((span, days)) = long {
                    let (from, most) = (span.from, span.days.unwrap_or_default());
                    self.warning(
                        "span",
                        &format!("距 {from} {days} 天，平台最多 {most} 天"),
                        &format!("is {days} days after {from}, the platform takes {most}"),
                    );
                }
                self.leave(at);
                parts.push(Part { rank, start: self.out.len(), end: self.out.len(), found: self.violations.len() });
            }
        }
        self.sort_violations(found, &parts);
        self.assemble(start, &mut parts);
        self.depth -= 1;
    }

    /// A member that the model does not know: told, and sent all the same.
    fn stranger(&mut self, fields: &[Field], name: &str, value: &dyn Source, strangers: &mut Vec<String>) {
        if strangers.iter().any(|other| other == name) {
            self.error("duplicate", "同一个字段出现了两次", "is there twice");
        }
        strangers.push(name.to_owned());
        let near = nearest(fields, name);
        let zh = near.map_or_else(String::new, |near| format!("，是否想写 {near}？"));
        let en = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
        self.warning(
            "unknown",
            &format!("文档中没有这个字段，将原样发送{zh}"),
            &format!("is not known to the model and is sent as it is{en}"),
        );
        write_text(name, &mut self.out);
        self.out.push(':');
        self.any(value);
    }

    /// Puts the parts written since `start` into the model's order, with commas and braces.
    fn assemble(&mut self, start: usize, parts: &mut [Part]) {
        parts.sort_by_key(|part| part.rank);
        let mut object = String::with_capacity(self.out.len() - start + parts.len() + 2);
        object.push('{');
        for part in parts.iter().filter(|part| part.end > part.start) {
            if object.len() > 1 {
                object.push(',');
            }
            object.push_str(&self.out[part.start..part.end]);
        }
        object.push('}');
        self.out.truncate(start);
        self.out.push_str(&object);
    }

    /// Puts what was found since `start` into the model's order too.
    fn sort_violations(&mut self, start: usize, parts: &[Part]) {
        if self.violations.len() == start {
            return;
        }
        let mut ranked: Vec<(usize, Violation)> = Vec::new();
        let mut found = self.violations.drain(start..);
        let mut before = start;
        for part in parts {
            ranked.extend(found.by_ref().take(part.found - before).map(|violation| (part.rank, violation)));
            before = part.found;
        }
        drop(found);
        ranked.sort_by_key(|(rank, _)| *rank);
        self.violations.extend(ranked.into_iter().map(|(_, violation)| violation));
    }

    fn missing(&mut self, field: &Field) {
        let found = self.violations.len();
        let (zh, en) = (field.doc.zh, field.doc.en);
        if field.console {
            self.warning(
                "console",
                &format!("没有填写：需要在诺诺控制台中已有设置（{zh}）"),
                &format!("is missing: a setting in the vendor's console must stand in ({en})"),
            );
        } else {
            self.error("required", &format!("必填（{zh}）"), &format!("is required ({en})"));
        }
        self.coded(field, found);
    }

    /// At least one member of each group must hold something.
    fn groups(&mut self, groups: &[&[&'static str]]) {
        for group in groups {
            let holds = |path: &str| self.watched.iter().any(|(watched, holds)| *watched == path && *holds);
            if !group.iter().any(|path| holds(path)) {
                let names = group.join("、");
                let at = self.enter(group[0].rsplit_once('.').map_or("", |(parent, _)| parent));
                self.error(
                    "one_of",
                    &format!("{names} 至少要填一个"),
                    &format!("at least one of {} is needed", group.join(", ")),
                );
                self.leave(at);
            }
        }
    }

    /// Gives what was found here since `found` the codes that the platform would answer.
    fn coded(&mut self, field: &Field, found: usize) {
        let here = self.violations[found..].iter_mut().filter(|violation| violation.path == self.path);
        for violation in here.filter(|violation| violation.is_error() || violation.rule == "console") {
            violation.code = field.code(violation.rule);
        }
    }

    /// Goes down to a member; the answer leads back up.
    fn enter(&mut self, name: &str) -> usize {
        let at = self.path.len();
        if at > 0 {
            self.path.push('.');
        }
        self.path.push_str(name);
        at
    }

    fn leave(&mut self, at: usize) {
        self.path.truncate(at);
    }

    fn error(&mut self, rule: &'static str, zh: &str, en: &str) {
        self.violations.push(violation(&self.path, rule, Severity::Error, zh.to_owned(), en.to_owned()));
    }

    fn warning(&mut self, rule: &'static str, zh: &str, en: &str) {
        self.violations.push(violation(&self.path, rule, Severity::Warning, zh.to_owned(), en.to_owned()));
    }
}

/// What was found where a field should be.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Seen {
    /// Nothing.
    Not,
    /// A null: not written.
    Null,
    /// An empty text or list where an object is: not written, and told already.
    Blank,
    /// An empty text or list: written, but it does not satisfy a need.
    Empty,
    /// Something; of a text or number, the text.
    Something(Option<String>),
}

impl Seen {
    fn holds_something(&self) -> bool {
        matches!(self, Self::Something(_))
    }
}

/// Whether a field that holds nothing must hold something, its siblings being what they are.
fn needed(field: &Field, fields: &[Field], seen: &[Seen]) -> bool {
    match (field.need, field.when) {
        (Need::No, _) => false,
        (Need::Yes, _) => true,
        // Without a sibling to decide, only what the console can hold is worth a word.
        (Need::If, None) => field.console,
        (Need::If, Some(when)) => {
            let sibling = fields.iter().position(|other| other.name == when.field).map(|at| &seen[at]);
            match sibling {
                Some(Seen::Something(Some(text))) => when.holds(text),
                Some(Seen::Something(None)) => when.is.contains(&"*"),
                _ => when.is.contains(&""),
            }
        }
    }
}

/// The span that ends with a field, if it is longer than it may be or ends before it begins, and its days.
fn stretch(field: &Field, rank: usize, fields: &[Field], seen: &[Seen]) -> Option<(Span, i64)> {
    let span = field.span?;
    let from = fields.iter().position(|other| other.name == span.from)?;
    let (Seen::Something(Some(from)), Seen::Something(Some(to))) = (&seen[from], &seen[rank]) else { return None };
    let days = value::day(to)? - value::day(from)?;
    (days < 0 || span.days.is_some_and(|most| days > most.into())).then_some((span, days))
}

/// The place of `name` in the model; callers mostly follow its order, so the search starts at `next`.
fn place(fields: &[Field], name: &str, next: usize) -> Option<usize> {
    let (before, after) = fields.split_at(next.min(fields.len()));
    let found = after.iter().position(|field| field.name == name).map(|at| at + before.len());
    found.or_else(|| before.iter().position(|field| field.name == name))
}

/// The known name that looks most like `name`, if any does.
fn nearest(fields: &[Field], name: &str) -> Option<&'static str> {
    let near =
        fields.iter().map(|field| (distance(&field.name.to_lowercase(), &name.to_lowercase()), field.name)).min()?;
    (near.0 * 3 <= name.len().max(3)).then_some(near.1)
}

/// How many letters must be put in, taken out or changed (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let change = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = change.min(corner + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

/// Whether a type is told by a single text.
fn is_scalar(kind: Type) -> bool {
    !matches!(kind, Type::Json | Type::List(_) | Type::Shape(_))
}
