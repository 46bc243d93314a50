//! The log: reading, exporting and verifying it, its checkpoints, and the removal of old events.
//! Every one of these is an event itself.

mod export;
mod filter;
mod prune;
mod sink;

use std::io::Write;

pub use self::export::{LogExport, LogFormat};
pub use self::filter::LogFilter;
pub use self::prune::PruneReport;
pub use self::sink::CheckpointRun;
pub(super) use self::sink::Keeper;
use super::error::VaultError;
use super::session::Session;
use crate::audit::{self, Checkpoint, EventState, LogPage, Position, RemovedEvents, VerifyOptions, VerifyReport};
use crate::model::{EventKind, Outcome, Section};

/// The log.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// # let root = vault.session(Principal::admin_with_roles(AdminId::new("root")?, vec![RoleId::new("full")?]), RequestContext::default());
/// # let anna = vault.session(Principal::client(ClientId::new("anna")?), RequestContext::default());
/// let head = vault.head()?; // kept outside the database
/// let options = audit::VerifyOptions { heads: head.shards, ..Default::default() };
/// let report = root.verify_log(&options)?;
/// assert!(report.is_clean(), "{report}");
/// assert!(matches!(anna.verify_log(&options), Err(VaultError::Denied(_))));
///
/// let mut lines = Vec::new();
/// let export = root.export_log(&mut lines, &vault::LogFilter::default(), vault::LogFormat::JsonLines)?;
/// assert_eq!(export.events as usize, lines.split(|byte| *byte == b'\n').count() - 1);
/// # Ok::<(), VaultError>(())
/// ```
pub trait Logs {
    /// A page of events. That the log was read is an event of its own, written first.
    ///
    /// With a filter by kind or outcome at most 10,000 events are looked at for one page: it may hold
    /// fewer than were asked for, or none, and still have a next one.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `logs`, [`VaultError::Invalid`] for a limit out
    /// of bounds, [`VaultError::Audit`] when the log does not read.
    fn read_log(&self, filter: &LogFilter) -> Result<LogPage, VaultError>;

    /// What there is of one event: all of it, or what is left after its removal. That the log was
    /// read is an event of its own, written first.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `logs`, [`VaultError::Audit`] when there is no such
    /// shard or the log does not read.
    fn log_event(&self, position: Position) -> Result<EventState, VaultError>;

    /// Writes the events of a filter to `out`, page by page, in its order; its limit and cursor mean
    /// nothing here. That the log was exported is an event of its
    /// own, written first; what is logged from then on is not part of the export. A right that ends
    /// meanwhile ends the export.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `logs.export`, [`VaultError::Output`] when `out`
    /// fails, [`VaultError::Audit`] when the log does not read. What was written until then is
    /// incomplete.
    fn export_log(&self, out: &mut dyn Write, filter: &LogFilter, format: LogFormat) -> Result<LogExport, VaultError>;

    /// Verifies the whole log, and every record whose changes are logged. What is wrong with them
    /// is no error but stands in the report.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `logs.verify`, [`VaultError::Audit`] when an
    /// option is not of this vault.
    fn verify_log(&self, options: &VerifyOptions) -> Result<VerifyReport, VaultError>;

    /// Up to 1,000 signed checkpoints of a shard above a size, to be kept outside the database. That
    /// some were taken is an event. A [`CheckpointSink`](audit::CheckpointSink) is handed each as it is made.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `logs.verify`.
    fn log_checkpoints(&self, shard: u32, above: u64) -> Result<Vec<Checkpoint>, VaultError>;

    /// Signs a checkpoint of every shard of which an event has waited for one for 15 minutes, and
    /// offers the newest of every shard to the [`CheckpointSink`](audit::CheckpointSink) unless it has it. For the host's
    /// scheduled work: an append makes a checkpoint too, but only when there is one. No event.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `logs.verify`, [`VaultError::Audit`] when the end of
    /// a shard is not what was written. That the sink fails is no error but stands in the result.
    fn make_checkpoints(&self) -> Result<CheckpointRun, VaultError>;

    /// Removes the events of a filter before its `to`, which must be given. Not removed are events no
    /// signed checkpoint covers yet, the last few before the newest checkpoint, and those that tell of
    /// removals. What is left of a removed event still proves the rest of the log; see
    /// [`RemovalNote`](audit::RemovalNote). Stopped half-way, it is done as far as it came: do it again.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `logs.prune`, [`VaultError::Invalid`] without `to` or
    /// a reason, [`VaultError::CheckpointNotKept`] when the sink does not take the checkpoint that
    /// covers what would be removed, [`VaultError::Audit`] when the log is not what was written.
    fn prune_log(&self, filter: &LogFilter, reason: &str) -> Result<PruneReport, VaultError>;

