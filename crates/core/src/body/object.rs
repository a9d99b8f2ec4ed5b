//! One object: its members come in the caller's order and leave in the model's; what is lacking is told.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::{Walk, value, write_name};
use crate::error::Violation;
use crate::model::{Field, Need, Shape, Span};
use crate::source::{Kind, Source};
use crate::text::has;

/// One member as it was met: its place in the model, its part of the body, and the end of what was found in it.
#[derive(Clone, Copy)]
pub(super) struct Part {
    rank: usize,
    start: usize,
    end: usize,
    found: usize,
}

/// An object that is being written.
struct Open {
    fields: &'static [Field],
    /// Where it begins in the body, and in the walk's lists.
    start: usize,
    parts: usize,
    seen: usize,
    /// Where the next field is looked for first.
    next: usize,
    strangers: BTreeSet<String>,
}

impl Walk {
    /// Writes an object. Members come in the caller's order and leave in the model's.
    pub(super) fn object(&mut self, shape: &'static Shape, source: &dyn Source) {
        self.depth += 1;
        if self.is_too_far() {
            self.depth -= 1;
            return self.out.push_str("null");
        }
        let mut open = Open {
            fields: shape.fields,
            start: self.out.len(),
            parts: self.parts.len(),
            seen: self.seen.len(),
            next: 0,
            strangers: BTreeSet::new(),
        };
        let found = self.violations.len();
        self.seen.resize(open.seen + shape.fields.len(), Seen::Not);
        self.out.push('{');
        let _ = source.members(&mut |name, value| {
            self.member(&mut open, name, value);
            self.flow()
        });
        self.out.push('}');
        if !self.ended {
            self.fields(&open);
            self.sort_violations(found, open.parts);
            self.assemble(&open);
        }
        self.parts.truncate(open.parts);
        self.seen.truncate(open.seen);
        self.depth -= 1;
    }

    /// Writes a member where it is met.
    fn member(&mut self, open: &mut Open, name: &str, value: &dyn Source) {
        let at = self.enter(name);
        let before = self.out.len();
        if before > open.start + 1 {
            self.out.push(',');
        }
        let start = self.out.len();
        let rank = place(open.fields, name, open.next);
        if let Some(rank) = rank {
            open.next = rank + 1;
            let field = &open.fields[rank];
            if self.seen[open.seen + rank] != Seen::Not {
                self.error("duplicate", "同一个字段出现了两次", "is there twice");
            }
            write_name(&field.name, &mut self.out);
            let found = self.violations.len();
            let seen = if self.is_too_far() { Seen::Null } else { self.value(field, value) };
            self.seen[open.seen + rank] = seen;
            if matches!(seen, Seen::Null | Seen::Blank) {
                self.out.truncate(before);
            }
            self.coded(field, found);
        } else {
            self.stranger(open, name, value);
        }
        let (rank, end) = (rank.unwrap_or(open.fields.len()), self.out.len());
        self.parts.push(Part { rank, start: start.min(end), end, found: self.violations.len() });
        self.leave(at);
    }

