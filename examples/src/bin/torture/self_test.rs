//! Damage on purpose: each kind must be noticed, and an undamaged vault must not be suspected.

use std::fs;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::process::ExitCode;

use tempfile::TempDir;

use crate::journal::{Deed, End, Journal, Operation};
use crate::vault::DATABASE;
use crate::{Outcome, checker, kill_a_writer};

type Damage = fn(&Path, &Path) -> Outcome<()>;

/// What is done, what the checker must say of it, and how. Each is given the directory to damage
/// and an older copy of it.
const DAMAGES: [(&str, &str, Damage); 7] = [
    ("nothing", "", |_, _| Ok(())),
    ("an acknowledged creation that is not there", "is gone", |directory, _| {
        forge(directory, Deed::Create, "never-written")
    }),
    ("an acknowledged update that is not there", "should be", |directory, _| forge_on_first(directory, Deed::Update)),
    ("an acknowledged reveal without its event", "has no event", |directory, _| {
        forge_on_first(directory, Deed::Reveal)
    }),
    ("a write nobody was told of", "never began", |directory, _| {
        let path = Journal::path(directory);
        let text = fs::read_to_string(&path)?;
        let first_two: usize = text.lines().take(2).map(|line| line.len() + 1).sum();
        Ok(fs::write(path, text.get(first_two..).unwrap_or_default())?)
    }),
    ("an older database", "", |directory, older| {
        Ok(fs::copy(older.join(DATABASE), directory.join(DATABASE)).map(drop)?)
    }),
    ("flipped bits", "", |directory, _| flip(&directory.join(DATABASE))),
];

pub(crate) fn run() -> Outcome<ExitCode> {
    let (mut passed, mut failed) = (0, 0);
    for (name, word, damage) in DAMAGES {
        let (place, older) = (TempDir::new()?, TempDir::new()?);
        write_some(place.path(), 20)?;
        fs::copy(place.path().join(DATABASE), older.path().join(DATABASE))?;
        write_some(place.path(), 40)?;
        damage(place.path(), older.path())?;
        let faults = checker::check(place.path())?.faults;
        let noticed =
            if name == "nothing" { faults.is_empty() } else { faults.iter().any(|fault| fault.contains(word)) };
        println!("{name}: {} faults, such as: {}", faults.len(), faults.first().map_or("none", String::as_str));
        if noticed { passed += 1 } else { failed += 1 }
    }
    println!("{passed} passed, {failed} failed");
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Kills writers until they have acknowledged at least so many operations. The check in between
/// closes the database, which puts all of it into its one file.
fn write_some(directory: &Path, operations: usize) -> Outcome<()> {
    for _ in 0..1_000 {
        kill_a_writer(directory, 300)?;
        let checked = checker::check(directory)?;
        if let Some(fault) = checked.faults.first() {
            return Err(format!("a fault before any damage: {fault}").into());
        }
        if Journal::open(directory)?.operations.len() >= operations {
            return Ok(());
        }
    }
    Err("the writers get nothing done".into())
}

/// Writes an acknowledgement of something that did not happen.
fn forge(directory: &Path, deed: Deed, entry: &str) -> Outcome<()> {
    let mut journal = Journal::open(directory)?;
    let some_id = journal.operations.iter().find_map(|one| match one.end {
        End::Acknowledged(id) if one.entry == entry => Some(id),
        _ => None,
    });
    let operation = Operation {
        number: journal.next_number(),
        deed,
        entry: entry.to_owned(),
        secret: if deed == Deed::Reveal { String::new() } else { "forged".to_owned() },
        end: End::Unknown,
    };
    journal.begin(&operation)?;
    journal.acknowledge(operation.number, some_id.unwrap_or_else(|| pwvault_core::EntryId::from_bytes([9; 16])))
}

fn forge_on_first(directory: &Path, deed: Deed) -> Outcome<()> {
    let model = Journal::open(directory)?.model();
    let (name, _) = model.0.iter().find(|(_, entry)| !entry.trashed).ok_or("every entry is in the trash")?;
    forge(directory, deed, name)
}

/// Flips a bit in every 64th byte of the second half of a file.
fn flip(path: &Path) -> Outcome<()> {
    let mut file = fs::OpenOptions::new().read(true).write(true).open(path)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let half = bytes.len() / 2;
    bytes.iter_mut().skip(half).step_by(64).for_each(|byte| *byte ^= 1);
    file.seek(SeekFrom::Start(0))?;
    Ok(file.write_all(&bytes)?)
}
