//! Unlocking: challenges and what answers them.

use serde::Serialize;

use super::error::VaultError;
use super::gate::{FoundKey, Gate};
use super::listing::EntryFilter;
use super::session::Session;
use super::tickets::{UnlockTicket, Unlocked};
use crate::crypto::PrivateKey;
use crate::envelope::{self, Context, EnvelopeError, Purpose, open_password_wrap};
use crate::id::{EntryId, KeyId, RecordKind};
use crate::model::{
    Action, EventKind, Fingerprint, KdfParams, KeyConfiguration, LockRef, Outcome, Owner, Recipient, Tier,
};
use crate::policy::KeyAction;
use crate::secret::SecretString;
use crate::store::{ChangeSet, Query};

/// One way to open a locked secret. Any one suffices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Challenge {
    /// The passphrase of a private key the vault holds.
    Passphrase {
        /// Which key.
        key: KeyId,
        /// Its fingerprint.
        fingerprint: Fingerprint,
    },
    /// A private key the vault does not hold.
    PrivateKey {
        /// Which key.
        key: KeyId,
        /// Its fingerprint.
        fingerprint: Fingerprint,
    },
    /// The owner's master password.
    MasterPassword {
        /// Whose.
        owner: Owner,
    },
}

/// What answers a [`Challenge`].
#[derive(Clone, Debug)]
#[cfg_attr(feature = "crossing", derive(serde::Deserialize, schemars::JsonSchema))]
#[cfg_attr(feature = "crossing", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum UnlockAnswer {
    /// The passphrase of a private key the vault holds.
    Passphrase {
        /// Which key.
        key: KeyId,
        /// The passphrase.
        passphrase: SecretString,
    },
    /// A private key, as PEM.
    PrivateKey {
        /// Which key.
        key: KeyId,
        /// PKCS#8 or PKCS#1 PEM.
        pem: SecretString,
        /// The passphrase of the PEM itself, if it is encrypted.
        passphrase: Option<SecretString>,
    },
    /// A master password.
    MasterPassword {
        /// Whose.
        owner: Owner,
        /// The master password.
        password: SecretString,
    },
}

/// Something that has to be unlocked before entries open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Needed {
    /// Any one of these suffices.
    pub any_of: Vec<Challenge>,
    /// The entries it opens.
    pub entries: Vec<EntryId>,
}

/// Opening what is locked.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// # let anna = vault.session(Principal::client(ClientId::new("anna")?), RequestContext::default());
/// # use pwvault_core::model::KeyOwner;
/// # use pwvault_core::vault::{KeyCustody, KeyGeneration, UnlockAnswer, UnlockTicket};
/// # let owner = KeyOwner::Client(ClientId::new("anna")?);
/// # let key = anna.generate_key(&KeyGeneration::new("Anna's key", owner, KeyCustody::Passphrase("seven herons".into())))?;
/// # let id = anna.create_entry(&EntryDraft { name: "Webmail".into(), keys: vec![key.id], ..EntryDraft::default() })?;
/// let Err(VaultError::Locked(challenges)) = anna.reveal(id) else { panic!() };
/// assert_eq!(challenges, anna.challenge(id)?);
/// let answer = |passphrase: &str| UnlockAnswer::Passphrase { key: key.id, passphrase: passphrase.into() };
/// assert!(matches!(anna.unlock(&answer("six herons")), Err(VaultError::WrongAnswer { .. })));
/// let cookie = *anna.unlock(&answer("seven herons"))?.expose();
///
/// // In a later request of the same person:
/// let anna = vault.session(Principal::client(ClientId::new("anna")?), RequestContext::default());
/// let anna = anna.with_ticket(UnlockTicket::from_bytes(cookie));
/// assert!(anna.reveal(id).is_ok());
/// anna.lock(&UnlockTicket::from_bytes(cookie))?;
/// assert!(anna.reveal(id).is_err());
/// # Ok::<(), VaultError>(())
/// ```
pub trait Unlocking {
    /// The ways to open an entry's secret; none when it needs nothing, or a ticket of this session
    /// opens it already.
    ///
    /// # Errors
    /// [`VaultError::NotFound`] when the principal may not view the entry; [`VaultError::State`] when
    /// all its keys were deleted.
    fn challenge(&self, entry: EntryId) -> Result<Vec<Challenge>, VaultError>;

    /// What is needed before the secrets of all these entries open at once, such as for an export:
    /// one answer to each of the returned needs. Entries with the same ways to open them share one.
    ///
    /// # Errors
    /// As [`challenge`](Self::challenge), for the first entry that cannot be opened.
    fn needed_for(&self, entries: &[EntryId]) -> Result<Vec<Needed>, VaultError>;

    /// Unlocks a key or master password. The work of Argon2id is done here and not again while
    /// the ticket lasts.
    ///
    /// # Errors
    /// [`VaultError::WrongAnswer`] for a passphrase, password or private key that does not fit;
    /// [`VaultError::NotFound`] when there is no such key, or the principal may neither see it nor an
    /// entry locked to it; [`VaultError::State`] when the answer is
    /// of another sort than the key needs.
    ///
    /// # Security
    /// Attempts that fail or are refused are logged, with the fingerprint of the key that was to be
    /// opened. The host limits their rate.
    fn unlock(&self, answer: &UnlockAnswer) -> Result<UnlockTicket, VaultError>;

