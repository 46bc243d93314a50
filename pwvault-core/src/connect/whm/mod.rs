//! Servers with WHM (cPanel & WHM): sign-on through WHM API 1, `create_user_session`, as documented
//! at <https://api.docs.cpanel.net/openapi/whm/operation/create_user_session/>, over HTTPS.

mod answer;
mod client;

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use ureq::Agent;

use super::address::ServerAddress;
use super::connector::{ConnectRequest, Connector, ConnectorKind, Need, SignOn};
use super::error::ConnectError;

/// Signs in to WHM, cPanel and webmail on servers with WHM.
///
/// The entry's user name is the one an API token belongs to, such as `root`, and its password is
/// that token. A token needs the privilege `create-user-session`.
///
/// Certificates are checked against the public authorities. For a server with a certificate of its
/// own, [`pin`](Self::pin) it. Redirects are not followed and proxies are not used.
///
/// # Security
/// The token is in the memory of the HTTP client while the request runs, and is not wiped there.
///
/// # Examples
/// ```
/// use pwvault_core::connect::{ConnectError, Connector, ConnectRequest, WhmConnector};
///
/// let whm = WhmConnector::new();
/// assert!(whm.kind().tests_login);
///
/// let token = "API token".into();
/// let request = ConnectRequest {
///     address: "https://not.a.host/",
///     username: "root",
///     secret: &token,
///     service: Some("whostmgrd"),
///     account: None,
///     locale: None,
/// };
/// assert!(matches!(whm.connect(&request), Err(ConnectError::Unsupported { field: "address", .. })));
/// ```
pub struct WhmConnector {
    timeout: Duration,
    public: Agent,
    pinned: HashMap<String, Agent>,
}

impl WhmConnector {
    /// A connector that trusts public certificates and waits 20 seconds for a whole answer.
    #[must_use]
    pub fn new() -> Self {
        Self::with_timeout(Duration::from_secs(20))
    }

    /// A connector that waits this long for a whole answer, from the look-up of the name to the last
    /// byte.
    #[must_use]
    pub fn with_timeout(timeout: Duration) -> Self {
        Self { timeout, public: client::agent(timeout, None), pinned: HashMap::new() }
    }

    /// Trusts, for this host, the certificates in `pem` and no others: the server's own self-signed
    /// one, or that of the authority that issued it. The name and the dates in the server's
    /// certificate count all the same.
    ///
    /// A self-signed certificate that says it is an authority (`CA:TRUE`) does not serve as a
    /// server's own.
    ///
    /// # Errors
    /// [`ConnectError::Unsupported`] when `host` is no host or `pem` holds no certificate.
    pub fn pin(mut self, host: &str, pem: &[u8]) -> Result<Self, ConnectError> {
        let host = host.parse::<ServerAddress>()?.host();
        self.pinned.insert(host, client::agent(self.timeout, Some(client::certificates(pem)?)));
        Ok(self)
    }

    fn call(
        &self,
        request: &ConnectRequest<'_>,
        function: &str,
        parameters: &[(&str, &str)],
    ) -> Result<Vec<u8>, ConnectError> {
        let address: ServerAddress = request.address.parse()?;
        check_credential(request)?;
        let agent = self.pinned.get(&address.host()).unwrap_or(&self.public);
        client::get(agent, &address, function, parameters, request)
    }
}

impl Connector for WhmConnector {
    fn kind(&self) -> ConnectorKind {
        ConnectorKind {
            name: "whm".to_owned(),
            needs: vec![Need::Host, Need::Username, Need::Token],
            gives_url: true,
            tests_login: true,
            services: SERVICES.map(str::to_owned).to_vec(),
        }
    }

    fn connect(&self, request: &ConnectRequest<'_>) -> Result<SignOn, ConnectError> {
        let host = request.address.parse::<ServerAddress>()?.host();
        let [usual, ..] = SERVICES;
        let service = request.service.unwrap_or(usual);
        if !SERVICES.contains(&service) {
            return Err(ConnectError::unsupported("service", "it is whostmgrd, cpaneld or webmaild"));
        }
        let mut parameters = vec![
            ("user", request.account.unwrap_or(request.username)),
            ("service", service),
            // Else the address of the session is on whatever name the server calls itself by.
            ("preferred_domain", &host),
        ];
        parameters.extend(request.locale.map(|locale| ("locale", locale)));
        answer::session(&self.call(request, "create_user_session", &parameters)?)
    }

    fn test(&self, request: &ConnectRequest<'_>) -> Result<(), ConnectError> {
        answer::done(&self.call(request, "version", &[])?)
    }
}

impl Default for WhmConnector {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for WhmConnector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WhmConnector").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

/// What goes into the header `Authorization: whm user:token` as it stands.
fn check_credential(request: &ConnectRequest<'_>) -> Result<(), ConnectError> {
    let fits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    if !fits(request.username) || request.username.contains(':') {
        return Err(ConnectError::unsupported("username", "it is printable ASCII without blanks and colons"));
    }
    if !fits(request.secret.expose()) {
        return Err(ConnectError::unsupported("password", "it is an API token: printable ASCII without blanks"));
    }
    Ok(())
}

const SERVICES: [&str; 3] = ["whostmgrd", "cpaneld", "webmaild"];
