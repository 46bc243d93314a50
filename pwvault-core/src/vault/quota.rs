//! The quota: how many entries an account may own. Owns the count and the record that makes two
//! creations of one account meet; knows nothing of who may create.
//!
//! Entries are counted in the store, by a label of those that count, so that no counter can drift.
//! What a passage adds is noted as it is drafted and held against the quota when it commits: no way
//! to an entry goes past it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::VaultError;
use super::gate::Gate;
use crate::envelope::seal_record;
use crate::id::{ClientId, RecordKind};
use crate::index::{self, Place, Term};
use crate::model::{EntryHead, Owner};
use crate::store::{ChangeSet, Query, Record, RecordKey, Want};

/// How many entries a passage adds to each account.
pub(super) type Added = BTreeMap<ClientId, u32>;

/// The content of an account's usage record. Each commit that adds entries writes it, so that of two
/// commits that counted the same one fails.
#[derive(Serialize, Deserialize)]
struct Usage {
    account: ClientId,
}

impl Gate<'_> {
    /// Notes an entry that will be one more of its owner's.
    pub(super) fn note_added(&self, head: &EntryHead) {
        if let (Owner::Client(account), true) = (&head.owner, head.counts()) {
            *self.added.borrow_mut().entry(account.clone()).or_default() += 1;
        }
    }

    /// Refuses changes that would lift an account over its quota.
    pub(super) fn hold_quota(&self, changes: &mut ChangeSet) -> Result<(), VaultError> {
        let Some(limit) = self.snapshot.policy.settings.entry_quota else { return Ok(()) };
        for (account, added) in self.added.borrow().iter() {
            let owned = self.counted(account, u64::from(limit) + 1)?;
            if owned + u64::from(*added) > u64::from(limit) {
                return Err(VaultError::QuotaReached { limit, owned, added: *added });
            }
            changes.write(self.usage_record(account)?);
        }
        Ok(())
    }

    /// The account's usage record at its next revision.
    pub(super) fn usage_record(&self, account: &ClientId) -> Result<Record, VaultError> {
        let keyring = &self.snapshot.keyring;
        let key = self.usage_key(account);
        let revision = self.core.load(key)?.map_or(0, |record| record.revision);
        let usage = Usage { account: account.clone() };
        Ok(seal_record(keyring, key, revision + 1, &usage, Vec::new(), &[])?)
    }

    /// The place of an account's usage record.
    pub(super) fn usage_key(&self, account: &ClientId) -> RecordKey {
        let id = account.as_str().as_bytes();
        let id = index::unique_id(&self.snapshot.keyring, RecordKind::Usage, "account", id);
        self.core.key(RecordKind::Usage, id)
    }

    /// How many entries of an account count, counted up to `limit`.
    pub(super) fn counted(&self, account: &ClientId, limit: u64) -> Result<u64, VaultError> {
        let owner = Owner::Client(account.clone());
        let mut query = Query::new(self.core.id, RecordKind::Entry);
        query.labels = vec![index::entry_query(&self.snapshot.keyring, Place::Active, Term::Counted(&owner))];
        query.want = Want::Count;
        query.limit = u32::try_from(limit).unwrap_or(u32::MAX);
        Ok(self.core.store.scan(&query)?.into_count()?)
    }
}
