//! Managing people: the section `directory`.

use std::cell::OnceCell;

use super::draft::{PersonDraft, PersonPatch, apply, new_person};
use super::find::{PeoplePage, PeopleQuery};
use super::{FoundPerson, checked_limit};
use crate::directory::{Credentials, PeopleError, Token, TokenUse, Verifier, check_password};
use crate::id::ClientId;
use crate::index::AccountTerm;
use crate::model::{EventKind, Outcome, Person, PersonHead, PersonId, Section, SignInState, UnitId};
use crate::policy::Authorized;
use crate::secret::SecretString;
use crate::store::ChangeSet;
use crate::vault::draft::check_passphrase;
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;
use crate::vault::people::reset::ResetLink;
use crate::vault::session::Session;

/// Managing the people of the stored directory.
///
/// An administrator is managed by those who hold the same roles and departments, or the section
/// `access`: nobody gives what they do not hold.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// # let root = vault.session(Principal::admin_with_roles(AdminId::new("root")?, vec![RoleId::new("full")?]), RequestContext::default());
/// use pwvault_core::model::PersonId;
/// use pwvault_core::vault::{PeopleQuery, PersonDraft};
///
/// let bert = PersonId::Client(ClientId::new("7")?);
/// let draft = PersonDraft { email: "bert@example.com".into(), ..PersonDraft::new(bert.clone(), "Bert") };
/// root.create_person(&draft)?;
/// assert!(root.create_person(&PersonDraft { id: PersonId::Client(ClientId::new("8")?), ..draft }).is_err());
///
/// let query = PeopleQuery { email: Some("BERT@example.com".into()), ..PeopleQuery::default() };
/// assert_eq!(root.list_people(&query)?.people[0].id, bert);
/// # Ok::<(), VaultError>(())
/// ```
pub trait People {
    /// Creates a person.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `directory`, [`VaultError::People`] for what is
    /// taken, against the rules, or more than the principal holds; [`VaultError::Invalid`] for input
    /// out of bounds.
    fn create_person(&self, draft: &PersonDraft) -> Result<(), VaultError>;

    /// A person.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `directory`, [`VaultError::NotFound`].
    fn person(&self, id: &PersonId) -> Result<PersonHead, VaultError>;

    /// Changes a person who is still at `version`, and returns the new version.
    ///
    /// # Errors
    /// As [`create_person`](Self::create_person); [`VaultError::VersionConflict`],
    /// [`VaultError::NotFound`].
    fn update_person(&self, id: &PersonId, version: u64, patch: &PersonPatch) -> Result<u64, VaultError>;

    /// Deletes a person who is still at `version`. The parts that users have in a client's account go
    /// with the client. What the person owns stays until a host event says what becomes of it.
    ///
    /// # Errors
    /// As [`update_person`](Self::update_person).
    fn delete_person(&self, id: &PersonId, version: u64) -> Result<(), VaultError>;

    /// A page of people.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `directory`, [`VaultError::Invalid`] for a limit out
    /// of bounds.
    fn list_people(&self, query: &PeopleQuery) -> Result<PeoplePage, VaultError>;

    /// Lets a person who was locked out try again.
    ///
    /// # Errors
    /// As [`person`](Self::person).
    fn unlock_person(&self, id: &PersonId) -> Result<(), VaultError>;

    /// Takes the second factor off a person who lost it.
    ///
    /// # Errors
    /// As [`person`](Self::person); [`VaultError::State`] when there is none.
    fn take_off_second_factor(&self, id: &PersonId) -> Result<(), VaultError>;

    /// Begins a reset of a person's password: the token goes to the person's own address.
    ///
    /// # Errors
    /// As [`person`](Self::person); [`VaultError::State`] for a person without an address.
    fn reset_password_of(&self, id: &PersonId) -> Result<ResetLink, VaultError>;
}

impl People for Session {
    fn create_person(&self, draft: &PersonDraft) -> Result<(), VaultError> {
        let verifier = OnceCell::new();
        self.run(|gate| {
            let kind = EventKind::PersonCreated;
            let proof = gate.section(Section::Directory, kind)?;
            let mut head = new_person(draft, &self.principal.person(), gate.now)?;
            gate.check_over_person(&head, kind)?;
            gate.check_units(None, &head)?;
            let mut credentials = Credentials::default();
            if let Some(password) = &draft.password {
                gate.set_new_password(&mut head, &mut credentials, password, &verifier)?;
            }
            let mut changes = ChangeSet::new();
            gate.add_person(&head, &credentials, &mut changes)?;
            gate.commit(&proof, changes, gate.event(kind, Outcome::Done, &[]))
        })
    }

