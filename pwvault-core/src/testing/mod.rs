//! Test doubles, oracles and suites, for this crate and for what a host plugs into it (feature
//! `testing`). Nothing here belongs in a program that runs.

mod faulty_store;
mod fixed_clock;
mod memory_vault;
pub mod policy_oracle;
pub mod schedule_oracle;
pub mod store_conformance;

pub use faulty_store::{FaultyStore, When};
pub use fixed_clock::FixedClock;
pub use memory_vault::memory_vault;
