//! The log through its capability: what is logged, read, exported, removed and copied away.
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

mod checkpoints;
mod exporting;
mod faults;
mod pruning;
mod reading;
mod world;
