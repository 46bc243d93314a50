//! Change sets: what is written together, and what the writer relied on.

use std::collections::HashSet;

use super::error::StoreError;
use super::record::{BODY_MAX, LABELS_MAX, REVISION_MAX, Record, RecordKey};

/// The most writes, deletes and asserts of one change set, taken together.
pub const CHANGES_MAX: usize = 250_000;

/// The state a record must be in for a change set to apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// There is no such record.
    Absent,
    /// The record is there, at this revision.
    Revision(u64),
}

impl Expect {
    /// The revision a write gives a record that was in this state.
    #[must_use]
    pub const fn next_revision(self) -> u64 {
        match self {
            Self::Absent => 1,
            Self::Revision(revision) => revision.saturating_add(1),
        }
    }

    /// Whether a record at `revision` (`None`: absent) is in this state.
    #[must_use]
    pub fn holds(self, revision: Option<u64>) -> bool {
        match self {
            Self::Absent => revision.is_none(),
            Self::Revision(expected) => revision == Some(expected),
        }
    }
}

/// One record to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// The record as it shall be, at its new revision: [`Expect::next_revision`] of `expect`.
    pub record: Record,
    /// The state before.
    pub expect: Expect,
}

/// Changes that land together or not at all. Applies only if every expectation holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeSet {
    /// Records to write; body and labels replace the old ones.
    pub writes: Vec<Write>,
    /// Records to remove, with the revision they must be at. A record made again later starts at
    /// revision 1.
    pub deletes: Vec<(RecordKey, u64)>,
    /// Records that are relied on and not changed. A key may also be among the writes or deletes.
    pub asserts: Vec<(RecordKey, Expect)>,
}

impl ChangeSet {
    /// An empty change set, which always applies.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether nothing is written, deleted or asserted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many writes, deletes and asserts there are.
    #[must_use]
    pub fn len(&self) -> usize {
        let Self { writes, deletes, asserts } = self;
        writes.len() + deletes.len() + asserts.len()
    }

    /// Adds a write of a record that expects the revision before its own.
    pub fn write(&mut self, record: Record) {
        let expect = match record.revision {
            0 | 1 => Expect::Absent,
            revision => Expect::Revision(revision - 1),
        };
        self.writes.push(Write { record, expect });
    }

    /// Adds a delete of a record at `revision`.
    pub fn delete(&mut self, key: RecordKey, revision: u64) {
        self.deletes.push((key, revision));
    }

    /// Adds an assert.
    pub fn assert(&mut self, key: RecordKey, expect: Expect) {
        self.asserts.push((key, expect));
    }

    /// Checks what every store refuses without looking at its records.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] over [`CHANGES_MAX`], [`BODY_MAX`] or [`LABELS_MAX`];
    /// [`StoreError::BadChangeSet`] when a key is changed twice, a new revision is not the one after
    /// the expected, or labels are not sorted and distinct.
    pub fn check(&self) -> Result<(), StoreError> {
        within("writes, deletes and asserts of a change set", self.len(), CHANGES_MAX)?;
        let mut changed = HashSet::with_capacity(self.writes.len() + self.deletes.len());
        for Write { record, expect } in &self.writes {
            let Record { key, revision, labels, body } = record;
            within("bytes of a body", body.len(), BODY_MAX)?;
            within("labels of a record", labels.len(), LABELS_MAX)?;
            let refused = if !changed.insert(*key) {
                CHANGED_TWICE
            } else if *expect == Expect::Revision(0) {
                "an expected revision is at least 1; expect a new record to be absent"
            } else if *revision != expect.next_revision() {
                "the new revision is 1 for a new record and else one more than the expected"
            } else if *revision > REVISION_MAX {
                "a revision fits a signed integer of 64 bits"
            } else if !labels.is_sorted_by(|a, b| a < b) {
                "labels are sorted and distinct"
            } else {
                continue;
            };
            return Err(StoreError::BadChangeSet { key: *key, reason: refused });
        }
        match self.deletes.iter().find(|(key, _)| !changed.insert(*key)) {
            Some((key, _)) => Err(StoreError::BadChangeSet { key: *key, reason: CHANGED_TWICE }),
            None => Ok(()),
        }
    }
}

pub(super) fn within(what: &'static str, length: usize, max: usize) -> Result<(), StoreError> {
    if length > max { Err(StoreError::TooLarge { what, length, max }) } else { Ok(()) }
}

const CHANGED_TWICE: &str = "a key is written or deleted at most once in a change set";
