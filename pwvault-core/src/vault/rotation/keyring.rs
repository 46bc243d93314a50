//! Changes of the keyring, each one compare-and-set of its record.

use super::{RecordCount, RotationStatus, VaultKey};
use crate::envelope::{Keyring, RingKey};
use crate::model::{EventKind, Kek, KekId, Outcome, Section};
use crate::policy::Authorized;
use crate::store::ChangeSet;
use crate::vault::core::open_keyring;
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;

impl Gate<'_> {
    pub(super) fn may_rotate(&self) -> Result<Authorized, VaultError> {
        self.section(Section::Rotation, EventKind::Rotated)
    }

    pub(super) fn rotate_kek(&self) -> Result<KekId, VaultError> {
        let proof = self.may_rotate()?;
        let keks = self.core.keks()?;
        let first = keks.first().ok_or_else(|| VaultError::invalid("key provider", "it gave no KEK; one is needed"))?;
        if self.kek_in_use(&keks)?.id == first.id {
            self.log(EventKind::Rotated, Outcome::Done, &[])?;
        } else {
            self.write_keyring(&proof, &self.snapshot.keyring.next_epoch()?, first)?;
        }
        Ok(first.id)
    }

    pub(super) fn rotate_keys(&self, sort: VaultKey) -> Result<u32, VaultError> {
        let proof = self.may_rotate()?;
        let ring = &self.snapshot.keyring;
        let grown = match sort {
            VaultKey::Data => ring.with_new_data_key()?,
            VaultKey::Index => ring.with_new_index_key()?,
            VaultKey::Audit => ring.with_new_audit_seed()?,
        };
        let generations = match sort {
            VaultKey::Data => generations(grown.data_keys()),
            VaultKey::Index => generations(grown.index_keys()),
            VaultKey::Audit => audit_generations(&grown)?,
        };
        let keks = self.core.keks()?;
        self.write_keyring(&proof, &grown, self.kek_in_use(&keks)?)?;
        generations.last().copied().ok_or(VaultError::State("the keyring has no key of this sort"))
    }

    pub(super) fn retire_old_keys(&self) -> Result<(), VaultError> {
        let proof = self.may_rotate()?;
        let ring = &self.snapshot.keyring;
        if ring.data_keys().len() + ring.index_keys().len() == 2 {
            return self.log(EventKind::Rotated, Outcome::Done, &[]);
        }
        let pruned = ring.without_retired_keys()?;
        let needed = self.under_old_keys(&pruned)?;
        if !needed.is_empty() {
            let counts: Vec<_> =
                needed.iter().map(|RecordCount { kind, count }| format!("{count} of kind {kind:?}")).collect();
            let loss = format!("without it these records would not open or be found: {}", counts.join(", "));
            return Err(VaultError::InUse { what: "an old data or index key", loss });
        }
        // What was scanned stays true. Every commit asserts the keyring's epoch and seals with the
        // current keys of that epoch, so since the epoch in which these keys became old nothing new
        // has been sealed under them, and this commit fails if the epoch is no longer that of the
        // scan. What a commit carries over unopened (the secret of an entry that is renamed, or
        // that joins the history) it takes from a record at an asserted revision: from one scanned
        // before, which was clean, or else it stands where the scan was yet to come.
        let keks = self.core.keks()?;
        self.write_keyring(&proof, &pruned, self.kek_in_use(&keks)?)
    }

    pub(super) fn rotation_status(&self) -> Result<RotationStatus, VaultError> {
        let _proof = self.may_rotate()?;
        let ring = &self.snapshot.keyring;
        let mut damaged = Vec::new();
        let under_old_keys = self.count_stale(&mut damaged)?;
        Ok(RotationStatus {
            kek: self.kek_in_use(&self.core.keks()?)?.id,
            epoch: ring.epoch(),
            data: generations(ring.data_keys()),
            index: generations(ring.index_keys()),
            audit: audit_generations(ring)?,
            under_old_keys,
            damaged,
        })
    }

    /// The KEK of the ring that the keyring lies under.
    fn kek_in_use<'k>(&self, keks: &'k [Kek]) -> Result<&'k Kek, VaultError> {
        let record = self.core.load(Keyring::record_key(self.core.id))?.ok_or(VaultError::NoVault(self.core.id))?;
        let (_, id) = open_keyring(&record, keks)?;
        keks.iter().find(|kek| kek.id == id).ok_or(VaultError::UnknownKek(id))
    }

    fn write_keyring(&self, proof: &Authorized, ring: &Keyring, kek: &Kek) -> Result<(), VaultError> {
        let mut changes = ChangeSet::new();
        changes.write(ring.seal(kek)?);
        self.commit(proof, changes, self.event(EventKind::Rotated, Outcome::Done, &[]))
    }
}

fn generations(keys: &[RingKey]) -> Vec<u32> {
    keys.iter().map(RingKey::generation).collect()
}

fn audit_generations(ring: &Keyring) -> Result<Vec<u32>, VaultError> {
    Ok(ring.audit_keys()?.iter().map(|keys| keys.generation).collect())
}
