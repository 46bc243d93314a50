//! Signed checkpoints: what a host keeps outside the database to bind even a holder of the KEK.
//!
//! The text is a C2SP `tlog-checkpoint`, a `signed-note` with one Ed25519 signature (RFC 8032) whose
//! key name is the origin: any tool for transparency logs can check it.

use std::fmt;

use base64ct::{Base64, Encoding};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

use super::error::AuditError;
use super::pages::Pages;
use super::shard::{check_shard, record_id, shard_query};
use super::tree::Hash;
use crate::clock::Timestamp;
use crate::crypto;
use crate::envelope::{EnvelopeError, Keyring, open_record, seal_record};
use crate::id::{RecordKind, VaultId};
use crate::store::{ChangeSet, Order, Query, Record, RecordKey, Store};

/// What a shard's log is, in full: its size and the root over all its events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ShardHead {
    /// The shard, counted from 0.
    pub shard: u32,
    /// The number of events.
    pub size: u64,
    /// The root of the tree over them.
    #[serde(with = "crate::document::digits")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub root: Hash,
}

/// A checkpoint as it is stored and handed out.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Checkpoint {
    /// What it states.
    pub head: ShardHead,
    /// When it was made, by the vault's clock.
    pub at: Timestamp,
    /// The signed note.
    pub text: String,
}

/// Signs a head as a checkpoint of this vault, with the current audit key.
///
/// # Errors
/// [`AuditError::Envelope`] when the audit key cannot be derived.
pub fn sign_checkpoint(keyring: &Keyring, head: &ShardHead) -> Result<String, AuditError> {
    let origin = origin(keyring.vault(), head.shard);
    let key = signing_keys(keyring)?.pop().ok_or(EnvelopeError::UnknownKey)?;
    let body = format!("{origin}\n{}\n{}\n", head.size, Base64::encode_string(&head.root));
    let signature = key.sign(body.as_bytes()).to_bytes();
    let id = VerifierKey::new(&origin, key.verifying_key()).id;
    let signature = Base64::encode_string(&[id.as_slice(), &signature].concat());
    Ok(format!("{body}\n\u{2014} {origin} {signature}\n"))
}

/// Checks a checkpoint's form and signature and gives what it states. Signatures of others
/// (witnesses) are passed over; those of this vault must all be good.
///
/// # Errors
/// [`AuditError::BadCheckpoint`] with what is wrong.
pub fn verify_checkpoint(keyring: &Keyring, text: &str) -> Result<ShardHead, AuditError> {
    let note = Note::parse(text).map_err(AuditError::BadCheckpoint)?;
    if note.vault != keyring.vault() || note.head.shard >= keyring.shards() {
        return Err(AuditError::BadCheckpoint("it is of another vault"));
    }
    let origin = origin(note.vault, note.head.shard);
    let keys: Vec<_> =
        signing_keys(keyring)?.iter().map(|key| VerifierKey::new(&origin, key.verifying_key())).collect();
    note.verify(&keys).map_err(AuditError::BadCheckpoint)
}

/// As [`verify_checkpoint`], for an auditor who holds verifier keys ([`verifier_keys`]) and nothing
/// else of the vault.
///
/// # Errors
/// [`AuditError::BadCheckpoint`] with what is wrong.
pub fn verify_checkpoint_with(keys: &[String], text: &str) -> Result<ShardHead, AuditError> {
    let keys = keys.iter().map(|key| VerifierKey::parse(key)).collect::<Option<Vec<_>>>();
    let keys = keys.ok_or(AuditError::BadCheckpoint("a verifier key is not name+id+key of Ed25519"))?;
    let note = Note::parse(text).map_err(AuditError::BadCheckpoint)?;
    note.verify(&keys).map_err(AuditError::BadCheckpoint)
}

/// The keys that verify a shard's checkpoints, as C2SP verifier keys
/// (`name+key id+base64(0x01 || public key)`), the current one last.
///
/// # Errors
/// [`AuditError::NoSuchShard`], and [`AuditError::Envelope`] when an audit key cannot be derived.
pub fn verifier_keys(keyring: &Keyring, shard: u32) -> Result<Vec<String>, AuditError> {
    check_shard(keyring, shard)?;
    let origin = origin(keyring.vault(), shard);
    Ok(signing_keys(keyring)?.iter().map(|key| VerifierKey::new(&origin, key.verifying_key()).to_string()).collect())
}

