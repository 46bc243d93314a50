//! What the cases stand on: a fresh vault in the store under test, records made by number, and
//! comparisons that say what was wrong and what would be right.

use std::fmt::Debug;
use std::sync::Arc;

use super::Open;
use crate::clock::Timestamp;
use crate::id::{RecordId, RecordKind, VaultId};
use crate::store::{ChangeSet, Label, Query, Record, RecordKey, Store, StoreError, Want};

/// Why a case failed.
#[derive(Debug)]
pub(super) struct Fault(pub(super) String);

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self(format!("the store failed where it should not: {error} ({error:?})"))
    }
}

pub(super) struct Ground<'a> {
    pub(super) store: Arc<dyn Store>,
    pub(super) vault: VaultId,
    open: Open<'a>,
}

impl<'a> Ground<'a> {
    pub(super) fn new(open: Open<'a>) -> Result<Self, Fault> {
        Ok(Self { store: open()?, vault: fresh_vault()?, open })
    }

    /// The same vault through another handle on the database.
    pub(super) fn reopened(&self) -> Result<Self, Fault> {
        Ok(Self { store: (self.open)()?, vault: self.vault, open: self.open })
    }

    pub(super) fn key(&self, number: u64) -> RecordKey {
        RecordKey::new(self.vault, RecordKind::Entry, id(number))
    }

    /// A record whose body depends on its number and revision.
    pub(super) fn record(&self, number: u64, revision: u64, labels: &[u8]) -> Record {
        let labels = labels.iter().copied().map(label).collect();
        Record::new(self.key(number), revision, labels, format!("{number}/{revision}").into_bytes())
    }

    pub(super) fn query(&self) -> Query {
        Query::new(self.vault, RecordKind::Entry)
    }

    pub(super) fn by_labels(&self, groups: &[&[u8]]) -> Query {
        let labels = groups.iter().map(|group| group.iter().copied().map(label).collect()).collect();
        Query { labels, ..self.query() }
    }

    pub(super) fn commit(&self, changes: &ChangeSet) -> Result<(), Fault> {
        Ok(self.store.commit(changes)?)
    }

    pub(super) fn write(&self, records: impl IntoIterator<Item = Record>) -> Result<(), Fault> {
        self.commit(&writes(records))
    }

    pub(super) fn load_one(&self, key: RecordKey) -> Result<Option<Record>, Fault> {
        let mut records = self.store.load(&[key])?;
        match records.len() {
            1 => Ok(records.pop().flatten()),
            other => Err(Fault(format!("a load of 1 key gave {other} answers; right would be 1"))),
        }
    }

    /// The ids of the first page, checked to be in the right vault and of the right kind.
    pub(super) fn ids(&self, query: &Query) -> Result<Vec<RecordId>, Fault> {
        let keys = self.store.scan(&Query { want: Want::Keys, ..query.clone() })?.into_keys()?;
        keys.into_iter()
            .map(|(key, _)| {
                agree("the vault and kind of a row", (key.vault, key.kind), (query.vault, query.kind))?;
                Ok(key.id)
            })
            .collect()
    }

    pub(super) fn count(&self, query: &Query) -> Result<u64, Fault> {
        Ok(self.store.scan(&Query { want: Want::Count, ..query.clone() })?.into_count()?)
    }
}

pub(super) fn fresh_vault() -> Result<VaultId, Fault> {
    VaultId::generate(Timestamp::from_millis(1_700_000_000_000)).map_err(|error| Fault(error.to_string()))
}

/// The id with this number: numbers and ids sort alike.
pub(super) fn id(number: u64) -> RecordId {
    RecordId((u128::from(number) << 64).to_be_bytes())
}

pub(super) fn ids(numbers: impl IntoIterator<Item = u64>) -> Vec<RecordId> {
    numbers.into_iter().map(id).collect()
}

pub(super) fn label(number: u8) -> Label {
    Label([number; 16])
}

pub(super) fn writes(records: impl IntoIterator<Item = Record>) -> ChangeSet {
    let mut changes = ChangeSet::new();
    records.into_iter().for_each(|record| changes.write(record));
    changes
}

/// Fails unless `found` is `right`.
pub(super) fn agree<T: PartialEq + Debug>(what: &str, found: T, right: T) -> Result<(), Fault> {
    if found == right { Ok(()) } else { Err(Fault(format!("{what} was {found:?}; right would be {right:?}"))) }
}

/// Fails unless the outcome is the conflict over `key`.
pub(super) fn conflict(what: &str, outcome: Result<(), StoreError>, key: RecordKey) -> Result<(), Fault> {
    match outcome {
        Err(StoreError::Conflict(found)) => agree(&format!("the key named by the conflict of {what}"), found, key),
        other => Err(Fault(format!("{what} gave {other:?}; right would be a conflict over {key}"))),
    }
}

/// Fails unless the change set was refused as contradicting itself.
pub(super) fn refused(what: &str, outcome: Result<(), StoreError>) -> Result<(), Fault> {
    match outcome {
        Err(StoreError::BadChangeSet { .. }) => Ok(()),
        other => Err(Fault(format!("{what} gave {other:?}; right would be BadChangeSet"))),
    }
}

/// Fails unless the call was refused as over a limit.
pub(super) fn too_large(what: &str, outcome: Result<(), StoreError>) -> Result<(), Fault> {
    match outcome {
        Err(StoreError::TooLarge { .. }) => Ok(()),
        other => Err(Fault(format!("{what} gave {other:?}; right would be TooLarge"))),
    }
}
