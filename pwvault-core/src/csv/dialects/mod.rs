//! The dialects: one file each, and one line in the list below.

mod bitwarden;
mod chrome;
mod firefox;
mod generic;
mod keepassxc;
mod lastpass;
mod onepassword;
mod pwvault;

use super::dialect::Dialect;

pub(super) use generic::Generic;

/// Every dialect, in the order in which sniffing prefers them.
pub static ALL: &[&dyn Dialect] = &[
    &pwvault::Pwvault,
    &bitwarden::Bitwarden,
    &lastpass::LastPass,
    &onepassword::OnePassword,
    &firefox::Firefox,
    &keepassxc::KeePassXc,
    &chrome::Chrome,
    &generic::Generic,
];

/// The dialect of this name.
#[must_use]
pub fn dialect(name: &str) -> Option<&'static dyn Dialect> {
    ALL.iter().copied().find(|dialect| dialect.name() == name)
}
