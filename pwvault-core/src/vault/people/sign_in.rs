//! Signing in, without a session: from a typed name and password to the principals of sessions.

use std::cell::OnceCell;
use std::sync::Arc;

use super::attempt::Attempt;
use super::draft::{PersonDraft, new_person};
use super::{FoundPerson, actor_of, load_by_name, load_person_at};
use crate::directory::{Credentials, InviteError, SignInError, Token, TokenUse, fail, is_locked, succeed};
use crate::id::{AdminId, UserId};
use crate::model::{
    EventKind, InviteOffer, Outcome, Person, PersonHead, PersonId, Principal, PrincipalKind, Realm, RequestContext,
};
use crate::secret::SecretString;
use crate::store::ChangeSet;
use crate::vault::Vault;
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;
use crate::vault::session::Session;

/// Signing in to the stored directory.
///
/// # Security
/// Every attempt is logged, with the person as the actor when there is one, and never with what was
/// typed. The answer to an unknown name, a wrong password, a person who is switched off and one who is
/// locked out is the same, after the same work. The host bounds attempts by address.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// # let root = vault.session(Principal::admin_with_roles(AdminId::new("root")?, vec![RoleId::new("full")?]), RequestContext::default());
/// use pwvault_core::model::{PersonId, Realm};
/// use pwvault_core::vault::{PersonDraft, SignInStep};
///
/// let bert = PersonId::Client(ClientId::new("7")?);
/// root.create_person(&PersonDraft {
///     email: "bert@example.com".into(),
///     password: Some("seven quiet herons".into()),
///     ..PersonDraft::new(bert, "Bert")
/// })?;
///
/// let door = vault.sign_in(RequestContext::default());
/// assert!(door.with_password(Realm::Clients, "bert@example.com", &"six herons".into()).is_err());
/// let step = door.with_password(Realm::Clients, "bert@example.com", &"seven quiet herons".into())?;
/// let SignInStep::Done(bert) = step else { panic!("no second factor is set up") };
/// let session = vault.session(bert.principals[0].clone(), RequestContext::default());
/// # session.create_entry(&EntryDraft { name: "Webmail".into(), ..EntryDraft::default() })?;
/// # Ok::<(), VaultError>(())
/// ```
#[derive(Clone, Debug)]
pub struct SignIn {
    /// Scheduled work has no person of its own; events name the person they are about.
    pub(super) session: Session,
}

impl Vault {
    /// Signing in under these circumstances.
    #[must_use]
    pub fn sign_in(&self, context: RequestContext) -> SignIn {
        SignIn { session: Session::new(Arc::clone(&self.core), Principal::system(), context) }
    }
}

/// How far a sign-in has come.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "crossing", derive(serde::Serialize, schemars::JsonSchema))]
#[cfg_attr(feature = "crossing", serde(rename_all = "snake_case"))]
pub enum SignInStep {
    /// The person is signed in.
    Done(SignedIn),
    /// The password was right; [`SignIn::with_second_factor`] takes this token for five minutes.
    SecondFactor {
        /// The token, for a form or a cookie.
        token: SecretString,
    },
}

/// A person who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "crossing", derive(serde::Serialize, schemars::JsonSchema))]
pub struct SignedIn {
    /// Who.
    pub id: PersonId,
    /// For [`SignIn::resume`] in later requests.
    pub generation: u32,
    /// As whom the person may act: one, or for a user one for each account.
    pub principals: Vec<Principal>,
}

/// What a person who accepts an invitation adds. Empty texts stand for none.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "crossing", derive(serde::Deserialize, schemars::JsonSchema))]
#[cfg_attr(feature = "crossing", serde(default))]
pub struct Acceptance {
    /// The name to sign in with, besides the e-mail address.
    pub username: String,
    /// Display name.
    pub name: String,
    /// BCP 47 locale, such as `de-AT`.
    pub locale: String,
    /// IANA time zone, such as `Europe/Vienna`.
    pub zone: String,
    /// The password to sign in with.
    pub password: SecretString,
}

