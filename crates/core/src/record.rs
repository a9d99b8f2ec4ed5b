//! The macro behind the generated structs: plain fields, read from JSON and walked when a body is written.

/// Defines a struct of `Option` and `Vec` fields together with its names on the wire.
///
/// Every struct has one more field, `extra`: members that the model does not know, or whose value does not fit its
/// type. They are kept when read and sent when written.
macro_rules! record {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
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
                let mut record = Self::default();
                for (name, value) in json.into_members()? {
                    let kept = match name.as_str() {
                        $( $wire => match crate::json::FromJson::from_json(value) {
                            Ok(value) => {
                                record.$field = value;
                                None
                            }
                            Err(value) => Some(value),
                        }, )*
                        _ => Some(value),
                    };
                    record.extra.extend(kept.map(|value| (name, value)));
                }
                Ok(record)
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
        }
    };
}

pub(crate) use record;
