//! One object: its members come in the caller's order and leave in the model's; what is lacking is told.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::Walk;
use super::dates::day;
use super::value::{self, Written};
use crate::decimal::Decimal;
use crate::error::Violation;
use crate::json::{Flat, Node};
use crate::model::{Field, Need, Shape, Span};
use crate::source::{Kind, Source};
use crate::text::has;

/// An object that is being written.
struct Open {
    shape: &'static Shape,
    /// Where it begins in the text, and among what is open.
    begun: (usize, usize),
    /// Where its fields begin among what was seen.
    seen: usize,
    /// Where the next field is looked for first.
    next: usize,
    /// Whether its members came in the model's order so far.
    in_order: bool,
    strangers: BTreeSet<String>,
    /// Whether a null was among them.
    nulls: bool,
    /// For each member in which something was found, its rank and how much had been found after it.
    told: Vec<(usize, usize)>,
}

impl Walk {
    /// Writes an object. Members come in the caller's order and leave in the model's.
    pub(super) fn object(&mut self, shape: &'static Shape, source: &dyn Source) -> Node {
        self.deepen();
        if self.is_too_far() {
            self.depth -= 1;
            return self.out.null();
        }
        self.trail.down();
        let begun = self.out.begin('{');
        let mut open = Open {
            shape,
            begun,
            seen: self.seen.len(),
            next: 0,
            in_order: true,
            strangers: BTreeSet::new(),
            nulls: false,
            told: Vec::new(),
        };
        let found = self.violations.len();
        self.seen.resize(open.seen + shape.fields.len(), Seen::Not);
        if !source.fields(&mut Fields { walk: self, open: &mut open }) {
            let _ = source.members(&mut |name, value| {
                self.member(&mut open, name, value);
                self.flow()
            });
        }
        if !self.ended {
            self.gaps(&mut open);
            self.sort_violations(found, &open.told);
            if !open.in_order {
                self.out.sort(begun, |name| place(open.shape.fields, name, 0).unwrap_or(open.shape.fields.len()));
            }
        }
        self.seen.truncate(open.seen);
        self.trail.up();
        self.depth -= 1;
        self.out.end(begun, '}')
    }

    /// Writes a member where it is met.
    fn member(&mut self, open: &mut Open, name: &str, value: &dyn Source) {
        match place(open.shape.fields, name, open.next) {
            Some(rank) => {
                open.in_order &= rank >= open.next && open.strangers.is_empty();
                open.next = rank + 1;
                // The model's names hold nothing to escape.
                self.known(open, rank, |out, follows| out.name(name, follows), |walk, field| walk.value(field, value));
            }
            None => self.stranger(open, name, value),
        }
    }

