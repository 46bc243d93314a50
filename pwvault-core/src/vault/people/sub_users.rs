//! Users who act for an account: its sub-accounts.

use serde::{Deserialize, Serialize};

use super::{FoundPerson, checked_limit};
use crate::clock::Timestamp;
use crate::directory::PeopleError;
use crate::id::{ClientId, UserId};
use crate::index::AccountTerm;
use crate::model::{EventKind, MailTopics, Membership, Outcome, Permissions, Person, PersonId, PrincipalKind, limits};
use crate::store::ChangeSet;
use crate::vault::cursor::Cursor;
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;
use crate::vault::people::manage::own_id;
use crate::vault::session::Session;

/// A user's part in an account, without what the user is elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SubUserView {
    /// Who.
    pub user: UserId,
    /// Display name.
    pub name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// What of the account's rights the user may use.
    pub permissions: Permissions,
    /// Mail about the account that the user gets.
    pub mail: MailTopics,
    /// Whether the user may sign in.
    pub active: bool,
    /// Who added the user.
    pub added_by: Person,
    /// When.
    pub added_at: Timestamp,
    /// What a change names.
    pub version: u64,
}

/// A page of users, in no order that means anything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SubUserPage {
    /// The users.
    pub users: Vec<SubUserView>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Cursor>,
}

/// A user's part in an account, as it shall be.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SubUserPut {
    /// The account.
    pub account: ClientId,
    /// Who.
    pub user: UserId,
    /// What of the account's rights the user may use.
    pub permissions: Permissions,
    /// Mail about the account that the user gets.
    #[serde(default)]
    pub mail: MailTopics,
}

/// Managing the users who act for an account: for the account itself, for its users with the
/// permission to manage users, and for administrators with the section `directory`.
///
/// Nobody gives or takes what they do not hold, and no user changes the own permissions.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// let bert = ClientId::new("7")?;
/// let owner = vault.session(Principal::client(bert.clone()), RequestContext::default());
/// assert!(owner.sub_users(&bert, 50, None)?.users.is_empty());
///
/// let anna = vault.session(Principal::client(ClientId::new("8")?), RequestContext::default());
/// assert!(matches!(anna.sub_users(&bert, 50, None), Err(VaultError::Denied(_))));
/// # Ok::<(), VaultError>(())
/// ```
pub trait SubUsers {
    /// A page of the users who act for an account.
    ///
    /// # Errors
    /// [`VaultError::Denied`] when the principal may not manage them, [`VaultError::Invalid`] for a
    /// limit out of bounds.
    fn sub_users(&self, account: &ClientId, limit: u32, after: Option<Cursor>) -> Result<SubUserPage, VaultError>;

    /// Changes the part of a user who is still at `version`, and returns the new version. An
    /// administrator may add a user to an account so; everyone else invites.
    ///
    /// # Errors
    /// [`VaultError::Denied`], [`VaultError::NotFound`], [`VaultError::VersionConflict`];
    /// [`VaultError::People`] for more than the principal holds, and for oneself.
    fn put_sub_user(&self, put: &SubUserPut, version: u64) -> Result<u64, VaultError>;

    /// Ends the part of a user in an account. The user keeps the sign-in and other accounts.
    ///
    /// # Errors
    /// As [`put_sub_user`](Self::put_sub_user), without the version; a user may end the own part.
    fn remove_sub_user(&self, account: &ClientId, user: &UserId) -> Result<(), VaultError>;
}

impl SubUsers for Session {
    fn sub_users(&self, account: &ClientId, limit: u32, after: Option<Cursor>) -> Result<SubUserPage, VaultError> {
        let limit = checked_limit(limit)?;
        self.run(|gate| {
            let _proof = gate.manage_users(account, EventKind::PeopleListed)?;
            let (found, next) = gate.scan_people(&[AccountTerm::Account(account)], limit, after.clone())?;
            gate.log_look()?;
            Ok(SubUserPage { users: found.iter().filter_map(|one| view(one, account)).collect(), next })
        })
    }

    fn put_sub_user(&self, put: &SubUserPut, version: u64) -> Result<u64, VaultError> {
        self.run(|gate| {
            let SubUserPut { account, user, permissions, mail } = put;
            let kind = EventKind::PersonUpdated;
            let (proof, held) = gate.manage_users(account, kind)?;
            let staff = matches!(self.principal.kind, PrincipalKind::Admin { .. });
            let id = PersonId::User(user.clone());
            let found = gate.find_person(&id)?.ok_or(VaultError::NotFound)?;
            let mut head = found.head.clone();
            let part = head.memberships.iter_mut().find(|part| part.account == *account);
            if part.is_none() && !staff {
                return Err(VaultError::NotFound);
            }
            if own_id(gate).is_ok_and(|own| own == id) {
                return gate.refuse(kind, PeopleError::Oneself);
            }
            // What the user has is touched too, so it must be held as well.
            let touched = part.as_ref().map_or(Permissions::NONE, |part| part.permissions);
            gate.check_held(touched, held, kind)?;
            gate.check_held(*permissions, held, kind)?;
            if head.version != version {
                return Err(VaultError::VersionConflict { expected: version, found: head.version });
            }
            match part {
                Some(part) => (part.permissions, part.mail) = (*permissions, *mail),
                None => gate.add_membership(&mut head, account, *permissions, *mail)?,
            }
            head.version += 1;
            let mut changes = ChangeSet::new();
            changes.write(gate.person_record(&found, &head)?);
            gate.commit(&proof, changes, gate.event(kind, Outcome::Done, &[]))?;
            Ok(head.version)
        })
    }

    fn remove_sub_user(&self, account: &ClientId, user: &UserId) -> Result<(), VaultError> {
        self.run(|gate| {
            let kind = EventKind::PersonUpdated;
            let (proof, held) = gate.manage_users(account, kind)?;
            let found = gate.find_person(&PersonId::User(user.clone()))?.ok_or(VaultError::NotFound)?;
            let part = found.head.membership(account).ok_or(VaultError::NotFound)?;
            gate.check_held(part.permissions, held, kind)?;
            let mut head = found.head.clone();
            head.memberships.retain(|part| part.account != *account);
            head.version += 1;
            let mut changes = ChangeSet::new();
            changes.write(gate.person_record(&found, &head)?);
            gate.commit(&proof, changes, gate.event(kind, Outcome::Done, &[]))
        })
    }
}

impl Gate<'_> {
    /// Adds a part in an account to a user's head.
    pub(super) fn add_membership(
        &self,
        head: &mut crate::model::PersonHead,
        account: &ClientId,
        permissions: Permissions,
        mail: MailTopics,
    ) -> Result<(), VaultError> {
        if head.memberships.len() >= limits::BELONGINGS_MAX {
            let rule = format!("a user acts for at most {} accounts", limits::BELONGINGS_MAX);
            return Err(VaultError::invalid("account", rule));
        }
        head.memberships.push(Membership {
            account: account.clone(),
            permissions,
            mail,
            added_by: self.session.principal.person(),
            added_at: self.now,
        });
        Ok(())
    }
}

fn view(found: &FoundPerson, account: &ClientId) -> Option<SubUserView> {
    let head = &found.head;
    let PersonId::User(user) = &head.id else { return None };
    let Membership { account: _, permissions, mail, added_by, added_at } = head.membership(account)?.clone();
    Some(SubUserView {
        user: user.clone(),
        name: head.name.clone(),
        email: head.email.clone(),
        permissions,
        mail,
        active: head.active,
        added_by,
        added_at,
        version: head.version,
    })
}
