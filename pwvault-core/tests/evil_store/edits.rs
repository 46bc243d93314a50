//! Rows 5 and 6: records edited, copied, relabelled and put together from parts; unknown formats.

use pwvault_core::id::{RecordId, RecordKind};
use pwvault_core::index;
use pwvault_core::store::{Label, Record, StoreError};
use pwvault_core::vault::prelude::*;
use pwvault_core::{EntryDraft, KeyId, Principal, VaultError};

use crate::evil::{Furnished, Ledger, Site, envelopes, head_and_rest, is_refusal};
use crate::locked::{client, draft};

#[test]
fn edited_records_do_not_open() {
    let mut ledger = Ledger::default();
    let home = Furnished::new(Site::new(), 24);
    let records = home.site.records();
    let mut counts: Vec<(&str, u64, u64)> = Vec::new();
    for record in &records {
        for (edit, edited) in edits(record, &records).into_iter().chain(mixtures(&home, record)) {
            let refused = u64::from(refuses(&home, record, edited));
            match counts.iter_mut().find(|(known, ..)| *known == edit) {
                Some((_, made, all)) => (*made, *all) = (*made + 1, *all + refused),
                None => counts.push((edit, 1, refused)),
            }
        }
    }
    counts.into_iter().for_each(|(edit, made, refused)| ledger.enter("5", edit, made, refused));
    copies(&home, &records, &mut ledger);
}

/// What a writer of the database can do to one row.
fn edits(record: &Record, all: &[Record]) -> Vec<(&'static str, Record)> {
    let mut edits = Vec::new();
    for revision in [record.revision + 1, record.revision - 1, u64::MAX] {
        edits.push(("revision changed", Record { revision, ..record.clone() }));
    }
    let mut more = record.labels.clone();
    more.push(Label([7; 16]));
    more.sort_unstable();
    edits.push(("label added", Record { labels: more, ..record.clone() }));
    for at in 0..record.labels.len() {
        let mut fewer = record.labels.clone();
        fewer.remove(at);
        edits.push(("label dropped", Record { labels: fewer, ..record.clone() }));
    }
    let foreign = all.iter().flat_map(|other| &other.labels).find(|label| !record.labels.contains(label));
    if let (Some(foreign), false) = (foreign, record.labels.is_empty()) {
        let mut swapped = record.labels.clone();
        swapped[0] = *foreign;
        swapped.sort_unstable();
        edits.push(("label swapped", Record { labels: swapped, ..record.clone() }));
    }
    for epoch in [0_u64, 2, u64::MAX] {
        let body = [&epoch.to_be_bytes(), &record.body[8..]].concat();
        edits.push(("keyring epoch changed", Record { body, ..record.clone() }));
    }
    for cut in [0, 7, 8, 40, record.body.len() / 2, record.body.len() - 1] {
        edits.push(("body cut short", Record { body: record.body[..cut].to_vec(), ..record.clone() }));
    }
    edits.push(("body made longer", Record { body: [record.body.as_slice(), &[0]].concat(), ..record.clone() }));
    edits
}

/// Heads and rests of several versions of one record put together, and wraps dropped or reordered.
fn mixtures(home: &Furnished, record: &Record) -> Vec<(&'static str, Record)> {
    let mut mixed = Vec::new();
    if matches!(record.key.kind, RecordKind::Keyring | RecordKind::Event) {
        return mixed;
    }
    let (head, rest) = head_and_rest(record);
    for version in home.site.store.versions(record.key) {
        let (old_head, old_rest) = head_and_rest(&version);
        if old_rest != rest {
            let body = [head, old_rest].concat();
            mixed.push(("overview of one version, secret of another", Record { body, ..record.clone() }));
        }
        if old_head != head {
            for of in [&version, record] {
                let body = [old_head, rest].concat();
                if body != of.body {
                    mixed.push(("overview rolled back over the newer secret", Record { body, ..of.clone() }));
                }
            }
        }
    }
    if rest.first() == Some(&1) && record.key.kind == RecordKind::Entry {
        let count = u16::from_be_bytes([rest[1], rest[2]]);
        let mut wraps: Vec<&[u8]> = Vec::new();
        let mut left = &rest[3..];
        for _ in 0..count {
            let len = u32::from_be_bytes(left[..4].try_into().unwrap()) as usize;
            wraps.push(&left[..4 + len]);
            left = &left[4 + len..];
        }
        let build = |wraps: &[&[u8]]| {
            let count = u16::try_from(wraps.len()).unwrap().to_be_bytes();
            let body = [head, &[1], &count, &wraps.concat(), left].concat();
            Record { body, ..record.clone() }
        };
        (0..wraps.len()).for_each(|at| {
            let mut fewer = wraps.clone();
            fewer.remove(at);
            mixed.push(("wrap dropped", build(&fewer)));
        });
        if wraps.len() > 1 {
            wraps.reverse();
            mixed.push(("wraps reordered", build(&wraps)));
        }
    }
    mixed
}

