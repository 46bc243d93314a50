//! A record's body: `keyring epoch u64 || head envelope || rest`. The head authenticates the
//! record's context, its sorted labels and the rest, so nothing of a record is used before its
//! head opens.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::codec::Reader;
use super::context::{Context, Purpose, Suite};
use super::error::EnvelopeError;
use super::formats;
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

/// A record whose head has opened and was not read, so that it can be sealed again as it is.
#[derive(Debug)]
pub struct UnreadRecord<'a> {
    key: RecordKey,
    revision: u64,
    epoch: u64,
    format: u8,
    /// With the current format in front.
    head: SecretBytes,
    rest: &'a [u8],
}

impl<'a> UnreadRecord<'a> {
    /// Opens the head of a record of any kind.
    ///
    /// # Errors
    /// As [`open_record`], as long as the head is not read; [`EnvelopeError::NewerFormat`] when a
    /// newer library wrote it.
    pub fn open(keyring: &Keyring, record: &'a Record) -> Result<Self, EnvelopeError> {
        let Body { epoch, envelope, rest } = Body::parse(record)?;
        if epoch > keyring.epoch() {
            return Err(EnvelopeError::NewerKeyring { found: epoch, loaded: keyring.epoch() });
        }
        let key = keyring.data_key_with_id(&sealed::key_id_of(envelope)?).ok_or(EnvelopeError::UnknownKey)?;
        let context = context_of(record.key, record.revision, epoch);
        let labels = labels_data(&record.labels)?;
        let head = sealed::open(key, Purpose::Head, Suite::Symmetric, &context, &[&labels, rest], envelope)
            .map_err(sealed::under_a_known_key)?;
        let (format, head) = formats::current(record.key.kind, head)?;
        Ok(Self { key: record.key, revision: record.revision, epoch, format, head, rest })
    }

    /// Reads the head.
    ///
    /// # Errors
    /// [`EnvelopeError::BadPayload`] when it is not a `H`.
    pub fn head<H: DeserializeOwned>(&self) -> Result<H, EnvelopeError> {
        match postcard::take_from_bytes::<(u8, H)>(self.head.expose()) {
            Ok(((_, head), [])) => Ok(head),
            _ => Err(EnvelopeError::BadPayload { what: "head" }),
        }
    }

    /// Whether the head was written in an older format.
    #[must_use]
    pub const fn is_outdated(&self) -> bool {
        self.format < formats::CURRENT
    }

    /// What follows the head, authenticated by it.
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Seals the same head under the current data key, as the record's next revision.
    ///
    /// # Errors
    /// As [`seal_record`].
    pub fn reseal(&self, keyring: &Keyring, labels: Vec<Label>, rest: &[u8]) -> Result<Record, EnvelopeError> {
        let revision = self.revision.checked_add(1).ok_or(EnvelopeError::TooLarge { what: "the revision" })?;
        seal_head(keyring, self.key, revision, self.head.expose(), labels, rest)
    }
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
    labels: Vec<Label>,
    rest: &[u8],
) -> Result<Record, EnvelopeError> {
    // Nothing in a head is secret from the holder of the data key, so this copy need not be wiped.
    let head =
        postcard::to_allocvec(&(formats::CURRENT, head)).map_err(|_| EnvelopeError::BadPayload { what: "head" })?;
    seal_head(keyring, key, revision, &head, labels, rest)
}

fn seal_head(
    keyring: &Keyring,
    key: RecordKey,
    revision: u64,
    head: &[u8],
    mut labels: Vec<Label>,
    rest: &[u8],
) -> Result<Record, EnvelopeError> {
    labels.sort_unstable();
    labels.dedup();
    let epoch = keyring.epoch();
    let context = context_of(key, revision, epoch);
    let labels_data = labels_data(&labels)?;
    let envelope =
        sealed::seal(keyring.data_key(), Purpose::Head, Suite::Symmetric, &context, &[&labels_data, rest], head)?;
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
    let opened = UnreadRecord::open(keyring, record)?;
    Ok(OpenedRecord { head: opened.head()?, rest: opened.rest, epoch: opened.epoch })
}

/// Checks that a record of any kind is what was sealed, whatever its head holds.
///
/// # Errors
/// As in [`open_record`], without [`EnvelopeError::BadPayload`].
pub fn authenticate_record(keyring: &Keyring, record: &Record) -> Result<(), EnvelopeError> {
    UnreadRecord::open(keyring, record).map(drop)
}

/// The keyring epoch a record claims to be sealed under.
///
/// # Errors
/// [`EnvelopeError::Malformed`] when the body is shorter than that.
pub fn epoch_of(record: &Record) -> Result<u64, EnvelopeError> {
    Reader::new(&record.body, "shorter than a record").u64()
}

/// The id of the data key a record's head claims to be sealed under.
///
/// # Errors
/// [`EnvelopeError::Malformed`] and the like when the body holds no head.
pub fn data_key_of(record: &Record) -> Result<[u8; 16], EnvelopeError> {
    sealed::key_id_of(Body::parse(record)?.envelope)
}

/// A body, taken apart but not opened.
struct Body<'a> {
    epoch: u64,
    envelope: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Body<'a> {
    fn parse(record: &'a Record) -> Result<Self, EnvelopeError> {
        let mut reader = Reader::new(&record.body, "shorter than a record");
        let epoch = reader.u64()?;
        let envelope = reader.take(sealed::sealed_len(reader.rest())?)?;
        Ok(Self { epoch, envelope, rest: reader.rest() })
    }
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
