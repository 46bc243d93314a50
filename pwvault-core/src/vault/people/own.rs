//! What a signed-in person does with the own sign-in.

use std::cell::OnceCell;

use super::FoundPerson;
use super::attempt::Attempt;
use super::manage::own_id;
use crate::directory::{Credentials, InviteError, RecoveryCodes};
use crate::id::ClientId;
use crate::model::{EventKind, InviteOffer, Outcome, PersonHead};
use crate::secret::SecretString;
use crate::store::ChangeSet;
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;
use crate::vault::session::Session;

/// What an authenticator app needs.
///
/// # Security
/// Both texts are the key of the second factor: show them once, over a protected connection.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "crossing", derive(serde::Serialize, schemars::JsonSchema))]
pub struct FactorSetup {
    /// An `otpauth://` address, for a QR code.
    pub uri: SecretString,
    /// The key as base32 text, to be typed.
    pub key: SecretString,
}

/// A person's own sign-in. Not for those who are signed in as another.
///
/// # Errors
/// Every method: [`VaultError::NotFound`] for a principal whom the stored directory does not know,
/// [`VaultError::State`] while signed in as another. Those that take the password:
/// [`VaultError::WrongAnswer`] for a wrong one, which counts as a failed attempt, and
/// [`crate::directory::SignInError::Refused`] while locked out.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// # let root = vault.session(Principal::admin_with_roles(AdminId::new("root")?, vec![RoleId::new("full")?]), RequestContext::default());
/// # use pwvault_core::model::PersonId;
/// # use pwvault_core::vault::PersonDraft;
/// # let id = ClientId::new("7")?;
/// # let password: SecretString = "seven quiet herons".into();
/// # root.create_person(&PersonDraft { email: "bert@example.com".into(), password: Some(password.clone()), ..PersonDraft::new(PersonId::Client(id.clone()), "Bert") })?;
/// let bert = vault.session(Principal::client(id), RequestContext::default());
/// let setup = bert.begin_second_factor(&password, "Example Hosting")?;
/// assert!(setup.uri.expose().starts_with("otpauth://totp/Example%20Hosting:"));
/// assert!(bert.confirm_second_factor("no code").is_err());
/// # Ok::<(), VaultError>(())
/// ```
pub trait OwnSignIn {
    /// The own record.
    ///
    /// # Errors
    /// As the trait says.
    fn own_person(&self) -> Result<PersonHead, VaultError>;

    /// Changes the password, and returns the generation that the sign-in goes on under; all others
    /// end.
    ///
    /// # Errors
    /// As the trait says; [`VaultError::People`] for a password against the rules.
    fn change_login_password(&self, old: &SecretString, new: &SecretString) -> Result<u32, VaultError>;

    /// Begins a second factor, which is asked for once it is confirmed. One that is in force stays
    /// until then.
    ///
    /// # Errors
    /// As the trait says.
    fn begin_second_factor(&self, password: &SecretString, issuer: &str) -> Result<FactorSetup, VaultError>;

    /// Confirms the second factor with its first code, and returns the recovery codes, which are not
    /// shown again.
    ///
    /// # Errors
    /// [`VaultError::WrongAnswer`] for a wrong code and where none was begun.
    fn confirm_second_factor(&self, code: &str) -> Result<RecoveryCodes, VaultError>;

    /// Makes new recovery codes; the old ones end.
    ///
    /// # Errors
    /// As the trait says; [`VaultError::State`] without a second factor.
    fn renew_recovery_codes(&self, password: &SecretString) -> Result<RecoveryCodes, VaultError>;

    /// Takes the second factor off, with a code of it or a recovery code.
    ///
    /// # Errors
    /// As the trait says; [`VaultError::State`] without a second factor.
    fn disable_second_factor(&self, password: &SecretString, answer: &SecretString) -> Result<(), VaultError>;

    /// Accepts an invitation to act for a further account, and says for which.
    ///
    /// # Errors
    /// [`InviteError`]; [`InviteError::WrongAccount`] for one sent to another address, or of another
    /// sort than the person's.
    fn accept_own_invite(&self, token: &str) -> Result<ClientId, VaultError>;
}

impl OwnSignIn for Session {
    fn own_person(&self) -> Result<PersonHead, VaultError> {
        self.run(|gate| gate.own().map(|found| found.head))
    }

    fn change_login_password(&self, old: &SecretString, new: &SecretString) -> Result<u32, VaultError> {
        let (attempt, verifier) = (Attempt::new(old)?, OnceCell::new());
        self.run(|gate| {
            let kind = EventKind::LoginPasswordChanged;
            let found = gate.own()?;
            let mut credentials = gate.credentials_of(&found)?;
            gate.prove_password(&found, &credentials, &attempt, kind)?;
            let mut head = found.head.clone();
            gate.set_new_password(&mut head, &mut credentials, new, &verifier)?;
            let generation = head.sign_in.generation;
            gate.write_own(&found, head, &credentials, kind)?;
            Ok(generation)
        })
    }

