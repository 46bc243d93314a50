//! Dry runs of sharing: who would gain and lose what on an entry.

use super::people::{Judge, difference};
use super::{PersonChange, SharingPreview};
use crate::id::EntryId;
use crate::model::{Action, EntryHead, EventKind, Outcome, Section};
use crate::policy::{GrantChange, apply_grant_changes, ways};
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;

impl Gate<'_> {
    pub(super) fn preview_sharing(&self, id: EntryId, changes: &[GrantChange]) -> Result<SharingPreview, VaultError> {
        // Made to be thrown away: what the change would be refused for, this is refused for.
        let _made = self.shared(id, changes)?;
        let old = self.find(id)?.ok_or(VaultError::NotFound)?.head;
        let grants = apply_grant_changes(&old.grants, changes, &self.session.principal.person(), self.now)?;
        if !self.authority.allows_section(Section::AccessExplain) {
            return Ok(SharingPreview { grants, people: None });
        }
        let new = EntryHead { grants: grants.clone(), ..old.clone() };
        let category = self.category_of(&old)?;
        let members = category.as_ref().map(|(_, head)| head);
        let policy = &self.snapshot.policy;
        // Whoever can do anything before or after can view.
        let ways: Vec<_> =
            [&old, &new].into_iter().flat_map(|head| ways(policy, Action::View, head, members, self.now)).collect();
        let mut judge = Judge::new(self)?;
        let mut people = Vec::new();
        for person in judge.people_behind(&ways)?.0 {
            let Some(authority) = judge.authority(&person, policy, &category)? else { continue };
            let [gained, lost] = difference(authority.actions(&old), authority.actions(&new));
            if !gained.is_empty() || !lost.is_empty() {
                people.push(PersonChange { person, gained, lost });
            }
        }
        self.log(EventKind::AccessExplained, Outcome::Done, &[id])?;
        Ok(SharingPreview { grants, people: Some(people) })
    }
}