    /// Removes the events whose time is over by [`Settings::retention`](crate::model::Settings), as
    /// [`prune_log`](Self::prune_log) does, at most once a day unless the rules were changed. An event
    /// that a rule names is kept as long as that rule says, the longest of several; one that none
    /// names, as long as the rules for all kinds say; without such a rule, for ever. For the host's
    /// scheduled work.
    ///
    /// # Errors
    /// As of [`prune_log`](Self::prune_log).
    fn apply_retention(&self) -> Result<PruneReport, VaultError>;

    /// What was removed from a shard, from a sequence on, in at most `limit` blocks of 1,024 events
    /// (1 to 1,000): when it happened, how much, who removed it and why.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `logs`, [`VaultError::Invalid`] for a limit out of
    /// bounds, [`VaultError::Audit`].
    fn removed_events(&self, shard: u32, from: u64, limit: u32) -> Result<Vec<RemovedEvents>, VaultError>;

    /// Seals off damaged events at the end of a shard, at most 16, so that it can be written on: until
    /// then everything is refused that would write an event to it. The damaged records stay; what they
    /// told is lost, and the report of [`verify_log`](Self::verify_log) counts them. Gives their
    /// places; none when the end is not damaged.
    ///
    /// Other processes that know the log as it was before the damage may have to open the vault anew.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `logs.prune`, [`VaultError::Invalid`] without a
    /// reason, [`VaultError::Audit`] when more is damaged, or the end is gone: restore it from a backup.
    fn seal_log_damage(&self, shard: u32, reason: &str) -> Result<Vec<Position>, VaultError>;
}

impl Logs for Session {
    fn read_log(&self, filter: &LogFilter) -> Result<LogPage, VaultError> {
        check_limit(filter.limit)?;
        self.run(|gate| {
            let _proof = gate.section(Section::Logs, EventKind::LogRead)?;
            gate.log(EventKind::LogRead, Outcome::Done, filter.entry.as_slice())?;
            let keyring = &gate.snapshot.keyring;
            Ok(audit::read(gate.core.store.as_ref(), keyring, &filter.query(keyring))?)
        })
    }

    fn log_event(&self, position: Position) -> Result<EventState, VaultError> {
        self.run(|gate| {
            let _proof = gate.section(Section::Logs, EventKind::LogRead)?;
            gate.log(EventKind::LogRead, Outcome::Done, &[])?;
            Ok(audit::event_at(gate.core.store.as_ref(), &gate.snapshot.keyring, position)?)
        })
    }

    fn export_log(&self, out: &mut dyn Write, filter: &LogFilter, format: LogFormat) -> Result<LogExport, VaultError> {
        export::export(self, out, filter, format)
    }

    fn verify_log(&self, options: &VerifyOptions) -> Result<VerifyReport, VaultError> {
        self.run(|gate| {
            let _proof = gate.section(Section::LogsVerify, EventKind::LogVerified)?;
            let report = audit::verify(gate.core.store.as_ref(), &gate.snapshot.keyring, options)?;
            gate.log(EventKind::LogVerified, Outcome::Done, &[])?;
            Ok(report)
        })
    }

    fn log_checkpoints(&self, shard: u32, above: u64) -> Result<Vec<Checkpoint>, VaultError> {
        self.run(|gate| {
            let _proof = gate.section(Section::LogsVerify, EventKind::CheckpointsCopied)?;
            let store = gate.core.store.as_ref();
            let checkpoints = audit::checkpoints(store, &gate.snapshot.keyring, shard, above, 1_000)?;
            if !checkpoints.is_empty() {
                gate.log(EventKind::CheckpointsCopied, Outcome::Done, &[])?;
            }
            Ok(checkpoints)
        })
    }

    fn make_checkpoints(&self) -> Result<CheckpointRun, VaultError> {
        self.run(|gate| {
            let _proof = gate.section(Section::LogsVerify, EventKind::CheckpointsCopied)?;
            gate.core.make_checkpoints(&gate.snapshot, gate.now)
        })
    }

    fn prune_log(&self, filter: &LogFilter, reason: &str) -> Result<PruneReport, VaultError> {
        prune::prune(self, filter, reason)
    }

    fn apply_retention(&self) -> Result<PruneReport, VaultError> {
        prune::apply_retention(self)
    }

    fn removed_events(&self, shard: u32, from: u64, limit: u32) -> Result<Vec<RemovedEvents>, VaultError> {
        check_limit(limit)?;
        self.run(|gate| {
            let _proof = gate.section(Section::Logs, EventKind::LogRead)?;
            gate.log(EventKind::LogRead, Outcome::Done, &[])?;
            Ok(audit::removed_events(gate.core.store.as_ref(), &gate.snapshot.keyring, shard, from, limit)?)
        })
    }

    fn seal_log_damage(&self, shard: u32, reason: &str) -> Result<Vec<Position>, VaultError> {
        prune::seal_damage(self, shard, reason)
    }
}

fn check_limit(limit: u32) -> Result<(), VaultError> {
    if (1..=1_000).contains(&limit) {
        return Ok(());
    }
    Err(VaultError::invalid("limit", format!("it is {limit}; 1 to 1000 are accepted")))
}
