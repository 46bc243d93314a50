//! From a path to a connection, without harm to a file that is not ours.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::schema::{self, Mark};
use super::{SqliteOptions, StoreError};

/// Opens the file, made new if there is none and it may be, and brings its schema up to date.
pub(super) fn first_connection(path: &Path, options: &SqliteOptions, create: bool) -> Result<Connection, StoreError> {
    if create {
        create_if_absent(path)?;
    } else if !path.try_exists().map_err(|error| failed(path, &error))? {
        return Err(StoreError::NoFile(path.to_owned()));
    }
    let file = fs::metadata(path).map_err(|error| failed(path, &error))?;
    if !file.is_file() {
        return Err(StoreError::NotAStore(path.to_owned()));
    }
    refuse_foreign_file(path, file.len())?;
    let mut connection = connect(path, options)?;
    schema::climb(&mut connection, schema::LADDER)?;
    if connection.is_readonly("main")? {
        return Err(StoreError::ReadOnly);
    }
    use_wal(&connection, options)?;
    Ok(connection)
}

/// A connection to a file that [`first_connection`] has seen.
pub(super) fn connect(path: &Path, options: &SqliteOptions) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(options.busy_timeout)?;
    // Nothing an intruder adds to the schema shall run.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // What was deleted shall not be found in free pages.
    connection.query_row("PRAGMA secure_delete = ON", [], |_| Ok(()))?;
    connection.pragma_update(None, "cache_size", CACHE_KIB)?;
    if let Some(max_bytes) = options.max_bytes {
        let page_size: u32 = connection.query_row("PRAGMA page_size", [], |row| row.get(0))?;
        let pages = u32::try_from(max_bytes / u64::from(page_size.max(1))).unwrap_or(u32::MAX).max(1);
        connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?;
    }
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

/// Switching to WAL needs the file for itself, and SQLite does not wait for that in every case.
fn use_wal(connection: &Connection, options: &SqliteOptions) -> Result<(), StoreError> {
    let deadline = Instant::now().checked_add(options.busy_timeout);
    loop {
        let mode = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get::<_, String>(0));
        match mode.map_err(StoreError::from) {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(_) => return Err(StoreError::backend("the file system does not support SQLite's WAL mode")),
            Err(StoreError::Busy) if deadline.is_none_or(|deadline| Instant::now() < deadline) => {
                thread::sleep(Duration::from_millis(2));
            }
            Err(error) => return Err(error),
        }
    }
}

fn create_if_absent(path: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) => match error.kind() {
            io::ErrorKind::AlreadyExists => Ok(()),
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem if path.exists() => Ok(()),
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Err(StoreError::ReadOnly),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Err(StoreError::Full),
            _ => Err(failed(path, &error)),
        },
    }
}

/// A failure of the file system, with the file it concerns.
fn failed(path: &Path, error: &io::Error) -> StoreError {
    StoreError::Io(io::Error::new(error.kind(), format!("{}: {error}", path.display())))
}

/// Looks at the file as SQLite's `immutable` mode does: without locks, journal or WAL, so that not
/// a byte of it or beside it changes. Reading it by other means would, on closing, drop the locks
/// of this process's own connections.
///
/// A store's first page bears its mark from its first write on, so what this sees of a store that
/// others are writing is true, or looks broken and is left for the real connection to judge. To
/// SQLite some bytes of text are as good as an empty database, hence `length`.
fn refuse_foreign_file(path: &Path, length: u64) -> Result<(), StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let seen = Connection::open_with_flags(immutable_uri(path.as_os_str()), flags).and_then(|c| schema::mark(&c));
    match seen {
        Ok(Mark::Store) => Ok(()),
        Ok(Mark::Empty) if length == 0 => Ok(()),
        Ok(Mark::Empty | Mark::Foreign) => Err(StoreError::NotAStore(path.to_owned())),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase) => {
            Err(StoreError::NotAStore(path.to_owned()))
        }
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn immutable_uri(path: &OsStr) -> String {
    let mut uri = String::from("file:");
    if cfg!(windows) {
        uri.push_str("///");
    }
    for byte in path.as_encoded_bytes() {
        match byte {
            b'\\' if cfg!(windows) => uri.push('/'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'_' | b'-' | b':' => uri.push(char::from(*byte)),
            other => {
                // Writing to a String cannot fail.
                let _ = write!(uri, "%{other:02x}");
            }
        }
    }
    uri.push_str("?immutable=1");
    uri
}

/// Page cache of a connection; SQLite takes a negative number as KiB.
const CACHE_KIB: i32 = -16_384;
/// Statements kept ready per connection: the fixed ones, and some shapes of label queries.
const STATEMENTS: usize = 48;
