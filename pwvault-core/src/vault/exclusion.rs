//! Clients who have no part in the vault and surfaces that are switched off, at the gate: what the
//! settings name is turned away from everything, whatever is asked.

use super::error::VaultError;
use super::gate::Gate;
use super::principals::directory_of;
use crate::id::ClientId;
use crate::model::{EventKind, Outcome, Owner, Person, PrincipalKind};
use crate::policy::client_forbidden;

impl Gate<'_> {
    /// Turns the principal away when the settings give it no part in the vault, or none from where it
    /// asks.
    pub(super) fn admit(&mut self) -> Result<(), VaultError> {
        // A client's groups come with the principal; those of a sub-user's account are asked for.
        if let PrincipalKind::SubUser { account, .. } = &self.session.principal.kind {
            let forbidden = self.in_forbidden_group(account)?;
            self.authority = self.authority.clone().with_forbidden(forbidden);
        }
        let admitted = self.authority.admit(self.session.context.surface);
        if admitted.is_err() {
            self.log(EventKind::TurnedAway, Outcome::Denied, &[])?;
        }
        Ok(admitted?)
    }

    /// Refuses an owner who has no part in the vault. The refusal is logged as `kind`.
    pub(super) fn admit_owner(&self, owner: &Owner, kind: EventKind) -> Result<(), VaultError> {
        match owner {
            Owner::Client(client) => self.admit_client(client, kind),
            Owner::Admin(_) => Ok(()),
        }
    }

    /// Refuses a client who has no part in the vault. The refusal is logged as `kind`.
    pub(super) fn admit_client(&self, client: &ClientId, kind: EventKind) -> Result<(), VaultError> {
        let settings = &self.snapshot.policy.settings;
        if !settings.forbidden_clients.contains(client) && !self.in_forbidden_group(client)? {
            return Ok(());
        }
        self.log(kind, Outcome::Denied, &[])?;
        Err(VaultError::Denied(Box::new(client_forbidden())))
    }

    /// Whether the directory knows the client as one of a group that has no part in the vault.
    pub(super) fn in_forbidden_group(&self, client: &ClientId) -> Result<bool, VaultError> {
        let forbidden = &self.snapshot.policy.settings.forbidden_groups;
        if forbidden.is_empty() {
            return Ok(false);
        }
        let contact = directory_of(&self.session.core)?.contact(&Person::Client(client.clone()))?;
        Ok(contact.is_some_and(|contact| contact.groups.iter().any(|group| forbidden.contains(group))))
    }
}
