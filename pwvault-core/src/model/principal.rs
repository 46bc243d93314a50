//! Who acts, and under which circumstances.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::key::Fingerprint;
use crate::id::{AdminId, ClientId, DepartmentId, GroupId, RoleId, ServiceId, TicketId, UserId};

/// Who acts in a session. The host authenticates; what stands here wins for the session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Principal {
    /// The kind of principal with its facts.
    pub kind: PrincipalKind,
    /// The fingerprint the owner expects its entries to be locked to. When set, sealing to
    /// another key, or to none, is refused.
    pub expected_lock: Option<Fingerprint>,
}

/// The kinds of principals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PrincipalKind {
    /// An administrator.
    Admin {
        /// Who.
        id: AdminId,
        /// The roles held now.
        roles: Vec<RoleId>,
        /// The support departments belonged to.
        #[serde(default)]
        departments: Vec<DepartmentId>,
    },
    /// A client: the account itself.
    Client {
        /// Which account.
        id: ClientId,
        /// The client groups of the account.
        groups: Vec<GroupId>,
    },
    /// A person who acts for an account with a part of its rights.
    SubUser {
        /// The account acted for.
        account: ClientId,
        /// The person.
        user: UserId,
        /// What of the account's rights the person may use.
        permissions: Permissions,
    },
    /// The host's scheduled work.
    System,
}

impl Principal {
    /// An administrator without roles.
    #[must_use]
    pub const fn admin(id: AdminId) -> Self {
        Self { kind: PrincipalKind::Admin { id, roles: Vec::new(), departments: Vec::new() }, expected_lock: None }
    }

    /// An administrator with these roles.
    #[must_use]
    pub const fn admin_with_roles(id: AdminId, roles: Vec<RoleId>) -> Self {
        Self { kind: PrincipalKind::Admin { id, roles, departments: Vec::new() }, expected_lock: None }
    }

    /// A client.
    #[must_use]
    pub const fn client(id: ClientId) -> Self {
        Self { kind: PrincipalKind::Client { id, groups: Vec::new() }, expected_lock: None }
    }

    /// A sub-user of an account.
    #[must_use]
    pub const fn sub_user(account: ClientId, user: UserId, permissions: Permissions) -> Self {
        Self { kind: PrincipalKind::SubUser { account, user, permissions }, expected_lock: None }
    }

    /// The host's scheduled work.
    #[must_use]
    pub const fn system() -> Self {
        Self { kind: PrincipalKind::System, expected_lock: None }
    }

    /// The same principal, who expects entries to be locked to this key.
    #[must_use]
    pub const fn expecting_lock(mut self, fingerprint: Fingerprint) -> Self {
        self.expected_lock = Some(fingerprint);
        self
    }

    /// The person behind the principal, as records and events name it.
    #[must_use]
    pub fn person(&self) -> Person {
        match &self.kind {
            PrincipalKind::Admin { id, .. } => Person::Admin(id.clone()),
            PrincipalKind::Client { id, .. } => Person::Client(id.clone()),
            PrincipalKind::SubUser { account, user, .. } => {
                Person::SubUser { account: account.clone(), user: user.clone() }
            }
            PrincipalKind::System => Person::System,
        }
    }

    /// The account acted for, if the principal is a client or one of its sub-users.
    #[must_use]
    pub const fn account(&self) -> Option<&ClientId> {
        match &self.kind {
            PrincipalKind::Client { id, .. } => Some(id),
            PrincipalKind::SubUser { account, .. } => Some(account),
            PrincipalKind::Admin { .. } | PrincipalKind::System => None,
        }
    }
}

/// A person or job, as records and events name it: ids only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Person {
    /// An administrator.
    Admin(AdminId),
    /// A client.
    Client(ClientId),
    /// A sub-user of an account.
    SubUser {
        /// The account acted for.
        account: ClientId,
        /// The person.
        user: UserId,
    },
    /// The host's scheduled work.
    System,
    /// Whoever holds a link or token; the host has not said who that is.
    Bearer,
}

/// The person in the text that labels and contexts hold. No two persons share it: ids hold no
/// control characters, so the tab tells where one ends.
impl fmt::Display for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Admin(id) => write!(f, "admin {id}"),
            Self::Client(id) => write!(f, "client {id}"),
            Self::SubUser { account, user } => write!(f, "user {user} of client\t{account}"),
            Self::System => f.write_str("system"),
            Self::Bearer => f.write_str("bearer"),
        }
    }
}

