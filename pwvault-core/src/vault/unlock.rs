//! Unlocking: challenges, answers, and tickets that carry an unlock from request to request.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use super::core::tampered;
use super::error::VaultError;
use super::gate::{FoundKey, Gate};
use super::session::Session;
use crate::crypto::{self, PrivateKey};
use crate::envelope::{
    self, Context, EnvelopeError, Keyring, Purpose, Suite, open_password_wrap, open_record, seal_record,
};
use crate::id::{EntryId, KeyId, RecordId, RecordKind};
use crate::index;
use crate::model::{
    Action, EventKind, Fingerprint, KeyConfiguration, LockRef, Outcome, Owner, Recipient, TicketHead, Tier,
};
use crate::secret::{SecretBytes, SecretString};
use crate::store::{ChangeSet, Record, StoreError};

/// One way to open a locked secret. Any one suffices.
#[derive(Clone, Debug, PartialEq, Eq)]
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

/// Stands for an unlocked key or master password: 32 random bytes for the host's cookie or
/// server-side session.
///
/// # Security
/// Whoever holds it, and is the same principal, opens what the key opens until it ends: after 15
/// minutes without use and 8 hours at most (settings), on [`Unlocking::lock`], and when the
/// password is changed or the key deleted.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct UnlockTicket([u8; 32]);

impl UnlockTicket {
    /// From the bytes of [`expose`](Self::expose).
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, for a cookie.
    #[must_use]
    pub const fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    fn record_id(&self, keyring: &Keyring) -> RecordId {
        index::unique_id(keyring, RecordKind::Ticket, "ticket", &crypto::sha256(&[&self.0]))
    }
}

impl fmt::Debug for UnlockTicket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UnlockTicket(redacted)")
    }
}

/// Opening what is locked.
pub trait Unlocking {
    /// The ways to open an entry's secret; none when it needs nothing, or a ticket of this session
    /// opens it already.
    ///
    /// # Errors
    /// [`VaultError::NotFound`] when the principal may not view the entry.
    fn challenge(&self, entry: EntryId) -> Result<Vec<Challenge>, VaultError>;

    /// Unlocks a key or master password. The work of Argon2id is done here and not again while
    /// the ticket lasts.
    ///
    /// # Errors
    /// [`VaultError::WrongAnswer`] for a passphrase, password or private key that does not fit;
    /// [`VaultError::NotFound`] when there is no such key; [`VaultError::State`] when the answer is
    /// of another sort than the key needs.
    ///
    /// # Security
    /// Failed attempts are logged. The host limits their rate.
    fn unlock(&self, answer: &UnlockAnswer) -> Result<UnlockTicket, VaultError>;

    /// Ends a ticket. Ending one that has ended already is no error.
    ///
    /// # Errors
    /// Those of the store.
    fn lock(&self, ticket: &UnlockTicket) -> Result<(), VaultError>;
}

impl Unlocking for Session {
    fn challenge(&self, entry: EntryId) -> Result<Vec<Challenge>, VaultError> {
        self.run(|gate| {
            let (found, _) = gate.entry(entry, Action::View, EventKind::EntryViewed)?;
            for lock in &found.head.locks {
                if gate.private_key_of(&found.head.owner, lock)?.is_some() {
                    return Ok(Vec::new());
                }
            }
            Ok(challenges(&found.head.owner, &found.head.locks))
        })
    }

    fn unlock(&self, answer: &UnlockAnswer) -> Result<UnlockTicket, VaultError> {
        self.run(|gate| {
            let opened = match answer {
                UnlockAnswer::Passphrase { key, passphrase } => gate.answer_passphrase(*key, passphrase),
                UnlockAnswer::PrivateKey { key, pem, passphrase } => {
                    gate.answer_private_key(*key, pem, passphrase.as_ref())
                }
                UnlockAnswer::MasterPassword { owner, password } => gate.answer_master_password(owner, password),
            };
            if matches!(opened, Err(VaultError::WrongAnswer { .. })) {
                gate.log(EventKind::Unlocked, Outcome::Failed, &[])?;
            }
            gate.issue_ticket(&opened?)
        })
    }

    fn lock(&self, ticket: &UnlockTicket) -> Result<(), VaultError> {
        self.run(|gate| {
            let key = gate.core.key(RecordKind::Ticket, ticket.record_id(&gate.snapshot.keyring));
            let Some(record) = gate.core.load(key)? else { return Ok(()) };
            let mut changes = ChangeSet::new();
            changes.delete(key, record.revision);
            gate.core.commit(&gate.snapshot, changes, gate.event(EventKind::TicketEnded, Outcome::Done, &[]))
        })
    }
}

