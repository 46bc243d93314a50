//! Opening a link, by whoever holds it.

use std::cell::RefCell;

use serde::Serialize;

use super::LinkSecret;
use super::record::FoundLink;
use crate::clock::Timestamp;
use crate::directory::TokenUse;
use crate::envelope::{EnvelopeError, open_link};
use crate::model::{Ended, EventKind, LinkContents, LinkHead, Outcome, RequestContext};
use crate::secret::SecretString;
use crate::store::ChangeSet;
use crate::vault::builder::Vault;
use crate::vault::error::VaultError;
use crate::vault::gate::{FoundEntry, Gate};

/// What a page needs to know of a link before it is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LinkInfo {
    /// How often it can still be opened.
    pub views_left: u32,
    /// From when on it opens no more.
    pub expires_at: Timestamp,
    /// Whether it takes a passphrase too.
    pub needs_passphrase: bool,
}

/// What the key and passphrase at hand gave. It does not change between attempts to commit it, so
/// Argon2id runs once.
enum Tried {
    Opened(LinkContents),
    WrongPassphrase,
}

impl Vault {
    /// Says what a page needs to ask before it opens a link. No view is spent and nothing is logged,
    /// so that scanners of mail may follow the address.
    ///
    /// # Errors
    /// [`VaultError::NotFound`] when there is no such link, the key is not its key, or the right it
    /// rests on is gone; [`VaultError::Ended`] for the right key of one that has been used up or has
    /// expired.
    pub fn link_info(&self, link: &LinkSecret) -> Result<LinkInfo, VaultError> {
        self.bearer(RequestContext::default()).run(|gate| {
            let (FoundLink { head, .. }, _) = gate.held_link(link)?;
            match head.ended(gate.now) {
                Some(why) => Err(VaultError::Ended { what: "link", why }),
                None => Ok(LinkInfo {
                    views_left: head.views_left,
                    expires_at: head.expires_at,
                    needs_passphrase: head.passphrase,
                }),
            }
        })
    }

    /// Opens a link and spends one of its views. The view is counted and logged before anything is
    /// returned, so a link of N views opens at most N times, whatever fails in between.
    ///
    /// # Errors
    /// As [`link_info`](Self::link_info); [`VaultError::State`] when it takes a passphrase and none is
    /// given; [`VaultError::WrongAnswer`] for a wrong one, which spends no view, but ten of them end
    /// the link.
    ///
    /// # Security
    /// Without the link's key and without the vault's nothing opens. What has been used up is wiped
    /// from the store.
    pub fn open_link(
        &self,
        link: &LinkSecret,
        passphrase: Option<&SecretString>,
        context: RequestContext,
    ) -> Result<LinkContents, VaultError> {
        let tried = RefCell::new(None);
        self.bearer(context).run(|gate| gate.open_link(link, passphrase, &tried))
    }
}

impl Gate<'_> {
    fn open_link(
        &self,
        link: &LinkSecret,
        passphrase: Option<&SecretString>,
        tried: &RefCell<Option<Tried>>,
    ) -> Result<LinkContents, VaultError> {
        // Links that are none leave no event: anyone could fill the log with them.
        let (found, of) = self.held_link(link)?;
        let entry = found.head.entry;
        if let Some(why) = found.head.ended(self.now) {
            self.log(EventKind::LinkOpened, Outcome::Denied, &[entry])?;
            return Err(VaultError::Ended { what: "link", why });
        }
        let passphrase = passphrase.filter(|_| found.head.passphrase);
        if found.head.passphrase && passphrase.is_none() {
            return Err(VaultError::State("the link takes a passphrase too"));
        }
        let mut tried = tried.borrow_mut();
        if tried.is_none() {
            *tried = Some(self.try_link(&found, link, passphrase)?);
        }
        let FoundLink { id, key: _, revision, mut head, mut rest } = found;
        let outcome = match tried.as_ref() {
            Some(Tried::Opened(_)) => {
                head.views_left = head.views_left.saturating_sub(1);
                Outcome::Done
            }
            Some(Tried::WrongPassphrase) | None => {
                head.failures = head.failures.saturating_add(1);
                Outcome::Failed
            }
        };
        if matches!(head.ended(self.now), Some(Ended::Used | Ended::Guessed)) {
            rest.clear();
        }
        let mut changes = ChangeSet::new();
        if outcome == Outcome::Done {
            self.add_known(of, &head, &mut changes)?;
        }
        changes.write(self.link_record(id, revision + 1, &head, &rest)?);
        self.commit_relying(changes, self.event(EventKind::LinkOpened, outcome, &[entry]))?;
        match tried.take() {
            Some(Tried::Opened(contents)) => Ok(contents),
            _ => Err(VaultError::WrongAnswer { what: "passphrase" }),
        }
    }

    /// Adds to a change set that the person on whose right a link rests knows what it hands over, unless
    /// the secret has changed since.
    fn add_known(&self, mut of: FoundEntry, link: &LinkHead, changes: &mut ChangeSet) -> Result<(), VaultError> {
        let (person, secret) = (&link.rests_on.person, &mut of.head.secret);
        if of.head.owner.is(person) || secret.revealed_to.contains(person) || link.created_at < secret.changed_at {
            return Ok(());
        }
        secret.revealed_to.push(person.clone());
        changes.write(self.entry_record(of.id, of.revision + 1, &of.head, &of.rest)?);
        Ok(())
    }

    /// The link and its entry, if the key is its key and the right it rests on still holds.
    fn held_link(&self, link: &LinkSecret) -> Result<(FoundLink, FoundEntry), VaultError> {
        let found = self.find_link(link.id())?.filter(|found| link.0.fits(TokenUse::Link, &found.head.key_hash));
        let found = found.ok_or(VaultError::NotFound)?;
        let entry = self.find(found.head.entry)?.filter(|entry| entry.head.trashed.is_none());
        let entry = entry.ok_or(VaultError::NotFound)?;
        let stands = self.may_freely(&found.head.rests_on, found.head.needs, &entry)?;
        if stands { Ok((found, entry)) } else { Err(VaultError::NotFound) }
    }

    fn try_link(
        &self,
        found: &FoundLink,
        link: &LinkSecret,
        passphrase: Option<&SecretString>,
    ) -> Result<Tried, VaultError> {
        let passphrase = passphrase.map(|text| text.expose().as_bytes());
        let binding = self.link_binding(found.key.id, found.head.entry);
        match open_link(&self.snapshot.keyring, binding, link.0.secret().expose(), passphrase, &found.rest) {
            Ok(contents) => Ok(Tried::Opened(contents)),
            Err(EnvelopeError::WrongKey) if passphrase.is_some() => Ok(Tried::WrongPassphrase),
            Err(EnvelopeError::Crypto(error)) => Err(VaultError::Crypto(error)),
            Err(cause) => Err(VaultError::Tampered { key: found.key, cause }),
        }
    }
}
