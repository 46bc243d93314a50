//! Entries: create, view, change, trash, restore and purge.

use serde::Serialize;

use super::draft;
use super::error::VaultError;
use super::gate::{FoundEntry, Gate};
use super::history::{covers_all, keys_of, renews};
use super::reminders::Before;
use super::sealing::Holder;
use super::session::Session;
use crate::envelope::seal_record;
use crate::id::{EntryId, RecordKind};
use crate::index;
use crate::model::{
    Action, Actions, EntryDraft, EntryHead, EntryPatch, Event, EventKind, Outcome, Owner, PrincipalKind, Secret,
    Trashed, limits,
};
use crate::policy::{Authorized, Capability};
use crate::store::{ChangeSet, Expect, Record};

/// An entry as the principal sees it: the overview, and what may be done with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EntryView {
    /// Which entry.
    pub id: EntryId,
    /// The overview. Grants, category and who saw the secret are left out unless the principal may
    /// share, and tags unless it is an administrator.
    pub head: EntryHead,
    /// What the principal may do with it now.
    pub actions: Actions,
}

/// Working with entries. Secrets are in [`Secrets`](super::Secrets), lists in
/// [`Listing`](super::Listing).
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// # let anna = vault.session(Principal::client(ClientId::new("anna")?), RequestContext::default());
/// let draft = EntryDraft { name: "Webmail".into(), password: "s3cret".into(), ..EntryDraft::default() };
/// let id = anna.create_entry(&draft)?;
/// let version = anna.entry(id)?.head.version;
/// let patch = EntryPatch { username: Some("anna".into()), ..EntryPatch::default() };
/// anna.update_entry(id, version, &patch)?;
/// assert!(matches!(anna.update_entry(id, version, &patch), Err(VaultError::VersionConflict { .. })));
///
/// anna.trash_entries(&[id])?;
/// anna.purge_entries(&[id])?;
/// assert!(matches!(anna.entry(id), Err(VaultError::NotFound)));
/// # Ok::<(), VaultError>(())
/// ```
pub trait Entries {
    /// Creates an entry. The owner is the principal's own person or account unless the draft names
    /// another. It is locked to the draft's keys; without keys, to the owner's master password if
    /// there is one.
    ///
    /// # Errors
    /// [`VaultError::Invalid`] for input out of bounds, [`VaultError::Denied`] when the principal
    /// may not create for this owner or attach a key, [`VaultError::UnexpectedLock`] when the
    /// principal expects another lock, [`VaultError::QuotaReached`] when the account would own too
    /// many.
    fn create_entry(&self, draft: &EntryDraft) -> Result<EntryId, VaultError>;

    /// An entry's overview.
    ///
    /// # Errors
    /// [`VaultError::NotFound`] when there is none or the principal may not view it.
    fn entry(&self, id: EntryId) -> Result<EntryView, VaultError>;

    /// Changes an entry that is still at `version`, and returns the new version. Writing to the
    /// secret of a locked entry needs an unlock unless every part of it is given; so does a longer
    /// overview when the entry may then be larger than one may be.
    ///
    /// # Errors
    /// [`VaultError::VersionConflict`] when it was changed since, [`VaultError::Locked`] when the
    /// old secret is needed and locked, [`VaultError::State`] when every key it is locked to was
    /// deleted, [`VaultError::Invalid`], [`VaultError::Denied`], [`VaultError::NotFound`].
    fn update_entry(&self, id: EntryId, version: u64, patch: &EntryPatch) -> Result<u64, VaultError>;

    /// Moves entries to the trash, all or none.
    ///
    /// # Errors
    /// [`VaultError::Denied`] or [`VaultError::NotFound`] for the first entry that cannot be
    /// trashed.
    fn trash_entries(&self, ids: &[EntryId]) -> Result<(), VaultError>;

    /// Takes entries out of the trash, all or none.
    ///
    /// # Errors
    /// [`VaultError::State`] for one that is not in the trash, [`VaultError::QuotaReached`] when the
    /// account would own too many; else as [`trash_entries`](Self::trash_entries).
    fn restore_entries(&self, ids: &[EntryId]) -> Result<(), VaultError>;

    /// Destroys entries in the trash with their past secrets, all or none. This cannot be undone.
    ///
    /// # Errors
    /// [`VaultError::State`] for one that is not in the trash; else as
    /// [`trash_entries`](Self::trash_entries).
    ///
    /// # Security
    /// The SQLite store overwrites what it deletes; older copies of the file, backups among them,
    /// keep it.
    fn purge_entries(&self, ids: &[EntryId]) -> Result<(), VaultError>;
}

impl Entries for Session {
    fn create_entry(&self, draft: &EntryDraft) -> Result<EntryId, VaultError> {
        self.run(|gate| {
            let id = EntryId::generate(gate.now)?;
            let mut changes = ChangeSet::new();
            let mut event = gate.event(EventKind::EntryCreated, Outcome::Done, &[id]);
            let proof = gate.draft_entry(id, draft, &mut changes, &mut event)?;
            gate.commit(&proof, changes, event)?;
            Ok(id)
        })
    }