/// One right of a sub-user within its account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
#[non_exhaustive]
pub enum Permission {
    /// List entries and see their overview.
    View = 0,
    /// Reveal and copy secrets.
    Reveal = 1,
    /// Use an entry without seeing its secret.
    Use = 2,
    /// Create entries for the account.
    Create = 3,
    /// Change entries.
    Edit = 4,
    /// Trash, restore and purge entries.
    Delete = 5,
    /// Share entries with others.
    Share = 6,
    /// Import from and export to CSV.
    Transfer = 7,
    /// Manage the account's encryption keys and master password.
    Keys = 8,
    /// Manage the account's other users, within what is held.
    ManageUsers = 9,
    /// The panel's own: the account's profile.
    Profile = 10,
    /// The panel's own: contacts.
    Contacts = 11,
    /// The panel's own: see products and services.
    Products = 12,
    /// The panel's own: change products and services.
    ManageProducts = 13,
    /// The panel's own: single sign-on to products.
    ProductSso = 14,
    /// The panel's own: see domains.
    Domains = 15,
    /// The panel's own: change domains.
    ManageDomains = 16,
    /// The panel's own: invoices.
    Invoices = 17,
    /// The panel's own: quotes.
    Quotes = 18,
    /// The panel's own: support tickets.
    Tickets = 19,
    /// The panel's own: affiliates.
    Affiliates = 20,
    /// The panel's own: e-mails.
    Emails = 21,
    /// The panel's own: orders.
    Orders = 22,
}

impl Permission {
    /// Every permission.
    pub const ALL: [Self; 23] = [
        Self::View,
        Self::Reveal,
        Self::Use,
        Self::Create,
        Self::Edit,
        Self::Delete,
        Self::Share,
        Self::Transfer,
        Self::Keys,
        Self::ManageUsers,
        Self::Profile,
        Self::Contacts,
        Self::Products,
        Self::ManageProducts,
        Self::ProductSso,
        Self::Domains,
        Self::ManageDomains,
        Self::Invoices,
        Self::Quotes,
        Self::Tickets,
        Self::Affiliates,
        Self::Emails,
        Self::Orders,
    ];
}

/// A set of [`Permission`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Permissions(u32);

impl Permissions {
    /// No permission.
    pub const NONE: Self = Self(0);

    /// Every permission there is.
    #[must_use]
    pub fn all() -> Self {
        Permission::ALL.into_iter().collect()
    }

    /// Whether `permission` is in the set.
    #[must_use]
    pub const fn has(self, permission: Permission) -> bool {
        self.0 & (1 << permission as u8) != 0
    }

    /// The set with `permission` added.
    #[must_use]
    pub const fn with(self, permission: Permission) -> Self {
        Self(self.0 | (1 << permission as u8))
    }

    /// What is in both sets.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What is in this set and not in the other, in the order of their numbers.
    pub fn beyond(self, other: Self) -> impl Iterator<Item = Permission> {
        Permission::ALL.into_iter().filter(move |one| self.has(*one) && !other.has(*one))
    }
}

crate::document::set_form!(Permissions(u32) of Permission);

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(iter: I) -> Self {
        iter.into_iter().fold(Self::NONE, Self::with)
    }
}

/// Where in the host a request comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Surface {
    /// A programming interface.
    #[default]
    Api,
    /// The area of administrators.
    AdminArea,
    /// The area of clients.
    ClientArea,
    /// The summary of a client.
    Summary,
    /// A support ticket.
    Ticket,
    /// Scheduled work.
    Cron,
}

/// Whose ticket is worked on, and which department it is for, as the host says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TicketScope {
    /// The client who asked.
    pub client: ClientId,
    /// The department the ticket is for; none for tickets without one, which no department opens.
    pub department: Option<DepartmentId>,
}

/// The circumstances of a request. Everything here goes into the audit event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct RequestContext {
    /// Where in the host the request comes from.
    pub surface: Surface,
    /// The ticket worked on.
    pub ticket: Option<TicketId>,
    /// Whose ticket that is, and which department it is for.
    pub ticket_scope: Option<TicketScope>,
    /// The service worked on.
    pub service: Option<ServiceId>,
    /// The address of the caller, as the host gives it.
    pub ip: Option<String>,
    /// The caller's user agent.
    pub user_agent: Option<String>,
    /// Why the request is made.
    pub reason: Option<String>,
    /// The host's id of the request.
    pub request_id: Option<String>,
    /// The administrator who is signed in as the principal; audited as both.
    pub on_behalf_of: Option<Person>,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn no_two_persons_share_a_text() {
        let sub_user = |user: &str, account: &str| Person::SubUser {
            account: ClientId::new(account).unwrap(),
            user: UserId::new(user).unwrap(),
        };
        let (one, two) = (sub_user("1 of client 2", "3"), sub_user("1", "2 of client 3"));
        assert_ne!(one.to_string(), two.to_string());
        assert_eq!(two.to_string(), "user 1 of client\t2 of client 3");
    }
}
