//! Records of which a vault has few and needs all at once: templates and catalogues.

use serde::de::DeserializeOwned;

use super::core::tampered;
use super::error::VaultError;
use super::gate::Gate;
use crate::envelope::{open_record, seal_record};
use crate::id::RecordKind;
use crate::index;
use crate::policy::Authorized;
use crate::store::{ChangeSet, Query, RecordKey};

impl Gate<'_> {
    /// The heads of every record of a kind.
    pub(super) fn every<T: DeserializeOwned>(&self, kind: RecordKind) -> Result<Vec<T>, VaultError> {
        let mut query = Query::new(self.core.id, kind);
        let mut heads = Vec::new();
        loop {
            let page = self.core.store.scan(&query)?;
            query.cursor = page.next;
            for record in page.into_records()? {
                let opened = open_record(&self.snapshot.keyring, kind, &record);
                heads.push(opened.map_err(|cause| tampered(&record, cause))?.head);
            }
            if query.cursor.is_none() {
                return Ok(heads);
            }
        }
    }

    /// The key of the record of a kind that stands for `value`.
    pub(super) fn key_of(&self, kind: RecordKind, name: &str, value: &str) -> RecordKey {
        self.core.key(kind, index::unique_id(&self.snapshot.keyring, kind, name, value.as_bytes()))
    }

    /// Writes the record, or deletes it, with an event. Deleting what is not there is no change.
    pub(super) fn replace<T: serde::Serialize>(
        &self,
        proof: &Authorized,
        key: RecordKey,
        head: Option<&T>,
        kind: crate::model::EventKind,
    ) -> Result<(), VaultError> {
        let held = self.core.load(key)?.map(|record| record.revision);
        let mut changes = ChangeSet::new();
        match (head, held) {
            (Some(head), held) => {
                let revision = held.unwrap_or(0) + 1;
                changes.write(seal_record(&self.snapshot.keyring, key, revision, head, Vec::new(), &[])?);
            }
            (None, Some(revision)) => changes.delete(key, revision),
            (None, None) => {}
        }
        self.commit(proof, changes, self.event(kind, crate::model::Outcome::Done, &[]))
    }
}
