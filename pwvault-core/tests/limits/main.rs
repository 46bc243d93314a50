//! What settings limit, held on every path.
#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

#[path = "../host/mod.rs"]
mod host;
mod quota;
mod settings;
