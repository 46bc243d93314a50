//! Dry runs of rules and settings: what another policy would make of access, as a difference.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::people::{Judge, difference, staff_named_in};
use super::{AccessChange, AccessPreview, ActionChange};
use crate::id::{AdminId, EntryId, RecordKind, RuleId};
use crate::index::{self, Place, Term};
use crate::model::{
    Action, EntryHead, EventKind, Grantee, Outcome, Owner, Person, Policy, Principal, Section, Settings,
};
use crate::policy::{Authority, Sections, lint_rules};
use crate::store::Query;
use crate::vault::access::{RuleChange, check_settings};
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;
use crate::vault::listing::Count;
use crate::vault::membership::memberships;

impl Gate<'_> {
    pub(super) fn preview_rule(&self, change: &RuleChange) -> Result<AccessPreview, VaultError> {
        let _proof = self.section(Section::Access, EventKind::AccessExplained)?;
        let _told = self.section(Section::AccessExplain, EventKind::AccessExplained)?;
        self.preview(self.with_rule_changed(RuleId::generate(self.now)?, change)?)
    }

    pub(super) fn preview_settings(&self, settings: &Settings) -> Result<AccessPreview, VaultError> {
        let _proof = self.section(Section::Settings, EventKind::AccessExplained)?;
        let _told = self.section(Section::AccessExplain, EventKind::AccessExplained)?;
        check_settings(settings)?;
        self.preview(Policy { settings: settings.clone(), ..Policy::clone(&self.snapshot.policy) })
    }

    /// What `after` in place of the policy in force would make of access.
    fn preview(&self, after: Policy) -> Result<AccessPreview, VaultError> {
        let mut comparison = Comparison {
            gate: self,
            judge: Judge::new(self)?,
            policies: [Arc::clone(&self.snapshot.policy), Arc::new(after)],
            subjects: BTreeMap::new(),
        };
        comparison.add_concerned()?;
        let [before, after] = &comparison.policies;
        let looks = before.settings != after.settings
            || comparison.subjects.values().any(|one| one.before.breadth() != one.after.breadth());
        let findings = lint_rules(&after.rules);
        let entries = if looks { comparison.compare_entries()? } else { Count::Exactly(0) };
        let changes = comparison.subjects.into_iter().filter_map(|(subject, one)| one.change(subject)).collect();
        self.log(EventKind::AccessExplained, Outcome::Done, &[])?;
        Ok(AccessPreview { changes, findings, entries })
    }
}

/// Two policies held against each other.
struct Comparison<'g> {
    gate: &'g Gate<'g>,
    judge: Judge<'g>,
    /// The one in force, and the other.
    policies: [Arc<Policy>; 2],
    subjects: BTreeMap<Grantee, Compared>,
}

/// Somebody before and after.
struct Compared {
    before: Authority,
    after: Authority,
    entries: [ActionChange; 6],
}

