//! What follows for encryption keys, categories and the rules: another owner, and lists that name who is
//! gone.

use super::sweep::Sweep;
use super::told::{Consequence, HandOver};
use super::work::{category_owner, replace};
use crate::envelope::{open_record, seal_record};
use crate::id::{CategoryId, KeyId, RecordId, RecordKind};
use crate::index::{self, CategoryTerm, KeyTerm};
use crate::model::{CategoryHead, Grantee, KeyConfiguration, KeyOwner, Owner, PersonId, Recipient};
use crate::store::{Query, Record};
use crate::vault::core::tampered;
use crate::vault::error::VaultError;
use crate::vault::gate::{FoundEntry, FoundKey, Gate};

impl Sweep<'_> {
    /// Entries of others that only keys of whoever is forgotten open.
    pub(super) fn lost_secrets(&mut self, after: Option<RecordId>) -> Result<Option<RecordId>, VaultError> {
        let Some(owner) = self.work.leaver().filter(|_| self.work.erased.is_some()) else { return Ok(None) };
        let mine = KeyOwner::from(&owner);
        let labels = vec![index::key_query(&self.gate.snapshot.keyring, KeyTerm::Owner(&mine))];
        self.page(Query { labels, ..Query::new(self.gate.core.id, RecordKind::Key) }, after, |sweep, record| {
            let key = sweep.gate.opened_key(&record)?;
            if key.head.owner != mine {
                return Ok(());
            }
            let mut lost = Vec::new();
            sweep.gate.each_locked_to(key.id, |found| {
                if found.head.owner != owner && sweep.is_first_and_last(&found, key.id, &mine)? {
                    lost.push(found);
                }
                Ok(())
            })?;
            for found in lost {
                let visible = sweep.visible(&found);
                sweep.told.add(Consequence::SecretLost, 1, visible);
                sweep.event.entries.push(found.id);
            }
            Ok(())
        })
    }

    /// Whether a key is the first of an entry's locks that are still there, and all of them have one
    /// owner.
    fn is_first_and_last(&self, found: &FoundEntry, key: KeyId, owner: &KeyOwner) -> Result<bool, VaultError> {
        let mut first = None;
        for lock in &found.head.locks {
            let Recipient::Key(id) = lock.recipient else { return Ok(false) };
            match self.gate.find_key(id)? {
                Some(other) if other.head.owner != *owner => return Ok(false),
                Some(_) => first = first.or(Some(id)),
                None => {}
            }
        }
        Ok(first == Some(key))
    }

    pub(super) fn keys(&mut self, after: Option<RecordId>) -> Result<Option<RecordId>, VaultError> {
        let Some(gone) = &self.work.gone else { return Ok(None) };
        let owner = self.work.leaver().as_ref().map(KeyOwner::from);
        let terms = owner.iter().map(KeyTerm::Owner).chain([KeyTerm::MayAttach(gone)]);
        let keyring = &self.gate.snapshot.keyring;
        let labels = vec![terms.flat_map(|term| index::key_query(keyring, term)).collect()];
        self.page(Query { labels, ..Query::new(self.gate.core.id, RecordKind::Key) }, after, Self::key)
    }

    fn key(&mut self, record: Record) -> Result<(), VaultError> {
        let found = self.gate.opened_key(&record)?;
        let Some(gone) = &self.work.gone else { return Ok(()) };
        if self.work.erased.is_some()
            && self.work.leaver().is_some_and(|owner| KeyOwner::from(&owner) == found.head.owner)
        {
            self.remove(&record, Consequence::KeyErased);
            return Ok(());
        }
        let mut head = found.head.clone();
        let heir = self.work.heir.as_ref().filter(|heir| matches!(heir, Grantee::Client(_)));
        if replace(&mut head.may_attach, gone, heir) {
            let what = if heir.is_some() { Consequence::AttachRightRehomed } else { Consequence::AttachRightEnded };
            self.tell(what, 1);
        }
        if let (Some(leaver), Some(heir)) = (self.work.leaver(), self.work.new_owner())
            && head.owner == KeyOwner::from(&leaver)
        {
            if matches!(leaver, Owner::Client(_)) || self.can_open_key(&found)? {
                head.owner = KeyOwner::from(&heir);
                head.may_attach.retain(|one| Some(one) != self.work.heir.as_ref());
                self.tell(Consequence::KeyRehomed, 1);
            } else {
                self.tell(Consequence::KeyKept, 1);
                if self.gate.authority.key_action(&head).is_some() {
                    self.hand_over(HandOver::Key { key: found.id });
                }
            }
        }
        if head != found.head {
            self.changes.write(self.gate.key_record(found.id, found.revision + 1, &head, &found.rest)?);
        }
        Ok(())
    }

    /// Whether whoever gets the key could use it: the vault holds it open, or the session has unlocked
    /// it.
    fn can_open_key(&self, found: &FoundKey) -> Result<bool, VaultError> {
        if found.head.configuration == KeyConfiguration::Stored {
            return Ok(true);
        }
        let (recipient, head) = (Recipient::Key(found.id), &found.head);
        Ok(self.gate.key_by_ticket(&recipient, head.generation, head.fingerprint)?.is_some())
    }

    pub(super) fn categories(&mut self, after: Option<RecordId>) -> Result<Option<RecordId>, VaultError> {
        let Some(gone) = &self.work.gone else { return Ok(None) };
        let owned = self.work.merged_into().is_some() || self.work.erased.is_some();
        let owner = self.work.client().filter(|_| owned).map(category_owner);
        let terms = owner.iter().map(CategoryTerm::Owner).chain([CategoryTerm::Member(gone)]);
        let keyring = &self.gate.snapshot.keyring;
        let labels = vec![terms.flat_map(|term| index::category_query(keyring, term)).collect()];
        self.page(Query { labels, ..Query::new(self.gate.core.id, RecordKind::Category) }, after, Self::category)
    }

    fn category(&mut self, record: Record) -> Result<(), VaultError> {
        let keyring = &self.gate.snapshot.keyring;
        let opened = open_record::<CategoryHead>(keyring, RecordKind::Category, &record)
            .map_err(|cause| tampered(&record, cause))?;
        let Some(gone) = &self.work.gone else { return Ok(()) };
        if self.work.own_categories.contains(&CategoryId::from_bytes(record.key.id.0)) {
            self.remove(&record, Consequence::CategoryErased);
            return Ok(());
        }
        let mut head = opened.head.clone();
        let heir = self.work.heir.as_ref().filter(|heir| matches!(heir, Grantee::Client(_)));
        if replace(&mut head.members, gone, heir) {
            let what = if heir.is_some() { Consequence::MemberRehomed } else { Consequence::MemberRemoved };
            self.tell(what, 1);
        }
        if let (Some(from), Some(into)) = (self.work.client(), self.work.merged_into())
            && head.owner == category_owner(from)
        {
            head.owner = category_owner(into);
            self.tell(Consequence::CategoryRehomed, 1);
        }
        if head != opened.head {
            head.version += 1;
            let labels = index::category_labels(keyring, &head);
            let revision = record.revision + 1;
            self.changes.write(seal_record(keyring, record.key, revision, &head, labels, &[])?);
        }
        Ok(())
    }
}

impl Gate<'_> {
    /// The categories of whoever is forgotten.
    pub(super) fn own_categories_of(&self, subject: &PersonId) -> Result<Vec<CategoryId>, VaultError> {
        let PersonId::Client(client) = subject else { return Ok(Vec::new()) };
        let owner = category_owner(client);
        let keyring = &self.snapshot.keyring;
        let labels = vec![index::category_query(keyring, CategoryTerm::Owner(&owner))];
        let query = Query { labels, limit: CATEGORIES_MAX, ..Query::new(self.core.id, RecordKind::Category) };
        let page = self.core.store.scan(&query)?;
        if page.next.is_some() {
            return Err(VaultError::TooMany { limit: CATEGORIES_MAX });
        }
        let mut own = Vec::new();
        for record in page.into_records()? {
            let opened = open_record::<CategoryHead>(keyring, RecordKind::Category, &record)
                .map_err(|cause| tampered(&record, cause))?;
            if opened.head.owner == owner {
                own.push(CategoryId::from_bytes(record.key.id.0));
            }
        }
        Ok(own)
    }
}

/// The most categories of one client that an erasure looks for in entries.
const CATEGORIES_MAX: u32 = 500;
