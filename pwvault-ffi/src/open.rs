//! Opening and creating vaults from one document, and beginning sessions from another.

use std::path::Path;
use std::sync::Arc;

use pwvault_core::connect::ConnectorKind;
#[cfg(feature = "whm")]
use pwvault_core::connect::WhmConnector;
use pwvault_core::crypto::PublicKey;
use pwvault_core::envelope::Keyring;
use pwvault_core::id::VaultId;
use pwvault_core::model::{KekId, Principal, RequestContext, Settings};
#[cfg(feature = "sqlite")]
use pwvault_core::store::SqliteStore;
use pwvault_core::store::{MemoryStore, Store};
use pwvault_core::vault::{Pages, UnlockTicket, VaultHead};
use pwvault_core::{KekFile, KekRing, RoleId, SecretBytes, Session, Vault, VaultBuilder, VaultError};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::fault::Fault;
use crate::hosts::{Host, HostRoles, Roles};
use crate::ops;

/// Which vault, where, and under which key.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct OpenOptions {
    /// Where its records are: `sqlite:` and a path, `memory:`, or `host:` where the host keeps them.
    store: String,
    /// Its id.
    vault: VaultId,
    /// The key it is sealed under.
    kek: KekSource,
    /// What to do when the store holds no such vault, or holds it already.
    #[serde(default)]
    mode: OpenMode,
    /// The role that a created vault gives every section.
    full_access: Option<RoleId>,
    /// Settings of a created vault.
    settings: Option<Settings>,
    /// Audit shards of a created vault.
    shards: Option<u32>,
    /// The head that was kept; an older vault is refused.
    min_head: Option<VaultHead>,
    /// The offline recovery key of master passwords, as PEM.
    recovery_key: Option<String>,
    /// The kinds of servers that the host signs in to by itself.
    #[serde(default)]
    pulled_connectors: Vec<ConnectorKind>,
    /// Signs in to servers with WHM.
    #[serde(default)]
    whm: bool,
    /// The page that opens links.
    link_page: Option<String>,
    /// The page that takes answers to requests.
    request_page: Option<String>,
    /// The page that takes people in who were invited.
    invitation_page: Option<String>,
    // The facades say it for their hosts, so it is not described.
    #[serde(default)]
    #[schemars(skip)]
    hosts: HostRoles,
}

/// Where the KEK comes from.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum KekSource {
    /// From the host, the current one first.
    Keys(Vec<HostKek>),
    /// From a file of its own.
    File {
        /// Its id.
        id: KekId,
        /// The file's path.
        path: String,
        /// Makes the file first, which must not be there; with `open_or_create` where there is neither
        /// the file nor the vault.
        #[serde(default)]
        create: bool,
    },
    /// From the host's key provider.
    Host,
}

/// A KEK from the host.
#[derive(Debug, Deserialize, JsonSchema)]
struct HostKek {
    /// Its id.
    id: KekId,
    /// 32 bytes.
    key: SecretBytes,
}

/// What to do when the store holds no such vault, or holds it already.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum OpenMode {
    /// There must be one.
    #[default]
    Open,
    /// There must be none.
    Create,
    /// Create it unless it is there.
    OpenOrCreate,
}

/// Who acts, how, and with which unlock tickets.
#[derive(Debug, Deserialize, JsonSchema)]
pub(crate) struct SessionOptions {
    /// Who acts, as the host has authenticated them.
    principal: Principal,
    /// The request on whose behalf.
    #[serde(default)]
    context: RequestContext,
    /// What was unlocked before.
    #[serde(default)]
    tickets: Vec<UnlockTicket>,
}

/// Begins the session of a vault that a document describes.
///
/// # Errors
/// [`Code::InvalidArgument`](crate::Code::InvalidArgument).
pub fn begin(vault: &Vault, document: &[u8], secrets: Vec<SecretBytes>) -> Result<Session, Fault> {
    let SessionOptions { principal, context, tickets } = ops::read_document(document, secrets)?;
    let session = vault.session(principal, context);
    Ok(tickets.into_iter().fold(session, Session::with_ticket))
}

/// Opens or creates the vault that a document describes.
///
/// # Errors
/// [`Code::InvalidArgument`](crate::Code::InvalidArgument) and those of
/// [`VaultBuilder`].
pub fn open(document: &[u8], secrets: Vec<SecretBytes>) -> Result<Vault, Fault> {
    open_with(document, secrets, None)
}

