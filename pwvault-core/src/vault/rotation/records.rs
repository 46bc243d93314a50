//! Passes over every record of the vault.

use std::cell::Cell;
use std::ops::ControlFlow;

use super::layers::{Layers, Treatment, treatment};
use super::{RecordCount, ResealProgress};
use crate::envelope::{EnvelopeError, Keyring, data_key_of};
use crate::id::{RecordId, RecordKind};
use crate::model::{EventKind, Outcome};
use crate::store::{ChangeSet, Query, Record, RecordKey, StoreError, Want};
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;
use crate::vault::session::Session;

/// Re-seals what is stale, batch by batch.
pub(super) fn reseal(
    session: &Session,
    progress: &mut dyn FnMut(&ResealProgress) -> ControlFlow<()>,
) -> Result<ResealProgress, VaultError> {
    let counts = session.run(|gate| gate.count_sealed())?;
    let total = counts.iter().map(|one| one.count).sum();
    let mut done = ResealProgress { total, ..ResealProgress::default() };
    // Of a kind that had none, whatever is written from here on is fresh.
    for kind in counts.into_iter().filter(|one| one.count > 0).map(|one| one.kind) {
        let mut from = None;
        loop {
            let batch = reseal_batch(session, kind, from)?;
            from = batch.next;
            if done.add(batch) && progress(&done).is_break() {
                return Ok(done);
            }
            if from.is_none() {
                break;
            }
        }
    }
    done.finished = true;
    Ok(done)
}

/// One batch. What others change in the meantime is fresh from then on, so a batch that conflicts
/// is made smaller until a single record is left, and that conflict settles itself.
fn reseal_batch(session: &Session, kind: RecordKind, from: Option<RecordId>) -> Result<Batch, VaultError> {
    let limit = Cell::new(BATCH);
    session.run(|gate| {
        let batch = gate.reseal_batch(kind, from, limit.get());
        if let Err(VaultError::Store(StoreError::Conflict(_))) = &batch {
            limit.set((limit.get() / 2).max(1));
        }
        batch
    })
}

/// What one batch did.
#[derive(Default)]
struct Batch {
    next: Option<RecordId>,
    seen: u64,
    resealed: u64,
    tickets_ended: u64,
    damaged: Vec<RecordKey>,
}

impl ResealProgress {
    /// Takes in a batch; whether there was anything in it.
    fn add(&mut self, batch: Batch) -> bool {
        let Batch { next: _, seen, resealed, tickets_ended, damaged } = batch;
        self.seen += seen;
        self.total = self.total.max(self.seen);
        self.resealed += resealed;
        self.tickets_ended += tickets_ended;
        self.damaged.extend(damaged);
        seen > 0
    }
}

