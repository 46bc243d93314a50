//! People of the stored directory: who signs in, what they belong to, and invitations.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::principal::{Permissions, Person};
use crate::clock::Timestamp;
use crate::id::{AdminId, ClientId, DepartmentId, GroupId, RoleId, UserId};

/// Someone who signs in. A user acts for accounts and becomes a [`Person`] with one of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PersonId {
    /// An administrator.
    Admin(AdminId),
    /// A client: the account itself.
    Client(ClientId),
    /// A user who acts for one or more accounts.
    User(UserId),
}

impl PersonId {
    /// Where this person signs in.
    #[must_use]
    pub const fn realm(&self) -> Realm {
        match self {
            Self::Admin(_) => Realm::Staff,
            Self::Client(_) | Self::User(_) => Realm::Clients,
        }
    }

    /// What sort of person it is.
    #[must_use]
    pub const fn kind(&self) -> PersonKind {
        match self {
            Self::Admin(_) => PersonKind::Admin,
            Self::Client(_) => PersonKind::Client,
            Self::User(_) => PersonKind::User,
        }
    }
}

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Admin(id) => write!(f, "admin {id}"),
            Self::Client(id) => write!(f, "client {id}"),
            Self::User(id) => write!(f, "user {id}"),
        }
    }
}

/// Sorts of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PersonKind {
    /// Administrators.
    Admin,
    /// Clients.
    Client,
    /// Users who act for accounts.
    User,
}

/// Where one signs in. User names and e-mail addresses are unique within each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Realm {
    /// Administrators.
    Staff,
    /// Clients and users.
    Clients,
}

/// A subject of mail that a host sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
#[non_exhaustive]
pub enum MailTopic {
    /// General messages about the account.
    General = 0,
    /// Invoices and payments.
    Billing = 1,
    /// Support tickets.
    Support = 2,
    /// Products and services.
    Products = 3,
    /// Domains.
    Domains = 4,
    /// Affiliates.
    Affiliates = 5,
    /// The system itself, such as failed jobs.
    System = 6,
    /// The vault: changes, reminders, reveals.
    Vault = 7,
}

impl MailTopic {
    /// Every topic.
    pub const ALL: [Self; 8] = [
        Self::General,
        Self::Billing,
        Self::Support,
        Self::Products,
        Self::Domains,
        Self::Affiliates,
        Self::System,
        Self::Vault,
    ];
}

/// A set of [`MailTopic`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct MailTopics(u16);

impl MailTopics {
    /// No mail.
    pub const NONE: Self = Self(0);

    /// Every topic.
    #[must_use]
    pub fn all() -> Self {
        MailTopic::ALL.into_iter().collect()
    }

    /// Whether `topic` is in the set.
    #[must_use]
    pub const fn has(self, topic: MailTopic) -> bool {
        self.0 & (1 << topic as u8) != 0
    }

    /// The set with `topic` added.
    #[must_use]
    pub const fn with(self, topic: MailTopic) -> Self {
        Self(self.0 | (1 << topic as u8))
    }
}

crate::document::set_form!(MailTopics(u16) of MailTopic);

impl FromIterator<MailTopic> for MailTopics {
    fn from_iter<I: IntoIterator<Item = MailTopic>>(iter: I) -> Self {
        iter.into_iter().fold(Self::NONE, Self::with)
    }
}

/// A user's part in an account: a sub-account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Membership {
    /// The account.
    pub account: ClientId,
    /// What of the account's rights the user may use.
    pub permissions: Permissions,
    /// Mail about the account that the user gets.
    pub mail: MailTopics,
    /// Who added the user.
    pub added_by: Person,
    /// When.
    pub added_at: Timestamp,
}

/// What is known of a person's sign-in. Passwords, seeds and codes stand apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SignInState {
    /// When the password was last set; none is set without.
    pub password_set_at: Option<Timestamp>,
    /// Whether a second factor is asked for.
    pub second_factor: bool,
    /// How many recovery codes are left.
    pub recovery_codes: u8,
    /// Failed attempts since the last sign-in.
    pub failures: u32,
    /// No attempt succeeds before this time.
    pub locked_until: Option<Timestamp>,
    /// When the person last signed in.
    pub last_at: Option<Timestamp>,
    /// Rises with every change that ends what was signed in before.
    pub generation: u32,
}

