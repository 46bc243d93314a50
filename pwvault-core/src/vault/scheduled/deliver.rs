//! Delivery through the vault's notifier. Without one, hosts pull messages from the outbox.

use super::Progress;
use crate::clock::Timestamp;
use crate::model::{EventKind, Section};
use crate::vault::error::VaultError;
use crate::vault::session::Session;

pub(super) fn run(session: &Session, now: Timestamp, progress: &mut Progress) -> Result<(), VaultError> {
    let Some(notifier) = session.core.providers.notifier.clone() else { return Ok(()) };
    for _ in 0..BATCHES {
        let batch = session.run(|gate| {
            let proof = gate.section(Section::Scheduled, EventKind::MessageClaimed)?;
            gate.claim_messages(&proof, now, BATCH, LEASE_MS)
        })?;
        if batch.claimed.is_empty() && batch.dropped == 0 {
            return Ok(());
        }
        for claimed in batch.claimed {
            let (id, claim) = (claimed.message.id, claimed.claim);
            // No lock is held and no passage is open while the host's code runs.
            match notifier.deliver(&claimed.message) {
                Ok(()) => {
                    session.run(|gate| {
                        let proof = gate.section(Section::Scheduled, EventKind::MessageDelivered)?;
                        gate.settle_delivered(&proof, id, claim)
                    })?;
                    progress.done += 1;
                }
                Err(failure) => {
                    session.run(|gate| {
                        let proof = gate.section(Section::Scheduled, EventKind::MessageFailed)?;
                        gate.settle_failed(&proof, now, id, claim, &failure)
                    })?;
                    progress.failed += 1;
                }
            }
        }
    }
    progress.more = true;
    Ok(())
}

/// How many messages are taken at once. They all end with the same lease.
const BATCH: u32 = 8;
const BATCHES: u32 = 8;
/// Long enough for eight deliveries by a slow mail server.
const LEASE_MS: i64 = 15 * 60 * 1000;
