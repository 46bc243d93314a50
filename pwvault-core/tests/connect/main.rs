//! Signing in to servers without seeing the secret, secrets of services, and whom settings shut out.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "tests"
)]

mod addresses;
mod excluded;
#[path = "../locked/mod.rs"]
mod locked;
mod pulled;
#[cfg(feature = "whm")]
mod server;
mod services;
mod sign_on;
#[cfg(feature = "whm")]
mod whm;
mod world;
