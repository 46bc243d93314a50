//! Claims, retries and dead letters.

use pwvault_core::id::{MessageId, RecordKind};
use pwvault_core::model::{
    Audience, Claim, DeliveryError, MessageState, NoticeKind, Person, ReminderDefaults, Settings,
};
use pwvault_core::policy::GrantChange;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{OutboxStatus, VaultError};
use pwvault_core::{Actions, Clock, EntryId, EntryPatch, Grantee, Session};

use super::world::{DAY, HOUR, START, World, admin, client, contact, draft};

const MINUTE: i64 = 60 * 1000;

/// A world in which one message waits: Sam is to be told that Anna changed a secret.
fn one_message() -> (World, EntryId, Session) {
    let reminders = ReminderDefaults { on_change: true, ..ReminderDefaults::default() };
    let world = World::new(Settings { reminders, ..Settings::default() });
    world.know(&[contact(Person::Admin(admin("sam")), "UTC")]);
    let anna = world.client("anna");
    let id = anna.create_entry(&draft("Webmail")).unwrap();
    let grant = GrantChange::put(Grantee::Admin(admin("sam")), Actions::VIEW_AND_REVEAL);
    anna.share(id, &[grant]).unwrap();
    anna.update_entry(id, 2, &EntryPatch { password: Some("second".into()), ..EntryPatch::default() }).unwrap();
    let mailer = world.cron();
    (world, id, mailer)
}

fn later() -> DeliveryError {
    DeliveryError::Transient("451 try again".into())
}

#[test]
fn a_message_is_claimed_by_one_and_settled_once() {
    let (world, _, mailer) = one_message();
    assert_eq!(mailer.outbox_status().unwrap(), OutboxStatus { due: 1, waiting: 0, dead: 0 });
    let claimed = mailer.claim_messages(10, MINUTE).unwrap();
    let [one] = &claimed[..] else { panic!("{claimed:?}") };
    assert_eq!((one.message.attempt, one.until), (1, START.plus_millis(MINUTE)));
    assert_eq!(mailer.claim_messages(10, MINUTE).unwrap(), []);
    assert_eq!(mailer.outbox_status().unwrap(), OutboxStatus { due: 0, waiting: 1, dead: 0 });
    assert_eq!(world.vault.health().unwrap().outbox, mailer.outbox_status().unwrap());

    let other = mailer.acknowledge_message(MessageId::from_bytes([9; 16]), one.claim);
    assert!(matches!(other, Err(VaultError::State(_))));
    let forged = mailer.acknowledge_message(one.message.id, Claim::from_bytes([9; 16]));
    assert!(matches!(forged, Err(VaultError::State(_))));
    mailer.acknowledge_message(one.message.id, one.claim).unwrap();
    assert!(matches!(mailer.acknowledge_message(one.message.id, one.claim), Err(VaultError::State(_))));
    assert_eq!(world.records(RecordKind::Message), []);
}

#[test]
fn a_claim_that_ends_is_taken_again_with_the_same_key() {
    let (world, _, mailer) = one_message();
    let first = mailer.claim_messages(10, MINUTE).unwrap().remove(0);
    world.clock.advance(MINUTE - 1);
    assert_eq!(mailer.claim_messages(10, MINUTE).unwrap(), []);
    world.clock.advance(1);
    let second = mailer.claim_messages(10, MINUTE).unwrap().remove(0);
    assert_eq!((second.message.id, second.message.attempt), (first.message.id, 2));
    let late = mailer.acknowledge_message(first.message.id, first.claim);
    assert!(matches!(late, Err(VaultError::State(_))), "it is the other's now");
    mailer.acknowledge_message(second.message.id, second.claim).unwrap();
}

#[test]
fn what_fails_is_tried_again_later_and_later_and_then_set_aside() {
    let (world, _, mailer) = one_message();
    let mut pauses = Vec::new();
    let key = loop {
        let claimed = mailer.claim_messages(1, MINUTE).unwrap().remove(0);
        let failed = world.clock.now();
        let state = mailer.fail_message(claimed.message.id, claimed.claim, &later()).unwrap();
        if state == MessageState::Dead {
            break claimed.message.id;
        }
        while mailer.outbox_status().unwrap().due == 0 {
            world.clock.advance(MINUTE);
        }
        pauses.push((world.clock.now().as_millis() - failed.as_millis()) / MINUTE);
    };
    assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]);
    world.clock.advance(30 * DAY);
    assert_eq!(mailer.claim_messages(1, MINUTE).unwrap(), []);
    let dead = mailer.dead_letters(None, 10).unwrap();
    assert_eq!((dead.len(), dead[0].id, dead[0].attempts), (1, key, 12));
    assert_eq!(dead[0].failure.as_deref(), Some("451 try again"));
    assert_eq!(mailer.dead_letters(Some(key), 10).unwrap(), []);

    mailer.retry_messages(&[key]).unwrap();
    assert!(matches!(mailer.retry_messages(&[key]), Err(VaultError::NotFound)));
    let again = mailer.claim_messages(1, MINUTE).unwrap().remove(0);
    assert_eq!((again.message.id, again.message.attempt), (key, 1));
}

