//! The end of sign-ins and of parts in accounts, as it follows from what happened in the host.

use super::{Gate, opened_person};
use crate::envelope::open_record;
use crate::id::{ClientId, RecordKind, RoleId};
use crate::model::{Contact, InviteOffer, InviteState, Person, PersonHead, PersonId};
use crate::store::{ChangeSet, Query, Record};
use crate::vault::core::tampered;
use crate::vault::error::VaultError;

/// What became of a user's part in an account.
pub(in crate::vault) enum PartEnd {
    /// It ended.
    Removed,
    /// It is one in the account that took the other's place.
    Moved,
}

impl Gate<'_> {
    /// Adds to a change set that a person of the directory cannot sign in any more. Whether one could.
    pub(in crate::vault) fn end_sign_in(&self, id: &PersonId, changes: &mut ChangeSet) -> Result<bool, VaultError> {
        let Some(found) = self.find_person(id)?.filter(|found| found.head.active) else { return Ok(false) };
        let mut head = found.head.clone();
        head.active = false;
        head.sign_in.generation += 1;
        head.version += 1;
        changes.write(self.person_record(&found, &head)?);
        Ok(true)
    }

    /// Adds to a change set that a person of the directory is forgotten. Whether there was one.
    pub(in crate::vault) fn erase_person(&self, id: &PersonId, changes: &mut ChangeSet) -> Result<bool, VaultError> {
        let Some(found) = self.find_person(id)? else { return Ok(false) };
        self.claim_names(Some(&found.head), None, changes)?;
        changes.delete(found.key, found.revision);
        Ok(true)
    }

    /// What is stored of a person who signs in.
    pub(in crate::vault) fn person_of(&self, id: &PersonId) -> Result<Option<PersonHead>, VaultError> {
        Ok(self.find_person(id)?.map(|found| found.head))
    }

    /// The e-mail addresses known of a person: of the directory, and of its contacts.
    pub(in crate::vault) fn addresses_of(&self, id: &PersonId) -> Result<Vec<String>, VaultError> {
        let mut addresses = Vec::from_iter(self.find_person(id)?.and_then(|found| found.head.email));
        let own = |contact: &Contact| match (id, &contact.person) {
            (PersonId::Admin(id), Person::Admin(other)) => id == other,
            (PersonId::Client(id), Person::Client(other)) => id == other,
            (PersonId::User(id), Person::SubUser { user, .. }) => id == user,
            _ => false,
        };
        let mut query = Query { limit: 1_000, ..Query::new(self.core.id, RecordKind::Mirror) };
        loop {
            let page = self.core.store.scan(&query)?;
            query.cursor = page.next;
            for record in page.into_records()? {
                let contact = open_record::<Contact>(&self.snapshot.keyring, RecordKind::Mirror, &record)
                    .map_err(|cause| tampered(&record, cause))?;
                addresses.extend(Some(contact.head).filter(own).and_then(|contact| contact.email));
            }
            if query.cursor.is_none() {
                addresses.sort_unstable();
                addresses.dedup();
                return Ok(addresses);
            }
        }
    }

    /// Adds to a change set that a person has a role no more. Whether the person had it.
    pub(in crate::vault) fn take_role(
        &self,
        record: &Record,
        role: &RoleId,
        changes: &mut ChangeSet,
    ) -> Result<bool, VaultError> {
        let found = opened_person(&self.snapshot, record)?;
        let mut head = found.head.clone();
        head.roles.retain(|one| one != role);
        if head.roles.len() == found.head.roles.len() {
            return Ok(false);
        }
        head.version += 1;
        changes.write(self.person_record(&found, &head)?);
        Ok(true)
    }

    /// Adds to a change set that a user's part in an account ends, or is one in another. Who has a part
    /// there already keeps that as it is.
    pub(in crate::vault) fn end_part(
        &self,
        record: &Record,
        account: &ClientId,
        into: Option<&ClientId>,
        changes: &mut ChangeSet,
    ) -> Result<Option<PartEnd>, VaultError> {
        let found = opened_person(&self.snapshot, record)?;
        let mut head = found.head.clone();
        let into = into.filter(|into| head.membership(into).is_none());
        let end = match (head.memberships.iter().position(|part| part.account == *account), into) {
            (None, _) => return Ok(None),
            (Some(at), None) => {
                head.memberships.remove(at);
                PartEnd::Removed
            }
            (Some(_), Some(into)) => {
                let parts = head.memberships.iter_mut().filter(|part| part.account == *account);
                parts.for_each(|part| part.account.clone_from(into));
                PartEnd::Moved
            }
        };
        head.version += 1;
        changes.write(self.person_record(&found, &head)?);
        Ok(Some(end))
    }

    /// Adds to a change set that an invitation to act for an account is taken back. Whether it was one
    /// that waited.
    pub(in crate::vault) fn cancel_invite_to(
        &self,
        record: &Record,
        account: &ClientId,
        changes: &mut ChangeSet,
    ) -> Result<bool, VaultError> {
        let invite = self.opened_invite(record)?;
        let to = matches!(&invite.head.offer, InviteOffer::SubUser { account: to, .. } if to == account);
        if !to || invite.head.state != InviteState::Pending {
            return Ok(false);
        }
        changes.write(self.cancelled_invite(&invite)?);
        Ok(true)
    }
}
