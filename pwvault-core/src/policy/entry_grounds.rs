//! Why a decision about an entry is what it is. Restates no rule: what counts is asked of
//! [`Authority::held`] and its kin, and here only put into words.

use super::authority::Authority;
use super::decision::{Decision, Grounds, Reach};
use super::entry::{IN_TRASH, permissions_for};
use super::facts::Facts;
use super::reason::{ModeName, Reason, Remedy};
use super::section_grounds::{REMEDIES_MAX, with_role};
use crate::id::RoleId;
use crate::model::{AccessMode, Action, Actions, Grantee, PrincipalKind, Section};

impl Authority {
    /// Why the principal may or may not do `action`, what would help, and what it can do.
    ///
    /// # Security
    /// Speaks of the entry to whoever is shown the answer. [`Authority::authorize`] shows it only
    /// to principals who [may know](Authority::may_know) that the entry exists.
    #[must_use]
    pub fn explain(&self, action: Action, facts: &impl Facts) -> Decision {
        let mut grounds = Grounds::default();
        if matches!(self.kind, PrincipalKind::System) {
            grounds.object(Reason::ScheduledWork, []);
            return grounds.decide(Reach::Actions(Vec::new()));
        }
        self.object_to(action, facts, &mut grounds);
        let allowed = grounds.is_clear();
        for (reason, gives) in self.bases(facts) {
            if gives.has(action) || !allowed {
                grounds.speak(reason);
            }
        }
        grounds.decide(Reach::Actions(self.actions(facts).iter().collect()))
    }

    pub(super) fn object_to(&self, action: Action, facts: &impl Facts, grounds: &mut Grounds) {
        if self.forbidden {
            grounds.object(Reason::ClientForbidden, []);
        }
        if let Some(service) = facts.service().filter(|_| !IN_TRASH.has(action)) {
            self.object_to_service(service, grounds);
        }
        self.object_to_restriction(Section::Entries, grounds);
        self.weigh_permissions(&permissions_for(action, self.is_of_own_service(facts)), grounds);
        if self.owned_locked && facts.owned_by(self) {
            grounds.object(Reason::OwnedLocked, [Remedy::UnlockMasterPassword]);
        }
        let held = self.held(facts);
        if !held.has(action) {
            if facts.private() {
                grounds.object(Reason::Private, [Remedy::MakeNotPrivate]);
            } else {
                grounds.object(Reason::NotCovered { action }, [Remedy::AskForGrant { action }]);
                grounds.help(self.roles_that_help(action, facts));
            }
        }
        if facts.trashed() && !(IN_TRASH.has(action) && held.intersection(self.cut_on(facts)).has(Action::Delete)) {
            grounds.object(Reason::Trashed, [Remedy::RestoreFromTrash]);
        }
    }

    /// Everything that speaks for the principal, and what each by itself gives.
    fn bases(&self, facts: &impl Facts) -> Vec<(Reason, Actions)> {
        if facts.owned_by(self) {
            return vec![(Reason::Owner, Actions::ALL)];
        }
        if facts.private() {
            return Vec::new();
        }
        let mut bases: Vec<_> = self
            .extended_roles()
            .map(|role| (Reason::ExtendedRole { role: role.clone() }, Actions::ALL))
            .chain(facts.grants(self).filter(|(grantee, _)| self.grantees().contains(grantee)).map(
                |(grantee, actions)| {
                    (Reason::Grant { grantee: grantee.clone(), actions: actions.iter().collect() }, actions)
                },
            ))
            .collect();
        if let Some((category, actions)) = facts.assignment().filter(|(id, _)| self.categories().contains(id)) {
            bases.push((Reason::Category { category, actions: actions.iter().collect() }, actions));
        }
        let by_ticket = self.by_ticket(facts);
        if !by_ticket.is_empty() {
            bases.push((Reason::Ticket, by_ticket));
        }
        let by_mode = self.by_mode(facts);
        if !by_mode.is_empty() {
            bases.push((Reason::AccessMode { mode: ModeName::from(&self.policy.settings.access_mode) }, by_mode));
        }
        bases
    }

    fn extended_roles(&self) -> impl Iterator<Item = &RoleId> {
        self.policy.settings.extended_roles.iter().filter(|role| match &self.kind {
            PrincipalKind::Admin { roles, .. } => roles.contains(role),
            PrincipalKind::Client { .. } | PrincipalKind::SubUser { .. } | PrincipalKind::System => false,
        })
    }

    /// Roles with which an administrator would be allowed, found by trying. To whom an entry is shared
    /// is told only to those who may share it; the others are told of roles that the settings name.
    fn roles_that_help(&self, action: Action, facts: &impl Facts) -> Vec<Remedy> {
        let settings = &self.policy.settings;
        let staff = match &settings.access_mode {
            AccessMode::Full => [].as_slice(),
            AccessMode::Restricted(staff) | AccessMode::Shared(staff) => staff.roles.as_slice(),
        };
        let shares = self.actions(facts).has(Action::Share) || self.merged.open.has(Section::AccessExplain);
        let mut roles: Vec<_> = facts
            .grants(self)
            .filter(|_| shares)
            .filter_map(|(grantee, _)| match grantee {
                Grantee::Role(role) => Some(role),
                Grantee::Admin(_) | Grantee::Client(_) => None,
            })
            .chain(&settings.extended_roles)
            .chain(staff)
            .collect();
        roles.sort_unstable();
        roles.dedup();
        roles
            .into_iter()
            .filter(|role| with_role(self, role).is_some_and(|with| with.evaluate(action, facts).is_allow()))
            .take(REMEDIES_MAX)
            .map(|role| Remedy::HoldRole { role: role.clone() })
            .collect()
    }
}
