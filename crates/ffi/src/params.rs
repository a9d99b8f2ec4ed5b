//! Params given as JSON text, walked where they stand: no tree of them is built first.

mod reader;

use std::borrow::Cow;
use std::ops::ControlFlow;

use nnopen::{Json, Kind, Source};

use crate::Failure;
pub(crate) use reader::plain;
use reader::{Is, Node, Reader};

/// Params as JSON text: read once, and shown from there.
#[derive(Debug)]
pub struct Params<'a> {
    text: &'a str,
    /// Each value, before those within it; a member's name before its value.
    nodes: Vec<Node>,
    floats: bool,
}

impl<'a> Params<'a> {
    /// Reads params; a byte order mark before them is skipped.
    pub fn read(text: &'a str) -> Result<Self, Failure> {
        Self::with(text, false)
    }

    /// As [`Params::read`], of a host whose numbers are floats: whole ones are taken where no money is meant, others
    /// nowhere.
    pub fn floats(text: &'a str) -> Result<Self, Failure> {
        Self::with(text, true)
    }

    pub(crate) fn with(text: &'a str, floats: bool) -> Result<Self, Failure> {
        let json = text.strip_prefix('\u{feff}').unwrap_or(text);
        if u32::try_from(json.len()).is_ok()
            && let Some(nodes) = Reader::nodes(json)
        {
            return Ok(Self { text: json, nodes, floats });
        }
        // What is wrong, and where, is told by the core's own reader.
        Json::parse_params(text)?;
        Err(Failure::usage("the params are too long"))
    }

    fn value(&self, at: usize) -> Value<'_> {
        Value { params: self, at }
    }
}

impl Source for Params<'_> {
    fn kind(&self) -> Kind<'_> {
        self.value(0).told()
    }

    fn items(&self, see: &mut dyn FnMut(&dyn Source) -> ControlFlow<()>) -> ControlFlow<()> {
        self.value(0).items(see)
    }

    fn members(&self, see: &mut dyn FnMut(&str, &dyn Source) -> ControlFlow<()>) -> ControlFlow<()> {
        self.value(0).members(see)
    }
}

/// One value of the params.
#[derive(Clone, Copy)]
struct Value<'a> {
    params: &'a Params<'a>,
    at: usize,
}

impl<'a> Value<'a> {
    #[inline]
    fn node(self) -> Node {
        self.params.nodes[self.at]
    }

    /// As it is written.
    #[inline]
    fn token(self) -> &'a str {
        let node = self.node();
        &self.params.text[node.start as usize..node.end as usize]
    }

    #[inline]
    fn text(self) -> Cow<'a, str> {
        if self.node().is != Is::Escaped {
            return self.token().into();
        }
        match Json::parse(&format!("\"{}\"", self.token())) {
            Ok(Json::Text(text)) => text.into(),
            _ => self.token().into(),
        }
    }

    fn told(self) -> Kind<'a> {
        match self.node().is {
            Is::Null => Kind::Null,
            Is::True => Kind::Bool(true),
            Is::False => Kind::Bool(false),
            Is::Number if !self.params.floats => Kind::Number(self.token().into()),
            Is::Number if is_whole(self.token()) => Kind::Whole(self.token().into()),
            Is::Number => Kind::Unfit("float".into()),
            Is::Text | Is::Escaped => Kind::Text(self.text()),
            Is::List => Kind::List,
            Is::Object => Kind::Object,
        }
    }

    fn is(self, is: Is) -> bool {
        self.node().is == is
    }

    /// What stands within it, a member's name and value one after the other.
    fn within(self) -> impl Iterator<Item = Value<'a>> {
        let (mut at, end) = (self.at + 1, self.node().next as usize);
        std::iter::from_fn(move || {
            let value = (at < end).then(|| self.params.value(at))?;
            at = value.node().next as usize;
            Some(value)
        })
    }
}

impl Source for Value<'_> {
    fn kind(&self) -> Kind<'_> {
        self.told()
    }

    fn items(&self, see: &mut dyn FnMut(&dyn Source) -> ControlFlow<()>) -> ControlFlow<()> {
        self.within().filter(|_| self.is(Is::List)).try_for_each(|item| see(&item))
    }

    fn members(&self, see: &mut dyn FnMut(&str, &dyn Source) -> ControlFlow<()>) -> ControlFlow<()> {
        if !self.is(Is::Object) {
            return ControlFlow::Continue(());
        }
        let mut within = self.within();
        while let (Some(name), Some(value)) = (within.next(), within.next()) {
            see(&name.text(), &value)?;
        }
        ControlFlow::Continue(())
    }
}

