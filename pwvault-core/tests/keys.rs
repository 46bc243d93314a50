//! Encryption keys: the three configurations, locks of entries, unlocking and tickets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod locked;

use std::sync::Arc;

use locked::*;
use pwvault_core::crypto::{CryptoError, PublicKey};
use pwvault_core::id::RecordKind;
use pwvault_core::model::{Actions, Grantee, KdfParams, KeyConfiguration, KeyOwner, Recipient, Settings, Tier};
use pwvault_core::policy::{GrantChange, KeyAction};
use pwvault_core::store::MemoryStore;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{
    Challenge, DeleteKey, EntryFilter, EntryQuery, KeyCustody, KeyGeneration, KeyMaterial, KeyPatch, KeyRegistration,
    PrivateKeyPem, UnlockAnswer, UnlockTicket,
};
use pwvault_core::{EntryDraft, EntryId, KeyId, Session, VaultError};

fn locked_entry(session: &Session, keys: &[KeyId]) -> EntryId {
    session.create_entry(&EntryDraft { keys: keys.to_vec(), ..draft("secret") }).unwrap()
}

fn passphrase(key: KeyId, passphrase: &str) -> UnlockAnswer {
    UnlockAnswer::Passphrase { key, passphrase: passphrase.into() }
}

fn private_key(key: KeyId, pem: &str) -> UnlockAnswer {
    UnlockAnswer::PrivateKey { key, pem: pem.into(), passphrase: None }
}

fn unlocked(session: &Session, answer: &UnlockAnswer) -> Session {
    session.clone().with_ticket(session.unlock(answer).unwrap())
}

#[test]
fn a_public_key_locks_and_its_private_key_opens() {
    let world = World::new();
    let anna = world.client("anna");
    let key = public_only(&anna);
    let view = anna.key(key).unwrap();
    assert_eq!(view.head.configuration, KeyConfiguration::PublicOnly);
    assert!(!view.head.possession_proved);
    assert_eq!(view.public_pem().unwrap(), RSA_PUBLIC);
    assert_eq!(view.head.fingerprint, PublicKey::from_pem(RSA_PUBLIC).unwrap().fingerprint());

    let id = locked_entry(&anna, &[key]);
    assert_eq!(anna.entry(id).unwrap().head.tier(), Tier::KeyPublicOnly);
    let ask = vec![Challenge::PrivateKey { key, fingerprint: view.head.fingerprint }];
    assert_eq!(anna.challenge(id).unwrap(), ask);
    assert!(matches!(anna.reveal(id), Err(VaultError::Locked(challenges)) if challenges == ask));

    let wrong = anna.unlock(&private_key(key, RSA_OTHER));
    assert!(matches!(wrong, Err(VaultError::WrongAnswer { what: "private key" })));
    assert!(matches!(anna.unlock(&passphrase(key, "any")), Err(VaultError::State(_))));
    let open = unlocked(&anna, &private_key(key, RSA));
    assert_eq!(open.challenge(id).unwrap(), []);
    assert_eq!(password(&open, id).unwrap(), "secret");
}

#[test]
fn an_encrypted_pem_needs_its_own_passphrase() {
    let world = World::new();
    let anna = world.client("anna");
    let key = public_only(&anna);
    let id = locked_entry(&anna, &[key]);
    let answer = |passphrase: Option<&str>| UnlockAnswer::PrivateKey {
        key,
        pem: RSA_ENCRYPTED.into(),
        passphrase: passphrase.map(Into::into),
    };
    let failed = |given| match anna.unlock(&answer(given)) {
        Err(VaultError::Crypto(error)) => error,
        other => panic!("{other:?}"),
    };
    assert_eq!(failed(None), CryptoError::PassphraseNeeded);
    assert_eq!(failed(Some("wrong")), CryptoError::PassphraseWrong);
    assert_eq!(password(&unlocked(&anna, &answer(Some(PEM_PASSPHRASE))), id).unwrap(), "secret");
}

