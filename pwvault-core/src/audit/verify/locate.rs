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
    let mut locator = Locator { store, keyring, findings };
    let mut unplaced: HashMap<Hash, Vec<&(Position, Record)>> = HashMap::new();
    for misplaced @ (_, record) in records {
        // Events moved along stand next to their places.
        let mut places = records.iter().flat_map(|(place, _)| [*place, after(*place)]);
        let placed =
            places.try_fold(false, |placed, place| Ok::<_, AuditError>(placed || locator.place(misplaced, place)?));
        if !placed? && let Ok(body) = Body::parse(record) {
            unplaced.entry(body.previous).or_default().push(misplaced);
        }
    }
    if unplaced.is_empty() {
        return Ok(());
    }
    for shard in 0..keyring.shards() {
        for misplaced in unplaced.get(&NO_LEAF).into_iter().flatten() {
            locator.place(misplaced, Position { shard, sequence: 0 })?;
        }
        for record in Pages::new(store, shard_query(keyring, RecordKind::Event, shard, 0)) {
            let record = record?;
            let at = position_of(shard, &record);
            let Ok(body) = Body::parse(&record) else { continue };
            let leaf = leaf_hash(shard, at.sequence, body.envelope);
            for misplaced in unplaced.get(&leaf).into_iter().flatten() {
                locator.place(misplaced, after(at))?;
            }
        }
    }
    Ok(())
}

struct Locator<'a> {
    store: &'a dyn Store,
    keyring: &'a Keyring,
    findings: &'a mut [Finding],
}

impl Locator<'_> {
    /// Tries a record as the event of `place`, and says so in the findings if it is.
    fn place(&mut self, (at, record): &(Position, Record), place: Position) -> Result<bool, AuditError> {
        if *at == place || open_as(self.keyring, place, record).is_err() {
            return Ok(false);
        }
        let there = self.store.load(&[place.event_key(self.keyring)])?.pop().flatten();
        let finding = match there.is_some_and(|record| open_event(self.keyring, place, &record).is_ok()) {
            true => Finding::Inserted { at: *at, copy_of: Some(place) },
            false => Finding::Reordered { at: *at, belongs: place },
        };
        refine(self.findings, *at, finding);
        Ok(true)
    }
}

const fn after(at: Position) -> Position {
    Position { shard: at.shard, sequence: at.sequence.saturating_add(1) }
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
