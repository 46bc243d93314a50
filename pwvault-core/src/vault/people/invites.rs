//! Invitations: single-use links that make someone an administrator, or a user of an account.

use super::checked_limit;
use crate::clock::Timestamp;
use crate::directory::{INVITE_MS, InviteError, PeopleError, Token, TokenUse, check_email, check_invite};
use crate::envelope::{open_record, seal_record};
use crate::id::{ClientId, DepartmentId, InviteId, RecordId, RecordKind, RoleId};
use crate::index;
use crate::model::{
    EventKind, InviteHead, InviteOffer, InviteState, MailTopics, Membership, Outcome, Permission, Permissions, Person,
    PersonHead, PersonId, Principal, PrincipalKind, Section, UnitId,
};
use crate::policy::{Authority, Authorized};
use crate::secret::SecretString;
use crate::store::{ChangeSet, Query, Record, StoreError};
use crate::vault::core::tampered;
use crate::vault::draft::checked_name;
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;
use crate::vault::listing::Cursor;
use crate::vault::session::Session;

/// An invitation to become an administrator.
#[derive(Clone, Debug, Default)]
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
#[derive(Clone, Debug)]
pub struct SubUserInvite {
    /// The account.
    pub account: ClientId,
    /// Whom to write to.
    pub email: String,
    /// What of the account's rights the user will have.
    pub permissions: Permissions,
    /// Mail about the account that the user will get.
    pub mail: MailTopics,
    /// The locale to write in; empty for none.
    pub locale: String,
}

/// An invitation to be sent.
#[derive(Clone, Debug)]
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
#[derive(Clone, Debug, PartialEq, Eq)]
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
#[derive(Clone, Debug, PartialEq, Eq)]
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
            let (found, next) = gate.scan_invites(account, limit, after.map(|cursor| RecordId(cursor.to_bytes())))?;
            gate.log_look()?;
            let invites = found.into_iter().map(|found| found.view(gate.now)).collect();
            Ok(InvitePage { invites, next: next.map(|id| Cursor::from_bytes(id.0)) })
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

/// An invitation whose head has opened.
pub(super) struct FoundInvite {
    pub(super) id: InviteId,
    pub(super) head: InviteHead,
    revision: u64,
}

impl FoundInvite {
    /// Adds to a user's head the part in the account that is offered.
    pub(super) fn add_part(&self, head: &mut PersonHead, now: Timestamp) -> Result<(), VaultError> {
        let InviteOffer::SubUser { account, permissions, mail } = self.head.offer.clone() else { return Ok(()) };
        if head.id.kind() != crate::model::PersonKind::User {
            return Err(InviteError::WrongAccount.into());
        }
        if head.membership(&account).is_some() {
            return Err(PeopleError::Exists { what: "part of this user in the account" }.into());
        }
        let added_by = self.head.invited_by.clone();
        head.memberships.push(Membership { account, permissions, mail, added_by, added_at: now });
        Ok(())
    }

    fn view(self, now: Timestamp) -> InviteView {
        let InviteHead { offer, email, invited_by, invited_at, expires_at, sent, .. } = self.head;
        let expired = now >= expires_at;
        InviteView { id: self.id, email, offer, invited_by, invited_at, expires_at, expired, sent }
    }
}