    /// Ends a ticket. Ending one that has ended already is no error.
    ///
    /// # Errors
    /// Those of the store.
    fn lock(&self, ticket: &UnlockTicket) -> Result<(), VaultError>;
}

impl Unlocking for Session {
    fn challenge(&self, entry: EntryId) -> Result<Vec<Challenge>, VaultError> {
        self.run(|gate| gate.challenges_of(entry))
    }

    fn needed_for(&self, entries: &[EntryId]) -> Result<Vec<Needed>, VaultError> {
        self.run(|gate| {
            let mut needs = Vec::new();
            for entry in entries {
                let any_of = gate.challenges_of(*entry)?;
                if !any_of.is_empty() {
                    add_need(&mut needs, any_of, *entry);
                }
            }
            Ok(needs)
        })
    }

    fn unlock(&self, answer: &UnlockAnswer) -> Result<UnlockTicket, VaultError> {
        self.run(|gate| {
            let (opened, tried) = match answer {
                UnlockAnswer::Passphrase { key, passphrase } => {
                    let key = gate.key_to_unlock(*key)?;
                    (gate.answer_passphrase(&key, passphrase), Some(key.head.fingerprint))
                }
                UnlockAnswer::PrivateKey { key, pem, passphrase } => {
                    let key = gate.key_to_unlock(*key)?;
                    (gate.answer_private_key(&key, pem, passphrase.as_ref()), Some(key.head.fingerprint))
                }
                UnlockAnswer::MasterPassword { owner, password } => (
                    gate.answer_master_password(owner, password),
                    gate.master_of(owner)?.map(|master| master.head.fingerprint),
                ),
            };
            if matches!(opened, Err(VaultError::WrongAnswer { .. })) {
                let mut event = gate.event(EventKind::Unlocked, Outcome::Failed, &[]);
                event.sealed_to.extend(tried);
                gate.commit_relying(ChangeSet::new(), event)?;
            }
            gate.issue_ticket(opened?)
        })
    }

    fn lock(&self, ticket: &UnlockTicket) -> Result<(), VaultError> {
        self.run(|gate| gate.end_ticket(ticket))
    }
}

