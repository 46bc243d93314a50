//! Tags: what staff sort entries under. Clients never see them.

use super::core::tampered;
use super::draft::checked_name;
use super::error::VaultError;
use super::gate::Gate;
use super::session::Session;
use crate::envelope::{open_record, seal_record};
use crate::id::{EntryId, RecordKind, TagId};
use crate::index::Term;
use crate::model::{Action, EventKind, Outcome, Section, TagHead};
use crate::store::{ChangeSet, Query, Record};

/// Tags, for administrators with the section `tags`.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// let root = Principal::admin_with_roles(AdminId::new("root")?, vec![RoleId::new("full")?]);
/// let root = vault.session(root, RequestContext::default());
/// let id = root.create_entry(&EntryDraft { name: "Router".into(), password: "s3cret".into(), ..EntryDraft::default() })?;
/// let tag = root.create_tag("network")?;
/// root.tag_entries(&[id], &[tag], &[])?;
/// assert_eq!(root.entry(id)?.head.tags, [tag]);
/// assert!(matches!(root.delete_tags(&[tag], false), Err(VaultError::InUse { .. })));
/// root.delete_tags(&[tag], true)?;
/// assert!(root.entry(id)?.head.tags.is_empty());
/// # Ok::<(), VaultError>(())
/// ```
pub trait Tags {
    /// Creates a tag.
    ///
    /// # Errors
    /// [`VaultError::Invalid`] for a name that is not accepted, [`VaultError::Denied`].
    fn create_tag(&self, name: &str) -> Result<TagId, VaultError>;

    /// Renames a tag that is still at `version`, and returns the new version.
    ///
    /// # Errors
    /// [`VaultError::VersionConflict`], [`VaultError::NotFound`]; else as
    /// [`create_tag`](Self::create_tag).
    fn rename_tag(&self, id: TagId, version: u64, name: &str) -> Result<u64, VaultError>;

    /// Deletes tags, all or none. With `force`, entries lose them in the same commit.
    ///
    /// # Errors
    /// [`VaultError::InUse`] when entries have one, without `force` or above 1,000 of them;
    /// [`VaultError::Denied`], [`VaultError::NotFound`].
    fn delete_tags(&self, ids: &[TagId], force: bool) -> Result<(), VaultError>;

    /// All tags, the oldest first.
    ///
    /// # Errors
    /// [`VaultError::Denied`]; the errors of key provider and store.
    fn tags(&self) -> Result<Vec<(TagId, TagHead)>, VaultError>;

    /// Gives entries tags and takes others off, all or none.
    ///
    /// # Errors
    /// [`VaultError::Invalid`] above 64 tags of an entry, [`VaultError::Denied`],
    /// [`VaultError::NotFound`] for the first entry the principal may not view, or a tag that does
    /// not exist.
    fn tag_entries(&self, ids: &[EntryId], add: &[TagId], remove: &[TagId]) -> Result<(), VaultError>;
}

impl Tags for Session {
    fn create_tag(&self, name: &str) -> Result<TagId, VaultError> {
        self.run(|gate| {
            let proof = gate.section(Section::Tags, EventKind::TagCreated)?;
            let id = TagId::generate(gate.now)?;
            let name = checked_name("tag name", name)?;
            let head = TagHead { name, created_by: self.principal.person(), created_at: gate.now, version: 1 };
            let mut changes = ChangeSet::new();
            changes.write(gate.tag_record(id, 1, &head)?);
            gate.commit(&proof, changes, gate.event(EventKind::TagCreated, Outcome::Done, &[]))?;
            Ok(id)
        })
    }

    fn rename_tag(&self, id: TagId, version: u64, name: &str) -> Result<u64, VaultError> {
        self.run(|gate| {
            let proof = gate.section(Section::Tags, EventKind::TagUpdated)?;
            let (record, mut head) = gate.tag(id)?;
            if head.version != version {
                return Err(VaultError::VersionConflict { expected: version, found: head.version });
            }
            head.name = checked_name("tag name", name)?;
            head.version += 1;
            let mut changes = ChangeSet::new();
            changes.write(gate.tag_record(id, record.revision + 1, &head)?);
            gate.commit(&proof, changes, gate.event(EventKind::TagUpdated, Outcome::Done, &[]))?;
            Ok(head.version)
        })
    }

