#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use super::*;
use crate::audit::fixture::{Log, event, label};
use crate::store::ChangeSet;

fn numbers(page: &LogPage) -> Vec<u64> {
    let number = |logged: &LoggedEvent| logged.event.as_ref().unwrap().request_id.as_ref().unwrap().parse().unwrap();
    page.events.iter().map(number).collect()
}

fn read_all(log: &Log, mut query: LogQuery) -> Vec<u64> {
    let mut all = Vec::new();
    loop {
        let page = read(&log.store, &log.keyring, &query).unwrap();
        assert!(page.events.len() <= query.limit as usize);
        all.extend(numbers(&page));
        let Some(next) = page.next else { return all };
        assert!(!page.events.is_empty());
        query.cursor = Some(LogCursor::from_bytes(&next.to_bytes()).unwrap());
    }
}

#[test]
fn shards_are_merged_by_time_both_ways() {
    for shards in [1, 8] {
        let log = Log::of(shards, 300);
        for limit in [1, 7, 299, 300, 1_000] {
            let ascending = LogQuery { limit, order: Order::Ascending, ..LogQuery::default() };
            assert_eq!(read_all(&log, ascending), (0..300).collect::<Vec<_>>());
            let descending = LogQuery { limit, ..LogQuery::default() };
            assert_eq!(read_all(&log, descending), (0..300).rev().collect::<Vec<_>>());
        }
    }
}

#[test]
fn pages_do_not_shift_while_the_log_grows() {
    let log = Log::of(8, 50);
    let first = read(&log.store, &log.keyring, &LogQuery { limit: 20, ..LogQuery::default() }).unwrap();
    (50..80).for_each(|number| log.append(&event(number), ChangeSet::new()));
    let rest = read_all(&log, LogQuery { limit: 20, cursor: first.next.clone(), ..LogQuery::default() });
    let mut all = numbers(&first);
    all.extend(rest);
    assert_eq!(all, (0..50).rev().collect::<Vec<_>>());
}

#[test]
fn times_bound_the_page() {
    let log = Log::of(8, 200);
    for order in [Order::Ascending, Order::Descending] {
        let query =
            LogQuery { from: Some(event(50).at), to: Some(event(60).at), limit: 4, order, ..LogQuery::default() };
        let mut found = read_all(&log, query);
        found.sort_unstable();
        assert_eq!(found, (50..60).collect::<Vec<_>>());
    }
}

#[test]
fn labels_and_one_shard_narrow_the_page() {
    let log = Log::of(8, 250);
    let query = LogQuery { labels: vec![vec![label(&event(3))]], ..LogQuery::default() };
    assert_eq!(read_all(&log, query), [203, 103, 3]);
    let of_shard = read_all(&log, LogQuery { shard: Some(2), order: Order::Ascending, ..LogQuery::default() });
    let expected = (0..250).filter(|number| crate::audit::shard_of(&event(*number), 8) == 2).collect::<Vec<_>>();
    assert_eq!(of_shard, expected);
}

#[test]
fn what_does_not_open_is_shown_as_such() {
    let log = Log::of(1, 20);
    let mut record = log.record(log.key(RecordKind::Event, 0, 9)).unwrap();
    record.labels.clear();
    log.plant(record);
    let page = read(&log.store, &log.keyring, &LogQuery::default()).unwrap();
    let unread: Vec<_> = page.events.iter().filter(|logged| logged.event.is_none()).collect();
    assert_eq!(page.events.len(), 20);
    assert_eq!(unread.len(), 1);
    assert_eq!(unread[0].position, Position { shard: 0, sequence: 9 });
}

#[test]
fn foreign_cursors_and_shards_are_refused() {
    let log = Log::of(8, 5);
    assert!(matches!(LogCursor::from_bytes(&[0; 15]), Err(AuditError::BadCursor)));
    let cursor = Some(LogCursor::from_bytes(&[0; 16]).unwrap());
    let refused = read(&log.store, &log.keyring, &LogQuery { cursor, ..LogQuery::default() });
    assert!(matches!(refused, Err(AuditError::BadCursor)));
    let refused = read(&log.store, &log.keyring, &LogQuery { shard: Some(8), ..LogQuery::default() });
    assert!(matches!(refused, Err(AuditError::NoSuchShard { .. })));
}
