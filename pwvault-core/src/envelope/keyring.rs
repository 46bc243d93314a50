//! The keyring: the vault's random keys in their generations, and the one record they lie in.
//!
//! `KEK -> HKDF-SHA-256(salt = vault id, info = "pwvault keyring")` gives the key that wraps it. Its
//! epoch is the revision of its record, so every change raises it.

use std::fmt;

use super::codec::{Reader, count_u16};
use super::context::{Context, Purpose, Suite};
use super::error::EnvelopeError;
use super::sealed::{self, EnvelopeKey};
use crate::crypto::{self, KEY_LEN, MacKey};
use crate::id::RecordId;
use crate::id::{RecordKind, VaultId};
use crate::model::{Kek, KekId};
use crate::secret::SecretBytes;
use crate::store::{Record, RecordKey};

/// One random key of the ring.
#[derive(Clone)]
pub struct RingKey {
    id: [u8; KEY_ID_LEN],
    generation: u32,
    key: SecretBytes,
}

impl RingKey {
    fn generate(generation: u32) -> Result<Self, EnvelopeError> {
        let id = crypto::random_array()?;
        let key = SecretBytes::from_slice(&crypto::random_array::<KEY_LEN>()?);
        Ok(Self { id, generation, key })
    }

    /// The id that stands in envelopes.
    #[must_use]
    pub const fn id(&self) -> [u8; KEY_ID_LEN] {
        self.id
    }

    /// Counts from 1.
    #[must_use]
    pub const fn generation(&self) -> u32 {
        self.generation
    }
}

impl fmt::Debug for RingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RingKey").field("generation", &self.generation).finish_non_exhaustive()
    }
}

/// The keys of one generation of the audit log.
#[derive(Debug)]
pub struct AuditKeys {
    /// Seals and opens events.
    pub seal: EnvelopeKey,
    /// Seed of the Ed25519 key that signs checkpoints.
    pub signing_seed: SecretBytes,
    /// Which generation.
    pub generation: u32,
}

/// The opened keyring. Each list holds at least one key; the last one is the current.
#[derive(Clone)]
pub struct Keyring {
    vault: VaultId,
    epoch: u64,
    shards: u32,
    data: Vec<RingKey>,
    index: Vec<RingKey>,
    audit: Vec<RingKey>,
    unique: RingKey,
    prepared: Prepared,
}

/// What is derived once per keyring, so that records pay only for their own keys.
#[derive(Clone)]
struct Prepared {
    data: Vec<EnvelopeKey>,
    index: Vec<MacKey>,
    audit_seal: Vec<EnvelopeKey>,
    unique: MacKey,
}

impl Keyring {
    /// A ring of fresh keys for a new vault, with `shards` audit shards, at epoch 1.
    ///
    /// # Errors
    /// [`EnvelopeError::Crypto`] when randomness fails.
    pub fn generate(vault: VaultId, shards: u32) -> Result<Self, EnvelopeError> {
        Self::assemble(
            vault,
            1,
            shards,
            vec![RingKey::generate(1)?],
            vec![RingKey::generate(1)?],
            vec![RingKey::generate(1)?],
            RingKey::generate(1)?,
        )
    }

    /// The record key of a vault's keyring.
    #[must_use]
    pub const fn record_key(vault: VaultId) -> RecordKey {
        RecordKey { vault, kind: RecordKind::Keyring, id: RecordId([0; 16]) }
    }

    /// Seals the ring under `kek`, as a record whose revision is the epoch.
    ///
    /// # Errors
    /// [`EnvelopeError::Crypto`] when randomness fails.
    pub fn seal(&self, kek: &Kek) -> Result<Record, EnvelopeError> {
        let key = Self::record_key(self.vault);
        let wrapping = wrapping_key(self.vault, kek)?;
        let payload = self.encode()?;
        let envelope = sealed::seal(
            &wrapping,
            Purpose::Keyring,
            Suite::Symmetric,
            &context(self.vault, self.epoch),
            &[],
            payload.expose(),
        )?;
        let mut body = Vec::with_capacity(8 + envelope.len());
        body.extend_from_slice(&self.epoch.to_be_bytes());
        body.extend_from_slice(&envelope);
        Ok(Record { key, revision: self.epoch, labels: Vec::new(), body })
    }