#[test]
fn what_cannot_be_delivered_is_a_dead_letter_at_once_and_can_be_removed() {
    let (world, id, mailer) = one_message();
    let one = mailer.claim_messages(1, MINUTE).unwrap().remove(0);
    let never = DeliveryError::Permanent("ä".repeat(1_000));
    assert_eq!(mailer.fail_message(one.message.id, one.claim, &never).unwrap(), MessageState::Dead);
    let dead = mailer.dead_letters(None, 10).unwrap().remove(0);
    assert_eq!((dead.entry, dead.failure.unwrap().len()), (Some(id), 500));
    let unknown = MessageId::from_bytes([7; 16]);
    assert!(matches!(mailer.remove_messages(&[dead.id, unknown]), Err(VaultError::NotFound)));
    assert!(matches!(mailer.remove_messages(&[dead.id, dead.id]), Err(VaultError::Invalid { field: "ids", .. })));
    assert_eq!(mailer.outbox_status().unwrap().dead, 1, "all or none");
    mailer.remove_messages(&[dead.id]).unwrap();
    assert_eq!(world.records(RecordKind::Message), []);
}

#[test]
fn who_takes_it_and_says_nothing_is_not_asked_for_ever() {
    let (world, _, mailer) = one_message();
    for attempt in 1..=12 {
        assert_eq!(mailer.claim_messages(1, MINUTE).unwrap()[0].message.attempt, attempt);
        world.clock.advance(MINUTE);
    }
    assert_eq!(mailer.claim_messages(1, MINUTE).unwrap(), []);
    assert_eq!(mailer.outbox_status().unwrap(), OutboxStatus { due: 0, waiting: 0, dead: 1 });
}

#[test]
fn a_reminder_that_no_longer_stands_is_not_sent() {
    type Undo = fn(&World, EntryId);
    let cases: [(&str, Undo); 4] = [
        ("the secret was changed", |world, id| {
            let patch = EntryPatch { password: Some("second".into()), ..EntryPatch::default() };
            world.client("anna").update_entry(id, 2, &patch).map(drop).unwrap();
        }),
        ("the entry was trashed", |world, id| world.client("anna").trash_entries(&[id]).unwrap()),
        ("reminders were switched off", |world, id| {
            world.client("anna").set_reminder(id, 2, &pwvault_core::model::EntryReminder::default()).map(drop).unwrap();
        }),
        ("the recipient wants no mail any more", |world, _| {
            let anna = contact(Person::Client(client("anna")), "UTC");
            world.know(&[pwvault_core::model::Contact { wants_mail: false, ..anna }]);
        }),
    ];
    for (case, undo) in cases {
        let world = World::new(Settings::default());
        world.know(&[contact(Person::Client(client("anna")), "UTC")]);
        let id = world.monthly("anna");
        world.run_until(START.plus_millis(27 * DAY + 9 * HOUR));
        assert_eq!(world.records(RecordKind::Message).len(), 1, "{case}");
        undo(&world, id);
        world.run_until(START.plus_millis(28 * DAY));
        assert_eq!(world.mail(), [] as [&str; 0], "{case}");
        assert_eq!(world.records(RecordKind::Message), [], "{case}");
    }
}

#[test]
fn messages_come_in_words_and_unassigned_ones_not_at_all() {
    let (world, id, mailer) = one_message();
    let one = mailer.claim_messages(1, MINUTE).unwrap().remove(0);
    let words = one.message.rendered.unwrap();
    assert!(words.subject.contains("Webmail") && !words.body.contains("second"), "{words:?}");
    mailer.acknowledge_message(one.message.id, one.claim).unwrap();

    world.root().assign_template(NoticeKind::SecretChanged, Audience::Administrators, false).unwrap();
    let patch = EntryPatch { password: Some("third".into()), ..EntryPatch::default() };
    world.client("anna").update_entry(id, 3, &patch).unwrap();
    assert_eq!(mailer.claim_messages(1, MINUTE).unwrap(), []);
    assert_eq!(world.records(RecordKind::Message), []);
}

#[test]
fn a_notifier_that_fails_is_asked_again_when_the_pause_is_over() {
    let (world, _, _) = one_message();
    struct Fails;
    impl pwvault_core::model::Notifier for Fails {
        fn deliver(&self, _: &pwvault_core::model::OutboxMessage) -> Result<(), DeliveryError> {
            Err(later())
        }
    }
    let failing = pwvault_core::VaultBuilder::new(super::host::kek())
        .clock(std::sync::Arc::clone(&world.clock))
        .notifier(Fails)
        .open(std::sync::Arc::clone(&world.store), super::host::VAULT)
        .unwrap();
    let cron = failing.session(pwvault_core::Principal::system(), pwvault_core::RequestContext::default());
    let report = cron.run_due(world.clock.now()).unwrap();
    let delivery = report.job("delivery").unwrap();
    assert_eq!((delivery.done, delivery.failed), (0, 1));
    world.run();
    assert_eq!(world.take(), []);
    world.clock.advance(HOUR);
    world.run();
    assert_eq!(world.take()[0].1.attempt, 2);
    let report = world.root().verify_log(&pwvault_core::audit::VerifyOptions::default()).unwrap();
    assert!(report.is_clean(), "{report}");
}
