//! Tickets and services that are over: grants bound to them have ended. Owns the record that says so,
//! and that no decision meets such a grant; what else follows is no matter of this file.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::error::VaultError;
use super::gate::{FoundEntry, Gate};
use crate::clock::Timestamp;
use crate::envelope::seal_record;
use crate::id::RecordKind;
use crate::index;
use crate::model::{Actions, Binding, EntryHead, Event};
use crate::policy::GrantChange;
use crate::store::{ChangeSet, RecordKey};

/// What a passage knows of bindings: whether each is over.
pub(super) type Bindings = HashMap<Binding, bool>;

/// Says that a ticket or service is over.
#[derive(Serialize, Deserialize)]
struct EndedBinding {
    binding: Binding,
    at: Timestamp,
}

impl Gate<'_> {
    /// Takes from grants bound to what is over whatever they give. They stay, without any action, until
    /// they are cleared away together with what hangs on them.
    pub(super) fn end_bound_grants(&self, head: &mut EntryHead) -> Result<(), VaultError> {
        for grant in &mut head.grants {
            if let Some(binding) = &grant.bound_to
                && self.is_over(binding)?
            {
                grant.actions = Actions::NONE;
            }
        }
        Ok(())
    }

    /// Refuses grants that would be bound to what is over.
    pub(super) fn check_bindings(&self, changes: &[GrantChange]) -> Result<(), VaultError> {
        for change in changes {
            if let GrantChange::Put { terms, .. } = change
                && let Some(binding) = &terms.bound_to
                && self.is_over(binding)?
            {
                return Err(VaultError::State("the ticket or service that the grant would end with is over already"));
            }
        }
        Ok(())
    }

    /// Adds to a change set that a ticket or service is over. Whether it was not before.
    pub(super) fn end_binding(&self, binding: &Binding, changes: &mut ChangeSet) -> Result<bool, VaultError> {
        if self.is_over(binding)? {
            return Ok(false);
        }
        let head = EndedBinding { binding: binding.clone(), at: self.now };
        changes.write(seal_record(&self.snapshot.keyring, self.binding_key(binding), 1, &head, Vec::new(), &[])?);
        Ok(true)
    }

    /// Adds to a change set that a ticket or service is not over any more. Whether it was.
    pub(super) fn reopen_binding(&self, binding: &Binding, changes: &mut ChangeSet) -> Result<bool, VaultError> {
        let record = self.load_noted(self.binding_key(binding))?;
        if let Some(record) = &record {
            changes.delete(record.key, record.revision);
        }
        Ok(record.is_some())
    }

    /// The rest of an entry that has lost grants, where nobody at hand need show that they may: what is
    /// shared with nobody any more goes back under its owner's master password.
    pub(super) fn rest_once_ended(
        &self,
        found: &FoundEntry,
        head: &mut EntryHead,
        changes: &mut ChangeSet,
        event: &mut Event,
    ) -> Result<Vec<u8>, VaultError> {
        let moved = match self.holders_to_move_to(head)? {
            Some(holders) => self.move_locks(found, head, &holders, changes, event)?,
            None => None,
        };
        Ok(moved.unwrap_or_else(|| found.rest.clone()))
    }

    /// Whether a ticket or service is over. What follows rests on the answer.
    fn is_over(&self, binding: &Binding) -> Result<bool, VaultError> {
        if let Some(known) = self.bindings.borrow().get(binding) {
            return Ok(*known);
        }
        let key = self.binding_key(binding);
        let record = self.core.load(key)?;
        self.rely(key, record.as_ref().map(|record| record.revision))?;
        self.bindings.borrow_mut().insert(binding.clone(), record.is_some());
        Ok(record.is_some())
    }

    fn binding_key(&self, binding: &Binding) -> RecordKey {
        let value = match binding {
            Binding::Ticket(id) => format!("ticket {id}"),
            Binding::Service(id) => format!("service {id}"),
        };
        let id = index::unique_id(&self.snapshot.keyring, RecordKind::Job, "ended", value.as_bytes());
        self.core.key(RecordKind::Job, id)
    }
}
