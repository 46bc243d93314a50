//! Removing events: by a filter, or because their time is over.

use serde::{Deserialize, Serialize};

use super::filter::LogFilter;
use crate::audit::{self, Position, RemovalCause, RemovalNote};
use crate::clock::Timestamp;
use crate::crypto;
use crate::envelope::{open_record, seal_record};
use crate::id::RecordKind;
use crate::index;
use crate::model::{Event, EventKind, Outcome, Retention, Section};
use crate::policy::Authorized;
use crate::store::{ChangeSet, RecordKey};
use crate::vault::core::tampered;
use crate::vault::error::VaultError;
use crate::vault::gate::Gate;
use crate::vault::session::Session;

/// What a removal of events did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PruneReport {
    /// Events removed.
    pub removed: u64,
    /// Events met that are not what was written; they were left, and `verify_log` explains them.
    pub damaged: u64,
    /// Shards without a checkpoint, of which nothing can be removed yet.
    pub uncovered_shards: u32,
    /// Whether it came to the end; not when retention had nothing to do, having run less than a day
    /// ago or having no rules.
    pub finished: bool,
}

pub(super) fn prune(session: &Session, filter: &LogFilter, reason: &str) -> Result<PruneReport, VaultError> {
    check_reason(reason)?;
    if filter.to.is_none() {
        return Err(VaultError::invalid("to", "events are removed up to a time; say which"));
    }
    session.run(|gate| gate.may_prune().map(drop))?;
    let work = Work { cause: RemovalCause::Request, reason: Some(reason.to_owned()), from: filter.from, to: filter.to };
    let chosen = |event: &Event| event.kind != EventKind::LogPruned && filter.matches(event);
    let report = work.run(session, &chosen)?;
    if report.removed == 0 {
        session.run(|gate| {
            let event = gate.pruned_event(work.reason.as_deref());
            gate.commit(&gate.may_prune()?, ChangeSet::new(), event)
        })?;
    }
    Ok(report)
}

pub(super) fn apply_retention(session: &Session) -> Result<PruneReport, VaultError> {
    let due = session.run(|gate| {
        let _proof = gate.may_prune()?;
        let rules = Rules(gate.snapshot.policy.settings.retention.clone());
        let Some(shortest) = rules.shortest() else { return Ok(None) };
        let last = gate.last_retention()?.filter(|(_, job)| job.rules == rules.digest());
        let waits = last.is_some_and(|(_, job)| gate.now < job.finished_at.plus_millis(DAY_MS));
        Ok((!waits).then(|| (rules, gate.now, gate.now.plus_millis(-shortest))))
    })?;
    let Some((rules, now, to)) = due else { return Ok(PruneReport::default()) };
    let work = Work { cause: RemovalCause::Retention, reason: None, from: None, to: Some(to) };
    let report = work.run(session, &|event| rules.ended(event, now))?;
    session.run(|gate| gate.finish_retention(&rules))?;
    Ok(report)
}

pub(super) fn seal_damage(session: &Session, shard: u32, reason: &str) -> Result<Vec<Position>, VaultError> {
    check_reason(reason)?;
    session.run(|gate| {
        let proof = gate.may_prune()?;
        let note = gate.note(RemovalCause::Damage, Some(reason.to_owned()));
        let mut changes = ChangeSet::new();
        let store = gate.core.store.as_ref();
        let sealed = audit::seal_damage(store, &gate.snapshot.keyring, shard, &note, &mut changes)?;
        let (places, tail) = sealed.map_or_else(Default::default, |(places, tail)| (places, Some(tail)));
        tail.into_iter().for_each(|tail| gate.core.set_tail(tail));
        gate.commit(&proof, changes, gate.pruned_event(Some(reason))).inspect_err(|_| gate.core.forget_tail(shard))?;
        Ok(places)
    })
}

/// What is removed, and why.
struct Work {
    cause: RemovalCause,
    reason: Option<String>,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
}

impl Work {
    /// Goes through every shard, block by block, each in a commit of its own.
    fn run(&self, session: &Session, chosen: &dyn Fn(&Event) -> bool) -> Result<PruneReport, VaultError> {
        let mut report = PruneReport::default();
        let shards = session.run(|gate| Ok(gate.snapshot.keyring.shards()))?;
        for shard in 0..shards {
            let Some((low, end)) = session.run(|gate| self.range(gate, shard))? else {
                report.uncovered_shards += 1;
                continue;
            };
            let mut next = Some(low).filter(|low| *low < end);
            while let Some(from) = next {
                let pruned = session.run(|gate| self.block(gate, (shard, from, end), chosen))?;
                report.removed += pruned.removed;
                report.damaged += pruned.damaged;
                next = pruned.next;
            }
        }
        report.finished = true;
        Ok(report)
    }

    /// Which sequences of a shard may be removed and are in time. The checkpoint that covers them is
    /// offered to the sink first: what is removed must be provable from outside.
    fn range(&self, gate: &Gate<'_>, shard: u32) -> Result<Option<(u64, u64)>, VaultError> {
        let _proof = gate.may_prune()?;
        let (store, keyring) = (gate.core.store.as_ref(), &gate.snapshot.keyring);
        let Some(prunable) = audit::prunable(store, keyring, shard)? else { return Ok(None) };
        gate.core.keeper.offer(&prunable.checkpoint).map_err(VaultError::CheckpointNotKept)?;
        let (low, high) = audit::sequences(store, keyring, shard, self.from, self.to)?;
        Ok(Some((low, high.min(prunable.end))))
    }

