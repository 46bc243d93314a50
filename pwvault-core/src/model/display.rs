//! How the words of the model read where no catalogue is asked.

use std::fmt;

use super::{
    Action, EntryKind, EventKind, Grantee, KeyConfiguration, KeyOwner, KeySuite, MasterState, Outcome, Permission,
    Section, Surface, Tier,
};

/// The name of a fieldless variant, in small letters with `_` between its words, as it stands in
/// JSON.
pub(crate) fn word(variant: &impl fmt::Debug, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let name = format!("{variant:?}");
    name.char_indices().try_for_each(|(at, letter)| match letter {
        'A'..='Z' if at > 0 => write!(f, "_{}", letter.to_ascii_lowercase()),
        letter => write!(f, "{}", letter.to_ascii_lowercase()),
    })
}

/// Implements `Display` by [`word`].
macro_rules! words {
    ($($name:ty),+ $(,)?) => {$(
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::model::word(self, f)
            }
        }
    )+};
}

pub(crate) use words;

words!(Action, EntryKind, EventKind, KeyConfiguration, KeySuite, MasterState, Outcome, Permission, Surface, Tier);

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Grantee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Admin(id) => write!(f, "administrator {id}"),
            Self::Role(id) => write!(f, "role {id}"),
            Self::Client(id) => write!(f, "client {id}"),
        }
    }
}

impl fmt::Display for KeyOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Vault => f.write_str("the vault"),
            Self::Admin(id) => write!(f, "administrator {id}"),
            Self::Client(id) => write!(f, "client {id}"),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::id::RoleId;

    #[test]
    fn words_are_those_of_json() {
        assert_eq!(serde_json::json!(Action::Reveal), Action::Reveal.to_string());
        assert_eq!(serde_json::json!(EventKind::PastSecretRevealed), EventKind::PastSecretRevealed.to_string());
        assert_eq!(serde_json::json!(EntryKind::LicenceKey), EntryKind::LicenceKey.to_string());
        assert_eq!(Section::LogsPrune.to_string(), "logs.prune");
        assert_eq!(Grantee::Role(RoleId::new("sales").unwrap()).to_string(), "role sales");
    }
}
