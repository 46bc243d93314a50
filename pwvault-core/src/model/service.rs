//! Products and services of clients, as the host names them, and servers that staff sign in to.

use serde::{Deserialize, Serialize};

use crate::id::{ClientId, ProductGroupId, ProductId, RoleId, ServiceId};

/// A client's product or service.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServiceRef {
    /// Which service.
    pub id: ServiceId,
    /// Whose it is.
    pub client: ClientId,
    /// What product it is of.
    pub product: Option<ProductId>,
    /// The group of that product.
    pub product_group: Option<ProductGroupId>,
}

/// What an entry is to a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ServicePart {
    /// A sealed copy of the service's own login.
    Adopted,
    /// Another login that goes with the service.
    Additional,
}

/// The service an entry belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServiceLink {
    /// The service.
    pub service: ServiceRef,
    /// What the entry is to it.
    pub part: ServicePart,
}

/// Who may sign in to a server, besides holding the permission to connect at all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ServerRule {
    /// Everyone who may use the entry.
    #[default]
    Unrestricted,
    /// Of those, the holders of one of these roles.
    Roles(Vec<RoleId>),
}

/// How the server of an entry is signed in to without showing the secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ServerAccess {
    /// The kind of connector.
    pub connector: String,
    /// Host name or address, with a port if it is not the connector's own.
    pub address: String,
    /// Who may sign in.
    pub rule: ServerRule,
}

/// The host's list of services could not answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the host's services could not be asked: {reason}")]
pub struct ServicesError {
    /// What went wrong, without a person's data.
    pub reason: String,
}

/// Answers which services there are.
///
/// # Contract
/// Called from the thread that called the vault, with no lock held; it may call the vault. A service
/// it does not know is `None`, not an error. A host that cannot be called back supplies none; then
/// what it names in a call is taken as it is.
pub trait Services: Send + Sync {
    /// The service of this id, as it is now.
    ///
    /// # Errors
    /// [`ServicesError`] when the question could not be answered.
    fn service(&self, id: &ServiceId) -> Result<Option<ServiceRef>, ServicesError>;
}