impl Gate<'_> {
    fn invite(&self, offer: InviteOffer, email: &str, locale: &str) -> Result<Invitation, VaultError> {
        let kind = EventKind::InviteCreated;
        let proof = self.may_offer(&offer, kind)?;
        check_email(email)?;
        if let InviteOffer::Admin { roles, departments } = &offer {
            roles.iter().try_for_each(|id| self.must_exist(&UnitId::Role(id.clone())))?;
            departments.iter().try_for_each(|id| self.must_exist(&UnitId::Department(id.clone())))?;
        }
        let locale = Some(locale).filter(|text| !text.is_empty());
        let id = InviteId::generate(self.now)?;
        let mut head = InviteHead {
            offer,
            email: email.to_owned(),
            locale: locale.map(|text| checked_name("locale", text)).transpose()?,
            token_hash: [0; 32],
            invited_by: self.session.principal.person(),
            by_stored: self.is_stored()?,
            invited_at: self.now,
            expires_at: self.now,
            sent: 1,
            state: InviteState::Pending,
        };
        let token = self.new_token(id, &mut head)?;
        let mut changes = ChangeSet::new();
        changes.write(self.invite_record(id, 1, &head)?);
        self.commit(&proof, changes, self.event(kind, Outcome::Done, &[]))?;
        Ok(invitation(id, head, &token))
    }

    /// Proof that the principal may offer this.
    fn may_offer(&self, offer: &InviteOffer, kind: EventKind) -> Result<Authorized, VaultError> {
        match offer {
            InviteOffer::Admin { roles, departments } => {
                let proof = self.section(Section::Directory, kind)?;
                self.check_over(None, roles, departments, kind)?;
                Ok(proof)
            }
            InviteOffer::SubUser { account, permissions, mail: _ } => {
                let (proof, held) = self.manage_users(account, kind)?;
                self.check_held(*permissions, held, kind)?;
                Ok(proof)
            }
        }
    }

    /// Whether the principal is a person of this directory.
    fn is_stored(&self) -> Result<bool, VaultError> {
        match id_of(&self.session.principal.person()) {
            Some(id) => Ok(self.find_person(&id)?.is_some()),
            None => Ok(false),
        }
    }

    /// The invitation of a token, if it can be accepted now. A refusal is logged as the actor's.
    pub(super) fn open_invite(&self, token: &str, actor: Person) -> Result<FoundInvite, VaultError> {
        let checked = self.check_token(token);
        if matches!(checked, Err(VaultError::Invite(_))) {
            let event = self.event_of(actor, EventKind::InviteAccepted, Outcome::Failed);
            self.commit_relying(ChangeSet::new(), event)?;
        }
        checked
    }

    fn check_token(&self, token: &str) -> Result<FoundInvite, VaultError> {
        let token = Token::from_text(token).ok_or(InviteError::Unknown)?;
        let id = InviteId::from_bytes(token.record().0);
        let found = self.find_invite(id)?.ok_or(InviteError::Unknown)?;
        check_invite(&found.head, &token, self.now)?;
        if found.head.by_stored && !self.may_still_offer(&found.head)? {
            return Err(InviteError::Withdrawn.into());
        }
        Ok(found)
    }

    /// Whether who invited holds now what the invitation offers.
    fn may_still_offer(&self, head: &InviteHead) -> Result<bool, VaultError> {
        let Some(id) = id_of(&head.invited_by) else { return Ok(true) };
        let Some(inviter) = self.relied_person(&id)?.map(|found| found.head).filter(|inviter| inviter.active) else {
            return Ok(false);
        };
        Ok(match (&head.offer, &inviter.id) {
            (offer, PersonId::Admin(id)) => {
                let (roles, departments) = (inviter.roles.clone(), inviter.departments.clone());
                let kind = PrincipalKind::Admin { id: id.clone(), roles, departments };
                let principal = Principal { kind, expected_lock: None };
                let sections = Authority::compile(self.snapshot.policy.clone(), &principal).sections();
                let holds = match offer {
                    InviteOffer::SubUser { .. } => true,
                    InviteOffer::Admin { roles, departments } => {
                        roles.iter().all(|id| inviter.roles.contains(id))
                            && departments.iter().all(|id| inviter.departments.contains(id))
                    }
                };
                sections.has(Section::Directory) && (holds || sections.has(Section::Access))
            }
            (InviteOffer::SubUser { account, .. }, PersonId::Client(id)) => account == id,
            (InviteOffer::SubUser { account, permissions, .. }, PersonId::User(_)) => {
                inviter.membership(account).is_some_and(|part| {
                    part.permissions.has(Permission::ManageUsers)
                        && permissions.beyond(part.permissions).next().is_none()
                })
            }
            (InviteOffer::Admin { .. }, PersonId::Client(_) | PersonId::User(_)) => false,
        })
    }

    /// An error met while an invitation was being accepted, unless someone else has accepted it
    /// meanwhile: then the operation is run again, and says that.
    pub(super) fn unless_accepted(&self, invite: &FoundInvite, error: VaultError) -> VaultError {
        match self.find_invite(invite.id) {
            Ok(Some(now)) if now.revision == invite.revision => error,
            Ok(_) => StoreError::Conflict(self.core.key(RecordKind::Invite, invite.id)).into(),
            Err(other) => other,
        }
    }

    /// The next revision of an invitation that someone accepts.
    pub(super) fn accepted_invite(&self, found: &FoundInvite, by: &PersonId) -> Result<Record, VaultError> {
        let mut head = found.head.clone();
        head.state = InviteState::Accepted { by: by.clone(), at: self.now };
        self.invite_record(found.id, found.revision + 1, &head)
    }

    fn cancelled_invite(&self, found: &FoundInvite) -> Result<Record, VaultError> {
        let mut head = found.head.clone();
        head.state = InviteState::Cancelled { at: self.now };
        self.invite_record(found.id, found.revision + 1, &head)
    }

    /// Adds to a change set that no invitation to an account waits any more.
    pub(super) fn cancel_invites_to(&self, account: &ClientId, changes: &mut ChangeSet) -> Result<(), VaultError> {
        let mut after = None;
        loop {
            let (found, next) = self.scan_invites(Some(account), 1_000, after)?;
            for invite in &found {
                changes.write(self.cancelled_invite(invite)?);
            }
            after = next;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    fn scan_invites(
        &self,
        account: Option<&ClientId>,
        limit: u32,
        after: Option<RecordId>,
    ) -> Result<(Vec<FoundInvite>, Option<RecordId>), VaultError> {
        let mut query = Query::new(self.core.id, RecordKind::Invite);
        query.labels = vec![index::invite_query(&self.snapshot.keyring, account)];
        (query.limit, query.cursor) = (limit, after);
        let page = self.core.store.scan(&query)?;
        let next = page.next;
        let mut found = Vec::new();
        for record in page.into_records()? {
            let invite = self.opened_invite(&record)?;
            let of = match &invite.head.offer {
                InviteOffer::Admin { .. } => None,
                InviteOffer::SubUser { account, .. } => Some(account),
            };
            // A label only finds; the sealed head decides.
            if of == account && invite.head.state == InviteState::Pending {
                found.push(invite);
            }
        }
        Ok((found, next))
    }

    fn waiting_invite(&self, id: InviteId) -> Result<FoundInvite, VaultError> {
        let found = self.find_invite(id)?.ok_or(VaultError::NotFound)?;
        if found.head.state == InviteState::Pending { Ok(found) } else { Err(VaultError::NotFound) }
    }

    fn find_invite(&self, id: InviteId) -> Result<Option<FoundInvite>, VaultError> {
        let record = self.core.load(self.core.key(RecordKind::Invite, id))?;
        record.map(|record| self.opened_invite(&record)).transpose()
    }

    fn opened_invite(&self, record: &Record) -> Result<FoundInvite, VaultError> {
        let opened = open_record::<InviteHead>(&self.snapshot.keyring, RecordKind::Invite, record)
            .map_err(|cause| tampered(record, cause))?;
        Ok(FoundInvite { id: InviteId::from_bytes(record.key.id.0), head: opened.head, revision: record.revision })
    }

    fn invite_record(&self, id: InviteId, revision: u64, head: &InviteHead) -> Result<Record, VaultError> {
        let keyring = &self.snapshot.keyring;
        let labels = index::invite_labels(keyring, head);
        Ok(seal_record(keyring, self.core.key(RecordKind::Invite, id), revision, head, labels, &[])?)
    }

    /// A new token, of which the head keeps the hash.
    fn new_token(&self, id: InviteId, head: &mut InviteHead) -> Result<Token, VaultError> {
        let token = Token::generate(id.into())?;
        head.token_hash = token.hash(TokenUse::Invite);
        head.expires_at = self.now.plus_millis(INVITE_MS);
        Ok(token)
    }
}

fn invitation(id: InviteId, head: InviteHead, token: &Token) -> Invitation {
    Invitation { id, email: head.email, locale: head.locale, token: token.to_text(), expires_at: head.expires_at }
}

fn id_of(person: &Person) -> Option<PersonId> {
    match person {
        Person::Admin(id) => Some(PersonId::Admin(id.clone())),
        Person::Client(id) => Some(PersonId::Client(id.clone())),
        Person::SubUser { user, .. } => Some(PersonId::User(user.clone())),
        Person::System => None,
    }
}
