//! Tests of the policy: one named case for each rule, the naive oracle, properties, vectors.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod capabilities;
mod differential;
mod entries;
mod exclusion;
mod explanations;
mod fixture;
mod keys;
mod lint;
mod panel;
mod properties;
mod sections;
mod servers;
mod sharing;
mod vectors;
