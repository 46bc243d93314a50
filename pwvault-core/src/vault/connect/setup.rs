//! Which servers there are, and how they are signed in to.

use super::ServerView;
use crate::connect::{ConnectorKind, Need, ServerAddress};
use crate::id::EntryId;
use crate::model::{Action, EventKind, Outcome, ServerAccess, ServerRule};
use crate::policy::{Authorized, Capability};
use crate::store::{ChangeSet, Order};
use crate::vault::error::VaultError;
use crate::vault::gate::{FoundEntry, Gate};
use crate::vault::listing::EntryFilter;

impl Gate<'_> {
    pub(super) fn servers(&self) -> Result<Vec<ServerView>, VaultError> {
        let proof = self.capability(Capability::Servers, EventKind::SignOnStarted)?;
        let filter = EntryFilter { servers: true, ..EntryFilter::default() };
        let limit = self.snapshot.policy.settings.search_limit;
        let mut servers = Vec::new();
        let stopped = self.each_visible(&proof, &filter, Order::Ascending, None, limit, |view| {
            let allowed = view.actions.has(Action::Use) && self.authority.allows_server(&view.head);
            if let Some(access) = view.head.connect.clone().filter(|_| allowed) {
                let kind = self.core.providers.connectors.kind(&access.connector);
                let locked = view.head.is_locked();
                servers.push(ServerView { entry: view.id, name: view.head.name, access, kind, locked });
            }
            true
        })?;
        if stopped.is_some() {
            return Err(VaultError::TooMany { limit });
        }
        servers.sort_by_cached_key(|server| (server.name.to_lowercase(), server.entry));
        Ok(servers)
    }

    pub(super) fn set_server(
        &self,
        id: EntryId,
        version: u64,
        access: Option<&ServerAccess>,
    ) -> Result<u64, VaultError> {
        // These see to what a grant asks for, of either action; the last decision adds the section.
        let (_, _may_reveal) = self.entry(id, Action::Reveal, EventKind::ConnectChanged)?;
        let (found, proof) = self.entry(id, Action::Edit, EventKind::ConnectChanged)?;
        let verdict = self.authority.authorize_server_setup(id, &found.head);
        let _setup = self.logged_for(verdict, &found, EventKind::ConnectChanged)?;
        if found.head.version != version {
            return Err(VaultError::VersionConflict { expected: version, found: found.head.version });
        }
        access.map(|access| self.check_access(access)).transpose()?;
        let mut head = found.head;
        head.connect = access.cloned();
        let mut changes = ChangeSet::new();
        self.write_entry(id, found.revision + 1, head, &found.rest, &mut changes)?;
        self.commit(&proof, changes, self.event(EventKind::ConnectChanged, Outcome::Done, &[id]))?;
        Ok(version + 1)
    }

    fn check_access(&self, access: &ServerAccess) -> Result<(), VaultError> {
        let ServerAccess { connector, address, rule } = access;
        let kind: ConnectorKind = self.core.providers.connectors.kind(connector).ok_or_else(|| {
            VaultError::invalid("connector", "no connector of this kind is registered with the vault")
        })?;
        if kind.needs(Need::Host) {
            address.parse::<ServerAddress>()?;
        } else if !address.is_empty() {
            return Err(VaultError::invalid("address", "this kind of server has none; leave it empty"));
        }
        match rule {
            ServerRule::Roles(roles) if roles.is_empty() || roles.len() > ROLES_MAX => {
                let rule = format!("there are {}; a restricted server names 1 to {ROLES_MAX}", roles.len());
                Err(VaultError::invalid("roles", rule))
            }
            ServerRule::Roles(_) | ServerRule::Unrestricted => Ok(()),
        }
    }

    /// Passes a verdict about an entry on, logging a refusal as `kind`.
    pub(super) fn logged_for(
        &self,
        verdict: Result<Authorized, crate::policy::Denied>,
        found: &FoundEntry,
        kind: EventKind,
    ) -> Result<Authorized, VaultError> {
        if verdict.is_err() {
            self.log(kind, Outcome::Denied, &[found.id])?;
        }
        Ok(verdict?)
    }
}

const ROLES_MAX: usize = 256;
