//! Access review: rules that look wrong, presets, who can, what can, dry runs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

#[path = "../host/mod.rs"]
mod host;
mod preview;
mod random;
mod rules;
mod who;
mod world;
