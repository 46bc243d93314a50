//! What is due, and when it is told.

use pwvault_core::Timestamp;
use pwvault_core::id::RecordKind;
use pwvault_core::model::{Choice, EntryReminder, Person, ReminderDefaults, Settings};
use pwvault_core::policy::GrantChange;
use pwvault_core::schedule::Zone;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{VaultError, VaultKey};
use pwvault_core::{Actions, EntryPatch, Grantee};

use super::world::{DAY, HOUR, START, World, admin, client, contact, days, draft, every, months, sub_user};

fn vienna(world: &World) {
    world.know(&[contact(Person::Client(client("anna")), "Europe/Vienna")]);
}

fn password(text: &str) -> EntryPatch {
    EntryPatch { password: Some(text.into()), ..EntryPatch::default() }
}

fn defaults(change_every: Option<u16>) -> Settings {
    let change_every = change_every.map(months);
    Settings { reminders: ReminderDefaults { change_every, ..ReminderDefaults::default() }, ..Settings::default() }
}

#[test]
fn a_reminder_comes_each_period_until_the_secret_changes() {
    let world = World::new(Settings::default());
    vienna(&world);
    let id = world.monthly("anna");
    world.run_until(START.plus_millis(62 * DAY));
    let expected = ["2026-02-28 09:00 ChangeDue client:anna", "2026-03-31 09:00 ChangeDue client:anna"];
    assert_eq!(world.mail(), expected);

    // 3 April, 14:00 in Vienna.
    let anna = world.client("anna");
    anna.update_entry(id, 2, &password("second")).unwrap();
    world.run_until(world.clock.now_plus(29));
    assert_eq!(world.mail(), [] as [&str; 0], "the old secret's reminder of 30 April is gone");
    world.run_until(world.clock.now_plus(3));
    assert_eq!(world.mail(), ["2026-05-03 09:00 ChangeDue client:anna"]);

    anna.set_reminder(id, 3, &EntryReminder { change_every: Choice::Off, ..EntryReminder::default() }).unwrap();
    world.run_until(world.clock.now_plus(40));
    assert_eq!(world.mail(), [] as [&str; 0]);
    assert_eq!(world.records(RecordKind::Due), []);
}

#[test]
fn a_warning_comes_once_before_the_first_reminder() {
    let world = World::new(Settings::default());
    vienna(&world);
    let anna = world.client("anna");
    let id = anna.create_entry(&draft("Webmail")).unwrap();
    let reminder = EntryReminder { warn_before: Choice::Set(days(7)), ..every(months(1)) };
    anna.set_reminder(id, 1, &reminder).unwrap();
    let vienna = Zone::named("Europe/Vienna").unwrap();
    assert_eq!(vienna.local(anna.reminder(id).unwrap().next.unwrap()), "2026-02-21 09:00");
    world.run_until(START.plus_millis(62 * DAY));
    assert_eq!(
        world.mail(),
        [
            "2026-02-21 09:00 ChangeSoon client:anna",
            "2026-02-28 09:00 ChangeDue client:anna",
            "2026-03-31 09:00 ChangeDue client:anna"
        ]
    );
}

#[test]
fn the_next_reminder_is_one_that_has_yet_to_come() {
    let world = World::new(Settings::default());
    vienna(&world);
    let anna = world.client("anna");
    let id = anna.create_entry(&draft("Webmail")).unwrap();
    let reminder = EntryReminder { warn_before: Choice::Set(days(7)), ..every(months(1)) };
    anna.set_reminder(id, 1, &reminder).unwrap();
    let vienna = Zone::named("Europe/Vienna").unwrap();
    for coming in ["2026-02-21 09:00", "2026-02-28 09:00", "2026-03-31 09:00", "2026-04-30 09:00"] {
        let next = anna.reminder(id).unwrap().next.unwrap();
        assert_eq!(vienna.local(next), coming);
        // It is worked on long before it is nine in Vienna, and delivered then.
        for hours in [12, 1] {
            world.clock.set(next.plus_millis(-hours * HOUR));
            world.run();
            assert_eq!((anna.reminder(id).unwrap().next, world.mail().len()), (Some(next), 0), "{hours} h before");
        }
        world.clock.set(next);
        world.run();
        assert_eq!(world.mail().len(), 1);
    }
}

