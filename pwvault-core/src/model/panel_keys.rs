//! Permissions as panels write them down: one word each, several with commas between.

use std::fmt;
use std::str::FromStr;

use super::principal::{Permission, Permissions};

/// A word that is no permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the word at place {place} of the list is no permission")]
pub struct UnknownPermission {
    /// Its place in the list, counted from 1.
    pub place: usize,
}

impl Permission {
    /// The word for it. The panel's own permissions have the panel's words; the vault's begin with
    /// `vault`, so that one list holds both.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::View => "vaultview",
            Self::Reveal => "vaultreveal",
            Self::Use => "vaultuse",
            Self::Create => "vaultcreate",
            Self::Edit => "vaultedit",
            Self::Delete => "vaultdelete",
            Self::Share => "vaultshare",
            Self::Transfer => "vaulttransfer",
            Self::Keys => "vaultkeys",
            Self::ManageUsers => "vaultmanageusers",
            Self::Profile => "profile",
            Self::Contacts => "contacts",
            Self::Products => "products",
            Self::ManageProducts => "manageproducts",
            Self::ProductSso => "productsso",
            Self::Domains => "domains",
            Self::ManageDomains => "managedomains",
            Self::Invoices => "invoices",
            Self::Quotes => "quotes",
            Self::Tickets => "tickets",
            Self::Affiliates => "affiliates",
            Self::Emails => "emails",
            Self::Orders => "orders",
        }
    }
}

impl FromStr for Permission {
    type Err = UnknownPermission;

    fn from_str(key: &str) -> Result<Self, UnknownPermission> {
        Self::ALL.into_iter().find(|one| one.key() == key).ok_or(UnknownPermission { place: 1 })
    }
}

/// The keys of the permissions, with commas between; empty for none.
impl fmt::Display for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, permission) in self.beyond(Self::NONE).enumerate() {
            f.write_str(if at == 0 { "" } else { "," })?;
            f.write_str(permission.key())?;
        }
        Ok(())
    }
}

/// From keys with commas between; spaces around them do not count, and neither does their order.
impl FromStr for Permissions {
    type Err = UnknownPermission;

    fn from_str(keys: &str) -> Result<Self, UnknownPermission> {
        if keys.trim().is_empty() {
            return Ok(Self::NONE);
        }
        let read = |(at, key): (usize, &str)| key.trim().parse().map_err(|_| UnknownPermission { place: at + 1 });
        keys.split(',').enumerate().map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn panel_keys_are_read_and_written() {
        let read: Permissions = "products, manageproducts,vaultview".parse().unwrap();
        let expected = [Permission::View, Permission::Products, Permission::ManageProducts];
        assert_eq!(read, expected.into_iter().collect());
        assert_eq!(read.to_string(), "vaultview,products,manageproducts");
        let all = Permissions::all();
        assert_eq!(all.to_string().parse::<Permissions>().unwrap(), all);
        assert_eq!("".parse::<Permissions>().unwrap(), Permissions::NONE);
        assert_eq!(Permissions::NONE.to_string(), "");
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_place() {
        for (keys, place) in [("products,servers", 2), ("Products", 1), ("products,,tickets", 2), ("view", 1)] {
            assert_eq!(keys.parse::<Permissions>(), Err(UnknownPermission { place }), "{keys}");
        }
        assert!("products,tickets".parse::<Permission>().is_err());
    }
}
