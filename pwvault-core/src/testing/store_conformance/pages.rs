//! Order, ranges and pages.

use super::Case;
use super::ground::{Fault, Ground, agree, id, ids, label, writes};
use crate::id::RecordId;
use crate::store::{BODY_MAX, ChangeSet, Order, Query, Record, RecordKey, Rows, StoreError, Want};

pub(super) const CASES: &[Case] = &[
    Case {
        name: "ids_sort_as_bytes",
        rule: "ids are compared byte by byte, unsigned, in both orders",
        run: ids_sort_as_bytes,
    },
    Case {
        name: "id_ranges",
        rule: "from is inclusive, to is exclusive, in both orders and with labels",
        run: id_ranges,
    },
    Case {
        name: "pages_without_gaps_or_repeats",
        rule: "following the cursor gives every record once, in order, in pages no longer than the limit",
        run: pages_without_gaps_or_repeats,
    },
    Case {
        name: "cursors_at_the_ends",
        rule: "a cursor need not be at a record; the page starts after it, and at the end is empty",
        run: cursors_at_the_ends,
    },
    Case {
        name: "pages_between_writes",
        rule: "records made and removed between two pages make no other record be left out or given twice",
        run: pages_between_writes,
    },
    Case { name: "limit_of_zero_refused", rule: "a limit of 0 is refused as a bad query", run: limit_of_zero_refused },
    Case {
        name: "large_pages_are_complete",
        rule: "pages over large bodies may be short, but the cursor leads on to every record",
        run: large_pages_are_complete,
    },
];

fn ids_sort_as_bytes(ground: &Ground<'_>) -> Result<(), Fault> {
    let at = |first: u8, last: u8| {
        let mut bytes = [0; 16];
        (bytes[0], bytes[15]) = (first, last);
        RecordId(bytes)
    };
    let sorted = vec![
        RecordId::MIN,
        at(0, 1),
        at(0, 0xff),
        at(0x41, 0),
        at(0x61, 0),
        at(0x7f, 0),
        at(0x80, 0),
        at(0xff, 0),
        RecordId::MAX,
    ];
    let numbers = [4, 0, 8, 2, 6, 1, 7, 3, 5_usize];
    let shuffled = numbers.iter().filter_map(|number| sorted.get(*number));
    let record = |id: &RecordId| Record::new(RecordKey { id: *id, ..ground.key(0) }, 1, vec![label(1)], vec![]);
    ground.write(shuffled.map(record))?;
    let reversed: Vec<RecordId> = sorted.iter().rev().copied().collect();
    for query in [ground.query(), ground.by_labels(&[&[1]])] {
        agree("the ids, lowest first", ground.ids(&query)?, sorted.clone())?;
        let query = Query { order: Order::Descending, ..query };
        agree("the ids, highest first", ground.ids(&query)?, reversed.clone())?;
    }
    Ok(())
}

fn id_ranges(ground: &Ground<'_>) -> Result<(), Fault> {
    sow(ground)?;
    let bounds: [(Option<u64>, Option<u64>); 10] = [
        (None, Some(4)),
        (Some(95), None),
        (Some(5), Some(9)),
        (Some(5), Some(5)),
        (Some(9), Some(5)),
        (Some(0), Some(1)),
        (Some(100), Some(101)),
        (Some(101), None),
        (None, Some(0)),
        (Some(99), Some(u64::MAX)),
    ];
    for (from, to) in bounds {
        let (low, high) = (from.unwrap_or(0).max(1), to.unwrap_or(RECORDS + 1).min(RECORDS + 1));
        for query in every_sort_of_query(ground) {
            let query = Query { from: from.map(id), to: to.map(id), ..query };
            let mut right = ids(low..high);
            if query.order == Order::Descending {
                right.reverse();
            }
            agree(&format!("the ids of {from:?}..{to:?}, {:?}", query.order), ground.ids(&query)?, right.clone())?;
            agree(&format!("the count of {from:?}..{to:?}"), ground.count(&query)?, right.len() as u64)?;
        }
    }
    let query = Query { to: Some(RecordId::MIN), ..ground.query() };
    agree("the ids below the lowest", ground.ids(&query)?, Vec::new())
}

fn pages_without_gaps_or_repeats(ground: &Ground<'_>) -> Result<(), Fault> {
    sow(ground)?;
    for query in every_sort_of_query(ground) {
        for limit in [1, 7, 50, 99, 100, 101] {
            for want in [Want::Keys, Want::Records] {
                let query = Query { limit, want, from: Some(id(2)), ..query.clone() };
                let mut right = ids(2..=RECORDS);
                if query.order == Order::Descending {
                    right.reverse();
                }
                let what = format!("the ids of all pages of {limit}, {want:?}, {:?}", query.order);
                agree(&what, all_pages(ground, query)?, right)?;
            }
        }
    }
    Ok(())
}

fn cursors_at_the_ends(ground: &Ground<'_>) -> Result<(), Fault> {
    ground.write([2, 4, 6].map(|number| ground.record(number, 1, &[1])))?;
    for query in [ground.query(), ground.by_labels(&[&[1]])] {
        for (order, cursor, right) in [
            (Order::Ascending, RecordId::MIN, vec![2, 4, 6]),
            (Order::Ascending, id(3), vec![4, 6]),
            (Order::Ascending, id(4), vec![6]),
            (Order::Ascending, id(6), vec![]),
            (Order::Ascending, RecordId::MAX, vec![]),
            (Order::Descending, RecordId::MAX, vec![6, 4, 2]),
            (Order::Descending, id(5), vec![4, 2]),
            (Order::Descending, id(4), vec![2]),
            (Order::Descending, id(2), vec![]),
            (Order::Descending, RecordId::MIN, vec![]),
        ] {
            let query = Query { order, cursor: Some(cursor), ..query.clone() };
            agree(&format!("the ids after {cursor}, {order:?}"), ground.ids(&query)?, ids(right.clone()))?;
            agree(&format!("the count after {cursor}, {order:?}"), ground.count(&query)?, right.len() as u64)?;
        }
    }
    Ok(())
}

