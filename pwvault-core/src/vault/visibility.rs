//! Visibility by one step: an entry shown to, or hidden from, clients, administrators or the members of a
//! category. Owns which grants that puts and ends; how grants are changed is a matter of
//! [`super::sharing`] and [`super::categories`].

use serde::{Deserialize, Serialize};

use super::error::VaultError;
use super::gate::{FoundEntry, Gate};
use super::session::Session;
use crate::id::{CategoryId, ClientId, EntryId};
use crate::model::{
    AccessMode, Action, Actions, Assignment, EntryHead, EventKind, Grantee, Outcome, Owner, Section, StaffList,
};
use crate::policy::GrantChange;
use crate::store::ChangeSet;

/// To whom an entry is shown.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum VisibleTo {
    /// These clients.
    Clients(Vec<ClientId>),
    /// These administrators and roles.
    Administrators(StaffList),
    /// Every administrator and role to whom a rule opens the section `entries`.
    AllAdministrators,
    /// The members of a category.
    Category(CategoryId),
}

/// What showing or hiding an entry changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VisibilityChange {
    /// Who gets view and reveal, and did not have them by a grant or category.
    pub gains: Vec<Grantee>,
    /// Whose grant or membership gives nothing any more. A role, mode or other grant may still.
    pub loses: Vec<Grantee>,
    /// Of those named, for whom nothing changes: shown, they had it already or own the entry; hidden, they
    /// had no grant.
    pub unchanged: Vec<Grantee>,
    /// The entry becomes the first shared one of its kind: the access mode then opens it to the staff it
    /// lists.
    pub opens_by_mode: bool,
}

/// Showing entries, and hiding them, with one call.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # use pwvault_core::vault::VisibleTo;
/// # let vault = memory_vault()?;
/// # let anna = vault.session(Principal::client(ClientId::new("anna")?), RequestContext::default());
/// # let id = anna.create_entry(&EntryDraft { name: "Webmail".into(), password: "s3cret".into(), ..EntryDraft::default() })?;
/// let bert = VisibleTo::Clients(vec![ClientId::new("bert")?]);
/// let ahead = anna.preview_visibility(id, &bert, true)?;
/// assert_eq!(ahead.gains, [Grantee::Client(ClientId::new("bert")?)]);
/// assert_eq!(anna.set_visible(id, &bert, true)?, ahead);
/// assert_eq!(anna.set_visible(id, &bert, false)?.loses, ahead.gains);
///
/// let cleo = vault.session(Principal::client(ClientId::new("cleo")?), RequestContext::default());
/// assert!(matches!(cleo.set_visible(id, &bert, true), Err(VaultError::NotFound)));
/// # Ok::<(), VaultError>(())
/// ```
pub trait Visibility {
    /// What [`set_visible`](Self::set_visible) would change. Changes nothing.
    ///
    /// # Errors
    /// As [`set_visible`](Self::set_visible).
    fn preview_visibility(&self, id: EntryId, to: &VisibleTo, visible: bool) -> Result<VisibilityChange, VaultError>;

    /// Shows an entry, or hides it. Nobody's grant is touched who is not named.
    ///
    /// Shown to people, each has a grant of view and reveal: a grant that gives less gives these too, on
    /// its own terms. Hidden, the grants of those named end. Shown to a category, the entry is put into
    /// it with view and reveal; hidden, it is taken out of it.
    ///
    /// # Errors
    /// [`VaultError::Sharing`] for a private entry, or when the principal does not hold what it would
    /// give or take; [`VaultError::State`] when the entry is in another category, whose members would
    /// lose it; [`VaultError::Denied`], [`VaultError::NotFound`].
    fn set_visible(&self, id: EntryId, to: &VisibleTo, visible: bool) -> Result<VisibilityChange, VaultError>;
}

impl Visibility for Session {
    fn preview_visibility(&self, id: EntryId, to: &VisibleTo, visible: bool) -> Result<VisibilityChange, VaultError> {
        self.run(|gate| {
            let (found, _) = gate.entry(id, Action::Share, kind_of(to))?;
            Ok(gate.plan_visibility(&found, to, visible)?.told)
        })
    }

    fn set_visible(&self, id: EntryId, to: &VisibleTo, visible: bool) -> Result<VisibilityChange, VaultError> {
        self.run(|gate| {
            let kind = kind_of(to);
            let (found, proof) = gate.entry(id, Action::Share, kind)?;
            let Plan { told, grants, category } = gate.plan_visibility(&found, to, visible)?;
            if !grants.is_empty() {
                gate.share_found(&found, &grants)?;
            }
            if let Some(to) = category {
                let mut changes = ChangeSet::new();
                let mut event = gate.event(kind, Outcome::Done, &[id]);
                gate.put_in_category(&found, &proof, to, &mut changes, &mut event)?;
                gate.commit(&proof, changes, event)?;
            }
            Ok(told)
        })
    }
}

/// What is to be done, and what is told of it.
struct Plan {
    told: VisibilityChange,
    grants: Vec<GrantChange>,
    /// The category to put the entry into; `Some(None)` takes it out of its own.
    category: Option<Option<Assignment>>,
}

