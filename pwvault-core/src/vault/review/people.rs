//! The people behind an entry's ways, each judged with the facts the directory has of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{PersonWhoCan, WhoCan};
use crate::id::{AdminId, CategoryId, EntryId, GroupId, RecordKind, RoleId};
use crate::model::{
    AccessMode, Action, Actions, CategoryHead, Directory, EntryHead, EventKind, Grantee, Outcome, Person, Policy,
    Principal, Section, StaffList, Standing, Subject,
};
use crate::policy::{Authority, Way, WayTo, ways};
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;
use crate::vault::principals::directory_of;

/// The category of an entry, if it has one that is there.
pub(super) type Category = Option<(CategoryId, CategoryHead)>;

impl Gate<'_> {
    pub(super) fn who_can(&self, id: EntryId, action: Action) -> Result<WhoCan, VaultError> {
        let _proof = self.section(Section::AccessExplain, EventKind::AccessExplained)?;
        let found = self.find(id)?.ok_or(VaultError::NotFound)?;
        let head = &found.head;
        let category = self.category_of(head)?;
        let policy = &self.snapshot.policy;
        let ways = ways(policy, action, head, category.as_ref().map(|(_, head)| head), self.now);
        let mut judge = Judge::new(self)?;
        let (named, complete) = judge.people_behind(&ways)?;
        let mut people = Vec::new();
        for person in named {
            let Some(authority) = judge.authority(&person, policy, &category)? else { continue };
            if authority.evaluate(action, head).is_allow() {
                let reasons = authority.explain(action, head).reasons;
                let obligations = authority.obligations(action, head);
                people.push(PersonWhoCan { person, reasons, obligations });
            }
        }
        self.log(EventKind::AccessExplained, Outcome::Done, &[id])?;
        Ok(WhoCan { ways, people, complete })
    }

    /// The category an entry is in, with its members.
    pub(super) fn category_of(&self, head: &EntryHead) -> Result<Category, VaultError> {
        let Some(assigned) = head.category else { return Ok(None) };
        let record = self.core.load(self.core.key(RecordKind::Category, assigned.category))?;
        record.map(|record| Ok((assigned.category, self.opened_category(&record)?))).transpose()
    }
}

/// Turns people into authorities, with the facts the directory has of them.
pub(super) struct Judge<'g> {
    gate: &'g Gate<'g>,
    directory: Arc<dyn Directory>,
    known: BTreeMap<Person, Option<Known>>,
}

/// A person's facts.
#[derive(Clone)]
struct Known {
    principal: Principal,
    /// The groups of the account of a sub-user, which its facts do not hold.
    account_groups: Vec<GroupId>,
}

impl<'g> Judge<'g> {
    pub(super) fn new(gate: &'g Gate<'g>) -> Result<Self, VaultError> {
        Ok(Self { gate, directory: directory_of(&gate.session.core)?, known: BTreeMap::new() })
    }

    /// The authority of a person under a policy, as a member of a category if it is one; `None` for a
    /// sub-user the directory does not know.
    pub(super) fn authority(
        &mut self,
        person: &Person,
        policy: &Arc<Policy>,
        category: &Category,
    ) -> Result<Option<Authority>, VaultError> {
        let Some(Known { principal, account_groups }) = self.known(person)? else { return Ok(None) };
        let forbidden = account_groups.iter().any(|group| policy.settings.forbidden_groups.contains(group));
        let authority = Authority::compile(Arc::clone(policy), &principal).at(self.gate.now).with_forbidden(forbidden);
        let member = |head: &CategoryHead| head.members.iter().any(|one| authority.grantees().contains(one));
        let joined = category.iter().filter(|(_, head)| member(head)).map(|(id, _)| *id).collect();
        Ok(Some(authority.in_categories(joined)))
    }

    /// The people these ways are open to, and whether these are all of them.
    pub(super) fn people_behind(&self, ways: &[Way]) -> Result<(BTreeSet<Person>, bool), VaultError> {
        let mut people = BTreeSet::new();
        let mut named = BTreeSet::new();
        for way in ways {
            match &way.to {
                WayTo::Named(grantees) => named.extend(grantees.iter().cloned()),
                WayTo::AllStaff => {
                    people.extend(self.administrators()?);
                    named.extend(staff_named_in(&self.gate.snapshot.policy));
                }
                WayTo::TicketStaff => {}
            }
        }
        for grantee in named {
            match grantee {
                Grantee::Admin(id) => drop(people.insert(Person::Admin(id))),
                Grantee::Role(id) => people.extend(self.directory.members(&Subject::Role(id))?),
                Grantee::Client(id) => {
                    people.insert(Person::Client(id.clone()));
                    people.extend(self.directory.members(&Subject::SubUsers(id))?);
                }
            }
        }
        let complete = people.len() <= PEOPLE_MAX;
        Ok((people.into_iter().take(PEOPLE_MAX).collect(), complete))
    }

    /// Every administrator the directory knows.
    pub(super) fn administrators(&self) -> Result<Vec<Person>, VaultError> {
        Ok(self.directory.members(&Subject::Administrators)?)
    }

    /// The clients of a group.
    pub(super) fn clients_of(&self, group: &GroupId) -> Result<Vec<Person>, VaultError> {
        Ok(self.directory.members(&Subject::Group(group.clone()))?)
    }

    fn known(&mut self, person: &Person) -> Result<Option<Known>, VaultError> {
        if let Some(known) = self.known.get(person) {
            return Ok(known.clone());
        }
        let contact = self.directory.contact(person)?;
        let mut account_groups = Vec::new();
        if let Person::SubUser { account, .. } = person {
            let owner = self.directory.contact(&Person::Client(account.clone()))?;
            account_groups = owner.map_or_else(Vec::new, |owner| owner.groups);
        }
        let standing = match (person, contact) {
            (_, Some(contact)) => Some(Standing::of(person.clone()).as_known(&contact)),
            (Person::Admin(_) | Person::Client(_), None) => Some(Standing::of(person.clone())),
            (Person::SubUser { .. } | Person::System | Person::Bearer, None) => None,
        };
        let known = standing.and_then(Standing::principal).map(|principal| Known { principal, account_groups });
        self.known.insert(person.clone(), known.clone());
        Ok(known)
    }
}

/// The administrators and roles that rules and settings name.
pub(super) fn staff_named_in(policy: &Policy) -> BTreeSet<Grantee> {
    let none = StaffList::default();
    let listed = match &policy.settings.access_mode {
        AccessMode::Full => &none,
        AccessMode::Restricted(staff) | AccessMode::Shared(staff) => staff,
    };
    let admin = |id: &AdminId| Grantee::Admin(id.clone());
    let role = |id: &RoleId| Grantee::Role(id.clone());
    let rules = policy.rules.iter();
    let admins = rules.clone().flat_map(|rule| &rule.admins).chain(&listed.admins).map(admin);
    let roles = rules.flat_map(|rule| &rule.roles).chain(&listed.roles).chain(&policy.settings.extended_roles);
    admins.chain(roles.map(role)).collect()
}

/// What changes for somebody on an entry: what is gained, what is lost.
pub(super) fn difference(had: Actions, has: Actions) -> [Vec<Action>; 2] {
    [has.iter().filter(|one| !had.has(*one)).collect(), had.iter().filter(|one| !has.has(*one)).collect()]
}

/// The most people that one question is answered for.
const PEOPLE_MAX: usize = 10_000;
