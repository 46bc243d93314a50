//! The rights of people who are not here: what was made in their name rests on them. Owns how a
//! stored standing becomes an authority; decides nothing itself.

use super::error::VaultError;
use super::gate::{FoundEntry, Gate};
use super::membership::authority_of;
use super::principals::directory_of;
use crate::id::RecordKind;
use crate::model::{Actions, Owner, Person, Section, Standing};
use crate::policy::{Authority, Capability};

impl Gate<'_> {
    /// The standing of whoever acts.
    pub(super) fn own_standing(&self) -> Result<Standing, VaultError> {
        let own = Standing::from(&self.session.principal);
        let known = directory_of(&self.session.core)?.contact(&own.person)?.is_some();
        Ok(Standing { known, ..own })
    }

    /// Whether someone may do all of this with an entry now and nothing else is asked of them. What
    /// follows rests on it.
    pub(super) fn may_freely(
        &self,
        standing: &Standing,
        actions: Actions,
        found: &FoundEntry,
    ) -> Result<bool, VaultError> {
        let Some(authority) = self.authority_over(standing, found)? else { return Ok(false) };
        Ok(actions.iter().all(|action| {
            authority.evaluate(action, &found.head).is_allow() && authority.obligations(action, &found.head).is_none()
        }))
    }

    /// Whether someone may ask a client for an entry of this owner now.
    pub(super) fn still_asks(&self, standing: &Standing, owner: &Owner) -> Result<bool, VaultError> {
        let Some(principal) = self.known(standing)?.and_then(Standing::principal) else { return Ok(false) };
        let authority = Authority::compile(self.snapshot.policy.clone(), &principal);
        let create = Capability::Create { owner: owner.clone(), private: false };
        Ok(authority.sections().has(Section::Requests) && authority.authorize_capability(create).is_ok())
    }

    /// The authority of someone who takes part, for deciding about an entry.
    fn authority_over(&self, standing: &Standing, found: &FoundEntry) -> Result<Option<Authority>, VaultError> {
        let Some(principal) = self.known(standing)?.and_then(Standing::principal) else { return Ok(None) };
        let (authority, memberships) = authority_of(self.core, &self.snapshot, &principal, None, self.now)?;
        self.rely(self.core.key(RecordKind::Entry, found.id), Some(found.revision))?;
        let assigned = found.head.category.map(|assigned| assigned.category);
        if let Some((category, revision)) = memberships.iter().find(|(id, _)| Some(*id) == assigned) {
            self.rely(self.core.key(RecordKind::Category, *category), Some(*revision))?;
        }
        Ok(if self.takes_part(standing, &authority)? { Some(authority) } else { None })
    }

    /// What the directory says of the person now; of one it never knew, what was known then.
    fn known(&self, standing: &Standing) -> Result<Option<Standing>, VaultError> {
        let contact = directory_of(&self.session.core)?.contact(&standing.person)?;
        Ok(match contact {
            Some(contact) => Some(standing.clone().as_known(&contact)),
            None => Some(standing.clone()).filter(|standing| !standing.known),
        })
    }

    /// Whether the settings leave the person a part in the vault.
    fn takes_part(&self, standing: &Standing, authority: &Authority) -> Result<bool, VaultError> {
        let group_forbidden = match &standing.person {
            Person::SubUser { account, .. } => self.in_forbidden_group(account)?,
            _ => false,
        };
        Ok(!authority.forbidden() && !group_forbidden)
    }
}
