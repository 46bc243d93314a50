//! Commits and loads: atomicity, compare-and-set, asserts, deletes, limits, bytes.

use super::Case;
use super::ground::{Fault, Ground, agree, conflict, id, refused, too_large, writes};
use crate::store::{BODY_MAX, CHANGES_MAX, ChangeSet, Expect, LABELS_MAX, Label, Query, Record, Write};

pub(super) const CASES: &[Case] = &[
    Case {
        name: "load_order_and_absent",
        rule: "load answers in the order asked, absent keys with none and repeated keys each time",
        run: load_order_and_absent,
    },
    Case { name: "bytes_kept", rule: "bodies, labels and revisions come back byte for byte", run: bytes_kept },
    Case { name: "compare_and_set", rule: "a write lands only on the state it expects", run: compare_and_set },
    Case {
        name: "atomic_commit",
        rule: "a change set with one conflict, wherever it stands, leaves nothing behind",
        run: atomic_commit,
    },
    Case {
        name: "asserted_revision",
        rule: "a change set that relies on a revision lands only while the record is at it",
        run: asserted_revision,
    },
    Case {
        name: "asserted_absence",
        rule: "a change set that relies on absence lands only while the record is absent",
        run: asserted_absence,
    },
    Case {
        name: "asserts_see_the_state_before",
        rule: "an assert over a key of the same change set is compared with the state before it",
        run: asserts_see_the_state_before,
    },
    Case {
        name: "conflict_names_the_first_key",
        rule: "a conflict names the first key that differs: asserts, then writes, then deletes",
        run: conflict_names_the_first_key,
    },
    Case {
        name: "deletes",
        rule: "a delete at the right revision removes the record everywhere; it can be made again at 1",
        run: deletes,
    },
    Case {
        name: "empty_change_set",
        rule: "an empty change set is accepted and changes nothing",
        run: empty_change_set,
    },
    Case {
        name: "duplicate_keys_refused",
        rule: "a key changed twice in a change set is refused and nothing is written",
        run: duplicate_keys_refused,
    },
    Case {
        name: "bad_records_refused",
        rule: "wrong new revisions and unsorted or repeated labels are refused",
        run: bad_records_refused,
    },
    Case {
        name: "large_bodies",
        rule: "bodies up to the cap come back whole; larger ones are refused",
        run: large_bodies,
    },
    Case {
        name: "many_changes",
        rule: "a change set holds up to the cap of changes, a record up to the cap of labels; more is refused",
        run: many_changes,
    },
    Case {
        name: "reopen_keeps_everything",
        rule: "what was committed is there when the database is opened again",
        run: reopen_keeps_everything,
    },
    Case {
        name: "info_names_the_backend",
        rule: "info gives the name of the backend and a schema of at least 1",
        run: info_names_the_backend,
    },
];

fn load_order_and_absent(ground: &Ground<'_>) -> Result<(), Fault> {
    ground.write((1..=3).map(|number| ground.record(number, 1, &[])))?;
    let asked = [3, 9, 1, 3, 2].map(|number| ground.key(number));
    let right = [3, 9, 1, 3, 2].map(|number| (number != 9).then(|| ground.record(number, 1, &[])));
    agree("load of 3, an absent key, 1, 3, 2", ground.store.load(&asked)?, right.to_vec())?;
    agree("load of no keys", ground.store.load(&[])?, Vec::new())
}

fn bytes_kept(ground: &Ground<'_>) -> Result<(), Fault> {
    let every_byte: Vec<u8> = (0..=255).collect();
    let labels = vec![Label([0; 16]), Label(*b"\0 ' \" % \\ \n \r\xc3 \xff"), Label([0xff; 16])];
    for (number, body) in [Vec::new(), every_byte, vec![0; 3], "no text: \u{fffd}".into()].into_iter().enumerate() {
        let record = Record::new(ground.key(number as u64), 1, labels.clone(), body.clone());
        ground.write([record.clone()])?;
        let found = ground.load_one(record.key)?;
        agree("a body", found.as_ref().map(|found| &found.body), Some(&body))?;
        agree("labels", found.as_ref().map(|found| &found.labels), Some(&labels))?;
        agree("a record", found, Some(record))?;
    }
    Ok(())
}

