//! What follows for what was handed out or is on its way: messages, requests and links.

use super::sweep::Sweep;
use super::told::Consequence;
use crate::envelope::open_record;
use crate::id::{EntryId, RecordId, RecordKind};
use crate::model::{Addressee, Binding, CredentialRequestHead, LinkHead, MessageHead, NoticeKind, Owner};
use crate::store::Query;
use crate::vault::approvals::Approval;
use crate::vault::core::tampered;
use crate::vault::error::VaultError;

impl Sweep<'_> {
    /// Messages to whoever is gone, and about entries that are no more. They are few: every one is looked
    /// at.
    pub(super) fn messages(&mut self, after: Option<RecordId>) -> Result<Option<RecordId>, VaultError> {
        if self.work.person_id().is_none() {
            return Ok(None);
        }
        self.page(Query::new(self.gate.core.id, RecordKind::Message), after, |sweep, record| {
            let opened = open_record::<MessageHead>(&sweep.gate.snapshot.keyring, RecordKind::Message, &record)
                .map_err(|cause| tampered(&record, cause))?;
            let to = match &opened.head.notice.to {
                Addressee::Person(person) => sweep.work.concerns(person),
                Addressee::Address(email) => sweep.work.is_address(email),
            };
            let notice = &opened.head.notice;
            let asked = notice.kind == NoticeKind::ApprovalAsked && sweep.has_asked(notice.entry)?;
            if to || asked || sweep.is_about_erased(notice.entry)? {
                sweep.remove(&record, Consequence::MessageRemoved);
            }
            Ok(())
        })
    }

    /// Requests for approval by whoever is gone, answered or not.
    pub(super) fn approvals(&mut self, after: Option<RecordId>) -> Result<Option<RecordId>, VaultError> {
        if self.work.person_id().is_none() {
            return Ok(None);
        }
        self.page(Query::new(self.gate.core.id, RecordKind::Approval), after, |sweep, record| {
            let opened = open_record::<Approval>(&sweep.gate.snapshot.keyring, RecordKind::Approval, &record)
                .map_err(|cause| tampered(&record, cause))?;
            let approval = &opened.head;
            if sweep.is_by(approval) || sweep.is_about_erased(Some(approval.entry))? {
                sweep.remove(&record, Consequence::ApprovalRemoved);
            }
            Ok(())
        })
    }

    /// Links that rest on the rights of whoever is gone, and of entries that go. They are few, like
    /// messages.
    pub(super) fn links(&mut self, after: Option<RecordId>) -> Result<Option<RecordId>, VaultError> {
        let of_service = matches!(self.work.over, Some(Binding::Service(_)));
        if self.work.person_id().is_none() && !of_service {
            return Ok(None);
        }
        self.page(Query::new(self.gate.core.id, RecordKind::Link), after, |sweep, record| {
            let opened = open_record::<LinkHead>(&sweep.gate.snapshot.keyring, RecordKind::Link, &record)
                .map_err(|cause| tampered(&record, cause))?;
            let LinkHead { entry, created_by, rests_on, .. } = &opened.head;
            let by = sweep.work.concerns(created_by) || sweep.work.concerns(&rests_on.person);
            if by || sweep.is_about_erased(Some(*entry))? || sweep.goes_to_the_trash(*entry)? {
                sweep.remove(&record, Consequence::LinkEnded);
            }
            Ok(())
        })
    }

    /// Requests for credentials that whoever is gone was asked for, or asks for.
    pub(super) fn requests(&mut self, after: Option<RecordId>) -> Result<Option<RecordId>, VaultError> {
        if self.work.person_id().is_none() {
            return Ok(None);
        }
        let kind = RecordKind::CredentialRequest;
        self.page(Query::new(self.gate.core.id, kind), after, |sweep, record| {
            let opened = open_record::<CredentialRequestHead>(&sweep.gate.snapshot.keyring, kind, &record)
                .map_err(|cause| tampered(&record, cause))?;
            let CredentialRequestHead { client, owner, created_by, rests_on, given, .. } = &opened.head;
            let work = sweep.work;
            let asked = work.client() == Some(client) || work.leaver().as_ref() == Some(owner);
            let asks = work.concerns(created_by) || work.concerns(&rests_on.person);
            let gave = work.erased.is_some() && given.as_ref().is_some_and(|given| work.concerns(&given.by));
            if asked || asks || gave {
                sweep.remove(&record, Consequence::RequestEnded);
            }
            Ok(())
        })
    }

    fn is_by(&self, approval: &Approval) -> bool {
        approval.on_behalf_of.iter().chain([&approval.requester]).any(|one| self.work.concerns(one))
    }

    /// Whether who is erased has asked for an approval on the entry. Messages come before approvals, so
    /// it is there still.
    fn has_asked(&self, entry: Option<EntryId>) -> Result<bool, VaultError> {
        if self.work.erased.is_none() {
            return Ok(false);
        }
        let mut query = Query::new(self.gate.core.id, RecordKind::Approval);
        loop {
            let page = self.gate.core.store.scan(&query)?;
            query.cursor = page.next;
            for record in page.into_records()? {
                let opened = open_record::<Approval>(&self.gate.snapshot.keyring, RecordKind::Approval, &record)
                    .map_err(|cause| tampered(&record, cause))?;
                if Some(opened.head.entry) == entry && self.is_by(&opened.head) {
                    return Ok(true);
                }
            }
            if query.cursor.is_none() {
                return Ok(false);
            }
        }
    }

    /// Whether an entry is one of those that are erased, or is gone already.
    fn is_about_erased(&self, entry: Option<EntryId>) -> Result<bool, VaultError> {
        let Some(entry) = entry.filter(|_| self.work.erased.is_some()) else { return Ok(false) };
        let found = self.gate.find(entry)?;
        Ok(found.is_none_or(|found| Some(&found.head.owner) == self.work.leaver().as_ref()))
    }

    /// Whether an entry is one of those that go to the trash.
    fn goes_to_the_trash(&self, entry: EntryId) -> Result<bool, VaultError> {
        let work = self.work;
        let client = work.client().filter(|_| work.heir.is_none()).map(|client| Owner::Client(client.clone()));
        let service = match &work.over {
            Some(Binding::Service(service)) => Some(service),
            _ => None,
        };
        let Some(found) = self.gate.find(entry)? else { return Ok(false) };
        let of_service = found.head.service.as_ref().map(|link| &link.service.id);
        Ok(client.as_ref() == Some(&found.head.owner) || service.is_some() && service == of_service)
    }
}