impl Gate<'_> {
    fn count_sealed(&self) -> Result<Vec<RecordCount>, VaultError> {
        let _proof = self.may_rotate()?;
        let count = |kind| {
            let query = Query { want: Want::Count, limit: u32::MAX, ..Query::new(self.core.id, kind) };
            Ok(RecordCount { kind, count: self.core.store.scan(&query)?.into_count()? })
        };
        sealed_kinds().map(count).collect()
    }

    fn reseal_batch(&self, kind: RecordKind, from: Option<RecordId>, limit: u32) -> Result<Batch, VaultError> {
        let proof = self.may_rotate()?;
        let query = Query { cursor: from, limit, ..Query::new(self.core.id, kind) };
        let page = self.core.store.scan(&query)?;
        let mut batch = Batch { next: page.next, ..Batch::default() };
        let mut changes = ChangeSet::new();
        let mut kind_of_event = EventKind::Rotated;
        let ring = &self.snapshot.keyring;
        for record in page.into_records()? {
            batch.seen += 1;
            if treatment(kind) == Treatment::End {
                if is_ended(ring, &record) {
                    batch.tickets_ended += 1;
                    changes.delete(record.key, record.revision);
                }
                continue;
            }
            let fresh = Layers::open(self, ring, &record).and_then(|layers| {
                if layers.is_outdated() {
                    kind_of_event = EventKind::Migrated;
                }
                if layers.are_stale(ring)? { layers.reseal(ring).map(Some) } else { Ok(None) }
            });
            match fresh {
                Ok(None) => {}
                Ok(Some(fresh)) => {
                    batch.resealed += 1;
                    self.note_read(&record);
                    changes.write(fresh);
                }
                Err(error) => batch.damaged.push(damage(error)?.0),
            }
        }
        if !changes.is_empty() {
            self.commit(&proof, changes, self.event(kind_of_event, Outcome::Done, &[]))?;
        }
        Ok(batch)
    }

    /// How many records of each kind need an old key. Those that do not open go into `damaged`.
    pub(super) fn count_stale(&self, damaged: &mut Vec<RecordKey>) -> Result<Vec<RecordCount>, VaultError> {
        let ring = &self.snapshot.keyring;
        self.count_records(|record| match Layers::open(self, ring, record).and_then(|layers| layers.are_stale(ring)) {
            Err(error) => {
                damaged.push(damage(error)?.0);
                Ok(false)
            }
            stale => stale,
        })
    }

    /// How many records of each kind do not do with the keys of `pruned`. Every head and every outer
    /// layer is opened.
    pub(super) fn under_old_keys(&self, pruned: &Keyring) -> Result<Vec<RecordCount>, VaultError> {
        self.count_records(|record| {
            let fresh = Layers::open(self, pruned, record).and_then(|layers| layers.reseal(pruned));
            match fresh {
                Ok(fresh) => Ok(fresh.labels != record.labels),
                Err(error) => match damage(error)? {
                    (_, EnvelopeError::UnknownKey) => Ok(true),
                    (key, cause) => Err(VaultError::Tampered { key, cause }),
                },
            }
        })
    }

    /// Counts what `counts` says yes to, by kind.
    fn count_records(
        &self,
        mut counts: impl FnMut(&Record) -> Result<bool, VaultError>,
    ) -> Result<Vec<RecordCount>, VaultError> {
        let mut found = Vec::new();
        for kind in sealed_kinds() {
            let mut query = Query { limit: BATCH, ..Query::new(self.core.id, kind) };
            let mut count = 0;
            loop {
                let page = self.core.store.scan(&query)?;
                query.cursor = page.next;
                for record in page.into_records()? {
                    let yes = match treatment(kind) {
                        Treatment::End => is_ended(&self.snapshot.keyring, &record),
                        Treatment::Reseal | Treatment::Pass => counts(&record)?,
                    };
                    count += u64::from(yes);
                }
                if query.cursor.is_none() {
                    break;
                }
            }
            if count > 0 {
                found.push(RecordCount { kind, count });
            }
        }
        Ok(found)
    }
}

/// The kinds that lie under data and index keys. Entries stand before past secrets: what leaves an
/// entry for the history while a pass runs is either met there, or left an entry that had been
/// passed and was fresh.
fn sealed_kinds() -> impl Iterator<Item = RecordKind> {
    RecordKind::ALL.into_iter().filter(|kind| treatment(*kind) != Treatment::Pass)
}

/// Whether a ticket opens nothing any more: the key it holds was sealed for another data key.
fn is_ended(ring: &Keyring, record: &Record) -> bool {
    data_key_of(record) != Ok(ring.data_key_id())
}

/// The record that does not open, and why; any other error goes on.
fn damage(error: VaultError) -> Result<(RecordKey, EnvelopeError), VaultError> {
    match error {
        VaultError::Tampered { key, cause } if !matches!(cause, EnvelopeError::NewerKeyring { .. }) => Ok((key, cause)),
        other => Err(other),
    }
}

/// Records of one batch.
const BATCH: u32 = 100;