impl SignIn {
    /// The first step: a user name or e-mail address with its password.
    ///
    /// # Errors
    /// [`SignInError::Refused`], the same for whatever was wrong; [`VaultError::Invalid`] for a
    /// password without a byte or over the limit.
    pub fn with_password(&self, realm: Realm, login: &str, password: &SecretString) -> Result<SignInStep, VaultError> {
        let attempt = Attempt::new(password)?;
        self.session.run(|gate| {
            let found = load_by_name(gate.core, &gate.snapshot, realm, login)?;
            let credentials = found.as_ref().map(|found| gate.credentials_of(found)).transpose()?;
            let fits = attempt.fits(gate, credentials.as_ref())?;
            let (Some(found), Some(mut credentials)) = (found, credentials) else {
                let event = gate.event_of(Person::System, EventKind::SignedIn, Outcome::Failed);
                gate.commit_relying(ChangeSet::new(), event)?;
                return Err(SignInError::Refused.into());
            };
            if !fits || !may_sign_in(gate, &found.head) {
                return gate.refuse_sign_in(&found, None, !fits);
            }
            let kdf = gate.snapshot.policy.settings.kdf;
            if credentials.password().is_some_and(|kept| kept.is_cheaper_than(kdf)) {
                credentials.restretch_password(attempt.password(), kdf)?;
            }
            if !credentials.has_factor() {
                return gate.let_in(&found, &credentials).map(SignInStep::Done);
            }
            let token = Token::generate(found.key.id)?;
            credentials.await_token(&token, TokenUse::SecondFactor, gate.now);
            let mut changes = ChangeSet::new();
            changes.write(gate.person_with(&found, found.head.clone(), &credentials)?);
            let event = gate.event_of(actor_of(&found.head), EventKind::SecondFactorAsked, Outcome::Done);
            gate.commit_relying(changes, event)?;
            Ok(SignInStep::SecondFactor { token: token.to_text() })
        })
    }

    /// The second step: the code of the second factor, or a recovery code. A wrong one counts as a
    /// failed attempt, and the token stays good until it ends or the person is locked out.
    ///
    /// # Errors
    /// [`SignInError::Ended`] for a token that is unknown, used or over, [`SignInError::Refused`] for
    /// a wrong code and while the person is locked out.
    pub fn with_second_factor(&self, token: &str, answer: &SecretString) -> Result<SignedIn, VaultError> {
        self.session.run(|gate| {
            let token = Token::from_text(token);
            let found = token.as_ref().map(|token| load_person_at(gate.core, &gate.snapshot, token.record()));
            let (Some(token), Some(found)) = (token, found.transpose()?.flatten()) else {
                let event = gate.event_of(Person::System, EventKind::SignedIn, Outcome::Failed);
                gate.commit_relying(ChangeSet::new(), event)?;
                return Err(SignInError::Ended.into());
            };
            let mut credentials = gate.credentials_of(&found)?;
            if !credentials.awaits(&token, TokenUse::SecondFactor, gate.now) {
                let event = gate.event_of(actor_of(&found.head), EventKind::SignedIn, Outcome::Failed);
                gate.commit_relying(ChangeSet::new(), event)?;
                return Err(SignInError::Ended.into());
            }
            if !may_sign_in(gate, &found.head) {
                return gate.refuse_sign_in(&found, None, false);
            }
            if credentials.answer_factor(answer, gate.now).is_none() {
                return gate.refuse_sign_in(&found, Some(credentials), true);
            }
            credentials.end_token(TokenUse::SecondFactor);
            gate.let_in(&found, &credentials)
        })
    }

    /// The person of an earlier sign-in as things stand now, for a later request. The host keeps id and
    /// generation in a session of its own.
    ///
    /// # Errors
    /// [`SignInError::Ended`] when the person is gone or switched off, or the password was changed.
    pub fn resume(&self, id: &PersonId, generation: u32) -> Result<SignedIn, VaultError> {
        self.session.run(|gate| {
            let found = gate.find_person(id)?.ok_or(SignInError::Ended)?;
            let principals = principals_of(&found.head);
            if !found.head.active || found.head.sign_in.generation != generation || principals.is_empty() {
                return Err(SignInError::Ended.into());
            }
            Ok(SignedIn { id: id.clone(), generation, principals })
        })
    }

