//! The log: reading it, verifying it, and its checkpoints.

use super::error::VaultError;
use super::session::Session;
use crate::audit::{self, Checkpoint, LogCursor, LogPage, LogQuery, VerifyOptions, VerifyReport};
use crate::clock::Timestamp;
use crate::id::EntryId;
use crate::index;
use crate::model::{EventKind, Outcome, Person, Section};
use crate::store::Order;

/// Which events to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFilter {
    /// About this entry.
    pub entry: Option<EntryId>,
    /// By this person.
    pub actor: Option<Person>,
    /// Not before this time.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub to: Option<Timestamp>,
    /// Oldest or newest first.
    pub order: Order,
    /// The most events of a page; 1 to 1,000.
    pub limit: u32,
    /// Where the page before ended.
    pub after: Option<LogCursor>,
}

impl Default for LogFilter {
    /// Everything, newest first, 100 to a page.
    fn default() -> Self {
        Self { entry: None, actor: None, from: None, to: None, order: Order::Descending, limit: 100, after: None }
    }
}

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
/// # Ok::<(), VaultError>(())
/// ```
pub trait Logs {
    /// A page of events. That the log was read is an event of its own, written first.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `logs`, [`VaultError::Invalid`] for a limit out
    /// of bounds, [`VaultError::Audit`] when the log does not read.
    fn read_log(&self, filter: &LogFilter) -> Result<LogPage, VaultError>;

    /// Verifies the whole log, and every record whose changes are logged. What is wrong with them
    /// is no error but stands in the report.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `logs.verify`, [`VaultError::Audit`] when an
    /// option is not of this vault.
    fn verify_log(&self, options: &VerifyOptions) -> Result<VerifyReport, VaultError>;

    /// Up to 1,000 signed checkpoints of a shard above a size, to be kept outside the database.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `logs.verify`.
    fn log_checkpoints(&self, shard: u32, above: u64) -> Result<Vec<Checkpoint>, VaultError>;
}

impl Logs for Session {
    fn read_log(&self, filter: &LogFilter) -> Result<LogPage, VaultError> {
        if !(1..=1_000).contains(&filter.limit) {
            return Err(VaultError::invalid("limit", format!("it is {}; 1 to 1000 are accepted", filter.limit)));
        }
        self.run(|gate| {
            let _proof = gate.section(Section::Logs, EventKind::LogRead)?;
            gate.log(EventKind::LogRead, Outcome::Done, &[])?;
            let keyring = &gate.snapshot.keyring;
            let mut labels = Vec::new();
            labels.extend(filter.entry.map(|entry| vec![index::event_entry_label(keyring, entry)]));
            labels.extend(filter.actor.as_ref().map(|actor| vec![index::event_actor_label(keyring, actor)]));
            let query = LogQuery {
                shard: None,
                labels,
                from: filter.from,
                to: filter.to,
                order: filter.order,
                limit: filter.limit,
                cursor: filter.after.clone(),
            };
            Ok(audit::read(gate.core.store.as_ref(), keyring, &query)?)
        })
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
            let _proof = gate.section(Section::LogsVerify, EventKind::LogVerified)?;
            Ok(audit::checkpoints(gate.core.store.as_ref(), &gate.snapshot.keyring, shard, above, 1_000)?)
        })
    }
}
