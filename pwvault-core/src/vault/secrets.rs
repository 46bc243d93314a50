//! Secrets: reveal, copy, and their history. The event is committed before plaintext is returned.

use serde::{Deserialize, Serialize};

use super::draft;
use super::error::VaultError;
use super::gate::{FoundEntry, Gate};
use super::sealed_for::SealedFor;
use super::session::Session;
use crate::id::{EntryId, FieldId, KeyId, PastSecretId};
use crate::model::{Action, EntryHead, Event, EventKind, FieldValue, Outcome, PastSecretHead, Secret, SecretField};
use crate::otp::{OtpCode, Seed};
use crate::policy::Authorized;
use crate::secret::SecretString;
use crate::store::{ChangeSet, Record};

/// One part of a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SecretPart {
    /// The password.
    Password,
    /// The notes.
    Notes,
    /// The TOTP seed.
    Totp,
    /// A secret custom field.
    Field(FieldId),
}

/// A past secret without its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PastSecretView {
    /// Which past secret.
    pub id: PastSecretId,
    /// What is known of it.
    pub head: PastSecretHead,
}

/// Seeing secrets.
///
/// # Security
/// Every call that returns a secret has committed its event first; when the event cannot be
/// committed, nothing is returned.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// # let anna = vault.session(Principal::client(ClientId::new("anna")?), RequestContext::default());
/// # let id = anna.create_entry(&EntryDraft { name: "Webmail".into(), password: "s3cret".into(), ..EntryDraft::default() })?;
/// assert_eq!(anna.reveal(id)?.password.expose(), "s3cret");
///
/// let patch = EntryPatch { password: Some("n3w".into()), ..EntryPatch::default() };
/// anna.update_entry(id, 1, &patch)?;
/// let past = anna.history(id)?[0].id;
/// assert_eq!(anna.reveal_past(id, past)?.password.expose(), "s3cret");
///
/// let bert = vault.session(Principal::client(ClientId::new("bert")?), RequestContext::default());
/// assert!(matches!(bert.reveal(id), Err(VaultError::NotFound)));
/// # Ok::<(), VaultError>(())
/// ```
pub trait Secrets {
    /// Reveals the whole secret.
    ///
    /// # Errors
    /// [`VaultError::Locked`] when a key or password is needed first, [`VaultError::Denied`],
    /// [`VaultError::NotFound`].
    fn reveal(&self, id: EntryId) -> Result<Secret, VaultError>;

    /// Reveals one part, to be copied; logged as a copy.
    ///
    /// # Errors
    /// As [`reveal`](Self::reveal); [`VaultError::Invalid`] when there is no such field.
    fn copy_secret(&self, id: EntryId, part: SecretPart) -> Result<SecretString, VaultError>;

    /// The one-time code of an entry's TOTP seed that is valid now. The seed stays inside, so whoever
    /// may use the entry may have the code, without a right to reveal.
    ///
    /// # Errors
    /// As [`reveal`](Self::reveal); [`VaultError::State`] when the entry holds no seed or one of codes
    /// by counter, [`VaultError::Otp`] when what it holds is no seed.
    fn totp_code(&self, id: EntryId) -> Result<OtpCode, VaultError>;

    /// The secret as it is sealed to one of the entry's keys, for a holder who opens it in a browser
    /// or elsewhere with the private key: of configuration K1 and RSA (`spec/sealed-for.md`). Allowed,
    /// logged and told of as a reveal; the event names the key.
    ///
    /// # Errors
    /// [`VaultError::Denied`], [`VaultError::NotFound`]; [`VaultError::State`] when the entry is not
    /// locked to the key, the key is not RSA, or the vault holds its private key.
    fn sealed_for(&self, id: EntryId, key: KeyId) -> Result<SealedFor, VaultError>;

    /// The past secrets of an entry without their content, the newest first.
    ///
    /// # Errors
    /// [`VaultError::NotFound`] when the principal may not view the entry, [`VaultError::Denied`]
    /// when it may not reveal it.
    fn history(&self, id: EntryId) -> Result<Vec<PastSecretView>, VaultError>;

    /// Reveals a past secret.
    ///
    /// # Errors
    /// As [`reveal`](Self::reveal).
    fn reveal_past(&self, id: EntryId, past: PastSecretId) -> Result<Secret, VaultError>;

    /// Makes parts of a past secret current again and returns the entry's new version. The secret
    /// as it was joins the history. Fields are matched by their id; one that is no longer in the
    /// entry comes back.
    ///
    /// # Errors
    /// As [`reveal`](Self::reveal), [`VaultError::VersionConflict`], and [`VaultError::Invalid`] when
    /// the entry would be too large, have too many fields, or a password weaker than the vault asks
    /// for.
    fn restore_secret(
        &self,
        id: EntryId,
        version: u64,
        past: PastSecretId,
        parts: &[SecretPart],
    ) -> Result<u64, VaultError>;
}