#[test]
fn a_passphrase_opens_what_the_vault_holds() {
    let world = World::new();
    let anna = world.client("anna");
    let key = with_passphrase(&anna, "open sesame");
    let view = anna.key(key).unwrap();
    assert!(view.head.possession_proved);
    let id = locked_entry(&anna, &[key]);
    assert_eq!(anna.entry(id).unwrap().head.tier(), Tier::KeyPassphrase);
    assert_eq!(anna.challenge(id).unwrap(), [Challenge::Passphrase { key, fingerprint: view.head.fingerprint }]);
    let wrong = anna.unlock(&passphrase(key, "Open sesame"));
    assert!(matches!(wrong, Err(VaultError::WrongAnswer { what: "passphrase" })));
    assert_eq!(password(&unlocked(&anna, &passphrase(key, "open sesame")), id).unwrap(), "secret");
    // Its holder may also bring the private key itself.
    assert_eq!(password(&unlocked(&anna, &private_key(key, X25519)), id).unwrap(), "secret");
}

#[test]
fn a_stored_key_asks_for_nothing() {
    let world = World::new();
    let anna = world.client("anna");
    let id = locked_entry(&anna, &[stored(&anna)]);
    assert_eq!(anna.entry(id).unwrap().head.tier(), Tier::KeyStored);
    assert_eq!(anna.challenge(id).unwrap(), []);
    assert_eq!(password(&anna, id).unwrap(), "secret");
}

#[test]
fn the_keys_of_an_entry_are_alternatives() {
    let world = World::new();
    let anna = world.client("anna");
    let keys = [public_only(&anna), with_passphrase(&anna, "open sesame")];
    let id = locked_entry(&anna, &keys);
    assert_eq!(anna.entry(id).unwrap().head.tier(), Tier::KeyPassphrase);
    assert_eq!(anna.challenge(id).unwrap().len(), 2);
    for answer in [private_key(keys[0], RSA), passphrase(keys[1], "open sesame")] {
        assert_eq!(password(&unlocked(&anna, &answer), id).unwrap(), "secret");
    }
}

#[test]
fn possession_is_proved_and_the_proof_not_kept() {
    let world = World::new();
    let anna = world.client("anna");
    let proof = |private: &str| KeyMaterial::PublicOnly { public: RSA_PUBLIC.into(), proof: Some(pem(private)) };
    let owner = KeyOwner::Client(client("anna"));
    let refused = anna.register_key(&KeyRegistration {
        name: "key".into(),
        owner,
        material: proof(RSA_OTHER),
        may_attach: vec![],
    });
    assert!(matches!(refused, Err(VaultError::Crypto(CryptoError::KeyMismatch))));
    let key = register(&anna, proof(RSA));
    assert!(anna.key(key).unwrap().head.possession_proved);
    // Nothing follows the head of the record: what the vault does not have it cannot leak.
    let held = register(&anna, KeyMaterial::Stored { private: pem(RSA) });
    let length = |key: KeyId| {
        let records = world.records();
        let record = records.iter().find(|one| one.key.kind == RecordKind::Key && one.key.id == key.into());
        record.unwrap().body.len()
    };
    assert!(length(held) > length(key) + 1_000, "{} against {}", length(held), length(key));
}

#[test]
fn no_private_key_lies_in_the_store_in_the_clear() {
    let world = World::new();
    let anna = world.client("anna");
    register(&anna, KeyMaterial::PublicOnly { public: RSA_PUBLIC.into(), proof: Some(pem(RSA)) });
    with_passphrase(&anna, "open sesame");
    stored(&anna);
    let canaries = [RSA, RSA_OTHER, X25519].map(|pem| pwvault_core::crypto::PrivateKey::from_pem(pem, None).unwrap());
    let records = world.records();
    for private in &canaries {
        let der = private.to_pkcs8_der();
        // The last bytes of each form are part of the private numbers.
        let tail = der.expose().last_chunk::<16>().unwrap();
        let found = records.iter().filter(|record| record.body.windows(16).any(|window| window == tail));
        assert_eq!(found.count(), 0);
    }
    for text in [b"open sesame".as_slice(), b"PRIVATE KEY"] {
        assert!(!records.iter().any(|record| record.body.windows(text.len()).any(|window| window == text)));
    }
}

