//! The connections of one process to the file.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;

use super::StoreError;

/// Connections of equal rank, and the turn to commit.
pub(super) struct Pool {
    process: u32,
    shelf: Mutex<Shelf>,
    returned: Condvar,
    commits: Mutex<()>,
}

#[derive(Default)]
struct Shelf {
    idle: Vec<Connection>,
    /// Connections there are, idle or lent.
    open: usize,
}

impl Pool {
    /// A pool that belongs to `process` and starts with one connection.
    pub(super) fn new(connection: Connection, process: u32) -> Self {
        let shelf = Shelf { idle: vec![connection], open: 1 };
        Self { process, shelf: Mutex::new(shelf), returned: Condvar::new(), commits: Mutex::new(()) }
    }

    /// The process that opened the connections.
    pub(super) fn process(&self) -> u32 {
        self.process
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
        // Closing a parent's connection in a forked child would release the parent's file locks.
        if self.process != std::process::id() {
            std::mem::take(&mut self.shelf().idle).into_iter().for_each(std::mem::forget);
        }
    }
}
