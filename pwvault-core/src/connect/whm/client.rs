//! One HTTPS request with every bound set: time, size, certificates, no redirects.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use ureq::http::StatusCode;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Error};
use url::Url;
use zeroize::Zeroizing;

use crate::connect::address::ServerAddress;
use crate::connect::connector::ConnectRequest;
use crate::connect::error::ConnectError;

/// A client that trusts `roots`, or the public authorities.
pub(super) fn agent(timeout: Duration, roots: Option<Vec<Certificate<'static>>>) -> Agent {
    let roots = roots.map_or(RootCerts::WebPki, |roots| RootCerts::new_with_certs(&roots));
    let tls = TlsConfig::builder()
        .root_certs(roots)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .build();
    Agent::config_builder()
        .tls_config(tls)
        .https_only(true)
        .proxy(None)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .timeout_global(Some(timeout))
        // One request for each connection: nothing that was authenticated stays open.
        .max_idle_connections(0)
        .user_agent("pwvault")
        .accept("application/json")
        .build()
        .new_agent()
}

/// The certificates in a PEM file.
pub(super) fn certificates(pem: &[u8]) -> Result<Vec<Certificate<'static>>, ConnectError> {
    let wrong = ConnectError::unsupported("certificate", "it is one or more certificates in PEM");
    let mut found = Vec::new();
    for item in parse_pem(pem) {
        match item {
            Ok(PemItem::Certificate(certificate)) => found.push(certificate),
            Ok(_) => {}
            Err(_) => return Err(wrong),
        }
    }
    if found.is_empty() { Err(wrong) } else { Ok(found) }
}

/// Calls a function of WHM API 1 and gives its answer.
pub(super) fn get(
    agent: &Agent,
    address: &ServerAddress,
    function: &str,
    parameters: &[(&str, &str)],
    request: &ConnectRequest<'_>,
) -> Result<Vec<u8>, ConnectError> {
    let base = format!("https://{}:{}/json-api/{function}", address.host(), address.port_or(PORT));
    let query = [("api.version", "1")].iter().chain(parameters);
    let url = Url::parse_with_params(&base, query)
        .map_err(|_| ConnectError::unsupported("address", "it does not fit into a web address"))?;
    let credential = Zeroizing::new(format!("whm {}:{}", request.username, request.secret.expose()));
    let mut response =
        agent.get(url.as_str()).header("Authorization", credential.as_str()).call().map_err(|error| failure(&error))?;
    match response.status() {
        StatusCode::OK => {}
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => return Err(ConnectError::Refused),
        status if status.is_redirection() => {
            return Err(ConnectError::malformed("it is a redirect, and redirects are not followed"));
        }
        _ => return Err(ConnectError::malformed("its HTTP status is not 200")),
    }
    response.body_mut().with_config().limit(ANSWER_MAX).read_to_vec().map_err(|error| failure(&error))
}

fn failure(error: &Error) -> ConnectError {
    match error {
        Error::Timeout(_) => ConnectError::TimedOut,
        Error::BodyExceedsLimit(_) => ConnectError::malformed("it is larger than 64 KiB"),
        Error::Rustls(cause) => tls_failure(cause),
        Error::Io(cause) => io_failure(cause),
        Error::HostNotFound | Error::ConnectionFailed | Error::Tls(_) => ConnectError::Unreachable,
        _ => ConnectError::malformed("it is no HTTP answer"),
    }
}

fn io_failure(cause: &io::Error) -> ConnectError {
    let inner = cause.get_ref();
    // What `ureq` has to say inside of a transport comes wrapped.
    if let Some(error) = inner.and_then(|inner| inner.downcast_ref::<Error>()) {
        return failure(error);
    }
    match inner.and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(cause) => tls_failure(cause),
        None if cause.kind() == io::ErrorKind::TimedOut => ConnectError::TimedOut,
        None => ConnectError::Unreachable,
    }
}

const fn tls_failure(cause: &rustls::Error) -> ConnectError {
    match cause {
        rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented => ConnectError::Untrusted,
        _ => ConnectError::Unreachable,
    }
}

/// Where WHM listens for HTTPS.
const PORT: u16 = 2087;
const ANSWER_MAX: u64 = 64 * 1024;
