//! Records in a database. Owns the contract every store keeps and the stores that come with the
//! library; knows ids, labels and opaque bytes, and must not know of entries, keys or rules.
//!
//! A host writes a store over its own database layer by implementing [`Store`];
//! [`ChangeSet::check`], [`Query::check`] and [`Query::range`] do the parts every store shares, and
//! the conformance suite (feature `testing`) tells what is wrong with it.

mod change;
mod checked;
mod error;
mod memory;
mod messages;
mod query;
mod record;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::sync::Arc;

pub use change::{CHANGES_MAX, ChangeSet, Expect, Write};
pub use checked::CheckedStore;
pub use error::StoreError;
pub use memory::MemoryStore;
pub use query::{Order, Page, QUERY_LABELS_MAX, Query, Rows, Want};
pub use record::{BODY_MAX, LABELS_MAX, Label, REVISION_MAX, Record, RecordKey};
#[cfg(feature = "sqlite")]
pub use sqlite::{SqliteOptions, SqliteStore};

/// What a store says of itself.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StoreInfo {
    /// Name of the backend, such as `memory` or `sqlite`.
    pub backend: String,
    /// Version of the schema the store works with.
    pub schema: u32,
    /// Whether a commit that returned survives the end of the process and of power.
    pub durable: bool,
    /// Whether commits that touch different records can run at the same time. Where they cannot,
    /// spreading hot records over shards gains nothing.
    pub parallel_commits: bool,
}

/// A database of records.
///
/// # Contract
/// - Every method may be called from several threads at once. A store calls nothing back.
/// - Each call sees one consistent snapshot: all of a commit or nothing of it.
/// - A commit that returned `Ok` is seen by every later call, from every process.
/// - Vaults are separate: no call for one vault sees or changes a record of another.
/// - A store keeps bodies and labels byte for byte and reads nothing out of them.
/// - After an error other than [`StoreError::Conflict`], [`StoreError::BadChangeSet`] and
///   [`StoreError::TooLarge`], a commit may have happened or not, but never in part.
pub trait Store: Send + Sync {
    /// Reads records by key, in the order asked; absent ones as `None`. A key asked twice is
    /// answered twice.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    fn load(&self, keys: &[RecordKey]) -> Result<Vec<Option<Record>>, StoreError>;

    /// Reads one page of the records of a kind, by id.
    ///
    /// A page holds at most `query.limit` rows. It may hold fewer while [`Page::next`] is set, but
    /// then holds at least one. Following `next` to its end gives every record that was there
    /// throughout exactly once.
    ///
    /// # Errors
    /// [`StoreError::BadQuery`] and [`StoreError::TooLarge`] as [`Query::check`] says; others when
    /// the database cannot be read.
    fn scan(&self, query: &Query) -> Result<Page, StoreError>;

    /// Applies all of a change set or nothing of it.
    ///
    /// Every expectation is compared with the state before the change set. Asserted records must
    /// stay as expected until the commit is done: a store under which another writer could slip in
    /// between locks them.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] with the first key that differs (asserts, then writes, then
    /// deletes, each in the order given); [`StoreError::BadChangeSet`] and
    /// [`StoreError::TooLarge`] as [`ChangeSet::check`] says; others when the database cannot be
    /// written.
    fn commit(&self, changes: &ChangeSet) -> Result<(), StoreError>;

    /// What the store is and can do.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be read.
    fn info(&self) -> Result<StoreInfo, StoreError>;
}

impl<S: Store + ?Sized> Store for Arc<S> {
    fn load(&self, keys: &[RecordKey]) -> Result<Vec<Option<Record>>, StoreError> {
        (**self).load(keys)
    }

    fn scan(&self, query: &Query) -> Result<Page, StoreError> {
        (**self).scan(query)
    }

    fn commit(&self, changes: &ChangeSet) -> Result<(), StoreError> {
        (**self).commit(changes)
    }

    fn info(&self) -> Result<StoreInfo, StoreError> {
        (**self).info()
    }
}
