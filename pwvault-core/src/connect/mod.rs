//! Connectors: who signs in to a server with a credential of the vault, so that nobody sees it.
//! Owns the trait [`Connector`], what a request and an answer look like, and which redirect
//! addresses are accepted; knows no entries, no keys and no rules.

mod address;
mod connector;
mod error;
mod messages;
#[cfg(feature = "whm")]
mod whm;

pub use address::{ServerAddress, check_sign_on};
pub use connector::{ConnectRequest, Connector, ConnectorKind, Need, SignOn};
pub use error::ConnectError;
#[cfg(feature = "whm")]
pub use whm::WhmConnector;
