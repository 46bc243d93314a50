//! What a ciphertext is bound to. All associated data is built here.

use super::error::EnvelopeError;
use crate::id::{EntryId, RecordKind, VaultId};

/// The algorithms of an envelope or wrap. The number is part of the format and never reused;
/// 0x0021 is reserved for HPKE-X-Wing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u16)]
#[non_exhaustive]
pub enum Suite {
    /// HKDF-SHA-256 and AES-256-GCM under a 32-byte key.
    Symmetric = 0x0001,
    /// A seed by RSA-OAEP with SHA-256.
    RsaOaep256 = 0x0010,
    /// A seed by HPKE base mode with X25519.
    HpkeX25519 = 0x0020,
    /// A key by Argon2id from a password.
    Argon2id = 0x0030,
}

impl Suite {
    /// Its number in the format.
    #[must_use]
    pub const fn number(self) -> u16 {
        self as u16
    }
}

/// What an envelope is for. The number is part of the format and never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[non_exhaustive]
pub enum Purpose {
    /// The keyring, under a key derived from the KEK.
    Keyring = 1,
    /// The head of a record, under the data key.
    Head = 2,
    /// The secret of an entry: under the data key (tier V) or a DEK (locked).
    Secret = 3,
    /// The outer layer of a wrap, under the data key.
    Wrap = 4,
    /// A 32-byte key, under the seed of a wrap. Not padded.
    WrappedKey = 5,
    /// The outer layer of a password wrap, under the data key.
    PasswordWrap = 6,
    /// A private key, under the Argon2id output of a password wrap.
    PasswordWrappedKey = 7,
    /// A private key stored without a passphrase, under the data key.
    StoredKey = 8,
    /// A private key opened for an unlock ticket, under a key derived from the ticket.
    Ticket = 9,
    /// An audit event, under the audit key.
    Event = 10,
    /// What a person signs in with, under the data key.
    Credentials = 11,
    /// The outer layer of a link, under the data key.
    Link = 12,
    /// What a link hands over, or a passphrase's layer around it, under the key derived from the link.
    LinkContents = 13,
    /// What a link hands over, under the Argon2id output of its passphrase.
    LinkPassphrase = 14,
    /// A place in a list, under the data key. Never stored.
    Cursor = 255,
}

/// Everything a ciphertext is bound to. A field that does not apply is absent, which is encoded as
/// length zero: every field is always there.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// The vault.
    pub vault: Option<VaultId>,
    /// The kind of the record.
    pub kind: Option<RecordKind>,
    /// The record's id.
    pub id: Option<[u8; 16]>,
    /// The record's revision.
    pub revision: Option<u64>,
    /// The keyring's epoch.
    pub epoch: Option<u64>,
    /// The entry a secret or wrap belongs to.
    pub entry: Option<EntryId>,
    /// The part of the record.
    pub field: Option<&'a str>,
    /// The secret's revision.
    pub secret_revision: Option<u64>,
    /// The record of the key or master password sealed to.
    pub recipient: Option<[u8; 16]>,
    /// The audit shard.
    pub shard: Option<u32>,
    /// The place in the audit shard.
    pub sequence: Option<u64>,
    /// The hash of the audit leaf before.
    pub previous_leaf: Option<[u8; 32]>,
    /// The person a ticket belongs to, in its text form.
    pub person: Option<&'a str>,
}

impl Context<'_> {
    /// The context's bytes for one envelope: version, suite, purpose and key id, then every field
    /// in the order of the table in `spec/format.md`, each behind a u32 length.
    ///
    /// # Errors
    /// [`EnvelopeError::TooLarge`] when a text field is over 4 GiB.
    pub fn encode(&self, suite: Suite, purpose: Purpose, key_id: &[u8; 16]) -> Result<Vec<u8>, EnvelopeError> {
        let Self {
            vault,
            kind,
            id,
            revision,
            epoch,
            entry,
            field,
            secret_revision,
            recipient,
            shard,
            sequence,
            previous_leaf,
            person,
        } = self;
        let mut out = Vec::with_capacity(256);
        put(&mut out, Some(&[super::sealed::VERSION]))?;
        put(&mut out, Some(&suite.number().to_be_bytes()))?;
        put(&mut out, Some(&[purpose as u8]))?;
        put(&mut out, Some(key_id))?;
        put(&mut out, vault.map(VaultId::to_bytes).as_ref().map(<[u8; 16]>::as_slice))?;
        put(&mut out, kind.map(|kind| [kind.number()]).as_ref().map(<[u8; 1]>::as_slice))?;
        put(&mut out, id.as_ref().map(<[u8; 16]>::as_slice))?;
        put(&mut out, revision.map(u64::to_be_bytes).as_ref().map(<[u8; 8]>::as_slice))?;
        put(&mut out, epoch.map(u64::to_be_bytes).as_ref().map(<[u8; 8]>::as_slice))?;
        put(&mut out, entry.map(EntryId::to_bytes).as_ref().map(<[u8; 16]>::as_slice))?;
        put(&mut out, field.map(str::as_bytes))?;
        put(&mut out, secret_revision.map(u64::to_be_bytes).as_ref().map(<[u8; 8]>::as_slice))?;
        put(&mut out, recipient.as_ref().map(<[u8; 16]>::as_slice))?;
        put(&mut out, shard.map(u32::to_be_bytes).as_ref().map(<[u8; 4]>::as_slice))?;
        put(&mut out, sequence.map(u64::to_be_bytes).as_ref().map(<[u8; 8]>::as_slice))?;
        put(&mut out, previous_leaf.as_ref().map(<[u8; 32]>::as_slice))?;
        put(&mut out, person.map(str::as_bytes))?;
        Ok(out)
    }
}

fn put(out: &mut Vec<u8>, field: Option<&[u8]>) -> Result<(), EnvelopeError> {
    super::codec::put_bytes(out, field.unwrap_or_default(), "a context field")
}
