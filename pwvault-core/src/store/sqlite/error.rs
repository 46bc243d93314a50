//! SQLite's result codes in the words of the store.

use rusqlite::{ErrorCode, ffi};

use super::StoreError;

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let Some(code) = error.sqlite_error() else { return Self::backend(error) };
        match (code.code, code.extended_code) {
            // The file was moved or deleted under the connection.
            (_, ffi::SQLITE_READONLY_DBMOVED) => Self::backend(error),
            (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => Self::Busy,
            (ErrorCode::ReadOnly, _) => Self::ReadOnly,
            (ErrorCode::DiskFull, _) => Self::Full,
            (ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase, _) => Self::damaged(error),
            _ => Self::backend(error),
        }
    }
}
