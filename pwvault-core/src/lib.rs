//! An embeddable password vault: sealed entries, encryption keys, sharing rules and a
//! tamper-evident log, over the database a host already runs.
//!
//! A [`VaultBuilder`] creates or opens a [`Vault`] in a [`store`]; a [`Session`] of a [`Principal`]
//! does what the capability traits say: `use pwvault_core::vault::prelude::*`. Each trait in
//! [`vault`] has an example, and `examples/src/bin/quickstart/` goes the whole way.
#![forbid(unsafe_code)]

// F0
pub mod clock;
mod document;
pub mod id;
pub mod secret;
// F1
pub mod model;
// F2
pub mod connect;
pub mod crypto;
#[cfg(feature = "csv")]
pub mod csv;
pub mod generate;
pub mod notify;
pub mod otp;
pub mod policy;
pub mod schedule;
pub mod store;
pub mod translate;
// F3
pub mod audit;
pub mod envelope;
pub mod index;
// F4
pub mod directory;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod vault;

pub use clock::{Clock, SystemClock, Timestamp};
pub use id::{AdminId, ClientId, EntryId, KeyId, RoleId, UserId, VaultId};
pub use model::{Action, Actions, EntryDraft, EntryPatch, Grantee, KekId, Owner, Principal, RequestContext};
pub use policy::GrantChange;
pub use secret::{SecretBytes, SecretString};
pub use vault::{KekFile, KekRing, Session, Vault, VaultBuilder, VaultError};

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