    fn person(&self, id: &PersonId) -> Result<PersonHead, VaultError> {
        self.run(|gate| {
            let _proof = gate.section(Section::Directory, EventKind::PeopleListed)?;
            let found = gate.find_person(id)?.ok_or(VaultError::NotFound)?;
            gate.log_look()?;
            Ok(found.head)
        })
    }

    fn update_person(&self, id: &PersonId, version: u64, patch: &PersonPatch) -> Result<u64, VaultError> {
        self.run(|gate| {
            let kind = EventKind::PersonUpdated;
            let (proof, found) = gate.managed(id, Some(version), kind)?;
            let mut head = found.head.clone();
            apply(&mut head, patch)?;
            gate.check_over_person(&head, kind)?;
            gate.check_units(Some(&found.head), &head)?;
            if !head.active && *id == own_id(gate)? {
                return gate.refuse(kind, PeopleError::Oneself);
            }
            if found.head.active && !head.active {
                head.sign_in.generation += 1;
            }
            head.version += 1;
            let mut changes = ChangeSet::new();
            gate.claim_names(Some(&found.head), Some(&head), &mut changes)?;
            changes.write(gate.person_record(&found, &head)?);
            gate.commit(&proof, changes, gate.event(kind, Outcome::Done, &[]))?;
            Ok(head.version)
        })
    }

    fn delete_person(&self, id: &PersonId, version: u64) -> Result<(), VaultError> {
        self.run(|gate| {
            let kind = EventKind::PersonDeleted;
            let (proof, found) = gate.managed(id, Some(version), kind)?;
            if *id == own_id(gate)? {
                return gate.refuse(kind, PeopleError::Oneself);
            }
            let mut changes = ChangeSet::new();
            gate.claim_names(Some(&found.head), None, &mut changes)?;
            changes.delete(found.key, found.revision);
            if let PersonId::Client(account) = id {
                gate.end_account(account, &mut changes)?;
            }
            gate.commit(&proof, changes, gate.event(kind, Outcome::Done, &[]))
        })
    }

    fn list_people(&self, query: &PeopleQuery) -> Result<PeoplePage, VaultError> {
        let limit = checked_limit(query.limit)?;
        self.run(|gate| {
            let _proof = gate.section(Section::Directory, EventKind::PeopleListed)?;
            let (found, next) = gate.scan_people(&query.terms(), limit, query.after.clone())?;
            gate.log_look()?;
            Ok(PeoplePage { people: found.into_iter().map(|one| one.head).collect(), next })
        })
    }

    fn unlock_person(&self, id: &PersonId) -> Result<(), VaultError> {
        self.run(|gate| {
            let (proof, found) = gate.managed(id, None, EventKind::PersonUpdated)?;
            let mut head = found.head.clone();
            head.sign_in.failures = 0;
            head.sign_in.locked_until = None;
            let mut changes = ChangeSet::new();
            changes.write(gate.person_record(&found, &head)?);
            gate.commit(&proof, changes, gate.event(EventKind::PersonUpdated, Outcome::Done, &[]))
        })
    }

    fn take_off_second_factor(&self, id: &PersonId) -> Result<(), VaultError> {
        self.run(|gate| {
            let (proof, found) = gate.managed(id, None, EventKind::SecondFactorChanged)?;
            let mut credentials = gate.credentials_of(&found)?;
            if !credentials.has_factor() {
                return Err(VaultError::State("the person has no second factor"));
            }
            credentials.remove_factor();
            let mut changes = ChangeSet::new();
            changes.write(gate.person_with(&found, found.head.clone(), &credentials)?);
            gate.commit(&proof, changes, gate.event(EventKind::SecondFactorChanged, Outcome::Done, &[]))
        })
    }

