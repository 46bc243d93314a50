//! Queries by labels, and what happens to labels when records change.

use super::Case;
use super::ground::{Fault, Ground, agree, id, ids};
use crate::store::{Label, Order, QUERY_LABELS_MAX, Query, Rows, StoreError, Want};

pub(super) const CASES: &[Case] = &[
    Case {
        name: "and_of_ors",
        rule: "a record matches when of every group it has at least one label, and is given once",
        run: and_of_ors,
    },
    Case {
        name: "empty_group_matches_nothing",
        rule: "an empty group matches nothing, beside other groups too; no group matches all",
        run: empty_group_matches_nothing,
    },
    Case {
        name: "labels_replaced_on_update",
        rule: "an update replaces the labels: lost ones find the record no more, kept and new ones do",
        run: labels_replaced_on_update,
    },
    Case {
        name: "counts",
        rule: "a count is the number of records that match, each counted once, up to the limit",
        run: counts,
    },
    Case {
        name: "many_labels_in_a_query",
        rule: "a query takes up to the cap of labels and refuses more",
        run: many_labels_in_a_query,
    },
    Case {
        name: "pages_hold_what_was_wanted",
        rule: "keys carry the revision, records are whole, and a count comes without a cursor",
        run: pages_hold_what_was_wanted,
    },
];

/// Record n has label 1 if odd, 2 if a multiple of 3, 3 if of 5, 4 if above 20, 5 always.
fn labels_of(number: u64) -> Vec<u8> {
    let has = [number % 2 == 1, number.is_multiple_of(3), number.is_multiple_of(5), number > 20, true];
    (1..).zip(has).filter(|(_, has)| *has).map(|(label, _)| label).collect()
}

fn sow(ground: &Ground<'_>) -> Result<(), Fault> {
    ground.write((1..=RECORDS).map(|number| ground.record(number, 1, &labels_of(number))))
}

fn matching(groups: &[&[u8]]) -> Vec<u64> {
    let matches = |number: &u64| {
        let labels = labels_of(*number);
        groups.iter().all(|group| group.iter().any(|label| labels.contains(label)))
    };
    (1..=RECORDS).filter(matches).collect()
}

fn and_of_ors(ground: &Ground<'_>) -> Result<(), Fault> {
    sow(ground)?;
    for groups in GROUPS {
        let mut right = ids(matching(groups));
        let mut query = ground.by_labels(groups);
        agree(&format!("what has a label of each of {groups:?}"), ground.ids(&query)?, right.clone())?;
        right.reverse();
        query.order = Order::Descending;
        agree(&format!("the same from the highest id, {groups:?}"), ground.ids(&query)?, right)?;
    }
    Ok(())
}

fn empty_group_matches_nothing(ground: &Ground<'_>) -> Result<(), Fault> {
    sow(ground)?;
    for groups in [&[&[][..]][..], &[&[5], &[]], &[&[], &[5]]] {
        let query = ground.by_labels(groups);
        for want in [Want::Keys, Want::Records, Want::Count] {
            let page = ground.store.scan(&Query { want, ..query.clone() })?;
            let empty = match page.rows {
                Rows::Keys(keys) => keys.is_empty(),
                Rows::Records(records) => records.is_empty(),
                Rows::Count(count) => count == 0,
            };
            agree(&format!("that {groups:?} gave nothing when asked for {want:?}"), empty, true)?;
            agree("the cursor after nothing", page.next, None)?;
        }
    }
    agree("what no group matches", ground.ids(&ground.by_labels(&[]))?, ids(1..=RECORDS))
}

fn labels_replaced_on_update(ground: &Ground<'_>) -> Result<(), Fault> {
    ground.write([ground.record(1, 1, &[1, 2]), ground.record(2, 1, &[1, 2])])?;
    ground.write([ground.record(1, 2, &[2, 3])])?;
    for (label, right) in [(1, vec![id(2)]), (2, vec![id(1), id(2)]), (3, vec![id(1)])] {
        agree(&format!("the ids under label {label}"), ground.ids(&ground.by_labels(&[&[label]]))?, right)?;
    }
    agree("the ids under labels 1 and 3", ground.ids(&ground.by_labels(&[&[1], &[3]]))?, Vec::new())?;
    ground.write([ground.record(1, 3, &[])])?;
    agree("the ids under the last labels", ground.ids(&ground.by_labels(&[&[1, 2, 3]]))?, vec![id(2)])
}

fn counts(ground: &Ground<'_>) -> Result<(), Fault> {
    sow(ground)?;
    for groups in GROUPS {
        let query = ground.by_labels(groups);
        let right = matching(groups);
        agree(&format!("the count of {groups:?}"), ground.count(&query)?, right.len() as u64)?;
        let above = right.iter().filter(|number| **number >= 10).count() as u64;
        let bounded = Query { from: Some(id(10)), ..query.clone() };
        agree(&format!("the count of {groups:?} from id 10"), ground.count(&bounded)?, above)?;
        let limited = Query { limit: 3, ..query };
        agree(&format!("the count of {groups:?} up to 3"), ground.count(&limited)?, (right.len() as u64).min(3))?;
    }
    Ok(())
}

fn many_labels_in_a_query(ground: &Ground<'_>) -> Result<(), Fault> {
    sow(ground)?;
    let filler = |length: usize| (0..length as u128).map(|n| Label((n << 32).to_be_bytes()));
    let query = |length: usize| {
        let mut query = ground.by_labels(&[&[1, 2], &[4]]);
        if let Some(group) = query.labels.first_mut() {
            group.extend(filler(length - 3));
        }
        query
    };
    agree("the ids by the most labels", ground.ids(&query(QUERY_LABELS_MAX))?, ids(matching(&[&[1, 2], &[4]])))?;
    match ground.store.scan(&query(QUERY_LABELS_MAX + 1)) {
        Err(StoreError::TooLarge { .. }) => Ok(()),
        other => Err(Fault(format!("one label too many gave {other:?}; right would be TooLarge"))),
    }
}

fn pages_hold_what_was_wanted(ground: &Ground<'_>) -> Result<(), Fault> {
    sow(ground)?;
    let right = ground.record(7, 2, &labels_of(7));
    ground.write([right.clone()])?;
    for query in [ground.query(), ground.by_labels(&[&[1, 5]])] {
        let query = Query { from: Some(id(7)), limit: 1, ..query };
        let page = ground.store.scan(&Query { want: Want::Keys, ..query.clone() })?;
        agree("a page of keys", page.rows, Rows::Keys(vec![(right.key, 2)]))?;
        agree("its cursor", page.next, Some(id(7)))?;
        let page = ground.store.scan(&Query { want: Want::Records, ..query.clone() })?;
        agree("a page of records", page.rows, Rows::Records(vec![right.clone()]))?;
        agree("its cursor", page.next, Some(id(7)))?;
        let page = ground.store.scan(&Query { want: Want::Count, ..query })?;
        agree("a count up to 1", page.rows, Rows::Count(1))?;
        agree("the cursor of a count", page.next, None)?;
    }
    Ok(())
}

const RECORDS: u64 = 40;

const GROUPS: &[&[&[u8]]] = &[
    &[],
    &[&[1]],
    &[&[9]],
    &[&[1, 2]],
    &[&[2, 1, 2]],
    &[&[1, 2, 3, 4]],
    &[&[1], &[2]],
    &[&[2], &[2]],
    &[&[5], &[3, 2]],
    &[&[1, 2], &[3, 4]],
    &[&[1, 9], &[2, 9], &[3, 9]],
    &[&[5], &[9]],
    &[&[9], &[5]],
];
