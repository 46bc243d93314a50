//! What follows from host events and did not fit into the call that told of them. An administrator who
//! runs what is due without the section for it leaves it to others.

use super::Progress;
use crate::clock::Timestamp;
use crate::model::{EventKind, Section};
use crate::vault::error::VaultError;
use crate::vault::session::Session;

pub(super) fn run(session: &Session, _now: Timestamp, progress: &mut Progress) -> Result<(), VaultError> {
    let open = session.run(|gate| {
        let may = gate.authority.sections().has(Section::HostEvents);
        if may { gate.open_host_events() } else { Ok(Vec::new()) }
    })?;
    let mut steps = 0;
    for event in open {
        loop {
            if steps == STEPS {
                progress.more = true;
                return Ok(());
            }
            steps += 1;
            let told = session.run(|gate| {
                let proof = gate.section(Section::HostEvents, EventKind::HostEventApplied)?;
                gate.host_event_step(&proof, &event)
            })?;
            progress.done += 1;
            if told.finished {
                break;
            }
        }
    }
    Ok(())
}

/// How many change sets a call writes.
const STEPS: u32 = 20;
