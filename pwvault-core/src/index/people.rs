//! Labels of the stored directory: people, roles, departments, groups and invitations.

use super::label;
use crate::crypto::MacKey;
use crate::envelope::Keyring;
use crate::id::{ClientId, DepartmentId, GroupId, RecordKind, RoleId};
use crate::model::{InviteHead, InviteOffer, InviteState, PersonHead, PersonKind, UnitHead, UnitKind};
use crate::store::Label;

/// A fact by which people of the stored directory are found. Of texts the case of ASCII letters does
/// not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountTerm<'a> {
    /// People of a sort.
    Kind(PersonKind),
    /// The user name.
    Username(&'a str),
    /// The e-mail address.
    Email(&'a str),
    /// The display name.
    Name(&'a str),
    /// A role held.
    Role(&'a RoleId),
    /// A department belonged to.
    Department(&'a DepartmentId),
    /// A group belonged to.
    Group(&'a GroupId),
    /// An account acted for.
    Account(&'a ClientId),
}

impl AccountTerm<'_> {
    /// Whether it is true of a person.
    #[must_use]
    pub fn fits(self, head: &PersonHead) -> bool {
        let same = |text: &Option<String>, own: &str| text.as_ref().is_some_and(|text| text.eq_ignore_ascii_case(own));
        match self {
            Self::Kind(kind) => head.id.kind() == kind,
            Self::Username(text) => same(&head.username, text),
            Self::Email(text) => same(&head.email, text),
            Self::Name(text) => head.name.eq_ignore_ascii_case(text),
            Self::Role(id) => head.roles.contains(id),
            Self::Department(id) => head.departments.contains(id),
            Self::Group(id) => head.groups.contains(id),
            Self::Account(id) => head.membership(id).is_some(),
        }
    }
}

/// The labels of a person, under the current index key.
#[must_use]
pub fn person_account_labels(keyring: &Keyring, head: &PersonHead) -> Vec<Label> {
    let Some(mac) = keyring.index_macs().last() else { return Vec::new() };
    let mut terms = vec![AccountTerm::Kind(head.id.kind()), AccountTerm::Name(&head.name)];
    terms.extend(head.username.as_deref().map(AccountTerm::Username));
    terms.extend(head.email.as_deref().map(AccountTerm::Email));
    terms.extend(head.roles.iter().map(AccountTerm::Role));
    terms.extend(head.departments.iter().map(AccountTerm::Department));
    terms.extend(head.groups.iter().map(AccountTerm::Group));
    terms.extend(head.memberships.iter().map(|part| AccountTerm::Account(&part.account)));
    terms.into_iter().map(|term| account_label(mac, term)).collect()
}

/// The labels to ask for to find people by a term: one for each index key of the ring.
#[must_use]
pub fn account_query(keyring: &Keyring, term: AccountTerm<'_>) -> Vec<Label> {
    keyring.index_macs().iter().map(|mac| account_label(mac, term)).collect()
}

/// The label of a role, department or group.
#[must_use]
pub fn unit_labels(keyring: &Keyring, head: &UnitHead) -> Vec<Label> {
    keyring.index_macs().last().map(|mac| unit_label(mac, head.id.kind())).into_iter().collect()
}

/// The labels to ask for to find all roles, departments or groups.
#[must_use]
pub fn unit_query(keyring: &Keyring, kind: UnitKind) -> Vec<Label> {
    keyring.index_macs().iter().map(|mac| unit_label(mac, kind)).collect()
}

/// The label of an invitation: none once it waits no more.
#[must_use]
pub fn invite_labels(keyring: &Keyring, head: &InviteHead) -> Vec<Label> {
    let account = match &head.offer {
        InviteOffer::Admin { .. } => None,
        InviteOffer::SubUser { account, .. } => Some(account),
    };
    match (&head.state, keyring.index_macs().last()) {
        (InviteState::Pending, Some(mac)) => vec![invite_label(mac, account)],
        _ => Vec::new(),
    }
}

/// The labels to ask for to find invitations that wait: to act for an account, or without one to
/// become an administrator.
#[must_use]
pub fn invite_query(keyring: &Keyring, account: Option<&ClientId>) -> Vec<Label> {
    keyring.index_macs().iter().map(|mac| invite_label(mac, account)).collect()
}

fn account_label(mac: &MacKey, term: AccountTerm<'_>) -> Label {
    let (name, value) = match term {
        AccountTerm::Kind(PersonKind::Admin) => ("kind", "admin".to_owned()),
        AccountTerm::Kind(PersonKind::Client) => ("kind", "client".to_owned()),
        AccountTerm::Kind(PersonKind::User) => ("kind", "user".to_owned()),
        AccountTerm::Username(text) => ("username", text.to_ascii_lowercase()),
        AccountTerm::Email(text) => ("email", text.to_ascii_lowercase()),
        AccountTerm::Name(text) => ("name", text.to_ascii_lowercase()),
        AccountTerm::Role(id) => ("role", id.to_string()),
        AccountTerm::Department(id) => ("department", id.to_string()),
        AccountTerm::Group(id) => ("group", id.to_string()),
        AccountTerm::Account(id) => ("account", id.to_string()),
    };
    label(mac, RecordKind::Account, name, value.as_bytes())
}

fn unit_label(mac: &MacKey, kind: UnitKind) -> Label {
    let value: &[u8] = match kind {
        UnitKind::Role => b"role",
        UnitKind::Department => b"department",
        UnitKind::Group => b"group",
    };
    label(mac, RecordKind::Unit, "kind", value)
}

fn invite_label(mac: &MacKey, account: Option<&ClientId>) -> Label {
    match account {
        None => label(mac, RecordKind::Invite, "pending staff", b""),
        Some(account) => label(mac, RecordKind::Invite, "pending account", account.as_str().as_bytes()),
    }
}
