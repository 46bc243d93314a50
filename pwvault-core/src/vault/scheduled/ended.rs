//! Removing what has expired: links, and requests for credentials.

use super::Progress;
use crate::clock::Timestamp;
use crate::model::{EventKind, Section};
use crate::vault::error::VaultError;
use crate::vault::session::Session;

pub(super) fn links(session: &Session, now: Timestamp, progress: &mut Progress) -> Result<(), VaultError> {
    let removed = session.run(|gate| {
        let proof = gate.section(Section::Scheduled, EventKind::LinkRevoked)?;
        gate.expire_links(&proof, now, BATCH)
    })?;
    note(removed, progress);
    Ok(())
}

pub(super) fn requests(session: &Session, now: Timestamp, progress: &mut Progress) -> Result<(), VaultError> {
    let removed = session.run(|gate| {
        let proof = gate.section(Section::Scheduled, EventKind::CredentialRequestEnded)?;
        gate.expire_requests(&proof, now, BATCH)
    })?;
    note(removed, progress);
    Ok(())
}

fn note(removed: u32, progress: &mut Progress) {
    progress.done += u64::from(removed);
    progress.more = removed == BATCH;
}

const BATCH: u32 = 500;
