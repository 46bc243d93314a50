//! Rotation of the vault's keys: nothing is lost, nothing stays behind, and it can be cut off anywhere.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]
#![allow(clippy::type_complexity, reason = "tables of cases")]

mod concurrent;
mod faults;
mod world;

use std::ops::ControlFlow;

use pwvault_core::id::RecordKind;
use pwvault_core::model::KekId;
use pwvault_core::store::{ChangeSet, Store};
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{ResealProgress, VaultKey};
use pwvault_core::{EntryPatch, VaultError};

use world::{World, client, kek};

#[test]
fn the_old_kek_can_be_dropped_after_its_rotation() {
    let world = World::new();
    *world.keks.lock().unwrap() = vec![kek(2), kek(1)];
    assert_eq!(world.as_system().rotate_kek().unwrap(), KekId([2; 16]));
    let epoch = world.ring().epoch();
    assert_eq!(world.as_system().rotate_kek().unwrap(), KekId([2; 16]));
    assert_eq!(world.ring().epoch(), epoch, "a second call does nothing");
    world.check();

    *world.keks.lock().unwrap() = vec![kek(2)];
    world.check();
    assert!(world.opened_with(vec![kek(2)]).is_ok());
    assert!(matches!(world.opened_with(vec![kek(1)]), Err(VaultError::UnknownKek(KekId(id))) if id == [2; 16]));
    world.check_log();
}

#[test]
fn keks_in_the_wrong_order_change_nothing() {
    let world = World::new();
    *world.keks.lock().unwrap() = vec![kek(1), kek(2)];
    assert_eq!(world.as_system().rotate_kek().unwrap(), KekId([1; 16]), "only the first of the ring seals");
    assert!(matches!(world.opened_with(vec![kek(2)]), Err(VaultError::UnknownKek(_))));

    *world.keks.lock().unwrap() = vec![kek(2)];
    assert!(matches!(world.as_system().rotate_kek(), Err(VaultError::UnknownKek(KekId(id))) if id == [1; 16]));
    assert!(matches!(world.as_system().rotate_keys(VaultKey::Data), Err(VaultError::UnknownKek(_))));
    *world.keks.lock().unwrap() = vec![];
    assert!(matches!(world.as_system().rotate_kek(), Err(VaultError::Invalid { .. })));
    *world.keks.lock().unwrap() = vec![kek(1)];
    world.check();
}

#[test]
fn everything_reads_before_during_and_after_a_data_rotation() {
    let world = World::new();
    let old = world.ring().data_key_id();
    world.check();
    assert_eq!(world.as_system().rotate_keys(VaultKey::Data).unwrap(), 2);
    world.check();
    let part = world.as_system().reseal_records(&mut |_| ControlFlow::Break(())).unwrap();
    assert!(!part.finished && part.resealed > 0);
    world.check();
    let rest = world.reseal().unwrap();
    assert!(rest.finished && rest.resealed > 0 && rest.damaged.is_empty());
    world.check();
    assert_eq!(world.naming(old), []);

    let status = world.as_system().rotation_status().unwrap();
    assert_eq!((status.data, status.index, status.audit), (vec![1, 2], vec![1], vec![1]));
    assert_eq!(status.under_old_keys, []);
    world.as_system().retire_old_keys().unwrap();
    assert_eq!(world.ring().data_keys().len(), 1);
    world.check();
    world.check_log();
    world.check_trash();
}

#[test]
fn a_second_run_finds_nothing_to_do() {
    let world = World::new();
    world.as_system().rotate_keys(VaultKey::Data).unwrap();
    world.as_system().rotate_keys(VaultKey::Index).unwrap();
    world.reseal().unwrap();
    let before = world.records();
    let again = world.reseal().unwrap();
    assert_eq!((again.resealed, again.seen), (0, again.total));
    assert_eq!(world.records(), before);
}

