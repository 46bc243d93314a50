//! How an event is sealed into its record. The body is
//! `keyring epoch u64 || previous leaf 32 || envelope || nodes`; the nodes, the subtree roots of
//! the tree before the event, stand only where the sequence is a multiple of
//! [`NODES_EVERY`], so that the end of a log is known from a few records.

use super::shard::{Position, number_of, record_id};
use super::tree::{CompactRange, Hash, leaf_hash, nodes_of};
use crate::envelope::{self, Context, EnvelopeError, Keyring, Purpose, Suite};
use crate::id::RecordKind;
use crate::model::Event;
use crate::store::{Label, Record};

/// One event in so many carries the subtree roots before it.
pub(super) const NODES_EVERY: u64 = 16;

/// An event whose envelope has opened.
#[derive(Debug)]
pub(super) struct OpenedEvent {
    pub(super) event: Event,
    /// The hash of the leaf before, as the writer knew it.
    pub(super) previous: Hash,
    /// The tree before this event, where the record carries it.
    pub(super) before: Option<CompactRange>,
    pub(super) leaf: Hash,
}

/// Seals an event behind the log `before`; gives the record and its leaf.
pub(super) fn seal_event(
    keyring: &Keyring,
    shard: u32,
    before: &CompactRange,
    previous: Hash,
    event: &Event,
    labels: Vec<Label>,
) -> Result<(Record, Hash), EnvelopeError> {
    let at = Position { shard, sequence: before.size() };
    let nodes = if carries_nodes(at.sequence) { before.nodes().concat() } else { Vec::new() };
    let epoch = keyring.epoch();
    // The record sorts its labels, and in that order they are authenticated.
    let mut record = Record::new(at.event_key(keyring), REVISION, labels, Vec::new());
    let payload = postcard::to_allocvec(event).map_err(|_| EnvelopeError::BadPayload { what: "event" })?;
    let envelope = envelope::seal(
        keyring.event_key(),
        Purpose::Event,
        Suite::Symmetric,
        &context(keyring, at, epoch, previous),
        &[&envelope::labels_data(&record.labels)?, &nodes],
        &payload,
    )?;
    record.body.extend_from_slice(&epoch.to_be_bytes());
    record.body.extend_from_slice(&previous);
    record.body.extend_from_slice(&envelope);
    record.body.extend_from_slice(&nodes);
    Ok((record, leaf_hash(shard, at.sequence, &envelope)))
}

/// Opens the event that stands at `at`.
pub(super) fn open_event(keyring: &Keyring, at: Position, record: &Record) -> Result<OpenedEvent, EnvelopeError> {
    if record.key != at.event_key(keyring) || record.revision != REVISION {
        return Err(EnvelopeError::Tampered);
    }
    open_as(keyring, at, record)
}

/// Opens a record, wherever it was found, as the event of `at`: a genuine event in the wrong place
/// opens where it belongs.
pub(super) fn open_as(keyring: &Keyring, at: Position, record: &Record) -> Result<OpenedEvent, EnvelopeError> {
    let body = Body::parse(record)?;
    let before = body.tree_before(at.sequence)?;
    let key = keyring.event_key_with_id(&envelope::key_id_of(body.envelope)?).ok_or(EnvelopeError::UnknownKey)?;
    let payload = envelope::open(
        key,
        Purpose::Event,
        Suite::Symmetric,
        &context(keyring, at, body.epoch, body.previous),
        &[&envelope::labels_data(&record.labels)?, body.nodes],
        body.envelope,
    )?;
    let Ok((event, [])) = postcard::take_from_bytes::<Event>(payload.expose()) else {
        return Err(EnvelopeError::BadPayload { what: "event" });
    };
    Ok(OpenedEvent { event, previous: body.previous, before, leaf: leaf_hash(at.shard, at.sequence, body.envelope) })
}

/// Whether a record says that it was sealed after `keyring` was loaded.
pub(super) fn is_newer(keyring: &Keyring, record: &Record) -> bool {
    Body::parse(record).is_ok_and(|body| body.epoch > keyring.epoch())
}

/// The parts of an event's body, not yet authenticated.
pub(super) struct Body<'a> {
    epoch: u64,
    pub(super) previous: Hash,
    pub(super) envelope: &'a [u8],
    nodes: &'a [u8],
}

impl<'a> Body<'a> {
    pub(super) fn parse(record: &'a Record) -> Result<Self, EnvelopeError> {
        let short = EnvelopeError::Malformed { what: "shorter than an event" };
        let (epoch, rest) = record.body.split_first_chunk().ok_or(short.clone())?;
        let (previous, rest) = rest.split_first_chunk().ok_or(short.clone())?;
        let (envelope, nodes) = rest.split_at_checked(envelope::sealed_len(rest)?).ok_or(short)?;
        Ok(Self { epoch: u64::from_be_bytes(*epoch), previous: *previous, envelope, nodes })
    }

    fn tree_before(&self, sequence: u64) -> Result<Option<CompactRange>, EnvelopeError> {
        let malformed = EnvelopeError::Malformed { what: "the subtree roots of an event do not fit its place" };
        let (nodes, rest) = self.nodes.as_chunks();
        let expected = if carries_nodes(sequence) { nodes_of(sequence) } else { 0 };
        if nodes.len() != expected || !rest.is_empty() {
            return Err(malformed);
        }
        Ok(if carries_nodes(sequence) { CompactRange::from_nodes(sequence, nodes.to_vec()) } else { None })
    }
}

const fn carries_nodes(sequence: u64) -> bool {
    sequence.is_multiple_of(NODES_EVERY)
}

fn context(keyring: &Keyring, at: Position, epoch: u64, previous: Hash) -> Context<'static> {
    Context {
        vault: Some(keyring.vault()),
        kind: Some(RecordKind::Event),
        id: Some(record_id(at.shard, at.sequence).0),
        revision: Some(REVISION),
        epoch: Some(epoch),
        shard: Some(at.shard),
        sequence: Some(at.sequence),
        previous_leaf: Some(previous),
        ..Context::default()
    }
}

/// Where a record of the shard stands, by its id.
pub(super) fn position_of(shard: u32, record: &Record) -> Position {
    Position { shard, sequence: number_of(record.key.id) }
}

/// Events are written once and never changed.
pub(super) const REVISION: u64 = 1;
