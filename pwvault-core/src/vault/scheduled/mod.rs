//! Work that is due: what a host's cron has the vault do. Owns the list of jobs; each job is where
//! what it looks after is, or in a file here.
//!
//! A call does a bounded part of every job and says whether more is left. Several hosts may call at
//! once: whatever a job takes, it takes by a change set that names what it read, so of two only one
//! gets it.

use serde::Serialize;

mod deliver;
mod ended;
mod fire;
mod host_events;
mod log;
mod replan;

pub(super) use replan::ask_to_replan;

use super::error::VaultError;
use super::session::Session;
use crate::clock::Timestamp;
use crate::model::{EventKind, Section};
use crate::store::StoreError;

/// What one call did.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DueReport {
    /// Every job, in the order they ran.
    pub jobs: Vec<JobReport>,
}

impl DueReport {
    /// Whether there is more to be done now: call again.
    #[must_use]
    pub fn more(&self) -> bool {
        self.jobs.iter().any(|job| job.more)
    }

    /// The jobs that did not do all they set out to.
    pub fn failed(&self) -> impl Iterator<Item = &JobReport> {
        self.jobs.iter().filter(|job| job.failed > 0 || job.error.is_some())
    }

    /// The job with this name.
    #[must_use]
    pub fn job(&self, name: &str) -> Option<&JobReport> {
        self.jobs.iter().find(|job| job.name == name)
    }
}

/// What one job did.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct JobReport {
    /// Its name: `host_events`, `replan`, `reminders`, `delivery`, `checkpoints`, `retention`.
    pub name: &'static str,
    /// How many things it did.
    pub done: u64,
    /// How many things failed and are tried again later, or are left to someone.
    pub failed: u64,
    /// Whether it has more to do now.
    pub more: bool,
    /// What stopped it. The other jobs ran all the same.
    pub error: Option<VaultError>,
}

/// Doing what is due.
///
/// # Examples
/// ```
/// # use pwvault_core::{testing::memory_vault, vault::prelude::*, *};
/// # let vault = memory_vault()?;
/// # let anna = vault.session(Principal::client(ClientId::new("anna")?), RequestContext::default());
/// let cron = vault.session(Principal::system(), RequestContext::default());
/// while cron.run_due(SystemClock.now())?.more() {}
///
/// assert!(matches!(anna.run_due(SystemClock.now()), Err(VaultError::Denied(_))));
/// # Ok::<(), VaultError>(())
/// ```
pub trait Scheduled {
    /// Does a bounded part of everything that is due by `now`: finishes what follows from host events,
    /// brings reminders in step with changed settings, writes those that are due, takes off grants that
    /// have ended, delivers messages if the vault has a notifier, removes links and requests that have
    /// expired, signs checkpoints of the log, and removes events whose time is over.
    ///
    /// A job that fails does not stop the others; its report says why.
    ///
    /// # Errors
    /// [`VaultError::Denied`] without the section `scheduled`; only scheduled work and
    /// administrators can have it.
    fn run_due(&self, now: Timestamp) -> Result<DueReport, VaultError>;
}

impl Scheduled for Session {
    fn run_due(&self, now: Timestamp) -> Result<DueReport, VaultError> {
        self.run(|gate| gate.section(Section::Scheduled, EventKind::ScheduledRun).map(drop))?;
        let jobs = JOBS.iter().map(|(name, job)| {
            let mut progress = Progress::default();
            let error = match job(self, now, &mut progress) {
                // Others are at the same work; there may be more when they are done.
                Err(VaultError::Busy | VaultError::Store(StoreError::Busy)) => {
                    progress.more = true;
                    None
                }
                done => done.err(),
            };
            let Progress { done, failed, more } = progress;
            JobReport { name, done, failed, more: more && error.is_none(), error }
        });
        Ok(DueReport { jobs: jobs.collect() })
    }
}

/// What a job has done so far.
#[derive(Debug, Default)]
pub(super) struct Progress {
    pub(super) done: u64,
    pub(super) failed: u64,
    pub(super) more: bool,
}

/// Does a bounded part of one job. Each passage through the gate asks for the section anew.
type Job = fn(&Session, Timestamp, &mut Progress) -> Result<(), VaultError>;

/// Every job. One that writes messages stands before their delivery.
const JOBS: &[(&str, Job)] = &[
    ("host_events", host_events::run),
    ("replan", replan::run),
    ("reminders", fire::run),
    ("links", ended::links),
    ("requests", ended::requests),
    ("delivery", deliver::run),
    ("checkpoints", log::make_checkpoints),
    ("retention", log::apply_retention),
];