    /// Writes a member that the model knows: its name, told whether others stand before, and its value.
    fn known(
        &mut self,
        open: &mut Open,
        rank: usize,
        name: impl FnOnce(&mut Flat, bool),
        value: impl FnOnce(&mut Self, &'static Field) -> Written,
    ) {
        self.values += 1;
        let (found, before) = (self.violations.len(), self.out.text.len());
        let field = &open.shape.fields[rank];
        self.trail.field(field.name);
        if self.seen[open.seen + rank] != Seen::Not {
            self.error("duplicate", "同一个字段出现了两次", "is there twice");
        }
        let found_here = self.violations.len();
        name(&mut self.out, before > open.begun.0 + 1);
        let (seen, node) = if self.is_too_far() { (Seen::Null, None) } else { value(self, field) };
        match node {
            Some(node) => self.out.keep(node.field(field.name)),
            None => self.out.text.truncate(before),
        }
        if seen.holds_something() && !self.watched.is_empty() {
            self.watch();
        }
        open.nulls |= seen == Seen::Null;
        self.seen[open.seen + rank] = seen;
        if self.violations.len() > found {
            self.coded(field, found_here);
            open.told.push((rank, self.violations.len()));
        }
    }

    /// What the fields lack, all members of their object being known.
    fn gaps(&mut self, open: &mut Open) {
        let Open { shape: Shape { fields, asked, .. }, nulls, .. } = *open;
        let mut look = |rank: usize| {
            let there = self.seen[open.seen + rank].holds_something();
            if !there || fields[rank].rare.is_some_and(|rare| rare.span.is_some()) {
                self.gap(open, rank);
            }
        };
        if nulls {
            (0..fields.len()).for_each(look);
        } else {
            asked.iter().for_each(|rank| look((*rank).into()));
        }
    }

    fn gap(&mut self, open: &mut Open, rank: usize) {
        let fields = open.shape.fields;
        let (field, seen) = (&fields[rank], &self.seen[open.seen..]);
        let null = seen[rank] == Seen::Null;
        let siblings = Siblings { fields, seen, flat: &self.out, begun: open.begun };
        let needed = !seen[rank].holds_something() && siblings.need(field);
        let long = field.rare().span.as_ref().and_then(|span| siblings.stretch(span, rank));
        if !needed && !null && long.is_none() {
            return;
        }
        self.trail.field(field.name);
        if null {
            self.warning("null", "null 视为未填写，不会发送", "null counts as absent and is not sent");
        }
        if needed {
            self.missing(field);
        }
        if let Some((span, days)) = long.filter(|(_, days)| *days < 0) {
            let (from, days) = (fields[usize::from(span.from)].name, -days);
            self.error(
                "span",
                &format!("早于 {from} {days} 天"),
                &format!("is {days} days before {from}, where it begins"),
            );
        } else if let Some((span, days)) = long {
            let (from, most) = (fields[usize::from(span.from)].name, span.days.unwrap_or_default());
            self.warning(
                "span",
                &format!("距 {from} {days} 天，平台最多 {most} 天"),
                &format!("is {days} days after {from}, the platform takes {most}"),
            );
        }
        open.told.push((rank, self.violations.len()));
    }

    /// A member that the model does not know: told, and sent all the same.
    fn stranger(&mut self, open: &mut Open, name: &str, value: &dyn Source) {
        self.values += 1;
        let follows = self.out.text.len() > open.begun.0 + 1;
        self.name(name);
        if !open.strangers.insert(name.to_owned()) {
            self.error("duplicate", "同一个字段出现了两次", "is there twice");
        }
        let near = nearest(open.shape.fields, name);
        let zh = near.map_or_else(String::new, |near| format!("，是否想写 {near}？"));
        let en = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
        self.warning(
            "unknown",
            &format!("文档中没有这个字段，将原样发送{zh}"),
            &format!("is not known to the model and is sent as it is{en}"),
        );
        self.any_member(name, value, follows);
        self.trail.leave();
        open.told.push((open.shape.fields.len(), self.violations.len()));
    }

    /// Puts what was found since `start` into the model's order too: each rank, and how much had been found after it.
    fn sort_violations(&mut self, start: usize, told: &[(usize, usize)]) {
        if self.violations.len() == start {
            return;
        }
        let mut ranked: Vec<(usize, Violation)> = Vec::new();
        let mut found = self.violations.drain(start..);
        let mut before = start;
        for (rank, after) in told {
            ranked.extend(found.by_ref().take(after - before).map(|violation| (*rank, violation)));
            before = *after;
        }
        drop(found);
        ranked.sort_by_key(|(rank, _)| *rank);
        self.violations.extend(ranked.into_iter().map(|(_, violation)| violation));
    }

    fn missing(&mut self, field: &Field) {
        let found = self.violations.len();
        let (zh, en) = (field.doc.zh, field.doc.en);
        if field.rare().console {
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

/// An object that is being written from a struct which was generated with its fields: they come by their ranks, and a
/// value without a detour.
#[doc(hidden)]
pub struct Fields<'a> {
    walk: &'a mut Walk,
    open: &'a mut Open,
}

impl Fields<'_> {
    /// Whether the object is one of this shape.
    pub(crate) fn are_those_of(&self, shape: &Shape) -> bool {
        std::ptr::eq(self.open.shape, shape)
    }

    pub(crate) fn text(&mut self, rank: usize, name: &'static str, text: &str) -> ControlFlow<()> {
        self.field(rank, name, |walk, field| walk.text(field, text))
    }

    pub(crate) fn decimal(&mut self, rank: usize, name: &'static str, number: Decimal) -> ControlFlow<()> {
        self.field(rank, name, |walk, field| walk.number(field, number))
    }

    pub(crate) fn value(&mut self, rank: usize, name: &'static str, value: &dyn Source) -> ControlFlow<()> {
        self.field(rank, name, |walk, field| walk.value(field, value))
    }

    fn field(
        &mut self,
        rank: usize,
        name: &'static str,
        value: impl FnOnce(&mut Walk, &'static Field) -> Written,
    ) -> ControlFlow<()> {
        self.walk.known(self.open, rank, |out, follows| out.quoted_name(name, follows), value);
        self.walk.flow()
    }

    /// A member that stands in no field, though it may be called like one; all fields have come before.
    pub(crate) fn extra(&mut self, name: &str, value: &dyn Source) -> ControlFlow<()> {
        self.open.next = self.open.shape.fields.len();
        self.walk.member(self.open, name, value);
        self.walk.flow()
    }
}

/// What was found where a field should be.
#[derive(Clone, Copy, Eq, PartialEq)]
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
    /// A text or number.
    Text,
}

impl Seen {
    pub(super) fn holds_something(self) -> bool {
        matches!(self, Self::Something | Self::Text)
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

/// The fields of an object that is open, and what was found in them.
struct Siblings<'a> {
    fields: &'static [Field],
    seen: &'a [Seen],
    flat: &'a Flat,
    begun: (usize, usize),
}

impl Siblings<'_> {
    /// Whether a field that holds nothing must hold something.
    fn need(&self, field: &Field) -> bool {
        match (field.need, &field.rare().when) {
            (Need::No, _) => false,
            (Need::Yes, _) => true,
            // Without a sibling to decide, only what the console can hold is worth a word.
            (Need::If, None) => field.rare().console,
            (Need::If, Some(when)) => {
                let at = usize::from(when.at);
                match self.seen[at] {
                    Seen::Text => self.text(at).is_some_and(|text| when.holds(text)),
                    Seen::Something => has(when.is, "*"),
                    Seen::Not | Seen::Null | Seen::Blank | Seen::Empty => has(when.is, ""),
                }
            }
        }
    }

    /// A span that is longer than it may be or ends before it begins, the field of `rank` ending it, and its days.
    fn stretch(&self, span: &'static Span, rank: usize) -> Option<(&'static Span, i64)> {
        let days = day(self.text(rank)?)? - day(self.text(span.from.into())?)?;
        (days < 0 || span.days.is_some_and(|most| days > most.into())).then_some((span, days))
    }

    /// The text of a text or number, as it is written.
    fn text(&self, rank: usize) -> Option<&str> {
        let there = self.seen[rank] == Seen::Text;
        if there { self.flat.open_member(self.begun, self.fields[rank].name)?.written(&self.flat.text) } else { None }
    }
}

/// The place of `name` in the model; callers mostly follow its order, so the search starts at `next`.
fn place(fields: &[Field], name: &str, next: usize) -> Option<usize> {
    // Mostly it is the very next one.
    if fields.get(next).is_some_and(|field| field.name == name) {
        return Some(next);
    }
    let (before, after) = fields.split_at(next.min(fields.len()));
    let found = after.iter().position(|field| field.name == name).map(|at| at + before.len());
    found.or_else(|| before.iter().position(|field| field.name == name))
}

/// The known name that looks most like `name`, if any does.
fn nearest(fields: &[Field], name: &str) -> Option<&'static str> {
    let most = name.len().max(3) / 3;
    let (lower, length) = (name.to_ascii_lowercase(), name.chars().count());
    // What differs more in length differs more altogether.
    let like = fields.iter().filter(|field| field.name.len().abs_diff(length) <= most);
    let near = like.map(|field| (distance(&field.name.to_ascii_lowercase(), &lower), field.name.as_str())).min()?;
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
