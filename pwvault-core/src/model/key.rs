//! Encryption keys, master passwords and unlock tickets, as far as they are no secret.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::entry::{Owner, Recipient};
use super::grant::Grantee;
use super::principal::Person;
use crate::clock::Timestamp;
use crate::id::{AdminId, ClientId};

/// SHA-256 of a public key's re-encoded DER SubjectPublicKeyInfo.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// From its 32 bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its 32 bytes.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 32] {
        self.0
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { serializer.collect_str(self) } else { self.0.serialize(serializer) }
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            return <[u8; 32]>::deserialize(deserializer).map(Self);
        }
        let bytes = crate::document::from_hex(&String::deserialize(deserializer)?);
        let bytes = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        bytes.map(Self).ok_or_else(|| serde::de::Error::custom("expected a fingerprint: 64 hexadecimal digits"))
    }
}

crate::document::text_schema!(Fingerprint, "SHA-256 of a public key, as 64 hexadecimal digits");

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

/// The algorithm of a key pair. The number is part of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum KeySuite {
    /// RSA-OAEP with SHA-256 (RFC 8017), for pairs that people hold.
    RsaOaep256,
    /// HPKE base mode with X25519 (RFC 9180), for pairs the vault makes for itself.
    HpkeX25519,
}

impl KeySuite {
    /// The number that stands in every wrap. 0x0021 is reserved for HPKE with X-Wing.
    #[must_use]
    pub const fn number(self) -> u16 {
        match self {
            Self::RsaOaep256 => 0x0010,
            Self::HpkeX25519 => 0x0020,
        }
    }

    /// The suite with that number, if there is one.
    #[must_use]
    pub const fn from_number(number: u16) -> Option<Self> {
        match number {
            0x0010 => Some(Self::RsaOaep256),
            0x0020 => Some(Self::HpkeX25519),
            _ => None,
        }
    }
}

/// How much of a key pair the vault holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum KeyConfiguration {
    /// K1: the public key; the private one stays with its holder.
    PublicOnly,
    /// K2: also the private key, wrapped with a passphrase.
    Passphrase,
    /// K3: also the private key, under the vault's key.
    Stored,
}

/// Who owns an encryption key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum KeyOwner {
    /// The vault: managed by administrators with the section.
    Vault,
    /// An administrator.
    Admin(AdminId),
    /// A client.
    Client(ClientId),
}

impl From<&Owner> for KeyOwner {
    /// As which owner of keys an owner of entries stands.
    fn from(owner: &Owner) -> Self {
        match owner {
            Owner::Admin(id) => Self::Admin(id.clone()),
            Owner::Client(id) => Self::Client(id.clone()),
        }
    }
}

/// An encryption key, as far as it is no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KeyHead {
    /// Its name.
    pub name: String,
    /// Who owns it.
    pub owner: KeyOwner,
    /// Its algorithm.
    pub suite: KeySuite,
    /// Its length in bits.
    pub bits: u32,
    /// How much of the pair the vault holds.
    pub configuration: KeyConfiguration,
    /// The public key, DER SubjectPublicKeyInfo.
    pub public_key: Vec<u8>,
    /// SHA-256 of the public key.
    pub fingerprint: Fingerprint,
    /// Whether the private key was shown at enrolment.
    pub possession_proved: bool,
    /// Who besides the owner may attach it to entries.
    pub may_attach: Vec<Grantee>,
    /// Rises with every change of the passphrase; unlock tickets of an earlier one have ended.
    pub generation: u32,
    /// Who registered it.
    pub created_by: Person,
    /// When it was registered.
    pub created_at: Timestamp,
}

/// Where a master password stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MasterState {
    /// Owned entries are still being sealed to it.
    Enabling,
    /// In force.
    Active,
    /// Owned entries are still being sealed under the vault's key again.
    Disabling,
}

/// A master password, as far as it is no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MasterHead {
    /// Whose entries it guards.
    pub owner: Owner,
    /// Where it stands.
    pub state: MasterState,
    /// The public key of the pair, raw X25519 bytes.
    pub public_key: Vec<u8>,
    /// SHA-256 of the public key's SubjectPublicKeyInfo.
    pub fingerprint: Fingerprint,
    /// Whether a printed recovery code opens it too.
    pub recovery_code: bool,
    /// The fingerprint of the offline recovery key that opens it too.
    pub recovery_key: Option<Fingerprint>,
    /// A recovery was used: the password must be changed before anything else.
    pub must_change: bool,
    /// Rises with every change of the password; unlock tickets of an earlier one have ended.
    pub generation: u32,
    /// When it was set.
    pub set_at: Timestamp,
    /// When it was last changed.
    pub changed_at: Timestamp,
}

/// An unlock ticket, as far as it is no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketHead {
    /// For whom it was issued.
    pub person: Person,
    /// The key or master password it stands for.
    pub recipient: Recipient,
    /// Whose master password, when it stands for one.
    pub owner: Option<Owner>,
    /// The public key of the opened pair.
    pub fingerprint: Fingerprint,
    /// The generation of the passphrase or password that opened it.
    pub generation: u32,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it was last used, to the minute.
    pub used_at: Timestamp,
}

/// Cost of Argon2id (RFC 9106).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KdfParams {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl KdfParams {
    /// 64 MiB, three passes, one lane.
    pub const DEFAULT: Self = Self { memory_kib: 64 * 1024, passes: 3, lanes: 1 };
    /// The least that is accepted: 19 MiB, two passes, one lane.
    pub const FLOOR: Self = Self { memory_kib: 19 * 1024, passes: 2, lanes: 1 };
    /// The most that is accepted: 1 GiB, 16 passes, 16 lanes.
    pub const CEILING: Self = Self { memory_kib: 1024 * 1024, passes: 16, lanes: 16 };

    /// Whether stretching with these costs an attacker less: memory times passes.
    #[must_use]
    pub fn cost_less_than(self, other: Self) -> bool {
        let cost = |params: Self| u64::from(params.memory_kib) * u64::from(params.passes);
        cost(self) < cost(other)
    }

    /// Whether the parameters lie between floor and ceiling.
    #[must_use]
    pub const fn in_bounds(self) -> bool {
        self.memory_kib >= Self::FLOOR.memory_kib
            && self.memory_kib <= Self::CEILING.memory_kib
            && self.passes >= Self::FLOOR.passes
            && self.passes <= Self::CEILING.passes
            && self.lanes >= Self::FLOOR.lanes
            && self.lanes <= Self::CEILING.lanes
    }
}

impl Default for KdfParams {
    fn default() -> Self {
        Self::DEFAULT
    }
}
