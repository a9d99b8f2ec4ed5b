//! One value: is it of its type, within its limits, and how is it written?

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Display;
use std::ops::ControlFlow;

use super::dates::{is_date, is_time};
use super::object::{Seen, is_hollow};
use super::{Walk, is_scalar};
use crate::decimal::Decimal;
use crate::json::{Node, is_number};
use crate::model::{Field, Need, Range, Type, Wire};
use crate::source::{Kind, Source};

/// What a value was found to be, and where it is written, if it is.
pub(super) type Written = (Seen, Option<Node>);

impl Walk {
    /// Writes the value of a known field.
    pub(super) fn value(&mut self, field: &'static Field, source: &dyn Source) -> Written {
        match (field.kind, source.kind()) {
            (_, Kind::Null) => (Seen::Null, None),
            (Type::Json, _) => (Seen::Something, Some(self.any(source))),
            (Type::List(of), Kind::List) => self.list(field, *of, source),
            (Type::List(of @ Type::Shape(_)), Kind::Object) => self.single(*of, source),
            (Type::Shape(_), Kind::Object) if field.need != Need::Yes && is_hollow(source) => self.blank(),
            (Type::Shape(shape), Kind::Object) => (Seen::Something, Some(self.object(shape, source))),
            // What some languages write for an object with nothing in it.
            (Type::Shape(_) | Type::List(_), got) if is_blank(&got, source) => self.blank(),
            // Flags that the platform's documents spell so.
            (Type::Code(codes), Kind::Bool(flag)) if codes.get(flag_text(flag)).is_some() => {
                self.scalar(field, field.kind, flag_text(flag), false)
            }
            (kind, got) if is_scalar(kind) => self.one(field, kind, &got),
            (kind, got) => (Seen::Something, Some(self.misfit(kind, &got))),
        }
    }

    /// As [`Walk::value`], of a text.
    pub(super) fn text(&mut self, field: &'static Field, text: &str) -> Written {
        match field.kind {
            Type::Json | Type::List(_) | Type::Shape(_) => self.value(field, &text),
            kind => self.scalar(field, kind, text, false),
        }
    }

    /// As [`Walk::value`], of an exact number.
    pub(super) fn number(&mut self, field: &'static Field, number: Decimal) -> Written {
        match field.kind {
            Type::Decimal => self.exact(field, number),
            _ => self.value(field, &number),
        }
    }

    fn blank(&mut self) -> Written {
        self.warning("blank", "空值视为未填写，不会发送", "holds nothing: it counts as absent and is not sent");
        (Seen::Blank, None)
    }

    fn list(&mut self, field: &'static Field, of: Type, source: &dyn Source) -> Written {
        let (mut count, mut empty) = (0, 0);
        let mut told = BTreeSet::new();
        let begun = self.out.begin('[');
        self.trail.down();
        let _ = source.items(&mut |item| {
            self.enter_item(count);
            let (seen, node) = self.item(of, item);
            let text = node.filter(|_| seen == Seen::Text).and_then(|node| node.written(&self.out.text));
            if text.is_some_and(|text| !told.insert(text.to_owned())) {
                self.warning("repeated", "与前面的一项相同", "is there before");
            }
            empty += usize::from(seen == Seen::Empty);
            node.into_iter().for_each(|node| self.out.keep(node));
            count += 1;
            self.flow()
        });
        self.trail.up();
        let node = self.out.end(begun, ']');
        if field.limits(count) {
            self.limits(field, count, "items", "项", "items");
        }
        (if count == empty { Seen::Empty } else { Seen::Something }, Some(node))
    }

    /// The only row of a list that stands in the list's place.
    fn single(&mut self, of: Type, item: &dyn Source) -> Written {
        self.warning("single", "应写成数组，将按一行的数组发送", "is a list: it is sent as a list of one");
        let begun = self.out.begin('[');
        self.trail.down();
        self.enter_item(0);
        let (_, node) = self.item(of, item);
        node.into_iter().for_each(|node| self.out.keep(node));
        self.trail.up();
        (Seen::Something, Some(self.out.end(begun, ']')))
    }

