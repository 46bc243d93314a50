//! A new password for who forgot the old one.

use std::cell::OnceCell;

use super::{actor_of, load_by_name, load_person_at};
use crate::directory::{SignInError, Token, TokenUse};
use crate::model::{EventKind, Outcome, Person, PersonId, Realm};
use crate::secret::SecretString;
use crate::store::ChangeSet;
use crate::vault::error::VaultError;
use crate::vault::people::sign_in::SignIn;

/// What a message with a reset link holds.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "crossing", derive(serde::Serialize, schemars::JsonSchema))]
pub struct ResetLink {
    /// The person's own address, the only place for the token to go.
    pub email: String,
    /// The locale to write in.
    pub locale: Option<String>,
    /// The token for the link; good for an hour, once.
    pub token: SecretString,
}

impl SignIn {
    /// Begins a reset for who is called so. `None` when there is nobody to write to, or a link was
    /// sent less than a minute ago.
    ///
    /// # Errors
    /// Those of the store.
    ///
    /// # Security
    /// Answer the visitor the same in both cases, and as fast: send the message later.
    pub fn ask_reset(&self, realm: Realm, login: &str) -> Result<Option<ResetLink>, VaultError> {
        self.session.run(|gate| {
            let kind = EventKind::LoginResetAsked;
            let found = load_by_name(gate.core, &gate.snapshot, realm, login)?;
            let actor = found.as_ref().map_or(Person::System, |found| actor_of(&found.head));
            let reachable = found.filter(|found| found.head.active && !found.head.persons().is_empty());
            let (Some(email), Some(found)) = (reachable.as_ref().and_then(|one| one.head.email.clone()), reachable)
            else {
                gate.commit_relying(ChangeSet::new(), gate.event_of(actor, kind, Outcome::Failed))?;
                return Ok(None);
            };
            let mut credentials = gate.credentials_of(&found)?;
            if credentials.was_reset_just_now(gate.now) {
                gate.commit_relying(ChangeSet::new(), gate.event_of(actor, kind, Outcome::Denied))?;
                return Ok(None);
            }
            let token = Token::generate(found.key.id)?;
            credentials.await_token(&token, TokenUse::Reset, gate.now);
            let mut changes = ChangeSet::new();
            changes.write(gate.person_with(&found, found.head.clone(), &credentials)?);
            gate.commit_relying(changes, gate.event_of(actor, kind, Outcome::Done))?;
            Ok(Some(ResetLink { email, locale: found.head.locale, token: token.to_text() }))
        })
    }

    /// Sets a new password with the token of a reset link. What was signed in before ends, a lock too;
    /// a second factor stays.
    ///
    /// # Errors
    /// [`SignInError::Ended`] for a token that is unknown, used or over; [`VaultError::People`] for a
    /// password against the rules.
    pub fn reset_password(&self, token: &str, password: &SecretString) -> Result<PersonId, VaultError> {
        let verifier = OnceCell::new();
        self.session.run(|gate| {
            let kind = EventKind::LoginPasswordChanged;
            let token = Token::from_text(token);
            let found = token.as_ref().map(|token| load_person_at(gate.core, &gate.snapshot, token.record()));
            let (Some(token), Some(found)) = (token, found.transpose()?.flatten()) else {
                gate.commit_relying(ChangeSet::new(), gate.event_of(Person::System, kind, Outcome::Failed))?;
                return Err(SignInError::Ended.into());
            };
            let actor = actor_of(&found.head);
            let mut credentials = gate.credentials_of(&found)?;
            if !found.head.active || !credentials.awaits(&token, TokenUse::Reset, gate.now) {
                gate.commit_relying(ChangeSet::new(), gate.event_of(actor, kind, Outcome::Failed))?;
                return Err(SignInError::Ended.into());
            }
            let mut head = found.head.clone();
            gate.set_new_password(&mut head, &mut credentials, password, &verifier)?;
            let mut changes = ChangeSet::new();
            changes.write(gate.person_with(&found, head, &credentials)?);
            gate.commit_relying(changes, gate.event_of(actor, kind, Outcome::Done))?;
            Ok(found.head.id)
        })
    }
}
