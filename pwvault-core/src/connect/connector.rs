//! The trait a host implements to sign in to one kind of server.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::error::ConnectError;
use crate::clock::Timestamp;
use crate::secret::SecretString;

/// Something a connector cannot work without.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Need {
    /// The server's host name or address.
    Host,
    /// A user name.
    Username,
    /// A password.
    Password,
    /// An API token or key, held in the place of the password.
    Token,
}

/// A kind of server and what its connector can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ConnectorKind {
    /// Its name, under which server entries refer to it: 1 to 64 bytes.
    pub name: String,
    /// What it needs.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// Whether a sign-on ends in an address to send the browser to.
    #[serde(default)]
    pub gives_url: bool,
    /// Whether it can try a credential without signing in.
    #[serde(default)]
    pub tests_login: bool,
    /// The services of a server it signs in to, the usual one first; none when there is no choice.
    #[serde(default)]
    pub services: Vec<String>,
}

impl ConnectorKind {
    /// Whether it needs this.
    #[must_use]
    pub fn needs(&self, need: Need) -> bool {
        self.needs.contains(&need)
    }
}

/// A request to sign in.
#[derive(Clone, Copy, Debug)]
pub struct ConnectRequest<'a> {
    /// Host name or address of the server, with a port if it is not the usual one.
    pub address: &'a str,
    /// The user name that goes with the credential.
    pub username: &'a str,
    /// The credential: a password or a token.
    pub secret: &'a SecretString,
    /// The service of the server, one of [`ConnectorKind::services`]; the usual one when absent.
    pub service: Option<&'a str>,
    /// The account to be signed in as, when it is not the one of the credential.
    pub account: Option<&'a str>,
    /// The language of the session, as the server names it.
    pub locale: Option<&'a str>,
}

/// A sign-on that came about.
///
/// # Security
/// Whoever has the address is signed in until it expires. Send it to the browser that asked for it
/// and keep it nowhere.
#[derive(Clone)]
#[cfg_attr(feature = "crossing", derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema))]
pub struct SignOn {
    /// Where to send the browser; `None` for a kind that gives no address.
    pub url: Option<SecretString>,
    /// Until when the address works, by the server's clock.
    pub expires_at: Option<Timestamp>,
}

impl fmt::Debug for SignOn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignOn").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// Signs in to servers of one kind.
///
/// # Contract
/// Called from the thread that called the vault, with no lock held, after the event that says so was
/// committed. It ends in bounded time. It sends the credential to the named server alone, over an
/// encrypted and authenticated connection, and neither keeps nor logs it; nothing it returns holds
/// the credential or text the server wrote. The vault holds what it returns against
/// [`check_sign_on`](super::check_sign_on).
pub trait Connector: Send + Sync {
    /// Its kind.
    fn kind(&self) -> ConnectorKind;

    /// Signs in.
    ///
    /// # Errors
    /// [`ConnectError`] by what went wrong.
    fn connect(&self, request: &ConnectRequest<'_>) -> Result<SignOn, ConnectError>;

    /// Tries the credential without signing in.
    ///
    /// # Errors
    /// [`ConnectError`] by what went wrong; [`ConnectError::Unsupported`] for a kind that cannot.
    fn test(&self, _request: &ConnectRequest<'_>) -> Result<(), ConnectError> {
        Err(ConnectError::unsupported("connector", "this kind cannot try a credential; sign in instead"))
    }
}
