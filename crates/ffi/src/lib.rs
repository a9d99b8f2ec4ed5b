//! The one face that bindings see.