#[test]
fn a_generated_private_key_is_handed_out_once_or_kept() {
    let world = World::new();
    let anna = world.client("anna");
    let owner = || KeyOwner::Client(client("anna"));
    let made = anna.generate_key(&KeyGeneration::new("mine", owner(), KeyCustody::PublicOnly)).unwrap();
    let view = anna.key(made.id).unwrap();
    assert_eq!((view.head.bits, view.head.configuration), (3072, KeyConfiguration::PublicOnly));
    assert_eq!((view.head.fingerprint, view.public_pem().unwrap()), (made.fingerprint, made.public_pem));
    let id = locked_entry(&anna, &[made.id]);
    let pem = made.private_pem.unwrap();
    let answer = UnlockAnswer::PrivateKey { key: made.id, pem, passphrase: None };
    assert_eq!(password(&unlocked(&anna, &answer), id).unwrap(), "secret");

    let custody = KeyCustody::Passphrase("open sesame".into());
    let kept = anna.generate_key(&KeyGeneration::new("kept", owner(), custody)).unwrap();
    assert!(kept.private_pem.is_none());
    let id = locked_entry(&anna, &[kept.id]);
    assert_eq!(password(&unlocked(&anna, &passphrase(kept.id, "open sesame")), id).unwrap(), "secret");

    let bits = KeyGeneration { bits: 2048, ..KeyGeneration::new("short", owner(), KeyCustody::Stored) };
    assert!(matches!(anna.generate_key(&bits), Err(VaultError::Crypto(CryptoError::RsaGenerate(2048)))));
}

#[test]
fn keys_are_listed_shown_and_changed_by_right() {
    let world = World::new();
    let (anna, bert, root) = (world.client("anna"), world.client("bert"), world.root());
    let own = public_only(&anna);
    let material = KeyMaterial::PublicOnly { public: X25519_PUBLIC.into(), proof: None };
    let vaults = KeyRegistration { name: "desk".into(), owner: KeyOwner::Vault, material, may_attach: vec![] };
    assert!(matches!(anna.register_key(&vaults), Err(VaultError::Denied(_))));
    let desk = root.register_key(&vaults).unwrap();
    let ids = |session: &Session| session.list_keys().unwrap().iter().map(|view| view.id).collect::<Vec<_>>();
    assert_eq!((ids(&anna), ids(&bert), ids(&root)), (vec![own], vec![], vec![desk]));
    assert!(matches!(anna.key(desk), Err(VaultError::NotFound)));

    let to_bert = KeyPatch { may_attach: Some(vec![Grantee::Client(client("bert"))]), ..KeyPatch::default() };
    assert_eq!(root.update_key(desk, 1, &to_bert).unwrap(), 2);
    assert!(matches!(root.update_key(desk, 1, &to_bert), Err(VaultError::VersionConflict { expected: 1, found: 2 })));
    let seen = bert.list_keys().unwrap();
    assert_eq!((seen.len(), seen[0].action, seen[0].head.may_attach.len()), (1, KeyAction::Attach, 0));
    assert!(matches!(bert.update_key(desk, 2, &KeyPatch::default()), Err(VaultError::Denied(_))));
    let id = locked_entry(&bert, &[desk]);
    assert_eq!(password(&unlocked(&bert, &private_key(desk, X25519)), id).unwrap(), "secret");
    // The right to attach is gone when the list is.
    root.update_key(desk, 2, &KeyPatch { may_attach: Some(vec![]), ..KeyPatch::default() }).unwrap();
    let again = bert.create_entry(&EntryDraft { keys: vec![desk], ..draft("other") });
    assert!(matches!(again, Err(VaultError::NotFound)));

    let twice = KeyPatch { may_attach: Some(vec![Grantee::Client(client("bert")); 2]), ..KeyPatch::default() };
    assert!(matches!(root.update_key(desk, 3, &twice), Err(VaultError::Invalid { field: "may_attach", .. })));
    let nameless = KeyPatch { name: Some(String::new()), ..KeyPatch::default() };
    assert!(matches!(root.update_key(desk, 3, &nameless), Err(VaultError::Invalid { field: "name", .. })));
}

