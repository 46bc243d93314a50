//! A KDBX 4 file with as little key derivation as the format has.

use std::hint::black_box;

use keepass::config::KdfConfig;
use keepass::db::fields;
use keepass::{Database, DatabaseKey};

use crate::Fallible;
use crate::sample::Plain;

/// A file with so many entries.
pub fn file(entries: u32) -> Fallible<Vec<u8>> {
    let mut database = Database::new();
    database.config.kdf_config = KdfConfig::Aes { rounds: 1 };
    let mut root = database.root_mut();
    for number in 0..entries {
        let Plain { name, username, website, password, notes } = Plain::number(number);
        let mut entry = root.add_entry();
        for (field, value) in
            [(fields::TITLE, name), (fields::USERNAME, username), (fields::URL, website), (fields::NOTES, notes)]
        {
            entry.set_unprotected(field, value);
        }
        entry.set_protected(fields::PASSWORD, password);
    }
    let mut file = Vec::new();
    database.save(&mut file, key())?;
    Ok(file)
}

/// Opens the file and looks at every entry.
pub fn list(file: &[u8]) -> usize {
    let database = Database::parse(file, key()).expect("opened");
    database.iter_all_entries().filter(|entry| black_box(entry.get_title()).is_some()).count()
}

fn key() -> DatabaseKey {
    DatabaseKey::new().with_password("correct horse")
}