/// A private key that an answer has opened.
pub(super) struct Unlocked {
    pub(super) recipient: Recipient,
    pub(super) owner: Option<Owner>,
    pub(super) private: PrivateKey,
}

impl Gate<'_> {
    fn answer_passphrase(&self, id: KeyId, passphrase: &SecretString) -> Result<Unlocked, VaultError> {
        let key = self.find_key(id)?.ok_or(VaultError::NotFound)?;
        if key.head.configuration != KeyConfiguration::Passphrase {
            return Err(VaultError::State("the vault holds no private key with a passphrase for this key"));
        }
        let private = self.open_passphrase_key(&key, passphrase)?;
        Ok(Unlocked { recipient: Recipient::Key(id), owner: None, private })
    }

    fn answer_private_key(
        &self,
        id: KeyId,
        pem: &SecretString,
        passphrase: Option<&SecretString>,
    ) -> Result<Unlocked, VaultError> {
        let key = self.find_key(id)?.ok_or(VaultError::NotFound)?;
        let private = PrivateKey::from_pem(pem.expose(), passphrase)?;
        if private.public().fingerprint() != key.head.fingerprint {
            return Err(VaultError::WrongAnswer { what: "private key" });
        }
        Ok(Unlocked { recipient: Recipient::Key(id), owner: None, private })
    }

    /// The private key of configuration K2, opened with its passphrase.
    pub(super) fn open_passphrase_key(
        &self,
        key: &FoundKey,
        passphrase: &SecretString,
    ) -> Result<PrivateKey, VaultError> {
        let context = key_context(self, key.id);
        let opened = open_password_wrap(&self.snapshot.keyring, &context, passphrase.expose().as_bytes(), &key.rest);
        let (der, _) = opened.map_err(|cause| wrong_answer("passphrase", cause))?;
        Ok(PrivateKey::from_pkcs8_der(der.expose())?)
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

    /// Issues a ticket for an opened key.
    pub(super) fn issue_ticket(&self, unlocked: &Unlocked) -> Result<UnlockTicket, VaultError> {
        let ticket = UnlockTicket(crypto::random_array()?);
        let keyring = &self.snapshot.keyring;
        let person = self.session.principal.person();
        let head = TicketHead {
            person: person.clone(),
            recipient: unlocked.recipient.clone(),
            owner: unlocked.owner.clone(),
            fingerprint: unlocked.private.public().fingerprint(),
            issued_at: self.now,
            used_at: self.now,
        };
        let key = self.core.key(RecordKind::Ticket, ticket.record_id(keyring));
        let person = person.to_string();
        let rest = envelope::seal(
            &keyring.ticket_key(&ticket.0)?,
            Purpose::Ticket,
            Suite::Symmetric,
            &ticket_context(self, key.id, &person),
            &[],
            unlocked.private.to_pkcs8_der().expose(),
        )?;
        let mut changes = ChangeSet::new();
        changes.write(seal_record(keyring, key, 1, &head, Vec::new(), &rest)?);
        // The answer that opened the key is what entitles to the ticket; no rule is asked.
        self.core.commit(&self.snapshot, changes, self.event(EventKind::Unlocked, Outcome::Done, &[]))?;
        Ok(ticket)
    }

    /// The private key that opens a lock: one the vault stores, or one a ticket of the session
    /// stands for.
    pub(super) fn private_key_of(&self, owner: &Owner, lock: &LockRef) -> Result<Option<PrivateKey>, VaultError> {
        match (&lock.recipient, lock.tier) {
            (Recipient::Key(id), Tier::KeyStored) => match self.find_key(*id)? {
                Some(key) => self.open_stored_key(&key).map(Some),
                None => Ok(None),
            },
            (Recipient::Key(id), _) => {
                // A key that was deleted opens nothing any more, whatever tickets say.
                if self.find_key(*id)?.is_none() {
                    return Ok(None);
                }
                self.key_by_ticket(&lock.recipient, None, lock.fingerprint)
            }
            (Recipient::MasterPassword, _) => {
                let own = self.own_master.as_ref().filter(|master| master.head.owner == *owner);
                match own {
                    Some(_) => self.own_master_key(),
                    None => match super::master::load_master(self.core, &self.snapshot, owner)? {
                        Some(master) => self.master_key_by_ticket(&master),
                        None => Ok(None),
                    },
                }
            }
        }
    }

    /// A private key from a ticket of the session that still holds.
    pub(super) fn key_by_ticket(
        &self,
        recipient: &Recipient,
        valid_since: Option<crate::clock::Timestamp>,
        fingerprint: Fingerprint,
    ) -> Result<Option<PrivateKey>, VaultError> {
        for ticket in &self.session.tickets {
            if let Some(private) = self.try_ticket(ticket, recipient, valid_since, fingerprint)? {
                return Ok(Some(private));
            }
        }
        Ok(None)
    }

    fn try_ticket(
        &self,
        ticket: &UnlockTicket,
        recipient: &Recipient,
        valid_since: Option<crate::clock::Timestamp>,
        fingerprint: Fingerprint,
    ) -> Result<Option<PrivateKey>, VaultError> {
        let keyring = &self.snapshot.keyring;
        let key = self.core.key(RecordKind::Ticket, ticket.record_id(keyring));
        let Some(record) = self.core.load(key)? else { return Ok(None) };
        let opened = open_record::<TicketHead>(keyring, RecordKind::Ticket, &record)
            .map_err(|cause| tampered(&record, cause))?;
        let head = opened.head;
        let person = self.session.principal.person();
        let settings = &self.snapshot.policy.settings;
        let holds = head.person == person
            && head.recipient == *recipient
            && head.fingerprint == fingerprint
            && valid_since.is_none_or(|since| head.issued_at >= since)
            && self.now < head.issued_at.plus_millis(settings.ticket_max_ms)
            && self.now < head.used_at.plus_millis(settings.ticket_idle_ms);
        if !holds {
            return Ok(None);
        }
        let person = person.to_string();
        let context = ticket_context(self, key.id, &person);
        let der: SecretBytes = match envelope::open(
            &keyring.ticket_key(&ticket.0)?,
            Purpose::Ticket,
            Suite::Symmetric,
            &context,
            &[],
            opened.rest,
        ) {
            Ok(der) => der,
            // Issued under a data key that has been rotated since.
            Err(EnvelopeError::WrongKey) => return Ok(None),
            Err(cause) => return Err(tampered(&record, cause)),
        };
        self.touch_ticket(&record, head, opened.rest)?;
        Ok(Some(PrivateKey::from_pkcs8_der(der.expose())?))
    }

    /// Notes the use of a ticket, to the minute. It is no event: the use itself is logged.
    fn touch_ticket(&self, record: &Record, mut head: TicketHead, rest: &[u8]) -> Result<(), VaultError> {
        if self.now < head.used_at.plus_millis(TOUCH_EVERY_MS) {
            return Ok(());
        }
        head.used_at = self.now;
        let mut changes = ChangeSet::new();
        changes.write(seal_record(
            &self.snapshot.keyring,
            record.key,
            record.revision + 1,
            &head,
            record.labels.clone(),
            rest,
        )?);
        match self.core.store.commit(&changes) {
            // Another request noted its use at the same time.
            Ok(()) | Err(StoreError::Conflict(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// What would open these locks, in their order; nothing when one is held by the vault itself.
pub(super) fn challenges(owner: &Owner, locks: &[LockRef]) -> Vec<Challenge> {
    locks
        .iter()
        .filter_map(|lock| match (&lock.recipient, lock.tier) {
            (Recipient::MasterPassword, _) => Some(Challenge::MasterPassword { owner: owner.clone() }),
            (Recipient::Key(key), Tier::KeyPassphrase) => {
                Some(Challenge::Passphrase { key: *key, fingerprint: lock.fingerprint })
            }
            (Recipient::Key(key), Tier::KeyPublicOnly) => {
                Some(Challenge::PrivateKey { key: *key, fingerprint: lock.fingerprint })
            }
            (Recipient::Key(_), Tier::Vault | Tier::KeyStored | Tier::MasterPassword) => None,
        })
        .collect()
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

fn ticket_context<'a>(gate: &Gate<'_>, id: RecordId, person: &'a str) -> Context<'a> {
    Context {
        vault: Some(gate.core.id),
        kind: Some(RecordKind::Ticket),
        id: Some(id.0),
        field: Some("private key"),
        person: Some(person),
        ..Context::default()
    }
}

const TOUCH_EVERY_MS: i64 = 60_000;
