//! Params as JSON text in which a host marks what has no JSON form, such as `{"\u0000": "float"}`. Few hold any: the text
//! of those that do begins with a zero byte.

use std::ops::ControlFlow;

use nnopen_ffi::{Json, Kind, Source};

/// What a host can mark, by the names that the other bindings use.
const UNFIT: &[&str] = &[
    "float",
    "object",
    "resource",
    "string that is not UTF-8",
    "member whose name is not UTF-8",
    "array that contains itself",
];

/// What such a text begins with, as no JSON does.
pub(crate) const BEGIN: char = '\0';

/// Params in which marks count.
pub(crate) struct Marked<'a>(pub(crate) &'a Json);

impl Source for Marked<'_> {
    fn kind(&self) -> Kind<'_> {
        match self.0.members() {
            [(name, Json::Text(what))] if name == "\0" => {
                let known = UNFIT.iter().find(|unfit| *unfit == what);
                Kind::Unfit((*known.unwrap_or(&"object")).into())
            }
            _ => self.0.kind(),
        }
    }

    fn items(&self, see: &mut dyn FnMut(&dyn Source) -> ControlFlow<()>) -> ControlFlow<()> {
        self.0.items().iter().try_for_each(|item| see(&Marked(item)))
    }

    fn members(&self, see: &mut dyn FnMut(&str, &dyn Source) -> ControlFlow<()>) -> ControlFlow<()> {
        self.0.members().iter().try_for_each(|(name, value)| see(name, &Marked(value)))
    }
}
