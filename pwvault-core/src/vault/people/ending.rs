//! The end of sign-ins and of parts in accounts, as it follows from what happened in the host.

use super::{Gate, opened_person};
use crate::id::{ClientId, RoleId};
use crate::model::{InviteOffer, InviteState, PersonId};
use crate::store::{ChangeSet, Record};
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
