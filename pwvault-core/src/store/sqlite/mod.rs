//! The embedded store: one SQLite file in WAL mode, each commit synced to disk before it returns.
//!
//! Knows SQL and the file; the bytes it keeps mean nothing to it. Processes may share the file on a
//! local disk; WAL mode does not work over a network file system.

mod error;
mod open;
mod pool;
mod read;
mod schema;
mod write;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use rusqlite::Connection;

use self::pool::Pool;
use super::{ChangeSet, Page, Query, Record, RecordKey, Store, StoreError, StoreInfo};

/// How a [`SqliteStore`] behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SqliteOptions {
    /// How long to wait for another process's lock before [`StoreError::Busy`]. Default: 5 seconds.
    pub busy_timeout: Duration,
    /// The most connections open at once in this process, at least 1; further calls wait. Default: 8.
    pub connections: usize,
    /// The most bytes the database may grow to, rounded down to whole pages; beyond it commits
    /// fail with [`StoreError::Full`]. Default: no limit.
    pub max_bytes: Option<u64>,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self { busy_timeout: Duration::from_secs(5), connections: 8, max_bytes: None }
    }
}

/// Records in one SQLite file.
///
/// Calls from several threads run side by side, commits one after the other.
///
/// # Forks
/// A child process may go on using a store it inherited: the first call there lets the parent's
/// connections go and opens its own. Fork only while no other thread is inside the store, else every call
/// in the child fails with [`StoreError::Backend`]; and have no second store open on the same file: SQLite
/// would think locks held that the child has not.
pub struct SqliteStore {
    path: PathBuf,
    options: SqliteOptions,
    pool: RwLock<Arc<Pool>>,
}

impl SqliteStore {
    /// Opens the store at `path`, made new (mode 0600) if there is no file.
    ///
    /// # Errors
    /// [`StoreError::NotAStore`] when the file is something else, which is then left as it is;
    /// [`StoreError::NewerSchema`] when a newer library wrote it; [`StoreError::ReadOnly`] when the
    /// file or its directory cannot be written; [`StoreError::Damaged`] when it is broken;
    /// [`StoreError::Busy`] when another process holds it for too long; [`StoreError::Io`] and
    /// [`StoreError::Backend`] for other failures.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::open_with(path, SqliteOptions::default())
    }

    /// Opens the store at `path` with options of its own.
    ///
    /// # Errors
    /// As [`SqliteStore::open`].
    pub fn open_with(path: impl AsRef<Path>, options: SqliteOptions) -> Result<Self, StoreError> {
        Self::open_at(path.as_ref(), options, true)
    }

    /// Opens the store at `path`, where there must be one.
    ///
    /// # Errors
    /// [`StoreError::NoFile`] when there is no file; else as [`SqliteStore::open`].
    pub fn open_existing(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::open_at(path.as_ref(), SqliteOptions::default(), false)
    }

    fn open_at(path: &Path, options: SqliteOptions, create: bool) -> Result<Self, StoreError> {
        // Absolute: the host may change its directory, and SQLite gives names like ":memory:" a meaning.
        let path = std::path::absolute(path).map_err(StoreError::Io)?;
        let pool = Pool::new(vec![open::first_connection(&path, &options, create)?], std::process::id());
        Ok(Self { path, options, pool: RwLock::new(Arc::new(pool)) })
    }

    /// The pool of this process.
    fn pool(&self) -> Result<Arc<Pool>, StoreError> {
        let process = std::process::id();
        {
            let pool = self.pool.read().unwrap_or_else(PoisonError::into_inner);
            if pool.process() == process {
                return Ok(Arc::clone(&pool));
            }
        }
        let mut shared = self.pool.write().unwrap_or_else(PoisonError::into_inner);
        if shared.process() != process {
            // Nobody is left to give back what a thread of the parent was using.
            if Arc::get_mut(&mut shared).is_none_or(|pool| pool.is_lent()) {
                return Err(StoreError::backend("the process was forked while another thread was inside the store"));
            }
            *shared = Arc::new(Pool::new(Vec::new(), process));
        }
        Ok(Arc::clone(&shared))
    }

    fn connect(&self) -> Result<Connection, StoreError> {
        open::connect(&self.path, &self.options)
    }

    fn read<T>(&self, run: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.pool()?.with(
            self.options.connections,
            || self.connect(),
            |connection| {
                let snapshot = connection.unchecked_transaction()?;
                run(&snapshot)
            },
        )
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").field("path", &self.path).field("options", &self.options).finish_non_exhaustive()
    }
}

impl Store for SqliteStore {
    fn load(&self, keys: &[RecordKey]) -> Result<Vec<Option<Record>>, StoreError> {
        self.read(|snapshot| read::load(snapshot, keys))
    }

    fn scan(&self, query: &Query) -> Result<Page, StoreError> {
        query.check()?;
        self.read(|snapshot| read::scan(snapshot, query))
    }

    fn commit(&self, changes: &ChangeSet) -> Result<(), StoreError> {
        changes.check()?;
        let pool = self.pool()?;
        let _turn = pool.turn_to_commit();
        pool.with(self.options.connections, || self.connect(), |connection| write::commit(connection, changes))
    }

    fn info(&self) -> Result<StoreInfo, StoreError> {
        let schema = self.read(schema::version)?;
        Ok(StoreInfo { backend: "sqlite".to_owned(), schema, durable: true, parallel_commits: false })
    }
}

#[cfg(test)]
mod tests;
