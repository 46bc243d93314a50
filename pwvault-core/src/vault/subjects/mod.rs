//! Data protection: what the vault holds about a person, told and forgotten. Owns who may ask and the
//! document it is told in; what is forgotten with whom is worked out in [`super::consequences`].

mod export;
mod gather;

use std::io::Write;

use serde::Serialize;

use super::consequences::{Consequences, Place, Step};
use super::error::VaultError;
use super::gate::Gate;
use super::session::Session;
use crate::model::{EventKind, Person, PersonId, Section};
use crate::policy::Authorized;

/// What an export of a person's data holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SubjectExport {
    /// Entries that are the person's own.
    pub entries: u64,
    /// Secrets among them, past ones included.
    pub secrets: u64,
    /// Secrets that were left out, since the caller may not see them or they are locked.
    pub withheld: u64,
    /// Events that the person caused.
    pub events: u64,
}

/// Telling and forgetting what the vault holds about a person.
///
/// # Examples
/// ```
/// # use pwvault_core::{model::*, testing::memory_vault, vault::prelude::*, *};
/// # use pwvault_core::vault::Consequence;
/// # let vault = memory_vault()?;
/// # let root = vault.session(Principal::admin_with_roles(AdminId::new("root")?, vec![RoleId::new("full")?]), RequestContext::default());
/// # let anna = vault.session(Principal::client(ClientId::new("anna")?), RequestContext::default());
/// # anna.create_entry(&EntryDraft { name: "Webmail".into(), password: "s3cret".into(), ..EntryDraft::default() })?;
/// let subject = PersonId::Client(ClientId::new("anna")?);
/// let mut document = Vec::new();
/// assert_eq!(root.export_subject(&mut document, &subject, false)?.entries, 1);
///
/// let ahead = root.preview_erasure(&subject)?;
/// assert_eq!(ahead.count(Consequence::EntryErased), 1);
/// assert_eq!(root.erase_subject(&subject)?, ahead);
/// assert!(matches!(anna.erase_subject(&subject), Err(VaultError::Denied(_))));
/// # Ok::<(), VaultError>(())
/// ```
pub trait Subjects {
    /// Writes everything the vault holds about a person to `out`, as one JSON object: contact and sign-in;
    /// entries with their history, trash included; keys, categories and master password as far as they
    /// are no secret; grants, invitations, messages, requests for approval; and the events the person
    /// caused. Its form is in `spec/host-events.md`. The event comes first: nothing is written before it
    /// is committed.
    ///
    /// With `secrets`, those secrets are in it that the caller may reveal and the session can open; each
    /// counts as revealed.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `subjects`; [`VaultError::TooMany`] for more than
    /// 100,000 entries; [`VaultError::Output`] when `out` fails; [`VaultError::Audit`] when the log does
    /// not read.
    ///
    /// # Security
    /// What is written is not sealed any more. `out` should not keep copies of it.
    fn export_subject(
        &self,
        out: &mut dyn Write,
        subject: &PersonId,
        secrets: bool,
    ) -> Result<SubjectExport, VaultError>;

    /// What would be forgotten with a person. Changes nothing; it costs what erasing would.
    ///
    /// # Errors
    /// As [`erase_subject`](Self::erase_subject).
    fn preview_erasure(&self, subject: &PersonId) -> Result<Consequences, VaultError>;

    /// Forgets a person: entries with history and trash, keys, master password, categories, grants that
    /// name the person, invitations, messages, requests, unlock tickets, sign-in and contact are
    /// destroyed. It cannot be undone. Entries of an administrator go too: tell first, by
    /// [`HostEvents`](super::HostEvents), who has them from now on.
    ///
    /// It works in steps, each with its event; stopped half-way, it is done as far as it came: do it
    /// again. Ids stay where the person did something to what is others', and in the log. An address,
    /// user agent or reason in the log goes with [`prune_log`](super::Logs::prune_log), filtered by actor.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `subjects`; [`VaultError::State`] for oneself;
    /// [`VaultError::People`] for an administrator of the stored directory who stands above the caller;
    /// [`VaultError::TooMany`] for a client with more than 500 categories.
    fn erase_subject(&self, subject: &PersonId) -> Result<Consequences, VaultError>;
}

impl Subjects for Session {
    fn export_subject(
        &self,
        out: &mut dyn Write,
        subject: &PersonId,
        secrets: bool,
    ) -> Result<SubjectExport, VaultError> {
        export::export(self, out, subject, secrets)
    }

    fn preview_erasure(&self, subject: &PersonId) -> Result<Consequences, VaultError> {
        self.run(|gate| {
            let _proof = gate.may_erase(subject)?;
            let mut told = Consequences::default();
            let mut next = Some(Place::default());
            while let Some(from) = next {
                let step = gate.erasure(subject, from)?;
                told.merge(step.told);
                next = step.next;
            }
            Ok(told)
        })
    }

    fn erase_subject(&self, subject: &PersonId) -> Result<Consequences, VaultError> {
        let mut told = Consequences::default();
        let mut next = Some(Place::default());
        while let Some(from) = next {
            let step = self.run(|gate| {
                let proof = gate.may_erase(subject)?;
                let Step { changes, event, told, next } = gate.erasure(subject, from)?;
                if !changes.is_empty() {
                    gate.commit(&proof, changes, event)?;
                }
                Ok((told, next))
            })?;
            told.merge(step.0);
            next = step.1;
        }
        Ok(told)
    }
}

impl Gate<'_> {
    fn may_erase(&self, subject: &PersonId) -> Result<Authorized, VaultError> {
        let proof = self.section(Section::Subjects, EventKind::SubjectErased)?;
        if matches!((self.session.principal.person(), subject), (Person::Admin(own), PersonId::Admin(id)) if own == *id)
        {
            return Err(VaultError::State("nobody erases themselves; let someone else do it"));
        }
        self.check_over_subject(subject, EventKind::SubjectErased)?;
        Ok(proof)
    }
}
