//! What follows for people: contacts, sign-ins, parts in accounts, invitations, unlock tickets.

use serde::de::DeserializeOwned;

use super::sweep::Sweep;
use super::told::Consequence;
use crate::envelope::open_record;
use crate::id::{RecordId, RecordKind};
use crate::index::{self, AccountTerm, PersonTerm};
use crate::model::{Contact, InviteHead, InviteOffer, InviteState, PermitHead, Person, TicketHead};
use crate::store::{Query, Record};
use crate::vault::core::tampered;
use crate::vault::error::VaultError;
use crate::vault::master;
use crate::vault::people::PartEnd;
use crate::vault::principals::mirror_key;

impl Sweep<'_> {
    /// Contacts of those who acted for the client, or of a user in every account.
    pub(super) fn contacts(&mut self, after: Option<RecordId>) -> Result<Option<RecordId>, VaultError> {
        let keyring = &self.gate.snapshot.keyring;
        let labels = match (self.work.client(), self.work.user()) {
            (Some(client), _) => vec![index::person_query(keyring, PersonTerm::Account(client))],
            (None, Some(_)) => Vec::new(),
            (None, None) => return Ok(None),
        };
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

    /// Invitations to act for the client, and of whoever is forgotten.
    pub(super) fn invites(&mut self, after: Option<RecordId>) -> Result<Option<RecordId>, VaultError> {
        let work = self.work;
        if work.erased.is_some() {
            return self.page(Query::new(self.gate.core.id, RecordKind::Invite), after, Self::erase_invite);
        }
        let Some(client) = work.client() else { return Ok(None) };
        let labels = vec![index::invite_query(&self.gate.snapshot.keyring, Some(client))];
        let query = Query { labels, ..Query::new(self.gate.core.id, RecordKind::Invite) };
        self.page(query, after, |sweep, record| {
            let cancelled = sweep.gate.cancel_invite_to(&record, client, &mut sweep.changes)?;
            sweep.tell(Consequence::InviteCancelled, usize::from(cancelled));
            Ok(())
        })
    }

    fn erase_invite(&mut self, record: Record) -> Result<(), VaultError> {
        let opened = open_record::<InviteHead>(&self.gate.snapshot.keyring, RecordKind::Invite, &record)
            .map_err(|cause| tampered(&record, cause))?;
        let InviteHead { offer, email, invited_by, state, .. } = &opened.head;
        let to_account = match offer {
            InviteOffer::SubUser { account, .. } => self.work.client() == Some(account),
            InviteOffer::Admin { .. } => false,
        };
        let accepted = matches!(state, InviteState::Accepted { by, .. } if self.work.erased.as_ref() == Some(by));
        if to_account || accepted || self.work.is_address(email) || self.work.concerns(invited_by) {
            self.remove(&record, Consequence::InviteErased);
        }
        Ok(())
    }

    /// Unlock tickets of whoever is forgotten.
    pub(super) fn tickets(&mut self, after: Option<RecordId>) -> Result<Option<RecordId>, VaultError> {
        self.held(RecordKind::Ticket, after, |head: &TicketHead| &head.person)
    }

    /// Permits of whoever is forgotten.
    pub(super) fn permits(&mut self, after: Option<RecordId>) -> Result<Option<RecordId>, VaultError> {
        self.held(RecordKind::Permit, after, |head: &PermitHead| &head.person)
    }

    fn held<H: DeserializeOwned>(
        &mut self,
        kind: RecordKind,
        after: Option<RecordId>,
        holder: impl Fn(&H) -> &Person,
    ) -> Result<Option<RecordId>, VaultError> {
        if self.work.erased.is_none() {
            return Ok(None);
        }
        self.page(Query::new(self.gate.core.id, kind), after, |sweep, record| {
            let opened = open_record::<H>(&sweep.gate.snapshot.keyring, kind, &record)
                .map_err(|cause| tampered(&record, cause))?;
            if sweep.work.concerns(holder(&opened.head)) {
                sweep.remove(&record, Consequence::TicketEnded);
            }
            Ok(())
        })
    }

    /// The records of which there is one for whoever is gone.
    pub(super) fn oneself(&mut self) -> Result<Option<RecordId>, VaultError> {
        let gate = self.gate;
        if let Some(person) = self.work.person() {
            let contact = gate.load_noted(mirror_key(gate.core, &gate.snapshot, &person))?;
            contact.iter().for_each(|record| self.remove(record, Consequence::ContactRemoved));
        }
        let Some(id) = self.work.person_id() else { return Ok(None) };
        if self.work.erased.is_none() {
            let ended = gate.end_sign_in(&id, &mut self.changes)?;
            self.tell(Consequence::SignInEnded, usize::from(ended));
            return Ok(None);
        }
        let erased = gate.erase_person(&id, &mut self.changes)?;
        self.tell(Consequence::PersonErased, usize::from(erased));
        let Some(owner) = self.work.leaver() else { return Ok(None) };
        let master = gate.core.key(RecordKind::MasterPassword, master::record_id(&gate.snapshot.keyring, &owner));
        let master = gate.load_noted(master)?;
        master.iter().for_each(|record| self.remove(record, Consequence::MasterPasswordErased));
        if let Some(client) = self.work.client()
            && let Some(usage) = gate.load_noted(gate.usage_key(client))?
        {
            self.changes.delete(usage.key, usage.revision);
        }
        Ok(None)
    }

    pub(super) fn remove(&mut self, record: &Record, what: Consequence) {
        self.changes.delete(record.key, record.revision);
        self.tell(what, 1);
    }
}
