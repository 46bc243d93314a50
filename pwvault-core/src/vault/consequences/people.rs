//! What follows for people: contacts, sign-ins, parts in accounts, invitations, messages and requests.

use super::sweep::Sweep;
use super::told::Consequence;
use crate::envelope::open_record;
use crate::id::{RecordId, RecordKind};
use crate::index::{self, AccountTerm, PersonTerm};
use crate::model::{Addressee, Contact, MessageHead, Person};
use crate::store::{Query, Record};
use crate::vault::approvals::Approval;
use crate::vault::core::tampered;
use crate::vault::error::VaultError;
use crate::vault::people::PartEnd;
use crate::vault::principals::mirror_key;

impl Sweep<'_> {
    pub(super) fn contact(&mut self) -> Result<Option<RecordId>, VaultError> {
        let Some(person) = self.work.person() else { return Ok(None) };
        let key = mirror_key(self.gate.core, &self.gate.snapshot, &person);
        if let Some(record) = self.gate.load_noted(key)? {
            self.changes.delete(record.key, record.revision);
            self.tell(Consequence::ContactRemoved, 1);
        }
        Ok(None)
    }

    /// Contacts of those who acted for the client.
    pub(super) fn contacts(&mut self, after: Option<RecordId>) -> Result<Option<RecordId>, VaultError> {
        let Some(client) = self.work.client() else { return Ok(None) };
        let labels = vec![index::person_query(&self.gate.snapshot.keyring, PersonTerm::Account(client))];
        let query = Query { labels, ..Query::new(self.gate.core.id, RecordKind::Mirror) };
        self.page(query, after, |sweep, record| {
            let opened = open_record::<Contact>(&sweep.gate.snapshot.keyring, RecordKind::Mirror, &record)
                .map_err(|cause| tampered(&record, cause))?;
            let person = &opened.head.person;
            if matches!(person, Person::SubUser { .. }) && sweep.work.concerns(person) {
                sweep.remove(&record, Consequence::ContactRemoved);
            }
            Ok(())
        })
    }

    pub(super) fn sign_in(&mut self) -> Result<Option<RecordId>, VaultError> {
        if let Some(id) = self.work.person_id()
            && self.gate.end_sign_in(&id, &mut self.changes)?
        {
            self.tell(Consequence::SignInEnded, 1);
        }
        Ok(None)
    }

    /// People of the directory who acted for the client, or have the role.
    pub(super) fn people(&mut self, after: Option<RecordId>) -> Result<Option<RecordId>, VaultError> {
        let work = self.work;
        let term = match (work.client(), work.role()) {
            (Some(client), _) => AccountTerm::Account(client),
            (None, Some(role)) => AccountTerm::Role(role),
            (None, None) => return Ok(None),
        };
        let labels = vec![index::account_query(&self.gate.snapshot.keyring, term)];
        let query = Query { labels, ..Query::new(self.gate.core.id, RecordKind::Account) };
        self.page(query, after, |sweep, record| {
            if let Some(role) = work.role() {
                let taken = sweep.gate.take_role(&record, role, &mut sweep.changes)?;
                sweep.tell(Consequence::RoleTaken, usize::from(taken));
            }
            if let Some(client) = work.client() {
                match sweep.gate.end_part(&record, client, work.merged_into(), &mut sweep.changes)? {
                    Some(PartEnd::Removed) => sweep.tell(Consequence::SubUserRemoved, 1),
                    Some(PartEnd::Moved) => sweep.tell(Consequence::SubUserRehomed, 1),
                    None => {}
                }
            }
            Ok(())
        })
    }

    /// Invitations to act for the client.
    pub(super) fn invites(&mut self, after: Option<RecordId>) -> Result<Option<RecordId>, VaultError> {
        let work = self.work;
        let Some(client) = work.client() else { return Ok(None) };
        let labels = vec![index::invite_query(&self.gate.snapshot.keyring, Some(client))];
        let query = Query { labels, ..Query::new(self.gate.core.id, RecordKind::Invite) };
        self.page(query, after, |sweep, record| {
            let cancelled = sweep.gate.cancel_invite_to(&record, client, &mut sweep.changes)?;
            sweep.tell(Consequence::InviteCancelled, usize::from(cancelled));
            Ok(())
        })
    }

    /// Messages to whoever is gone. They are few: every one is looked at.
    pub(super) fn messages(&mut self, after: Option<RecordId>) -> Result<Option<RecordId>, VaultError> {
        if self.work.person().is_none() {
            return Ok(None);
        }
        self.page(Query::new(self.gate.core.id, RecordKind::Message), after, |sweep, record| {
            let opened = open_record::<MessageHead>(&sweep.gate.snapshot.keyring, RecordKind::Message, &record)
                .map_err(|cause| tampered(&record, cause))?;
            if matches!(&opened.head.notice.to, Addressee::Person(person) if sweep.work.concerns(person)) {
                sweep.remove(&record, Consequence::MessageRemoved);
            }
            Ok(())
        })
    }

    /// Requests for approval by whoever is gone, answered or not.
    pub(super) fn approvals(&mut self, after: Option<RecordId>) -> Result<Option<RecordId>, VaultError> {
        if self.work.person().is_none() {
            return Ok(None);
        }
        self.page(Query::new(self.gate.core.id, RecordKind::Approval), after, |sweep, record| {
            let opened = open_record::<Approval>(&sweep.gate.snapshot.keyring, RecordKind::Approval, &record)
                .map_err(|cause| tampered(&record, cause))?;
            if sweep.work.concerns(&opened.head.requester) {
                sweep.remove(&record, Consequence::ApprovalRemoved);
            }
            Ok(())
        })
    }

    pub(super) fn remove(&mut self, record: &Record, what: Consequence) {
        self.changes.delete(record.key, record.revision);
        self.tell(what, 1);
    }
}
