//! The sets of codes that fields are made of.
