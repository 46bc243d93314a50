//! Decisions about sections, and why they are what they are.

use std::sync::Arc;

use super::authority::Authority;
use super::authorized::{Authorized, Scope};
use super::decision::{Decision, Effect, Grounds, Reach};
use super::error::Denied;
use super::reason::{Reason, Remedy};
use super::sections::nearest;
use crate::id::RoleId;
use crate::model::{Permission, Principal, PrincipalKind, Section};

impl Authority {
    /// Whether the principal may enter the section. Clients and sub-users have no sections; what
    /// they may do besides entries are [capabilities](super::Capability).
    #[must_use]
    pub const fn allows_section(&self, section: Section) -> bool {
        self.merged.open.has(section)
    }

    /// Whether the principal may enter the section.
    #[must_use]
    pub fn evaluate_section(&self, section: Section) -> Effect {
        Effect::from(self.allows_section(section))
    }

    /// Decides, and proves the decision.
    ///
    /// # Errors
    /// [`Denied::Forbidden`]: that a section exists is no secret.
    pub fn authorize_section(&self, section: Section) -> Result<Authorized, Denied> {
        if self.allows_section(section) {
            return Ok(Authorized::new(self.person(), Scope::Section(section)));
        }
        Err(self.explain_section(section).into())
    }

    /// Decides who takes messages for delivery, and proves the decision: scheduled work alone, for they hold
    /// links that open secrets and invitations, whoever the section is open to.
    ///
    /// # Errors
    /// [`Denied::Forbidden`].
    pub fn authorize_delivery(&self) -> Result<Authorized, Denied> {
        if matches!(self.kind, PrincipalKind::System) {
            return self.authorize_section(Section::Outbox);
        }
        let mut grounds = Grounds::default();
        grounds.object(Reason::ScheduledOnly, []);
        Err(grounds.decide(Reach::Sections(self.merged.open.iter().collect())).into())
    }

    /// Why the principal may or may not enter the section, what would help, and which sections
    /// it can enter.
    #[must_use]
    pub fn explain_section(&self, section: Section) -> Decision {
        let mut grounds = Grounds::default();
        self.weigh_section(section, &mut grounds);
        grounds.decide(Reach::Sections(self.merged.open.iter().collect()))
    }

    pub(super) fn weigh_section(&self, section: Section, grounds: &mut Grounds) {
        match &self.kind {
            PrincipalKind::Admin { .. } => self.weigh_rules(section, grounds),
            PrincipalKind::Client { .. } | PrincipalKind::SubUser { .. } => grounds.object(Reason::StaffOnly, []),
            PrincipalKind::System if self.allows_section(section) => grounds.speak(Reason::ScheduledWork),
            PrincipalKind::System => grounds.object(Reason::ScheduledWork, []),
        }
    }

    /// Objects with every rule that restricts the section.
    pub(super) fn object_to_restriction(&self, section: Section, grounds: &mut Grounds) {
        for rule in self.rules() {
            if let Some(section) = nearest(section, &rule.restrict) {
                let lift = Remedy::LiftRestriction { rule: rule.id, section };
                grounds.object(Reason::RuleRestricts { rule: rule.id, section }, [lift]);
            }
        }
    }

    /// Weighs what of `needed` a sub-user has. Others need no permission.
    pub(super) fn weigh_permissions(&self, needed: &[Permission], grounds: &mut Grounds) {
        let Some(permissions) = self.permissions() else { return };
        for permission in needed.iter().copied() {
            if permissions.has(permission) {
                grounds.speak(Reason::Permission { permission });
            } else {
                let ask = Remedy::AskForPermission { permission };
                grounds.object(Reason::PermissionMissing { permission }, [ask]);
            }
        }
    }

    fn weigh_rules(&self, section: Section, grounds: &mut Grounds) {
        self.object_to_restriction(section, grounds);
        let mut allowed = false;
        for rule in self.rules() {
            if rule.full_access {
                grounds.speak(Reason::RuleFullAccess { rule: rule.id });
                allowed = true;
            } else if let Some(section) = nearest(section, &rule.allow) {
                grounds.speak(Reason::RuleAllows { rule: rule.id, section });
                allowed = true;
            }
        }
        if !allowed {
            grounds.object(Reason::SectionNotCovered { section }, [Remedy::AllowSection { section }]);
            grounds.help(self.roles_that_open(section));
        }
    }

    /// Roles with which an administrator could enter, found by trying.
    fn roles_that_open(&self, section: Section) -> Vec<Remedy> {
        let mut roles: Vec<_> = self.policy.rules.iter().flat_map(|rule| &rule.roles).collect();
        roles.sort_unstable();
        roles.dedup();
        roles
            .into_iter()
            .filter(|role| with_role(self, role).is_some_and(|with| with.allows_section(section)))
            .take(REMEDIES_MAX)
            .map(|role| Remedy::HoldRole { role: role.clone() })
            .collect()
    }
}

/// The authority of the same administrator with one more role.
pub(super) fn with_role(authority: &Authority, role: &RoleId) -> Option<Authority> {
    let mut kind = authority.kind.clone();
    let PrincipalKind::Admin { roles, .. } = &mut kind else { return None };
    roles.push(role.clone());
    let with = Authority::compile(Arc::clone(&authority.policy), &Principal { kind, expected_lock: None });
    Some(with.under_circumstances_of(authority))
}

/// Roles an explanation names at most.
pub(super) const REMEDIES_MAX: usize = 8;