/// Records copied to ids where there is nothing, or another.
fn copies(home: &Furnished, records: &[Record], ledger: &mut Ledger) {
    let store = &home.site.store;
    let (mut made, mut refused) = (0, 0);
    for record in records.iter().filter(|record| record.key.kind != RecordKind::Mirror) {
        let singular = matches!(record.key.kind, RecordKind::Keyring | RecordKind::Policy | RecordKind::Ticket);
        if singular {
            continue;
        }
        let mut key = record.key;
        key.id = match record.key.kind {
            RecordKind::Event => RecordId(u128::to_be_bytes(u128::from_be_bytes(key.id.0) + 1_000)),
            RecordKind::Checkpoint => RecordId(u128::to_be_bytes(1)),
            // As if anna had dora's.
            RecordKind::MasterPassword => {
                index::unique_id(&home.site.keyring(), RecordKind::MasterPassword, "owner", b"client anna")
            }
            _ => RecordId([0xee; 16]),
        };
        store.put(Record { key, ..record.clone() });
        let opened = home.open(key);
        store.remove(key);
        made += 1;
        refused += u64::from(opened.is_err_and(|error| is_refusal(&error)));
    }
    ledger.enter("5", "record copied to another id", made, refused);

    let (mut made, mut refused) = (0, 0);
    let anna = home.site.client("anna");
    for (from, to) in [(0, 1), (1, 0), (2, 0), (0, 2), (1, 2), (2, 1)] {
        let key = |at: usize| home.site.key(RecordKind::Key, home.keys[at]);
        let (source, target) = (store.get(key(from)).unwrap(), store.get(key(to)).unwrap());
        store.put(Record { key: target.key, ..source });
        let sealed = anna.create_entry(&EntryDraft { keys: vec![home.keys[to]], ..draft("secret") });
        store.put(target);
        made += 1;
        refused += u64::from(matches!(sealed, Err(VaultError::Tampered { .. })));
    }
    ledger.enter("5", "sealing to a key record copied over another", made, refused);

    // The store answers with a genuine record of another key, under that key's own id.
    let mallory = store.get(home.site.key(RecordKind::Key, home.keys[2])).unwrap();
    store.lie_on_load(move |keys, truth| {
        let swap = |(key, record): (&pwvault_core::store::RecordKey, Option<Record>)| match key.kind {
            RecordKind::Key => Some(mallory.clone()),
            _ => record,
        };
        keys.iter().zip(truth).map(swap).collect()
    });
    let sealed = anna.create_entry(&EntryDraft { keys: vec![home.keys[0]], ..draft("secret") });
    store.be_honest();
    assert!(matches!(sealed, Err(VaultError::Store(StoreError::BadAnswer(_)))), "{sealed:?}");
    ledger.enter("5", "sealing to the record of another key", 1, 1);
    expected_locks(home, ledger);
}

/// An owner who told the host its fingerprint is sealed to that key or not at all.
fn expected_locks(home: &Furnished, ledger: &mut Ledger) {
    let anna = home.site.client("anna");
    let fingerprint = |id: KeyId| anna.key(id).unwrap().head.fingerprint;
    let expecting =
        |at: usize| home.site.session(Principal::client(client("anna")).expecting_lock(fingerprint(home.keys[at])));
    let lists = [vec![], vec![0], vec![1], vec![2], vec![0, 1], vec![1, 2]];
    let (mut made, mut refused) = (0, 0);
    for expected in 0..3 {
        for list in &lists {
            let keys = list.iter().map(|at| home.keys[*at]).collect();
            let sealed = expecting(expected).create_entry(&EntryDraft { keys, ..draft("secret") });
            if *list == [expected] {
                sealed.unwrap();
            } else {
                made += 1;
                refused += u64::from(matches!(sealed, Err(VaultError::UnexpectedLock)));
            }
        }
    }
    ledger.enter("5", "sealing to another key than the owner expects", made, refused);
}

#[test]
fn unknown_formats_do_not_open() {
    let mut ledger = Ledger::default();
    let home = Furnished::new(Site::new(), 12);
    let mut counts = [(0, 0); 3];
    for record in home.site.records() {
        for range in envelopes(&record.body) {
            let at = range.start;
            let versions = (0..=u8::MAX).filter(|version| *version != 1).map(|version| (0, at + 3, vec![version]));
            let suites =
                [0_u16, 1, 2, 0x10, 0x20, 0x21, 0x30, u16::MAX].map(|suite| (1, at + 4, suite.to_be_bytes().to_vec()));
            let purposes = (0..=u8::MAX).map(|purpose| (2, at + 6, vec![purpose]));
            for (sort, place, bytes) in versions.chain(suites).chain(purposes) {
                let mut body = record.body.clone();
                body.splice(place..place + bytes.len(), bytes);
                if body != record.body {
                    counts[sort].0 += 1;
                    counts[sort].1 += u64::from(refuses(&home, &record, Record { body, ..record.clone() }));
                }
            }
        }
    }
    for (what, (made, refused)) in ["unknown versions", "other suites", "other purposes"].into_iter().zip(counts) {
        ledger.enter("6", what, made, refused);
    }
}

fn refuses(home: &Furnished, record: &Record, edited: Record) -> bool {
    let store = &home.site.store;
    store.put(edited);
    let opened = home.open(record.key);
    store.put(record.clone());
    match opened {
        Ok(()) => panic!("{} opened", record.key),
        Err(error) => {
            assert!(is_refusal(&error), "{}: {error:?}", record.key);
            true
        }
    }
}
