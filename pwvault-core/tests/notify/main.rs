//! Templates and translations of a vault, and mail over a real SMTP server.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "tests"
)]

#[path = "../host/mod.rs"]
mod host;
#[cfg(feature = "smtp")]
mod smtp;
mod templates;
mod translations;
