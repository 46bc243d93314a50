//! Unlocking: what an attempt tells whom, and what the log tells of it.

use pwvault_core::csv::{ExportMode, dialect};
use pwvault_core::model::{Actions, Event, EventKind, Fingerprint, Grantee, KeyOwner, Outcome};
use pwvault_core::policy::GrantChange;
use pwvault_core::vault::prelude::*;
use pwvault_core::vault::{
    EntryFilter, KeyCustody, KeyGeneration, LogFilter, Recovery, Selection, SetMaster, UnlockAnswer,
};
use pwvault_core::{ClientId, EntryDraft, EntryId, KeyId, RoleId, Session, Vault, VaultError};

use crate::{admin, client, named, vault_over};

fn key_of(session: &Session, name: &str) -> (KeyId, Fingerprint) {
    let owner = KeyOwner::Client(ClientId::new(name).unwrap());
    let generation = KeyGeneration::new("key", owner, KeyCustody::Passphrase("seven herons".into()));
    let key = session.generate_key(&generation).unwrap().id;
    (key, session.key(key).unwrap().head.fingerprint)
}

fn locked_to(session: &Session, keys: &[KeyId]) -> EntryId {
    session.create_entry(&EntryDraft { keys: keys.to_vec(), ..named("locked") }).unwrap()
}

fn passphrase(key: KeyId, passphrase: &str) -> UnlockAnswer {
    UnlockAnswer::Passphrase { key, passphrase: passphrase.into() }
}

/// The newest attempt to unlock.
fn last_event(vault: &Vault) -> Event {
    let filter = LogFilter { limit: 20, ..LogFilter::default() };
    let events = admin(vault, "root", &["full"]).read_log(&filter).unwrap().events;
    events.into_iter().filter_map(|logged| logged.event).find(|event| event.kind == EventKind::Unlocked).unwrap()
}

fn cheap() -> Vault {
    let settings = pwvault_core::model::Settings { kdf: pwvault_core::model::KdfParams::FLOOR, ..Default::default() };
    vault_over(std::sync::Arc::new(pwvault_core::store::MemoryStore::new()), settings)
}

#[test]
fn a_stranger_learns_of_no_key_by_trying_to_unlock_it() {
    let vault = cheap();
    let (anna, bert) = (client(&vault, "anna"), client(&vault, "bert"));
    let (key, _) = key_of(&anna, "anna");
    let id = locked_to(&anna, &[key]);
    let absent = KeyId::from_bytes([9; 16]);
    let pem = |key| UnlockAnswer::PrivateKey { key, pem: "no key at all".into(), passphrase: None };
    for answer in [passphrase(key, "seven herons"), passphrase(absent, "x"), pem(key), pem(absent)] {
        assert!(matches!(bert.unlock(&answer), Err(VaultError::NotFound)), "{answer:?}");
        let event = last_event(&vault);
        assert_eq!((event.kind, event.outcome, event.sealed_to.len()), (EventKind::Unlocked, Outcome::Denied, 0));
    }

    // To whom an entry is shared that is locked to the key, the key is known.
    let to_bert = GrantChange::put(Grantee::Client(ClientId::new("bert").unwrap()), Actions::VIEW_AND_REVEAL);
    anna.share(id, &[to_bert]).unwrap();
    assert!(matches!(bert.unlock(&passphrase(key, "six herons")), Err(VaultError::WrongAnswer { .. })));
    let ticket = bert.unlock(&passphrase(key, "seven herons")).unwrap();
    bert.with_ticket(ticket).reveal(id).unwrap();
}

#[test]
fn the_log_says_which_key_was_tried() {
    let vault = cheap();
    let anna = client(&vault, "anna");
    let (key, fingerprint) = key_of(&anna, "anna");
    assert!(anna.unlock(&passphrase(key, "six herons")).is_err());
    let event = last_event(&vault);
    assert_eq!((event.kind, event.outcome, event.sealed_to), (EventKind::Unlocked, Outcome::Failed, vec![fingerprint]));
    anna.unlock(&passphrase(key, "seven herons")).unwrap();
    let event = last_event(&vault);
    assert_eq!((event.kind, event.outcome, event.sealed_to), (EventKind::Unlocked, Outcome::Done, vec![fingerprint]));

    let password = "a long master password";
    anna.set_master_password(&SetMaster {
        password: password.into(),
        confirmation: password.into(),
        recovery: Recovery::None,
    })
    .unwrap();
    let owner = pwvault_core::model::Owner::Client(ClientId::new("anna").unwrap());
    let answer = |password: &str| UnlockAnswer::MasterPassword { owner: owner.clone(), password: password.into() };
    assert!(anna.unlock(&answer("another password")).is_err());
    let failed = last_event(&vault);
    anna.unlock(&answer(password)).unwrap();
    let done = last_event(&vault);
    assert_eq!((failed.outcome, failed.sealed_to.len()), (Outcome::Failed, 1));
    assert_eq!(failed.sealed_to, done.sealed_to);
}

#[test]
fn an_export_names_every_need_with_the_entries_it_opens() {
    let vault = cheap();
    let anna = client(&vault, "anna");
    let (one, other) = (key_of(&anna, "anna").0, key_of(&anna, "anna").0);
    let entries = [locked_to(&anna, &[one]), locked_to(&anna, &[one, other]), locked_to(&anna, &[one])];
    let all = Selection::Filter(EntryFilter::default());
    let export = |session: &Session| {
        let mut out = Vec::new();
        session
            .export(&mut out, &all, dialect("pwvault").unwrap(), ExportMode::Exact)
            .map(|written| (written.rows, out))
    };
    let Err(VaultError::LockedAll(mut needs)) = export(&anna) else { panic!("exported locked entries") };
    needs.sort_by_key(|need| need.any_of.len());
    assert_eq!(needs.iter().map(|need| (need.any_of.len(), need.entries.len())).collect::<Vec<_>>(), [(1, 2), (2, 1)]);
    assert_eq!(needs[1].entries, [entries[1]]);
    // One answer to each need; here one key answers both.
    let open = anna.clone().with_ticket(anna.unlock(&passphrase(one, "seven herons")).unwrap());
    assert_eq!(export(&open).unwrap().0, 3);
}

#[test]
fn who_may_not_share_is_not_told_to_whom_an_entry_is_shared() {
    let vault = cheap();
    let anna = client(&vault, "anna");
    let id = anna.create_entry(&named("shared")).unwrap();
    let role = |name: &str| Grantee::Role(RoleId::new(name).unwrap());
    let view = Actions::NONE.with(pwvault_core::model::Action::View);
    anna.share(id, &[GrantChange::put(role("viewers"), view), GrantChange::put(role("secretkeepers"), Actions::ALL)])
        .unwrap();
    let sam = admin(&vault, "sam", &["viewers"]);
    let Err(refused @ VaultError::Denied(_)) = sam.reveal(id) else { panic!() };
    let text = refused.to_string();
    assert!(text.contains("nothing gives you reveal"), "{text}");
    assert!(!text.contains("secretkeepers"), "{text}");
}