/// A person of the stored directory, without what the person signs in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PersonHead {
    /// Who.
    pub id: PersonId,
    /// The name to sign in with, besides the e-mail address.
    pub username: Option<String>,
    /// Display name.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// BCP 47 locale, such as `de-AT`.
    pub locale: Option<String>,
    /// IANA time zone, such as `Europe/Vienna`.
    pub zone: Option<String>,
    /// Whether the person wants mail at all.
    pub wants_mail: bool,
    /// Whether the person may sign in.
    pub active: bool,
    /// Roles, for administrators.
    pub roles: Vec<RoleId>,
    /// Departments, for administrators.
    pub departments: Vec<DepartmentId>,
    /// Groups, for clients.
    pub groups: Vec<GroupId>,
    /// Accounts acted for, for users; at most one part in each.
    pub memberships: Vec<Membership>,
    /// Who created the person.
    pub created_by: Person,
    /// When.
    pub created_at: Timestamp,
    /// Rises by one with every change someone makes; signing in is none.
    pub version: u64,
    /// What is known of the sign-in.
    pub sign_in: SignInState,
}

impl PersonHead {
    /// The part in an account.
    #[must_use]
    pub fn membership(&self, account: &ClientId) -> Option<&Membership> {
        self.memberships.iter().find(|part| part.account == *account)
    }

    /// The persons this one acts as, in records and events.
    #[must_use]
    pub fn persons(&self) -> Vec<Person> {
        match &self.id {
            PersonId::Admin(id) => vec![Person::Admin(id.clone())],
            PersonId::Client(id) => vec![Person::Client(id.clone())],
            PersonId::User(user) => {
                let as_part = |part: &Membership| Person::SubUser { account: part.account.clone(), user: user.clone() };
                self.memberships.iter().map(as_part).collect()
            }
        }
    }
}

/// Names a role, department or group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum UnitId {
    /// A role of administrators.
    Role(RoleId),
    /// A support department.
    Department(DepartmentId),
    /// A group of clients.
    Group(GroupId),
}

impl UnitId {
    /// What sort of unit it is.
    #[must_use]
    pub const fn kind(&self) -> UnitKind {
        match self {
            Self::Role(_) => UnitKind::Role,
            Self::Department(_) => UnitKind::Department,
            Self::Group(_) => UnitKind::Group,
        }
    }
}

impl fmt::Display for UnitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Role(id) => write!(f, "role {id}"),
            Self::Department(id) => write!(f, "department {id}"),
            Self::Group(id) => write!(f, "group {id}"),
        }
    }
}

/// Sorts of units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// Roles.
    Role,
    /// Departments.
    Department,
    /// Groups.
    Group,
}

/// A role, department or group of the stored directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnitHead {
    /// Which.
    pub id: UnitId,
    /// Its name.
    pub name: String,
    /// Mail that its members get; of roles alone.
    pub mail: MailTopics,
    /// Rises by one with every change.
    pub version: u64,
}

/// What an invitation offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum InviteOffer {
    /// To become an administrator.
    Admin {
        /// With these roles.
        roles: Vec<RoleId>,
        /// In these departments.
        departments: Vec<DepartmentId>,
    },
    /// To act for an account.
    SubUser {
        /// The account.
        account: ClientId,
        /// With these of its rights.
        permissions: Permissions,
        /// And this mail.
        mail: MailTopics,
    },
}

/// What became of an invitation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InviteState {
    /// It waits to be accepted.
    Pending,
    /// It was accepted.
    Accepted {
        /// By whom.
        by: PersonId,
        /// When.
        at: Timestamp,
    },
    /// It was taken back.
    Cancelled {
        /// When.
        at: Timestamp,
    },
}

/// An invitation. Of its token only the hash is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteHead {
    /// What it offers.
    pub offer: InviteOffer,
    /// Whom it was sent to.
    pub email: String,
    /// The locale to write in.
    pub locale: Option<String>,
    /// SHA-256 of the token last sent.
    pub token_hash: [u8; 32],
    /// Who invited.
    pub invited_by: Person,
    /// Whether who invited is a person of this directory, and so must still hold what is offered.
    pub by_stored: bool,
    /// When it was made.
    pub invited_at: Timestamp,
    /// When the token last sent ends.
    pub expires_at: Timestamp,
    /// How often it was sent.
    pub sent: u32,
    /// What became of it.
    pub state: InviteState,
}

/// A name that is taken in a realm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameHead {
    /// By whom.
    pub person: PersonId,
}
