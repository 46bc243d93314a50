//! Secrets for a holder who opens them elsewhere, such as in a browser: the data-key layer is taken
//! off here, and what is left only the holder's private key opens. The way through the gate is that
//! of a reveal; the secret itself is not seen.

use base64ct::{Base64, Encoding};
use serde::{Serialize, Serializer};

use super::error::VaultError;
use super::gate::Gate;
use crate::envelope::SealedSecret;
use crate::id::{EntryId, FieldId, KeyId, VaultId};
use crate::model::{Action, EventKind, FieldValue, Fingerprint, KeySuite, Outcome, Recipient, Tier};

/// A secret that is still sealed to one RSA key: what its holder needs to open it with the private
/// key alone (`spec/sealed-for.md`). The names are the same in every language, so that the document
/// goes to the page as it is.
///
/// # Security
/// Of the data-key layer it has nothing left: whoever gets hold of it and of the private key, now or
/// later, has the secret. It tells the names of the secret fields, as a view of the entry does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SealedFor {
    /// The vault.
    pub vault: VaultId,
    /// The entry.
    pub entry: EntryId,
    /// The revision of the secret.
    pub revision: u64,
    /// The key it is sealed to.
    pub key: KeyId,
    /// The fingerprint of that key.
    pub fingerprint: Fingerprint,
    /// The wrap of the secret's key, without its data-key layer, as base64 (RFC 4648).
    #[serde(serialize_with = "base64")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub wrap: Vec<u8>,
    /// The envelope of the secret, as base64 (RFC 4648).
    #[serde(serialize_with = "base64")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub envelope: Vec<u8>,
    /// The secret custom fields by name; their values are in the envelope.
    pub fields: Vec<SealedField>,
}

/// A secret custom field without its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SealedField {
    /// Which field.
    pub id: FieldId,
    /// Its name.
    pub name: String,
}

impl Gate<'_> {
    pub(super) fn sealed_for(&self, id: EntryId, key: KeyId) -> Result<SealedFor, VaultError> {
        let (found, proof) = self.entry(id, Action::Reveal, EventKind::SecretRevealed)?;
        // That a key is there at all is not told to whom no lock names it.
        let lock = found.head.locks.iter().find(|lock| lock.recipient == Recipient::Key(key)).ok_or(NOT_LOCKED)?;
        match lock.tier {
            Tier::KeyPublicOnly => {}
            Tier::KeyPassphrase => return Err(BEHIND_ARGON2),
            Tier::KeyStored => return Err(STORED),
            Tier::Vault | Tier::MasterPassword => return Err(NOT_LOCKED),
        }
        let fingerprint = lock.fingerprint;
        match self.find_key(key)?.map(|key| key.head.suite) {
            Some(KeySuite::RsaOaep256) => {}
            Some(KeySuite::HpkeX25519) => return Err(NOT_RSA),
            None => return Err(DELETED),
        }
        let binding = self.binding(id, found.head.secret.revision);
        let (wrap, envelope) = SealedSecret::parse(&found.rest)
            .and_then(|sealed| sealed.peel(&self.snapshot.keyring, binding, key.to_bytes()))
            .map_err(|cause| self.damaged(id, cause))?;
        let secret_fields = found.head.fields.iter().filter(|field| field.value == FieldValue::Secret);
        let sealed = SealedFor {
            vault: binding.vault,
            entry: id,
            revision: binding.revision,
            key,
            fingerprint,
            wrap: wrap.expose().to_vec(),
            envelope: envelope.to_vec(),
            fields: secret_fields.map(|field| SealedField { id: field.id, name: field.name.clone() }).collect(),
        };
        let mut event = self.event(EventKind::SecretRevealed, Outcome::Done, &[id]);
        event.sealed_to.push(fingerprint);
        self.note_revealed(&proof, found, event)?;
        Ok(sealed)
    }
}

fn base64<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&Base64::encode_string(bytes))
}

const NOT_LOCKED: VaultError =
    VaultError::State("the entry is not locked to this key; its challenge names the keys it is locked to");
const BEHIND_ARGON2: VaultError = VaultError::State(
    "the vault holds the private key behind Argon2id, which WebCrypto lacks; unlock it with its passphrase and reveal",
);
const STORED: VaultError =
    VaultError::State("the vault holds the private key and opens what is sealed to it; reveal the entry");
const NOT_RSA: VaultError =
    VaultError::State("only what is sealed to an RSA key opens with WebCrypto alone; unlock with the private key");
const DELETED: VaultError = VaultError::State("the key was deleted, and what is sealed to it opens no more");