#[test]
fn a_ticket_ends_by_idleness_by_age_and_by_locking() {
    let world = World::new();
    let anna = world.client("anna");
    let key = with_passphrase(&anna, "open sesame");
    let id = locked_entry(&anna, &[key]);
    let minute = 60_000;
    let open = unlocked(&anna, &passphrase(key, "open sesame"));
    world.clock.0.advance(14 * minute);
    assert!(password(&open, id).is_ok());
    world.clock.0.advance(14 * minute);
    assert!(password(&open, id).is_ok(), "use keeps it alive");
    world.clock.0.advance(15 * minute);
    assert!(matches!(password(&open, id), Err(VaultError::Locked(_))));

    let open = unlocked(&anna, &passphrase(key, "open sesame"));
    for _ in 0..47 {
        world.clock.0.advance(10 * minute);
        assert!(password(&open, id).is_ok());
    }
    world.clock.0.advance(10 * minute);
    assert!(matches!(password(&open, id), Err(VaultError::Locked(_))), "eight hours are over");

    let ticket = anna.unlock(&passphrase(key, "open sesame")).unwrap();
    let open = anna.clone().with_ticket(ticket.clone());
    assert!(password(&open, id).is_ok());
    anna.lock(&ticket).unwrap();
    anna.lock(&ticket).unwrap();
    assert!(matches!(password(&open, id), Err(VaultError::Locked(_))));
}

#[test]
fn tickets_that_ended_are_cleared_away_and_those_that_hold_are_not() {
    let world = World::new();
    let anna = world.client("anna");
    let public = KeyMaterial::PublicOnly { public: X25519_PUBLIC.into(), proof: None };
    let key = register(&anna, public);
    let id = locked_entry(&anna, &[key]);
    let tickets = || world.records().iter().filter(|record| record.key.kind == RecordKind::Ticket).count();
    let held: Vec<_> = (0..30).map(|_| unlocked(&anna, &private_key(key, X25519))).collect();
    assert_eq!(tickets(), 30);
    assert!(held.iter().all(|open| password(open, id).is_ok()));

    // From now on every one before has ended when the next is issued.
    for _ in 0..100 {
        world.clock.0.advance(9 * 60 * 60 * 1000);
        assert!(password(&unlocked(&anna, &private_key(key, X25519)), id).is_ok());
    }
    assert!(tickets() < 20, "{} of 130 are left", tickets());
}

#[test]
fn a_ticket_is_for_one_principal_and_one_key() {
    let world = World::new();
    let (anna, root) = (world.client("anna"), world.root());
    let keys = [with_passphrase(&anna, "one"), public_only(&anna)];
    let entries = keys.map(|key| locked_entry(&anna, &[key]));
    let ticket = anna.unlock(&passphrase(keys[0], "one")).unwrap();
    let same = UnlockTicket::from_bytes(*ticket.expose());
    assert!(password(&anna.clone().with_ticket(same), entries[0]).is_ok());
    assert!(matches!(password(&anna.clone().with_ticket(ticket.clone()), entries[1]), Err(VaultError::Locked(_))));
    assert!(matches!(password(&root.with_ticket(ticket), entries[0]), Err(VaultError::Locked(_))));
    let unknown = UnlockTicket::from_bytes([0; 32]);
    assert!(matches!(password(&anna.with_ticket(unknown), entries[0]), Err(VaultError::Locked(_))));
}

#[test]
fn a_new_passphrase_ends_the_tickets_of_the_old_one() {
    let world = World::new();
    let anna = world.client("anna");
    let key = with_passphrase(&anna, "old");
    let id = locked_entry(&anna, &[key]);
    let open = unlocked(&anna, &passphrase(key, "old"));
    let wrong = anna.change_key_passphrase(key, &"odl".into(), &"new".into());
    assert!(matches!(wrong, Err(VaultError::WrongAnswer { .. })));
    assert!(matches!(anna.change_key_passphrase(key, &"old".into(), &"".into()), Err(VaultError::Invalid { .. })));
    assert!(password(&open, id).is_ok());
    anna.change_key_passphrase(key, &"old".into(), &"new".into()).unwrap();
    assert!(matches!(password(&open, id), Err(VaultError::Locked(_))));
    assert!(matches!(anna.unlock(&passphrase(key, "old")), Err(VaultError::WrongAnswer { .. })));
    assert_eq!(password(&unlocked(&anna, &passphrase(key, "new")), id).unwrap(), "secret");
    let bare = public_only(&anna);
    assert!(matches!(anna.change_key_passphrase(bare, &"old".into(), &"new".into()), Err(VaultError::State(_))));
}

