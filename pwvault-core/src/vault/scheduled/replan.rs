//! When the settings of reminders change, every entry is looked at again, page by page. How far it
//! has come is a record, written with each page, so that a kill in between loses nothing.

use serde::{Deserialize, Serialize};

use super::Progress;
use crate::clock::Timestamp;
use crate::envelope::{open_record, seal_record};
use crate::id::{EntryId, RecordId, RecordKind};
use crate::index;
use crate::model::{EventKind, Outcome, Section};
use crate::store::{ChangeSet, Query, RecordKey};
use crate::vault::core::tampered;
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;
use crate::vault::reminders::Before;
use crate::vault::session::Session;

/// How far the entries have been looked at.
#[derive(Serialize, Deserialize)]
struct Replan {
    after: Option<RecordId>,
}

/// Adds to a change set that every entry is to be looked at again, from the first.
pub(in crate::vault) fn ask_to_replan(gate: &Gate<'_>, changes: &mut ChangeSet) -> Result<(), VaultError> {
    let key = job_key(gate);
    let revision = gate.load_noted(key)?.map_or(0, |record| record.revision);
    changes.write(seal_record(&gate.snapshot.keyring, key, revision + 1, &Replan { after: None }, Vec::new(), &[])?);
    Ok(())
}

pub(super) fn run(session: &Session, _now: Timestamp, progress: &mut Progress) -> Result<(), VaultError> {
    for _ in 0..PAGES {
        match session.run(replan_page)? {
            Some(looked_at) => progress.done += looked_at,
            None => return Ok(()),
        }
    }
    progress.more = true;
    Ok(())
}

/// Looks at one page of entries; `None` when there is nothing to be looked at.
fn replan_page(gate: &Gate<'_>) -> Result<Option<u64>, VaultError> {
    let proof = gate.section(Section::Scheduled, EventKind::ScheduledRun)?;
    let key = job_key(gate);
    let Some(record) = gate.load_noted(key)? else { return Ok(None) };
    let opened = open_record::<Replan>(&gate.snapshot.keyring, RecordKind::Job, &record)
        .map_err(|cause| tampered(&record, cause))?;
    let query = Query { cursor: opened.head.after, limit: PAGE, ..Query::new(gate.core.id, RecordKind::Entry) };
    let page = gate.core.store.scan(&query)?;
    let next = page.next;
    let mut changes = ChangeSet::new();
    let mut entries: Vec<EntryId> = Vec::new();
    let mut looked_at = 0;
    for record in page.into_records()? {
        looked_at += 1;
        let found = gate.opened_entry(record)?;
        let before = changes.len();
        gate.keep_due(found.id, &found.head, Before::Same, &mut changes)?;
        if changes.len() > before {
            gate.assert_entry(&found, &mut changes);
            entries.push(found.id);
        }
    }
    match next {
        None => changes.delete(key, record.revision),
        after => {
            let head = Replan { after };
            changes.write(seal_record(&gate.snapshot.keyring, key, record.revision + 1, &head, Vec::new(), &[])?);
        }
    }
    gate.commit(&proof, changes, gate.event(EventKind::ScheduledRun, Outcome::Done, &entries))?;
    Ok(Some(looked_at))
}

fn job_key(gate: &Gate<'_>) -> RecordKey {
    gate.core.key(RecordKind::Job, index::unique_id(&gate.snapshot.keyring, RecordKind::Job, "job", b"replan"))
}

/// How many entries a commit looks at.
const PAGE: u32 = 64;
/// How many commits a call makes.
const PAGES: u32 = 16;