    fn block(
        &self,
        gate: &Gate<'_>,
        range: (u32, u64, u64),
        chosen: &dyn Fn(&Event) -> bool,
    ) -> Result<audit::PrunedBlock, VaultError> {
        let proof = gate.may_prune()?;
        let note = gate.note(self.cause, self.reason.clone());
        let mut changes = ChangeSet::new();
        let (store, keyring) = (gate.core.store.as_ref(), &gate.snapshot.keyring);
        let pruned = audit::prune_block(store, keyring, range, &note, &|_, event| chosen(event), &mut changes)?;
        if !changes.is_empty() {
            gate.commit(&proof, changes, gate.pruned_event(self.reason.as_deref()))?;
        }
        Ok(pruned)
    }
}

impl Gate<'_> {
    fn may_prune(&self) -> Result<Authorized, VaultError> {
        self.section(Section::LogsPrune, EventKind::LogPruned)
    }

    fn note(&self, cause: RemovalCause, reason: Option<String>) -> RemovalNote {
        RemovalNote { cause, by: self.session.principal.person(), reason, at: self.now }
    }

    fn pruned_event(&self, reason: Option<&str>) -> Event {
        let event = self.event(EventKind::LogPruned, Outcome::Done, &[]);
        Event { reason: reason.map(str::to_owned).or_else(|| event.reason.clone()), ..event }
    }

    fn retention_key(&self) -> RecordKey {
        let id = index::unique_id(&self.snapshot.keyring, RecordKind::Job, "retention", b"");
        self.core.key(RecordKind::Job, id)
    }

    fn last_retention(&self) -> Result<Option<(u64, RetentionJob)>, VaultError> {
        let Some(record) = self.core.load(self.retention_key())? else { return Ok(None) };
        let opened = open_record::<RetentionJob>(&self.snapshot.keyring, RecordKind::Job, &record);
        let head = opened.map_err(|cause| tampered(&record, cause))?.head;
        Ok(Some((record.revision, head)))
    }

    fn finish_retention(&self, rules: &Rules) -> Result<(), VaultError> {
        let proof = self.may_prune()?;
        let revision = self.last_retention()?.map_or(1, |(revision, _)| revision + 1);
        let head = RetentionJob { finished_at: self.now, rules: rules.digest() };
        let mut changes = ChangeSet::new();
        changes.write(seal_record(&self.snapshot.keyring, self.retention_key(), revision, &head, Vec::new(), &[])?);
        self.commit(&proof, changes, self.pruned_event(None))
    }
}

/// When retention last came to its end.
#[derive(Serialize, Deserialize)]
struct RetentionJob {
    finished_at: Timestamp,
    /// Under which rules.
    rules: [u8; 32],
}

struct Rules(Vec<Retention>);

impl Rules {
    /// The shortest time an event is kept, in milliseconds; `None` without rules.
    fn shortest(&self) -> Option<i64> {
        self.0.iter().map(|rule| i64::from(rule.days) * DAY_MS).min()
    }

    /// Whether the time of an event is over.
    fn ended(&self, event: &Event, now: Timestamp) -> bool {
        let longest = |names: &dyn Fn(&Retention) -> bool| {
            self.0.iter().filter(|rule| names(rule)).map(|rule| i64::from(rule.days) * DAY_MS).max()
        };
        let kept = longest(&|rule| rule.kinds.contains(&event.kind)).or_else(|| longest(&|rule| rule.kinds.is_empty()));
        kept.is_some_and(|kept| event.at < now.plus_millis(-kept))
    }

    fn digest(&self) -> [u8; 32] {
        let parts: Vec<u8> = self
            .0
            .iter()
            .flat_map(|Retention { kinds, days }| {
                let kinds = kinds.iter().flat_map(|kind| (*kind as u32).to_be_bytes());
                let count = u32::try_from(kinds.clone().count()).unwrap_or(u32::MAX);
                days.to_be_bytes().into_iter().chain(count.to_be_bytes()).chain(kinds).collect::<Vec<_>>()
            })
            .collect();
        crypto::sha256(&[&parts])
    }
}

fn check_reason(reason: &str) -> Result<(), VaultError> {
    if !reason.trim().is_empty() && reason.len() <= REASON_MAX {
        return Ok(());
    }
    Err(VaultError::invalid("reason", format!("it has {} bytes; 1 to {REASON_MAX} are accepted", reason.len())))
}

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
const REASON_MAX: usize = 1_024;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Person, Surface};

    fn event(kind: EventKind, days_ago: i64) -> Event {
        Event::by(Person::System, kind, Timestamp::from_millis(-days_ago * DAY_MS), Surface::Cron)
    }

    #[test]
    fn the_rule_that_names_a_kind_is_the_one_that_counts() {
        let rule = |kinds: &[EventKind], days| Retention { kinds: kinds.to_vec(), days };
        let (read, reveal, other) = (EventKind::LogRead, EventKind::SecretRevealed, EventKind::AccessChanged);
        let ended = |rules: &[Retention], kind, days| {
            Rules(rules.to_vec()).ended(&event(kind, days), Timestamp::from_millis(0))
        };
        let named = [rule(&[read], 10), rule(&[read, reveal], 30)];
        assert!(!ended(&named, read, 30) && ended(&named, read, 31));
        assert!(!ended(&named, other, 10_000));
        let all = [rule(&[], 20), rule(&[reveal], 30), rule(&[], 15), rule(&[read], 5)];
        assert!(!ended(&all, other, 20) && ended(&all, other, 21));
        assert!(!ended(&all, reveal, 30) && ended(&all, reveal, 31));
        assert!(!ended(&all, read, 5) && ended(&all, read, 6));
        assert_eq!(Rules(all.to_vec()).shortest(), Some(5 * DAY_MS));
        assert_ne!(Rules(all.to_vec()).digest(), Rules(named.to_vec()).digest());
    }
}
