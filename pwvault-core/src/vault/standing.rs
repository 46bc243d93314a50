//! The rights of people who are not here: what was made in their name rests on them. Owns how a
//! stored standing becomes an authority; decides nothing itself.

use super::error::VaultError;
use super::gate::{FoundEntry, Gate};
use super::membership::authority_of;
use super::principals::directory_of;
use crate::id::RecordKind;
use crate::model::{Actions, Person, Section, Standing};
use crate::policy::Authority;

impl Gate<'_> {
    /// The standing of whoever acts.
    pub(super) fn own_standing(&self) -> Result<Standing, VaultError> {
        let own = Standing::from(&self.session.principal);
        let known = directory_of(&self.session.core)?.contact(&own.person)?.is_some();
        Ok(Standing { known, ..own })
    }

    /// Whether someone may do all of this with an entry now. What follows rests on it.
    pub(super) fn still_may(
        &self,
        standing: &Standing,
        actions: Actions,
        found: &FoundEntry,
    ) -> Result<bool, VaultError> {
        let Some(principal) = self.known(standing)?.and_then(Standing::principal) else { return Ok(false) };
        let (authority, memberships) = authority_of(self.core, &self.snapshot, &principal, None, self.now)?;
        self.rely(self.core.key(RecordKind::Entry, found.id), Some(found.revision))?;
        let assigned = found.head.category.map(|assigned| assigned.category);
        if let Some((category, revision)) = memberships.iter().find(|(id, _)| Some(*id) == assigned) {
            self.rely(self.core.key(RecordKind::Category, *category), Some(*revision))?;
        }
        Ok(self.takes_part(standing, &authority)?
            && actions.iter().all(|action| authority.evaluate(action, &found.head).is_allow()))
    }

    /// Whether a section is open to someone now.
    pub(super) fn still_enters(&self, standing: &Standing, section: Section) -> Result<bool, VaultError> {
        let principal = self.known(standing)?.and_then(Standing::principal);
        let authority = principal.map(|principal| Authority::compile(self.snapshot.policy.clone(), &principal));
        Ok(authority.is_some_and(|authority| authority.sections().has(section)))
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
