//! The connections of one process to the file.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::StoreError;

/// Connections of equal rank, and the turn to commit.
pub(super) struct Pool {
    process: u32,
    shelf: Mutex<Shelf>,
    returned: Condvar,
    commits: Mutex<()>,
}

struct Shelf {
    idle: Vec<Connection>,
    /// Connections there are, idle or lent.
    open: usize,
}

impl Pool {
    /// A pool that belongs to `process` and holds these connections.
    pub(super) fn new(idle: Vec<Connection>, process: u32) -> Self {
        let shelf = Shelf { open: idle.len(), idle };
        Self { process, shelf: Mutex::new(shelf), returned: Condvar::new(), commits: Mutex::new(()) }
    }

    /// The process that opened the connections.
    pub(super) fn process(&self) -> u32 {
        self.process
    }

    /// Whether a connection is in somebody's hands.
    pub(super) fn is_lent(&mut self) -> bool {
        let shelf = self.shelf.get_mut().unwrap_or_else(PoisonError::into_inner);
        shelf.idle.len() < shelf.open
    }

    /// Waits until no other thread of this process commits: a queue here is fair, waiting on the
    /// file's lock is not.
    pub(super) fn turn_to_commit(&self) -> MutexGuard<'_, ()> {
        self.commits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `run` on a connection nobody else uses, opening one if all are lent and there are fewer
    /// than `most`.
    pub(super) fn with<T>(
        &self,
        most: usize,
        open: impl FnOnce() -> Result<Connection, StoreError>,
        run: impl FnOnce(&mut Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut connection = match self.take(most) {
            Some(connection) => connection,
            None => open().inspect_err(|_| self.give_back(None))?,
        };
        let outcome = run(&mut connection);
        self.give_back(Some(connection));
        outcome
    }

    /// An idle connection, or `None` with the room for a new one reserved.
    fn take(&self, most: usize) -> Option<Connection> {
        let mut shelf = self.shelf();
        loop {
            if let Some(connection) = shelf.idle.pop() {
                return Some(connection);
            }
            if shelf.open < most.max(1) {
                shelf.open += 1;
                return None;
            }
            shelf = self.returned.wait(shelf).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn give_back(&self, connection: Option<Connection>) {
        let mut shelf = self.shelf();
        match connection {
            Some(connection) => shelf.idle.push(connection),
            None => shelf.open -= 1,
        }
        drop(shelf);
        self.returned.notify_one();
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        if self.process == std::process::id() {
            return;
        }
        // In a forked child. File locks are not inherited, but SQLite's memory of them is: as long
        // as these connections stay, it takes no locks for new ones. Closed without a checkpoint
        // they touch no file, and closing drops no lock of the parent.
        for connection in &self.shelf().idle {
            // It fails only if SQLite does not know the setting, which is older than what we need.
            let _ = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
        }
    }
}
