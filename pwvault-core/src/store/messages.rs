//! What this room says.

use super::error::StoreError;
use crate::model::{Arg, messages};

messages! { StoreError {
    Self::Conflict(key) => "store-conflict" [key = Arg::text(key)],
    Self::BadChangeSet { key, reason } => "store-bad-change-set" [key = Arg::text(key), reason = Arg::prose(*reason)],
    Self::BadQuery(reason) => "store-bad-query" [reason = Arg::prose(*reason)],
    Self::TooLarge { what, length, max } => "store-too-large" [what = Arg::prose(*what), length, max],
    Self::BadAnswer(reason) => "store-bad-answer" [reason = Arg::prose(*reason)],
    Self::Busy => "store-busy",
    Self::ReadOnly => "store-read-only",
    Self::Full => "store-full",
    Self::NotAStore(path) => "store-not-a-store" [path = Arg::text(path.display())],
    Self::NoFile(path) => "store-no-file" [path = Arg::text(path.display())],
    Self::NewerSchema { found, supported } => "store-newer-schema" [found, supported],
    Self::Damaged(_) => "store-damaged",
    Self::Io(_) => "store-io",
    Self::Backend(_) => "store-backend",
} }
