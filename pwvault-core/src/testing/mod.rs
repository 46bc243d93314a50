//! Test doubles and oracles, for this crate and for hosts (feature `testing`).

pub mod policy_oracle;
