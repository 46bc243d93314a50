//! A typed password, held against the one kept.

use std::cell::RefCell;

use super::FoundPerson;
use crate::directory::{Credentials, SignInError, Stretched, fail, is_locked};
use crate::model::{EventKind, Outcome};
use crate::secret::SecretString;
use crate::store::ChangeSet;
use crate::vault::draft::check_passphrase;
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;

/// One typed password. The work of Argon2id is done once, however often the operation runs again.
pub(super) struct Attempt<'p> {
    password: &'p SecretString,
    stretched: RefCell<Option<Stretched>>,
}

impl<'p> Attempt<'p> {
    pub(super) fn new(password: &'p SecretString) -> Result<Self, VaultError> {
        check_passphrase("password", password.len())?;
        Ok(Self { password, stretched: RefCell::default() })
    }

    pub(super) const fn password(&self) -> &'p SecretString {
        self.password
    }

    /// Whether it is the password kept. Without one the same work is done.
    pub(super) fn fits(&self, gate: &Gate<'_>, credentials: Option<&Credentials>) -> Result<bool, VaultError> {
        let verifier = credentials.and_then(Credentials::password);
        let kdf = gate.snapshot.policy.settings.kdf;
        let mut stretched = self.stretched.borrow_mut();
        let done = stretched.take_if(|one| one.is_for(verifier, kdf));
        let done = done.map_or_else(|| Stretched::new(self.password, verifier, kdf), Ok)?;
        Ok(verifier.is_some_and(|verifier| verifier.fits(stretched.insert(done))))
    }
}

impl Gate<'_> {
    /// That a signed-in person knows the password. A failure counts as one of signing in.
    pub(super) fn prove_password(
        &self,
        found: &FoundPerson,
        credentials: &Credentials,
        attempt: &Attempt<'_>,
        kind: EventKind,
    ) -> Result<(), VaultError> {
        let fits = attempt.fits(self, Some(credentials))?;
        if is_locked(&found.head.sign_in, self.now) {
            return self.refuse(kind, SignInError::Refused);
        }
        if fits { Ok(()) } else { self.count_failure(found, kind, VaultError::WrongAnswer { what: "password" }) }
    }

    /// Counts a failed attempt of a signed-in person, logs it and hands the error on.
    pub(super) fn count_failure<T>(
        &self,
        found: &FoundPerson,
        kind: EventKind,
        error: VaultError,
    ) -> Result<T, VaultError> {
        let mut head = found.head.clone();
        fail(&mut head.sign_in, &self.snapshot.policy.settings.login, self.now);
        let mut changes = ChangeSet::new();
        changes.write(self.person_record(found, &head)?);
        self.commit_relying(changes, self.event(kind, Outcome::Failed, &[]))?;
        Err(error)
    }
}