impl Secrets for Session {
    fn reveal(&self, id: EntryId) -> Result<Secret, VaultError> {
        self.run(|gate| {
            let (found, proof) = gate.entry(id, Action::Reveal, EventKind::SecretRevealed)?;
            let secret = gate.open_secret(&proof, &found)?;
            gate.note_revealed(&proof, found, gate.event(EventKind::SecretRevealed, Outcome::Done, &[id]))?;
            Ok(secret)
        })
    }

    fn copy_secret(&self, id: EntryId, part: SecretPart) -> Result<SecretString, VaultError> {
        self.run(|gate| {
            let (found, proof) = gate.entry(id, Action::Reveal, EventKind::SecretCopied)?;
            let secret = gate.open_secret(&proof, &found)?;
            let text = part_of(&secret, part)?.clone();
            gate.note_revealed(&proof, found, gate.event(EventKind::SecretCopied, Outcome::Done, &[id]))?;
            Ok(text)
        })
    }

    fn totp_code(&self, id: EntryId) -> Result<OtpCode, VaultError> {
        self.run(|gate| {
            let action = match gate.find(id)? {
                Some(found) if !gate.authority.actions(&found.head).has(Action::Reveal) => Action::Use,
                _ => Action::Reveal,
            };
            let (found, proof) = gate.entry(id, action, EventKind::TotpShown)?;
            if !found.head.secret.has_totp {
                return Err(VaultError::State("the entry holds no seed of one-time codes; add one first"));
            }
            let code = match Seed::parse(gate.open_secret(&proof, &found)?.totp.expose())? {
                Seed::Totp(totp) => totp.code(gate.now),
                Seed::Hotp(_) => {
                    return Err(VaultError::State("the seed gives codes by counter; only codes by time are shown"));
                }
            };
            let mut changes = ChangeSet::new();
            gate.assert_entry(&found, &mut changes);
            gate.commit(&proof, changes, gate.event(EventKind::TotpShown, Outcome::Done, &[id]))?;
            Ok(code)
        })
    }

    fn sealed_for(&self, id: EntryId, key: KeyId) -> Result<SealedFor, VaultError> {
        self.run(|gate| gate.sealed_for(id, key))
    }

    fn history(&self, id: EntryId) -> Result<Vec<PastSecretView>, VaultError> {
        self.run(|gate| {
            let (found, _proof) = gate.entry(id, Action::Reveal, EventKind::PastSecretRevealed)?;
            let past = gate.past_records(&found)?.into_iter().rev();
            let view =
                |(record, head): (Record, _)| PastSecretView { id: PastSecretId::from_bytes(record.key.id.0), head };
            Ok(past.map(view).collect())
        })
    }

    fn reveal_past(&self, id: EntryId, past: PastSecretId) -> Result<Secret, VaultError> {
        self.run(|gate| {
            let (found, proof) = gate.entry(id, Action::Reveal, EventKind::PastSecretRevealed)?;
            let (head, rest) = gate.past_secret(id, past)?.ok_or(VaultError::NotFound)?;
            let secret = gate.open_secret_at(&proof, &found, head.revision, &head.locks, &rest)?;
            let mut changes = ChangeSet::new();
            gate.assert_entry(&found, &mut changes);
            gate.tell_revealed(&found, &mut changes)?;
            gate.commit(&proof, changes, gate.event(EventKind::PastSecretRevealed, Outcome::Done, &[id]))?;
            Ok(secret)
        })
    }

