//! Several threads, each with a handle of its own, on the same records.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, ScopedJoinHandle};

use super::Case;
use super::ground::{Fault, Ground, agree, ids, writes};
use super::pages::all_pages;
use crate::id::RecordId;
use crate::store::{ChangeSet, Expect, Query, Store, StoreError};

pub(super) const CASES: &[Case] = &[
    Case {
        name: "commits_are_seen_at_once",
        rule: "what a commit wrote is seen by every later call through any handle",
        run: commits_are_seen_at_once,
    },
    Case {
        name: "one_creator_wins",
        rule: "of several that create the same record one succeeds and the others conflict",
        run: one_creator_wins,
    },
    Case {
        name: "concurrent_increments",
        rule: "increments by compare-and-set from several threads lose none",
        run: concurrent_increments,
    },
    Case {
        name: "asserts_hold_until_the_commit",
        rule: "of two that each rely on what the other changes, one lands and the other conflicts",
        run: asserts_hold_until_the_commit,
    },
    Case {
        name: "snapshots_are_whole",
        rule: "a load or scan sees all of a commit or nothing of it",
        run: snapshots_are_whole,
    },
    Case {
        name: "pages_under_writes",
        rule: "while others write, following the cursor gives every record that stays exactly once, in order",
        run: pages_under_writes,
    },
];

fn commits_are_seen_at_once(ground: &Ground<'_>) -> Result<(), Fault> {
    let other = ground.reopened()?;
    for number in 1..=20 {
        let (writer, reader) = if number % 2 == 0 { (ground, &other) } else { (&other, ground) };
        writer.write([ground.record(number, 1, &[1])])?;
        agree("a record just committed", reader.load_one(ground.key(number))?, Some(ground.record(number, 1, &[1])))?;
        agree("the count by label", reader.count(&ground.by_labels(&[&[1]]))?, number)?;
    }
    Ok(())
}

fn one_creator_wins(ground: &Ground<'_>) -> Result<(), Fault> {
    let stores = handles(ground)?;
    for number in 0..ROUNDS {
        let start = Barrier::new(stores.len());
        let outcomes = side_by_side(&stores, |_, store| {
            start.wait();
            lands(store, &writes([ground.record(number, 1, &[])]))
        })?;
        agree("how many created the record", outcomes.into_iter().filter(|won| *won).count(), 1)?;
    }
    Ok(())
}

fn concurrent_increments(ground: &Ground<'_>) -> Result<(), Fault> {
    ground.write([ground.record(1, 1, &[])])?;
    let stores = handles(ground)?;
    // Every conflict is another's success, so that no thread can have more than there are increments.
    let most_tries = 2 * ROUNDS * stores.len() as u64;
    side_by_side(&stores, |_, store| {
        let mut done = 0;
        for _ in 0..most_tries {
            let read = store.load(&[ground.key(1)])?;
            let revision = read.first().and_then(Option::as_ref).map_or(0, |record| record.revision);
            done += u64::from(lands(store, &writes([ground.record(1, revision + 1, &[])]))?);
            if done == ROUNDS {
                return Ok(());
            }
        }
        agree(&format!("how many increments landed in {most_tries} tries"), done, ROUNDS)
    })?;
    let right = 1 + ROUNDS * stores.len() as u64;
    agree("the record after all increments", ground.load_one(ground.key(1))?, Some(ground.record(1, right, &[])))
}

fn asserts_hold_until_the_commit(ground: &Ground<'_>) -> Result<(), Fault> {
    let stores = vec![ground.reopened()?, ground.reopened()?];
    for round in 0..ROUNDS {
        let pair = [2 * round, 2 * round + 1];
        ground.write(pair.map(|number| ground.record(number, 1, &[])))?;
        let start = Barrier::new(stores.len());
        let outcomes = side_by_side(&stores, |at, store| {
            let [first, second] = pair;
            let (mine, others) = if at == 0 { (first, second) } else { (second, first) };
            let mut changes = writes([ground.record(mine, 2, &[])]);
            changes.assert(ground.key(others), Expect::Revision(1));
            start.wait();
            lands(store, &changes)
        })?;
        let landed = outcomes.into_iter().filter(|landed| *landed).count();
        agree("how many of two that exclude each other landed", landed, 1)?;
    }
    Ok(())
}

