//! Records of invitations: who may make them, which token opens them, and what became of them.

use super::invites::{Invitation, InviteView};
use crate::clock::Timestamp;
use crate::directory::{INVITE_MS, InviteError, PeopleError, Token, TokenUse, check_email, check_invite};
use crate::envelope::{open_record, seal_record};
use crate::id::{ClientId, InviteId, RecordId, RecordKind};
use crate::index;
use crate::model::{
    EventKind, InviteHead, InviteOffer, InviteState, Membership, Outcome, Permission, Person, PersonHead, PersonId,
    Principal, PrincipalKind, Section, UnitId,
};
use crate::policy::{Authority, Authorized};
use crate::store::{ChangeSet, Query, Record, StoreError};
use crate::vault::core::tampered;
use crate::vault::draft::checked_name;
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;

/// An invitation whose head has opened.
pub(super) struct FoundInvite {
    pub(super) id: InviteId,
    pub(super) head: InviteHead,
    pub(super) revision: u64,
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

    pub(super) fn view(self, now: Timestamp) -> InviteView {
        let InviteHead { offer, email, invited_by, invited_at, expires_at, sent, .. } = self.head;
        let expired = now >= expires_at;
        InviteView { id: self.id, email, offer, invited_by, invited_at, expires_at, expired, sent }
    }
}

impl Gate<'_> {
    pub(super) fn invite(&self, offer: InviteOffer, email: &str, locale: &str) -> Result<Invitation, VaultError> {
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
        self.tell_invited(&head, &token, &mut changes)?;
        self.commit(&proof, changes, self.event(kind, Outcome::Done, &[]))?;
        Ok(invitation(id, head, &token))
    }

    /// Proof that the principal may offer this.
    pub(super) fn may_offer(&self, offer: &InviteOffer, kind: EventKind) -> Result<Authorized, VaultError> {
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
    pub(super) fn is_stored(&self) -> Result<bool, VaultError> {
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

    pub(super) fn check_token(&self, token: &str) -> Result<FoundInvite, VaultError> {
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

    pub(super) fn cancelled_invite(&self, found: &FoundInvite) -> Result<Record, VaultError> {
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

    pub(super) fn scan_invites(
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

    pub(super) fn waiting_invite(&self, id: InviteId) -> Result<FoundInvite, VaultError> {
        let found = self.find_invite(id)?.ok_or(VaultError::NotFound)?;
        if found.head.state == InviteState::Pending { Ok(found) } else { Err(VaultError::NotFound) }
    }

    fn find_invite(&self, id: InviteId) -> Result<Option<FoundInvite>, VaultError> {
        let record = self.core.load(self.core.key(RecordKind::Invite, id))?;
        record.map(|record| self.opened_invite(&record)).transpose()
    }

    pub(super) fn opened_invite(&self, record: &Record) -> Result<FoundInvite, VaultError> {
        let opened = open_record::<InviteHead>(&self.snapshot.keyring, RecordKind::Invite, record)
            .map_err(|cause| tampered(record, cause))?;
        Ok(FoundInvite { id: InviteId::from_bytes(record.key.id.0), head: opened.head, revision: record.revision })
    }

    pub(super) fn invite_record(&self, id: InviteId, revision: u64, head: &InviteHead) -> Result<Record, VaultError> {
        let keyring = &self.snapshot.keyring;
        let labels = index::invite_labels(keyring, head);
        Ok(seal_record(keyring, self.core.key(RecordKind::Invite, id), revision, head, labels, &[])?)
    }

    /// A new token, of which the head keeps the hash.
    pub(super) fn new_token(&self, id: InviteId, head: &mut InviteHead) -> Result<Token, VaultError> {
        let token = Token::generate(id.into())?;
        head.token_hash = token.hash(TokenUse::Invite);
        head.expires_at = self.now.plus_millis(INVITE_MS);
        Ok(token)
    }
}

pub(super) fn invitation(id: InviteId, head: InviteHead, token: &Token) -> Invitation {
    Invitation { id, email: head.email, locale: head.locale, token: token.to_text(), expires_at: head.expires_at }
}

fn id_of(person: &Person) -> Option<PersonId> {
    match person {
        Person::Admin(id) => Some(PersonId::Admin(id.clone())),
        Person::Client(id) => Some(PersonId::Client(id.clone())),
        Person::SubUser { user, .. } => Some(PersonId::User(user.clone())),
        Person::System | Person::Bearer => None,
    }
}
