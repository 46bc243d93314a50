//! Permits: the vault's yes in a form that a host can carry from one call to the next, once, for one
//! person and one purpose, and not for long.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::core::tampered;
use super::error::VaultError;
use super::gate::Gate;
use crate::crypto;
use crate::envelope::{open_record, seal_record};
use crate::id::{EventId, RecordId, RecordKind};
use crate::model::{PermitHead, PermitPurpose};
use crate::store::{ChangeSet, Query, RecordKey};

/// Stands for something the vault has allowed: 48 bytes for the host to carry.
///
/// # Security
/// Whoever holds it and is the same principal may do once what it was issued for, until it ends.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Permit {
    id: [u8; 16],
    token: [u8; 32],
}

#[cfg(feature = "crossing")]
crate::secret::secret_form!(
    Permit,
    "a permit",
    |permit| crate::secret::SecretBytes::from_slice(&permit.to_bytes()),
    |bytes| bytes.try_into().ok().map(Permit::from_bytes)
);

impl Permit {
    /// Its 48 bytes.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 48] {
        let mut bytes = [0; 48];
        let (id, token) = bytes.split_at_mut(16);
        id.copy_from_slice(&self.id);
        token.copy_from_slice(&self.token);
        bytes
    }

    /// From the bytes of [`to_bytes`](Self::to_bytes).
    #[must_use]
    pub fn from_bytes(bytes: [u8; 48]) -> Self {
        let mut permit = Self { id: [0; 16], token: [0; 32] };
        let (id, token) = bytes.split_at(16);
        permit.id.copy_from_slice(id);
        permit.token.copy_from_slice(token);
        permit
    }
}

impl fmt::Debug for Permit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Permit(redacted)")
    }
}

/// A permit that holds, with what ends it.
pub(super) struct FoundPermit {
    pub(super) purpose: PermitPurpose,
    key: RecordKey,
    revision: u64,
}

impl FoundPermit {
    /// Adds to a change set that the permit was used. Of two uses at once one is a conflict.
    pub(super) fn end(&self, changes: &mut ChangeSet) {
        changes.delete(self.key, self.revision);
    }
}

impl Gate<'_> {
    /// Adds a new permit to a change set, and clears away old ones.
    pub(super) fn issue_permit(
        &self,
        purpose: PermitPurpose,
        lasts_ms: i64,
        changes: &mut ChangeSet,
    ) -> Result<Permit, VaultError> {
        self.clear_permits(changes)?;
        // In the order of their making, so that the oldest are found first.
        let permit = Permit { id: EventId::generate(self.now)?.to_bytes(), token: crypto::random_array()? };
        let head = PermitHead {
            person: self.session.principal.person(),
            purpose,
            token_hash: crypto::sha256(&[&permit.token]),
            ends_at: self.now.plus_millis(lasts_ms),
        };
        let key = self.core.key(RecordKind::Permit, RecordId(permit.id));
        changes.write(seal_record(&self.snapshot.keyring, key, 1, &head, Vec::new(), &[])?);
        Ok(permit)
    }

    /// The permit, if it is this principal's and still holds. One that does not is as good as none.
    pub(super) fn permit(&self, permit: &Permit) -> Result<Option<FoundPermit>, VaultError> {
        let key = self.core.key(RecordKind::Permit, RecordId(permit.id));
        let Some(record) = self.core.load(key)? else { return Ok(None) };
        let head = open_record::<PermitHead>(&self.snapshot.keyring, RecordKind::Permit, &record)
            .map_err(|cause| tampered(&record, cause))?
            .head;
        let fits = bool::from(head.token_hash.ct_eq(&crypto::sha256(&[&permit.token])));
        let holds = fits && head.person == self.session.principal.person() && self.now < head.ends_at;
        Ok(holds.then_some(FoundPermit { purpose: head.purpose, key, revision: record.revision }))
    }

    /// Adds to a change set that permits which were not used in time are gone: a few at a time, more
    /// than are made.
    fn clear_permits(&self, changes: &mut ChangeSet) -> Result<(), VaultError> {
        let mut query = Query::new(self.core.id, RecordKind::Permit);
        query.limit = CLEARED_AT_ONCE;
        for record in self.core.store.scan(&query)?.into_records()? {
            let head = open_record::<PermitHead>(&self.snapshot.keyring, RecordKind::Permit, &record)
                .map_err(|cause| tampered(&record, cause))?
                .head;
            if head.ends_at <= self.now {
                changes.delete(record.key, record.revision);
            }
        }
        Ok(())
    }
}

const CLEARED_AT_ONCE: u32 = 4;
