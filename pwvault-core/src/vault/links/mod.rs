//! Links that hand over a secret to someone who has no part in the vault. Owns what a link is made
//! of and how often it opens; knows nothing of the page that shows it.
//!
//! A link holds a copy of the secret as it was when the link was made. It rests on its maker's right
//! to the entry: who made it, or the person it was made for, must still be allowed to reveal and
//! share the entry at each opening. An entry that goes into the trash takes its links with it, and a
//! new secret those that messages carried to earlier ones.

mod make;
mod open;
mod record;

use std::fmt;

use serde::Serialize;

use super::error::VaultError;
use super::gate::Gate;
use super::session::Session;
use crate::clock::Timestamp;
use crate::directory::Token;
use crate::id::{EntryId, LinkId, RecordId, RecordKind};
use crate::model::{Action, EventKind, LinkHead, LinkParts, Outcome, Person, Section};
use crate::policy::Authorized;
use crate::secret::SecretString;
use crate::store::{ChangeSet, Query};

pub use open::LinkInfo;

/// What a link is good for.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "crossing", derive(serde::Deserialize, schemars::JsonSchema))]
#[cfg_attr(feature = "crossing", serde(default))]
pub struct LinkOptions {
    /// What it hands over.
    pub parts: LinkParts,
    /// How often it opens: 1 to 100.
    pub views: u32,
    /// From when on it opens no more, at most 30 days from now; 7 days from now when absent.
    pub expires_at: Option<Timestamp>,
    /// A passphrase that is told on another way, 1 to 1024 bytes.
    pub passphrase: Option<SecretString>,
}

impl Default for LinkOptions {
    /// The password, once, for 7 days.
    fn default() -> Self {
        let parts = LinkParts { password: true, ..LinkParts::default() };
        Self { parts, views: 1, expires_at: None, passphrase: None }
    }
}

/// The secret part of a link: what stands behind the `#` of its address.
///
/// # Security
/// Whoever holds it opens the link. The vault keeps a hash of it; nobody can make it again.
#[derive(Clone)]
pub struct LinkSecret(Token);

#[cfg(feature = "crossing")]
crate::secret::secret_form!(
    LinkSecret,
    "what stands behind the # of a link",
    |link| crate::secret::SecretBytes::from_slice(link.fragment().expose().as_bytes()),
    |bytes| std::str::from_utf8(bytes).ok().and_then(|text| LinkSecret::from_fragment(text).ok())
);

impl LinkSecret {
    /// The text for the fragment of the host's address: 64 letters, digits, `-` and `_`. Browsers
    /// keep a fragment from servers and logs, so the host's page sends it on when someone asks to
    /// see what is behind it.
    #[must_use]
    pub fn fragment(&self) -> SecretString {
        self.0.to_text()
    }

    /// The whole address, on the host's page that opens links.
    #[must_use]
    pub(super) fn address(&self, page: &str) -> String {
        format!("{page}#{}", self.0.to_text().expose())
    }

    /// From the text of [`fragment`](Self::fragment).
    ///
    /// # Errors
    /// [`VaultError::NotFound`] for any other text, as for a link that does not exist.
    pub fn from_fragment(text: &str) -> Result<Self, VaultError> {
        Token::from_text(text).map(Self).ok_or(VaultError::NotFound)
    }

    /// Which link; not secret.
    #[must_use]
    pub const fn id(&self) -> LinkId {
        LinkId::from_bytes(self.0.record().0)
    }
}

impl fmt::Debug for LinkSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkSecret(redacted)")
    }
}

/// A link of an entry, without what opens it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LinkView {
    /// Which link.
    pub id: LinkId,
    /// Who made it.
    pub created_by: Person,
    /// When.
    pub created_at: Timestamp,
    /// From when on it opens no more.
    pub expires_at: Timestamp,
    /// How often it could be opened at first.
    pub views: u32,
    /// How often it can still be opened.
    pub views_left: u32,
    /// Whether it takes a passphrase too.
    pub passphrase: bool,
}

/// Making and ending links. They are opened without a session, by
/// [`Vault::open_link`](super::Vault::open_link).
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// # let anna = vault.session(Principal::client(ClientId::new("anna")?), RequestContext::default());
/// # let id = anna.create_entry(&EntryDraft { name: "Webmail".into(), password: "s3cret".into(), ..EntryDraft::default() })?;
/// use pwvault_core::vault::{LinkOptions, LinkSecret};
/// let link = anna.create_link(id, &LinkOptions::default())?;
/// let address = format!("https://panel.example/link#{}", link.fragment().expose());
///
/// // On the page behind that address, sent by its script:
/// let held = LinkSecret::from_fragment(address.split('#').nth(1).unwrap())?;
/// assert_eq!(vault.link_info(&held)?.views_left, 1);
/// let contents = vault.open_link(&held, None, RequestContext::default())?;
/// assert_eq!(contents.password.expose(), "s3cret");
/// assert!(matches!(
///     vault.open_link(&held, None, RequestContext::default()),
///     Err(VaultError::Ended { what: "link", .. })
/// ));
/// # Ok::<(), VaultError>(())
/// ```
pub trait Links {
    /// Makes a link that hands over parts of an entry's secret as it is now. Making one is logged
    /// before the secret is touched, as if it were revealed.
    ///
    /// # Errors
    /// [`VaultError::NotFound`] and [`VaultError::Denied`] without the rights to reveal and to share;
    /// [`VaultError::Locked`] when the secret has to be unlocked first; [`VaultError::Invalid`] for
    /// options out of bounds or a field that is not there; [`VaultError::State`] when there is
    /// nothing to hand over, the entry is in the trash, it has 100 links, or the rights ask for a reason
    /// or an approval.
    fn create_link(&self, entry: EntryId, options: &LinkOptions) -> Result<LinkSecret, VaultError>;

