//! Records from and for a store. Any run of commits, loads and scans: the store answers like a plain
//! list, a refused commit changes nothing, and following cursors gives every row once. Any change
//! of a vault's records: what still reads is what was written, under its own id.
#![no_main]

use arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use pwvault_core::id::{RecordId, RecordKind, VaultId};
use pwvault_core::store::*;
use pwvault_core::vault::EntryQuery;
use pwvault_core::vault::prelude::*;
use pwvault_core::{AdminId, ClientId, Principal, RequestContext, RoleId};
use pwvault_fuzz::{PlainStore, Tampered, some};

/// Few values, so that they meet; the ids at both ends are where ranges go wrong.
const IDS: [RecordId; 4] = [RecordId::MIN, RecordId([7; 16]), RecordId([8; 16]), RecordId::MAX];
const KINDS: [RecordKind; 2] = [RecordKind::ALL[0], RecordKind::ALL[1]];

fn key(u: &mut Unstructured) -> Result<RecordKey> {
    let vault = VaultId::from_bytes([u8::from(u.arbitrary::<bool>()?); 16]);
    Ok(RecordKey::new(vault, *u.choose(&KINDS)?, *u.choose(&IDS)?))
}

fn label(u: &mut Unstructured) -> Result<Label> {
    Ok(Label([u.int_in_range(0..=3)?; 16]))
}

fn revision(u: &mut Unstructured, model: &PlainStore, key: &RecordKey) -> Result<u64> {
    let there = model.records().iter().find(|record| record.key == *key).map_or(0, |record| record.revision);
    if u.ratio(7, 8)? { Ok(there) } else { u.arbitrary() }
}

fn change_set(u: &mut Unstructured, model: &PlainStore) -> Result<ChangeSet> {
    let mut changes = ChangeSet::new();
    for _ in 0..u.int_in_range(0..=3)? {
        let key = key(u)?;
        let revision = revision(u, model, &key)?.saturating_add(1);
        changes.write(Record::new(key, revision, some(u, 3, label)?, u.arbitrary()?));
    }
    for _ in 0..u.int_in_range(0..=1)? {
        let key = key(u)?;
        changes.delete(key, revision(u, model, &key)?);
    }
    for _ in 0..u.int_in_range(0..=1)? {
        let key = key(u)?;
        let expect = if u.arbitrary()? { Expect::Absent } else { Expect::Revision(revision(u, model, &key)?) };
        changes.assert(key, expect);
    }
    Ok(changes)
}

fn query(u: &mut Unstructured) -> Result<Query> {
    let RecordKey { vault, kind, .. } = key(u)?;
    let maybe_id = |u: &mut Unstructured| Ok(if u.arbitrary()? { Some(*u.choose(&IDS)?) } else { None });
    Ok(Query {
        labels: some(u, 2, |u| some(u, 3, label))?,
        from: maybe_id(u)?,
        to: maybe_id(u)?,
        cursor: maybe_id(u)?,
        order: if u.arbitrary()? { Order::Ascending } else { Order::Descending },
        limit: u.int_in_range(0..=6)?,
        want: *u.choose(&[Want::Keys, Want::Records, Want::Count])?,
        ..Query::new(vault, kind)
    })
}

fn check_scan(store: &dyn Store, model: &PlainStore, mut query: Query) {
    let expected = model.rows(&query);
    if query.limit == 0 {
        assert!(matches!(store.scan(&query), Err(StoreError::BadQuery(_))));
        return;
    }
    let most = expected.len().min(query.limit as usize);
    match store.scan(&query).unwrap().rows {
        Rows::Count(count) => return assert_eq!(count, most as u64),
        Rows::Keys(keys) => {
            let expected: Vec<_> = expected[..most].iter().map(|record| (record.key, record.revision)).collect();
            assert!(keys.len() <= most && expected.starts_with(&keys));
        }
        Rows::Records(records) => assert!(records.len() <= most && expected.starts_with(&records)),
    }
    query.want = Want::Records;
    let mut all = Vec::new();
    loop {
        let page = store.scan(&query).unwrap();
        query.cursor = page.next;
        let rows = page.into_records().unwrap();
        assert!(rows.len() <= query.limit as usize && (!rows.is_empty() || query.cursor.is_none()));
        all.extend(rows);
        if query.cursor.is_none() {
            break;
        }
    }
    assert_eq!(all, expected);
}

fn check_contract(u: &mut Unstructured) -> Result<()> {
    let (store, model) = (MemoryStore::new(), PlainStore::default());
    while !u.is_empty() {
        if u.arbitrary()? {
            let changes = change_set(u, &model)?;
            assert_eq!(store.commit(&changes).is_ok(), model.commit(&changes).is_ok(), "{changes:?}");
        } else if u.arbitrary()? {
            let keys = some(u, 4, key)?;
            assert_eq!(store.load(&keys).unwrap(), model.load(&keys).unwrap());
        } else {
            check_scan(&store, &model, query(u)?);
        }
    }
    Ok(())
}

fn check_tampered(u: &mut Unstructured) -> Result<()> {
    let tampered = Tampered::arbitrary(u)?;
    let Some(vault) = tampered.open() else { return Ok(()) };
    let client = |id| Principal::client(ClientId::new(id).unwrap());
    let sales = vec![RoleId::new("sales").unwrap()];
    let admin = Principal::admin_with_roles(AdminId::new("1").unwrap(), sales);
    for principal in [client("0"), client("1"), admin] {
        let session = vault.session(principal, RequestContext::default());
        let Ok(page) = session.list_entries(&EntryQuery::default()) else { continue };
        for entry in page.entries {
            let names = tampered.seen.iter().any(|(id, name, _)| *id == entry.id && *name == entry.head.name);
            assert!(names, "{entry:?}");
            let Ok(secret) = session.reveal(entry.id) else { continue };
            let row = (entry.id, entry.head.name.clone(), secret.password.expose().to_owned());
            assert!(tampered.seen.contains(&row), "{entry:?}");
        }
    }
    Ok(())
}

fuzz_target!(|data: &[u8]| {
    let [choice, rest @ ..] = data else { return };
    let u = &mut Unstructured::new(rest);
    let _ = if choice % 2 == 0 { check_contract(u) } else { check_tampered(u) };
});