fn snapshots_are_whole(ground: &Ground<'_>) -> Result<(), Fault> {
    let pair = |revision| writes([1, 2].map(|number| ground.record(number, revision, &[1])));
    ground.commit(&pair(1))?;
    let stop = AtomicBool::new(false);
    let writer = ground.reopened()?;
    thread::scope(|scope| {
        let written = scope.spawn(|| {
            let going_on = |_: &u64| !stop.load(Ordering::SeqCst);
            (2..).take_while(going_on).try_for_each(|revision| landed(&*writer.store, &pair(revision)))
        });
        let read = (0..ROUNDS).try_for_each(|_| whole_pair(ground));
        stop.store(true, Ordering::SeqCst);
        joined(written)?;
        read
    })
}

fn whole_pair(ground: &Ground<'_>) -> Result<(), Fault> {
    let loaded = ground.store.load(&[1, 2].map(|number| ground.key(number)))?;
    let revisions: Vec<_> = loaded.iter().flatten().map(|record| record.revision).collect();
    agree("how many of two records were loaded", revisions.len(), 2)?;
    agree("the second revision of a pair loaded together", revisions.last(), revisions.first())?;
    for query in [ground.query(), ground.by_labels(&[&[1]])] {
        let scanned = ground.store.scan(&query)?.into_records()?;
        let revisions: Vec<_> = scanned.iter().map(|record| record.revision).collect();
        agree("how many of two records were scanned", revisions.len(), 2)?;
        agree("the second revision of a pair scanned together", revisions.last(), revisions.first())?;
    }
    Ok(())
}

/// Multiples of 3 stay; the writer makes and removes their neighbours meanwhile.
fn pages_under_writes(ground: &Ground<'_>) -> Result<(), Fault> {
    let stays = || (0..60).map(|number| 3 * number);
    ground.write(stays().map(|number| ground.record(number, 1, &[1, 2])))?;
    let stop = AtomicBool::new(false);
    let writer = ground.reopened()?;
    thread::scope(|scope| {
        let written = scope.spawn(|| {
            let going_on = |_: &u64| !stop.load(Ordering::SeqCst);
            (0..60).cycle().take_while(going_on).try_for_each(|round| {
                let neighbours = [3 * round + 1, 3 * round + 2];
                landed(&*writer.store, &writes(neighbours.map(|number| ground.record(number, 1, &[2]))))?;
                let mut removal = ChangeSet::new();
                neighbours.iter().for_each(|number| removal.delete(ground.key(*number), 1));
                landed(&*writer.store, &removal)
            })
        });
        let read = (0..ROUNDS).try_for_each(|_| {
            for query in [ground.query(), ground.by_labels(&[&[1, 2]]), ground.by_labels(&[&[2], &[1, 2]])] {
                let found = all_pages(ground, Query { limit: 7, ..query })?;
                agree("that the pages are in order without repeats", found.is_sorted_by(|a, b| a < b), true)?;
                let right = ids(stays());
                let stayed: Vec<RecordId> = found.into_iter().filter(|id| right.binary_search(id).is_ok()).collect();
                agree("the records that stayed", stayed, right)?;
            }
            Ok(())
        });
        stop.store(true, Ordering::SeqCst);
        joined(written)?;
        read
    })
}

fn handles<'a>(ground: &Ground<'a>) -> Result<Vec<Ground<'a>>, Fault> {
    (0..THREADS).map(|_| ground.reopened()).collect()
}

/// Runs `work` once per handle, each in its own thread, and gives the outcomes in their order.
fn side_by_side<T: Send>(
    stores: &[Ground<'_>],
    work: impl Fn(usize, &dyn Store) -> Result<T, Fault> + Sync,
) -> Result<Vec<T>, Fault> {
    thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> =
            stores.iter().enumerate().map(|(at, ground)| scope.spawn(move || work(at, &*ground.store))).collect();
        threads.into_iter().map(joined).collect()
    })
}

/// Whether the commit landed; tries again while the store is busy.
fn lands(store: &dyn Store, changes: &ChangeSet) -> Result<bool, Fault> {
    for _ in 0..BUSY_TRIES {
        match store.commit(changes) {
            Ok(()) => return Ok(true),
            Err(StoreError::Conflict(_)) => return Ok(false),
            Err(StoreError::Busy) => thread::yield_now(),
            Err(error) => return Err(error.into()),
        }
    }
    Err(Fault(format!("a commit found the store busy {BUSY_TRIES} times on end; right would be that it lands")))
}

fn landed(store: &dyn Store, changes: &ChangeSet) -> Result<(), Fault> {
    agree("whether a commit without a rival landed", lands(store, changes)?, true)
}

fn joined<T>(thread: ScopedJoinHandle<'_, Result<T, Fault>>) -> Result<T, Fault> {
    thread.join().map_err(|_| Fault("a thread panicked inside the store".to_owned()))?
}

const THREADS: usize = 4;
const BUSY_TRIES: u32 = 1_000;
const ROUNDS: u64 = 12;
