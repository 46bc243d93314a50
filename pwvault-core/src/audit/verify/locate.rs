//! Where a genuine event that stands in the wrong place belongs.

use std::collections::HashMap;

use super::report::Finding;
use crate::audit::error::AuditError;
use crate::audit::leaf::{Body, open_as, open_event, position_of};
use crate::audit::log::NO_LEAF;
use crate::audit::pages::Pages;
use crate::audit::shard::{Position, shard_query};
use crate::audit::tree::{Hash, leaf_hash};
use crate::envelope::Keyring;
use crate::id::RecordKind;
use crate::store::{Record, Store};

/// The most records that are looked into; of more, it is only said that they were changed.
pub(super) const LOCATED_MAX: usize = 256;

/// Says of records that do not open at their place whether they are genuine events of another:
/// first among each other, then by the leaf each names as the one before it.
pub(super) fn locate(
    store: &dyn Store,
    keyring: &Keyring,
    records: &[(Position, Record)],
    findings: &mut [Finding],
) -> Result<(), AuditError> {
    let belongs_at = |record: &Record, place: Position| open_as(keyring, place, record).is_ok();
    let mut unplaced: HashMap<Hash, Vec<&(Position, Record)>> = HashMap::new();
    for bad @ (at, record) in records {
        let places = records.iter().map(|(place, _)| *place).filter(|place| place != at);
        if let Some(belongs) = places.into_iter().find(|place| belongs_at(record, *place)) {
            refine(findings, *at, Finding::Reordered { at: *at, belongs });
        } else if let Ok(body) = Body::parse(record) {
            unplaced.entry(body.previous).or_default().push(bad);
        }
    }
    if unplaced.is_empty() {
        return Ok(());
    }
    let mut place = |leaf: Hash, place: Position| -> Result<(), AuditError> {
        for (at, record) in unplaced.get(&leaf).into_iter().flatten() {
            if !belongs_at(record, place) {
                continue;
            }
            let there = store.load(&[place.event_key(keyring)])?.pop().flatten();
            let intact = there.is_some_and(|record| open_event(keyring, place, &record).is_ok());
            let finding = match intact {
                true => Finding::Inserted { at: *at, copy_of: Some(place) },
                false => Finding::Reordered { at: *at, belongs: place },
            };
            refine(findings, *at, finding);
        }
        Ok(())
    };
    for shard in 0..keyring.shards() {
        place(NO_LEAF, Position { shard, sequence: 0 })?;
        for record in Pages::new(store, shard_query(keyring, RecordKind::Event, shard, 0)) {
            let record = record?;
            let Position { sequence, .. } = position_of(shard, &record);
            if let Ok(body) = Body::parse(&record) {
                let leaf = leaf_hash(shard, sequence, body.envelope);
                place(leaf, Position { shard, sequence: sequence.saturating_add(1) })?;
            }
        }
    }
    Ok(())
}

/// Replaces the finding that a record was changed or inserted by what is now known of it.
fn refine(findings: &mut [Finding], place: Position, refined: Finding) {
    let vague = |finding: &&mut Finding| match **finding {
        Finding::Changed { at } | Finding::Inserted { at, copy_of: None } => at == place,
        _ => false,
    };
    if let Some(finding) = findings.iter_mut().find(vague) {
        *finding = refined;
    }
}
