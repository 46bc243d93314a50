//! What the log needs from time to time: checkpoints, and the end of old events. An administrator
//! who runs what is due without the sections for it leaves it to others.

use super::Progress;
use crate::clock::Timestamp;
use crate::model::Section;
use crate::vault::error::VaultError;
use crate::vault::logs::Logs;
use crate::vault::session::Session;

pub(super) fn make_checkpoints(session: &Session, _now: Timestamp, progress: &mut Progress) -> Result<(), VaultError> {
    if may(session, Section::LogsVerify)? {
        let run = session.make_checkpoints()?;
        progress.done += u64::from(run.made);
        progress.failed += u64::from(run.unkept);
    }
    Ok(())
}

pub(super) fn apply_retention(session: &Session, _now: Timestamp, progress: &mut Progress) -> Result<(), VaultError> {
    if may(session, Section::LogsPrune)? {
        let report = session.apply_retention()?;
        progress.done += report.removed;
        progress.failed += report.damaged;
    }
    Ok(())
}

fn may(session: &Session, section: Section) -> Result<bool, VaultError> {
    session.run(|gate| Ok(gate.authority.sections().has(section)))
}