fn compare_and_set(ground: &Ground<'_>) -> Result<(), Fault> {
    let key = ground.key(1);
    let outcome = ground.store.commit(&writes([ground.record(1, 2, &[])]));
    conflict("an update of an absent record", outcome, key)?;
    agree("the absent record", ground.load_one(key)?, None)?;
    ground.write([ground.record(1, 1, &[])])?;
    conflict("a second creation", ground.store.commit(&writes([ground.record(1, 1, &[7])])), key)?;
    conflict("an update from too high a revision", ground.store.commit(&writes([ground.record(1, 3, &[7])])), key)?;
    agree("the record after refused writes", ground.load_one(key)?, Some(ground.record(1, 1, &[])))?;
    ground.write([ground.record(1, 2, &[])])?;
    conflict("an update from an old revision", ground.store.commit(&writes([ground.record(1, 2, &[7])])), key)?;
    agree("the record after its update", ground.load_one(key)?, Some(ground.record(1, 2, &[])))
}

fn atomic_commit(ground: &Ground<'_>) -> Result<(), Fault> {
    ground.write([ground.record(1, 1, &[1]), ground.record(2, 1, &[1]), ground.record(3, 1, &[1])])?;
    let good = || {
        let mut changes = writes([ground.record(10, 1, &[1]), ground.record(1, 2, &[2])]);
        changes.delete(ground.key(2), 1);
        changes
    };
    let mut late_write = good();
    late_write.write(ground.record(3, 1, &[]));
    let mut late_delete = good();
    late_delete.delete(ground.key(3), 7);
    let mut late_assert = good();
    late_assert.assert(ground.key(3), Expect::Absent);
    for (what, changes) in [("write", late_write), ("delete", late_delete), ("assert", late_assert)] {
        let what = format!("a change set whose last {what} differs");
        conflict(&what, ground.store.commit(&changes), ground.key(3))?;
        let found = ground.store.load(&[1, 2, 3, 10].map(|number| ground.key(number)))?;
        let mut right: Vec<_> = (1..=3).map(|number| Some(ground.record(number, 1, &[1]))).collect();
        right.push(None);
        agree(&format!("what stands after {what}"), found, right)?;
        agree("the ids under the old label", ground.ids(&ground.by_labels(&[&[1]]))?, [1, 2, 3].map(id).to_vec())?;
        agree("the ids under the new label", ground.ids(&ground.by_labels(&[&[2]]))?, Vec::new())?;
    }
    ground.commit(&good())?;
    agree("the ids after the good change set", ground.ids(&ground.query())?, [1, 3, 10].map(id).to_vec())
}

fn asserted_revision(ground: &Ground<'_>) -> Result<(), Fault> {
    ground.write([ground.record(1, 1, &[])])?;
    ground.write([ground.record(1, 2, &[])])?;
    let relying = |number, expect| {
        let mut changes = writes([ground.record(number, 1, &[])]);
        changes.assert(ground.key(1), expect);
        changes
    };
    for (what, revision) in [("an old", 1), ("a future", 3), ("no", 0), ("the highest", u64::MAX)] {
        let outcome = ground.store.commit(&relying(5, Expect::Revision(revision)));
        conflict(&format!("a change set that relies on {what} revision"), outcome, ground.key(1))?;
        agree("the record that relied on it", ground.load_one(ground.key(5))?, None)?;
    }
    ground.commit(&relying(6, Expect::Revision(2)))?;
    agree("the record that relied rightly", ground.load_one(ground.key(6))?, Some(ground.record(6, 1, &[])))?;
    let mut nothing_but = ChangeSet::new();
    nothing_but.assert(ground.key(1), Expect::Revision(2));
    ground.commit(&nothing_but)?;
    nothing_but.assert(ground.key(9), Expect::Revision(1));
    conflict("an assert over an absent record", ground.store.commit(&nothing_but), ground.key(9))
}

fn asserted_absence(ground: &Ground<'_>) -> Result<(), Fault> {
    let mut changes = writes([ground.record(1, 1, &[])]);
    changes.assert(ground.key(2), Expect::Absent);
    ground.commit(&changes)?;
    let mut changes = writes([ground.record(3, 1, &[])]);
    changes.assert(ground.key(1), Expect::Absent);
    conflict("a change set that relies on absence", ground.store.commit(&changes), ground.key(1))?;
    agree("the record that relied on it", ground.load_one(ground.key(3))?, None)
}