/// As [`open`], with a host that answers in the roles that the document names.
///
/// # Errors
/// As [`open`].
pub fn open_with(document: &[u8], secrets: Vec<SecretBytes>, host: Option<Arc<dyn Host>>) -> Result<Vault, Fault> {
    let options: OpenOptions = ops::read_document(document, secrets)?;
    let roles = Roles::new(options.hosts, host)?;
    roles.check_used(options.store == "host:", matches!(options.kek, KekSource::Host))?;
    #[cfg(feature = "sqlite")]
    let is_path = |path: &str| !path.is_empty() && !path.contains('\0');
    // Refused before anything is made.
    let role = match (options.mode, options.full_access, &options.min_head) {
        (OpenMode::Open, ..) => None,
        (_, _, Some(_)) => return Err(Fault::argument("min_head: a vault that may be new has no head yet")),
        (_, None, None) => return Err(Fault::argument("full_access: a created vault needs a role")),
        (_, role, None) => role,
    };
    let store: Arc<dyn Store> = match (options.store.split_once(':'), options.mode) {
        (Some(("host", "")), _) => roles.store()?,
        (Some(("memory", "")), _) => Arc::new(MemoryStore::new()),
        #[cfg(feature = "sqlite")]
        (Some(("sqlite", path)), OpenMode::Open) if is_path(path) => {
            Arc::new(SqliteStore::open_existing(path).map_err(VaultError::from)?)
        }
        #[cfg(feature = "sqlite")]
        (Some(("sqlite", path)), _) if is_path(path) => Arc::new(SqliteStore::open(path).map_err(VaultError::from)?),
        _ => return Err(Fault::argument("store: expected `sqlite:` and a path, `memory:` or `host:`")),
    };
    let mut builder = match options.kek {
        KekSource::Keys(keys) => VaultBuilder::new(KekRing::new(
            keys.into_iter().map(|HostKek { id, key }| pwvault_core::model::Kek { id, key }).collect(),
        )),
        KekSource::File { id, path, create } => {
            let or_create = matches!(options.mode, OpenMode::OpenOrCreate);
            let make = create && !(or_create && (Path::new(&path).exists() || holds(&*store, options.vault)?));
            VaultBuilder::new(if make {
                KekFile::create(id, path).map_err(VaultError::from)?
            } else {
                KekFile::new(id, path)
            })
        }
        KekSource::Host => roles.keys()?,
    };
    builder = roles.provide(builder);
    let (link, request) = (options.link_page, options.request_page);
    builder = builder.pages(Pages { link, request, invitation: options.invitation_page });
    if let Some(settings) = options.settings {
        builder = builder.settings(settings);
    }
    if let Some(shards) = options.shards {
        builder = builder.shards(shards);
    }
    if let Some(pem) = options.recovery_key {
        builder = builder.recovery_key(PublicKey::from_pem(&pem).map_err(VaultError::from)?);
    }
    for kind in options.pulled_connectors {
        builder = builder.pulled_connector(kind);
    }
    if options.whm {
        builder = with_whm(builder)?;
    }
    Ok(match (options.mode, role, options.min_head) {
        (OpenMode::Create, Some(role), _) => builder.create(store, options.vault, role)?,
        (OpenMode::OpenOrCreate, Some(role), _) => builder.open_or_create(store, options.vault, role)?,
        (_, _, Some(head)) => builder.open_at_least(store, options.vault, &head)?,
        (_, _, None) => builder.open(store, options.vault)?,
    })
}

#[cfg(feature = "whm")]
fn with_whm(builder: VaultBuilder) -> Result<VaultBuilder, Fault> {
    Ok(builder.connector(WhmConnector::new()))
}

#[cfg(not(feature = "whm"))]
fn with_whm(_: VaultBuilder) -> Result<VaultBuilder, Fault> {
    Err(Fault::argument("whm: this library is built without it"))
}

/// Whether a store holds a vault, whose key is then no new one.
fn holds(store: &dyn Store, vault: VaultId) -> Result<bool, Fault> {
    Ok(store.load(&[Keyring::record_key(vault)]).map_err(VaultError::from)?.iter().any(Option::is_some))
}