impl Gate<'_> {
    fn plan_visibility(&self, found: &FoundEntry, to: &VisibleTo, visible: bool) -> Result<Plan, VaultError> {
        let head = &found.head;
        let mut plan = match to {
            VisibleTo::Clients(clients) => {
                self.plan_grants(head, clients.iter().cloned().map(Grantee::Client), visible)
            }
            VisibleTo::Administrators(staff) => self.plan_grants(head, staff_grantees(staff), visible),
            VisibleTo::AllAdministrators => self.plan_grants(head, self.staff_with_entries(), visible),
            VisibleTo::Category(category) => self.plan_category(head, *category, visible)?,
        };
        let listed = matches!(&self.snapshot.policy.settings.access_mode, AccessMode::Shared(staff)
            if !staff.admins.is_empty() || !staff.roles.is_empty());
        let of_client = matches!(head.owner, Owner::Client(_));
        let becomes_shared = visible && !head.is_shared() && (!plan.grants.is_empty() || plan.category.is_some());
        plan.told.opens_by_mode = listed && of_client && becomes_shared;
        // What would be refused is not foreseen.
        if !plan.grants.is_empty() {
            let _proof = self.authority.authorize_sharing(found.id, head, &plan.grants)?;
        }
        if let Some(to) = plan.category {
            self.authority.check_assignment(head, to)?;
        }
        Ok(plan)
    }

    fn plan_grants(&self, head: &EntryHead, to: impl IntoIterator<Item = Grantee>, visible: bool) -> Plan {
        let mut told = VisibilityChange::default();
        let mut grants = Vec::new();
        let mut named: Vec<_> = to.into_iter().collect();
        named.sort_unstable();
        named.dedup();
        for grantee in named {
            let held = head.grants.iter().find(|grant| grant.grantee == grantee);
            let open = held.filter(|grant| grant.is_open(self.now) && !grant.actions.is_empty());
            match (visible, held, open) {
                (true, _, _) if owns(&grantee, &head.owner) => told.unchanged.push(grantee),
                (true, _, Some(grant)) if Actions::VIEW_AND_REVEAL.is_subset_of(grant.actions) => {
                    told.unchanged.push(grantee);
                }
                (true, _, Some(grant)) => {
                    let actions = grant.actions.union(Actions::VIEW_AND_REVEAL);
                    grants.push(GrantChange::put_on(grantee.clone(), actions, grant.terms()));
                    told.gains.push(grantee);
                }
                (true, _, None) => {
                    grants.push(GrantChange::put(grantee.clone(), Actions::VIEW_AND_REVEAL));
                    told.gains.push(grantee);
                }
                (false, Some(_), _) => {
                    grants.push(GrantChange::remove(grantee.clone()));
                    told.loses.push(grantee);
                }
                (false, None, _) => told.unchanged.push(grantee),
            }
        }
        Plan { told, grants, category: None }
    }

    fn plan_category(&self, head: &EntryHead, id: CategoryId, visible: bool) -> Result<Plan, VaultError> {
        let (_, record, category) = self.own_category(id, EventKind::CategoryAssigned)?;
        self.rely(record.key, Some(record.revision))?;
        let within = head.category.filter(|assigned| assigned.category == id);
        let mut told = VisibilityChange::default();
        let to = match (visible, within, head.category) {
            (true, Some(assigned), _) if Actions::VIEW_AND_REVEAL.is_subset_of(assigned.actions) => None,
            (true, Some(Assignment { actions, .. }), _) => {
                Some(Some(Assignment { category: id, actions: actions.union(Actions::VIEW_AND_REVEAL) }))
            }
            (true, None, Some(_)) => {
                return Err(VaultError::State("the entry is in another category; take it out of that one first"));
            }
            (true, None, None) => Some(Some(Assignment { category: id, actions: Actions::VIEW_AND_REVEAL })),
            (false, Some(_), _) => Some(None),
            (false, None, _) => None,
        };
        for member in category.members {
            let by_grant = head.grants.iter().any(|grant| {
                grant.grantee == member
                    && grant.is_open(self.now)
                    && Actions::VIEW_AND_REVEAL.is_subset_of(grant.actions)
            });
            let side = match to {
                _ if by_grant || owns(&member, &head.owner) => &mut told.unchanged,
                Some(Some(_)) => &mut told.gains,
                Some(None) => &mut told.loses,
                None => &mut told.unchanged,
            };
            side.push(member);
        }
        Ok(Plan { told, grants: Vec::new(), category: to })
    }

    /// Whom the rules let list entries. Whoever has an entry shown to all staff means these.
    fn staff_with_entries(&self) -> Vec<Grantee> {
        let opens = |listed: &[Section]| listed.contains(&Section::Entries);
        let rules = self.snapshot.policy.rules.iter();
        let rules = rules.filter(|rule| (rule.full_access || opens(&rule.allow)) && !opens(&rule.restrict));
        rules
            .flat_map(|rule| staff_grantees(&StaffList { admins: rule.admins.clone(), roles: rule.roles.clone() }))
            .collect()
    }
}

const fn kind_of(to: &VisibleTo) -> EventKind {
    match to {
        VisibleTo::Category(_) => EventKind::CategoryAssigned,
        VisibleTo::Clients(_) | VisibleTo::Administrators(_) | VisibleTo::AllAdministrators => {
            EventKind::SharingChanged
        }
    }
}

fn staff_grantees(staff: &StaffList) -> Vec<Grantee> {
    let admins = staff.admins.iter().cloned().map(Grantee::Admin);
    admins.chain(staff.roles.iter().cloned().map(Grantee::Role)).collect()
}

fn owns(grantee: &Grantee, owner: &Owner) -> bool {
    match (grantee, owner) {
        (Grantee::Admin(id), Owner::Admin(own)) => id == own,
        (Grantee::Client(id), Owner::Client(own)) => id == own,
        (Grantee::Admin(_) | Grantee::Role(_) | Grantee::Client(_), _) => false,
    }
}