/// The stored checkpoints of a shard over more than `after` events, the oldest first, for the host
/// to keep elsewhere.
///
/// # Errors
/// [`AuditError::NoSuchShard`]; [`AuditError::DamagedCheckpoint`] for one that does not open;
/// [`AuditError::Store`] when the store fails.
pub fn checkpoints(
    store: &dyn Store,
    keyring: &Keyring,
    shard: u32,
    after: u64,
    limit: u32,
) -> Result<Vec<Checkpoint>, AuditError> {
    check_shard(keyring, shard)?;
    let query = shard_query(keyring, RecordKind::Checkpoint, shard, after.saturating_add(1));
    let records = Pages::new(store, Query { limit: limit.clamp(1, 100), ..query });
    records
        .take(usize::try_from(limit).unwrap_or(usize::MAX))
        .map(|record| open_checkpoint(keyring, &record?))
        .collect()
}

/// The newest stored checkpoint of a shard.
///
/// # Errors
/// As of [`checkpoints`].
pub fn newest_checkpoint(store: &dyn Store, keyring: &Keyring, shard: u32) -> Result<Option<Checkpoint>, AuditError> {
    check_shard(keyring, shard)?;
    let query = shard_query(keyring, RecordKind::Checkpoint, shard, 0);
    let page = store.scan(&Query { order: Order::Descending, limit: 1, ..query })?;
    page.into_records()?.first().map(|record| open_checkpoint(keyring, record)).transpose()
}

/// The checkpoints that a change set makes.
#[must_use]
pub fn checkpoints_in(keyring: &Keyring, changes: &ChangeSet) -> Vec<Checkpoint> {
    let records = changes.writes.iter().map(|write| &write.record);
    let made = records.filter(|record| record.key.kind == RecordKind::Checkpoint && record.revision == 1);
    made.filter_map(|record| open_checkpoint(keyring, record).ok()).collect()
}

/// The record of a checkpoint made at `at`.
pub(super) fn seal_checkpoint(keyring: &Keyring, head: &ShardHead, at: Timestamp) -> Result<Record, AuditError> {
    let key = RecordKey::new(keyring.vault(), RecordKind::Checkpoint, record_id(head.shard, head.size));
    let sealed = CheckpointHead { at, text: sign_checkpoint(keyring, head)? };
    Ok(seal_record(keyring, key, 1, &sealed, Vec::new(), &[])?)
}

/// Opens a checkpoint record and checks that it states what its id says.
pub(super) fn open_checkpoint(keyring: &Keyring, record: &Record) -> Result<Checkpoint, AuditError> {
    let damaged = || AuditError::DamagedCheckpoint(record.key.id);
    let opened =
        open_record::<CheckpointHead>(keyring, RecordKind::Checkpoint, record).map_err(|error| match error {
            EnvelopeError::NewerKeyring { .. } => AuditError::StaleKeyring,
            _ => damaged(),
        })?;
    let CheckpointHead { at, text } = opened.head;
    let head = verify_checkpoint(keyring, &text).map_err(|_| damaged())?;
    if record_id(head.shard, head.size) != record.key.id || !opened.rest.is_empty() {
        return Err(damaged());
    }
    Ok(Checkpoint { head, at, text })
}

#[derive(Serialize, Deserialize)]
struct CheckpointHead {
    at: Timestamp,
    text: String,
}

/// A note taken apart, its signatures not yet checked.
#[derive(Debug)]
struct Note<'a> {
    body: &'a str,
    vault: VaultId,
    head: ShardHead,
    signatures: Vec<SignatureLine<'a>>,
}

#[derive(Debug)]
struct SignatureLine<'a> {
    name: &'a str,
    key_id: [u8; 4],
    bytes: Vec<u8>,
}

