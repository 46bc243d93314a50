//! Which texts are web addresses. Texts are judged, never rewritten.

use url::Url;

use crate::model::{AddressError, check_address};

/// What a text is as a web address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Address {
    /// http or https, with a host.
    Whole,
    /// A domain with or without port and path: whole once `https://` stands before it.
    WithoutScheme,
    /// Anything else: another scheme, `javascript:`, a broken address.
    None,
}

/// Judges `text`.
pub(super) fn check(text: &str) -> Address {
    if is_web(text) {
        Address::Whole
    } else if is_bare_domain(text) && is_web(&format!("https://{text}")) {
        Address::WithoutScheme
    } else {
        Address::None
    }
}

/// Whether a text is a web address but for the password in it, which is not to be shown.
pub(super) fn holds_password(text: &str) -> bool {
    check_address(text) == Err(AddressError::Password)
}

/// The host of a web address.
pub(super) fn host(text: &str) -> Option<String> {
    Url::parse(text).ok()?.host_str().map(str::to_owned)
}

/// Splits a cell that lists several addresses: at line ends, and at commas before a scheme.
pub(super) fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\r', '\n']).flat_map(Listed).filter(|part| !part.is_empty())
}

struct Listed<'a>(&'a str);

impl<'a> Iterator for Listed<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.0.is_empty() {
            return None;
        }
        let comma = self.0.match_indices(',').find(|(at, _)| self.0.get(at + 1..).is_some_and(starts_with_scheme));
        let (part, rest) = match comma {
            Some((at, _)) => self.0.split_at(at),
            None => (self.0, ""),
        };
        self.0 = rest.trim_start_matches([',', ' ']);
        Some(part)
    }
}

fn starts_with_scheme(text: &str) -> bool {
    let text = text.trim_start_matches(' ');
    let is_scheme = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    let rest = text.trim_start_matches(is_scheme);
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && rest.starts_with("://")
}

fn is_web(text: &str) -> bool {
    check_address(text).is_ok()
}

fn is_bare_domain(text: &str) -> bool {
    let authority = text.split(['/', '?', '#']).next().unwrap_or_default();
    let (domain, port) = authority.split_once(':').unwrap_or((authority, "443"));
    domain.contains('.')
        && !domain.contains('@')
        && domain.split('.').all(|label| !label.is_empty())
        && !port.is_empty()
        && port.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::limits::URL_MAX;

    #[test]
    fn only_web_addresses_are_addresses() {
        let cases = [
            ("https://example.com/a?b=c,d", Address::Whole),
            ("HTTP://example.com", Address::Whole),
            ("http://192.0.2.1:8080/", Address::Whole),
            ("https://münchen.example/", Address::Whole),
            ("example.com", Address::WithoutScheme),
            ("example.com:8443/x", Address::WithoutScheme),
            ("htt:/example.com", Address::None),
            ("http:/example.com", Address::None),
            ("http://", Address::None),
            ("https://exa mple.com", Address::None),
            ("https://example.com/\n", Address::None),
            ("javascript:alert(1)", Address::None),
            ("JaVaScRiPt:alert(1)//example.com", Address::None),
            ("data:text/html,x", Address::None),
            ("ftp://example.com", Address::None),
            ("android://hash@com.example.app/", Address::None),
            ("localhost", Address::None),
            ("user@example.com", Address::None),
            ("", Address::None),
        ];
        for (text, expected) in cases {
            assert_eq!(check(text), expected, "{text}");
        }
        let fits = format!("https://example.com/{}", "a".repeat(URL_MAX - 20));
        assert_eq!(check(&fits), Address::Whole);
        assert_eq!(check(&format!("{fits}a")), Address::None);
    }

    #[test]
    fn lists_split_before_schemes_only() {
        let parts = |text: &'static str| split(text).collect::<Vec<_>>();
        assert_eq!(parts("https://a.example/x,y"), ["https://a.example/x,y"]);
        assert_eq!(parts("https://a.example,https://b.example"), ["https://a.example", "https://b.example"]);
        assert_eq!(parts("https://a.example, android://b"), ["https://a.example", "android://b"]);
        assert_eq!(parts("https://a.example\r\nb.example\n"), ["https://a.example", "b.example"]);
        assert_eq!(parts(",https://a.example"), ["", "https://a.example"][1..]);
    }
}
