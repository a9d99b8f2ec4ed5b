//! The macro behind the generated structs: plain fields, read from JSON and walked when a body is written.

/// Defines a struct of `Option` and `Vec` fields together with its names on the wire.
///
/// Every struct has one more field, `extra`: members that the model does not know, or whose value does not fit its
/// type. They are kept when read and sent when written. A struct that is sent names its shape, whose fields are its own,
/// rank for rank.
macro_rules! record {
    (
        $(#[$meta:meta])*
        pub struct $name:ident $(: $shape:ident)? {
            $( $(#[$field_meta:meta])* $field:ident: $type:ty = $wire:literal, )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            $( $(#[$field_meta])* pub $field: $type, )*
            /// Members that the model does not know, in their order; sent after the others.
            pub extra: Vec<(String, crate::json::Json)>,
        }

        impl crate::json::FromJson for $name {
            fn from_json(json: crate::json::Json) -> Result<Self, crate::json::Json> {
                const NAMES: &[&str] = &[$( $wire ),*];
                let mut record = Self::default();
                let mut next = 0;
                for (name, value) in json.into_members()? {
                    let place = crate::record::place(NAMES, &name, next);
                    next = place.map_or(next, |place| place + 1);
                    let rank = 0;
                    $(
                        if place == Some(rank) {
                            match crate::json::FromJson::from_json(value) {
                                Ok(value) => record.$field = value,
                                Err(value) => record.extra.push((name, value)),
                            }
                            continue;
                        }
                        let rank = rank + 1;
                    )*
                    let _ = rank;
                    record.extra.push((name, value));
                }
                Ok(record)
            }

            fn fits(json: &crate::json::Json) -> bool {
                json.has_members()
            }
        }

        impl crate::source::Source for $name {
            fn kind(&self) -> crate::source::Kind<'_> {
                crate::source::Kind::Object
            }

            fn members(
                &self,
                see: &mut dyn FnMut(&str, &dyn crate::source::Source) -> std::ops::ControlFlow<()>,
            ) -> std::ops::ControlFlow<()> {
                $( crate::source::Member::show(&self.$field, $wire, see)?; )*
                self.extra.iter().try_for_each(|(name, value)| see(name, value))
            }

            fn fields(&self, fields: &mut crate::body::Fields<'_>) -> bool {
                const SHAPE: Option<&crate::model::Shape> = [$( Some(&$shape), )? None][0];
                if !SHAPE.is_some_and(|shape| fields.are_those_of(shape)) {
                    return false;
                }
                let mut write = || {
                    let rank = 0;
                    $(
                        crate::source::Member::write(&self.$field, rank, concat!(",\"", $wire, "\":"), fields)?;
                        let rank = rank + 1;
                    )*
                    let _ = rank;
                    self.extra.iter().try_for_each(|(name, value)| fields.extra(name, value))
                };
                let _ = write();
                true
            }
        }

        impl crate::source::Leaf for $name {}
    };
}

/// The place of `name` among `names`; answers mostly follow the model's order, so the search starts at `next`.
pub(crate) fn place(names: &[&str], name: &str, next: usize) -> Option<usize> {
    // Mostly it is the very next one.
    if names.get(next).is_some_and(|other| *other == name) {
        return Some(next);
    }
    let (before, after) = names.split_at(next.min(names.len()));
    let found = after.iter().position(|other| *other == name).map(|at| at + before.len());
    found.or_else(|| before.iter().position(|other| *other == name))
}

pub(crate) use record;
