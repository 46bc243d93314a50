//! People of a host without a user base, and one-time codes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

#[path = "../host/mod.rs"]
mod host;
mod one_time_codes;
