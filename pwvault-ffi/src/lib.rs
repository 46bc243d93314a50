//! The language boundary of pwvault: one shared library for every language.
//!
//! What a session or a vault can do is a table of operations (`ops/`), each with a name, its arguments
//! as one JSON document, and its result as another. Secrets never stand in a document: it says
//! `{"$secret": 0}`, and the secret travels beside it as bytes of its own. `c/` is the C ABI over the
//! table, and holds all unsafe code of the project, but for `alloc`, one call in `fork`, and what uniffi
//! writes for `api/`, the same as objects. `hosts/` is what a host answers. README.md states the contract.

#[cfg(test)]
extern crate self as pwvault;

mod alloc;
pub mod api;
pub mod c;
mod description;
mod fault;
mod fork;
mod handles;
pub mod hosts;
mod open;
pub mod ops;
#[cfg(test)]
mod tests;

pub use description::description;
pub use fault::{Code, Fault};
pub use handles::{Handles, guarded};
pub use open::{begin, open, open_with};

/// The version of this library.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

uniffi::setup_scaffolding!();
