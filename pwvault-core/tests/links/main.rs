//! Links that hand over a secret, and requests for credentials that a client fills in.
#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod evil;
mod faults;
#[path = "../locked/mod.rs"]
mod locked;
mod making;
mod notices;
mod opening;
mod races;
mod requests;
mod stored;
mod world;
