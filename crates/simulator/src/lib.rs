//! A local simulator of the platform.