    fn entry(&self, id: EntryId) -> Result<EntryView, VaultError> {
        self.run(|gate| {
            let (found, _) = gate.entry(id, Action::View, EventKind::EntryViewed)?;
            if gate.snapshot.policy.settings.audit_views {
                gate.log(EventKind::EntryViewed, Outcome::Done, &[id])?;
            }
            Ok(gate.view(id, found.head))
        })
    }

    fn update_entry(&self, id: EntryId, version: u64, patch: &EntryPatch) -> Result<u64, VaultError> {
        self.run(|gate| {
            let kind = if patch.touches_secret() { EventKind::SecretChanged } else { EventKind::EntryUpdated };
            let (found, mut proof) = gate.entry(id, Action::Edit, kind)?;
            if let Some(private) = patch.private {
                proof = gate.logged(gate.authority.authorize_privacy(private, id, &found.head), kind)?;
                if private && found.head.is_shared() {
                    return Err(VaultError::State(
                        "the entry is shared; end its grants and take it out of its category before making it private",
                    ));
                }
            }
            if found.head.version != version {
                return Err(VaultError::VersionConflict { expected: version, found: found.head.version });
            }
            let mut head = found.head.clone();
            draft::patch_overview(&mut head, patch)?;
            let mut changes = ChangeSet::new();
            let mut event = gate.event(kind, Outcome::Done, &[id]);
            if patch.touches_secret() {
                // With every part given, nothing of the old secret is needed.
                let old = if covers_all(patch) { None } else { Some(gate.open_secret(&proof, &found)?) };
                let renewed = old.as_ref().is_none_or(|old| renews(patch, old));
                if renewed {
                    head.secret.renew(self.principal.person(), gate.now);
                    gate.note_setter(&mut head);
                }
                let secret =
                    draft::patch_secret(&mut head, old.unwrap_or_default(), patch, gate.now, gate.generator_policy())?;
                let rest = gate.replace_secret(&found, &mut head, &secret, renewed, &mut changes, &mut event)?;
                gate.write_entry(id, found.revision + 1, head, &rest, &mut changes)?;
            } else {
                gate.check_grown(&proof, &found, &head)?;
                gate.write_entry(id, found.revision + 1, head, &found.rest, &mut changes)?;
            }
            gate.commit(&proof, changes, event)?;
            Ok(version + 1)
        })
    }

    fn trash_entries(&self, ids: &[EntryId]) -> Result<(), VaultError> {
        self.run(|gate| {
            let trashed = Trashed { at: gate.now, by: self.principal.person() };
            gate.change_each(ids, EventKind::EntryTrashed, |found, changes| {
                if found.head.trashed.is_some() {
                    return Ok(());
                }
                let mut head = found.head.clone();
                head.trashed = Some(trashed.clone());
                gate.keep_due(found.id, &head, Before::Same, changes)?;
                gate.end_links_of(found.id, changes)?;
                gate.write_entry(found.id, found.revision + 1, head, &found.rest, changes)
            })
        })
    }

    fn restore_entries(&self, ids: &[EntryId]) -> Result<(), VaultError> {
        self.run(|gate| {
            gate.change_each(ids, EventKind::EntryRestored, |found, changes| {
                must_be_trashed(&found.head)?;
                let mut head = found.head.clone();
                head.trashed = None;
                gate.keep_due(found.id, &head, Before::Same, changes)?;
                // One that was made while the entry went into the trash.
                gate.end_links_of(found.id, changes)?;
                gate.note_added(&head);
                gate.write_entry(found.id, found.revision + 1, head, &found.rest, changes)
            })
        })
    }

    fn purge_entries(&self, ids: &[EntryId]) -> Result<(), VaultError> {
        self.run(|gate| {
            gate.change_each(ids, EventKind::EntryPurged, |found, changes| {
                must_be_trashed(&found.head)?;
                for (key, revision) in keys_of(&gate.scan_past(found.id)?) {
                    changes.delete(key, revision);
                }
                gate.end_links_of(found.id, changes)?;
                changes.delete(gate.core.key(RecordKind::Entry, found.id), found.revision);
                Ok(())
            })
        })
    }
}

