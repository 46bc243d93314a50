//! A record's body: `keyring epoch u64 || head envelope || rest`. The head authenticates the
//! record's context, its sorted labels and the rest, so nothing of a record is used before its
//! head opens.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::codec::Reader;
use super::context::{Context, Purpose, Suite};
use super::error::EnvelopeError;
use super::keyring::Keyring;
use super::sealed;
use crate::id::RecordKind;
use crate::secret::SecretBytes;
use crate::store::{Label, Record, RecordKey};

/// A record whose head has opened.
#[derive(Debug)]
pub struct OpenedRecord<'a, H> {
    /// The head.
    pub head: H,
    /// What follows the head, authenticated by it.
    pub rest: &'a [u8],
    /// The keyring epoch it was sealed under.
    pub epoch: u64,
}

/// Seals a record under the current data key. Labels are sorted and made distinct.
///
/// # Errors
/// [`EnvelopeError::TooLarge`] and [`EnvelopeError::Crypto`] as in [`sealed::seal`].
pub fn seal_record<H: Serialize>(
    keyring: &Keyring,
    key: RecordKey,
    revision: u64,
    head: &H,
    mut labels: Vec<Label>,
    rest: &[u8],
) -> Result<Record, EnvelopeError> {
    labels.sort_unstable();
    labels.dedup();
    // Nothing in a head is secret from the holder of the data key, so this copy need not be wiped.
    let payload = postcard::to_allocvec(head).map_err(|_| EnvelopeError::BadPayload { what: "head" })?;
    let epoch = keyring.epoch();
    let context = context_of(key, revision, epoch);
    let labels_data = labels_data(&labels)?;
    let envelope =
        sealed::seal(keyring.data_key(), Purpose::Head, Suite::Symmetric, &context, &[&labels_data, rest], &payload)?;
    let mut body = Vec::with_capacity(8 + envelope.len() + rest.len());
    body.extend_from_slice(&epoch.to_be_bytes());
    body.extend_from_slice(&envelope);
    body.extend_from_slice(rest);
    Ok(Record { key, revision, labels, body })
}

/// Opens the head of a record that must be of `kind`.
///
/// # Errors
/// [`EnvelopeError::NewerKeyring`] when it was sealed after the loaded keyring,
/// [`EnvelopeError::UnknownKey`] when its key has been removed, [`EnvelopeError::Tampered`] when
/// anything of it differs from what was sealed, [`EnvelopeError::Malformed`] and the like when it
/// has another shape, and [`EnvelopeError::BadPayload`] when the head is not a `H`.
pub fn open_record<'a, H: DeserializeOwned>(
    keyring: &Keyring,
    kind: RecordKind,
    record: &'a Record,
) -> Result<OpenedRecord<'a, H>, EnvelopeError> {
    if record.key.kind != kind {
        return Err(EnvelopeError::Tampered);
    }
    let (payload, rest, epoch) = open_head(keyring, record)?;
    let head = match postcard::take_from_bytes::<H>(payload.expose()) {
        Ok((head, [])) => head,
        _ => return Err(EnvelopeError::BadPayload { what: "head" }),
    };
    Ok(OpenedRecord { head, rest, epoch })
}

/// Checks that a record of any kind is what was sealed, whatever its head holds.
///
/// # Errors
/// As in [`open_record`], without [`EnvelopeError::BadPayload`].
pub fn authenticate_record(keyring: &Keyring, record: &Record) -> Result<(), EnvelopeError> {
    open_head(keyring, record).map(|_| ())
}

fn open_head<'a>(keyring: &Keyring, record: &'a Record) -> Result<(SecretBytes, &'a [u8], u64), EnvelopeError> {
    let epoch = epoch_of(record)?;
    if epoch > keyring.epoch() {
        return Err(EnvelopeError::NewerKeyring { found: epoch, loaded: keyring.epoch() });
    }
    let mut reader = Reader::new(&record.body, "shorter than a record");
    let _epoch = reader.u64()?;
    let len = sealed::sealed_len(reader.rest())?;
    let envelope = reader.take(len)?;
    let rest = reader.rest();
    let key = keyring.data_key_with_id(&sealed::key_id_of(envelope)?).ok_or(EnvelopeError::UnknownKey)?;
    let context = context_of(record.key, record.revision, epoch);
    let labels = labels_data(&record.labels)?;
    let payload = sealed::open(key, Purpose::Head, Suite::Symmetric, &context, &[&labels, rest], envelope)
        .map_err(sealed::under_a_known_key)?;
    Ok((payload, rest, epoch))
}

/// The keyring epoch a record claims to be sealed under.
///
/// # Errors
/// [`EnvelopeError::Malformed`] when the body is shorter than that.
pub fn epoch_of(record: &Record) -> Result<u64, EnvelopeError> {
    Reader::new(&record.body, "shorter than a record").u64()
}

fn context_of(key: RecordKey, revision: u64, epoch: u64) -> Context<'static> {
    Context {
        vault: Some(key.vault),
        kind: Some(key.kind),
        id: Some(key.id.0),
        revision: Some(revision),
        epoch: Some(epoch),
        ..Context::default()
    }
}

/// The labels as associated data, `count u32 || labels`: with the count first, labels and what
/// follows cannot be shifted into each other.
///
/// # Errors
/// [`EnvelopeError::TooLarge`] above 4 billion labels.
pub fn labels_data(labels: &[Label]) -> Result<Vec<u8>, EnvelopeError> {
    let count = u32::try_from(labels.len()).map_err(|_| EnvelopeError::TooLarge { what: "the label list" })?;
    let mut out = Vec::with_capacity(4 + labels.len() * 16);
    out.extend_from_slice(&count.to_be_bytes());
    labels.iter().for_each(|label| out.extend_from_slice(&label.0));
    Ok(out)
}