    /// The links of an entry, those of which nothing is left among them, the earliest to expire
    /// first.
    ///
    /// # Errors
    /// [`VaultError::NotFound`] and [`VaultError::Denied`] without the right to share.
    fn links(&self, entry: EntryId) -> Result<Vec<LinkView>, VaultError>;

    /// Ends a link: from here on there is no such link.
    ///
    /// # Errors
    /// [`VaultError::NotFound`] when there is none; [`VaultError::NotFound`] and
    /// [`VaultError::Denied`] for others than its maker without the right to share the entry.
    fn revoke_link(&self, link: LinkId) -> Result<(), VaultError>;

    /// Removes links that have expired, at most `limit`, and returns how many. For the host's
    /// scheduled work.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `scheduled`.
    fn expire_links(&self, limit: u32) -> Result<u32, VaultError>;
}

impl Links for Session {
    fn create_link(&self, entry: EntryId, options: &LinkOptions) -> Result<LinkSecret, VaultError> {
        self.run(|gate| gate.create_link(entry, options))
    }

    fn links(&self, entry: EntryId) -> Result<Vec<LinkView>, VaultError> {
        self.run(|gate| {
            let _proof = gate.entry(entry, Action::Share, EventKind::LinkCreated)?;
            Ok(gate.links_of(entry)?.into_iter().map(|found| view(found.id, found.head)).collect())
        })
    }

    fn revoke_link(&self, link: LinkId) -> Result<(), VaultError> {
        self.run(|gate| {
            let Some(found) = gate.find_link(link)? else {
                gate.log(EventKind::LinkRevoked, Outcome::Denied, &[])?;
                return Err(VaultError::NotFound);
            };
            let entry = found.head.entry;
            if found.head.created_by != self.person() {
                let _proof = gate.entry(entry, Action::Share, EventKind::LinkRevoked)?;
            }
            let mut changes = ChangeSet::new();
            changes.delete(found.key, found.revision);
            // Its maker may end it without a right to the entry.
            gate.commit_relying(changes, gate.event(EventKind::LinkRevoked, Outcome::Done, &[entry]))
        })
    }

    fn expire_links(&self, limit: u32) -> Result<u32, VaultError> {
        self.run(|gate| {
            let proof = gate.section(Section::Scheduled, EventKind::LinkRevoked)?;
            gate.expire_links(&proof, gate.now, limit)
        })
    }
}

impl Gate<'_> {
    /// Removes links that have expired by `now`, at most `limit`; returns how many.
    pub(super) fn expire_links(&self, proof: &Authorized, now: Timestamp, limit: u32) -> Result<u32, VaultError> {
        // A link's id begins with the time at which it expires.
        let to = Some(RecordId::from(LinkId::earliest(now.plus_millis(1))));
        let query = Query { to, limit: limit.clamp(1, BATCH), ..Query::new(self.core.id, RecordKind::Link) };
        let mut changes = ChangeSet::new();
        let mut entries = Vec::new();
        for record in self.core.store.scan(&query)?.into_records()? {
            let found = self.opened_link(&record)?;
            changes.delete(found.key, found.revision);
            entries.push(found.head.entry);
        }
        if changes.is_empty() {
            return Ok(0);
        }
        let removed = u32::try_from(entries.len()).unwrap_or(limit);
        entries.sort_unstable();
        entries.dedup();
        self.commit(proof, changes, self.event(EventKind::LinkRevoked, Outcome::Done, &entries))?;
        Ok(removed)
    }

    /// Adds to a change set that an entry has no links any more.
    pub(super) fn end_links_of(&self, entry: EntryId, changes: &mut ChangeSet) -> Result<(), VaultError> {
        for found in self.links_of(entry)? {
            changes.delete(found.key, found.revision);
        }
        Ok(())
    }

    /// Adds to a change set that what messages called the new password of an entry opens no more.
    pub(super) fn end_links_in_messages(&self, entry: EntryId, changes: &mut ChangeSet) -> Result<(), VaultError> {
        for found in self.links_of(entry)?.into_iter().filter(|found| found.head.is_in_message()) {
            changes.delete(found.key, found.revision);
        }
        Ok(())
    }
}

fn view(id: LinkId, head: LinkHead) -> LinkView {
    let LinkHead { created_by, created_at, expires_at, views, views_left, passphrase, .. } = head;
    LinkView { id, created_by, created_at, expires_at, views, views_left, passphrase }
}

/// How many links are removed at once.
const BATCH: u32 = 500;