impl Comparison<'_> {
    /// Everyone for whom the policies themselves may differ: administrators, whom either names, and
    /// clients without a part in the vault. Other clients differ by entries of services alone.
    fn add_concerned(&mut self) -> Result<(), VaultError> {
        let mut people = self.judge.administrators()?;
        let mut subjects = BTreeSet::new();
        for policy in &self.policies {
            subjects.extend(staff_named_in(policy));
            subjects.extend(policy.settings.forbidden_clients.iter().cloned().map(Grantee::Client));
            for group in &policy.settings.forbidden_groups {
                people.extend(self.judge.clients_of(group)?);
            }
        }
        subjects.extend(people.into_iter().filter_map(|person| match person {
            Person::Admin(id) => Some(Grantee::Admin(id)),
            Person::Client(id) => Some(Grantee::Client(id)),
            Person::SubUser { .. } | Person::System | Person::Bearer => None,
        }));
        subjects.into_iter().try_for_each(|subject| self.add(subject))
    }

    fn add(&mut self, subject: Grantee) -> Result<(), VaultError> {
        if self.subjects.contains_key(&subject) {
            return Ok(());
        }
        let [before, after] = self.policies.clone();
        let (before, after) = (self.authority(&subject, &before)?, self.authority(&subject, &after)?);
        let Gate { core, snapshot, .. } = self.gate;
        let joined: Vec<_> = memberships(core, snapshot, &before)?.into_iter().map(|(id, _)| id).collect();
        let (before, after) = (before.in_categories(joined.clone()), after.in_categories(joined));
        let entries = Action::ALL.map(|action| ActionChange { action, gained: 0, lost: 0 });
        self.subjects.insert(subject, Compared { before, after, entries });
        Ok(())
    }

    fn authority(&mut self, subject: &Grantee, policy: &Arc<Policy>) -> Result<Authority, VaultError> {
        let person = match subject {
            Grantee::Admin(id) => Person::Admin(id.clone()),
            Grantee::Client(id) => Person::Client(id.clone()),
            Grantee::Role(role) => {
                // Somebody who holds the role and whom nothing names.
                let nobody = AdminId::new(EntryId::generate(self.gate.now)?.to_string())?;
                let principal = Principal::admin_with_roles(nobody, vec![role.clone()]);
                return Ok(Authority::compile(Arc::clone(policy), &principal).at(self.gate.now));
            }
        };
        self.judge.authority(&person, policy, &None)?.ok_or(VaultError::NotFound)
    }

    fn compare_entries(&mut self) -> Result<Count, VaultError> {
        let limit = u64::from(self.gate.snapshot.policy.settings.search_limit);
        let mut query = Query::new(self.gate.core.id, RecordKind::Entry);
        query.labels = vec![index::entry_query(&self.gate.snapshot.keyring, Place::Active, Term::All)];
        let mut looked_at = 0;
        loop {
            let page = self.gate.core.store.scan(&query)?;
            query.cursor = page.next;
            for record in page.into_records()? {
                if looked_at == limit {
                    return Ok(Count::MoreThan(looked_at));
                }
                looked_at += 1;
                let head = self.gate.opened_entry(record)?.head;
                self.add_clients_of_service(&head)?;
                self.subjects.values_mut().for_each(|subject| subject.compare(&head));
            }
            if query.cursor.is_none() {
                return Ok(Count::Exactly(looked_at));
            }
        }
    }

    /// The clients who gain or lose an entry because its service is barred under one policy alone.
    fn add_clients_of_service(&mut self, head: &EntryHead) -> Result<(), VaultError> {
        let Some(link) = &head.service else { return Ok(()) };
        let Some(any) = self.subjects.values().next() else { return Ok(()) };
        if any.before.service_bar(&link.service).is_some() == any.after.service_bar(&link.service).is_some() {
            return Ok(());
        }
        let mut clients: Vec<_> = head.grants.iter().map(|grant| grant.grantee.clone()).collect();
        clients.extend(self.gate.category_of(head)?.into_iter().flat_map(|(_, category)| category.members));
        if let Owner::Client(id) = &head.owner {
            clients.push(Grantee::Client(id.clone()));
        }
        clients.into_iter().filter(|one| matches!(one, Grantee::Client(_))).try_for_each(|client| self.add(client))
    }
}

impl Compared {
    fn compare(&mut self, head: &EntryHead) {
        let [gained, lost] = difference(self.before.actions(head), self.after.actions(head));
        for change in &mut self.entries {
            change.gained += u64::from(gained.contains(&change.action));
            change.lost += u64::from(lost.contains(&change.action));
        }
    }

    /// What changes, if anything does.
    fn change(self, subject: Grantee) -> Option<AccessChange> {
        let (had, has) = (self.before.sections(), self.after.sections());
        let beyond = |these: Sections, those: Sections| these.iter().filter(|one| !those.has(*one)).collect::<Vec<_>>();
        let (sections_gained, sections_lost) = (beyond(has, had), beyond(had, has));
        let entries: Vec<_> = self.entries.into_iter().filter(|one| one.gained + one.lost > 0).collect();
        let same = sections_gained.is_empty() && sections_lost.is_empty() && entries.is_empty();
        (!same).then_some(AccessChange { subject, sections_gained, sections_lost, entries })
    }
}
