//! Where things lie: the file to import, the vault's database, and the key beside it.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pwvault_core::crypto::random_array;
use pwvault_core::csv::{self, ReadOptions};
use pwvault_core::model::KekId;
use pwvault_core::store::{SqliteStore, Store};
use pwvault_core::{KekFile, RoleId, SecretBytes, Vault, VaultBuilder, VaultError, VaultId};
use tempfile::TempDir;

use super::Outcome;
use super::show::Show;
use super::story::FULL_ACCESS;

/// Ids of the vault and of its key-encryption key. A host makes its own with `VaultId::generate`
/// and keeps them in its configuration.
const VAULT: VaultId = VaultId::from_bytes(*b"quickstart vault");
const KEK: KekId = KekId(*b"quickstart kek 1");

/// The database and the key-encryption key.
///
/// The key lies beside the database only because this is an example: a host keeps it elsewhere, so
/// that nobody gets both from one backup.
pub(crate) struct Place {
    database: PathBuf,
    key: PathBuf,
    /// Removes the directory in the end.
    temporary: Option<TempDir>,
}

impl Place {
    pub(crate) fn new(vault: Option<&Path>) -> Outcome<Self> {
        let (database, temporary) = match vault {
            Some(path) => (path.to_owned(), None),
            None => {
                let directory = TempDir::new().map_err(|error| format!("no temporary directory: {error}"))?;
                (directory.path().join("vault.db"), Some(directory))
            }
        };
        let mut key = OsString::from(&database);
        key.push(".kek");
        Ok(Self { database, key: key.into(), temporary })
    }

    /// Opens the vault, or creates it.
    pub(crate) fn open(&self, show: &Show) -> Outcome<Vault> {
        let store: Arc<dyn Store> =
            Arc::new(SqliteStore::open(&self.database).map_err(|error| self.blame(error.into()))?);
        let builder = VaultBuilder::new(KekFile::new(KEK, &self.key));
        let vault = match builder.clone().open(Arc::clone(&store), VAULT) {
            Err(VaultError::NoVault(_)) => {
                write_new_key(&self.key)?;
                show.line("A new vault, in one SQLite file:");
                builder.create(store, VAULT, RoleId::new(FULL_ACCESS)?)
            }
            opened => {
                show.line("The vault was here before:");
                opened
            }
        };
        let vault = vault.map_err(|error| self.blame(error))?;
        if self.temporary.is_some() {
            show.line("  in a temporary directory that is removed in the end; keep it with --vault PATH");
        } else {
            show.line(format!("  {}", self.database.display()));
            show.line(format!(
                "  {} (mode 0600) holds its key: without it the vault opens no more",
                self.key.display()
            ));
        }
        Ok(vault)
    }

    /// An error with the file it is about.
    fn blame(&self, error: VaultError) -> Box<dyn std::error::Error> {
        let about_key = matches!(error, VaultError::KeyProvider(_) | VaultError::WrongKek(_));
        with_path(if about_key { &self.key } else { &self.database }, error)
    }
}

/// Reads a CSV file, at most as much of it as the library takes, and refuses a broken one before
/// there is a vault.
pub(crate) fn read_csv(path: &Path, options: &ReadOptions<'_>) -> Outcome<SecretBytes> {
    let most = options.limits.bytes;
    let read = || {
        let mut bytes = Vec::new();
        File::open(path)?.take(most as u64 + 1).read_to_end(&mut bytes)?;
        Ok(SecretBytes::new(bytes))
    };
    let bytes = read().map_err(|error: std::io::Error| with_path(path, error))?;
    if bytes.len() > most {
        return Err(with_path(path, format!("the file has over {most} bytes; split it into smaller ones")));
    }
    csv::read(bytes.expose(), options).map_err(|error| with_path(path, error))?;
    Ok(bytes)
}

/// Writes 32 random bytes to a new file that only its owner reads. A key that is there already is
/// left alone.
fn write_new_key(path: &Path) -> Outcome<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let write = || -> std::io::Result<()> {
        let key = random_array::<32>().map(|key| SecretBytes::from_slice(&key)).map_err(std::io::Error::other)?;
        let mut file = match options.open(path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Ok(()),
            opened => opened?,
        };
        file.write_all(key.expose())?;
        file.sync_all()
    };
    write().map_err(|error| with_path(path, error))
}

fn with_path(path: &Path, error: impl Into<Box<dyn std::error::Error>>) -> Box<dyn std::error::Error> {
    let error = error.into();
    format!("{}: {}", path.display(), super::with_causes(error.as_ref())).into()
}