#[test]
fn an_unlock_stretches_anew_when_the_setting_rose() {
    let world = World::new();
    let (anna, root) = (world.client("anna"), world.root());
    let key = with_passphrase(&anna, "open sesame");
    let id = locked_entry(&anna, &[key]);
    unlocked(&anna, &passphrase(key, "open sesame"));
    assert_eq!(anna.key(key).unwrap().version, 1, "nothing rose");
    let (settings, revision) = root.settings().unwrap();
    let kdf = KdfParams { passes: KdfParams::FLOOR.passes + 1, ..KdfParams::FLOOR };
    root.update_settings(&Settings { kdf, ..settings }, revision).unwrap();
    let open = unlocked(&anna, &passphrase(key, "open sesame"));
    assert_eq!(anna.key(key).unwrap().version, 2);
    assert_eq!(password(&open, id).unwrap(), "secret");
    unlocked(&anna, &passphrase(key, "open sesame"));
    assert_eq!(anna.key(key).unwrap().version, 2, "once is enough");
}

#[test]
fn attaching_locks_the_history_too() {
    let world = World::new();
    let anna = world.client("anna");
    let id = entry_with_history(&anna);
    let key = with_passphrase(&anna, "open sesame");
    assert_eq!(anna.attach_keys(id, 2, &[key]).unwrap(), 3);
    assert_eq!(recipients(&anna, id), vec![vec![Recipient::Key(key)]; 2]);
    assert!(matches!(password(&anna, id), Err(VaultError::Locked(_))));
    assert!(matches!(past_passwords(&anna, id), Err(VaultError::Locked(_))));
    assert_eq!(anna.entry(id).unwrap().head.secret.revision, 2, "the secret itself did not change");
    let open = unlocked(&anna, &passphrase(key, "open sesame"));
    assert_eq!(password(&open, id).unwrap(), "second");
    assert_eq!(past_passwords(&open, id).unwrap(), ["first"]);
    // What is written from now on is locked to it as well, without an unlock.
    world.clock.0.advance(1);
    set_password(&anna, id, "third");
    assert!(matches!(password(&anna, id), Err(VaultError::Locked(_))));
    assert_eq!(past_passwords(&open, id).unwrap(), ["second", "first"]);
}

#[test]
fn adding_a_key_to_a_locked_entry_needs_an_unlock() {
    let world = World::new();
    let anna = world.client("anna");
    let id = entry_with_history(&anna);
    let (first, second) = (with_passphrase(&anna, "open sesame"), public_only(&anna));
    anna.attach_keys(id, 2, &[first]).unwrap();
    assert!(matches!(anna.attach_keys(id, 3, &[second]), Err(VaultError::Locked(_))));
    let open = unlocked(&anna, &passphrase(first, "open sesame"));
    assert!(matches!(open.attach_keys(id, 2, &[second]), Err(VaultError::VersionConflict { .. })));
    assert!(matches!(open.attach_keys(id, 3, &[]), Err(VaultError::Invalid { .. })));
    assert!(matches!(open.attach_keys(id, 3, &[first]), Err(VaultError::Invalid { .. })));
    assert!(matches!(open.attach_keys(id, 3, &[second, second]), Err(VaultError::Invalid { .. })));
    open.attach_keys(id, 3, &[second]).unwrap();
    assert_eq!(recipients(&anna, id), vec![vec![Recipient::Key(first), Recipient::Key(second)]; 2]);
    let other = unlocked(&anna, &private_key(second, RSA));
    for session in [&open, &other] {
        assert_eq!(password(session, id).unwrap(), "second");
        assert_eq!(past_passwords(session, id).unwrap(), ["first"]);
    }
    let filter = EntryFilter { key: Some(second), ..EntryFilter::default() };
    assert_eq!(anna.list_entries(&EntryQuery { filter, ..EntryQuery::default() }).unwrap().entries.len(), 1);
}

