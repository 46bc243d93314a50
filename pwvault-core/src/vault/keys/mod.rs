//! Encryption keys: registering and generating them, their records, and locking entries to them.
//!
//! [`records`] owns what a key's record holds, [`usage`] where a key is used and what deleting it
//! loses, [`attach`] the locks of entries.

use serde::{Deserialize, Serialize};

mod attach;
mod records;
mod usage;

use super::error::VaultError;
use super::session::Session;
use crate::crypto::{CryptoError, PublicKey};
use crate::id::{EntryId, KeyId};
use crate::model::{Fingerprint, Grantee, KeyHead, KeyOwner};
use crate::policy::KeyAction;
use crate::secret::SecretString;

/// A private key as a person holds it.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "crossing", derive(serde::Deserialize, schemars::JsonSchema))]
pub struct PrivateKeyPem {
    /// PKCS#8 or PKCS#1 PEM.
    pub pem: SecretString,
    /// The passphrase of the PEM itself, if it is encrypted.
    pub passphrase: Option<SecretString>,
}

/// A key pair to be registered.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "crossing", derive(serde::Deserialize, schemars::JsonSchema))]
pub struct KeyRegistration {
    /// Its name.
    pub name: String,
    /// Who will own it.
    pub owner: KeyOwner,
    /// What the vault is given of it.
    pub material: KeyMaterial,
    /// Who besides the owner may attach it to entries.
    #[cfg_attr(feature = "crossing", serde(default))]
    pub may_attach: Vec<Grantee>,
}

/// What the vault is given of a key pair, and so what it holds.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "crossing", derive(serde::Deserialize, schemars::JsonSchema))]
#[cfg_attr(feature = "crossing", serde(rename_all = "snake_case"))]
pub enum KeyMaterial {
    /// The public key.
    PublicOnly {
        /// SubjectPublicKeyInfo or PKCS#1 PEM.
        public: String,
        /// The private key, to prove that there is one. It is used once and not kept.
        proof: Option<PrivateKeyPem>,
    },
    /// The pair; the private key is kept, wrapped with a passphrase.
    Passphrase {
        /// The private key.
        private: PrivateKeyPem,
        /// The passphrase to wrap it with, 1 to 1,024 bytes taken as they are.
        passphrase: SecretString,
    },
    /// The pair; the private key is kept under the vault's key.
    ///
    /// # Security
    /// Whoever holds the database and the KEK opens what is sealed to it: separation of duty only.
    Stored {
        /// The private key.
        private: PrivateKeyPem,
    },
}

/// A key pair to be generated: RSA, for people to hold.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "crossing", derive(serde::Deserialize, schemars::JsonSchema))]
pub struct KeyGeneration {
    /// Its name.
    pub name: String,
    /// Who will own it.
    pub owner: KeyOwner,
    /// Its length: 3072 or 4096 bits.
    #[cfg_attr(feature = "crossing", serde(default = "default_bits"))]
    pub bits: u32,
    /// What becomes of the private key.
    pub custody: KeyCustody,
    /// Who besides the owner may attach it to entries.
    #[cfg_attr(feature = "crossing", serde(default))]
    pub may_attach: Vec<Grantee>,
}

#[cfg(feature = "crossing")]
const fn default_bits() -> u32 {
    KeyGeneration::DEFAULT_BITS
}

impl KeyGeneration {
    /// A pair of [`DEFAULT_BITS`](Self::DEFAULT_BITS) that nobody but its owner may attach.
    #[must_use]
    pub fn new(name: impl Into<String>, owner: KeyOwner, custody: KeyCustody) -> Self {
        Self { name: name.into(), owner, bits: Self::DEFAULT_BITS, custody, may_attach: Vec::new() }
    }

    /// The length of a pair unless another is asked for.
    pub const DEFAULT_BITS: u32 = 3072;
}

/// What becomes of the private key of a generated pair.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "crossing", derive(serde::Deserialize, schemars::JsonSchema))]
#[cfg_attr(feature = "crossing", serde(rename_all = "snake_case"))]
pub enum KeyCustody {
    /// It is returned once and not kept.
    PublicOnly,
    /// It is kept, wrapped with this passphrase of 1 to 1,024 bytes.
    Passphrase(SecretString),
    /// It is kept under the vault's key.
    Stored,
}

