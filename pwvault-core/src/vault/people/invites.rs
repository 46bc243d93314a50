//! Invitations: single-use links that make someone an administrator, or a user of an account.

use serde::{Deserialize, Serialize};

use super::checked_limit;
use super::invite_records::invitation;
use crate::clock::Timestamp;
use crate::id::{ClientId, DepartmentId, InviteId, RoleId};
use crate::model::{EventKind, InviteOffer, MailTopics, Outcome, Permissions, Person, Section};
use crate::secret::SecretString;
use crate::store::ChangeSet;
use crate::vault::cursor::Cursor;
use crate::vault::error::VaultError;
use crate::vault::session::Session;

/// An invitation to become an administrator.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct AdminInvite {
    /// Whom to write to.
    pub email: String,
    /// The roles the administrator will have.
    pub roles: Vec<RoleId>,
    /// The departments the administrator will belong to.
    pub departments: Vec<DepartmentId>,
    /// The locale to write in; empty for none.
    pub locale: String,
}

/// An invitation to act for an account.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SubUserInvite {
    /// The account.
    pub account: ClientId,
    /// Whom to write to.
    pub email: String,
    /// What of the account's rights the user will have.
    pub permissions: Permissions,
    /// Mail about the account that the user will get.
    #[serde(default)]
    pub mail: MailTopics,
    /// The locale to write in; empty for none.
    #[serde(default)]
    pub locale: String,
}

/// An invitation to be sent.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "crossing", derive(serde::Serialize, schemars::JsonSchema))]
pub struct Invitation {
    /// Which.
    pub id: InviteId,
    /// Where to: the only place for the token to go.
    pub email: String,
    /// The locale to write in.
    pub locale: Option<String>,
    /// The token for the link. It is not kept, and ends any sent before.
    pub token: SecretString,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// An invitation that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InviteView {
    /// Which.
    pub id: InviteId,
    /// Where it was sent.
    pub email: String,
    /// What it offers.
    pub offer: InviteOffer,
    /// Who invited.
    pub invited_by: Person,
    /// When.
    pub invited_at: Timestamp,
    /// When the token sent last ends.
    pub expires_at: Timestamp,
    /// Whether it has ended: it can be sent again.
    pub expired: bool,
    /// How often it was sent.
    pub sent: u32,
}

/// A page of invitations that wait, the oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InvitePage {
    /// The invitations.
    pub invites: Vec<InviteView>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Cursor>,
}

/// Inviting people: administrators for those with the section `directory`, users of an account for
/// those who may manage them. Nobody offers what they do not hold, and an invitation ends when who
/// sent it may not make it any more.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// use pwvault_core::model::{MailTopics, Permission, Permissions, Realm};
/// use pwvault_core::vault::{Acceptance, SubUserInvite};
///
/// let account = ClientId::new("7")?;
/// let bert = vault.session(Principal::client(account.clone()), RequestContext::default());
/// let permissions = Permissions::NONE.with(Permission::View).with(Permission::Reveal);
/// let mail = MailTopics::NONE;
/// let invitation = bert.invite_sub_user(&SubUserInvite {
///     account, email: "cleo@example.com".into(), permissions, mail, locale: String::new(),
/// })?;
///
/// // Cleo opens the link, in a request without a session.
/// let door = vault.sign_in(RequestContext::default());
/// let cleo = Acceptance { name: "Cleo".into(), password: "nine calm otters".into(), ..Acceptance::default() };
/// door.accept_invite(invitation.token.expose(), &cleo)?;
/// assert!(door.accept_invite(invitation.token.expose(), &cleo).is_err());
/// assert!(door.with_password(Realm::Clients, "cleo@example.com", &cleo.password).is_ok());
/// # Ok::<(), VaultError>(())
/// ```
pub trait Invites {
    /// Invites an administrator.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `directory`; [`VaultError::People`] for roles or
    /// departments that do not exist or are not held, and an address that is none.
    fn invite_admin(&self, invite: &AdminInvite) -> Result<Invitation, VaultError>;