    /// Accepts an invitation as someone new, whose id is the invitation's.
    ///
    /// # Errors
    /// [`InviteError`] says what became of the invitation, to who holds its token;
    /// [`VaultError::People`] for a name or password against the rules.
    pub fn accept_invite(&self, token: &str, acceptance: &Acceptance) -> Result<PersonId, VaultError> {
        let verifier = OnceCell::new();
        self.session.run(|gate| {
            let invite = gate.open_invite(token, Person::System)?;
            let Acceptance { username, name, locale, zone, password } = acceptance.clone();
            let id = invite.id.to_string();
            let (id, roles, departments) = match &invite.head.offer {
                InviteOffer::Admin { roles, departments } => {
                    (PersonId::Admin(AdminId::new(id)?), roles.clone(), departments.clone())
                }
                InviteOffer::SubUser { .. } => (PersonId::User(UserId::new(id)?), Vec::new(), Vec::new()),
            };
            if load_by_name(gate.core, &gate.snapshot, id.realm(), &invite.head.email)?.is_some() {
                return Err(gate.unless_accepted(&invite, InviteError::SignInFirst.into()));
            }
            let email = invite.head.email.clone();
            let draft = PersonDraft { username, email, locale, zone, roles, departments, ..PersonDraft::new(id, name) };
            let mut head = new_person(&draft, &invite.head.invited_by, gate.now)?;
            invite.add_part(&mut head, gate.now)?;
            let mut credentials = Credentials::default();
            gate.set_new_password(&mut head, &mut credentials, &password, &verifier)?;
            let mut changes = ChangeSet::new();
            let added = gate.add_person(&head, &credentials, &mut changes);
            added.map_err(|error| gate.unless_accepted(&invite, error))?;
            changes.write(gate.accepted_invite(&invite, &head.id)?);
            let event = gate.event_of(actor_of(&head), EventKind::InviteAccepted, Outcome::Done);
            gate.commit_relying(changes, event)?;
            Ok(head.id)
        })
    }
}

impl Gate<'_> {
    /// Signs a person in.
    fn let_in(&self, found: &FoundPerson, credentials: &Credentials) -> Result<SignedIn, VaultError> {
        let mut head = found.head.clone();
        succeed(&mut head.sign_in, self.now);
        let mut changes = ChangeSet::new();
        changes.write(self.person_with(found, head.clone(), credentials)?);
        self.commit_relying(changes, self.event_of(actor_of(&head), EventKind::SignedIn, Outcome::Done))?;
        Ok(SignedIn { generation: head.sign_in.generation, principals: principals_of(&head), id: head.id })
    }

    /// Refuses a sign-in, and counts the attempt when what was typed is wrong.
    fn refuse_sign_in<T>(&self, found: &FoundPerson, used: Option<Credentials>, wrong: bool) -> Result<T, VaultError> {
        let mut head = found.head.clone();
        let locked = is_locked(&head.sign_in, self.now);
        let mut changes = ChangeSet::new();
        if wrong && !locked {
            fail(&mut head.sign_in, &self.snapshot.policy.settings.login, self.now);
            changes.write(match used {
                Some(credentials) => self.person_with(found, head, &credentials)?,
                None => self.person_record(found, &head)?,
            });
        }
        let outcome = if wrong && !locked { Outcome::Failed } else { Outcome::Denied };
        self.commit_relying(changes, self.event_of(actor_of(&found.head), EventKind::SignedIn, outcome))?;
        Err(SignInError::Refused.into())
    }
}

/// Whether anything but what is typed stands in the way.
fn may_sign_in(gate: &Gate<'_>, head: &PersonHead) -> bool {
    head.active && !is_locked(&head.sign_in, gate.now) && !head.persons().is_empty()
}

/// As whom a person may act now.
fn principals_of(head: &PersonHead) -> Vec<Principal> {
    let plain = |kind| Principal { kind, expected_lock: None };
    match &head.id {
        PersonId::Admin(id) => {
            let (roles, departments) = (head.roles.clone(), head.departments.clone());
            vec![plain(PrincipalKind::Admin { id: id.clone(), roles, departments })]
        }
        PersonId::Client(id) => vec![plain(PrincipalKind::Client { id: id.clone(), groups: head.groups.clone() })],
        PersonId::User(user) => {
            let parts = head.memberships.iter();
            parts.map(|part| Principal::sub_user(part.account.clone(), user.clone(), part.permissions)).collect()
        }
    }
}