#[test]
fn detaching_takes_the_wraps_of_every_revision() {
    let world = World::new();
    let anna = world.client("anna");
    let id = entry_with_history(&anna);
    let (first, second) = (with_passphrase(&anna, "open sesame"), public_only(&anna));
    anna.attach_keys(id, 2, &[first, second]).unwrap();
    let (one, other) = (unlocked(&anna, &passphrase(first, "open sesame")), unlocked(&anna, &private_key(second, RSA)));
    assert!(!anna.entry(id).unwrap().head.secret.needs_rotation);
    // Taking one away needs no unlock.
    assert_eq!(anna.detach_key(id, 3, second).unwrap(), 4);
    assert!(anna.entry(id).unwrap().head.secret.needs_rotation);
    assert_eq!(recipients(&anna, id), vec![vec![Recipient::Key(first)]; 2]);
    assert!(matches!(password(&other, id), Err(VaultError::Locked(_))));
    assert!(matches!(past_passwords(&other, id), Err(VaultError::Locked(_))));
    assert_eq!(past_passwords(&one, id).unwrap(), ["first"]);
    assert!(matches!(anna.detach_key(id, 4, second), Err(VaultError::Invalid { .. })));
    // Taking the last away does: the vault alone holds it then.
    assert!(matches!(anna.detach_key(id, 4, first), Err(VaultError::Locked(_))));
    one.detach_key(id, 4, first).unwrap();
    assert_eq!(recipients(&anna, id), vec![vec![]; 2]);
    assert_eq!(password(&anna, id).unwrap(), "second");
    assert_eq!(past_passwords(&anna, id).unwrap(), ["first"]);
    set_password(&anna, id, "third");
    assert!(!anna.entry(id).unwrap().head.secret.needs_rotation);
}

#[test]
fn renaming_and_sharing_need_no_unlock_and_keep_the_locks() {
    let world = World::new();
    let (anna, bert) = (world.client("anna"), world.client("bert"));
    let key = with_passphrase(&anna, "open sesame");
    let id = locked_entry(&anna, &[key]);
    let grantee = Grantee::Client(client("bert"));
    anna.share(id, &[GrantChange::put(grantee, Actions::VIEW_AND_REVEAL)]).unwrap();
    assert!(matches!(bert.reveal(id), Err(VaultError::Locked(_))));
    // A sharee who was told the passphrase unlocks for itself, though it may not attach the key.
    assert_eq!(password(&unlocked(&bert, &passphrase(key, "open sesame")), id).unwrap(), "secret");
    assert!(matches!(bert.key(key), Err(VaultError::NotFound)));
}

