//! Signing in to servers without seeing their secrets: which servers there are, who may sign in, and
//! handing the secret to a connector. The event is committed before the connector sees plaintext.

use serde::{Deserialize, Serialize};

mod act;
mod setup;

use super::error::VaultError;
use super::permit::Permit;
use super::session::Session;
use crate::connect::{ConnectError, ConnectorKind, SignOn};
use crate::id::EntryId;
use crate::model::{EventKind, ServerAccess};
use crate::policy::Capability;
use crate::secret::SecretString;

/// What is asked of a server besides signing in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct SignOnOptions {
    /// The service of the server, one of the connector's; its usual one when absent.
    pub service: Option<String>,
    /// The account to be signed in as, when it is not that of the credential.
    pub account: Option<String>,
    /// The language of the session, as the server names it.
    pub locale: Option<String>,
}

/// A server that the principal may sign in to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServerView {
    /// The entry.
    pub entry: EntryId,
    /// Its name.
    pub name: String,
    /// How it is signed in to.
    pub access: ServerAccess,
    /// What its connector can do; `None` when no connector of this kind is registered.
    pub kind: Option<ConnectorKind>,
    /// Whether a key or master password has to be unlocked first.
    pub locked: bool,
}

/// A sign-on that the host does itself, because the vault cannot call it: the secret for its own
/// connector, and the permit to acknowledge it with.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "crossing", derive(serde::Serialize, schemars::JsonSchema))]
pub struct HandedOver {
    /// What [`acknowledge_sign_on`](Connect::acknowledge_sign_on) asks for.
    pub permit: Permit,
    /// How the server is signed in to.
    pub access: ServerAccess,
    /// The user name.
    pub username: String,
    /// The password or token.
    pub secret: SecretString,
}

/// Signing in to servers.
///
/// It takes the action use on the entry, the section `connect` (or `connect.configure`), and what the
/// server's own rule asks for. Whoever may use and not reveal can sign in and never sees the secret.
///
/// # Examples
/// ```
/// # use std::sync::Arc;
/// # use pwvault_core::{model::*, store::MemoryStore, vault::prelude::*, *};
/// # use pwvault_core::connect::*;
/// # let builder = VaultBuilder::new(KekRing::single(KekId([7; 16]), SecretBytes::new(vec![1; 32])));
/// struct Panel;
///
/// impl Connector for Panel {
///     fn kind(&self) -> ConnectorKind {
///         let (needs, services) = (vec![Need::Host, Need::Username, Need::Password], Vec::new());
///         ConnectorKind { name: "panel".into(), needs, gives_url: true, tests_login: false, services }
///     }
///     fn connect(&self, request: &ConnectRequest<'_>) -> Result<SignOn, ConnectError> {
///         // Ask the server for a session with `request.username` and `request.secret`.
///         let url = format!("https://{}/session/1", request.address);
///         Ok(SignOn { url: Some(url.into()), expires_at: None })
///     }
/// }
///
/// # let store = Arc::new(MemoryStore::new());
/// let vault = builder.connector(Panel).create(store, VaultId::from_bytes([1; 16]), RoleId::new("full")?)?;
/// # let session = |id: &str, role: &str| -> Result<Session, VaultError> {
/// #     Ok(vault.session(Principal::admin_with_roles(AdminId::new(id)?, vec![RoleId::new(role)?]), RequestContext::default()))
/// # };
/// let root = session("root", "full")?;
/// let draft = EntryDraft { name: "web1".into(), username: "root".into(), password: "s3cret".into(), ..EntryDraft::default() };
/// let id = root.create_entry(&draft)?;
/// let access = ServerAccess { connector: "panel".into(), address: "web1.example".into(), rule: ServerRule::Unrestricted };
/// root.set_server(id, 1, Some(&access))?;
/// let use_it = Actions::NONE.with(Action::Use);
/// root.share(id, &[GrantChange::put(Grantee::Role(RoleId::new("desk")?), use_it)])?;
/// root.add_rule(&RuleDraft { name: "Desk".into(), allow: vec![Section::Connect], restrict: vec![Section::ConnectConfigure], roles: vec![RoleId::new("desk")?], ..RuleDraft::default() })?;
///
/// let desk = session("eve", "desk")?;
/// let signed_on = desk.sign_on(id, &Default::default())?;
/// assert_eq!(signed_on.url.expect("the panel gives one").expose(), "https://web1.example/session/1");
/// assert!(matches!(desk.reveal(id), Err(VaultError::Denied(_))));
/// # Ok::<(), VaultError>(())
/// ```
pub trait Connect {
    /// The kinds of servers that can be signed in to, by name.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section.
    fn connectors(&self) -> Result<Vec<ConnectorKind>, VaultError>;

