//! The platform as data.

pub mod codes;
pub mod enums;
pub mod platform;

use crate::model::Method;

pub(crate) static METHODS: &[&Method] = &[];
