//! A principal's facts, for what outlives the session they came with.

use serde::{Deserialize, Serialize};

use super::directory::Contact;
use super::principal::{Permissions, Person, Principal, PrincipalKind};
use crate::id::{DepartmentId, GroupId, RoleId};

/// Who someone is and what speaks for them, as it was when something was made in their name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Who.
    pub person: Person,
    /// Whether the directory knew the person then. If it does not any more, the person is gone.
    pub known: bool,
    /// Roles, of administrators.
    pub roles: Vec<RoleId>,
    /// Departments, of administrators.
    pub departments: Vec<DepartmentId>,
    /// Groups, of clients.
    pub groups: Vec<GroupId>,
    /// What of the account's rights the person may use, of sub-users.
    pub permissions: Permissions,
}

impl Standing {
    /// Of a person of whom nothing else is known.
    #[must_use]
    pub const fn of(person: Person) -> Self {
        Self {
            person,
            known: false,
            roles: Vec::new(),
            departments: Vec::new(),
            groups: Vec::new(),
            permissions: Permissions::NONE,
        }
    }

    /// The same person with the facts a directory gives now.
    #[must_use]
    pub fn as_known(self, contact: &Contact) -> Self {
        Self {
            person: self.person,
            known: true,
            roles: contact.roles.clone(),
            departments: contact.departments.clone(),
            groups: contact.groups.clone(),
            permissions: contact.permissions,
        }
    }

    /// The principal these facts make; none for someone without rights of their own.
    #[must_use]
    pub fn principal(self) -> Option<Principal> {
        let Self { person, known: _, roles, departments, groups, permissions } = self;
        let kind = match person {
            Person::Admin(id) => PrincipalKind::Admin { id, roles, departments },
            Person::Client(id) => PrincipalKind::Client { id, groups },
            Person::SubUser { account, user } => PrincipalKind::SubUser { account, user, permissions },
            Person::System => PrincipalKind::System,
            Person::Bearer => return None,
        };
        Some(Principal { kind, expected_lock: None })
    }
}

impl From<&Principal> for Standing {
    fn from(principal: &Principal) -> Self {
        let plain = Self::of(principal.person());
        match &principal.kind {
            PrincipalKind::Admin { id: _, roles, departments } => {
                Self { roles: roles.clone(), departments: departments.clone(), ..plain }
            }
            PrincipalKind::Client { id: _, groups } => Self { groups: groups.clone(), ..plain },
            PrincipalKind::SubUser { account: _, user: _, permissions } => Self { permissions: *permissions, ..plain },
            PrincipalKind::System => plain,
        }
    }
}
