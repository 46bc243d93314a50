//! Bringing an owner's entries along when a master password is set or disabled: in batches, each a
//! commit with its event, so that a kill in between leaves every entry openable and the rest to be
//! resumed.

use super::record::{MasterRecord, opened_master};
use crate::id::{RecordId, RecordKind};
use crate::index::{self, Place, Term};
use crate::model::{EventKind, MasterState, Outcome, Owner, Section};
use crate::policy::{Authorized, Capability};
use crate::store::{ChangeSet, Query};
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;
use crate::vault::session::Session;

impl Session {
    /// Seals an owner's entries as the state of its master password asks, and then completes that
    /// state. Does nothing when there is nothing to do.
    pub(super) fn reseal_owned(&self, owner: &Owner) -> Result<(), VaultError> {
        let mut after = None;
        loop {
            after = self.run(|gate| gate.reseal_owned_batch(owner, after))?;
            if after.is_none() {
                return Ok(());
            }
        }
    }
}

impl Gate<'_> {
    /// The owners for whom the principal can go on with what was interrupted.
    pub(super) fn interrupted_owners(&self) -> Result<Vec<Owner>, VaultError> {
        if let Some(own) = self.authority.own() {
            return Ok(vec![own.clone()]);
        }
        let _proof = self.section(Section::Rotation, EventKind::MasterPasswordSet)?;
        let mut owners = Vec::new();
        let mut query = Query::new(self.core.id, RecordKind::MasterPassword);
        loop {
            let page = self.core.store.scan(&query)?;
            query.cursor = page.next;
            for record in page.into_records()? {
                let head = opened_master(&self.snapshot, &record)?.head;
                if head.state == MasterState::Enabling {
                    owners.push(head.owner);
                }
            }
            if query.cursor.is_none() {
                return Ok(owners);
            }
        }
    }

    /// Seals some entries and returns where to go on; completes the state after the last.
    fn reseal_owned_batch(&self, owner: &Owner, after: Option<RecordId>) -> Result<Option<RecordId>, VaultError> {
        let Some(master) = self.master_of(owner)? else { return Ok(None) };
        let kind = match master.head.state {
            MasterState::Active => return Ok(None),
            MasterState::Enabling => EventKind::MasterPasswordSet,
            MasterState::Disabling => EventKind::MasterPasswordDisabled,
        };
        let proof = self.may_reseal(owner, kind)?;
        let mut query = Query::new(self.core.id, RecordKind::Entry);
        // Both places in one group, so that an entry which moves between them is not missed.
        let places = [Place::Active, Place::Trash].into_iter();
        let keyring = &self.snapshot.keyring;
        query.labels = vec![places.flat_map(|place| index::entry_query(keyring, place, Term::Owner(owner))).collect()];
        query.cursor = after;
        query.limit = PAGE;
        let page = self.core.store.scan(&query)?;
        let mut next = page.next;
        let mut changes = ChangeSet::new();
        let mut event = self.event(kind, Outcome::Done, &[]);
        for record in page.into_records()? {
            let id = record.key.id;
            let found = self.opened_entry(record)?;
            if found.head.owner != *owner {
                continue;
            }
            let Some(holders) = self.holders_to_move_to(&found.head)? else { continue };
            let mut head = found.head.clone();
            let Some(rest) = self.move_locks(&found, &mut head, &holders, &mut changes, &mut event)? else { continue };
            // Its version stays: whoever is editing it loses nothing.
            changes.write(self.entry_record(found.id, found.revision + 1, &head, &rest)?);
            event.entries.push(found.id);
            if changes.len() >= BATCH {
                next = Some(id);
                break;
            }
        }
        event.sealed_to.sort_unstable();
        event.sealed_to.dedup();
        if next.is_none() {
            self.complete(master, &mut changes)?;
        }
        if !changes.is_empty() {
            self.commit(&proof, changes, event)?;
        }
        Ok(next)
    }

    fn complete(&self, mut master: MasterRecord, changes: &mut ChangeSet) -> Result<(), VaultError> {
        if master.head.state == MasterState::Disabling {
            changes.delete(master.key, master.revision);
        } else {
            master.head.state = MasterState::Active;
            changes.write(self.next_master_record(&master)?);
        }
        Ok(())
    }

    fn may_reseal(&self, owner: &Owner, kind: EventKind) -> Result<Authorized, VaultError> {
        if self.authority.own() == Some(owner) {
            return self.capability(Capability::ManageMasterPassword, kind);
        }
        self.section(Section::Rotation, kind)
    }
}

/// How many entries a commit looks at.
const PAGE: u32 = 32;
/// How many changes a commit may have before the next one begins.
const BATCH: usize = 200;