impl Gate<'_> {
    fn challenges_of(&self, entry: EntryId) -> Result<Vec<Challenge>, VaultError> {
        let found = match self.entry(entry, Action::View, EventKind::EntryViewed) {
            Ok((found, _)) => found,
            Err(VaultError::Locked(ways)) => return Ok(ways),
            Err(error) => return Err(error),
        };
        for lock in &found.head.locks {
            if self.private_key_of(&found.head.owner, lock)?.is_some() {
                return Ok(Vec::new());
            }
        }
        self.challenges(&found.head.owner, &found.head.locks)
    }

    /// What would open these locks, in their order; nothing when there are none.
    pub(super) fn challenges(&self, owner: &Owner, locks: &[LockRef]) -> Result<Vec<Challenge>, VaultError> {
        let mut ways = Vec::new();
        for LockRef { recipient, tier, fingerprint } in locks {
            let fingerprint = *fingerprint;
            match recipient {
                Recipient::MasterPassword => ways.push(Challenge::MasterPassword { owner: owner.clone() }),
                // What was sealed to a key that was deleted is lost.
                Recipient::Key(key) if self.find_key(*key)?.is_none() => {}
                Recipient::Key(key) if *tier == Tier::KeyPassphrase => {
                    ways.push(Challenge::Passphrase { key: *key, fingerprint });
                }
                Recipient::Key(key) => ways.push(Challenge::PrivateKey { key: *key, fingerprint }),
            }
        }
        if ways.is_empty() && !locks.is_empty() {
            return Err(VaultError::State(
                "every key of the entry was deleted, and its secret is lost; make a new entry and purge this one",
            ));
        }
        Ok(ways)
    }

    /// A key that the principal may know of: by a right to it, or by an entry that is locked to it. Any
    /// other is as good as absent, and the attempt is logged as refused.
    fn key_to_unlock(&self, id: KeyId) -> Result<FoundKey, VaultError> {
        if let Some(key) = self.find_key(id)? {
            let by_right = self.authority.authorize_key(KeyAction::View, id, &key.head).is_ok();
            if by_right || self.sees_entry_locked_to(id)? {
                return Ok(key);
            }
        }
        self.log(EventKind::Unlocked, Outcome::Denied, &[])?;
        Err(VaultError::NotFound)
    }

    fn sees_entry_locked_to(&self, key: KeyId) -> Result<bool, VaultError> {
        for trashed in [false, true] {
            let Some(labels) = self.labels_for(&EntryFilter { trashed, key: Some(key), ..EntryFilter::default() })
            else {
                continue;
            };
            let mut query = Query::new(self.core.id, RecordKind::Entry);
            query.labels = labels;
            loop {
                let page = self.core.store.scan(&query)?;
                query.cursor = page.next;
                for record in page.into_records()? {
                    let head = self.opened_entry(record)?.head;
                    let locked = head.locks.iter().any(|lock| lock.recipient == Recipient::Key(key));
                    if locked && self.authority.evaluate(Action::View, &head).is_allow() {
                        return Ok(true);
                    }
                }
                if query.cursor.is_none() {
                    break;
                }
            }
        }
        Ok(false)
    }

    fn answer_passphrase(&self, key: &FoundKey, passphrase: &SecretString) -> Result<Unlocked, VaultError> {
        let id = key.id;
        if key.head.configuration != KeyConfiguration::Passphrase {
            return Err(VaultError::State("the vault holds no private key with a passphrase for this key"));
        }
        let (private, params) = self.open_passphrase_key(key, passphrase)?;
        let stretched = if params.cost_less_than(self.snapshot.policy.settings.kdf) {
            let rest = self.wrap_private_key(id, &private, passphrase)?;
            Some(self.key_record(id, key.revision + 1, &key.head, &rest)?)
        } else {
            None
        };
        Ok(Unlocked { recipient: Recipient::Key(id), owner: None, generation: key.head.generation, private, stretched })
    }

    fn answer_private_key(
        &self,
        key: &FoundKey,
        pem: &SecretString,
        passphrase: Option<&SecretString>,
    ) -> Result<Unlocked, VaultError> {
        let id = key.id;
        let private = PrivateKey::from_pem(pem.expose(), passphrase)?;
        if private.public().fingerprint() != key.head.fingerprint {
            return Err(VaultError::WrongAnswer { what: "private key" });
        }
        let generation = key.head.generation;
        Ok(Unlocked { recipient: Recipient::Key(id), owner: None, generation, private, stretched: None })
    }

    /// The private key of configuration K2, opened with its passphrase, and what stretching the
    /// passphrase cost.
    pub(super) fn open_passphrase_key(
        &self,
        key: &FoundKey,
        passphrase: &SecretString,
    ) -> Result<(PrivateKey, KdfParams), VaultError> {
        let context = key_context(self, key.id);
        let opened = open_password_wrap(&self.snapshot.keyring, &context, passphrase.expose().as_bytes(), &key.rest);
        let (der, params) = opened.map_err(|cause| wrong_answer("passphrase", cause))?;
        Ok((PrivateKey::from_pkcs8_der(der.expose())?, params))
    }

    /// The private key of configuration K3.
    pub(super) fn open_stored_key(&self, key: &FoundKey) -> Result<PrivateKey, VaultError> {
        let der = envelope::open_under_data_key(
            &self.snapshot.keyring,
            Purpose::StoredKey,
            &key_context(self, key.id),
            &key.rest,
        )?;
        Ok(PrivateKey::from_pkcs8_der(der.expose())?)
    }

    /// The private key that opens a lock: one the vault stores, or one a ticket of the session
    /// stands for.
    pub(super) fn private_key_of(&self, owner: &Owner, lock: &LockRef) -> Result<Option<PrivateKey>, VaultError> {
        match &lock.recipient {
            Recipient::Key(id) => {
                let known = self.opened_keys.borrow().iter().find(|(by, _)| by == lock).map(|(_, key)| key.clone());
                if known.is_some() {
                    return Ok(known);
                }
                // A key that was deleted opens nothing any more, whatever tickets say.
                let Some(key) = self.find_key(*id)? else { return Ok(None) };
                let private = match lock.tier {
                    Tier::KeyStored => Some(self.open_stored_key(&key)?),
                    _ => self.key_by_ticket(&lock.recipient, key.head.generation, lock.fingerprint)?,
                };
                self.opened_keys.borrow_mut().extend(private.iter().map(|private| (lock.clone(), private.clone())));
                Ok(private)
            }
            Recipient::MasterPassword => match self.master_of(owner)? {
                Some(master) => self.master_key_by_ticket(&master),
                None => Ok(None),
            },
        }
    }
}

/// Notes what an entry needs, beside others that need the same.
pub(super) fn add_need(needs: &mut Vec<Needed>, any_of: Vec<Challenge>, entry: EntryId) {
    match needs.iter_mut().find(|need| need.any_of == any_of) {
        Some(need) => need.entries.push(entry),
        None => needs.push(Needed { any_of, entries: vec![entry] }),
    }
}

/// A wrap that opened to the data key but not to what was given.
pub(super) fn wrong_answer(what: &'static str, cause: EnvelopeError) -> VaultError {
    match cause {
        EnvelopeError::WrongKey => VaultError::WrongAnswer { what },
        other => other.into(),
    }
}

/// What the private key of a key record is bound to.
pub(super) fn key_context(gate: &Gate<'_>, id: KeyId) -> Context<'static> {
    Context {
        vault: Some(gate.core.id),
        kind: Some(RecordKind::Key),
        id: Some(id.to_bytes()),
        field: Some("private key"),
        ..Context::default()
    }
}