/// Beyond this a float skips whole numbers.
const BIGGEST_WHOLE: u64 = (1 << 53) - 1;

fn is_whole(token: &str) -> bool {
    token.strip_prefix('-').unwrap_or(token).parse().is_ok_and(|number: u64| number <= BIGGEST_WHOLE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a source shows, as a tree.
    fn tree(source: &dyn Source) -> Json {
        match source.kind() {
            Kind::Bool(value) => Json::Bool(value),
            Kind::Number(token) => Json::Number(token.into()),
            Kind::Text(text) => Json::Text(text.into()),
            Kind::List => {
                let mut items = Vec::new();
                let _ = source.items(&mut |item| {
                    items.push(tree(item));
                    ControlFlow::Continue(())
                });
                Json::List(items)
            }
            Kind::Object => {
                let mut members = Vec::new();
                let _ = source.members(&mut |name, value| {
                    members.push((name.to_owned(), tree(value)));
                    ControlFlow::Continue(())
                });
                Json::Object(members)
            }
            _ => Json::Null,
        }
    }

    fn shown_as_the_core_reads_it(text: &str) {
        match (Params::read(text), Json::parse_params(text)) {
            (Ok(params), Ok(json)) => assert_eq!(tree(&params), json, "{text}"),
            (Err(failure), Err(error)) => assert_eq!(failure, error.into(), "{text}"),
            (ours, theirs) => panic!("{text}: {ours:?} beside {theirs:?}"),
        }
    }

    #[test]
    fn what_is_json_is_shown_and_nothing_else() {
        let deep = |levels| "[".repeat(levels) + &"]".repeat(levels);
        let (enough, too_many) = (deep(129), deep(130));
        let texts = [
            "",
            " ",
            "{",
            "[",
            "\"",
            "{]",
            "[1,]",
            "{\"a\":1,}",
            "{\"a\"}",
            "{a:1}",
            "01",
            "-",
            "1.",
            ".5",
            "+1",
            "1e",
            "tru",
            "nul",
            "1 2",
            "{} x",
            "NaN",
            "'a'",
            "[1 2]",
            "\u{feff}{}",
            "\u{feff}\u{feff}{}",
            " \t\r\n{ } ",
            "[ ]",
            "{\"a\":[],\"b\":{},\"a\":[[1],{\"c\":null}]}",
            "-0.0e+5",
            "-1E-5",
            "20190801120207971529",
            "\"\\ud800\"",
            "\"\\ud800\\u0041\"",
            "\"\\udc00\"",
            "\"\\ud83d\\ude00\"",
            "\"\\u12g4\"",
            "\"\\u+123\"",
            "\"\\u12\"",
            "\"\\x\"",
            "\"\n\"",
            "\"\\",
            "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"",
            "{\"\\u0061\\n\":true}",
            "\"seven77\"",
            "\"eight888\"",
            "\"nine99999\"",
            "\"\u{7f}\u{80}示例\u{10ffff}\"",
            "\"1234567\u{1f}\"",
            &enough,
            &too_many,
        ];
        texts.iter().for_each(|text| shown_as_the_core_reads_it(text));
    }

    #[test]
    fn floats_that_are_whole_are_known_to_be() {
        let told = |text| match Params::floats(text).unwrap().kind() {
            Kind::Whole(token) => token.into_owned(),
            Kind::Unfit(what) => what.into_owned(),
            other => panic!("{other:?}"),
        };
        for whole in ["0", "-7", "9007199254740991"] {
            assert_eq!(told(whole), whole);
        }
        for float in ["0.5", "1e3", "9007199254740992", "-1.0"] {
            assert_eq!(told(float), "float");
        }
    }

    fn any_json() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::Bool),
            any::<i64>().prop_map(Json::from),
            any::<String>().prop_map(Json::Text),
        ];
        leaf.prop_recursive(5, 60, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Json::List),
                prop::collection::vec((any::<String>(), inner), 0..6).prop_map(Json::Object),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_value_is_shown_as_it_is(json in any_json()) {
            prop_assert_eq!(tree(&Params::read(&json.to_string()).unwrap()), json);
        }

        #[test]
        fn any_text_is_read_or_refused_as_by_the_core(text in "\\PC{0,40}|[\\[\\]{}\",:0-9a-u\\\\. eE+-]{0,40}") {
            shown_as_the_core_reads_it(&text);
        }

        #[test]
        fn any_string_is_read_or_refused_as_by_the_core(text in "\"(\\\\u[dD][89abcdef0][0-9a-f]{2}|\\\\.|[a-c示\"]){0,12}\"") {
            shown_as_the_core_reads_it(&text);
        }
    }
}
