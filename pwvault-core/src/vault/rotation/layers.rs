//! What of one record lies under the vault's keys: its head, its labels, and the outer layers of its
//! rest. The inside of what is locked is never touched.

use crate::directory::credentials_context;
use crate::envelope::{
    Context, EnvelopeError, Keyring, MasterWraps, Purpose, SealedSecret, UnreadRecord, data_key_of, key_id_of,
    reseal_link, reseal_outer, reseal_under_data_key,
};
use crate::id::{EntryId, KeyId, RecordKind};
use crate::index;
use crate::model::{
    CategoryHead, Contact, EntryHead, InviteHead, KeyConfiguration, KeyHead, LinkHead, LockRef, Owner, PastSecretHead,
    PersonHead, Recipient, UnitHead,
};
use crate::store::{Label, Record, StoreError};
use crate::vault::core::tampered;
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;
use crate::vault::master::{self, PASSWORD, RECOVERY_CODE, RECOVERY_KEY, master_context};
use crate::vault::unlock::key_context;

/// What a rotation does with the records of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Treatment {
    /// Sealed again.
    Reseal,
    /// Deleted when it lies under an old data key: a ticket of that key opens nothing any more.
    End,
    /// Not under data and index keys.
    Pass,
}

pub(super) const fn treatment(kind: RecordKind) -> Treatment {
    match kind {
        RecordKind::Policy
        | RecordKind::Entry
        | RecordKind::PastSecret
        | RecordKind::Key
        | RecordKind::MasterPassword
        | RecordKind::Checkpoint
        | RecordKind::Tombstone
        | RecordKind::Mirror
        | RecordKind::Job
        | RecordKind::Category
        | RecordKind::Tag
        | RecordKind::Due
        | RecordKind::Message
        | RecordKind::Link
        | RecordKind::CredentialRequest
        | RecordKind::Approval
        | RecordKind::Account
        | RecordKind::Unit
        | RecordKind::Invite
        | RecordKind::Name
        | RecordKind::Template
        | RecordKind::Translation
        | RecordKind::Usage
        | RecordKind::Permit => Treatment::Reseal,
        RecordKind::Ticket => Treatment::End,
        // The keyring lies under the KEK; events lie under audit keys and are never
        // sealed again.
        RecordKind::Keyring | RecordKind::Event => Treatment::Pass,
    }
}

/// A record whose head has opened, with what its labels and layers hang on.
pub(super) struct Layers<'a> {
    gate: &'a Gate<'a>,
    record: &'a Record,
    unread: UnreadRecord<'a>,
    head: Head,
}

enum Head {
    Entry(Box<EntryHead>),
    PastSecret(PastSecretHead),
    Key(KeyHead),
    Mirror(Contact),
    Link(Box<LinkHead>),
    Category(CategoryHead),
    Account(Box<PersonHead>),
    Unit(UnitHead),
    Invite(InviteHead),
    Master,
    /// Nothing of it is labelled, and its rest holds no envelope.
    Plain,
}

impl<'a> Layers<'a> {
    /// Opens a record with the keys of `ring`.
    pub(super) fn open(gate: &'a Gate<'a>, ring: &Keyring, record: &'a Record) -> Result<Self, VaultError> {
        let open = || {
            let unread = UnreadRecord::open(ring, record)?;
            let head = match record.key.kind {
                RecordKind::Entry => Head::Entry(Box::new(unread.head()?)),
                RecordKind::PastSecret => Head::PastSecret(unread.head()?),
                RecordKind::Key => Head::Key(unread.head()?),
                RecordKind::Mirror => Head::Mirror(unread.head()?),
                RecordKind::Category => Head::Category(unread.head()?),
                RecordKind::Account => Head::Account(Box::new(unread.head()?)),
                RecordKind::Unit => Head::Unit(unread.head()?),
                RecordKind::Invite => Head::Invite(unread.head()?),
                RecordKind::Link => Head::Link(Box::new(unread.head()?)),
                RecordKind::MasterPassword => Head::Master,
                _ => Head::Plain,
            };
            Ok(Self { gate, record, unread, head })
        };
        open().map_err(|cause| tampered(record, cause))
    }

    /// Whether its head is of an older format.
    pub(super) const fn is_outdated(&self) -> bool {
        self.unread.is_outdated()
    }

    /// Whether anything of it lies under another data key than the current one of `ring`, or it
    /// carries other labels than those of its current index key, or its head is of an older format.
    pub(super) fn are_stale(&self, ring: &Keyring) -> Result<bool, VaultError> {
        let rest = self.unread.rest();
        let keys = || {
            let mut keys = match &self.head {
                Head::Entry(_) | Head::PastSecret(_) => SealedSecret::parse(rest)?.data_keys()?,
                Head::Master => {
                    let MasterWraps { password, recovery_code, recovery_key } = MasterWraps::decode(rest)?;
                    let wraps = [password, recovery_code, recovery_key];
                    wraps
                        .iter()
                        .filter(|wrap| !wrap.is_empty())
                        .map(|wrap| key_id_of(wrap))
                        .collect::<Result<_, _>>()?
                }
                Head::Account(_) => vec![key_id_of(rest)?],
                Head::Key(_) | Head::Link(_) if !rest.is_empty() => vec![key_id_of(rest)?],
                Head::Key(_)
                | Head::Link(_)
                | Head::Mirror(_)
                | Head::Category(_)
                | Head::Unit(_)
                | Head::Invite(_)
                | Head::Plain => Vec::new(),
            };
            keys.push(data_key_of(self.record)?);
            Ok(keys)
        };
        let keys: Vec<_> = keys().map_err(|cause| tampered(self.record, cause))?;
        Ok(self.is_outdated()
            || keys.iter().any(|key| *key != ring.data_key_id())
            || self.labels(ring) != self.record.labels)
    }