/// A rename carries the secret over as it lies, and a new secret sends the old one to the history:
/// records with a new head hold secrets under the old key.
#[test]
fn no_second_secret_is_left_on_the_old_key() {
    let mut world = World::new();
    let (renamed, changed) = (world.known[0].id, world.known[1].id);
    let old = world.ring().data_key_id();
    world.as_system().rotate_keys(VaultKey::Data).unwrap();
    let anna = world.session(&client("anna"));
    let rename = EntryPatch { name: Some("renamed".into()), ..EntryPatch::default() };
    let version = anna.entry(renamed).unwrap().head.version;
    anna.update_entry(renamed, version, &rename).unwrap();
    let version = anna.entry(changed).unwrap().head.version;
    let change = EntryPatch { password: Some("changed".into()), ..EntryPatch::default() };
    anna.update_entry(changed, version, &change).unwrap();
    let before = std::mem::replace(&mut world.known[1].password, "changed".into());
    world.known[1].past.insert(0, before);
    world.note_stamps();

    let stale = world.as_system().rotation_status().unwrap().under_old_keys;
    let count = |kind| stale.iter().find(|stale| stale.kind == kind).map(|stale| stale.count);
    // Of the entries only the changed one is fresh, of the past secrets none.
    assert_eq!(count(RecordKind::Entry), Some(world.known.len() as u64 - 1));
    assert_eq!(count(RecordKind::PastSecret), Some(world.known.iter().map(|known| known.past.len() as u64).sum()));
    assert!(matches!(world.as_system().retire_old_keys(), Err(VaultError::InUse { .. })));
    world.reseal().unwrap();
    assert_eq!(world.naming(old), []);
    world.as_system().retire_old_keys().unwrap();
    world.check();
    world.check_log();
}

/// Between any two batches a secret under the old key may leave its entry for the history.
#[test]
fn a_secret_that_joins_the_history_during_a_run_is_not_left_behind() {
    let mut world = World::new();
    let entries: Vec<_> = (0..10).map(|_| world.add(&client("anna"), "busy", &["before"])).collect();
    let old = world.ring().data_key_id();
    world.as_system().rotate_keys(VaultKey::Data).unwrap();
    let anna = world.session(&client("anna"));
    let mut left = entries.iter();
    let done = world
        .as_system()
        .reseal_records(&mut |_| {
            let patch = EntryPatch { password: Some("after".into()), ..EntryPatch::default() };
            anna.update_entry(*left.next().unwrap(), 1, &patch).unwrap();
            ControlFlow::Continue(())
        })
        .unwrap();
    assert!(done.finished && left.len() < 6, "{} entries were not changed", left.len());
    assert_eq!(world.naming(old), []);
    world.as_system().retire_old_keys().unwrap();
    for id in &entries[..4] {
        assert_eq!(anna.reveal(*id).unwrap().password.expose(), "after");
        let past = anna.history(*id).unwrap()[0].id;
        assert_eq!(anna.reveal_past(*id, past).unwrap().password.expose(), "before");
    }
}

#[test]
fn keys_in_use_are_not_retired() {
    let world = World::new();
    for sort in [VaultKey::Data, VaultKey::Index] {
        world.as_system().rotate_keys(sort).unwrap();
        let refused = world.as_system().retire_old_keys().unwrap_err();
        assert!(matches!(refused, VaultError::InUse { .. }));
        assert!(refused.to_string().contains("11 of kind Entry"), "{refused}");
        world.reseal().unwrap();
        world.as_system().retire_old_keys().unwrap();
        world.check();
    }
    let epoch = world.ring().epoch();
    world.as_system().retire_old_keys().unwrap();
    assert_eq!(world.ring().epoch(), epoch, "nothing was left to retire");
}

