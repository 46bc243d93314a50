//! Vaults and kinds share nothing.

use super::Case;
use super::ground::{Fault, Ground, agree, conflict, fresh_vault, id, writes};
use crate::id::RecordKind;
use crate::store::{ChangeSet, Expect, Query, Record, RecordKey, Rows, Want};

pub(super) const CASES: &[Case] = &[
    Case {
        name: "vaults_are_isolated",
        rule: "records of another vault under the same kind and id are neither seen nor touched",
        run: vaults_are_isolated,
    },
    Case {
        name: "kinds_are_isolated",
        rule: "records of another kind under the same id are neither seen nor touched",
        run: kinds_are_isolated,
    },
    Case { name: "every_kind", rule: "every kind can be written, loaded, scanned and deleted", run: every_kind },
];

fn vaults_are_isolated(ground: &Ground<'_>) -> Result<(), Fault> {
    let other = fresh_vault()?;
    strangers(ground, |key| RecordKey { vault: other, ..key }, Query { vault: other, ..ground.query() })
}

fn kinds_are_isolated(ground: &Ground<'_>) -> Result<(), Fault> {
    let kind = RecordKind::PastSecret;
    strangers(ground, |key| RecordKey { kind, ..key }, Query { kind, ..ground.query() })
}

/// Works on records of this vault beside ones whose keys differ only as `elsewhere` says.
fn strangers(ground: &Ground<'_>, elsewhere: impl Fn(RecordKey) -> RecordKey, there: Query) -> Result<(), Fault> {
    let stranger = |number, body: &[u8]| {
        let record = ground.record(number, 1, &[1]);
        Record { key: elsewhere(record.key), body: body.to_vec(), ..record }
    };
    ground.write([1, 2].map(|number| ground.record(number, 1, &[1])))?;
    agree("the stranger of a record", ground.load_one(elsewhere(ground.key(1)))?, None)?;
    ground.write([1, 3].map(|number| stranger(number, b"strange")))?;

    agree("a record beside its stranger", ground.load_one(ground.key(1))?, Some(ground.record(1, 1, &[1])))?;
    agree("the stranger", ground.load_one(elsewhere(ground.key(1)))?, Some(stranger(1, b"strange")))?;
    for (what, query, right) in [("here", ground.query(), [1, 2]), ("there", there, [1, 3])] {
        let by_label = Query { labels: ground.by_labels(&[&[1]]).labels, ..query.clone() };
        let by_two_labels = Query { labels: ground.by_labels(&[&[1, 2], &[1]]).labels, ..query.clone() };
        for query in [query, by_label, by_two_labels] {
            agree(&format!("the ids {what}"), ground.ids(&query)?, right.map(id).to_vec())?;
            agree(&format!("the count {what}"), ground.count(&query)?, 2)?;
            let bodies = match ground.store.scan(&query)?.rows {
                Rows::Records(records) => records.iter().filter(|record| record.body == b"strange").count(),
                Rows::Keys(_) | Rows::Count(_) => return Err(Fault("a page of records was asked".to_owned())),
            };
            agree(&format!("strange bodies {what}"), bodies, if what == "here" { 0 } else { 2 })?;
        }
    }

    let mut relying = ChangeSet::new();
    relying.assert(elsewhere(ground.key(2)), Expect::Absent);
    relying.assert(ground.key(3), Expect::Absent);
    ground.commit(&relying)?;
    conflict(
        "an update of a record there is only elsewhere",
        ground.store.commit(&writes([ground.record(3, 2, &[])])),
        ground.key(3),
    )?;
    ground.write([ground.record(1, 2, &[])])?;
    let mut delete = ChangeSet::new();
    delete.delete(ground.key(1), 2);
    ground.commit(&delete)?;
    agree("the stranger of a deleted record", ground.load_one(elsewhere(ground.key(1)))?, Some(stranger(1, b"strange")))
}

fn every_kind(ground: &Ground<'_>) -> Result<(), Fault> {
    let record = |kind| {
        let record = ground.record(1, 1, &[1]);
        Record { key: RecordKey { kind, ..record.key }, ..record }
    };
    ground.write(RecordKind::ALL.map(record))?;
    for kind in RecordKind::ALL {
        agree(&format!("the {kind:?} record"), ground.load_one(record(kind).key)?, Some(record(kind)))?;
        let page = ground.store.scan(&Query { kind, want: Want::Keys, ..ground.query() })?;
        agree(&format!("the keys of kind {kind:?}"), page.rows, Rows::Keys(vec![(record(kind).key, 1)]))?;
        let mut delete = ChangeSet::new();
        delete.delete(record(kind).key, 1);
        ground.commit(&delete)?;
        agree(&format!("the deleted {kind:?} record"), ground.load_one(record(kind).key)?, None)?;
    }
    Ok(())
}
