//! What a connector reports.

/// A sign-on that did not come about.
///
/// # Security
/// No variant carries text of the server: a server that was handed a credential could show it to
/// someone who may only use it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The server did not accept the credential.
    #[error("the server refused the credential; check user name and password or token")]
    Refused,
    /// The credential was accepted, but not for this.
    #[error("the server does not allow this account to sign in to the service asked for")]
    NotAllowed,
    /// No connection came about.
    #[error("the server could not be reached; check its address, port and network")]
    Unreachable,
    /// The server's certificate is not trusted.
    #[error("the server's certificate is not trusted; install a valid one, or pin the one it has")]
    Untrusted,
    /// The server took too long.
    #[error("the server did not answer in time")]
    TimedOut,
    /// The answer makes no sense.
    #[error("the server's answer is not accepted: {problem}")]
    Malformed {
        /// What is wrong, and what would be right.
        problem: &'static str,
    },
    /// The request makes no sense to this connector.
    #[error("{field}: {problem}")]
    Unsupported {
        /// Which part of the request.
        field: &'static str,
        /// What is wrong, and what would be right.
        problem: &'static str,
    },
}

impl ConnectError {
    pub(crate) const fn malformed(problem: &'static str) -> Self {
        Self::Malformed { problem }
    }

    pub(crate) const fn unsupported(field: &'static str, problem: &'static str) -> Self {
        Self::Unsupported { field, problem }
    }
}
