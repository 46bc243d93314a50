//! The record of a request.

use crate::clock::Timestamp;
use crate::envelope::{open_record, seal_record};
use crate::id::{CredentialRequestId, RecordId, RecordKind};
use crate::model::{CredentialRequestHead, EventKind, Outcome};
use crate::policy::Authorized;
use crate::store::{ChangeSet, Query, Record, RecordKey};
use crate::vault::core::tampered;
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;

/// A request whose head has opened.
pub(super) struct FoundRequest {
    pub(super) id: CredentialRequestId,
    pub(super) key: RecordKey,
    pub(super) revision: u64,
    pub(super) head: CredentialRequestHead,
}

impl Gate<'_> {
    pub(super) fn find_request(&self, id: CredentialRequestId) -> Result<Option<FoundRequest>, VaultError> {
        let record = self.core.load(self.core.key(RecordKind::CredentialRequest, id))?;
        record.map(|record| self.opened_request(&record)).transpose()
    }

    pub(super) fn all_requests(&self) -> Result<Vec<FoundRequest>, VaultError> {
        let mut query = Query::new(self.core.id, RecordKind::CredentialRequest);
        let mut found = Vec::new();
        loop {
            let page = self.core.store.scan(&query)?;
            query.cursor = page.next;
            for record in page.into_records()? {
                found.push(self.opened_request(&record)?);
            }
            if query.cursor.is_none() {
                return Ok(found);
            }
        }
    }

    /// Removes requests that have expired by `now`, at most `limit`; returns how many.
    pub(in crate::vault) fn expire_requests(
        &self,
        proof: &Authorized,
        now: Timestamp,
        limit: u32,
    ) -> Result<u32, VaultError> {
        // A request's id begins with the time at which it expires.
        let to = Some(RecordId::from(CredentialRequestId::earliest(now.plus_millis(1))));
        let limit = limit.clamp(1, BATCH);
        let query = Query { to, limit, ..Query::new(self.core.id, RecordKind::CredentialRequest) };
        let mut changes = ChangeSet::new();
        let mut removed = 0;
        for record in self.core.store.scan(&query)?.into_records()? {
            let found = self.opened_request(&record)?;
            changes.delete(found.key, found.revision);
            removed += 1;
        }
        if removed > 0 {
            self.commit(proof, changes, self.event(EventKind::CredentialRequestEnded, Outcome::Done, &[]))?;
        }
        Ok(removed)
    }

    fn opened_request(&self, record: &Record) -> Result<FoundRequest, VaultError> {
        self.note_read(record);
        let opened =
            open_record::<CredentialRequestHead>(&self.snapshot.keyring, RecordKind::CredentialRequest, record)
                .map_err(|cause| tampered(record, cause))?;
        Ok(FoundRequest {
            id: CredentialRequestId::from_bytes(record.key.id.0),
            key: record.key,
            revision: record.revision,
            head: opened.head,
        })
    }

    pub(super) fn request_record(
        &self,
        id: CredentialRequestId,
        revision: u64,
        head: &CredentialRequestHead,
    ) -> Result<Record, VaultError> {
        let key = self.core.key(RecordKind::CredentialRequest, id);
        Ok(seal_record(&self.snapshot.keyring, key, revision, head, Vec::new(), &[])?)
    }
}

/// How many requests are removed at once.
const BATCH: u32 = 500;