#[test]
fn each_recipient_is_reminded_in_its_own_zone() {
    let world = World::new(Settings::default());
    world.know(&[
        contact(Person::Client(client("anna")), "Europe/Vienna"),
        contact(sub_user("anna", "uli"), "Pacific/Kiritimati"),
        contact(Person::Admin(admin("sam")), "America/New_York"),
    ]);
    let id = world.monthly("anna");
    let grant = GrantChange::put(Grantee::Admin(admin("sam")), Actions::VIEW_AND_REVEAL);
    world.client("anna").share(id, &[grant]).unwrap();
    world.run_until(START.plus_millis(35 * DAY));
    // By the clock of Vienna: nine in the morning is 13 hours earlier on Kiritimati, where it was
    // 1 February already, and 6 hours later in New York.
    assert_eq!(
        world.mail(),
        [
            "2026-02-28 09:00 ChangeDue client:anna",
            "2026-02-28 15:00 ChangeDue admin:sam",
            "2026-02-28 20:00 ChangeDue user:uli@anna"
        ]
    );
}

#[test]
fn editing_a_name_or_a_note_changes_neither_due_date_nor_expiry() {
    let world = World::new(Settings::default());
    vienna(&world);
    let id = world.monthly("anna");
    let anna = world.client("anna");
    let end = START.plus_millis(20 * DAY);
    anna.set_expiry(id, 2, Some(end)).unwrap();
    let (before, view) = (world.records(RecordKind::Due), anna.reminder(id).unwrap());
    assert_eq!((before.len(), view.ends_at), (2, Some(end)));

    world.clock.advance(5 * DAY);
    let name = EntryPatch { name: Some("renamed".into()), ..EntryPatch::default() };
    let note = EntryPatch { notes: Some("a note".into()), ..EntryPatch::default() };
    let version = anna.update_entry(id, 3, &name).unwrap();
    anna.update_entry(id, version, &note).unwrap();
    let grant = GrantChange::put(Grantee::Admin(admin("sam")), Actions::VIEW_AND_REVEAL);
    anna.share(id, &[grant]).unwrap();
    assert_eq!(world.records(RecordKind::Due), before);
    assert_eq!(anna.reminder(id).unwrap(), view);

    world.run_until(START.plus_millis(29 * DAY));
    let mail: Vec<_> = world.mail().into_iter().filter(|line| line.ends_with("anna")).collect();
    assert_eq!(mail, ["2026-02-20 13:00 SecretExpired client:anna", "2026-02-28 09:00 ChangeDue client:anna"]);
}

#[test]
fn a_new_secret_has_no_end() {
    let world = World::new(Settings::default());
    let anna = world.client("anna");
    let id = anna.create_entry(&draft("Webmail")).unwrap();
    anna.set_expiry(id, 1, Some(START.plus_millis(DAY))).unwrap();
    anna.update_entry(id, 2, &password("second")).unwrap();
    assert_eq!(anna.reminder(id).unwrap().ends_at, None);
    // What is restored has none either, though it had one.
    let past = anna.history(id).unwrap()[0].id;
    anna.restore_secret(id, 3, past, &[pwvault_core::vault::SecretPart::Password]).unwrap();
    assert_eq!((anna.reminder(id).unwrap().ends_at, world.records(RecordKind::Due)), (None, vec![]));
    let passed = anna.set_expiry(id, 4, Some(START));
    assert!(matches!(passed, Err(VaultError::Invalid { field: "ends_at", .. })));
}

#[test]
fn the_trash_reminds_of_nothing() {
    let world = World::new(Settings::default());
    vienna(&world);
    let (anna, id) = (world.client("anna"), world.monthly("anna"));
    anna.trash_entries(&[id]).unwrap();
    assert_eq!(world.records(RecordKind::Due), []);
    world.run_until(START.plus_millis(30 * DAY));
    assert_eq!(world.mail(), [] as [&str; 0]);
    // Restored when its reminder is over: it is told at once, and then as ever.
    anna.restore_entries(&[id]).unwrap();
    world.run();
    assert_eq!(world.mail(), ["2026-03-02 13:00 ChangeDue client:anna"]);
    world.run_until(START.plus_millis(60 * DAY));
    assert_eq!(world.mail(), ["2026-03-31 09:00 ChangeDue client:anna"]);
    anna.trash_entries(&[id]).unwrap();
    anna.purge_entries(&[id]).unwrap();
    assert_eq!(world.records(RecordKind::Due), []);
    world.run_until(START.plus_millis(100 * DAY));
    assert_eq!(world.mail(), [] as [&str; 0]);
}

