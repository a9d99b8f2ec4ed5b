//! Checks params against the model and writes the body, in one walk.
//!
//! The body's order is the model's; members that the model does not know follow in the caller's order. All that is
//! wrong is told at once, each fault with its path.

mod dates;
mod object;
mod trail;
mod value;

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use crate::decimal::Decimal;
use crate::error::{Error, Severity, Violation};
use crate::json::{Flat, Json, LONE_SURROGATE, Value};
use crate::model::{Field, Method, Need, Shape, Type};
use crate::source::{Kind, Source};
use crate::text::Text;
pub use object::Fields;
use object::Seen;
use trail::Trail;

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

    /// As [`Method::check`] and [`Method::body`] in one walk: all that was found, and the body unless something is wrong.
    ///
    /// ```
    /// use nnopen::{Json, Method};
    ///
    /// let method = Method::find("nuonuo.OpeMplatform.queryInvoiceResult").unwrap();
    /// let (found, body) = method.draft(&Json::parse(r#"{"orderNos": ["A-1"], "x": 1}"#).unwrap());
    /// assert_eq!((found[0].rule, body.as_deref()), ("unknown", Some(r#"{"orderNos":["A-1"],"x":1}"#)));
    /// ```
    pub fn draft(&self, params: &dyn Source) -> (Vec<Violation>, Option<String>) {
        let (text, found) = Walk::over(self, params, "");
        let sound = !found.iter().any(Violation::is_error);
        (found, sound.then_some(text))
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

/// One value, written as it is: what `path` leads to.
///
/// # Errors
/// `input`, with what has no exact JSON form, and with what is nested too deep, too many or too long.
pub(crate) fn flat(source: &dyn Source, path: &str) -> Result<Flat, Error> {
    let mut walk = Walk::new(&[], true);
    walk.name(path);
    let whole = walk.any(source);
    walk.out.finish(whole);
    walk.is_too_far();
    if walk.violations.is_empty() { Ok(walk.out) } else { Err(Error::input(walk.violations)) }
}

/// One walk over the params: the body so far, where we are, what was found.
struct Walk {
    out: Flat,
    trail: Trail,
    depth: usize,
    values: usize,
    /// It is nested too deep, has too many faults or too long a name, or it has ended.
    far: bool,
    /// It went too far, which has been told: nothing more is looked at.
    ended: bool,
    violations: Vec<Violation>,
    /// The paths of the method's `one_of` groups, and which of them hold something.
    watched: Vec<(&'static str, bool)>,
    /// What was found in the fields of all objects that are open.
    seen: Vec<Seen>,
}

impl Walk {
    fn new(groups: &[&[Text]], order: bool) -> Self {
        Self {
            out: Flat::new(order),
            trail: Trail::default(),
            depth: 0,
            values: 0,
            far: false,
            ended: false,
            violations: Vec::new(),
            watched: groups.iter().flat_map(|group| group.iter()).map(|path| (path.as_str(), false)).collect(),
            seen: Vec::with_capacity(256),
        }
    }

    fn over(method: &Method, params: &dyn Source, seller: &str) -> (String, Vec<Violation>) {
        let mut walk = Self::new(method.one_of, method.order.is_some());
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
            return (walk.out.text, walk.violations);
        }
        let whole = if method.raw { walk.any(params) } else { walk.object(method.params, params) };
        walk.out.finish(whole);
        walk.is_too_far();
        if !walk.ended && !method.raw {
            walk.groups(method.one_of);
            walk.sums(method.params);
            walk.order(method, seller);
        }
        (walk.out.text, walk.violations.into_iter().map(Violation::cut).collect())
    }

    /// The rules of an invoice, for a method that carries an order: they look at the body, which is what will be sent.
    /// One fault is told once: where the model found an error, no rule adds to it.
    fn order(&mut self, method: &Method, seller: &str) {
        let Some(name) = method.order else { return };
        // It does not grow from here on.
        self.out.fit();
        let mut found = crate::order::check_member(&name, &self.out, crate::order::older(method), seller);
        if found.is_empty() {
            return;
        }
        let told: BTreeSet<&str> =
            self.violations.iter().filter(|violation| violation.is_error()).map(|told| told.path.as_str()).collect();
        found.retain(|violation| !told.contains(violation.path.as_str()));
        // No setting in the console stands in where a rule knows better.
        let refused = |path: &str| found.iter().any(|violation| violation.is_error() && violation.path == path);
        self.violations.retain(|violation| violation.rule != "console" || !refused(&violation.path));
        self.violations.extend(found);
    }

    /// Totals that are told must be those of their rows, to the cent.
    fn sums(&mut self, shape: &Shape) {
        if shape.fields.iter().all(|field| field.rare().sum.is_none()) {
            return;
        }
        let mut off = Vec::new();
        let number = |json: Value<'_>, name: &str| json.get(name)?.token()?.parse::<Decimal>().ok();
        let body = self.out.whole();
        for field in shape.fields {
            let Some((rows, member)) = field.rare().sum else { continue };
            let Some(told) = number(body, &field.name) else { continue };
            let mut rows = body.get(&rows).into_iter().flat_map(Value::parts).map(|(_, row)| row).peekable();
            if rows.peek().is_none() {
                continue;
            }
            let sum = rows.try_fold(Decimal::new(0, 2), |sum, row| sum.checked_add(number(row, &member)?));
            let Some(sum) = sum else { continue };
            if told.checked_sub(sum).is_none_or(|off| off.abs() > Decimal::new(1, 2)) {
                off.push((field.name, told, sum));
            }
        }
        for (name, told, sum) in off {
            self.trail.field(name);
            let (zh, en) =
                (format!("合计 {told} 与各行之和 {sum} 不符"), format!("is {told}, but the rows add up to {sum}"));
            self.error("sum", &zh, &en);
            self.trail.leave();
        }
    }

    /// At least one member of each group must hold something.
    fn groups(&mut self, groups: &[&[Text]]) {
        for group in groups {
            let holds = |path: &str| self.watched.iter().any(|(watched, holds)| *watched == path && *holds);
            if !group.iter().any(|path| holds(path)) {
                let names = group.join("、");
                self.name(group[0].rsplit_once('.').map_or("", |(parent, _)| parent));
                self.error(
                    "one_of",
                    &format!("{names} 至少要填一个"),
                    &format!("at least one of {} is needed", group.join(", ")),
                );
                self.trail.leave();
            }
        }
    }

    /// Something was found here: so it is in the groups that name it.
    fn watch(&mut self) {
        let path = self.trail.path();
        self.watched.iter_mut().filter(|(watched, _)| *watched == path).for_each(|(_, holds)| *holds = true);
    }

    /// Gives what was found here since `found` the codes that the platform would answer.
    fn coded(&mut self, field: &Field, found: usize) {
        let path = self.trail.path();
        let here = self.violations[found..].iter_mut().filter(|violation| violation.path == path);
        for violation in here.filter(|violation| violation.is_error() || violation.rule == "console") {
            violation.code = field.code(violation.rule);
        }
    }

    /// A value that is nested too deep, one too many and one too long end the walk, each with its path.
    fn is_too_far(&mut self) -> bool {
        (self.far | (self.values > MOST_VALUES) | (self.out.text.len() > MOST_BYTES)) && self.end()
    }

    /// It went too far: tells why, once.
    #[cold]
    fn end(&mut self) -> bool {
        if self.ended {
            return true;
        }
        let (rule, zh, en) = if self.depth > DEEPEST {
            let en = format!("is nested too deep, more than {DEEPEST} levels: does it lead to itself?");
            ("depth", format!("嵌套超过 {DEEPEST} 层，是否引用了自身？"), en)
        } else if self.values > MOST_VALUES {
            (
                "size",
                format!("到这里已有 {MOST_VALUES} 个值，过多"),
                format!("comes after {MOST_VALUES} values: too many"),
            )
        } else if self.out.text.len() > MOST_BYTES {
            let most = MOST_BYTES >> 20;
            ("size", format!("到这里请求体已超过 {most} MiB"), format!("comes after {most} MiB of text: too much"))
        } else if self.violations.len() > MOST_FAULTS {
            (
                "size",
                format!("问题超过 {MOST_FAULTS} 处，其余不再检查"),
                format!("comes after {MOST_FAULTS} faults: the rest was not looked at"),
            )
        } else {
            ("size", "字段名过长".to_owned(), "has a name that is too long".to_owned())
        };
        (self.far, self.ended) = (true, true);
        self.error(rule, &zh, &en);
        true
    }

    /// One level further down.
    fn deepen(&mut self) {
        self.depth += 1;
        self.far |= self.depth > DEEPEST;
    }

    /// At a member that the model does not know.
    fn name(&mut self, name: &str) {
        self.trail.name(name);
        self.far |= self.trail.named() > MOST_NAMES;
    }

    /// Whether the host is to show more.
    fn flow(&self) -> ControlFlow<()> {
        if self.ended { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn error(&mut self, rule: &'static str, zh: &str, en: &str) {
        self.tell(rule, Severity::Error, zh, en);
    }

    fn warning(&mut self, rule: &'static str, zh: &str, en: &str) {
        self.tell(rule, Severity::Warning, zh, en);
    }

    #[cold]
    fn tell(&mut self, rule: &'static str, severity: Severity, zh: &str, en: &str) {
        self.violations.push(violation(&self.trail.path(), rule, severity, zh.to_owned(), en.to_owned()));
        self.far |= self.violations.len() > MOST_FAULTS;
    }
}

/// Whether a type is told by a single text.
fn is_scalar(kind: Type) -> bool {
    !matches!(kind, Type::Json | Type::List(_) | Type::Shape(_))
}

/// Objects may be nested this deep; a cycle among them ends here.
const DEEPEST: usize = 64;
const MOST_VALUES: usize = 1_000_000;
const MOST_BYTES: usize = 16 << 20;
const MOST_FAULTS: usize = 100_000;
/// The bytes of the names that the model does not know on one path.
const MOST_NAMES: usize = 32_000;