/// A pair that was generated.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "crossing", derive(serde::Serialize, schemars::JsonSchema))]
pub struct GeneratedKey {
    /// Which key.
    pub id: KeyId,
    /// SHA-256 of its public key.
    pub fingerprint: Fingerprint,
    /// The public key, SubjectPublicKeyInfo PEM.
    pub public_pem: String,
    /// The private key, PKCS#8 PEM without encryption, when the vault keeps none. Nothing brings it
    /// back.
    pub private_pem: Option<SecretString>,
}

/// An encryption key as the principal sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KeyView {
    /// Which key.
    pub id: KeyId,
    /// Rises with every change; a change names the one it was based on.
    pub version: u64,
    /// What is known of it. Who else may attach it is left out unless the principal may manage it.
    pub head: KeyHead,
    /// The most the principal may do with it.
    pub action: KeyAction,
}

impl KeyView {
    /// The public key, SubjectPublicKeyInfo PEM.
    ///
    /// # Errors
    /// [`CryptoError`] when the stored key does not read, which it always does.
    pub fn public_pem(&self) -> Result<String, CryptoError> {
        Ok(PublicKey::from_spki_der(&self.head.public_key)?.to_pem())
    }
}

/// A change of a key; what is `None` stays as it is.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct KeyPatch {
    /// A new name.
    pub name: Option<String>,
    /// A new full list of those besides the owner who may attach it.
    pub may_attach: Option<Vec<Grantee>>,
}

/// Where a key is used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KeyUsage {
    /// How many entries are locked to it, those in the trash included.
    pub entries: u64,
    /// How many of them are locked to no other key that is still there.
    pub sole: u64,
    /// How many past secrets these entries have.
    pub past_secrets: u64,
    /// Those of the entries that the principal may view.
    pub visible: Vec<EntryId>,
}

/// Whether a key that is in use is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeleteKey {
    /// It is not.
    RefuseInUse,
    /// It is, and what is locked to no other key is lost: such an entry can only be read in its
    /// overview and purged. It is not sealed to anything else in its place, since a key may only seem
    /// to be gone.
    LoseSecrets,
}

/// Working with encryption keys.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// # let anna = vault.session(Principal::client(ClientId::new("anna")?), RequestContext::default());
/// # let id = anna.create_entry(&EntryDraft { name: "Webmail".into(), password: "s3cret".into(), ..EntryDraft::default() })?;
/// # use pwvault_core::{model::KeyOwner, vault::{DeleteKey, KeyCustody, KeyGeneration}};
/// let owner = KeyOwner::Client(ClientId::new("anna")?);
/// let key = anna.generate_key(&KeyGeneration::new("Anna's key", owner, KeyCustody::Passphrase("seven herons".into())))?;
/// anna.attach_keys(id, anna.entry(id)?.head.version, &[key.id])?;
/// assert!(matches!(anna.reveal(id), Err(VaultError::Locked(_))));
/// assert!(matches!(anna.delete_key(key.id, DeleteKey::RefuseInUse), Err(VaultError::InUse { .. })));
/// # Ok::<(), VaultError>(())
/// ```
pub trait Keys {
    /// Registers a key pair. With a private key, possession is proved before anything is written.
    ///
    /// # Errors
    /// [`VaultError::Denied`] when the principal may not register for this owner,
    /// [`VaultError::Invalid`], and [`VaultError::Crypto`] for a key that is not accepted, a
    /// passphrase that does not open the PEM, or a private key of another pair.
    fn register_key(&self, registration: &KeyRegistration) -> Result<KeyId, VaultError>;

    /// Generates an RSA key pair and registers it.
    ///
    /// # Errors
    /// As [`register_key`](Self::register_key).
    ///
    /// # Security
    /// A pair made on the host passes through the host's memory. A holder who trusts the host with
    /// nothing makes the pair elsewhere and registers its public key.
    fn generate_key(&self, generation: &KeyGeneration) -> Result<GeneratedKey, VaultError>;

    /// An encryption key.
    ///
    /// # Errors
    /// [`VaultError::NotFound`] when there is none or the principal may not know of it.
    fn key(&self, id: KeyId) -> Result<KeyView, VaultError>;

    /// The encryption keys the principal may attach or manage, the oldest first.
    ///
    /// # Errors
    /// Those of the store.
    fn list_keys(&self) -> Result<Vec<KeyView>, VaultError>;