    /// The servers that the principal may sign in to, by name.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section, [`VaultError::TooMany`] above
    /// `Settings::search_limit`.
    fn servers(&self) -> Result<Vec<ServerView>, VaultError>;

    /// Says how an entry's server, still at `version`, is signed in to; `None` ends it. Returns the
    /// new version.
    ///
    /// # Errors
    /// [`VaultError::Invalid`] for a connector that is not registered, an address that does not read
    /// or too many roles; [`VaultError::VersionConflict`], [`VaultError::Denied`],
    /// [`VaultError::NotFound`].
    ///
    /// # Security
    /// It takes the right to reveal: whoever names the server decides where the secret is sent.
    fn set_server(&self, id: EntryId, version: u64, access: Option<&ServerAccess>) -> Result<u64, VaultError>;

    /// Signs in through the registered connector. The event is committed before the connector is
    /// called, and how it ended in a second one.
    ///
    /// # Errors
    /// [`VaultError::Connect`] by what went wrong; [`VaultError::Locked`] when a key or password is
    /// needed first; [`VaultError::State`] for an entry without a server, or one whose connector the
    /// host is itself; [`VaultError::Denied`], [`VaultError::NotFound`].
    fn sign_on(&self, id: EntryId, options: &SignOnOptions) -> Result<SignOn, VaultError>;

    /// Tries the credential of a server without signing in. Logged as a sign-on is.
    ///
    /// # Errors
    /// As [`sign_on`](Self::sign_on).
    fn test_sign_on(&self, id: EntryId) -> Result<(), VaultError>;

    /// Hands the secret of a server to the host, which is the connector of this kind itself. The
    /// event is committed first. Within two minutes the host says with
    /// [`acknowledge_sign_on`](Self::acknowledge_sign_on) how it ended.
    ///
    /// # Errors
    /// [`VaultError::State`] for a kind that is not registered with
    /// [`pulled_connector`](super::VaultBuilder::pulled_connector); else as
    /// [`sign_on`](Self::sign_on).
    ///
    /// # Security
    /// The secret is for the host's connector and not for the person who asked.
    fn begin_sign_on(&self, id: EntryId) -> Result<HandedOver, VaultError>;

    /// Takes down how a sign-on ended that the host did itself, and gives back what may be sent to
    /// the browser.
    ///
    /// # Errors
    /// [`VaultError::State`] for a permit that has ended, was used, or is another's;
    /// [`VaultError::Connect`] when `outcome` is an error or an address that is not accepted.
    fn acknowledge_sign_on(&self, permit: &Permit, outcome: Result<SignOn, ConnectError>)
    -> Result<SignOn, VaultError>;
}

impl Connect for Session {
    fn connectors(&self) -> Result<Vec<ConnectorKind>, VaultError> {
        self.run(|gate| {
            let _proof = gate.capability(Capability::Servers, EventKind::SignOnStarted)?;
            Ok(gate.core.providers.connectors.kinds())
        })
    }

    fn servers(&self) -> Result<Vec<ServerView>, VaultError> {
        self.run(|gate| gate.servers())
    }

    fn set_server(&self, id: EntryId, version: u64, access: Option<&ServerAccess>) -> Result<u64, VaultError> {
        self.run(|gate| gate.set_server(id, version, access))
    }

    fn sign_on(&self, id: EntryId, options: &SignOnOptions) -> Result<SignOn, VaultError> {
        self.through_connector(id, options, |connector, kind, request| {
            let sign_on = connector.connect(request)?;
            crate::connect::check_sign_on(kind, request, &sign_on)?;
            Ok(sign_on)
        })
    }

    fn test_sign_on(&self, id: EntryId) -> Result<(), VaultError> {
        self.through_connector(id, &SignOnOptions::default(), |connector, _, request| connector.test(request))
    }

    fn begin_sign_on(&self, id: EntryId) -> Result<HandedOver, VaultError> {
        self.run(|gate| gate.hand_over(id))
    }

    fn acknowledge_sign_on(
        &self,
        permit: &Permit,
        outcome: Result<SignOn, ConnectError>,
    ) -> Result<SignOn, VaultError> {
        self.run(|gate| gate.acknowledge(permit, outcome.clone()))
    }
}
