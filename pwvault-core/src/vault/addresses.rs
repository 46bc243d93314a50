//! Web addresses of entries, opened from the vault.

use serde::Deserialize;

use super::error::VaultError;
use super::session::Session;
use crate::id::EntryId;
use crate::model::{Action, EventKind, Outcome, check_address};
use crate::store::ChangeSet;

/// One of an entry's web addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WebAddress {
    /// The website.
    Website,
    /// Where to sign in.
    Login,
}

/// Opening web addresses.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// # let anna = vault.session(Principal::client(ClientId::new("anna")?), RequestContext::default());
/// # use pwvault_core::vault::WebAddress;
/// let draft = EntryDraft { name: "Mail".into(), website: "https://mail.example/".into(), ..EntryDraft::default() };
/// let id = anna.create_entry(&draft)?;
/// assert_eq!(anna.open_url(id, WebAddress::Website)?, "https://mail.example/");
/// assert!(matches!(anna.open_url(id, WebAddress::Login), Err(VaultError::State(_))));
/// # Ok::<(), VaultError>(())
/// ```
pub trait Addresses {
    /// The address to send a browser to; logged. It is http or https and holds no password.
    ///
    /// # Errors
    /// [`VaultError::State`] when the entry has no such address, [`VaultError::NotFound`] when the
    /// principal may not view it.
    fn open_url(&self, id: EntryId, which: WebAddress) -> Result<String, VaultError>;
}

impl Addresses for Session {
    fn open_url(&self, id: EntryId, which: WebAddress) -> Result<String, VaultError> {
        self.run(|gate| {
            let (found, proof) = gate.entry(id, Action::View, EventKind::UrlOpened)?;
            let url = match which {
                WebAddress::Website => found.head.website.clone(),
                WebAddress::Login => found.head.login_url.clone(),
            };
            let url = url.ok_or(VaultError::State("the entry has no such address"))?;
            check_address(&url).map_err(|error| VaultError::invalid("address", error.to_string()))?;
            let mut changes = ChangeSet::new();
            gate.assert_entry(&found, &mut changes);
            gate.commit(&proof, changes, gate.event(EventKind::UrlOpened, Outcome::Done, &[id]))?;
            Ok(url)
        })
    }
}