    fn item(&mut self, of: Type, item: &dyn Source) -> Written {
        match (of, item.kind()) {
            (Type::Shape(shape), Kind::Object) => (Seen::Something, Some(self.object(shape, item))),
            (Type::Json, _) => (Seen::Something, Some(self.any(item))),
            _ if self.is_too_far() => (Seen::Something, Some(self.out.null())),
            (kind, Kind::Text(text)) if is_scalar(kind) && text.is_empty() => {
                self.warning("required", "空的一项", "is empty");
                (Seen::Empty, Some(self.out.string("")))
            }
            (kind, got) if is_scalar(kind) => self.one(&Field::NEW, kind, &got),
            (kind, got) => (Seen::Something, Some(self.misfit(kind, &got))),
        }
    }

    /// A value where a single text belongs.
    fn one(&mut self, field: &Field, kind: Type, got: &Kind<'_>) -> Written {
        match (kind, got) {
            (Type::Decimal, Kind::Decimal(number)) => self.exact(field, *number),
            (_, Kind::Decimal(number)) => self.scalar(field, kind, &number.text(), false),
            (_, Kind::Text(text)) => self.scalar(field, kind, text, false),
            (_, Kind::Number(token)) => self.scalar(field, kind, token, true),
            // A host's whole number does everywhere but for money.
            (Type::Decimal, Kind::Whole(_)) => (Seen::Something, Some(self.misfit(kind, got))),
            (_, Kind::Whole(token)) => self.scalar(field, kind, token, true),
            _ => (Seen::Something, Some(self.misfit(kind, got))),
        }
    }

    /// An exact number where one belongs: the same as its text, without a look at it.
    fn exact(&mut self, field: &Field, number: Decimal) -> Written {
        let node = self.out.decimal(number, field.wire == Wire::Number);
        if field.limits(node.length()) {
            self.limits(field, node.length(), "length", "个字符", "characters");
        }
        self.decimal(field, number, &number);
        (Seen::Text, Some(node))
    }

    fn scalar(&mut self, field: &Field, kind: Type, text: &str, bare: bool) -> Written {
        if text.is_empty() {
            return (Seen::Empty, Some(self.out.string("")));
        }
        if bare {
            self.bare(field, kind, text);
        }
        let mut decimal = None;
        // A text has no more characters than bytes.
        if field.limits(text.len()) {
            self.limits(field, text.chars().count(), "length", "个字符", "characters");
        }
        match kind {
            Type::Decimal => match text.parse() {
                Ok(number) => {
                    self.decimal(field, number, &text);
                    decimal = Some(number);
                }
                Err(_) => self.error(
                    "decimal",
                    &format!("应当是普通小数，而不是 {text}"),
                    &format!("must be a plain decimal number, not {text}"),
                ),
            },
            Type::Integer if !is_integer(text) => self.error(
                "type",
                &format!("应当是整数，而不是 {text}"),
                &format!("must be a whole number, not {text}"),
            ),
            Type::Integer => self.bounds(field, text),
            Type::Text => field.rare.into_iter().for_each(|rare| self.digits(rare.digits, text)),
            Type::Date if !is_date(text) => self.error("date", "日期应写成 yyyy-MM-dd", "a date is written yyyy-MM-dd"),
            Type::Time if !is_time(text) => {
                self.error("time", "时间应写成 yyyy-MM-dd HH:mm:ss", "a time is written yyyy-MM-dd HH:mm:ss");
            }
            Type::Code(codes) if codes.get(text).is_none() => {
                let zh = format!("{}中没有代码 {text}", codes.title.zh);
                let en = format!("{text} is no known code of {}", codes.title.en);
                // Sets grow, but no new code is an old one in capitals.
                let near = codes.codes.iter().find(|known| known.code.eq_ignore_ascii_case(text));
                match near {
                    Some(near) => {
                        let (near, zh, en) =
                            (near.code.as_str(), format!("{zh}，应写成 "), format!("{en}; it is written "));
                        self.error("code", &(zh + near), &(en + near));
                    }
                    None if codes.closed => self.error("code", &zh, &en),
                    None => self.warning("code", &zh, &en),
                }
            }
            _ => {}
        }
        let bare = field.wire == Wire::Number && is_number(text);
        if field.wire == Wire::Number && !bare {
            self.error("type", &format!("应当是数字，而不是 {text}"), &format!("must be a number, not {text}"));
        }
        let mut node = if bare { self.out.number(text) } else { self.out.string(text) };
        if let Some(number) = decimal {
            node = self.out.read(node, number);
        }
        // A blank is sent as it is, but nobody is called so.
        if text.chars().all(char::is_whitespace) { (Seen::Empty, Some(node)) } else { (Seen::Text, Some(node)) }
    }