    /// The record under the current keys of `ring`, at its next revision.
    pub(super) fn reseal(&self, ring: &Keyring) -> Result<Record, VaultError> {
        let rest = self.reseal_rest(ring)?;
        self.unread.reseal(ring, self.labels(ring), &rest).map_err(|cause| tampered(self.record, cause))
    }

    fn labels(&self, ring: &Keyring) -> Vec<Label> {
        let mut labels = match &self.head {
            Head::Entry(head) => index::entry_labels(ring, head),
            Head::PastSecret(head) => index::past_secret_label(ring, head.entry),
            Head::Mirror(contact) => index::person_labels(ring, contact),
            Head::Account(head) => index::person_account_labels(ring, head),
            Head::Unit(head) => index::unit_labels(ring, head),
            Head::Invite(head) => index::invite_labels(ring, head),
            Head::Key(head) => index::key_labels(ring, head),
            Head::Link(head) => index::link_label(ring, head.entry),
            Head::Category(head) => index::category_labels(ring, head),
            Head::Master | Head::Plain => self.record.labels.clone(),
        };
        labels.sort_unstable();
        labels.dedup();
        labels
    }

    fn reseal_rest(&self, ring: &Keyring) -> Result<Vec<u8>, VaultError> {
        let rest = self.unread.rest();
        let id = self.record.key.id;
        let outer = |purpose, context: &Context<'_>| {
            reseal_under_data_key(ring, purpose, context, rest).map_err(|cause| tampered(self.record, cause))
        };
        match &self.head {
            Head::Entry(head) => {
                let entry = EntryId::from_bytes(id.0);
                self.reseal_secret(ring, entry, head.secret.revision, &head.locks, || Ok(head.owner.clone()))
            }
            Head::PastSecret(head) => {
                self.reseal_secret(ring, head.entry, head.revision, &head.locks, || self.owner_of(head))
            }
            Head::Key(head) => {
                let context = key_context(self.gate, KeyId::from_bytes(id.0));
                match head.configuration {
                    KeyConfiguration::PublicOnly => Ok(rest.to_vec()),
                    KeyConfiguration::Passphrase => outer(Purpose::PasswordWrap, &context),
                    KeyConfiguration::Stored => outer(Purpose::StoredKey, &context),
                }
            }
            Head::Master => self.reseal_master(ring),
            Head::Account(_) => outer(Purpose::Credentials, &credentials_context(self.record.key)),
            Head::Link(head) if !rest.is_empty() => reseal_link(ring, self.gate.link_binding(id, head.entry), rest)
                .map_err(|cause| tampered(self.record, cause)),
            Head::Link(_) | Head::Mirror(_) | Head::Category(_) | Head::Unit(_) | Head::Invite(_) | Head::Plain => {
                Ok(rest.to_vec())
            }
        }
    }

    fn reseal_secret(
        &self,
        ring: &Keyring,
        entry: EntryId,
        revision: u64,
        locks: &[LockRef],
        owner: impl Fn() -> Result<Owner, VaultError>,
    ) -> Result<Vec<u8>, VaultError> {
        let recipients = locks.iter().map(|lock| match &lock.recipient {
            Recipient::Key(id) => Ok(id.to_bytes()),
            Recipient::MasterPassword => Ok(master::record_id(ring, &owner()?).0),
        });
        let recipients = recipients.collect::<Result<Vec<_>, VaultError>>()?;
        reseal_outer(ring, self.gate.binding(entry, revision), &recipients, self.unread.rest())
            .map_err(|cause| tampered(self.record, cause))
    }

    fn reseal_master(&self, ring: &Keyring) -> Result<Vec<u8>, VaultError> {
        let id = self.record.key.id;
        let outer = |purpose, way, recipient, wrap: Vec<u8>| {
            if wrap.is_empty() {
                return Ok(wrap);
            }
            let context = Context { recipient, ..master_context(self.gate, id, way) };
            reseal_under_data_key(ring, purpose, &context, &wrap)
        };
        let reseal = || {
            let MasterWraps { password, recovery_code, recovery_key } = MasterWraps::decode(self.unread.rest())?;
            MasterWraps {
                password: outer(Purpose::PasswordWrap, PASSWORD, None, password)?,
                recovery_code: outer(Purpose::PasswordWrap, RECOVERY_CODE, None, recovery_code)?,
                recovery_key: outer(Purpose::Wrap, RECOVERY_KEY, Some(id.0), recovery_key)?,
            }
            .encode()
        };
        reseal().map_err(|cause| tampered(self.record, cause))
    }

    /// The owner of the entry a past secret belongs to.
    fn owner_of(&self, head: &PastSecretHead) -> Result<Owner, VaultError> {
        if let Some(entry) = self.gate.find(head.entry)? {
            return Ok(entry.head.owner);
        }
        // They go together; without its entry it was on its way out while it was read.
        match self.gate.core.load(self.record.key)? {
            Some(still) if still == *self.record => Err(tampered(&still, EnvelopeError::Tampered)),
            _ => Err(StoreError::Conflict(self.record.key).into()),
        }
    }
}
