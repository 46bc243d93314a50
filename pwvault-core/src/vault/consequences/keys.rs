//! What follows for encryption keys, categories and the rules: another owner, and lists that name who is
//! gone.

use super::sweep::Sweep;
use super::told::{Consequence, HandOver};
use super::work::{category_owner, key_owner, replace};
use crate::envelope::{open_record, seal_record};
use crate::id::{RecordId, RecordKind};
use crate::index::{self, CategoryTerm, KeyTerm};
use crate::model::{CategoryHead, Grantee, KeyConfiguration, KeyOwner, Owner, Recipient};
use crate::store::{Query, Record};
use crate::vault::core::tampered;
use crate::vault::error::VaultError;
use crate::vault::gate::FoundKey;

impl Sweep<'_> {
    pub(super) fn keys(&mut self, after: Option<RecordId>) -> Result<Option<RecordId>, VaultError> {
        let Some(gone) = &self.work.gone else { return Ok(None) };
        let owner = self.work.leaver().as_ref().map(key_owner);
        let terms = owner.iter().map(KeyTerm::Owner).chain([KeyTerm::MayAttach(gone)]);
        let keyring = &self.gate.snapshot.keyring;
        let labels = vec![terms.flat_map(|term| index::key_query(keyring, term)).collect()];
        self.page(Query { labels, ..Query::new(self.gate.core.id, RecordKind::Key) }, after, Self::key)
    }

    fn key(&mut self, record: Record) -> Result<(), VaultError> {
        let found = self.gate.opened_key(&record)?;
        let Some(gone) = &self.work.gone else { return Ok(()) };
        let mut head = found.head.clone();
        let heir = self.work.heir.as_ref().filter(|heir| matches!(heir, Grantee::Client(_)));
        if replace(&mut head.may_attach, gone, heir) {
            self.tell(Consequence::AttachRightEnded, 1);
        }
        if let (Some(leaver), Some(heir)) = (self.work.leaver(), self.work.new_owner())
            && head.owner == key_owner(&leaver)
        {
            if matches!(leaver, Owner::Client(_)) || self.can_open_key(&found)? {
                head.owner = key_owner(&heir);
                self.tell(Consequence::KeyRehomed, 1);
            } else {
                self.tell(Consequence::KeyKept, 1);
                if self.gate.authority.key_action(&head).is_some() {
                    self.hand_over(HandOver::Key { key: found.id });
                }
            }
        }
        if head.owner != KeyOwner::Vault {
            let own = |one: &Grantee| match (one, &head.owner) {
                (Grantee::Admin(id), KeyOwner::Admin(owner)) => id == owner,
                (Grantee::Client(id), KeyOwner::Client(owner)) => id == owner,
                _ => false,
            };
            let left: Vec<_> = head.may_attach.iter().filter(|one| !own(one)).cloned().collect();
            head.may_attach = left;
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
        let owner = self.work.merged_into().and(self.work.client()).map(category_owner);
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