fn asserts_see_the_state_before(ground: &Ground<'_>) -> Result<(), Fault> {
    let mut creation = writes([ground.record(1, 1, &[])]);
    creation.assert(ground.key(1), Expect::Absent);
    ground.commit(&creation)?;
    let mut update = writes([ground.record(1, 2, &[])]);
    update.assert(ground.key(1), Expect::Revision(2));
    conflict("an assert over the state after", ground.store.commit(&update), ground.key(1))?;
    let mut delete = ChangeSet::new();
    delete.delete(ground.key(1), 1);
    delete.assert(ground.key(1), Expect::Revision(1));
    ground.commit(&delete)?;
    agree("the deleted record", ground.load_one(ground.key(1))?, None)
}

fn conflict_names_the_first_key(ground: &Ground<'_>) -> Result<(), Fault> {
    ground.write([ground.record(1, 1, &[])])?;
    let mut changes = writes([ground.record(9, 1, &[]), ground.record(8, 5, &[]), ground.record(1, 1, &[])]);
    changes.delete(ground.key(4), 1);
    conflict("wrong second write, third write, delete", ground.store.commit(&changes), ground.key(8))?;
    changes.assert(ground.key(1), Expect::Revision(1));
    changes.assert(ground.key(7), Expect::Revision(1));
    conflict("the same with a wrong second assert", ground.store.commit(&changes), ground.key(7))?;
    let mut changes = ChangeSet::new();
    changes.delete(ground.key(1), 1);
    changes.delete(ground.key(3), 1);
    changes.delete(ground.key(2), 1);
    conflict("wrong second and third delete", ground.store.commit(&changes), ground.key(3))
}

fn deletes(ground: &Ground<'_>) -> Result<(), Fault> {
    ground.write([ground.record(1, 1, &[1]), ground.record(2, 1, &[1])])?;
    let delete = |number, revision| {
        let mut changes = ChangeSet::new();
        changes.delete(ground.key(number), revision);
        changes
    };
    conflict("a delete at a wrong revision", ground.store.commit(&delete(1, 2)), ground.key(1))?;
    conflict("a delete of an absent record", ground.store.commit(&delete(3, 1)), ground.key(3))?;
    agree("the ids after refused deletes", ground.ids(&ground.query())?, [1, 2].map(id).to_vec())?;
    ground.commit(&delete(1, 1))?;
    agree("the deleted record", ground.load_one(ground.key(1))?, None)?;
    agree("the ids after a delete", ground.ids(&ground.query())?, vec![id(2)])?;
    agree("the ids by label after a delete", ground.ids(&ground.by_labels(&[&[1]]))?, vec![id(2)])?;
    agree("the count by label after a delete", ground.count(&ground.by_labels(&[&[1]]))?, 1)?;
    conflict("a second delete", ground.store.commit(&delete(1, 1)), ground.key(1))?;
    ground.write([ground.record(1, 1, &[2])])?;
    agree("the record made again", ground.load_one(ground.key(1))?, Some(ground.record(1, 1, &[2])))?;
    agree("the ids under its old label", ground.ids(&ground.by_labels(&[&[1]]))?, vec![id(2)])
}

fn empty_change_set(ground: &Ground<'_>) -> Result<(), Fault> {
    ground.write([ground.record(1, 1, &[])])?;
    ground.commit(&ChangeSet::new())?;
    agree("the only record", ground.load_one(ground.key(1))?, Some(ground.record(1, 1, &[])))
}

fn duplicate_keys_refused(ground: &Ground<'_>) -> Result<(), Fault> {
    ground.write([ground.record(1, 1, &[])])?;
    let twice_written = writes([ground.record(2, 1, &[]), ground.record(1, 2, &[]), ground.record(1, 2, &[])]);
    let mut also_deleted = writes([ground.record(2, 1, &[]), ground.record(1, 2, &[])]);
    also_deleted.delete(ground.key(1), 1);
    let mut twice_deleted = writes([ground.record(2, 1, &[])]);
    twice_deleted.delete(ground.key(1), 1);
    twice_deleted.delete(ground.key(1), 1);
    for (what, changes) in [
        ("a key written twice", twice_written),
        ("a key written and deleted", also_deleted),
        ("a key deleted twice", twice_deleted),
    ] {
        refused(what, ground.store.commit(&changes))?;
        agree("the ids afterwards", ground.ids(&ground.query())?, vec![id(1)])?;
        agree("the record", ground.load_one(ground.key(1))?, Some(ground.record(1, 1, &[])))?;
    }
    Ok(())
}