#[test]
fn everything_needed_is_named_at_once() {
    let world = World::new();
    let anna = world.client("anna");
    let (one, other, free) = (with_passphrase(&anna, "one"), public_only(&anna), stored(&anna));
    let entries = [
        locked_entry(&anna, &[one]),
        locked_entry(&anna, &[one, other]),
        locked_entry(&anna, &[one]),
        locked_entry(&anna, &[free]),
        anna.create_entry(&draft("plain")).unwrap(),
    ];
    let needs = anna.needed_for(&entries).unwrap();
    assert_eq!(needs.iter().map(|need| need.any_of.len()).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(needs[0].entries, [entries[0], entries[2]]);
    assert_eq!(needs[1].entries, [entries[1]]);
    let open = unlocked(&anna, &passphrase(one, "one"));
    assert_eq!(open.needed_for(&entries).unwrap(), []);
    assert!(matches!(world.client("bert").needed_for(&entries), Err(VaultError::NotFound)));
}

#[test]
fn the_owner_may_insist_on_a_lock() {
    let world = World::new();
    let anna = world.client("anna");
    let (key, other) = (public_only(&anna), with_passphrase(&anna, "other"));
    let fingerprint = anna.key(key).unwrap().head.fingerprint;
    let wary = world.session(anna.principal().clone().expecting_lock(fingerprint));
    assert!(matches!(wary.create_entry(&draft("plain")), Err(VaultError::UnexpectedLock)));
    let id = locked_entry(&wary, &[key]);
    let open = unlocked(&wary, &private_key(key, RSA));
    assert!(matches!(open.attach_keys(id, 1, &[other]), Err(VaultError::UnexpectedLock)));
    assert!(matches!(open.detach_key(id, 1, key), Err(VaultError::UnexpectedLock)));
    let plain = anna.create_entry(&draft("plain")).unwrap();
    assert!(matches!(wary.attach_keys(plain, 1, &[other]), Err(VaultError::UnexpectedLock)));
    wary.attach_keys(plain, 1, &[key]).unwrap();
}

#[test]
fn deleting_a_key_in_use_names_the_loss() {
    let world = World::new();
    let anna = world.client("anna");
    let (key, other) = (with_passphrase(&anna, "open sesame"), public_only(&anna));
    let entries = [locked_entry(&anna, &[key]), locked_entry(&anna, &[key, other])];
    anna.trash_entries(&entries[1..]).unwrap();
    set_password(&anna, entries[0], "second");
    let usage = anna.key_usage(key).unwrap();
    assert_eq!((usage.entries, usage.sole, usage.past_secrets), (2, 1, 1));
    assert!(entries.iter().all(|id| usage.visible.contains(id)) && usage.visible.len() == 2);
    let loss = match anna.delete_key(key, DeleteKey::RefuseInUse) {
        Err(VaultError::InUse { loss, .. }) => loss,
        other => panic!("{other:?}"),
    };
    assert!(loss.contains("2 entries with 1 past secrets") && loss.contains("1 of them"), "{loss}");

    anna.restore_entries(&entries[1..]).unwrap();
    let open = unlocked(&anna, &passphrase(key, "open sesame"));
    anna.delete_key(key, DeleteKey::LoseSecrets).unwrap();
    assert!(matches!(anna.key(key), Err(VaultError::NotFound)));
    // Neither its tickets nor its passphrase open anything now; the other key of the entry does.
    assert!(matches!(password(&open, entries[0]), Err(VaultError::State(_))));
    assert!(matches!(anna.unlock(&passphrase(key, "open sesame")), Err(VaultError::NotFound)));
    assert!(matches!(anna.challenge(entries[0]), Err(VaultError::State(_))));
    assert_eq!(anna.challenge(entries[1]).unwrap().len(), 1);
    assert_eq!(password(&unlocked(&anna, &private_key(other, RSA)), entries[1]).unwrap(), "secret");
    anna.detach_key(entries[1], version(&anna, entries[1]), key).unwrap();
    assert_eq!(recipients(&anna, entries[1]), [vec![Recipient::Key(other)]]);
    // An entry without any key left can only be given up.
    assert!(matches!(anna.detach_key(entries[0], 2, key), Err(VaultError::State(_))));
    anna.trash_entries(&entries[..1]).unwrap();
    anna.purge_entries(&entries[..1]).unwrap();

    let unused = public_only(&anna);
    assert_eq!(anna.delete_key(unused, DeleteKey::RefuseInUse).unwrap().entries, 0);
}

#[test]
fn a_key_record_under_another_id_seals_and_opens_nothing() {
    let store = Arc::new(MemoryStore::new());
    let world = World::with_store(store);
    let anna = world.client("anna");
    let (key, other) = (with_passphrase(&anna, "one"), with_passphrase(&anna, "two"));
    let records = world.records();
    let of = |key: KeyId| records.iter().find(|one| one.key.id == key.into()).unwrap().clone();
    let mut forged = of(key);
    forged.body = of(other).body;
    forged.labels = of(other).labels;
    forged.revision = 2;
    let mut changes = pwvault_core::store::ChangeSet::new();
    changes.write(forged);
    world.store.commit(&changes).unwrap();
    let refused = anna.create_entry(&EntryDraft { keys: vec![key], ..draft("secret") });
    assert!(matches!(refused, Err(VaultError::Tampered { .. })));
    assert!(matches!(anna.unlock(&passphrase(key, "two")), Err(VaultError::Tampered { .. })));
}

#[test]
fn failed_unlocks_are_logged() {
    let world = World::new();
    let anna = world.client("anna");
    let key = with_passphrase(&anna, "open sesame");
    let events = || world.vault.head().unwrap().shards.iter().map(|shard| shard.size).sum::<u64>();
    let before = events();
    assert!(anna.unlock(&passphrase(key, "wrong")).is_err());
    assert_eq!(events(), before + 1);
    let encrypted = PrivateKeyPem { pem: RSA_ENCRYPTED.into(), passphrase: Some(PEM_PASSPHRASE.into()) };
    register(&anna, KeyMaterial::Passphrase { private: encrypted, passphrase: "kept".into() });
    assert_eq!(events(), before + 2);
}
