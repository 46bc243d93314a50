//! What follows when clients, services, tickets, administrators and roles go.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod bindings;
mod faults;
mod host_events;
#[path = "../locked/mod.rs"]
mod locked;
mod random;
mod report;
mod subjects;
mod world;