fn bad_records_refused(ground: &Ground<'_>) -> Result<(), Fault> {
    let write = |revision, expect, labels: &[u8]| {
        let labels = labels.iter().map(|number| Label([*number; 16])).collect();
        let record = Record { key: ground.key(1), revision, labels, body: Vec::new() };
        ChangeSet { writes: vec![Write { record, expect }], ..ChangeSet::new() }
    };
    for (what, changes) in [
        ("a new record at revision 0", write(0, Expect::Absent, &[])),
        ("a new record at revision 2", write(2, Expect::Absent, &[])),
        ("an expected revision 0", write(1, Expect::Revision(0), &[])),
        ("an update that keeps its revision", write(4, Expect::Revision(4), &[])),
        ("an update that skips a revision", write(6, Expect::Revision(4), &[])),
        ("an update beyond the highest revision", write(u64::MAX, Expect::Revision(u64::MAX), &[])),
        ("unsorted labels", write(1, Expect::Absent, &[2, 1])),
        ("a repeated label", write(1, Expect::Absent, &[1, 1])),
    ] {
        refused(what, ground.store.commit(&changes))?;
    }
    agree("the ids afterwards", ground.ids(&ground.query())?, Vec::new())
}

fn large_bodies(ground: &Ground<'_>) -> Result<(), Fault> {
    let body = |length: usize| (0..length).map(|at| u8::try_from(at % 251).unwrap_or(0)).collect::<Vec<u8>>();
    for (number, length) in [(1, 1 << 20), (2, BODY_MAX)] {
        let record = Record::new(ground.key(number), 1, Vec::new(), body(length));
        ground.write([record.clone()])?;
        let intact = ground.load_one(record.key)?.is_some_and(|found| found == record);
        agree(&format!("that a body of {length} bytes came back whole"), intact, true)?;
    }
    let record = Record::new(ground.key(3), 1, Vec::new(), body(BODY_MAX + 1));
    too_large("a body over the cap", ground.store.commit(&writes([record])))?;
    agree("the ids afterwards", ground.ids(&ground.query())?, [1, 2].map(id).to_vec())
}

fn many_changes(ground: &Ground<'_>) -> Result<(), Fault> {
    let most = CHANGES_MAX as u64;
    too_large("one change too many", ground.store.commit(&writes((0..=most).map(|n| ground.record(n, 1, &[])))))?;
    agree("the count afterwards", ground.count(&ground.query())?, 0)?;
    ground.write((0..most).map(|number| ground.record(number, 1, &[])))?;
    agree("the count of the most changes", ground.count(&Query { limit: u32::MAX, ..ground.query() })?, most)?;

    let labels = |count: usize| (0..count as u128).map(|number| Label(number.to_be_bytes())).collect();
    let labelled = |count| Record::new(ground.key(most), 1, labels(count), Vec::new());
    too_large("one label too many", ground.store.commit(&writes([labelled(LABELS_MAX + 1)])))?;
    ground.write([labelled(LABELS_MAX)])?;
    agree("the record with the most labels", ground.load_one(ground.key(most))?, Some(labelled(LABELS_MAX)))
}

fn reopen_keeps_everything(ground: &Ground<'_>) -> Result<(), Fault> {
    let first = ground.reopened()?;
    first.write([ground.record(1, 1, &[1, 2]), ground.record(2, 1, &[1])])?;
    let mut changes = writes([ground.record(1, 2, &[2, 3])]);
    changes.delete(ground.key(2), 1);
    first.commit(&changes)?;
    drop(first);
    let second = ground.reopened()?;
    let record = ground.record(1, 2, &[2, 3]);
    agree("the record", second.load_one(record.key)?, Some(record))?;
    agree("the deleted record", second.load_one(ground.key(2))?, None)?;
    agree("the ids under its label", second.ids(&ground.by_labels(&[&[3]]))?, vec![id(1)])?;
    agree("the ids under a label it lost", second.ids(&ground.by_labels(&[&[1]]))?, Vec::new())
}

fn info_names_the_backend(ground: &Ground<'_>) -> Result<(), Fault> {
    let info = ground.store.info()?;
    agree("that the backend has a name", info.backend.is_empty(), false)?;
    agree("that the schema is at least 1", info.schema >= 1, true)
}