    fn reset_password_of(&self, id: &PersonId) -> Result<ResetLink, VaultError> {
        self.run(|gate| {
            let (proof, found) = gate.managed(id, None, EventKind::LoginResetAsked)?;
            let Some(email) = found.head.email.clone() else {
                return Err(VaultError::State("the person has no e-mail address to send the link to"));
            };
            let mut credentials = gate.credentials_of(&found)?;
            let token = Token::generate(found.key.id)?;
            credentials.await_token(&token, TokenUse::Reset, gate.now);
            let mut changes = ChangeSet::new();
            changes.write(gate.person_with(&found, found.head.clone(), &credentials)?);
            gate.commit(&proof, changes, gate.event(EventKind::LoginResetAsked, Outcome::Done, &[]))?;
            Ok(ResetLink { email, locale: found.head.locale, token: token.to_text() })
        })
    }
}

impl Gate<'_> {
    /// A person the principal has the section and the standing to manage, still at `version`.
    pub(super) fn managed(
        &self,
        id: &PersonId,
        version: Option<u64>,
        kind: EventKind,
    ) -> Result<(Authorized, FoundPerson), VaultError> {
        let proof = self.section(Section::Directory, kind)?;
        let found = self.find_person(id)?.ok_or(VaultError::NotFound)?;
        self.check_over_person(&found.head, kind)?;
        match version {
            Some(version) if version != found.head.version => {
                Err(VaultError::VersionConflict { expected: version, found: found.head.version })
            }
            _ => Ok((proof, found)),
        }
    }

    /// Sets a password that keeps the rules. The work of Argon2id is done once.
    pub(super) fn set_new_password(
        &self,
        head: &mut PersonHead,
        credentials: &mut Credentials,
        password: &SecretString,
        verifier: &OnceCell<Verifier>,
    ) -> Result<(), VaultError> {
        check_passphrase("password", password.len())?;
        let settings = &self.snapshot.policy.settings;
        let names: Vec<&str> =
            [head.username.as_deref(), head.email.as_deref(), Some(head.name.as_str())].into_iter().flatten().collect();
        check_password(&settings.login, password, &names)?;
        let kept = match verifier.get() {
            Some(kept) => kept.clone(),
            None => {
                let fresh = Verifier::new(password, settings.kdf)?;
                verifier.get_or_init(|| fresh).clone()
            }
        };
        credentials.set_password(kept);
        let SignInState { password_set_at, failures, locked_until, generation, .. } = &mut head.sign_in;
        *password_set_at = Some(self.now);
        *failures = 0;
        *locked_until = None;
        *generation += 1;
        Ok(())
    }

    /// Ends every part that users have in an account.
    fn end_account(&self, account: &ClientId, changes: &mut ChangeSet) -> Result<(), VaultError> {
        for found in self.all_people(AccountTerm::Account(account))? {
            let mut head = found.head.clone();
            head.memberships.retain(|part| part.account != *account);
            head.version += 1;
            changes.write(self.person_record(&found, &head)?);
        }
        self.cancel_invites_to(account, changes)
    }

    /// Refuses roles, departments and groups that are new and do not exist.
    fn check_units(&self, old: Option<&PersonHead>, new: &PersonHead) -> Result<(), VaultError> {
        let before = old.map(units_of).unwrap_or_default();
        units_of(new).iter().filter(|unit| !before.contains(unit)).try_for_each(|unit| self.must_exist(unit))
    }

    /// Logs a look, where the settings ask for that.
    pub(super) fn log_look(&self) -> Result<(), VaultError> {
        if self.snapshot.policy.settings.audit_views {
            self.log(EventKind::PeopleListed, Outcome::Done, &[])?;
        }
        Ok(())
    }
}

/// Who the principal is in the directory.
pub(super) fn own_id(gate: &Gate<'_>) -> Result<PersonId, VaultError> {
    match gate.session.principal.person() {
        Person::Admin(id) => Ok(PersonId::Admin(id)),
        Person::Client(id) => Ok(PersonId::Client(id)),
        Person::SubUser { user, .. } => Ok(PersonId::User(user)),
        Person::System | Person::Bearer => Err(VaultError::NotFound),
    }
}

fn units_of(head: &PersonHead) -> Vec<UnitId> {
    let roles = head.roles.iter().cloned().map(UnitId::Role);
    let departments = head.departments.iter().cloned().map(UnitId::Department);
    roles.chain(departments).chain(head.groups.iter().cloned().map(UnitId::Group)).collect()
}
