//! What can go wrong in a store. Imports nothing from above; its messages hold ids, never bodies.

use std::error::Error;
use std::io;
use std::path::PathBuf;

use super::record::RecordKey;

/// A store's refusal or failure.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A record is not at the revision the change set expected. Nothing was written.
    #[error("{0} is not at the revision expected; read it again and decide anew")]
    Conflict(RecordKey),
    /// A change set that contradicts itself or the contract. Nothing was written.
    #[error("the change set is refused for {key}: {reason}")]
    BadChangeSet {
        /// The first key refused.
        key: RecordKey,
        /// What would be right.
        reason: &'static str,
    },
    /// A query no store answers.
    #[error("the query is refused: {0}")]
    BadQuery(&'static str),
    /// Over a limit of the contract. Nothing was written.
    #[error("{what}: {length} is over the limit of {max}")]
    TooLarge {
        /// What was counted, with its unit.
        what: &'static str,
        /// How much there was.
        length: usize,
        /// How much there may be.
        max: usize,
    },
    /// An answer that does not belong to the question: the store is broken, or lies.
    #[error("the store's answer is refused: {0}")]
    BadAnswer(&'static str),
    /// Another writer held the database for longer than the store waits.
    #[error("the database stayed locked by another writer for longer than the busy timeout; try again")]
    Busy,
    /// The database cannot be written.
    #[error("the database is read-only; the file and its directory must be writable")]
    ReadOnly,
    /// No room for the change set. Nothing was written.
    #[error("the database or its disk is full; make room and try again")]
    Full,
    /// The file is something else.
    #[error("the file {} is no vault store; give the path of a vault store or one where no file is yet", .0.display())]
    NotAStore(PathBuf),
    /// There is no file, where one must be.
    #[error("there is no file {}; give the path of a vault store, or create one", .0.display())]
    NoFile(PathBuf),
    /// Written by a newer version of the library.
    #[error("the store has schema {found}, this library knows schemas up to {supported}; use a newer library")]
    NewerSchema {
        /// Schema of the store.
        found: u32,
        /// The newest schema this library knows.
        supported: u32,
    },
    /// The database holds what no store wrote, or lacks a part.
    #[error("the database is damaged; restore it from a backup")]
    Damaged(#[source] Box<dyn Error + Send + Sync>),
    /// The file system failed.
    #[error("the file system failed; see the cause")]
    Io(#[source] io::Error),
    /// The backend failed.
    #[error("the database failed; see the cause")]
    Backend(#[source] Box<dyn Error + Send + Sync>),
}

impl StoreError {
    /// A failure of the backend, with its cause.
    pub fn backend(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Backend(cause.into())
    }

    /// Damage found while reading, with its cause.
    pub fn damaged(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Damaged(cause.into())
    }
}