impl<'a> Note<'a> {
    fn parse(text: &'a str) -> Result<Self, &'static str> {
        if text.len() > TEXT_MAX {
            return Err("it is longer than 16 KiB");
        }
        if text.bytes().any(|byte| byte < 0x20 && byte != b'\n') {
            return Err("it holds control characters");
        }
        let (body, signatures) = text.rsplit_once("\n\n").ok_or("no blank line parts the text from its signatures")?;
        let signatures = signatures.strip_suffix('\n').ok_or("the last line does not end")?;
        let mut lines = body.split('\n');
        let (Some(origin), Some(size), Some(root), None) = (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err("the text is not origin, size and root on three lines");
        };
        let (vault, shard) = parse_origin(origin).ok_or("the origin is not pwvault/<vault>/<shard>")?;
        let size = parse_decimal(size).ok_or("the size is not a decimal number")?;
        let root = Base64::decode_vec(root).ok().and_then(|root| Hash::try_from(root).ok());
        let head = ShardHead { shard, size, root: root.ok_or("the root is not the base64 of 32 bytes")? };
        let lines = signatures.split('\n');
        let signatures: Vec<_> = lines.take(SIGNATURES_MAX + 1).map(SignatureLine::parse).collect::<Result<_, _>>()?;
        if signatures.len() > SIGNATURES_MAX {
            return Err("it has more than 16 signatures");
        }
        // The text that is signed ends with its last line's end.
        let body = text.get(..=body.len()).unwrap_or(body);
        Ok(Self { body, vault, head, signatures })
    }
}

impl Note<'_> {
    /// What the note states, if it carries a signature of one of `keys`.
    fn verify(&self, keys: &[VerifierKey]) -> Result<ShardHead, &'static str> {
        let origin = origin(self.vault, self.head.shard);
        let mut verified = false;
        for SignatureLine { name, key_id, bytes } in &self.signatures {
            let fits = |key: &&VerifierKey| key.name == *name && *name == origin && key.id == *key_id;
            let Some(key) = keys.iter().find(fits) else { continue };
            let signature = Signature::from_slice(bytes).map_err(|_| "its signature is not 64 bytes")?;
            let checked = key.key.verify_strict(self.body.as_bytes(), &signature);
            checked.map_err(|_| "its signature does not fit")?;
            verified = true;
        }
        if verified { Ok(self.head) } else { Err("no signature is of this shard's audit key") }
    }
}

/// An Ed25519 key under the name it signs by.
struct VerifierKey {
    name: String,
    id: [u8; 4],
    key: VerifyingKey,
}

impl VerifierKey {
    fn new(name: &str, key: VerifyingKey) -> Self {
        let [a, b, c, d, ..] = crypto::sha256(&[name.as_bytes(), &[b'\n', ED25519], key.as_bytes()]);
        Self { name: name.to_owned(), id: [a, b, c, d], key }
    }

    fn parse(text: &str) -> Option<Self> {
        let (name, rest) = text.split_once('+')?;
        let (_, encoded) = rest.split_once('+')?;
        let bytes = Base64::decode_vec(encoded).ok()?;
        let (ED25519, public) = bytes.split_first().map(|(kind, public)| (*kind, public))? else { return None };
        let key = Self::new(name, VerifyingKey::from_bytes(public.try_into().ok()?).ok()?);
        (key.to_string() == text).then_some(key)
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let public = [[ED25519].as_slice(), self.key.as_bytes()].concat();
        write!(f, "{}+{:08x}+{}", self.name, u32::from_be_bytes(self.id), Base64::encode_string(&public))
    }
}

impl<'a> SignatureLine<'a> {
    fn parse(line: &'a str) -> Result<Self, &'static str> {
        let parts = line.strip_prefix("\u{2014} ").and_then(|rest| rest.split_once(' '));
        let (name, encoded) = parts.ok_or("a signature line is not a dash, a name and a signature")?;
        let bytes = Base64::decode_vec(encoded).map_err(|_| "a signature is not base64")?;
        let (key_id, rest) = bytes.split_first_chunk().ok_or("a signature is shorter than its key id")?;
        if name.is_empty() || rest.is_empty() {
            return Err("a signature or its name is empty");
        }
        Ok(Self { name, key_id: *key_id, bytes: rest.to_vec() })
    }
}

fn origin(vault: VaultId, shard: u32) -> String {
    format!("pwvault/{vault}/{shard}")
}

fn parse_origin(text: &str) -> Option<(VaultId, u32)> {
    let (vault, shard) = text.strip_prefix("pwvault/")?.split_once('/')?;
    let (vault, shard) = (vault.parse().ok()?, u32::try_from(parse_decimal(shard)?).ok()?);
    (origin(vault, shard) == text).then_some((vault, shard))
}

/// A number without sign or leading zeros.
fn parse_decimal(text: &str) -> Option<u64> {
    text.parse::<u64>().ok().filter(|number| number.to_string() == text)
}

fn signing_keys(keyring: &Keyring) -> Result<Vec<SigningKey>, EnvelopeError> {
    let of_seed = |seed: &[u8]| seed.try_into().map(SigningKey::from_bytes).map_err(|_| EnvelopeError::UnknownKey);
    keyring.audit_keys()?.iter().map(|keys| of_seed(keys.signing_seed.expose())).collect()
}

/// The signature type of Ed25519 in a signed note.
const ED25519: u8 = 1;
const TEXT_MAX: usize = 16 << 10;
const SIGNATURES_MAX: usize = 16;

#[cfg(test)]
mod tests;