    /// Opens a keyring record with the KEK it names.
    ///
    /// # Errors
    /// [`EnvelopeError::UnknownKey`] when no KEK of `keks` has the id it names,
    /// [`EnvelopeError::WrongKey`] when the KEK of that id does not fit, and
    /// [`EnvelopeError::Malformed`], [`EnvelopeError::Tampered`] or
    /// [`EnvelopeError::BadPayload`] when the record is not what was written.
    pub fn open(record: &Record, keks: &[Kek]) -> Result<(Self, KekId), EnvelopeError> {
        let mut reader = Reader::new(&record.body, "shorter than a keyring record");
        let epoch = reader.u64()?;
        let envelope = reader.rest();
        if epoch != record.revision || !record.labels.is_empty() || record.key != Self::record_key(record.key.vault) {
            return Err(EnvelopeError::Tampered);
        }
        let named = KekId(sealed::key_id_of(envelope)?);
        let kek = keks.iter().find(|kek| kek.id == named).ok_or(EnvelopeError::UnknownKey)?;
        let wrapping = wrapping_key(record.key.vault, kek)?;
        let context = context(record.key.vault, epoch);
        let payload = sealed::open(&wrapping, Purpose::Keyring, Suite::Symmetric, &context, &[], envelope)?;
        Ok((Self::decode(record.key.vault, epoch, payload.expose())?, named))
    }

    /// The KEK id a keyring record names.
    ///
    /// # Errors
    /// [`EnvelopeError::Malformed`] when the record holds no envelope.
    pub fn kek_id_of(record: &Record) -> Result<KekId, EnvelopeError> {
        let mut reader = Reader::new(&record.body, "shorter than a keyring record");
        reader.u64()?;
        sealed::key_id_of(reader.rest()).map(KekId)
    }

    /// The vault it belongs to.
    #[must_use]
    pub const fn vault(&self) -> VaultId {
        self.vault
    }

    /// The epoch; every change raises it by one.
    #[must_use]
    pub const fn epoch(&self) -> u64 {
        self.epoch
    }

    /// The number of audit shards, fixed when the vault was created.
    #[must_use]
    pub const fn shards(&self) -> u32 {
        self.shards
    }

    /// The current data key.
    #[must_use]
    pub fn data_key(&self) -> &EnvelopeKey {
        last(&self.prepared.data)
    }

    /// The id of the current data key.
    #[must_use]
    pub fn data_key_id(&self) -> [u8; 16] {
        last(&self.data).id
    }

    /// The data key with this id, current or retired.
    #[must_use]
    pub fn data_key_with_id(&self, id: &[u8; 16]) -> Option<&EnvelopeKey> {
        self.prepared.data.iter().rev().find(|key| key.id() == *id)
    }

    /// Every data key, the current one last.
    #[must_use]
    pub fn data_keys(&self) -> &[RingKey] {
        &self.data
    }

    /// Every index key, the current one last.
    #[must_use]
    pub fn index_keys(&self) -> &[RingKey] {
        &self.index
    }

    /// The index keys prepared for labels, the current one last.
    #[must_use]
    pub fn index_macs(&self) -> &[MacKey] {
        &self.prepared.index
    }

    /// The key of uniqueness labels, which is never rotated.
    #[must_use]
    pub const fn unique_mac(&self) -> &MacKey {
        &self.prepared.unique
    }

    /// The current key of audit events.
    #[must_use]
    pub fn event_key(&self) -> &EnvelopeKey {
        last(&self.prepared.audit_seal)
    }

    /// The key of audit events with this id.
    #[must_use]
    pub fn event_key_with_id(&self, id: &[u8; 16]) -> Option<&EnvelopeKey> {
        self.prepared.audit_seal.iter().rev().find(|key| key.id() == *id)
    }

    /// The audit keys of every generation, the current one last. None is ever removed.
    ///
    /// # Errors
    /// [`EnvelopeError::Crypto`] never in practice.
    pub fn audit_keys(&self) -> Result<Vec<AuditKeys>, EnvelopeError> {
        self.audit
            .iter()
            .map(|seed| {
                Ok(AuditKeys {
                    seal: event_key(self.vault, seed)?,
                    signing_seed: crypto::derive_key(
                        seed.key.expose(),
                        &self.vault.to_bytes(),
                        b"pwvault audit signature",
                    )?,
                    generation: seed.generation,
                })
            })
            .collect()
    }

    /// The key that holds the opened private key of an unlock ticket.
    ///
    /// # Errors
    /// [`EnvelopeError::Crypto`] never in practice.
    pub fn ticket_key(&self, ticket: &[u8; 32]) -> Result<EnvelopeKey, EnvelopeError> {
        let key = crypto::derive_key(last(&self.data).key.expose(), ticket, b"pwvault ticket")?;
        Ok(EnvelopeKey::unnamed(key.expose()))
    }

