//! What a host writes of a person, checked.

use serde::Deserialize;

use super::names_of;
use crate::clock::Timestamp;
use crate::directory::{PeopleError, check_email, check_username};
use crate::id::{DepartmentId, GroupId, RoleId};
use crate::model::{Person, PersonHead, PersonId, PersonKind, SignInState, limits};
use crate::secret::SecretString;
use crate::vault::draft::checked_name;
use crate::vault::error::VaultError;

/// A person to be created. Empty texts stand for none.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "crossing", derive(serde::Deserialize, schemars::JsonSchema))]
pub struct PersonDraft {
    /// Who.
    pub id: PersonId,
    /// The name to sign in with: letters and digits, a letter first.
    #[cfg_attr(feature = "crossing", serde(default))]
    pub username: String,
    /// Display name.
    pub name: String,
    /// E-mail address.
    #[cfg_attr(feature = "crossing", serde(default))]
    pub email: String,
    /// BCP 47 locale, such as `de-AT`.
    #[cfg_attr(feature = "crossing", serde(default))]
    pub locale: String,
    /// IANA time zone, such as `Europe/Vienna`.
    #[cfg_attr(feature = "crossing", serde(default))]
    pub zone: String,
    /// Whether the person wants mail at all.
    #[cfg_attr(feature = "crossing", serde(default = "crate::document::yes"))]
    pub wants_mail: bool,
    /// Roles, for administrators.
    #[cfg_attr(feature = "crossing", serde(default))]
    pub roles: Vec<RoleId>,
    /// Departments, for administrators.
    #[cfg_attr(feature = "crossing", serde(default))]
    pub departments: Vec<DepartmentId>,
    /// Groups, for clients.
    #[cfg_attr(feature = "crossing", serde(default))]
    pub groups: Vec<GroupId>,
    /// The password to sign in with; without one a reset sets the first.
    #[cfg_attr(feature = "crossing", serde(default))]
    pub password: Option<SecretString>,
}

impl PersonDraft {
    /// A person with a display name and nothing else, who wants mail.
    #[must_use]
    pub fn new(id: PersonId, name: impl Into<String>) -> Self {
        Self {
            id,
            username: String::new(),
            name: name.into(),
            email: String::new(),
            locale: String::new(),
            zone: String::new(),
            wants_mail: true,
            roles: Vec::new(),
            departments: Vec::new(),
            groups: Vec::new(),
            password: None,
        }
    }
}

/// A change of a person; what is `None` stays. Empty texts stand for none.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct PersonPatch {
    /// Another name to sign in with.
    pub username: Option<String>,
    /// Another display name.
    pub name: Option<String>,
    /// Another e-mail address.
    pub email: Option<String>,
    /// Another locale.
    pub locale: Option<String>,
    /// Another time zone.
    pub zone: Option<String>,
    /// Whether the person wants mail at all.
    pub wants_mail: Option<bool>,
    /// Whether the person may sign in.
    pub active: Option<bool>,
    /// All roles from now on.
    pub roles: Option<Vec<RoleId>>,
    /// All departments from now on.
    pub departments: Option<Vec<DepartmentId>>,
    /// All groups from now on.
    pub groups: Option<Vec<GroupId>>,
}

/// The head of a new person, checked.
pub(super) fn new_person(draft: &PersonDraft, by: &Person, now: Timestamp) -> Result<PersonHead, VaultError> {
    let PersonDraft { id, username, name, email, locale, zone, wants_mail, roles, departments, groups, password: _ } =
        draft.clone();
    let mut head = PersonHead {
        id,
        username: None,
        name: String::new(),
        email: None,
        locale: None,
        zone: None,
        wants_mail,
        active: true,
        roles: Vec::new(),
        departments: Vec::new(),
        groups: Vec::new(),
        memberships: Vec::new(),
        created_by: by.clone(),
        created_at: now,
        version: 1,
        sign_in: SignInState::default(),
    };
    let patch = PersonPatch {
        username: Some(username),
        name: Some(name),
        email: Some(email),
        locale: Some(locale),
        zone: Some(zone),
        wants_mail: None,
        active: None,
        roles: Some(roles),
        departments: Some(departments),
        groups: Some(groups),
    };
    apply(&mut head, &patch)?;
    Ok(head)
}

pub(super) fn apply(head: &mut PersonHead, patch: &PersonPatch) -> Result<(), VaultError> {
    let PersonPatch { username, name, email, locale, zone, wants_mail, active, roles, departments, groups } =
        patch.clone();
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    if let Some(username) = username.map(some) {
        username.as_deref().map(check_username).transpose()?;
        head.username = username;
    }
    if let Some(name) = name {
        head.name = checked_name("name", &name)?;
    }
    if let Some(email) = email.map(some) {
        email.as_deref().map(check_email).transpose()?;
        head.email = email;
    }
    if let Some(locale) = locale.map(some) {
        head.locale = locale.map(|text| checked_name("locale", &text)).transpose()?;
    }
    if let Some(zone) = zone.map(some) {
        head.zone = zone.map(|text| checked_name("zone", &text)).transpose()?;
    }
    head.wants_mail = wants_mail.unwrap_or(head.wants_mail);
    head.active = active.unwrap_or(head.active);
    head.roles = roles.map_or_else(|| Ok(head.roles.clone()), |ids| distinct("roles", ids))?;
    head.departments = departments.map_or_else(|| Ok(head.departments.clone()), |ids| distinct("departments", ids))?;
    head.groups = groups.map_or_else(|| Ok(head.groups.clone()), |ids| distinct("groups", ids))?;
    let misplaced = |what, to| Err(PeopleError::Misplaced { what, to }.into());
    match head.id.kind() {
        PersonKind::Admin if !head.groups.is_empty() => misplaced("groups", "clients"),
        PersonKind::Client | PersonKind::User if !head.roles.is_empty() => misplaced("roles", "administrators"),
        PersonKind::Client | PersonKind::User if !head.departments.is_empty() => {
            misplaced("departments", "administrators")
        }
        PersonKind::User if !head.groups.is_empty() => misplaced("groups", "clients"),
        _ if names_of(head).is_empty() => Err(PeopleError::NoName.into()),
        _ => Ok(()),
    }
}

fn distinct<T: Ord>(field: &'static str, mut ids: Vec<T>) -> Result<Vec<T>, VaultError> {
    if ids.len() > limits::BELONGINGS_MAX {
        let rule = format!("there are {}; at most {} are accepted", ids.len(), limits::BELONGINGS_MAX);
        return Err(VaultError::invalid(field, rule));
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}
