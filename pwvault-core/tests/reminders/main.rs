//! Reminders, the outbox and scheduled work, through the public interface.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, unreachable_pub, reason = "tests")]

#[path = "../host/mod.rs"]
mod host;

mod due;
mod faults;
mod notices;
mod outbox;
#[cfg(feature = "sqlite")]
mod processes;
mod world;
