//! Signing in to servers without seeing the secret.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "tests"
)]

#[cfg(feature = "whm")]
mod server;
#[cfg(feature = "whm")]
mod whm;
