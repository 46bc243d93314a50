//! What a host supplies: where keys, time, cryptography and people come from.

use std::fmt;
use std::sync::Arc;

use super::error::VaultError;
use crate::audit::CheckpointSink;
use crate::clock::{Clock, SystemClock};
use crate::connect::{Connector, ConnectorKind};
use crate::crypto::{self, CryptoProvider, PublicKey};
use crate::model::{Directory, Kek, KekId, KeyProvider, KeyProviderError, Notifier, Services, check_address};
use crate::secret::SecretBytes;

/// Everything a vault asks others for. No process-wide state: two vaults may differ in all of it.
#[derive(Clone)]
pub struct Providers {
    /// Gives the KEK.
    pub keys: Arc<dyn KeyProvider>,
    /// Tells the time; the operating system's clock unless replaced.
    pub clock: Arc<dyn Clock>,
    /// Does public-key cryptography.
    pub crypto: Arc<dyn CryptoProvider>,
    /// Knows people; `None` means the mirror filled by `sync_principals`.
    pub directory: Option<Arc<dyn Directory>>,
    /// Signs in to servers.
    pub connectors: Connectors,
    /// Knows the services of clients; `None` means that what a call names is taken as it is.
    pub services: Option<Arc<dyn Services>>,
    /// Delivers messages; without one, hosts pull them from the outbox.
    pub notifier: Option<Arc<dyn Notifier>>,
    /// Where the host shows what people who are not signed in are sent.
    pub pages: Pages,
    /// The offline recovery key to which master passwords may be sealed as well.
    pub recovery_key: Option<PublicKey>,
    /// Keeps signed checkpoints of the log outside the database; `None` means that the host pulls them.
    pub checkpoint_sink: Option<Arc<dyn CheckpointSink>>,
}

impl Providers {
    /// Working defaults around a key provider.
    #[must_use]
    pub fn new(keys: Arc<dyn KeyProvider>) -> Self {
        Self {
            keys,
            clock: Arc::new(SystemClock),
            crypto: crypto::default_provider(),
            directory: None,
            connectors: Connectors::default(),
            services: None,
            notifier: None,
            pages: Pages::default(),
            recovery_key: None,
            checkpoint_sink: None,
        }
    }
}

/// Addresses of the host's pages for people who are not signed in: https or http, without a fragment.
/// What the vault makes is put behind a `#`, which browsers keep to themselves. Where an address is
/// given, messages carry what leads there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pages {
    /// Opens links: it is put into messages about changed secrets, of entries that ask for it.
    pub link: Option<String>,
    /// Takes answers to requests for credentials: it is put into a message to the client who is asked.
    pub request: Option<String>,
    /// Takes people in who were invited: it is put into a message to the address that is invited. Without it
    /// the host sends the token of an [`Invitation`](super::Invitation) itself.
    pub invitation: Option<String>,
}

impl Pages {
    pub(super) fn check(&self) -> Result<(), VaultError> {
        for page in [&self.link, &self.request, &self.invitation].into_iter().flatten() {
            check_address(page).map_err(|error| VaultError::invalid("pages", error.to_string()))?;
            if page.contains('#') {
                return Err(VaultError::invalid("pages", "it has a fragment; leave out what begins with #"));
            }
        }
        Ok(())
    }
}

/// The connectors of a vault, one for each kind of server.
#[derive(Clone, Default)]
pub struct Connectors(Vec<Registered>);

#[derive(Clone)]
enum Registered {
    Called(Arc<dyn Connector>),
    /// The host is the connector, and cannot be called back.
    Pulled(ConnectorKind),
}

impl Registered {
    fn kind(&self) -> ConnectorKind {
        match self {
            Self::Called(connector) => connector.kind(),
            Self::Pulled(kind) => kind.clone(),
        }
    }
}

impl Connectors {
    /// Adds a connector, in the place of one of the same kind.
    pub fn register(&mut self, connector: Arc<dyn Connector>) {
        self.put(Registered::Called(connector));
    }

    /// Adds a kind whose connector is the host itself, in the place of one of the same kind.
    pub fn register_pulled(&mut self, kind: ConnectorKind) {
        self.put(Registered::Pulled(kind));
    }

    /// Every kind, by name.
    #[must_use]
    pub fn kinds(&self) -> Vec<ConnectorKind> {
        let mut kinds: Vec<_> = self.0.iter().map(Registered::kind).collect();
        kinds.sort_by(|one, other| one.name.cmp(&other.name));
        kinds
    }

    pub(super) fn kind(&self, name: &str) -> Option<ConnectorKind> {
        self.0.iter().map(Registered::kind).find(|kind| kind.name == name)
    }

    pub(super) fn registered(&self, name: &str) -> Option<Arc<dyn Connector>> {
        self.0.iter().find_map(|one| match one {
            Registered::Called(connector) if connector.kind().name == name => Some(Arc::clone(connector)),
            _ => None,
        })
    }

    pub(super) fn is_pulled(&self, name: &str) -> bool {
        self.0.iter().any(|one| matches!(one, Registered::Pulled(kind) if kind.name == name))
    }

    fn put(&mut self, new: Registered) {
        let name = new.kind().name;
        self.0.retain(|one| one.kind().name != name);
        self.0.push(new);
    }
}

impl fmt::Debug for Connectors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.kinds().iter().map(|kind| &kind.name)).finish()
    }
}

impl fmt::Debug for Providers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Providers").finish_non_exhaustive()
    }
}

/// KEKs held in memory, the current one first.
#[derive(Clone, Debug)]
pub struct KekRing(Vec<Kek>);

impl KekRing {
    /// A ring of one.
    #[must_use]
    pub fn single(id: KekId, key: SecretBytes) -> Self {
        Self(vec![Kek { id, key }])
    }

    /// A ring of several, the current one first.
    #[must_use]
    pub const fn new(keks: Vec<Kek>) -> Self {
        Self(keks)
    }
}

impl KeyProvider for KekRing {
    fn keks(&self) -> Result<Vec<Kek>, KeyProviderError> {
        Ok(self.0.clone())
    }
}

/// A KEK that a function gives, such as a call to a key management service.
pub struct KekCallback<F>(F);

impl<F: Fn() -> Result<Vec<Kek>, KeyProviderError> + Send + Sync> KekCallback<F> {
    /// Asks `function` for the ring each time it is needed.
    pub const fn new(function: F) -> Self {
        Self(function)
    }
}

impl<F: Fn() -> Result<Vec<Kek>, KeyProviderError> + Send + Sync> KeyProvider for KekCallback<F> {
    fn keks(&self) -> Result<Vec<Kek>, KeyProviderError> {
        (self.0)()
    }
}

impl<F> fmt::Debug for KekCallback<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KekCallback")
    }
}