    /// A number that stands without quotes, where a text mostly does.
    fn bare(&mut self, field: &Field, kind: Type, text: &str) {
        if !matches!(kind, Type::Decimal) && text.contains(['e', 'E']) {
            self.error(
                "decimal",
                &format!("不接受指数写法的数字 {text}"),
                &format!("{text}: a number with an exponent is not taken"),
            );
        }
        if field.rare().literal {
            self.warning(
                "literal",
                "这里 \"0\" 与 \"0.00\" 含义不同，请用文本而不是数字",
                "\"0\" and \"0.00\" differ here: give a text, not a number",
            );
        }
    }

    fn bounds(&mut self, field: &Field, text: &str) {
        let Ok(number) = text.parse::<i128>() else { return };
        if let Some(most) = field.rare().most.filter(|most| number > (*most).into()) {
            let (zh, en) = (format!("最大 {most}，现为 {text}"), format!("is {text}, at most {most} is taken"));
            self.warning("most", &zh, &en);
        }
        if let Some(least) = field.rare().least.filter(|least| number < (*least).into()) {
            let (zh, en) = (format!("最小 {least}，现为 {text}"), format!("is {text}, at least {least} is taken"));
            self.warning("least", &zh, &en);
        }
    }

    fn digits(&mut self, counts: &[u32], text: &str) {
        if counts.is_empty() {
            return;
        }
        let fits = counts.iter().any(|count| text.len() == *count as usize);
        if !fits || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            let counts: Vec<_> = counts.iter().map(u32::to_string).collect();
            self.error(
                "digits",
                &format!("应为 {} 位数字，而不是 {text}", counts.join(" 或 ")),
                &format!("must be {} digits, not {text}", counts.join(" or ")),
            );
        }
    }

    /// A number of which a range or a scale is asked; `text` is what it was told as.
    fn decimal(&mut self, field: &Field, number: Decimal, text: &dyn Display) {
        let wrong = match field.rare().range {
            Some(Range::Negative) => (number.signum() > 0).then_some(("负数", "below zero")),
            Some(Range::Positive) => number.is_negative().then_some(("正数", "above zero")),
            Some(Range::Fraction) => (!number.is_fraction()).then_some(("0.13 这样的小数", "a fraction such as 0.13")),
            None => None,
        };
        if let Some((zh, en)) = wrong {
            self.error("range", &format!("应为{zh}，而不是 {text}"), &format!("must be {en}, not {text}"));
        }
        if let Some(scale) = field.rare().scale.filter(|scale| number.scale() > *scale) {
            self.warning(
                "scale",
                &format!("最多 {scale} 位小数，多出的位数可能被平台截掉"),
                &format!("has more than {scale} decimal places: the platform may cut them"),
            );
        }
    }

    #[cold]
    fn limits(&mut self, field: &Field, count: usize, rule: &'static str, zh: &str, en: &str) {
        let over = |limit: Option<u32>| limit.filter(|limit| count > *limit as usize);
        if let Some(max) = over(field.max) {
            self.error(
                rule,
                &format!("最多 {max} {zh}，现有 {count}"),
                &format!("has {count} {en}, at most {max} are allowed"),
            );
        } else if let Some(warn) = over(field.rare().warn) {
            let rule = if rule == "length" { "length_narrow" } else { rule };
            self.warning(
                rule,
                &format!("部分文档限定最多 {warn} {zh}，现有 {count}"),
                &format!("has {count} {en}; some sources allow {warn}"),
            );
        }
    }

    /// A value of another type. It is written all the same, so that the rules of an order see what was meant.
    fn misfit(&mut self, kind: Type, got: &Kind<'_>) -> Node {
        let (zh, en) = type_name(kind);
        let (got_zh, got_en): (&str, Cow<'_, str>) = match got {
            Kind::Null => ("null", "null".into()),
            Kind::Bool(_) => ("真假值", "a boolean".into()),
            Kind::Number(_) | Kind::Whole(_) => ("数字", "a number".into()),
            Kind::Text(_) | Kind::Decimal(_) => ("文本", "a text".into()),
            Kind::List => ("数组", "a list".into()),
            Kind::Object => ("对象", "an object".into()),
            Kind::Unfit(name) => (name, with_article(name).into()),
        };
        self.error("type", &format!("应当是{zh}，而不是 {got_zh}"), &format!("must be {en}, not {got_en}"));
        match got {
            Kind::Number(text) | Kind::Whole(text) | Kind::Text(text) => self.out.string(text),
            Kind::Decimal(number) => self.out.decimal(*number, false),
            Kind::Null | Kind::Bool(_) | Kind::List | Kind::Object | Kind::Unfit(_) => self.out.null(),
        }
    }

    /// Writes a value as it is.
    pub(super) fn any(&mut self, source: &dyn Source) -> Node {
        self.deepen();
        let node = match source.kind() {
            _ if self.is_too_far() => self.out.null(),
            Kind::Null => self.out.null(),
            Kind::Bool(value) => self.out.word(flag_text(value)),
            Kind::Number(token) | Kind::Whole(token) if is_number(&token) => self.out.number(&token),
            Kind::Number(token) | Kind::Whole(token) => {
                self.error("type", &format!("{token} 不是数字"), &format!("{token} is no number"));
                self.out.string(&token)
            }
            Kind::Decimal(number) => self.out.decimal(number, false),
            Kind::Text(text) => self.out.string(&text),
            Kind::List => {
                let mut count = 0;
                let begun = self.out.begin('[');
                self.trail.down();
                let _ = source.items(&mut |item| {
                    self.enter_item(count);
                    let node = self.any(item);
                    self.out.keep(node);
                    count += 1;
                    self.flow()
                });
                self.trail.up();
                self.out.end(begun, ']')
            }
            Kind::Object => {
                let begun = self.out.begin('{');
                self.trail.down();
                let mut follows = false;
                let _ = source.members(&mut |name, value| {
                    self.values += 1;
                    self.name(name);
                    self.any_member(name, value, follows);
                    self.trail.leave();
                    follows = true;
                    self.flow()
                });
                self.trail.up();
                self.out.end(begun, '}')
            }
            got @ Kind::Unfit(_) => self.misfit(Type::Json, &got),
        };
        self.depth -= 1;
        node
    }

    /// Writes a member as it is; `follows` says whether others stand before.
    pub(super) fn any_member(&mut self, name: &str, value: &dyn Source, follows: bool) {
        if follows {
            self.out.text.push(',');
        }
        let quoted = self.out.string(name).length();
        self.out.text.push(':');
        let node = self.any(value).named(quoted);
        self.out.keep(node);
    }

    /// Goes down to an item of a list.
    fn enter_item(&mut self, at: usize) {
        if at > 0 {
            self.out.text.push(',');
        }
        self.values += 1;
        self.trail.item(at);
    }
}