    /// Changes a key that is still at `version`, and returns the new version.
    ///
    /// # Errors
    /// [`VaultError::VersionConflict`], [`VaultError::Invalid`], [`VaultError::Denied`],
    /// [`VaultError::NotFound`].
    fn update_key(&self, id: KeyId, version: u64, patch: &KeyPatch) -> Result<u64, VaultError>;

    /// Changes the passphrase of a private key the vault holds. Unlock tickets of the old one end.
    ///
    /// # Errors
    /// [`VaultError::WrongAnswer`] when the old passphrase does not fit, [`VaultError::State`] when
    /// the key has none; [`VaultError::Invalid`], [`VaultError::Denied`],
    /// [`VaultError::NotFound`].
    ///
    /// # Security
    /// An old backup, the KEK and the old passphrase together still open what was sealed before.
    fn change_key_passphrase(&self, id: KeyId, old: &SecretString, new: &SecretString) -> Result<(), VaultError>;

    /// Where a key is used.
    ///
    /// # Errors
    /// [`VaultError::Denied`] when the principal may not manage the key, [`VaultError::NotFound`].
    fn key_usage(&self, id: KeyId) -> Result<KeyUsage, VaultError>;

    /// Deletes a key and returns where it was used.
    ///
    /// Entries that others lock to it at the same moment may be missed by the count.
    ///
    /// # Errors
    /// [`VaultError::InUse`] names what would be lost; [`VaultError::Denied`],
    /// [`VaultError::NotFound`].
    fn delete_key(&self, id: KeyId, how: DeleteKey) -> Result<KeyUsage, VaultError>;

    /// Locks an entry that is still at `version` to more keys, and returns the new version. Its
    /// past secrets are locked as well. An entry held by the vault alone, or by its owner's master
    /// password, is locked to these keys instead. Needs an unlock if the entry is locked.
    ///
    /// # Errors
    /// [`VaultError::Locked`], [`VaultError::VersionConflict`], [`VaultError::UnexpectedLock`],
    /// [`VaultError::Invalid`], [`VaultError::Denied`], [`VaultError::NotFound`].
    fn attach_keys(&self, entry: EntryId, version: u64, keys: &[KeyId]) -> Result<u64, VaultError>;

    /// Takes a key off an entry that is still at `version`, in every revision of its secret, and
    /// returns the new version. The entry is marked: its secret should be changed, since the
    /// holder may know it. Locks to keys that were deleted go as well.
    ///
    /// When no key is left, the entry is sealed to its owner's master password, or held by the
    /// vault alone; this needs an unlock.
    ///
    /// # Errors
    /// [`VaultError::State`] when every key of the entry was deleted; else as
    /// [`attach_keys`](Self::attach_keys).
    fn detach_key(&self, entry: EntryId, version: u64, key: KeyId) -> Result<u64, VaultError>;
}

impl Keys for Session {
    fn register_key(&self, registration: &KeyRegistration) -> Result<KeyId, VaultError> {
        self.run(|gate| gate.register_key(registration))
    }

    fn generate_key(&self, generation: &KeyGeneration) -> Result<GeneratedKey, VaultError> {
        self.run(|gate| gate.generate_key(generation))
    }

    fn key(&self, id: KeyId) -> Result<KeyView, VaultError> {
        self.run(|gate| gate.view_key(id))
    }

    fn list_keys(&self) -> Result<Vec<KeyView>, VaultError> {
        self.run(|gate| gate.list_keys())
    }

    fn update_key(&self, id: KeyId, version: u64, patch: &KeyPatch) -> Result<u64, VaultError> {
        self.run(|gate| gate.update_key(id, version, patch))
    }

    fn change_key_passphrase(&self, id: KeyId, old: &SecretString, new: &SecretString) -> Result<(), VaultError> {
        self.run(|gate| gate.change_key_passphrase(id, old, new))
    }

    fn key_usage(&self, id: KeyId) -> Result<KeyUsage, VaultError> {
        self.run(|gate| gate.usage_of_key(id))
    }

    fn delete_key(&self, id: KeyId, how: DeleteKey) -> Result<KeyUsage, VaultError> {
        self.run(|gate| gate.delete_key(id, how))
    }

    fn attach_keys(&self, entry: EntryId, version: u64, keys: &[KeyId]) -> Result<u64, VaultError> {
        self.run(|gate| gate.attach_keys(entry, version, keys))
    }

    fn detach_key(&self, entry: EntryId, version: u64, key: KeyId) -> Result<u64, VaultError> {
        self.run(|gate| gate.detach_key(entry, version, key))
    }
}
