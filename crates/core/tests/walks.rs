//! Whatever a host shows as params, a walk over them ends, and tells where and why.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::cell::Cell;
use std::ops::ControlFlow;

use nnopen::{Document, ErrorKind, Json, Kind, Method, Source, Violation, order};

const ISSUE: &str = "nuonuo.OpeMplatform.requestBillingNew";

/// An object that holds itself so many times, and counts how often it is looked at.
struct Cycle<'a> {
    times: usize,
    looks: &'a Cell<usize>,
}

impl Source for Cycle<'_> {
    fn kind(&self) -> Kind<'_> {
        self.looks.set(self.looks.get() + 1);
        Kind::Object
    }

    fn members(&self, see: &mut dyn FnMut(&str, &dyn Source) -> ControlFlow<()>) -> ControlFlow<()> {
        (0..self.times).try_for_each(|at| see(&format!("m{at}"), self))
    }
}

/// A list without an end, at the end of a chain of objects.
struct Endless {
    depth: usize,
}

impl Source for Endless {
    fn kind(&self) -> Kind<'_> {
        if self.depth == 0 { Kind::List } else { Kind::Object }
    }

    fn items(&self, see: &mut dyn FnMut(&dyn Source) -> ControlFlow<()>) -> ControlFlow<()> {
        loop {
            see(&Json::from("x"))?;
        }
    }

    fn members(&self, see: &mut dyn FnMut(&str, &dyn Source) -> ControlFlow<()>) -> ControlFlow<()> {
        see("in", &Endless { depth: self.depth - 1 })
    }
}

/// An object without an end, of one link and nothing else.
struct Unbounded;

impl Source for Unbounded {
    fn kind(&self) -> Kind<'_> {
        Kind::Object
    }

    fn members(&self, see: &mut dyn FnMut(&str, &dyn Source) -> ControlFlow<()>) -> ControlFlow<()> {
        see("pdfUrl", &Json::from("https://inv.example.com/1.pdf"))?;
        loop {
            see("x", &Json::from("y"))?;
        }
    }
}

/// Params with one member.
struct With<'a>(&'static str, &'a dyn Source);

impl Source for With<'_> {
    fn kind(&self) -> Kind<'_> {
        Kind::Object
    }

    fn members(&self, see: &mut dyn FnMut(&str, &dyn Source) -> ControlFlow<()>) -> ControlFlow<()> {
        see(self.0, self.1)
    }
}

struct Unfit(&'static str);

impl Source for Unfit {
    fn kind(&self) -> Kind<'_> {
        Kind::Unfit(self.0.to_owned().into())
    }
}

fn faults(params: &dyn Source) -> Vec<Violation> {
    let method = Method::find(ISSUE).unwrap();
    let found: Vec<_> = method.check(params).into_iter().filter(Violation::is_error).collect();
    assert_eq!(method.body(params).unwrap_err().kind(), ErrorKind::Input);
    found
}

#[test]
fn an_object_that_leads_to_itself_is_told_once_and_looked_at_a_few_times() {
    for times in [1, 2, 1000] {
        let looks = Cell::new(0);
        let cycle = Cycle { times, looks: &looks };
        for params in [&cycle as &dyn Source, &With("order", &cycle), &With("extra", &cycle)] {
            let found = faults(params);
            let deep: Vec<_> = found.iter().filter(|fault| fault.rule == "depth").collect();
            assert_eq!(deep.len(), 1);
            assert!(deep[0].path.ends_with("m0.m0.m0"), "{}", deep[0].path);
            assert!(deep[0].message_en.contains("nested too deep"), "{}", deep[0].message_en);
        }
        assert!(looks.get() < 1000, "looked at {} times", looks.get());
        let error = (&cycle as &dyn Source).to_json().unwrap_err();
        assert_eq!((error.kind(), error.violations()[0].rule), (ErrorKind::Input, "depth"));
    }
}

#[test]
fn a_list_without_an_end_ends_the_walk_with_its_path() {
    for depth in [0, 40] {
        let found = faults(&With("extra", &Endless { depth }));
        let path = format!("extra{}[", ".in".repeat(depth));
        assert_eq!(found.len(), 1);
        assert!(found[0].path.starts_with(&path), "{}", found[0].path);
        assert_eq!(found[0].rule, "size");
    }
    let error = (&Endless { depth: 3 } as &dyn Source).to_json().unwrap_err();
    assert!(error.violations()[0].path.starts_with("in.in.in["));
    assert_eq!(order::check(&Endless { depth: 3 })[0].rule, "size");
}

#[test]
fn a_body_is_not_longer_than_sixteen_mebibytes() {
    let long = Json::Text("x".repeat(17 << 20));
    let found = faults(&With("extra", &long));
    assert!(found.iter().any(|fault| fault.rule == "size"), "{found:?}");
    // Nor has a member a name without end.
    let name = "n".repeat(40_000);
    let found = faults(&Json::Object(vec![(name, Json::Null), ("order".to_owned(), Json::Null)]));
    assert_eq!(found[0].rule, "size");
}

#[test]
fn a_value_without_a_form_is_told_in_a_sentence() {
    let line = |value: Unfit| {
        let found = faults(&With("order", &With("invoiceDetail", &List(&With("price", &value)))));
        let fault = found.into_iter().find(|fault| fault.path.ends_with("[0].price")).unwrap();
        (fault.message, fault.message_en)
    };
    let (zh, en) = line(Unfit("float"));
    assert_eq!(zh, "应当是精确的小数（如 \"0.13\"），而不是 float");
    assert_eq!(en, "must be an exact decimal such as \"0.13\", not a float");
    assert!(line(Unfit("int out of range")).1.ends_with(", not an int out of range"));
    let error = order::fill(&With("price", &Unfit("float"))).unwrap_err();
    assert_eq!((error.violations()[0].path.as_str(), error.violations()[0].rule), ("order.price", "type"));
}

#[test]
fn a_value_of_megabytes_is_not_told_whole() {
    let long = Json::Text("一".repeat(1 << 20));
    let order = With("invoiceDetail", &List(&With("price", &long)));
    let found = faults(&With("order", &order));
    let error = order::totals(&order).unwrap_err();
    let told = found.iter().chain(error.violations());
    let told: Vec<_> = told.filter(|fault| fault.path == "order.invoiceDetail[0].price").collect();
    assert!(told.len() >= 2, "{}", told.len());
    for fault in told {
        assert!(fault.message.chars().count() < 1000 && fault.message_en.chars().count() < 1000, "{}", fault.rule);
    }
    assert!(error.to_string().len() < 10_000);
}

/// A list of one.
struct List<'a>(&'a dyn Source);

impl Source for List<'_> {
    fn kind(&self) -> Kind<'_> {
        Kind::List
    }

    fn items(&self, see: &mut dyn FnMut(&dyn Source) -> ControlFlow<()>) -> ControlFlow<()> {
        see(self.0)
    }
}

#[test]
fn the_search_for_an_invoice_s_files_ends() {
    let files = Document::all(&Unbounded);
    assert_eq!(files.iter().map(|file| file.url.as_str()).collect::<Vec<_>>(), ["https://inv.example.com/1.pdf"]);
}