    /// What the fields lack, all members of their object being known.
    fn fields(&mut self, open: &Open) {
        let fields = open.fields;
        for (rank, field) in fields.iter().enumerate() {
            let seen = &self.seen[open.seen..];
            let needed =
                field.need != Need::No && !seen[rank].holds_something() && needed(field, fields, seen, &self.out);
            let long = field.span.and_then(|span| stretch(span, rank, fields, seen, &self.out));
            if !needed && seen[rank] != Seen::Null && long.is_none() {
                continue;
            }
            let null = seen[rank] == Seen::Null;
            let at = self.enter(&field.name);
            if null {
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
            self.parts.push(Part { rank, start: 0, end: 0, found: self.violations.len() });
        }
    }

    /// A member that the model does not know: told, and sent all the same.
    fn stranger(&mut self, open: &mut Open, name: &str, value: &dyn Source) {
        if !open.strangers.insert(name.to_owned()) {
            self.error("duplicate", "同一个字段出现了两次", "is there twice");
        }
        let near = nearest(open.fields, name);
        let zh = near.map_or_else(String::new, |near| format!("，是否想写 {near}？"));
        let en = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
        self.warning(
            "unknown",
            &format!("文档中没有这个字段，将原样发送{zh}"),
            &format!("is not known to the model and is sent as it is{en}"),
        );
        write_name(name, &mut self.out);
        self.any(value);
    }

    /// Puts the parts of an object into the model's order, unless they came in it.
    fn assemble(&mut self, open: &Open) {
        let parts = &mut self.parts[open.parts..];
        if parts.iter().filter(|part| part.end > part.start).is_sorted_by_key(|part| part.rank) {
            return;
        }
        parts.sort_by_key(|part| part.rank);
        let mut object = String::with_capacity(self.out.len() - open.start);
        object.push('{');
        for part in parts.iter().filter(|part| part.end > part.start) {
            if object.len() > 1 {
                object.push(',');
            }
            object.push_str(&self.out[part.start..part.end]);
        }
        object.push('}');
        self.out.truncate(open.start);
        self.out.push_str(&object);
    }

    /// Puts what was found since `start` into the model's order too; `parts` is where the object's own begin.
    fn sort_violations(&mut self, start: usize, parts: usize) {
        if self.violations.len() == start {
            return;
        }
        let mut ranked: Vec<(usize, Violation)> = Vec::new();
        let mut found = self.violations.drain(start..);
        let mut before = start;
        for part in &self.parts[parts..] {
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
}

/// What was found where a field should be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Seen {
    /// Nothing.
    Not,
    /// A null: not written.
    Null,
    /// An empty text or list where an object is: not written, and told already.
    Blank,
    /// An empty text or list: written, but it does not satisfy a need.
    Empty,
    /// Something that is no single text.
    Something,
    /// A text or number, from here to there in the body.
    Text(usize, usize),
}

impl Seen {
    pub(super) fn holds_something(self) -> bool {
        matches!(self, Self::Something | Self::Text(..))
    }

    /// The text of a text or number, as it is written.
    pub(super) fn text(self, body: &str) -> Option<&str> {
        match self {
            Self::Text(from, to) => body.get(from..to),
            _ => None,
        }
    }
}

/// An object of nothing but empty members, as programs write that fill in every member of a form.
pub(super) fn is_hollow(object: &dyn Source) -> bool {
    let mut looked_at = 0;
    let all = object.members(&mut |_, member| {
        looked_at += 1;
        let kind = member.kind();
        let empty = looked_at <= MOST_EMPTY && (matches!(kind, Kind::Null) || value::is_blank(&kind, member));
        if empty { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    all.is_continue()
}

/// A host may show members without an end; no form has so many.
const MOST_EMPTY: usize = 1_000;

/// Whether a field that holds nothing must hold something, its siblings being what they are.
fn needed(field: &Field, fields: &[Field], seen: &[Seen], body: &str) -> bool {
    match (field.need, field.when) {
        (Need::No, _) => false,
        (Need::Yes, _) => true,
        // Without a sibling to decide, only what the console can hold is worth a word.
        (Need::If, None) => field.console,
        (Need::If, Some(when)) => {
            let sibling = fields.iter().position(|other| other.name == when.field).map_or(Seen::Not, |at| seen[at]);
            match sibling.text(body) {
                Some(text) => when.holds(text),
                None if sibling == Seen::Something => has(when.is, "*"),
                None => has(when.is, ""),
            }
        }
    }
}

/// A span that is longer than it may be or ends before it begins, the field of `rank` ending it, and its days.
fn stretch(
    span: &'static Span,
    rank: usize,
    fields: &[Field],
    seen: &[Seen],
    body: &str,
) -> Option<(&'static Span, i64)> {
    let from = fields.iter().position(|other| other.name == span.from)?;
    let days = value::day(seen[rank].text(body)?)? - value::day(seen[from].text(body)?)?;
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
    let most = name.len().max(3) / 3;
    let (lower, length) = (name.to_lowercase(), name.chars().count());
    // What differs more in length differs more altogether.
    let like = fields.iter().filter(|field| field.name.len().abs_diff(length) <= most);
    let near = like.map(|field| (distance(&field.name.to_lowercase(), &lower), field.name.as_str())).min()?;
    (near.0 <= most).then_some(near.1)
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
