//! The record of a link.

use crate::envelope::{LinkBinding, open_record, seal_record};
use crate::id::{EntryId, LinkId, RecordId, RecordKind};
use crate::index;
use crate::model::LinkHead;
use crate::store::{Query, Record, RecordKey};
use crate::vault::core::tampered;
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;

/// A link whose head has opened.
pub(super) struct FoundLink {
    pub(super) id: LinkId,
    pub(super) key: RecordKey,
    pub(super) revision: u64,
    pub(super) head: LinkHead,
    pub(super) rest: Vec<u8>,
}

impl Gate<'_> {
    pub(super) fn find_link(&self, id: LinkId) -> Result<Option<FoundLink>, VaultError> {
        let record = self.core.load(self.core.key(RecordKind::Link, id))?;
        record.map(|record| self.opened_link(&record)).transpose()
    }

    /// The links of an entry, in the order of their ids.
    pub(super) fn links_of(&self, entry: EntryId) -> Result<Vec<FoundLink>, VaultError> {
        let mut query = Query::new(self.core.id, RecordKind::Link);
        query.labels = vec![index::link_query(&self.snapshot.keyring, entry)];
        let mut found = Vec::new();
        loop {
            let page = self.core.store.scan(&query)?;
            query.cursor = page.next;
            for record in page.into_records()? {
                // A label only finds; the sealed head decides.
                found.extend(Some(self.opened_link(&record)?).filter(|link| link.head.entry == entry));
            }
            if query.cursor.is_none() {
                return Ok(found);
            }
        }
    }

    pub(super) fn opened_link(&self, record: &Record) -> Result<FoundLink, VaultError> {
        self.note_read(record);
        let opened = open_record::<LinkHead>(&self.snapshot.keyring, RecordKind::Link, record)
            .map_err(|cause| tampered(record, cause))?;
        Ok(FoundLink {
            id: LinkId::from_bytes(record.key.id.0),
            key: record.key,
            revision: record.revision,
            head: opened.head,
            rest: opened.rest.to_vec(),
        })
    }

    pub(super) fn link_record(
        &self,
        id: LinkId,
        revision: u64,
        head: &LinkHead,
        rest: &[u8],
    ) -> Result<Record, VaultError> {
        let keyring = &self.snapshot.keyring;
        let labels = index::link_label(keyring, head.entry);
        Ok(seal_record(keyring, self.core.key(RecordKind::Link, id), revision, head, labels, rest)?)
    }

    /// What the contents of a link are bound to.
    pub(in crate::vault) fn link_binding(&self, id: RecordId, entry: EntryId) -> LinkBinding {
        LinkBinding { vault: self.core.id, link: LinkId::from_bytes(id.0), entry }
    }
}
