//! Which texts are accepted as web addresses. Texts are judged, never rewritten.

use url::Url;

use super::limits::URL_MAX;

/// Why a text is not accepted as a web address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// Over the limit.
    #[error("it has {found} bytes; at most {URL_MAX} are accepted")]
    TooLong {
        /// Bytes found.
        found: usize,
    },
    /// Another scheme than http or https, or none: `javascript:`, `data:`, `ftp:`.
    #[error("only addresses that begin with http:// or https:// are accepted")]
    Scheme,
    /// Not an address by the WHATWG URL standard, without a host, or with white space.
    #[error("it is no web address; write https://host/path")]
    Malformed,
    /// A password inside the address.
    #[error("a password stands in the address; put it into the password field")]
    Password,
}

/// Accepts http and https addresses with a host and without a password.
///
/// # Errors
/// [`AddressError`] says what is wrong.
pub fn check_address(text: &str) -> Result<(), AddressError> {
    if text.len() > URL_MAX {
        return Err(AddressError::TooLong { found: text.len() });
    }
    let starts_with = |scheme: &str| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    if !["http://", "https://"].into_iter().any(starts_with) {
        return Err(AddressError::Scheme);
    }
    if text.contains(|c: char| c.is_control() || c.is_whitespace()) {
        return Err(AddressError::Malformed);
    }
    let url = Url::parse(text).map_err(|_| AddressError::Malformed)?;
    if url.host_str().is_none_or(str::is_empty) {
        return Err(AddressError::Malformed);
    }
    if url.password().is_some() { Err(AddressError::Password) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_and_https_with_a_host_and_without_a_password() {
        for good in ["https://example.com", "HTTP://10.0.0.1:8080/x?y#z", "https://user@example.com/"] {
            assert_eq!(check_address(good), Ok(()), "{good}");
        }
        let cases = [
            ("javascript:alert(1)", AddressError::Scheme),
            ("data:text/html,x", AddressError::Scheme),
            ("example.com", AddressError::Scheme),
            ("ftp://example.com", AddressError::Scheme),
            ("htt:/x", AddressError::Scheme),
            ("http://", AddressError::Malformed),
            ("https://exa mple.com", AddressError::Malformed),
            ("https://u:p@example.com/", AddressError::Password),
        ];
        for (bad, why) in cases {
            assert_eq!(check_address(bad), Err(why), "{bad}");
        }
        let fits = format!("https://example.com/{}", "a".repeat(URL_MAX - 20));
        assert_eq!(check_address(&fits), Ok(()));
        assert_eq!(check_address(&format!("{fits}a")), Err(AddressError::TooLong { found: URL_MAX + 1 }));
    }
}