    /// The same keys at the next epoch, to be sealed under another KEK.
    ///
    /// # Errors
    /// [`EnvelopeError::Crypto`] never in practice.
    pub fn next_epoch(&self) -> Result<Self, EnvelopeError> {
        self.next(self.data.clone(), self.index.clone(), self.audit.clone())
    }

    /// A ring with a fresh data key; the ones before only open.
    ///
    /// # Errors
    /// [`EnvelopeError::Crypto`] when randomness fails.
    pub fn with_new_data_key(&self) -> Result<Self, EnvelopeError> {
        self.next(grown(&self.data)?, self.index.clone(), self.audit.clone())
    }

    /// A ring with a fresh index key; queries ask for the labels of all until the old one is removed.
    ///
    /// # Errors
    /// [`EnvelopeError::Crypto`] when randomness fails.
    pub fn with_new_index_key(&self) -> Result<Self, EnvelopeError> {
        self.next(self.data.clone(), grown(&self.index)?, self.audit.clone())
    }

    /// A ring with a fresh audit seed; the ones before stay for verification.
    ///
    /// # Errors
    /// [`EnvelopeError::Crypto`] when randomness fails.
    pub fn with_new_audit_seed(&self) -> Result<Self, EnvelopeError> {
        self.next(self.data.clone(), self.index.clone(), grown(&self.audit)?)
    }

    /// A ring without retired data and index keys. Records sealed under them no longer open.
    ///
    /// # Errors
    /// [`EnvelopeError::Crypto`] never in practice.
    pub fn without_retired_keys(&self) -> Result<Self, EnvelopeError> {
        self.next(vec![last(&self.data).clone()], vec![last(&self.index).clone()], self.audit.clone())
    }

    fn next(&self, data: Vec<RingKey>, index: Vec<RingKey>, audit: Vec<RingKey>) -> Result<Self, EnvelopeError> {
        let epoch = self.epoch.checked_add(1).ok_or(EnvelopeError::TooLarge { what: "the keyring epoch" })?;
        Self::assemble(self.vault, epoch, self.shards, data, index, audit, self.unique.clone())
    }

    fn assemble(
        vault: VaultId,
        epoch: u64,
        shards: u32,
        data: Vec<RingKey>,
        index: Vec<RingKey>,
        audit: Vec<RingKey>,
        unique: RingKey,
    ) -> Result<Self, EnvelopeError> {
        let prepared = Prepared {
            data: data.iter().map(|key| EnvelopeKey::new(key.id, key.key.expose())).collect(),
            index: index.iter().map(mac_key).collect::<Result<_, _>>()?,
            audit_seal: audit.iter().map(|seed| event_key(vault, seed)).collect::<Result<_, _>>()?,
            unique: mac_key(&unique)?,
        };
        Ok(Self { vault, epoch, shards, data, index, audit, unique, prepared })
    }

    /// `shards u32 || 4 x (count u16 || keys)`, in the order data, index, audit, unique;
    /// a key is `id 16 || generation u32 || key 32`.
    fn encode(&self) -> Result<SecretBytes, EnvelopeError> {
        let unique = std::slice::from_ref(&self.unique);
        let lists = [self.data.as_slice(), &self.index, &self.audit, unique];
        let count: usize = lists.iter().map(|list| list.len()).sum();
        // One allocation, so that growing leaves no copy of a key behind.
        let mut out = Vec::with_capacity(4 + lists.len() * 2 + count * RING_KEY_LEN);
        out.extend_from_slice(&self.shards.to_be_bytes());
        for list in lists {
            out.extend_from_slice(&count_u16(list.len(), "the keyring")?);
            for key in list {
                out.extend_from_slice(&key.id);
                out.extend_from_slice(&key.generation.to_be_bytes());
                out.extend_from_slice(key.key.expose());
            }
        }
        Ok(SecretBytes::new(out))
    }

    fn decode(vault: VaultId, epoch: u64, payload: &[u8]) -> Result<Self, EnvelopeError> {
        let mut reader = Reader::new(payload, "shorter than a keyring");
        let shards = reader.u32()?;
        let data = decode_keys(&mut reader)?;
        let index = decode_keys(&mut reader)?;
        let audit = decode_keys(&mut reader)?;
        let mut unique = decode_keys(&mut reader)?;
        reader.finish()?;
        let bad = EnvelopeError::BadPayload { what: "keyring" };
        let (Some(unique), true) = (unique.pop(), unique.is_empty() && shards > 0) else { return Err(bad) };
        Self::assemble(vault, epoch, shards, data, index, audit, unique)
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring").field("vault", &self.vault).field("epoch", &self.epoch).finish_non_exhaustive()
    }
}