/// Multiples of 10 stay; after each page a record on either side of the cursor is made, and the ones
/// made after the page before are removed.
fn pages_between_writes(ground: &Ground<'_>) -> Result<(), Fault> {
    let stays = || (1..=20).map(|number| 10 * number);
    ground.write(stays().map(|number| ground.record(number, 1, &[1])))?;
    for query in [ground.query(), ground.by_labels(&[&[1]])] {
        for order in [Order::Ascending, Order::Descending] {
            let mut passing: Vec<u64> = Vec::new();
            let query = Query { order, limit: 3, ..query.clone() };
            let found = each_page(ground, query, |page| {
                let new = vec![5 + 10 * page, 205 - 10 * page];
                let mut changes = writes(new.iter().map(|number| ground.record(*number, 1, &[1])));
                passing
                    .iter()
                    .filter(|number| !new.contains(number))
                    .for_each(|number| changes.delete(ground.key(*number), 1));
                changes.writes.retain(|write| !passing.iter().any(|number| write.record.key == ground.key(*number)));
                passing = new;
                ground.commit(&changes)
            })?;
            let mut removal = ChangeSet::new();
            passing.iter().for_each(|number| removal.delete(ground.key(*number), 1));
            ground.commit(&removal)?;
            let mut right = ids(stays());
            if order == Order::Descending {
                right.reverse();
            }
            let stayed: Vec<RecordId> = found.into_iter().filter(|id| right.contains(id)).collect();
            agree(&format!("the records that stayed, {order:?}"), stayed, right)?;
        }
    }
    Ok(())
}

fn limit_of_zero_refused(ground: &Ground<'_>) -> Result<(), Fault> {
    match ground.store.scan(&Query { limit: 0, ..ground.query() }) {
        Err(StoreError::BadQuery(_)) => Ok(()),
        other => Err(Fault(format!("a limit of 0 gave {other:?}; right would be BadQuery"))),
    }
}

fn large_pages_are_complete(ground: &Ground<'_>) -> Result<(), Fault> {
    let body = vec![7; BODY_MAX];
    for number in 1..=LARGE {
        ground.write([Record { body: body.clone(), ..ground.record(number, 1, &[1]) }])?;
    }
    for query in [ground.query(), ground.by_labels(&[&[1]])] {
        let found = all_pages(ground, Query { limit: u32::MAX, ..query })?;
        agree("the ids of all pages of large bodies", found, ids(1..=LARGE))?;
    }
    Ok(())
}

/// Follows the cursor to its end.
pub(super) fn all_pages(ground: &Ground<'_>, query: Query) -> Result<Vec<RecordId>, Fault> {
    each_page(ground, query, |_| Ok(()))
}

/// Follows the cursor to its end, calling `between` after each page but the last with its number,
/// from 0.
fn each_page(
    ground: &Ground<'_>,
    mut query: Query,
    mut between: impl FnMut(u64) -> Result<(), Fault>,
) -> Result<Vec<RecordId>, Fault> {
    let mut found = Vec::new();
    for number in 0.. {
        let page = ground.store.scan(&query)?;
        let rows: Vec<RecordId> = match page.rows {
            Rows::Keys(keys) => keys.into_iter().map(|(key, _)| key.id).collect(),
            Rows::Records(records) => records.into_iter().map(|record| record.key.id).collect(),
            Rows::Count(_) => return Err(Fault("a count came for a page of rows".to_owned())),
        };
        agree("that a page is within its limit", rows.len() as u64 <= u64::from(query.limit), true)?;
        found.extend(&rows);
        let Some(next) = page.next else { return Ok(found) };
        agree("the cursor of a page, its last id", Some(next), rows.last().copied())?;
        let moved_on = query.cursor.is_none_or(|cursor| match query.order {
            Order::Ascending => cursor < next,
            Order::Descending => cursor > next,
        });
        agree("that the cursor moved on", moved_on, true)?;
        query.cursor = Some(next);
        between(number)?;
    }
    Ok(found)
}

fn sow(ground: &Ground<'_>) -> Result<(), Fault> {
    let labels = |number: u64| if number.is_multiple_of(2) { [1, 3] } else { [2, 3] };
    ground.write((1..=RECORDS).map(|number| ground.record(number, 1, &labels(number))))
}

/// Queries that match everything [`sow`] wrote, both ways, with and without labels.
fn every_sort_of_query(ground: &Ground<'_>) -> Vec<Query> {
    let queries = [
        ground.query(),
        ground.by_labels(&[&[3]]),
        ground.by_labels(&[&[1, 2, 3]]),
        ground.by_labels(&[&[3], &[2, 1]]),
    ];
    let descending = queries.clone().map(|query| Query { order: Order::Descending, ..query });
    queries.into_iter().chain(descending).collect()
}

const RECORDS: u64 = 100;

/// Large records: together more than a store is likely to hold in one answer.
const LARGE: u64 = 18;
