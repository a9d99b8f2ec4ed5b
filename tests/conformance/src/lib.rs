//! Plays the shared vectors.