fn decode_keys(reader: &mut Reader<'_>) -> Result<Vec<RingKey>, EnvelopeError> {
    let count = reader.u16()?;
    if count == 0 {
        return Err(EnvelopeError::BadPayload { what: "keyring" });
    }
    (0..count)
        .map(|_| {
            Ok(RingKey {
                id: reader.array()?,
                generation: reader.u32()?,
                key: SecretBytes::from_slice(reader.take(KEY_LEN)?),
            })
        })
        .collect()
}

fn grown(keys: &[RingKey]) -> Result<Vec<RingKey>, EnvelopeError> {
    let mut keys = keys.to_vec();
    let generation = last(&keys).generation.checked_add(1).ok_or(EnvelopeError::TooLarge { what: "the keyring" })?;
    keys.push(RingKey::generate(generation)?);
    Ok(keys)
}

fn mac_key(key: &RingKey) -> Result<MacKey, EnvelopeError> {
    let bytes = key.key.expose().first_chunk::<KEY_LEN>().ok_or(EnvelopeError::BadPayload { what: "keyring" })?;
    Ok(MacKey::new(bytes))
}

fn event_key(vault: VaultId, seed: &RingKey) -> Result<EnvelopeKey, EnvelopeError> {
    let key = crypto::derive_key(seed.key.expose(), &vault.to_bytes(), b"pwvault audit event")?;
    Ok(EnvelopeKey::new(seed.id, key.expose()))
}

fn wrapping_key(vault: VaultId, kek: &Kek) -> Result<EnvelopeKey, EnvelopeError> {
    let key = crypto::derive_key(kek.key.expose(), &vault.to_bytes(), b"pwvault keyring")?;
    Ok(EnvelopeKey::new(kek.id.0, key.expose()))
}

fn context(vault: VaultId, epoch: u64) -> Context<'static> {
    Context {
        vault: Some(vault),
        kind: Some(RecordKind::Keyring),
        id: Some([0; 16]),
        revision: Some(epoch),
        epoch: Some(epoch),
        ..Context::default()
    }
}

/// The last of a list that the constructors never leave empty.
#[allow(clippy::expect_used, reason = "no constructor makes an empty list of keys")]
fn last<T>(list: &[T]) -> &T {
    list.last().expect("a keyring holds at least one key of each sort")
}

const KEY_ID_LEN: usize = 16;
const RING_KEY_LEN: usize = KEY_ID_LEN + 4 + KEY_LEN;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use super::*;

    fn kek(id: u8, key: u8) -> Kek {
        Kek { id: KekId([id; 16]), key: SecretBytes::from_slice(&[key; 32]) }
    }

    #[test]
    fn opens_with_its_kek_and_tells_unknown_from_wrong() {
        let ring = Keyring::generate(VaultId::from_bytes([1; 16]), 8).unwrap();
        let record = ring.seal(&kek(1, 1)).unwrap();
        let (opened, named) = Keyring::open(&record, &[kek(2, 2), kek(1, 1)]).unwrap();
        assert_eq!((opened.epoch(), opened.shards(), named), (1, 8, KekId([1; 16])));
        assert_eq!(opened.data_key_id(), ring.data_key_id());
        assert_eq!(Keyring::open(&record, &[kek(2, 1)]).unwrap_err(), EnvelopeError::UnknownKey);
        assert_eq!(Keyring::open(&record, &[kek(1, 3)]).unwrap_err(), EnvelopeError::WrongKey);
    }

    #[test]
    fn rotation_keeps_old_keys_until_they_are_removed() {
        let ring = Keyring::generate(VaultId::from_bytes([1; 16]), 1).unwrap();
        let old = ring.data_key_id();
        let turned = ring.with_new_data_key().unwrap().with_new_index_key().unwrap();
        assert_eq!(turned.epoch(), 3);
        assert!(turned.data_key_with_id(&old).is_some());
        assert_ne!(turned.data_key_id(), old);
        assert_eq!(turned.index_macs().len(), 2);
        let pruned = turned.without_retired_keys().unwrap();
        assert!(pruned.data_key_with_id(&old).is_none());
        assert_eq!(pruned.index_macs().len(), 1);
        assert_eq!(turned.with_new_audit_seed().unwrap().audit_keys().unwrap().len(), 2);
    }
}
