//! Which roles a host takes, as the options of opening say.

use std::sync::Arc;

use pwvault_core::VaultBuilder;
use pwvault_core::connect::ConnectorKind;
use pwvault_core::store::Store;
use serde::Deserialize;

use super::Host;
use super::outside::{HostConnector, HostKeys, HostNotifier, HostSink};
use super::people::{HostDirectory, HostServices};
use super::store::HostStore;
use crate::fault::Fault;

/// The roles that the host answers in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct HostRoles {
    /// It keeps the records; the option `store` is then `host:`.
    store: bool,
    /// It gives the KEKs; the option `kek` is then `"host"`.
    key_provider: bool,
    directory: bool,
    services: bool,
    notifier: bool,
    checkpoint_sink: bool,
    /// The kinds of servers it signs in to.
    connectors: Vec<ConnectorKind>,
}

/// A host in the roles it takes.
pub(crate) struct Roles {
    roles: HostRoles,
    host: Option<Arc<dyn Host>>,
}

impl Roles {
    /// Refuses roles without a host, a host without roles, and connectors that cannot be told apart.
    pub(crate) fn new(roles: HostRoles, host: Option<Arc<dyn Host>>) -> Result<Self, Fault> {
        let HostRoles { store, key_provider, directory, services, notifier, checkpoint_sink, connectors } = &roles;
        let flags = [store, key_provider, directory, services, notifier, checkpoint_sink];
        let any = flags.into_iter().any(|flag| *flag) || !connectors.is_empty();
        if any != host.is_some() {
            return Err(Fault::argument("hosts: expected a host with its roles, or neither"));
        }
        let mut names: Vec<_> = connectors.iter().map(|kind| kind.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        if names.len() != connectors.len() || names.iter().any(|name| name.is_empty() || name.len() > KIND_MAX) {
            return Err(Fault::argument("hosts.connectors: expected kinds with distinct names of 1 to 64 bytes"));
        }
        Ok(Self { roles, host })
    }

    /// The host's store.
    pub(crate) fn store(&self) -> Result<Arc<dyn Store>, Fault> {
        match &self.host {
            Some(host) if self.roles.store => Ok(Arc::new(HostStore(Arc::clone(host)))),
            _ => Err(Fault::argument("store: `host:` needs a host with the role `store`")),
        }
    }

    /// A builder over the host's keys.
    pub(crate) fn keys(&self) -> Result<VaultBuilder, Fault> {
        match &self.host {
            Some(host) if self.roles.key_provider => Ok(VaultBuilder::new(HostKeys(Arc::clone(host)))),
            _ => Err(Fault::argument("kek: `host` needs a host with the role `key_provider`")),
        }
    }

    /// Whether the options make no use of a role that the host takes.
    pub(crate) fn check_used(&self, store: bool, keys: bool) -> Result<(), Fault> {
        if self.roles.store && !store {
            return Err(Fault::argument("store: the host has the role `store`; expected `host:`"));
        }
        if self.roles.key_provider && !keys {
            return Err(Fault::argument("kek: the host has the role `key_provider`; expected `host`"));
        }
        Ok(())
    }

    /// Lets the host answer in its other roles.
    pub(crate) fn provide(self, mut builder: VaultBuilder) -> VaultBuilder {
        let Some(host) = self.host else { return builder };
        let HostRoles { store: _, key_provider: _, directory, services, notifier, checkpoint_sink, connectors } =
            self.roles;
        if directory {
            builder = builder.directory(HostDirectory(Arc::clone(&host)));
        }
        if services {
            builder = builder.services(HostServices(Arc::clone(&host)));
        }
        if notifier {
            builder = builder.notifier(HostNotifier(Arc::clone(&host)));
        }
        if checkpoint_sink {
            builder = builder.checkpoint_sink(HostSink(Arc::clone(&host)));
        }
        for kind in connectors {
            builder = builder.connector(HostConnector { host: Arc::clone(&host), kind });
        }
        builder
    }
}

const KIND_MAX: usize = 64;
