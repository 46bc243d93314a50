//! What the vault asks the host about people.

use serde::{Deserialize, Serialize};

use super::principal::{Permissions, Person};
use crate::id::{AdminId, ClientId, DepartmentId, GroupId, RoleId};

/// How to name and reach a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Contact {
    /// Who.
    pub person: Person,
    /// Display name.
    pub name: String,
    /// E-mail address, if there is one.
    #[serde(default)]
    pub email: Option<String>,
    /// BCP 47 locale, such as `de-AT`.
    #[serde(default)]
    pub locale: Option<String>,
    /// IANA time zone, such as `Europe/Vienna`.
    #[serde(default)]
    pub zone: Option<String>,
    /// Whether the person wants mail.
    #[serde(default = "crate::document::yes")]
    pub wants_mail: bool,
    /// Roles, for administrators.
    #[serde(default)]
    pub roles: Vec<RoleId>,
    /// Departments, for administrators.
    #[serde(default)]
    pub departments: Vec<DepartmentId>,
    /// Groups, for clients.
    #[serde(default)]
    pub groups: Vec<GroupId>,
    /// What of the account's rights the person may use, for sub-users.
    #[serde(default)]
    pub permissions: Permissions,
}

/// A set of people.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// One administrator.
    Admin(AdminId),
    /// Everyone who holds a role.
    Role(RoleId),
    /// Everyone in a department.
    Department(DepartmentId),
    /// One client.
    Client(ClientId),
    /// Every client of a group.
    Group(GroupId),
    /// Every sub-user of a client.
    SubUsers(ClientId),
    /// Every administrator.
    Administrators,
}

/// The host's directory could not answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the directory could not answer: {reason}")]
pub struct DirectoryError {
    /// What went wrong, without a person's data.
    pub reason: String,
}

/// Answers who exists, what they are called and how to reach them.
///
/// # Contract
/// Called from the thread that called the vault, with no lock held; it may call the vault. A
/// person it does not know is `None` or an empty list, not an error.
pub trait Directory: Send + Sync {
    /// How to name and reach a person; `None` when there is no such person.
    ///
    /// # Errors
    /// [`DirectoryError`] when the question could not be answered.
    fn contact(&self, person: &Person) -> Result<Option<Contact>, DirectoryError>;

    /// The client with exactly this e-mail address.
    ///
    /// # Errors
    /// [`DirectoryError`] when the question could not be answered.
    fn client_by_email(&self, email: &str) -> Result<Option<ClientId>, DirectoryError>;

    /// The people a subject stands for.
    ///
    /// # Errors
    /// [`DirectoryError`] when the question could not be answered.
    fn members(&self, subject: &Subject) -> Result<Vec<Person>, DirectoryError>;
}