    /// Invites a user of an account.
    ///
    /// # Errors
    /// [`VaultError::Denied`] when the principal may not manage the account's users;
    /// [`VaultError::People`] for permissions that are not held, and an address that is none.
    fn invite_sub_user(&self, invite: &SubUserInvite) -> Result<Invitation, VaultError>;

    /// A page of invitations that wait: of an account's users, or without one of administrators.
    ///
    /// # Errors
    /// [`VaultError::Denied`] as for inviting, [`VaultError::Invalid`] for a limit out of bounds.
    fn pending_invites(
        &self,
        account: Option<&ClientId>,
        limit: u32,
        after: Option<Cursor>,
    ) -> Result<InvitePage, VaultError>;

    /// Sends an invitation again: with a new token, for seven days from now, in the principal's own
    /// name. The old token ends.
    ///
    /// # Errors
    /// As for inviting; [`VaultError::NotFound`] when none of this id waits.
    fn resend_invite(&self, id: InviteId) -> Result<Invitation, VaultError>;

    /// Takes an invitation back.
    ///
    /// # Errors
    /// As [`resend_invite`](Self::resend_invite).
    fn cancel_invite(&self, id: InviteId) -> Result<(), VaultError>;
}

impl Invites for Session {
    fn invite_admin(&self, invite: &AdminInvite) -> Result<Invitation, VaultError> {
        let AdminInvite { email, roles, departments, locale } = invite.clone();
        self.run(|gate| {
            gate.invite(InviteOffer::Admin { roles: roles.clone(), departments: departments.clone() }, &email, &locale)
        })
    }

    fn invite_sub_user(&self, invite: &SubUserInvite) -> Result<Invitation, VaultError> {
        let SubUserInvite { account, email, permissions, mail, locale } = invite.clone();
        self.run(|gate| {
            let offer = InviteOffer::SubUser { account: account.clone(), permissions, mail };
            gate.invite(offer, &email, &locale)
        })
    }

    fn pending_invites(
        &self,
        account: Option<&ClientId>,
        limit: u32,
        after: Option<Cursor>,
    ) -> Result<InvitePage, VaultError> {
        let limit = checked_limit(limit)?;
        self.run(|gate| {
            match account {
                Some(account) => drop(gate.manage_users(account, EventKind::PeopleListed)?),
                None => drop(gate.section(Section::Directory, EventKind::PeopleListed)?),
            }
            let question = format!("invites {account:?}");
            let after = gate.open_place(after.as_ref(), &question)?;
            let (found, next) = gate.scan_invites(account, limit, after)?;
            gate.log_look()?;
            let invites = found.into_iter().map(|found| found.view(gate.now)).collect();
            Ok(InvitePage { invites, next: next.map(|place| gate.seal_place(place, &question)).transpose()? })
        })
    }

    fn resend_invite(&self, id: InviteId) -> Result<Invitation, VaultError> {
        self.run(|gate| {
            let kind = EventKind::InviteCreated;
            let found = gate.waiting_invite(id)?;
            let proof = gate.may_offer(&found.head.offer, kind)?;
            let mut head = found.head.clone();
            head.invited_by = self.principal.person();
            head.by_stored = gate.is_stored()?;
            head.sent += 1;
            let token = gate.new_token(id, &mut head)?;
            let mut changes = ChangeSet::new();
            changes.write(gate.invite_record(id, found.revision + 1, &head)?);
            gate.tell_invited(&head, &token, &mut changes)?;
            gate.commit(&proof, changes, gate.event(kind, Outcome::Done, &[]))?;
            Ok(invitation(id, head, &token))
        })
    }

    fn cancel_invite(&self, id: InviteId) -> Result<(), VaultError> {
        self.run(|gate| {
            let kind = EventKind::InviteCancelled;
            let found = gate.waiting_invite(id)?;
            let proof = gate.may_offer(&found.head.offer, kind)?;
            let mut changes = ChangeSet::new();
            changes.write(gate.cancelled_invite(&found)?);
            gate.commit(&proof, changes, gate.event(kind, Outcome::Done, &[]))
        })
    }
}
