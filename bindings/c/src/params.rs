//! Params as JSON text in which a host marks what has no JSON form: `{"\u0000": "float"}`.

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
                Kind::Unfit(UNFIT.iter().find(|unfit| *unfit == what).unwrap_or(&"object"))
            }
            _ => self.0.kind(),
        }
    }

    fn items(&self, see: &mut dyn FnMut(&dyn Source)) {
        self.0.items().iter().for_each(|item| see(&Params(item)));
    }

    fn members(&self, see: &mut dyn FnMut(&str, &dyn Source)) {
        self.0.members().iter().for_each(|(name, value)| see(name, &Params(value)));
    }
}