/// An empty text, or a list of nothing.
pub(super) fn is_blank(got: &Kind<'_>, source: &dyn Source) -> bool {
    match got {
        Kind::Text(text) => text.is_empty(),
        Kind::List => source.items(&mut |_| ControlFlow::Break(())).is_continue(),
        _ => false,
    }
}

fn flag_text(flag: bool) -> &'static str {
    if flag { "true" } else { "false" }
}

fn type_name(kind: Type) -> (&'static str, &'static str) {
    match kind {
        Type::Text => ("文本", "a text"),
        Type::Code(_) => ("代码文本", "a code"),
        Type::Decimal => ("精确的小数（如 \"0.13\"）", "an exact decimal such as \"0.13\""),
        Type::Integer => ("整数", "a whole number"),
        Type::Date => ("日期文本 yyyy-MM-dd", "a date yyyy-MM-dd"),
        Type::Time => ("时间文本 yyyy-MM-dd HH:mm:ss", "a time yyyy-MM-dd HH:mm:ss"),
        Type::Json => ("JSON 值", "a JSON value"),
        Type::List(_) => ("数组", "a list"),
        Type::Shape(_) => ("对象", "an object"),
    }
}

/// `a float`, `an int out of range`
fn with_article(name: &str) -> String {
    let article = if name.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O']) { "an" } else { "a" };
    format!("{article} {name}")
}

pub(super) fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}
