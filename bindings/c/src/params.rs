//! Params as JSON text in which a host marks what has no JSON form: `{"\u0000": "float"}`.

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

/// Params in which marks count.
pub(crate) struct Params<'a>(pub(crate) &'a Json);

impl Source for Params<'_> {
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
        self.0.items().iter().try_for_each(|item| see(&Params(item)))
    }

    fn members(&self, see: &mut dyn FnMut(&str, &dyn Source) -> ControlFlow<()>) -> ControlFlow<()> {
        self.0.members().iter().try_for_each(|(name, value)| see(name, &Params(value)))
    }
}
