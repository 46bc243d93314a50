//! Sharing entries, and explaining decisions about them.

use super::error::VaultError;
use super::gate::{FoundEntry, Gate};
use super::principals::directory_of;
use super::reminders::Before;
use super::session::Session;
use crate::id::{ClientId, EntryId};
use crate::model::{
    Action, Actions, EntryHead, Event, EventKind, Grant, Grantee, Outcome, Principal, Recipient, Section,
};
use crate::policy::{Authorized, Decision, GrantChange, SharingError, apply_grant_changes};
use crate::store::ChangeSet;

/// Sharing entries.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// # let anna = vault.session(Principal::client(ClientId::new("anna")?), RequestContext::default());
/// # let id = anna.create_entry(&EntryDraft { name: "Webmail".into(), password: "s3cret".into(), ..EntryDraft::default() })?;
/// let support = RoleId::new("support")?;
/// let grantee = Grantee::Role(support.clone());
/// anna.share(id, &[GrantChange::put(grantee, Actions::VIEW_AND_REVEAL)])?;
///
/// let sam = Principal::admin_with_roles(AdminId::new("sam")?, vec![support]);
/// let sam = vault.session(sam, RequestContext::default());
/// assert_eq!(sam.reveal(id)?.password.expose(), "s3cret");
/// let Err(VaultError::Denied(decision)) = sam.trash_entries(&[id]) else { panic!() };
/// assert_eq!(decision.remedies[0].to_string(), "ask the owner, or someone who may share the entry, for delete");
/// # Ok::<(), VaultError>(())
/// ```
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
    /// # Security
    /// The answer is, the entry is not: whoever may share it sees its [`grants`](Self::grants) and its
    /// version, since a grant that could not be seen could not be ended either. So somebody who
    /// shares an entry of their own with an address learns by looking afterwards whether it is a
    /// client's. Every attempt is logged; the host limits their rate.
    ///
    /// # Errors
    /// As [`share`](Self::share); [`VaultError::Directory`] when the directory fails.
    fn share_by_email(&self, id: EntryId, email: &str, actions: Actions) -> Result<(), VaultError>;

    /// The grants of an entry, those by e-mail address among them as the clients they reached.
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
        let put = |client| [GrantChange::put(Grantee::Client(client), actions)];
        // Everything that can be refused is refused before the directory is asked: sharing to a
        // client who cannot exist meets the same obstacles.
        let nobody = put(ClientId::new(EntryId::generate(self.core.now())?.to_string())?);
        self.run(|gate| gate.shared(id, &nobody).map(drop))?;
        if let Some(client) = directory_of(&self.core)?.client_by_email(email)? {
            let change = put(client);
            match self.run(|gate| gate.share(id, &change)) {
                // What is refused because of who it is would tell that it is someone.
                Err(VaultError::Sharing(SharingError::ToOwner | SharingError::NotHeld)) => {}
                done => return done.map(drop),
            }
        }
        self.run(|gate| gate.log(EventKind::SharingChanged, Outcome::Done, &[id]))
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
            let (authority, _) = gate.authority_of(principal)?;
            Ok(authority.explain(action, &found.head))
        })
    }
}

impl Gate<'_> {
    fn share(&self, id: EntryId, changes: &[GrantChange]) -> Result<u64, VaultError> {
        let Shared { version, proof, changes, event } = self.shared(id, changes)?;
        if !changes.is_empty() {
            self.commit(&proof, changes, event)?;
        }
        Ok(version)
    }

    /// What sharing would write; nothing when nothing would change.
    pub(super) fn shared(&self, id: EntryId, changes: &[GrantChange]) -> Result<Shared, VaultError> {
        let (found, _) = self.entry(id, Action::Share, EventKind::SharingChanged)?;
        self.shared_found(&found, changes)
    }

    /// Changes grants of an entry that the gate has let through for sharing.
    pub(super) fn share_found(&self, found: &FoundEntry, changes: &[GrantChange]) -> Result<(), VaultError> {
        let Shared { version: _, proof, changes, event } = self.shared_found(found, changes)?;
        if changes.is_empty() { Ok(()) } else { self.commit(&proof, changes, event) }
    }

    fn shared_found(&self, found: &FoundEntry, changes: &[GrantChange]) -> Result<Shared, VaultError> {
        let id = found.id;
        // What sharing asks for was seen to above.
        let proof = self.authority.authorize_sharing(id, &found.head, changes)?.fulfilled();
        self.check_bindings(changes)?;
        let mut head = found.head.clone();
        head.grants = apply_grant_changes(&head.grants, changes, &self.session.principal.person(), self.now)?;
        let mut event = self.event(EventKind::SharingChanged, Outcome::Done, &[id]);
        let mut set = ChangeSet::new();
        if head.grants == found.head.grants {
            return Ok(Shared { version: head.version, proof, changes: set, event });
        }
        let ends = found.head.grants.iter().any(|old| !head.grants.iter().any(|new| covers(new, old)));
        // Whoever loses a right may have seen the secret.
        head.secret.needs_rotation |= ends && !head.secret.revealed_to.is_empty();

        let rest = self.rest_once_shared(&proof, found, &mut head, &mut set, &mut event)?;
        let version = head.version + 1;
        self.keep_due(id, &head, Before::Same, &mut set)?;
        self.write_entry(id, found.revision + 1, head, &rest, &mut set)?;
        Ok(Shared { version, proof, changes: set, event })
    }
}

impl Gate<'_> {
    /// The rest of an entry whose sharing has changed: what is shared leaves its owner's master
    /// password, and what is not shared any more goes back under it.
    pub(super) fn rest_once_shared(
        &self,
        proof: &Authorized,
        found: &FoundEntry,
        head: &mut EntryHead,
        set: &mut ChangeSet,
        event: &mut Event,
    ) -> Result<Vec<u8>, VaultError> {
        let guarded = head.locks.iter().any(|lock| lock.recipient == Recipient::MasterPassword);
        if guarded && head.is_shared() {
            return self.reseal_with_history(proof, found, head, &[], set, event);
        }
        if head.locks.is_empty()
            && !head.is_shared()
            && let Some(master) = self.holder_of_master(&head.owner)?
        {
            return self.reseal_with_history(proof, found, head, &[master], set, event);
        }
        Ok(found.rest.clone())
    }
}

/// A change of grants, not yet committed.
pub(super) struct Shared {
    version: u64,
    proof: Authorized,
    changes: ChangeSet,
    event: Event,
}

fn covers(new: &Grant, old: &Grant) -> bool {
    new.grantee == old.grantee && old.actions.is_subset_of(new.actions)
}
