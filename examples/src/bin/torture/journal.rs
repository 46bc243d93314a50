//! What the writer did, as it was told: a file of lines outside the vault.
//!
//! - `try NUMBER DEED ENTRY SECRET`: an operation begins.
//! - `done NUMBER ID`: it was acknowledged; synced to disk.
//! - `landed NUMBER` or `lost NUMBER`: what the checker found of one that was under way.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use pwvault_core::EntryId;
use pwvault_core::model::EventKind;

use crate::Outcome;

/// What is done to an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    Create,
    Update,
    Share,
    Unshare,
    Reveal,
    RevealByStaff,
    Trash,
    Restore,
    Purge,
}

impl Deed {
    const NAMES: [(Self, &str); 9] = [
        (Self::Create, "create"),
        (Self::Update, "update"),
        (Self::Share, "share"),
        (Self::Unshare, "unshare"),
        (Self::Reveal, "reveal"),
        (Self::RevealByStaff, "reveal-by-staff"),
        (Self::Trash, "trash"),
        (Self::Restore, "restore"),
        (Self::Purge, "purge"),
    ];

    pub(crate) const fn is_reveal(self) -> bool {
        matches!(self, Self::Reveal | Self::RevealByStaff)
    }

    /// The event it leaves.
    pub(crate) const fn event(self) -> EventKind {
        match self {
            Self::Create => EventKind::EntryCreated,
            Self::Update => EventKind::SecretChanged,
            Self::Share | Self::Unshare => EventKind::SharingChanged,
            Self::Reveal | Self::RevealByStaff => EventKind::SecretRevealed,
            Self::Trash => EventKind::EntryTrashed,
            Self::Restore => EventKind::EntryRestored,
            Self::Purge => EventKind::EntryPurged,
        }
    }
}

/// How an operation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The writer was killed, and nobody has looked yet.
    Unknown,
    Acknowledged(EntryId),
    /// Not acknowledged, and the checker found it done.
    Landed,
    /// Not acknowledged, and the checker found nothing of it.
    Lost,
}

/// One operation.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) number: u64,
    pub(crate) deed: Deed,
    /// The entry's name, which is unique here.
    pub(crate) entry: String,
    /// The secret that a creation or update writes.
    pub(crate) secret: String,
    pub(crate) end: End,
}

impl Operation {
    /// What the host's request id says in its event.
    pub(crate) fn request(&self) -> String {
        request(self.number)
    }
}

pub(crate) fn request(number: u64) -> String {
    format!("operation {number}")
}

/// An entry as the operations so far have made it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Expected {
    pub(crate) secret: String,
    pub(crate) version: u64,
    pub(crate) secret_revision: u64,
    pub(crate) shared: bool,
    pub(crate) trashed: bool,
}

/// Every entry by its name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Model(pub(crate) BTreeMap<String, Expected>);

impl Model {
    /// Does to the model what the operation does to the vault.
    pub(crate) fn apply(&mut self, operation: &Operation) {
        let Operation { deed, entry, secret, .. } = operation;
        if *deed == Deed::Purge {
            self.0.remove(entry);
            return;
        }
        let expected = self.0.entry(entry.clone()).or_default();
        if !deed.is_reveal() {
            expected.version += 1;
        }
        match deed {
            Deed::Create | Deed::Update => {
                expected.secret.clone_from(secret);
                expected.secret_revision += 1;
            }
            Deed::Share => expected.shared = true,
            Deed::Unshare => expected.shared = false,
            Deed::Trash => expected.trashed = true,
            Deed::Restore => expected.trashed = false,
            Deed::Reveal | Deed::RevealByStaff | Deed::Purge => {}
        }
    }
}

/// The file.
pub(crate) struct Journal {
    file: File,
    pub(crate) operations: Vec<Operation>,
}

impl Journal {
    pub(crate) fn path(directory: &Path) -> PathBuf {
        directory.join("journal")
    }

    /// Opens the journal of a directory, made new if there is none. A line that was cut short by
    /// the kill is taken away.
    pub(crate) fn open(directory: &Path) -> Outcome<Self> {
        let path = Self::path(directory);
        let file = OpenOptions::new().create(true).append(true).open(&path)?;
        let text = std::fs::read_to_string(&path)?;
        let whole = text.rfind('\n').map_or(0, |at| at + 1);
        file.set_len(whole as u64)?;
        let mut journal = Self { file, operations: Vec::new() };
        for line in text.lines().take(text.matches('\n').count()) {
            journal.read(line).ok_or_else(|| format!("not a line of a journal: {line}"))?;
        }
        Ok(journal)
    }

    /// What the vault holds if every operation that is known to have happened did.
    pub(crate) fn model(&self) -> Model {
        let mut model = Model::default();
        for operation in &self.operations {
            if matches!(operation.end, End::Acknowledged(_) | End::Landed) {
                model.apply(operation);
            }
        }
        model
    }

    pub(crate) fn next_number(&self) -> u64 {
        self.operations.last().map_or(1, |last| last.number + 1)
    }

    pub(crate) fn begin(&mut self, operation: &Operation) -> Outcome<()> {
        let Operation { number, deed, entry, secret, .. } = operation;
        let name = Deed::NAMES.iter().find(|(known, _)| known == deed).map_or("", |(_, name)| name);
        let secret = if secret.is_empty() { "-" } else { secret };
        self.append(&format!("try {number} {name} {entry} {secret}"))
    }

    /// Acknowledges an operation, durably.
    pub(crate) fn acknowledge(&mut self, number: u64, id: EntryId) -> Outcome<()> {
        self.append(&format!("done {number} {id}"))?;
        Ok(self.file.sync_data()?)
    }

    pub(crate) fn settle(&mut self, number: u64, landed: bool) -> Outcome<()> {
        self.append(&format!("{} {number}", if landed { "landed" } else { "lost" }))
    }

    fn append(&mut self, line: &str) -> Outcome<()> {
        self.file.write_all(format!("{line}\n").as_bytes())?;
        self.read(line).ok_or_else(|| format!("a line that does not read: {line}").into())
    }

    fn read(&mut self, line: &str) -> Option<()> {
        let mut words = line.split(' ');
        let (word, number) = (words.next()?, words.next()?.parse().ok()?);
        if word == "try" {
            let name = words.next()?;
            let (deed, _) = Deed::NAMES.into_iter().find(|(_, known)| *known == name)?;
            let entry = words.next()?.to_owned();
            let secret = Some(words.next()?.to_owned()).filter(|secret| secret != "-").unwrap_or_default();
            self.operations.push(Operation { number, deed, entry, secret, end: End::Unknown });
            return Some(());
        }
        let operation = self.operations.iter_mut().rev().find(|operation| operation.number == number)?;
        operation.end = match word {
            "done" => End::Acknowledged(EntryId::from_str(words.next()?).ok()?),
            "landed" => End::Landed,
            "lost" => End::Lost,
            _ => return None,
        };
        Some(())
    }
}
