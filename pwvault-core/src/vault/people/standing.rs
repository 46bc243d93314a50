//! Who may give what to whom: nobody more than they hold (P4).

use super::FoundPerson;
use crate::directory::PeopleError;
use crate::id::{AdminId, ClientId, DepartmentId, RoleId};
use crate::model::{AccessMode, EventKind, Permissions, PersonHead, PersonId, PrincipalKind, Section};
use crate::policy::{Authorized, Capability};
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;

impl Gate<'_> {
    /// Proof that the principal may manage the users of an account, and what it may give them.
    pub(super) fn manage_users(
        &self,
        account: &ClientId,
        kind: EventKind,
    ) -> Result<(Authorized, Permissions), VaultError> {
        let proof = self.capability(Capability::ManageUsers { account: account.clone() }, kind)?;
        let held = match &self.session.principal.kind {
            PrincipalKind::SubUser { user, permissions, .. } => {
                // What the host says cannot be more than what is stored now.
                match self.relied_person(&PersonId::User(user.clone()))? {
                    Some(own) => own.head.membership(account).map_or(Permissions::NONE, |part| part.permissions),
                    None => *permissions,
                }
                .intersection(*permissions)
            }
            PrincipalKind::Admin { .. } | PrincipalKind::Client { .. } | PrincipalKind::System => Permissions::all(),
        };
        Ok((proof, held))
    }

    /// Refuses permissions that are not held.
    pub(super) fn check_held(&self, wanted: Permissions, held: Permissions, kind: EventKind) -> Result<(), VaultError> {
        let missing: Vec<_> = wanted.beyond(held).collect();
        if missing.is_empty() { Ok(()) } else { self.refuse(kind, PeopleError::NotHeld(missing)) }
    }

    /// Refuses power over an administrator with these roles and departments to one who holds less.
    /// Whoever may change the rules could take any role, and so may give any.
    pub(super) fn check_over(
        &self,
        target: Option<&AdminId>,
        roles: &[RoleId],
        departments: &[DepartmentId],
        kind: EventKind,
    ) -> Result<(), VaultError> {
        if self.authority.sections().has(Section::Access) {
            return Ok(());
        }
        let PrincipalKind::Admin { id, roles: own_roles, departments: own_departments } = &self.session.principal.kind
        else {
            return self.refuse(kind, PeopleError::NotOver);
        };
        let stored = self.relied_person(&PersonId::Admin(id.clone()))?;
        let head = stored.as_ref().map(|own| &own.head);
        let holds = |role| own_roles.contains(role) && head.is_none_or(|head| head.roles.contains(role));
        let belongs = |one| own_departments.contains(one) && head.is_none_or(|head| head.departments.contains(one));
        let named = target.is_some_and(|target| target != id && self.is_named(target));
        if roles.iter().all(holds) && departments.iter().all(belongs) && !named {
            return Ok(());
        }
        self.refuse(kind, PeopleError::NotOver)
    }

    /// The same about a person as stored; people who are no administrators need none.
    pub(super) fn check_over_person(&self, head: &PersonHead, kind: EventKind) -> Result<(), VaultError> {
        match &head.id {
            PersonId::Admin(id) => self.check_over(Some(id), &head.roles, &head.departments, kind),
            PersonId::Client(_) | PersonId::User(_) => Ok(()),
        }
    }

    /// The same about a person who may be stored or not.
    pub(in crate::vault) fn check_over_subject(&self, id: &PersonId, kind: EventKind) -> Result<(), VaultError> {
        match (self.relied_person(id)?, id) {
            (Some(found), _) => self.check_over_person(&found.head, kind),
            (None, PersonId::Admin(id)) => self.check_over(Some(id), &[], &[], kind),
            (None, PersonId::Client(_) | PersonId::User(_)) => Ok(()),
        }
    }

    /// A person whose record the commit will assert.
    pub(super) fn relied_person(&self, id: &PersonId) -> Result<Option<FoundPerson>, VaultError> {
        let found = self.find_person(id)?;
        if let Some(found) = &found {
            self.rely(found.key, Some(found.revision))?;
        }
        Ok(found)
    }

    /// Whether rules or settings name an administrator, who then holds more than roles say.
    fn is_named(&self, admin: &AdminId) -> bool {
        let policy = &self.snapshot.policy;
        let listed = match &policy.settings.access_mode {
            AccessMode::Full => false,
            AccessMode::Restricted(staff) | AccessMode::Shared(staff) => staff.admins.contains(admin),
        };
        listed || policy.rules.iter().any(|rule| rule.admins.contains(admin))
    }
}