#[test]
fn of_several_missed_reminders_one_is_sent() {
    let world = World::new(Settings::default());
    vienna(&world);
    world.monthly("anna");
    world.clock.advance(400 * DAY);
    world.run();
    assert_eq!(world.mail(), ["2027-03-07 13:00 ChangeDue client:anna"]);
    world.run_until(world.clock.now_plus(30));
    assert_eq!(world.mail(), ["2027-03-31 09:00 ChangeDue client:anna"], "not from the day it was sent");
}

#[test]
fn changed_defaults_reach_every_entry_that_follows_them() {
    let world = World::new(defaults(None));
    let anna = world.client("anna");
    let ids: Vec<_> = (0..150).map(|number| anna.create_entry(&draft(&format!("{number}"))).unwrap()).collect();
    anna.set_reminder(ids[0], 1, &EntryReminder { change_every: Choice::Off, ..EntryReminder::default() }).unwrap();
    anna.set_reminder(ids[1], 1, &every(months(2))).unwrap();
    let kept = world.records(RecordKind::Due);
    let change = |change_every| {
        let (_, revision) = world.root().settings().unwrap();
        world.root().update_settings(&defaults(change_every), revision).unwrap();
        world.run();
        world.records(RecordKind::Due)
    };
    let monthly = change(Some(1));
    assert_eq!(monthly.len(), 149);
    assert!(kept.iter().all(|one| monthly.contains(one)), "an entry's own period stays");
    let yearly = change(Some(12));
    assert_eq!(yearly.len(), 149);
    assert!(monthly.iter().all(|one| kept.contains(one) || !yearly.contains(one)));
    assert_eq!(change(None), kept);
    // A new entry follows the default at once.
    change(Some(1));
    anna.create_entry(&draft("new")).unwrap();
    assert_eq!(world.records(RecordKind::Due).len(), 150);
    assert_eq!(world.records(RecordKind::Job), [], "the pass is over");
}

#[test]
fn periods_of_nothing_and_of_a_thousand_years_are_refused() {
    let world = World::new(Settings::default());
    let anna = world.client("anna");
    let id = anna.create_entry(&draft("Webmail")).unwrap();
    let refused = |reminder: &EntryReminder| match anna.set_reminder(id, 1, reminder) {
        Err(VaultError::Schedule { field, cause }) => format!("{field}: {cause}"),
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(&every(months(0))), "change_every: a period is at least one day; this one is zero");
    assert_eq!(refused(&every(months(12_000))), "change_every: a period has at most 1200 months; this one has 12000");
    let warning = EntryReminder { warn_before: Choice::Set(days(28)), ..every(months(1)) };
    assert_eq!(
        refused(&warning),
        "warn_before: the warning comes before the period has begun; it is shorter than the period"
    );
    let (_, revision) = world.root().settings().unwrap();
    let changed = world.root().update_settings(&defaults(Some(0)), revision);
    assert!(matches!(changed, Err(VaultError::Schedule { field: "change_every", .. })));
    assert_eq!(anna.entry(id).unwrap().head.version, 1);
}

#[test]
fn reminders_outlive_a_rotation_of_every_key() {
    let world = World::new(Settings::default());
    vienna(&world);
    let id = world.monthly("anna");
    world.run_until(START.plus_millis(27 * DAY + 9 * HOUR));
    assert_eq!(world.records(RecordKind::Message).len(), 1, "written, and not yet time to be sent");
    let root = world.root();
    for key in [VaultKey::Data, VaultKey::Index] {
        root.rotate_keys(key).unwrap();
    }
    root.reseal_records(&mut |_| std::ops::ControlFlow::Continue(())).unwrap();
    root.retire_old_keys().unwrap();
    world.run_until(START.plus_millis(30 * DAY));
    assert_eq!(world.mail(), ["2026-02-28 09:00 ChangeDue client:anna"]);
    world.client("anna").trash_entries(&[id]).unwrap();
    assert_eq!(world.records(RecordKind::Due), [], "found by its label as before");
    let report = root.verify_log(&pwvault_core::audit::VerifyOptions::default()).unwrap();
    assert!(report.is_clean(), "{report}");
}

trait NowPlus {
    fn now_plus(&self, days: i64) -> Timestamp;
}

impl NowPlus for pwvault_core::testing::FixedClock {
    fn now_plus(&self, days: i64) -> Timestamp {
        pwvault_core::Clock::now(self).plus_millis(days * DAY)
    }
}