    fn begin_second_factor(&self, password: &SecretString, issuer: &str) -> Result<FactorSetup, VaultError> {
        let attempt = Attempt::new(password)?;
        self.run(|gate| {
            let kind = EventKind::SecondFactorChanged;
            let found = gate.own()?;
            let mut credentials = gate.credentials_of(&found)?;
            gate.prove_password(&found, &credentials, &attempt, kind)?;
            let totp = credentials.begin_factor()?;
            gate.write_own(&found, found.head.clone(), &credentials, kind)?;
            let account = found.head.email.as_deref().or(found.head.username.as_deref()).unwrap_or_default();
            Ok(FactorSetup { uri: totp.to_uri(issuer, account), key: totp.to_base32() })
        })
    }

    fn confirm_second_factor(&self, code: &str) -> Result<RecoveryCodes, VaultError> {
        self.run(|gate| {
            let kind = EventKind::SecondFactorChanged;
            let found = gate.own()?;
            let mut credentials = gate.credentials_of(&found)?;
            match credentials.confirm_factor(code, gate.now)? {
                Some(codes) => {
                    gate.write_own(&found, found.head.clone(), &credentials, kind)?;
                    Ok(codes)
                }
                None => {
                    gate.log(kind, Outcome::Failed, &[])?;
                    Err(VaultError::WrongAnswer { what: "code" })
                }
            }
        })
    }

    fn renew_recovery_codes(&self, password: &SecretString) -> Result<RecoveryCodes, VaultError> {
        let attempt = Attempt::new(password)?;
        self.run(|gate| {
            let kind = EventKind::SecondFactorChanged;
            let (found, mut credentials) = gate.own_factor(&attempt, kind)?;
            let codes = credentials.renew_recovery_codes()?;
            gate.write_own(&found, found.head.clone(), &credentials, kind)?;
            Ok(codes)
        })
    }

    fn disable_second_factor(&self, password: &SecretString, answer: &SecretString) -> Result<(), VaultError> {
        let attempt = Attempt::new(password)?;
        self.run(|gate| {
            let kind = EventKind::SecondFactorChanged;
            let (found, mut credentials) = gate.own_factor(&attempt, kind)?;
            if credentials.answer_factor(answer, gate.now).is_none() {
                return gate.count_failure(&found, kind, VaultError::WrongAnswer { what: "code" });
            }
            credentials.remove_factor();
            gate.write_own(&found, found.head.clone(), &credentials, kind)
        })
    }

    fn accept_own_invite(&self, token: &str) -> Result<ClientId, VaultError> {
        self.run(|gate| {
            let kind = EventKind::InviteAccepted;
            let invite = gate.open_invite(token, self.principal.person())?;
            let found = gate.own()?;
            let InviteOffer::SubUser { account, .. } = invite.head.offer.clone() else {
                return gate.refuse(kind, InviteError::WrongAccount);
            };
            let same = |email: &String| email.eq_ignore_ascii_case(&invite.head.email);
            if !found.head.email.as_ref().is_some_and(same) {
                return gate.refuse(kind, InviteError::WrongAccount);
            }
            let mut head = found.head.clone();
            if let Err(error) = invite.add_part(&mut head, gate.now) {
                return match gate.unless_accepted(&invite, error) {
                    stale @ VaultError::Store(_) => Err(stale),
                    error => gate.refuse(kind, error),
                };
            }
            head.version += 1;
            let mut changes = ChangeSet::new();
            changes.write(gate.person_record(&found, &head)?);
            changes.write(gate.accepted_invite(&invite, &head.id)?);
            gate.commit_relying(changes, gate.event(kind, Outcome::Done, &[]))?;
            Ok(account)
        })
    }
}

impl Gate<'_> {
    /// The principal's own record.
    fn own(&self) -> Result<FoundPerson, VaultError> {
        if self.session.context.on_behalf_of.is_some() {
            return Err(VaultError::State("a sign-in is its person's own; sign in as that person"));
        }
        self.find_person(&own_id(self)?)?.ok_or(VaultError::NotFound)
    }

    /// The own record with a second factor, after the password was proved.
    fn own_factor(&self, attempt: &Attempt<'_>, kind: EventKind) -> Result<(FoundPerson, Credentials), VaultError> {
        let found = self.own()?;
        let credentials = self.credentials_of(&found)?;
        self.prove_password(&found, &credentials, attempt, kind)?;
        if !credentials.has_factor() {
            return Err(VaultError::State("no second factor is set up"));
        }
        Ok((found, credentials))
    }

    /// Writes the own record. Whose it is entitles; no rule is asked.
    fn write_own(
        &self,
        found: &FoundPerson,
        head: PersonHead,
        credentials: &Credentials,
        kind: EventKind,
    ) -> Result<(), VaultError> {
        let mut changes = ChangeSet::new();
        changes.write(self.person_with(found, head, credentials)?);
        self.commit_relying(changes, self.event(kind, Outcome::Done, &[]))
    }
}
