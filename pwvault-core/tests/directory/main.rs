//! People of a host without a user base, how they sign in, and one-time codes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
#![allow(unreachable_pub, reason = "one test, many files")]

mod faults;
#[path = "../host/mod.rs"]
mod host;
mod invite_mail;
mod inviting;
mod managing;
mod names;
mod one_time_codes;
mod own_sign_in;
mod races;
mod signing_in;
mod traces;
mod world;
