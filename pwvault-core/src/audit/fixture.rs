//! A log over a store in memory, for the tests of this room.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::leaf::position_of;
use super::shard::shard_query;
use super::*;
use crate::clock::Timestamp;
use crate::envelope::Keyring;
use crate::id::{AdminId, EntryId, RecordKind, VaultId};
use crate::model::{Change, Event, EventKind, Outcome, Person, Surface};
use crate::store::{ChangeSet, Label, MemoryStore, Record, RecordKey, Store, StoreError};

pub(super) struct Log {
    pub(super) store: MemoryStore,
    pub(super) keyring: Keyring,
}

impl Log {
    pub(super) fn new(shards: u32) -> Self {
        let keyring = Keyring::generate(VaultId::from_bytes([7; 16]), shards).unwrap();
        Self { store: MemoryStore::new(), keyring }
    }

    /// A log of `count` events one second apart, each revealing one of 100 entries.
    pub(super) fn of(shards: u32, count: u64) -> Self {
        let log = Self::new(shards);
        let mut tails: Vec<Tail> = (0..shards).map(|shard| log.tail(shard)).collect();
        for number in 0..count {
            let event = event(number);
            let tail = &mut tails[shard_of(&event, shards) as usize];
            *tail = log.append_behind(tail, &event, ChangeSet::new()).unwrap();
        }
        log
    }

    pub(super) fn tail(&self, shard: u32) -> Tail {
        Tail::load(&self.store, &self.keyring, shard).unwrap()
    }

    pub(super) fn append_behind(&self, tail: &Tail, event: &Event, mut changes: ChangeSet) -> Result<Tail, StoreError> {
        let tail = tail.prepare(&self.keyring, event, vec![label(event)], &mut changes).unwrap();
        self.store.commit(&changes).map(|()| tail)
    }

    pub(super) fn append(&self, event: &Event, changes: ChangeSet) {
        let tail = self.tail(shard_of(event, self.keyring.shards()));
        self.append_behind(&tail, event, changes).unwrap();
    }

    pub(super) fn key(&self, kind: RecordKind, shard: u32, number: u64) -> RecordKey {
        RecordKey::new(self.keyring.vault(), kind, super::shard::record_id(shard, number))
    }

    pub(super) fn record(&self, key: RecordKey) -> Option<Record> {
        self.store.load(&[key]).unwrap().pop().unwrap()
    }

    /// Puts a record where it is, whatever was there: what an attacker with the database can do.
    pub(super) fn plant(&self, record: Record) {
        self.erase(record.key);
        for revision in 1..=record.revision {
            let mut changes = ChangeSet::new();
            changes.write(Record { revision, ..record.clone() });
            self.store.commit(&changes).unwrap();
        }
    }

    pub(super) fn erase(&self, key: RecordKey) {
        if let Some(record) = self.record(key) {
            let mut changes = ChangeSet::new();
            changes.delete(key, record.revision);
            self.store.commit(&changes).unwrap();
        }
    }

    pub(super) fn erase_events(&self, shard: u32, from: u64) {
        let keys: Vec<_> = self.events(shard).into_iter().filter(|(at, _)| at.sequence >= from).collect();
        keys.into_iter().for_each(|(_, record)| self.erase(record.key));
    }

    /// Removes the events of a shard that `choose` says, as far as they may be removed; gives how many.
    pub(super) fn prune(&self, shard: u32, choose: &dyn Fn(Position, &Event) -> bool) -> u64 {
        let Some(Prunable { end, .. }) = prunable(&self.store, &self.keyring, shard).unwrap() else { return 0 };
        let mut next = Some(0).filter(|_| end > 0);
        let mut removed = 0;
        while let Some(from) = next {
            let mut changes = ChangeSet::new();
            let range = (shard, from, end);
            let pruned = prune_block(&self.store, &self.keyring, range, &note(), choose, &mut changes).unwrap();
            if !changes.is_empty() {
                self.append(&self.telling(&changes), changes);
            }
            removed += pruned.removed;
            next = pruned.next;
        }
        removed
    }

    /// The event of a change set that writes tombstones.
    pub(super) fn telling(&self, changes: &ChangeSet) -> Event {
        let told = changes.writes.iter().map(|write| {
            let before = self.record(write.record.key).as_ref().map(record_digest);
            change_of(&write.record, before)
        });
        Event { kind: EventKind::LogPruned, changes: told.collect(), ..event(99) }
    }

    pub(super) fn events(&self, shard: u32) -> Vec<(Position, Record)> {
        let query = shard_query(&self.keyring, RecordKind::Event, shard, 0);
        super::pages::Pages::new(&self.store, query)
            .map(|record| record.map(|record| (position_of(shard, &record), record)).unwrap())
            .collect()
    }
}

pub(super) fn note() -> RemovalNote {
    RemovalNote {
        cause: RemovalCause::Request,
        by: Person::Admin(AdminId::new("7").unwrap()),
        reason: Some("a test".to_owned()),
        at: Timestamp::from_millis(5_000_000),
    }
}

pub(super) fn event(number: u64) -> Event {
    let entry = u8::try_from(number % 100).unwrap();
    Event {
        at: Timestamp::from_millis(1_000_000 + i64::try_from(number).unwrap() * 1_000),
        kind: EventKind::SecretRevealed,
        outcome: Outcome::Done,
        actor: Person::Admin(AdminId::new("7").unwrap()),
        on_behalf_of: None,
        surface: Surface::Api,
        ticket: None,
        service: None,
        ip: Some("192.0.2.1".to_owned()),
        user_agent: None,
        reason: None,
        request_id: Some(number.to_string()),
        entries: vec![EntryId::from_bytes([entry; 16])],
        changes: Vec::new(),
        sealed_to: Vec::new(),
    }
}

/// An event of an entry that says what was written with it.
pub(super) fn event_of_change(number: u64, change: Change) -> Event {
    Event { kind: EventKind::EntryUpdated, changes: vec![change], ..event(number) }
}

pub(super) fn label(event: &Event) -> Label {
    Label(event.entries[0].to_bytes())
}