#[test]
fn everything_is_found_while_and_after_the_index_key_is_rotated() {
    let world = World::new();
    let before: Vec<_> = world.records().into_iter().flat_map(|record| record.labels).collect();
    assert_eq!(world.as_system().rotate_keys(VaultKey::Index).unwrap(), 2);
    world.check();
    let mut rounds = 0;
    while !world
        .as_system()
        .reseal_records(&mut |_| if rounds > 3 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        .unwrap()
        .finished
    {
        rounds += 1;
        world.check();
    }
    world.as_system().retire_old_keys().unwrap();
    world.check();
    let events = |kind| kind == RecordKind::Event;
    let left = world.records().into_iter().filter(|record| !events(record.key.kind)).flat_map(|record| record.labels);
    assert_eq!(left.filter(|label| before.contains(label)).count(), 0, "labels of the old index key are left");
    world.check_log();
    world.check_trash();
}

/// The holder of a private key is not asked, and what it held stays as it was: with another outer
/// layer around it.
#[test]
fn locked_secrets_are_resealed_without_their_holders() {
    let world = World::new();
    let before = world.wraps();
    world.as_system().rotate_keys(VaultKey::Data).unwrap();
    world.reseal().unwrap();
    let after = world.wraps();
    assert_eq!(before.len(), after.len());
    assert_eq!(before.len(), 14, "seven locked entries with a past secret each");
    for (key, (wraps, inside)) in &before {
        let (new_wraps, still_inside) = &after[key];
        assert!(wraps.iter().all(|wrap| !new_wraps.contains(wrap)), "a wrap of {key} kept its outer layer");
        assert!(inside == still_inside, "what is locked in {key} was sealed anew");
    }
    world.check();
}

#[test]
fn tickets_of_an_old_data_key_end() {
    let world = World::new();
    let locked = world.known.iter().find(|known| known.answer.is_some()).unwrap();
    let unlocked = world.session_unlocked(&locked.owner, locked.answer.as_ref());
    assert!(unlocked.reveal(locked.id).is_ok());
    world.as_system().rotate_keys(VaultKey::Data).unwrap();
    assert!(matches!(unlocked.reveal(locked.id), Err(VaultError::Locked(_))));
    let fresh = world.session_unlocked(&locked.owner, locked.answer.as_ref());
    let tickets = || world.records().iter().filter(|record| record.key.kind == RecordKind::Ticket).count() as u64;
    let old = tickets() - 1;
    assert_eq!(world.reseal().unwrap().tickets_ended, old);
    assert_eq!(tickets(), 1);
    assert!(fresh.reveal(locked.id).is_ok());
}

#[test]
fn audit_keys_stay_for_verification() {
    let world = World::new();
    let note = world.as_root().log_checkpoints(0, 0).unwrap()[0].text.clone();
    world.as_system().rotate_keys(VaultKey::Audit).unwrap();
    world.check();
    world.reseal().unwrap();
    world.as_system().retire_old_keys().unwrap();
    assert_eq!(world.as_system().rotation_status().unwrap().audit, [1, 2]);
    world.check_log();
    assert_eq!(world.as_root().log_checkpoints(0, 0).unwrap()[0].text, note);
}

#[test]
fn progress_only_rises_and_ends_at_everything() {
    let mut world = World::new();
    for number in 0..230 {
        world.add(&client("many"), &format!("{number}"), &["secret"]);
    }
    world.as_system().rotate_keys(VaultKey::Data).unwrap();
    let mut steps: Vec<ResealProgress> = Vec::new();
    let done = world
        .as_system()
        .reseal_records(&mut |step| {
            steps.push(step.clone());
            ControlFlow::Continue(())
        })
        .unwrap();
    assert!(steps.len() > 5, "{} steps", steps.len());
    for pair in steps.windows(2) {
        assert!(pair[0].seen < pair[1].seen && pair[0].resealed <= pair[1].resealed, "{pair:?}");
        assert!(pair[0].total == pair[1].total && pair[1].seen <= pair[1].total, "{pair:?}");
    }
    assert_eq!((done.seen, done.finished), (done.total, true));
}

#[test]
fn a_damaged_record_is_named_and_keeps_the_old_key() {
    let world = World::new();
    world.as_system().rotate_keys(VaultKey::Data).unwrap();
    let past = world.records().into_iter().find(|record| record.key.kind == RecordKind::PastSecret).unwrap();
    let mut damaged = past.clone();
    damaged.revision += 1;
    *damaged.body.last_mut().unwrap() ^= 1;
    let mut changes = ChangeSet::new();
    changes.write(damaged);
    world.store.inner().commit(&changes).unwrap();

    let done = world.reseal().unwrap();
    assert!(done.finished);
    assert_eq!(done.damaged, [past.key]);
    assert_eq!(world.as_system().rotation_status().unwrap().damaged, [past.key]);
    assert!(matches!(world.as_system().retire_old_keys(), Err(VaultError::InUse { .. })));
}

/// A record that claims to be newer than the keyring could be the mark of a rotation just done. When
/// it is not, the caller is told of tampering and not to try again.
#[test]
fn a_false_epoch_is_tampering_and_not_a_conflict() {
    let world = World::new();
    let entry = world.known[0].id;
    let mut record = world.records().into_iter().find(|record| record.key.id == entry.into()).unwrap();
    record.revision += 1;
    record.body[7] ^= 0x80;
    let mut changes = ChangeSet::new();
    changes.write(record);
    world.store.inner().commit(&changes).unwrap();
    assert!(matches!(world.session(&client("anna")).reveal(entry), Err(VaultError::Tampered { .. })));
}
