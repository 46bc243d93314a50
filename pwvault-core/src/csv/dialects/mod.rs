//! The dialects: one file each, and one line in the list below.

mod bitwarden;
mod chrome;
mod dashlane;
mod enpass;
mod firefox;
mod generic;
mod keepass;
mod keepassxc;
mod keeper;
mod lastpass;
mod nordpass;
mod onepassword;
mod passbolt;
mod protonpass;
mod pwvault;
mod roboform;
mod safari;

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
    &keepass::KeePass,
    &dashlane::Dashlane,
    &nordpass::NordPass,
    &protonpass::ProtonPass,
    &roboform::RoboForm,
    &enpass::Enpass,
    &safari::Safari,
    &passbolt::Passbolt,
    &chrome::Chrome,
    &keeper::Keeper,
    &generic::Generic,
];

/// The dialect of this name.
#[must_use]
pub fn dialect(name: &str) -> Option<&'static dyn Dialect> {
    ALL.iter().copied().find(|dialect| dialect.name() == name)
}
