//! Addresses of servers, and of the sessions they open.

use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

use super::connector::{ConnectRequest, ConnectorKind, Need, SignOn};
use super::error::ConnectError;

/// Host name or IP address of a server, with or without a port: `server.example`,
/// `192.0.2.7:2087`, `[2001:db8::7]:2087`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerAddress {
    host: Host,
    port: Option<u16>,
}

impl ServerAddress {
    /// Whether `url` is on this host, whatever its port.
    #[must_use]
    pub fn is_host_of(&self, url: &Url) -> bool {
        url.host().is_some_and(|host| host.to_owned() == self.host)
    }

    /// The host, an IPv6 address in brackets.
    #[must_use]
    pub fn host(&self) -> String {
        self.host.to_string()
    }

    /// The port, or `usual` when the address names none.
    #[must_use]
    pub fn port_or(&self, usual: u16) -> u16 {
        self.port.unwrap_or(usual)
    }
}

impl FromStr for ServerAddress {
    type Err = ConnectError;

    fn from_str(text: &str) -> Result<Self, ConnectError> {
        let wrong = ConnectError::unsupported("address", "it is a host name or IP address, with a port if need be");
        let strange = |c: char| c.is_control() || c.is_whitespace() || "/\\?#@%".contains(c);
        if text.is_empty() || text.len() > ADDRESS_MAX || text.contains(strange) {
            return Err(wrong);
        }
        let Ok(url) = Url::parse(&format!("https://{text}/")) else { return Err(wrong) };
        // `url` drops the scheme's usual port, which is not the server's.
        let port = match text.rsplit_once(':') {
            Some((_, port)) if !port.contains(']') => Some(port.parse().map_err(|_| wrong.clone())?),
            _ => None,
        };
        match url.host() {
            Some(host) if port != Some(0) => Ok(Self { host: host.to_owned(), port }),
            _ => Err(wrong),
        }
    }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) => write!(f, "{}:{port}", self.host),
            None => write!(f, "{}", self.host),
        }
    }
}

/// Holds what a connector returned against what was asked: the address to send the browser to is
/// there exactly when the kind gives one, is https, on the server's own host, without a user name,
/// and does not hold the credential.
///
/// # Errors
/// [`ConnectError::Malformed`] when it is not accepted, [`ConnectError::Unsupported`] when the
/// request's own address does not read.
pub fn check_sign_on(kind: &ConnectorKind, request: &ConnectRequest<'_>, sign_on: &SignOn) -> Result<(), ConnectError> {
    let text = match (&sign_on.url, kind.gives_url) {
        (Some(text), true) => text.expose(),
        (None, false) => return Ok(()),
        (None, true) => return Err(ConnectError::malformed("it has no address to go to")),
        (Some(_), false) => return Err(ConnectError::malformed("it has an address, which this kind does not give")),
    };
    if text.len() > SIGN_ON_URL_MAX || text.contains(|c: char| c.is_control() || c.is_whitespace()) {
        return Err(ConnectError::malformed("its address is too long or holds blanks"));
    }
    let Ok(url) = Url::parse(text) else { return Err(ConnectError::malformed("its address does not read")) };
    if url.scheme() != "https" {
        return Err(ConnectError::malformed("its address is not https"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(ConnectError::malformed("its address holds a user name or password"));
    }
    if kind.needs(Need::Host) && !request.address.parse::<ServerAddress>()?.is_host_of(&url) {
        return Err(ConnectError::malformed("its address is on another host"));
    }
    let secret = request.secret.expose();
    let holds = |text: &str| !secret.is_empty() && text.contains(secret);
    if holds(text) || url.query_pairs().any(|(name, value)| holds(&name) || holds(&value)) {
        return Err(ConnectError::malformed("its address holds the credential"));
    }
    Ok(())
}

/// The longest host name, brackets and a port.
const ADDRESS_MAX: usize = 262;
const SIGN_ON_URL_MAX: usize = 8 * 1024;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::secret::SecretString;

    #[test]
    fn addresses_are_a_host_and_a_port_and_nothing_else() {
        for (text, host, port) in [
            ("server.example", "server.example", 2087),
            ("SERVER.example:443", "server.example", 443),
            ("192.0.2.7:8443", "192.0.2.7", 8443),
            ("[2001:db8::7]", "[2001:db8::7]", 2087),
            ("[2001:db8::7]:99", "[2001:db8::7]", 99),
        ] {
            let address: ServerAddress = text.parse().unwrap();
            assert_eq!((address.host().as_str(), address.port_or(2087)), (host, port), "{text}");
            assert_eq!(address.to_string().parse::<ServerAddress>().unwrap(), address);
        }
        for bad in [
            "",
            "a b",
            "https://server.example",
            "server.example/path",
            "user@server.example",
            "server.example:0",
            "server.example:",
            "server.example:99999",
            "server.example#x",
            "2001:db8::7",
            "a%2fb",
            "server.example\n",
        ] {
            assert!(matches!(bad.parse::<ServerAddress>(), Err(ConnectError::Unsupported { .. })), "{bad:?}");
        }
        assert!("a".repeat(300).parse::<ServerAddress>().is_err());
    }

    fn verdict(address: &str, url: Option<&str>, gives_url: bool) -> Result<(), ConnectError> {
        let kind = ConnectorKind {
            name: "x".into(),
            needs: vec![Need::Host],
            gives_url,
            tests_login: false,
            services: Vec::new(),
        };
        let secret = SecretString::from("t0ken");
        let request =
            ConnectRequest { address, username: "root", secret: &secret, service: None, account: None, locale: None };
        check_sign_on(&kind, &request, &SignOn { url: url.map(SecretString::from), expires_at: None })
    }

    #[test]
    fn a_session_is_https_on_the_servers_own_host() {
        for good in ["https://server.example/", "https://SERVER.example:2083/cpsess1/login/?session=a%3ab"] {
            assert_eq!(verdict("server.example:2087", Some(good), true), Ok(()), "{good}");
        }
        for bad in [
            "http://server.example/",
            "https://server.example.evil.example/",
            "https://evil.example/?server.example",
            "https://server.example@evil.example/",
            "https://root@server.example/",
            "https://root:pass@server.example/",
            "javascript:alert(1)",
            "//server.example/",
            "https://server.example/a b",
            "https://server.example/?x=t0ken",
            "https://server.example/t0ken",
            "https://server.example/?x=%740ken",
            "",
        ] {
            let verdict = verdict("server.example:2087", Some(bad), true);
            assert!(matches!(verdict, Err(ConnectError::Malformed { .. })), "{bad}: {verdict:?}");
        }
        let long = format!("https://server.example/{}", "a".repeat(SIGN_ON_URL_MAX));
        assert!(verdict("server.example", Some(&long), true).is_err());
    }

    #[test]
    fn an_address_is_there_exactly_when_the_kind_gives_one() {
        assert_eq!(verdict("server.example", None, false), Ok(()));
        assert!(verdict("server.example", None, true).is_err());
        assert!(verdict("server.example", Some("https://server.example/"), false).is_err());
    }
}