    fn delete_tags(&self, ids: &[TagId], force: bool) -> Result<(), VaultError> {
        self.run(|gate| {
            let proof = gate.section(Section::Tags, EventKind::TagDeleted)?;
            let mut changes = ChangeSet::new();
            let mut entries = std::collections::BTreeMap::new();
            for (at, id) in ids.iter().enumerate() {
                if ids.iter().take(at).any(|other| other == id) {
                    return Err(VaultError::invalid("ids", "a tag stands twice in the list"));
                }
                let (record, _) = gate.tag(*id)?;
                changes.delete(record.key, record.revision);
                let found = gate.entries_of(Term::Tag(*id), "the tag", force)?;
                entries.extend(found.into_iter().map(|found| (found.id, found)));
            }
            let touched: Vec<_> = entries.keys().copied().collect();
            for (id, found) in entries {
                let mut head = found.head;
                head.tags.retain(|tag| !ids.contains(tag));
                gate.write_entry(id, found.revision + 1, head, &found.rest, &mut changes)?;
            }
            if changes.is_empty() {
                return Ok(());
            }
            gate.commit(&proof, changes, gate.event(EventKind::TagDeleted, Outcome::Done, &touched))
        })
    }

    fn tags(&self) -> Result<Vec<(TagId, TagHead)>, VaultError> {
        self.run(|gate| {
            let _proof = gate.section(Section::Tags, EventKind::TagUpdated)?;
            let mut query = Query::new(gate.core.id, RecordKind::Tag);
            let mut all = Vec::new();
            loop {
                let page = gate.core.store.scan(&query)?;
                query.cursor = page.next;
                for record in page.into_records()? {
                    all.push((TagId::from_bytes(record.key.id.0), gate.opened_tag(&record)?));
                }
                if query.cursor.is_none() {
                    return Ok(all);
                }
            }
        })
    }

    fn tag_entries(&self, ids: &[EntryId], add: &[TagId], remove: &[TagId]) -> Result<(), VaultError> {
        self.run(|gate| {
            let kind = EventKind::TagsAssigned;
            let proof = gate.section(Section::Tags, kind)?;
            for tag in add {
                let (record, _) = gate.tag(*tag)?;
                gate.rely(record.key, Some(record.revision))?;
            }
            let mut changes = ChangeSet::new();
            for (at, id) in ids.iter().enumerate() {
                if ids.iter().take(at).any(|other| other == id) {
                    return Err(VaultError::invalid("ids", "an entry stands twice in the list"));
                }
                let (found, _) = gate.entry(*id, Action::View, kind)?;
                let mut head = found.head.clone();
                head.tags.retain(|tag| !remove.contains(tag));
                for tag in add {
                    if !head.tags.contains(tag) {
                        head.tags.push(*tag);
                    }
                }
                if head.tags.len() > TAGS_MAX {
                    let problem = format!("the entry would have {}; at most {TAGS_MAX} are accepted", head.tags.len());
                    return Err(VaultError::invalid("tags", problem));
                }
                if head.tags != found.head.tags {
                    gate.write_entry(*id, found.revision + 1, head, &found.rest, &mut changes)?;
                }
            }
            if changes.is_empty() {
                return Ok(());
            }
            gate.commit(&proof, changes, gate.event(kind, Outcome::Done, ids))
        })
    }
}

impl Gate<'_> {
    fn tag(&self, id: TagId) -> Result<(Record, TagHead), VaultError> {
        let record = self.load_noted(self.core.key(RecordKind::Tag, id))?.ok_or(VaultError::NotFound)?;
        let head = self.opened_tag(&record)?;
        Ok((record, head))
    }

    pub(super) fn opened_tag(&self, record: &Record) -> Result<TagHead, VaultError> {
        let opened = open_record(&self.snapshot.keyring, RecordKind::Tag, record);
        Ok(opened.map_err(|cause| tampered(record, cause))?.head)
    }

    fn tag_record(&self, id: TagId, revision: u64, head: &TagHead) -> Result<Record, VaultError> {
        let key = self.core.key(RecordKind::Tag, id);
        Ok(seal_record(&self.snapshot.keyring, key, revision, head, Vec::new(), &[])?)
    }
}

/// Tags of an entry.
const TAGS_MAX: usize = 64;