    fn restore_secret(
        &self,
        id: EntryId,
        version: u64,
        past: PastSecretId,
        parts: &[SecretPart],
    ) -> Result<u64, VaultError> {
        self.run(|gate| {
            // What comes back can be seen by everyone who may reveal, so editing alone is not enough.
            let (found, may_reveal) = gate.entry(id, Action::Reveal, EventKind::SecretRestored)?;
            let may_edit = gate.authority.authorize(Action::Edit, id, &found.head);
            let may_edit = gate.logged(may_edit, EventKind::SecretRestored)?;
            let may_edit = gate.fulfil(may_edit, id, Action::Edit, EventKind::SecretRestored)?;
            if found.head.version != version {
                return Err(VaultError::VersionConflict { expected: version, found: found.head.version });
            }
            let (past_head, past_rest) = gate.past_secret(id, past)?.ok_or(VaultError::NotFound)?;
            let old = gate.open_secret_at(&may_reveal, &found, past_head.revision, &past_head.locks, &past_rest)?;
            let mut secret = gate.open_secret(&may_reveal, &found)?;
            let mut head = found.head.clone();
            for part in parts {
                let text = part_of(&old, *part)?.clone();
                match part {
                    SecretPart::Password => {
                        draft::check_strength(gate.generator_policy(), &head, &text)?;
                        secret.password = text;
                    }
                    SecretPart::Notes => secret.notes = text,
                    SecretPart::Totp => secret.totp = text,
                    SecretPart::Field(field) => {
                        if !head.fields.iter().any(|known| known.id == *field) {
                            let back = past_head.fields.iter().find(|known| known.id == *field).cloned();
                            head.fields.extend(back);
                        }
                        for known in head.fields.iter_mut().filter(|known| known.id == *field) {
                            known.value = FieldValue::Secret;
                        }
                        secret.fields.retain(|known| known.id != *field);
                        secret.fields.push(SecretField { id: *field, value: text });
                    }
                }
            }
            head.secret.has_totp = !secret.totp.is_empty();
            draft::check_whole(&head, &secret)?;
            let mut changes = ChangeSet::new();
            let mut event = gate.event(EventKind::SecretRestored, Outcome::Done, &[id]);
            let renewed = parts.iter().any(|part| *part != SecretPart::Notes);
            if renewed {
                head.secret.changed_at = gate.now;
                head.secret.changed_by = self.principal.person();
                gate.note_setter(&mut head);
                // Whoever saw it back then may still know it.
                head.secret.needs_rotation = true;
            }
            let rest = gate.replace_secret(&found, &mut head, &secret, renewed, &mut changes, &mut event)?;
            gate.write_entry(id, found.revision + 1, head, &rest, &mut changes)?;
            gate.commit(&may_edit, changes, event)?;
            Ok(version + 1)
        })
    }
}

impl Gate<'_> {
    /// Commits the event of a reveal, and notes in the entry who has seen the secret since it last
    /// changed. Seeing it again changes nothing but the log.
    pub(super) fn note_revealed(&self, proof: &Authorized, found: FoundEntry, event: Event) -> Result<(), VaultError> {
        let mut changes = ChangeSet::new();
        self.add_revealed(found, &mut changes)?;
        self.commit(proof, changes, event)
    }

    /// Notes that whoever is signed in as the principal knows the secret that was set.
    pub(super) fn note_setter(&self, head: &mut EntryHead) {
        let EntryHead { owner, secret, .. } = head;
        let behind = self.session.context.on_behalf_of.clone();
        secret.revealed_to.extend(behind.filter(|one| !owner.is(one) && !secret.revealed_to.contains(one)));
    }

    /// Adds to a change set that the principal sees the entry's secret, and a notice of it to the
    /// owner of an entry that asks for one.
    pub(super) fn add_revealed(&self, mut found: FoundEntry, changes: &mut ChangeSet) -> Result<(), VaultError> {
        if self.add_seeing(&mut found, changes)? {
            changes.write(self.entry_record(found.id, found.revision + 1, &found.head, &found.rest)?);
        } else {
            self.assert_entry(&found, changes);
        }
        Ok(())
    }

    /// As [`add_revealed`](Self::add_revealed), for a secret of which the change set holds a copy beside the entry.
    /// The entry is written in any case, so that whoever locks it at the same moment looks for copies again.
    pub(super) fn add_copied(&self, mut found: FoundEntry, changes: &mut ChangeSet) -> Result<(), VaultError> {
        self.add_seeing(&mut found, changes)?;
        changes.write(self.entry_record(found.id, found.revision + 1, &found.head, &found.rest)?);
        Ok(())
    }

    /// Adds to the entry's head who sees the secret; whether anybody is new to it.
    fn add_seeing(&self, found: &mut FoundEntry, changes: &mut ChangeSet) -> Result<bool, VaultError> {
        self.tell_revealed(found, changes)?;
        // Whoever is signed in as the principal sees it too.
        let mut seeing = vec![self.session.principal.person()];
        seeing.extend(self.session.context.on_behalf_of.clone());
        seeing.retain(|one| !found.head.owner.is(one) && !found.head.secret.revealed_to.contains(one));
        let any = !seeing.is_empty();
        found.head.secret.revealed_to.extend(seeing);
        Ok(any)
    }
}

fn part_of(secret: &Secret, part: SecretPart) -> Result<&SecretString, VaultError> {
    match part {
        SecretPart::Password => Ok(&secret.password),
        SecretPart::Notes => Ok(&secret.notes),
        SecretPart::Totp => Ok(&secret.totp),
        SecretPart::Field(id) => secret
            .fields
            .iter()
            .find(|field| field.id == id)
            .map(|field| &field.value)
            .ok_or_else(|| VaultError::invalid("part", "the secret has no such field")),
    }
}
