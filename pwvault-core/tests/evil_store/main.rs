//! Attacks on a vault by whoever holds its database, by the rows of the threat model. Every attack is
//! counted; what is found by nobody is asserted too, so that no promise is made for it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
#![allow(clippy::type_complexity, reason = "tables of cases")]

#[path = "../evil/mod.rs"]
mod evil;
#[path = "../locked/mod.rs"]
mod locked;

mod ciphers;
mod edits;
mod lies;
mod links;
mod revocation;
mod rollback;
mod swaps;
