//! Sharing entries, and explaining decisions about them.

use super::error::VaultError;
use super::gate::Gate;
use super::principals::directory_of;
use super::session::Session;
use crate::id::EntryId;
use crate::model::{Action, Actions, EventKind, Grant, Grantee, Outcome, Principal, Recipient, Section};
use crate::policy::{Authority, Decision, GrantChange, apply_grant_changes};
use crate::store::ChangeSet;

/// Sharing entries.
pub trait Sharing {
    /// Changes grants of an entry as a difference: each change touches one grantee, their order
    /// means nothing, and all land or none. Returns the entry's new version.
    ///
    /// An entry guarded by its owner's master password is sealed under the vault's key while it is
    /// shared, which needs an unlock, and to the master password again when its last grant ends.
    ///
    /// # Errors
    /// [`VaultError::Sharing`] for a private entry, a grant of more than the principal holds, or to
    /// the owner; [`VaultError::Denied`], [`VaultError::NotFound`], [`VaultError::Locked`].
    fn share(&self, id: EntryId, changes: &[GrantChange]) -> Result<u64, VaultError>;

    /// Shares an entry with the client of exactly this e-mail address. The answer is the same
    /// whether there is such a client or not.
    ///
    /// # Errors
    /// As [`share`](Self::share); [`VaultError::Directory`] when the directory fails.
    fn share_by_email(&self, id: EntryId, email: &str, actions: Actions) -> Result<(), VaultError>;

    /// The grants of an entry.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the right to share, [`VaultError::NotFound`].
    fn grants(&self, id: EntryId) -> Result<Vec<Grant>, VaultError>;

    /// Why the principal may or may not do `action`, and what would help.
    ///
    /// # Errors
    /// [`VaultError::NotFound`] when the principal may not know of the entry.
    fn explain(&self, id: EntryId, action: Action) -> Result<Decision, VaultError>;

    /// Why another principal may or may not do `action`.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `access.explain`, [`VaultError::NotFound`].
    fn explain_for(&self, principal: &Principal, id: EntryId, action: Action) -> Result<Decision, VaultError>;
}

impl Sharing for Session {
    fn share(&self, id: EntryId, changes: &[GrantChange]) -> Result<u64, VaultError> {
        self.run(|gate| gate.share(id, changes))
    }

    fn share_by_email(&self, id: EntryId, email: &str, actions: Actions) -> Result<(), VaultError> {
        // Everything that can be refused is refused before the directory is asked.
        self.run(|gate| gate.entry(id, Action::Share, EventKind::SharingChanged).map(drop))?;
        let Some(client) = directory_of(&self.core)?.client_by_email(email)? else {
            return self.run(|gate| gate.log(EventKind::SharingChanged, Outcome::Done, &[id]));
        };
        let change = GrantChange::Put { grantee: Grantee::Client(client), actions };
        self.run(|gate| gate.share(id, std::slice::from_ref(&change)).map(drop))
    }

    fn grants(&self, id: EntryId) -> Result<Vec<Grant>, VaultError> {
        self.run(|gate| Ok(gate.entry(id, Action::Share, EventKind::SharingChanged)?.0.head.grants))
    }

    fn explain(&self, id: EntryId, action: Action) -> Result<Decision, VaultError> {
        self.run(|gate| {
            let found = gate.find(id)?.filter(|found| gate.authority.may_know(&found.head));
            Ok(gate.authority.explain(action, &found.ok_or(VaultError::NotFound)?.head))
        })
    }

    fn explain_for(&self, principal: &Principal, id: EntryId, action: Action) -> Result<Decision, VaultError> {
        self.run(|gate| {
            let _proof = gate.section(Section::AccessExplain, EventKind::AccessChanged)?;
            let found = gate.find(id)?.ok_or(VaultError::NotFound)?;
            Ok(Authority::compile(gate.snapshot.policy.clone(), principal).explain(action, &found.head))
        })
    }
}

impl Gate<'_> {
    fn share(&self, id: EntryId, changes: &[GrantChange]) -> Result<u64, VaultError> {
        let (found, _) = self.entry(id, Action::Share, EventKind::SharingChanged)?;
        let proof = self.authority.authorize_sharing(id, &found.head, changes)?;
        let mut head = found.head.clone();
        head.grants = apply_grant_changes(&head.grants, changes, &self.session.principal.person(), self.now)?;
        if head.grants == found.head.grants {
            return Ok(head.version);
        }
        let ends = found.head.grants.iter().any(|old| !head.grants.iter().any(|new| covers(new, old)));
        // Whoever loses a right may have seen the secret.
        head.secret.needs_rotation |= ends && !head.secret.revealed_to.is_empty();

        let mut event = self.event(EventKind::SharingChanged, Outcome::Done, &[id]);
        let mut set = ChangeSet::new();
        let guarded = head.locks.iter().any(|lock| lock.recipient == Recipient::MasterPassword);
        let rest = if guarded && !head.grants.is_empty() {
            self.reseal_with_history(&proof, &found, &mut head, &[], &mut set, &mut event)?
        } else if head.locks.is_empty() && head.grants.is_empty() {
            match self.holder_of_master(&head.owner)? {
                Some(master) => self.reseal_with_history(&proof, &found, &mut head, &[master], &mut set, &mut event)?,
                None => found.rest.clone(),
            }
        } else {
            found.rest.clone()
        };
        let version = head.version + 1;
        self.write_entry(id, found.revision + 1, head, &rest, &mut set)?;
        self.commit(&proof, set, event)?;
        Ok(version)
    }
}

fn covers(new: &Grant, old: &Grant) -> bool {
    new.grantee == old.grantee && old.actions.is_subset_of(new.actions)
}
