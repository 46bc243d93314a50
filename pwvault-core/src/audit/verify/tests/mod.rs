//! A log of some thousand events, one attack at a time, and what is reported of it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod ends;
mod events;
mod store;

use super::*;
use crate::audit::fixture::Log;

const EVENTS: u64 = 2_500;

fn report(log: &Log) -> VerifyReport {
    verify(&log.store, &log.keyring, &VerifyOptions::default()).unwrap()
}

fn findings(log: &Log) -> Vec<Finding> {
    report(log).findings
}

/// A log, and a shard of it that has a few hundred events at least.
fn logs() -> impl Iterator<Item = (Log, u32)> {
    [1, 8].into_iter().map(|shards| {
        let log = Log::of(shards, EVENTS);
        let shard = (0..shards).max_by_key(|shard| log.tail(*shard).size()).unwrap();
        (log, shard)
    })
}

fn at(shard: u32, sequence: u64) -> Position {
    Position { shard, sequence }
}