impl Gate<'_> {
    /// The view of an entry that the principal may view.
    pub(super) fn view(&self, id: EntryId, mut head: EntryHead) -> EntryView {
        let actions = self.authority.actions(&head);
        if !matches!(self.session.principal.kind, PrincipalKind::Admin { .. }) {
            head.tags.clear();
        }
        if !actions.has(Action::Share) {
            head.category = None;
            head.grants.clear();
            head.secret.revealed_to.clear();
        }
        EntryView { id, head, actions }
    }

    /// Refuses an overview with which the entry would be too large. The secret is opened only when it
    /// matters: sealed, it is never shorter than its text.
    fn check_grown(&self, proof: &Authorized, found: &FoundEntry, head: &EntryHead) -> Result<(), VaultError> {
        let length = draft::overview_len(head);
        if length <= draft::overview_len(&found.head) || length + found.rest.len() <= limits::ENTRY_MAX {
            return Ok(());
        }
        draft::check_whole(head, &self.open_secret(proof, found)?)
    }

    /// Adds a new entry to a change set, and what it was sealed to to its event.
    pub(super) fn draft_entry(
        &self,
        id: EntryId,
        draft: &EntryDraft,
        changes: &mut ChangeSet,
        event: &mut Event,
    ) -> Result<Authorized, VaultError> {
        let own = || self.authority.own().cloned();
        let owner = draft
            .owner
            .clone()
            .or_else(own)
            .ok_or_else(|| VaultError::invalid("owner", "this principal owns nothing; name an owner"))?;
        let capability = Capability::Create { owner: owner.clone(), private: draft.private };
        let proof = self.capability(capability, event.kind)?;
        self.admit_owner(&owner, event.kind)?;
        let holders = if draft.keys.is_empty() {
            Vec::from_iter(self.holder_of_master(&owner)?)
        } else {
            self.holders_of_keys(&owner, &draft.keys)?
        };
        match &draft.service {
            None => self.seal_new_entry(id, draft, &owner, &holders, changes, event)?,
            Some(link) => {
                let service = Some(self.admit_link(link, &owner, event.kind, changes)?);
                let draft = EntryDraft { service, ..draft.clone() };
                self.seal_new_entry(id, &draft, &owner, &holders, changes, event)?;
            }
        }
        Ok(proof)
    }

    /// Adds a new entry, for which the principal has been allowed, to a change set.
    pub(super) fn seal_new_entry(
        &self,
        id: EntryId,
        draft: &EntryDraft,
        owner: &Owner,
        holders: &[Holder],
        changes: &mut ChangeSet,
        event: &mut Event,
    ) -> Result<(), VaultError> {
        let person = self.session.person();
        let (mut head, secret) = draft::new_entry(draft, owner.clone(), &person, self.now, self.generator_policy())?;
        self.note_setter(&mut head);
        self.seal_new_head(id, head, &secret, holders, changes, event)
    }

    /// Adds a new entry with this head to a change set.
    pub(super) fn seal_new_head(
        &self,
        id: EntryId,
        mut head: EntryHead,
        secret: &Secret,
        holders: &[Holder],
        changes: &mut ChangeSet,
        event: &mut Event,
    ) -> Result<(), VaultError> {
        let rest = self.seal_secret(id, &mut head, secret, holders, event)?;
        self.note_added(&head);
        self.keep_due(id, &head, Before::Absent, changes)?;
        changes.write(self.entry_record(id, 1, &head, &rest)?);
        Ok(())
    }

    /// Adds a changed entry to a change set, at its next version.
    pub(super) fn write_entry(
        &self,
        id: EntryId,
        revision: u64,
        mut head: EntryHead,
        rest: &[u8],
        changes: &mut ChangeSet,
    ) -> Result<(), VaultError> {
        head.version += 1;
        head.updated_at = self.now;
        changes.write(self.entry_record(id, revision, &head, rest)?);
        Ok(())
    }

    /// The record of an entry.
    pub(super) fn entry_record(
        &self,
        id: EntryId,
        revision: u64,
        head: &EntryHead,
        rest: &[u8],
    ) -> Result<Record, VaultError> {
        let key = self.core.key(RecordKind::Entry, id);
        let labels = index::entry_labels(&self.snapshot.keyring, head);
        Ok(seal_record(&self.snapshot.keyring, key, revision, head, labels, rest)?)
    }

    /// Decides about each entry, lets `change` add to one change set, and commits it as one event.
    fn change_each(
        &self,
        ids: &[EntryId],
        kind: EventKind,
        change: impl Fn(&FoundEntry, &mut ChangeSet) -> Result<(), VaultError>,
    ) -> Result<(), VaultError> {
        let mut changes = ChangeSet::new();
        let mut proof = None;
        for (at, id) in ids.iter().enumerate() {
            if ids.iter().take(at).any(|other| other == id) {
                return Err(VaultError::invalid("ids", "an entry stands twice in the list"));
            }
            let (found, one) = self.entry(*id, Action::Delete, kind)?;
            change(&found, &mut changes)?;
            proof = Some(one);
        }
        match proof {
            Some(proof) if !changes.is_empty() => self.commit(&proof, changes, self.event(kind, Outcome::Done, ids)),
            _ => Ok(()),
        }
    }

    /// Asserts that an entry still is as it was read.
    pub(super) fn assert_entry(&self, found: &FoundEntry, changes: &mut ChangeSet) {
        changes.assert(self.core.key(RecordKind::Entry, found.id), Expect::Revision(found.revision));
    }
}

fn must_be_trashed(head: &EntryHead) -> Result<(), VaultError> {
    if head.trashed.is_none() {
        return Err(VaultError::State("the entry is not in the trash"));
    }
    Ok(())
}
